//! A batch holds exactly when each of its signatures does: a block's validity must not depend on how a node
//! checks it.

#![allow(clippy::unwrap_used)] // Helpers of tests stand outside test functions.

use allonge_crypto::{
    MAX_BATCH, PublicKey, Signature, SignatureClaim, Signer, SoftwareSigner, verify_batch, verify_each,
};
use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::edwards::CompressedEdwardsY;
use curve25519_dalek::scalar::Scalar;
use proptest::prelude::*;
use sha2::{Digest, Sha512};

#[derive(Clone, Debug)]
struct Signed {
    key: [u8; 32],
    message: Vec<u8>,
    signature: [u8; 64],
}

impl Signed {
    fn honest(seed: [u8; 32], message: Vec<u8>) -> Self {
        let signer = SoftwareSigner::from_seed(seed);
        let PublicKey::Ed25519(key) = signer.public_key();
        let Signature::Ed25519(signature) = signer.sign(&message).unwrap();
        Signed { key, message, signature }
    }

    /// Key and point with components of small order, as only an attacker makes them: the equation without
    /// the cofactor fails for most, the one with it holds for all.
    fn with_torsion(seed: [u8; 32], message: Vec<u8>, of_key: usize, of_point: usize) -> Self {
        let secret = Scalar::from_bytes_mod_order(seed);
        let nonce = secret * secret + Scalar::ONE;
        let key = (ED25519_BASEPOINT_POINT * secret + EIGHT_TORSION[of_key]).compress().to_bytes();
        let point = (ED25519_BASEPOINT_POINT * nonce + EIGHT_TORSION[of_point]).compress().to_bytes();
        let challenge = Sha512::new().chain_update(point).chain_update(key).chain_update(&message).finalize();
        let challenge = Scalar::from_bytes_mod_order_wide(&challenge.into());
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&point);
        signature[32..].copy_from_slice((nonce + challenge * secret).as_bytes());
        Signed { key, message, signature }
    }

    fn holds(&self) -> bool {
        let key = PublicKey::Ed25519(self.key);
        key.verify(&self.message, &Signature::Ed25519(self.signature)).is_ok()
    }

    fn claim(&self) -> SignatureClaim {
        let signature = Signature::Ed25519(self.signature);
        SignatureClaim::new(&PublicKey::Ed25519(self.key), &self.message, &signature)
    }
}

/// Which of them hold, checked side by side.
fn verdicts<'a>(items: impl IntoIterator<Item = &'a Signed>) -> Vec<bool> {
    let mut claims: Vec<_> = items.into_iter().map(Signed::claim).collect();
    verify_each(&mut claims.iter_mut().collect::<Vec<_>>());
    claims.iter().map(|claim| claim.verdict().is_ok()).collect()
}

/// Points with two encodings, and of small order, among them some that are not canonical.
const ODD_POINTS: [[u8; 32]; 4] = [
    [0; 32],
    with_ends([0x01, 0x00], 0x00, 0x80),
    with_ends([0xee, 0xff], 0xff, 0x7f),
    with_ends([0xec, 0xff], 0xff, 0xff),
];

const fn with_ends(first: [u8; 2], middle: u8, last: u8) -> [u8; 32] {
    let mut bytes = [middle; 32];
    bytes[0] = first[0];
    bytes[1] = first[1];
    bytes[31] = last;
    bytes
}

fn signed() -> impl Strategy<Value = Signed> {
    let message = || prop::collection::vec(any::<u8>(), 0..40);
    prop_oneof![
        (any::<[u8; 32]>(), message()).prop_map(|(seed, message)| Signed::honest(seed, message)),
        (any::<[u8; 32]>(), message(), 0..8_usize, 0..8_usize)
            .prop_map(|(seed, message, key, point)| Signed::with_torsion(seed, message, key, point)),
        // Small order throughout, with S nothing: these hold for every message.
        (prop::sample::select(&ODD_POINTS), prop::sample::select(&ODD_POINTS), message()).prop_map(
            |(key, point, message)| {
                let mut signature = [0; 64];
                signature[..32].copy_from_slice(&point);
                Signed { key, message, signature }
            }
        ),
    ]
}

