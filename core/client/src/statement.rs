//! What was booked to accounts, as files for people and spreadsheets; what accounts held, and the proof of it.

use std::fmt::Write;

use allonge_finance::{Date, Money};
use allonge_ledger::{Account, AccountId, Error, StateReceipt, Statement};
use serde::Serialize;

use crate::receipt::Trust;

/// What an account held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Balance {
    /// Which account.
    pub account: AccountId,
    /// By what was recorded up to this height.
    pub height: u64,
    /// Without what counts after this date; `None` when everything recorded is in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_date: Option<Date>,
    /// What it held.
    pub balance: Money,
    /// How many bookings it had had.
    pub entries: u64,
}

/// What a state receipt proves of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProvenAccount {
    /// The account as it was; `None` when it was not open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// After the block of this height.
    pub height: u64,
    /// The time of that block.
    pub time: allonge_finance::Timestamp,
}

/// Proves from the genesis alone what an account was, or that it was not open.
///
/// `file` are the bytes of a state receipt, as [`Ledger::prove_account`](crate::Ledger::prove_account) makes it.
///
/// Errors: `receipt.malformed`, `receipt.version`, `receipt.wrong_network`, `receipt.invalid`.
pub fn verify_account(file: &[u8], trust: &Trust, account: &AccountId) -> Result<ProvenAccount, Error> {
    let proven = StateReceipt::from_bytes(file)?.verify::<Account>(trust.ledger(), account)?;
    Ok(ProvenAccount { account: proven.record, height: proven.height, time: proven.time })
}

/// A statement as CSV (RFC 4180): the opening balance, a line for each booking, the closing balance. Amounts are
/// plain decimal numbers, times are UTC. The last column names the transaction that a booking reverses, if any.
pub fn statement_csv(statement: &Statement) -> String {
    let mut csv = String::from(
        "entry,height,time,transaction,value_date,counterparty,reference,amount,balance,currency,reverses\r\n",
    );
    let currency = statement.account.currency();
    let number = |money: &Money| money.amount();
    // Writing to memory cannot fail.
    let mut line = |fields: [String; 11]| {
        let fields: Vec<_> = fields.iter().map(|field| quoted(field)).collect();
        let _ = write!(csv, "{}\r\n", fields.join(","));
    };
    let edge = |name: &str, date: Date, balance: &Money| {
        let empty = String::new;
        let [time, currency] = [date.to_string(), currency.to_string()];
        [
            name.to_owned(),
            empty(),
            time,
            empty(),
            empty(),
            empty(),
            empty(),
            empty(),
            number(balance),
            currency,
            empty(),
        ]
    };
    line(edge("opening", statement.first, &statement.opening));
    for entry in &statement.entries {
        line([
            entry.entry.to_string(),
            entry.height.to_string(),
            entry.time.to_string(),
            entry.transaction.to_string(),
            entry.value_date.to_string(),
            entry.counterparty.to_string(),
            entry.reference.clone(),
            number(&entry.amount),
            number(&entry.balance),
            currency.to_string(),
            entry.reverses.map_or_else(String::new, |transaction| transaction.to_string()),
        ]);
    }
    line(edge("closing", statement.last, &statement.closing));
    csv
}

/// A field of CSV: in quotes when it must be.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_quoted_when_it_must_be() {
        for (field, expected) in [
            ("", ""),
            ("invoice 7", "invoice 7"),
            ("a, b", "\"a, b\""),
            ("the \"first\"", "\"the \"\"first\"\"\""),
            ("two\nlines", "\"two\nlines\""),
        ] {
            assert_eq!(quoted(field), expected);
        }
    }
}
