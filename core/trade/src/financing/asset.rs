//! What is registered under one fingerprint, and what a bank is told of it.

use allonge_crypto::{Hash, HashSuite};
use allonge_finance::{Money, PartyId, Timestamp};
use allonge_ledger::{Error, Stored, canonical};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;
use super::overflow;
use crate::registry::{FINANCING_CROWDED, FINANCING_EXHAUSTED, FINANCING_FACE_DIFFERS};

/// Shares under one fingerprint.
pub const MAX_SHARES: usize = 64;

/// Whether others have registered the same document, or one like it.
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
pub enum Match {
    /// Nobody else has.
    None = 0,
    /// Another has registered one that is like it in some respect: a reason to look, and no obstacle.
    Partial = 1,
    /// Another has registered the same document.
    Exact = 2,
}

/// What is registered under one fingerprint: of a document, or of documents alike.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FinancedAsset {
    /// The fingerprint.
    pub fingerprint: Fingerprint,
    /// The amount of the document, as whoever registered it first stated; it can be stated anew when nothing is
    /// registered. Of a partial tier it says nothing, since documents alike have amounts of their own.
    pub face: Money,
    /// What banks have reserved and financed. Reservations that expired may still stand here, and count no more.
    pub shares: Vec<Share>,
    /// Whether so many shared it that it tells nothing apart: then it is always a match. Only of tiers that do not limit.
    pub crowded: bool,
}

/// What one bank has taken, until one time.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Share {
    /// What stands for the bank under this fingerprint and no other, so that it knows its own. It is no secret: whoever
    /// tries out the parties of the network finds the bank.
    pub holder: Hash,
    /// How much.
    pub amount: Money,
    /// The last time at which it counts; always, where the bank has financed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

impl Stored for FinancedAsset {
    type Id = Fingerprint;
    const KIND: u8 = 0x58;
}

impl FinancedAsset {
    /// One under which nothing is registered.
    pub(crate) fn new(fingerprint: Fingerprint, face: Money) -> Self {
        FinancedAsset { fingerprint, face, shares: Vec::new(), crowded: false }
    }

    /// What stands for a bank under a fingerprint.
    pub(crate) fn holder(suite: HashSuite, fingerprint: &Fingerprint, bank: &PartyId) -> Hash {
        suite.hash("allonge/financing-holder", &canonical(&(fingerprint, bank)))
    }

    /// What counts at a time.
    pub fn live(&self, now: Timestamp) -> impl Iterator<Item = &Share> {
        self.shares.iter().filter(move |share| share.expires_at.is_none_or(|expires_at| now <= expires_at))
    }

    /// What a holder is told: whether others have registered here, and whether it has itself.
    pub(crate) fn answer(&self, holder: Hash, now: Timestamp) -> (Match, bool) {
        let own = self.live(now).any(|share| share.holder == holder);
        let others = self.crowded || self.live(now).any(|share| share.holder != holder);
        let found = match (others, self.fingerprint.tier.is_exact()) {
            (false, _) => Match::None,
            (true, true) => Match::Exact,
            (true, false) => Match::Partial,
        };
        (found, own)
    }

    /// Art. 3: the face is as first stated, while anything is registered.
    pub(crate) fn check_face(&self, face: Money, now: Timestamp) -> Result<(), Error> {
        let same = !self.fingerprint.tier.limits() || self.live(now).next().is_none() || self.face == face;
        FINANCING_FACE_DIFFERS.unless(same, |refusal| refusal.with("face", face))
    }

    /// Art. 3: what is taken never exceeds the face. The refusal does not say how much is left.
    pub(crate) fn check_left(&self, amount: Money, face: Money, now: Timestamp) -> Result<(), Error> {
        if !self.fingerprint.tier.limits() {
            return Ok(());
        }
        let taken = self.live(now).try_fold(amount, |sum, share| sum.checked_add(share.amount));
        let within = taken.map_err(overflow)?.checked_cmp(face).map_err(overflow)?.is_le();
        FINANCING_EXHAUSTED.unless(within, |refusal| refusal.with("amount", amount).with("face", face))
    }

    /// Adds a share to what is live, once it was found to fit.
    pub(crate) fn take(mut self, share: Share, face: Money, now: Timestamp) -> Result<Self, Error> {
        self.shares.retain(|share| share.expires_at.is_none_or(|expires_at| now <= expires_at));
        if self.crowded {
            return Ok(self);
        }
        if self.shares.is_empty() {
            self.face = face;
        }
        let alike = |other: &&mut Share| {
            other.holder == share.holder
                && other.expires_at == share.expires_at
                && other.amount.currency() == share.amount.currency()
        };
        if self.fingerprint.tier.limits()
            && let Some(other) = self.shares.iter_mut().find(alike)
        {
            other.amount = other.amount.checked_add(share.amount).map_err(overflow)?;
        } else if self.shares.len() < MAX_SHARES {
            self.shares.push(share);
        } else if self.fingerprint.tier.limits() {
            return Err(FINANCING_CROWDED.error().with("limit", MAX_SHARES));
        } else {
            self.crowded = true;
            self.shares.clear();
        }
        Ok(self)
    }

    /// Takes a share away. One that expired may be gone already.
    pub(crate) fn give_back(mut self, share: &Share, now: Timestamp) -> Result<Self, Error> {
        self.shares.retain(|share| share.expires_at.is_none_or(|expires_at| now <= expires_at));
        let alike = |other: &Share| {
            other.holder == share.holder
                && other.expires_at == share.expires_at
                && other.amount.checked_cmp(share.amount).is_ok_and(|order| order.is_ge())
        };
        // One of exactly this amount, where shares are kept apart.
        let exact = self.shares.iter().position(|other| other == share);
        let Some(place) = exact.or_else(|| self.shares.iter().position(alike)) else {
            return Ok(self);
        };
        let mut kept = self.shares.remove(place);
        kept.amount = kept.amount.checked_sub(share.amount).map_err(overflow)?;
        if kept.amount.is_positive() {
            self.shares.insert(place, kept);
        }
        Ok(self)
    }
}
