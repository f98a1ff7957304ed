package allonge

import java.nio.ByteBuffer
import java.nio.ByteOrder
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.buildJsonArray
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.put
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** An auditor replays the frozen bytes, hashes, signatures and proofs with [Evidence] alone. */
class EvidenceTest {
    @Test
    fun `values of finance have their bytes, and what is no value is refused`() {
        val vectors = Repository.vectors("finance.json")
        assertEquals(10, vectors.size)
        for ((section, group) in vectors - "money") {
            val kind = if (section == "party") "party_id" else section
            for (case in group.cases("valid")) {
                assertBytes(case.text("borsh"), Evidence.canonicalBytes(kind, case.json("text")))
                checkBytes(kind, case.hex("borsh"), case.member("canonical"))
            }
            for (text in group.cases("invalid")) {
                refused("input.invalid") { Evidence.canonicalBytes(kind, text.toString()) }
            }
        }
        val money = vectors.getValue("money")
        for (case in money.cases("valid")) {
            for (written in listOf("amount", "minor_units")) {
                val record = record(written to case.member(written), "currency" to case.member("currency"))
                assertBytes(case.text("borsh"), Evidence.canonicalBytes("money", record.toString()))
            }
            val record = record("amount" to case.member("canonical"), "currency" to case.member("currency"))
            checkBytes("money", case.hex("borsh"), record)
        }
        for (case in money.cases("invalid")) {
            refused("input.invalid") { Evidence.canonicalBytes("money", case.toString()) }
        }
    }

    @Test
    fun `keys and signatures are judged as the ledger does`() {
        val vectors = Repository.vectors("crypto.json")
        vectors.cases("keys").forEach { Evidence.vetKey(it.text("public_key")) }
        for (case in vectors.cases("refused_keys")) {
            refused("key.refused") { Evidence.vetKey(case.text("public_key")) }
        }
        val (good, bad) = vectors.cases("signatures").partition { it.member("valid").jsonPrimitive.boolean }
        assertTrue(good.isNotEmpty() && bad.isNotEmpty())
        fun verify(case: JsonElement) =
            Evidence.verifySignature(case.text("public_key"), case.hex("message"), case.text("signature"))
        good.forEach(::verify)
        bad.forEach { refused("evidence.invalid") { verify(it) } }
    }

    @Test
    fun `hashes, and lists with the path of each item`() {
        val vectors = Repository.vectors("crypto.json")
        for (case in vectors.cases("hashes")) {
            assertEquals(case.text("hash"), Evidence.taggedHash(case.text("domain"), case.hex("bytes")))
        }
        for (case in vectors.cases("lists")) {
            val items = case.list("items").map { bytes(it.jsonPrimitive.content) }
            val paths = case.list("paths").map { path -> (path as JsonArray).map { it.jsonPrimitive.content } }
            val (root, size) = case.text("merkle_root") to items.size.toUInt()
            assertEquals(root, Evidence.merkleRoot(items))
            val count = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(items.size).array()
            assertEquals(case.text("list_root"), Evidence.taggedHash("allonge/list/1", count + bytes(root)))
            assertEquals(items.size, paths.size)
            for ((place, item) in items.withIndex()) {
                val (index, path) = place.toUInt() to paths[place]
                Evidence.verifyInclusion(root, item, index, size, path)
                refused("evidence.invalid") {
                    Evidence.verifyInclusion(root, "another".toByteArray(), index, size, path)
                }
                refused("evidence.invalid") { Evidence.verifyInclusion(root, item, index + 1u, size, path) }
                refused("evidence.invalid") { Evidence.verifyInclusion(root, item, index, size, path + root) }
            }
        }
    }

    @Test
    fun `transactions have their bytes, ids and signatures`() {
        val vectors = Repository.vectors("ledger.json")
        val network = vectors.cases("genesis").first().member("network")
        for (case in vectors.cases("transactions")) {
            val fields = listOf("author", "key", "valid_until", "operations").map { it to case.member(it) }
            val transaction = JsonObject(mapOf("network" to network) + fields)
            val body = Evidence.canonicalBytes("transaction", transaction.toString())
            assertBytes(case.text("body"), body)
            checkBytes("transaction", body, transaction)
            assertEquals(case.text("id"), Evidence.taggedHash("allonge/transaction/1", body))

            val tag = "\u0012allonge/approval/1".toByteArray()
            val message = tag + bytes(network.jsonPrimitive.content) + case.hex("id")
            assertBytes(case.text("approval_message"), message)
            for (approval in case.cases("approvals")) {
                val (key, signature) = approval.text("key") to approval.text("signature")
                Evidence.verifySignature(key, message, signature)
                refused("evidence.invalid") { Evidence.verifySignature(key, body, signature) }
            }
            val signed = record("transaction" to transaction, "approvals" to case.member("approvals"))
            assertBytes(case.text("signed"), Evidence.canonicalBytes("signed_transaction", signed.toString()))
            checkBytes("signed_transaction", case.hex("signed"), signed)
        }
        for (case in vectors.cases("bad_transactions")) {
            refused(case.text("code")) { Evidence.fromCanonicalBytes("signed_transaction", case.hex("signed")) }
        }
    }

