//! What became of every field of a message.

use serde::{Deserialize, Serialize};

/// What became of every field of a message, and of its headers and trailers, in the order of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LossReport {
    /// One item for each field and target; a field that went nowhere has one item.
    pub items: Vec<MappedField>,
}

/// What became of one field, or of one part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MappedField {
    /// Which message of the series, from 1: an MT 700 is the first, its MT 701 follow.
    pub message: u32,
    /// The tag, such as `31D`. Headers and trailers are named by their block: `1`, `2`, `3:108`, `5:CHK`.
    pub tag: String,
    /// What the standard calls the field.
    pub name: String,
    /// What became of it.
    pub treatment: MappingTreatment,
    /// Where it went: a path in the terms, such as `expiry.calendar`, or `number`, the credit's number.
    pub target: Option<String>,
    /// From what and how it was derived, what was assumed, or why it is not carried; empty where there is
    /// nothing to say.
    pub note: String,
}

/// How much of a field's meaning arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MappingTreatment {
    /// The target says exactly what the field says.
    Exact,
    /// The target was worked out from the field, as the note says.
    Derived,
    /// The terms have no place for it.
    NotCarried,
}
