"""What all records have in common, and how they cross to the core."""

from __future__ import annotations

import datetime

TYPE_CHECKING = False
if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, NoReturn, Self, TypeVar

    Wire = Mapping[str, Any]
    T = TypeVar("T")


class Frozen:
    """A value: equal by content, hashable, never changed, picklable, and fit for `match`.

    Its slots are its fields, in order.
    """

    __slots__: tuple[str, ...] = ()

    def _fill(self, *values: object) -> None:
        for name, value in zip(self.__slots__, values, strict=True):
            object.__setattr__(self, name, value)

    def _values(self) -> tuple[object, ...]:
        return tuple([getattr(self, name) for name in self.__slots__])

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} never changes; see replace()")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} never changes")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other) or not isinstance(other, Frozen):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), self._values()))

    def __repr__(self) -> str:
        fields = ", ".join([f"{name}={getattr(self, name)!r}" for name in self.__slots__])
        return f"{type(self).__name__}({fields})"

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return restore, (type(self), *self._values())


def restore(cls: type[Frozen], *values: object) -> Frozen:
    """A value as it was pickled."""
    value = cls.__new__(cls)
    value._fill(*values)  # pyright: ignore[reportPrivateUsage]
    return value


class Record(Frozen):
    """A value that the core reads and writes."""

    __slots__: tuple[str, ...] = ()

    def to_wire(self) -> dict[str, object]:
        """As plain data: dictionaries, lists, strings, integers, booleans."""
        raise NotImplementedError

    @classmethod
    def from_wire(cls, wire: Wire) -> Self:
        """From plain data, as the core writes it."""
        raise NotImplementedError

    def replace(self, **changes: Any) -> Self:
        """The same with some fields changed."""
        return type(self)(**{name: getattr(self, name) for name in self.__slots__} | changes)

    def to_json(self) -> str:
        """As JSON."""
        import json

        return json.dumps(self.to_wire(), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """From JSON. What the record says is checked when the core takes it."""
        import json

        return cls.from_wire(json.loads(text, parse_float=_no_float))


def _no_float(text: str) -> NoReturn:
    raise TypeError(f"{text}: a float is not exact; amounts are written as strings")


def wire_of(value: object) -> dict[str, object]:
    """A record inside another."""
    if not isinstance(value, Record):
        raise TypeError(f"a record is expected here, not {type(value).__name__}: {value!r}")
    return value.to_wire()


def listed(items: Iterable[T]) -> tuple[T, ...]:
    """A list as records hold it. A string is no list of its letters."""
    if isinstance(items, str | bytes):
        raise TypeError(f"a list is expected here, not {type(items).__name__}: {items!r}")
    return tuple(items)


def each(read: Callable[[Any], T], items: Iterable[Any]) -> tuple[T, ...]:
    """Every item as it is read."""
    return tuple([read(item) for item in items])


def optional(read: Callable[[Any], T], value: Any) -> T | None:
    """What may be absent, as it is read."""
    return None if value is None else read(value)


def optional_each(read: Callable[[Any], T], items: Iterable[Any] | None) -> tuple[T, ...] | None:
    """Every item of a list that may be absent."""
    return None if items is None else each(read, items)


def date_to_wire(date: object) -> str:
    """`2026-06-30`."""
    if not isinstance(date, datetime.date) or isinstance(date, datetime.datetime):
        raise TypeError(f"a datetime.date is expected here, not {type(date).__name__}: {date!r}")
    return date.isoformat()


def date_from_wire(text: str) -> datetime.date:
    """A date."""
    return datetime.date.fromisoformat(text)


def instant_to_wire(instant: object) -> str:
    """`2026-06-30T09:00:00.000Z`; never of a time that does not say in which zone it is."""
    if not isinstance(instant, datetime.datetime):
        raise TypeError(f"a datetime.datetime is expected here, not {type(instant).__name__}: {instant!r}")
    if instant.utcoffset() is None:
        raise ValueError(f"{instant!r} has no time zone; give it one, such as tzinfo=datetime.UTC")
    # What is finer than a millisecond stays, for the core to refuse: it is never rounded away.
    unit = "microseconds" if instant.microsecond % 1000 else "milliseconds"
    return instant.astimezone(datetime.UTC).isoformat(timespec=unit).removesuffix("+00:00") + "Z"


def key_to_wire(key: str | bytes | uuid.UUID) -> str:
    """An idempotency key as the core reads it."""
    return key.hex() if isinstance(key, bytes) else str(key)


def instant_from_wire(text: str) -> datetime.datetime:
    """An instant, in UTC."""
    return datetime.datetime.fromisoformat(text)
