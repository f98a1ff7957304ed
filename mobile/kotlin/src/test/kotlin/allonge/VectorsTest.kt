package allonge

import java.io.RandomAccessFile
import kotlin.io.path.createTempFile
import kotlin.io.path.deleteExisting
import kotlin.io.path.writeBytes
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.KSerializer
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

class VectorsTest {
    @Test
    fun `a seed has the same public key as everywhere`() {
        for (key in Repository.vectors("crypto.json").list("keys")) {
            assertEquals(key.text("public_key"), Signer.fromSeed(bytes(key.text("seed"))).publicKey)
        }
    }

    @Test
    fun `operations and events go round as the core writes them`() {
        val ledger = Repository.vectors("ledger.json")
        ledger.list("transactions").flatMap { it.list("operations") }.forEach { goesRound(Operation.serializer(), it) }
        ledger.list("events").forEach { goesRound(Event.serializer(), it.jsonObject.getValue("json")) }
    }

    @Test
    fun `every operation, event and record of trade goes round as the core writes it`() {
        val trade = Repository.vectors("trade_records.json")
        fun jsonOf(section: String) = trade.list(section).map { it.jsonObject.getValue("json") }
        jsonOf("operations").forEach { goesRound(Operation.serializer(), it) }
        jsonOf("events").forEach { goesRound(Event.serializer(), it) }
        jsonOf("credits").forEach { goesRound(LetterOfCredit.serializer(), it) }
        jsonOf("presentations").forEach { goesRound(Presentation.serializer(), it) }
        jsonOf("claims").forEach { goesRound(Claim.serializer(), it) }
    }

    @Test
    fun `a document has the hash that sha256sum prints`() = runBlocking {
        for (document in Repository.vectors("documents.json").list("documents")) {
            val length = document.jsonObject.getValue("length").jsonPrimitive.long
            val byte = document.text("byte").toInt().toByte()
            val file = createTempFile("allonge")
            // Zeros need no room on the disk.
            if (byte == 0.toByte()) RandomAccessFile(file.toFile(), "rw").use { it.setLength(length) }
            else file.writeBytes(ByteArray(length.toInt()) { byte })
            assertEquals(DocumentDigest(document.text("sha256"), length), documentDigest(file))
            file.deleteExisting()
        }
    }

    private fun <T> goesRound(serializer: KSerializer<T>, element: JsonElement) {
        assertEquals(element, json.encodeToJsonElement(serializer, json.decodeFromJsonElement(serializer, element)))
    }
}
