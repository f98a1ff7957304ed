//! Idempotency keys: answered for ever, in bounded memory, and their absence stays provable.

use allonge_ledger::{
    Answer, AnswerProof, AnswerReceipt, Bucket, IdempotencyKey, ProvenAnswer, StateProofError, Trust,
};

use crate::world::*;

const HOUR: i64 = 3_600;
const YEAR: i64 = 366 * 24 * HOUR;

/// A note by Alice, valid until an hour after the time at which it is sent.
fn dated_note(key: u64, seconds: i64) -> allonge_ledger::SignedTransaction {
    let draft = Draft { valid_until: at(seconds + HOUR), ..draft(ALICE, key, [note("dated")]) };
    signed(&draft, &[ALICE])
}

fn verify(
    ledger: &allonge_ledger::Embedded<Notes>,
    proof: &AnswerProof,
    key: IdempotencyKey,
    valid_until: i64,
    answer: Option<&Answer>,
) -> Result<(), StateProofError> {
    proof.verify(SUITE, &ledger.state_root(), (&party(ALICE), key), at(valid_until), answer)
}

#[test]
fn a_key_repeated_after_simulated_years_answers_with_the_first_transaction() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create_with(directory.path(), genesis(1), little_memory()).unwrap();
    let first = commit(&mut ledger, 0, &dated_note(7, 0)).unwrap();
    // The last hour's bucket is always open, so that is what the memory of keys comes to.
    let memory = ledger.tree_memory();
    for year in 1..=30 {
        let seconds = year * YEAR;
        for key in 0..5 {
            commit(&mut ledger, seconds, &dated_note(1_000 * year as u64 + key, seconds)).unwrap();
        }
        let again = refused(commit(&mut ledger, seconds, &dated_note(7, seconds)));
        assert_eq!(
            (again.code(), again.detail("first")),
            ("transaction.repeated", Some(first.to_string().as_str()))
        );
    }
    // Thirty bucket roots were added to the state, and not one key.
    assert!(ledger.tree_memory() < memory + 30 * 1_000, "{memory} has become {}", ledger.tree_memory());
    drop(ledger);
    let mut ledger = open_with(directory.path(), little_memory()).unwrap();
    let again = refused(commit(&mut ledger, 31 * YEAR, &dated_note(7, 31 * YEAR)));
    assert_eq!(
        (again.code(), again.detail("first")),
        ("transaction.repeated", Some(first.to_string().as_str()))
    );
}

#[test]
fn a_used_key_and_an_unused_one_are_proven_before_and_after_their_hour_is_sealed() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let used = idempotency_key(7);
    let id = commit(&mut ledger, 0, &dated_note(7, 0)).unwrap();
    for key in 20..40 {
        commit(&mut ledger, 0, &dated_note(key, 0)).unwrap();
    }
    for seconds in [0, 2 * HOUR, YEAR] {
        drop(ledger.commit(at(seconds), &[]).unwrap());
        let (answer, proof) = ledger.prove_answer(&party(ALICE), used, at(HOUR)).unwrap();
        assert_eq!(answer.as_ref().map(|answer| answer.transaction), Some(id));
        assert_eq!(verify(&ledger, &proof, used, HOUR, answer.as_ref()), Ok(()));
        assert_eq!(verify(&ledger, &proof, used, HOUR, None), Err(StateProofError));
        assert_eq!(verify(&ledger, &proof, idempotency_key(8), HOUR, answer.as_ref()), Err(StateProofError));

        let unused = idempotency_key(8);
        let (nothing, absence) = ledger.prove_answer(&party(ALICE), unused, at(HOUR)).unwrap();
        assert_eq!(nothing, None);
        assert_eq!(verify(&ledger, &absence, unused, HOUR, None), Ok(()));
        assert_eq!(verify(&ledger, &absence, unused, HOUR, answer.as_ref()), Err(StateProofError));
        assert_eq!(verify(&ledger, &absence, used, HOUR, None), Err(StateProofError), "it was used");

        // An hour into which nothing was ever put.
        let (nothing, absence) = ledger.prove_answer(&party(ALICE), used, at(50 * HOUR)).unwrap();
        assert_eq!(nothing, None);
        assert_eq!(verify(&ledger, &absence, used, 50 * HOUR, None), Ok(()));
        assert_eq!(verify(&ledger, &absence, used, HOUR, None), Err(StateProofError), "another hour has it");
    }
}

