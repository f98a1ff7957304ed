//! Bills: what holds whatever parties try, and what the scenarios do not say.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

mod common;

use std::collections::BTreeMap;

use allonge_finance::{Currency, Date, DayCount, DiscountMethod, DiscountTerms, Money, Rate, RoundingPolicy};
use allonge_ledger::{Account, AccountId, HoldId, LedgerOperation, Operation};
use allonge_trade::*;
use common::{Market, OFFICE, beijing, cn, date, party};
use proptest::prelude::*;

const BANK: &str = "SYNBCNBJXXX";
const DISCOUNTER: &str = "SYNCGB2LXXX";
const OTHER_BANK: &str = "SYNADEFFXXX";
const DRAWER: &str = "buyer";
const PAYEE: &str = "supplier";
const MAKER: &str = "maker";
const PARTIES: [&str; 6] = [BANK, DISCOUNTER, OTHER_BANK, DRAWER, PAYEE, MAKER];
const UNITS: u64 = 1_000;
const FUNDS: &str = "1000.00";

fn cny(amount: &str) -> Money {
    Money::parse(amount, Currency::parse("CNY").unwrap()).unwrap()
}

fn account(owner: &str) -> AccountId {
    format!("{owner}/CNY/settlement").parse().unwrap()
}

fn bill() -> BillId {
    format!("{DRAWER}/B-1").parse().unwrap()
}

fn units(first: u64, last: u64) -> Units {
    Units::new(first, last).unwrap()
}

fn part(first: u64, last: u64) -> BillPartId {
    BillPartId::new(bill(), units(first, last))
}

fn whole() -> BillPartId {
    part(1, UNITS)
}

fn terms() -> BillTerms {
    BillTerms {
        title: "ELECTRONIC BANK ACCEPTANCE BILL".into(),
        kind: BillKind::BankAcceptance,
        package: None,
        drawee: party(BANK),
        payee: party(PAYEE),
        amount: cny("10.00"),
        issued_on: date("2026-03-02"),
        maturity: date("2026-03-20"),
        calendar: "CN".parse().unwrap(),
        divisible: true,
        transferable: true,
        conditions: vec![],
    }
}

/// Everybody with an account and the same money, on Monday 2 March 2026.
fn open() -> Market {
    let named = PARTIES.map(|id| (id, id));
    let currency = Currency::parse("CNY").unwrap();
    let calendars = vec![cn(1, "2026-12-31")];
    let mut market = Market::of(beijing("2026-03-02 10:00"), &named, &[currency], calendars);
    for owner in PARTIES {
        let open = LedgerOperation::OpenAccount { account: account(owner), ceiling: None };
        market.submit(owner, vec![Operation::Ledger(open)]).unwrap();
        let fund = LedgerOperation::Transfer {
            from: format!("{OFFICE}/CNY/issue").parse().unwrap(),
            to: account(owner),
            amount: cny(FUNDS),
            value_date: None,
            reference: String::new(),
        };
        market.submit(OFFICE, vec![Operation::Ledger(fund)]).unwrap();
    }
    market
}

fn accepted() -> Market {
    let mut market = open();
    market.does(DRAWER, TradeOperation::DrawBill { number: "B-1".into(), terms: Box::new(terms()) });
    market.does(DRAWER, TradeOperation::PresentBillForAcceptance { bill: bill() });
    market.does(BANK, TradeOperation::AcceptBill { bill: bill(), conditions: vec![], margin: None });
    market
}

fn delivered() -> Market {
    let mut market = accepted();
    market.does(DRAWER, offer(&whole(), None, PAYEE, BillAct::Deliver));
    market.does(PAYEE, sign(&whole(), None, None));
    market
}

fn offer(part: &BillPartId, units: Option<Units>, to: &str, act: BillAct) -> TradeOperation {
    let expires_at = beijing("2026-04-30 17:00");
    TradeOperation::OfferBill { part: part.clone(), units, to: party(to), act, expires_at }
}

