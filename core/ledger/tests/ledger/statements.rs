//! Statements: what was booked, and what an account held as of a height and as of a value date.

use std::path::Path;

use allonge_finance::Date;
use allonge_ledger::{AccountEntry, Embedded, Event, LedgerEvent, LedgerOperation, Operation, Verdict};

use crate::world::*;

const DAY: i64 = 24 * 3_600;

/// The block time of a day after the start, on which such a transaction is valid.
fn commit_on(ledger: &mut Embedded<Notes>, day: i64, key: u64, operations: Vec<Operation<NoteOperation>>) {
    for seed in [AGENT, ALICE] {
        let own: Vec<_> = operations.iter().filter(|operation| payer(operation) == seed).cloned().collect();
        if !own.is_empty() {
            let draft = Draft { valid_until: at(day * DAY + 60), ..draft(seed, key, own) };
            ledger.commit(at(day * DAY), &[signed(&draft, &[seed])]).unwrap().remove(0).unwrap();
        }
    }
}

fn payer(operation: &Operation<NoteOperation>) -> u8 {
    let account = match operation {
        Operation::Ledger(LedgerOperation::Transfer { from, .. }) => from,
        Operation::Ledger(LedgerOperation::OpenAccount { account, .. }) => account,
        _ => panic!("no account"),
    };
    if account.owner() == &party(AGENT) { AGENT } else { ALICE }
}

fn pay(from: u8, to: u8, amount: i128, value_date: Option<Date>) -> Operation<NoteOperation> {
    let accounts = [from, to].map(|seed| account(seed, if seed == AGENT { "issue" } else { "settlement" }));
    let [from, to] = accounts;
    let reference = format!("payment of {amount}");
    Operation::Ledger(LedgerOperation::Transfer { from, to, amount: usd(amount), value_date, reference })
}

fn march(day: u8) -> Date {
    Date::new(2026, 3, day).unwrap()
}

/// Day 0 is 2 March. Heights: 1 and 2 open, 3 issues 100, 4 and 5 move 30 out and 5 in on one day, 6 is empty,
/// 7 books 7 late, by value of 3 March.
fn ledger(directory: &Path) -> Embedded<Notes> {
    let mut ledger = create_with(directory, genesis(1), little_memory()).unwrap();
    commit_on(&mut ledger, 0, 1, vec![open_account(AGENT, "issue"), open_account(ALICE, "settlement")]);
    commit_on(&mut ledger, 0, 2, vec![pay(AGENT, ALICE, 100, None)]);
    commit_on(&mut ledger, 2, 3, vec![pay(ALICE, AGENT, 30, Some(march(9))), pay(AGENT, ALICE, 5, None)]);
    ledger.commit(at(3 * DAY), &[]).unwrap();
    commit_on(&mut ledger, 10, 4, vec![pay(AGENT, ALICE, 7, Some(march(3)))]);
    assert_eq!(ledger.height(), 7);
    ledger
}

#[test]
fn a_statement_has_every_booking_with_its_number_balance_and_transaction() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(directory.path());
    let alice = account(ALICE, "settlement");
    let entries = ledger.entries(&alice, 0, 10).unwrap();
    let seen: Vec<_> = entries
        .iter()
        .map(|entry| (entry.entry, entry.height, entry.amount, entry.balance, entry.value_date))
        .collect();
    let expected = [
        (1, 3, usd(100), usd(100), march(2)),
        (2, 4, usd(5), usd(105), march(4)),
        (3, 5, usd(-30), usd(75), march(9)),
        (4, 7, usd(7), usd(82), march(3)),
    ];
    assert_eq!(seen, expected);
    for entry in &entries {
        assert_eq!(entry.counterparty, account(AGENT, "issue"));
        assert_eq!(prove(&ledger, &entry.transaction).height, entry.height);
        assert_eq!(entry.reference, format!("payment of {}", entry.amount.minor_units().abs()));
    }
    // Page by page it is the same.
    let mut pages = Vec::new();
    while let Some(entry) = ledger.entries(&alice, pages.len() as u64, 1).unwrap().pop() {
        pages.push(entry);
    }
    assert_eq!(pages, entries);
    assert_eq!(ledger.entries(&alice, 0, 0).unwrap_err().code(), "statement.invalid");
    assert_eq!(ledger.entries(&alice, 0, 1_001).unwrap_err().code(), "statement.invalid");
    assert_eq!(ledger.entries(&account(BOB, "settlement"), 0, 1).unwrap_err().code(), "account.unknown");
}

