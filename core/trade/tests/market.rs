//! The market for claims, whatever parties try.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use allonge_finance::{
    Currency, DayCount, DiscountMethod, DiscountTerms, Money, PartyId, Rate, RoundingPolicy, Timestamp,
};
use allonge_trade::*;
use common::*;
use proptest::prelude::*;

const BANKS: [&str; 3] = [ADVISING, STRANGER, BENEFICIARY];

fn firm(owner: &str, rate: &str) -> FirmOffer {
    let terms = ForfaitingTerms {
        discount: DiscountTerms {
            method: DiscountMethod::Straight,
            rate: Rate::parse(rate).unwrap(),
            day_count: DayCount::Actual360,
            grace_days: 0,
            rounding: RoundingPolicy::EXACT,
        },
        value_date: date("2026-03-02"),
        calendar: "CN".parse().unwrap(),
        availability_date: None,
        documents: vec![],
        conditions: vec![],
        commitment_fee: None,
        fee: None,
        recourse: vec![],
    };
    FirmOffer { terms, account: account(owner) }
}

fn for_sale(claim: &ClaimId, number: &str) -> TradeOperation {
    TradeOperation::PublishAsset {
        number: number.into(),
        claim: claim.clone(),
        indicative_rate: None,
        firm: Some(Box::new(firm(ADVISING, "0.03"))),
        valid_until: beijing("2026-03-31 17:00"),
    }
}

/// A market in which the advising bank holds a claim of 100,000.00 from 16 March on, due on 8 June.
fn with_claim() -> Market {
    let mut market = Market::with_credit(terms());
    market.at("2026-03-16 11:00").does(ADVISING, present("100000.00", "2026-03-10"));
    market.does(ISSUING, accept(1));
    market
}

#[test]
fn of_two_banks_that_take_one_claim_in_one_block_exactly_one_has_it_and_the_other_hears_why() {
    let mut market = with_claim();
    market.does(ADVISING, for_sale(&claim(1), "A-1"));
    let take = |owner: &str| TradeOperation::TakeAsset {
        number: "T-1".into(),
        listing: "SYNADEFFXXX/A-1".parse().unwrap(),
        account: account(owner),
    };
    let mut results =
        market.try_in_one_block(vec![(STRANGER, take(STRANGER)), (BENEFICIARY, take(BENEFICIARY))]);
    let second = results.pop().unwrap().unwrap_err();
    assert!(results.pop().unwrap().is_ok());
    assert_eq!(second.code, "listing.not_open");
    assert_eq!(second.detail("reference"), Some("SYNCGB2LXXX/T-1"));
    let trade: Trade = market.record(&"SYNCGB2LXXX/T-1".parse().unwrap());
    assert_eq!(trade.buyer, party(STRANGER));
    assert!(market.find::<Trade>(&"exporter/T-1".parse().unwrap()).is_none());
}

#[test]
fn a_record_says_who_may_do_what_next_and_until_when() {
    let mut market = with_claim();
    let now = beijing("2026-03-16 11:00");
    let steps = |found: Vec<NextStep>| found.into_iter().map(|step| step.operation).collect::<Vec<_>>();
    assert_eq!(steps(market.claim(1).next_steps(&party(ISSUING), now)), ["pay_claim"]);
    assert!(steps(market.claim(1).next_steps(&party(ADVISING), now)).contains(&"divide_claim"));
    assert!(market.claim(1).next_steps(&party(STRANGER), now).is_empty());

    market.does(ADVISING, for_sale(&claim(1), "A-1"));
    let listing: Listing = market.record(&"SYNADEFFXXX/A-1".parse().unwrap());
    let step = listing.next_steps(&party(STRANGER), now).remove(0);
    assert_eq!((step.operation, step.until), ("take_asset", Some(beijing("2026-03-31 17:00"))));
    assert_eq!(step.article.map(|article| article.to_string()).as_deref(), Some("URF 800 art. 2, 4"));
}

#[derive(Clone, Copy, Debug)]
enum Attempt {
    Divide { minor_units: i64 },
    Merge,
    Pledge { to: usize },
    Release,
    Offer { to: usize },
    Accept { by: usize },
    Sell { to: usize },
    Settle { by: usize },
    Lapse { by: usize },
    Pay,
    NextDay,
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let bank = || 0_usize..BANKS.len();
    prop_oneof![
        3 => (1_i64..10_000_000).prop_map(|minor_units| Attempt::Divide { minor_units }),
        2 => Just(Attempt::Merge),
        1 => bank().prop_map(|to| Attempt::Pledge { to }),
        1 => Just(Attempt::Release),
        2 => bank().prop_map(|to| Attempt::Offer { to }),
        2 => bank().prop_map(|by| Attempt::Accept { by }),
        3 => bank().prop_map(|to| Attempt::Sell { to }),
        3 => bank().prop_map(|by| Attempt::Settle { by }),
        1 => bank().prop_map(|by| Attempt::Lapse { by }),
        1 => Just(Attempt::Pay),
        1 => Just(Attempt::NextDay),
    ]
}

/// The parts of the claim that are owed or paid, in their order.
fn parts(market: &Market) -> Vec<Claim> {
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    let mut open = vec![claim(1)];
    while let Some(id) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let claim: Claim = market.record(&id);
        match &claim.state {
            ClaimState::Divided { into, .. } => open.extend(into.iter().cloned()),
            ClaimState::Merged { into, .. } => open.push(into.clone()),
            _ => found.push(claim),
        }
    }
    found.sort_by_key(|part| part.units().unwrap());
    found
}

