"""What a network of four validators carries, beside Commonware alone and a ledger in one process.

    python network.py OUTPUT

builds the benchmarks, measures all in turn, several rounds, prints a table and writes OUTPUT: a list of
{name, value, unit, baseline, ratio, must, holds}. ROUNDS=1 is quick.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = int(os.environ.get("ROUNDS", "3"))
SECONDS = float(os.environ.get("SECONDS", "5"))
"""How long Commonware alone is counted."""
SINGLES = int(os.environ.get("SINGLES", "8000"))
HUNDREDS = int(os.environ.get("HUNDREDS", "2000"))
WINDOW = 1_024
UNLOADED = 100


def built(package: str, name: str, *features: str) -> str:
    """The program of a benchmark."""
    command = [
        "cargo",
        "bench",
        "--quiet",
        "-p",
        package,
        "--bench",
        name,
        "--no-run",
        "--message-format=json",
    ]
    if features:
        command += ["--features", ",".join(features)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found = [json.loads(line) for line in said.splitlines()]
    programs = [one["executable"] for one in found if one.get("executable") and one["target"]["name"] == name]
    return str(programs[-1])


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Processes:
    """Programs that run until their input ends."""

    def __init__(self, commands: list[list[str]]) -> None:
        self.running = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for command in commands
        ]

    def __enter__(self) -> list[subprocess.Popen[str]]:
        return self.running

    def __exit__(self, *_: object) -> None:
        for one in self.running:
            if one.stdin:
                one.stdin.close()
        for one in self.running:
            try:
                one.wait(10)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline()


def bare(program: str, size: int) -> tuple[float, list[int]]:
    """Blocks a second of Commonware alone, and the microseconds from a proposal to its certificate."""

    def ask(all_of_them: list[subprocess.Popen[str]]) -> list[list[int]]:
        for one in all_of_them:
            assert one.stdin
            one.stdin.write("\n")
            one.stdin.flush()
        return [[int(number) for number in line(one).split()] for one in all_of_them]

    with tempfile.TemporaryDirectory(dir="target") as directory:
        ports = [str(port) for port in free_ports(4)]
        commands = [
            [program, f"{directory}/{place}", str(place), str(size), *ports, "--bench"] for place in range(4)
        ]
        with Processes(commands) as running:
            until = time.monotonic() + 60
            while min(answer[0] for answer in ask(running)) < 20:
                assert time.monotonic() < until, "Commonware alone does not start"
                time.sleep(0.1)
            before, began = ask(running), time.monotonic()
            time.sleep(SECONDS)
            after, took = ask(running), time.monotonic() - began
    blocks = statistics.median(b[0] - a[0] for a, b in zip(before, after, strict=True))
    return blocks / took, [time for answer in after for time in answer[1:]]


def loaded(program: str, mode: str, directory: str, *numbers: int) -> list[float]:
    """Seconds, bytes and microseconds of submissions; numbers: transfers in each, how many, and at once."""
    command = [program, mode, directory, *map(str, numbers), "--bench"]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [float(number) for number in said.split()]


def percentile(times: list[float], part: float) -> float:
    return sorted(times)[min(int(len(times) * part), len(times) - 1)]


def main() -> None:
    """Measures, and writes what came of it."""
    output = Path(sys.argv[1])
    commonware = built("allonge-network", "bare", "validator")
    network = built("allonge", "network", "validator")
    figures: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        figures.setdefault(name, []).append(value)

    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(dir="target") as directory:
            subprocess.run([network, "make", directory, "--bench"], check=True)
            commands = [[network, "validator", f"{directory}/validator-{n}", "--bench"] for n in range(4)]
            with Processes(commands) as running:
                for one in running:
                    line(one)
                times = loaded(network, "load", directory, 1, UNLOADED, 1)[2:]
                for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
                    note(f"unloaded {name}", percentile(times, part))
                for transfers, count in ((1, SINGLES), (100, HUNDREDS)):
                    seconds, size, *times = loaded(network, "load", directory, transfers, count, WINDOW)
                    note(f"network transfers {transfers}", count * transfers / seconds)
                    note(f"network bytes {transfers}", size / seconds)
                    note(f"block bytes {transfers}", size / count * WINDOW)
                    for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
                        note(f"loaded {transfers} {name}", percentile(times, part))
        for transfers, count in ((1, SINGLES), (100, HUNDREDS)):
            with tempfile.TemporaryDirectory(dir="target") as directory:
                seconds, size, *_ = loaded(network, "embedded", directory, transfers, count, WINDOW)
                note(f"embedded transfers {transfers}", count * transfers / seconds)
                note(f"embedded bytes {transfers}", size / seconds)
            opaque = int(min(figures[f"block bytes {transfers}"][-1], 1 << 20))
            blocks, _ = bare(commonware, opaque)
            note(f"commonware bytes {transfers}", blocks * opaque)
        blocks, times = bare(commonware, 300)
        note("commonware certificate", statistics.median(times))
        note("commonware blocks", blocks)

    middle = {name: statistics.median(values) for name, values in figures.items()}
    rows = []
    for transfers in (1, 100):
        floor = min(0.7 * middle[f"commonware bytes {transfers}"], middle[f"embedded bytes {transfers}"] / 4)
        value = middle[f"network bytes {transfers}"]
        rows.append(row(f"bytes a second, {transfers} a signature", value, "B/s", floor, 1.0, more=True))
        rows.append(
            row(
                f"transfers a second, {transfers} a signature",
                middle[f"network transfers {transfers}"],
                "1/s",
                middle[f"embedded transfers {transfers}"],
                None,
                more=True,
            )
        )
    certificate = middle["commonware certificate"]
    rows.append(row("unloaded, submitted to receipt, p50", middle["unloaded p50"], "us", certificate, 3.0))
    rows += light_client()
    for name, value in sorted(middle.items()):
        rows.append(row(name, value, "us" if "p" in name[-3:] else "", None, None))
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(rows, indent=2) + "\n")
    for one in rows:
        held = {True: "holds", False: "MISSED", None: ""}[one["holds"]]
        ratio = "" if one["ratio"] is None else f"{one['ratio']:.2f}"
        must = "" if one["must"] is None else f"{one['must']}"
        print(f"{one['name']:48} {one['value']:>16,.1f} {one['unit']:4} {ratio:>8} {must:>5} {held}")


def light_client() -> list[dict[str, object]]:
    """What following headers costs beside bare checks of signatures."""
    said = subprocess.run(
        [built("allonge-ledger", "light"), "--bench"], check=True, stdout=subprocess.PIPE, text=True
    )
    *rounds, size = said.stdout.splitlines()
    light = [
        statistics.median(times) for times in zip(*(map(int, one.split()) for one in rounds), strict=True)
    ]
    followed, every, needed = light
    return [
        row("light client, 1,000 headers: their signatures", followed, "us", every, 1.5),
        row("light client, those it has to look at", followed, "us", needed, None),
        row("certificate of 3 of 4", float(size), "B", 260.0, 1.0),
    ]


def row(
    name: str, value: float, unit: str, baseline: float | None, must: float | None, *, more: bool = False
) -> dict[str, object]:
    ratio = None if baseline is None else value / baseline
    holds = None if must is None or ratio is None else (ratio >= must if more else ratio <= must)
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "baseline": baseline,
        "ratio": ratio,
        "must": must,
        "holds": holds,
    }


if __name__ == "__main__":
    main()
