package allonge

import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

/** Light clients: headers by their certificates alone. */
class LightClientTest {
    private val vector = Repository.vectors("light.json")
    private val trust = Trust.fromJson(vector.getValue("genesis").toString())
    private val headers = vector.getValue("headers").jsonPrimitive.content.hexToByteArray()

    @Test
    fun `headers are followed over three changes of the validators`() {
        val light = LightClient(trust)
        assertEquals(0, light.checkpoint.height)
        val expected = json.decodeFromString<Checkpoint>(vector.getValue("checkpoint").toString())
        assertEquals(expected, light.follow(headers))
        assertEquals(vector.getValue("kept").jsonPrimitive.content, light.toBytes().toHexString())
        assertEquals(expected, LightClient.fromBytes(light.toBytes(), trust).checkpoint)
    }

    @Test
    fun `one wrong byte and nothing is believed`() {
        for (place in listOf(4, 300, headers.size / 2, headers.size - 1)) {
            val light = LightClient(trust)
            val wrong = headers.copyOf().also { it[place] = (it[place].toInt() xor 1).toByte() }
            assertEquals("headers.invalid", assertThrows(HeadersException::class.java) { light.follow(wrong) }.code)
            assertEquals(0, light.checkpoint.height)
        }
    }
}
