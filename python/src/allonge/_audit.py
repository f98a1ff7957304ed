"""What an auditor does without an open ledger: proves records, keys and history, executes backups again."""

from __future__ import annotations

import os

from . import _native
from ._kinds import class_of
from ._query import proven_record
from ._record import instant_to_wire, key_to_wire, optional, wire_of
from ._records import ProvenAccount, ProvenAnswer, ProvenHistory, ReplayRecord

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import uuid

    from ._kinds import RecordKind
    from ._query import ProvenRecord
    from ._receipt import Trust
    from ._records import AccountId, Checkpoint, PartyId


def verify_account(data: bytes, trust: Trust, account: AccountId) -> ProvenAccount:
    """Proves from the genesis alone what an account was, or that it was not open.

    `data` is what `Ledger.prove_account` makes. Raises `ReceiptError`.
    """
    native = trust._native  # pyright: ignore[reportPrivateUsage]
    return ProvenAccount.from_wire(_native.verify_account(data, native, account))


def verify_answer(
    data: bytes, trust: Trust, party: PartyId, key: str | bytes | uuid.UUID, valid_until: datetime.datetime
) -> ProvenAnswer:
    """Proves from the genesis alone which transaction used a party's idempotency key.

    Or that none with this `valid_until` did, and with `settled` that none ever will. `data` is what
    `Ledger.prove_answer` makes. Raises `ReceiptError`.
    """
    native = trust._native  # pyright: ignore[reportPrivateUsage]
    wire = _native.verify_answer(data, native, party, key_to_wire(key), instant_to_wire(valid_until))
    return ProvenAnswer.from_wire(wire)


def verify_history(data: bytes, trust: Trust, checkpoint: Checkpoint | None = None) -> ProvenHistory:
    """Proves from the genesis alone that a newer block continues the history of an older one.

    `data` is what `Ledger.prove_history` makes. With a `checkpoint`, the older block must be the one that was
    kept. Keep the newer one for the next time.

    Raises `HistoryError` when the ledger was forked, `ReceiptError`.
    """
    native = trust._native  # pyright: ignore[reportPrivateUsage]
    return ProvenHistory.from_wire(_native.verify_history(data, native, optional(wire_of, checkpoint)))


def verify_record(data: bytes, trust: Trust, kind: RecordKind, id: str) -> ProvenRecord:
    """Proves from the genesis alone what a record was, or that there was none with this id.

    `data` is what `Ledger.prove` makes. Raises `ReceiptError`.
    """
    native = trust._native  # pyright: ignore[reportPrivateUsage]
    wire = _native.verify_record(data, native, kind, id)
    return proven_record(class_of(kind), wire)


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
