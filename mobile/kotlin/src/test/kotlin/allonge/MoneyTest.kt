package allonge

import java.math.BigDecimal
import kotlinx.serialization.SerializationException
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class MoneyTest {
    @Test
    fun `no binary float becomes money`() {
        val parameters = Money::class.java.declaredConstructors.flatMap { it.parameterTypes.toList() }
        val floats = setOf(Double::class.java, Float::class.java, Double::class.javaObjectType, Float::class.javaObjectType)
        assertTrue(parameters.none { it in floats || it == Number::class.java })
        assertThrows(SerializationException::class.java) {
            json.decodeFromString<Money>("""{"amount":0.1,"currency":"USD"}""")
        }
    }

    @Test
    fun `amounts are exact and equal by value`() {
        assertEquals(Money("5", "USD"), Money("5.00", "USD"))
        assertEquals(Money("5", "USD").hashCode(), Money("5.00", "USD").hashCode())
        assertNotEquals(Money("5", "USD"), Money("5", "EUR"))
        assertEquals("USD 100000", Money(BigDecimal("1E+5"), "USD").toString())
        for (text in listOf("1e5", "+1", "1.", ".5", "", "1,5", "١")) {
            assertThrows(IllegalArgumentException::class.java, { Money(text, "USD") }, text)
        }
    }

    @Test
    fun `every amount of the vectors goes round without loss`() {
        for (valid in Repository.vectors("finance.json").getValue("money").list("valid")) {
            val money = Money(valid.text("amount"), valid.text("currency"))
            assertEquals(0, money.amount.compareTo(BigDecimal(valid.text("canonical"))))
            assertEquals(money, json.decodeFromString<Money>(json.encodeToString(money)))
        }
    }

    @Test
    fun `the core refuses an amount that its currency cannot carry`() = story {
        issuing.submit(OpenAccount(ISSUING_ACCOUNT)).committed()
        for (invalid in Repository.vectors("finance.json").getValue("money").list("invalid")) {
            val money = runCatching { Money(invalid.text("amount"), invalid.text("currency")) }.getOrNull() ?: continue
            val error = runCatching {
                issuing.submit(Transfer(ISSUING_ACCOUNT, PRESENTING_ACCOUNT, money, reference = ""))
            }.exceptionOrNull()
            assertEquals("input.invalid", (error as? InputException)?.code, "$money")
        }
    }
}
