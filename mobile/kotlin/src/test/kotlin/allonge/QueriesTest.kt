package allonge

import java.time.Instant
import java.time.LocalDate
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test

class QueriesTest {
    private suspend fun code(call: suspend () -> Any?): String? =
        try {
            call()
            null
        } catch (error: AllongeException) {
            error.code
        }

    @Test
    fun `credits and claims are found by party, status and date`() = story {
        fund()
        issueAndAdvise()
        val credit = ledger.credits(party = "SYNADEFFXXX", status = CreditStatus.ADVISED).items.single()
        assertEquals(ledger.credit(CREDIT), credit)
        assertEquals(emptyList<LetterOfCredit>(), ledger.credits(status = CreditStatus.ISSUED).items)
        assertEquals(emptyList<LetterOfCredit>(), ledger.credits(expiresUntil = LocalDate.of(2026, 3, 3)).items)

        at("2026-04-24T06:00:00Z")
        present().committed()
        val examined = ledger.presentations(credit = CREDIT, deadlineUntil = LocalDate.of(2026, 5, 8))
        assertEquals(PRESENTATION, examined.items.single().id)
        issuing.submit(AcceptPresentation(PRESENTATION)).committed()
        val owed = ledger.claims(
            obligor = "SYNBCNBJXXX",
            status = ClaimStatus.OUTSTANDING,
            dueUntil = LocalDate.of(2026, 7, 20),
        )
        assertEquals(listOf(ledger.claim(PRESENTATION)), owed.items)
        assertEquals(emptyList<Claim>(), ledger.claims(holder = "SYNBCNBJXXX").items)

        val recent = ledger.transactions(party = "SYNBCNBJXXX", timeFrom = Instant.parse("2026-04-01T00:00:00Z"))
        assertEquals("SYNBCNBJXXX", recent.items.single().author)
        assertEquals(ISSUING_ACCOUNT, ledger.accounts(party = "SYNBCNBJXXX").items.single().id)
    }

    @Test
    fun `a list goes on as it began, and a record is known as it stood`() = story {
        fund()
        issueAndAdvise()
        val height = ledger.status().height
        val issued = ledger.credit(CREDIT, height = height - 1)!!
        assertEquals(LetterOfCreditState.Issued, issued.state)
        val then = ledger.credits(status = CreditStatus.ISSUED, height = height - 1)
        assertEquals(Page(listOf(issued), cursor = null, height = height - 1), then)
        assertNull(ledger.credit(CREDIT, height = 0))

        val all = ledger.parties().items
        val first = ledger.parties(limit = 1)
        ledger.admit("a-newcomer", "A newcomer")
        val rest = ledger.parties(cursor = first.cursor)
        assertEquals(all, first.items + rest.items)
        assertEquals(all.size + 1, ledger.parties().items.size)
        assertEquals("query.cursor_invalid", code { ledger.credits(cursor = first.cursor) })
        assertEquals("query.limit_invalid", code { ledger.credits(limit = 1_001) })
        assertEquals("block.unknown", code { ledger.credit(CREDIT, height = 1_000) })
    }

    @Test
    fun `a record is proven, and so is its absence`() = story {
        fund()
        issueAndAdvise()
        val status = ledger.status()
        val proven = verifyRecord(ledger.prove(RecordKind.CREDIT, CREDIT), ledger.trust, RecordKind.CREDIT, CREDIT)
        assertEquals(ProvenRecord(ledger.credit(CREDIT), status.height, status.time), proven)
        val none = ledger.prove(RecordKind.CLAIM, PRESENTATION)
        assertNull(verifyRecord(none, ledger.trust, RecordKind.CLAIM, PRESENTATION).record)
        assertEquals(
            "receipt.invalid",
            code { verifyRecord(none, ledger.trust, RecordKind.CLAIM, "$CREDIT/2") },
        )
    }
}
