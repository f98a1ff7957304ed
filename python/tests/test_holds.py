"""Money that is reserved, and moved or let go later."""

from __future__ import annotations

import datetime

from story import ISSUER, ISSUER_ACCOUNT, PRESENTER, PRESENTER_ACCOUNT, START, Story, usd

from allonge import HoldFunds, PostHold, SetCeiling, Transferred, VoidHold

HOLD = f"{ISSUER}/GOODS/7"


def place(story: Story) -> None:
    story.issuer.submit(
        HoldFunds(
            hold=HOLD,
            from_=ISSUER_ACCOUNT,
            to=PRESENTER_ACCOUNT,
            amount=usd("60.00"),
            expires_at=START + datetime.timedelta(days=30),
            reference="goods",
        )
    ).committed()


def test_a_hold_is_posted_in_part_and_the_rest_let_go(story: Story) -> None:
    place(story)
    hold = story.ledger.hold(HOLD)
    assert hold is not None
    assert (hold.poster, hold.remaining, hold.state, hold.against) == (PRESENTER, usd("60.00"), "open", None)
    account = story.ledger.account(ISSUER_ACCOUNT)
    assert account is not None
    assert (account.balance, account.held, account.side) == (usd("2000000.00"), usd("60.00"), "asset")

    posted = story.presenter.submit(PostHold(hold=HOLD, amount=usd("25.00"))).committed()
    transferred = posted.events[0].event
    assert isinstance(transferred, Transferred)
    assert transferred.value_date == START.date()
    assert (transferred.from_entry, transferred.from_balance) == (2, usd("1999975.00"))
    assert (transferred.to_entry, transferred.to_balance) == (1, usd("25.00"))

    story.presenter.submit(VoidHold(hold=HOLD)).committed()
    (hold,) = story.ledger.holds()
    assert hold == story.ledger.hold(HOLD)
    assert (hold.posted, hold.remaining, hold.state) == (usd("25.00"), usd("0.00"), "voided")
    assert story.ledger.hold(f"{ISSUER}/GOODS/8") is None


def test_a_ceiling_stands_with_the_account(story: Story) -> None:
    story.presenter.submit(SetCeiling(account=PRESENTER_ACCOUNT, ceiling=usd("5.00"))).committed()
    account = story.ledger.account(PRESENTER_ACCOUNT)
    assert account is not None
    assert account.ceiling == usd("5.00")
