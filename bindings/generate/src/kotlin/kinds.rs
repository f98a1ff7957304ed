//! The kinds of records, at the end of `Records.kt`: one value for each, which knows its type.

use allonge::RECORD_TYPES;

use crate::kotlin::kdoc;

const HEAD: &str = "
/** A kind of record: [CREDIT] and so on. */
public class RecordKind<T> private constructor(
    internal val name: String,
    internal val serializer: KSerializer<T>,
) {
    public companion object {
";

/// `RecordKind`, with a constant for each kind.
pub fn class() -> String {
    let constants = RECORD_TYPES.iter().map(|of| {
        let (kind, record) = (of.kind, of.record);
        let constant = kind.to_uppercase();
        format!(
            "{}        public val {constant}: RecordKind<{record}> = RecordKind({kind:?}, {record}.serializer())\n",
            kdoc(of.doc, "        ")
        )
    });
    format!("{HEAD}{}    }}\n}}\n", constants.collect::<Vec<_>>().join("\n"))
}
