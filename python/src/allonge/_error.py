"""What all errors have in common, and the registry that they come from."""

from __future__ import annotations

from ._record import Frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from ._receipt import Receipt
    from ._record import Wire
    from ._records import FinFault, MappingProblem

    Phase = Literal["input", "admission", "execution", "proof", "storage", "process"]
    Actor = Literal[
        "caller", "author", "counterparty", "registrar", "calendar_publisher", "operations", "nobody"
    ]


class AllongeError(Exception):
    """Something went wrong, and the registry knows what it is.

    Catch a class for a whole family of errors, and ask `code` for the one.
    """

    code: str
    """Stable and dotted: `letter_of_credit.presentation_late`."""
    message: str
    """What went wrong in this case."""
    remedy: str
    """What to do."""
    retryable: bool
    """Whether the same call can succeed later without a change by the caller."""
    phase: Phase
    """When it happened."""
    actor: Actor
    """Who must act."""
    rule: str | None
    """The rule that says so: `UCP 600`."""
    article: str | None
    """The article of that rule: `14(c)`."""
    operation: int | None
    """Which operation of the transaction it was, from 0."""
    details: dict[str, str]
    """The particulars of this case, by name."""
    receipt: Receipt | None
    """Proof of the refusal, when the rules of the ledger refused."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(f"{wire['code']}: {wire['message']}")
        self.code = wire["code"]
        self.message = wire["message"]
        self.remedy = wire["remedy"]
        self.retryable = wire["retryable"]
        self.phase = wire["phase"]
        self.actor = wire["actor"]
        self.rule = wire.get("rule")
        self.article = wire.get("article")
        self.operation = wire.get("operation")
        self.details = {detail["name"]: detail["value"] for detail in wire["details"]}
        self.receipt = None
        if self.rule is not None:
            self.add_note(f"Rule: {self.rule} art. {self.article}.")
        self.add_note(f"To do: {self.remedy}.")

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return _restore, (type(self), self.args, self.__dict__)


def _restore(cls: type[AllongeError], args: tuple[object, ...], state: dict[str, object]) -> AllongeError:
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(state)
    return error


class FinFaults(AllongeError):
    """What is wrong with a SWIFT message: everything at once."""

    faults: tuple[FinFault, ...]
    """What breaks the format, by line."""
    problems: tuple[MappingProblem, ...]
    """What stands between a message and the terms of an instrument, by line."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire)
        from ._records import FinFault, MappingProblem

        self.faults = tuple([FinFault.from_wire(fault) for fault in wire.get("faults", ())])
        self.problems = tuple([MappingProblem.from_wire(problem) for problem in wire.get("problems", ())])


def error_from_wire(wire: Wire) -> AllongeError:
    """The error of the class that its code belongs to."""
    from ._errors import FAMILIES

    code: str = wire["code"]
    return FAMILIES.get(code.partition(".")[0], AllongeError)(wire)


class ErrorEntry(Frozen):
    """A row of the error registry: all that is known of a code before it happens."""

    __slots__ = (
        "code",
        "phase",
        "retryable",
        "actor",
        "message",
        "remedy",
        "rule",
        "article",
        "says",
        "says_zh",
    )
    __match_args__ = (
        "code",
        "phase",
        "retryable",
        "actor",
        "message",
        "remedy",
        "rule",
        "article",
        "says",
        "says_zh",
    )

    code: str
    """Stable and dotted: `letter_of_credit.presentation_late`."""
    phase: Phase
    """When it happens."""
    retryable: bool
    """Whether the same call can succeed later without a change by the caller."""
    actor: Actor
    """Who must act."""
    message: str
    """What went wrong, with `{name}` where a detail of that name goes."""
    remedy: str
    """What to do."""
    rule: str | None
    """The rule that says so: `UCP 600`."""
    article: str | None
    """The article of that rule: `14(c)`."""
    says: str | None
    """What that rule asks, in a sentence in English."""
    says_zh: str | None
    """The same in Chinese."""

    def __init__(self, wire: Wire) -> None:
        of_wire = [wire[name] for name in self.__slots__[:-2]]
        says: dict[str, str] = wire.get("says", {})
        self._fill(*of_wire, says.get("en"), says.get("zh"))

    @property
    def error(self) -> type[AllongeError]:
        """The class of the error."""
        from ._errors import FAMILIES

        return FAMILIES[self.code.partition(".")[0]]


def errors() -> tuple[ErrorEntry, ...]:
    """The whole registry, by code."""
    from . import _native

    return tuple([ErrorEntry(wire) for wire in _native.errors()])
