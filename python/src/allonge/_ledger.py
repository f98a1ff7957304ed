"""The ledger, and parties acting on it."""

from __future__ import annotations

import os

from . import _native
from ._outcome import outcome_from_native
from ._receipt import Receipt, Trust
from ._record import date_to_wire, instant_to_wire, key_to_wire, optional, wire_of
from ._records import (
    Account,
    AccountEntry,
    BackupRecord,
    Balance,
    Calendar,
    Checkpoint,
    Claim,
    Hold,
    LetterOfCredit,
    Party,
    Policy,
    Presentation,
    Preview,
    Proposal,
    Reversal,
    Statement,
    Status,
)
from ._subscription import Subscription

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Iterable

    from ._outcome import Outcome
    from ._records import (
        AccountId,
        CalendarId,
        ClaimId,
        Clock,
        CreditId,
        Currency,
        Hash,
        HoldId,
        Operation,
        PartyId,
        PresentationId,
        ProposalId,
        PublicKey,
    )
    from ._signer import Signer

DEFAULT_DEADLINE = 30.0
"""How long calls wait where nobody says otherwise, in seconds."""


class Ledger:
    """An open ledger, in a directory of its own.

    It is safe to use from several threads, and closes at the end of a `with` block. After a fork it raises
    `ProcessError` in the child, which opens its own.

    >>> with Ledger.open(directory) as ledger:
    ...     bank = ledger.admit("SYNBCNBJXXX", "Synthetic Bank of China")
    """

    __slots__ = ("__weakref__", "_native")

    def __init__(self, native: _native.Ledger) -> None:
        """Use `open`."""
        self._native = native

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        clock: Clock | None = None,
        start: datetime.datetime | None = None,
        name: str | None = None,
        currencies: Iterable[Currency] | None = None,
    ) -> Ledger:
        """Opens the ledger in a directory; where there is none, creates one with fresh keys.

        The options are those of a new ledger; an existing one is as its genesis says. The clock is `system`
        unless `manual` is asked for; a manual one starts at `start` and is moved by `advance_to`.

        Raises `StoreError`, `GenesisError`, `InputError`, `FileError`.
        """
        return cls(
            _native.Ledger.open(
                os.fspath(path),
                clock,
                optional(instant_to_wire, start),
                name,
                None if currencies is None else list(currencies),
            )
        )

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Finishes what was submitted and releases the directory."""
        self._native.close()

    @property
    def trust(self) -> Trust:
        """The genesis, to verify receipts against."""
        return Trust(self._native.trust())

    def status(self) -> Status:
        """Where the ledger stands."""
        return Status.from_wire(self._native.status())

    def operator(self) -> Session:
        """The session of the party that holds the offices, with the key kept in this directory."""
        return Session(self._native.operator())

    def admit(self, party: PartyId, name: str) -> Session:
        """Admits a party with a fresh key kept in this directory, and opens its session.

        Raises `PartyError`, `SigningKeyError`, `AuthorityError`.
        """
        return Session(self._native.admit(party, name))

    def session(self, party: PartyId, *signers: Signer) -> Session:
        """The session of a party: with its own signer, or with the key kept in this directory.

        Several signers, at most 16, sign together: each transaction carries the signatures of all. Raises
        `SigningKeyError`, `InputError`.
        """
        natives = [signer._native for signer in signers]  # pyright: ignore[reportPrivateUsage]
        return Session(self._native.session(party, natives))

    def advance_to(self, time: datetime.datetime, *, deadline: float | None = DEFAULT_DEADLINE) -> Status:
        """Moves a manual clock forward, in a block of its own.

        Raises `ClockError`, `DeadlineError`.
        """
        return Status.from_wire(self.advance(time).wait(milliseconds(deadline)))

    def advance(self, time: datetime.datetime) -> _native.Pending:
        """Hands the time over; the answer is still to come."""
        return self._native.advance_to(instant_to_wire(time))

    def submit(self, signed: bytes, *, deadline: float | None = DEFAULT_DEADLINE) -> Outcome:
        """Submits a transaction that was signed before, by `Session.prepare`, and waits for the outcome.

        What was submitted already is answered with its first outcome.

        Raises what `Session.submit` raises.
        """
        return outcome_from_native(self.submission(signed).wait(milliseconds(deadline)))

    def submission(self, signed: bytes) -> _native.Pending:
        """Hands a signed transaction over; the answer is still to come."""
        return self._native.submit(signed)

    def receipt(self, transaction: Hash) -> Receipt:
        """The receipt of a transaction. Raises `TransactionError` for one that is not there."""
        return Receipt(self._native.receipt(transaction))

    def credit(self, id: CreditId) -> LetterOfCredit | None:
        """A letter of credit."""
        return optional(LetterOfCredit.from_wire, self._native.credit(id))

    def presentation(self, id: PresentationId) -> Presentation | None:
        """A presentation under a letter of credit."""
        return optional(Presentation.from_wire, self._native.presentation(id))

    def claim(self, id: ClaimId) -> Claim | None:
        """A claim."""
        return optional(Claim.from_wire, self._native.claim(id))

    def account(self, id: AccountId) -> Account | None:
        """An account."""
        return optional(Account.from_wire, self._native.account(id))

    def hold(self, id: HoldId) -> Hold | None:
        """A hold."""
        return optional(Hold.from_wire, self._native.hold(id))

    def policy(self, party: PartyId) -> Policy | None:
        """A party's policy; none if it never set one."""
        return optional(Policy.from_wire, self._native.policy(party))

    def proposal(self, id: ProposalId) -> Proposal | None:
        """A proposal of a party."""
        return optional(Proposal.from_wire, self._native.proposal(id))

    def reversal(self, transaction: Hash) -> Reversal | None:
        """That a transaction was reversed, and by which; none if it was not."""
        return optional(Reversal.from_wire, self._native.reversal(transaction))

    def party(self, id: PartyId) -> Party | None:
        """A party."""
        return optional(Party.from_wire, self._native.party(id))

    def calendar(self, id: CalendarId) -> Calendar | None:
        """A published calendar, its newest version."""
        return optional(Calendar.from_wire, self._native.calendar(id))

    def balance(
        self, account: AccountId, *, height: int | None = None, value_date: datetime.date | None = None
    ) -> Balance:
        """What an account held: now, or by what was recorded up to `height`.

        With a `value_date`, without what counts after it.

        Raises `AccountError`, and `BlockError` for a height that is not there yet.
        """
        return Balance.from_wire(self._native.balance(account, height, optional(date_to_wire, value_date)))

    def entries(self, account: AccountId, after: int = 0, limit: int = 1000) -> list[AccountEntry]:
        """At most `limit` bookings of an account (1,000 at most) with numbers above `after`, in their order.

        Raises `AccountError`, `StatementError`.
        """
        return [AccountEntry.from_wire(wire) for wire in self._native.entries(account, after, limit)]

    def statement(self, account: AccountId, first: datetime.date, last: datetime.date) -> Statement:
        """What was booked to an account in blocks of these dates, by UTC, both included.

        Other threads run meanwhile. Raises `AccountError`, `StatementError`.
        """
        wire = self._native.statement(account, date_to_wire(first), date_to_wire(last))
        return Statement.from_wire(wire)

    def statement_csv(self, account: AccountId, first: datetime.date, last: datetime.date) -> str:
        """A statement as CSV (RFC 4180): the opening balance, a line for each booking, the closing balance.

        Amounts are plain decimal numbers, times are UTC. Its lines end as RFC 4180 has it: write it to a file
        that is opened with `newline=""`. Raises what `statement` raises.
        """
        return self._native.statement_csv(account, date_to_wire(first), date_to_wire(last))

    def prove_account(self, account: AccountId, *, height: int | None = None) -> bytes:
        """One file that proves what an account is now, or that it is not open, from nothing but the genesis.

        With a `height`, what it was then: at one of the newest 256 since the ledger was opened.
        `verify_account` checks the file. Raises `BlockError`, `ProofError`.
        """
        return self._native.prove_account(account, height)

    def prove_answer(
        self, party: PartyId, key: str | bytes | uuid.UUID, valid_until: datetime.datetime
    ) -> bytes:
        """One file that proves which transaction used an idempotency key.

        Or that none with this `valid_until` did. Whoever prepared a transaction reads its `valid_until` from
        its bytes. Once block time has passed it, a file that says so proves that the transaction never takes
        effect. `verify_answer` checks the file. Raises `BlockError` before the first block.
        """
        return self._native.prove_answer(party, key_to_wire(key), instant_to_wire(valid_until))

    def checkpoint(self) -> Checkpoint:
        """The newest block, to be kept. Raises `BlockError` before the first."""
        return Checkpoint.from_wire(self._native.checkpoint())

    def prove_history(self, older: int, newer: int | None = None) -> bytes:
        """One file that proves that a newer block, by default the newest, continues the history of an older.

        `verify_history` checks it, with a `Checkpoint` that was kept. It takes time in proportion to the
        newer height; the ledger goes on meanwhile. Raises `BlockError`.
        """
        return self._native.prove_history(older, newer)

    def backup(self, path: str | os.PathLike[str]) -> BackupRecord:
        """Writes everything committed so far to a file that is not there yet. The ledger goes on meanwhile.

        The file has no keys: they are kept in the ledger's directory alone. `replay` checks it, `restore`
        makes a ledger of it. Raises `StoreError`.
        """
        return BackupRecord.from_wire(self._native.backup(os.fspath(path)))

    def credits(self, after: CreditId | None = None, limit: int = 100) -> list[LetterOfCredit]:
        """At most `limit` letters of credit (1,000 at most), by id, after the one given."""
        return [LetterOfCredit.from_wire(wire) for wire in self._native.credits(after, limit)]

    def claims(self, after: ClaimId | None = None, limit: int = 100) -> list[Claim]:
        """At most `limit` claims (1,000 at most), by id, after the one given."""
        return [Claim.from_wire(wire) for wire in self._native.claims(after, limit)]

    def accounts(self, after: AccountId | None = None, limit: int = 100) -> list[Account]:
        """At most `limit` accounts (1,000 at most), by id, after the one given."""
        return [Account.from_wire(wire) for wire in self._native.accounts(after, limit)]

    def holds(self, after: HoldId | None = None, limit: int = 100) -> list[Hold]:
        """At most `limit` holds (1,000 at most), by id, after the one given."""
        return [Hold.from_wire(wire) for wire in self._native.holds(after, limit)]

    def proposals(self, after: ProposalId | None = None, limit: int = 100) -> list[Proposal]:
        """At most `limit` proposals (1,000 at most), by id, after the one given."""
        return [Proposal.from_wire(wire) for wire in self._native.proposals(after, limit)]

    def parties(self, after: PartyId | None = None, limit: int = 100) -> list[Party]:
        """At most `limit` parties (1,000 at most), by id, after the one given."""
        return [Party.from_wire(wire) for wire in self._native.parties(after, limit)]

    def subscribe(self, after: str | None = None) -> Subscription:
        """The log from behind a cursor on, and then what comes; without a cursor, from the beginning."""
        return Subscription(self._native.subscribe(after))


