//! Supervision: what the supervisor freezes does not settle, whatever else goes on.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

mod common;

use allonge_finance::{Currency, Money};
use allonge_ledger::{Indexed, Refusal};
use allonge_trade::*;
use common::*;
use proptest::prelude::*;

fn subject(text: &str) -> FrozenSubject {
    text.parse().unwrap()
}

fn freeze(text: &str, disclosed: bool) -> TradeOperation {
    TradeOperation::Freeze {
        subject: subject(text),
        order: "CB-2026-17".into(),
        legal_basis: "Civil Procedure Law art. 103".into(),
        until: None,
        disclosed,
    }
}

fn release(text: &str) -> TradeOperation {
    TradeOperation::ReleaseFreeze {
        subject: subject(text),
        order: "CB-2026-18".into(),
        legal_basis: "Civil Procedure Law art. 107".into(),
    }
}

/// A claim of the advising bank that is due.
fn due() -> Market {
    let mut market = Market::with_credit(terms());
    market.at("2026-03-04 10:00").does(ADVISING, present("100000.00", "2026-03-03"));
    market.at("2026-03-05 10:00").does(ISSUING, accept(1));
    market.at("2026-06-10 10:00");
    market
}

fn said(refusal: &Refusal) -> String {
    format!("{refusal:?}")
}

#[test]
fn each_subject_of_a_payment_holds_it_until_it_is_released() {
    for text in [
        "party:SYNBCNBJXXX",
        "party:SYNADEFFXXX",
        "account:SYNBCNBJXXX/USD/settlement",
        "account:SYNADEFFXXX/USD/settlement",
        "letter_of_credit:SYNBCNBJXXX/LC2026001",
        "claim:SYNBCNBJXXX/LC2026001/1",
    ] {
        let mut market = due();
        market.does(OFFICE, freeze(text, true));
        let refusal = market.refuses(ISSUING, pay(1, ADVISING, "100000.00"), "supervision.frozen");
        assert!(said(&refusal).contains("CB-2026-17"), "{refusal:?}");
        assert_eq!(market.claim(1).state, ClaimState::Outstanding, "the claim is owed as before");
        market.does(OFFICE, release(text));
        market.does(ISSUING, pay(1, ADVISING, "100000.00"));
    }
}

#[test]
fn a_presentation_that_is_frozen_is_examined_but_not_honoured() {
    for text in ["presentation:SYNBCNBJXXX/LC2026001/1", "letter_of_credit:SYNBCNBJXXX/LC2026001"] {
        let mut market = Market::with_credit(sight_terms());
        market.at("2026-03-04 10:00").does(ADVISING, present("100000.00", "2026-03-03"));
        market.does(OFFICE, freeze(text, false));
        market.refuses(ISSUING, honour(1), "supervision.settlement_held");
        market.does(ISSUING, refuse(1, &["INVOICE NOT SIGNED"]));
    }
}

#[test]
fn a_freeze_of_a_debt_holds_its_parts_and_one_of_a_part_only_that() {
    let mut market = due();
    market.does(ADVISING, TradeOperation::DivideClaim { claim: claim(1), amounts: vec![usd("60000.00")] });
    let (first, second) = ("SYNBCNBJXXX/LC2026001/1#1-6000000", "SYNBCNBJXXX/LC2026001/1#6000001-10000000");
    let pay = |id: &str, amount: &str| TradeOperation::PayClaim {
        claim: id.parse().unwrap(),
        from: account(ISSUING),
        to: account(ADVISING),
        amount: usd(amount),
    };
    market.does(OFFICE, freeze("claim:SYNBCNBJXXX/LC2026001/1", true));
    market.refuses(ISSUING, pay(first, "60000.00"), "supervision.frozen");
    market.does(OFFICE, release("claim:SYNBCNBJXXX/LC2026001/1"));
    market.does(OFFICE, freeze(&format!("claim:{first}"), true));
    market.refuses(ISSUING, pay(first, "60000.00"), "supervision.frozen");
    let claims = vec![first.parse().unwrap(), second.parse().unwrap()];
    market.refuses(ADVISING, TradeOperation::MergeClaims { claims }, "supervision.frozen");
    let divide =
        TradeOperation::DivideClaim { claim: first.parse().unwrap(), amounts: vec![usd("10000.00")] };
    market.refuses(ADVISING, divide, "supervision.frozen");
    market.does(ISSUING, pay(second, "40000.00"));
}