#[test]
fn a_balance_is_known_as_of_every_height() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(directory.path());
    let alice = account(ALICE, "settlement");
    let balances: Vec<_> = (0..=7).map(|height| ledger.balance_at(&alice, height).unwrap()).collect();
    let expected = [0, 0, 0, 100, 105, 75, 75, 82].map(usd).into_iter().zip([0, 0, 0, 1, 2, 3, 3, 4]);
    assert_eq!(balances, expected.collect::<Vec<_>>());
    assert_eq!(ledger.balance_at(&alice, 8).unwrap_err().code(), "block.unknown");
}

#[test]
fn what_is_booked_late_counts_by_value_at_once_and_by_record_only_after_its_commit() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(directory.path());
    let alice = account(ALICE, "settlement");
    let by_value = |height, date| ledger.balance_by_value(&alice, height, date).unwrap();
    // Before the late booking was recorded nobody could know of it.
    assert_eq!(by_value(6, march(3)), usd(100));
    assert_eq!(by_value(7, march(3)), usd(107), "7 counts from 3 March on");
    assert_eq!(by_value(7, march(2)), usd(100));
    // What leaves on 9 March is there until 8 March.
    assert_eq!(by_value(7, march(4)), usd(112));
    assert_eq!(by_value(7, march(8)), usd(112));
    assert_eq!(by_value(7, march(9)), usd(82));
    assert_eq!(by_value(7, march(1)), usd(0));
}

#[test]
fn two_receipts_prove_the_balance_at_every_height_between_them() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(directory.path());
    let alice = account(ALICE, "settlement");
    let entries = ledger.entries(&alice, 0, 10).unwrap();
    // What a receipt says of Alice's account, with nothing but the receipt: height, number, balance after.
    let said = |entry: &AccountEntry| {
        let proven = prove(&ledger, &entry.transaction);
        let Verdict::Committed { events } = proven.result.verdict else { panic!("refused") };
        let of_alice = |event| match event {
            Event::Ledger(LedgerEvent::Transferred { from, from_entry, from_balance, .. })
                if from == alice =>
            {
                Some((proven.height, from_entry, from_balance))
            }
            Event::Ledger(LedgerEvent::Transferred { to, to_entry, to_balance, .. }) if to == alice => {
                Some((proven.height, to_entry, to_balance))
            }
            _ => None,
        };
        events.into_iter().find_map(of_alice).unwrap()
    };
    for pair in entries.windows(2) {
        let [(height, number, balance), (until, next, _)] = [&pair[0], &pair[1]].map(said);
        assert_eq!(number + 1, next, "nothing was booked between them");
        for height in height..until {
            assert_eq!(ledger.balance_at(&alice, height).unwrap(), (balance, number));
        }
    }
}

#[test]
fn statements_are_the_same_after_opening_again_with_and_without_the_store() {
    let directory = tempfile::tempdir().unwrap();
    let alice = account(ALICE, "settlement");
    let entries = ledger(directory.path()).entries(&alice, 0, 10).unwrap();
    assert_eq!(open(directory.path()).unwrap().entries(&alice, 0, 10).unwrap(), entries);
    std::fs::remove_dir_all(directory.path().join("state")).unwrap();
    assert_eq!(open(directory.path()).unwrap().entries(&alice, 0, 10).unwrap(), entries);
}

#[test]
fn a_statement_of_some_days_has_what_was_there_before_what_moved_and_what_was_left() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(directory.path());
    let alice = account(ALICE, "settlement");
    for (first, last, opening, moved, closing) in [
        (1, 1, 0, vec![], 0),
        (2, 2, 0, vec![100], 100),
        (3, 3, 100, vec![], 100),
        (4, 4, 100, vec![5, -30], 75),
        (2, 31, 0, vec![100, 5, -30, 7], 82),
        (5, 11, 75, vec![], 75),
        (12, 12, 75, vec![7], 82),
        (4, 2, 100, vec![], 100),
    ] {
        let statement = ledger.statement(&alice, march(first), march(last)).unwrap();
        let amounts: Vec<_> = statement.entries.iter().map(|entry| entry.amount.minor_units()).collect();
        assert_eq!(
            (statement.opening, amounts, statement.closing),
            (usd(opening), moved, usd(closing)),
            "{first}"
        );
    }
    let nobody = ledger.statement(&account(BOB, "settlement"), march(1), march(2)).unwrap_err();
    assert_eq!(nobody.code(), "account.unknown");
}
