//! Factoring, whatever its parties try.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

mod common;

use allonge_finance::{Currency, Money};
use allonge_trade::*;
use common::*;
use proptest::prelude::*;

const EXPORT: &str = ADVISING;
const IMPORT: &str = ISSUING;

fn money(minor_units: i64) -> Money {
    Money::from_minor_units(minor_units.into(), Currency::parse("USD").unwrap())
}

fn approval() -> ApprovalId {
    format!("{EXPORT}/AP-1").parse().unwrap()
}

fn receivable(number: u8) -> ReceivableId {
    format!("{EXPORT}/R-{number}").parse().unwrap()
}

#[derive(Clone, Copy, Debug)]
enum Attempt {
    Assign { number: u8, minor_units: i64 },
    Reduce { minor_units: i64 },
    Cancel,
    Credit { number: u8, minor_units: i64 },
    Remit { number: u8, minor_units: i64 },
    Dispute { number: u8 },
    Settle { number: u8 },
    Cover { number: u8 },
    Propose { number: u8 },
    Reassign { number: u8, by_export: bool },
    NextMonth,
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let number = || 1_u8..5;
    let amount = || 1_i64..20_000_000;
    prop_oneof![
        4 => (number(), amount()).prop_map(|(number, minor_units)| Attempt::Assign { number, minor_units }),
        1 => amount().prop_map(|minor_units| Attempt::Reduce { minor_units }),
        1 => Just(Attempt::Cancel),
        2 => (number(), amount()).prop_map(|(number, minor_units)| Attempt::Credit { number, minor_units }),
        2 => (number(), amount()).prop_map(|(number, minor_units)| Attempt::Remit { number, minor_units }),
        1 => number().prop_map(|number| Attempt::Dispute { number }),
        1 => number().prop_map(|number| Attempt::Settle { number }),
        2 => number().prop_map(|number| Attempt::Cover { number }),
        1 => number().prop_map(|number| Attempt::Propose { number }),
        2 => (number(), any::<bool>()).prop_map(|(number, by_export)| Attempt::Reassign { number, by_export }),
        1 => Just(Attempt::NextMonth),
    ]
}

/// What an attempt submits, and who does.
fn operation(attempt: Attempt) -> (&'static str, TradeOperation) {
    match attempt {
        Attempt::Assign { number, minor_units } => (
            EXPORT,
            TradeOperation::AssignReceivable {
                number: format!("R-{number}"),
                approval: approval(),
                invoice: "INV".into(),
                amount: money(minor_units),
                maturity: date("2026-04-30"),
                calendar: "CN".parse().unwrap(),
                registration: None,
            },
        ),
        Attempt::Reduce { minor_units } => (
            IMPORT,
            TradeOperation::ReduceApproval { approval: approval(), amount: Some(money(minor_units)) },
        ),
        Attempt::Cancel => (IMPORT, TradeOperation::ReduceApproval { approval: approval(), amount: None }),
        Attempt::Credit { number, minor_units } => (
            BENEFICIARY,
            TradeOperation::CreditReceivable {
                receivable: receivable(number),
                amount: money(minor_units),
                reason: "SHORT DELIVERY".into(),
            },
        ),
        Attempt::Remit { number, minor_units } => (
            IMPORT,
            TradeOperation::RemitCollection {
                receivable: receivable(number),
                amount: money(minor_units),
                from: account(IMPORT),
                to: account(EXPORT),
            },
        ),
        Attempt::Dispute { number } => (
            APPLICANT,
            TradeOperation::DisputeReceivable { receivable: receivable(number), reason: "DAMAGED".into() },
        ),
        Attempt::Settle { number } => {
            (APPLICANT, TradeOperation::SettleDispute { receivable: receivable(number) })
        }
        Attempt::Cover { number } => (
            IMPORT,
            TradeOperation::PayUnderGuarantee {
                receivable: receivable(number),
                from: account(IMPORT),
                to: account(EXPORT),
            },
        ),
        Attempt::Propose { number } => (
            IMPORT,
            TradeOperation::ProposeReassignment { receivable: receivable(number), cause: "OTHER".into() },
        ),
        Attempt::Reassign { number, by_export } => (
            if by_export { EXPORT } else { IMPORT },
            TradeOperation::ReassignReceivable { receivable: receivable(number) },
        ),
        Attempt::NextMonth => unreachable!(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_cover_of_all_receivables_is_what_the_approval_and_the_books_say_and_money_is_conserved(
        attempts in prop::collection::vec(attempt(), 1..50),
    ) {
        let mut market = Market::open();
        market.does(EXPORT, TradeOperation::RequestApproval {
            number: "AP-1".into(),
            import_factor: party(IMPORT),
            seller: party(BENEFICIARY),
            debtor: party(APPLICANT),
            amount: usd("300000.00"),
        });
        market.does(IMPORT, TradeOperation::AnswerApproval {
            approval: approval(),
            amount: Some(usd("300000.00")),
            valid_until: date("2026-12-31"),
        });
        let mut now = beijing("2026-03-02 10:00");
        for attempt in attempts {
            if let Attempt::NextMonth = attempt {
                now = now.plus_millis(31 * 86_400_000).unwrap();
                market.moves_to(now);
                continue;
            }
            let (author, operation) = operation(attempt);
            let _either = market.tries(author, operation);

            let mut covered = 0;
            for receivable in market.all::<Receivable>() {
                prop_assert!(!receivable.outstanding.is_negative() && !receivable.covered.is_negative());
                prop_assert!(receivable.covered.checked_sub(receivable.outstanding).unwrap().minor_units() <= 0);
                if !matches!(
                    receivable.state,
                    ReceivableState::PaidUnderGuarantee { .. } | ReceivableState::Reassigned { .. }
                ) {
                    covered += receivable.covered.minor_units();
                } else {
                    prop_assert!(receivable.covered.is_zero(), "what was paid or given back is covered no more");
                }
            }
            let used = match market.record::<CreditApproval>(&approval()).state {
                ApprovalState::Approved { used, .. } | ApprovalState::Cancelled { used, .. } => used,
                other => panic!("{other:?}"),
            };
            prop_assert_eq!(used.minor_units(), covered);
            prop_assert_eq!(market.positions(&party(IMPORT), &party(EXPORT), Nature::Contingent), covered);
            let total = market.balance(IMPORT).checked_add(market.balance(EXPORT)).unwrap();
            prop_assert_eq!(total, usd("1000000.00"));
        }
    }
}