#[test]
fn an_hour_belongs_to_one_bucket_which_time_seals_when_it_is_over() {
    assert_eq!(Bucket::of(at(0)), Bucket::of(at(HOUR - 1)));
    assert_ne!(Bucket::of(at(0)), Bucket::of(at(HOUR)));
    assert!(!Bucket::of(at(0)).is_sealed(at(HOUR - 1)));
    assert!(Bucket::of(at(0)).is_sealed(at(HOUR)));
}

#[test]
fn what_was_proven_stays_provable_for_a_while() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let mut roots = vec![ledger.state_root()];
    for number in 1..=300 {
        commit(&mut ledger, 0, &transaction(ALICE, number, [note(&format!("note {number}"))])).unwrap();
        roots.push(ledger.state_root());
    }
    for height in [300, 299, 250, 100, 300 - allonge_ledger::RECENT_HEIGHTS as u64] {
        let proof = ledger.prove_at::<Note>(height, &party(ALICE)).unwrap();
        let value = allonge_ledger::canonical(&Note { text: format!("note {height}") });
        let key = <Note as allonge_ledger::Stored>::key(&party(ALICE));
        assert_eq!(proof.verify(SUITE, &roots[height as usize], &key, Some(&value)), Ok(()), "{height}");
        assert_eq!(
            proof.verify(SUITE, &roots[height as usize - 1], &key, Some(&value)),
            Err(StateProofError)
        );
        let absence = ledger.prove_at::<Note>(height, &party(BOB)).unwrap();
        let key = <Note as allonge_ledger::Stored>::key(&party(BOB));
        assert_eq!(absence.verify(SUITE, &roots[height as usize], &key, None), Ok(()), "{height}");
    }
    assert_eq!(ledger.prove_at::<Note>(301, &party(ALICE)).unwrap_err().code(), "block.unknown");
    assert_eq!(ledger.prove_at::<Note>(3, &party(ALICE)).unwrap_err().code(), "proof.too_old");
}

/// What a receipt of Alice's key proves, from its bytes.
fn proven(ledger: &allonge_ledger::Embedded<Notes>, key: u64, valid_until: i64) -> ProvenAnswer {
    let (key, valid_until) = (idempotency_key(key), at(valid_until));
    let bytes = ledger.answer_receipt(&party(ALICE), key, valid_until).unwrap().to_bytes();
    let (receipt, trust) = (AnswerReceipt::from_bytes(&bytes).unwrap(), Trust::new(genesis(1)));
    let proven = receipt.verify(&trust, (&party(ALICE), key), valid_until).unwrap();
    // It says nothing of another key, party or time.
    for (party, key, valid_until) in [
        (party(BOB), key, valid_until),
        (party(ALICE), idempotency_key(99), valid_until),
        (party(ALICE), key, valid_until.plus_millis(1).unwrap()),
    ] {
        let error = receipt.verify(&trust, (&party, key), valid_until).unwrap_err();
        assert_eq!(error.code(), "receipt.invalid");
    }
    proven
}

