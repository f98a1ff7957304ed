//! What fingerprints cost: to blind, evaluate, finalize and combine one and a hundred.
//!
//! Prints, for each number of inputs, the microseconds of each step: the median of several rounds.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::time::Instant;

use allonge_crypto::fingerprint::{Blinding, FingerprintKey};

const ROUNDS: usize = 51;
const SHARES: usize = 5;
const THRESHOLD: usize = 3;

fn main() {
    let key = FingerprintKey::generate().unwrap();
    let (commitments, shares) = key.split(THRESHOLD, SHARES).unwrap();
    println!("inputs  blind  evaluate  finalize  combine {THRESHOLD} of {SHARES}   microseconds");
    for count in [1, 100] {
        let inputs: Vec<_> = (0..count).map(|number| format!("invoice {number}")).collect();
        let blinding = Blinding::new(&inputs).unwrap();
        let evaluation = key.evaluate(blinding.elements()).unwrap();
        let answers: Vec<_> = shares
            .iter()
            .take(THRESHOLD)
            .map(|share| share.evaluate_share(blinding.elements()).unwrap())
            .collect();
        let blind = median(|| drop(black_box(Blinding::new(&inputs).unwrap())));
        let evaluate = median(|| drop(black_box(key.evaluate(blinding.elements()).unwrap())));
        let finalize = median(|| drop(black_box(blinding.finalize(&evaluation, key.public_key()).unwrap())));
        let combine = median(|| drop(black_box(blinding.combine(&answers, &commitments).unwrap())));
        println!("{count:>6} {blind:>6} {evaluate:>9} {finalize:>9} {combine:>8}");
    }
}

fn median(work: impl Fn()) -> u128 {
    let mut rounds: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let began = Instant::now();
            work();
            began.elapsed().as_micros()
        })
        .collect();
    rounds.sort_unstable();
    rounds.get(ROUNDS / 2).copied().unwrap_or_default()
}
