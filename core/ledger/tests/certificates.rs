//! Replays `tests/vectors/certificates.json`, which the consensus engine made.

#![allow(clippy::unwrap_used)] // Test helpers: a vector that cannot be read is a failed test.

use std::path::Path;
use std::sync::LazyLock;

use allonge_crypto::{Hash, KeyError, PublicKey, Signature, Signer, SoftwareSigner};
use allonge_ledger::{
    Certificate, CertificateError, Proposal, Roster, RosterError, ValidatorKey, Vote, certificate_namespace,
};
use proptest::prelude::*;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
struct Vectors {
    good: Vec<Good>,
    bad: Vec<Bad>,
    assembly: Vec<Assembly>,
    rosters: Vec<RosterVector>,
}

#[derive(Deserialize)]
struct Good {
    name: String,
    network_id: Hash,
    #[serde(deserialize_with = "from_hex")]
    namespace: Vec<u8>,
    epoch: String,
    view: String,
    parent_view: String,
    payload: Hash,
    validators: Vec<String>,
    seeds: Vec<String>,
    quorum: usize,
    #[serde(deserialize_with = "from_hex")]
    signed_message: Vec<u8>,
    votes: Vec<VoteVector>,
    #[serde(deserialize_with = "from_hex")]
    finalization: Vec<u8>,
    length: usize,
}

#[derive(Deserialize)]
struct VoteVector {
    signer: u8,
    #[serde(deserialize_with = "from_hex")]
    signature: [u8; 64],
}

#[derive(Deserialize)]
struct Bad {
    name: String,
    #[serde(deserialize_with = "from_hex")]
    namespace: Vec<u8>,
    validators: Vec<String>,
    #[serde(deserialize_with = "from_hex")]
    finalization: Vec<u8>,
    engine: BadVerdict,
}

#[derive(Deserialize)]
struct BadVerdict {
    verify: Option<bool>,
}

