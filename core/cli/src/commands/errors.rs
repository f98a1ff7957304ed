//! `allonge errors`: the registry of all errors.

use crate::environment::Environment;
use crate::failure::Failure;
use crate::output::{Table, article, record_table, write_json, write_table};
use crate::registry::{all, usage};
use crate::syntax::{Given, Operand, Syntax};

pub(super) const SYNTAX: Syntax = Syntax {
    words: &["errors"],
    purpose: "List every error: its code, what it says, who must act, and the rule behind it.",
    operands: &[Operand { name: "CODE", meaning: "only this error, in full", required: false }],
    options: &[],
    notes: "Codes are stable. {name} stands for a particular of the case.",
};

pub(super) fn execute(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let entries = all();
    if let Some(code) = given.operand(0) {
        let entry = entries
            .iter()
            .find(|entry| *code == *entry.code)
            .ok_or_else(|| usage(format_args!("{} is no code of an error", code.to_string_lossy())))?;
        match given.json {
            true => write_json(entry, environment)?,
            false => write_table(&record_table(entry), environment)?,
        }
        return Ok(());
    }
    if given.json {
        return Ok(write_json(&entries, environment)?);
    }
    let mut table = Table::new(&["code", "message", "remedy", "article"]);
    for entry in entries {
        let article = article(entry.rule, entry.article);
        table.row([entry.code, entry.message, entry.remedy, &article].map(str::to_owned));
    }
    Ok(write_table(&table, environment)?)
}
