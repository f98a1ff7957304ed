//! Receipts, what they are checked against, and the hash of a document.

use crate::error::Failure;
use crate::json::to_json;

/// One self-contained file that proves a transaction and its result.
#[derive(uniffi::Object)]
pub struct Receipt(pub(crate) allonge::Receipt);

#[uniffi::export]
impl Receipt {
    /// Reads a receipt; what it says is proved only by `verify`.
    #[uniffi::constructor]
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, Failure> {
        Ok(Receipt(allonge::Receipt::from_bytes(&bytes)?))
    }

    /// The bytes of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    /// Proves the transaction and its result, and says as JSON what they were.
    pub fn verify(&self, trust: &Trust) -> Result<String, Failure> {
        Ok(to_json(&self.0.verified(&trust.0)?))
    }
}

/// A genesis to verify receipts against.
#[derive(uniffi::Object)]
pub struct Trust(pub(crate) allonge::Trust);

#[uniffi::export]
impl Trust {
    /// Trusts the genesis of a file, `genesis.json`.
    #[uniffi::constructor]
    pub fn from_json(json: String) -> Result<Self, Failure> {
        Ok(Trust(allonge::Trust::from_json(&json)?))
    }

    /// The network's id: pin this.
    pub fn network(&self) -> String {
        self.0.network().to_string()
    }

    /// The genesis as a file for people.
    pub fn to_json(&self) -> String {
        self.0.to_json()
    }
}

/// Hashes a file in constant memory; answers a `DocumentDigest` as JSON.
#[uniffi::export]
pub fn document_digest(path: String) -> Result<String, Failure> {
    Ok(to_json(&allonge::document_digest(path)?))
}
