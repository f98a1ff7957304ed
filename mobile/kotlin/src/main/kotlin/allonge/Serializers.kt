package allonge

import java.math.BigDecimal
import java.time.Instant
import java.time.LocalDate
import java.time.format.DateTimeFormatterBuilder
import kotlinx.serialization.KSerializer
import kotlinx.serialization.SerializationException
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.PrimitiveSerialDescriptor
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** The JSON of records: as the core writes and reads it, and nothing else. */
internal val json: Json = Json { explicitNulls = false }

/** In UTC with three fraction digits; what is finer is passed on for the core to refuse. */
internal object InstantSerializer : TextSerializer<Instant>("allonge.Instant", Instant::parse) {
    private val milliseconds = DateTimeFormatterBuilder().appendInstant(3).toFormatter()

    override fun text(value: Instant): String =
        if (value.nano % 1_000_000 == 0) milliseconds.format(value) else value.toString()
}

internal object LocalDateSerializer : TextSerializer<LocalDate>("allonge.LocalDate", LocalDate::parse)

internal object BigDecimalSerializer : TextSerializer<BigDecimal>("allonge.BigDecimal", ::decimal) {
    override fun text(value: BigDecimal): String = value.toPlainString()
}

/** A value that is a string in JSON. A number there is refused. */
internal abstract class TextSerializer<T : Any>(name: String, private val parse: (String) -> T) : KSerializer<T> {
    override val descriptor: SerialDescriptor = PrimitiveSerialDescriptor(name, PrimitiveKind.STRING)

    protected open fun text(value: T): String = value.toString()

    override fun serialize(encoder: Encoder, value: T): Unit = encoder.encodeString(text(value))

    override fun deserialize(decoder: Decoder): T = parse(decoder.decodeString())
}

private val DECIMAL = Regex("-?[0-9]+(\\.[0-9]+)?")

/** A plain decimal: no exponent, no sign but a minus, digits on both sides of the point. */
internal fun decimal(text: String): BigDecimal {
    require(DECIMAL.matches(text)) { "“$text” is no plain decimal such as 1234.50" }
    return BigDecimal(text)
}

/** A variant that this version of the package does not know. */
internal class UnknownVariant(union: String, key: String?) :
    SerializationException("$union has no variant ${key ?: "with several keys"}")

/** The tag of an event in JSON: `claim_paid`. */
internal fun typeOf(event: Event): String =
    json.encodeToJsonElement(Event.serializer(), event).jsonObject.getValue("type").jsonPrimitive.content
