package allonge

import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** One letter of credit, from a SWIFT MT700 to its payment. */
class LetterOfCreditTest {
    @Test
    fun `a credit from an MT700 is presented, accepted, paid and closed, and every step has its receipt`() =
        story { fromMessageToPayment() }

    @Test
    fun `the same on a network of four validators`() = simulatedStory { fromMessageToPayment() }

    private suspend fun Story.fromMessageToPayment() {
        fund()
        val steps = issueAndAdvise().toMutableList()
        at("2026-04-24T06:00:00Z")
        steps += present().committed()
        at("2026-04-30T08:00:00Z")
        steps += issuing.submit(AcceptPresentation(PRESENTATION)).committed()
        at("2026-07-20T01:30:00Z")
        steps += issuing.submit(pay()).committed()
        steps += issuing.submit(CloseCredit(CREDIT)).committed()

        val happened = listOf(
            "credit_issued", "credit_advised", "documents_presented", "presentation_accepted", "claim_created",
            "transferred", "claim_paid", "credit_closed",
        )
        assertEquals(happened, steps.flatMap { it.events }.map { typeOf(it.event) })
        assertEquals("UCP 600", steps.first().events.single().rule)
        for (step in steps) {
            val proved = step.receipt.verify(ledger.trust)
            assertEquals(step.transaction, proved.transaction)
            assertEquals(step.events, proved.events)
            assertEquals(step.receipt, ledger.receipt(step.transaction))
        }
        assertTrue(ledger.credit(CREDIT)!!.state is LetterOfCreditState.Closed)
        assertTrue(ledger.presentation(PRESENTATION)!!.state is PresentationState.Accepted)
        assertTrue(ledger.claim(PRESENTATION)!!.state is ClaimState.Paid)
        assertEquals(usd("750000"), ledger.account(ISSUING_ACCOUNT)!!.balance)
        assertEquals(usd("1250000"), ledger.account(PRESENTING_ACCOUNT)!!.balance)
        assertEquals(usd("-2000000"), ledger.account("operator/USD/issue")!!.balance)
    }

    @Test
    fun `wrong steps are refused by article, and the refusals stand in the ledger`() = story { wrongSteps() }

    @Test
    fun `they are on a network of four validators too`() = simulatedStory { wrongSteps() }

    private suspend fun Story.wrongSteps() {
        fund()
        issueAndAdvise()
        at("2026-04-24T06:00:00Z")
        assertEquals("letter_of_credit.overdrawn 18(b), 30", present("1312500.01").refusal())
        present().committed()
        val examined = advising.submit(AcceptPresentation(PRESENTATION))
        assertEquals("presentation.not_examining_bank 14(a)", examined.refusal())
        assertEquals("presentation.not_examining_bank", examined.receipt!!.verify(ledger.trust).error?.code)
        at("2026-04-30T08:00:00Z")
        issuing.submit(AcceptPresentation(PRESENTATION)).committed()
        at("2026-07-19T08:00:00Z")
        assertEquals("claim.not_due 7(a)", issuing.submit(pay()).refusal())
        at("2026-07-20T01:30:00Z")
        assertEquals("claim.not_holder 7(a)", issuing.submit(pay("operator/USD/issue")).refusal())
        assertEquals("letter_of_credit.closing_too_early 10(a)", issuing.submit(CloseCredit(CREDIT)).refusal())
    }

    @Test
    fun `after the fifth banking day refusal is precluded`() = story {
        fund()
        issueAndAdvise()
        at("2026-04-24T06:00:00Z")
        present().committed()
        // 1 to 5 May are holidays in China, so the fifth banking day is Wednesday 6 May.
        at("2026-05-06T09:00:00.001Z")
        val refusal = RefusePresentation(PRESENTATION, listOf("LATE SHIPMENT"), Disposal.HOLD)
        assertEquals("presentation.refusal_precluded 16(d), 16(f)", issuing.submit(refusal).refusal())
        issuing.submit(AcceptPresentation(PRESENTATION)).refusal()
            .let { assertTrue(it.startsWith("letter_of_credit.examination_over"), it) }
    }

    @Test
    fun `nothing is presented after expiry`() = story {
        fund()
        issueAndAdvise()
        at("2026-06-30T09:00:00.001Z")
        assertEquals("letter_of_credit.expired 6(d)(i), 29(a), 33", present().refusal())
    }

    @Test
    fun `a replayed key is answered with the first result`() = story { repeat() }

    @Test
    fun `it is on a network of four validators too`() = simulatedStory { repeat() }

    private suspend fun Story.repeat() {
        val key = "00112233445566778899aabbccddeeff"
        val first = issuing.submit(listOf(OpenAccount(ISSUING_ACCOUNT)), key)
        val again = issuing.submit(listOf(OpenAccount(ISSUING_ACCOUNT)), key)
        assertEquals(first.receipt, again.receipt)
    }

    @Test
    fun `the log streams what happened and then what happens`() = story {
        fund()
        val past = ledger.subscribe().take(3).toList()
        assertEquals("operator", past.first().author)
        val next = ledger.subscribe(past.last().cursor).take(1).toList().single()
        assertTrue(next.cursor != past.last().cursor)
    }
}
