//! Blinded fingerprints: one encoding each; and whatever a registrar answers, its tokens are those of its key.

#![no_main]

use std::sync::LazyLock;

use allonge_crypto::fingerprint::{
    BlindedElement, Blinding, Evaluation, FingerprintCommitments, FingerprintKey, KeyedToken,
    ShareEvaluation,
};
use allonge_fuzz::{seed, strict, survives_json};
use libfuzzer_sys::fuzz_target;

struct Asked {
    blinding: Blinding,
    key: FingerprintKey,
    commitments: FingerprintCommitments,
    answers: Vec<ShareEvaluation>,
    tokens: Vec<KeyedToken>,
}

static ASKED: LazyLock<Asked> = LazyLock::new(|| {
    let key = FingerprintKey::from_seed([1; 32], b"fuzz").unwrap();
    let blinding = Blinding::new(["invoice 1", "invoice 2"]).unwrap();
    let (commitments, shares) = key.split(2, 2).unwrap();
    let answers: Vec<_> =
        shares.iter().map(|share| share.evaluate_share(blinding.elements()).unwrap()).collect();
    let tokens = blinding.combine(&answers, &commitments).unwrap();
    Asked { blinding, key, commitments, answers, tokens }
});

fn seeds() -> Vec<Vec<u8>> {
    let Asked { blinding, key, commitments, answers, .. } = &*ASKED;
    let evaluation = key.evaluate(blinding.elements()).unwrap();
    vec![
        borsh::to_vec(&evaluation).unwrap(),
        borsh::to_vec(&answers[0]).unwrap(),
        borsh::to_vec(commitments).unwrap(),
        borsh::to_vec(&blinding.elements()[0]).unwrap(),
    ]
}

fuzz_target!(init: seed(seeds()), |bytes: &[u8]| {
    let Asked { blinding, key, commitments, answers, tokens } = &*ASKED;
    if let Some(evaluation) = strict::<Evaluation>(bytes) {
        survives_json(&evaluation);
        if let Ok(made) = blinding.finalize(&evaluation, key.public_key()) {
            assert_eq!(&made, tokens);
        }
    }
    if let Some(answer) = strict::<ShareEvaluation>(bytes) {
        survives_json(&answer);
        if let Ok(made) = blinding.combine(&[answer, answers[1].clone()], commitments) {
            assert_eq!(&made, tokens);
        }
    }
    if let Some(commitments) = strict::<FingerprintCommitments>(bytes) {
        survives_json(&commitments);
        if let Ok(made) = blinding.combine(answers, &commitments) {
            assert_eq!(&made, tokens);
        }
    }
    if let Some(element) = strict::<BlindedElement>(bytes) {
        survives_json(&element);
    }
});
