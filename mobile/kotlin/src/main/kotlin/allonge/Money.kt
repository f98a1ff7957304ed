package allonge

import java.math.BigDecimal
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable

/**
 * An exact amount of a currency.
 *
 * It is made from a [BigDecimal] or from a plain decimal text, never from a `Double`: that does not compile.
 * The ledger refuses more decimals than the currency has.
 */
@Serializable
@SerialName("Money")
public class Money(
    /** How much. */
    @Serializable(with = BigDecimalSerializer::class)
    public val amount: BigDecimal,
    /** The ISO 4217 code. */
    public val currency: Currency,
) {
    /** Reads a plain decimal: `Money("1234.50", "USD")`. */
    public constructor(amount: String, currency: Currency) : this(decimal(amount), currency)

    /** Amounts are equal by value: 5 is 5.00. */
    override fun equals(other: Any?): Boolean =
        other is Money && currency == other.currency && amount.compareTo(other.amount) == 0

    override fun hashCode(): Int = 31 * amount.stripTrailingZeros().hashCode() + currency.hashCode()

    override fun toString(): String = "$currency ${amount.toPlainString()}"
}
