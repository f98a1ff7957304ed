//! A validator's copy: blocks come ordered, and headers say later what they came to.

use std::path::Path;

use allonge_ledger::{
    AnswerReceipt, Embedded, Error, Header, Judgement, MAX_LAG, RealDisk, Settings, SignedTransaction, Tip,
    Trust, Verdict, replay_log,
};

use crate::world::*;

fn create_copy(directory: &Path) -> Embedded<Notes> {
    Embedded::create_replica(&RealDisk, directory, genesis(4), Notes, Settings::default()).unwrap()
}

fn open_copy(directory: &Path) -> Result<Embedded<Notes>, Error> {
    Embedded::open_replica(&RealDisk, directory, Notes, Settings::default())
}

fn bytes(transactions: &[SignedTransaction]) -> Vec<Vec<u8>> {
    transactions.iter().map(SignedTransaction::to_bytes).collect()
}

/// A note by Alice in a network of four.
fn one_note(number: u64) -> SignedTransaction {
    signed(&draft_for(&genesis(4), ALICE, number, [note(&format!("note {number}"))]), &[ALICE])
}

/// The header that a copy proposes at a time.
fn propose(
    copy: &Embedded<Notes>,
    parent: &Tip,
    seconds: i64,
    transactions: &[SignedTransaction],
) -> Option<Header> {
    copy.propose(parent, at(seconds), &bytes(transactions)).unwrap()
}

/// Orders a block of some notes on the newest one, and has it executed; certified by so many of four, if by any.
fn order(copy: &mut Embedded<Notes>, transactions: &[SignedTransaction], signers: usize) -> Header {
    let parent = copy.tip().clone();
    let header = propose(copy, &parent, 1, transactions).unwrap();
    run(copy, &header, transactions, signers);
    header
}

fn run(copy: &mut Embedded<Notes>, header: &Header, transactions: &[SignedTransaction], signers: usize) {
    let committee = Committee::new(4);
    let certificate = (signers > 0).then(|| committee.certify(header, signers));
    copy.execute(header.clone(), certificate, bytes(transactions)).unwrap();
}

/// Three blocks of one note each, ordered before the first was executed, and a fourth that says what they came to.
fn four_blocks(copy: &mut Embedded<Notes>, signers: [usize; 4]) -> Vec<Header> {
    let trust = copy.trust().clone();
    let mut tip = copy.tip().clone();
    let mut headers = Vec::new();
    for number in 1..=3 {
        let header = propose(copy, &tip, 1, &[one_note(number)]).unwrap();
        tip = tip.next(&trust, &header);
        headers.push(header);
    }
    for (number, header) in (1..).zip(&headers) {
        run(copy, header, &[one_note(number)], signers[number as usize - 1]);
    }
    headers.push(order(copy, &[], signers[3]));
    headers
}

#[test]
fn blocks_are_ordered_ahead_of_what_is_executed_and_one_header_says_what_all_came_to() {
    let directory = tempfile::tempdir().unwrap();
    let mut copy = create_copy(directory.path());
    let headers = four_blocks(&mut copy, [3, 3, 3, 3]);
    let executed: Vec<u64> = headers.iter().map(|header| header.executed.height).collect();
    assert_eq!(executed, [0, 0, 0, 3]);
    for number in 1..=3 {
        let proven = prove(&copy, &one_note(number).id(SUITE));
        assert_eq!((proven.height, proven.state_root), (number, copy.block(3).unwrap().state_root));
        assert!(matches!(proven.result.verdict, Verdict::Committed { .. }));
        assert_eq!(receipt(&copy, &one_note(number).id(SUITE)).together.len(), 3);
    }
    // The next says it of one block alone.
    order(&mut copy, &[one_note(4)], 3);
    order(&mut copy, &[], 3);
    assert_eq!(receipt(&copy, &one_note(4).id(SUITE)).together, []);
    assert_eq!(prove(&copy, &one_note(4).id(SUITE)).height, 5);
}

#[test]
fn a_receipt_needs_a_certified_header_and_takes_the_first() {
    let directory = tempfile::tempdir().unwrap();
    let mut copy = create_copy(directory.path());
    four_blocks(&mut copy, [3, 0, 3, 0]);
    let id = one_note(2).id(SUITE);
    assert_eq!(copy.receipt(&id).unwrap(), None, "the header that says what it came to has no certificate");
    order(&mut copy, &[], 0);
    assert_eq!(copy.receipt(&id).unwrap(), None);
    order(&mut copy, &[], 4);
    assert_eq!(receipt(&copy, &id).headers.len(), 5);
    assert_eq!(prove(&copy, &id).height, 2);
}

