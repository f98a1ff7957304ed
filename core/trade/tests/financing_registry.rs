//! A document is financed up to its amount and no further, across banks.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

mod common;

use std::collections::BTreeMap;

use allonge_crypto::Hash;
use allonge_finance::{Currency, Money};
use allonge_ledger::Event;
use allonge_trade::*;
use common::*;
use proptest::prelude::*;

const FIRST: Hash = Hash::new([1; 32]);
const SECOND: Hash = Hash::new([2; 32]);

/// A fingerprint of the document with this number, under a key.
fn of(tier: Tier, key_id: Hash, document: u8) -> Fingerprint {
    // Under another key, another token.
    let token = Hash::new(key_id.as_bytes().map(|byte| byte ^ document.wrapping_mul(16)));
    Fingerprint { tier, token: FingerprintToken { key_id, token } }
}

fn e1(document: u8) -> Vec<Fingerprint> {
    vec![of(Tier::E1, FIRST, document)]
}

fn until(time: &str) -> allonge_finance::Timestamp {
    beijing(time)
}

fn reserve(number: &str, amount: &str, fingerprints: Vec<Fingerprint>) -> TradeOperation {
    reserve_until(number, amount, fingerprints, "2026-03-09 10:00")
}

fn reserve_until(number: &str, amount: &str, fingerprints: Vec<Fingerprint>, time: &str) -> TradeOperation {
    TradeOperation::ReserveFinancing {
        number: number.into(),
        document: FinancedDocument::Invoice,
        face: usd("100.00"),
        amount: usd(amount),
        expires_at: until(time),
        fingerprints,
    }
}

fn id(bank: &str, number: &str) -> FinancingId {
    FinancingId::new(party(bank), number).unwrap()
}

fn confirm(bank: &str, number: &str, amount: &str) -> TradeOperation {
    TradeOperation::ConfirmFinancing { financing: id(bank, number), amount: usd(amount) }
}

fn release(bank: &str, number: &str, amount: &str) -> TradeOperation {
    let reason = ReleaseReason::Repaid;
    TradeOperation::ReleaseFinancing { financing: id(bank, number), amount: usd(amount), reason }
}

fn void(bank: &str, number: &str) -> TradeOperation {
    TradeOperation::VoidFinancing { financing: id(bank, number), reason: "BOOKED TWICE".into() }
}

fn adopt(key_id: Hash, previous_until: &str) -> TradeOperation {
    TradeOperation::AdoptFingerprintKey { key_id, previous_until: until(previous_until) }
}

fn registry() -> Market {
    let mut market = Market::open();
    market.does(OFFICE, adopt(FIRST, "2026-03-02 10:00"));
    market
}

/// What the bank was answered.
fn answer(events: &[TradeEvent]) -> (Match, bool) {
    match events {
        [TradeEvent::FinancingReserved { found, own, .. }] => (*found, *own),
        others => panic!("{others:?}"),
    }
}

#[test]
fn of_two_banks_that_register_an_invoice_in_one_block_the_second_is_refused() {
    let mut market = registry();
    let results = market.try_in_one_block(vec![
        (ISSUING, reserve("A", "60.00", e1(1))),
        (ADVISING, reserve("B", "60.00", e1(1))),
        (STRANGER, reserve("C", "40.00", e1(1))),
    ]);
    let [Ok(first), Err(second), Ok(third)] = results.as_slice() else { panic!("{results:?}") };
    assert!(matches!(first[..], [Event::Rules(TradeEvent::FinancingReserved { found: Match::None, .. })]));
    assert_eq!(second.code, "financing.exhausted");
    assert!(matches!(third[..], [Event::Rules(TradeEvent::FinancingReserved { found: Match::Exact, .. })]));
}

