//! `allonge statement`: what was booked to an account in some days.

use allonge::{AccountId, Date, statement_csv};

use super::open_ledger;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::output::{Table, describe_time, write_json, write_table};
use crate::registry::usage;
use crate::syntax::{Given, LEDGER, Operand, Setting, Syntax};

pub(super) const SYNTAX: Syntax = Syntax {
    words: &["statement"],
    purpose: "List what was booked to an account: opening balance, movements, closing balance.",
    operands: &[Operand {
        name: "ACCOUNT",
        meaning: "the account, such as SYNBCNBJXXX/USD/settlement",
        required: true,
    }],
    options: &[
        Setting {
            long: "from",
            short: None,
            value: "DATE",
            meaning: "the first date, by UTC; by default that of the genesis",
            repeats: false,
        },
        Setting {
            long: "to",
            short: None,
            value: "DATE",
            meaning: "the last date, by UTC; by default that of the newest block",
            repeats: false,
        },
        Setting {
            long: "format",
            short: None,
            value: "FORMAT",
            meaning: "table (the default) or csv",
            repeats: false,
        },
        LEDGER,
    ],
    notes: "Each movement names its transaction, whose receipt proves the movement, its number and the balance after\n\
            it: two receipts with consecutive numbers prove the balance between them.",
};

pub(super) fn execute(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let name = given.operand(0).unwrap_or_default().to_string_lossy();
    let account: AccountId = name.parse().map_err(|error| usage(format_args!("{name}: {error}")))?;
    let csv = given.parsed("format", |format| match format {
        "table" => Ok(false),
        "csv" => Ok(true),
        _ => Err("a format is table or csv"),
    })?;
    let (first, last) = (given.parsed("from", Date::parse)?, given.parsed("to", Date::parse)?);
    let ledger = open_ledger(given, environment)?;
    let first = first.unwrap_or_else(|| ledger.trust().genesis().created.utc_date());
    let last = last.map_or_else(|| ledger.status().map(|status| status.time.utc_date()), Ok)?;
    let statement = ledger.statement(&account, first, last)?;
    ledger.close();
    if given.json {
        return Ok(write_json(&statement, environment)?);
    }
    if csv == Some(true) {
        return Ok(environment.output.write_all(statement_csv(&statement).as_bytes())?);
    }
    let mut table =
        Table::new(&["entry", "time", "value date", "counterparty", "reference", "amount", "balance"]);
    let edge = |word: &str, date: Date, balance: String| {
        let empty = String::new;
        [word.to_owned(), date.to_string(), empty(), empty(), empty(), empty(), balance]
    };
    table.row(edge("opening", statement.first, statement.opening.to_string()));
    for entry in &statement.entries {
        table.row([
            entry.entry.to_string(),
            describe_time(entry.time),
            entry.value_date.to_string(),
            entry.counterparty.to_string(),
            entry.reference.clone(),
            entry.amount.to_string(),
            entry.balance.to_string(),
        ]);
    }
    table.row(edge("closing", statement.last, statement.closing.to_string()));
    Ok(write_table(&table, environment)?)
}
