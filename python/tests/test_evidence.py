"""An auditor replays the frozen bytes, hashes, signatures and proofs with `allonge.evidence` alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from story import VECTORS

from allonge import AllongeError, EvidenceError, InputError, SigningKeyError, evidence

STATE_KINDS = {
    1: "party",
    2: "account",
    3: "calendar",
    4: "authorities",
    5: "answer",
    6: "hold",
    7: "bucket",
    8: "policy",
    9: "proposal",
    10: "rules_schedule",
    11: "reversal",
    12: "epoch",
    13: "roster_proposals",
}
"""The kinds of records, by the first byte of the key."""


def load(name: str) -> Any:
    return json.loads((VECTORS / name).read_text())


def cases(section: list[Any]) -> list[Any]:
    assert section
    return section


def hexed(text: str) -> bytes:
    return bytes.fromhex(text)


def check_bytes(kind: str, data: bytes, record: object) -> None:
    """The bytes say this record, and no other bytes do."""
    assert evidence.from_canonical_bytes(kind, data) == record
    check_strict(kind, data)


def check_strict(kind: str, data: bytes) -> None:
    for altered in (data[:-1], data + b"\0"):
        with pytest.raises(AllongeError) as raised:
            evidence.from_canonical_bytes(kind, altered)
        assert raised.value.code in ("evidence.malformed", "transaction.malformed")


def test_values_of_finance() -> None:
    vectors = load("finance.json")
    kinds = {"party": "party_id"} | {
        kind: kind for kind in ("date", "timestamp", "bic", "lei", "iban", "cnaps", "uscc", "country")
    }
    assert {*kinds, "money"} == set(vectors)
    for section, kind in kinds.items():
        for case in cases(vectors[section]["valid"]):
            assert evidence.canonical_bytes(kind, case["text"]) == hexed(case["borsh"])
            check_bytes(kind, hexed(case["borsh"]), case["canonical"])
        for text in cases(vectors[section]["invalid"]):
            with pytest.raises(InputError):
                evidence.canonical_bytes(kind, text)
    for case in cases(vectors["money"]["valid"]):
        for written in ("amount", "minor_units"):
            money = {written: case[written], "currency": case["currency"]}
            assert evidence.canonical_bytes("money", money) == hexed(case["borsh"])
        money = {"amount": case["canonical"], "currency": case["currency"]}
        check_bytes("money", hexed(case["borsh"]), money)
    for case in cases(vectors["money"]["invalid"]):
        with pytest.raises(InputError):
            evidence.canonical_bytes("money", {"amount": case["amount"], "currency": case["currency"]})


def test_keys_and_signatures() -> None:
    vectors = load("crypto.json")
    for case in cases(vectors["keys"]):
        evidence.vet_key(case["public_key"])
    for case in cases(vectors["refused_keys"]):
        with pytest.raises(SigningKeyError, match=r"key\.refused"):
            evidence.vet_key(case["public_key"])
    signatures = cases(vectors["signatures"])
    assert {case["valid"] for case in signatures} == {True, False}
    for case in signatures:
        given = (case["public_key"], hexed(case["message"]), case["signature"])
        if case["valid"]:
            evidence.verify_signature(*given)
        else:
            with pytest.raises(EvidenceError):
                evidence.verify_signature(*given)


def test_hashes_and_lists() -> None:
    vectors = load("crypto.json")
    for case in cases(vectors["hashes"]):
        assert evidence.tagged_hash(case["domain"], hexed(case["bytes"])) == case["hash"]
    for case in cases(vectors["lists"]):
        items = [hexed(item) for item in case["items"]]
        root, size = case["merkle_root"], len(items)
        assert evidence.merkle_root(items) == root
        counted = size.to_bytes(4, "little") + hexed(root)
        assert evidence.tagged_hash("allonge/list/1", counted) == case["list_root"]
        for index, (item, path) in enumerate(zip(items, case["paths"], strict=True)):
            evidence.verify_inclusion(root, item, index, size, path)
            for refused in (
                (b"another", index, path),
                (item, index + 1, path),
                (item, index, [*path, root]),
            ):
                with pytest.raises(EvidenceError):
                    evidence.verify_inclusion(root, refused[0], refused[1], size, refused[2])


def test_transactions() -> None:
    vectors = load("ledger.json")
    network = vectors["genesis"][0]["network"]
    for case in cases(vectors["transactions"]):
        fields = ("author", "key", "valid_until", "operations")
        transaction = {"network": network} | {field: case[field] for field in fields}
        body = evidence.canonical_bytes("transaction", transaction)
        assert body == hexed(case["body"])
        check_bytes("transaction", body, transaction)
        id = evidence.tagged_hash("allonge/transaction/1", body)
        assert id == case["id"]

        message = b"\x12allonge/approval/1" + hexed(network) + hexed(id)
        assert message == hexed(case["approval_message"])
        for approval in cases(case["approvals"]):
            evidence.verify_signature(approval["key"], message, approval["signature"])
            with pytest.raises(EvidenceError):
                evidence.verify_signature(approval["key"], body, approval["signature"])
        signed = {"transaction": transaction, "approvals": case["approvals"]}
        assert evidence.canonical_bytes("signed_transaction", signed) == hexed(case["signed"])
        check_bytes("signed_transaction", hexed(case["signed"]), signed)
    for case in cases(vectors["bad_transactions"]):
        with pytest.raises(AllongeError) as raised:
            evidence.from_canonical_bytes("signed_transaction", hexed(case["signed"]))
        assert raised.value.code == case["code"], case["name"]


def first_state(genesis: Any) -> list[tuple[bytes, bytes]]:
    """The records that a genesis puts into the state."""
    first = {"from_height": 1, "roster": genesis["roster"]}
    records: list[tuple[str, Any, Any]] = [("authorities", None, genesis["authorities"]), ("epoch", 0, first)]
    for party in cases(genesis["parties"]):
        keys = [{"key": key, "valid_from": 1, "revoked_at": None} for key in party["keys"]]
        records.append(("party", party["id"], {"id": party["id"], "name": party["name"], "keys": keys}))
    records += [("calendar", calendar["id"], calendar) for calendar in cases(genesis["calendars"])]
    return [
        (evidence.state_key(kind, id), evidence.canonical_bytes(kind, record)) for kind, id, record in records
    ]


def test_what_a_ledger_writes() -> None:
    vectors = load("ledger.json")
    for case in cases(vectors["genesis"]):
        written = evidence.canonical_bytes("genesis", case["json"])
        assert written == hexed(case["bytes"])
        check_bytes("genesis", written, case["json"])
        assert evidence.tagged_hash("allonge/genesis/1", written) == case["network"]
        assert evidence.state_root(first_state(case["json"])) == case["state_root"]
    for case in cases(vectors["headers"]):
        check_bytes("header", hexed(case["bytes"]), case["json"])
        assert evidence.tagged_hash("allonge/header/1", hexed(case["bytes"])) == case["digest"]
    for case in cases(vectors["results"]):
        check_bytes("result", hexed(case["bytes"]), case["json"])
    for case in cases(vectors["events"]):
        check_bytes("event", b"\0" + hexed(case["bytes"]), case["json"])
    for case in cases(vectors["records"]):
        kind = STATE_KINDS[hexed(case["key"])[0]]
        record = evidence.from_canonical_bytes(kind, hexed(case["bytes"]))
        check_strict(kind, hexed(case["bytes"]))
        id: object
        if kind == "answer":
            id = ("ALICCNBJXXX", "00000000000000000000000000000001")
        elif kind == "bucket":
            # An hour after the start of the small ledger, 2 March 2026.
            id = 492337
        elif kind in {"epoch", "roster_proposals"}:
            id = {"epoch": 1, "roster_proposals": 0}[kind]
        else:
            id = record.get({"policy": "party", "reversal": "transaction"}.get(kind, "id"))
        if kind not in {"answer", "bucket", "proposal", "rules_schedule"}:
            assert evidence.canonical_bytes(kind, record) == hexed(case["bytes"])
        assert evidence.state_key(kind, id) == hexed(case["key"])


def test_proofs_of_the_state() -> None:
    vectors = load("ledger.json")
    held: list[bool] = []
    for tree in cases(vectors["state"]):
        root = tree["root"]
        records = [(hexed(record["key"]), hexed(record["value"])) for record in tree["records"]]
        assert evidence.state_root(records) == root
        for case in cases(tree["proofs"]):
            value = None if case["value"] is None else hexed(case["value"])
            given = (root, hexed(case["key"]), value, hexed(case["proof"]))
            held.append(case["holds"])
            if case["holds"]:
                evidence.verify_state_proof(*given)
            else:
                with pytest.raises(EvidenceError, match=r"evidence\.invalid"):
                    evidence.verify_state_proof(*given)
    assert held.count(True) > 30
    assert held.count(False) > 60
    for case in cases(vectors["bad_proofs"]):
        with pytest.raises(EvidenceError, match=r"evidence\.malformed"):
            evidence.verify_state_proof("00" * 32, b"", None, hexed(case["proof"]))


def test_operations_events_and_records_of_trade() -> None:
    vectors = load("trade_records.json")
    for section, kind, prefix in (
        ("operations", "operation", b"\1"),
        ("events", "event", b"\1"),
        ("credits", "letter_of_credit", b""),
        ("presentations", "presentation", b""),
        ("claims", "claim", b""),
    ):
        for case in cases(vectors[section]):
            written = prefix + hexed(case["bytes"])
            check_bytes(kind, written, case["json"])
            if kind == "event":
                with pytest.raises(InputError):
                    evidence.canonical_bytes(kind, case["json"])
            else:
                assert evidence.canonical_bytes(kind, case["json"]) == written


def test_certificates() -> None:
    vectors = load("certificates.json")

    def roster(case: Any) -> list[str]:
        return [f"ed25519:{key}" for key in case["validators"]]

    payloads: dict[str, str] = {}
    for case in cases(vectors["good"]):
        payloads[case["name"]] = payload = case["payload"]
        data = hexed(case["finalization"])
        evidence.verify_certificate(case["network_id"], roster(case), payload, data)
        for network, header in (("00" * 32, payload), (case["network_id"], "00" * 32)):
            with pytest.raises(EvidenceError, match=r"evidence\.invalid"):
                evidence.verify_certificate(network, roster(case), header, data)
    for case in cases(vectors["bad"]):
        # A committee with an odd key is refused before its certificate is read.
        odd = case["name"] == "identity_key_signs_anything"
        with pytest.raises(InputError if odd else EvidenceError):
            evidence.verify_certificate(
                hexed(case["namespace"])[8:].hex(),
                roster(case),
                payloads[case["of"]],
                hexed(case["finalization"]),
            )
    for case in cases(vectors["rosters"]):
        if case["name"] == "four":
            check_bytes("roster", evidence.canonical_bytes("roster", roster(case)), roster(case))
        else:
            with pytest.raises(InputError):
                evidence.canonical_bytes("roster", roster(case))
