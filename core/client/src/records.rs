//! Records: what crosses the border to other languages as JSON, read with errors that say where.

use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::{Clock, Error, Governed, LedgerOperation, ProposalId, ProposalOperation};
use allonge_trade::{TradeEvent, TradeOperation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::registry::{ErrorRecord, INPUT_INVALID};

/// One thing that a transaction does.
pub type Operation = allonge_ledger::Operation<TradeOperation>;
/// One thing that happened.
pub type Event = allonge_ledger::Event<TradeEvent>;
/// Operations of a party that wait for more signatures, and what has become of them.
pub type Proposal = allonge_ledger::PartyProposal<TradeOperation>;

/// JSON that an application passes has at most this many bytes.
pub const MAX_JSON_BYTES: usize = 16 << 20;

/// Reads a record from JSON.
///
/// Errors: `input.invalid`, which says where and why.
pub fn from_json<T: DeserializeOwned>(json: &str, what: &str) -> Result<T, Error> {
    if json.len() > MAX_JSON_BYTES {
        return Err(invalid(what, "", "it has more than 16 MiB"));
    }
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| invalid(what, &error.path().to_string(), error.inner()))?;
    deserializer.end().map_err(|error| invalid(what, "", error))?;
    Ok(value)
}

/// Reads a record from a JSON value.
///
/// Errors: `input.invalid`, which says where and why.
pub fn from_value<T: DeserializeOwned>(value: Value, what: &str) -> Result<T, Error> {
    serde_path_to_error::deserialize(value)
        .map_err(|error| invalid(what, &error.path().to_string(), error.inner()))
}

/// Reads one operation, or a list of them, from JSON.
///
/// Errors: `input.invalid`, which says where and why.
pub fn operations_from_json(json: &str) -> Result<Vec<Operation>, Error> {
    operations_from_value(from_json(json, "operations")?)
}

/// Reads one operation, or a list of them, from a JSON value.
///
/// Errors: `input.invalid`, which says where and why.
pub fn operations_from_value(value: Value) -> Result<Vec<Operation>, Error> {
    match value {
        Value::Array(values) => values
            .into_iter()
            .enumerate()
            .map(|(index, value)| operation(value, &format!("operations[{index}]")))
            .collect(),
        value => Ok(vec![operation(value, "operation")?]),
    }
}

fn operation(value: Value, what: &str) -> Result<Operation, Error> {
    let kind = value.get("type").and_then(Value::as_str);
    let Some(kind) = kind else {
        return Err(invalid(what, "type", "missing; it says which operation this is"));
    };
    if LedgerOperation::KINDS.contains(&kind) {
        from_value::<LedgerOperation>(value, what).map(Operation::Ledger)
    } else if ProposalOperation::<()>::KINDS.contains(&kind) {
        proposal_operation(value, what).map(Operation::Proposal)
    } else {
        from_value::<TradeOperation>(value, what).map(Operation::Rules)
    }
}

/// An operation on a proposal, with what is proposed as it came.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum ProposalInput {
    Propose { proposal: ProposalId, operations: Vec<Value>, expires_at: Timestamp },
    ApproveProposal { proposal: ProposalId, operations_hash: allonge_crypto::Hash },
    WithdrawProposal { proposal: ProposalId },
}

fn proposal_operation(value: Value, what: &str) -> Result<ProposalOperation<TradeOperation>, Error> {
    Ok(match from_value(value, what)? {
        ProposalInput::Propose { proposal, operations, expires_at } => {
            let operations = operations
                .into_iter()
                .enumerate()
                .map(|(index, value)| proposed(value, &format!("{what}.operations[{index}]")))
                .collect::<Result<_, Error>>()?;
            ProposalOperation::Propose { proposal, operations, expires_at }
        }
        ProposalInput::ApproveProposal { proposal, operations_hash } => {
            ProposalOperation::ApproveProposal { proposal, operations_hash }
        }
        ProposalInput::WithdrawProposal { proposal } => ProposalOperation::WithdrawProposal { proposal },
    })
}

/// An operation that may stand in a proposal: every one but those on proposals.
fn proposed(value: Value, what: &str) -> Result<Operation, Error> {
    match value.get("type").and_then(Value::as_str) {
        Some(kind) if ProposalOperation::<()>::KINDS.contains(&kind) => {
            Err(invalid(what, "type", format_args!("{kind} cannot be proposed")))
        }
        _ => operation(value, what),
    }
}

