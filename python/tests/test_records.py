"""Every record type, filled in by the types of its fields."""

from __future__ import annotations

import datetime
import typing
from typing import Any

import allonge
from allonge import (
    Money,
    Record,
    _records,  # pyright: ignore[reportPrivateUsage]
)

SCOPE: dict[str, Any] = {
    **{name: getattr(allonge, name) for name in _records.__all__},
    "datetime": datetime,
    "ClassVar": typing.ClassVar,
    "Literal": typing.Literal,
}
PLAIN: dict[Any, object] = {
    str: "text",
    int: 7,
    bool: True,
    datetime.date: datetime.date(2026, 6, 30),
    datetime.datetime: datetime.datetime(2026, 6, 30, 9, tzinfo=datetime.UTC),
}


def record_types() -> list[type[Record]]:
    named = [getattr(allonge, name) for name in _records.__all__]
    return [cls for cls in named if isinstance(cls, type) and issubclass(cls, Record)]


def sample(cls: type[Record]) -> Record:
    """A record with every field filled in."""
    if cls is Money:
        return Money("12.50", "USD")
    hints = typing.get_type_hints(cls, globalns=SCOPE)
    slots: Any = cls.__slots__
    return cls(**{name: filled(hints[name]) for name in slots})


def filled(hint: Any) -> Any:
    """A value of a type; of a union, one of its first member."""
    if hint in PLAIN:
        return PLAIN[hint]
    members = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        return (filled(members[0]),)
    if typing.get_origin(hint) is typing.Literal:
        return members[-1]
    return filled(members[0]) if members else sample(hint)


def test_every_record_goes_to_json_and_comes_back() -> None:
    types = record_types()
    assert len(types) > 100
    for cls in types:
        record = sample(cls)
        again = cls.from_json(record.to_json())
        assert again == record, cls.__name__
        assert type(again) is cls
        assert hash(again) == hash(record)


def test_every_record_is_written_as_it_is_made() -> None:
    for cls in record_types():
        record = sample(cls)
        assert eval(repr(record), {**SCOPE, "Money": Money}) == record


def test_every_variant_of_a_union_is_told_apart() -> None:
    for name in _records.__all__:
        members = typing.get_args(getattr(allonge, name))
        read = getattr(_records, f"{snake(name)}_from_wire", None)
        if read is None:
            continue
        for cls in members:
            record = sample(cls)
            assert read(record.to_wire()) == record


def snake(name: str) -> str:
    return "".join(["_" + letter.lower() if letter.isupper() else letter for letter in name]).lstrip("_")