#[test]
fn neither_the_answer_nor_a_refusal_says_by_whom_or_how_much() {
    let mut market = registry();
    market.does(ISSUING, reserve("A", "61.00", e1(1)));
    let events = market.does(ADVISING, reserve("B", "1.00", e1(1)));
    let refusal = market.refuses(ADVISING, reserve("C", "39.00", e1(1)), "financing.exhausted");
    let told = serde_json::to_string(&(events, refusal)).unwrap();
    for secret in [ISSUING, "61.00", "62.00", "38.00"] {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
    let asset = market.record::<FinancedAsset>(&of(Tier::E1, FIRST, 1));
    assert!(!serde_json::to_string(&asset).unwrap().contains(ISSUING));
}

#[test]
fn a_reservation_that_expired_is_free_for_others_at_once_and_not_before() {
    let mut market = registry();
    market.does(ISSUING, reserve("A", "100.00", e1(1)));
    let later = |number| reserve_until(number, "100.00", e1(1), "2026-03-20 10:00");
    market.at("2026-03-09 10:00").refuses(ADVISING, later("B"), "financing.exhausted");
    market.at("2026-03-09 10:00:01");
    market.refuses(ISSUING, confirm(ISSUING, "A", "100.00"), "financing.reservation_expired");
    assert_eq!(answer(&market.does(ADVISING, later("B"))), (Match::None, false));
    // What the first bank does with its old one takes nothing from the second.
    market.does(ISSUING, void(ISSUING, "A"));
    market.refuses(STRANGER, later("C"), "financing.exhausted");
}

#[test]
fn a_reservation_lasts_at_most_ninety_days() {
    let mut market = registry();
    let code = "financing.expiry";
    market.refuses(ISSUING, reserve_until("A", "1.00", e1(1), "2026-03-02 10:00"), code);
    market.refuses(ISSUING, reserve_until("A", "1.00", e1(1), "2026-05-31 10:00:01"), code);
    market.does(ISSUING, reserve_until("A", "1.00", e1(1), "2026-05-31 10:00"));
}

#[test]
fn what_is_financed_stays_taken_until_it_is_released() {
    let mut market = registry();
    market.does(ISSUING, reserve("A", "100.00", e1(1)));
    market.does(ISSUING, confirm(ISSUING, "A", "70.00"));
    assert_eq!(answer(&market.does(ADVISING, reserve("B", "30.00", e1(1)))), (Match::Exact, false));
    market.at("2026-04-01 10:00");
    let later = |number, amount| reserve_until(number, amount, e1(1), "2026-05-01 10:00");
    market.refuses(STRANGER, later("C", "30.01"), "financing.exhausted");
    market.does(ISSUING, release(ISSUING, "A", "50.00"));
    market.refuses(ISSUING, void(ISSUING, "A"), "financing.partly_released");
    market.refuses(ISSUING, release(ISSUING, "A", "20.01"), "financing.amount");
    market.refuses(STRANGER, later("C", "80.01"), "financing.exhausted");
    market.does(ISSUING, release(ISSUING, "A", "20.00"));
    market.refuses(ISSUING, release(ISSUING, "A", "0.01"), "financing.not_financed");
    assert_eq!(answer(&market.does(STRANGER, later("C", "100.00"))), (Match::None, false));
    let state = market.record::<Financing>(&id(ISSUING, "A")).state;
    assert!(matches!(state, FinancingState::Released { reason: ReleaseReason::Repaid, .. }));
}

#[test]
fn own_registrations_are_no_match_and_count_all_the_same() {
    let mut market = registry();
    market.does(ISSUING, reserve("A", "60.00", e1(1)));
    assert_eq!(answer(&market.does(ISSUING, reserve("B", "40.00", e1(1)))), (Match::None, true));
    market.refuses(ISSUING, reserve("C", "0.01", e1(1)), "financing.exhausted");
    market.does(ISSUING, void(ISSUING, "A"));
    market.does(ISSUING, reserve("C", "60.00", e1(1)));
}

#[test]
fn who_leaves_out_the_number_is_stopped_at_seller_number_and_date() {
    let mut market = registry();
    market.does(ISSUING, reserve("A", "100.00", vec![of(Tier::E1, FIRST, 1), of(Tier::E2, FIRST, 2)]));
    market.refuses(ADVISING, reserve("B", "1.00", vec![of(Tier::E2, FIRST, 2)]), "financing.exhausted");
    let without = vec![of(Tier::E3, FIRST, 3)];
    market.refuses(ADVISING, reserve("B", "1.00", without), "financing.fingerprints_invalid");
}

#[test]
fn documents_alike_are_a_partial_match_and_no_obstacle() {
    let mut market = registry();
    let like = |document| vec![of(Tier::E1, FIRST, document), of(Tier::P4, FIRST, 9)];
    market.does(ISSUING, reserve("A", "100.00", like(1)));
    assert_eq!(answer(&market.does(ADVISING, reserve("B", "100.00", like(2)))), (Match::Partial, false));
    assert_eq!(answer(&market.does(STRANGER, reserve("C", "100.00", e1(3)))), (Match::None, false));
    market.does(ADVISING, void(ADVISING, "B"));
    assert_eq!(answer(&market.does(ISSUING, reserve("D", "100.00", like(4)))), (Match::None, true));
}

#[test]
fn a_fingerprint_that_too_many_share_is_always_a_match_and_stops_nobody() {
    let mut market = registry();
    let like = |document| vec![of(Tier::E1, FIRST, document), of(Tier::P1, FIRST, 99)];
    for document in 0..15 {
        for part in 0..5 {
            let number = format!("A{document}-{part}");
            market.does(ISSUING, reserve(&number, "20.00", like(document)));
        }
    }
    let asset = market.record::<FinancedAsset>(&of(Tier::P1, FIRST, 99));
    assert!(asset.crowded && asset.shares.is_empty());
    market.does(ISSUING, void(ISSUING, "A14-4"));
    assert_eq!(answer(&market.does(ISSUING, reserve("Z", "20.00", like(14)))), (Match::Partial, true));
}

#[test]
fn a_document_has_one_face_while_anything_is_registered_on_it() {
    let mut market = registry();
    let with_face = |number: &str, face: &str| match reserve(number, "1.00", e1(1)) {
        TradeOperation::ReserveFinancing { number, document, amount, expires_at, fingerprints, .. } => {
            let face = usd(face);
            TradeOperation::ReserveFinancing { number, document, face, amount, expires_at, fingerprints }
        }
        other => other,
    };
    market.does(ISSUING, reserve("A", "100.00", e1(1)));
    market.refuses(ADVISING, with_face("B", "200.00"), "financing.face_differs");
    market.does(ISSUING, void(ISSUING, "A"));
    market.does(ADVISING, with_face("B", "200.00"));
    market.refuses(STRANGER, with_face("C", "100.00"), "financing.face_differs");
}

#[test]
fn a_key_follows_another_and_no_live_financing_is_lost_between_them() {
    let mut market = registry();
    market.does(ISSUING, reserve("A", "100.00", e1(1)));
    market.does(ISSUING, confirm(ISSUING, "A", "100.00"));
    market.does(OFFICE, adopt(SECOND, "2026-03-20 10:00"));
    market.refuses(OFFICE, adopt(Hash::new([3; 32]), "2026-03-20 10:00"), "financing.key_retiring");
    let both = || vec![of(Tier::E1, FIRST, 1), of(Tier::E1, SECOND, 1)];

    // While the old key retires, both are asked for, and the old one still finds.
    market.refuses(ADVISING, reserve("B", "1.00", e1(1)), "financing.keys_missing");
    let new = vec![of(Tier::E1, SECOND, 1)];
    market.refuses(ADVISING, reserve("B", "1.00", new.clone()), "financing.keys_missing");
    market.refuses(ADVISING, reserve("B", "1.00", both()), "financing.exhausted");

    let refingerprint =
        |fingerprints| TradeOperation::RefingerprintFinancing { financing: id(ISSUING, "A"), fingerprints };
    let other = vec![of(Tier::E1, FIRST, 7), of(Tier::E1, SECOND, 7)];
    market.refuses(ISSUING, refingerprint(other), "financing.fingerprints_invalid");
    market.refuses(ADVISING, refingerprint(both()), "financing.not_yours");
    market.does(ISSUING, refingerprint(both()));

    market.at("2026-03-20 10:00:01");
    let later = reserve_until("B", "1.00", new, "2026-04-01 10:00");
    market.refuses(ADVISING, later.clone(), "financing.exhausted");
    market.does(ISSUING, release(ISSUING, "A", "100.00"));
    market.does(ADVISING, later);
}

#[test]
fn only_the_registrar_adopts_keys_and_nothing_is_registered_without_one() {
    let mut market = Market::open();
    market.refuses(ISSUING, reserve("A", "1.00", e1(1)), "financing.no_key");
    market.refuses(ISSUING, adopt(FIRST, "2026-03-02 10:00"), "financing.not_registrar");
    market.does(OFFICE, adopt(FIRST, "2026-03-02 10:00"));
    market.refuses(OFFICE, adopt(FIRST, "2026-03-02 10:00"), "financing.key_used");
}

#[test]
fn fingerprints_have_one_order() {
    let mut market = registry();
    let code = "financing.fingerprints_invalid";
    for wrong in [
        vec![],
        vec![of(Tier::E2, FIRST, 1), of(Tier::E1, FIRST, 1)],
        vec![of(Tier::E1, FIRST, 1), of(Tier::E1, FIRST, 1)],
        vec![of(Tier::E1, FIRST, 1), of(Tier::E1, FIRST, 2)],
    ] {
        market.refuses(ISSUING, reserve("A", "1.00", wrong), code);
    }
}

#[derive(Clone, Debug)]
enum Attempt {
    Reserve { bank: usize, document: u8, amount: i64 },
    Confirm { number: usize, amount: i64 },
    Release { number: usize, amount: i64 },
    Void { number: usize },
    NextDay,
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let (number, amount) = (|| 0_usize..12, || 1_i64..12_000);
    prop_oneof![
        4 => (0_usize..3, 1_u8..3, amount())
            .prop_map(|(bank, document, amount)| Attempt::Reserve { bank, document, amount }),
        3 => (number(), amount()).prop_map(|(number, amount)| Attempt::Confirm { number, amount }),
        2 => (number(), amount()).prop_map(|(number, amount)| Attempt::Release { number, amount }),
        1 => number().prop_map(|number| Attempt::Void { number }),
        2 => Just(Attempt::NextDay),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_banks_try_a_document_bears_what_they_have_taken_and_never_more_than_its_face(
        attempts in prop::collection::vec(attempt(), 1..50),
    ) {
        let mut market = registry();
        let mut all: Vec<(usize, u8, FinancingId)> = Vec::new();
        let banks = [ISSUING, ADVISING, STRANGER];
        let money = |minor: i64| Money::from_minor_units(i128::from(minor), Currency::parse("USD").unwrap());
        let mut day = 2;
        for attempt in attempts {
            let (author, operation) = match attempt {
                Attempt::Reserve { bank, document, amount } => {
                    let number = format!("F{}", all.len());
                    all.push((bank, document, id(banks[bank], &number)));
                    let time = format!("2026-03-{:02} 10:00", day + 2);
                    let tokens = vec![of(Tier::E1, FIRST, document), of(Tier::P2, FIRST, 9)];
                    (banks[bank], reserve_until(&number, &money(amount).amount(), tokens, &time))
                }
                Attempt::NextDay => {
                    day = (day + 1).min(29);
                    market.at(&format!("2026-03-{day:02} 10:00"));
                    continue;
                }
                Attempt::Confirm { number, .. } | Attempt::Release { number, .. } | Attempt::Void { number }
                    if number >= all.len() => continue,
                Attempt::Confirm { number, amount } => {
                    let (bank, _, financing) = &all[number];
                    let amount = money(amount);
                    (banks[*bank], TradeOperation::ConfirmFinancing { financing: financing.clone(), amount })
                }
                Attempt::Release { number, amount } => {
                    let (bank, _, financing) = &all[number];
                    let (financing, amount) = (financing.clone(), money(amount));
                    let reason = ReleaseReason::GivenUp;
                    (banks[*bank], TradeOperation::ReleaseFinancing { financing, amount, reason })
                }
                Attempt::Void { number } => {
                    let (bank, _, financing) = &all[number];
                    (banks[*bank], void(banks[*bank], financing.number()))
                }
            };
            let _either = market.tries(author, operation);

            let now = until(&format!("2026-03-{day:02} 10:00"));
            let mut taken = BTreeMap::from([(1_u8, 0_i128), (2, 0)]);
            for (_, document, financing) in &all {
                if let Some(financing) = market.find::<Financing>(financing) {
                    *taken.get_mut(document).unwrap() += financing.taken(now).unwrap().minor_units();
                }
            }
            let mut alike = 0;
            for (document, taken) in taken {
                prop_assert!(taken <= 10_000, "{taken} of 10000 on {document}");
                let asset = market.find::<FinancedAsset>(&of(Tier::E1, FIRST, document));
                let borne = asset.iter().flat_map(|asset| asset.live(now));
                prop_assert_eq!(borne.map(|share| share.amount.minor_units()).sum::<i128>(), taken);
                alike += taken;
            }
            let asset = market.find::<FinancedAsset>(&of(Tier::P2, FIRST, 9));
            let borne = asset.iter().flat_map(|asset| asset.live(now));
            prop_assert_eq!(borne.map(|share| share.amount.minor_units()).sum::<i128>(), alike);
        }
    }
}
