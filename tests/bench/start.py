"""What starting, a first commit and checking a receipt cost beside their bare parts.

    python start.py PACKAGES OUTPUT < rows of the Rust benchmarks, one JSON object a line

installs the wheel and the tarballs of PACKAGES in empty folders, measures in interleaved runs, prints a table
and writes OUTPUT: a list of {name, value, unit, baseline, ratio, must, aim, holds}.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 21

FIRST_COMMIT = """
import os, resource, sys, tempfile, time
import allonge
allonge.Ledger, allonge.OpenAccount
directory = tempfile.mkdtemp(dir=sys.argv[1])

def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime

before, started = cpu(), time.perf_counter()
ledger = allonge.Ledger.open(directory)
receipt = ledger.operator().submit(allonge.OpenAccount(account="operator/USD/issue")).committed().receipt
wall, spent = time.perf_counter() - started, cpu() - before
receipt.verify(ledger.trust)

file = os.open(directory + "/bare", os.O_CREAT | os.O_WRONLY)
started = time.perf_counter()
for _ in range(6):
    os.write(file, bytes(600))
    os.fsync(file)
print(spent * 1e3, wall * 1e3, (time.perf_counter() - started) * 1e3)
"""

OPEN_AND_COMMIT = """
import allonge, tempfile
ledger = allonge.Ledger.open(tempfile.mkdtemp(dir="."))
ledger.operator().submit(allonge.OpenAccount(account="operator/USD/issue")).committed()
ledger.close()
"""

VERIFY_PYTHON = """
import sys, time
from allonge import Receipt, Trust
trust, data = Trust.load(sys.argv[1]), open(sys.argv[2], "rb").read()
Receipt.from_bytes(data).verify(trust)
started = time.perf_counter()
for _ in range(500):
    Receipt.from_bytes(data).verify(trust)
