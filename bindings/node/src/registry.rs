//! The error registry.

use allonge::Detail;
use napi::Result;
use napi_derive::napi;

use crate::error::{internal, of_code, to_json};
use crate::text::json;

/// The whole registry as JSON.
#[napi(catch_unwind)]
pub fn errors() -> Result<String> {
    json(&allonge::registry())
}

/// The record of an error that arose in TypeScript, as JSON; the details are a JSON array of records.
#[napi(catch_unwind)]
pub fn error_record(code: String, details: String) -> Result<String> {
    let details: Vec<Detail> =
        allonge::records::from_json(&details, "details").map_err(crate::error::thrown)?;
    of_code(&code, details).map(|error| to_json(&error)).ok_or_else(|| internal("a code without an entry"))
}
