//! The keys of fingerprints, by their ids: one in force, or two while one follows the other.

use std::collections::BTreeSet;

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use allonge_ledger::{Error, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::registry::{FINGERPRINT_KEY_RETIRING, FINGERPRINT_KEY_USED};

/// The ids of the keys in force. The keys themselves are in the registrar's service and nowhere else.
///
/// Fingerprints under two keys cannot be compared. While a key retires, new registrations bear fingerprints under both,
/// and banks give their live financings those of the new key: whoever has not done so when the old key is out of force
/// is no longer found.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FingerprintKeys {
    /// The key that was adopted last.
    pub current: Hash,
    /// The key before it, and until when it is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retiring: Option<RetiringKey>,
}

/// A key that another follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RetiringKey {
    /// The key's id.
    pub key_id: Hash,
    /// The last time at which it is in force.
    pub until: Timestamp,
}

impl Stored for FingerprintKeys {
    type Id = ();
    const KIND: u8 = 0x5a;
}

impl FingerprintKeys {
    /// The ids of the keys in force.
    pub fn in_force(&self, now: Timestamp) -> BTreeSet<Hash> {
        let retiring = self.retiring.filter(|retiring| now <= retiring.until);
        retiring.map(|retiring| retiring.key_id).into_iter().chain([self.current]).collect()
    }

    /// Another key follows; the one before is in force until then. Art. 1.
    pub(crate) fn follow(self, key_id: Hash, until: Timestamp, now: Timestamp) -> Result<Self, Error> {
        let known = key_id == self.current || self.retiring.is_some_and(|old| old.key_id == key_id);
        FINGERPRINT_KEY_USED.unless(!known, |refusal| refusal.with("key", key_id))?;
        let settled = self.retiring.is_none_or(|retiring| now > retiring.until);
        FINGERPRINT_KEY_RETIRING.unless(settled, |refusal| refusal.with("key", self.current))?;
        Ok(FingerprintKeys { current: key_id, retiring: Some(RetiringKey { key_id: self.current, until }) })
    }
}