#[test]
fn an_order_that_is_not_disclosed_is_not_named_and_not_found() {
    let mut market = due();
    let claim = "claim:SYNBCNBJXXX/LC2026001/1";
    let events = market.does(OFFICE, freeze(claim, false));
    assert!(matches!(&events[..], [TradeEvent::Frozen { notified, .. }] if notified.is_empty()));
    let refusal = market.refuses(ISSUING, pay(1, ADVISING, "100000.00"), "supervision.settlement_held");
    for secret in ["CB-2026-17", "Civil Procedure", "claim:"] {
        assert!(!said(&refusal).contains(secret), "{refusal:?}");
    }
    let named = |order: &FreezeOrder| order.terms().parties.into_keys().collect::<Vec<_>>();
    let order: FreezeOrder = market.record(&subject(claim));
    assert_eq!(named(&order), [party(OFFICE)]);
    assert_eq!(order.affected, [party(ADVISING), party(ISSUING)]);

    market.does(OFFICE, release(claim));
    let events = market.does(OFFICE, freeze(claim, true));
    let told = [party(ADVISING), party(ISSUING)];
    assert!(matches!(&events[..], [TradeEvent::Frozen { notified, .. }] if *notified == told));
    assert_eq!(named(&market.record(&subject(claim))), [party(ADVISING), party(ISSUING), party(OFFICE)]);
}

#[test]
fn a_disclosed_order_is_named_even_where_another_is_not_disclosed() {
    let mut market = due();
    market.does(OFFICE, freeze("claim:SYNBCNBJXXX/LC2026001/1", false));
    market.does(OFFICE, freeze("party:SYNADEFFXXX", true));
    let refusal = market.refuses(ISSUING, pay(1, ADVISING, "100000.00"), "supervision.frozen");
    assert!(!said(&refusal).contains("claim:"), "{refusal:?}");
}

#[test]
fn an_order_ends_with_its_last_time() {
    let mut market = due();
    let claim = "claim:SYNBCNBJXXX/LC2026001/1";
    let order = |until: &str| match freeze(claim, true) {
        TradeOperation::Freeze { subject, order, legal_basis, disclosed, .. } => {
            TradeOperation::Freeze { subject, order, legal_basis, until: Some(beijing(until)), disclosed }
        }
        other => other,
    };
    market.refuses(OFFICE, order("2026-06-10 10:00"), "supervision.until");
    market.does(OFFICE, order("2026-06-12 10:00"));
    market.at("2026-06-12 10:00").refuses(ISSUING, pay(1, ADVISING, "100000.00"), "supervision.frozen");
    market.at("2026-06-12 10:01").refuses(OFFICE, release(claim), "supervision.not_frozen");
    market.does(ISSUING, pay(1, ADVISING, "100000.00"));
    market.does(OFFICE, freeze(claim, true));
}

#[test]
fn only_the_supervisor_orders_and_only_about_what_is_there() {
    let mut market = due();
    market.refuses(ISSUING, freeze("party:SYNADEFFXXX", true), "supervision.not_supervisor");
    market.refuses(OFFICE, freeze("party:nobody", true), "party.unknown");
    market.refuses(OFFICE, freeze("account:SYNADEFFXXX/USD/none", true), "account.unknown");
    market.refuses(OFFICE, freeze("letter_of_credit:SYNBCNBJXXX/NONE", true), "letter_of_credit.unknown");
    market.refuses(OFFICE, freeze("presentation:SYNBCNBJXXX/LC2026001/2", true), "presentation.unknown");
    market.refuses(OFFICE, freeze("claim:SYNBCNBJXXX/LC2026001/2", true), "claim.unknown");
    market.refuses(OFFICE, release("party:SYNADEFFXXX"), "supervision.not_frozen");
    market.does(OFFICE, freeze("party:SYNADEFFXXX", true));
    market.refuses(OFFICE, freeze("party:SYNADEFFXXX", false), "supervision.already_frozen");
    market.refuses(ADVISING, release("party:SYNADEFFXXX"), "supervision.not_supervisor");
    let unsaid = TradeOperation::ReleaseFreeze {
        subject: subject("party:SYNADEFFXXX"),
        order: "CB-2026-18".into(),
        legal_basis: String::new(),
    };
    market.refuses(OFFICE, unsaid, "text.invalid");
}

