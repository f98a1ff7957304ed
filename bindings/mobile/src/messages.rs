//! SWIFT messages as JSON.

use allonge::messages::fin::FinRecord;
use allonge::messages::mapping::MappingOptions;
use allonge::records::from_json;

use crate::error::Failure;
use crate::json::to_json;

/// Reads a FIN message; answers a `FinRecord` as JSON.
#[uniffi::export]
pub fn parse_fin(bytes: Vec<u8>) -> Result<String, Failure> {
    Ok(to_json(&allonge::parse_fin(&bytes)?.to_record()))
}

/// Writes the FIN message of a `FinRecord`.
#[uniffi::export]
pub fn format_fin(record_json: String) -> Result<Vec<u8>, Failure> {
    let record: FinRecord = from_json(&record_json, "message")?;
    Ok(allonge::format_fin(record)?)
}

/// Turns an MT700 into the terms of a letter of credit; answers a `MappedCredit` as JSON.
#[uniffi::export]
pub fn letter_of_credit_from_fin(record_json: String, options_json: String) -> Result<String, Failure> {
    let record: FinRecord = from_json(&record_json, "message")?;
    let options: MappingOptions = from_json(&options_json, "options")?;
    Ok(to_json(&allonge::letter_of_credit_from_fin(record, &options)?))
}
