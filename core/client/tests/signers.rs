//! Several keys of one party: in one session, and one after the other in different hands.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use allonge::{
    Clock, Error, Ledger, LedgerOperation, OpenOptions, Operation, PartyId, PolicyRule, Requirement, Session,
    Signer, SoftwareSigner, SubmitOptions, Timestamp, evidence,
};

const BANK: &str = "SYNBCNBJXXX";

fn open(directory: &Path) -> Ledger {
    let start = Timestamp::parse("2026-03-02T08:00:00Z").unwrap();
    let options = OpenOptions { clock: Clock::Manual, start: Some(start), ..OpenOptions::default() };
    Ledger::open(directory, options).unwrap()
}

fn bank() -> PartyId {
    PartyId::parse(BANK).unwrap()
}

fn signer(seed: u8) -> Arc<dyn Signer> {
    Arc::new(SoftwareSigner::from_seed([seed; 32]))
}

fn desk(number: u8) -> Vec<Operation> {
    let account = format!("{BANK}/USD/desk-{number}").parse().unwrap();
    vec![Operation::Ledger(LedgerOperation::OpenAccount { account, ceiling: None })]
}

/// A bank with the keys 1, 2 and 3, of which any two must sign whatever it does.
fn two_of_three(directory: &Path) -> Ledger {
    let ledger = open(directory);
    let session = ledger.admit(bank(), "Synthetic Bank of China").unwrap();
    let add = |seed| LedgerOperation::AddKey {
        party: bank(),
        key: signer(seed).public_key(),
        roles: BTreeSet::new(),
        valid_from: None,
        valid_until: None,
    };
    let requires = vec![Requirement { role: None, signatures: 2 }];
    let rules = vec![PolicyRule { operations: None, from_amount: None, requires }];
    let set_up = [add(1), add(2), add(3), LedgerOperation::SetPolicy { rules }];
    let operations = set_up.into_iter().map(Operation::Ledger).collect();
    session.submit(operations, SubmitOptions::default()).unwrap().committed().unwrap();
    ledger
}

/// What became of one operation of a session.
fn fate(session: &Session, number: u8) -> Result<(), Error> {
    session.submit(desk(number), SubmitOptions::default())?.committed().map(drop)
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.unwrap_err().code()
}

#[test]
fn any_two_keys_of_three_act_together_in_one_session() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = two_of_three(directory.path());
    let session = |seeds: &[u8]| ledger.session_of(bank(), seeds.iter().map(|seed| signer(*seed))).unwrap();
    for (seeds, number) in [([1, 2], 1), ([2, 3], 2), ([3, 1], 3)] {
        fate(&session(&seeds), number).unwrap();
    }
    let together = session(&[3, 1]);
    assert_eq!(together.public_key(), signer(3).public_key());
    assert_eq!(together.public_keys(), [signer(3).public_key(), signer(1).public_key()]);
    let outcome = session(&[1, 2, 3]).submit(desk(4), SubmitOptions::default()).unwrap();
    let proven = outcome.receipt().unwrap().verified(ledger.trust()).unwrap();
    assert_eq!(proven.keys.len(), 3);
    assert_eq!(code(fate(&session(&[1]), 5)), "policy.unsatisfied");
    // The key that the directory keeps is one of the party's, too.
    fate(&ledger.session(bank()).unwrap().with_signer(signer(2)).unwrap(), 5).unwrap();
}

#[test]
fn a_key_counts_once_however_often_it_signs() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = two_of_three(directory.path());
    let twice = ledger.session_of(bank(), [signer(1), signer(1)]).unwrap();
    assert_eq!(twice.public_keys(), [signer(1).public_key()]);
    assert_eq!(code(fate(&twice, 1)), "policy.unsatisfied");

    let prepared = twice.prepare(desk(1), SubmitOptions::default()).unwrap();
    let again = twice.cosign(&prepared).unwrap();
    assert_eq!(again, prepared);
    assert_eq!(code(ledger.submit(&again, 30_000)), "policy.unsatisfied");
}

#[test]
fn what_one_hand_prepared_another_cosigns_after_the_ledger_was_opened_again() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = two_of_three(directory.path());
    let options = SubmitOptions::default();
    let prepared = ledger.session_with(bank(), signer(3)).prepare(desk(1), options).unwrap();
    assert_eq!(code(ledger.submit(&prepared, 30_000)), "policy.unsatisfied");
    ledger.close();
    drop(ledger);

    let ledger = open(directory.path());
    let seen = evidence::from_canonical_bytes("signed_transaction", &prepared).unwrap();
    assert_eq!(seen["transaction"]["operations"], serde_json::to_value(desk(1)).unwrap());
    let cosigned = ledger.session_with(bank(), signer(1)).cosign(&prepared).unwrap();
    let committed = ledger.submit(&cosigned, 30_000).unwrap().committed().unwrap();
    let proven = committed.receipt.verified(ledger.trust()).unwrap();
    let mut keys = [signer(1).public_key(), signer(3).public_key()];
    keys.sort();
    assert_eq!(proven.keys, keys);
    // The order of the hands does not matter.
    let other_way = ledger.session_with(bank(), signer(1)).prepare(desk(2), options).unwrap();
    let other_way = ledger.session_with(bank(), signer(3)).cosign(&other_way).unwrap();
    ledger.submit(&other_way, 30_000).unwrap().committed().unwrap();
}

#[test]
fn only_a_sound_transaction_of_the_same_party_and_network_is_cosigned() {
    let (directory, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (ledger, other) = (two_of_three(directory.path()), open(elsewhere.path()));
    let options = SubmitOptions::default();
    let prepared = ledger.session_with(bank(), signer(1)).prepare(desk(1), options).unwrap();

    let stranger = ledger.operator().unwrap();
    assert_eq!(code(stranger.cosign(&prepared)), "transaction.wrong_author");
    let abroad = other.session_with(bank(), signer(2));
    assert_eq!(code(abroad.cosign(&prepared)), "transaction.wrong_network");

    let session = ledger.session_with(bank(), signer(2));
    for length in 0..prepared.len() {
        assert_eq!(code(session.cosign(&prepared[..length])), "transaction.malformed", "cut to {length}");
    }
    assert_eq!(code(session.cosign(&[&prepared[..], &[0]].concat())), "transaction.malformed");
    for place in 0..prepared.len() {
        let mut flipped = prepared.clone();
        flipped[place] ^= 1;
        let code = code(session.cosign(&flipped));
        assert!(code.starts_with("transaction.") || code == "signature.invalid", "byte {place}: {code}");
    }
}

#[test]
fn a_transaction_carries_sixteen_signatures_and_no_more() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = two_of_three(directory.path());
    let session = |keys: u8| ledger.session_of(bank(), (1..=keys).map(signer));
    for keys in [0, 17] {
        assert_eq!(code(session(keys).map(drop)), "input.invalid");
    }
    let full = session(16).unwrap();
    let prepared = full.prepare(desk(1), SubmitOptions::default()).unwrap();
    assert_eq!(full.cosign(&prepared).unwrap(), prepared);
    let one_more = ledger.session_with(bank(), signer(17));
    assert_eq!(code(one_more.cosign(&prepared)), "transaction.malformed");
}
