//! What an embedded ledger does when nothing goes wrong.

use allonge_finance::Calendar;
use allonge_ledger::{
    Account, Event, LedgerOperation, Operation, Party, Position, Receipt, StateTree, Stored, Trust, Verdict,
    Workers, canonical,
};

use crate::world::*;

#[test]
fn what_is_committed_has_a_receipt_that_the_genesis_alone_verifies() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let id = commit(&mut ledger, 1, &transaction(ALICE, 1, [note("hello")])).unwrap();

    let bytes = receipt(&ledger, &id).to_bytes();
    drop(ledger);
    directory.close().unwrap();

    let trust = Trust::new(genesis(1));
    let proven = Receipt::from_bytes(&bytes).unwrap().verify::<NoteOperation, NoteEvent>(&trust).unwrap();
    assert_eq!(proven.id, id);
    assert_eq!(proven.transaction, draft(ALICE, 1, [note("hello")]));
    assert_eq!(proven.keys, [public_key(ALICE)]);
    assert_eq!((proven.height, proven.time), (1, at(1)));
    let events = vec![Event::Rules(NoteEvent::NoteWritten { text: "hello".into() })];
    assert_eq!(proven.result.verdict, Verdict::Committed { events });
}

#[test]
fn a_reopened_ledger_goes_on_where_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let first = commit(&mut ledger, 1, &transaction(ALICE, 1, [note("one")])).unwrap();
    let (root, bytes) = (ledger.state_root(), receipt(&ledger, &first).to_bytes());
    drop(ledger);

    let mut ledger = open(directory.path()).unwrap();
    assert_eq!((ledger.height(), ledger.time(), ledger.state_root()), (1, at(1), root));
    assert_eq!(receipt(&ledger, &first).to_bytes(), bytes);
    let second = commit(&mut ledger, 2, &transaction(BOB, 1, [note("two")])).unwrap();
    assert_eq!(ledger.position(&second).unwrap(), Some(Position { height: 2, index: 0 }));
    assert_eq!(prove(&ledger, &second).state_root, ledger.state_root());
    assert_eq!(prove(&ledger, &first).state_root, root);
}

#[test]
fn every_transaction_of_a_block_has_a_receipt_of_its_own() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    for count in [1, 2, 3, 5, 8, 13] {
        let candidates: Vec<_> =
            (0..count).map(|n| transaction(ALICE, count * 100 + n, [note(&format!("note {n}"))])).collect();
        let ids: Vec<_> =
            ledger.commit(at(1), &candidates).unwrap().into_iter().map(Result::unwrap).collect();
        for (id, candidate) in ids.iter().zip(&candidates) {
            let proven = prove(&ledger, id);
            assert_eq!(proven.id, candidate.id(SUITE));
            assert_eq!(proven.state_root, ledger.state_root());
        }
    }
}

#[test]
fn a_block_without_transactions_moves_the_time() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let root = ledger.state_root();
    assert_eq!(ledger.commit(at(86_400), &[]).unwrap().len(), 0);
    assert_eq!((ledger.height(), ledger.time(), ledger.state_root()), (1, at(86_400), root));
    drop(ledger);
    assert_eq!(open(directory.path()).unwrap().time(), at(86_400));
}

#[test]
fn money_is_issued_by_its_settlement_agent_and_the_books_sum_to_zero() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let (issue, alice, bob) =
        (account(AGENT, "issue"), account(ALICE, "settlement"), account(BOB, "settlement"));
    commit(&mut ledger, 1, &transaction(AGENT, 1, [open_account(AGENT, "issue")])).unwrap();
    commit(&mut ledger, 1, &transaction(ALICE, 1, [open_account(ALICE, "settlement")])).unwrap();
    commit(&mut ledger, 1, &transaction(BOB, 1, [open_account(BOB, "settlement")])).unwrap();
    commit(&mut ledger, 2, &transaction(AGENT, 2, [transfer(issue.clone(), alice.clone(), usd(1_000))]))
        .unwrap();
    commit(&mut ledger, 3, &transaction(ALICE, 2, [transfer(alice.clone(), bob.clone(), usd(999))])).unwrap();

    let accounts: Vec<Account> = ledger.list(None, 10).unwrap();
    let balances: Vec<_> = accounts.iter().map(|account| account.balance.minor_units()).collect();
    assert_eq!(balances, [-1_000, 1, 999]);
    assert_eq!(accounts.iter().map(|account| &account.id).collect::<Vec<_>>(), [&issue, &alice, &bob]);
    assert_eq!(ledger.list::<Account>(Some(&issue), 1).unwrap(), [accounts[1].clone()]);
}

