package allonge

import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.Path
import kotlin.io.path.deleteRecursively
import kotlin.io.path.div
import kotlin.io.path.readText
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.assertThrows

/** A ledger on a network of validators, which run as a process of their own. */
@Timeout(240)
class ConnectTest {
    private val key = "00112233445566778899aabbccddeeff"

    private class Network(val urls: List<String>, val trust: Trust, val operator: Path, val log: Path)

    /** Four validators on this machine, as `allonge dev` says where they are. */
    @OptIn(ExperimentalPathApi::class)
    private fun network(act: suspend Network.(Path) -> Unit) {
        val directory = Files.createTempDirectory("allonge")
        val command = listOf(Repository.command.toString(), "dev", (directory / "network").toString(), "--json")
        val process = ProcessBuilder(command).redirectError((directory / "log").toFile()).start()
        try {
            val said = StringBuilder()
            process.inputStream.bufferedReader().run {
                while (!said.endsWith("}")) said.append(checkNotNull(readLine()) { (directory / "log").readText() })
            }
            val answer = Json.parseToJsonElement(said.toString()).jsonObject.mapValues { it.value.jsonPrimitive.content }
            val (urls, genesis) = answer.getValue("urls") to answer.getValue("genesis")
            val operator = Path(answer.getValue("operator"))
            val network = Network(urls.split(" "), Trust.load(Path(genesis)), operator, directory / "log")
            runBlocking { network.act(directory) }
        } finally {
            process.destroy()
            process.waitFor()
            directory.deleteRecursively()
        }
    }

    @Test
    fun `money is paid on a network, and the receipt proves it`() = network { directory ->
        Ledger.connect(urls, trust, operator).use { ledger ->
            assertNull(ledger.network)
            val issuing = ledger.admit("SYNBCNBJXXX", "Synthetic Bank of China")
            val advising = ledger.admit("SYNADEFFXXX", "Synthetische Bank AG")
            Story(directory, ledger, issuing, advising).fund()
            val transfer = Transfer(ISSUING_ACCOUNT, PRESENTING_ACCOUNT, usd("500000.00"), reference = "over a network")
            val paid = issuing.submit(transfer).committed()
            val proven = paid.receipt.verify(trust)
            assertEquals(listOf(paid.transaction, paid.height), listOf(proven.transaction, proven.height))
            assertEquals(usd("1500000.00"), ledger.balance(ISSUING_ACCOUNT).balance)

            val validators = ledger.validators()
            assertEquals(0L, validators.epoch)
            assertEquals(trust.genesis().roster.toSet(), validators.roster.toSet())
            assertNull(validators.next)

            val trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            val submission = issuing.start(listOf(OpenAccount("SYNBCNBJXXX/USD/desk")), key, traceparent = trace)
            submission.admitted()
            assertEquals(submission.ordered().height, submission.outcome().committed().height)
        }
        // The validators' log follows the submission into its block.
        val until = TimeSource.Monotonic.markNow() + 20.seconds
        val told = { log.readText().lines().any { "\"executed\"" in it && "b7ad6b7169203331" in it } }
        while (!told()) {
            check(until.hasNotPassedNow()) { log.readText() }
            delay(50.milliseconds)
        }
        // The same call, in another process's place, is answered with the first outcome.
        Ledger.connect(urls, trust, operator).use { again ->
            val first = again.outcome("SYNBCNBJXXX", key)!!.committed()
            val bank = again.session("SYNBCNBJXXX")
            val repeated = bank.submit(listOf(OpenAccount("SYNBCNBJXXX/USD/desk")), key).committed()
            assertEquals(first.transaction, repeated.transaction)
            assertTrue(again.pending().isEmpty())
        }
        // A copy that follows only the history with a block that was kept.
        val kept = Ledger.connect(urls, trust, operator).use { it.checkpoint() }
        Ledger.connect(urls, trust, directory / "kept", ConnectOptions(checkpoint = kept)).use { newcomer ->
            assertTrue(newcomer.status().height >= kept.height)
        }
        val another = ConnectOptions(checkpoint = kept.copy(header = kept.network))
        val forked = assertThrows<HistoryException> {
            runBlocking { Ledger.connect(urls, trust, directory / "another", another) }
        }
        assertEquals("history.forked", forked.code)
        val nobody = assertThrows<NetworkException> {
            runBlocking { Ledger.connect(listOf("http://127.0.0.1:1"), trust, directory / "state") }
        }
        assertEquals("network.unreachable", nobody.code)
    }

    @Test
    fun `validators of other machines are known by their certificates alone`() = network { directory ->
        val refused = { url: String, options: ConnectOptions ->
            assertThrows<NetworkException> {
                runBlocking { Ledger.connect(listOf(url), trust, directory / "state", options) }
            }.code
        }
        val roots = Repository.tls("banks-root.pem")
        assertEquals("network.insecure", refused("http://192.0.2.1", ConnectOptions(roots)))
        assertEquals("network.insecure", refused("https://192.0.2.1", ConnectOptions()))
        assertEquals("network.insecure", refused("https://192.0.2.1", ConnectOptions(roots, Repository.tls("bank.pem"))))
        // They answer without TLS here.
        assertEquals("network.unreachable", refused("https" + urls[0].drop(4), ConnectOptions(roots)))
    }
}
