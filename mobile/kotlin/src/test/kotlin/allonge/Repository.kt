package allonge

import java.nio.file.Path
import kotlin.io.path.Path
import kotlin.io.path.div
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.readText
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** The files that all languages share. */
object Repository {
    private val top: Path = Path(System.getProperty("allonge.repository"))

    val documents: Path = top / "tests" / "conformance" / "documents"

    /** The command line, as it is built for the tests. */
    val command: Path = top / "target" / "debug" / "allonge"

    /** A certificate for tests, or its key. */
    fun tls(name: String): Path = top / "tests" / "tls" / name

    fun fin(name: String): Path = top / "tests" / "vectors" / "fin" / name

    fun docs(name: String): String = (top / "docs" / name).readText()

    fun vectors(name: String): JsonObject = parse(top / "tests" / "vectors" / name)

    /** Every file of receipts. */
    fun receipts(): List<JsonObject> =
        (top / "tests" / "vectors").listDirectoryEntries("receipts*.json").sorted().map(::parse)

    private fun parse(path: Path): JsonObject = json.parseToJsonElement(path.readText()).jsonObject
}

fun JsonElement.text(name: String): String = jsonObject.getValue(name).jsonPrimitive.content

fun JsonElement.list(name: String): List<JsonElement> = jsonObject.getValue(name).jsonArray

fun bytes(hexadecimal: String): ByteArray = hexadecimal.chunked(2).map { it.toInt(16).toByte() }.toByteArray()