fn sign(part: &BillPartId, units: Option<Units>, payer: Option<&str>) -> TradeOperation {
    TradeOperation::SignBill { part: part.clone(), units, account: payer.map(account), price: None }
}

fn endorse() -> BillAct {
    BillAct::Endorse { transferable: true }
}

fn discount() -> DiscountTerms {
    DiscountTerms {
        method: DiscountMethod::Straight,
        rate: Rate::from_percent("1.80").unwrap(),
        day_count: DayCount::Actual360,
        grace_days: 0,
        rounding: RoundingPolicy::EXACT,
    }
}

fn discount_into(owner: &str) -> BillAct {
    let evidence = vec!["INVOICE 1".into()];
    BillAct::Discount { terms: discount(), account: account(owner), evidence, transferable: true }
}

fn rediscount_into(owner: &str, on: &str) -> BillAct {
    let repurchase = Some(Repurchase { on: date(on), price: cny("9.99") });
    BillAct::Rediscount { terms: discount(), account: account(owner), repurchase, central_bank: false }
}

fn transfers(market: &mut Market, part: &BillPartId, from: &str, to: &str) {
    market.does(from, offer(part, None, to, endorse()));
    market.does(to, sign(part, None, None));
}

fn balance(market: &Market, owner: &str) -> Money {
    market.record::<Account>(&account(owner)).balance
}

/// What positions must be, told from what the parts of the bill say of who signed what, and not by asking them who is liable.
fn expected_positions(market: &Market) -> BTreeMap<(String, String, Nature), i128> {
    let mut expected = BTreeMap::new();
    for part in market.all::<BillPart>() {
        let late = match part.state {
            PartState::Held => false,
            PartState::Presented { late, .. } | PartState::Dishonoured { late, .. } => late,
            _ => continue,
        };
        let holder = part.holder.clone();
        if holder == part.acceptor {
            continue;
        }
        let mut liable = vec![(part.acceptor.clone(), Nature::Definite)];
        for (place, transfer) in part.transfers.iter().enumerate() {
            if transfer.by == holder {
                break;
            }
            if place == 0 || !late {
                liable.push((transfer.by.clone(), Nature::Contingent));
            }
        }
        for aval in &part.avals {
            let stands = match &aval.stands_for {
                Guaranteed::Acceptor => true,
                Guaranteed::Holder { party } => liable.iter().any(|(known, nature)| {
                    known == party && (*nature == Nature::Contingent || *party == part.acceptor)
                }),
            };
            if stands {
                liable.push((aval.guarantor.clone(), Nature::Contingent));
            }
        }
        let mut seen = Vec::new();
        for (debtor, nature) in liable {
            if debtor == holder || seen.contains(&debtor) {
                continue;
            }
            seen.push(debtor.clone());
            *expected.entry((debtor.to_string(), holder.to_string(), nature)).or_insert(0) +=
                part.amount.minor_units();
        }
    }
    expected
}

fn positions(market: &Market) -> BTreeMap<(String, String, Nature), i128> {
    let mut found = BTreeMap::new();
    for position in market.all::<Position>() {
        let id = position.id;
        assert!(!position.amount.is_negative());
        assert_eq!(id.month, Some(date("2026-03-01")), "the day that a bill says never moves");
        if position.amount.is_positive() {
            found.insert(
                (id.debtor.to_string(), id.creditor.to_string(), id.nature),
                position.amount.minor_units(),
            );
        }
    }
    found
}

/// Who holds each unit that is not paid, in ranges.
fn standing(market: &Market) -> Vec<BillPart> {
    let mut parts = market.all::<BillPart>();
    parts.retain(|part| !matches!(part.state, PartState::Divided { .. } | PartState::Cancelled { .. }));
    parts.sort_by_key(|part| part.id.units());
    parts
}

