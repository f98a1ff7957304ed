package allonge

import kotlin.io.path.readBytes
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class FinTest {
    private val bytes = Repository.fin("mt700_usance.fin").readBytes()

    @Test
    fun `an unedited message gives back its own bytes`() {
        assertArrayEquals(bytes, Fin.format(Fin.parse(bytes)))
    }

    @Test
    fun `a message becomes the terms of a credit, with a report of every field`() {
        val mapped = Fin.letterOfCredit(Fin.parse(bytes))
        assertEquals("BJ26LC000127", mapped.number)
        assertEquals(usd("1250000"), mapped.terms.amount)
        assertTrue(mapped.report.items.isNotEmpty())
    }

    @Test
    fun `all faults of a message are listed at once`() {
        val error = assertThrows(FinException::class.java) { Fin.parse(Repository.fin("mt700_faults.fin").readBytes()) }
        assertEquals("message.fin_invalid", error.code)
        assertTrue(error.faults.size > 1)
        assertTrue(error.faults.all { it.reason.isNotEmpty() && it.line >= 1 })
    }
}