#[test]
fn a_receipt_proves_that_a_key_was_used_or_that_it_never_will_be() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let none = ledger.answer_receipt(&party(ALICE), idempotency_key(7), at(HOUR)).unwrap_err();
    assert_eq!(none.code(), "block.unknown");
    let id = commit(&mut ledger, 0, &dated_note(7, 0)).unwrap();
    // Before its time is over, at its last moment, and after it; then with the bucket sealed.
    for (seconds, settled) in [(0, false), (HOUR, false), (HOUR + 1, true), (3 * HOUR, true), (YEAR, true)] {
        drop(ledger.commit(at(seconds), &[]).unwrap());
        let used = proven(&ledger, 7, HOUR);
        assert_eq!(used.answer.map(|answer| answer.transaction), Some(id));
        assert!(used.settled);
        assert_eq!((used.height, used.time), (ledger.height(), at(seconds)));
        let unused = proven(&ledger, 8, HOUR);
        assert_eq!((unused.answer, unused.settled), (None, settled), "{seconds}");
    }
    // A refusal uses a key up, too.
    let draft = Draft { valid_until: at(YEAR + HOUR), ..draft(ALICE, 9, [refused_note("no")]) };
    let refusal = commit(&mut ledger, YEAR, &signed(&draft, &[ALICE])).unwrap();
    assert_eq!(proven(&ledger, 9, YEAR + HOUR).answer.map(|answer| answer.transaction), Some(refusal));
}

#[test]
fn absence_is_not_settled_by_a_header_above_blocks_that_were_not_executed() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    drop(ledger.commit(at(0), &[]).unwrap());
    let key = idempotency_key(7);
    let absence = ledger.answer_receipt(&party(ALICE), key, at(1)).unwrap();
    // A later header over the same state, as a network has it while it executes.
    let committee = Committee::new(1);
    let block = &absence.headers[0];
    let header = |executed_height| {
        let executed = allonge_ledger::Executed { height: executed_height, ..block.executed };
        committee.header(2, block.digest(SUITE), list_root(&[]), executed)
    };
    let receipt = |headers: Vec<allonge_ledger::Header>| {
        let certificate = committee.certify(headers.last().unwrap(), 1);
        AnswerReceipt { headers, certificate, ..absence.clone() }
    };
    let verify = |receipt: AnswerReceipt| receipt.verify(&committee.trust, (&party(ALICE), key), at(1));
    assert!(header(1).time > at(1));
    assert!(!verify(receipt(vec![block.clone(), header(1)])).unwrap().settled);
    // Whose block is not there, or is not the parent, says nothing of the state's time.
    for headers in [vec![header(1)], vec![header(1), header(1)], vec![block.clone(), header(2)], vec![]] {
        let certificate = committee.certify(&header(1), 1);
        let receipt = match headers.last() {
            Some(_) => receipt(headers),
            None => AnswerReceipt { headers, certificate, ..absence.clone() },
        };
        assert_eq!(verify(receipt).unwrap_err().code(), "receipt.invalid");
    }
}

#[test]
fn no_byte_of_an_answer_receipt_can_change() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    commit(&mut ledger, 0, &dated_note(7, 0)).unwrap();
    commit(&mut ledger, 0, &dated_note(6, 0)).unwrap();
    let (trust, author) = (Trust::new(genesis(1)), party(ALICE));
    for (key, valid_until) in [(7, HOUR), (8, HOUR), (8, 50 * HOUR)] {
        let (key, valid_until) = (idempotency_key(key), at(valid_until));
        let bytes = ledger.answer_receipt(&author, key, valid_until).unwrap().to_bytes();
        let verify = |bytes: &[u8]| {
            AnswerReceipt::from_bytes(bytes)?.verify(&trust, (&author, key), valid_until).map(drop)
        };
        verify(&bytes).unwrap();
        for place in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[place] ^= 1 << bit;
                let code = refused(verify(&flipped)).code();
                assert!(code.starts_with("receipt."), "byte {place}, bit {bit}: {code}");
            }
        }
        for length in 0..bytes.len() {
            assert!(AnswerReceipt::from_bytes(&bytes[..length]).is_err(), "cut to {length}");
        }
        assert!(AnswerReceipt::from_bytes(&[bytes.as_slice(), &[0]].concat()).is_err());
    }
}
