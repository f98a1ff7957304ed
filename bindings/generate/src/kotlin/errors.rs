//! `Errors.kt`: an exception class for every family of codes.

use allonge::Entry;

use crate::families::{Family, families};
use crate::kotlin::{NOTICE, kdoc};

/// The whole file.
pub fn file(errors: &[&Entry]) -> String {
    let families = families(errors);
    let mut file = format!("{NOTICE}package allonge\n");
    for family in &families {
        file.push_str(&format!(
            "\n{}public class {}(record: ErrorRecord) : AllongeException(record)\n",
            kdoc(&family.doc(), ""),
            class(family),
        ));
    }
    file.push_str("\n/** The exception of a record, by the family of its code. */\n");
    file.push_str("internal fun exceptionOf(record: ErrorRecord): AllongeException =\n");
    file.push_str("    when (record.code.substringBefore('.')) {\n");
    for family in &families {
        file.push_str(&format!("        {:?} -> {}(record)\n", family.prefix, class(family)));
    }
    file + "        else -> AllongeException(record)\n    }\n"
}

fn class(family: &Family<'_>) -> String {
    format!("{}Exception", family.name)
}
