//! The kinds of records, at the end of `Records.swift`: one value for each, which knows its type.

use allonge::RECORD_TYPES;

use crate::case::camel;
use crate::swift::comment;

const HEAD: &str = "
/// A kind of record: `.credit`, `.claim` and so on.
public struct RecordKind<T: Decodable & Sendable>: Sendable {
    let name: String
}
";

/// `RecordKind`, with a constant for each kind.
pub fn extensions() -> String {
    let extensions = RECORD_TYPES.iter().map(|of| {
        format!(
            "\nextension RecordKind where T == {} {{\n{}    public static var {}: RecordKind {{ RecordKind(name: {:?}) }}\n}}\n",
            of.record,
            comment(of.doc, "    "),
            camel(of.kind),
            of.kind
        )
    });
    format!("{HEAD}{}", extensions.collect::<String>())
}
