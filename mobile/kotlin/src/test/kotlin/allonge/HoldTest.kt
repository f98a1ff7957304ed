package allonge

import java.time.Instant
import java.time.LocalDate
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test

class HoldTest {
    @Test
    fun `a hold is posted in part and the rest let go`() = story {
        fund()
        val id = "SYNBCNBJXXX/GOODS/7"
        val hold = HoldFunds(
            hold = id,
            from = ISSUING_ACCOUNT,
            to = PRESENTING_ACCOUNT,
            amount = usd("60.00"),
            expiresAt = Instant.parse("2026-04-01T00:00:00Z"),
            reference = "goods",
        )
        issuing.submit(hold).committed()
        val open = ledger.hold(id)!!
        assertEquals(Triple("SYNADEFFXXX", usd("60.00"), HoldState.OPEN), Triple(open.poster, open.remaining, open.state))
        val account = ledger.account(ISSUING_ACCOUNT)!!
        assertEquals(Triple(usd("2000000"), usd("60"), Side.ASSET), Triple(account.balance, account.held, account.side))

        val posted = advising.submit(PostHold(id, usd("25.00"))).committed()
        val transferred = posted.events.first().event as Transferred
        assertEquals(LocalDate.of(2026, 3, 2), transferred.valueDate)
        assertEquals(usd("1999975"), transferred.fromBalance)
        assertEquals(usd("25"), transferred.toBalance)

        advising.submit(VoidHold(id)).committed()
        val voided = ledger.holds().items.single()
        assertEquals(Triple(usd("25"), usd("0"), HoldState.VOIDED), Triple(voided.posted, voided.remaining, voided.state))
        assertNull(ledger.hold("SYNBCNBJXXX/GOODS/8"))
    }
}
