//! What a light client takes for 1,000 headers with three changes of four validators, beside bare checks of signatures.
//!
//! Prints, for each round, the microseconds of following the headers, of checking the signatures of all their
//! certificates, and of checking only those that it has to look at; then the bytes of a certificate of three of four.
#![allow(
    missing_docs,
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::arithmetic_side_effects
)]
#![allow(clippy::indexing_slicing, clippy::as_conversions)]

#[path = "../tests/ledger/rosters.rs"]
mod rosters;
#[path = "../tests/ledger/world.rs"]
mod world;

use std::hint::black_box;
use std::time::Instant;

use allonge_crypto::{PublicKey, Signature, Signer, SoftwareSigner};
use allonge_ledger::LightClient;

const HEADERS: usize = 1_000;
/// Of four validators these sign.
const QUORUM: usize = 3;
const ROUNDS: usize = 15;

fn main() {
    let directory = tempfile::tempdir().unwrap();
    let mut network = rosters::three_handovers(directory.path());
    network.run_to(HEADERS as u64);
    let headers = network.copy.light_headers(0, HEADERS).unwrap();
    assert_eq!(headers.len(), HEADERS);
    let handovers = headers.iter().filter(|one| one.next_roster.is_some()).count();
    assert_eq!(handovers, 3);
    let all = signatures(HEADERS * QUORUM);
    let needed = signatures((handovers + 1) * QUORUM);
    let trust = &network.committees[0].trust;
    for _ in 0..ROUNDS {
        let followed = micros(|| {
            let mut light = LightClient::new(trust.clone()).unwrap();
            light.follow_headers(black_box(&headers)).unwrap();
        });
        println!("{followed} {} {}", micros(|| check(&all)), micros(|| check(&needed)));
    }
    let header = network.propose(&[]);
    let certificate = network.committees.last().unwrap().certify(&header, QUORUM);
    println!("{}", certificate.encode().len());
}

fn micros(work: impl FnOnce()) -> u128 {
    let began = Instant::now();
    work();
    began.elapsed().as_micros()
}

/// Signatures of as many messages of the length of a vote, by four keys in turn.
fn signatures(count: usize) -> Vec<(PublicKey, Vec<u8>, Signature)> {
    let signers: Vec<_> = (1..=4_u8).map(|seed| SoftwareSigner::from_seed([seed; 32])).collect();
    let one = |number: usize| {
        let signer = &signers[number % signers.len()];
        let message = [[7_u8; 92].as_slice(), &number.to_be_bytes()].concat();
        let signature = signer.sign(&message).unwrap();
        (signer.public_key(), message, signature)
    };
    (0..count).map(one).collect()
}

fn check(signatures: &[(PublicKey, Vec<u8>, Signature)]) {
    for (key, message, signature) in signatures {
        key.verify(black_box(message), signature).unwrap();
    }
}