    @Test
    fun `what a ledger writes has its bytes and hashes`() {
        val vectors = Repository.vectors("ledger.json")
        for (case in vectors.cases("genesis")) {
            val written = Evidence.canonicalBytes("genesis", case.json("json"))
            assertBytes(case.text("bytes"), written)
            checkBytes("genesis", written, case.member("json"))
            assertEquals(case.text("network"), Evidence.taggedHash("allonge/genesis/1", written))
            assertEquals(case.text("state_root"), Evidence.stateRoot(firstState(case.member("json"))))
        }
        for (case in vectors.cases("headers")) {
            checkBytes("header", case.hex("bytes"), case.member("json"))
            assertEquals(case.text("digest"), Evidence.taggedHash("allonge/header/1", case.hex("bytes")))
        }
        vectors.cases("results").forEach { checkBytes("result", it.hex("bytes"), it.member("json")) }
        vectors.cases("events").forEach { checkBytes("event", byteArrayOf(0) + it.hex("bytes"), it.member("json")) }
        for (case in vectors.cases("records")) {
            val kind = STATE_KINDS.getValue(case.hex("key").first().toInt())
            val record = Evidence.fromCanonicalBytes(kind, case.hex("bytes"))
            checkStrict(kind, case.hex("bytes"))
            val name = mapOf("policy" to "party", "reversal" to "transaction")[kind] ?: "id"
            val id = json.parseToJsonElement(record).jsonObject[name] ?: JsonNull
            val asked = when (kind) {
                "answer" -> """["ALICCNBJXXX", "00000000000000000000000000000001"]"""
                // An hour after the start of the small ledger, 2 March 2026.
                "bucket" -> "492337"
                "epoch" -> "1"
                "roster_proposals" -> "0"
                else -> id.toString()
            }
            assertBytes(case.text("key"), Evidence.stateKey(kind, asked))
            if (kind !in setOf("answer", "bucket", "proposal", "rules_schedule")) {
                assertBytes(case.text("bytes"), Evidence.canonicalBytes(kind, record))
            }
        }
    }

    /** The records that a genesis puts into the state. */
    private fun firstState(genesis: JsonElement): List<Pair<ByteArray, ByteArray>> {
        fun admittedKey(key: JsonElement) = buildJsonObject {
            put("key", key)
            put("valid_from", 1)
            put("revoked_at", JsonNull)
        }
        val authorities = Triple("authorities", JsonNull, genesis.member("authorities"))
        val first = buildJsonObject {
            put("from_height", 1)
            put("roster", genesis.member("roster"))
        }
        val epoch = Triple("epoch", JsonPrimitive(0), first)
        val parties = genesis.cases("parties").map { party ->
            val keys = buildJsonArray { party.cases("keys").forEach { add(admittedKey(it)) } }
            Triple("party", party.member("id"), JsonObject(party.jsonObject + ("keys" to keys)))
        }
        val calendars = genesis.cases("calendars").map { Triple("calendar", it.member("id"), it) }
        return (listOf(authorities, epoch) + parties + calendars).map { (kind, id, record) ->
            Evidence.stateKey(kind, id.toString()) to Evidence.canonicalBytes(kind, record.toString())
        }
    }

    @Test
    fun `proofs of the state hold for what they prove alone`() {
        val vectors = Repository.vectors("ledger.json")
        val judged = mutableListOf<Boolean>()
        for (tree in vectors.cases("state")) {
            val root = tree.text("root")
            assertEquals(root, Evidence.stateRoot(tree.list("records").map { it.hex("key") to it.hex("value") }))
            for (case in tree.cases("proofs")) {
                val value = case.member("value").takeUnless { it is JsonNull }?.let { bytes(it.jsonPrimitive.content) }
                fun verify() = Evidence.verifyStateProof(root, case.hex("key"), value, case.hex("proof"))
                val holds = case.member("holds").jsonPrimitive.boolean
                if (holds) verify() else refused("evidence.invalid") { verify() }
                judged += holds
            }
        }
        assertTrue(judged.count { it } > 30 && judged.count { !it } > 60)
        for (case in vectors.cases("bad_proofs")) {
            refused("evidence.malformed") {
                Evidence.verifyStateProof(ZERO, byteArrayOf(), null, case.hex("proof"))
            }
        }
    }