#[test]
fn a_bill_passes_through_its_holders_and_their_liabilities_follow_it() {
    let mut market = accepted();
    let liable = |market: &Market, debtor: &str, creditor: &str, nature| {
        market.positions(&party(debtor), &party(creditor), nature)
    };
    assert_eq!(liable(&market, BANK, DRAWER, Nature::Definite), 1_000);
    market.does(DRAWER, offer(&whole(), None, PAYEE, BillAct::Deliver));
    market.does(PAYEE, sign(&whole(), None, None));
    assert_eq!(liable(&market, BANK, DRAWER, Nature::Definite), 0);
    assert_eq!(liable(&market, BANK, PAYEE, Nature::Definite), 1_000);
    assert_eq!(liable(&market, DRAWER, PAYEE, Nature::Contingent), 1_000);

    market.does(PAYEE, offer(&whole(), Some(units(1, 300)), MAKER, endorse()));
    market.does(MAKER, sign(&whole(), Some(units(1, 300)), None));
    assert_eq!(liable(&market, BANK, MAKER, Nature::Definite), 300);
    assert_eq!(liable(&market, PAYEE, MAKER, Nature::Contingent), 300);
    assert_eq!(liable(&market, DRAWER, MAKER, Nature::Contingent), 300);
    assert_eq!(liable(&market, BANK, PAYEE, Nature::Definite), 700);

    // A holder that signed before is its own predecessor.
    transfers(&mut market, &part(1, 300), MAKER, PAYEE);
    assert_eq!(liable(&market, MAKER, PAYEE, Nature::Contingent), 0);
    assert_eq!(liable(&market, DRAWER, PAYEE, Nature::Contingent), 1_000);

    market.at("2026-03-20 10:00");
    for id in [part(1, 300), part(301, 1_000)] {
        let (from, to) = (account(BANK), account(PAYEE));
        market.does(BANK, TradeOperation::PayBill { part: id, from, to });
    }
    assert_eq!(positions(&market), BTreeMap::new());
    assert!(matches!(market.record::<Bill>(&bill()).state, BillState::Settled { .. }));
}

#[test]
fn a_refusal_of_an_overlapping_range_names_the_part_and_the_pledgee() {
    let mut market = delivered();
    market.does(
        PAYEE,
        offer(&whole(), Some(units(1, 300)), DISCOUNTER, BillAct::Pledge { secures: "LOAN 1".into() }),
    );
    market.does(DISCOUNTER, sign(&whole(), Some(units(1, 300)), None));
    let overlapping = offer(&whole(), Some(units(300, 400)), MAKER, endorse());
    let refusal = market.refuses(PAYEE, overlapping, "bill.encumbered");
    let detail = |name: &str| {
        refusal.details.iter().find(|detail| detail.name == name).map(|detail| detail.value.clone())
    };
    assert_eq!(detail("part"), Some(part(1, 300).to_string()));
    assert_eq!(detail("encumbrance").as_deref(), Some("pledged"));
    assert_eq!(detail("party").as_deref(), Some(DISCOUNTER));

    // Units of two parts that are free are no part either.
    market.does(PAYEE, offer(&whole(), Some(units(401, 500)), MAKER, endorse()));
    market.does(MAKER, sign(&whole(), Some(units(401, 500)), None));
    let across = offer(&whole(), Some(units(350, 450)), MAKER, endorse());
    market.refuses(PAYEE, across, "bill.divided");
}

