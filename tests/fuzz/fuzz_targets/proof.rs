//! Proofs of what a state has: whatever their bytes, nothing is proven that is not so.

#![no_main]

use std::sync::LazyLock;

use allonge_crypto::Hash;
use allonge_finance::{PartyId, Timestamp};
use allonge_fuzz::{SUITE, Vectors, seed, strict};
use allonge_ledger::{
    Answer, AnswerProof, Bucket, BucketRoot, IdempotencyKey, StateProof, StateTree, Stored, Workers,
    canonical,
};
use libfuzzer_sys::fuzz_target;

const RECORDS: u8 = 40;

struct State {
    tree: StateTree,
    author: PartyId,
    valid_until: Timestamp,
    answer: Answer,
    answer_proofs: Vec<AnswerProof>,
}

fn key(number: u8) -> IdempotencyKey {
    IdempotencyKey::new([number; 16])
}

/// Records under keys of one byte, those below [`RECORDS`]; and one used idempotency key, 0.
static STATE: LazyLock<State> = LazyLock::new(|| {
    let author = PartyId::parse("ALICCNBJXXX").unwrap();
    let valid_until = Timestamp::parse("2026-03-02T00:00:00Z").unwrap();
    let answer = Answer { transaction: Hash::new([1; 32]), operations: Hash::new([2; 32]) };
    let workers = Workers::none();
    let answer_key = |number| Answer::key(&(author.clone(), key(number)));
    let mut bucket = StateTree::new(SUITE);
    let others = (1..20_u8).map(|number| (answer_key(100 + number), vec![number; 64]));
    bucket.update(&workers, others.chain([(answer_key(0), canonical(&answer))])).unwrap();
    let root = BucketRoot { root: bucket.root(), keys: bucket.len() };
    let bucket_key = BucketRoot::key(&Bucket::of(valid_until));

    let mut tree = StateTree::new(SUITE);
    let records = (0..RECORDS).map(|number| (vec![number], vec![number]));
    tree.update(&workers, records.chain([(bucket_key.clone(), canonical(&root))])).unwrap();
    let answer_proofs = [0, 1].map(|number| AnswerProof {
        bucket: Some(root.clone()),
        state: tree.prove(&bucket_key),
        key: Some(bucket.prove(&answer_key(number))),
    });
    State { tree, author, valid_until, answer, answer_proofs: answer_proofs.into() }
});

/// The number of a key, then a proof.
fn seeds() -> Vec<Vec<u8>> {
    let numbered = |number: u8, proof: Vec<u8>| [vec![number], proof].concat();
    let states = (0..64).map(|number| numbered(number, canonical(&STATE.tree.prove(&[number]))));
    let answers =
        STATE.answer_proofs.iter().zip(0..).map(|(proof, number)| numbered(number, canonical(proof)));
    let bad = Vectors::all(&Vectors::read().ledger["bad_proofs"], "proof");
    states.chain(answers).chain(bad.into_iter().map(|proof| numbered(0, proof))).collect()
}

fuzz_target!(init: seed(seeds()), |bytes: &[u8]| {
    let Some((&number, proof)) = bytes.split_first() else { return };
    let State { tree, author, valid_until, answer, .. } = &*STATE;
    let root = tree.root();
    let there = number < RECORDS;
    if let Some(proof) = strict::<StateProof>(proof) {
        assert!(!proof.verify(SUITE, &root, &[number], Some(b"another value")).is_ok());
        assert!(proof.verify(SUITE, &root, &[number], Some(&[number])).is_err() || there);
        assert!(proof.verify(SUITE, &root, &[number], None).is_err() || !there);
    }
    if let Some(proof) = strict::<AnswerProof>(proof) {
        let holds = |answer| proof.verify(SUITE, &root, (author, key(number)), *valid_until, answer).is_ok();
        let used = number == 0 || (101..120).contains(&number);
        assert!(!holds(Some(answer)) || number == 0);
        assert!(!holds(None) || !used);
        let other = Answer { operations: Hash::ZERO, ..answer.clone() };
        assert!(!holds(Some(&other)));
    }
});
