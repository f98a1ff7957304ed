//! `allonge init`: a new ledger in a directory.

use std::path::PathBuf;

use allonge::{Clock, Currency, Ledger, OpenOptions, Status, Timestamp};
use serde::Serialize;

use super::open;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::output::{record_table, write_json, write_table};
use crate::registry::known;
use crate::syntax::{Given, Operand, Setting, Syntax};

pub(super) const SYNTAX: Syntax = Syntax {
    words: &["init"],
    purpose: "Make a new ledger in a directory.",
    operands: &[Operand { name: "DIR", meaning: "the directory; it is made if need be", required: true }],
    options: &[
        Setting {
            long: "name",
            short: None,
            value: "NAME",
            meaning: "what people call the network",
            repeats: false,
        },
        Setting {
            long: "clock",
            short: None,
            value: "CLOCK",
            meaning: "system (the default), or manual for tests and demonstrations",
            repeats: false,
        },
        Setting {
            long: "start",
            short: None,
            value: "TIME",
            meaning: "the time before the first block, RFC 3339; by default now",
            repeats: false,
        },
        Setting {
            long: "currency",
            short: None,
            value: "CODE",
            meaning: "a currency in which the operator issues money; may be repeated",
            repeats: true,
        },
    ],
    notes: "The party `operator` holds every office. Keys are made in DIR/keys, readable by you alone. Whoever\n\
            verifies receipts needs DIR/genesis.json, and should pin the network's id.",
};

/// What a new ledger is.
#[derive(Serialize)]
struct Initialised {
    directory: PathBuf,
    /// The file that verifies receipts.
    genesis: PathBuf,
    #[serde(flatten)]
    status: Status,
}

pub(super) fn execute(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let directory = given.path(0);
    let options = options(given)?;
    if Ledger::exists(&directory) {
        return Err(known("store.exists").with("path", directory.display()).into());
    }
    let ledger = open(&directory, options, given, environment)?;
    let status = ledger.status()?;
    ledger.close();
    let answer = Initialised { genesis: directory.join("genesis.json"), directory, status };
    match given.json {
        true => write_json(&answer, environment)?,
        false => write_table(&record_table(&answer), environment)?,
    }
    Ok(())
}

fn options(given: &Given) -> Result<OpenOptions, Failure> {
    let mut options = OpenOptions::default();
    if let Some(name) = given.text("name")? {
        options.name = name.to_owned();
    }
    let clock = given.parsed("clock", |clock| match clock {
        "system" => Ok(Clock::System),
        "manual" => Ok(Clock::Manual),
        _ => Err("a clock is system or manual"),
    })?;
    options.clock = clock.unwrap_or(options.clock);
    options.start = given.parsed("start", Timestamp::parse)?;
    let currencies = given
        .texts("currency")
        .map(|code| {
            let code = code?;
            Currency::parse(code)
                .map_err(|error| crate::registry::usage(format_args!("--currency {code}: {error}")))
        })
        .collect::<Result<Vec<_>, _>>()?;
    if !currencies.is_empty() {
        options.currencies = currencies;
    }
    Ok(options)
}
