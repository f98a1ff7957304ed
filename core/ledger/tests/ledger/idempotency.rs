//! Idempotency keys: answered for ever, in bounded memory, and their absence stays provable.

use allonge_ledger::{Answer, AnswerProof, Bucket, IdempotencyKey, StateProofError};

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
