"""What an account held and what moved: previews, statements, proofs, backups and replays."""

from __future__ import annotations

import asyncio
import csv
import datetime
import pickle
from pathlib import Path

import pytest
from story import ISSUER, ISSUER_ACCOUNT, START, at, funding, usd

from allonge import (
    AccountError,
    AsyncLedger,
    AsyncSession,
    BlockError,
    Committed,
    Ledger,
    OpenAccount,
    ReceiptError,
    ReplayError,
    Reversal,
    ReversalError,
    ReverseTransaction,
    Session,
    SigningKeyError,
    StoreError,
    TransactionError,
    TransactionReversed,
    Transfer,
    Transferred,
    Trust,
    replay,
    restore,
    verify_account,
)

ISSUE = "operator/USD/issue"
KEY = b"7" * 16


def march(day: int) -> datetime.date:
    return datetime.date(2026, 3, day)


def back(amount: str, reference: str = "back") -> Transfer:
    return Transfer(from_=ISSUER_ACCOUNT, to=ISSUE, amount=usd(amount), reference=reference)


@pytest.fixture
def bank(ledger: Ledger) -> Session:
    """On 2 March the bank gets 100.00, on 4 March 25.00 go back."""
    bank = ledger.admit(ISSUER, "Synthetic Bank of China")
    operator = ledger.operator()
    operator.submit(OpenAccount(account=ISSUE)).committed()
    bank.submit(OpenAccount(account=ISSUER_ACCOUNT)).committed()
    operator.submit(funding("100.00").replace(reference='first "money", issued')).committed()
    ledger.advance_to(at("2026-03-04T08:00:00Z"))
    bank.submit(back("25.00")).committed()
    return bank


def test_a_statement_opens_moves_and_closes(ledger: Ledger, bank: Session) -> None:
    statement = ledger.statement(ISSUER_ACCOUNT, march(2), march(4))
    assert (statement.opening, statement.closing) == (usd("0.00"), usd("75.00"))
    first, second = statement.entries
    assert (first.entry, first.amount, first.balance) == (1, usd("100.00"), usd("100.00"))
    assert (second.amount, second.counterparty, second.value_date) == (usd("-25.00"), ISSUE, march(4))
    assert ledger.receipt(second.transaction).verify(ledger.trust).height == second.height
    assert ledger.entries(ISSUER_ACCOUNT) == [first, second]
    assert ledger.entries(ISSUER_ACCOUNT, after=1, limit=1) == [second]
    later = ledger.statement(ISSUER_ACCOUNT, march(4), march(4))
    assert (later.opening, later.entries) == (usd("100.00"), (second,))

    lines = ledger.statement_csv(ISSUER_ACCOUNT, march(2), march(4)).splitlines()
    rows = list(csv.DictReader(lines))
    assert [(row["entry"], row["amount"], row["balance"]) for row in rows] == [
        ("opening", "", "0.00"),
        ("1", "100.00", "100.00"),
        ("2", "-25.00", "75.00"),
        ("closing", "", "75.00"),
    ]
    assert rows[1]["reference"] == 'first "money", issued'
    with pytest.raises(AccountError):
        ledger.statement(f"{ISSUER}/USD/none", march(2), march(4))


def test_a_reversal_names_what_it_reverses(ledger: Ledger, bank: Session) -> None:
    (back,) = ledger.entries(ISSUER_ACCOUNT, after=1)
    storno = ReverseTransaction(transaction=back.transaction, amounts=[usd("25.00")], reason="not owed")
    with pytest.raises(ReversalError) as refused:
        bank.submit(storno).committed()
    assert refused.value.code == "reversal.not_yours"
    committed = ledger.operator().submit(storno).committed()
    moved, reversed_ = (event.event for event in committed.events)
    assert isinstance(moved, Transferred)
    assert moved.reference == "not owed"
    assert reversed_ == TransactionReversed(transaction=back.transaction, transfers=1, reason="not owed")
    assert ledger.reversal(back.transaction) == Reversal(
        transaction=back.transaction, by=committed.transaction
    )
    assert ledger.reversal(committed.transaction) is None

    statement = ledger.statement(ISSUER_ACCOUNT, march(2), march(4))
    assert statement.closing == usd("100.00")
    assert [entry.reverses for entry in statement.entries] == [None, None, back.transaction]
    rows = list(csv.DictReader(ledger.statement_csv(ISSUER_ACCOUNT, march(2), march(4)).splitlines()))
    assert [row["reverses"] for row in rows] == ["", "", "", back.transaction, ""]


def test_a_balance_is_as_of_a_height_and_of_a_value_date(ledger: Ledger, bank: Session) -> None:
    now = ledger.balance(ISSUER_ACCOUNT)
    assert (now.balance, now.entries, now.height) == (usd("75.00"), 2, ledger.status().height)
    assert ledger.balance(ISSUER_ACCOUNT, height=now.height - 1).balance == usd("100.00")
    before = ledger.balance(ISSUER_ACCOUNT, value_date=march(3))
    assert (before.balance, before.value_date) == (usd("100.00"), march(3))
    with pytest.raises(BlockError):
        ledger.balance(ISSUER_ACCOUNT, height=now.height + 1)
    with pytest.raises(TypeError):
        ledger.balance(ISSUER_ACCOUNT, value_date=START)


