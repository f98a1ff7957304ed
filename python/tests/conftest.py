from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from story import START, Story

from allonge import Ledger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from allonge.pytest import Simulate


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger", clock="manual", start=START, name="the story") as ledger:
        yield ledger


@pytest.fixture
def story(request: pytest.FixtureRequest, tmp_path: Path) -> Story:
    """In a directory, unless a test asks for a network too."""
    if getattr(request, "param", "open") == "simulate":
        simulate: Simulate = request.getfixturevalue("allonge_network")
        return Story(simulate(start=START, name="the story"), tmp_path / "none")
    return Story(request.getfixturevalue("ledger"), tmp_path / "ledger")