#[test]
fn a_repurchase_restores_what_the_sale_changed() {
    let mut market = delivered();
    market.does(PAYEE, offer(&whole(), None, DISCOUNTER, discount_into(PAYEE)));
    market.does(DISCOUNTER, sign(&whole(), None, Some(DISCOUNTER)));
    let before = (positions(&market), market.record::<BillPart>(&whole()));
    market.does(DISCOUNTER, offer(&whole(), None, OTHER_BANK, rediscount_into(DISCOUNTER, "2026-03-09")));
    market.does(OTHER_BANK, sign(&whole(), None, Some(OTHER_BANK)));
    assert_eq!(positions(&market), expected_positions(&market));
    assert_ne!(positions(&market), before.0);
    // Until the day nobody disposes of it.
    market.refuses(OTHER_BANK, offer(&whole(), None, MAKER, endorse()), "bill.encumbered");
    market.at("2026-03-09 10:00");
    let repurchase = TradeOperation::RepurchaseBill { part: whole(), from: account(DISCOUNTER) };
    market.refuses(OTHER_BANK, repurchase.clone(), "bill.no_repurchase");
    market.does(DISCOUNTER, repurchase);
    assert_eq!((positions(&market), market.record::<BillPart>(&whole())), before);
}

#[test]
fn a_buyer_without_the_money_gets_no_bill() {
    let mut market = delivered();
    market.does(PAYEE, offer(&whole(), None, DISCOUNTER, discount_into(PAYEE)));
    let spend = LedgerOperation::Transfer {
        from: account(DISCOUNTER),
        to: account(MAKER),
        amount: cny(FUNDS),
        value_date: None,
        reference: String::new(),
    };
    market.submit(DISCOUNTER, vec![Operation::Ledger(spend)]).unwrap();
    let refusal = market.tries(DISCOUNTER, sign(&whole(), None, Some(DISCOUNTER))).unwrap_err();
    assert!(refusal.code.starts_with("account."), "{refusal:?}");
    assert_eq!(market.record::<BillPart>(&whole()).holder, party(PAYEE));
    assert_eq!(balance(&market, PAYEE), cny(FUNDS));
}

#[test]
fn a_banks_own_limit_binds_what_it_discounts() {
    let mut market = delivered();
    let limit = |limit: &str| TradeOperation::SetLimit {
        debtor: party(BANK),
        currency: Currency::parse("CNY").unwrap(),
        limit: Some(cny(limit)),
    };
    market.does(DISCOUNTER, limit("9.99"));
    market.does(PAYEE, offer(&whole(), None, DISCOUNTER, discount_into(PAYEE)));
    market.refuses(DISCOUNTER, sign(&whole(), None, Some(DISCOUNTER)), "limit.exceeded");
    market.does(DISCOUNTER, limit("10.00"));
    market.does(DISCOUNTER, sign(&whole(), None, Some(DISCOUNTER)));
}

#[test]
fn a_margin_is_the_drawers_money_held_until_the_bill_is_due() {
    let mut market = open();
    market.does(DRAWER, TradeOperation::DrawBill { number: "B-1".into(), terms: Box::new(terms()) });
    market.does(DRAWER, TradeOperation::PresentBillForAcceptance { bill: bill() });
    let hold = |market: &mut Market, number: &str, expires: &str| {
        let id: HoldId = format!("{DRAWER}/{number}").parse().unwrap();
        let hold = LedgerOperation::HoldFunds {
            hold: id.clone(),
            from: account(DRAWER),
            to: account(BANK),
            amount: cny("3.00"),
            poster: None,
            against: None,
            expires_at: beijing(expires),
            reference: "MARGIN".into(),
        };
        market.submit(DRAWER, vec![Operation::Ledger(hold)]).unwrap();
        id
    };
    let accept =
        |margin| TradeOperation::AcceptBill { bill: bill(), conditions: vec![], margin: Some(margin) };
    let short = hold(&mut market, "M-1", "2026-03-19 10:00");
    market.refuses(BANK, accept(short), "bill.margin_invalid");
    let long = hold(&mut market, "M-2", "2026-03-31 10:00");
    market.does(BANK, accept(long.clone()));
    assert_eq!(market.record::<Bill>(&bill()).margin, Some(long));
}

