//! Anchoring documents.

use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;

use crate::error::thrown;
use crate::promise::{Blocking, blocking};
use crate::text::json;

/// Hashes a file; answers a record as JSON.
#[napi(catch_unwind, ts_return_type = "Promise<string>")]
pub fn document_digest(path: String) -> AsyncTask<Blocking<String>> {
    blocking(move || json(&allonge::document_digest(path).map_err(thrown)?))
}