def test_a_preview_is_what_the_commit_is(ledger: Ledger, bank: Session) -> None:
    height = ledger.status().height
    refused = bank.preview(back("75.01"), key=KEY)
    assert not refused.committed
    assert refused.error is not None
    assert (refused.error.code, refused.events) == ("account.insufficient_funds", ())
    foreseen = bank.preview(back("75.00"), key=KEY)
    assert ledger.status().height == height

    committed = bank.submit(back("75.00"), key=KEY).committed()
    assert (foreseen.committed, foreseen.height, foreseen.time) == (True, committed.height, committed.time)
    assert foreseen.events == committed.events
    assert foreseen.state_root == ledger.status().state_root


def test_an_account_is_proven_offline(ledger: Ledger, bank: Session) -> None:
    trust = Trust.from_json(ledger.trust.to_json())
    file = ledger.prove_account(ISSUER_ACCOUNT)
    proven = verify_account(file, trust, ISSUER_ACCOUNT)
    assert proven.account == ledger.account(ISSUER_ACCOUNT)
    assert proven.height == ledger.status().height
    absent = f"{ISSUER}/USD/none"
    assert verify_account(ledger.prove_account(absent), trust, absent).account is None
    middle = len(file) // 2
    flipped = file[:middle] + bytes([file[middle] ^ 1]) + file[middle + 1 :]
    with pytest.raises(ReceiptError) as raised:
        verify_account(flipped, trust, ISSUER_ACCOUNT)
    assert raised.value.code == "receipt.invalid"


def test_a_prepared_transaction_is_submitted_later_and_once(ledger: Ledger, bank: Session) -> None:
    signed = bank.prepare(back("1.00", "late"))
    height = ledger.status().height
    first = ledger.submit(signed).committed()
    again = ledger.submit(signed).committed()
    assert (first.height, again.receipt) == (height + 1, first.receipt)
    with pytest.raises(TransactionError) as raised:
        ledger.submit(signed[1:])
    assert raised.value.code == "transaction.malformed"


def test_a_backup_is_replayed_and_restored_to_the_same_root(
    ledger: Ledger, bank: Session, tmp_path: Path
) -> None:
    file, new = tmp_path / "backup", tmp_path / "new"
    backup = ledger.backup(file)
    status = ledger.status()
    assert (backup.network, backup.height, backup.bytes) == (
        status.network,
        status.height,
        file.stat().st_size,
    )
    with pytest.raises(StoreError):
        ledger.backup(file)
    bank.submit(back("1.00", "not in it")).committed()

    replayed = replay(file, ledger.trust)
    assert (replayed.height, replayed.state_root) == (status.height, status.state_root)
    with Ledger.open(tmp_path / "elsewhere") as elsewhere, pytest.raises(ReceiptError) as raised:
        replay(file, elsewhere.trust)
    assert raised.value.code == "receipt.wrong_network"
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (tmp_path / "damaged").write_bytes(damaged)
    with pytest.raises(ReplayError):
        replay(tmp_path / "damaged")

    assert restore(file, new, ledger.trust) == replayed
    with pytest.raises(StoreError):
        restore(file, new)
    with pytest.raises(SigningKeyError):
        Ledger.open(new)
    ledger.close()
    (tmp_path / "ledger" / "keys").rename(new / "keys")
    with Ledger.open(new) as restored:
        assert restored.status().state_root == status.state_root
        restored.session(ISSUER).submit(back("1.00", "life goes on")).committed()


def test_the_async_ledger_says_the_same(ledger: Ledger, bank: Session, tmp_path: Path) -> None:
    async def act() -> None:
        other, session = AsyncLedger(ledger), AsyncSession(bank)
        days = march(2), march(4)
        assert await other.balance(ISSUER_ACCOUNT, height=4) == ledger.balance(ISSUER_ACCOUNT, height=4)
        assert await other.entries(ISSUER_ACCOUNT, after=1) == ledger.entries(ISSUER_ACCOUNT, after=1)
        assert await other.statement(ISSUER_ACCOUNT, *days) == ledger.statement(ISSUER_ACCOUNT, *days)
        csv_of_both = await other.statement_csv(ISSUER_ACCOUNT, *days)
        assert csv_of_both == ledger.statement_csv(ISSUER_ACCOUNT, *days)
        proof = await other.prove_account(ISSUER_ACCOUNT)
        assert verify_account(proof, other.trust, ISSUER_ACCOUNT).height == ledger.status().height
        assert (await other.backup(tmp_path / "backup")).height == ledger.status().height

        foreseen = await session.preview(back("2.00"), key=KEY)
        signed = await session.prepare(back("2.00"), key=KEY)
        first, again = await asyncio.gather(other.submit(signed), other.submit(signed))
        assert isinstance(first, Committed)
        assert (first.events, first.receipt) == (foreseen.events, again.receipt)

    asyncio.run(act())


def test_events_cross_when_somebody_wants_them_and_belong_to_the_outcome(
    ledger: Ledger, bank: Session
) -> None:
    foreseen = bank.preview(back("3.00"), back("4.00"))
    committed = bank.submit(back("3.00"), back("4.00")).committed()
    assert not hasattr(committed, "balance")
    again = pickle.loads(pickle.dumps(committed))
    assert committed.events is committed.events
    assert (again, hash(again)) == (committed, hash(committed))
    assert [event.event.type for event in again.events] == ["transferred", "transferred"]
    assert len(foreseen.events) == 2
    assert "events=(EventRecord(" in repr(committed)
