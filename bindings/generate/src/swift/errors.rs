//! `Errors.swift`: one error, with a case for every family of codes.

use allonge::Entry;

use crate::families::{Family, families};
use crate::swift::{NOTICE, comment, escaped};

/// The whole file.
pub fn file(errors: &[&Entry]) -> String {
    let families = families(errors);
    let mut file = format!(
        "{NOTICE}/// An error of the toolkit: a case for every family of codes.\n\
         public enum AllongeError: Error, Equatable, Sendable {{\n"
    );
    for family in &families {
        file.push_str(&comment(&family.doc(), "    "));
        file.push_str(&format!("    case {}(ErrorRecord)\n", case(family)));
    }
    file.push_str(
        "    /// A code that this version of the package does not know.\n    case other(ErrorRecord)\n\n",
    );
    file.push_str("    /// What the toolkit says about it.\n    public var record: ErrorRecord {\n        switch self {\n");
    for family in &families {
        file.push_str(&format!("        case let .{}(record): record\n", case(family)));
    }
    file.push_str("        case let .other(record): record\n        }\n    }\n\n");
    file.push_str(
        "    /// The error of a record, by the family of its code.\n    init(_ record: ErrorRecord) {\n",
    );
    file.push_str("        switch record.code.prefix(while: { $0 != \".\" }) {\n");
    for family in &families {
        file.push_str(&format!("        case {:?}: self = .{}(record)\n", family.prefix, case(family)));
    }
    file + "        default: self = .other(record)\n        }\n    }\n}\n"
}

fn case(family: &Family<'_>) -> String {
    let mut letters = family.name.chars();
    let name: String =
        letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect());
    escaped(&name)
}
