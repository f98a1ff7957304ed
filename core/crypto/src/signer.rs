//! Who can sign.

use ed25519_dalek::Signer as _;
use zeroize::Zeroizing;

use crate::{PublicKey, Signature};

/// Something that holds a private key and signs with it.
pub trait Signer: Send + Sync {
    /// The public half of the key.
    fn public_key(&self) -> PublicKey;

    /// Signs `message`.
    fn sign(&self, message: &[u8]) -> Result<Signature, SignerError>;
}

/// A signer that could not sign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignerError {
    /// The operating system gave no randomness for a new key.
    #[error("the operating system gave no randomness; try again")]
    NoRandomness,
    /// The token refuses the PIN. Each attempt counts: it locks itself after a few.
    #[error("the token refuses the PIN")]
    PinWrong,
    /// The token refuses every PIN.
    #[error("the token is locked, after too many wrong PINs")]
    PinLocked,
    /// The token or its module cannot be used now.
    #[error("the token cannot be used: {0}")]
    Unavailable(String),
    /// There is no key pair with this label.
    #[error("the token has no Ed25519 key pair with the label {0}")]
    KeyMissing(String),
    /// There is a key with this label already.
    #[error("the token has a key with the label {0} already")]
    KeyExists(String),
    /// What the token answered does not hold: nothing of it is used.
    #[error("the token answered a key or a signature that does not hold")]
    WrongAnswer,
}

/// An Ed25519 key in this process's memory, wiped when dropped.
pub struct SoftwareSigner {
    key: ed25519_dalek::SigningKey,
}

impl SoftwareSigner {
    /// Makes a new key.
    pub fn generate() -> Result<Self, SignerError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut()).map_err(|_| SignerError::NoRandomness)?;
        Ok(Self::from_seed(*seed))
    }

    /// Takes the 32-byte private key of RFC 8032.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let seed = Zeroizing::new(seed);
        SoftwareSigner { key: ed25519_dalek::SigningKey::from_bytes(&seed) }
    }

    /// The 32-byte private key. Keep it secret: who has it can sign.
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.key.to_bytes())
    }
}

impl Signer for SoftwareSigner {
    fn public_key(&self) -> PublicKey {
        PublicKey::Ed25519(self.key.verifying_key().to_bytes())
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignerError> {
        Ok(Signature::Ed25519(self.key.sign(message).to_bytes()))
    }
}

impl std::fmt::Debug for SoftwareSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SoftwareSigner").field("public_key", &self.public_key()).finish_non_exhaustive()
    }
}
