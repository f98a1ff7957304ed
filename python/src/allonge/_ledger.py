"""The ledger, and parties acting on it."""

from __future__ import annotations

import os

from . import _native
from ._kinds import Records
from ._network import SimulatedNetwork
from ._outcome import DEFAULT_DEADLINE, Submission, Unknown, milliseconds, outcome_from_native
from ._query import Page, page_of
from ._receipt import Receipt, Trust
from ._record import date_to_wire, each, instant_to_wire, key_to_wire, listed, optional, wire_of
from ._records import (
    Account,
    AccountEntry,
    AccountQuery,
    BackupRecord,
    Balance,
    Calendar,
    Checkpoint,
    Claim,
    ClaimQuery,
    CreditQuery,
    Explanation,
    Hold,
    HoldQuery,
    LetterOfCredit,
    NextStep,
    Party,
    PartyQuery,
    Policy,
    Presentation,
    PresentationQuery,
    Preview,
    Proposal,
    ProposalQuery,
    Reversal,
    Statement,
    Status,
    TransactionEntry,
    TransactionQuery,
    Validators,
)
from ._subscription import Subscription

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Iterable

    from ._kinds import ListedKind, RecordKind
    from ._outcome import Outcome
    from ._records import (
        AccountId,
        CalendarId,
        ClaimId,
        ClaimStatus,
        Clock,
        CreditId,
        CreditStatus,
        Currency,
        Hash,
        HoldId,
        HoldState,
        Operation,
        PartyId,
        PresentationId,
        PresentationStatus,
        ProposalId,
        ProposalStatus,
        PublicKey,
    )
    from ._signer import Signer


