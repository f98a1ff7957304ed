//! What became of a submission, and the submission on its way.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use allonge::{ExpiredRecord, OutcomeRecord, UnknownRecord};
use napi::bindgen_prelude::{Buffer, Object};
use napi::{Env, Result};
use napi_derive::napi;

use crate::error::{internal, thrown};
use crate::promise::promise;
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
    /// `committed`, `rejected`, `expired` or `unknown`.
    #[napi(catch_unwind, getter)]
    pub fn kind(&self) -> &'static str {
        self.outcome.kind()
    }

    /// The record of its kind as JSON, without events.
    #[napi(catch_unwind)]
    pub fn record(&self) -> Result<String> {
        match &self.outcome {
            allonge::Outcome::Expired(expired) => json(&ExpiredRecord::from(expired)),
            allonge::Outcome::Unknown(unknown) => json(&UnknownRecord::from(unknown)),
            outcome => json(&OutcomeRecord::without_events(outcome).map_err(thrown)?),
        }
    }

    /// The events as a JSON array.
    #[napi(catch_unwind)]
    pub fn events(&self) -> Result<String> {
        json(&self.outcome.event_records())
    }

    /// The receipt of what stands in a block.
    #[napi(catch_unwind)]
    pub fn receipt(&self) -> Result<Receipt> {
        let receipt = self.outcome.receipt().cloned().map(Receipt::new);
        receipt.ok_or_else(|| internal("an outcome of this kind has no receipt"))
    }

    /// The proof of what is expired.
    #[napi(catch_unwind)]
    pub fn proof(&self) -> Result<Buffer> {
        match &self.outcome {
            allonge::Outcome::Expired(expired) => Ok(Buffer::from(expired.proof.as_slice())),
            _ => Err(internal("an outcome of this kind has no proof of absence")),
        }
    }

    /// Hands over once more what is unknown, and answers the submission.
    #[napi(catch_unwind, ts_return_type = "Promise<Submission>")]
    pub fn start<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let allonge::Outcome::Unknown(unknown) = &self.outcome else {
            return Err(internal("an outcome of this kind has no handle"));
        };
        let unknown = unknown.clone();
        promise(env, async move { unknown.submission().map(Submission::new).map_err(thrown) })
    }
}

/// Where a submission is put once it is handed over, for whoever stops waiting meanwhile.
#[napi]
#[derive(Clone, Default)]
pub struct HandOver {
    submission: Arc<Mutex<Option<allonge::Submission>>>,
}

#[napi]
impl HandOver {
    /// Nothing is handed over yet.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Self {
        HandOver::default()
    }

    /// The outcome for whoever stopped waiting after so many milliseconds; nothing before it is handed over.
    #[napi(catch_unwind)]
    pub fn unknown(&self, milliseconds: f64) -> Option<Outcome> {
        let submission = self.submission.lock().unwrap_or_else(PoisonError::into_inner);
        submission.as_ref().map(|submission| late(submission, milliseconds))
    }
}

impl HandOver {
    /// Waits for the outcome of what is handed over now.
    pub(crate) async fn outcome(self, submission: allonge::Submission) -> Result<Outcome> {
        let outcome = submission.outcome_async();
        *self.submission.lock().unwrap_or_else(PoisonError::into_inner) = Some(submission);
        outcome.await.map(Outcome::new).map_err(thrown)
    }
}

/// A transaction that was handed over.
#[napi]
pub struct Submission {
    submission: allonge::Submission,
}

impl Submission {
    pub(crate) fn new(submission: allonge::Submission) -> Self {
        Submission { submission }
    }
}

#[napi]
impl Submission {
    /// The transaction's id.
    #[napi(catch_unwind, getter)]
    pub fn transaction(&self) -> String {
        self.submission.transaction().to_string()
    }

    /// Its idempotency key.
    #[napi(catch_unwind, getter)]
    pub fn key(&self) -> String {
        self.submission.key().to_string()
    }

    /// Waits until it is taken to be ordered.
    #[napi(catch_unwind, ts_return_type = "Promise<void>")]
    pub fn admitted<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let admitted = self.submission.admitted_async();
        promise(env, async move { admitted.await.map_err(thrown) })
    }

    /// Waits until it is in a final block; answers a record as JSON.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn ordered<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let ordered = self.submission.ordered_async();
        promise(env, async move { json(&ordered.await.map_err(thrown)?) })
    }

    /// Waits for the outcome.
    #[napi(catch_unwind, ts_return_type = "Promise<Outcome>")]
    pub fn outcome<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let outcome = self.submission.outcome_async();
        promise(env, async move { outcome.await.map(Outcome::new).map_err(thrown) })
    }

    /// The outcome for whoever stopped waiting after so many milliseconds.
    #[napi(catch_unwind)]
    pub fn unknown(&self, milliseconds: f64) -> Outcome {
        late(&self.submission, milliseconds)
    }
}

fn late(submission: &allonge::Submission, milliseconds: f64) -> Outcome {
    // Whole milliseconds are read as whole seconds are.
    let milliseconds = Duration::try_from_secs_f64(milliseconds).map_or(u64::MAX, |waited| waited.as_secs());
    Outcome::new(submission.unknown(milliseconds))
}