print((time.perf_counter() - started) * 1e6 / 500)
"""

VERIFY_NODE = """
const { Receipt, Trust } = require('allonge');
const fs = require('node:fs');
const trust = Trust.fromJson(fs.readFileSync(process.argv[1], 'utf8'));
const data = fs.readFileSync(process.argv[2]);
for (let i = 0; i < 50; i++) Receipt.fromBytes(data).verify(trust);
const started = process.hrtime.bigint();
for (let i = 0; i < 500; i++) Receipt.fromBytes(data).verify(trust);
console.log(Number(process.hrtime.bigint() - started) / 1e3 / 500);
"""


def cpu_ms(command: list[str], directory: Path) -> float:
    """User and system time of one run of a command, in milliseconds."""
    process = subprocess.Popen(command, cwd=directory)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{command} failed")
    process.returncode = 0
    return (usage.ru_utime + usage.ru_stime) * 1e3


def paired(one: list[str], other: list[str], directory: Path) -> tuple[float, float]:
    """The medians of two commands, run in turn."""
    pairs = [(cpu_ms(one, directory), cpu_ms(other, directory)) for _ in range(ROUNDS)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def row(name: str, value: float, unit: str, baseline: float, must: float) -> dict[str, object]:
    ratio = value / baseline
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "baseline": round(baseline, 3),
        "ratio": round(ratio, 3),
        "must": must,
        "aim": must,
        "holds": ratio <= must,
    }


def wheel_of(packages: Path) -> Path:
    (wheel,) = packages.glob("allonge-*.whl")
    return wheel


def install_python(packages: Path, folder: Path) -> str:
    """The Python of an environment with nothing but the wheel."""
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    python = str(folder / "venv/bin/python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-index", wheel_of(packages)], check=True)
    return python


def install_node(packages: Path, folder: Path) -> None:
    """The tarballs, for what is run in the folder."""
    tarballs = [str(tarball) for tarball in sorted(packages.glob("*.tgz"))]
    (folder / "package.json").write_text('{"private": true}')
    subprocess.run(
        ["npm", "install", "--silent", "--offline", "--no-audit", *tarballs], cwd=folder, check=True
    )


def python_rows(packages: Path, folder: Path) -> list[dict[str, object]]:
    python, wheel = install_python(packages, folder), wheel_of(packages)
    bare, whole = paired([python, "-c", "pass"], [python, "-c", "import allonge; allonge.Ledger"], folder)
    runs = [
        [float(number) for number in run([python, "-c", FIRST_COMMIT, str(folder)], folder).split()]
        for _ in range(ROUNDS)
    ]
    cpu, wall, fsyncs = (statistics.median(column) for column in zip(*runs, strict=True))
    return [
        row("Python: import, beside bare python -c pass", whole - bare, "ms CPU", bare, 1.0),
        row("Python: open and first receipt, CPU, beside 20 ms", cpu, "ms CPU", 20.0, 1.0),
        row("Python: open and first receipt, beside 20 ms and six fsyncs", wall, "ms", 20.0 + fsyncs, 1.0),
        *fsync_row([python, "-c", OPEN_AND_COMMIT], folder),
        row("Python: wheel, beside 4 MB", wheel.stat().st_size / 1e6, "MB", 4.0, 1.0),
    ]


def fsync_row(command: list[str], folder: Path) -> list[dict[str, object]]:
    """How often opening and the first receipt wait for the disk, where `strace` is there to count."""
    if shutil.which("strace") is None:
        print("not counted without strace: how often a first receipt waits for the disk", file=sys.stderr)
        return []
    trace = folder / "trace"
    filtered = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync,sync_file_range,msync", "-o", str(trace)]
    run([*filtered, *command], folder)
    waits = sum("sync" in line and "resumed" not in line for line in trace.read_text().splitlines())
    return [row("Python: open and first receipt, fsyncs, beside six", waits, "fsyncs", 6.0, 1.0)]


def node_rows(packages: Path, folder: Path) -> list[dict[str, object]]:
    install_node(packages, folder)
    addon = next((folder / "node_modules").glob("@allonge/*/*.node"))
    bare, whole = paired(["node", "-e", "0"], ["node", "-e", "require('allonge')"], folder)
    return [
        row("Node: require, beside bare node -e 0", whole - bare, "ms CPU", bare, 0.5),
        row("Node: addon, beside 6 MB", addon.stat().st_size / 1e6, "MB", 6.0, 1.0),
    ]


def verify_rows(folder: Path, rust_us: float) -> list[dict[str, object]]:
    """What a receipt's verification costs more from a language than from Rust, beside 200 µs."""
    python = str(folder / "venv/bin/python")
    make = (
        "import allonge, sys; ledger = allonge.Ledger.open(sys.argv[1]);"
        "outcome = ledger.operator().submit(allonge.OpenAccount(account='operator/USD/issue'));"
        "outcome.receipt.save(sys.argv[1] + '/receipt')"
    )
    run([python, "-c", make, str(folder / "ledger")], folder)
    genesis, receipt = str(folder / "ledger/genesis.json"), str(folder / "ledger/receipt")
    rows = []
    for language, command in (
        ("Python", [python, "-c", VERIFY_PYTHON, genesis, receipt]),
        ("Node", ["node", "-e", VERIFY_NODE, genesis, receipt]),
    ):
        whole = statistics.median(float(run(command, folder)) for _ in range(ROUNDS // 2))
        rows.append(
            row(
                f"{language}: receipt verification over Rust's, beside 0.2 ms",
                whole - rust_us,
                "µs",
                200.0,
                1.0,
            )
        )
    return rows


def run(command: list[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def main() -> None:
    packages, output = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    rows = [json.loads(line) for line in sys.stdin if line.startswith("{")]
    rust_us = next(one["value"] for one in rows if one["name"].startswith("receipt verification"))
    # Beside the packages: the same disk as everything else, not a file system in memory.
    with tempfile.TemporaryDirectory(dir=packages.parent) as directory:
        folder = Path(directory)
        rows += python_rows(packages, folder)
        rows += node_rows(packages, folder)
        rows += verify_rows(folder, rust_us)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
    for one in rows:
        holds = "holds" if one["holds"] else "MISSED"
        print(
            f"{one['name']:<62} {one['value']:>10.3f} {one['unit']:<7}"
            f" ratio {one['ratio']:>6.3f}, must {one['must']:<5} {holds}"
        )


if __name__ == "__main__":
    main()
