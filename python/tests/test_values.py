"""Records, amounts and errors as values."""

from __future__ import annotations

import copy
import datetime
import pickle
from collections.abc import Callable
from decimal import Decimal

import pytest
from story import PRESENTER_ACCOUNT, Story, accept, funding, issue, mapped, present, usd

import allonge
from allonge import (
    AllongeError,
    FinError,
    InputError,
    LetterOfCreditTerms,
    Money,
    PresentDocuments,
    Record,
    Rejected,
    Shipment,
    Signer,
    TenorAfterShipment,
    Transfer,
    VerifiedReceipt,
    fin,
)


@pytest.mark.parametrize("amount", ["100000.00", 100_000, Decimal("1E+5")])
def test_money_takes_what_is_exact(amount: Decimal | str | int) -> None:
    assert Money(amount, "USD") == usd("100000")
    assert hash(Money(amount, "USD")) == hash(usd("100000.00"))


@pytest.mark.parametrize("amount", [0.1, 1.0, float("nan"), True, None, b"1"])
def test_money_refuses_what_is_not(amount: object) -> None:
    with pytest.raises(TypeError, match="exact"):
        Money(amount, "USD")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("amount", ["", "1e5", "NaN", "1_000", " 1", "1.2.3", "--1", Decimal("Infinity")])
def test_money_refuses_what_is_no_amount(amount: str | Decimal) -> None:
    with pytest.raises(ValueError, match="no amount"):
        Money(amount, "USD")


def test_money_of_one_currency_adds_up_and_never_rounds() -> None:
    whole = Money("123456789012345678901234567890123456.78", "USD")
    assert (whole + usd("0.01") - whole) == usd("0.01")
    assert usd("1") < usd("2") <= usd("2.00") and usd("3") > -usd("3") and usd("3") >= usd("3")
    assert not usd("0.00") and usd("-0.01")
    assert str(usd("1.50")) == "USD 1.50"
    assert repr(usd("1.50")) == "Money('1.50', 'USD')"
    with pytest.raises(ValueError, match="do not mix"):
        _ = usd("1") + Money(1, "EUR")
    with pytest.raises(TypeError):
        _ = usd("1") + 1  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownVariableType]


def test_eighteen_digits_cross_and_come_back(story: Story) -> None:
    amount = "1234567890123456.78"
    story.operator.submit(funding(amount)).committed()
    account = story.ledger.account(funding(amount).to)
    assert account is not None
    assert account.balance == usd(amount) + usd("2000000")


def test_a_float_stands_in_no_record(story: Story) -> None:
    wrong: list[Callable[[], object]] = [
        lambda: funding("1").replace(amount=0.1).to_wire(),
        lambda: story.operator.submit(funding("1").replace(reference=0.1)),
        lambda: LetterOfCreditTerms.from_json('{"amount": 0.1}'),
    ]
    for make in wrong:
        with pytest.raises(TypeError):
            make()


def test_a_wrong_value_is_answered_with_its_place(story: Story) -> None:
    operation = issue()
    terms = operation.terms.replace(availability=operation.terms.availability.replace(by=None))
    with pytest.raises(TypeError, match="record"):
        story.issuer.submit(operation.replace(terms=terms))
    with pytest.raises(InputError) as raised:
        story.operator.submit(funding("1.001"))
    assert raised.value.details["where"].startswith("operations[0]")
    assert "decimals" in raised.value.message
    assert isinstance(raised.value, ValueError)


def test_times_say_which_zone_they_are_in(story: Story) -> None:
    with pytest.raises(ValueError, match="time zone"):
        story.ledger.advance_to(datetime.datetime(2026, 3, 3))
    beijing = datetime.timezone(datetime.timedelta(hours=8))
    status = story.ledger.advance_to(datetime.datetime(2026, 3, 3, 9, tzinfo=beijing))
    assert status.time == datetime.datetime(2026, 3, 3, 1, tzinfo=datetime.UTC)
    with pytest.raises(InputError, match="millisecond"):
        story.ledger.advance_to(datetime.datetime(2026, 3, 4, 9, 0, 0, 1, tzinfo=beijing))