#[test]
fn an_acceptor_that_holds_its_own_bill_extinguishes_it() {
    let mut market = delivered();
    market.does(PAYEE, offer(&whole(), None, BANK, discount_into(PAYEE)));
    market.does(BANK, sign(&whole(), None, Some(BANK)));
    assert_eq!(positions(&market), BTreeMap::new());
    market.at("2026-03-20 10:00");
    let before = balance(&market, BANK);
    let (from, to) = (account(BANK), account(BANK));
    market.does(BANK, TradeOperation::PayBill { part: whole(), from, to });
    assert_eq!(balance(&market, BANK), before);
    assert!(matches!(market.record::<Bill>(&bill()).state, BillState::Settled { .. }));
}

#[test]
fn a_part_has_a_bounded_number_of_offers_each_on_its_units() {
    let mut market = delivered();
    for first in 1..=16 {
        market.does(PAYEE, offer(&whole(), Some(units(first, first)), MAKER, endorse()));
    }
    market.refuses(PAYEE, offer(&whole(), Some(units(17, 17)), MAKER, endorse()), "bill.part_full");
    market.refuses(PAYEE, offer(&whole(), Some(units(1_000, 1_001)), MAKER, endorse()), "bill.units_outside");
    // What is signed of it leaves the other offers standing, on the parts that have their units now.
    market.does(MAKER, sign(&whole(), Some(units(8, 8)), None));
    assert_eq!(market.record::<BillPart>(&part(1, 7)).offers.len(), 7);
    assert_eq!(market.record::<BillPart>(&part(9, 1_000)).offers.len(), 8);
    market.does(MAKER, sign(&whole(), Some(units(16, 16)), None));
    assert_eq!(market.record::<BillPart>(&part(16, 16)).holder, party(MAKER));
}

#[test]
fn a_firm_that_accepts_its_own_bill_is_liable_on_it_once() {
    let mut market = open();
    let kind = BillKind::CommercialAcceptance;
    let own = BillTerms { kind, drawee: party(DRAWER), title: "商业承兑汇票".into(), ..terms() };
    let draw =
        |terms: &BillTerms| TradeOperation::DrawBill { number: "B-1".into(), terms: Box::new(terms.clone()) };
    market.refuses(
        DRAWER,
        draw(&BillTerms { drawee: party(BANK), ..own.clone() }),
        "bill.drawee_not_of_its_kind",
    );
    market.does(DRAWER, draw(&own));
    market.does(DRAWER, TradeOperation::PresentBillForAcceptance { bill: bill() });
    market.does(DRAWER, TradeOperation::AcceptBill { bill: bill(), conditions: vec![], margin: None });
    assert_eq!(positions(&market), BTreeMap::new());
    market.does(DRAWER, offer(&whole(), None, PAYEE, BillAct::Deliver));
    market.does(PAYEE, sign(&whole(), None, None));
    transfers(&mut market, &whole(), PAYEE, MAKER);
    let found: Vec<_> = positions(&market).into_keys().collect();
    let owed = |debtor: &str, nature| (debtor.to_owned(), MAKER.to_owned(), nature);
    assert_eq!(found, [owed(DRAWER, Nature::Definite), owed(PAYEE, Nature::Contingent)]);
}

#[test]
fn what_the_supervisor_froze_is_not_discounted() {
    let mut market = delivered();
    market.does(PAYEE, offer(&whole(), None, DISCOUNTER, discount_into(PAYEE)));
    market.does(
        OFFICE,
        TradeOperation::Freeze {
            subject: FrozenSubject::Bill { bill: bill() },
            order: "O-1".into(),
            legal_basis: "ACT 7".into(),
            until: None,
            disclosed: true,
        },
    );
    market.refuses(DISCOUNTER, sign(&whole(), None, Some(DISCOUNTER)), "supervision.frozen");
}