#[derive(Clone, Debug)]
enum Mutation {
    None,
    Key(usize, u8),
    Signature(usize, u8),
    Message(u8),
    OddKey([u8; 32]),
    OddPoint([u8; 32]),
    AddTheOrder,
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        4 => Just(Mutation::None),
        1 => (0..32_usize, 0..8_u8).prop_map(|(byte, bit)| Mutation::Key(byte, bit)),
        2 => (0..64_usize, 0..8_u8).prop_map(|(byte, bit)| Mutation::Signature(byte, bit)),
        1 => any::<u8>().prop_map(Mutation::Message),
        1 => prop::sample::select(&ODD_POINTS).prop_map(Mutation::OddKey),
        1 => prop::sample::select(&ODD_POINTS).prop_map(Mutation::OddPoint),
        1 => Just(Mutation::AddTheOrder),
    ]
}

fn mutated(mut signed: Signed, mutation: Mutation) -> Signed {
    match mutation {
        Mutation::None => {}
        Mutation::Key(byte, bit) => signed.key[byte] ^= 1 << bit,
        Mutation::Signature(byte, bit) => signed.signature[byte] ^= 1 << bit,
        Mutation::Message(byte) => signed.message.push(byte),
        Mutation::OddKey(key) => signed.key = key,
        Mutation::OddPoint(point) => signed.signature[..32].copy_from_slice(&point),
        Mutation::AddTheOrder => {
            // -1 is the order less one; adding it and then one never reduces.
            let order_less_one = (-Scalar::ONE).to_bytes();
            let mut carry = 1;
            for (byte, add) in signed.signature[32..].iter_mut().zip(order_less_one) {
                let sum = u16::from(*byte) + u16::from(add) + carry;
                (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
            }
        }
    }
    signed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn single_and_batch_agree_on_mutated_signatures(
        items in prop::collection::vec((signed(), mutation()).prop_map(|(s, m)| mutated(s, m)), 1..5),
    ) {
        let batch = |items: &[Signed]| {
            verify_batch(items.iter().map(|item| (&item.key, item.message.as_slice(), &item.signature))).is_ok()
        };
        for item in &items {
            prop_assert_eq!(batch(std::slice::from_ref(item)), item.holds());
        }
        prop_assert_eq!(batch(&items), items.iter().all(Signed::holds));
        // What holds singly holds together, whatever stands beside it.
        let holding: Vec<_> = items.into_iter().filter(Signed::holds).collect();
        prop_assert!(batch(&holding));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn each_verdict_is_that_of_the_signature_alone(
        items in prop::collection::vec((signed(), mutation()).prop_map(|(s, m)| mutated(s, m)), 0..100),
        good in 0..100_usize,
    ) {
        // Beside none or many that hold, so that whole pieces do and do not.
        let honest = Signed::honest([9; 32], b"allonge".to_vec());
        let items: Vec<_> = std::iter::repeat_n(honest, good).chain(items).collect();
        prop_assert_eq!(verdicts(&items), items.iter().map(Signed::holds).collect::<Vec<_>>());
    }
}

#[test]
fn a_bad_signature_is_found_wherever_it_stands() {
    let good: Vec<_> = (0..4_u8).map(|n| Signed::honest([n; 32], vec![n])).collect();
    for count in [1, 2, 31, 32, 33, 64, MAX_BATCH - 1, MAX_BATCH, MAX_BATCH + 1] {
        let items: Vec<_> = good.iter().cycle().take(count).collect();
        assert!(verdicts(items.iter().copied()).into_iter().all(|holds| holds), "of {count}");
        for bad in [0, count / 2, count - 1] {
            let mut items = items.clone();
            let altered = Signed { message: vec![99], ..items[bad].clone() };
            items[bad] = &altered;
            let refused: Vec<_> =
                (0..).zip(verdicts(items)).filter(|(_, holds)| !holds).map(|(place, _)| place).collect();
            assert_eq!(refused, [bad], "of {count}");
        }
    }
}

#[test]
fn what_was_not_checked_does_not_hold() {
    assert!(Signed::honest([1; 32], vec![]).claim().verdict().is_err());
}

#[test]
fn torsion_never_decides() {
    for of_key in 0..8 {
        for of_point in 0..8 {
            let signed = Signed::with_torsion([7; 32], b"allonge".to_vec(), of_key, of_point);
            assert!(signed.holds(), "{of_key}, {of_point}");
            let vetted = PublicKey::Ed25519(signed.key).vet().is_ok();
            assert_eq!(vetted, of_key == 0, "a key with torsion is not registered");
        }
    }
}

#[test]
fn odd_points_are_points() {
    for point in ODD_POINTS {
        let decompressed = CompressedEdwardsY(point).decompress().unwrap();
        assert!(decompressed.is_small_order(), "{}", hex::encode(point));
        assert!(PublicKey::Ed25519(point).vet().is_err());
    }
}
