//! A light client.

use napi::Result;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

use crate::error::thrown;
use crate::text::json;
use crate::trust::Trust;

/// Who follows headers by their certificates.
#[napi]
pub struct LightClient(allonge::LightClient);

#[napi]
impl LightClient {
    #[napi(constructor, catch_unwind)]
    pub fn new(trust: &Trust) -> Result<Self> {
        allonge::LightClient::new(trust.core()).map(LightClient).map_err(thrown)
    }

    #[napi(factory, catch_unwind)]
    pub fn from_bytes(bytes: &[u8], trust: &Trust) -> Result<Self> {
        allonge::LightClient::from_bytes(bytes, trust.core()).map(LightClient).map_err(thrown)
    }

    #[napi(catch_unwind)]
    pub fn to_bytes(&self) -> Buffer {
        self.0.to_bytes().into()
    }

    #[napi(catch_unwind)]
    pub fn follow(&self, headers: &[u8]) -> Result<String> {
        json(&self.0.follow(headers).map_err(thrown)?)
    }

    #[napi(catch_unwind)]
    pub fn checkpoint(&self) -> Result<String> {
        json(&self.0.checkpoint())
    }
}
