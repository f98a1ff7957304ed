package allonge

import kotlin.experimental.xor
import kotlin.io.path.div
import kotlin.io.path.readText
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.encodeToJsonElement
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

class ReceiptTest {
    @Test
    fun `a receipt is verified from its file and the genesis file alone`() = story {
        val opened = issuing.submit(OpenAccount(ISSUING_ACCOUNT)).committed()
        val file = directory / "opened.receipt"
        opened.receipt.save(file)
        val proved = Receipt.load(file).verify(Trust.load(directory / "ledger" / "genesis.json"))
        assertEquals("SYNBCNBJXXX", proved.author)
        assertEquals(listOf(OpenAccount(ISSUING_ACCOUNT)), proved.operations)
        assertEquals(opened.time, proved.time)
    }

    @Test
    fun `a receipt with any byte flipped is refused`() = story {
        val bytes = issuing.submit(OpenAccount(ISSUING_ACCOUNT)).committed().receipt.toBytes()
        for (place in bytes.indices) {
            val flipped = bytes.copyOf().also { it[place] = it[place] xor 1 }
            assertThrows(ReceiptException::class.java) { Receipt.fromBytes(flipped).verify(ledger.trust) }
        }
    }

    @Test
    fun `a receipt of another network proves nothing here`() = story {
        val receipt = issuing.submit(OpenAccount(ISSUING_ACCOUNT)).committed().receipt
        val network = ledger.trust.network
        story {
            assertNotEquals(network, ledger.trust.network)
            val error = assertThrows(ReceiptException::class.java) { receipt.verify(ledger.trust) }
            assertEquals("receipt.wrong_network", error.code)
        }
    }

    @Test
    fun `every receipt of the vectors proves what it proves in every language`() {
        for (file in Repository.receipts()) {
            val trust = file.list("genesis").associate {
                it.text("name") to trust(it.jsonObject.getValue("json"), it.text("network"))
            }
            for (good in file.list("good")) {
                val proved = Receipt.fromBytes(bytes(good.text("receipt"))).verify(trust.getValue(good.text("genesis")))
                val expected = good.jsonObject.getValue("proves").jsonObject
                val said = json.encodeToJsonElement(proved).jsonObject
                for (name in listOf("author", "keys", "height", "time", "state_root", "operations")) {
                    assertEquals(expected[name], said[name], "${good.text("name")}: $name")
                }
                assertEquals(expected.text("id"), proved.transaction)
                checkVerdict(expected.getValue("result").jsonObject.getValue("verdict").jsonObject, proved)
            }
            file.list("bad").forEach { refused(it, trust.getValue(it.text("genesis"))) }
        }
    }

    @Test
    fun `every receipt of the letter of credit proves the same record in every language`() {
        val story = Repository.vectors("trade.json")
        val trust = trust(story.getValue("genesis"), story.text("network"))
        for (good in story.list("good")) {
            val proved = Receipt.fromBytes(bytes(good.text("receipt"))).verify(trust)
            assertEquals(good.jsonObject["proves"], json.encodeToJsonElement(proved), good.text("name"))
        }
        story.list("bad").forEach { refused(it, trust) }
    }

    private fun refused(bad: JsonElement, trust: Trust) {
        val name = bad.text("name")
        val error = assertThrows(ReceiptException::class.java, {
            Receipt.fromBytes(bytes(bad.text("receipt"))).verify(trust)
        }, name)
        assertEquals(bad.text("code"), error.code, name)
    }

    private fun trust(genesis: JsonElement, network: String): Trust {
        val trust = Trust.fromJson(genesis.toString())
        assertEquals(network, trust.network)
        assertEquals(genesis, json.encodeToJsonElement(trust.genesis()), "the genesis goes round")
        return trust
    }

    private fun checkVerdict(expected: JsonObject, proved: VerifiedReceipt) {
        val refusal = expected["refusal"]
        assertEquals(refusal == null, proved.committed)
        if (refusal == null) {
            assertEquals(expected.list("events"), proved.events.map { json.encodeToJsonElement(Event.serializer(), it.event) })
        } else {
            assertEquals(refusal.text("code"), proved.error?.code)
            val operation = proved.error?.operation?.toString() ?: JsonNull.content
            assertEquals(refusal.text("operation"), operation)
        }
    }

    @Test
    fun `the genesis file is as the core writes it`() = story {
        assertEquals((directory / "ledger" / "genesis.json").readText().trim(), ledger.trust.toJson().trim())
    }
}
