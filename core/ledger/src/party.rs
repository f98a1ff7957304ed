//! Parties and their keys.

use std::collections::BTreeSet;
use std::fmt;

use allonge_crypto::{KeyError, PublicKey};
use allonge_finance::PartyId;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::registry::{
    KEY_ALREADY_REGISTERED, KEY_LAST, KEY_REFUSED, KEY_UNKNOWN, KEY_VALIDITY_INVALID, PARTY_INVALID,
    SIGNATURE_EXPIRED_KEY, SIGNATURE_KEY_NOT_YET_VALID, SIGNATURE_REVOKED_KEY, SIGNATURE_UNKNOWN_KEY,
};
use crate::state::Stored;

/// A party has at most this many keys that count.
pub const MAX_KEYS: usize = 16;
/// A party has at most this many keys over time, revoked ones included.
pub const MAX_KEYS_EVER: usize = 1_024;
/// A party's name has at most this many characters: four lines of 35, as SWIFT writes names.
pub const MAX_NAME: usize = 140;

/// A party that the registrar has admitted.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Party {
    /// Its identifier: BIC, LEI, CNAPS, USCC, or a name that the registrar gave.
    pub id: PartyId,
    /// Its name.
    pub name: String,
    /// Its keys, in the order of registration.
    pub keys: Vec<PartyKey>,
}

/// A key, what its holder is in the party, and the heights at which it counts.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartyKey {
    /// The key.
    pub key: PublicKey,
    /// What its holder is in the party. Without a role it signs what the party's policy leaves open.
    #[serde(default)]
    pub roles: BTreeSet<Role>,
    /// The first height at which its signatures count.
    pub valid_from: u64,
    /// The first height at which they no longer do, as it was registered.
    pub valid_until: Option<u64>,
    /// The first height at which they no longer do, because it was revoked.
    pub revoked_at: Option<u64>,
}

/// What the holder of a key is in its party. What each role must sign, the party's policy says.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum Role {
    /// Prepares what the party is to do.
    Maker = 0,
    /// Checks what a maker prepared.
    Checker = 1,
    /// Releases what was checked, as for payments of large amounts.
    Releaser = 2,
    /// Looks after the party's keys and its policy.
    Administrator = 3,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Role::Maker => "maker",
            Role::Checker => "checker",
            Role::Releaser => "releaser",
            Role::Administrator => "administrator",
        })
    }
}

impl PartyKey {
    /// A key without a role that counts from a height on.
    pub fn new(key: PublicKey, valid_from: u64) -> PartyKey {
        PartyKey { key, roles: BTreeSet::new(), valid_from, valid_until: None, revoked_at: None }
    }

    /// Whether a signature by it counts at a height.
    pub fn counts_at(&self, height: u64) -> bool {
        self.valid_from <= height && !self.is_over_at(height)
    }

    /// Whether it no longer counts at a height, nor ever after.
    pub fn is_over_at(&self, height: u64) -> bool {
        [self.valid_until, self.revoked_at].into_iter().flatten().any(|end| end <= height)
    }
}

impl Stored for Party {
    type Id = PartyId;
    const KIND: u8 = 0x01;
}

impl Party {
    /// The number of the order in which all stand at 0, so that they are listed by id.
    pub const BY_ID: u8 = 0;

    /// A new party whose keys count from `height` on.
    pub fn admit(id: PartyId, name: String, keys: Vec<PublicKey>, height: u64) -> Result<Party, Error> {
        let invalid = |reason: &str| PARTY_INVALID.error().with("party", &id).with("reason", reason);
        let characters = name.chars().count();
        if characters == 0 || characters > MAX_NAME || name.chars().any(char::is_control) {
            return Err(invalid("name_not_1_to_140_printable_characters"));
        }
        if keys.is_empty() || keys.len() > MAX_KEYS {
            return Err(invalid("not_1_to_16_keys"));
        }
        let mut party = Party { id: id.clone(), name, keys: Vec::new() };
        for key in keys {
            party = party.add_key(PartyKey::new(key, height), height)?;
        }
        Ok(party)
    }

