package allonge

import java.time.LocalDate
import kotlin.io.path.div
import kotlin.io.path.fileSize
import kotlin.io.path.moveTo
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

/** What an account held and what moved, before and after: previews, statements, proofs, backups and replays. */
class BooksTest {
    private val bank = ISSUING_ACCOUNT
    private val issue = "operator/USD/issue"
    private val key = "7".repeat(32)

    private fun march(day: Int) = LocalDate.of(2026, 3, day)

    private fun back(amount: String, reference: String = "back") = Transfer(bank, issue, usd(amount), reference = reference)

    /** On 2 March the bank gets 100.00, on 4 March 25.00 go back. */
    private fun books(tell: suspend Story.() -> Unit) = story {
        val operator = ledger.operator()
        operator.submit(OpenAccount(issue)).committed()
        issuing.submit(OpenAccount(bank)).committed()
        operator.submit(Transfer(issue, bank, usd("100"), reference = "first \"money\", issued")).committed()
        at("2026-03-04T08:00:00Z")
        issuing.submit(back("25.00")).committed()
        tell()
    }

    private fun code(call: suspend () -> Unit): String =
        assertThrows(AllongeException::class.java) { runBlocking { call() } }.code

    @Test
    fun `a statement opens, moves and closes`() = books {
        val statement = ledger.statement(bank, march(2), march(4))
        assertEquals(usd("0") to usd("75"), statement.opening to statement.closing)
        val (first, second) = statement.entries
        assertEquals(Triple(1L, usd("100"), usd("100")), Triple(first.entry, first.amount, first.balance))
        assertEquals(Triple(usd("-25"), issue, march(4)), Triple(second.amount, second.counterparty, second.valueDate))
        assertEquals(listOf(first, second), ledger.entries(bank))
        assertEquals(listOf(second), ledger.entries(bank, after = 1, limit = 1))

        val lines = ledger.statementCsv(bank, march(2), march(4)).split("\r\n")
        assertEquals("opening,,2026-03-02,,,,,,0.00,USD,", lines[1])
        val money = ",2026-03-02,$issue,\"first \"\"money\"\", issued\",100.00,100.00,USD,"
        assertEquals(money, lines[2].takeLast(money.length))
        assertEquals(listOf("closing,,2026-03-04,,,,,,75.00,USD,", ""), lines.drop(4))
        assertEquals("account.unknown", code { ledger.statement("SYNBCNBJXXX/USD/none", march(2), march(4)) })
    }

    @Test
    fun `a reversal names what it reverses`() = books {
        val back = ledger.entries(bank, after = 1).single()
        val storno = ReverseTransaction(back.transaction, listOf(usd("25.00")), reason = "not owed")
        assertEquals("reversal.not_yours", code { issuing.submit(storno).committed() })
        val committed = ledger.operator().submit(storno).committed()
        val (moved, reversed) = committed.events.map { it.event }
        assertEquals("not owed", (moved as Transferred).reference)
        assertEquals(TransactionReversed(back.transaction, 1, "not owed"), reversed)
        assertEquals(Reversal(back.transaction, committed.transaction), ledger.reversal(back.transaction))
        assertNull(ledger.reversal(committed.transaction))

        val statement = ledger.statement(bank, march(2), march(4))
        assertEquals(usd("100"), statement.closing)
        assertEquals(listOf(null, null, back.transaction), statement.entries.map { it.reverses })
        val line = ledger.statementCsv(bank, march(2), march(4)).split("\r\n")[4]
        val end = ",not owed,25.00,100.00,USD,${back.transaction}"
        assertEquals(end, line.takeLast(end.length))
    }

    @Test
    fun `a balance is as of a height and of a value date`() = books {
        val now = ledger.balance(bank)
        assertEquals(Triple(usd("75"), 2L, ledger.status().height), Triple(now.balance, now.entries, now.height))
        assertEquals(usd("100"), ledger.balance(bank, height = now.height - 1).balance)
        assertEquals(usd("100"), ledger.balance(bank, valueDate = march(3)).balance)
        assertEquals("block.unknown", code { ledger.balance(bank, height = now.height + 1) })
    }

    @Test
    fun `a preview is what the commit is`() = books {
        val height = ledger.status().height
        val refused = issuing.preview(listOf(back("75.01")), key)
        assertEquals(false to "account.insufficient_funds", refused.committed to refused.error?.code)
        val foreseen = issuing.preview(listOf(back("75.00")), key)
        assertEquals(height, ledger.status().height)

        val committed = issuing.submit(listOf(back("75.00")), key).committed()
        assertEquals(true to committed.height, foreseen.committed to foreseen.height)
        assertEquals(committed.events, foreseen.events)
        assertEquals(ledger.status().stateRoot, foreseen.stateRoot)
    }

    @Test
    fun `an account is proven offline`() = books {
        val trust = Trust.fromJson(ledger.trust.toJson())
        val file = ledger.proveAccount(bank)
        val proven = verifyAccount(file, trust, bank)
        assertEquals(ledger.account(bank) to ledger.status().height, proven.account to proven.height)
        val none = "SYNBCNBJXXX/USD/none"
        assertNull(verifyAccount(ledger.proveAccount(none), trust, none).account)
        file[file.size / 2] = (file[file.size / 2].toInt() xor 1).toByte()
        assertEquals("receipt.invalid", code { verifyAccount(file, trust, bank) })
    }

    @Test
    fun `a prepared transaction is submitted later, and once`() = books {
        val signed = issuing.prepare(back("1.00", "late"))
        val height = ledger.status().height
        val first = ledger.submit(signed).committed()
        val again = ledger.submit(signed).committed()
        assertEquals(height + 1 to first.receipt, first.height to again.receipt)
        assertEquals("transaction.malformed", code { ledger.submit(signed.drop(1).toByteArray()) })
    }

    @Test
    fun `a backup is replayed and restored to the same root`() = books {
        val (file, new) = directory / "backup" to directory / "new"
        val backup = ledger.backup(file)
        val status = ledger.status()
        assertEquals(BackupRecord(status.network, status.height, file.fileSize()), backup)
        assertEquals("store.exists", code { ledger.backup(file) })
        issuing.submit(back("1.00", "not in it")).committed()

        val replayed = replay(file, ledger.trust)
        assertEquals(status.height to status.stateRoot, replayed.height to replayed.stateRoot)
        Ledger.open(directory / "elsewhere").use { elsewhere ->
            assertEquals("receipt.wrong_network", code { replay(file, elsewhere.trust) })
        }
        val damaged = file.readBytes()
        damaged[damaged.size / 2] = (damaged[damaged.size / 2].toInt() xor 1).toByte()
        (directory / "damaged").writeBytes(damaged)
        assertEquals("replay.bad_block", code { replay(directory / "damaged") })

        assertEquals(replayed, restore(file, new, ledger.trust))
        assertEquals("store.exists", code { restore(file, new) })
        ledger.close()
        (directory / "ledger" / "keys").moveTo(new / "keys")
        Ledger.open(new).use { restored ->
            assertEquals(status.stateRoot, restored.status().stateRoot)
            restored.session("SYNBCNBJXXX").submit(back("1.00", "life goes on")).committed()
        }
    }
}
