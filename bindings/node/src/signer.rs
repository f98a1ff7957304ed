//! Keys in this process's memory.

use std::sync::Arc;

use allonge::{Signer as _, SoftwareSigner};
use napi::Result;
use napi_derive::napi;

use crate::error::{arisen, invalid};

/// A key that signs.
#[napi]
pub struct Signer {
    signer: Arc<SoftwareSigner>,
}

impl Signer {
    pub(crate) fn shared(&self) -> Arc<dyn allonge::Signer> {
        self.signer.clone()
    }
}

#[napi]
impl Signer {
    /// Makes a new key.
    #[napi(catch_unwind, factory)]
    pub fn generate() -> Result<Self> {
        let signer = SoftwareSigner::generate().map_err(|error| failed(&error))?;
        Ok(Signer { signer: Arc::new(signer) })
    }

    /// Takes the 32-byte private key of RFC 8032.
    #[napi(catch_unwind, factory)]
    pub fn from_seed(seed: &[u8]) -> Result<Self> {
        let seed = seed.try_into().map_err(|_| invalid("seed", "it has not 32 bytes"))?;
        Ok(Signer { signer: Arc::new(SoftwareSigner::from_seed(seed)) })
    }

    /// The public half.
    #[napi(catch_unwind, getter)]
    pub fn public_key(&self) -> String {
        self.signer.public_key().to_string()
    }

    /// Signs bytes.
    #[napi(catch_unwind)]
    pub fn sign(&self, message: &[u8]) -> Result<String> {
        self.signer.sign(message).map(|signature| signature.to_string()).map_err(|error| failed(&error))
    }
}

fn failed(error: &allonge::SignerError) -> napi::Error {
    arisen("signer.failed", &[("reason", &error.to_string())])
}
