"""A network of banks in the process: what it survives, and that a seed replays it."""

from __future__ import annotations

import asyncio
import datetime
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from story import ISSUER, ISSUER_ACCOUNT, PRESENTER, START, at, funding

from allonge import (
    AsyncLedger,
    DeadlineError,
    Expired,
    InputError,
    Ledger,
    LedgerError,
    OpenAccount,
    SimulatedNetwork,
    SimulationError,
    Unknown,
    UnsupportedHereError,
    ValidatorError,
    verify_answer,
)

if TYPE_CHECKING:
    from allonge.pytest import Simulate

BANKS = [ISSUER, PRESENTER]
OPEN = OpenAccount(account=ISSUER_ACCOUNT)


def network_of(ledger: Ledger) -> SimulatedNetwork:
    """The network of a ledger that has one."""
    network = ledger.network
    assert network is not None
    return network


def test_a_ledger_in_a_directory_is_on_no_network(ledger: Ledger) -> None:
    assert ledger.network is None


def test_the_options_are_those_of_the_ledger(allonge_network: Simulate) -> None:
    calendar = allonge_network().calendar("CN")
    assert calendar is not None
    ledger = allonge_network(
        BANKS,
        validators=1,
        seed=2**64 - 1,
        start=START,
        name="of one",
        operator="SYNTGB2LXXX",
        currencies=["USD"],
        calendars=[calendar],
    )
    status = ledger.status()
    assert (status.name, status.time, status.clock, status.height) == ("of one", START, "manual", 0)
    assert network_of(ledger).validators == 1
    assert {party.id for party in ledger.parties()} == {*BANKS, "SYNTGB2LXXX"}
    assert ledger.operator().party == "SYNTGB2LXXX"
    assert ledger.calendar("CN") == calendar
    assert ledger.calendar("DE") is None


def test_what_was_committed_survives_a_crash_and_is_at_every_validator(allonge_network: Simulate) -> None:
    ledger = allonge_network(BANKS)
    network = network_of(ledger)
    network.crash(3)
    with pytest.raises(ValidatorError, match=r"validator\.down"):
        network.at(3).status()
    outcome = ledger.session(ISSUER).submit(OPEN).committed()
    network.restart(3)
    network.run_for(5_000)
    for validator in range(network.validators):
        copy = network.at(validator)
        assert copy.account(ISSUER_ACCOUNT) == ledger.account(ISSUER_ACCOUNT)
        assert copy.receipt(outcome.transaction).verify(ledger.trust).transaction == outcome.transaction


def test_a_partition_settles_nothing_and_the_same_key_is_answered_once_it_is_healed(
    allonge_network: Simulate,
) -> None:
    ledger = allonge_network(BANKS)
    network = network_of(ledger)
    issuer = ledger.session(ISSUER)
    key = bytes(range(16))
    network.partition([[0, 1], [2, 3]])
    unknown = issuer.submit(OPEN, key=key)
    assert isinstance(unknown, Unknown)
    with pytest.raises(DeadlineError, match=r"deadline\.exceeded"):
        unknown.committed()
    assert [network.at(validator).account(ISSUER_ACCOUNT) for validator in range(4)] == [None] * 4
    network.link()
    outcome = unknown.resolve().committed()
    assert issuer.submit(OPEN, key=key).committed().receipt == outcome.receipt
    assert ledger.account(ISSUER_ACCOUNT) is not None


def test_what_came_too_late_is_expired_and_anybody_can_check_that(allonge_network: Simulate) -> None:
    ledger = allonge_network(BANKS)
    issuer = ledger.session(ISSUER)
    prepared = issuer.prepare(OPEN, key=bytes(16), valid_for=datetime.timedelta(hours=1))
    ledger.advance_to(ledger.status().time + datetime.timedelta(hours=2))
    network_of(ledger).run_for(5_000)
    match ledger.submit(prepared):
        case Expired(proof=proof, valid_until=valid_until) as expired:
            proven = verify_answer(proof, ledger.trust, expired.party, expired.key, valid_until)
            assert (proven.transaction, proven.settled) == (None, True)
        case other:
            pytest.fail(f"{other}")
    assert ledger.outcome(ISSUER, bytes(16)) is None
    assert issuer.submit(OPEN, key=bytes(16)).committed()


def run(ledger: Ledger, key: int) -> str:
    """A story with chance in it."""
    network = network_of(ledger)
    network.link(latency_ms=20, jitter_ms=10, lost_per_mille=50)
    network.skew(1, -300)
    ledger.session(ISSUER).submit(OPEN, key=key.to_bytes(16)).committed()
    network.crash(2)
    ledger.advance_to(at("2026-04-24T06:00:00Z"))
    network.restart(2)
    network.run_for(3_000)
    return network.fingerprint()


def test_the_same_calls_on_the_same_seed_give_the_same_fingerprint(allonge_network: Simulate) -> None:
    first = run(allonge_network(BANKS, seed=7), 1)
    assert run(allonge_network(BANKS, seed=7), 1) == first
    assert run(allonge_network(BANKS, seed=8), 1) != first
    assert run(allonge_network(BANKS, seed=7), 2) != first


