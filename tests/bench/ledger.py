"""What the whole ledger costs beside its bare parts and beside databases.

    python ledger.py OUTPUT

prints a table and writes OUTPUT: a list of {name, value, unit, baseline, ratio, must, aim, holds}, for most
with cpu_ratio, the same ratio by the CPU time of all threads. All terms of a ratio are measured in the same
rounds, once in each, in turn; a ratio is the median of the rounds'.

From the environment: ACCOUNTS (1,000,000), ROUNDS (7), and GROWTH (unset): two numbers of accounts, so that
what an operation costs at the one is compared with the other, "100000 10000000".
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

ACCOUNTS = int(os.environ.get("ACCOUNTS", "1000000"))
ROUNDS = int(os.environ.get("ROUNDS", "7"))
GROWTH = os.environ.get("GROWTH", "").split()
# Of one measurement of PostgreSQL.
SECONDS = 5
BATCH = 1_000
SQLITE_BATCHES = 100
HERE = Path(__file__).resolve().parent
CARGO = ["cargo", "bench", "--quiet", "-p", "allonge-ledger"]
POSTGRES = Path("/usr/lib/postgresql/15/bin")

Round = dict[str, float]
Row = dict[str, object]
Term = Callable[[Round, str], float]
# What a ratio must come to, and what it is to come to.
Limits = tuple[float, float]


def main() -> None:
    output = Path(sys.argv[1])
    output.parent.mkdir(parents=True, exist_ok=True)
    run([*CARGO, "--no-run", "--bench", "verification", "--bench", "ledger"])
    verification = run([*CARGO, "--bench", "verification"]).splitlines()
    rows: list[Row] = [json.loads(line) for line in verification if line.startswith("{")]
    rounds, postgres = measure(output.parent)
    rows += ledger_rows(rounds)
    rows += database_rows(rounds, postgres)
    rows += other_rows(rounds)
    if GROWTH:
        rows.append(growth_row())
    output.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
    print_table(rows)


def measure(folder: Path) -> tuple[list[Round], bool]:
    """The rounds, each the figures of all terms, and whether PostgreSQL is among them."""
    with ExitStack() as stack:
        postgres = stack.enter_context(postgres_cluster(folder))
        sqlite = stack.enter_context(sqlite_ledger(folder))
        ledger = stack.enter_context(rust_rounds("rounds", str(ACCOUNTS)))
        # The first fills caches.
        rounds = [ledger() | postgres() | sqlite() for _ in range(ROUNDS + 1)][1:]
    return rounds, "postgres.single.wall" in rounds[0]


# ---------------------------------------------------------------------------------------------------------
# The terms.


@contextmanager
def rust_rounds(*arguments: str) -> Iterator[Callable[[], Round]]:
    """Each call measures one round."""
    command = [*CARGO, "--bench", "ledger", "--", *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    assert process.stdin is not None
    assert process.stdout is not None
    if process.stdout.readline() != "ready\n":
        raise SystemExit("the benchmark of the ledger does not start")
    stdin, stdout = process.stdin, process.stdout

    def measure() -> Round:
        stdin.write("\n")
        figures: Round = {}
        for name, value in json.loads(stdout.readline()).items():
            inner = value if isinstance(value, dict) else {"": value}
            figures |= {f"{name}.{part}".rstrip("."): figure for part, figure in inner.items()}
        return figures

    yield measure
    stdin.close()
    if process.wait() != 0:
        raise SystemExit("the benchmark of the ledger failed")


@contextmanager
def postgres_cluster(folder: Path) -> Iterator[Callable[[], Round]]:
    """PostgreSQL in a cluster of its own, as Debian has it; measures nothing where it is not installed."""
    if not POSTGRES.exists() and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "postgresql-15"], check=True, stdout=sys.stderr)
    if not POSTGRES.exists():
        print("not measured, for want of Debian's postgresql-15: what is beside PostgreSQL", file=sys.stderr)
        yield lambda: {}
        return
    # It refuses to run as root.
    user: dict[str, str] = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    cluster = (folder / "postgres").resolve()
    shutil.rmtree(cluster, ignore_errors=True)
    cluster.mkdir()
    if user:
        shutil.chown(cluster, "postgres", "postgres")
    data = cluster / "data"
    run([POSTGRES / "initdb", "-D", data, "-A", "trust", "-U", "bench"], cwd=cluster, **user)
    # Durable as it comes. Memory for all of it, and no checkpoint forced by the amount written.
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": cluster,
        "shared_buffers": "2GB",
        "max_wal_size": "16GB",
        "wal_buffers": "64MB",
        "max_connections": 32,
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    log = (folder / "postgres.log").open("w")
    command = [str(POSTGRES / "postgres"), "-D", str(data), *options]
    server = subprocess.Popen(
        command, cwd=cluster, stdout=log, stderr=log, user=user.get("user"), group=user.get("group")
    )
    connection = ["-h", str(cluster), "-U", "bench"]

    def figures(name: str, clients: int, transfers: int) -> Round:
        script = HERE / f"postgres_{name}.sql"
        options = f"-n -M prepared -c {clients} -j 2 -T {SECONDS} -D accounts={ACCOUNTS}".split()
        before = cpu_seconds(server.pid)
        printed = run([POSTGRES / "pgbench", *connection, *options, "-f", script, "postgres"])
        done = int(found(r"number of transactions actually processed: (\d+)", printed)) * transfers
        rate = float(found(r"tps = ([\d.]+) \(without", printed)) * transfers
        if int(found(r"number of failed transactions: (\d+)", printed)):
            raise SystemExit("PostgreSQL refused a transfer")
        return {
            f"postgres.{name}.wall": 1 / rate,
            f"postgres.{name}.cpu": (cpu_seconds(server.pid) - before) / done,
        }

    try:
        ready = [str(POSTGRES / "pg_isready"), "-q", *connection]
        while subprocess.run(ready, check=False).returncode != 0:
            if server.poll() is not None:
                raise SystemExit(f"PostgreSQL does not start: {Path(log.name).read_text()}")
            time.sleep(0.1)
        accounts = ["-v", f"accounts={ACCOUNTS}", "-v", "ON_ERROR_STOP=1"]
        run([POSTGRES / "psql", "-q", *connection, *accounts, "-f", HERE / "postgres.sql", "postgres"])
        yield lambda: figures("single", 16, 1) | figures("batch", 2, BATCH)
    finally:
        # What it is told by this signal it does at once, and in order.
        server.send_signal(2)
        server.wait()
        log.close()
        shutil.rmtree(cluster)


@contextmanager
def sqlite_ledger(folder: Path) -> Iterator[Callable[[], Round]]:
    """SQLite in a file, in batches; the time is that of its own code, but for handing over the numbers."""
    directory = folder / "sqlite"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    connection = sqlite3.connect(directory / "ledger.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -1000000")
    connection.executescript((HERE / "sqlite.sql").read_text())
    with transaction(connection):
        connection.executemany(
            "INSERT INTO accounts VALUES (?, 1000000)", ((number,) for number in range(1, ACCOUNTS + 1))
        )

    def transfer() -> tuple[int, ...]:
        return (random.getrandbits(63), *random.sample(range(1, ACCOUNTS + 1), 2))

    def measure() -> Round:
        batches = [[transfer() for _ in range(BATCH)] for _ in range(SQLITE_BATCHES)]
        wall, cpu = time.perf_counter(), time.process_time()
        for transfers in batches:
            with transaction(connection):
                connection.executemany("INSERT INTO transfers VALUES (?, ?, ?, 1)", transfers)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        return {"sqlite.wall": wall / BATCH / SQLITE_BATCHES, "sqlite.cpu": cpu / BATCH / SQLITE_BATCHES}

    yield measure
    connection.close()
    shutil.rmtree(directory)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN")
    yield
    connection.execute("COMMIT")


def cpu_seconds(server: int) -> float:
    """What a server and its children, those that ended too, have computed."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            process, fields = int(stat.parent.name), stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if process == server or int(fields[1]) == server:
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def run(command: Sequence[object], **options: object) -> str:
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True, **options
    ).stdout


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise SystemExit(f"{pattern} is not in: {text}")
    return match[1]


