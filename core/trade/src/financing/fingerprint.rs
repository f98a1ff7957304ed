//! Fingerprints: what a document is recognised by, without saying which it is.

use std::collections::BTreeSet;

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use allonge_ledger::Error;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::keys::FingerprintKeys;
use crate::registry::{FINGERPRINT_KEYS_MISSING, FINGERPRINTS_INVALID};

/// Fingerprints of one financing: those of all tiers under two keys.
pub const MAX_FINGERPRINTS: usize = 64;

/// What of a document a fingerprint is made of. What the tiers take, and how it is written, is canonicalisation's.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum Tier {
    /// A number that its issuer guarantees to be unique.
    E1 = 0,
    /// Seller, number and date.
    E2 = 1,
    /// Seller, number and date, buyer, amount and currency.
    E3 = 2,
    /// Seller, buyer, amount, and the date within some days: several, where windows overlap.
    P1 = 3,
    /// Seller, amount and due date.
    P2 = 4,
    /// The goods, for copies under another number.
    P3 = 5,
    /// The text, for variants of a forgery: several, one for each band.
    P4 = 6,
}

impl Tier {
    /// Whether documents with the same fingerprint count as the same.
    pub fn is_exact(self) -> bool {
        matches!(self, Tier::E1 | Tier::E2 | Tier::E3)
    }

    /// Whether no more than the face can be financed on a fingerprint: whoever leaves out the number of E1 is still
    /// stopped at E2. E3 is made of more than E2, so it stops nothing that E2 does not.
    pub fn limits(self) -> bool {
        matches!(self, Tier::E1 | Tier::E2)
    }
}

/// The output of the keyed function, and the key that made it.
///
/// # What fingerprints protect, and what not
///
/// A fingerprint is the output of a keyed function that only the registrar's service evaluates, blindly: the key is on
/// no ledger, and no rule here asks for it. So nobody who reads the ledger can try out invoice numbers offline, and the
/// registrar does not learn what it evaluates.
///
/// It does not hide what stands beside it. Until registrations are sealed, whoever has a copy of the ledger sees which
/// bank registered how much and when, in its [`Financing`](crate::Financing) and in its signed transactions, and that
/// two of them share a fingerprint: then that two banks financed the same document, though not which. A bank that
/// holds a document can have it evaluated, and then knows what is registered under it. And a fingerprint is as true as
/// the bank that gives it: rules compare fingerprints and cannot know the document, so that a wrong one protects nobody.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FingerprintToken {
    /// The id of the key, 32 bytes.
    pub key_id: Hash,
    /// The output, 32 bytes.
    pub token: Hash,
}

/// One fingerprint of a document.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fingerprint {
    /// What it is made of.
    pub tier: Tier,
    /// Itself.
    pub token: FingerprintToken,
}

/// Art. 2: fingerprints ascend, each once, one of each exact tier under each key, and the same tiers under all keys,
/// of which one limits.
pub(crate) fn check_fingerprints(fingerprints: &[Fingerprint]) -> Result<(), Error> {
    let reason = if fingerprints.len() > MAX_FINGERPRINTS {
        "too_many"
    } else if !fingerprints.is_sorted_by(|one, next| one < next) {
        "not_ascending"
    } else if !fingerprints.iter().any(|fingerprint| fingerprint.tier.limits()) {
        "neither_e1_nor_e2"
    } else if fingerprints.is_sorted_by(|one, next| !one.tier.is_exact() || place(one) != place(next)) {
        return check_same_tiers(fingerprints, fingerprints);
    } else {
        "several_of_an_exact_tier"
    };
    Err(invalid(reason))
}

/// Art. 2: what is the fingerprint under a key stays it.
pub(crate) fn check_unchanged(old: &[Fingerprint], new: &[Fingerprint]) -> Result<(), Error> {
    let unchanged = keys(old).into_iter().filter(|key| keys(new).contains(key)).all(|key| {
        let under = |all: &[Fingerprint]| {
            all.iter().filter(|one| one.token.key_id == key).copied().collect::<BTreeSet<_>>()
        };
        under(old) == under(new)
    });
    FINGERPRINTS_INVALID.unless(unchanged, |refusal| {
        refusal.with("reason", "other_under_the_same_key").with("limit", MAX_FINGERPRINTS)
    })
}

/// Art. 2: under each of its keys, `new` has the tiers that `old` has.
pub(crate) fn check_same_tiers(old: &[Fingerprint], new: &[Fingerprint]) -> Result<(), Error> {
    let tiers = old.iter().map(|fingerprint| fingerprint.tier).collect::<BTreeSet<_>>();
    let same = keys(new).into_iter().all(|key| {
        let under = new.iter().filter(|fingerprint| fingerprint.token.key_id == key);
        under.map(|fingerprint| fingerprint.tier).collect::<BTreeSet<_>>() == tiers
    });
    FINGERPRINTS_INVALID.unless(same, |refusal| {
        refusal.with("reason", "other_tiers_under_another_key").with("limit", MAX_FINGERPRINTS)
    })
}

impl FingerprintKeys {
    /// Art. 2: fingerprints are under the keys in force, all of them and no other.
    pub(crate) fn check_all_used(&self, fingerprints: &[Fingerprint], now: Timestamp) -> Result<(), Error> {
        FINGERPRINT_KEYS_MISSING
            .unless(keys(fingerprints) == self.in_force(now), |refusal| refusal.with("current", self.current))
    }
}

fn keys(fingerprints: &[Fingerprint]) -> BTreeSet<Hash> {
    fingerprints.iter().map(|fingerprint| fingerprint.token.key_id).collect()
}

fn place(fingerprint: &Fingerprint) -> (Tier, Hash) {
    (fingerprint.tier, fingerprint.token.key_id)
}

fn invalid(reason: &str) -> Error {
    FINGERPRINTS_INVALID.error().with("reason", reason).with("limit", MAX_FINGERPRINTS)
}
