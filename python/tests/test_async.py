"""The same for asyncio: nothing blocks the loop, everything can be given up."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from story import ISSUER, ISSUER_ACCOUNT, START, at, funding, hook, hooks

from allonge import (
    AsyncLedger,
    Committed,
    DeadlineError,
    InternalError,
    Ledger,
    LedgerError,
    LogEntry,
    OpenAccount,
    Rejected,
    _bridge,
)


async def funded(ledger: AsyncLedger) -> None:
    operator = await ledger.operator()
    issuer = await ledger.admit(ISSUER, "Synthetic Bank of China")
    (await operator.submit(OpenAccount(account="operator/USD/issue"))).committed()
    (await issuer.submit(OpenAccount(account=ISSUER_ACCOUNT))).committed()


def test_the_async_ledger_does_what_the_ledger_does(tmp_path: Path) -> None:
    async def act() -> None:
        async with AsyncLedger.open(tmp_path, clock="manual", start=START) as ledger:
            await funded(ledger)
            operator = await ledger.operator()
            assert operator.party == "operator"
            outcome = await operator.submit(funding("5.00"))
            assert isinstance(outcome, Committed)
            assert (await ledger.receipt(outcome.transaction)) == outcome.receipt
            assert outcome.receipt.verify(ledger.trust).height == outcome.height
            status = await ledger.advance_to(at("2026-03-03T01:00:00Z"))
            assert status == await ledger.status()
            refused = await operator.submit(funding("1.00").replace(to="operator/USD/issue"))
            assert isinstance(refused, Rejected)
            account = await ledger.account(ISSUER_ACCOUNT)
            assert account is not None
            assert len(await ledger.accounts()) == 2
            assert len(await ledger.parties()) == 2
            assert list(await ledger.credits()) == []
            assert list(await ledger.holds()) == []
            assert await ledger.hold(f"{ISSUER}/NONE") is None
            assert await ledger.credit(f"{ISSUER}/NONE") is None
            assert await ledger.calendar("TARGET") is not None
        with pytest.raises(LedgerError):
            await ledger.status()

    asyncio.run(act())


def test_a_thousand_submissions_at_once_all_commit(tmp_path: Path) -> None:
    async def act() -> None:
        ledger = await AsyncLedger.open(tmp_path, clock="manual", start=START)
        await funded(ledger)
        operator = await ledger.operator()
        outcomes = await asyncio.gather(*[operator.submit(funding("1.00")) for _ in range(1_000)])
        assert {outcome.committed().height for outcome in outcomes}
        account = await ledger.account(ISSUER_ACCOUNT)
        assert account is not None
        assert account.balance.amount == 1_000
        await ledger.close()

    asyncio.run(act())


def test_entries_come_as_they_happen_and_end_when_the_ledger_closes(tmp_path: Path) -> None:
    async def act() -> None:
        async with AsyncLedger.open(tmp_path, clock="manual", start=START) as ledger:
            log = ledger.subscribe()
            seen: list[LogEntry] = []

            async def follow() -> None:
                async for entry in log:
                    seen.append(entry)

            following = asyncio.create_task(follow())
            await funded(ledger)
            while len(seen) < 3:
                await asyncio.sleep(0)
        await following
        assert [entry.author for entry in seen] == ["operator", "operator", ISSUER]

    asyncio.run(act())


def test_a_reader_that_gives_up_misses_nothing_later(tmp_path: Path) -> None:
    async def act() -> None:
        async with AsyncLedger.open(tmp_path, clock="manual", start=START) as ledger:
            log = ledger.subscribe()
            with pytest.raises(TimeoutError) as raised:
                await asyncio.wait_for(anext(log), 0.01)
            reading = asyncio.create_task(anext(log))
            await asyncio.sleep(0)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
            await funded(ledger)
            first = await asyncio.wait_for(anext(log), 10)
            assert first.author == "operator"
            # What was given up stays given up, also while somebody holds its traceback.
            assert raised.tb is not None

    asyncio.run(act())


def test_waiting_ends_at_the_deadline_and_the_same_key_learns_the_outcome(tmp_path: Path) -> None:
    async def act() -> None:
        async with AsyncLedger.open(tmp_path, clock="manual", start=START) as ledger:
            await funded(ledger)
            with pytest.raises(DeadlineError) as raised:
                await _bridge.answer(ledger.subscribe((await last(ledger)).cursor)._native.next_batch(1), 1)  # pyright: ignore[reportPrivateUsage]
            assert not raised.value.retryable
            assert isinstance(raised.value, TimeoutError)
            operator = await ledger.operator()
            key = bytes(16)
            submitting = asyncio.create_task(operator.submit(funding("1.00"), key=key))
            await asyncio.sleep(0)
            submitting.cancel()
            again = await operator.submit(funding("1.00"), key=key)
            assert (await operator.submit(funding("1.00"), key=key)).receipt == again.receipt
            account = await ledger.account(ISSUER_ACCOUNT)
            assert account is not None
            assert account.balance.amount == 1

    asyncio.run(act())


async def last(ledger: AsyncLedger) -> LogEntry:
    entries = list(iter(ledger.subscribe().poll, None))
    return entries[-1]


def test_one_ledger_serves_one_loop_after_another(tmp_path: Path) -> None:
    with Ledger.open(tmp_path, clock="manual", start=START) as opened:
        ledger = AsyncLedger(opened)
        asyncio.run(funded(ledger))

        async def submit() -> int:
            operator = await ledger.operator()
            return (await operator.submit(funding("1.00"))).committed().height

        assert [asyncio.run(submit()) for _ in range(3)] == [4, 5, 6]


def test_a_loop_that_watches_no_sockets_waits_in_a_thread(tmp_path: Path) -> None:
    class Proactor(asyncio.SelectorEventLoop):
        def add_reader(self, fd: object, callback: object, *args: object) -> None:
            raise NotImplementedError

    async def act() -> None:
        async with AsyncLedger.open(tmp_path, clock="manual", start=START) as ledger:
            await funded(ledger)

    loop = Proactor()
    try:
        loop.run_until_complete(act())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()


@hooks
def test_a_panic_in_an_answer_is_an_ordinary_error() -> None:
    async def act() -> None:
        pending = hook("panic_in_answer")()
        with pytest.raises(InternalError, match="asked to"):
            await _bridge.answer(pending, None)

    asyncio.run(act())