#[test]
fn what_was_executed_together_proves_no_other_place_and_no_other_result() {
    let directory = tempfile::tempdir().unwrap();
    let mut copy = create_copy(directory.path());
    four_blocks(&mut copy, [3; 4]);
    let good = receipt(&copy, &one_note(2).id(SUITE));
    let trust = Trust::new(genesis(4));
    let check = |receipt: &allonge_ledger::Receipt| receipt.verify::<NoteOperation, NoteEvent>(&trust);
    check(&good).unwrap();
    let other = receipt(&copy, &one_note(1).id(SUITE));
    let mut bad = good.clone();
    bad.result = other.result.clone();
    assert_eq!(check(&bad).unwrap_err().code(), "receipt.invalid");
    for change in [
        |together: &mut Vec<_>| together.clear(),
        |together: &mut Vec<_>| together.swap(0, 1),
        |together: &mut Vec<_>| together.truncate(2),
        |together: &mut Vec<_>| together.push(SUITE.hash("an example", b"one more")),
    ] {
        let mut bad = good.clone();
        change(&mut bad.together);
        assert_eq!(check(&bad).unwrap_err().code(), "receipt.invalid");
    }
    let mut bad = good.clone();
    bad.together.truncate(1);
    let error = allonge_ledger::Receipt::from_bytes(&bad.to_bytes()).unwrap_err();
    assert_eq!(error.code(), "receipt.malformed");
}

#[test]
fn each_copy_finds_the_same_states_and_judges_the_headers_of_the_others() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut one, mut other) = (create_copy(one.path()), create_copy(other.path()));
    let headers = four_blocks(&mut one, [3; 4]);
    let (genesis_tip, trust) = (other.tip().clone(), other.trust().clone());
    let notes: Vec<_> = (1..=3).map(|number| vec![one_note(number)]).chain([vec![]]).collect();

    let mut tips = vec![genesis_tip];
    for header in &headers {
        tips.push(tips.last().unwrap().next(&trust, header));
    }
    let judge = |copy: &Embedded<Notes>, place: usize, header: &Header| {
        copy.judge(&tips[place], header, &bytes(&notes[place])).unwrap()
    };
    assert_eq!(judge(&other, 0, &headers[0]), Judgement::True);
    assert_eq!(
        judge(&other, 2, &headers[2]),
        Judgement::True,
        "it says nothing of what is not executed here"
    );
    assert_eq!(judge(&other, 3, &headers[3]), Judgement::After(3));
    for place in 0..3 {
        run(&mut other, &headers[place], &notes[place], 0);
    }
    assert_eq!(judge(&other, 3, &headers[3]), Judgement::True);

    let mut lie = headers[3].clone();
    lie.executed.state_root = SUITE.hash("an example", b"another state");
    assert!(matches!(judge(&other, 3, &lie), Judgement::False(_)));
    let mut lie = headers[3].clone();
    lie.executed.results_root = headers[0].executed.results_root;
    assert!(matches!(judge(&other, 3, &lie), Judgement::False(_)));
    let mut lie = headers[3].clone();
    lie.executed = headers[0].executed;
    assert_eq!(judge(&other, 3, &lie), Judgement::True, "whoever is late says less, and no lie");
    lie.rules_version += 1;
    assert!(matches!(judge(&other, 3, &lie), Judgement::False(_)));
    let with_others = other.judge(&tips[3], &headers[3], &bytes(&notes[0])).unwrap();
    assert!(matches!(with_others, Judgement::False(_)));

    run(&mut other, &headers[3], &notes[3], 0);
    assert_eq!(one.state_root(), other.state_root());
    assert_eq!(one.block(4).unwrap().state_root, other.block(4).unwrap().state_root);
}

#[test]
fn no_more_blocks_are_ordered_when_too_many_wait_to_be_executed() {
    let directory = tempfile::tempdir().unwrap();
    let copy = create_copy(directory.path());
    let mut tip = copy.tip().clone();
    for _ in 0..MAX_LAG {
        let header = propose(&copy, &tip, 1, &[]).unwrap();
        tip = tip.next(copy.trust(), &header);
    }
    assert_eq!(propose(&copy, &tip, 1, &[]), None);
}

