"""Pages of lists, and what is proven of records."""

from __future__ import annotations

from ._record import Frozen, each, instant_from_wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from typing import Generic, TypeVar

    from ._record import Record, Wire

    T = TypeVar("T", bound=Record)
else:
    T = None

    class Generic:
        """Stands for `typing.Generic`, which is dear to import and means nothing here."""

        __slots__ = ()

        def __class_getitem__(cls, _):
            return cls


class Page(Frozen, Generic[T]):
    """A part of a list: iterate over it, and pass its `cursor` for the next page.

    It can have fewer items than asked for, or none, when it had to pass over many: the list ends where there
    is no cursor. All pages of a list are as of the same height, whatever comes in meanwhile.
    """

    __slots__ = ("items", "cursor", "height")
    __match_args__ = ("items", "cursor", "height")

    items: tuple[T, ...]
    """The items, in the order of the list."""
    cursor: str | None
    """Pass it, with the same filters, for the next page; None at the end of the list."""
    height: int
    """As of which height."""

    def __init__(self, *, items: tuple[T, ...], cursor: str | None, height: int) -> None:
        self._fill(items, cursor, height)

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def page_of(kind: type[T], wire: Wire) -> Page[T]:
    """A page of records of one class."""
    return Page(items=each(kind.from_wire, wire["items"]), cursor=wire.get("cursor"), height=wire["height"])


class ProvenRecord(Frozen):
    """What a file of `Ledger.prove` proves."""

    __slots__ = ("record", "height", "time")
    __match_args__ = ("record", "height", "time")

    record: Record | None
    """The record as it was; None when there was none with this id."""
    height: int
    """After the block of this height."""
    time: datetime.datetime
    """The time of that block."""

    def __init__(self, *, record: Record | None, height: int, time: datetime.datetime) -> None:
        self._fill(record, height, time)


def proven_record(kind: type[Record], wire: Wire) -> ProvenRecord:
    """What is proven of a record of this class."""
    found = wire.get("record")
    return ProvenRecord(
        record=None if found is None else kind.from_wire(found),
        height=wire["height"],
        time=instant_from_wire(wire["time"]),
    )
