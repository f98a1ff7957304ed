//! A key that signs.

use std::sync::Arc;

use allonge::{Signer as _, SoftwareSigner};
use zeroize::Zeroizing;

use crate::error::Failure;
use crate::json::invalid;

/// An Ed25519 key in this process's memory.
#[derive(uniffi::Object)]
pub struct Signer(Arc<SoftwareSigner>);

#[uniffi::export]
impl Signer {
    /// Makes a new key.
    #[uniffi::constructor]
    pub fn generate() -> Result<Self, Failure> {
        let signer = SoftwareSigner::generate().map_err(|error| invalid("signer", error))?;
        Ok(Signer(Arc::new(signer)))
    }

    /// Takes the 32-byte private key of RFC 8032.
    #[uniffi::constructor]
    pub fn from_seed(seed: Vec<u8>) -> Result<Self, Failure> {
        let seed = Zeroizing::new(seed);
        let seed: [u8; 32] =
            seed.as_slice().try_into().map_err(|_| invalid("seed", "it has 32 bytes, no other number"))?;
        Ok(Signer(Arc::new(SoftwareSigner::from_seed(seed))))
    }

    /// The public half of the key.
    pub fn public_key(&self) -> String {
        self.0.public_key().to_string()
    }
}

impl Signer {
    pub(crate) fn signer(&self) -> Arc<dyn allonge::Signer> {
        self.0.clone()
    }
}