#[derive(Deserialize)]
struct Assembly {
    name: String,
    of: String,
    votes: Vec<VoteVector>,
    engine: AssemblyVerdict,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum AssemblyVerdict {
    Ok(String),
    Error(String),
}

#[derive(Deserialize)]
struct RosterVector {
    name: String,
    validators: Vec<String>,
}

fn from_hex<'de, D: Deserializer<'de>, T: TryFrom<Vec<u8>>>(deserializer: D) -> Result<T, D::Error> {
    let bytes = hex::decode(String::deserialize(deserializer)?).map_err(D::Error::custom)?;
    T::try_from(bytes).map_err(|_| D::Error::custom("of another length"))
}

fn vectors() -> Vectors {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/certificates.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn bytes32(hex: &str) -> [u8; 32] {
    hex::decode(hex).unwrap().try_into().unwrap()
}

fn keys(validators: &[String]) -> Result<Vec<ValidatorKey>, KeyError> {
    validators.iter().map(|key| ValidatorKey::new(bytes32(key))).collect()
}

fn roster(validators: &[String]) -> Roster {
    Roster::new(keys(validators).unwrap()).unwrap()
}

fn vote(vote: &VoteVector) -> Vote {
    Vote { signer: vote.signer, signature: vote.signature }
}

impl Good {
    fn proposal(&self) -> Proposal {
        let [epoch, view, parent_view] =
            [&self.epoch, &self.view, &self.parent_view].map(|number| number.parse().unwrap());
        Proposal::new(epoch, view, parent_view, self.payload).unwrap()
    }

    fn roster(&self) -> Roster {
        roster(&self.validators)
    }
}

fn good(name: &str) -> Good {
    vectors().good.into_iter().find(|good| good.name == name).unwrap()
}

/// Reads and checks, as a receipt's reader does.
fn check(bytes: &[u8], namespace: &[u8], roster: &Roster) -> Result<(), CertificateError> {
    Certificate::decode(bytes, roster.len())?.verify(namespace, roster)
}

#[test]
fn every_certificate_of_the_engine_holds_here() {
    for good in vectors().good {
        let roster = good.roster();
        let certificate = Certificate::decode(&good.finalization, roster.len()).expect(&good.name);
        assert_eq!(certificate.verify(&good.namespace, &roster), Ok(()), "{}", good.name);
        assert_eq!(certificate.proposal(), &good.proposal(), "{}", good.name);
        assert_eq!(usize::from(certificate.validators()), roster.len(), "{}", good.name);
        assert!(certificate.votes().eq(good.votes.iter().map(vote)), "{}", good.name);
        assert_eq!(certificate.encode(), good.finalization, "{}", good.name);
        assert_eq!(good.finalization.len(), good.length, "{}", good.name);
    }
}

#[test]
fn votes_make_the_certificate_that_the_engine_made_of_them() {
    for good in vectors().good {
        let (proposal, roster) = (good.proposal(), good.roster());
        assert_eq!(good.namespace, certificate_namespace(&good.network_id), "{}", good.name);
        assert_eq!(proposal.signed_message(&good.namespace), good.signed_message, "{}", good.name);
        assert_eq!(roster.quorum(), good.quorum, "{}", good.name);
        let backwards = good.votes.iter().rev().map(vote);
        let certificate = Certificate::assemble(proposal, &roster, backwards).expect(&good.name);
        assert_eq!(certificate.encode(), good.finalization, "{}", good.name);
    }
}

#[test]
fn our_signer_votes_as_the_engine_does() {
    // The last is left out: its nonce was made by hand, to be odd.
    for good in vectors().good.iter().filter(|good| good.name != "four_by_three_zip215") {
        let roster = good.roster();
        for expected in &good.votes {
            let signer = SoftwareSigner::from_seed(bytes32(&good.seeds[usize::from(expected.signer)]));
            let key = ValidatorKey::try_from(signer.public_key()).unwrap();
            assert_eq!(roster.position(&key), Some(expected.signer), "{}", good.name);
            assert_eq!(roster.get(expected.signer), Some(&key), "{}", good.name);
            let Signature::Ed25519(signature) = signer.sign(&good.signed_message).unwrap();
            assert_eq!(signature, expected.signature, "{}", good.name);
        }
    }
}

#[test]
fn every_certificate_that_the_engine_refuses_is_refused_here_and_says_why() {
    use CertificateError::*;
    let mut replayed = 0;
    for bad in vectors().bad {
        let expected = match bad.name.as_str() {
            "quorum_not_reached" => QuorumNotReached { signers: 2, quorum: 3 },
            "quorum_of_seven_not_reached" => QuorumNotReached { signers: 4, quorum: 5 },
            "no_signers" => QuorumNotReached { signers: 0, quorum: 3 },
            "empty_committee" => CommitteeOutOfRange { found: 0 },
            "bitmap_enormous" => CommitteeOutOfRange { found: u64::MAX },
            "larger_committee" => OtherCommittee { found: 4, expected: 7 },
            "smaller_committee" => OtherCommittee { found: 7, expected: 4 },
            "signer_out_of_range" => OtherCommittee { found: 5, expected: 4 },
            "bitmap_too_short" => OtherCommittee { found: 3, expected: 4 },
            "padding_bit_set" => PaddingBit,
            // The byte after the bitmap is read as the number of signatures.
            "bitmap_extra_byte" => SignatureCount { signers: 3, signatures: 0 },
            "signature_missing" => SignatureCount { signers: 3, signatures: 2 },
            "signature_too_many" => SignatureCount { signers: 3, signatures: 4 },
            "count_over_committee" => SignatureCount { signers: 3, signatures: 5 },
            "count_over_u32" => SignatureCount { signers: 3, signatures: 0x1_ffff_ffff },
            "varint_not_shortest" | "varint_over_u64" | "varint_of_eleven_bytes" | "count_not_shortest" => {
                Varint
            }
            "trailing_byte" => TrailingBytes,
            "truncated" | "empty" => Truncated,
            "parent_not_earlier" => ParentNotEarlier { view: 300, parent_view: 300 },
            "identity_key_signs_anything" => {
                // The engine lets it through; here the roster cannot be built.
                assert_eq!(bad.engine.verify, Some(true));
                assert_eq!(keys(&bad.validators), Err(KeyError::SmallOrder));
                continue;
            }
            _ => {
                assert_eq!(bad.engine.verify, Some(false), "{}: not a matter of form", bad.name);
                SignatureInvalid
            }
        };
        let roster = roster(&bad.validators);
        assert_eq!(check(&bad.finalization, &bad.namespace, &roster), Err(expected), "{}", bad.name);
        replayed += 1;
    }
    assert_eq!(replayed, 39);
}

#[test]
fn votes_that_make_no_certificate_are_refused() {
    for assembly in vectors().assembly {
        let of = good(&assembly.of);
        let made = Certificate::assemble(of.proposal(), &of.roster(), assembly.votes.iter().map(vote));
        let expected = match (assembly.name.as_str(), assembly.engine) {
            ("any_order", AssemblyVerdict::Ok(bytes)) => Ok(bytes),
            ("too_few", AssemblyVerdict::Error(engine)) => {
                assert_eq!(engine, "InsufficientAttestations(3, 2)");
                Err(CertificateError::QuorumNotReached { signers: 2, quorum: 3 })
            }
            ("duplicate_signer", AssemblyVerdict::Error(engine)) => {
                assert_eq!(engine, "DuplicateSigner(Participant(2))");
                Err(CertificateError::DuplicateSigner { signer: 2 })
            }
            ("unknown_signer", AssemblyVerdict::Error(engine)) => {
                assert_eq!(engine, "UnknownSigner(Participant(4))");
                Err(CertificateError::UnknownSigner { signer: 4 })
            }
            (name, _) => panic!("what should become of {name}?"),
        };
        assert_eq!(made.map(|certificate| hex::encode(certificate.encode())), expected, "{}", assembly.name);
    }
}

#[test]
fn a_roster_is_ascending_distinct_and_of_vetted_keys() {
    for vector in vectors().rosters {
        let keys = keys(&vector.validators);
        let expected = match vector.name.as_str() {
            "four" => Ok(()),
            "unsorted" | "duplicate" => Err(RosterError::NotAscending),
            "identity_key" | "small_order_key" => {
                assert_eq!(keys, Err(KeyError::SmallOrder));
                continue;
            }
            "identity_key_not_canonical" => {
                assert_eq!(keys, Err(KeyError::NotCanonical));
                continue;
            }
            "mixed_order_key" => {
                assert_eq!(keys, Err(KeyError::MixedOrder));
                continue;
            }
            "not_a_point" => {
                assert_eq!(keys, Err(KeyError::NotAPoint));
                continue;
            }
            name => panic!("what should become of {name}?"),
        };
        assert_eq!(Roster::new(keys.unwrap()).map(|_| ()), expected, "{}", vector.name);
    }
}

#[test]
fn a_roster_has_1_to_100_validators() {
    assert_eq!(Roster::new(Vec::new()), Err(RosterError::SizeOutOfRange { found: 0 }));
    let mut keys: Vec<_> = (0..101)
        .map(|seed| ValidatorKey::try_from(SoftwareSigner::from_seed([seed; 32]).public_key()).unwrap())
        .collect();
    keys.sort();
    assert_eq!(Roster::new(keys.clone()), Err(RosterError::SizeOutOfRange { found: 101 }));
    keys.pop();
    assert_eq!(Roster::new(keys).unwrap().quorum(), 67);
}

#[test]
fn a_roster_as_bytes_or_json_is_vetted_again() {
    let roster = good("four_by_three").roster();
    let bytes = borsh::to_vec(&roster).unwrap();
    assert_eq!(bytes.len(), 4 + 4 * 32);
    assert_eq!(borsh::from_slice::<Roster>(&bytes).unwrap(), roster);
    let json = serde_json::to_string(&roster).unwrap();
    assert!(json.starts_with(r#"["ed25519:"#));
    assert_eq!(serde_json::from_str::<Roster>(&json).unwrap(), roster);

    for vector in vectors().rosters.into_iter().filter(|vector| vector.name != "four") {
        let keys: Vec<[u8; 32]> = vector.validators.iter().map(|key| bytes32(key)).collect();
        assert!(borsh::from_slice::<Roster>(&borsh::to_vec(&keys).unwrap()).is_err(), "{}", vector.name);
        let json =
            serde_json::to_string(&keys.into_iter().map(PublicKey::Ed25519).collect::<Vec<_>>()).unwrap();
        assert!(serde_json::from_str::<Roster>(&json).is_err(), "{}", vector.name);
    }
    assert!(borsh::from_slice::<Roster>(&u32::MAX.to_le_bytes()).is_err());
    assert!(borsh::from_slice::<Roster>(&0_u32.to_le_bytes()).is_err());
}

#[test]
fn a_certificate_inside_a_record_is_its_bytes_with_their_length() {
    for good in vectors().good {
        let bytes = borsh::to_vec(&good.finalization).unwrap();
        let certificate: Certificate = borsh::from_slice(&bytes).expect(&good.name);
        assert_eq!(certificate.encode(), good.finalization, "{}", good.name);
        assert_eq!(borsh::to_vec(&certificate).unwrap(), bytes, "{}", good.name);
    }
    for bad in vectors().bad.iter().filter(|bad| bad.engine.verify.is_none()) {
        if bad.name == "smaller_committee" || bad.name == "signer_out_of_range" {
            continue; // Well formed: only the roster shows that it is the wrong one.
        }
        let bytes = borsh::to_vec(&bad.finalization).unwrap();
        assert!(borsh::from_slice::<Certificate>(&bytes).is_err(), "{}", bad.name);
    }
    assert!(borsh::from_slice::<Certificate>(&u32::MAX.to_le_bytes()).is_err());
}

#[test]
fn no_bit_of_a_certificate_can_change() {
    for name in ["one", "four_by_three", "four_by_four", "seven_by_five", "nine_by_seven"] {
        let good = good(name);
        let roster = good.roster();
        let mut bytes = good.finalization;
        for at in 0..bytes.len() {
            for bit in 0..8 {
                bytes[at] ^= 1 << bit;
                assert!(check(&bytes, &good.namespace, &roster).is_err(), "{name}: bit {bit} of byte {at}");
                bytes[at] ^= 1 << bit;
            }
            assert!(check(&bytes[..at], &good.namespace, &roster).is_err(), "{name}: cut to {at}");
        }
        assert_eq!(check(&bytes, &good.namespace, &roster), Ok(()));
    }
}

#[test]
fn a_certificate_is_of_one_network_and_one_committee() {
    let (four, seven) = (good("four_by_three"), good("seven_by_five"));
    let certificate = Certificate::decode(&four.finalization, 4).unwrap();
    let other = certificate_namespace(&Hash::new([1; 32]));
    assert_eq!(certificate.verify(&other, &four.roster()), Err(CertificateError::SignatureInvalid));
    assert_eq!(
        certificate.verify(&four.namespace, &seven.roster()),
        Err(CertificateError::OtherCommittee { found: 4, expected: 7 })
    );
}

static FINALIZATIONS: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| vectors().good.into_iter().map(|good| good.finalization).collect());

proptest! {
    #[test]
    fn what_is_read_is_written_back_the_same(
        of: prop::sample::Index,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let mut bytes = of.get(&FINALIZATIONS).clone();
        for (at, byte) in edits {
            // Mostly in the head, where the form is.
            let at = at.index(bytes.len().min(60));
            bytes[at] = byte;
        }
        let record = borsh::to_vec(&bytes).unwrap();
        if let Ok(certificate) = borsh::from_slice::<Certificate>(&record) {
            prop_assert_eq!(certificate.encode(), bytes);
        }
    }

    #[test]
    fn no_bytes_are_too_odd_to_be_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), n in 0_usize..200) {
        if let Ok(certificate) = Certificate::decode(&bytes, n) {
            prop_assert_eq!(certificate.encode(), bytes);
        }
    }
}