fn money(minor_units: i64) -> Money {
    Money::from_minor_units(minor_units.into(), Currency::parse("USD").unwrap())
}

/// Tries it on one of the parts, by whoever the attempt names or who may.
fn try_it(market: &mut Market, attempt: Attempt, which: usize, count: &mut u32, now: &mut Timestamp) {
    let all = parts(market);
    let part = all[which % all.len()].clone();
    let holder = part.holder_of_record.to_string();
    let id = part.id.clone();
    *count += 1;
    let (author, operation) = match attempt {
        Attempt::Divide { minor_units } => {
            (holder, TradeOperation::DivideClaim { claim: id, amounts: vec![money(minor_units)] })
        }
        Attempt::Merge => {
            let next = &all[(which + 1) % all.len()];
            (holder, TradeOperation::MergeClaims { claims: vec![id, next.id.clone()] })
        }
        Attempt::Pledge { to } => {
            let to = party(BANKS[to]);
            (holder, TradeOperation::PledgeClaim { claim: id, to, secures: "LOAN".into() })
        }
        Attempt::Release => {
            let author = match &part.encumbrance {
                Some(Encumbrance::Pledged { to, .. }) => to.to_string(),
                _ => holder,
            };
            (author, TradeOperation::ReleasePledge { claim: id })
        }
        Attempt::Offer { to } => {
            let expires_at = now.plus_millis(3 * 86_400_000).unwrap();
            (holder, TradeOperation::OfferClaim { claim: id, to: party(BANKS[to]), expires_at })
        }
        Attempt::Accept { by } => (BANKS[by].to_owned(), TradeOperation::AcceptClaim { claim: id }),
        Attempt::Sell { to } => {
            let quote = TradeOperation::QuotePrice {
                number: format!("Q-{count}"),
                subject: QuoteSubject::Claim { claim: id.clone() },
                firm: Box::new(firm(BANKS[to], "0.05")),
                valid_until: now.plus_millis(86_400_000).unwrap(),
            };
            let _either = market.tries(BANKS[to], quote);
            let trade = format!("T-{count}");
            let accept = TradeOperation::AcceptQuote {
                number: trade.clone(),
                quote: format!("{}/Q-{count}", BANKS[to]).parse().unwrap(),
                claim: id,
                account: account(&holder),
            };
            if market.tries(&holder, accept).is_ok() {
                let trade: TradeId = format!("{holder}/{trade}").parse().unwrap();
                market.does(BANKS[to], TradeOperation::ConfirmTrade { trade: trade.clone() });
                market.does(&holder, TradeOperation::ConfirmTrade { trade });
            }
            return;
        }
        Attempt::Settle { by } | Attempt::Lapse { by } => {
            let Some(Encumbrance::Sold { trade }) = part.encumbrance else { return };
            let operation = match attempt {
                Attempt::Settle { .. } => TradeOperation::SettleTrade { trade, reserve_until: None },
                _ => TradeOperation::LapseTrade { trade },
            };
            (BANKS[by].to_owned(), operation)
        }
        Attempt::Pay => {
            let (from, to) = (account(ISSUING), account(part.payee().as_str()));
            (ISSUING.to_owned(), TradeOperation::PayClaim { claim: id, from, to, amount: part.amount })
        }
        Attempt::NextDay => {
            *now = now.plus_millis(9 * 86_400_000).unwrap();
            market.moves_to(*now);
            return;
        }
    };
    let _either = market.tries(&author, operation);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_unit_of_a_debt_has_one_holder_money_is_conserved_and_books_say_what_records_say(
        attempts in prop::collection::vec((attempt(), any::<usize>()), 1..60),
    ) {
        let mut market = with_claim();
        for bank in BANKS {
            market.fund(bank, usd("500000.00"));
        }
        let (mut now, mut count) = (beijing("2026-03-16 11:00"), 0);
        for (attempt, which) in attempts {
            try_it(&mut market, attempt, which, &mut count, &mut now);

            let parts = parts(&market);
            let mut next = 1;
            for part in &parts {
                let units = part.units().unwrap();
                prop_assert_eq!(units.first(), next, "parts neither overlap nor leave a gap");
                prop_assert_eq!(i128::from(units.count()), part.amount.minor_units());
                next = units.last() + 1;
            }
            prop_assert_eq!(next, 10_000_001);

            let mut owed = BTreeMap::<PartyId, i128>::new();
            for part in parts.iter().filter(|part| part.is_owed()) {
                *owed.entry(part.holder_of_record.clone()).or_default() += part.amount.minor_units();
            }
            for bank in BANKS {
                let booked = market.positions(&party(ISSUING), &party(bank), Nature::Definite);
                prop_assert_eq!(booked, owed.get(&party(bank)).copied().unwrap_or_default(), "{}", bank);
                let reserved: i128 = parts
                    .iter()
                    .filter_map(|part| match &part.encumbrance {
                        Some(Encumbrance::Sold { trade }) => Some(market.record::<Trade>(trade)),
                        _ => None,
                    })
                    .filter(|trade| trade.state == TradeState::Agreed && trade.buyer == party(bank))
                    .map(|trade| trade.face.minor_units())
                    .sum();
                // A trade whose claim was paid meanwhile keeps its part of the line until somebody lets it lapse.
                prop_assert!(market.positions(&party(ISSUING), &party(bank), Nature::Reserved) >= reserved);
            }
            let total = [ISSUING, ADVISING, STRANGER, BENEFICIARY]
                .iter()
                .map(|owner| market.balance(owner).minor_units())
                .sum::<i128>();
            prop_assert_eq!(total, 250_000_000, "money is conserved");
        }
    }
}
