//! Exposure records: what a lender says that a debtor owes it, with the debtor's consent.

use allonge_finance::{Date, Money, PartyId, Timestamp};
use allonge_ledger::{Error, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::identifier::ExposureId;
use crate::registry::{
    EXPOSURE_AMOUNT, EXPOSURE_ENDED, EXPOSURE_EXPIRED, EXPOSURE_NOT_LENDER, EXPOSURE_NOT_PARTY,
};

/// Days for which a consent holds at most.
pub const MAX_CONSENT_DAYS: i64 = 366;

/// A debtor's consent to one lender, and what the lender stated under it. The debtor consents first, for a time, and
/// may end it at any time: from then on nothing can be stated, and what was stated counts no more. What was written
/// stays in the ledger's past.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Exposure {
    /// Which record: the debtor numbers it.
    pub id: ExposureId,
    /// The lender to whom the debtor consents.
    pub lender: PartyId,
    /// How far it has come.
    pub state: ExposureState,
    /// The last time at which the consent holds.
    pub expires_at: Timestamp,
}

impl Stored for Exposure {
    type Id = ExposureId;
    const KIND: u8 = 0x5f;
}

/// How far an exposure record has come. That the consent has expired follows from time.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ExposureState {
    /// The debtor consents, and the lender has stated nothing yet.
    Consented = 0,
    /// The lender stated it.
    Stated {
        /// How much, zero or above.
        amount: Money,
        /// As of which day.
        as_of: Date,
        /// When it said so.
        at: Timestamp,
    } = 1,
    /// The debtor or the lender ended it.
    Ended {
        /// Who did.
        by: PartyId,
        /// When.
        at: Timestamp,
    } = 2,
}

impl Exposure {
    /// The lender states it, or states it anew.
    pub(crate) fn state(
        mut self,
        author: &PartyId,
        amount: Money,
        as_of: Date,
        now: Timestamp,
    ) -> Result<Self, Error> {
        EXPOSURE_NOT_LENDER.unless(*author == self.lender, |refusal| {
            refusal.with("exposure", &self.id).with("party", author)
        })?;
        self.check_open()?;
        EXPOSURE_EXPIRED.unless(now <= self.expires_at, |refusal| {
            refusal.with("exposure", &self.id).with("expired", self.expires_at)
        })?;
        EXPOSURE_AMOUNT.unless(!amount.is_negative(), |refusal| refusal.with("amount", amount))?;
        self.state = ExposureState::Stated { amount, as_of, at: now };
        Ok(self)
    }

    /// The debtor or the lender ends it.
    pub(crate) fn end(mut self, author: &PartyId, now: Timestamp) -> Result<Self, Error> {
        EXPOSURE_NOT_PARTY.unless(author == self.id.debtor() || *author == self.lender, |refusal| {
            refusal.with("exposure", &self.id).with("party", author)
        })?;
        self.check_open()?;
        self.state = ExposureState::Ended { by: author.clone(), at: now };
        Ok(self)
    }

    fn check_open(&self) -> Result<(), Error> {
        let open = !matches!(self.state, ExposureState::Ended { .. });
        EXPOSURE_ENDED.unless(open, |refusal| refusal.with("exposure", &self.id))
    }
}
