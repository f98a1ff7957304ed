"""Receipts, and what they are verified against."""

from __future__ import annotations

import os

from . import _native
from ._records import VerifiedReceipt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Trust:
    """A genesis: all that a receipt is verified against.

    Pin `network`, which is its hash: whoever has the right genesis needs to trust nobody else.
    """

    __slots__ = ("_native",)

    def __init__(self, native: _native.Trust) -> None:
        """Use `load`, `from_json`, or `Ledger.trust`."""
        self._native = native

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Trust:
        """Trusts the genesis in a file, such as `genesis.json` of a ledger's directory.

        Raises `InputError`, `FileError`.
        """
        return cls(_native.Trust.load(os.fspath(path)))

    @classmethod
    def from_json(cls, text: str) -> Trust:
        """Trusts a genesis. Raises `InputError`."""
        return cls(_native.Trust.from_json(text))

    def to_json(self) -> str:
        """The genesis, as `from_json` reads it."""
        return self._native.to_json()

    @property
    def network(self) -> str:
        """The network's id."""
        return self._native.network()

    def __eq__(self, other: object) -> bool:
        return self.network == other.network if isinstance(other, Trust) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.network)

    def __repr__(self) -> str:
        return f"<Trust network={self.network}>"

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Trust.from_json, (self.to_json(),)


class Receipt:
    """One self-contained file that proves a transaction and its result from nothing but the genesis."""

    __slots__ = ("_native",)

    def __init__(self, native: _native.Receipt) -> None:
        """Use `load` or `from_bytes`; outcomes carry their own."""
        self._native = native

    @classmethod
    def from_bytes(cls, data: bytes) -> Receipt:
        """Reads a receipt. What it says is proved only by `verify`. Raises `ReceiptError`."""
        return cls(_native.Receipt.from_bytes(data))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Receipt:
        """Reads a receipt from a file. Raises `ReceiptError`, `FileError`."""
        return cls(_native.Receipt.load(os.fspath(path)))

    def to_bytes(self) -> bytes:
        """The bytes of the file."""
        return self._native.to_bytes()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the receipt to a file. Raises `FileError`."""
        self._native.save(os.fspath(path))

    def verify(self, trust: Trust) -> VerifiedReceipt:
        """Proves the transaction and its result, with no node and no network, and says what they were.

        Raises `ReceiptError`.
        """
        native = trust._native  # pyright: ignore[reportPrivateUsage]
        return VerifiedReceipt.from_wire(self._native.verify(native))

    def __eq__(self, other: object) -> bool:
        return self._native == other._native if isinstance(other, Receipt) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.to_bytes())

    def __repr__(self) -> str:
        return f"<Receipt of {len(self.to_bytes())} bytes>"

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Receipt.from_bytes, (self.to_bytes(),)
