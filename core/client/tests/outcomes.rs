//! What becomes of a submission, in stages, on an embedded ledger and on a simulated network.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

use std::sync::Arc;

use allonge::{
    Clock, IdempotencyKey, Ledger, LedgerOperation, OpenOptions, Operation, Outcome, PartyId, SoftwareSigner,
    SubmitOptions,
};

const BANK: &str = "SYNBCNBJXXX";

fn party() -> PartyId {
    PartyId::parse(BANK).unwrap()
}

fn open(name: &str) -> Vec<Operation> {
    let account = format!("{BANK}/USD/{name}").parse().unwrap();
    vec![Operation::Ledger(LedgerOperation::OpenAccount { account, ceiling: None })]
}

fn keyed(key: u8) -> SubmitOptions {
    SubmitOptions { key: Some(IdempotencyKey::new([key; 16])), ..SubmitOptions::default() }
}

#[test]
fn in_an_embedded_ledger_the_stages_come_with_the_commit() {
    let directory = tempfile::tempdir().unwrap();
    let ledger =
        Ledger::open(directory.path(), OpenOptions { clock: Clock::Manual, ..OpenOptions::default() })
            .unwrap();
    let bank = ledger.admit(party(), "Bank").unwrap();
    let submission = bank.start(open("one"), keyed(1)).unwrap();
    submission.admitted(0).unwrap();
    let ordered = submission.ordered(10_000).unwrap();
    let outcome = submission.outcome(10_000).unwrap();
    assert_eq!((outcome.transaction(), ordered.height), (submission.transaction(), 2));
    let Outcome::Unknown(unknown) = submission.unknown(7) else { panic!("it is no handle") };
    assert_eq!(unknown.resolve(10_000).unwrap().receipt(), outcome.receipt());
    assert_eq!(Outcome::Unknown(unknown).committed().unwrap_err().detail("milliseconds"), Some("7"));
    // Refused by the rules: ordered, and a fact.
    let again = bank.start(open("one"), keyed(2)).unwrap();
    assert_eq!(again.ordered(10_000).unwrap().height, 3);
    assert!(matches!(again.outcome(10_000).unwrap(), Outcome::Rejected(_)));
    // Looked up for ever, by anybody who knows the key.
    drop(submission);
    ledger.close();
    let ledger = Ledger::open(directory.path(), OpenOptions::default()).unwrap();
    let found = |key| ledger.outcome(&party(), IdempotencyKey::new([key; 16])).unwrap();
    assert_eq!(found(1).unwrap().receipt(), outcome.receipt());
    assert!(matches!(found(2), Some(Outcome::Rejected(_))));
    assert!(found(3).is_none());
    assert!(ledger.pending().unwrap().is_empty());
}

#[test]
fn what_is_refused_before_a_block_is_an_error_and_no_outcome() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(directory.path(), OpenOptions::default()).unwrap();
    let bank = ledger.admit(party(), "Bank").unwrap();
    let empty = bank.start(Vec::new(), keyed(1)).err().unwrap();
    assert!(empty.code().starts_with("transaction."), "{empty}");
    let stranger = ledger.session_with(party(), Arc::new(SoftwareSigner::from_seed([9; 32])));
    let submission = stranger.start(open("one"), keyed(1)).unwrap();
    let refused = submission.ordered(10_000).unwrap_err();
    assert_ne!(refused.code(), "deadline.exceeded");
    for _ in 0..2 {
        assert_eq!(submission.outcome(10_000).unwrap_err().code(), refused.code());
    }
    assert!(ledger.outcome(&party(), keyed(1).key.unwrap()).unwrap().is_none());
}

#[cfg(feature = "network")]
mod simulated {
    use allonge::{LinkOptions, SimulateOptions, verify_answer};

    use super::*;

    #[test]
    fn on_a_network_without_a_quorum_nothing_is_known_and_the_handle_ends_in_the_fact() {
        let options = SimulateOptions { banks: vec![party()], seed: 7, ..SimulateOptions::default() };
        let ledger = Ledger::simulate(options).unwrap();
        let network = ledger.network().unwrap();
        let bank = ledger.session(party()).unwrap();
        network.partition(vec![vec![0, 1], vec![2, 3]]).unwrap();
        let Outcome::Unknown(unknown) = bank.submit(open("one"), keyed(1)).unwrap() else {
            panic!("it settled")
        };
        network.link(LinkOptions::default()).unwrap();
        let outcome = unknown.resolve(30_000).unwrap();
        assert_eq!(outcome.transaction(), unknown.transaction());
        let committed = outcome.committed().unwrap();
        committed.receipt.verify(ledger.trust()).unwrap();
        let found = network.at(2).unwrap().outcome(&party(), unknown.key()).unwrap().unwrap();
        assert_eq!(found.committed().unwrap().transaction, committed.transaction);
    }

    #[test]
    fn on_a_network_that_a_transaction_is_too_late_is_proven() {
        let options = SimulateOptions { banks: vec![party()], ..SimulateOptions::default() };
        let ledger = Ledger::simulate(options).unwrap();
        let network = ledger.network().unwrap();
        let bank = ledger.session(party()).unwrap();
        let hour = SubmitOptions { valid_for_ms: 3_600_000, ..keyed(1) };
        let prepared = bank.prepare(open("late"), hour).unwrap();
        let late = ledger.status().unwrap().time.plus_millis(3_600_001).unwrap();
        ledger.advance_to(late).unwrap();
        network.run_for(5_000).unwrap();
        let Outcome::Expired(expired) = ledger.submit(&prepared, 30_000).unwrap() else { panic!("it came") };
        let proven =
            verify_answer(&expired.proof, ledger.trust(), &party(), expired.key, expired.valid_until)
                .unwrap();
        assert_eq!((proven.transaction, proven.settled), (None, true));
        let taken = bank.submit(open("late"), keyed(1)).unwrap().committed().unwrap();
        let found = ledger.outcome(&party(), keyed(1).key.unwrap()).unwrap().unwrap();
        assert_eq!(found.transaction(), taken.transaction);
    }
}
