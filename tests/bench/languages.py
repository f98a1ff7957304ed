"""What a batch of transfers costs from Python and Node beside Rust.

    python languages.py PACKAGES OUTPUT

installs the wheel and the tarballs of PACKAGES in an empty folder. A batch is one transaction of 1,000
transfers, which was signed before and is submitted as bytes. The three languages, each with a ledger of its
own on the same disk, are measured in the same rounds, in turn. Prints a table and writes OUTPUT: a list of
{name, value, unit, baseline, ratio, cpu_ratio, must, aim, holds}; ratios are the medians of the rounds',
`cpu_ratio` by the CPU time of all threads.

From the environment: ROUNDS (15), BATCHES in a round (20), TRANSFERS (1,000).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from start import install_node, install_python

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
ROUNDS = int(os.environ.get("ROUNDS", "15"))
BATCHES = int(os.environ.get("BATCHES", "20"))
TRANSFERS = int(os.environ.get("TRANSFERS", "1000"))
MUST, AIM = 1.10, 1.05

Figures = dict[str, float]


class Term:
    """A process with a ledger, which submits batches when it is told to."""

    def __init__(self, command: Sequence[object], ledger: Path, cwd: Path) -> None:
        given = [*map(str, command), str(ledger), str(TRANSFERS), str(BATCHES)]
        self.process: Any = subprocess.Popen(
            given, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def ask(self) -> str:
        self.process.stdin.write("\n")
        answer: str = self.process.stdout.readline().strip()
        if not answer:
            raise SystemExit(f"{self.process.args} ended")
        return answer

    def measure(self) -> Figures:
        """Seconds of one batch, and of the CPU time of all threads for it."""
        if self.ask() != "ready":
            raise SystemExit(f"{self.process.args} is not ready")
        before = self.cpu_seconds()
        wall = float(self.ask())
        return {"wall": wall / BATCHES, "cpu": (self.cpu_seconds() - before) / BATCHES}

    def cpu_seconds(self) -> float:
        """What its threads have computed, in nanoseconds exactly."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def close(self) -> None:
        self.process.stdin.close()
        if self.process.wait() != 0:
            raise SystemExit(f"{self.process.args} failed")


def rust_command() -> list[str]:
    """The benchmark of the client, built."""
    build = ["cargo", "bench", "--quiet", "-p", "allonge", "--bench", "batch", "--no-run"]
    told = subprocess.run(
        [*build, "--message-format=json"], cwd=TOP, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    messages = [json.loads(line) for line in told.splitlines()]
    (built,) = [one["executable"] for one in messages if one.get("target", {}).get("name") == "batch"]
    return [built]


def measure(packages: Path, folder: Path) -> dict[str, list[Figures]]:
    commands: dict[str, list[object]] = {
        "Rust": [*rust_command()],
        "Python": [install_python(packages, folder), HERE / "batch.py"],
        "Node": ["node", HERE / "batch.cjs"],
    }
    install_node(packages, folder)
    terms = {name: Term(command, folder / name, folder) for name, command in commands.items()}
    rounds: dict[str, list[Figures]] = {name: [] for name in terms}
    order = list(terms)
    # The first fills caches.
    for number in range(ROUNDS + 1):
        for name in order:
            figures = terms[name].measure()
            if number > 0:
                rounds[name].append(figures)
        order.append(order.pop(0))
    for term in terms.values():
        term.close()
    return rounds


def row(language: str, rounds: dict[str, list[Figures]]) -> dict[str, object]:
    pairs = list(zip(rounds[language], rounds["Rust"], strict=True))

    def ratio(clock: str) -> float:
        return statistics.median(one[clock] / rust[clock] for one, rust in pairs)

    return {
        "name": f"{language}: a batch of {TRANSFERS:,} transfers, prepared, beside Rust",
        "value": round(statistics.median(one["wall"] for one, _ in pairs) * 1e3, 3),
        "unit": "ms",
        "baseline": round(statistics.median(rust["wall"] for _, rust in pairs) * 1e3, 3),
        "ratio": round(ratio("wall"), 3),
        "cpu_ratio": round(ratio("cpu"), 3),
        "must": MUST,
        "aim": AIM,
        "holds": ratio("wall") <= MUST,
    }


def main() -> None:
    packages, output = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    output.parent.mkdir(parents=True, exist_ok=True)
    # Beside the packages: the same disk as everything else, not a file system in memory.
    with tempfile.TemporaryDirectory(dir=packages.parent) as directory:
        rounds = measure(packages, Path(directory))
    rows = [row(language, rounds) for language in ("Python", "Node")]
    output.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
    for one in rows:
        holds = "holds" if one["holds"] else "MISSED"
        print(
            f"{one['name']:<62} {one['value']:>10.3f} {one['unit']:<7} ratio {one['ratio']:>6.3f},"
            f" by CPU {one['cpu_ratio']:>6.3f}, must {one['must']:<5} {holds}"
        )


if __name__ == "__main__":
    main()
