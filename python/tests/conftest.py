from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from story import START, Story

from allonge import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger", clock="manual", start=START, name="the story") as ledger:
        yield ledger


@pytest.fixture
def story(ledger: Ledger, tmp_path: Path) -> Story:
    return Story(ledger, tmp_path / "ledger")
