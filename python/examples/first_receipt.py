"""One bank alone: a ledger in a directory, a transaction, and a receipt that anybody can check."""

from __future__ import annotations

import sys
from pathlib import Path

from allonge import (
    Committed,
    Expired,
    Ledger,
    Money,
    OpenAccount,
    Receipt,
    Rejected,
    Transfer,
    Trust,
    Unknown,
)


def main(directory: Path) -> None:
    """Opens a ledger, moves some money, and verifies the receipt from its file and the genesis alone."""
    with Ledger.open(directory / "ledger") as ledger:
        operator = ledger.operator()
        bank = ledger.admit("SYNBCNBJXXX", "Synthetic Bank of China")
        operator.submit(OpenAccount(account="operator/USD/issue")).committed()
        bank.submit(OpenAccount(account="SYNBCNBJXXX/USD/settlement")).committed()

        outcome = operator.submit(
            Transfer(
                from_="operator/USD/issue",
                to="SYNBCNBJXXX/USD/settlement",
                amount=Money("1000000.00", "USD"),
                reference="FUNDING",
            )
        )
        match outcome:
            case Committed(events=events, receipt=receipt):
                print("committed:", *[event.event for event in events])
                receipt.save(directory / "transfer.receipt")
            case Rejected(error=error) | Expired(error=error):
                print(error.code, error.remedy)
            case Unknown() as unknown:
                print(unknown.resolve())

    trust = Trust.load(directory / "ledger" / "genesis.json")
    proven = Receipt.load(directory / "transfer.receipt").verify(trust)
    print("proven at height", proven.height, "by", proven.author)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