class Ledger(Records):
    """An open ledger: in a directory of its own, on a network of validators or on a simulated one.

    It is safe to use from several threads, and closes at the end of a `with` block. After a fork it raises
    `ProcessError` in the child, which opens its own.

    >>> with Ledger.open(directory) as ledger:
    ...     bank = ledger.admit("SYNBCNBJXXX", "Synthetic Bank of China")
    """

    __slots__ = ("__weakref__", "_native")

    def __init__(self, native: _native.Ledger) -> None:
        """Use `open`, `connect` or `simulate`."""
        self._native = native

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        clock: Clock | None = None,
        start: datetime.datetime | None = None,
        name: str | None = None,
        operator: PartyId | None = None,
        currencies: Iterable[Currency] | None = None,
        calendars: Iterable[Calendar] | None = None,
    ) -> Ledger:
        """Opens the ledger in a directory; where there is none, creates one with fresh keys.

        The options are those of a new ledger; an existing one is as its genesis says. The clock is `system`
        unless `manual` is asked for; a manual one starts at `start` and is moved by `advance_to`. The
        `operator`, of that name unless another is said, holds every office. The `calendars` are those that
        ship unless others are given.

        Raises `StoreError`, `GenesisError`, `InputError`, `FileError`.
        """
        return cls(
            _native.Ledger.open(
                os.fspath(path),
                {
                    "clock": clock,
                    "start": optional(instant_to_wire, start),
                    "name": name,
                    "operator": operator,
                    "currencies": optional(listed, currencies),
                    "calendars": None if calendars is None else [wire_of(calendar) for calendar in calendars],
                },
            )
        )

    @classmethod
    def simulate(
        cls,
        banks: Iterable[PartyId] | None = None,
        *,
        validators: int | None = None,
        seed: int | None = None,
        start: datetime.datetime | None = None,
        name: str | None = None,
        operator: PartyId | None = None,
        currencies: Iterable[Currency] | None = None,
        calendars: Iterable[Calendar] | None = None,
    ) -> Ledger:
        """A network of banks in the process, for tests: real consensus on virtual time, from a seed.

        `banks` are admitted from the start; their keys, and that of the operator, follow from the seed. There
        are 1 to 20 `validators`, four unless said; the ledger that is answered is at the first. `seed`, 0
        unless said, has 64 bits and decides over everything that is chance. The clock is manual and starts on
        2 March 2026 unless `start` is given; virtual time stands still while nothing is asked for. Nothing is
        kept.

        >>> with Ledger.simulate(["SYNBCNBJXXX"]) as ledger:
        ...     ledger.network.crash(3)
        ...     bank = ledger.session("SYNBCNBJXXX")

        Raises `SimulationError`, `GenesisError`, `InputError`; `UnsupportedHereError` where the engine is not
        built in.
        """
        return cls(
            _native.Ledger.simulate(
                {
                    "banks": optional(listed, banks),
                    "validators": validators,
                    "seed": seed,
                    "start": optional(instant_to_wire, start),
                    "name": name,
                    "operator": operator,
                    "currencies": optional(listed, currencies),
                    "calendars": None if calendars is None else [wire_of(calendar) for calendar in calendars],
                }
            )
        )

    @classmethod
    def connect(
        cls,
        urls: Iterable[str],
        trust: Trust,
        state_dir: str | os.PathLike[str],
        *,
        roots: str | os.PathLike[str] | None = None,
        certificate: str | os.PathLike[str] | None = None,
        key: str | os.PathLike[str] | None = None,
        checkpoint: Checkpoint | None = None,
    ) -> Ledger:
        """Opens a ledger on a network of validators, by the addresses of some and the genesis they agreed on.

        `state_dir` has the copy that follows the network, the outbox of what is not settled yet, and the keys
        of this application. What is read is read from the copy, which executes every final block itself; what
        is submitted is submitted again until a certified block says what became of it, also after a crash.

        An address with `https` needs `roots`, a file in PEM with the roots that the validators' certificates
        chain to; `certificate` and its `key`, where validators ask for one, say who this client is. With
        `http` only validators of this machine are asked.

        With a `checkpoint` that was kept, a history without it is none, whoever certified that; the ledger is
        there once the copy has it.

        Raises `NetworkError`, `HistoryError` when the ledger was forked, `ReceiptError` for a checkpoint of
        another network, `StoreError`, `FileError`.
        """
        genesis = trust._native  # pyright: ignore[reportPrivateUsage]
        files = (optional(os.fspath, roots), optional(os.fspath, certificate), optional(os.fspath, key))
        kept = optional(wire_of, checkpoint)
        return cls(_native.Ledger.connect(listed(urls), genesis, os.fspath(state_dir), files, kept))

    @property
    def network(self) -> SimulatedNetwork | None:
        """The simulated network that this ledger lives on; None for one in a directory."""
        return optional(SimulatedNetwork, self._native.network())

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Finishes what was submitted and releases the directory, or ends the simulated network."""
        self._native.close()

    @property
    def trust(self) -> Trust:
        """The genesis, to verify receipts against."""
        return Trust(self._native.trust())

    def status(self) -> Status:
        """Where the ledger stands."""
        return Status.from_wire(self._native.status())

    def validators(self) -> Validators:
        """Who certifies the next block, and the roster that is to follow, if one is approved.

        The keys are on the ledger; where the validators listen is not.
        """
        return Validators.from_wire(self._native.validators())

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

    def start(self, signed: bytes) -> Submission:
        """Hands over a transaction that was signed before, without waiting. As `Session.start`."""
        return Submission(self.handed_over(signed))

    def handed_over(self, signed: bytes) -> _native.Submission:
        """Hands a signed transaction over; its stages are still to come."""
        return self._native.start(signed)

    def pending(self) -> tuple[Unknown, ...]:
        """What was submitted from this directory and is not settled, also before a restart: the outbox."""
        return each(Unknown, self._native.pending())

    def outcome(self, party: PartyId, key: str | bytes | uuid.UUID) -> Outcome | None:
        """What became of the transaction that used a party's idempotency key, for ever, whoever submitted it.

        `Unknown` while it is in the outbox, or in a block whose result is not certified yet. None when the
        key was not used: `prove_answer` proves that.
        """
        return optional(outcome_from_native, self._native.outcome(party, key_to_wire(key)))

    def receipt(self, transaction: Hash) -> Receipt:
        """The receipt of a transaction. Raises `TransactionError` for one that is not there."""
        return Receipt(self._native.receipt(transaction))

    def credit(self, id: CreditId, *, height: int | None = None) -> LetterOfCredit | None:
        """A letter of credit, with `height` as it stood after that block."""
        return optional(LetterOfCredit.from_wire, self._native.record("credit", id, height))

    def presentation(self, id: PresentationId, *, height: int | None = None) -> Presentation | None:
        """A presentation, with `height` as it stood after that block."""
        return optional(Presentation.from_wire, self._native.record("presentation", id, height))

    def claim(self, id: ClaimId, *, height: int | None = None) -> Claim | None:
        """A claim, with `height` as it stood after that block."""
        return optional(Claim.from_wire, self._native.record("claim", id, height))

    def account(self, id: AccountId) -> Account | None:
        """An account."""
        return optional(Account.from_wire, self._native.record("account", id))

    def hold(self, id: HoldId, *, height: int | None = None) -> Hold | None:
        """A hold, with `height` as it stood after that block."""
        return optional(Hold.from_wire, self._native.record("hold", id, height))

    def policy(self, party: PartyId, *, height: int | None = None) -> Policy | None:
        """A party's policy, none if it never set one; with `height` as it stood after that block."""
        return optional(Policy.from_wire, self._native.record("policy", party, height))

    def proposal(self, id: ProposalId, *, height: int | None = None) -> Proposal | None:
        """A proposal of a party, with `height` as it stood after that block."""
        return optional(Proposal.from_wire, self._native.record("proposal", id, height))

    def reversal(self, transaction: Hash, *, height: int | None = None) -> Reversal | None:
        """That a transaction was reversed, and by which; with `height` as it stood after that block."""
        return optional(Reversal.from_wire, self._native.record("reversal", transaction, height))

    def party(self, id: PartyId, *, height: int | None = None) -> Party | None:
        """A party, with `height` as it stood after that block."""
        return optional(Party.from_wire, self._native.record("party", id, height))

    def calendar(self, id: CalendarId, *, height: int | None = None) -> Calendar | None:
        """A published calendar, its newest version; with `height` that of then."""
        return optional(Calendar.from_wire, self._native.record("calendar", id, height))

    def next_steps(self, kind: ListedKind, id: str, party: PartyId) -> list[NextStep]:
        """What a party may do next with an instrument, by when, and which article says so.

        Nothing where it may do nothing, or where there is no such record. It is a hint: what an operation
        carries can still be refused, and `Session.preview` says by which rule.

        Raises `InputError` for a kind, an id or a party that is none.
        """
        return [NextStep.from_wire(wire) for wire in self._native.next_steps(kind, id, party)]

    def explain(self, transaction: Hash) -> Explanation:
        """Why a transaction of one of the newest 128 blocks came out as it did.

        It is executed once more over the state that it found, and every rule of trade that is asked is
        listed, with its article and what it asks in English and in Chinese. After one that is violated none
        is asked. Nothing is recorded.

        Raises `TransactionError` for one that is not there; `ProofError` for blocks before those, or before
        the ledger was opened; `BlockError` for one that is pruned.
        """
        return Explanation.from_wire(self._native.explain(transaction))

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

    def headers(self, after: int = 0, limit: int | None = None) -> bytes:
        """The headers above a height with their certificates, for `LightClient.follow`: 4,096 at most."""
        return self._native.headers(after, limit)

    def prove(self, kind: RecordKind, id: str) -> bytes:
        """One file that proves what a record is after the newest block, or that there is none with this id.

        It is proven from nothing but the genesis; `verify_record` checks it. Nothing proves that a list is
        complete. Raises `BlockError` before the first block.
        """
        return self._native.prove(kind, id)

    def backup(self, path: str | os.PathLike[str]) -> BackupRecord:
        """Writes everything committed so far to a file that is not there yet. The ledger goes on meanwhile.

        The file has no keys: they are kept in the ledger's directory alone. `replay` checks it, `restore`
        makes a ledger of it. Raises `StoreError`.
        """
        return BackupRecord.from_wire(self._native.backup(os.fspath(path)))

    def credits(
        self,
        *,
        party: PartyId | None = None,
        status: CreditStatus | None = None,
        expires_from: datetime.date | None = None,
        expires_until: datetime.date | None = None,
        issued_from: datetime.datetime | None = None,
        issued_until: datetime.datetime | None = None,
        height: int | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[LetterOfCredit]:
        """Letters of credit, a page at a time.

        Those whose terms identify a party, of a status, that expire on some dates or were issued at
        some times. By the date of expiry, or by the time of issue if only that is asked for.

        Dates and times include both ends; `height` asks for them as they stood after that block.
        A page has at most `limit` (100 unless said, 1,000 at most) and the cursor of the next one.

        Raises `QueryError`, `BlockError`.
        """
        query = CreditQuery(
            party=party,
            status=status,
            expires_from=expires_from,
            expires_until=expires_until,
            issued_from=issued_from,
            issued_until=issued_until,
            height=height,
            cursor=cursor,
            limit=limit,
        )
        return page_of(LetterOfCredit, self._native.credits(query.to_wire()))

    def presentations(
        self,
        *,
        credit: CreditId | None = None,
        party: PartyId | None = None,
        status: PresentationStatus | None = None,
        presented_from: datetime.datetime | None = None,
        presented_until: datetime.datetime | None = None,
        deadline_from: datetime.date | None = None,
        deadline_until: datetime.date | None = None,
        height: int | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Presentation]:
        """Presentations, a page at a time.

        Those under a letter of credit, of a presenter or issuing bank, of a status, presented at
        some times, or to be examined by some dates. By the time of presentation, or by the deadline
        if only that is asked for.

        Dates and times include both ends; `height` asks for them as they stood after that block.
        A page has at most `limit` (100 unless said, 1,000 at most) and the cursor of the next one.

        Raises `QueryError`, `BlockError`.
        """
        query = PresentationQuery(
            credit=credit,
            party=party,
            status=status,
            presented_from=presented_from,
            presented_until=presented_until,
            deadline_from=deadline_from,
            deadline_until=deadline_until,
            height=height,
            cursor=cursor,
            limit=limit,
        )
        return page_of(Presentation, self._native.presentations(query.to_wire()))

    def claims(
        self,
        *,
        party: PartyId | None = None,
        obligor: PartyId | None = None,
        holder: PartyId | None = None,
        status: ClaimStatus | None = None,
        due_from: datetime.date | None = None,
        due_until: datetime.date | None = None,
        created_from: datetime.datetime | None = None,
        created_until: datetime.datetime | None = None,
        height: int | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Claim]:
        """Claims, a page at a time.

        Those that a party owes or is owed, of a status, due on some dates or created at some times.
        By due date, or by the time of creation if only that is asked for.

        Dates and times include both ends; `height` asks for them as they stood after that block.
        A page has at most `limit` (100 unless said, 1,000 at most) and the cursor of the next one.

        Raises `QueryError`, `BlockError`.
        """
        query = ClaimQuery(
            party=party,
            obligor=obligor,
            holder=holder,
            status=status,
            due_from=due_from,
            due_until=due_until,
            created_from=created_from,
            created_until=created_until,
            height=height,
            cursor=cursor,
            limit=limit,
        )
        return page_of(Claim, self._native.claims(query.to_wire()))

    def holds(
        self,
        *,
        party: PartyId | None = None,
        status: HoldState | None = None,
        expires_from: datetime.datetime | None = None,
        expires_until: datetime.datetime | None = None,
        height: int | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Hold]:
        """Holds, a page at a time.

        Those that concern a party, of a state, or that expire at some times. By expiry.

        Dates and times include both ends; `height` asks for them as they stood after that block.
        A page has at most `limit` (100 unless said, 1,000 at most) and the cursor of the next one.

        Raises `QueryError`, `BlockError`.
        """
        query = HoldQuery(
            party=party,
            status=status,
            expires_from=expires_from,
            expires_until=expires_until,
            height=height,
            cursor=cursor,
            limit=limit,
        )
        return page_of(Hold, self._native.holds(query.to_wire()))

    def proposals(
        self,
        *,
        party: PartyId | None = None,
        status: ProposalStatus | None = None,
        expires_from: datetime.datetime | None = None,
        expires_until: datetime.datetime | None = None,
        proposed_from: datetime.datetime | None = None,
        proposed_until: datetime.datetime | None = None,
        height: int | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Proposal]:
        """Proposals, a page at a time.

        Those of a party, of a status, that expire or were proposed at some times. By expiry, or by
        the time of proposal if only that is asked for.

        Dates and times include both ends; `height` asks for them as they stood after that block.
        A page has at most `limit` (100 unless said, 1,000 at most) and the cursor of the next one.

        Raises `QueryError`, `BlockError`.
        """
        query = ProposalQuery(
            party=party,
            status=status,
            expires_from=expires_from,
            expires_until=expires_until,
            proposed_from=proposed_from,
            proposed_until=proposed_until,
            height=height,
            cursor=cursor,
            limit=limit,
        )
        return page_of(Proposal, self._native.proposals(query.to_wire()))

    def accounts(
        self,
        *,
        party: PartyId | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Account]:
        """Accounts, a page at a time.

        Those of a party. By id, each page as of now: accounts are never closed, so that none is
        skipped or repeated.

        A page has at most `limit` (100 unless said, 1,000 at most) and the cursor of the next one.

        Raises `QueryError`.
        """
        query = AccountQuery(
            party=party,
            cursor=cursor,
            limit=limit,
        )
        return page_of(Account, self._native.accounts(query.to_wire()))

    def parties(
        self,
        *,
        height: int | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Party]:
        """Parties, a page at a time.

        All of them. By id.

        Dates and times include both ends; `height` asks for them as they stood after that block.
        A page has at most `limit` (100 unless said, 1,000 at most) and the cursor of the next one.

        Raises `QueryError`, `BlockError`.
        """
        query = PartyQuery(
            height=height,
            cursor=cursor,
            limit=limit,
        )
        return page_of(Party, self._native.parties(query.to_wire()))

    def transactions(
        self,
        *,
        party: PartyId | None = None,
        time_from: datetime.datetime | None = None,
        time_until: datetime.datetime | None = None,
        height: int | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[TransactionEntry]:
        """Transactions, a page at a time.

        Those that a party submitted, or in blocks of some times; refused ones too. In the order of
        the ledger.

        Dates and times include both ends; `height` asks for them as they stood after that block.
        A page has at most `limit` (100 unless said, 1,000 at most) and the cursor of the next one.

        Raises `QueryError`, `BlockError`.
        """
        query = TransactionQuery(
            party=party,
            time_from=time_from,
            time_until=time_until,
            height=height,
            cursor=cursor,
            limit=limit,
        )
        return page_of(TransactionEntry, self._native.transactions(query.to_wire()))

    def subscribe(self, after: str | None = None) -> Subscription:
        """The log from behind a cursor on, and then what comes; without a cursor, from the beginning.

        What this copy does not keep is not left out in silence: `stream.pruned` has in its details the
        `height` whose state has all of that, and the stream goes on behind it.
        """
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
        traceparent: str | None = None,
        deadline: float | None = DEFAULT_DEADLINE,
    ) -> Outcome:
        """Submits operations that take effect together or not at all, and waits for the outcome.

        An outcome is a fact that stands in the ledger, or `Unknown` once `deadline` has passed, in seconds;
        None waits for ever. The submission goes on, and the handle resolves it; submitting again with one
        `key` (16 bytes, a UUID, or 32 hexadecimal digits) gives the same answer. An error means that it was
        refused before it came into a block. The transaction may enter a block for `valid_for`, one day unless
        said, at most 7 days. A `traceparent`, as W3C Trace Context writes it, is said by the logs of the
        validators that it is handed over to, with what becomes of it.

        Raises `TransactionError`, `SignatureError`, `PartyError`, `SubmissionError`, `InputError`.
        """
        pending = self.submission(operations, key, valid_for, traceparent)
        return outcome_from_native(pending.wait(milliseconds(deadline)))

    def start(
        self,
        *operations: Operation,
        key: str | bytes | uuid.UUID | None = None,
        valid_for: datetime.timedelta | None = None,
        traceparent: str | None = None,
    ) -> Submission:
        """Signs operations and hands them over, without waiting: its stages can be awaited.

        Once this returns it is in the outbox of a connected ledger, on disk, and only its time ends it.
        """
        return Submission(self.handed_over(operations, key, valid_for, traceparent))

    def handed_over(
        self,
        operations: Iterable[Operation],
        key: str | bytes | uuid.UUID | None,
        valid_for: datetime.timedelta | None,
        traceparent: str | None,
    ) -> _native.Submission:
        """Hands operations over; their stages are still to come."""
        return self._native.start(*_transaction(operations, key, valid_for), traceparent)

    def submission(
        self,
        operations: Iterable[Operation],
        key: str | bytes | uuid.UUID | None,
        valid_for: datetime.timedelta | None,
        traceparent: str | None,
    ) -> _native.Pending:
        """Hands operations over; the answer is still to come."""
        return self._native.submit(*_transaction(operations, key, valid_for), traceparent)

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

    def what_if(self, *operations: Operation, at: datetime.datetime) -> Preview:
        """What submitting these operations at a later time would come to, with the state of today.

        What would happen, or why it would be refused and by which rules. Nothing is recorded.

        Raises what `submit` raises, and `ClockError` for a time before the newest block.
        """
        wires = [wire_of(operation) for operation in operations]
        return Preview.from_wire(self._native.what_if(wires, instant_to_wire(at)))

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
