"""Several keys of one party, and proofs of history, of idempotency keys and of accounts at recent heights."""

from __future__ import annotations

import asyncio
import datetime
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from story import ISSUER, ISSUER_ACCOUNT, START, VECTORS

from allonge import (
    AddKey,
    AllongeError,
    AsyncLedger,
    AsyncSession,
    BlockError,
    Checkpoint,
    Expired,
    HistoryError,
    InputError,
    Ledger,
    OpenAccount,
    PolicyError,
    PolicyRule,
    ProvenAccount,
    ProvenAnswer,
    ProvenHistory,
    ReceiptError,
    Requirement,
    Session,
    SetPolicy,
    Signer,
    TransactionError,
    Trust,
    evidence,
    verify_account,
    verify_answer,
    verify_history,
)

HOUR = datetime.timedelta(hours=1)
KEY = b"7" * 16


def desk(number: int) -> OpenAccount:
    return OpenAccount(account=f"{ISSUER}/USD/desk-{number}")


def signer(seed: int) -> Signer:
    return Signer.from_seed(bytes([seed]) * 32)


@pytest.fixture
def ledger(tmp_path: Path) -> Any:
    with Ledger.open(tmp_path / "ledger", clock="manual", start=START) as ledger:
        yield ledger


@pytest.fixture
def two_of_three(ledger: Ledger) -> Session:
    """A bank with three more keys, of which any two must sign whatever it does."""
    bank = ledger.admit(ISSUER, "Synthetic Bank of China")
    keys = [AddKey(party=ISSUER, key=signer(seed).public_key) for seed in (1, 2, 3)]
    rule = PolicyRule(requires=[Requirement(signatures=2)])
    bank.submit(*keys, SetPolicy(rules=[rule])).committed()
    return bank


def test_any_two_keys_of_three_act_together_and_one_key_counts_once(
    ledger: Ledger, two_of_three: Session
) -> None:
    together = ledger.session(ISSUER, signer(3), signer(1))
    assert together.public_key == signer(3).public_key
    assert together.public_keys == [signer(3).public_key, signer(1).public_key]
    outcome = together.submit(desk(1)).committed()
    assert sorted(together.public_keys) == list(outcome.receipt.verify(ledger.trust).keys)
    twice = ledger.session(ISSUER, signer(1), signer(1))
    assert twice.public_keys == [signer(1).public_key]
    for alone in (twice, two_of_three):
        with pytest.raises(PolicyError):
            alone.submit(desk(2))
    with pytest.raises(InputError):
        ledger.session(ISSUER, *[signer(seed) for seed in range(17)])


COSIGN = """
import sys
from allonge import Ledger, Signer
prepared, seed = bytes.fromhex(sys.argv[2]), bytes([int(sys.argv[3])]) * 32
with Ledger.open(sys.argv[1]) as ledger:
    print(ledger.session(sys.argv[4], Signer.from_seed(seed)).cosign(prepared).hex())
"""


