//! Fingerprints of documents: the registrar's service that evaluates them blindly, and the bank that asks it.
//!
//! `docs/fingerprints.md` says how they are used, and what they protect and what not.

mod fingerprinter;
mod holder;
mod limits;
mod service;

use allonge_crypto::fingerprint::{
    BlindedElement, Evaluation, FingerprintCommitments, FingerprintKeyId, FingerprintPublicKey,
    ShareEvaluation,
};
use allonge_ledger::Error;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

pub use self::fingerprinter::{Fingerprinted, Fingerprinter, MAX_SERVERS, ServerFault};
pub use self::holder::{FingerprintKeyHolder, HeldShare};
pub use self::limits::{EvaluationLimits, EvaluationRate};
pub use self::service::{
    EvaluationLog, EvaluationRecord, FingerprintService, MAX_LOG, MAX_PARTIES, RefusalCount,
};

/// What a bank asks for evaluations: one holder of a key, however far away. Whoever implements it carries both ways what
/// is here, by a way that tells the holder surely who asks, and gives up after a time of its own.
pub trait FingerprintServer: Send + Sync {
    /// What to call it when it fails.
    fn name(&self) -> &str;

    /// Has elements evaluated with a key.
    ///
    /// Errors: `fingerprint.*`, and those of the way.
    fn evaluate(
        &self,
        key_id: &FingerprintKeyId,
        blinded: &[BlindedElement],
    ) -> Result<EvaluationAnswer, Error>;
}

/// What a holder of a key answers: the public half, and what it evaluated. Nothing of it is believed: the public half is
/// checked against the key's id, which the ledger has, and the evaluation against the public half.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[repr(u8)]
pub enum EvaluationAnswer {
    /// Of one who holds the whole key.
    Whole {
        /// The public half of the key.
        public_key: FingerprintPublicKey,
        /// What it gave.
        evaluation: Evaluation,
    } = 0,
    /// Of one who holds a share.
    Share {
        /// What the dealer published of the key.
        commitments: FingerprintCommitments,
        /// What it gave.
        evaluation: ShareEvaluation,
    } = 1,
}

impl EvaluationAnswer {
    /// Which key it says that it is of.
    pub fn key_id(&self) -> FingerprintKeyId {
        match self {
            EvaluationAnswer::Whole { public_key, .. } => public_key.key_id(),
            EvaluationAnswer::Share { commitments, .. } => commitments.public_key().key_id(),
        }
    }
}

/// The blocks of the page are run.
#[cfg(doctest)]
#[doc = include_str!("../../../../docs/fingerprints.md")]
mod page {}
