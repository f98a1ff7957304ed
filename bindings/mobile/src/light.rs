//! A light client.

use crate::error::Failure;
use crate::json::to_json;
use crate::receipt::Trust;

/// Who follows headers by their certificates.
#[derive(uniffi::Object)]
pub struct LightClient(allonge::LightClient);

#[uniffi::export]
impl LightClient {
    /// Begins at the genesis.
    #[uniffi::constructor]
    pub fn new(trust: &Trust) -> Result<Self, Failure> {
        Ok(LightClient(allonge::LightClient::new(&trust.0)?))
    }

    /// Goes on from where one stood.
    #[uniffi::constructor]
    pub fn from_bytes(bytes: Vec<u8>, trust: &Trust) -> Result<Self, Failure> {
        Ok(LightClient(allonge::LightClient::from_bytes(&bytes, &trust.0)?))
    }

    /// Where it stands, to be kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    /// Follows headers, and answers the newest block that is final, a `Checkpoint` as JSON.
    pub fn follow(&self, headers: Vec<u8>) -> Result<String, Failure> {
        Ok(to_json(&self.0.follow(&headers)?))
    }

    /// The newest block that it knows to be final, a `Checkpoint` as JSON.
    pub fn checkpoint(&self) -> String {
        to_json(&self.0.checkpoint())
    }
}
