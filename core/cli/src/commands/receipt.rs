//! `allonge receipt`: the proof of a transaction, as a file.

use std::path::PathBuf;

use allonge::Hash;
use serde::Serialize;

use super::open_ledger;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::output::{record_table, write_json, write_table};
use crate::registry::usage;
use crate::syntax::{Given, LEDGER, Operand, Setting, Syntax};

pub(super) const SYNTAX: Syntax = Syntax {
    words: &["receipt"],
    purpose: "Write the receipt of a transaction to a file.",
    operands: &[Operand {
        name: "TRANSACTION",
        meaning: "its id, 64 hexadecimal digits, as allonge log shows it",
        required: true,
    }],
    options: &[
        Setting {
            long: "output",
            short: Some('o'),
            value: "FILE",
            meaning: "the file to write",
            repeats: false,
        },
        LEDGER,
    ],
    notes: "A receipt proves the transaction and its result with nothing but the genesis: allonge verify.",
};

/// What was written.
#[derive(Serialize)]
struct Written {
    transaction: Hash,
    file: PathBuf,
    bytes: usize,
}

pub(super) fn execute(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let id = given.operand(0).unwrap_or_default().to_string_lossy();
    let transaction: Hash = id.parse().map_err(|error| usage(format_args!("{id}: {error}")))?;
    let file =
        given.raw("output").map(PathBuf::from).ok_or_else(|| usage("no file is named; give -o FILE"))?;
    let ledger = open_ledger(given, environment)?;
    let receipt = ledger.receipt(&transaction)?;
    ledger.close();
    receipt.save(&file)?;
    let answer = Written { transaction, file, bytes: receipt.to_bytes().len() };
    match given.json {
        true => write_json(&answer, environment)?,
        false => write_table(&record_table(&answer), environment)?,
    }
    Ok(())
}
