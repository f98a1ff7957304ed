"""What became of a submission: a fact with its proof, or the handle by which it becomes one."""

from __future__ import annotations

from ._error import error_from_wire
from ._receipt import Receipt
from ._record import Frozen, each, instant_from_wire
from ._records import EventRecord, Ordered

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    from typing import Any, NoReturn

    from . import _native
    from ._error import AllongeError


DEFAULT_DEADLINE = 30.0
"""How long a call waits unless it is told otherwise, in seconds."""


class Lasting(Frozen):
    """What keeps its events in the core until somebody wants them: a batch has thousands."""

    __slots__ = ("_native",)

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            if name != "events":
                raise AttributeError(
                    f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self
                )
            events = each(EventRecord.from_wire, self._native.events())
            object.__setattr__(self, "events", events)
            return events


class Committed(Lasting):
    """It took effect, for ever."""

    __slots__ = ("transaction", "height", "time", "events", "receipt")
    __match_args__ = ("transaction", "height", "time", "events", "receipt")

    transaction: str
    """The transaction's id."""
    height: int
    """The height of its block."""
    time: datetime.datetime
    """The time of its block."""
    events: tuple[EventRecord, ...]
    """What happened, in order."""
    receipt: Receipt
    """Proof of all that."""

    def __init__(
        self,
        *,
        transaction: str,
        height: int,
        time: datetime.datetime,
        events: tuple[EventRecord, ...],
        receipt: Receipt,
    ) -> None:
        self._fill(transaction, height, time, events, receipt)

    def committed(self) -> Committed:
        """This one."""
        return self


class Rejected(Frozen):
    """The rules refused it; the refusal stands in the ledger, for ever."""

    __slots__ = ("transaction", "height", "time", "error", "receipt")
    __match_args__ = ("transaction", "height", "time", "error", "receipt")

    transaction: str
    """The transaction's id."""
    height: int
    """The height of its block."""
    time: datetime.datetime
    """The time of its block."""
    error: AllongeError
    """Why."""
    receipt: Receipt
    """Proof of all that."""

    def __init__(
        self,
        *,
        transaction: str,
        height: int,
        time: datetime.datetime,
        error: AllongeError,
        receipt: Receipt,
    ) -> None:
        self._fill(transaction, height, time, error, receipt)

    @property
    def events(self) -> tuple[EventRecord, ...]:
        """Nothing happened."""
        return ()

    def committed(self) -> NoReturn:
        """Raises the error, which carries the receipt."""
        raise self.error


class Expired(Frozen):
    """Its time was over before it came into a block: it never takes effect."""

    __slots__ = ("transaction", "party", "key", "valid_until", "height", "time", "proof", "error")
    __match_args__ = ("transaction", "valid_until", "time", "proof")

    transaction: str
    """The transaction's id."""
    party: str
    """Who submitted it."""
    key: str
    """Its idempotency key."""
    valid_until: datetime.datetime
    """Until when it could have come into a block."""
    height: int
    """The height of a block that is past that time, with all below it executed."""
    time: datetime.datetime
    """The time of that block."""
    proof: bytes
    """Proof of that: `verify_answer` checks it with `party`, `key` and `valid_until`."""
    error: AllongeError
    """`transaction.expired`."""

    def __init__(
        self,
        *,
        transaction: str,
        party: str,
        key: str,
        valid_until: datetime.datetime,
        height: int,
        time: datetime.datetime,
        proof: bytes,
        error: AllongeError,
    ) -> None:
        self._fill(transaction, party, key, valid_until, height, time, proof, error)

    @property
    def receipt(self) -> None:
        """It stands in no block that is certified."""
        return None

    @property
    def events(self) -> tuple[EventRecord, ...]:
        """Nothing happened."""
        return ()

    def committed(self) -> NoReturn:
        """Raises the error, a `TransactionError`."""
        raise self.error


class Unknown:
    """Nothing is known yet: it was handed over, and the wait ended before it was settled.

    It may still take effect, also when this is dropped. Equal to another of the same transaction.
    """

    __slots__ = ("_native", "error", "key", "party", "transaction", "valid_until")
    __match_args__ = ("transaction", "valid_until")

    transaction: str
    """The transaction's id."""
    party: str
    """Who submitted it."""
    key: str
    """Its idempotency key."""
    valid_until: datetime.datetime
    """Until when it can come into a block."""
    error: AllongeError
    """`deadline.exceeded`."""

    def __init__(self, native: _native.Outcome) -> None:
        """Made by `Session.submit` and `Ledger.pending`."""
        wire = native.record()
        self._native = native
        self.transaction = wire["transaction"]
        self.party = wire["party"]
        self.key = wire["key"]
        self.valid_until = instant_from_wire(wire["valid_until"])
        self.error = error_from_wire(wire["error"])

    def resolve(self, *, deadline: float | None = DEFAULT_DEADLINE) -> Outcome:
        """Waits on, for so many seconds; None waits for ever.

        It ends in one of the other outcomes, unless that time passes too. Raises what `submit` raises.
        """
        return Submission(self._native.submission()).outcome(deadline=deadline)

    async def resolve_async(self, *, deadline: float | None = DEFAULT_DEADLINE) -> Outcome:
        """As `resolve`, for asyncio. Cancelling does not take back what was submitted."""
        return await AsyncSubmission(self._native.submission()).outcome(deadline=deadline)

    @property
    def receipt(self) -> None:
        """It stands in no block that is certified."""
        return None

    @property
    def events(self) -> tuple[EventRecord, ...]:
        """Nothing is known."""
        return ()

    def committed(self) -> NoReturn:
        """Raises the error, a `DeadlineError`."""
        raise self.error

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown) and self.transaction == other.transaction

    def __hash__(self) -> int:
        return hash(self.transaction)

    def __repr__(self) -> str:
        return f"Unknown(transaction={self.transaction!r})"


