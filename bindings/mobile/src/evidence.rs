//! Bytes, hashes, signatures and proofs, singly; records and ids are JSON.

use allonge::evidence;
use allonge::records::from_json;
use allonge::{Hash, Roster};

use crate::error::Failure;
use crate::json::{from_text, to_json};

/// The canonical bytes of a record.
#[uniffi::export]
pub fn canonical_bytes(kind: String, record_json: String) -> Result<Vec<u8>, Failure> {
    Ok(evidence::canonical_bytes(&kind, from_json(&record_json, "record")?)?)
}

/// The record that canonical bytes say.
#[uniffi::export]
pub fn from_canonical_bytes(kind: String, bytes: Vec<u8>) -> Result<String, Failure> {
    Ok(to_json(&evidence::from_canonical_bytes(&kind, &bytes)?))
}

/// The key of a record in the state.
#[uniffi::export]
pub fn state_key(kind: String, id_json: String) -> Result<Vec<u8>, Failure> {
    Ok(evidence::state_key(&kind, from_json(&id_json, "id")?)?)
}

/// The hash of bytes for one purpose.
#[uniffi::export]
pub fn tagged_hash(tag: String, bytes: Vec<u8>) -> Result<String, Failure> {
    Ok(evidence::tagged_hash(&tag, &bytes)?.to_string())
}

/// The Merkle root of a list.
#[uniffi::export]
pub fn merkle_root(items: Vec<Vec<u8>>) -> String {
    evidence::merkle_root(items).to_string()
}

/// A record of the state.
#[derive(uniffi::Record)]
pub struct StateRecord {
    /// Its key.
    pub key: Vec<u8>,
    /// Its canonical bytes.
    pub value: Vec<u8>,
}

/// The root of the state that has these records.
#[uniffi::export]
pub fn state_root(records: Vec<StateRecord>) -> Result<String, Failure> {
    let records = records.into_iter().map(|StateRecord { key, value }| (key, value));
    Ok(evidence::state_root(records)?.to_string())
}

/// Checks a key.
#[uniffi::export]
pub fn vet_key(key: String) -> Result<(), Failure> {
    Ok(evidence::vet_key(&from_text(&key, "key")?)?)
}

/// Checks a signature.
#[uniffi::export]
pub fn verify_signature(key: String, message: Vec<u8>, signature: String) -> Result<(), Failure> {
    let (key, signature) = (from_text(&key, "key")?, from_text(&signature, "signature")?);
    Ok(evidence::verify_signature(&key, &message, &signature)?)
}

/// Checks the place of an item in a list.
#[uniffi::export]
pub fn verify_inclusion(
    root: String,
    item: Vec<u8>,
    index: u32,
    size: u32,
    path: Vec<String>,
) -> Result<(), Failure> {
    let path: Vec<Hash> = path.iter().map(|hash| from_text(hash, "path")).collect::<Result<_, _>>()?;
    Ok(evidence::verify_inclusion(&from_text(&root, "root")?, &item, index, size, &path)?)
}

/// Checks what the state has under a key.
#[uniffi::export]
pub fn verify_state_proof(
    root: String,
    key: Vec<u8>,
    value: Option<Vec<u8>>,
    proof: Vec<u8>,
) -> Result<(), Failure> {
    Ok(evidence::verify_state_proof(&from_text(&root, "root")?, &key, value.as_deref(), &proof)?)
}

/// Checks a certificate; the roster is a JSON array of keys.
#[uniffi::export]
pub fn verify_certificate(
    network: String,
    roster_json: String,
    header: String,
    certificate: Vec<u8>,
) -> Result<(), Failure> {
    let roster: Roster = from_json(&roster_json, "roster")?;
    let (network, header) = (from_text(&network, "network")?, from_text(&header, "header")?);
    Ok(evidence::verify_certificate(&network, &roster, &header, &certificate)?)
}
