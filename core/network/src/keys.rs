//! The key of a validator: it signs votes, and others know the validator by it. The key is wherever its signer has it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use allonge_crypto::{PublicKey, Signature, Signer, SoftwareSigner};
use commonware_codec::DecodeExt as _;
use commonware_cryptography::ed25519;
use commonware_math::algebra::Random;
use commonware_utils::union_unique;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// A key that signs as the engine asks for it: at once, and the same bytes always alike.
#[derive(Clone)]
pub(crate) struct NodeKey {
    signer: Arc<dyn Signer>,
    public: ed25519::PublicKey,
    /// Whether it did not sign when it was asked last: that is told once.
    failing: Arc<AtomicBool>,
}

impl NodeKey {
    /// Nothing for a key that no validator can have.
    pub(crate) fn new(signer: Arc<dyn Signer>) -> Option<Self> {
        let PublicKey::Ed25519(key) = signer.public_key();
        let public = engine_key(&key)?;
        Some(NodeKey { signer, public, failing: Arc::default() })
    }

    /// The key of 32 bytes in memory.
    pub(crate) fn of_seed(seed: [u8; 32]) -> Option<Self> {
        Self::new(Arc::new(SoftwareSigner::from_seed(seed)))
    }

    pub(crate) fn public(&self) -> &ed25519::PublicKey {
        &self.public
    }

    /// Signs a message of a namespace; nothing when the signer cannot.
    pub(crate) fn try_sign(&self, namespace: &[u8], message: &[u8]) -> Option<ed25519::Signature> {
        let signed = self.signer.sign(&union_unique(namespace, message));
        let failed = self.failing.swap(signed.is_err(), Ordering::Relaxed);
        if let Err(error) = &signed
            && !failed
        {
            tell(&self.public, error);
        }
        let Signature::Ed25519(signature) = signed.ok()?;
        ed25519::Signature::decode(signature.to_vec()).ok()
    }
}

/// The key of a roster as the engine has it.
pub(crate) fn engine_key(key: &[u8; 32]) -> Option<ed25519::PublicKey> {
    ed25519::PublicKey::decode(key.to_vec()).ok()
}

#[cfg(feature = "validator")]
fn tell(key: &ed25519::PublicKey, error: &allonge_crypto::SignerError) {
    tracing::error!(target: "allonge::signer", %key, %error, "the key of this validator did not sign");
}

#[cfg(not(feature = "validator"))]
fn tell(_: &ed25519::PublicKey, _: &allonge_crypto::SignerError) {}

impl fmt::Debug for NodeKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("NodeKey").field(&self.public).finish()
    }
}

/// For handshakes: one that is not signed is refused by whoever hears it.
impl commonware_cryptography::Signer for NodeKey {
    type Signature = ed25519::Signature;
    type PublicKey = ed25519::PublicKey;

    fn public_key(&self) -> ed25519::PublicKey {
        self.public.clone()
    }

    fn sign(&self, namespace: &[u8], message: &[u8]) -> ed25519::Signature {
        self.try_sign(namespace, message).unwrap_or_else(|| {
            // Of another key: it does not hold.
            let none = <ed25519::PrivateKey as commonware_cryptography::Signer>::from_seed(0);
            commonware_cryptography::Signer::sign(&none, namespace, message)
        })
    }
}

impl Random for NodeKey {
    fn random(mut rng: impl CryptoRng) -> Self {
        loop {
            let mut seed = Zeroizing::new([0; 32]);
            rng.fill_bytes(seed.as_mut());
            if let Some(key) = Self::of_seed(*seed) {
                return key;
            }
        }
    }
}
