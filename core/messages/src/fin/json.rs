//! A message as JSON: its original text beside its typed content.
//!
//! The text of a valid message is ASCII, so JSON carries it as a string as it is. There are no free-form keys:
//! fields and components are arrays of records.

use serde::{Deserialize, Serialize};

use super::fault::{FaultCode, Faults, FinError};
use super::message::{FinMessage, MessageContent, parse};

/// A message as a record: what [`FinMessage::to_json`] writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FinRecord {
    /// The text of the message; leave it out to build a message from its content alone.
    pub original: Option<String>,
    /// What the message says.
    pub content: MessageContent,
}

impl FinRecord {
    /// The message that the record stands for, perhaps edited since.
    ///
    /// Where `content` still says what `original` says, the answer is the original message, byte for byte.
    /// Where it was edited, the answer is a new message in canonical form ([`MessageContent::build`]).
    ///
    /// # Errors
    /// Those of [`MessageContent::build`].
    pub fn into_message(self) -> Result<FinMessage, FinError> {
        if let Some(original) = &self.original
            && let Ok(message) = parse(original.as_bytes(), self.content.release)
            && *message.content() == self.content
        {
            return Ok(message);
        }
        self.content.build()
    }
}

impl FinMessage {
    /// The message as a record, for people and other languages.
    pub fn to_record(&self) -> FinRecord {
        FinRecord { original: Some(self.as_str().to_owned()), content: self.content().clone() }
    }

    /// The record as indented JSON.
    ///
    /// `{"original": "{1:F01…", "content": {"release": "SR2025", "basic_header": {…}, "fields": [{"tag": "31D",
    /// "name": "Date and Place of Expiry", "components": [{"name": "expiry_date", "value": {"date":
    /// "2026-06-30"}}, …]}, …], …}}`
    pub fn to_json(&self) -> String {
        // Strings, numbers and arrays only: there is nothing in the record that could fail.
        serde_json::to_string_pretty(&self.to_record()).unwrap_or_default()
    }

    /// Reads what [`FinMessage::to_json`] wrote, perhaps edited since: see [`FinRecord::into_message`].
    ///
    /// # Errors
    /// `JSON` where the text is not such a record, with its line and column in the JSON; all faults of the
    /// edited message otherwise.
    pub fn from_json(json: &str) -> Result<FinMessage, FinError> {
        let mut input = serde_json::Deserializer::from_str(json);
        let record: FinRecord = serde_path_to_error::deserialize(&mut input)
            .map_err(|error| malformed(&error.path().to_string(), error.inner()))?;
        input.end().map_err(|error| malformed("the end", &error))?;
        record.into_message()
    }
}

fn malformed(place: &str, error: &serde_json::Error) -> FinError {
    let number = |n: usize| u32::try_from(n.max(1)).unwrap_or(u32::MAX);
    let mut faults = Faults::default();
    faults.add(
        (number(error.line()), number(error.column())),
        FaultCode::Json,
        format!("the text is not the JSON of a message at {place}: {error}"),
        "edit only the values of what `to_json` wrote",
    );
    FinError::of(faults)
}
