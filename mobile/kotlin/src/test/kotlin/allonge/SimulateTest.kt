package allonge

import java.time.Instant
import kotlin.io.path.div
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** A network of banks in the process: what it survives, and that a seed replays it. */
class SimulateTest {
    private val banks = listOf("SYNBCNBJXXX", "SYNADEFFXXX")
    private val key = "00112233445566778899aabbccddeeff"

    private fun simulated(options: SimulateOptions = SimulateOptions(banks), act: suspend Ledger.() -> Unit) =
        runBlocking { Ledger.simulate(options).use { it.act() } }

    @Test
    fun `a ledger in a directory is on no network`() = story { assertNull(ledger.network) }

    @Test
    fun `the options are those of the ledger`() = simulated {
        val calendar = calendar("CN")!!
        val start = Instant.parse("2026-03-02T01:00:00Z")
        val options = SimulateOptions(
            banks, validators = 1, seed = 7, name = "of one", start, operator = "SYNTGB2LXXX",
            currencies = listOf("USD"), calendars = listOf(calendar),
        )
        Ledger.simulate(options).use { ledger ->
            val status = ledger.status()
            assertEquals(listOf("of one", start, 0L, Clock.MANUAL), status.run { listOf(name, time, height, clock) })
            assertEquals(1, ledger.network!!.validators)
            assertEquals(banks.toSet() + "SYNTGB2LXXX", ledger.parties().items.map { it.id }.toSet())
            assertEquals(calendar, ledger.calendar("CN"))
            assertNull(ledger.calendar("DE"))
        }
    }

    @Test
    fun `what was committed survives a crash and is at every validator`() = simulated {
        val network = network!!
        network.crash(3)
        assertThrows<ValidatorException> { runBlocking { network.at(3).status() } }
        val outcome = session(banks[0]).submit(OpenAccount(ISSUING_ACCOUNT)).committed()
        network.restart(3)
        network.runFor(5.seconds)
        for (validator in 0 until network.validators) {
            val copy = network.at(validator)
            assertEquals(account(ISSUING_ACCOUNT), copy.account(ISSUING_ACCOUNT))
            assertEquals(outcome.transaction, copy.receipt(outcome.transaction).verify(trust).transaction)
        }
    }

    @Test
    fun `a partition settles nothing, and the same key is answered once it is healed`() = simulated {
        val (network, session) = network!! to session(banks[0])
        network.partition(listOf(0, 1), listOf(2, 3))
        val unknown = session.submit(listOf(OpenAccount(ISSUING_ACCOUNT)), key) as Outcome.Unknown
        assertThrows<DeadlineException> { unknown.committed() }
        for (validator in 0..3) assertNull(network.at(validator).account(ISSUING_ACCOUNT))
        network.link()
        val outcome = unknown.resolve().committed()
        assertEquals(outcome.receipt, session.submit(listOf(OpenAccount(ISSUING_ACCOUNT)), key).receipt)
        val submission = session.start(listOf(OpenAccount(ISSUING_ACCOUNT)), key)
        submission.admitted()
        assertEquals(outcome.height, submission.ordered().height)
        assertEquals(outcome, submission.outcome())
        assertEquals(outcome, outcome(banks[0], key))
        assertEquals(emptyList<Outcome>(), pending())
        assertNotNull(account(ISSUING_ACCOUNT))
    }

    @Test
    fun `what is read at a liar is no value but the lie`() = simulated {
        val network = network!!
        for (lie in listOf(Lie.WRONG_BYTES, Lie.WRONG_PROOF)) {
            network.lie(3, lie)
            val calls = listOf<suspend () -> Unit>(
                { network.at(3).account(ISSUING_ACCOUNT) },
                { network.at(3).session(banks[0]).submit(listOf(OpenAccount(ISSUING_ACCOUNT)), key) },
            )
            for (call in calls) {
                assertEquals("validator.lied", assertThrows<ValidatorException> { runBlocking { call() } }.code)
            }
        }
        session(banks[0]).submit(listOf(OpenAccount(ISSUING_ACCOUNT)), key).committed()
        network.lie(3, Lie.EQUIVOCATION)
        network.lie(3, Lie.NONE)
        network.runFor(5.seconds)
        assertEquals(account(ISSUING_ACCOUNT), network.at(3).account(ISSUING_ACCOUNT))
    }

    @Test
    fun `the same calls on the same seed give the same fingerprint`() {
        val first = fingerprint(7, key)
        assertEquals(first, fingerprint(7, key))
        assertNotEquals(first, fingerprint(8, key))
        assertNotEquals(first, fingerprint(7, key.reversed()))
    }

    /** A story with chance in it. */
    private fun fingerprint(seed: Long, key: String): String = runBlocking {
        Ledger.simulate(SimulateOptions(banks, seed = seed)).use { ledger ->
            val network = ledger.network!!
            network.link(LinkOptions(latency = 20.milliseconds, jitter = 10.milliseconds, lostPerMille = 50))
            network.skew(1, (-300).milliseconds)
            ledger.session(banks[0]).submit(listOf(OpenAccount(ISSUING_ACCOUNT)), key).committed()
            network.crash(2)
            ledger.advanceTo(Instant.parse("2026-04-24T06:00:00Z"))
            network.restart(2)
            network.runFor(3.seconds)
            network.fingerprint()
        }
    }

    @Test
    fun `what is no network is refused`() = simulated {
        val network = network!!
        val wrong = listOf<suspend () -> Unit>(
            { Ledger.simulate(SimulateOptions(validators = 0)) },
            { Ledger.simulate(SimulateOptions(validators = 21)) },
            { network.at(4) },
            { network.crash(4) },
            { network.restart(0) },
            { network.partition(listOf(0), listOf(0)) },
            { network.link(LinkOptions(lostPerMille = 1_001)) },
            { network.link(LinkOptions(lostPerMille = 65_536)) },
        )
        for (call in wrong) assertThrows<SimulationException> { runBlocking { call() } }
        assertThrows<IllegalArgumentException> { runBlocking { network.crash(-1) } }
    }

    @Test
    fun `what a simulated ledger cannot do says so`() = simulatedStory {
        issuing.submit(listOf(OpenAccount(ISSUING_ACCOUNT)), key).committed()
        assertThrows<UnsupportedHereException> { runBlocking { ledger.backup(directory / "backup") } }
    }

    @Test
    fun `a network ends for all validators`() = simulated {
        network!!.at(2).close()
        assertThrows<LedgerException> { runBlocking { status() } }
        assertThrows<LedgerException> { runBlocking { network!!.runFor(1.seconds) } }
    }
}
