//! A submission on its way, and what became of it.

use std::sync::Arc;

use allonge::{ExpiredRecord, OutcomeRecord, UnknownRecord};

use crate::error::Failure;
use crate::json::to_json;
use crate::receipt::Receipt;

/// A transaction that was handed over.
#[derive(uniffi::Object)]
pub struct Submission(pub(crate) allonge::Submission);

/// What became of a submission.
#[derive(uniffi::Enum)]
pub enum Outcome {
    /// It stands in a block.
    Settled {
        /// The JSON of an [`OutcomeRecord`].
        record_json: String,
        /// The proof.
        receipt: Arc<Receipt>,
    },
    /// It never takes effect.
    Expired {
        /// The JSON of an [`ExpiredRecord`].
        record_json: String,
        /// The bytes of the answer receipt that proves it.
        proof: Vec<u8>,
    },
    /// Nothing is known yet.
    Unknown {
        /// The JSON of an [`UnknownRecord`].
        record_json: String,
        /// By which it is resolved.
        handle: Arc<Unknown>,
    },
}

/// A submission of which nothing is known yet.
#[derive(uniffi::Object)]
pub struct Unknown(allonge::Unknown);

impl TryFrom<allonge::Outcome> for Outcome {
    type Error = Failure;

    fn try_from(outcome: allonge::Outcome) -> Result<Self, Failure> {
        match outcome {
            allonge::Outcome::Expired(expired) => {
                let record_json = to_json(&ExpiredRecord::from(&expired));
                Ok(Outcome::Expired { record_json, proof: expired.proof })
            }
            allonge::Outcome::Unknown(unknown) => {
                let record_json = to_json(&UnknownRecord::from(&unknown));
                Ok(Outcome::Unknown { record_json, handle: Arc::new(Unknown(unknown)) })
            }
            outcome => {
                let record_json = to_json(&OutcomeRecord::of(&outcome)?);
                match outcome.receipt().cloned() {
                    Some(receipt) => {
                        Ok(Outcome::Settled { record_json, receipt: Arc::new(Receipt(receipt)) })
                    }
                    None => Err(Failure::Refused { reason: record_json }),
                }
            }
        }
    }
}

#[uniffi::export]
impl Submission {
    /// The transaction's id.
    pub fn transaction(&self) -> String {
        self.0.transaction().to_string()
    }

    /// Its idempotency key.
    pub fn key(&self) -> String {
        self.0.key().to_string()
    }

    /// Waits until it is taken to be ordered.
    pub async fn admitted(&self) -> Result<(), Failure> {
        Ok(self.0.admitted_async().await?)
    }

    /// Waits until it is in a final block; answers an `Ordered` as JSON.
    pub async fn ordered(&self) -> Result<String, Failure> {
        Ok(to_json(&self.0.ordered_async().await?))
    }

    /// Waits for the outcome.
    pub async fn outcome(&self) -> Result<Outcome, Failure> {
        Outcome::try_from(self.0.outcome_async().await?)
    }

    /// The outcome for whoever stopped waiting after so many milliseconds.
    pub fn unknown(&self, waited_ms: u64) -> Result<Outcome, Failure> {
        Outcome::try_from(self.0.unknown(waited_ms))
    }
}

#[uniffi::export]
impl Unknown {
    /// The submission, handed over once more.
    pub async fn start(&self) -> Result<Submission, Failure> {
        Ok(Submission(self.0.submission()?))
    }
}