def test_what_one_process_prepared_another_cosigns(
    ledger: Ledger, two_of_three: Session, tmp_path: Path
) -> None:
    prepared = ledger.session(ISSUER, signer(1)).prepare(desk(1))
    with pytest.raises(PolicyError):
        ledger.submit(prepared)
    ledger.close()
    command = [sys.executable, "-c", COSIGN, str(tmp_path / "ledger"), prepared.hex(), "2", ISSUER]
    cosigned = bytes.fromhex(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    signed = evidence.from_canonical_bytes("signed_transaction", cosigned)
    assert [approval["key"] for approval in signed["approvals"]] == sorted(
        signer(seed).public_key for seed in (1, 2)
    )
    with Ledger.open(tmp_path / "ledger") as again:
        assert again.session(ISSUER, signer(2)).cosign(cosigned) == cosigned
        again.submit(cosigned).committed()
        assert again.account(f"{ISSUER}/USD/desk-1") is not None


def test_only_a_sound_transaction_of_the_same_party_is_cosigned(
    ledger: Ledger, two_of_three: Session
) -> None:
    prepared = two_of_three.prepare(desk(1))
    with pytest.raises(TransactionError) as raised:
        ledger.operator().cosign(prepared)
    assert raised.value.code == "transaction.wrong_author"
    with pytest.raises(TransactionError):
        two_of_three.cosign(prepared[:-1])
    with pytest.raises(AllongeError, match=r"signature\.invalid"):
        two_of_three.cosign(prepared[:-1] + bytes([prepared[-1] ^ 1]))


def test_whoever_kept_a_checkpoint_is_told_that_history_goes_on_from_there(
    ledger: Ledger, two_of_three: Session
) -> None:
    kept = Checkpoint.from_json(ledger.checkpoint().to_json())
    with pytest.raises(BlockError):
        ledger.prove_history(kept.height)
    ledger.session(ISSUER, signer(1), signer(2)).submit(desk(1)).committed()
    proven = verify_history(ledger.prove_history(kept.height), ledger.trust, kept)
    assert proven == ProvenHistory(older=kept, newer=ledger.checkpoint())
    other = kept.replace(header="00" * 32)
    with pytest.raises(HistoryError) as raised:
        verify_history(ledger.prove_history(kept.height), ledger.trust, other)
    assert raised.value.code == "history.forked"
    assert verify_history(ledger.prove_history(1, 2), ledger.trust).newer.height == 2


def test_a_transaction_that_was_never_taken_never_will_be(ledger: Ledger) -> None:
    bank = ledger.admit(ISSUER, "Synthetic Bank of China")
    prepared = bank.prepare(desk(1), key=KEY, valid_for=HOUR)
    transaction = evidence.from_canonical_bytes("signed_transaction", prepared)["transaction"]
    until = datetime.datetime.fromisoformat(transaction["valid_until"])
    file = ledger.prove_answer(ISSUER, KEY, until)
    assert not verify_answer(file, ledger.trust, ISSUER, KEY, until).settled
    ledger.advance_to(until + datetime.timedelta(milliseconds=1))
    file = ledger.prove_answer(ISSUER, KEY, until)
    status = ledger.status()
    never = verify_answer(file, ledger.trust, ISSUER, KEY, until)
    assert never == ProvenAnswer(settled=True, height=status.height, time=status.time)
    expired = ledger.submit(prepared)
    assert isinstance(expired, Expired)
    assert (expired.party, expired.key, expired.valid_until) == (ISSUER, KEY.hex(), until)
    assert verify_answer(expired.proof, ledger.trust, ISSUER, KEY, until) == never
    with pytest.raises(TransactionError, match=r"transaction\.expired"):
        expired.committed()

    until = status.time + HOUR
    used = bank.submit(desk(1), key=KEY, valid_for=HOUR).committed()
    file = ledger.prove_answer(ISSUER, KEY.hex(), until)
    assert verify_answer(file, ledger.trust, ISSUER, KEY, until).transaction == used.transaction
    with pytest.raises(ReceiptError):
        verify_answer(file, ledger.trust, "operator", KEY, until)


def test_the_async_ledger_proves_the_same(ledger: Ledger, two_of_three: Session) -> None:
    async def act() -> None:
        other = AsyncLedger(ledger)
        one, two = await other.session(ISSUER, signer(1)), await other.session(ISSUER, signer(2))
        assert one.public_keys == [signer(1).public_key]
        cosigned = await two.cosign(await one.prepare(desk(1)))
        (await other.submit(cosigned)).committed()
        assert await other.checkpoint() == ledger.checkpoint()
        assert await other.prove_history(1) == ledger.prove_history(1)
        until = START + HOUR
        assert await other.prove_answer(ISSUER, KEY, until) == ledger.prove_answer(ISSUER, KEY, until)
        file = await other.prove_account(ISSUER_ACCOUNT, height=1)
        assert verify_account(file, other.trust, ISSUER_ACCOUNT).height == 1
        assert AsyncSession(two_of_three).public_keys == two_of_three.public_keys

    asyncio.run(act())


def vectors() -> Any:
    return json.loads((VECTORS / "proofs.json").read_text())


def verified(section: str, case: Any, trust: Trust) -> Any:
    """What a file proves about what is asked."""
    file = bytes.fromhex(case["file"])
    match section:
        case "accounts":
            return verify_account(file, trust, case["account"])
        case "answers":
            until = datetime.datetime.fromisoformat(case["valid_until"])
            return verify_answer(file, trust, case["party"], case["key"], until)
        case _:
            kept = case["checkpoint"]
            return verify_history(file, trust, None if kept is None else Checkpoint.from_wire(kept))


@pytest.mark.parametrize(
    ("section", "record"),
    [("accounts", ProvenAccount), ("answers", ProvenAnswer), ("histories", ProvenHistory)],
)
def test_frozen_files_prove_what_they_say(section: str, record: Any) -> None:
    frozen = vectors()
    trust = Trust.from_json(json.dumps(frozen["genesis"]))
    assert trust.network == frozen["network"]
    good, bad = frozen[section]["good"], frozen[section]["bad"]
    assert len(good) >= 3
    assert len(bad) > 10
    for case in good:
        assert verified(section, case, trust) == record.from_wire(case["proves"]), case["name"]
    for case in bad:
        with pytest.raises(AllongeError) as raised:
            verified(section, case, trust)
        assert raised.value.code == case["code"], case["name"]
