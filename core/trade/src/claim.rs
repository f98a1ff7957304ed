//! The claim: a definite, dated debt that came of a complying presentation. UCP 600 art. 7, 15.

use allonge_finance::{Calendar, Money, PartyId, Timestamp};
use allonge_ledger::{AccountId, Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::deadline::DueDate;
use crate::identifier::ClaimId;
use crate::registry::{CLAIM_AMOUNT, CLAIM_NOT_DUE, CLAIM_PAID, NOT_HOLDER};

/// A debt of the obligor to the holder of record.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Claim {
    /// Which claim.
    pub id: ClaimId,
    /// What became of it.
    pub state: ClaimState,
    /// How it came into being.
    pub origin: ClaimOrigin,
    /// Who owes.
    pub obligor: PartyId,
    /// To whom it is owed: a payment to anybody else does not discharge it.
    pub holder_of_record: PartyId,
    /// How much is owed.
    pub amount: Money,
    /// From when it is due.
    pub due: DueDate,
    /// When it came into being.
    pub created_at: Timestamp,
}

impl Stored for Claim {
    type Id = ClaimId;
    const KIND: u8 = 0x42;
}

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ClaimState {
    /// It is owed.
    Outstanding = 0,
    /// It was paid to its holder of record.
    Paid {
        /// The account that paid.
        from: AccountId,
        /// The account that was paid.
        to: AccountId,
        /// When.
        at: Timestamp,
    } = 1,
}

/// How a claim came into being.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ClaimOrigin {
    /// The issuing bank incurred a deferred payment undertaking.
    DeferredPayment = 0,
    /// The issuing bank accepted a draft.
    Acceptance = 1,
    /// The issuing bank was precluded from refusing: UCP 600 art. 16(f).
    Preclusion = 2,
}

impl Claim {
    /// The obligor pays the holder of record, exactly what is owed, once it is due. UCP 600 art. 7(a).
    ///
    /// `payment` is the calendar of the due date.
    pub(crate) fn pay(
        mut self,
        from: AccountId,
        to: AccountId,
        amount: Money,
        now: Timestamp,
        payment: &Calendar,
        findings: &mut Findings,
    ) -> Result<Claim, Error> {
        findings.judge(&CLAIM_PAID, self.is_unpaid())?;
        findings.judge(&NOT_HOLDER, self.is_owed_to_the_owner_of(&to))?;
        findings.judge(&CLAIM_AMOUNT, self.is_paid_in_full_by(amount))?;
        findings.judge(&CLAIM_NOT_DUE, self.is_due(now, payment))?;
        self.state = ClaimState::Paid { from, to, at: now };
        Ok(self)
    }

    fn is_unpaid(&self) -> Result<(), Error> {
        match &self.state {
            ClaimState::Outstanding => Ok(()),
            ClaimState::Paid { at, .. } => Err(CLAIM_PAID.error().with("claim", &self.id).with("at", at)),
        }
    }

    /// A debtor that pays anybody but the holder of record is not discharged.
    fn is_owed_to_the_owner_of(&self, account: &AccountId) -> Result<(), Error> {
        NOT_HOLDER.unless(*account.owner() == self.holder_of_record, |refusal| {
            refusal.with("claim", &self.id).with("holder", &self.holder_of_record).with("account", account)
        })
    }

    fn is_paid_in_full_by(&self, amount: Money) -> Result<(), Error> {
        CLAIM_AMOUNT.unless(amount == self.amount, |refusal| {
            refusal.with("claim", &self.id).with("expected", self.amount).with("given", amount)
        })
    }

    fn is_due(&self, now: Timestamp, payment: &Calendar) -> Result<(), Error> {
        CLAIM_NOT_DUE.unless(self.due.has_come(now, payment)?, |refusal| {
            refusal.with("claim", &self.id).with("due", self.due.date())
        })
    }
}
