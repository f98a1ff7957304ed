"""A ledger on a network of validators, which run as a process of their own."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from allonge import AsyncLedger, Ledger, NetworkError, OpenAccount, Receipt, Trust

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def network(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Four validators on this machine, as `allonge dev` says where they are."""
    command = [sys.executable, "-m", "allonge", "dev", str(tmp_path / "network"), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = ""
        while not said.endswith("\n}\n"):
            line = process.stdout.readline()
            assert line, "the network did not start"
            said += line
        yield json.loads(said)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


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


def test_nobody_there_is_told_in_time(network: dict[str, Any], tmp_path: Path) -> None:
    trust = Trust.load(network["genesis"])
    with pytest.raises(NetworkError) as raised:
        Ledger.connect(["http://127.0.0.1:1"], trust, tmp_path / "state")
    assert raised.value.code == "network.unreachable"
