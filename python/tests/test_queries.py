"""Lists by party, status and date, as of now and of any height; and records and absences proven."""

from __future__ import annotations

import datetime

import pytest
from story import CREDIT, ISSUER, ISSUER_ACCOUNT, PRESENTER, START, Story, at, funding

from allonge import (
    AllongeError,
    AsyncLedger,
    Claim,
    InputError,
    LetterOfCredit,
    Page,
    QueryError,
    ReceiptError,
    verify_record,
)


def test_credits_are_found_by_party_status_and_date(story: Story) -> None:
    story.issue_and_advise()
    ledger = story.ledger
    (credit,) = ledger.credits(party=PRESENTER, status="advised")
    assert credit.id == CREDIT
    expiry = credit.expiry
    assert expiry.type == "fixed"
    assert list(ledger.credits(status="issued")) == []
    assert len(ledger.credits(party=ISSUER, expires_from=expiry.date, expires_until=expiry.date)) == 1
    assert len(ledger.credits(expires_until=expiry.date - datetime.timedelta(days=1))) == 0
    assert len(ledger.credits(issued_from=START, issued_until=START)) == 1
    assert len(ledger.presentations(credit=CREDIT)) == 0
    assert len(ledger.claims(holder=PRESENTER, status="outstanding", due_until=expiry.date)) == 0


def test_a_record_is_known_as_it_stood_at_every_height(story: Story) -> None:
    story.issue_and_advise()
    ledger = story.ledger
    newest = ledger.status().height
    issued, advised = ledger.credit(CREDIT, height=newest - 1), ledger.credit(CREDIT, height=newest)
    assert issued is not None
    assert (issued.state.type, advised) == ("issued", ledger.credit(CREDIT))
    assert ledger.credit(CREDIT, height=0) is None
    page = ledger.credits(status="issued", height=newest - 1)
    assert page == Page(items=(issued,), cursor=None, height=newest - 1)
    with pytest.raises(AllongeError, match=r"block\.unknown"):
        ledger.credit(CREDIT, height=newest + 1)


def test_a_list_goes_on_as_it_began(story: Story) -> None:
    ledger = story.ledger
    everything = [party.id for party in ledger.parties()]
    first = ledger.parties(limit=1)
    assert first.cursor is not None
    ledger.admit("a-newcomer", "A newcomer")
    rest = ledger.parties(cursor=first.cursor)
    assert [party.id for party in (*first, *rest)] == everything
    assert (rest.height, rest.cursor) == (first.height, None)
    assert len(ledger.parties()) == len(everything) + 1
    with pytest.raises(QueryError, match=r"query\.cursor_invalid"):
        ledger.credits(cursor=first.cursor)
    with pytest.raises(QueryError, match=r"query\.limit_invalid"):
        ledger.credits(limit=1001)
    with pytest.raises(InputError):
        ledger.credits(status="lost")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_transactions_are_found_by_party_and_time(story: Story) -> None:
    story.ledger.advance_to(at("2026-03-03T01:00:00Z"))
    funded = story.operator.submit(funding("1.00")).committed()
    (entry,) = story.ledger.transactions(party="operator", time_from=at("2026-03-02T02:00:00Z"))
    assert (entry.transaction, entry.height, entry.time) == (funded.transaction, funded.height, funded.time)
    assert entry.committed
    assert len(story.ledger.transactions(time_until=START)) == len(story.ledger.transactions()) - 1
    assert [account.id for account in story.ledger.accounts(party=ISSUER)] == [ISSUER_ACCOUNT]


def test_a_record_is_proven_and_so_is_its_absence(story: Story) -> None:
    story.issue_and_advise()
    ledger = story.ledger
    proven = verify_record(ledger.prove("credit", CREDIT), ledger.trust, "credit", CREDIT)
    assert isinstance(proven.record, LetterOfCredit)
    assert proven.record == ledger.credit(CREDIT)
    assert (proven.height, proven.time) == (ledger.status().height, ledger.status().time)

    file = ledger.prove("claim", f"{CREDIT}/1")
    assert verify_record(file, ledger.trust, "claim", f"{CREDIT}/1").record is None
    assert not isinstance(proven.record, Claim)
    with pytest.raises(ReceiptError):
        verify_record(file, ledger.trust, "claim", f"{CREDIT}/2")
    with pytest.raises(InputError):
        ledger.prove("cheque", "1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def _listed(story: Story) -> tuple[int, int, bytes]:
    ledger = AsyncLedger(story.ledger)
    page = await ledger.credits(party=ISSUER, status="advised", limit=1)
    transactions = await ledger.transactions(party=ISSUER)
    return len(page), len(transactions), await ledger.prove("party", ISSUER)


def test_lists_can_be_awaited(story: Story) -> None:
    import asyncio

    story.issue_and_advise()
    credits, transactions, file = asyncio.run(_listed(story))
    assert (credits, transactions) == (1, 2)
    assert verify_record(file, story.ledger.trust, "party", ISSUER).record == story.ledger.party(ISSUER)
