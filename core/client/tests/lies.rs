//! Validators of a simulated network that lie, as their readers find them.

#![cfg(feature = "network")]
#![allow(clippy::unwrap_used)] // Helpers of tests stand outside test functions.

use allonge::{IdempotencyKey, Ledger, LedgerOperation, Lie, Operation, SimulateOptions, SubmitOptions};

fn open(purpose: &str) -> Vec<Operation> {
    let account = format!("operator/USD/{purpose}").parse().unwrap();
    vec![Operation::Ledger(LedgerOperation::OpenAccount { account, ceiling: None })]
}

fn key(byte: u8) -> SubmitOptions {
    SubmitOptions { key: Some(IdempotencyKey::new([byte; 16])), ..SubmitOptions::default() }
}

#[test]
fn a_reader_at_a_liar_hears_of_the_lie_and_never_a_wrong_value() {
    let ledger = Ledger::simulate(SimulateOptions::default()).unwrap();
    let network = ledger.network().unwrap();
    let account = "operator/USD/issue".parse().unwrap();
    for lie in [Lie::WrongBytes, Lie::WrongProof] {
        network.lie(3, Some(lie)).unwrap();
        let liar = network.at(3).unwrap();
        let error = liar.account(&account).unwrap_err();
        assert_eq!(error.code(), "validator.lied", "{error}");
        assert_eq!(error.detail("url"), Some("validator 3"));
        assert_eq!(liar.prove_account(&account).unwrap_err().code(), "validator.lied");
        // The others are believed, and do without it.
        let purpose = if lie == Lie::WrongBytes { "one" } else { "two" };
        ledger.operator().unwrap().submit(open(purpose), key(1 + lie as u8)).unwrap().committed().unwrap();
    }
    network.lie(3, None).unwrap();
    network.run_for(5_000).unwrap();
    for purpose in ["one", "two"] {
        let account = format!("operator/USD/{purpose}").parse().unwrap();
        assert!(network.at(3).unwrap().account(&account).unwrap().is_some());
    }
}

#[test]
fn what_is_submitted_to_a_liar_is_answered_by_another_and_takes_effect_once() {
    let ledger = Ledger::simulate(SimulateOptions::default()).unwrap();
    let network = ledger.network().unwrap();
    network.lie(2, Some(Lie::WrongProof)).unwrap();
    let liar = network.at(2).unwrap().operator().unwrap();
    let error = liar.submit(open("issue"), key(1)).unwrap_err();
    assert_eq!(error.code(), "validator.lied", "{error}");
    let outcome = ledger.operator().unwrap().submit(open("issue"), key(1)).unwrap().committed().unwrap();
    outcome.receipt.verify(ledger.trust()).unwrap();
}

#[test]
fn one_that_signs_two_blocks_changes_nothing_for_the_others() {
    let ledger = Ledger::simulate(SimulateOptions::default()).unwrap();
    let network = ledger.network().unwrap();
    network.lie(1, Some(Lie::Equivocation)).unwrap();
    for number in 1..=10 {
        let opened = ledger.operator().unwrap().submit(open(&format!("account-{number}")), key(number));
        opened.unwrap().committed().unwrap();
    }
    network.run_for(5_000).unwrap();
    for other in [2, 3] {
        let there = network.at(other).unwrap();
        assert!(there.account(&"operator/USD/account-10".parse().unwrap()).unwrap().is_some());
    }
}

#[test]
fn a_lie_has_a_name() {
    assert_eq!(Lie::parse("wrong_bytes").unwrap(), Some(Lie::WrongBytes));
    assert_eq!(Lie::parse("wrong_proof").unwrap(), Some(Lie::WrongProof));
    assert_eq!(Lie::parse("equivocation").unwrap(), Some(Lie::Equivocation));
    assert_eq!(Lie::parse("none").unwrap(), None);
    assert_eq!(Lie::parse("half-truth").unwrap_err().code(), "simulation.invalid");
}
