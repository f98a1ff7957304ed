//! Bytes, hashes, signatures and proofs, singly.

use allonge::evidence;
use allonge::records::from_json;
use napi::bindgen_prelude::{BufferSlice, Uint8Array};
use napi::{Env, Result};
use napi_derive::napi;

use crate::error::thrown;
use crate::text::{json, read, read_number};

/// The canonical bytes of a record, which is JSON.
#[napi(catch_unwind)]
pub fn canonical_bytes(env: &Env, kind: String, record: String) -> Result<BufferSlice<'_>> {
    let record = from_json(&record, "record").map_err(thrown)?;
    BufferSlice::copy_from(env, evidence::canonical_bytes(&kind, record).map_err(thrown)?)
}

/// The record that canonical bytes say, as JSON.
#[napi(catch_unwind)]
pub fn from_canonical_bytes(kind: String, bytes: &[u8]) -> Result<String> {
    json(&evidence::from_canonical_bytes(&kind, bytes).map_err(thrown)?)
}

/// The key of a record in the state; the id is JSON.
#[napi(catch_unwind)]
pub fn state_key(env: &Env, kind: String, id: String) -> Result<BufferSlice<'_>> {
    let id = from_json(&id, "id").map_err(thrown)?;
    BufferSlice::copy_from(env, evidence::state_key(&kind, id).map_err(thrown)?)
}

/// The hash of bytes for one purpose.
#[napi(catch_unwind)]
pub fn tagged_hash(tag: String, bytes: &[u8]) -> Result<String> {
    evidence::tagged_hash(&tag, bytes).map(|hash| hash.to_string()).map_err(thrown)
}

/// The Merkle root of a list.
#[napi(catch_unwind)]
pub fn merkle_root(items: Vec<Uint8Array>) -> String {
    evidence::merkle_root(items).to_string()
}

/// A record of the state.
#[napi(object)]
pub struct StateRecord {
    /// Its key.
    pub key: Uint8Array,
    /// Its canonical bytes.
    pub value: Uint8Array,
}

/// The root of the state that has these records.
#[napi(catch_unwind)]
pub fn state_root(records: Vec<StateRecord>) -> Result<String> {
    let records = records.into_iter().map(|StateRecord { key, value }| (key.to_vec(), value.to_vec()));
    evidence::state_root(records).map(|root| root.to_string()).map_err(thrown)
}

/// Checks a key.
#[napi(catch_unwind)]
pub fn vet_key(key: String) -> Result<()> {
    evidence::vet_key(&read("key", key)?).map_err(thrown)
}

/// Checks a signature.
#[napi(catch_unwind)]
pub fn verify_signature(key: String, message: &[u8], signature: String) -> Result<()> {
    evidence::verify_signature(&read("key", key)?, message, &read("signature", signature)?).map_err(thrown)
}

/// Checks the place of an item in a list.
#[napi(catch_unwind)]
pub fn verify_inclusion(root: String, item: &[u8], index: f64, size: f64, path: Vec<String>) -> Result<()> {
    let (index, size) = (read_number("index", index)?, read_number("size", size)?);
    let path = path.into_iter().map(|hash| read("path", hash)).collect::<Result<Vec<_>>>()?;
    evidence::verify_inclusion(&read("root", root)?, item, index, size, &path).map_err(thrown)
}

/// Checks what the state has under a key.
#[napi(catch_unwind)]
pub fn verify_state_proof(root: String, key: &[u8], value: Option<Uint8Array>, proof: &[u8]) -> Result<()> {
    evidence::verify_state_proof(&read("root", root)?, key, value.as_deref(), proof).map_err(thrown)
}

/// Checks a certificate; the roster is a JSON array of keys.
#[napi(catch_unwind)]
pub fn verify_certificate(network: String, roster: String, header: String, certificate: &[u8]) -> Result<()> {
    let roster = from_json(&roster, "roster").map_err(thrown)?;
    let (network, header) = (read("network", network)?, read("header", header)?);
    evidence::verify_certificate(&network, &roster, &header, certificate).map_err(thrown)
}