#[test]
fn the_supervisor_is_shown_what_it_can_release() {
    let mut market = due();
    market.does(OFFICE, freeze("party:SYNADEFFXXX", true));
    let now = beijing("2026-06-10 10:00");
    let steps = |market: &Market, party: &str| -> Vec<_> {
        let order: FreezeOrder = market.record(&subject("party:SYNADEFFXXX"));
        order.next_steps(&common::party(party), now).into_iter().map(|step| step.operation).collect()
    };
    assert_eq!(steps(&market, OFFICE), ["release_freeze"]);
    assert!(steps(&market, ADVISING).is_empty());
    market.does(OFFICE, release("party:SYNADEFFXXX"));
    assert!(steps(&market, OFFICE).is_empty());
}

const SUBJECTS: [&str; 4] = [
    "party:SYNADEFFXXX",
    "account:SYNBCNBJXXX/USD/settlement",
    "letter_of_credit:SYNBCNBJXXX/LC2026001",
    "claim:SYNBCNBJXXX/LC2026001/1",
];

#[derive(Clone, Debug)]
enum Attempt {
    Freeze { subject: usize, author: &'static str, disclosed: bool },
    Release { subject: usize, author: &'static str },
    Present,
    Accept,
    Pay { claim: u32 },
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let subject = || 0..SUBJECTS.len();
    let author = || prop::sample::select(vec![OFFICE, OFFICE, OFFICE, ISSUING, STRANGER]);
    prop_oneof![
        2 => (subject(), author(), any::<bool>())
            .prop_map(|(subject, author, disclosed)| Attempt::Freeze { subject, author, disclosed }),
        2 => (subject(), author()).prop_map(|(subject, author)| Attempt::Release { subject, author }),
        2 => Just(Attempt::Present),
        2 => Just(Attempt::Accept),
        4 => (1_u32..4).prop_map(|claim| Attempt::Pay { claim }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nothing_moves_while_an_order_holds_it_and_everything_else_goes_on(
        attempts in prop::collection::vec(attempt(), 1..40),
    ) {
        let mut fixed = terms();
        fixed.availability.by = AvailableBy::DeferredPayment { tenor: Tenor::AfterSight { days: 1 } };
        let mut market = Market::with_credit(fixed);
        let mut frozen = [false; SUBJECTS.len()];
        let mut paid = 0_i128;
        for (minute, attempt) in attempts.into_iter().enumerate() {
            market.at(&format!("2026-03-{:02} 10:{:02}", 3 + minute / 4, minute));
            match attempt {
                Attempt::Freeze { subject, author, disclosed } => {
                    let exists = !SUBJECTS[subject].starts_with("claim:") || market.find_claim(1).is_some();
                    let done = market.tries(author, freeze(SUBJECTS[subject], disclosed)).is_ok();
                    prop_assert_eq!(done, author == OFFICE && exists && !frozen[subject]);
                    frozen[subject] |= done;
                }
                Attempt::Release { subject, author } => {
                    let done = market.tries(author, release(SUBJECTS[subject])).is_ok();
                    prop_assert_eq!(done, author == OFFICE && frozen[subject]);
                    frozen[subject] &= !done;
                }
                Attempt::Present => {
                    let drawn = market.credit().drawn;
                    let done = market.tries(ADVISING, present("40000.00", "2026-03-02")).is_ok();
                    prop_assert_eq!(done, drawn.minor_units() <= 6_000_000, "contracts go on");
                }
                Attempt::Accept => {
                    let _either = market.tries(ISSUING, accept(market.credit().presentations.max(1)));
                }
                Attempt::Pay { claim } => {
                    let held = frozen[..3].contains(&true) || (claim == 1 && frozen[3]);
                    let done = market.tries(ISSUING, pay(claim, ADVISING, "40000.00")).is_ok();
                    prop_assert!(!(done && held));
                    paid += i128::from(done) * 4_000_000;
                }
            }
            let currency = Currency::parse("USD").unwrap();
            prop_assert_eq!(market.balance(ADVISING), Money::from_minor_units(paid, currency));
        }
    }
}
