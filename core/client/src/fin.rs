//! SWIFT messages in and out, by the newest standards that are built in.

use allonge_ledger::Error;
use allonge_messages::fin::{FinMessage, FinRecord, StandardsRelease, parse};
use allonge_messages::mapping::{MappedCredit, MappingOptions, letter_of_credit_from_mt700};

/// Reads a FIN message.
///
/// Errors: `message.fin_invalid`, whose [`ErrorRecord`](crate::ErrorRecord) lists every fault.
pub fn parse_fin(bytes: &[u8]) -> Result<FinMessage, Error> {
    Ok(parse(bytes, StandardsRelease::Sr2025)?)
}

/// Writes a FIN message: an unedited record of [`parse_fin`] gives back the original bytes, an edited one
/// the canonical form.
///
/// Errors: `message.fin_invalid`, whose [`ErrorRecord`](crate::ErrorRecord) lists every fault.
pub fn format_fin(record: FinRecord) -> Result<Vec<u8>, Error> {
    Ok(record.into_message()?.format())
}

/// Turns an MT700 into the terms of a letter of credit, with a report of what became of every field.
///
/// Errors: `message.not_representable`, whose [`ErrorRecord`](crate::ErrorRecord) lists every problem;
/// `message.fin_invalid` for an edited record that is no message.
pub fn letter_of_credit_from_fin(record: FinRecord, options: &MappingOptions) -> Result<MappedCredit, Error> {
    Ok(letter_of_credit_from_mt700(&record.into_message()?, options)?)
}
