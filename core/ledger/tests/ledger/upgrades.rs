//! A governed height switches the rules, and each block is judged by the rules that were in force.

use allonge_ledger::{
    Context, Embedded, Entry, Error, LedgerOperation, MAX_LAG, Operation, Rules, Settings, replay_log,
};

use crate::world::*;

/// What is scheduled in block 2 is in force here at the earliest: by then every host has executed that block before
/// it orders another.
const FROM: u64 = 2 + MAX_LAG + 1;

/// The rules of notes with a second version, which refuses notes that begin with `old`.
struct NewerNotes;

impl Rules for NewerNotes {
    type Operation = NoteOperation;
    type Event = NoteEvent;
    const VERSION: u32 = 2;

    fn errors() -> &'static [&'static Entry] {
        ERRORS
    }

    fn apply(&self, context: &mut Context<'_, NoteEvent>, operation: &NoteOperation) -> Result<(), Error> {
        match operation {
            NoteOperation::WriteNote { text } if context.rules_version() >= 2 && text.starts_with("old") => {
                Err(NOTE_REFUSED.error().with("text", text))
            }
            other => Notes.apply(context, other),
        }
    }
}

fn schedule(version: u32, from_height: u64) -> Operation<NoteOperation> {
    Operation::Ledger(LedgerOperation::ScheduleRules { version, from_height })
}

/// Version 2 is scheduled in block 2, from height [`FROM`] on. Every block but that has the same kind of note.
fn upgraded(directory: &std::path::Path, blocks: u64) -> Embedded<NewerNotes> {
    let signer = Box::new(signer(VALIDATOR));
    let mut ledger =
        Embedded::create(directory, genesis(1), NewerNotes, signer, Settings::default()).unwrap();
    for height in 1..=blocks {
        let next = match height {
            2 => transaction(SUPERVISOR, 2, [schedule(2, FROM)]),
            _ => transaction(ALICE, height, [note(&format!("old {height}"))]),
        };
        ledger.commit(at(1), &[next]).unwrap().remove(0).unwrap();
    }
    ledger
}

fn versions_and_refusals(ledger: &Embedded<NewerNotes>) -> Vec<(u32, bool)> {
    (1..=ledger.height())
        .map(|height| {
            let block = ledger.block(height).unwrap();
            // The verdict stands behind the transaction's id: 0 took effect, 1 was refused.
            (block.header.rules_version, block.results[0][32] == 1)
        })
        .collect()
}

#[test]
fn a_governed_height_switches_the_rules() {
    let directory = tempfile::tempdir().unwrap();
    let expected: Vec<_> =
        (1..=FROM + 2).map(|height| if height < FROM { (1, false) } else { (2, true) }).collect();
    assert_eq!(versions_and_refusals(&upgraded(directory.path(), FROM + 2)), expected);
}

#[test]
fn a_replay_judges_each_block_by_the_rules_that_were_in_force() {
    let directory = tempfile::tempdir().unwrap();
    let root = upgraded(directory.path(), FROM + 2).state_root();
    let log = directory.path().join("blocks.log");
    let replayed = replay_log(&log, &NewerNotes, Settings::default(), |_| ()).unwrap();
    assert_eq!((replayed.height, replayed.state_root), (FROM + 2, root));
    let opened =
        Embedded::open(directory.path(), NewerNotes, Box::new(signer(VALIDATOR)), Settings::default());
    assert_eq!(opened.unwrap().state_root(), root);
}

#[test]
fn software_without_the_new_rules_stops_at_the_height_and_harms_nothing() {
    let directory = tempfile::tempdir().unwrap();
    drop(upgraded(directory.path(), FROM - 1));
    let mut older = open(directory.path()).unwrap();
    let error = older.commit(at(2), &[]).unwrap_err();
    assert_eq!((error.code(), error.detail("version")), ("rules.unknown", Some("2")));
    drop(older);
    let newer = tempfile::tempdir().unwrap();
    let root = upgraded(newer.path(), FROM + 2).state_root();
    assert_eq!(refused(open(newer.path())).code(), "rules.unknown");
    let opened = Embedded::open(newer.path(), NewerNotes, Box::new(signer(VALIDATOR)), Settings::default());
    assert_eq!(opened.unwrap().state_root(), root);
}

#[test]
fn only_the_supervisor_schedules_rules_and_only_later_ones_from_a_later_height_on() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = upgraded(directory.path(), 2);
    let mut key = 100;
    let mut code = |author, version, from_height| {
        key += 1;
        let refusal = ledger.commit(at(1), &[transaction(author, key, [schedule(version, from_height)])]);
        let id = refusal.unwrap().remove(0).unwrap();
        let receipt = ledger.receipt(&id).unwrap().unwrap();
        let proven = receipt.verify::<NoteOperation, NoteEvent>(ledger.trust()).unwrap();
        match proven.result.verdict {
            allonge_ledger::Verdict::Rejected { refusal } => refusal.code,
            allonge_ledger::Verdict::Committed { .. } => "committed".to_owned(),
        }
    };
    assert_eq!(code(ALICE, 3, 50), "authority.required");
    assert_eq!(code(SUPERVISOR, 2, 50), "rules.schedule_invalid");
    assert_eq!(code(SUPERVISOR, 1, 50), "rules.schedule_invalid");
    assert_eq!(code(SUPERVISOR, 3, FROM), "rules.schedule_invalid", "the version before begins there");
    assert_eq!(code(SUPERVISOR, 3, 7 + MAX_LAG), "rules.schedule_invalid", "it may be ordered already");
    assert_eq!(code(SUPERVISOR, 3, 8 + MAX_LAG + 1), "committed");
}
