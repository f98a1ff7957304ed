"""Batches of transfers submitted as prepared bytes; see `languages.py` and `core/client/benches/batch.rs`."""

from __future__ import annotations

import sys
import time

from allonge import Ledger, Money, OpenAccount, Session, Transfer

DESKS = 100


def account(name: str) -> str:
    return f"operator/USD/{name}"


def prepare(operator: Session, transfers: int) -> bytes:
    cent = Money("0.01", "USD")
    return operator.prepare(
        *[
            Transfer(
                from_=account("issue"),
                to=account(f"desk-{number % DESKS}"),
                amount=cent,
                reference=f"invoice {number}",
            )
            for number in range(transfers)
        ]
    )


def main() -> None:
    directory, transfers, batches = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    ledger = Ledger.open(directory)
    operator = ledger.operator()
    names = [f"desk-{desk}" for desk in range(DESKS)] + ["issue"]
    operator.submit(*[OpenAccount(account=account(name)) for name in names]).committed()
    while sys.stdin.readline():
        prepared = [prepare(operator, transfers) for _ in range(batches)]
        print("ready", flush=True)
        sys.stdin.readline()
        started = time.perf_counter()
        for signed in prepared:
            ledger.submit(signed).committed()
        print(time.perf_counter() - started, flush=True)
    ledger.close()


main()
