"""A ledger on a network of validators, which run as a process of their own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest

from allonge import (
    AsyncLedger,
    Checkpoint,
    Committed,
    DeadlineError,
    HistoryError,
    InputError,
    Ledger,
    NetworkError,
    OpenAccount,
    Receipt,
    Trust,
    Unknown,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator


@contextlib.contextmanager
def running(
    directory: Path, log: IO[str] | None = None
) -> Generator[tuple[dict[str, Any], subprocess.Popen[str]]]:
    """Four validators on this machine, as `allonge dev` says where they are."""
    command = [sys.executable, "-m", "allonge", "dev", str(directory), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process:
        assert process.stdout is not None
        said = ""
        while not said.endswith("\n}\n"):
            line = process.stdout.readline()
            assert line, "the network did not start"
            said += line
        try:
            yield json.loads(said), process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


@pytest.fixture
def network(tmp_path: Path) -> Iterator[dict[str, Any]]:
    with running(tmp_path / "network") as (said, process):
        yield said
    assert process.returncode == 0


def test_a_network_is_opened_by_its_addresses_and_its_genesis(
    network: dict[str, Any], tmp_path: Path
) -> None:
    urls, trust = network["urls"].split(), Trust.load(network["genesis"])
    with Ledger.connect(urls, trust, network["operator"]) as ledger:
        assert ledger.network is None
        bank = ledger.admit("SYNBCNBJXXX", "Synthetic Bank of China")
        opened = bank.submit(OpenAccount(account="SYNBCNBJXXX/USD/settlement"), key="01" * 16).committed()
        file = tmp_path / "opened.receipt"
        opened.receipt.save(file)
    assert Receipt.load(file).verify(trust).transaction == opened.transaction

    # The same call, in another process's place, is answered with the first result.
    with Ledger.connect(urls, trust, network["operator"]) as again:
        bank = again.session("SYNBCNBJXXX")
        repeated = bank.submit(OpenAccount(account="SYNBCNBJXXX/USD/settlement"), key="01" * 16).committed()
        assert repeated.transaction == opened.transaction
        account = again.account("SYNBCNBJXXX/USD/settlement")
        assert account is not None


TLS = Path(__file__).parents[2] / "tests/tls"
BANK: dict[str, Any] = {
    "roots": TLS / "banks-root.pem",
    "certificate": TLS / "bank.pem",
    "key": TLS / "bank.key",
}


def test_a_bank_and_validators_know_each_other_by_certificates(tmp_path: Path) -> None:
    with running(tmp_path / "network"):
        pass
    files = {
        "certificate": TLS / "validator.pem",
        "key": TLS / "validator.key",
        "clients": TLS / "banks-root.pem",
    }
    for config in tmp_path.glob("network/validator-*/node.json"):
        tls = {name: str(path) for name, path in files.items()}
        config.write_text(json.dumps(json.loads(config.read_text()) | {"tls": tls}))
    with running(tmp_path / "network") as (said, _):
        urls, trust = said["urls"].split(), Trust.load(said["genesis"])
        assert all(url.startswith("https://") for url in urls)
        with Ledger.connect(urls, trust, said["operator"], **BANK) as ledger:
            bank = ledger.admit("SYNBCNBJXXX", "Synthetic Bank of China")
            opened = bank.submit(OpenAccount(account="SYNBCNBJXXX/USD/settlement")).committed()
            assert opened.receipt.verify(trust).transaction == opened.transaction
        with pytest.raises(NetworkError) as unknown:
            Ledger.connect(urls, trust, tmp_path / "state", roots=TLS / "banks-root.pem")
        assert unknown.value.code == "network.unreachable"


@pytest.mark.parametrize(
    ("url", "files"),
    [
        ("http://192.0.2.1", BANK),
        ("https://192.0.2.1", {}),
        ("https://192.0.2.1", {"roots": TLS / "banks-root.pem", "certificate": TLS / "bank.pem"}),
        ("https://192.0.2.1", {"roots": TLS / "bank.key"}),
    ],
)
def test_validators_of_other_machines_are_known_by_certificates_alone(
    network: dict[str, Any], tmp_path: Path, url: str, files: dict[str, Any]
) -> None:
    trust = Trust.load(network["genesis"])
    with pytest.raises(NetworkError) as insecure:
        Ledger.connect([url], trust, tmp_path / "state", **files)
    assert insecure.value.code == "network.insecure"
    assert not (tmp_path / "state").exists()


def test_a_history_without_the_block_that_was_kept_is_none(network: dict[str, Any], tmp_path: Path) -> None:
    urls, trust = network["urls"].split(), Trust.load(network["genesis"])
    with Ledger.connect(urls, trust, network["operator"]) as ledger:
        ledger.operator().submit(desk(1)).committed()
        kept = ledger.checkpoint()
    with Ledger.connect(urls, trust, tmp_path / "state", checkpoint=kept) as ledger:
        assert ledger.status().height >= kept.height
    another = Checkpoint(network=kept.network, height=kept.height, time=kept.time, header=kept.network)
    with pytest.raises(HistoryError) as forked:
        Ledger.connect(urls, trust, tmp_path / "another", checkpoint=another)
    assert forked.value.code == "history.forked"

    async def main() -> None:
        async with AsyncLedger.connect(urls, trust, tmp_path / "state", checkpoint=kept) as ledger:
            assert (await ledger.status()).height >= kept.height

    asyncio.run(main())


def test_a_proxy_hears_nothing_of_validators_on_this_machine(
    network: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    urls, trust = network["urls"].split(), Trust.load(network["genesis"])
    with Ledger.connect(urls, trust, network["operator"]) as ledger:
        ledger.operator().submit(desk(1)).committed()


def test_asyncio_waits_for_a_network_without_blocking(network: dict[str, Any]) -> None:
    async def main() -> None:
        trust = Trust.load(network["genesis"])
        async with AsyncLedger.connect(network["urls"].split(), trust, network["operator"]) as ledger:
            bank = await ledger.admit("SYNBCNBJXXX", "Synthetic Bank of China")
            outcomes = await asyncio.gather(
                *(bank.submit(OpenAccount(account=f"SYNBCNBJXXX/USD/desk-{n}")) for n in range(8))
            )
            assert len({outcome.committed().transaction for outcome in outcomes}) == 8

    asyncio.run(main())


def test_the_validators_in_office_are_those_of_the_genesis(network: dict[str, Any]) -> None:
    urls, trust = network["urls"].split(), Trust.load(network["genesis"])
    with Ledger.connect(urls, trust, network["operator"]) as ledger:
        validators = ledger.validators()
        assert (validators.epoch, validators.next) == (0, None)
        assert list(validators.roster) == json.loads(trust.to_json())["roster"]
        assert len(validators.roster) == 4

    async def main() -> None:
        async with AsyncLedger.connect(urls, trust, network["operator"]) as ledger:
            assert await ledger.validators() == validators

    asyncio.run(main())


def test_ctrl_c_ends_a_wait_for_a_network_at_once(tmp_path: Path) -> None:
    program = """
