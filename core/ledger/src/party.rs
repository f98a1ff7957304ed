//! Parties and their keys.

use allonge_crypto::{KeyError, PublicKey};
use allonge_finance::PartyId;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::registry::{
    KEY_ALREADY_REGISTERED, KEY_LAST, KEY_REFUSED, KEY_UNKNOWN, PARTY_INVALID, SIGNATURE_REVOKED_KEY,
    SIGNATURE_UNKNOWN_KEY,
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

/// A key and the heights at which it counts.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartyKey {
    /// The key.
    pub key: PublicKey,
    /// The first height at which its signatures count.
    pub valid_from: u64,
    /// The first height at which they no longer do.
    pub revoked_at: Option<u64>,
}

impl Stored for Party {
    type Id = PartyId;
    const KIND: u8 = 0x01;
}

impl Party {
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
            party = party.add_key(key, height)?;
        }
        Ok(party)
    }

    /// The party with one more key, which counts from `height` on.
    pub fn add_key(mut self, key: PublicKey, height: u64) -> Result<Party, Error> {
        key.vet().map_err(|source| {
            KEY_REFUSED.error().with("key", key).with("reason", word(source)).because(source)
        })?;
        if self.keys.iter().any(|known| known.key == key) {
            return Err(KEY_ALREADY_REGISTERED.error().with("key", key).with("party", &self.id));
        }
        if self.unrevoked_keys() >= MAX_KEYS || self.keys.len() >= MAX_KEYS_EVER {
            return Err(PARTY_INVALID.error().with("party", &self.id).with("reason", "too_many_keys"));
        }
        self.keys.push(PartyKey { key, valid_from: height, revoked_at: None });
        Ok(self)
    }

    /// The party with one key revoked from `height` on.
    pub fn revoke_key(mut self, key: PublicKey, height: u64) -> Result<Party, Error> {
        let unrevoked = self.unrevoked_keys();
        let known = self.keys.iter_mut().find(|known| known.key == key && known.revoked_at.is_none());
        let Some(known) = known else {
            return Err(KEY_UNKNOWN.error().with("key", key).with("party", &self.id));
        };
        if unrevoked == 1 {
            return Err(KEY_LAST.error().with("key", key).with("party", &self.id));
        }
        known.revoked_at = Some(height);
        Ok(self)
    }

    fn unrevoked_keys(&self) -> usize {
        self.keys.iter().filter(|known| known.revoked_at.is_none()).count()
    }

    /// Whether a signature by `key` counts at `height`.
    pub fn check_key(&self, key: &PublicKey, height: u64) -> Result<(), Error> {
        match self.keys.iter().find(|known| known.key == *key) {
            Some(PartyKey { revoked_at: Some(revoked_at), .. }) if *revoked_at <= height => {
                Err(SIGNATURE_REVOKED_KEY
                    .error()
                    .with("key", key)
                    .with("party", &self.id)
                    .with("height", revoked_at))
            }
            Some(known) if known.valid_from <= height => Ok(()),
            _ => Err(SIGNATURE_UNKNOWN_KEY.error().with("key", key).with("party", &self.id)),
        }
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
            party = party.add_key(key(number), height).unwrap().revoke_key(key(number - 1), height).unwrap();
        }
        assert_eq!(party.check_key(&key(99), 100), Ok(()));
        assert_eq!(party.check_key(&key(98), 100).unwrap_err().code(), "signature.revoked_key");
        assert_eq!(party.check_key(&key(98), 98), Ok(()), "an old signature still counts at its height");
        let again = party.clone().add_key(key(5), 100).unwrap_err();
        assert_eq!(again.code(), "key.already_registered");
        for number in 100..115 {
            party = party.add_key(key(number), 100).unwrap();
        }
        assert_eq!(party.add_key(key(115), 100).unwrap_err().code(), "party.invalid");
    }
}
