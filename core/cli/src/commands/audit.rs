//! `allonge backup`, `snapshot`, `restore`, `replay` and `prune`: copies of a ledger, whether one holds, and how much of it
//! is kept.

use std::path::{Path, PathBuf};

use allonge::records::MAX_JSON_BYTES;
use allonge::{BackupRecord, Hash, KeptRecord, ReplayRecord, SnapshotRecord, Trust};
use serde::Serialize;

use super::{existing_directory, open_ledger, read_text};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::output::{Progress, record_table, write_json, write_table};
use crate::registry::usage;
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

pub(super) const SNAPSHOT: Syntax = Syntax {
    words: &["snapshot"],
    purpose: "Write the newest state to a file, with which a ledger can begin.",
    operands: &[Operand { name: "FILE", meaning: "the file, which is not there yet", required: true }],
    options: &[LEDGER],
    notes: "It has all idempotency keys and the blocks of the last 90 days, and no keys of parties.",
};

pub(super) const RESTORE: Syntax = Syntax {
    words: &["restore"],
    purpose: "Make a ledger of a backup or a snapshot that holds.",
    operands: &[
        Operand { name: "FILE", meaning: "the backup or snapshot", required: true },
        Operand { name: "DIR", meaning: "the directory; it is made if need be", required: true },
    ],
    options: &[TRUST, CHECKPOINT],
    notes: "A backup is executed again first; a snapshot is proven from the genesis file, which it needs.\nTo open the \
            ledger, put the keys of the old one into DIR/keys.",
};

pub(super) const PRUNE: Syntax = Syntax {
    words: &["prune"],
    purpose: "Drop old blocks of a ledger that nobody has open.",
    operands: &[],
    options: &[LEDGER, KEEP],
    notes: "The blocks of the last 90 days stay, and all receipts stay valid. A pruned ledger has no backup, but snapshots.",
};

const CHECKPOINT: Setting = Setting {
    long: "checkpoint",
    short: None,
    value: "HEIGHT:DIGEST",
    meaning: "a header that the history of a snapshot must have",
    repeats: false,
};

const KEEP: Setting = Setting {
    long: "keep",
    short: None,
    value: "BLOCKS",
    meaning: "at least so many of the newest blocks stay",
    repeats: false,
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

/// A snapshot that was written.
#[derive(Serialize)]
struct WrittenSnapshot {
    file: PathBuf,
    #[serde(flatten)]
    snapshot: SnapshotRecord,
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

pub(super) fn snapshot(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let file = given.path(0);
    let ledger = open_ledger(given, environment)?;
    let snapshot = {
        let _progress = Progress::begin("writing the snapshot", None, given, environment);
        ledger.write_snapshot(&file)?
    };
    ledger.close();
    let answer = WrittenSnapshot { file, snapshot };
    match given.json {
        true => write_json(&answer, environment)?,
        false => write_table(&record_table(&answer), environment)?,
    }
    Ok(())
}

pub(super) fn prune(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let keep = given.parsed("keep", str::parse::<u64>)?.unwrap_or_default();
    let directory = existing_directory(given, environment)?;
    let kept = {
        let _progress = Progress::begin("pruning", None, given, environment);
        allonge::prune(directory, keep)?
    };
    tell_kept(kept, given, environment)
}

fn restore_snapshot(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let trust = trust(given, environment)?;
    let trust = trust.ok_or_else(|| usage("a snapshot is restored only with --trust GENESIS"))?;
    let checkpoint = given.parsed("checkpoint", read_checkpoint)?;
    let kept = {
        let _progress = Progress::begin("proving it", None, given, environment);
        allonge::restore_snapshot(given.path(0), given.path(1), &trust, checkpoint)?
    };
    tell_kept(kept, given, environment)
}

fn read_checkpoint(text: &str) -> Result<(u64, Hash), &'static str> {
    let wrong = "it is a height, a colon, and 64 hexadecimal digits";
    let (height, digest) = text.split_once(':').ok_or(wrong)?;
    Ok((height.parse().map_err(|_| wrong)?, digest.parse().map_err(|_| wrong)?))
}

fn tell_kept(kept: KeptRecord, given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    match given.json {
        true => write_json(&kept, environment)?,
        false => write_table(&record_table(&kept), environment)?,
    }
    Ok(())
}

pub(super) fn restore(given: &Given, environment: &mut Environment<'_>) -> Result<(), Failure> {
    if allonge::is_snapshot(given.path(0))? {
        return restore_snapshot(given, environment);
    }
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