#[test]
fn a_transaction_that_is_ordered_twice_takes_effect_once_and_keeps_its_receipt() {
    let directory = tempfile::tempdir().unwrap();
    let mut copy = create_copy(directory.path());
    let twice = one_note(1);
    order(&mut copy, &[twice.clone(), twice.clone()], 3);
    order(&mut copy, std::slice::from_ref(&twice), 3);
    order(&mut copy, &[], 3);
    let proven = prove(&copy, &twice.id(SUITE));
    assert_eq!((proven.height, receipt(&copy, &twice.id(SUITE)).index), (1, 0));
    assert!(matches!(proven.result.verdict, Verdict::Committed { .. }));
    for (height, index) in [(1, 1), (2, 0)] {
        let receipts = copy.receipts(height).unwrap().unwrap();
        let second = receipts.receipt(copy.trust(), index).unwrap();
        let proven = second.verify::<NoteOperation, NoteEvent>(copy.trust()).unwrap();
        let Verdict::Rejected { refusal } = proven.result.verdict else { panic!("it took effect again") };
        assert_eq!(refusal.code, "transaction.repeated");
    }
}

#[test]
fn what_may_enter_no_block_is_refused_in_it_and_can_come_again() {
    let directory = tempfile::tempdir().unwrap();
    let mut copy = create_copy(directory.path());
    // Signed by a key that is not Alice's.
    let foreign = signed(&draft_for(&genesis(4), ALICE, 1, [note("foreign")]), &[BOB]);
    let own = signed(&draft_for(&genesis(4), ALICE, 1, [note("foreign")]), &[ALICE]);
    assert_eq!(foreign.id(SUITE), own.id(SUITE));
    order(&mut copy, std::slice::from_ref(&foreign), 3);
    order(&mut copy, std::slice::from_ref(&own), 3);
    order(&mut copy, &[], 3);
    let proven = prove(&copy, &own.id(SUITE));
    assert_eq!(proven.height, 2, "the refusal did not use the key");
    assert_eq!(copy.used_by(&party(ALICE), idempotency_key(1)).unwrap(), Some(own.id(SUITE)));
    // Nor does a refusal that comes later say anything of what was committed.
    order(&mut copy, std::slice::from_ref(&foreign), 3);
    order(&mut copy, &[], 3);
    assert_eq!(prove(&copy, &own.id(SUITE)).height, 2);
    let refused = copy.receipts(1).unwrap().unwrap().receipt(copy.trust(), 0).unwrap();
    let proven = refused.verify::<NoteOperation, NoteEvent>(copy.trust()).unwrap();
    assert!(matches!(proven.result.verdict, Verdict::Rejected { .. }));
}

#[test]
fn a_copy_goes_on_where_it_was_and_can_be_executed_again() {
    let directory = tempfile::tempdir().unwrap();
    let mut copy = create_copy(directory.path());
    four_blocks(&mut copy, [3, 0, 0, 3]);
    order(&mut copy, &[one_note(5)], 0);
    let (tip, root) = (copy.tip().clone(), copy.block(5).unwrap().state_root);
    drop(copy);
    let mut again = open_copy(directory.path()).unwrap();
    assert_eq!(again.tip(), &tip);
    let header = order(&mut again, &[], 3);
    assert_eq!((header.executed.height, header.executed.state_root), (5, root));
    drop(again);
    forget_state(directory.path());
    assert_eq!(open_copy(directory.path()).unwrap().height(), 6);
    let log = directory.path().join("blocks.log");
    let replayed = replay_log(&log, &Notes, Settings::default(), |_| ()).unwrap();
    assert_eq!((replayed.height, replayed.state_root), (6, root));
}

#[test]
fn a_copy_commits_nothing_by_itself_and_takes_no_block_that_does_not_follow() {
    let directory = tempfile::tempdir().unwrap();
    let mut copy = create_copy(directory.path());
    let headers = four_blocks(&mut copy, [3; 4]);
    let error = copy.execute(headers[3].clone(), None, vec![]).unwrap_err();
    assert_eq!(error.code(), "block.not_next");
    assert_eq!(copy.commit(at(2), &[]).unwrap_err().code(), "store.failed");
    order(&mut copy, &[], 3);
}