/// Input that is not of its form: where, and why.
pub(crate) fn invalid(what: &str, path: &str, reason: impl std::fmt::Display) -> Error {
    let place = match path {
        "" | "." => what.to_owned(),
        path => format!("{what}.{path}"),
    };
    INPUT_INVALID.error().with("where", place).with("reason", reason)
}

/// An event, with the rule that it follows.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventRecord {
    /// The rule: `UCP 600`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The article of that rule: `7(b)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// What happened.
    pub event: Event,
}

pub(crate) fn event_records(events: &[Event]) -> Vec<EventRecord> {
    events
        .iter()
        .map(|event| {
            let article = match event {
                Event::Ledger(_) => None,
                Event::Rules(event) => event.article(),
            };
            EventRecord {
                rule: article.map(|article| article.rule.to_string()),
                article: article.map(|article| article.article.to_string()),
                event: event.clone(),
            }
        })
        .collect()
}

/// A transaction of the ledger and what became of it: one line of `allonge log`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LogEntry {
    /// Pass it to continue behind this entry.
    pub cursor: String,
    /// The height of the block.
    pub height: u64,
    /// The time of the block.
    pub time: Timestamp,
    /// The transaction's id.
    pub transaction: allonge_crypto::Hash,
    /// The party that submitted it.
    pub author: PartyId,
    /// What was to be done.
    pub operations: Vec<Operation>,
    /// Whether it took effect.
    pub committed: bool,
    /// What happened; nothing when it was refused.
    pub events: Vec<EventRecord>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorRecord>,
}

/// Where a ledger stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Status {
    /// The network's id.
    pub network: allonge_crypto::Hash,
    /// What people call the network.
    pub name: String,
    /// Where block time comes from.
    pub clock: Clock,
    /// The newest height; 0 before the first block.
    pub height: u64,
    /// The time of the newest block.
    pub time: Timestamp,
    /// The root of the newest state.
    pub state_root: allonge_crypto::Hash,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_where_in_the_record_the_mistake_is() {
        let error = operations_from_json(
            r#"[{"type":"transfer","from":"operator/USD/issue","to":"operator/USD/cash",
                 "amount":{"amount":1.5,"currency":"USD"},"reference":""}]"#,
        )
        .unwrap_err();
        assert_eq!(error.code(), "input.invalid");
        assert!(error.detail("where").unwrap().starts_with("operations[0]"), "{error}");

        let error = operations_from_json(r#"{"party":"operator"}"#).unwrap_err();
        assert_eq!(error.detail("where"), Some("operation.type"));
    }

    #[test]
    fn every_operation_is_known_by_its_type() {
        for kind in [LedgerOperation::KINDS, ProposalOperation::<()>::KINDS, TradeOperation::KINDS].concat() {
            let error = operations_from_json(&format!(r#"{{"type":"{kind}"}}"#)).unwrap_err();
            let reason = error.detail("reason").unwrap();
            assert!(reason.contains("missing field"), "{kind}: {reason}");
        }
    }

    #[test]
    fn what_is_proposed_is_read_as_if_it_were_submitted() {
        let propose = |operation: &str| {
            operations_from_json(&format!(
                r#"{{"type":"propose","proposal":"SYNBCNBJXXX/1","operations":[{operation}],
                     "expires_at":"2026-03-02T00:00:00.000Z"}}"#
            ))
        };
        let close = r#"{"type":"close_credit","credit":"SYNBCNBJXXX/LC2026001"}"#;
        let read = propose(close).unwrap();
        assert_eq!(operations_from_json(&serde_json::to_string(&read).unwrap()).unwrap(), read);
        let error = propose(r#"{"type":"close_credit"}"#).unwrap_err();
        assert_eq!(error.detail("where"), Some("operation.operations[0]"));
        let nested = propose(r#"{"type":"withdraw_proposal","proposal":"SYNBCNBJXXX/2"}"#).unwrap_err();
        assert_eq!(nested.detail("where"), Some("operation.operations[0].type"));
    }

    #[test]
    fn an_unknown_operation_is_named() {
        let error = operations_from_json(r#"{"type":"issue_cheque"}"#).unwrap_err();
        assert!(error.to_string().contains("issue_cheque"), "{error}");
    }
}
