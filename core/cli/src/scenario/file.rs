//! The form of a scenario's file.

use std::path::PathBuf;

use allonge::messages::mapping::MappingOptions;
use allonge::{AccountId, Clock, Currency, Error, OpenOptions, PartyId, Timestamp, records};
use serde::Deserialize;
use serde_json::Value;

use crate::registry::SCENARIO_INVALID;

/// A scenario as its file says it. Records have the shapes that they have everywhere.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    /// What it is called. With a step's id it makes that step's idempotency key.
    pub name: String,
    /// The ledger to make where there is none.
    pub ledger: Option<NewLedger>,
    /// Who is admitted.
    #[serde(default)]
    pub parties: Vec<NewParty>,
    /// Which accounts are opened, and with how much money.
    #[serde(default)]
    pub accounts: Vec<NewAccount>,
    /// Keys beside those of the ledger's directory, for steps that sign with the wrong one.
    #[serde(default)]
    pub keys: Vec<String>,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// A ledger to make.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLedger {
    pub name: Option<String>,
    pub clock: Option<Clock>,
    pub start: Option<Timestamp>,
    pub currencies: Option<Vec<Currency>>,
}

/// A party to admit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewParty {
    pub id: PartyId,
    pub name: String,
}

/// An account to open.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAccount {
    pub id: AccountId,
    /// How much the currency's settlement agent transfers to it.
    pub funded: Option<String>,
}

/// One step: exactly one of `operation`, `operations`, `mt700` and `advance_to`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// Its name, unique in the scenario.
    pub id: String,
    /// Who submits.
    pub author: Option<PartyId>,
    /// What is submitted.
    pub operation: Option<Value>,
    /// What is submitted together.
    pub operations: Option<Vec<Value>>,
    /// The MT700 whose credit is issued, relative to the scenario's file.
    pub mt700: Option<PathBuf>,
    /// The credit's number, where it is to be another than the message's.
    pub number: Option<String>,
    /// What the message does not say and the issuing bank decides.
    #[serde(default)]
    pub mapping: MappingOptions,
    /// To when the manual clock moves, unless it is past that.
    pub advance_to: Option<Timestamp>,
    /// One of the scenario's keys, to sign with instead of the author's own.
    pub signer: Option<String>,
    /// An earlier step whose idempotency key is used again; without `expect`, its answer is expected.
    pub key_of: Option<String>,
    /// The code of the refusal that is expected.
    pub expect: Option<String>,
}

impl Scenario {
    /// Reads the text of a file.
    ///
    /// Errors: `scenario.invalid`, `input.invalid`.
    pub(crate) fn from_toml(text: &str) -> Result<Scenario, Error> {
        let table: toml::Table = toml::from_str(text).map_err(|error| {
            SCENARIO_INVALID.error().with("where", "TOML").with("reason", &error).because(error)
        })?;
        records::from_value(json(toml::Value::Table(table)), "scenario")
    }
}

impl NewLedger {
    pub(crate) fn options(&self) -> OpenOptions {
        let standard = OpenOptions::default();
        OpenOptions {
            name: self.name.clone().unwrap_or(standard.name),
            clock: self.clock.unwrap_or(standard.clock),
            start: self.start.or(standard.start),
            currencies: self.currencies.clone().unwrap_or(standard.currencies),
            ..standard
        }
    }
}

/// TOML's dates and times become text: records read them from that.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(truth) => Value::Bool(truth),
        toml::Value::Datetime(time) => Value::String(time.to_string()),
        toml::Value::Array(items) => Value::Array(items.into_iter().map(json).collect()),
        toml::Value::Table(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, json(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_may_stand_with_or_without_quotation_marks() {
        let read = |time: &str| {
            let text = format!("name = \"n\"\n[[steps]]\nid = \"s\"\nadvance_to = {time}\n");
            Scenario::from_toml(&text).unwrap().steps[0].advance_to
        };
        let expected = Some(Timestamp::parse("2026-03-02T01:00:00Z").unwrap());
        assert_eq!(read("2026-03-02T09:00:00+08:00"), expected);
        assert_eq!(read("\"2026-03-02T01:00:00Z\""), expected);
    }

    #[test]
    fn a_mistake_is_placed() {
        let misspelt = "name = \"n\"\n[[steps]]\nid = \"s\"\nadvance = 1\n";
        let error = Scenario::from_toml(misspelt).unwrap_err();
        assert_eq!(error.code(), "input.invalid");
        assert_eq!(error.detail("where"), Some("scenario.steps[0].advance"));
        assert_eq!(Scenario::from_toml("name = ").unwrap_err().code(), "scenario.invalid");
    }
}