#[test]
fn the_next_steps_of_a_bill_are_those_that_its_parties_may_take() {
    let mut market = open();
    let of_bill = |market: &Market, who: &str, at: &str| {
        let steps = market.record::<Bill>(&bill()).next_steps(&party(who), beijing(at));
        steps.into_iter().map(|step| step.operation).collect::<Vec<_>>()
    };
    let of_part = |market: &Market, who: &str, at: &str| {
        let steps = market.record::<BillPart>(&whole()).next_steps(&party(who), beijing(at));
        steps.into_iter().map(|step| step.operation).collect::<Vec<_>>()
    };
    let morning = "2026-03-02 11:00";
    market.does(DRAWER, TradeOperation::DrawBill { number: "B-1".into(), terms: Box::new(terms()) });
    assert_eq!(of_bill(&market, DRAWER, morning), ["present_bill_for_acceptance", "cancel_bill"]);
    market.does(DRAWER, TradeOperation::PresentBillForAcceptance { bill: bill() });
    assert_eq!(of_bill(&market, BANK, morning), ["accept_bill", "refuse_bill"]);
    assert_eq!(of_bill(&market, BANK, "2026-03-05 17:01"), [""; 0]);
    market.does(BANK, TradeOperation::AcceptBill { bill: bill(), conditions: vec![], margin: None });
    market.does(DRAWER, offer(&whole(), None, PAYEE, BillAct::Deliver));
    assert_eq!(of_part(&market, PAYEE, morning), ["sign_bill", "reject_bill"]);
    assert_eq!(
        of_part(&market, DRAWER, morning),
        ["withdraw_bill_offer", "offer_bill", "present_bill_for_payment"]
    );
    market.does(PAYEE, sign(&whole(), None, None));
    assert_eq!(of_part(&market, BANK, morning), ["pay_bill", "freeze_bill"]);
    market.at("2026-03-20 10:00");
    market.does(PAYEE, TradeOperation::PresentBillForPayment { part: whole(), account: account(PAYEE) });
    assert_eq!(of_part(&market, BANK, "2026-03-20 11:00"), ["pay_bill", "dishonour_bill", "freeze_bill"]);
    assert_eq!(of_part(&market, PAYEE, "2026-03-24 11:00"), ["dishonour_bill"]);
    market.does(BANK, TradeOperation::DishonourBill { part: whole(), reason: "NO FUNDS".into() });
    assert_eq!(of_part(&market, PAYEE, "2026-03-20 12:00"), ["give_recourse_notice"]);
    let (against, account) = (party(DRAWER), account(PAYEE));
    let notice = TradeOperation::GiveRecourseNotice { part: whole(), against, account, interest: None };
    market.does(PAYEE, notice);
    assert_eq!(of_part(&market, DRAWER, "2026-03-20 12:00"), ["settle_recourse"]);
}

/// One thing that somebody tries: what, who, on which of the parts, on which of its units, with whom.
#[derive(Clone, Copy, Debug)]
struct Attempt {
    what: u8,
    who: usize,
    part: usize,
    first: u64,
    last: u64,
    with: usize,
}

fn attempt() -> impl Strategy<Value = Attempt> {
    (0_u8..19, 0_usize..8, 0_usize..64, 0_u64..1_000, 0_u64..1_000, 0_usize..6)
        .prop_map(|(what, who, part, first, last, with)| Attempt { what, who, part, first, last, with })
}

