"""The ledger for asyncio: the same names, awaited where something can wait."""

from __future__ import annotations

from asyncio import to_thread
from functools import partial

from ._async_kinds import AsyncRecords
from ._bridge import answer
from ._ledger import Ledger, Session
from ._outcome import DEFAULT_DEADLINE, AsyncSubmission, milliseconds, outcome_from_native
from ._records import Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import os
    import uuid
    from collections.abc import Callable, Generator, Iterable
    from typing import Any

    from ._kinds import ListedKind, RecordKind
    from ._network import Lie, SimulatedNetwork
    from ._outcome import Outcome, Unknown
    from ._query import Page
    from ._receipt import Receipt, Trust
    from ._records import (
        Account,
        AccountEntry,
        AccountId,
        BackupRecord,
        Balance,
        Calendar,
        CalendarId,
        Checkpoint,
        Claim,
        ClaimId,
        ClaimStatus,
        Clock,
        CreditId,
        CreditStatus,
        Currency,
        Explanation,
        Hash,
        Hold,
        HoldId,
        HoldState,
        LetterOfCredit,
        NextStep,
        Operation,
        Party,
        PartyId,
        Policy,
        Presentation,
        PresentationId,
        PresentationStatus,
        Preview,
        Proposal,
        ProposalId,
        ProposalStatus,
        PublicKey,
        Reversal,
        Statement,
        TransactionEntry,
        Validators,
    )
    from ._signer import Signer
    from ._subscription import Subscription


