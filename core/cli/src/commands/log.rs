//! `allonge log`: what happened on a ledger, in order.

use allonge::LogEntry;

use super::open_ledger;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::output::{Progress, Table, describe_event, describe_refusal, describe_time, write_table};
use crate::syntax::{Given, LEDGER, Setting, Syntax};

pub(super) const SYNTAX: Syntax = Syntax {
    words: &["log"],
    purpose: "List what happened on a ledger, in order.",
    operands: &[],
    options: &[
        LEDGER,
        Setting {
            long: "after",
            short: None,
            value: "CURSOR",
            meaning: "begin behind the entry with this cursor",
            repeats: false,
        },
        Setting {
            long: "limit",
            short: None,
            value: "N",
            meaning: "at most so many transactions; by default all",
            repeats: false,
        },
    ],
    notes: "With --json the answer is {\"entries\": […], \"cursor\": …}: pass the cursor to --after to continue.",
};

/// Entries are read and written in batches of this size, so that a long log needs little memory.
const BATCH: usize = 1_000;

pub(super) fn execute(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let limit = given.parsed("limit", str::parse::<usize>)?.unwrap_or(usize::MAX);
    let after = given.text("after")?;
    let ledger = open_ledger(given, environment)?;
    let mut entries = ledger.subscribe(after)?;
    // Rows that run over a terminal are progress enough.
    let piped = environment.output_columns.is_none();
    let _progress = piped.then(|| Progress::begin("reading the log", None, given, environment));

    let mut cursor = after.map(str::to_owned);
    let mut written = 0_usize;
    if given.json {
        write!(environment.output, "{{\n\"entries\": [")?;
    }
    while written < limit {
        let batch = entries.poll_batch(BATCH.min(limit.saturating_sub(written)))?;
        let Some(last) = batch.last() else { break };
        cursor = Some(last.cursor.clone());
        if given.json {
            write_entries(&batch, written == 0, environment)?;
        } else {
            write_rows(&batch, written == 0, environment)?;
        }
        written = written.saturating_add(batch.len());
    }
    if given.json {
        // A cursor is plain text or null.
        let cursor = serde_json::to_string(&cursor).unwrap_or_default();
        writeln!(environment.output, "\n],\n\"cursor\": {cursor}\n}}")?;
    }
    ledger.close();
    Ok(())
}

fn write_entries(batch: &[LogEntry], first: bool, environment: &mut Environment<'_>) -> Result<(), Failure> {
    for (place, entry) in batch.iter().enumerate() {
        let comma = if first && place == 0 { "\n" } else { ",\n" };
        environment.output.write_all(comma.as_bytes())?;
        serde_json::to_writer(&mut environment.output, entry).map_err(std::io::Error::from)?;
    }
    Ok(())
}

/// The id of a transaction has no room in a column of a terminal: there it stands below the entry.
fn write_rows(batch: &[LogEntry], first: bool, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let piped = environment.output_columns.is_none();
    let header = ["cursor", "time", "who", "what", "article", "amount", "transaction"];
    let header = if piped { &header[..] } else { &header[..6] };
    let mut table = Table::new(if first { header } else { &[] });
    for entry in batch {
        let lines: Vec<[String; 3]> = match &entry.error {
            Some(error) => vec![describe_refusal(error)],
            None => entry.events.iter().map(describe_event).collect(),
        };
        for (place, [what, article, amount]) in lines.into_iter().enumerate() {
            let once = |text: String| if place == 0 { text } else { String::new() };
            let mut row = vec![
                once(entry.cursor.clone()),
                once(describe_time(entry.time)),
                once(entry.author.to_string()),
                what,
                article,
                amount,
            ];
            row.extend(piped.then(|| once(entry.transaction.to_string())));
            table.row(row);
        }
        if !piped {
            table.line(&format!("  {}", entry.transaction));
        }
    }
    Ok(write_table(&table, environment)?)
}
