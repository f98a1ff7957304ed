package allonge

import allonge.raw.InternalException as Panic
import java.time.Instant
import kotlin.time.Duration
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class ErrorsTest {
    @Test
    fun `every code is documented and has a class of its family`() {
        val reference = Repository.docs("errors.md")
        assertTrue(Errors.all.isNotEmpty())
        for (entry in Errors.all) {
            assertTrue("`${entry.code}`" in reference, entry.code)
            val error = entry.exception()
            assertNotEquals(AllongeException::class.java, error.javaClass, entry.code)
            assertEquals(
                listOf(entry.code, entry.retryable, entry.remedy, entry.rule, entry.article),
                listOf(error.code, error.retryable, error.remedy, error.rule, error.article),
            )
        }
    }

    @Test
    fun `an error says what is wrong, where, and what to do`() = story {
        val error = thrown<InputException> { issuing.submit(OpenAccount("nonsense")) }
        assertEquals("input.invalid", error.code)
        assertTrue(error.details.getValue("where").startsWith("operations[0]"), error.toString())
        assertTrue(error.remedy.isNotEmpty())
    }

    @Test
    fun `a signature by an unknown key is refused`() = story {
        val stranger = ledger.session("SYNBCNBJXXX", Signer.generate())
        val error = thrown<SignatureException> { stranger.submit(OpenAccount(ISSUING_ACCOUNT)) }
        assertTrue(error.code.startsWith("signature."), error.code)
    }

    @Test
    fun `a deadline ends the wait with its own error`() = story {
        val error = thrown<DeadlineException> {
            issuing.submit(listOf(OpenAccount(ISSUING_ACCOUNT)), deadline = Duration.ZERO)
        }
        assertEquals("deadline.exceeded" to false, error.code to error.retryable)
    }

    @Test
    fun `a closed ledger says so`() = story {
        ledger.close()
        assertEquals("ledger.closed", thrown<LedgerException> { ledger.status() }.code)
    }

    @Test
    fun `a clock of the system cannot be moved`() = runBlocking {
        val directory = kotlin.io.path.createTempDirectory("allonge")
        Ledger.open(directory).use { ledger ->
            val error = thrown<ClockException> { ledger.advanceTo(Instant.parse("2030-01-01T00:00:00Z")) }
            assertEquals("clock.not_manual", error.code)
        }
    }

    @Test
    fun `a panic of the core is an ordinary exception`() {
        val error = assertThrows(InternalException::class.java) { calling { throw Panic("index out of bounds") } }
        assertEquals("internal.error", error.code)
        assertInstanceOf(Panic::class.java, error.cause)
    }

    private suspend inline fun <reified T : Throwable> thrown(crossinline call: suspend () -> Unit): T =
        assertInstanceOf(T::class.java, runCatching { call() }.exceptionOrNull())
}
