"""What a party may do next, why a transaction came out as it did, and what one would come to later."""

from __future__ import annotations

import asyncio
import datetime
import tomllib
from pathlib import Path

import pytest
from story import usd
from test_conformance import TOP, Market, before, plain

from allonge import (
    AsyncLedger,
    AsyncSession,
    ConfirmTrade,
    InputError,
    PayClaim,
    Preview,
    QueryError,
    Rejected,
    SettleTrade,
    Trade,
    TransactionError,
)

SELLER = "SYNADEFFXXX"
BUYER = "SYNGSGSGXXX"
ISSUER = "SYNBCNBJXXX"
CLAIM = f"{ISSUER}/LC1/1"
TRADE = f"{SELLER}/T-1"
MATURITY = datetime.datetime.fromisoformat("2026-07-27T10:00:00+08:00")


@pytest.fixture
def market(tmp_path: Path) -> Market:
    """A claim that was accepted, and a trade of it that is agreed and not confirmed."""
    path = TOP / "tests" / "conformance" / "forfaiting.toml"
    file = plain(tomllib.loads(path.read_text(encoding="utf-8")))
    market = Market(file, tmp_path)
    for step in before(file, "a trade"):
        if step["operation"]["type"] != "confirm_trade":
            market.takes(step)
    return market


def test_a_trade_is_found_by_its_seller_and_by_what_it_sells(market: Market) -> None:
    ledger = market.ledger
    (trade,) = ledger.records("trade", party=SELLER)
    assert isinstance(trade, Trade)
    assert trade.id == TRADE
    assert trade == ledger.record("trade", TRADE)
    assert ledger.record("trade", TRADE, height=ledger.status().height - 1) is None
    assert list(ledger.records("trade", party="SYNCGB2LXXX")) == []
    (presentation,) = ledger.records("presentation", of=("credit", f"{ISSUER}/LC1"), status="accepted")
    assert presentation.id == CLAIM
    with pytest.raises(InputError):
        ledger.records("trade", status="lost")
    with pytest.raises(QueryError, match=r"query\.limit_invalid"):
        ledger.records("trade", limit=1_001)
    with pytest.raises(InputError):
        ledger.record("cheque", "1")  # type: ignore[call-overload]  # pyright: ignore


def test_the_seller_may_confirm_until_the_banks_of_the_buyer_close(market: Market) -> None:
    steps = {step.operation: step for step in market.ledger.next_steps("trade", TRADE, SELLER)}
    confirm = steps["confirm_trade"]
    assert confirm.article is not None
    assert (confirm.article.rule, confirm.article.article) == ("URF 800", "8")
    assert confirm.until == datetime.datetime.fromisoformat("2026-05-15T17:00:00+02:00")
    assert market.ledger.next_steps("trade", TRADE, "SYNCGB2LXXX") == []
    assert market.ledger.next_steps("trade", f"{SELLER}/T-9", SELLER) == []


def test_a_refusal_is_explained_by_its_rule_its_article_and_a_sentence_in_two_languages(
    market: Market,
) -> None:
    for party in (SELLER, BUYER):
        market.sessions[party].submit(ConfirmTrade(trade=TRADE)).committed()
    refused = market.sessions[SELLER].submit(ConfirmTrade(trade=TRADE))
    assert isinstance(refused, Rejected)
    explanation = market.ledger.explain(refused.transaction)
    assert not explanation.committed
    assert explanation.error is not None
    *kept, violated = explanation.findings
    assert all(finding.satisfied for finding in kept)
    assert not violated.satisfied
    assert violated.code == refused.error.code == explanation.error.code
    assert (violated.rule, violated.article) == ("URF 800", "8")
    assert violated.says == "A trade is confirmed once by each party."
    assert violated.says_zh == "交易由各方各确认一次。"
    with pytest.raises(TransactionError, match=r"transaction\.unknown"):
        market.ledger.explain("0" * 64)


def test_a_payment_is_tried_at_maturity_and_nothing_of_it_is_recorded(market: Market) -> None:
    issuer = market.sessions[ISSUER]
    pay = PayClaim(
        claim=CLAIM,
        from_=f"{ISSUER}/USD/settlement",
        to=f"{SELLER}/USD/settlement",
        amount=usd("10000000.00"),
    )
    early = issuer.preview(pay)
    before_it = market.ledger.status()
    later = issuer.what_if(pay, at=MATURITY)
    assert (later.committed, later.time) == (True, MATURITY), (early.error, later.error)
    assert "claim_paid" in [record.event.type for record in later.events]
    assert market.ledger.status() == before_it
    claim = market.ledger.record("claim", CLAIM)
    assert claim is not None
    assert claim.state.type == "outstanding"
    with pytest.raises(InputError):
        issuer.what_if(SettleTrade(trade="T-1"), at=MATURITY)


async def _asked(market: Market) -> tuple[list[str], int, Trade | None, Preview]:
    ledger = AsyncLedger(market.ledger)
    steps = await ledger.next_steps("trade", TRADE, SELLER)
    page = await ledger.records("trade", party=SELLER)
    seller = AsyncSession(market.sessions[SELLER])
    preview = await seller.what_if(ConfirmTrade(trade=TRADE), at=(await ledger.status()).time)
    return [step.operation for step in steps], len(page), await ledger.record("trade", TRADE), preview


def test_all_of_it_can_be_awaited(market: Market) -> None:
    steps, trades, trade, preview = asyncio.run(_asked(market))
    assert "confirm_trade" in steps
    assert (trades, preview.committed) == (1, True)
    assert trade == market.ledger.record("trade", TRADE)