/// The operation, and who does it: mostly whoever is entitled, and sometimes anybody.
fn step(market: &Market, attempt: Attempt, due: bool) -> (String, TradeOperation) {
    let parts = standing(market);
    let live: Vec<_> = parts.iter().filter(|part| part.is_live()).collect();
    let any = &parts[attempt.part % parts.len()];
    let on = live.get(attempt.part % live.len().max(1)).copied().unwrap_or(any);
    let part = on.id.clone();
    let again = usize::from(PARTIES[attempt.with] == on.holder.as_str());
    let with = PARTIES[(attempt.with + again) % PARTIES.len()];
    // Mostly what the state of the part calls for, and sometimes anything.
    let what = match (&on.state, attempt.what) {
        (_, what) if attempt.first.is_multiple_of(7) => what,
        (PartState::Presented { .. }, what) => {
            if what % 5 == 0 {
                15
            } else {
                16
            }
        }
        (PartState::Dishonoured { .. }, what) => {
            if on.notices.is_empty() || what % 3 == 0 {
                17
            } else {
                18
            }
        }
        (PartState::Held, what) if due && what % 2 == 0 => 14,
        (PartState::Held, what) if on.encumbrance.is_some() && what % 3 == 0 => {
            if what % 2 == 0 {
                3
            } else {
                13
            }
        }
        (PartState::Held, what) if !on.offers.is_empty() && what % 3 == 1 => 7,
        (_, what) => what,
    };
    let bank = if on.holder == party(DISCOUNTER) { OTHER_BANK } else { DISCOUNTER };
    let own = part.units();
    let (one, other) = (own.first() + attempt.first % own.count(), own.first() + attempt.last % own.count());
    let range = (!attempt.first.is_multiple_of(3)).then(|| units(one.min(other), one.max(other)));
    let standing = on.offers.get(attempt.part % on.offers.len().max(1)).cloned();
    let (holder, collector) = (on.holder.to_string(), on.collector().to_string());
    let (offered, offerer) = standing
        .as_ref()
        .map_or((with.to_owned(), holder.clone()), |offer| (offer.to.to_string(), offer.by.to_string()));
    let named = standing.as_ref().map_or(range, |offer| Some(offer.units));
    let buyer =
        |offer: &BillOffer| matches!(offer.act, BillAct::Discount { .. } | BillAct::Rediscount { .. });
    let notified = on.notices.first().map_or(DRAWER.to_owned(), |notice| notice.against.to_string());
    let (author, operation) = match what {
        0 => (holder, offer(&part, range, with, endorse())),
        1 => {
            let transferable = attempt.first.is_multiple_of(2);
            (holder, offer(&part, range, with, BillAct::Endorse { transferable }))
        }
        2 => (holder, offer(&part, range, with, BillAct::Pledge { secures: "LOAN".into() })),
        3 => (collector, offer(&part, range, on.holder.as_str(), BillAct::ReleasePledge)),
        4 => (holder.clone(), offer(&part, range, bank, discount_into(&holder))),
        5 => (holder.clone(), offer(&part, range, bank, rediscount_into(&holder, "2026-03-10"))),
        6 => {
            let stands_for = Guaranteed::Holder { party: on.holder.clone() };
            (holder, offer(&part, range, with, BillAct::GiveAval { stands_for }))
        }
        7..=10 => {
            let payer = standing.as_ref().filter(|offer| buyer(offer)).map(|_| offered.as_str());
            (offered.clone(), sign(&part, named, payer))
        }
        11 => (offered, TradeOperation::RejectBill { part, units: named }),
        12 => (offerer, TradeOperation::WithdrawBillOffer { part, units: named }),
        13 => match &on.encumbrance {
            Some(BillEncumbrance::Repurchased { by, .. }) if !attempt.last.is_multiple_of(3) => {
                (by.to_string(), TradeOperation::RepurchaseBill { part, from: account(by.as_str()) })
            }
            _ => (holder, TradeOperation::CloseOutRepurchase { part }),
        },
        14 => {
            (collector.clone(), TradeOperation::PresentBillForPayment { part, account: account(&collector) })
        }
        15 => {
            let (from, to) = (account(BANK), account(&collector));
            (BANK.to_owned(), TradeOperation::PayBill { part, from, to })
        }
        16 => {
            let author = if attempt.last.is_multiple_of(2) { BANK.to_owned() } else { collector };
            (author, TradeOperation::DishonourBill { part, reason: "NO FUNDS".into() })
        }
        17 => {
            let (against, account) = (party(with), account(&collector));
            let notice = TradeOperation::GiveRecourseNotice { part, against, account, interest: None };
            (collector, notice)
        }
        _ => {
            let from = account(&notified);
            (notified, TradeOperation::SettleRecourse { part, units: range, from })
        }
    };
    // Now and then somebody else tries it.
    let author = PARTIES
        .get(attempt.who)
        .filter(|_| attempt.last.is_multiple_of(11))
        .map_or(author, |any| (*any).into());
    (author, operation)
}

