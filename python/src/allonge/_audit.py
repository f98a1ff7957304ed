"""What an auditor does without an open ledger: proves records, and executes backups again."""

from __future__ import annotations

import os

from . import _native
from ._query import proven_record
from ._records import ProvenAccount, ReplayRecord

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._query import ProvenRecord, RecordKind
    from ._receipt import Trust
    from ._records import AccountId


def verify_account(data: bytes, trust: Trust, account: AccountId) -> ProvenAccount:
    """Proves from the genesis alone what an account was, or that it was not open.

    `data` is what `Ledger.prove_account` makes. Raises `ReceiptError`.
    """
    native = trust._native  # pyright: ignore[reportPrivateUsage]
    return ProvenAccount.from_wire(_native.verify_account(data, native, account))


def verify_record(data: bytes, trust: Trust, kind: RecordKind, id: str) -> ProvenRecord:
    """Proves from the genesis alone what a record was, or that there was none with this id.

    `data` is what `Ledger.prove` makes. Raises `ReceiptError`.
    """
    native = trust._native  # pyright: ignore[reportPrivateUsage]
    return proven_record(kind, _native.verify_record(data, native, kind, id))


def replay(path: str | os.PathLike[str], trust: Trust | None = None) -> ReplayRecord:
    """Executes a backup, or the `blocks.log` of a ledger, again from its genesis.

    Every signature, certificate, header, result and state root is checked; with `trust` it must be the ledger
    of that genesis. It takes as long as the ledger is; other threads run meanwhile.

    Raises `ReplayError` with the first height that does not hold, `ReceiptError`, `StoreError`.
    """
    return ReplayRecord.from_wire(_native.replay(os.fspath(path), _genesis(trust)))


def restore(
    backup: str | os.PathLike[str], directory: str | os.PathLike[str], trust: Trust | None = None
) -> ReplayRecord:
    """Makes a ledger in a directory of a backup that holds: it is executed again first, as by `replay`.

    Keys are not in a backup: put the directory `keys` of the old ledger into the new one, then open it. Other
    threads run meanwhile.

    Raises what `replay` raises, and `StoreError` when the directory holds a ledger.
    """
    return ReplayRecord.from_wire(_native.restore(os.fspath(backup), os.fspath(directory), _genesis(trust)))


def _genesis(trust: Trust | None) -> _native.Trust | None:
    return None if trust is None else trust._native  # pyright: ignore[reportPrivateUsage]