# ---------------------------------------------------------------------------------------------------------
# The rows.


def rate_row(
    name: str,
    rounds: list[Round],
    value: Term,
    baseline: Term,
    limits: Limits,
    *,
    unit: str = "transactions/s",
) -> Row:
    """Compares two rates, each given as seconds for one, by `wall` and by `cpu`; more is better."""
    ratio = median(baseline(one, "wall") / value(one, "wall") for one in rounds)
    return {
        "name": name,
        "value": median(1 / value(one, "wall") for one in rounds),
        "unit": unit,
        "baseline": median(1 / baseline(one, "wall") for one in rounds),
        "ratio": ratio,
        "cpu_ratio": median(baseline(one, "cpu") / value(one, "cpu") for one in rounds),
        "must": limits[0],
        "aim": limits[1],
        "holds": ratio >= limits[0],
    }


def cost_row(name: str, unit: str, pairs: list[tuple[float, float]], must: float, aim: float) -> Row:
    """A cost beside what it is measured by; less is better."""
    ratio = median(value / baseline for value, baseline in pairs)
    return {
        "name": name,
        "value": median(value for value, _ in pairs),
        "unit": unit,
        "baseline": median(baseline for _, baseline in pairs),
        "ratio": ratio,
        "must": must,
        "aim": aim,
        "holds": ratio <= must,
    }


def limit_row(name: str, unit: str, values: list[float], must: float, aim: float) -> Row:
    return cost_row(name, unit, [(value, must) for value in values], 1.0, aim / must)


def median(figures: Iterable[float]) -> float:
    return statistics.median(figures)


def each(name: str) -> Term:
    """The seconds of one operation of a term."""
    operations = "operations.large" if name.startswith("large.") else "operations.block"
    return lambda one, clock: one[f"{name}.{clock}"] / one[operations]


