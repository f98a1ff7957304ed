//! What became of a submission.

use allonge::OutcomeRecord;
use napi::Result;
use napi_derive::napi;

use crate::receipt::Receipt;
use crate::text::json;

/// An outcome. Its events cross only when they are asked for: a batch has thousands.
#[napi]
pub struct Outcome {
    outcome: allonge::Outcome,
}

impl Outcome {
    pub(crate) fn new(outcome: allonge::Outcome) -> Self {
        Outcome { outcome }
    }
}

#[napi]
impl Outcome {
    /// The record as JSON, without its events.
    #[napi(catch_unwind)]
    pub fn record(&self) -> Result<String> {
        json(&OutcomeRecord::without_events(&self.outcome))
    }

    /// The events as a JSON array.
    #[napi(catch_unwind)]
    pub fn events(&self) -> Result<String> {
        json(&self.outcome.event_records())
    }

    /// Its proof.
    #[napi(catch_unwind)]
    pub fn receipt(&self) -> Receipt {
        Receipt::new(self.outcome.receipt().clone())
    }
}
