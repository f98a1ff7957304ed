"""The ledger for asyncio: the same names, awaited where something can wait."""

from __future__ import annotations

from asyncio import to_thread

from ._bridge import answer
from ._ledger import DEFAULT_DEADLINE, Ledger, Session, milliseconds
from ._outcome import outcome_from_native
from ._records import Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import os
    import uuid
    from collections.abc import Generator, Iterable
    from typing import Any

    from ._outcome import Outcome
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
        Clock,
        CreditId,
        Currency,
        Hash,
        Hold,
        HoldId,
        LetterOfCredit,
        Operation,
        Party,
        PartyId,
        Policy,
        Presentation,
        PresentationId,
        Preview,
        Proposal,
        ProposalId,
        PublicKey,
        Reversal,
        Statement,
    )
    from ._signer import Signer
    from ._subscription import Subscription


class AsyncLedger:
    """An open ledger, for asyncio. See `Ledger`.

    >>> async with AsyncLedger.open(directory) as ledger:
    ...     bank = await ledger.admit("SYNBCNBJXXX", "Synthetic Bank of China")
    """

    __slots__ = ("_ledger",)

    def __init__(self, ledger: Ledger) -> None:
        """Use `open`, or give a ledger that is open already."""
        self._ledger = ledger

    @staticmethod
    def open(
        path: str | os.PathLike[str],
        *,
        clock: Clock | None = None,
        start: datetime.datetime | None = None,
        name: str | None = None,
        currencies: Iterable[Currency] | None = None,
    ) -> Opening:
        """As `Ledger.open`: await it, or use it with `async with`."""
        return Opening(path, clock, start, name, currencies)

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

    async def receipt(self, transaction: Hash) -> Receipt:
        """As `Ledger.receipt`."""
        return await to_thread(self._ledger.receipt, transaction)

    async def credit(self, id: CreditId) -> LetterOfCredit | None:
        """As `Ledger.credit`."""
        return await to_thread(self._ledger.credit, id)

    async def presentation(self, id: PresentationId) -> Presentation | None:
        """As `Ledger.presentation`."""
        return await to_thread(self._ledger.presentation, id)

    async def claim(self, id: ClaimId) -> Claim | None:
        """As `Ledger.claim`."""
        return await to_thread(self._ledger.claim, id)

    async def account(self, id: AccountId) -> Account | None:
        """As `Ledger.account`."""
        return await to_thread(self._ledger.account, id)

    async def hold(self, id: HoldId) -> Hold | None:
        """As `Ledger.hold`."""
        return await to_thread(self._ledger.hold, id)

    async def policy(self, party: PartyId) -> Policy | None:
        """As `Ledger.policy`."""
        return await to_thread(self._ledger.policy, party)

    async def proposal(self, id: ProposalId) -> Proposal | None:
        """As `Ledger.proposal`."""
        return await to_thread(self._ledger.proposal, id)

    async def reversal(self, transaction: Hash) -> Reversal | None:
        """As `Ledger.reversal`."""
        return await to_thread(self._ledger.reversal, transaction)

    async def party(self, id: PartyId) -> Party | None:
        """As `Ledger.party`."""
        return await to_thread(self._ledger.party, id)

    async def calendar(self, id: CalendarId) -> Calendar | None:
        """As `Ledger.calendar`."""
        return await to_thread(self._ledger.calendar, id)

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

    async def checkpoint(self) -> Checkpoint:
        """As `Ledger.checkpoint`."""
        return await to_thread(self._ledger.checkpoint)

    async def prove_history(self, older: int, newer: int | None = None) -> bytes:
        """As `Ledger.prove_history`."""
        return await to_thread(self._ledger.prove_history, older, newer)

    async def backup(self, path: str | os.PathLike[str]) -> BackupRecord:
        """As `Ledger.backup`."""
        return await to_thread(self._ledger.backup, path)

    async def credits(self, after: CreditId | None = None, limit: int = 100) -> list[LetterOfCredit]:
        """As `Ledger.credits`."""
        return await to_thread(self._ledger.credits, after, limit)

    async def claims(self, after: ClaimId | None = None, limit: int = 100) -> list[Claim]:
        """As `Ledger.claims`."""
        return await to_thread(self._ledger.claims, after, limit)

    async def accounts(self, after: AccountId | None = None, limit: int = 100) -> list[Account]:
        """As `Ledger.accounts`."""
        return await to_thread(self._ledger.accounts, after, limit)

    async def holds(self, after: HoldId | None = None, limit: int = 100) -> list[Hold]:
        """As `Ledger.holds`."""
        return await to_thread(self._ledger.holds, after, limit)

    async def proposals(self, after: ProposalId | None = None, limit: int = 100) -> list[Proposal]:
        """As `Ledger.proposals`."""
        return await to_thread(self._ledger.proposals, after, limit)

    async def parties(self, after: PartyId | None = None, limit: int = 100) -> list[Party]:
        """As `Ledger.parties`."""
        return await to_thread(self._ledger.parties, after, limit)

    def subscribe(self, after: str | None = None) -> Subscription:
        """As `Ledger.subscribe`; read it with `async for`."""
        return self._ledger.subscribe(after)


class Opening:
    """A ledger that is about to be opened: await it, or use it with `async with`."""

    __slots__ = ("_ledger", "_options")

    def __init__(
        self,
        path: str | os.PathLike[str],
        clock: Clock | None,
        start: datetime.datetime | None,
        name: str | None,
        currencies: Iterable[Currency] | None,
    ) -> None:
        self._options = (path, clock, start, name, currencies)

    async def _open(self) -> AsyncLedger:
        path, clock, start, name, currencies = self._options
        ledger = await to_thread(
            Ledger.open, path, clock=clock, start=start, name=name, currencies=currencies
        )
        return AsyncLedger(ledger)

    def __await__(self) -> Generator[Any, Any, AsyncLedger]:
        return self._open().__await__()

    async def __aenter__(self) -> AsyncLedger:
        self._ledger = await self._open()
        return self._ledger

    async def __aexit__(self, *_: object) -> None:
        await self._ledger.close()


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
        deadline: float | None = DEFAULT_DEADLINE,
    ) -> Outcome:
        """As `Session.submit`. Cancelling does not take back what was submitted."""
        pending = self._session.submission(operations, key, valid_for)
        return outcome_from_native(await answer(pending, milliseconds(deadline)))

    async def preview(
        self,
        *operations: Operation,
        key: str | bytes | uuid.UUID | None = None,
        valid_for: datetime.timedelta | None = None,
    ) -> Preview:
        """As `Session.preview`."""
        return await to_thread(self._session.preview, *operations, key=key, valid_for=valid_for)

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