#[test]
fn parties_keys_and_calendars_come_by_their_operations() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let admit = LedgerOperation::AdmitParty {
        party: party(STRANGER),
        name: "A newcomer".into(),
        keys: vec![public_key(STRANGER)],
    };
    commit(&mut ledger, 1, &transaction(REGISTRAR, 1, [Operation::Ledger(admit)])).unwrap();
    commit(&mut ledger, 1, &transaction(STRANGER, 1, [note("I am here")])).unwrap();

    // Another key, which counts from the next height on; then the old one goes.
    let add = add_key(party(STRANGER), public_key(98));
    commit(&mut ledger, 1, &transaction(STRANGER, 2, [Operation::Ledger(add)])).unwrap();
    let revoke = LedgerOperation::RevokeKey { party: party(STRANGER), key: public_key(STRANGER) };
    let by_both = signed(&draft(STRANGER, 3, [Operation::Ledger(revoke)]), &[STRANGER, 98]);
    commit(&mut ledger, 1, &by_both).unwrap();
    commit(&mut ledger, 1, &signed(&draft(STRANGER, 4, [note("new key")]), &[98])).unwrap();
    let newcomer: Party = ledger.get(&party(STRANGER)).unwrap().unwrap();
    assert_eq!(newcomer.keys.iter().map(|key| key.revoked_at).collect::<Vec<_>>(), [Some(5), None]);

    let publish = LedgerOperation::PublishCalendar { calendar: calendar(2) };
    commit(&mut ledger, 1, &transaction(PUBLISHER, 1, [Operation::Ledger(publish)])).unwrap();
    assert_eq!(ledger.get::<Calendar>(calendar(2).id()).unwrap(), Some(calendar(2)));
}

#[test]
fn the_state_proves_what_it_has_and_what_it_has_not() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    commit(&mut ledger, 1, &transaction(ALICE, 1, [note("hello")])).unwrap();
    let root = ledger.state_root();
    let value = canonical(&Note { text: "hello".into() });
    let present = ledger.prove::<Note>(&party(ALICE)).unwrap();
    assert_eq!(present.verify(SUITE, &root, &Note::key(&party(ALICE)), Some(&value)), Ok(()));
    assert!(present.verify(SUITE, &root, &Note::key(&party(ALICE)), None).is_err());
    let absent = ledger.prove::<Note>(&party(BOB)).unwrap();
    assert_eq!(absent.verify(SUITE, &root, &Note::key(&party(BOB)), None), Ok(()));
    assert!(absent.verify(SUITE, &root, &Note::key(&party(BOB)), Some(&value)).is_err());
}

#[test]
fn the_state_before_the_first_block_is_the_genesis() {
    let directory = tempfile::tempdir().unwrap();
    let mut tree = StateTree::new(SUITE);
    tree.update(&Workers::none(), &genesis(1).initial_state().unwrap()).unwrap();
    assert_eq!(create(directory.path()).state_root(), tree.root());
    assert_eq!(open(directory.path()).unwrap().state_root(), tree.root());
}

#[test]
fn a_refused_transaction_stands_in_the_block_with_its_reason() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let id = commit(&mut ledger, 1, &transaction(ALICE, 1, [refused_note("no")])).unwrap();
    let Verdict::Rejected { refusal } = prove(&ledger, &id).result.verdict else {
        panic!("the note was not refused");
    };
    assert_eq!((refusal.code.as_str(), refusal.operation), ("note.refused", Some(0)));
    assert_eq!(refusal.details[0].value, "no");
    assert_eq!(ledger.get::<Note>(&party(ALICE)).unwrap(), None);
}

#[test]
fn a_preview_has_the_results_and_the_root_of_the_commit_and_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    for round in 0..4_u64 {
        let candidates = [
            transaction(
                ALICE,
                10 * round,
                [note(&format!("note {round}")), open_account(ALICE, &format!("of-{round}"))],
            ),
            transaction(BOB, 10 * round, [note("one"), refused_note("two")]),
            // Cannot enter: its key was used in the first round.
            transaction(ALICE, 0, [note("note 0"), open_account(ALICE, "of-0")]),
            transaction(STRANGER, 1, [note("nobody")]),
        ];
        let before = (ledger.height(), ledger.state_root());
        let preview = ledger.preview(at(round as i64), &candidates).unwrap();
        assert_eq!(ledger.preview(at(round as i64), &candidates).unwrap().state_root, preview.state_root);
        assert_eq!((ledger.height(), ledger.state_root()), before);
        assert_ne!(preview.state_root, before.1);

        let answers = ledger.commit(at(round as i64), &candidates).unwrap();
        assert_eq!((ledger.height(), ledger.state_root()), (preview.height, preview.state_root));
        assert_eq!(answers.len(), preview.results.len());
        for (answer, foreseen) in answers.iter().zip(&preview.results) {
            match (answer, foreseen) {
                (Ok(id), Ok(result)) => assert_eq!(&prove(&ledger, id).result, result),
                (Err(error), Err(foreseen)) => assert_eq!(error, foreseen),
                (answer, foreseen) => panic!("{answer:?} is not {foreseen:?}"),
            }
        }
    }
    let error = ledger.preview(at(-1), &[]).unwrap_err();
    assert_eq!(error.code(), "clock.backwards");
}