class Session:
    """A party acting on a ledger, with its signer, or several that sign together."""

    __slots__ = ("_native",)

    def __init__(self, native: _native.Session) -> None:
        """Use `Ledger.admit`, `Ledger.session` or `Ledger.operator`."""
        self._native = native

    @property
    def party(self) -> PartyId:
        """Who acts."""
        return self._native.party()

    @property
    def public_key(self) -> PublicKey:
        """The key that signs; of several, the first that was given."""
        return self._native.public_key()

    @property
    def public_keys(self) -> list[PublicKey]:
        """All keys that sign, in the order in which they were given."""
        return self._native.public_keys()

    def submit(
        self,
        *operations: Operation,
        key: str | bytes | uuid.UUID | None = None,
        valid_for: datetime.timedelta | None = None,
        deadline: float | None = DEFAULT_DEADLINE,
    ) -> Outcome:
        """Submits operations that take effect together or not at all, and waits for the outcome.

        An outcome is a fact that stands in the ledger. An error means that nothing was recorded, or, after
        `DeadlineError`, that nothing is known yet: submit again with the same `key` (16 bytes, a UUID, or 32
        hexadecimal digits) and the first outcome is the answer. The transaction may enter a block for
        `valid_for`, one day unless said, at most 7 days. `deadline` is in seconds; None waits for ever.

        Raises `TransactionError`, `SignatureError`, `PartyError`, `InputError`, `DeadlineError`.
        """
        pending = self.submission(operations, key, valid_for)
        return outcome_from_native(pending.wait(milliseconds(deadline)))

    def submission(
        self,
        operations: Iterable[Operation],
        key: str | bytes | uuid.UUID | None,
        valid_for: datetime.timedelta | None,
    ) -> _native.Pending:
        """Hands operations over; the answer is still to come."""
        return self._native.submit(*_transaction(operations, key, valid_for))

    def preview(
        self,
        *operations: Operation,
        key: str | bytes | uuid.UUID | None = None,
        valid_for: datetime.timedelta | None = None,
    ) -> Preview:
        """What submitting these operations now would come to: the events or the refusal, and the state root.

        Nothing is recorded, and the key is not used up. Raises what `submit` raises.
        """
        return Preview.from_wire(self._native.preview(*_transaction(operations, key, valid_for)))

    def prepare(
        self,
        *operations: Operation,
        key: str | bytes | uuid.UUID | None = None,
        valid_for: datetime.timedelta | None = None,
    ) -> bytes:
        """The signed transaction, to be submitted later by `Ledger.submit`, by whomever.

        It is good until it expires, and once. Raises `TransactionError`, `InputError`, `SignerError`.
        """
        return self._native.prepare(*_transaction(operations, key, valid_for))

    def cosign(self, signed: bytes) -> bytes:
        """Adds this session's signatures to a transaction of the same party that was prepared elsewhere.

        The bytes are for another to sign, or for `Ledger.submit`. A key that has signed already counts once.
        Whoever signs answers for it: `evidence.from_canonical_bytes("signed_transaction", signed)` says what
        it does. Raises `TransactionError`, `SignatureError`, `SignerError`.
        """
        return self._native.cosign(signed)

    def __repr__(self) -> str:
        return f"<Session of {self.party}>"


def _transaction(
    operations: Iterable[Operation],
    key: str | bytes | uuid.UUID | None,
    valid_for: datetime.timedelta | None,
) -> tuple[list[dict[str, object]], str | None, int | None]:
    """What a transaction is made of, as the core reads it."""
    return (
        [wire_of(operation) for operation in operations],
        optional(key_to_wire, key),
        None if valid_for is None else round(valid_for.total_seconds() * 1000),
    )


def milliseconds(deadline: float | None) -> int | None:
    """A deadline as the core counts it."""
    return None if deadline is None else max(0, round(deadline * 1000))
