//! A party acting.

use allonge::records::operations_from_json;
use allonge::{Operation, SubmitOptions};
use napi::bindgen_prelude::{AsyncTask, Buffer, Object};
use napi::{Env, Result};
use napi_derive::napi;

use crate::error::thrown;
use crate::outcome::{HandOver, Submission};
use crate::promise::{Blocking, blocking, promise};
use crate::text::{json, read, read_optional};

/// A party acting on a ledger, with its signer.
#[napi]
pub struct Session {
    session: allonge::Session,
}

impl Session {
    pub(crate) fn new(session: allonge::Session) -> Self {
        Session { session }
    }
}

#[napi]
impl Session {
    /// Who acts.
    #[napi(catch_unwind, getter)]
    pub fn party(&self) -> String {
        self.session.party().to_string()
    }

    /// The key that signs.
    #[napi(catch_unwind, getter)]
    pub fn public_key(&self) -> String {
        self.session.public_key().to_string()
    }

    /// All keys that sign.
    #[napi(catch_unwind, getter)]
    pub fn public_keys(&self) -> Vec<String> {
        self.session.public_keys().iter().map(ToString::to_string).collect()
    }

    /// Submits operations, given as JSON. They are read, signed and handed over in the order of the calls,
    /// beside the event loop.
    #[napi(catch_unwind, ts_return_type = "Promise<Outcome>")]
    pub fn submit<'env>(
        &self,
        env: &'env Env,
        operations: String,
        key: Option<String>,
        valid_for_ms: Option<i64>,
        traceparent: Option<String>,
        hand_over: &HandOver,
    ) -> Result<Object<'env>> {
        let (session, hand_over) = (self.session.clone(), hand_over.clone());
        promise(env, async move {
            let (operations, options) = transaction(&operations, key, valid_for_ms)?;
            let options = traced(options, traceparent)?;
            hand_over.outcome(session.start(operations, options).map_err(thrown)?).await
        })
    }

    /// As `submit`, and answers the submission once it is handed over.
    #[napi(catch_unwind, ts_return_type = "Promise<Submission>")]
    pub fn start<'env>(
        &self,
        env: &'env Env,
        operations: String,
        key: Option<String>,
        valid_for_ms: Option<i64>,
        traceparent: Option<String>,
    ) -> Result<Object<'env>> {
        let session = self.session.clone();
        promise(env, async move {
            let (operations, options) = transaction(&operations, key, valid_for_ms)?;
            let options = traced(options, traceparent)?;
            session.start(operations, options).map(Submission::new).map_err(thrown)
        })
    }

    /// What submitting operations, given as JSON, would come to; answers a record as JSON.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn preview(
        &self,
        operations: String,
        key: Option<String>,
        valid_for_ms: Option<i64>,
    ) -> AsyncTask<Blocking<String>> {
        let session = self.session.clone();
        blocking(move || {
            let (operations, options) = transaction(&operations, key, valid_for_ms)?;
            json(&session.preview(operations, options).map_err(thrown)?)
        })
    }

    /// What submitting operations, given as JSON, would come to at a later time; answers a record as JSON.
    #[napi(catch_unwind, ts_return_type = "Promise<string>")]
    pub fn what_if(&self, operations: String, at: String) -> AsyncTask<Blocking<String>> {
        let session = self.session.clone();
        blocking(move || {
            let (operations, _) = transaction(&operations, None, None)?;
            json(&session.what_if(operations, read("at", at)?).map_err(thrown)?)
        })
    }

    /// The signed transaction of operations, given as JSON.
    #[napi(catch_unwind, ts_return_type = "Promise<Buffer>")]
    pub fn prepare(
        &self,
        operations: String,
        key: Option<String>,
        valid_for_ms: Option<i64>,
    ) -> AsyncTask<Blocking<Buffer>> {
        let session = self.session.clone();
        blocking(move || {
            let (operations, options) = transaction(&operations, key, valid_for_ms)?;
            session.prepare(operations, options).map(Buffer::from).map_err(thrown)
        })
    }

    /// Adds this session's signatures to a transaction that was prepared elsewhere.
    #[napi(catch_unwind, ts_return_type = "Promise<Buffer>")]
    pub fn cosign(&self, signed: &[u8]) -> AsyncTask<Blocking<Buffer>> {
        let (session, signed) = (self.session.clone(), signed.to_vec());
        blocking(move || session.cosign(&signed).map(Buffer::from).map_err(thrown))
    }
}

/// What a transaction is made of.
fn transaction(
    operations: &str,
    key: Option<String>,
    valid_for_ms: Option<i64>,
) -> Result<(Vec<Operation>, SubmitOptions)> {
    let mut options = SubmitOptions::default();
    if let Some(key) = key {
        options.key = Some(read("key", key)?);
    }
    if let Some(valid_for_ms) = valid_for_ms {
        options.valid_for_ms = valid_for_ms;
    }
    Ok((operations_from_json(operations).map_err(thrown)?, options))
}

/// The same, as part of a trace.
fn traced(options: SubmitOptions, traceparent: Option<String>) -> Result<SubmitOptions> {
    let trace = read_optional("traceparent", traceparent)?;
    Ok(SubmitOptions { trace, ..options })
}

/// How long a call waits where nobody says otherwise.
#[napi(catch_unwind)]
pub fn default_deadline_ms() -> u32 {
    u32::try_from(allonge::DEFAULT_DEADLINE_MS).unwrap_or(u32::MAX)
}
