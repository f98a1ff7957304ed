"""The frozen vectors of the repository, which every language replays."""

from __future__ import annotations

import json
import resource
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from story import VECTORS

import allonge
from allonge import AllongeError, Receipt, Signer, Trust, VerifiedReceipt, document_digest, fin


def load(name: str) -> Any:
    return json.loads((VECTORS / name).read_text())


def test_keys_and_signatures() -> None:
    vectors = load("crypto.json")
    for key in vectors["keys"]:
        assert Signer.from_seed(bytes.fromhex(key["seed"])).public_key == key["public_key"]


def receipts() -> list[tuple[str, Any, Trust]]:
    """Every receipt of the files, with the genesis to trust."""
    trade = load("trade.json")
    plain = load("receipts.json")
    trusts = {entry["name"]: Trust.from_json(json.dumps(entry["json"])) for entry in plain["genesis"]}
    for entry in plain["genesis"]:
        assert trusts[entry["name"]].network == entry["network"]
    story = Trust.from_json(json.dumps(trade["genesis"]))
    assert story.network == trade["network"]
    cases = [(kind, case, trusts[case["genesis"]]) for kind in ("good", "bad") for case in plain[kind]]
    return cases + [(kind, case, story) for kind in ("good", "bad") for case in trade[kind]]


def test_receipts_good_and_bad() -> None:
    cases = receipts()
    assert len(cases) > 100
    for kind, case, trust in cases:
        data = bytes.fromhex(case["receipt"])
        if kind == "bad":
            with pytest.raises(AllongeError) as raised:
                Receipt.from_bytes(data).verify(trust)
            assert raised.value.code == case["code"], case["name"]
        else:
            receipt = Receipt.from_bytes(data)
            assert receipt.to_bytes() == data
            proven, proves = receipt.verify(trust), case["proves"]
            assert proven.height == proves["height"], case["name"]
            assert proven.state_root == proves["state_root"]
            assert list(proven.keys) == proves["keys"]


def test_what_the_receipts_of_the_story_prove_is_read_and_written_unchanged() -> None:
    trade = load("trade.json")
    trust = Trust.from_json(json.dumps(trade["genesis"]))
    for case in trade["good"]:
        proven = Receipt.from_bytes(bytes.fromhex(case["receipt"])).verify(trust)
        assert proven == VerifiedReceipt.from_wire(case["proves"]), case["name"]
        assert bare(proven.to_wire()) == bare(case["proves"]), case["name"]


def test_every_operation_event_and_record_of_trade_is_read_and_written_unchanged() -> None:
    vectors = load("trade_records.json")
    for case in vectors["operations"]:
        # An operation says by its type which class it is of.
        name = "".join(word.capitalize() for word in case["json"]["type"].split("_"))
        record: type[allonge.Record] = getattr(allonge, name)
        assert bare(record.from_wire(case["json"]).to_wire()) == bare(case["json"])
    for case in vectors["events"]:
        wire = {"event": case["json"]}
        assert bare(allonge.EventRecord.from_wire(wire).to_wire()) == bare(wire)
    for section, kind in (
        ("credits", allonge.LetterOfCredit),
        ("presentations", allonge.Presentation),
        ("claims", allonge.Claim),
    ):
        for case in vectors[section]:
            assert bare(kind.from_wire(case["json"]).to_wire()) == bare(case["json"])


def bare(value: Any) -> Any:
    """Without what is empty, which may be left out."""
    match value:
        case {}:
            fields: dict[str, Any] = value
            return {name: bare(field) for name, field in fields.items() if field not in ([], None, {})}
        case [*_]:
            items: Sequence[Any] = value
            return [bare(item) for item in items]
        case _:
            return value


@pytest.mark.parametrize("path", sorted((VECTORS / "fin").glob("*.fin")), ids=lambda path: path.stem)
def test_messages_come_back_byte_for_byte_or_with_every_fault(path: Path) -> None:
    data = path.read_bytes()
    expected = json.loads(path.with_suffix(".json").read_text())
    if "faults" in expected:
        with pytest.raises(allonge.FinError) as raised:
            fin.parse(data)
        assert [fault.code for fault in raised.value.faults] == [
            fault["code"] for fault in expected["faults"]
        ]
    else:
        message = fin.parse(data)
        assert fin.format(message) == data
        assert bare(message.to_wire()) == bare(expected)
        again = allonge.FinRecord.from_json(message.to_json())
        assert again == message
        assert fin.format(again) == data


def test_the_terms_of_a_message_are_those_of_the_core() -> None:
    credit = fin.letter_of_credit(fin.parse((VECTORS / "fin" / "mt700_usance.fin").read_bytes()))
    assert bare(credit.to_wire()) == bare(load("fin/mt700_usance.credit.json"))


def test_documents_of_any_length_in_constant_memory(tmp_path: Path) -> None:
    path = tmp_path / "document"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for document in load("documents.json")["documents"]:
        with path.open("wb") as file:
            if document["byte"]:
                file.write(bytes([document["byte"]]) * document["length"])
            else:
                # A hole: 4 GiB that take no space.
                file.truncate(document["length"])
        digest = document_digest(path)
        assert (digest.sha256, digest.length) == (document["sha256"], document["length"])
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kib < 64 * 1024
