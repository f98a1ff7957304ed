"""Evidence, piece by piece: what an auditor checks who has bytes, hashes and proofs rather than a receipt.

Pure functions, with no ledger, no file and no network; `docs/format.md` says what the bytes are.

>>> body = evidence.canonical_bytes("transaction", transaction)
>>> assert evidence.tagged_hash("allonge/transaction/1", body) == proven.transaction

Records are those of this package, or plain data: dictionaries, lists, strings, integers, booleans and None.
`docs/format.md` lists the kinds, such as `transaction`, `account` or `money`.
"""

from __future__ import annotations

from . import _native
from ._record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any


def canonical_bytes(kind: str, record: object) -> bytes:
    """The canonical bytes of a record: what is hashed and signed.

    What only a ledger makes is read and never written: `event`, `result`, `header`, `answer`, `bucket`,
    `rules_schedule` and `proposal`. Raises `InputError`, which says where and why, and `TransactionError` for
    transactions.
    """
    return _native.canonical_bytes(kind, record.to_wire() if isinstance(record, Record) else record)


def from_canonical_bytes(kind: str, data: bytes) -> Any:
    """The record that canonical bytes say, as plain data. Bytes that say it in another way are refused.

    Raises `EvidenceError`, for transactions `TransactionError`, and `InputError` for the kind.
    """
    return _native.from_canonical_bytes(kind, data)


def state_key(kind: str, id: object) -> bytes:
    """The key under which the state has the record of this kind and id.

    The authorities and the schedule of the rules have the id None, an answer that of its party and
    idempotency key, a bucket that of the hours since 1970. Raises `InputError`.
    """
    return _native.state_key(kind, id)


def tagged_hash(tag: str, data: bytes) -> str:
    """The hash of bytes for one purpose, which the tag says.

    The id of a transaction is that of its body for `allonge/transaction/1`. Raises `InputError` for a tag of
    more than 255 bytes.
    """
    return _native.tagged_hash(tag, data)


def merkle_root(items: Iterable[bytes]) -> str:
    """The Merkle root of a list (RFC 6962, section 2.1).

    What stands in a header is mostly a list root: the hash tagged `allonge/list/1` of the number of items,
    four bytes, the lowest first, and this root.
    """
    return _native.merkle_root(list(items))


def verify_inclusion(root: str, item: bytes, index: int, size: int, path: Sequence[str]) -> None:
    """Checks that an item stands at `index`, from 0, of the list of `size` items with this Merkle root.

    The path has the neighbouring subtrees, from the item up. Raises `EvidenceError`.
    """
    _native.verify_inclusion(root, item, index, size, path)


def state_root(records: Iterable[tuple[bytes, bytes]]) -> str:
    """The root of the state that has these records, each a key with its value. Of equal keys the last counts.

    Raises `InputError` for more records than a tree holds.
    """
    return _native.state_root(list(records))


def verify_state_proof(root: str, key: bytes, value: bytes | None, proof: bytes) -> None:
    """Checks that the state with this root has the value under the key; with None, that it has nothing there.

    Raises `EvidenceError`.
    """
    _native.verify_state_proof(root, key, value, proof)


def vet_key(key: str) -> None:
    """Checks that a key may be registered: that it is canonical and of the prime-order subgroup.

    Raises `SigningKeyError`.
    """
    _native.vet_key(key)


def verify_signature(key: str, message: bytes, signature: str) -> None:
    """Checks a signature of a message, as the ledger does: by ZIP-215.

    It says nothing of a key that `vet_key` refuses. Raises `EvidenceError`.
    """
    _native.verify_signature(key, message, signature)


def verify_certificate(network: str, roster: Sequence[str], header: str, certificate: bytes) -> None:
    """Checks that a quorum of the validators of a network made the header with this digest final.

    The roster stands in the genesis. Raises `EvidenceError`, and `InputError` for the roster.
    """
    _native.verify_certificate(network, roster, header, certificate)
