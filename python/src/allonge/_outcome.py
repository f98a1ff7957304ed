"""What became of a submission: always a fact, with its proof."""

from __future__ import annotations

from ._error import error_from_wire
from ._receipt import Receipt
from ._record import Frozen, each, instant_from_wire
from ._records import EventRecord

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    from typing import NoReturn

    from . import _native
    from ._error import AllongeError


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


Outcome = Committed | Rejected
"""What became of a submission."""


def outcome_from_native(native: _native.Outcome) -> Outcome:
    """The outcome that the core answered."""
    wire = native.record()
    transaction: str = wire["transaction"]
    height: int = wire["height"]
    time = instant_from_wire(wire["time"])
    receipt = Receipt(native.receipt())
    if wire["committed"]:
        committed = Committed.__new__(Committed)
        fields = {"transaction": transaction, "height": height, "time": time, "receipt": receipt}
        for name, value in (fields | {"_native": native}).items():
            object.__setattr__(committed, name, value)
        return committed
    error = error_from_wire(wire["error"])
    error.receipt = receipt
    return Rejected(transaction=transaction, height=height, time=time, error=error, receipt=receipt)
