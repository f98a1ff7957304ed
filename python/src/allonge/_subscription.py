"""The log as a stream."""

from __future__ import annotations

from collections import deque

from . import _native
from ._records import LogEntry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._record import Wire

_BATCH = 256


class Subscription:
    """What has happened, then what happens: for `for` and for `async for`. It ends when the ledger is closed.

    Keep the `cursor` of the last entry that was dealt with, and subscribe after it next time.
    """

    __slots__ = ("_entries", "_native")

    def __init__(self, native: _native.Subscription) -> None:
        """Use `Ledger.subscribe`."""
        self._native = native
        self._entries: deque[LogEntry] = deque()

    def poll(self) -> LogEntry | None:
        """The next entry, or None when there is none yet. Never waits."""
        if not self._entries:
            self._take(self._native.poll_batch(_BATCH))
        return self._entries.popleft() if self._entries else None

    def __iter__(self) -> Subscription:
        return self

    def __next__(self) -> LogEntry:
        if not self._entries:
            self._take(self._native.next_batch(_BATCH).wait(None))
        if not self._entries:
            raise StopIteration
        return self._entries.popleft()

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> LogEntry:
        if not self._entries:
            from ._bridge import answer

            self._take(await answer(self._native.next_batch(_BATCH), None))
        if not self._entries:
            raise StopAsyncIteration
        return self._entries.popleft()

    def _take(self, wires: Iterable[Wire]) -> None:
        self._entries.extend([LogEntry.from_wire(wire) for wire in wires])
