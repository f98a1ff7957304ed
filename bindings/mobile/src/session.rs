//! A party acting on a ledger.

use allonge::records::operations_from_json;
use allonge::{Operation, SubmitOptions};

use crate::error::Failure;
use crate::json::{from_text, to_json};
use crate::submission::Submission;

/// A party acting on a ledger.
#[derive(uniffi::Object)]
pub struct Session(pub(crate) allonge::Session);

#[uniffi::export]
impl Session {
    /// Who acts.
    pub fn party(&self) -> String {
        self.0.party().to_string()
    }

    /// The key that signs.
    pub fn public_key(&self) -> String {
        self.0.public_key().to_string()
    }

    /// All keys that sign.
    pub fn public_keys(&self) -> Vec<String> {
        self.0.public_keys().iter().map(ToString::to_string).collect()
    }

    /// Signs one operation or a list of them, as JSON, and hands them over.
    pub async fn start(
        &self,
        operations_json: String,
        key: Option<String>,
        valid_for_ms: Option<i64>,
        traceparent: Option<String>,
    ) -> Result<Submission, Failure> {
        let (operations, options) = transaction(&operations_json, key, valid_for_ms)?;
        let trace = traceparent.map(|text| from_text(&text, "traceparent")).transpose()?;
        let options = SubmitOptions { trace, ..options };
        Ok(Submission(self.0.start(operations, options)?))
    }

    /// What submitting them now would come to, as JSON.
    pub fn preview(
        &self,
        operations_json: String,
        key: Option<String>,
        valid_for_ms: Option<i64>,
    ) -> Result<String, Failure> {
        let (operations, options) = transaction(&operations_json, key, valid_for_ms)?;
        Ok(to_json(&self.0.preview(operations, options)?))
    }

    /// What submitting them at a later time would come to, as JSON.
    pub fn what_if(&self, operations_json: String, at: String) -> Result<String, Failure> {
        let (operations, _) = transaction(&operations_json, None, None)?;
        Ok(to_json(&self.0.what_if(operations, from_text(&at, "at")?)?))
    }

    /// The signed transaction.
    pub fn prepare(
        &self,
        operations_json: String,
        key: Option<String>,
        valid_for_ms: Option<i64>,
    ) -> Result<Vec<u8>, Failure> {
        let (operations, options) = transaction(&operations_json, key, valid_for_ms)?;
        Ok(self.0.prepare(operations, options)?)
    }

    /// Adds this session's signatures to a transaction that was prepared elsewhere.
    pub fn cosign(&self, transaction: Vec<u8>) -> Result<Vec<u8>, Failure> {
        Ok(self.0.cosign(&transaction)?)
    }
}

/// What a transaction is made of.
fn transaction(
    operations_json: &str,
    key: Option<String>,
    valid_for_ms: Option<i64>,
) -> Result<(Vec<Operation>, SubmitOptions), Failure> {
    let mut options = SubmitOptions::default();
    options.key = key.map(|key| from_text(&key, "key")).transpose()?;
    options.valid_for_ms = valid_for_ms.unwrap_or(options.valid_for_ms);
    Ok((operations_from_json(operations_json)?, options))
}

/// How long a call waits where nobody says otherwise, in milliseconds.
#[uniffi::export]
pub fn default_deadline_ms() -> u64 {
    allonge::DEFAULT_DEADLINE_MS
}
