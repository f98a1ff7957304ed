"""A light client."""

from __future__ import annotations

from . import _native
from ._records import Checkpoint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._receipt import Trust


class LightClient:
    """Follows the headers of a network by their certificates alone, over every change of its validators.

    It needs no copy of the ledger. Headers come as bytes, from `Ledger.headers` of whoever has one, and
    nothing is believed that the validators in office have not certified.
    """

    __slots__ = ("_native",)

    def __init__(self, trust: Trust) -> None:
        """Begins at the genesis. Raises `GenesisError`."""
        self._native = _native.LightClient(trust._native)  # pyright: ignore[reportPrivateUsage]

    @classmethod
    def from_bytes(cls, data: bytes, trust: Trust) -> LightClient:
        """Goes on from where one stood, as `to_bytes` says it.

        Whoever gives these bytes is trusted: keep them where nobody else writes. Raises `HeadersError`,
        `ReceiptError`.
        """
        light = cls.__new__(cls)
        light._native = _native.LightClient.from_bytes(data, trust._native)  # pyright: ignore[reportPrivateUsage]
        return light

    def to_bytes(self) -> bytes:
        """Where it stands, to be kept."""
        return self._native.to_bytes()

    def follow(self, headers: bytes) -> Checkpoint:
        """Follows headers from the next height on, up to the last that is certified.

        Answers the newest block that is final. When one does not hold it stays where it was.

        Raises `HeadersError`.
        """
        return Checkpoint.from_wire(self._native.follow(headers))

    @property
    def checkpoint(self) -> Checkpoint:
        """The newest block that it knows to be final; at height 0 the genesis."""
        return Checkpoint.from_wire(self._native.checkpoint())
