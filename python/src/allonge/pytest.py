"""Fixtures for tests of applications; pytest finds them by itself.

- `allonge_ledger`: a ledger on a fresh network of four validators, at the first of them.
- `allonge_network`: a function that makes such networks by the arguments of `Ledger.simulate`.

Both close at the end of the test what they opened. The seed follows from the test's name unless one is given,
so it is the same in every run; a test that fails says which it was.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from hashlib import sha256

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from typing import Any, Protocol

    from . import Calendar, Currency, Ledger, PartyId

    class Simulate(Protocol):
        """What the fixture `allonge_network` is."""

        def __call__(
            self,
            banks: Iterable[PartyId] | None = None,
            *,
            validators: int | None = None,
            seed: int | None = None,
            start: datetime.datetime | None = None,
            name: str | None = None,
            operator: PartyId | None = None,
            currencies: Iterable[Currency] | None = None,
            calendars: Iterable[Calendar] | None = None,
        ) -> Ledger:
            """As `Ledger.simulate`."""
            ...


_SEEDS = pytest.StashKey[list[int]]()


@pytest.fixture
def allonge_network(request: pytest.FixtureRequest) -> Iterator[Simulate]:
    """Makes simulated networks: call it with the arguments of `Ledger.simulate`.

    Without a `seed`, that of the test is taken.
    """
    # A run of tests that uses no ledger does not load it.
    from . import Ledger

    seeds = request.node.stash.setdefault(_SEEDS, [])
    with ExitStack() as opened:

        def simulate(
            banks: Iterable[PartyId] | None = None, *, seed: int | None = None, **options: Any
        ) -> Ledger:
            seed = _seed_of(request.node.nodeid) if seed is None else seed
            seeds.append(seed)
            return opened.enter_context(Ledger.simulate(banks, seed=seed, **options))

        yield simulate


@pytest.fixture
def allonge_ledger(allonge_network: Simulate) -> Ledger:
    """A ledger on a simulated network of four validators, at the first of them."""
    return allonge_network(validators=4)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Adds to the report of a test that failed how it is run again."""
    report: pytest.TestReport = (yield).get_result()
    seeds = item.stash.get(_SEEDS, None)
    if report.failed and seeds:
        told = "\n".join(f"simulated from the seed {seed}" for seed in seeds)
        report.sections.append(("Simulated networks", told))


def _seed_of(name: str) -> int:
    """The same in every run and on every machine."""
    return int.from_bytes(sha256(name.encode()).digest()[:8])