import signal, sys
from allonge import Ledger, OpenAccount, Trust
# Whoever was started in the background inherits that it is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
urls, genesis, operator = sys.argv[1:]
with Ledger.connect(urls.split(), Trust.load(genesis), operator) as ledger:
    session = ledger.operator()
    print("waits", flush=True)
    session.submit(OpenAccount(account="operator/USD/late"), deadline=120)
"""
    with running(tmp_path / "network") as (network, validators):
        arguments = [network["urls"], network["genesis"], network["operator"]]
        command = [sys.executable, "-c", program, *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as client:
            assert client.stdout is not None
            assert client.stderr is not None
            assert client.stdout.readline() == "waits\n"
            validators.send_signal(signal.SIGSTOP)
            try:
                time.sleep(1)
                client.send_signal(signal.SIGINT)
                started = time.monotonic()
                client.wait(30)
            finally:
                client.kill()
                validators.send_signal(signal.SIGCONT)
            assert time.monotonic() - started < 3
            assert "KeyboardInterrupt" in client.stderr.read()


def test_nobody_there_is_told_in_time(network: dict[str, Any], tmp_path: Path) -> None:
    trust = Trust.load(network["genesis"])
    with pytest.raises(NetworkError) as raised:
        Ledger.connect(["http://127.0.0.1:1"], trust, tmp_path / "state")
    assert raised.value.code == "network.unreachable"


def desk(number: int) -> OpenAccount:
    return OpenAccount(account=f"operator/USD/desk-{number}")


def test_each_stage_of_a_submission_can_be_awaited(network: dict[str, Any]) -> None:
    urls, trust = network["urls"].split(), Trust.load(network["genesis"])
    with Ledger.connect(urls, trust, network["operator"]) as ledger:
        submission = ledger.operator().start(desk(1), key="01" * 16)
        submission.admitted()
        ordered = submission.ordered()
        outcome = submission.outcome().committed()
        assert (outcome.transaction, outcome.height) == (submission.transaction, ordered.height)
        assert submission.key == "01" * 16
        match ledger.outcome("operator", submission.key):
            case Committed(transaction=transaction, receipt=receipt):
                assert transaction == receipt.verify(trust).transaction == outcome.transaction
            case other:
                pytest.fail(f"{other}")
        assert ledger.outcome("operator", "02" * 16) is None

    async def main() -> None:
        async with AsyncLedger.connect(urls, trust, network["operator"]) as ledger:
            submission = await (await ledger.operator()).start(desk(2))
            await submission.admitted()
            ordered = await submission.ordered()
            committed = (await submission.outcome()).committed()
            assert committed.height == ordered.height
            assert await ledger.pending() == ()

    asyncio.run(main())


def test_a_traceparent_reaches_the_log_of_a_validator(tmp_path: Path) -> None:
    log = tmp_path / "log"
    trace = "00-0af7651916cd43dd8448eb211c80319c-{:016x}-01".format
    with log.open("w") as errors, running(tmp_path / "network", errors) as (network, _):
        urls, trust = network["urls"].split(), Trust.load(network["genesis"])
        with Ledger.connect(urls, trust, network["operator"]) as ledger:
            bank = ledger.operator()
            first = bank.submit(desk(1), traceparent=trace(1)).committed()
            second = bank.start(desk(2), traceparent=trace(2)).outcome().committed()
            with pytest.raises(InputError, match="traceparent"):
                bank.submit(desk(3), traceparent="00-trace-parent-01")

        async def main() -> Committed:
            async with AsyncLedger.connect(urls, trust, network["operator"]) as ledger:
                bank = await ledger.operator()
                await bank.submit(desk(4), traceparent=trace(4))
                return (await (await bank.start(desk(5), traceparent=trace(5))).outcome()).committed()

        third = asyncio.run(main())
        expected = {(trace(1), first.height), (trace(2), second.height), (trace(5), third.height)}
        until = time.monotonic() + 20
        executed: set[tuple[str, int]] = set()
        while not expected <= executed and time.monotonic() < until:
            time.sleep(0.05)
            # The last line may not be whole yet.
            lines = [json.loads(line) for line in log.read_text().rpartition("\n")[0].splitlines()]
            executed = {
                (line["traceparent"], line["height"]) for line in lines if line["message"] == "executed"
            }
    assert expected <= executed
    assert {traceparent for traceparent, _ in executed} == {trace(number) for number in (1, 2, 4, 5)}


def test_when_all_validators_are_gone_a_call_ends_at_its_deadline_and_is_kept(
    tmp_path: Path,
) -> None:
    home = tmp_path / "network"
    with running(home) as (network, process):
        urls, trust = network["urls"].split(), Trust.load(network["genesis"])
        with Ledger.connect(urls, trust, network["operator"]) as ledger:
            bank = ledger.operator()
            bank.submit(desk(1)).committed()
            process.kill()
            process.wait(30)
            started = time.monotonic()
            outcome = bank.submit(desk(2), deadline=0.5)
            times = [time.monotonic() - started]
            assert isinstance(outcome, Unknown)
            # The machine may be busy elsewhere: the best of a few tells how long a call lasts.
            for _ in range(4):
                started = time.monotonic()
                assert outcome.resolve(deadline=0.5) == outcome
                times.append(time.monotonic() - started)
            assert 0.5 <= min(times) < 0.6
            with pytest.raises(DeadlineError):
                outcome.committed()
            assert ledger.pending() == (outcome,)
            submission = bank.start(desk(3))
            with pytest.raises(DeadlineError):
                submission.admitted(deadline=0.05)

            async def later() -> None:
                times: list[float] = []
                for _ in range(5):
                    started = time.monotonic()
                    assert await outcome.resolve_async(deadline=0.5) == outcome
                    times.append(time.monotonic() - started)
                assert 0.5 <= min(times) < 0.6

            asyncio.run(later())
