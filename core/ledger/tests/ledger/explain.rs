//! Why a transaction came out as it did, asked later.

use allonge_crypto::Hash;
use allonge_ledger::{Embedded, Explanation, RECENT_HEIGHTS, SignedTransaction, Verdict};

use crate::world::*;

/// What a rule found, as the operation and whether it was kept.
fn findings(explained: &Explanation<NoteEvent>) -> Vec<(u16, &str, bool)> {
    explained.findings.iter().map(|found| (found.operation, found.rule.code, found.satisfied)).collect()
}

/// Commits transactions in one block.
fn together(ledger: &mut Embedded<Notes>, seconds: i64, transactions: &[SignedTransaction]) {
    for entered in ledger.commit(at(seconds), transactions).unwrap() {
        entered.unwrap();
    }
}

fn explain(ledger: &Embedded<Notes>, transaction: &Hash) -> Explanation<NoteEvent> {
    ledger.explain(transaction).unwrap().unwrap()
}

#[test]
fn each_rule_that_was_asked_is_listed_with_its_operation_and_verdict() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let kept = transaction(ALICE, 1, [note("one"), note("two")]);
    let broken = transaction(ALICE, 2, [note("three"), refused_note("four"), note("five")]);
    let (kept_id, broken_id) = (kept.id(SUITE), broken.id(SUITE));
    together(&mut ledger, 1, &[kept, broken]);

    let explained = explain(&ledger, &kept_id);
    assert_eq!(findings(&explained), [(0, "note.refused", true), (1, "note.refused", true)]);
    assert!(matches!(explained.result.verdict, Verdict::Committed { .. }));
    assert_eq!((explained.height, explained.time), (ledger.height(), ledger.time()));

    let explained = explain(&ledger, &broken_id);
    assert_eq!(findings(&explained), [(0, "note.refused", true), (1, "note.refused", false)]);
    assert!(matches!(explained.result.verdict, Verdict::Rejected { .. }));
}

#[test]
fn a_transaction_is_explained_by_the_state_that_it_found_and_not_by_that_of_today() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let (alice, bob) = (account(ALICE, "settlement"), account(BOB, "settlement"));
    let opens = [
        transaction(ALICE, 1, [open_account(ALICE, "settlement")]),
        transaction(BOB, 2, [open_account(BOB, "settlement")]),
        transaction(AGENT, 3, [open_account(AGENT, "issue")]),
        transaction(AGENT, 4, [transfer(account(AGENT, "issue"), alice.clone(), usd(100))]),
    ];
    together(&mut ledger, 1, &opens);
    // Within one block: Bob has only what Alice gives him just before.
    let gives = transaction(ALICE, 5, [transfer(alice.clone(), bob.clone(), usd(100)), note("paid")]);
    let gives_back = transaction(BOB, 6, [transfer(bob.clone(), alice.clone(), usd(100)), note("back")]);
    let again = transaction(BOB, 7, [transfer(bob.clone(), alice.clone(), usd(1)), note("more")]);
    let ids = [&gives, &gives_back, &again].map(|transaction| transaction.id(SUITE));
    together(&mut ledger, 2, &[gives, gives_back, again]);
    // Afterwards Alice has nothing.
    together(&mut ledger, 3, &[transaction(ALICE, 8, [transfer(alice, bob, usd(100))])]);

    let root = ledger.state_root();
    let [gave, gave_back, more] = ids.map(|id| explain(&ledger, &id));
    assert_eq!(findings(&gave), [(1, "note.refused", true)]);
    assert_eq!(findings(&gave_back), [(1, "note.refused", true)]);
    assert_eq!(findings(&more), [], "the account was empty before a rule was asked");
    assert!(matches!(more.result.verdict, Verdict::Rejected { .. }));
    assert_eq!(ledger.state_root(), root);
}

#[test]
fn what_no_block_has_and_what_is_long_ago_is_not_explained() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    assert!(ledger.explain(&Hash::ZERO).unwrap().is_none());
    let first = transaction(ALICE, 0, [note("first")]);
    let id = first.id(SUITE);
    together(&mut ledger, 1, &[first]);
    for number in 1..RECENT_HEIGHTS as u64 {
        together(&mut ledger, 1, &[transaction(ALICE, number, [note("later")])]);
    }
    assert_eq!(findings(&explain(&ledger, &id)), [(0, "note.refused", true)]);
    together(&mut ledger, 1, &[transaction(ALICE, 1_000, [note("too late")])]);
    assert_eq!(refused(ledger.explain(&id)).code(), "proof.too_old");
}
