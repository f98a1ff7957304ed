//! Ed25519: `ed25519-zebra` (ZIP-215) alone decides whether a signature holds, singly and in batches.
//!
//! ZIP-215 is the one rule under which single and batch verification always agree, so that no two honest
//! nodes can differ. It accepts odd keys; therefore keys are vetted when they are registered.

use std::convert::Infallible;

use curve25519_dalek::edwards::CompressedEdwardsY;
use ed25519_zebra::{Signature, VerificationKey, VerificationKeyBytes, batch};
use getrandom::SysRng;
use getrandom::rand_core::{TryCryptoRng, TryRng};

use crate::signature::{KeyError, SignatureError};

/// Refuses Ed25519 keys that must not be registered.
pub fn vet_ed25519(key: &[u8; 32]) -> Result<(), KeyError> {
    let point = CompressedEdwardsY(*key).decompress().ok_or(KeyError::NotAPoint)?;
    if point.compress().as_bytes() != key {
        return Err(KeyError::NotCanonical);
    }
    if point.is_small_order() {
        return Err(KeyError::SmallOrder);
    }
    if !point.is_torsion_free() {
        return Err(KeyError::MixedOrder);
    }
    Ok(())
}

pub(crate) fn verify(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> Result<(), SignatureError> {
    VerificationKey::try_from(*key)
        .and_then(|key| key.verify(&Signature::from_bytes(signature), message))
        .map_err(|_| SignatureError)
}

/// Checks many Ed25519 signatures at once, `(key, message, signature)` each: all hold, or it is an error.
///
/// The batch equation is weighted with fresh randomness of the operating system; the answer does not
/// depend on it but with a probability of 2^-128. Without randomness each signature is checked singly.
pub fn verify_batch<'a>(
    items: impl IntoIterator<Item = (&'a [u8; 32], &'a [u8], &'a [u8; 64])>,
) -> Result<(), SignatureError> {
    verify_batch_with(SysRng, items)
}

fn verify_batch_with<'a>(
    source: impl TryCryptoRng,
    items: impl IntoIterator<Item = (&'a [u8; 32], &'a [u8], &'a [u8; 64])>,
) -> Result<(), SignatureError> {
    let items: Vec<_> = items.into_iter().collect();
    // One signature alone is cheaper by itself, and is judged alike.
    if let [(key, message, signature)] = items.as_slice() {
        return verify(key, message, signature);
    }
    let mut verifier = batch::Verifier::new();
    for (key, message, signature) in &items {
        verifier.queue((VerificationKeyBytes::from(**key), Signature::from_bytes(signature), *message));
    }
    let mut weights = Weights { source, failed: false };
    let answer = verifier.verify(&mut weights).map_err(|_| SignatureError);
    if weights.failed {
        return items.iter().try_for_each(|(key, message, signature)| verify(key, message, signature));
    }
    answer
}

/// Randomness that remembers that it failed, so that what was made with it is thrown away.
struct Weights<R> {
    source: R,
    failed: bool,
}

impl<R: TryCryptoRng> TryRng for Weights<R> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.failed |= self.source.try_fill_bytes(bytes).is_err();
        Ok(())
    }
}

