//! Who holds a key of fingerprints, or a share of one.

use allonge_crypto::fingerprint::{
    BlindedElement, FingerprintCommitments, FingerprintError, FingerprintKey, FingerprintKeyId,
    FingerprintKeyShare,
};

use super::EvaluationAnswer;

/// What evaluates with a secret that does not leave it: a key in memory, a share of one, or a module of hardware.
pub trait FingerprintKeyHolder: Send + Sync {
    /// Which key.
    fn key_id(&self) -> FingerprintKeyId;

    /// Evaluates elements, and proves it.
    fn evaluate(&self, blinded: &[BlindedElement]) -> Result<EvaluationAnswer, FingerprintError>;
}

impl FingerprintKeyHolder for FingerprintKey {
    fn key_id(&self) -> FingerprintKeyId {
        FingerprintKey::key_id(self)
    }

    fn evaluate(&self, blinded: &[BlindedElement]) -> Result<EvaluationAnswer, FingerprintError> {
        let evaluation = FingerprintKey::evaluate(self, blinded)?;
        Ok(EvaluationAnswer::Whole { public_key: *self.public_key(), evaluation })
    }
}

/// A share of a key with what its dealer published.
#[derive(Debug)]
pub struct HeldShare {
    share: FingerprintKeyShare,
    commitments: FingerprintCommitments,
}

impl HeldShare {
    /// A share of the key that was committed to.
    pub fn new(
        share: FingerprintKeyShare,
        commitments: FingerprintCommitments,
    ) -> Result<Self, FingerprintError> {
        if commitments.share_key(share.index())? == *share.public_key() {
            Ok(HeldShare { share, commitments })
        } else {
            Err(FingerprintError::ShareWrong(share.index()))
        }
    }
}

impl FingerprintKeyHolder for HeldShare {
    fn key_id(&self) -> FingerprintKeyId {
        self.commitments.public_key().key_id()
    }

    fn evaluate(&self, blinded: &[BlindedElement]) -> Result<EvaluationAnswer, FingerprintError> {
        let evaluation = self.share.evaluate_share(blinded)?;
        Ok(EvaluationAnswer::Share { commitments: self.commitments.clone(), evaluation })
    }
}
