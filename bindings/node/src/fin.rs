//! SWIFT messages.

use allonge::records::from_json;
use napi::bindgen_prelude::BufferSlice;
use napi::{Env, Result};
use napi_derive::napi;

use crate::error::thrown;
use crate::text::json;

/// Reads a message; answers its record as JSON.
#[napi(catch_unwind)]
pub fn fin_parse(text: &[u8]) -> Result<String> {
    json(&allonge::parse_fin(text).map_err(thrown)?.to_record())
}

/// Writes a message from its record, which is JSON.
#[napi(catch_unwind)]
pub fn fin_format(env: &Env, record: String) -> Result<BufferSlice<'_>> {
    let record = from_json(&record, "message").map_err(thrown)?;
    BufferSlice::copy_from(env, allonge::format_fin(record).map_err(thrown)?)
}

/// Turns an MT700 into terms; record and options are JSON, and so is the answer.
#[napi(catch_unwind)]
pub fn fin_letter_of_credit(record: String, options: String) -> Result<String> {
    let record = from_json(&record, "message").map_err(thrown)?;
    let options = from_json(&options, "options").map_err(thrown)?;
    json(&allonge::letter_of_credit_from_fin(record, &options).map_err(thrown)?)
}