impl<R: TryCryptoRng> TryCryptoRng for Weights<R> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PublicKey, Signer, SoftwareSigner};

    #[test]
    fn the_first_vector_of_rfc_8032_holds() {
        let seed = hex::decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
        let signer = SoftwareSigner::from_seed(seed.try_into().unwrap());
        assert_eq!(
            signer.public_key().to_string(),
            "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        );
        let signature = signer.sign(b"").unwrap();
        assert_eq!(
            signature.to_string(),
            "ed25519:e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        );
        assert_eq!(signer.public_key().verify(b"", &signature), Ok(()));
        assert_eq!(signer.public_key().verify(b"x", &signature), Err(SignatureError));
    }

    #[test]
    fn odd_keys_are_refused_at_registration() {
        let key = |hex: &str| PublicKey::Ed25519(hex::decode(hex).unwrap().try_into().unwrap());
        // The identity, which ZIP-215 would let "sign" anything.
        let identity = key("0100000000000000000000000000000000000000000000000000000000000000");
        assert_eq!(identity.vet(), Err(KeyError::SmallOrder));
        // y = 1 + p, the identity in disguise.
        let disguised = key("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
        assert_eq!(disguised.vet(), Err(KeyError::NotCanonical));
        // A point of order 8.
        let torsion = key("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
        assert_eq!(torsion.vet(), Err(KeyError::SmallOrder));
        // y = 2 is on no point of the curve.
        let nowhere = key("0200000000000000000000000000000000000000000000000000000000000000");
        assert_eq!(nowhere.vet(), Err(KeyError::NotAPoint));
        // An honest key plus a point of order 8.
        let honest = SoftwareSigner::from_seed([7; 32]).public_key();
        assert_eq!(honest.vet(), Ok(()));
        let PublicKey::Ed25519(honest) = honest;
        let order_eight = CompressedEdwardsY(
            hex::decode("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
                .unwrap()
                .try_into()
                .unwrap(),
        )
        .decompress()
        .unwrap();
        let mixed = CompressedEdwardsY(honest).decompress().unwrap() + order_eight;
        assert_eq!(vet_ed25519(mixed.compress().as_bytes()), Err(KeyError::MixedOrder));
    }

    #[test]
    fn a_batch_holds_only_when_every_signature_does() {
        let signers: Vec<_> = (0..8u8).map(|n| SoftwareSigner::from_seed([n; 32])).collect();
        let mut signed: Vec<_> = signers
            .iter()
            .map(|signer| {
                let PublicKey::Ed25519(key) = signer.public_key();
                let crate::Signature::Ed25519(signature) = signer.sign(&key).unwrap();
                (key, signature)
            })
            .collect();
        assert_eq!(verify_batch(signed.iter().map(|(key, sig)| (key, key.as_slice(), sig))), Ok(()));
        signed[5].1[0] ^= 1;
        assert_eq!(
            verify_batch(signed.iter().map(|(key, sig)| (key, key.as_slice(), sig))),
            Err(SignatureError)
        );
    }

    /// An operating system out of randomness, at once or after a while.
    struct Dry {
        left: u32,
    }

    #[derive(Debug)]
    struct NoRandomness;

    impl std::fmt::Display for NoRandomness {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("no randomness")
        }
    }

    impl std::error::Error for NoRandomness {}

    impl TryRng for Dry {
        type Error = NoRandomness;

        fn try_next_u32(&mut self) -> Result<u32, NoRandomness> {
            self.left = self.left.checked_sub(1).ok_or(NoRandomness)?;
            Ok(7)
        }

        fn try_next_u64(&mut self) -> Result<u64, NoRandomness> {
            self.try_next_u32().map(u64::from)
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
            self.try_next_u32()?;
            bytes.fill(7);
            Ok(())
        }
    }

    impl TryCryptoRng for Dry {}

    #[test]
    fn without_randomness_each_signature_is_judged_singly() {
        let signer = SoftwareSigner::from_seed([3; 32]);
        let PublicKey::Ed25519(key) = signer.public_key();
        let messages: Vec<[u8; 1]> = (0..4).map(|n| [n]).collect();
        let mut signatures: Vec<[u8; 64]> = messages
            .iter()
            .map(|message| {
                let crate::Signature::Ed25519(signature) = signer.sign(message).unwrap();
                signature
            })
            .collect();
        for broken in [false, true] {
            if broken {
                signatures[3][40] ^= 1;
            }
            for left in 0..6 {
                let items = messages.iter().zip(&signatures).map(|(m, s)| (&key, m.as_slice(), s));
                let answer = verify_batch_with(Dry { left }, items);
                assert_eq!(answer.is_err(), broken, "after {left} draws");
            }
        }
    }
}