Outcome = Committed | Rejected | Expired | Unknown
"""What became of a submission."""


class _HandedOver:
    """What is known of a submission from the start."""

    __slots__ = ("_native",)

    def __init__(self, native: _native.Submission) -> None:
        """Use `start` of a session."""
        self._native = native

    @property
    def transaction(self) -> str:
        """The transaction's id."""
        return self._native.transaction()

    @property
    def key(self) -> str:
        """Its idempotency key."""
        return self._native.key()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.transaction}>"


class Submission(_HandedOver):
    """A transaction that was handed over: in the outbox of a connected ledger, on disk.

    It goes on whether or not somebody waits. Each stage can be awaited more than once, in any order.
    A `deadline` is in seconds, and None waits for ever.
    """

    __slots__ = ()

    def admitted(self, *, deadline: float | None = DEFAULT_DEADLINE) -> None:
        """Waits until a validator took it to be ordered; an embedded ledger has it at once.

        Raises `DeadlineError`, or why it was refused before it came into a block.
        """
        self._native.admitted().wait(milliseconds(deadline))

    def ordered(self, *, deadline: float | None = DEFAULT_DEADLINE) -> Ordered:
        """Waits until it, or the transaction that used its key first, is in a final block, and says where.

        Raises `DeadlineError`, `TransactionError` when its time is over, or why it was refused.
        """
        return Ordered.from_wire(self._native.ordered().wait(milliseconds(deadline)))

    def outcome(self, *, deadline: float | None = DEFAULT_DEADLINE) -> Outcome:
        """Waits until it is certified what it came to; at the deadline the outcome is `Unknown`."""
        return outcome_from_native(self._native.outcome().wait(milliseconds(deadline)))


class AsyncSubmission(_HandedOver):
    """A transaction that was handed over, for asyncio. See `Submission`; cancelling takes nothing back."""

    __slots__ = ()

    async def admitted(self, *, deadline: float | None = DEFAULT_DEADLINE) -> None:
        """As `Submission.admitted`."""
        await _answer(self._native.admitted(), deadline)

    async def ordered(self, *, deadline: float | None = DEFAULT_DEADLINE) -> Ordered:
        """As `Submission.ordered`."""
        return Ordered.from_wire(await _answer(self._native.ordered(), deadline))

    async def outcome(self, *, deadline: float | None = DEFAULT_DEADLINE) -> Outcome:
        """As `Submission.outcome`."""
        return outcome_from_native(await _answer(self._native.outcome(), deadline))


async def _answer(pending: _native.Pending, deadline: float | None) -> Any:
    from ._bridge import answer

    return await answer(pending, milliseconds(deadline))


def milliseconds(deadline: float | None) -> int | None:
    """A deadline as the core counts it."""
    return None if deadline is None else max(0, round(deadline * 1000))


def outcome_from_native(native: _native.Outcome) -> Outcome:
    """The outcome that the core answered."""
    match native.kind():
        case "unknown":
            return Unknown(native)
        case "expired":
            return _expired(native)
        case kind:
            return _settled(native, kind)


def _expired(native: _native.Outcome) -> Expired:
    wire = native.record()
    return Expired(
        transaction=wire["transaction"],
        party=wire["party"],
        key=wire["key"],
        valid_until=instant_from_wire(wire["valid_until"]),
        height=wire["height"],
        time=instant_from_wire(wire["time"]),
        proof=native.proof(),
        error=error_from_wire(wire["error"]),
    )


def _settled(native: _native.Outcome, kind: str) -> Committed | Rejected:
    wire = native.record()
    transaction: str = wire["transaction"]
    height: int = wire["height"]
    time = instant_from_wire(wire["time"])
    receipt = Receipt(native.receipt())
    if kind == "committed":
        committed = Committed.__new__(Committed)
        fields = {"transaction": transaction, "height": height, "time": time, "receipt": receipt}
        for name, value in (fields | {"_native": native}).items():
            object.__setattr__(committed, name, value)
        return committed
    error = error_from_wire(wire["error"])
    error.receipt = receipt
    return Rejected(transaction=transaction, height=height, time=time, error=error, receipt=receipt)
