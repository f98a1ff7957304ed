"""Light clients: headers by their certificates alone."""

from __future__ import annotations

import datetime
import json

import pytest
from story import VECTORS

from allonge import Checkpoint, HeadersError, Ledger, LightClient, ReceiptError, Trust

VECTOR = json.loads((VECTORS / "light.json").read_text())
HEADERS = bytes.fromhex(VECTOR["headers"])


def trust() -> Trust:
    return Trust.from_json(json.dumps(VECTOR["genesis"]))


def test_headers_are_followed_over_three_changes_of_the_validators() -> None:
    light = LightClient(trust())
    assert light.checkpoint.height == 0
    expected = Checkpoint.from_json(json.dumps(VECTOR["checkpoint"]))
    assert light.follow(HEADERS) == expected
    assert light.to_bytes().hex() == VECTOR["kept"]
    again = LightClient.from_bytes(light.to_bytes(), trust())
    assert again.checkpoint == expected


@pytest.mark.parametrize("place", [4, 300, len(HEADERS) // 2, len(HEADERS) - 1])
def test_one_wrong_byte_and_nothing_is_believed(place: int) -> None:
    light = LightClient(trust())
    wrong = bytearray(HEADERS)
    wrong[place] ^= 1
    with pytest.raises(HeadersError) as raised:
        light.follow(bytes(wrong))
    assert raised.value.code == "headers.invalid"
    assert light.checkpoint.height == 0


def test_a_ledger_gives_its_headers(ledger: Ledger) -> None:
    for day in (3, 4):
        ledger.advance_to(datetime.datetime(2026, 3, day, tzinfo=datetime.UTC))
    light = LightClient(ledger.trust)
    while light.checkpoint.height < ledger.checkpoint().height:
        light.follow(ledger.headers(light.checkpoint.height, 1))
    assert light.checkpoint == ledger.checkpoint()
    with pytest.raises(ReceiptError):
        LightClient.from_bytes(light.to_bytes(), trust())
