//! `_errors.py`: an exception class for every family of codes.

use allonge::Entry;

use crate::families::{Family, families};
use crate::python::{NOTICE, docstring};

const HEAD: &str = r#""""The errors: a class for every family of codes."""

from __future__ import annotations

from ._error import AllongeError, FinFaults
"#;

/// The whole module.
pub fn module(errors: &[&Entry]) -> String {
    let families = families(errors);
    let mut module = format!("{NOTICE}{HEAD}");
    for family in &families {
        module.push_str(&format!(
            "\n\nclass {}({}):\n{}\n    __slots__ = ()\n",
            class(family),
            bases(family),
            docstring(&family.doc(), "    ")
        ));
    }
    module.push_str("\n\nFAMILIES: dict[str, type[AllongeError]] = {\n");
    for family in &families {
        module.push_str(&format!("    {:?}: {},\n", family.prefix, class(family)));
    }
    module.push_str("}\n\n__all__ = [\n");
    let mut names: Vec<_> = families.iter().map(class).collect();
    names.sort_unstable();
    for name in names {
        module.push_str(&format!("    {name:?},\n"));
    }
    module + "]\n"
}

fn class(family: &Family<'_>) -> String {
    format!("{}Error", family.name)
}

/// A few are also what Python itself would raise.
fn bases(family: &Family<'_>) -> &'static str {
    match family.prefix {
        "input" => "AllongeError, ValueError",
        "deadline" => "AllongeError, TimeoutError",
        "message" => "FinFaults",
        _ => "AllongeError",
    }
}
