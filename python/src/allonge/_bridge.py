"""Answers to come, for asyncio.

The core's threads never touch the interpreter. They put the number of an answered question into a queue and
ring a socket; the loop watches that socket and asks the question again, on its own thread.
"""

from __future__ import annotations

import asyncio
import itertools
import weakref
from collections import deque
from typing import Any

from . import _native

_AT_ONCE = 16
"""How many answers are taken before others have their turn."""


async def answer(pending: _native.Pending, deadline_ms: int | None) -> Any:
    """Waits for an answer without blocking the loop. Giving up leaves what was submitted to the ledger."""
    return await _bridge().answer(pending, deadline_ms)


class _Bridge:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._queue = _native.Queue()
        self._numbers = itertools.count()
        self._waiting: dict[int, tuple[_native.Pending, asyncio.Future[Any]]] = {}
        self._ready: deque[int] = deque()
        self._watched = False
        socket = self._queue.fileno()
        if socket is not None:
            try:
                loop.add_reader(socket, self._ask_again)
                self._watched = True
            except NotImplementedError:  # the loop of Windows watches no sockets
                pass

    async def answer(self, pending: _native.Pending, deadline_ms: int | None) -> Any:
        loop = asyncio.get_running_loop()
        number = next(self._numbers)
        answered = pending.poll(self._queue, number)
        if answered is not None:
            return answered[0]
        if not self._watched:
            return await loop.run_in_executor(None, pending.wait, deadline_ms)
        future: asyncio.Future[Any] = loop.create_future()
        self._waiting[number] = (pending, future)
        timer = (
            None
            if deadline_ms is None
            else loop.call_later(deadline_ms / 1000, _expire, future, pending, deadline_ms)
        )
        try:
            return await future
        finally:
            pending.cancel()
            del self._waiting[number]
            if timer is not None:
                timer.cancel()

    def _ask_again(self) -> None:
        self._ready.extend(self._queue.take())
        self._ask_some()

    def _ask_some(self) -> None:
        """Takes a few answers, then lets others have their turn: each verifies a receipt."""
        for _ in range(min(_AT_ONCE, len(self._ready))):
            number = self._ready.popleft()
            pending, future = self._waiting.get(number, (None, None))
            if pending is None or future is None or future.done():
                continue
            try:
                answered = pending.poll(self._queue, number)
            except Exception as error:
                future.set_exception(error)
            else:
                if answered is not None:
                    future.set_result(answered[0])
        if self._ready:
            asyncio.get_running_loop().call_soon(self._ask_some)


def _expire(future: asyncio.Future[Any], pending: _native.Pending, deadline_ms: int) -> None:
    if not future.done():
        try:
            future.set_result(pending.late(deadline_ms))
        except Exception as error:
            future.set_exception(error)


# One for each loop; a loop in a forked process is another one.
_bridges: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Bridge] = weakref.WeakKeyDictionary()


def _bridge() -> _Bridge:
    loop = asyncio.get_running_loop()
    bridge = _bridges.get(loop)
    if bridge is None:
        bridge = _bridges[loop] = _Bridge(loop)
    return bridge
