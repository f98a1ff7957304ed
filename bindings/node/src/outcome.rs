//! What became of a submission.

use allonge::OutcomeRecord;
use napi::Result;
use napi_derive::napi;

use crate::receipt::Receipt;
use crate::text::json;

/// An outcome: its record, and its receipt.
#[napi]
pub struct Outcome {
    record: OutcomeRecord,
    receipt: allonge::Receipt,
}

impl Outcome {
    pub(crate) fn new(outcome: allonge::Outcome) -> Self {
        Outcome { record: OutcomeRecord::from(&outcome), receipt: outcome.receipt().clone() }
    }
}

#[napi]
impl Outcome {
    /// The record as JSON.
    #[napi(catch_unwind)]
    pub fn record(&self) -> Result<String> {
        json(&self.record)
    }

    /// Its proof.
    #[napi(catch_unwind)]
    pub fn receipt(&self) -> Receipt {
        Receipt::new(self.receipt.clone())
    }
}
