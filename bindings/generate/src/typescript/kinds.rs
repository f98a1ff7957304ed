//! The kinds of records, at the end of `records.cts`: types that a kind's name looks up.

use allonge::RECORD_TYPES;

use crate::typescript::{comment, quoted};

/// `RecordKinds`, `RecordIds`, `RecordKind` and `ListedKind`.
pub fn types() -> String {
    let mut records = String::from("\n/** The records of each kind. */\nexport interface RecordKinds {\n");
    let mut ids = String::from("\n/** The ids of each kind. */\nexport interface RecordIds {\n");
    for of in RECORD_TYPES {
        let doc = comment(of.doc, "  ");
        records.push_str(&format!("{doc}  readonly {}: {};\n", of.kind, of.record));
        ids.push_str(&format!("{doc}  readonly {}: {};\n", of.kind, of.id));
    }
    let listed: Vec<_> = RECORD_TYPES.iter().filter(|of| of.listed).map(|of| quoted(of.kind)).collect();
    format!(
        "{records}}}\n{ids}}}\n\n/** A kind of record. */\nexport type RecordKind = keyof RecordKinds;\n\n\
         /** A kind of record of trade: those that are listed by party and status, and have next steps. */\n\
         export type ListedKind =\n  | {};\n",
        listed.join("\n  | ")
    )
}
