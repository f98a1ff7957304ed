"""One letter of credit from a SWIFT MT700 to its payment, and every wrong step on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from story import (
    CREDIT,
    ISSUER,
    ISSUER_ACCOUNT,
    PRESENTATION,
    PRESENTER,
    PRESENTER_ACCOUNT,
    Story,
    accept,
    at,
    close,
    funding,
    issue,
    pay,
    present,
    usd,
)

from allonge import (
    AccountError,
    AllongeError,
    ClaimCreated,
    ClaimError,
    ClaimStatePaid,
    Committed,
    CreditClosed,
    DueDateFixed,
    Ledger,
    LetterOfCreditError,
    PresentationError,
    Receipt,
    Rejected,
    Signer,
    Trust,
)

everywhere = pytest.mark.parametrize("story", ["open", "simulate"], indirect=True)


@everywhere
def test_a_credit_is_issued_presented_accepted_paid_and_closed_with_a_receipt_each(story: Story) -> None:
    ledger = story.ledger
    story.issue_and_advise()
    ledger.advance_to(at("2026-04-24T06:00:00Z"))
    story.presenter.submit(present()).committed()
    ledger.advance_to(at("2026-04-27T06:00:00Z"))
    accepted = story.issuer.submit(accept()).committed()
    created = [record.event for record in accepted.events if isinstance(record.event, ClaimCreated)]
    match created:
        case [ClaimCreated(holder_of_record=holder, amount=amount, due=DueDateFixed(date=due, from_=from_))]:
            assert (holder, amount) == (PRESENTER, usd("1250000"))
            assert due.isoformat() == "2026-07-20"
        case _:
            pytest.fail(f"no claim in {accepted.events}")

    ledger.advance_to(from_)
    paid = story.issuer.submit(pay()).committed()
    claim = ledger.claim(PRESENTATION)
    assert claim is not None
    assert claim.state == ClaimStatePaid(from_=ISSUER_ACCOUNT, to=PRESENTER_ACCOUNT, at=paid.time)
    closed = story.issuer.submit(close()).committed()
    assert isinstance(closed.events[-1].event, CreditClosed)

    balances = {account.id: account.balance for account in ledger.accounts()}
    assert balances == {
        ISSUER_ACCOUNT: usd("750000.00"),
        PRESENTER_ACCOUNT: usd("1250000.00"),
        "operator/USD/issue": usd("-2000000.00"),
    }
    for outcome in (accepted, paid, closed):
        proven = outcome.receipt.verify(ledger.trust)
        assert (proven.transaction, proven.height, proven.events) == (
            outcome.transaction,
            outcome.height,
            outcome.events,
        )
        assert proven.clock == "manual"
        assert ledger.receipt(outcome.transaction) == outcome.receipt


@everywhere
def test_documents_presented_after_expiry_are_refused(story: Story) -> None:
    story.issue_and_advise()
    story.ledger.advance_to(at("2026-07-01T06:00:00Z"))
    error = story.refusal(story.presenter, present())
    assert isinstance(error, PresentationError | LetterOfCreditError)
    assert error.rule == "UCP 600"
    assert error.article is not None
    assert error.operation == 0


@everywhere
def test_only_the_issuing_bank_accepts(story: Story) -> None:
    story.issue_and_advise()
    story.ledger.advance_to(at("2026-04-24T06:00:00Z"))
    story.presenter.submit(present()).committed()
    error = story.refusal(story.presenter, accept())
    assert isinstance(error, PresentationError)


@everywhere
def test_a_credit_is_not_overdrawn(story: Story) -> None:
    story.issue_and_advise()
    story.ledger.advance_to(at("2026-04-24T06:00:00Z"))
    error = story.refusal(story.presenter, present("1312500.01"))
    assert error.rule == "UCP 600"


@everywhere
def test_a_claim_is_paid_to_its_holder_only(story: Story) -> None:
    story.issue_and_advise()
    story.ledger.advance_to(at("2026-04-24T06:00:00Z"))
    story.presenter.submit(present()).committed()
    story.issuer.submit(accept()).committed()
    story.ledger.advance_to(at("2026-08-03T06:00:00Z"))
    error = story.refusal(story.issuer, pay("operator/USD/issue"))
    assert isinstance(error, ClaimError)


@everywhere
def test_an_overdraft_says_what_is_there_and_who_must_act(story: Story) -> None:
    error = story.refusal(
        story.operator, funding("0.01").replace(from_=ISSUER_ACCOUNT, to="operator/USD/issue")
    )
    assert isinstance(error, AccountError)
    assert error.code == "account.not_yours"
    assert error.details == {"account": ISSUER_ACCOUNT, "party": "operator"}
    assert error.remedy in "\n".join(error.__notes__)


@everywhere
def test_a_repeated_key_is_answered_with_the_first_receipt(story: Story) -> None:
    key = bytes(range(16))
    first = story.operator.submit(funding("1.00"), key=key)
    height = story.ledger.status().height
    assert story.operator.submit(funding("1.00"), key=key.hex()).receipt == first.receipt
    assert story.ledger.status().height == height
    with pytest.raises(AllongeError) as raised:
        story.operator.submit(funding("2.00"), key=key)
    assert raised.value.code == "transaction.key_conflict"


@everywhere
def test_an_unknown_key_signs_nothing(story: Story) -> None:
    height = story.ledger.status().height
    session = story.ledger.session(ISSUER, Signer.from_seed(bytes(32)))
    with pytest.raises(AllongeError) as raised:
        session.submit(issue())
    assert raised.value.code == "signature.unknown_key"
    assert story.ledger.status().height == height


@everywhere
def test_operations_of_one_transaction_take_effect_together_or_not_at_all(story: Story) -> None:
    outcome = story.operator.submit(funding("1.00"), funding("1.00").replace(to="operator/USD/issue"))
    assert isinstance(outcome, Rejected)
    assert outcome.error.operation == 1
    account = story.ledger.account(ISSUER_ACCOUNT)
    assert account is not None
    assert account.balance == usd("2000000")
    both = story.operator.submit(funding("1.00"), funding("1.00"))
    assert isinstance(both, Committed)
    assert len(both.events) == 2


def test_a_receipt_from_a_file_is_checked_with_the_genesis_file_alone(story: Story) -> None:
    outcome = story.operator.submit(funding("1.00")).committed()
    outcome.receipt.save(story.directory / "transfer.receipt")
    trust = Trust.load(story.directory / "genesis.json")
    assert trust == story.ledger.trust
    assert Receipt.load(story.directory / "transfer.receipt").verify(trust).author == "operator"

    data = bytearray(outcome.receipt.to_bytes())
    data[len(data) // 2] ^= 1
    with pytest.raises(AllongeError) as raised:
        Receipt.from_bytes(bytes(data)).verify(trust)
    assert raised.value.phase == "proof"


def test_the_log_is_followed_from_any_cursor_and_ends_when_the_ledger_closes(story: Story) -> None:
    story.ledger.advance_to(at("2026-03-03T01:00:00Z"))
    log = story.ledger.subscribe()
    entries = list(iter(log.poll, None))
    assert [entry.author for entry in entries] == ["operator"] * 3 + [ISSUER, PRESENTER, "operator"]
    behind = story.ledger.subscribe(after=entries[2].cursor)
    assert list(iter(behind.poll, None)) == entries[3:]
    story.operator.submit(funding("1.00"))
    assert next(log).operations == (funding("1.00"),)
    story.ledger.close()
    assert list(log) == []
    with pytest.raises(AllongeError, match=r"ledger\.closed"):
        story.ledger.status()


@everywhere
def test_records_are_listed_in_pages(story: Story) -> None:
    story.issue_and_advise()
    ledger = story.ledger
    assert [credit.id for credit in ledger.credits()] == [CREDIT]
    parties = [party.id for party in ledger.parties()]
    assert parties == [PRESENTER, ISSUER, "operator"] == sorted(parties)
    assert list(ledger.claims()) == []
    assert ledger.presentation(PRESENTATION) is None
    calendar = ledger.calendar("CN")
    assert calendar is not None
    assert calendar.version == 1
    party = ledger.party(ISSUER)
    assert party is not None
    assert party.keys[0].key == story.issuer.public_key


def test_a_system_clock_is_not_moved(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "system") as ledger:
        assert ledger.status().clock == "system"
        with pytest.raises(AllongeError) as raised:
            ledger.advance_to(at("2099-01-01T00:00:00Z"))
    assert raised.value.code == "clock.not_manual"