/// Whoever gave units up had agreed to that before: by an offer, a sale until a day, or a notice of recourse.
fn had_agreed(before: &BillPart, author: &str, range: Units) -> bool {
    let author = party(author);
    let offered = before.offers.iter().any(|offer| offer.to == author && offer.units.contain(range));
    let sold = matches!(&before.encumbrance, Some(BillEncumbrance::Repurchased { by, .. }) if *by == author);
    let notified = before.notices.iter().any(|notice| notice.against == author);
    offered || sold || notified
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn units_are_conserved_and_pass_only_to_those_who_sign_with_the_consent_of_those_who_give(
        attempts in prop::collection::vec(attempt(), 20..120),
        first_day in 3_u8..20,
    ) {
        let mut market = delivered();
        let mut day = first_day;
        market.at(&format!("2026-03-{day:02} 10:00"));
        for (count, attempt) in attempts.into_iter().enumerate() {
            if count % 5 == 4 && day < 31 {
                day += 1;
                market.at(&format!("2026-03-{day:02} 10:00"));
            }
            let before = standing(&market);
            let (author, operation) = step(&market, attempt, day >= 20);
            let done = market.tries(&author, operation.clone());

            let parts = standing(&market);
            // The parts tile the bill.
            let mut next = 1;
            for part in &parts {
                prop_assert_eq!(part.id.units().first(), next);
                prop_assert_eq!(i128::from(part.id.units().count()), part.amount.minor_units());
                next = part.id.units().last() + 1;
            }
            prop_assert_eq!(next, UNITS + 1);

            // No unit passes to anybody but the author, nor without the consent of whoever held it.
            for part in &parts {
                let range = part.id.units();
                let held = before.iter().find(|earlier| earlier.id.units().contain(range)).unwrap();
                if held.holder != part.holder {
                    prop_assert!(done.is_ok());
                    prop_assert_eq!(part.holder.as_str(), &author, "{:?}", operation);
                    prop_assert!(had_agreed(held, &author, range), "{:?}", operation);
                }
            }

            // Money is conserved, and so is what is owed.
            let total: i128 = PARTIES.iter().map(|owner| balance(&market, owner).minor_units()).sum();
            prop_assert_eq!(total, 6 * cny(FUNDS).minor_units());
            let paid = parts.iter().filter(|part| matches!(part.state, PartState::Paid { .. }));
            let paid: i128 = paid.map(|part| part.amount.minor_units()).sum();
            let outstanding = market.record::<Bill>(&bill()).outstanding.minor_units();
            prop_assert_eq!(outstanding, 1_000 - paid);
            prop_assert_eq!(positions(&market), expected_positions(&market));
        }
    }
}

#[test]
fn a_due_date_beyond_the_calendar_is_decided_when_the_calendar_reaches_it() {
    let mut market = {
        let named = PARTIES.map(|id| (id, id));
        let currency = Currency::parse("CNY").unwrap();
        Market::of(beijing("2026-03-02 10:00"), &named, &[currency], vec![cn(1, "2026-03-31")])
    };
    let maturity: Date = date("2026-05-01");
    let drawn = BillTerms { maturity, ..terms() };
    market.does(DRAWER, TradeOperation::DrawBill { number: "B-1".into(), terms: Box::new(drawn) });
    assert!(matches!(market.record::<Bill>(&bill()).due, DueDate::Provisional { .. }));
    market.publishes(cn(2, "2026-12-31"));
    let events = market.does(DRAWER, TradeOperation::PresentBillForAcceptance { bill: bill() });
    assert!(matches!(&events[0], TradeEvent::BillDueDateDecided { .. }), "{events:?}");
    // The first days of May are a holiday.
    assert_eq!(market.record::<Bill>(&bill()).due.date(), date("2026-05-06"));
}