class AsyncLedger(AsyncRecords):
    """An open ledger, for asyncio. See `Ledger`.

    >>> async with AsyncLedger.open(directory) as ledger:
    ...     bank = await ledger.admit("SYNBCNBJXXX", "Synthetic Bank of China")
    """

    __slots__ = ("_ledger",)

    def __init__(self, ledger: Ledger) -> None:
        """Use `open`, `connect` or `simulate`, or give a ledger that is open already."""
        self._ledger = ledger

    @staticmethod
    def open(
        path: str | os.PathLike[str],
        *,
        clock: Clock | None = None,
        start: datetime.datetime | None = None,
        name: str | None = None,
        operator: PartyId | None = None,
        currencies: Iterable[Currency] | None = None,
        calendars: Iterable[Calendar] | None = None,
    ) -> Opening:
        """As `Ledger.open`: await it, or use it with `async with`."""
        return Opening(
            partial(
                Ledger.open,
                path,
                clock=clock,
                start=start,
                name=name,
                operator=operator,
                currencies=currencies,
                calendars=calendars,
            )
        )

    @staticmethod
    def simulate(
        banks: Iterable[PartyId] | None = None,
        *,
        validators: int | None = None,
        seed: int | None = None,
        start: datetime.datetime | None = None,
        name: str | None = None,
        operator: PartyId | None = None,
        currencies: Iterable[Currency] | None = None,
        calendars: Iterable[Calendar] | None = None,
    ) -> Opening:
        """As `Ledger.simulate`: await it, or use it with `async with`."""
        return Opening(
            partial(
                Ledger.simulate,
                banks,
                validators=validators,
                seed=seed,
                start=start,
                name=name,
                operator=operator,
                currencies=currencies,
                calendars=calendars,
            )
        )

    @staticmethod
    def connect(
        urls: Iterable[str],
        trust: Trust,
        state_dir: str | os.PathLike[str],
        *,
        roots: str | os.PathLike[str] | None = None,
        certificate: str | os.PathLike[str] | None = None,
        key: str | os.PathLike[str] | None = None,
        checkpoint: Checkpoint | None = None,
    ) -> Opening:
        """As `Ledger.connect`: await it, or use it with `async with`."""
        connect = partial(Ledger.connect, list(urls), trust, state_dir)
        options = {"roots": roots, "certificate": certificate, "key": key}
        return Opening(partial(connect, **options, checkpoint=checkpoint))

    @property
    def network(self) -> AsyncSimulatedNetwork | None:
        """As `Ledger.network`."""
        network = self._ledger.network
        return None if network is None else AsyncSimulatedNetwork(network)

    async def __aenter__(self) -> AsyncLedger:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """As `Ledger.close`."""
        await to_thread(self._ledger.close)

    @property
    def trust(self) -> Trust:
        """As `Ledger.trust`."""
        return self._ledger.trust

    async def status(self) -> Status:
        """As `Ledger.status`."""
        return await to_thread(self._ledger.status)

    async def operator(self) -> AsyncSession:
        """As `Ledger.operator`."""
        return AsyncSession(await to_thread(self._ledger.operator))

    async def admit(self, party: PartyId, name: str) -> AsyncSession:
        """As `Ledger.admit`."""
        return AsyncSession(await to_thread(self._ledger.admit, party, name))

    async def session(self, party: PartyId, *signers: Signer) -> AsyncSession:
        """As `Ledger.session`."""
        return AsyncSession(await to_thread(self._ledger.session, party, *signers))

    async def advance_to(
        self, time: datetime.datetime, *, deadline: float | None = DEFAULT_DEADLINE
    ) -> Status:
        """As `Ledger.advance_to`."""
        return Status.from_wire(await answer(self._ledger.advance(time), milliseconds(deadline)))

    async def submit(self, signed: bytes, *, deadline: float | None = DEFAULT_DEADLINE) -> Outcome:
        """As `Ledger.submit`. Cancelling does not take back what was submitted."""
        pending = self._ledger.submission(signed)
        return outcome_from_native(await answer(pending, milliseconds(deadline)))

    async def start(self, signed: bytes) -> AsyncSubmission:
        """As `Ledger.start`."""
        return AsyncSubmission(await to_thread(self._ledger.handed_over, signed))

    async def pending(self) -> tuple[Unknown, ...]:
        """As `Ledger.pending`."""
        return await to_thread(self._ledger.pending)

    async def outcome(self, party: PartyId, key: str | bytes | uuid.UUID) -> Outcome | None:
        """As `Ledger.outcome`."""
        return await to_thread(self._ledger.outcome, party, key)

    async def receipt(self, transaction: Hash) -> Receipt:
        """As `Ledger.receipt`."""
        return await to_thread(self._ledger.receipt, transaction)

    async def credit(self, id: CreditId, *, height: int | None = None) -> LetterOfCredit | None:
        """As `Ledger.credit`."""
        return await to_thread(self._ledger.credit, id, height=height)

    async def presentation(self, id: PresentationId, *, height: int | None = None) -> Presentation | None:
        """As `Ledger.presentation`."""
        return await to_thread(self._ledger.presentation, id, height=height)

    async def claim(self, id: ClaimId, *, height: int | None = None) -> Claim | None:
        """As `Ledger.claim`."""
        return await to_thread(self._ledger.claim, id, height=height)

    async def account(self, id: AccountId) -> Account | None:
        """As `Ledger.account`."""
        return await to_thread(self._ledger.account, id)

    async def hold(self, id: HoldId, *, height: int | None = None) -> Hold | None:
        """As `Ledger.hold`."""
        return await to_thread(self._ledger.hold, id, height=height)

    async def policy(self, party: PartyId, *, height: int | None = None) -> Policy | None:
        """As `Ledger.policy`."""
        return await to_thread(self._ledger.policy, party, height=height)

    async def proposal(self, id: ProposalId, *, height: int | None = None) -> Proposal | None:
        """As `Ledger.proposal`."""
        return await to_thread(self._ledger.proposal, id, height=height)

    async def reversal(self, transaction: Hash, *, height: int | None = None) -> Reversal | None:
        """As `Ledger.reversal`."""
        return await to_thread(self._ledger.reversal, transaction, height=height)

    async def party(self, id: PartyId, *, height: int | None = None) -> Party | None:
        """As `Ledger.party`."""
        return await to_thread(self._ledger.party, id, height=height)

    async def calendar(self, id: CalendarId, *, height: int | None = None) -> Calendar | None:
        """As `Ledger.calendar`."""
        return await to_thread(self._ledger.calendar, id, height=height)

    async def next_steps(self, kind: ListedKind, id: str, party: PartyId) -> list[NextStep]:
        """As `Ledger.next_steps`."""
        return await to_thread(self._ledger.next_steps, kind, id, party)

    async def explain(self, transaction: Hash) -> Explanation:
        """As `Ledger.explain`."""
        return await to_thread(self._ledger.explain, transaction)

    async def balance(
        self, account: AccountId, *, height: int | None = None, value_date: datetime.date | None = None
    ) -> Balance:
        """As `Ledger.balance`."""
        return await to_thread(self._ledger.balance, account, height=height, value_date=value_date)

    async def entries(self, account: AccountId, after: int = 0, limit: int = 1000) -> list[AccountEntry]:
        """As `Ledger.entries`."""
        return await to_thread(self._ledger.entries, account, after, limit)

    async def statement(self, account: AccountId, first: datetime.date, last: datetime.date) -> Statement:
        """As `Ledger.statement`."""
        return await to_thread(self._ledger.statement, account, first, last)

    async def statement_csv(self, account: AccountId, first: datetime.date, last: datetime.date) -> str:
        """As `Ledger.statement_csv`."""
        return await to_thread(self._ledger.statement_csv, account, first, last)

    async def prove_account(self, account: AccountId, *, height: int | None = None) -> bytes:
        """As `Ledger.prove_account`."""
        return await to_thread(self._ledger.prove_account, account, height=height)

    async def prove_answer(
        self, party: PartyId, key: str | bytes | uuid.UUID, valid_until: datetime.datetime
    ) -> bytes:
        """As `Ledger.prove_answer`."""
        return await to_thread(self._ledger.prove_answer, party, key, valid_until)

    async def validators(self) -> Validators:
        """As `Ledger.validators`."""
        return await to_thread(self._ledger.validators)

    async def checkpoint(self) -> Checkpoint:
        """As `Ledger.checkpoint`."""
        return await to_thread(self._ledger.checkpoint)

    async def prove_history(self, older: int, newer: int | None = None) -> bytes:
        """As `Ledger.prove_history`."""
        return await to_thread(self._ledger.prove_history, older, newer)

    async def headers(self, after: int = 0, limit: int | None = None) -> bytes:
        """As `Ledger.headers`."""
        return await to_thread(self._ledger.headers, after, limit)

    async def prove(self, kind: RecordKind, id: str) -> bytes:
        """As `Ledger.prove`."""
        return await to_thread(self._ledger.prove, kind, id)

    async def backup(self, path: str | os.PathLike[str]) -> BackupRecord:
        """As `Ledger.backup`."""
        return await to_thread(self._ledger.backup, path)

    async def credits(
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
        """As `Ledger.credits`."""
        return await to_thread(
            self._ledger.credits,
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

    async def presentations(
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
        """As `Ledger.presentations`."""
        return await to_thread(
            self._ledger.presentations,
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

    async def claims(
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
        """As `Ledger.claims`."""
        return await to_thread(
            self._ledger.claims,
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

    async def holds(
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
        """As `Ledger.holds`."""
        return await to_thread(
            self._ledger.holds,
            party=party,
            status=status,
            expires_from=expires_from,
            expires_until=expires_until,
            height=height,
            cursor=cursor,
            limit=limit,
        )

    async def proposals(
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
        """As `Ledger.proposals`."""
        return await to_thread(
            self._ledger.proposals,
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

    async def accounts(
        self,
        *,
        party: PartyId | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Account]:
        """As `Ledger.accounts`."""
        return await to_thread(
            self._ledger.accounts,
            party=party,
            cursor=cursor,
            limit=limit,
        )

    async def parties(
        self,
        *,
        height: int | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Party]:
        """As `Ledger.parties`."""
        return await to_thread(
            self._ledger.parties,
            height=height,
            cursor=cursor,
            limit=limit,
        )

    async def transactions(
        self,
        *,
        party: PartyId | None = None,
        time_from: datetime.datetime | None = None,
        time_until: datetime.datetime | None = None,
        height: int | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[TransactionEntry]:
        """As `Ledger.transactions`."""
        return await to_thread(
            self._ledger.transactions,
            party=party,
            time_from=time_from,
            time_until=time_until,
            height=height,
            cursor=cursor,
            limit=limit,
        )

    def subscribe(self, after: str | None = None) -> Subscription:
        """As `Ledger.subscribe`; read it with `async for`."""
        return self._ledger.subscribe(after)


class Opening:
    """A ledger that is about to be opened: await it, or use it with `async with`."""

    __slots__ = ("_ledger", "_open_ledger")

    def __init__(self, open: Callable[[], Ledger]) -> None:
        self._open_ledger = open

    async def _open(self) -> AsyncLedger:
        return AsyncLedger(await to_thread(self._open_ledger))

    def __await__(self) -> Generator[Any, Any, AsyncLedger]:
        return self._open().__await__()

    async def __aenter__(self) -> AsyncLedger:
        self._ledger = await self._open()
        return self._ledger

    async def __aexit__(self, *_: object) -> None:
        await self._ledger.close()


class AsyncSimulatedNetwork:
    """What a test breaks of a simulated network, for asyncio. See `SimulatedNetwork`."""

    __slots__ = ("_network",)

    def __init__(self, network: SimulatedNetwork) -> None:
        """Use `AsyncLedger.network`."""
        self._network = network

    @property
    def validators(self) -> int:
        """How many validators there are."""
        return self._network.validators

    def at(self, validator: int) -> AsyncLedger:
        """As `SimulatedNetwork.at`."""
        return AsyncLedger(self._network.at(validator))

    async def crash(self, validator: int) -> None:
        """As `SimulatedNetwork.crash`."""
        await to_thread(self._network.crash, validator)

    async def restart(self, validator: int) -> None:
        """As `SimulatedNetwork.restart`."""
        await to_thread(self._network.restart, validator)

    async def partition(self, groups: Iterable[Iterable[int]]) -> None:
        """As `SimulatedNetwork.partition`."""
        await to_thread(self._network.partition, groups)

    async def link(
        self,
        *,
        latency_ms: int | None = None,
        jitter_ms: int | None = None,
        lost_per_mille: int | None = None,
    ) -> None:
        """As `SimulatedNetwork.link`."""
        await to_thread(
            self._network.link, latency_ms=latency_ms, jitter_ms=jitter_ms, lost_per_mille=lost_per_mille
        )

    async def skew(self, validator: int, millis: int) -> None:
        """As `SimulatedNetwork.skew`."""
        await to_thread(self._network.skew, validator, millis)

    async def lie(self, validator: int, how: Lie) -> None:
        """As `SimulatedNetwork.lie`."""
        await to_thread(self._network.lie, validator, how)

    async def run_for(self, millis: int) -> None:
        """As `SimulatedNetwork.run_for`."""
        await to_thread(self._network.run_for, millis)

    async def fingerprint(self) -> str:
        """As `SimulatedNetwork.fingerprint`."""
        return await to_thread(self._network.fingerprint)

    def __repr__(self) -> str:
        return f"<AsyncSimulatedNetwork of {self.validators}>"


class AsyncSession:
    """A party acting on a ledger, for asyncio. See `Session`."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        """Use `AsyncLedger.admit`, `AsyncLedger.session` or `AsyncLedger.operator`."""
        self._session = session

    @property
    def party(self) -> PartyId:
        """Who acts."""
        return self._session.party

    @property
    def public_key(self) -> PublicKey:
        """As `Session.public_key`."""
        return self._session.public_key

    @property
    def public_keys(self) -> list[PublicKey]:
        """As `Session.public_keys`."""
        return self._session.public_keys

    async def submit(
        self,
        *operations: Operation,
        key: str | bytes | uuid.UUID | None = None,
        valid_for: datetime.timedelta | None = None,
        traceparent: str | None = None,
        deadline: float | None = DEFAULT_DEADLINE,
    ) -> Outcome:
        """As `Session.submit`. Cancelling does not take back what was submitted."""
        pending = self._session.submission(operations, key, valid_for, traceparent)
        return outcome_from_native(await answer(pending, milliseconds(deadline)))

    async def start(
        self,
        *operations: Operation,
        key: str | bytes | uuid.UUID | None = None,
        valid_for: datetime.timedelta | None = None,
        traceparent: str | None = None,
    ) -> AsyncSubmission:
        """As `Session.start`."""
        handed_over = self._session.handed_over
        return AsyncSubmission(await to_thread(handed_over, operations, key, valid_for, traceparent))

    async def preview(
        self,
        *operations: Operation,
        key: str | bytes | uuid.UUID | None = None,
        valid_for: datetime.timedelta | None = None,
    ) -> Preview:
        """As `Session.preview`."""
        return await to_thread(self._session.preview, *operations, key=key, valid_for=valid_for)

    async def what_if(self, *operations: Operation, at: datetime.datetime) -> Preview:
        """As `Session.what_if`."""
        return await to_thread(self._session.what_if, *operations, at=at)

    async def prepare(
        self,
        *operations: Operation,
        key: str | bytes | uuid.UUID | None = None,
        valid_for: datetime.timedelta | None = None,
    ) -> bytes:
        """As `Session.prepare`."""
        return await to_thread(self._session.prepare, *operations, key=key, valid_for=valid_for)

    async def cosign(self, signed: bytes) -> bytes:
        """As `Session.cosign`."""
        return await to_thread(self._session.cosign, signed)

    def __repr__(self) -> str:
        return f"<AsyncSession of {self.party}>"
