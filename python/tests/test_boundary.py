"""Where Python ends and the core begins: threads, forks, panics, interpreters."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from story import START, Story, at, funding, hook, hooks

import allonge
from allonge import DeadlineError, InternalError, Ledger, ProcessError, _native, document_digest


@hooks
def test_a_panic_is_an_ordinary_error() -> None:
    with pytest.raises(InternalError, match="asked to") as raised:
        hook("panic_at_once")()
    assert raised.value.code == "internal.error"
    assert not raised.value.retryable


@hooks
def test_a_panic_in_an_answer_is_an_ordinary_error_and_is_answered_once() -> None:
    pending = hook("panic_in_answer")()
    with pytest.raises(InternalError, match="asked to"):
        pending.wait()
    with pytest.raises(InternalError, match="taken before"):
        pending.wait()


def test_waiting_ends_at_the_deadline(story: Story) -> None:
    log = story.ledger.subscribe()
    list(iter(log.poll, None))
    with pytest.raises(DeadlineError) as raised:
        log._native.next_batch(1).wait(1)  # pyright: ignore[reportPrivateUsage]
    assert raised.value.details == {"milliseconds": "1"}


def test_a_signal_ends_the_waiting_and_the_log_can_be_read_on(story: Story) -> None:
    class Rung(Exception):
        pass

    def ring(*_: object) -> None:
        raise Rung

    log = story.ledger.subscribe()
    seen = list(iter(log.poll, None))
    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        with pytest.raises(Rung) as raised:
            next(log)
    finally:
        signal.signal(signal.SIGALRM, before)
    story.operator.submit(funding("1.00")).committed()
    assert next(log) not in seen
    assert raised.tb is not None


def test_the_core_answers_while_another_thread_holds_the_interpreter(story: Story) -> None:
    queue = _native.Queue()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(600)
    try:
        pending = story.operator.submission([funding("1.00")], None, None, None)
        answered = pending.poll(queue, 7)
        end = time.monotonic() + 60
        # Nothing in this loop releases the interpreter.
        while answered is None and time.monotonic() < end:
            if queue.take() == [7]:
                answered = pending.poll(queue, 7)
    finally:
        sys.setswitchinterval(interval)
    assert answered is not None


def test_other_threads_run_while_a_document_is_read(tmp_path: Path) -> None:
    # The thread opens the pipe for writing, which it could not do if the reader held the interpreter.
    pipe = tmp_path / "invoice.pdf"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=[b"abc"])
    writer.start()
    digest = document_digest(pipe)
    writer.join()
    assert digest.length == 3
    assert digest.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_threads_share_a_ledger(story: Story) -> None:
    def submit() -> None:
        for _ in range(10):
            story.operator.submit(funding("1.00")).committed()

    threads = [threading.Thread(target=submit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    account = story.ledger.account(funding("1.00").to)
    assert account is not None
    assert account.balance.amount == 2_000_040


def in_child(work: object, *arguments: object) -> str:
    """What a forked process answers, within a bounded time."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_answer, args=(sender, work, arguments))
    child.start()
    sender.close()
    answer = receiver.recv() if receiver.poll(60) else "no answer: the child hangs"
    child.kill() if answer.startswith("no answer") else child.join(60)
    assert isinstance(answer, str)
    return answer


def _answer(sender: object, work: object, arguments: tuple[object, ...]) -> None:
    assert callable(work)
    try:
        answer = str(work(*arguments))
    except allonge.AllongeError as error:
        answer = error.code
    sender.send(answer)  # type: ignore[attr-defined]


@pytest.mark.parametrize("story", ["open", "simulate"], indirect=True)
def test_an_open_ledger_refuses_to_work_in_a_fork(story: Story) -> None:
    assert in_child(story.ledger.status) == "process.forked"
    assert in_child(story.operator.submit, funding("1.00")) == "process.forked"
    assert in_child(story.ledger.advance_to, at("2026-03-03T01:00:00Z")) == "process.forked"
    assert in_child(next, story.ledger.subscribe()) == "process.forked"
    assert in_child(story.ledger.close) == "None"
    # The parent is as before.
    story.operator.submit(funding("1.00")).committed()


def test_a_ledger_opened_after_the_fork_works(story: Story, tmp_path: Path) -> None:
    def act() -> str:
        with Ledger.open(tmp_path / "child", clock="manual", start=START) as ledger:
            ledger.admit("SYNBCNBJXXX", "Synthetic Bank of China")
            return ledger.operator().party

    def act_async() -> str:
        import asyncio

        async def submit() -> str:
            async with allonge.AsyncLedger.open(tmp_path / "async", clock="manual", start=START) as ledger:
                return (await ledger.admit("SYNBCNBJXXX", "Synthetic Bank of China")).party

        return asyncio.run(submit())

    assert in_child(act) == "operator"
    assert in_child(act_async) == "SYNBCNBJXXX"


def test_os_fork_alone_gives_the_same_clear_error(story: Story) -> None:
    child = os.fork()
    if child == 0:
        try:
            story.ledger.status()
        except ProcessError:
            os._exit(7)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 7


def test_importing_loads_next_to_nothing() -> None:
    code = "import sys; before = set(sys.modules); import allonge; print(sorted(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "['allonge']"


def test_no_dear_module_is_loaded_by_using_a_ledger() -> None:
    code = "import sys, allonge; allonge.Ledger, allonge.IssueCredit; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for dear in ("typing", "asyncio", "enum", "dataclasses", "inspect", "json"):
        assert f"'{dear}'" not in loaded


@pytest.mark.parametrize("version", ["3.13", "3.14"])
def test_a_free_threaded_interpreter_stays_free(version: str) -> None:
    python = shutil.which(f"python{version}t")
    if python is None:
        pytest.skip(f"no free-threaded Python {version} here")
    code = "import sys, allonge._native; print(sys._is_gil_enabled())"
    run = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    if "No module named" in run.stderr:
        pytest.skip(f"Allonge is not installed for the free-threaded Python {version}")
    assert run.stdout.strip() == "False"


def test_the_command_is_there() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "allonge", "--version"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0
    assert allonge.__version__ in run.stdout
