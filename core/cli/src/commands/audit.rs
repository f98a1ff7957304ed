//! `allonge backup`, `restore` and `replay`: copies of a ledger, and whether one holds.

use std::path::{Path, PathBuf};

use allonge::records::MAX_JSON_BYTES;
use allonge::{BackupRecord, ReplayRecord, Trust};
use serde::Serialize;

use super::{open_ledger, read_text};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::output::{Progress, record_table, write_json, write_table};
use crate::syntax::{Given, LEDGER, Operand, Setting, Syntax};

const TRUST: Setting = Setting {
    long: "trust",
    short: None,
    value: "GENESIS",
    meaning: "the genesis file that it must be the ledger of",
    repeats: false,
};

pub(super) const BACKUP: Syntax = Syntax {
    words: &["backup"],
    purpose: "Write everything committed so far to a file.",
    operands: &[Operand { name: "FILE", meaning: "the file, which is not there yet", required: true }],
    options: &[LEDGER],
    notes: "The file has no keys: keep DIR/keys apart, and secret. allonge replay checks a backup.",
};

pub(super) const RESTORE: Syntax = Syntax {
    words: &["restore"],
    purpose: "Make a ledger of a backup that holds.",
    operands: &[
        Operand { name: "FILE", meaning: "the backup", required: true },
        Operand { name: "DIR", meaning: "the directory; it is made if need be", required: true },
    ],
    options: &[TRUST],
    notes: "The backup is executed again first. To open the ledger, put the keys of the old one into DIR/keys.",
};

pub(super) const REPLAY: Syntax = Syntax {
    words: &["replay"],
    purpose: "Execute a ledger again from its genesis, and name the first height that does not hold.",
    operands: &[Operand { name: "FILE", meaning: "a backup, or the blocks.log of a ledger", required: true }],
    options: &[TRUST],
    notes: "Every certificate, header, signature, result and state root is checked. No ledger is asked.",
};

/// What was written.
#[derive(Serialize)]
struct Written {
    file: PathBuf,
    #[serde(flatten)]
    backup: BackupRecord,
}

/// What holds.
#[derive(Serialize)]
struct Holds {
    valid: bool,
    #[serde(flatten)]
    replayed: ReplayRecord,
}

pub(super) fn backup(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let file = given.path(0);
    let ledger = open_ledger(given, environment)?;
    let backup = {
        let _progress = Progress::begin("writing the backup", None, given, environment);
        ledger.backup(&file)?
    };
    ledger.close();
    let answer = Written { file, backup };
    match given.json {
        true => write_json(&answer, environment)?,
        false => write_table(&record_table(&answer), environment)?,
    }
    Ok(())
}

pub(super) fn restore(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let trust = trust(given, environment)?;
    let replayed = {
        let progress = Progress::begin("executing it again", None, given, environment);
        allonge::restore(given.path(0), given.path(1), trust.as_ref(), |_| progress.step())?
    };
    tell(replayed, given, environment)
}

pub(super) fn replay(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let trust = trust(given, environment)?;
    let replayed = {
        let progress = Progress::begin("executing it again", None, given, environment);
        allonge::replay(given.path(0), trust.as_ref(), |_| progress.step())?
    };
    tell(replayed, given, environment)
}

fn trust(given: &Given, environment: &mut Environment<'_>) -> Result<Option<Trust>, Failure> {
    let Some(genesis) = given.raw("trust") else { return Ok(None) };
    Ok(Some(Trust::from_json(&read_text(Path::new(genesis), MAX_JSON_BYTES, environment)?)?))
}

fn tell(replayed: ReplayRecord, given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let answer = Holds { valid: true, replayed };
    match given.json {
        true => write_json(&answer, environment)?,
        false => write_table(&record_table(&answer), environment)?,
    }
    Ok(())
}
