//! What a seller offers of a risk.

use allonge_finance::{Date, Money, PartyId, Rate};
use allonge_ledger::{AccountId, Error, Findings};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::Proportion;
use crate::registry::{PARTICIPATION_ACCOUNT, PARTICIPATION_FEE, PARTICIPATION_REPRESENTATIONS};

/// What a seller offers of a risk.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ParticipationTerms {
    /// Which share.
    pub share: Proportion,
    /// The most that the share comes to, where there is a cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Money>,
    /// Whether the participant pays at the start, or on a demand.
    pub funding: Funding,
    /// The fee a year, zero or above.
    pub fee: Rate,
    /// The last day for a demand; when banks are closed it becomes the first following banking day.
    pub expiry: Date,
    /// Whether the obligor is told.
    pub disclosure: Disclosure,
    /// What the seller represents, ascending; that nothing is sanctioned, at least.
    pub representations: Vec<Representation>,
    /// The seller's account into which the participant pays.
    pub account: AccountId,
}

/// Whether a participant pays at the start, or on a demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum Funding {
    /// It pays its share at the start.
    Funded {
        /// When; the first following banking day where banks are closed.
        settlement: Date,
    } = 0,
    /// It pays on a demand after the obligor's default.
    Unfunded = 1,
}

/// Whether the obligor is told of a participation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum Disclosure {
    /// It is not.
    Silent = 0,
    /// It is.
    Disclosed = 1,
}

/// What a seller represents by its offer.
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
pub enum Representation {
    /// To its knowledge neither the obligor nor the transaction is subject to sanctions.
    NotSanctioned = 0,
    /// It knows of no default of the obligor.
    NoKnownDefault = 1,
    /// It holds the transaction free from rights of others.
    Unencumbered = 2,
}

impl ParticipationTerms {
    /// Whether they can be offered by a party. Participation art. 2.
    pub(crate) fn check(
        &self,
        seller: &PartyId,
        exposure: Money,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        let fits = self.account.owner() == seller && self.account.currency() == exposure.currency();
        let judged = PARTICIPATION_ACCOUNT.unless(fits, |refusal| {
            refusal.with("account", &self.account).with("party", seller).with("currency", exposure.currency())
        });
        findings.judge(&PARTICIPATION_ACCOUNT, judged)?;
        let cap = self.cap.is_none_or(|cap| cap.is_positive() && cap.currency() == exposure.currency());
        let judged = PARTICIPATION_FEE.unless(cap && self.fee.hundred_millionths() >= 0, |refusal| {
            refusal.with("fee", self.fee).with("cap", self.cap.map(|cap| cap.to_string()).unwrap_or_default())
        });
        findings.judge(&PARTICIPATION_FEE, judged)?;
        let given = &self.representations;
        let represented =
            given.is_sorted_by(|one, next| one < next) && given.contains(&Representation::NotSanctioned);
        let judged = PARTICIPATION_REPRESENTATIONS.unless(represented, |refusal| refusal);
        findings.judge(&PARTICIPATION_REPRESENTATIONS, judged)
    }

    /// Whether the participant pays at the start.
    pub fn is_funded(&self) -> bool {
        matches!(self.funding, Funding::Funded { .. })
    }
}
