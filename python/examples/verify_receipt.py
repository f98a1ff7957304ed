"""Checks a receipt offline: python verify_receipt.py RECEIPT GENESIS. Exits with 1 and the error's code."""

from __future__ import annotations

import sys

from allonge import AllongeError, Receipt, Trust


def main() -> int:
    try:
        proved = Receipt.load(sys.argv[1]).verify(Trust.load(sys.argv[2]))
    except AllongeError as error:
        print(f"{error.code}: {error.message}", file=sys.stderr)
        return 1
    events = ", ".join(record.event.type for record in proved.events)
    print(f"valid: {proved.author} at height {proved.height}: {events}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
