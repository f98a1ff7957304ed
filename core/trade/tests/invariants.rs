//! What holds whatever parties try, in whatever order.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

mod common;

use allonge_finance::{Currency, Money};
use allonge_trade::*;
use common::*;
use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
enum Attempt {
    Present { minor_units: i64 },
    Accept { sequence: u32 },
    Honour { sequence: u32 },
    Refuse { sequence: u32 },
    Preclude { sequence: u32 },
    Pay { sequence: u32 },
    Close,
    Amend { minor_units: i64, increase: bool },
    Extend { number: u32 },
    Answer { number: u32, accept: bool },
    Confirm,
    Consent { by: usize },
    NextDay,
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let sequence = || 1_u32..6;
    prop_oneof![
        4 => (1_i64..6_000_000).prop_map(|minor_units| Attempt::Present { minor_units }),
        2 => sequence().prop_map(|sequence| Attempt::Accept { sequence }),
        2 => sequence().prop_map(|sequence| Attempt::Honour { sequence }),
        2 => sequence().prop_map(|sequence| Attempt::Refuse { sequence }),
        1 => sequence().prop_map(|sequence| Attempt::Preclude { sequence }),
        3 => sequence().prop_map(|sequence| Attempt::Pay { sequence }),
        1 => Just(Attempt::Close),
        2 => (1_i64..5_000_000, any::<bool>())
            .prop_map(|(minor_units, increase)| Attempt::Amend { minor_units, increase }),
        1 => (1_u32..4).prop_map(|number| Attempt::Extend { number }),
        2 => (1_u32..4, any::<bool>()).prop_map(|(number, accept)| Attempt::Answer { number, accept }),
        1 => Just(Attempt::Confirm),
        1 => (0_usize..3).prop_map(|by| Attempt::Consent { by }),
        2 => Just(Attempt::NextDay),
    ]
}

fn amendment(number: u32) -> AmendmentId {
    AmendmentId::new(credit(), number).unwrap()
}

fn money(minor_units: i128) -> Money {
    Money::from_minor_units(minor_units, Currency::parse("USD").unwrap())
}

fn try_it(market: &mut Market, attempt: Attempt, day: &mut u8) {
    let operation = match attempt {
        Attempt::Present { minor_units } => present(&money(i128::from(minor_units)).amount(), "2026-03-02"),
        Attempt::Accept { sequence } => accept(sequence),
        Attempt::Honour { sequence } => honour(sequence),
        Attempt::Refuse { sequence } => refuse(sequence, &["INVOICE NOT SIGNED"]),
        Attempt::Preclude { sequence } => preclude(sequence),
        Attempt::Pay { sequence } => {
            let owed = market.find_claim(sequence).map_or(money(1), |claim| claim.amount);
            pay(sequence, ADVISING, &owed.amount())
        }
        Attempt::Close => close(),
        Attempt::Amend { minor_units, increase } => {
            let by = money(i128::from(minor_units));
            let item = if increase { AmendedItem::Increase { by } } else { AmendedItem::Decrease { by } };
            // An expiry of its own, so that undertakings move from one month to another.
            let items = vec![item, AmendedItem::Expiry { date: date("2026-08-31") }];
            TradeOperation::AmendCredit { credit: credit(), items }
        }
        Attempt::Extend { number } => {
            TradeOperation::ExtendConfirmation { amendment: amendment(number), extend: true }
        }
        Attempt::Answer { number, accept } => TradeOperation::AnswerAmendment {
            amendment: amendment(number),
            accepted: if accept { vec![0, 1] } else { vec![] },
        },
        Attempt::Confirm => TradeOperation::ConfirmCredit { credit: credit() },
        Attempt::Consent { by } => {
            let author = [ISSUING, ADVISING, BENEFICIARY][by];
            let _either = market.tries(author, TradeOperation::ConsentToCancellation { credit: credit() });
            return;
        }
        Attempt::NextDay => {
            *day += 1;
            market.at(&format!("2026-03-{day:02} 10:00"));
            return;
        }
    };
    let author = match operation {
        TradeOperation::PresentDocuments { .. }
        | TradeOperation::InvokePreclusion { .. }
        | TradeOperation::ConfirmCredit { .. }
        | TradeOperation::ExtendConfirmation { .. } => ADVISING,
        TradeOperation::AnswerAmendment { .. } => BENEFICIARY,
        _ => ISSUING,
    };
    let _either = market.tries(author, operation);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_drawn_never_exceeds_the_ceiling_and_money_is_conserved(
        plus_percent in 0_u8..=10,
        sight in any::<bool>(),
        attempts in prop::collection::vec(attempt(), 1..40),
    ) {
        let mut terms = if sight { sight_terms() } else { terms() };
        terms.tolerance = Some(Tolerance { plus_percent, minus_percent: 0 });
        if let AvailableBy::DeferredPayment { tenor } = &mut terms.availability.by {
            *tenor = Tenor::AfterShipment { days: 3 };
        }
        terms.confirmation = ConfirmationInstruction::MayAdd;
        let mut market = Market::with_credit(terms);
        let mut day = 2;
        for attempt in attempts {
            if day > 30 { break; }
            try_it(&mut market, attempt, &mut day);

            let credit = market.credit();
            let mut drawn = 0;
            let mut paid = 0;
            let mut unsettled = 0;
            let mut owed = 0;
            for sequence in 1..=credit.presentations {
                let presentation = market.presentation(sequence);
                let claim = market.find_claim(sequence);
                let amount = presentation.amount.minor_units();
                owed += claim.iter().filter(|claim| claim.is_owed()).map(|claim| claim.amount.minor_units()).sum::<i128>();
                let settled = match presentation.state {
                    PresentationState::Refused { .. } => {
                        prop_assert!(claim.is_none(), "a refused presentation has no claim");
                        continue;
                    }
                    PresentationState::Examining { .. } => false,
                    PresentationState::Honoured { .. } => true,
                    PresentationState::Accepted { .. } | PresentationState::DeemedComplying { .. } => {
                        matches!(claim.unwrap().state, ClaimState::Paid { .. })
                    }
                };
                drawn += amount;
                if settled { paid += amount } else { unsettled += 1 }
            }
            prop_assert!(drawn <= credit.ceiling.minor_units());
            prop_assert_eq!((credit.drawn, credit.paid), (money(drawn), money(paid)));
            prop_assert_eq!(credit.unsettled, unsettled);
            let liable = |creditor: &str, nature| market.positions(&party(ISSUING), &party(creditor), nature);
            prop_assert_eq!(liable(BENEFICIARY, Nature::Contingent), credit.undertaken.minor_units());
            prop_assert_eq!(liable(ADVISING, Nature::Definite), owed, "books say what is owed");
            let confirmed = credit.confirmation.map_or(0, |found| found.undertaken.minor_units());
            let confirmer = market.positions(&party(ADVISING), &party(BENEFICIARY), Nature::Contingent);
            prop_assert_eq!(confirmer, confirmed);
            prop_assert_eq!(liable(ADVISING, Nature::Reimbursement), confirmed);
            let applicant = market.positions(&party(APPLICANT), &party(ISSUING), Nature::Reimbursement);
            prop_assert_eq!(applicant, credit.undertaken.minor_units());
            let total = market.balance(ISSUING).checked_add(market.balance(ADVISING)).unwrap();
            prop_assert_eq!(total, usd("1000000.00"));
            prop_assert_eq!(market.balance(ADVISING), money(paid));
        }
    }
}