def test_what_is_read_at_a_liar_is_no_value_but_the_lie(allonge_network: Simulate) -> None:
    ledger = allonge_network(BANKS)
    network = network_of(ledger)
    key = bytes(range(16))
    for lie in ("wrong_bytes", "wrong_proof"):
        network.lie(3, lie)
        with pytest.raises(ValidatorError, match=r"validator\.lied"):
            network.at(3).account(ISSUER_ACCOUNT)
        with pytest.raises(ValidatorError, match=r"validator\.lied"):
            network.at(3).session(ISSUER).submit(OPEN, key=key)
    assert ledger.session(ISSUER).submit(OPEN, key=key).committed()
    network.lie(3, "equivocation")
    network.lie(3, "none")
    network.run_for(5_000)
    assert network.at(3).account(ISSUER_ACCOUNT) == ledger.account(ISSUER_ACCOUNT)


def test_what_is_no_network_is_refused(allonge_network: Simulate) -> None:
    network = network_of(allonge_network())
    for wrong in (
        lambda: Ledger.simulate(validators=21),
        lambda: Ledger.simulate(validators=0),
        lambda: network.at(4),
        lambda: network.crash(4),
        lambda: network.restart(0),
        lambda: network.partition([[0], [0]]),
        lambda: network.link(lost_per_mille=1_001),
        lambda: network.lie(4, "none"),
        lambda: network.lie(3, "half_truth"),  # type: ignore[arg-type]
    ):
        with pytest.raises(SimulationError):
            wrong()
    with pytest.raises(TypeError, match="a list is expected"):
        Ledger.simulate(ISSUER)
    with pytest.raises(InputError, match="banks"):
        Ledger.simulate(["nobody at all"])
    with pytest.raises(InputError, match="seed"):
        Ledger.simulate(seed=-1)


def test_what_a_simulated_ledger_cannot_do_says_so(allonge_network: Simulate, tmp_path: Path) -> None:
    ledger = allonge_network(BANKS)
    ledger.session(ISSUER).submit(OPEN, key=bytes(16)).committed()
    with pytest.raises(UnsupportedHereError):
        ledger.backup(tmp_path / "backup")
    valid_until = ledger.status().time + datetime.timedelta(hours=1)
    # A header above the newest says what it came to, once there is one.
    network_of(ledger).run_for(5_000)
    file = ledger.prove_answer(ISSUER, bytes(16), valid_until + datetime.timedelta(hours=23))
    until = valid_until + datetime.timedelta(hours=23)
    assert verify_answer(file, ledger.trust, ISSUER, bytes(16), until).settled


def test_a_network_ends_for_all_validators(allonge_network: Simulate) -> None:
    ledger = allonge_network()
    network = network_of(ledger)
    other = network.at(2)
    other.close()
    with pytest.raises(LedgerError, match=r"ledger\.closed"):
        ledger.status()
    with pytest.raises(LedgerError, match=r"ledger\.closed"):
        network.run_for(1)


def test_the_network_is_awaited_in_asyncio() -> None:
    async def act() -> None:
        async with AsyncLedger.simulate(BANKS, seed=1) as ledger:
            network = ledger.network
            assert network is not None
            await network.link(latency_ms=5)
            await network.crash(network.validators - 1)
            outcome = (await (await ledger.session(ISSUER)).submit(OPEN)).committed()
            await network.restart(3)
            await network.skew(3, 100)
            await network.lie(2, "equivocation")
            await network.run_for(5_000)
            assert (await network.at(3).receipt(outcome.transaction)).verify(ledger.trust)
            await network.partition([[0, 1], [2, 3]])
            ticks = 0

            async def tick() -> None:
                nonlocal ticks
                while True:
                    await asyncio.sleep(0)
                    ticks += 1

            ticking = asyncio.create_task(tick())
            operator = await ledger.operator()
            unknown = await operator.submit(funding("1.00"))
            assert isinstance(unknown, Unknown)
            ticking.cancel()
            assert ticks > 0, "the loop goes on while virtual time goes by"
            assert await network.fingerprint()

    asyncio.run(act())


def test_fixtures_close_what_they_opened_and_a_failure_tells_its_seed(tmp_path: Path) -> None:
    (tmp_path / "test_application.py").write_text(
        """
import pytest

KEPT = []

def test_that_fails(allonge_network):
    KEPT.append(allonge_network(["SYNBCNBJXXX"], seed=42))
    assert allonge_network(validators=1).network.validators == 2

def test_that_passes(allonge_ledger):
    assert allonge_ledger.network.validators == 4
    with pytest.raises(Exception, match="ledger.closed"):
        KEPT[0].status()
"""
    )
    outputs: list[str] = []
    for _ in range(2):
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_application.py"]
        told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert "1 failed, 1 passed" in told.stdout, told
        outputs.append(told.stdout)
    seeds = [
        [line for line in output.splitlines() if line.startswith("simulated from")] for output in outputs
    ]
    assert seeds[0] == seeds[1]
    assert len(seeds[0]) == 2
    assert seeds[0][0] == "simulated from the seed 42"


def test_the_fixtures_load_nothing_before_they_are_used() -> None:
    code = "import allonge.pytest, sys; print('allonge._native' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"
    code = "import allonge, sys; allonge.Ledger; print('pytest' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"
