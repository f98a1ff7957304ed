"""The types of the native layer, and the code of the documents."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from story import VECTORS

PACKAGE = Path(__file__).parents[1]
BLOCKS = re.findall(r"```python\n(.*?)```", (PACKAGE / "README.md").read_text(), re.DOTALL)


def test_the_stub_of_the_native_layer_is_true(tmp_path: Path) -> None:
    allowlist = tmp_path / "allowlist"
    allowlist.write_text("allonge._native.(panic_.*|__all__)\n")
    command = [sys.executable, "-m", "mypy.stubtest", "allonge._native", "--allowlist", str(allowlist)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=PACKAGE)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_the_code_of_the_readme_runs(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mt700.fin").write_bytes((VECTORS / "fin" / "mt700_usance.fin").read_bytes())
    (tmp_path / "invoice.pdf").write_bytes(b"abc")
    # A block may go on from the ones before it.
    source = "\n".join(BLOCKS[: number + 1])
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("example", ["first_receipt"])
def test_the_examples_run(example: str, tmp_path: Path) -> None:
    command = [sys.executable, str(PACKAGE / "examples" / f"{example}.py"), str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "proven" in run.stdout