def stages(kind: str) -> Term:
    """The seconds of one operation in all stages alone, one after the other."""
    names = ["signatures", "transfers", "tree", "disk"]
    return lambda one, clock: sum(each(f"{kind}.{name}")(one, clock) for name in names)


def database(name: str) -> Term:
    return lambda one, clock: one[f"{name}.{clock}"]


def ledger_rows(rounds: list[Round]) -> list[Row]:
    def both_cores(name: str, one: str, two: str, must: float) -> Row:
        return rate_row(f"two threads beside one: {name}", rounds, each(two), each(one), (must, 1.8))

    def beside_signatures(name: str, kind: str, limits: Limits) -> Row:
        whole, signatures = each(f"{kind}.ledger.two"), each(f"{kind}.signatures.two")
        return rate_row(f"ledger beside its signatures, {name}", rounds, whole, signatures, limits)

    return [
        rate_row("ledger beside its stages, 64 keys", rounds, each("few.ledger"), stages("few"), (0.7, 0.85)),
        rate_row(
            "ledger beside its stages, distinct keys",
            rounds,
            each("distinct.ledger"),
            stages("distinct"),
            (0.7, 0.85),
        ),
        beside_signatures("64 keys", "few", (0.4, 0.55)),
        beside_signatures("distinct keys", "distinct", (0.55, 0.7)),
        rate_row(
            "ledger beside its tree, 100 transfers a signature",
            rounds,
            each("large.ledger"),
            each("large.tree"),
            (0.7, 0.85),
            unit="transfers/s",
        ),
        both_cores("64 keys", "few.ledger", "few.ledger.two", 1.6),
        both_cores("distinct keys", "distinct.ledger", "distinct.ledger.two", 1.6),
        both_cores("root alone", "distinct.root", "distinct.root.two", 1.5),
    ]


def database_rows(rounds: list[Round], postgres: bool) -> list[Row]:
    single, large = each("distinct.ledger.two"), each("large.ledger.two")

    def beside(name: str, term: str, value: Term, limits: Limits) -> Row:
        return rate_row(f"ledger beside {name}", rounds, value, database(term), limits, unit="transfers/s")

    rows = []
    if postgres:
        rows += [
            beside("PostgreSQL, a call for each", "postgres.single", single, (10, 20)),
            beside("PostgreSQL, 1,000 a call", "postgres.batch", single, (2, 4)),
            beside("PostgreSQL, 1,000 a call; 100 a signature", "postgres.batch", large, (5, 12)),
        ]
    rows.append(beside("SQLite, 1,000 a commit; 100 a signature", "sqlite", large, (10, 25)))
    return rows


def other_rows(rounds: list[Round]) -> list[Row]:
    def latency(one: Round, disk: float, stages: float) -> float:
        return (disk * one["latency.disk"] + stages * one["latency.stages"]) * 1e3

    aim = median(latency(one, 1.2, 1.0) / latency(one, 2.0, 1.3) for one in rounds)
    return [
        cost_row(
            "commit of one transaction, beside 2 fdatasync + 1.3 stages",
            "ms",
            [(one["latency"] * 1e3, latency(one, 2.0, 1.3)) for one in rounds],
            1.0,
            aim,
        ),
        limit_row("written for each byte of transactions", "bytes", [rounds[0]["written"]], 4.0, 2.5),
        limit_row("memory of the trees, an account", "bytes", [rounds[0]["memory"]], 400, 120),
        limit_row("proof", "bytes", [one["proof.bytes"] for one in rounds], 1024, 800),
        limit_row("making a proof", "µs", [one["proof.make"] * 1e6 for one in rounds], 30, 5),
        limit_row("verifying a proof", "µs", [one["proof.verify"] * 1e6 for one in rounds], 10, 5),
        limit_row("opening after a kill", "s", [one["reopened.wall"] for one in rounds], 3, 1),
    ]


def growth_row() -> Row:
    small, large = GROWTH
    with rust_rounds("growth", small, large) as ledger:
        rounds = [ledger() for _ in range(ROUNDS + 1)][1:]
    pairs = [(one["growth.large.wall"], one["growth.small.wall"]) for one in rounds]
    return cost_row(f"a transaction at {large} accounts beside {small}", "s", pairs, 1.8, 1.5)


def print_table(rows: list[Row]) -> None:
    heads = f"{'baseline':>12} {'ratio':>7} {'by CPU':>7} {'must':>6} {'aim':>6}"
    print(f"{'':<62} {'value':>12} {'unit':<15} {heads}")
    for row in rows:
        cpu = f"{row['cpu_ratio']:>7.3f}" if "cpu_ratio" in row else f"{'':>7}"
        print(
            f"{row['name']:<62} {row['value']:>12.3f} {row['unit']:<15} {row['baseline']:>12.3f}"
            f" {row['ratio']:>7.3f} {cpu} {row['must']:>6.3g} {row['aim']:>6.3g}"
            f" {'holds' if row['holds'] else 'MISSED'}"
        )


if __name__ == "__main__":
    main()
