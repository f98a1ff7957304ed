//! Batches of signatures, for `ed25519-zebra` alone.
#![allow(dead_code, reason = "not every benchmark uses all")]

use std::convert::Infallible;
use std::hint::black_box;

use allonge_crypto::{Hash, HashSuite, PublicKey, Signature};
use allonge_ledger::{SignedTransaction, approval_message};
use ed25519_zebra::{VerificationKey, VerificationKeyBytes, batch};
use getrandom::SysRng;
use getrandom::rand_core::{TryCryptoRng, TryRng};

const BATCH: usize = 1_024;

/// The signatures of transactions, in their order.
pub struct Signatures(Vec<(VerificationKeyBytes, ed25519_zebra::Signature, Vec<u8>)>);

impl Signatures {
    pub fn of(suite: HashSuite, network: &Hash, transactions: &[SignedTransaction]) -> Self {
        let signed = transactions.iter().flat_map(|signed| {
            let message = approval_message(network, &signed.id(suite));
            signed.approvals.iter().map(move |approval| {
                let PublicKey::Ed25519(key) = approval.key;
                let Signature::Ed25519(signature) = approval.signature;
                (key.into(), ed25519_zebra::Signature::from_bytes(&signature), message.clone())
            })
        });
        Signatures(signed.collect())
    }

    /// In batches.
    pub fn verify(&self) {
        self.0.chunks(BATCH).for_each(verify);
    }

    /// In batches, half of them on another thread.
    pub fn verify_on_two_threads(&self) {
        let half = self.0.len().div_ceil(BATCH).div_ceil(2) * BATCH;
        let (left, right) = self.0.split_at(half.min(self.0.len()));
        std::thread::scope(|scope| {
            scope.spawn(|| left.chunks(BATCH).for_each(verify));
            right.chunks(BATCH).for_each(verify);
        });
    }

    /// One by one.
    pub fn verify_singly(&self) {
        for (key, signature, message) in black_box(&self.0) {
            let key = VerificationKey::try_from(*key).expect("a key");
            key.verify(signature, message).expect("it holds");
        }
    }
}

fn verify(signed: &[(VerificationKeyBytes, ed25519_zebra::Signature, Vec<u8>)]) {
    let mut verifier = batch::Verifier::new();
    for (key, signature, message) in black_box(signed) {
        verifier.queue((*key, *signature, message));
    }
    verifier.verify(Weights::drawn()).expect("they hold");
}

/// Randomness for one batch, drawn at once: it costs a twentieth less than a draw for each signature.
struct Weights(std::vec::IntoIter<u8>);

impl Weights {
    fn drawn() -> Weights {
        let mut bytes = vec![0; 16 * BATCH];
        SysRng.try_fill_bytes(&mut bytes).expect("randomness");
        Weights(bytes.into_iter())
    }
}

impl TryRng for Weights {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|word| word as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.fill_with(|| self.0.next().expect("enough was drawn"));
        Ok(())
    }
}

impl TryCryptoRng for Weights {}