    @Test
    fun `operations, events and records of trade have their bytes`() {
        val vectors = Repository.vectors("trade_records.json")
        val sections = mapOf(
            "operations" to ("operation" to "01"),
            "events" to ("event" to "01"),
            "credits" to ("letter_of_credit" to ""),
            "presentations" to ("presentation" to ""),
            "claims" to ("claim" to ""),
        )
        for ((section, form) in sections) {
            val (kind, prefix) = form
            for (case in vectors.cases(section)) {
                val written = prefix + case.text("bytes")
                checkBytes(kind, bytes(written), case.member("json"))
                if (kind == "event") refused("input.invalid") { Evidence.canonicalBytes(kind, case.json("json")) }
                else assertBytes(written, Evidence.canonicalBytes(kind, case.json("json")))
            }
        }
    }

    @Test
    fun `certificates of the engine hold here, and bad ones do not`() {
        val vectors = Repository.vectors("certificates.json")
        fun roster(case: JsonElement) = case.cases("validators").map { "ed25519:" + it.jsonPrimitive.content }
        val good = vectors.cases("good").associateBy { it.text("name") }
        for (case in good.values) {
            val (network, payload) = case.text("network_id") to case.text("payload")
            val certificate = case.hex("finalization")
            Evidence.verifyCertificate(network, roster(case), payload, certificate)
            refused("evidence.invalid") { Evidence.verifyCertificate(ZERO, roster(case), payload, certificate) }
            refused("evidence.invalid") { Evidence.verifyCertificate(network, roster(case), ZERO, certificate) }
        }
        for (case in vectors.cases("bad")) {
            val network = case.text("namespace").drop(16)
            val payload = good.getValue(case.text("of")).text("payload")
            val error = assertThrows(AllongeException::class.java) {
                Evidence.verifyCertificate(network, roster(case), payload, case.hex("finalization"))
            }
            // A committee with an odd key is refused before its certificate is read.
            if (case.text("name") == "identity_key_signs_anything") assertEquals("input.invalid", error.code)
            else assertTrue(error is EvidenceException, "${case.text("name")}: ${error.code}")
        }
        for (case in vectors.cases("rosters")) {
            val roster = json.encodeToString(roster(case))
            if (case.text("name") == "four") {
                checkBytes("roster", Evidence.canonicalBytes("roster", roster), json.parseToJsonElement(roster))
            } else {
                refused("input.invalid") { Evidence.canonicalBytes("roster", roster) }
            }
        }
    }

    /** The bytes say this record, and no other bytes do. */
    private fun checkBytes(kind: String, written: ByteArray, record: JsonElement) {
        assertEquals(record, json.parseToJsonElement(Evidence.fromCanonicalBytes(kind, written)))
        checkStrict(kind, written)
    }

    private fun checkStrict(kind: String, written: ByteArray) {
        for (altered in listOf(written.copyOf(written.size - 1), written + 0)) {
            val error = assertThrows(AllongeException::class.java) { Evidence.fromCanonicalBytes(kind, altered) }
            assertTrue(error.code in setOf("evidence.malformed", "transaction.malformed"), "$kind: ${error.code}")
        }
    }

    private fun refused(code: String, call: () -> Unit) {
        assertEquals(code, assertThrows(AllongeException::class.java) { call() }.code)
    }

    private fun assertBytes(hexadecimal: String, made: ByteArray) = assertArrayEquals(bytes(hexadecimal), made)

    private fun record(vararg members: Pair<String, JsonElement>) = JsonObject(mapOf(*members))

    private fun JsonElement.member(name: String): JsonElement = jsonObject.getValue(name)

    private fun JsonElement.json(name: String): String = member(name).toString()

    private fun JsonElement.hex(name: String): ByteArray = bytes(text(name))

    /** The cases of a section, of which there is at least one. */
    private fun JsonElement.cases(name: String): List<JsonElement> = list(name).also { assertTrue(it.isNotEmpty()) }

    private companion object {
        val ZERO = "00".repeat(32)

        /** The kinds of records, by the first byte of the key. */
        val STATE_KINDS =
            mapOf(
                1 to "party",
                2 to "account",
                3 to "calendar",
                4 to "authorities",
                5 to "answer",
                6 to "hold",
                7 to "bucket",
                8 to "policy",
                9 to "proposal",
                10 to "rules_schedule",
                11 to "reversal",
                12 to "epoch",
                13 to "roster_proposals",
            )
    }
}
