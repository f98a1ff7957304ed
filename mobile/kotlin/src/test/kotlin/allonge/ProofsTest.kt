package allonge

import java.time.Duration
import java.time.Instant
import kotlin.io.path.div
import kotlin.time.Duration.Companion.hours
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.decodeFromJsonElement
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Several keys of one party, and proofs of history, of idempotency keys and of accounts at recent heights. */
class ProofsTest {
    private val bank = "SYNBCNBJXXX"
    private val key = "7".repeat(32)

    private fun signer(seed: Int) = Signer.fromSeed(ByteArray(32) { seed.toByte() })

    private fun desk(number: Int) = OpenAccount("$bank/USD/desk-$number")

    private fun code(call: suspend () -> Unit): String =
        assertThrows(AllongeException::class.java) { runBlocking { call() } }.code

    /** A bank with three more keys, of which any two must sign whatever it does. */
    private fun twoOfThree(tell: suspend Story.() -> Unit) = story {
        val keys = (1..3).map { AddKey(bank, signer(it).publicKey) }
        val rule = PolicyRule(requires = listOf(Requirement(signatures = 2)))
        issuing.submit(keys + SetPolicy(listOf(rule))).committed()
        tell()
    }

    @Test
    fun `any two keys of three act together, and one key counts once`() = twoOfThree {
        val together = ledger.session(bank, signer(3), signer(1))
        assertEquals(signer(3).publicKey, together.publicKey)
        assertEquals(listOf(signer(3).publicKey, signer(1).publicKey), together.publicKeys)
        val receipt = together.submit(desk(1)).committed().receipt
        assertEquals(together.publicKeys.sorted(), receipt.verify(ledger.trust).keys)

        val twice = ledger.session(bank, signer(1), signer(1))
        assertEquals(listOf(signer(1).publicKey), twice.publicKeys)
        assertEquals("policy.unsatisfied", code { twice.submit(desk(2)) })
        val many = (0..16).map(::signer).toTypedArray()
        assertEquals("input.invalid", code { ledger.session(bank, *many) })
    }

    @Test
    fun `what one hand prepared another cosigns after the ledger was opened again`() = twoOfThree {
        val prepared = ledger.session(bank, signer(1)).prepare(desk(1))
        assertEquals("policy.unsatisfied", code { ledger.submit(prepared) })
        assertEquals("transaction.wrong_author", code { ledger.operator().cosign(prepared) })
        ledger.close()
        Ledger.open(directory / "ledger").use { again ->
            val session = again.session(bank, signer(2))
            val cosigned = session.cosign(prepared)
            assertArrayEquals(cosigned, session.cosign(cosigned))
            assertEquals("transaction.malformed", code { session.cosign(prepared.drop(1).toByteArray()) })
            val keys = again.submit(cosigned).committed().receipt.verify(again.trust).keys
            assertEquals(listOf(1, 2).map { signer(it).publicKey }.sorted(), keys)
        }
    }

    @Test
    fun `whoever kept a checkpoint is told that history goes on from there`() = twoOfThree {
        val kept = ledger.checkpoint()
        assertEquals("block.unknown", code { ledger.proveHistory(kept.height) })
        at("2026-03-03T01:00:00Z")
        val file = ledger.proveHistory(kept.height)
        assertEquals(ProvenHistory(kept, ledger.checkpoint()), verifyHistory(file, ledger.trust, kept))
        assertThrows(HistoryException::class.java) {
            verifyHistory(file, ledger.trust, kept.copy(header = "00".repeat(32)))
        }
        assertEquals(2, verifyHistory(ledger.proveHistory(1, 2), ledger.trust).newer.height)
    }

    @Test
    fun `a transaction that was never taken never will be`() = story {
        val until = ledger.status().time + Duration.ofHours(1)
        suspend fun prove(until: Instant) =
            verifyAnswer(ledger.proveAnswer(bank, key, until), ledger.trust, bank, key, until)
        val prepared = issuing.prepare(listOf(desk(1)), key, validFor = 1.hours)
        assertEquals(null to false, prove(until).transaction to prove(until).settled)
        at(until.plusMillis(1).toString())
        assertTrue(prove(until).settled)
        val expired = ledger.submit(prepared) as Outcome.Expired
        assertTrue(verifyAnswer(expired.proof, ledger.trust, bank, key, expired.validUntil).settled)
        assertEquals("transaction.expired", code { expired.committed() })

        val later = ledger.status().time + Duration.ofHours(1)
        val used = issuing.submit(listOf(desk(1)), key, validFor = 1.hours).committed()
        assertEquals(used.transaction, prove(later).transaction)
        val file = ledger.proveAnswer(bank, key, later)
        assertEquals("receipt.invalid", code { verifyAnswer(file, ledger.trust, "operator", key, later) })
    }

    @Test
    fun `frozen files prove what they say, and bad ones say why not`() {
        val vectors = Repository.vectors("proofs.json")
        val trust = Trust.fromJson(vectors.getValue("genesis").toString())
        assertEquals(vectors.text("network"), trust.network)
        check<ProvenAccount>(vectors, "accounts") { file, asked -> verifyAccount(file, trust, asked.text("account")) }
        check<ProvenAnswer>(vectors, "answers") { file, asked ->
            val until = Instant.parse(asked.text("valid_until"))
            verifyAnswer(file, trust, asked.text("party"), asked.text("key"), until)
        }
        check<ProvenHistory>(vectors, "histories") { file, asked ->
            val kept = asked.jsonObject.getValue("checkpoint").takeUnless { it is JsonNull }
            verifyHistory(file, trust, kept?.let { json.decodeFromJsonElement<Checkpoint>(it) })
        }
    }

    /** Every case of a section of the vectors. */
    private inline fun <reified T> check(vectors: JsonElement, section: String, verify: (ByteArray, JsonElement) -> T) {
        val cases = vectors.jsonObject.getValue(section)
        assertTrue(cases.list("good").size >= 3 && cases.list("bad").size > 10)
        for (case in cases.list("good")) {
            val proves = json.decodeFromJsonElement<T>(case.jsonObject.getValue("proves"))
            assertEquals(proves, verify(bytes(case.text("file")), case), case.text("name"))
        }
        for (case in cases.list("bad")) {
            val refused = runCatching { verify(bytes(case.text("file")), case) }.exceptionOrNull()
            assertEquals(case.text("code"), (refused as? AllongeException)?.code, case.text("name"))
        }
    }
}
