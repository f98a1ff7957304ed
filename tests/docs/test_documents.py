"""Every Python and JavaScript block of the documents is run, each document's in a folder of its own.

Blocks of `docs/cli.md` are run by the command's own tests, Rust blocks by `cargo test --doc`, those of the
packages' own READMEs by the packages.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
KNOWN = {"python", "js", "sh", "text", "console", "json", "toml", ""}


def blocks(document: Path) -> list[tuple[str, str]]:
    """The language and the code of each fenced block."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", document.read_text(), re.MULTILINE | re.DOTALL)


def folder_with_message(folder: Path) -> Path:
    shutil.copy(ROOT / "tests/vectors/fin/mt700_usance.fin", folder / "mt700.fin")
    return folder


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_python_blocks_run(document: Path, tmp_path: Path) -> None:
    for number, (_, code) in enumerate(block for block in blocks(document) if block[0] == "python"):
        folder = tmp_path / str(number)
        folder.mkdir()
        subprocess.run(
            [sys.executable, "-W", "error", "-c", code], cwd=folder_with_message(folder), check=True
        )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_javascript_blocks_run(document: Path, tmp_path: Path) -> None:
    for number, (_, code) in enumerate(block for block in blocks(document) if block[0] == "js"):
        folder = tmp_path / str(number)
        (folder / "node_modules").mkdir(parents=True)
        (folder / "node_modules/allonge").symlink_to(ROOT / "node")
        (folder / "block.mjs").write_text(code)
        subprocess.run(["node", "block.mjs"], cwd=folder_with_message(folder), check=True)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_block_is_of_a_language_that_nothing_runs(document: Path) -> None:
    assert {language for language, _ in blocks(document)} <= KNOWN


def test_the_story_of_the_readme_is_told_in_both_languages() -> None:
    languages = [language for language, _ in blocks(ROOT / "README.md")]
    assert "python" in languages
    assert "js" in languages