def test_a_string_is_no_list_of_its_letters() -> None:
    with pytest.raises(TypeError, match="list"):
        mapped().terms.replace(goods="HONEY")


def test_records_never_change_and_match_by_content() -> None:
    one, other = present(), present()
    assert one == other and hash(one) == hash(other) and one is not other
    assert one != accept()
    with pytest.raises(AttributeError, match="never changes"):
        one.credit = "OTHER"
    assert one.replace(shipment=None).shipment is None
    match one:
        case PresentDocuments(shipment=Shipment(evidence="on_board_notation"), account=account):
            assert account == PRESENTER_ACCOUNT
        case _:
            pytest.fail("no match")
    match TenorAfterShipment(days=90):
        case TenorAfterShipment(days):
            assert days == 90


def test_values_are_copied_and_pickled(story: Story) -> None:
    outcome = story.issuer.submit(funding("1.00"))
    assert isinstance(outcome, Rejected)
    values: list[object] = [
        present(),
        usd("1.50"),
        mapped(),
        outcome.receipt,
        story.ledger.trust,
        story.ledger.status(),
        outcome.receipt.verify(story.ledger.trust),
    ]
    for value in values:
        assert pickle.loads(pickle.dumps(value)) == value
        assert copy.deepcopy(value) == value
    error = pickle.loads(pickle.dumps(outcome.error))
    assert type(error) is type(outcome.error)
    assert vars(error) == vars(outcome.error)
    assert str(error) == str(outcome.error)
    assert pickle.loads(pickle.dumps(outcome)).error.code == outcome.error.code


def test_words_exist_at_run_time_for_whoever_asks() -> None:
    from typing import get_args

    assert get_args(allonge.Clock) == ("system", "manual")
    assert isinstance(present(), allonge.Operation)
    with pytest.raises(AttributeError):
        allonge.Nonsense  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore
    with pytest.raises(ImportError):
        from allonge import NonsenseError  # type: ignore[attr-defined]  # noqa: F401  # pyright: ignore


def test_every_public_name_is_there() -> None:
    names = dir(allonge)
    assert {"Ledger", "IssueCredit", "LetterOfCreditError", "Clock", "fin"} <= set(names)
    for name in names:
        assert getattr(allonge, name) is not None


def test_every_code_has_its_class_and_its_remedy() -> None:
    entries = allonge.errors()
    assert len(entries) == len({entry.code for entry in entries}) > 50
    for entry in entries:
        assert issubclass(entry.error, AllongeError)
        assert entry.error is not AllongeError
        assert entry.code in (entry.error.__doc__ or "")
        assert entry.message and entry.remedy
        assert (entry.rule is None) == (entry.article is None)
    late = next(entry for entry in entries if entry.code == "receipt.invalid")
    assert late.error is allonge.ReceiptError
    assert late == pickle.loads(pickle.dumps(late))


def test_a_bad_message_lists_every_fault() -> None:
    with pytest.raises(FinError) as raised:
        fin.parse("no message")
    assert raised.value.code == "message.fin_invalid"
    assert raised.value.faults
    assert raised.value.faults[0].line == 1
    again: FinError = pickle.loads(pickle.dumps(raised.value))
    assert again.faults == raised.value.faults


def test_a_signer_signs_by_rfc_8032() -> None:
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    signer = Signer.from_seed(seed)
    assert signer.public_key == "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert (
        signer.sign(b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e0652249015")
    )
    assert Signer.generate().public_key != Signer.generate().public_key
    assert "9d61" not in repr(signer)
    with pytest.raises(ValueError, match="32 bytes"):
        Signer.from_seed(b"short")


def test_json_is_what_the_core_reads(story: Story) -> None:
    receipt = story.operator.submit(funding("1.00")).committed().receipt
    proven = receipt.verify(story.ledger.trust)
    again = VerifiedReceipt.from_json(proven.to_json())
    assert again == proven
    assert isinstance(again.operations[0], Transfer)
    assert isinstance(again, Record)
