package allonge

import java.time.Instant
import java.time.LocalDate
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

private const val SELLER = "SYNADEFFXXX"
private const val TRADE = "$SELLER/T-1"

/** What a party may do next, why a transaction came out as it did, and what one would come to later. */
class WhyTest {
    private suspend fun Story.accepted() {
        fund()
        issueAndAdvise()
        at("2026-04-24T06:00:00Z")
        present().committed()
        issuing.submit(AcceptPresentation(PRESENTATION)).committed()
    }

    /** The seller sells its claim to another bank, and nobody has confirmed that yet. */
    private suspend fun Story.agreed() {
        accepted()
        val buying = ledger.admit("SYNGSGSGXXX", "Synthetic Bank, Singapore")
        val account = "SYNGSGSGXXX/USD/settlement"
        buying.submit(OpenAccount(account)).committed()
        val rounding = RoundingPolicy(factor = Rounding.HALF_UP, money = Rounding.HALF_UP, eachPeriod = false)
        val discount = DiscountTerms(DiscountMethod.STRAIGHT, "0.03", DayCount.ACTUAL360, graceDays = 0, rounding)
        val terms = ForfaitingTerms(discount, valueDate = LocalDate.of(2026, 4, 29), calendar = "TARGET")
        val firm = FirmOffer(terms, account)
        val until = Instant.parse("2026-04-28T10:00:00Z")
        buying.submit(QuotePrice("Q-1", QuoteSubject.Claim(PRESENTATION), firm, until)).committed()
        advising.submit(AcceptQuote("T-1", "SYNGSGSGXXX/Q-1", PRESENTATION, PRESENTING_ACCOUNT)).committed()
    }

    @Test
    fun `a trade is found by its seller, and what belongs to a credit by that`() = story {
        agreed()
        val height = ledger.status().height
        val trade = ledger.record(RecordKind.TRADE, TRADE)!!
        assertEquals(Page(listOf(trade), cursor = null, height = height), ledger.records(RecordKind.TRADE, party = SELLER))
        assertNull(ledger.record(RecordKind.TRADE, TRADE, height = height - 1))
        val presented = ledger.records(RecordKind.PRESENTATION, status = "accepted", of = RecordKind.CREDIT to CREDIT)
        assertEquals(listOf(PRESENTATION), presented.items.map { it.id })
        assertEquals(emptyList<Trade>(), ledger.records(RecordKind.TRADE, party = "SYNBCNBJXXX", limit = 1).items)
    }

    @Test
    fun `the seller may confirm a trade, until when its article says`() = story {
        agreed()
        val step = ledger.nextSteps(RecordKind.TRADE, TRADE, SELLER).single { it.operation == "confirm_trade" }
        assertEquals(Article("URF 800", "8"), step.article)
        assertEquals(Instant.parse("2026-04-28T15:00:00Z"), step.until)
    }

    @Test
    fun `a refusal is explained by its rule, its article and a sentence in two languages`() = story {
        agreed()
        advising.submit(ConfirmTrade(TRADE)).committed()
        val refused = advising.submit(ConfirmTrade(TRADE)) as Outcome.Rejected
        val explanation = ledger.explain(refused.transaction)
        assertFalse(explanation.committed)
        assertEquals(refused.error.code, explanation.error?.code)
        val violated = explanation.findings.last()
        assertEquals(listOf("URF 800", "8"), listOf(violated.rule, violated.article))
        assertEquals("A trade is confirmed once by each party.", violated.says)
        assertEquals("交易由各方各确认一次。", violated.saysZh)
        assertFalse(violated.satisfied)
    }

    @Test
    fun `a payment is tried at maturity, and nothing of it is recorded`() = story {
        accepted()
        val before = ledger.status()
        val preview = issuing.whatIf(pay(), at = Instant.parse("2026-07-20T02:00:00Z"))
        assertTrue(preview.committed)
        assertTrue(preview.events.any { it.event is ClaimPaid })
        assertEquals(before, ledger.status())
        assertEquals(ClaimState.Outstanding, ledger.record(RecordKind.CLAIM, PRESENTATION)?.state)
    }
}