    /// The party with one more key, which counts from `height` on or later.
    pub fn add_key(mut self, added: PartyKey, height: u64) -> Result<Party, Error> {
        let key = added.key;
        key.vet().map_err(|source| {
            KEY_REFUSED.error().with("key", key).with("reason", word(source)).because(source)
        })?;
        if self.keys.iter().any(|known| known.key == key) {
            return Err(KEY_ALREADY_REGISTERED.error().with("key", key).with("party", &self.id));
        }
        let reason = if added.valid_from < height {
            Some("from_is_before_the_next_height")
        } else if added.valid_until.is_some_and(|until| until <= added.valid_from) {
            Some("until_is_not_after_from")
        } else {
            None
        };
        if let Some(reason) = reason {
            return Err(KEY_VALIDITY_INVALID
                .error()
                .with("key", key)
                .with("reason", reason)
                .with("height", height));
        }
        let kept = self.keys.iter().filter(|known| !known.is_over_at(height)).count();
        if kept >= MAX_KEYS || self.keys.len() >= MAX_KEYS_EVER {
            return Err(PARTY_INVALID.error().with("party", &self.id).with("reason", "too_many_keys"));
        }
        self.keys.push(added);
        Ok(self)
    }

    /// The party with one key revoked from `height` on.
    pub fn revoke_key(mut self, key: PublicKey, height: u64) -> Result<Party, Error> {
        let another_counts = self.keys.iter().any(|known| known.key != key && known.counts_at(height));
        let known = self.keys.iter_mut().find(|known| known.key == key && !known.is_over_at(height));
        let Some(known) = known else {
            return Err(KEY_UNKNOWN.error().with("key", key).with("party", &self.id));
        };
        if !another_counts {
            return Err(KEY_LAST.error().with("key", key).with("party", &self.id));
        }
        known.revoked_at = Some(height);
        Ok(self)
    }

    /// Whether a signature by `key` counts at `height`.
    pub fn check_key(&self, key: &PublicKey, height: u64) -> Result<(), Error> {
        self.key_at(key, height).map(|_| ())
    }

    /// The key by which a signature at `height` counts.
    pub(crate) fn key_at(&self, key: &PublicKey, height: u64) -> Result<&PartyKey, Error> {
        let Some(known) = self.keys.iter().find(|known| known.key == *key) else {
            return Err(SIGNATURE_UNKNOWN_KEY.error().with("key", key).with("party", &self.id));
        };
        let (refusal, reached) = match known {
            PartyKey { revoked_at: Some(end), .. } if *end <= height => (&SIGNATURE_REVOKED_KEY, *end),
            PartyKey { valid_until: Some(end), .. } if *end <= height => (&SIGNATURE_EXPIRED_KEY, *end),
            PartyKey { valid_from, .. } if *valid_from > height => {
                (&SIGNATURE_KEY_NOT_YET_VALID, *valid_from)
            }
            known => return Ok(known),
        };
        Err(refusal.error().with("key", key).with("party", &self.id).with("height", reached))
    }
}

/// Refusals stand in blocks, so they give reasons in words that stay.
fn word(error: KeyError) -> &'static str {
    match error {
        KeyError::NotAPoint => "not_a_point",
        KeyError::NotCanonical => "not_canonical",
        KeyError::SmallOrder => "small_order",
        KeyError::MixedOrder => "mixed_order",
    }
}

#[cfg(test)]
mod tests {
    use allonge_crypto::{Signer, SoftwareSigner};

    use super::*;

    fn key(number: u16) -> PublicKey {
        let mut seed = [0; 32];
        seed[..2].copy_from_slice(&number.to_le_bytes());
        SoftwareSigner::from_seed(seed).public_key()
    }

    #[test]
    fn a_party_rotates_its_keys_far_more_often_than_it_may_have_keys() {
        let id = PartyId::parse("SYNBCNBJXXX").unwrap();
        let mut party = Party::admit(id, "Synthetic Bank".to_owned(), vec![key(0)], 1).unwrap();
        for number in 1..100 {
            let height = u64::from(number);
            party = party.add_key(PartyKey::new(key(number), height), height).unwrap();
            party = party.revoke_key(key(number - 1), height).unwrap();
        }
        assert_eq!(party.check_key(&key(99), 100), Ok(()));
        assert_eq!(party.check_key(&key(98), 100).unwrap_err().code(), "signature.revoked_key");
        assert_eq!(party.check_key(&key(98), 98), Ok(()), "an old signature still counts at its height");
        let again = party.clone().add_key(PartyKey::new(key(5), 100), 100).unwrap_err();
        assert_eq!(again.code(), "key.already_registered");
        for number in 100..115 {
            party = party.add_key(PartyKey::new(key(number), 100), 100).unwrap();
        }
        assert_eq!(party.add_key(PartyKey::new(key(115), 100), 100).unwrap_err().code(), "party.invalid");
    }
}
