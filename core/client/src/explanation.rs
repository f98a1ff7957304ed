//! Why a transaction came out as it did, and what one would come to: each rule that was asked, with its article.

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use allonge_ledger::registry::TRANSACTION_UNKNOWN;
use allonge_ledger::{Error, Finding};
use serde::Serialize;

use crate::ledger::Ledger;
use crate::receipt::split_verdict;
use crate::records::EventRecord;
use crate::registry::ErrorRecord;

/// What one rule found of one operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RuleFinding {
    /// The operation of the transaction, from 0.
    pub operation: u16,
    /// The rule, by the code of the refusal that it gives: `letter_of_credit.overdrawn`.
    pub code: String,
    /// Where it stands: `UCP 600`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The article: `18(b), 30`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// What it asks, in a sentence in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// The same in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says_zh: Option<String>,
    /// Whether it was kept.
    pub satisfied: bool,
}

impl RuleFinding {
    pub(crate) fn all(findings: &[Finding]) -> Vec<Self> {
        findings
            .iter()
            .map(|Finding { operation, rule, satisfied }| RuleFinding {
                operation: *operation,
                code: rule.code.to_owned(),
                rule: rule.rule.map(str::to_owned),
                article: rule.article.map(str::to_owned),
                says: rule.says.map(|says| says.en.to_owned()),
                says_zh: rule.says.map(|says| says.zh.to_owned()),
                satisfied: *satisfied,
            })
            .collect()
    }
}

/// Why a transaction came out as it did.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Explanation {
    /// The transaction's id.
    pub transaction: Hash,
    /// The height of its block.
    pub height: u64,
    /// The time of its block: the rules judged by it.
    pub time: Timestamp,
    /// Whether it took effect.
    pub committed: bool,
    /// What happened; nothing when it was refused.
    pub events: Vec<EventRecord>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorRecord>,
    /// Every rule of trade that was asked, in order. After one that is violated none is asked.
    pub findings: Vec<RuleFinding>,
}

impl Ledger {
    /// Why a transaction of one of the newest 128 blocks came out as it did: it is executed once more over the state that
    /// it found, and every rule of trade that is asked is listed. Nothing is recorded.
    ///
    /// Errors: `transaction.unknown`; `proof.too_old` for blocks before those, or before the ledger was opened;
    /// `block.pruned`; `store.*`.
    pub fn explain(&self, transaction: &Hash) -> Result<Explanation, Error> {
        let explained = self.shared.read(|ledger| ledger.explain(transaction))?;
        let explained =
            explained.ok_or_else(|| TRANSACTION_UNKNOWN.error().with("transaction", transaction))?;
        let (committed, events, error) = split_verdict(&explained.result.verdict);
        Ok(Explanation {
            transaction: *transaction,
            height: explained.height,
            time: explained.time,
            committed,
            events,
            error,
            findings: RuleFinding::all(&explained.findings),
        })
    }
}
