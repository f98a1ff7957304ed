"""Money."""

from __future__ import annotations

from ._record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Context, Decimal

    from ._record import Wire


def _exactly() -> Context:
    """Wider than any amount of the ledger; what would have to be rounded is refused."""
    from decimal import Context, Inexact, InvalidOperation

    return Context(prec=80, traps=[Inexact, InvalidOperation])


class Money(Record):
    """An exact amount in a currency.

    The amount is a `Decimal`, a string of digits, or an integer of whole units; a float raises `TypeError`,
    since it is not exact. Amounts of one currency add up and compare.

    >>> Money("100000.00", "USD") + Money(50, "USD")
    Money('100050.00', 'USD')
    """

    __slots__ = ("amount", "currency")
    __match_args__ = ("amount", "currency")

    amount: Decimal
    """How much."""
    currency: str
    """The ISO 4217 code."""

    def __init__(self, amount: Decimal | str | int, currency: str) -> None:
        self._fill(_exact(amount), currency)

    def to_wire(self) -> dict[str, object]:
        return {"amount": format(self.amount, "f"), "currency": self.currency}

    @classmethod
    def from_wire(cls, wire: Wire) -> Money:
        return cls(wire["amount"], wire["currency"])

    def __repr__(self) -> str:
        return f"Money({format(self.amount, 'f')!r}, {self.currency!r})"

    def __str__(self) -> str:
        return f"{self.currency} {format(self.amount, 'f')}"

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __neg__(self) -> Money:
        return Money(self.amount.copy_negate(), self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(_exactly().add(self.amount, self._same(other)), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(_exactly().subtract(self.amount, self._same(other)), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other)

    def _same(self, other: object) -> Decimal:
        if not isinstance(other, Money):
            raise TypeError(f"Money is expected here, not {type(other).__name__}")
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix; convert one of them first")
        return other.amount


def _exact(amount: object) -> Decimal:
    from decimal import Decimal, InvalidOperation

    if isinstance(amount, Decimal):
        exact = amount
    elif isinstance(amount, int) and not isinstance(amount, bool):
        exact = Decimal(amount)
    elif isinstance(amount, str):
        if amount.strip("-.0123456789"):
            raise ValueError(f"{amount!r} is no amount; write digits and a point, such as '1234.50'")
        try:
            exact = Decimal(amount)
        except InvalidOperation:
            raise ValueError(
                f"{amount!r} is no amount; write digits and a point, such as '1234.50'"
            ) from None
    else:
        kind = type(amount).__name__
        raise TypeError(f"an amount is a Decimal, a str or an int, not {kind}: a {kind} is not exact")
    if not exact.is_finite():
        raise ValueError(f"{exact} is no amount")
    return exact