#[test]
fn the_state_of_a_height_is_proven_by_the_certified_header_that_says_it() {
    let directory = tempfile::tempdir().unwrap();
    let mut copy = create_copy(directory.path());
    four_blocks(&mut copy, [3; 4]);
    assert_eq!(copy.proven_height().unwrap(), 3);
    let alice = party(ALICE);
    let proven = copy.state_receipt::<allonge_ledger::Party>(&alice).unwrap();
    assert_eq!(proven.verify::<allonge_ledger::Party>(copy.trust(), &alice).unwrap().height, 3);
    let error = copy.state_receipt_at::<allonge_ledger::Party>(2, &alice).unwrap_err();
    assert_eq!(error.code(), "proof.not_certified");
}

/// What a receipt of Alice's key, valid for an hour, proves: the transaction, whether for ever, and as of which height.
fn answered(copy: &Embedded<Notes>, key: u64) -> (Option<allonge_crypto::Hash>, bool, u64) {
    let asked = (&party(ALICE), idempotency_key(key));
    let receipt = copy.answer_receipt(asked.0, asked.1, at(3_600)).unwrap();
    let read = AnswerReceipt::from_bytes(&receipt.to_bytes()).unwrap();
    let proven = read.verify(copy.trust(), asked, at(3_600)).unwrap();
    assert_eq!(proven.time, copy.block(proven.height).unwrap().header.time);
    (proven.answer.map(|answer| answer.transaction), proven.settled, proven.height)
}

/// Orders a block at a time, certified by three of four.
fn order_at(copy: &mut Embedded<Notes>, seconds: i64, transactions: &[SignedTransaction]) {
    let header = propose(copy, &copy.tip().clone(), seconds, transactions).unwrap();
    run(copy, &header, transactions, 3);
}

#[test]
fn what_a_key_was_used_for_is_proven_by_the_newest_certified_state_while_its_hour_grows() {
    let directory = tempfile::tempdir().unwrap();
    let mut copy = create_copy(directory.path());
    let id = |number| Some(one_note(number).id(SUITE));
    order(&mut copy, &[one_note(1), one_note(2)], 3);
    let error = copy.answer_receipt(&party(ALICE), idempotency_key(1), at(3_600)).unwrap_err();
    assert_eq!(error.code(), "proof.not_certified");
    // Each block says what the one below came to, while it uses keys of the same hour itself.
    for height in 2..=5 {
        order(&mut copy, &[one_note(height + 1)], 3);
        assert_eq!(copy.proven_height().unwrap(), height - 1);
        assert_eq!(answered(&copy, 1), (id(1), true, height - 1));
        assert_eq!(answered(&copy, height), (id(height), true, height - 1));
        assert_eq!(answered(&copy, height + 1), (None, false, height - 1), "no header says so yet");
        assert_eq!(answered(&copy, 99), (None, false, height - 1));
    }
    // A header that is not certified is passed over, and the chain of headers is longer.
    order(&mut copy, &[one_note(7)], 0);
    assert_eq!(answered(&copy, 6), (None, false, 4));
    order(&mut copy, &[], 3);
    assert_eq!(answered(&copy, 7), (id(7), true, 6));
}

#[test]
fn that_a_key_was_never_used_in_time_is_proven_once_the_certified_state_is_past_it() {
    let directory = tempfile::tempdir().unwrap();
    let mut copy = create_copy(directory.path());
    order(&mut copy, &[one_note(1)], 3);
    order_at(&mut copy, 3_600, &[one_note(2)]);
    order_at(&mut copy, 3_601, &[]);
    // The newest block is late enough, but what it came to is not certified.
    assert_eq!(answered(&copy, 99), (None, false, 2));
    assert_eq!(answered(&copy, 2), (Some(one_note(2).id(SUITE)), true, 2));
    order_at(&mut copy, 3_601, &[]);
    assert_eq!(answered(&copy, 99), (None, true, 3));
    // Long after, when the hour is sealed, and after the copy was opened anew.
    for seconds in [8_000, 800_000] {
        order_at(&mut copy, seconds, &[]);
        order_at(&mut copy, seconds, &[]);
        assert_eq!(answered(&copy, 99), (None, true, copy.height() - 1));
        assert_eq!(answered(&copy, 1), (Some(one_note(1).id(SUITE)), true, copy.height() - 1));
    }
    drop(copy);
    let mut copy = open_copy(directory.path()).unwrap();
    order_at(&mut copy, 800_000, &[]);
    assert_eq!(answered(&copy, 99), (None, true, copy.height() - 1));
}
