//! Ed25519: `ed25519-zebra` (ZIP-215) alone decides whether a signature holds, singly and in batches.
//!
//! ZIP-215 is the one rule under which single and batch verification always agree, so that no two honest
//! nodes can differ. It accepts odd keys; therefore keys are vetted when they are registered.

use std::convert::Infallible;

use curve25519_dalek::edwards::CompressedEdwardsY;
use ed25519_zebra::batch::{self, Item};
use ed25519_zebra::{Signature as Ed25519Signature, VerificationKey, VerificationKeyBytes};
use getrandom::SysRng;
use getrandom::rand_core::{TryCryptoRng, TryRng};

use crate::signature::{KeyError, PublicKey, Signature, SignatureError};

/// So many signatures at most are checked together: by half as many each takes up to 6 % longer.
pub const MAX_BATCH: usize = 2_048;
/// A batch that does not hold is checked again in pieces of so many, and a piece that does not, singly.
const PIECE: usize = 32;
/// Randomness is drawn for so many signatures at a time: drawn for each, it takes 4 % of the whole.
const WEIGHTS: usize = 64;

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
        .and_then(|key| key.verify(&Ed25519Signature::from_bytes(signature), message))
        .map_err(|_| SignatureError)
}

/// A signature that is said to be a key's, over a message. Until it is checked, it does not hold.
#[derive(Clone, Debug)]
pub struct SignatureClaim {
    key: PublicKey,
    item: Item,
    verdict: Result<(), SignatureError>,
}

impl SignatureClaim {
    /// The message is hashed here and needed no more.
    pub fn new(key: &PublicKey, message: &[u8], signature: &Signature) -> Self {
        let (PublicKey::Ed25519(bytes), Signature::Ed25519(signature)) = (key, signature);
        SignatureClaim { key: *key, item: item(bytes, message, signature), verdict: Err(SignatureError) }
    }

    /// Whose signature it is said to be.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Whether it holds, by what [`verify_each`] found.
    pub fn verdict(&self) -> Result<(), SignatureError> {
        self.verdict
    }
}

/// Checks each of many signatures: its verdict is that of [`PublicKey::verify`], whatever stands beside it.
///
/// They are checked in batches of at most [`MAX_BATCH`], in their order. Signatures of one key cost half as much
/// in one batch, so bring them side by side. One that does not hold makes its batch cost 2.5 times as much;
/// however many do not hold, it costs less than twice of what checking each singly does.
pub fn verify_each(claims: &mut [&mut SignatureClaim]) {
    claims.chunks_mut(MAX_BATCH).for_each(|batch| verify_each_with(SysRng, batch));
}

fn verify_each_with(source: impl TryCryptoRng + Copy, claims: &mut [&mut SignatureClaim]) {
    let verdict = hold_together(source, claims.iter().map(|claim| &claim.item));
    if verdict.is_ok() || claims.len() == 1 {
        claims.iter_mut().for_each(|claim| claim.verdict = verdict);
    } else {
        let piece = if claims.len() > PIECE { PIECE } else { 1 };
        claims.chunks_mut(piece).for_each(|claims| verify_each_with(source, claims));
    }
}

/// Checks many Ed25519 signatures at once, `(key, message, signature)` each: all hold, or it is an error.
///
/// The batch equation is weighted with fresh randomness of the operating system; the answer does not
/// depend on it but with a probability of 2^-128. Without randomness each signature is checked singly.
pub fn verify_batch<'a>(
    items: impl IntoIterator<Item = (&'a [u8; 32], &'a [u8], &'a [u8; 64])>,
) -> Result<(), SignatureError> {
    let items: Vec<Item> =
        items.into_iter().map(|(key, message, signature)| item(key, message, signature)).collect();
    hold_together(SysRng, items.iter())
}

fn item(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> Item {
    (VerificationKeyBytes::from(*key), Ed25519Signature::from_bytes(signature), message).into()
}

fn hold_together<'a>(
    source: impl TryCryptoRng,
    items: impl ExactSizeIterator<Item = &'a Item> + Clone,
) -> Result<(), SignatureError> {
    let singly = |mut items: std::iter::Cloned<_>| items.try_for_each(Item::verify_single);
    let items = items.cloned();
    // One signature alone is cheaper by itself, and is judged alike.
    if items.len() == 1 {
        return singly(items).map_err(|_| SignatureError);
    }
    let mut verifier = batch::Verifier::new();
    items.clone().for_each(|item| verifier.queue(item));
    let mut weights = Weights::new(source);
    let answer = verifier.verify(&mut weights);
    let answer = if weights.failed { singly(items) } else { answer };
    answer.map_err(|_| SignatureError)
}

/// Randomness, drawn in larger pieces than it is asked for, that remembers that it failed, so that what was
/// made with it is thrown away.
struct Weights<R> {
    source: R,
    drawn: [u8; 16 * WEIGHTS],
    used: usize,
    failed: bool,
}

impl<R: TryCryptoRng> Weights<R> {
    fn new(source: R) -> Self {
        let drawn = [0; 16 * WEIGHTS];
        Weights { source, used: drawn.len(), drawn, failed: false }
    }
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
        if self.drawn.len().saturating_sub(self.used) < bytes.len() {
            self.failed |= self.source.try_fill_bytes(&mut self.drawn).is_err();
            self.used = 0;
        }
        match self.drawn.get(self.used..).and_then(|left| left.get(..bytes.len())) {
            Some(next) => {
                bytes.copy_from_slice(next);
                self.used = self.used.saturating_add(bytes.len());
            }
            // More than is drawn at a time; nobody asks for so much.
            None => self.failed = true,
        }
        Ok(())
    }
}

impl<R: TryCryptoRng> TryCryptoRng for Weights<R> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Signer, SoftwareSigner};

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
                let Signature::Ed25519(signature) = signer.sign(&key).unwrap();
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
    #[derive(Clone, Copy)]
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
        let public_key = signer.public_key();
        // Their weights take three draws.
        let messages: Vec<[u8; 1]> = (0..150).map(|n| [n]).collect();
        let mut signatures: Vec<[u8; 64]> = messages
            .iter()
            .map(|message| {
                let Signature::Ed25519(signature) = signer.sign(message).unwrap();
                signature
            })
            .collect();
        for broken in [false, true] {
            if broken {
                signatures[70][40] ^= 1;
            }
            let claims = || {
                messages.iter().zip(&signatures).map(|(message, signature)| {
                    SignatureClaim::new(&public_key, message, &Signature::Ed25519(*signature))
                })
            };
            for left in 0..6 {
                let items: Vec<_> = claims().map(|claim| claim.item).collect();
                assert_eq!(hold_together(Dry { left }, items.iter()).is_err(), broken, "after {left} draws");
                let mut claims: Vec<_> = claims().collect();
                verify_each_with(Dry { left }, &mut claims.iter_mut().collect::<Vec<_>>());
                for (place, claim) in claims.iter().enumerate() {
                    let refused = broken && place == 70;
                    assert_eq!(claim.verdict().is_err(), refused, "{place} after {left} draws");
                }
            }
        }
    }
}
