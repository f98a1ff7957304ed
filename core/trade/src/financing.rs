//! The financing registry: an invoice, or another document of trade, is financed up to its amount and no further.

mod asset;
mod fingerprint;
mod keys;

use allonge_finance::{Money, MoneyError, Timestamp};
use allonge_ledger::registry::AMOUNT_OVERFLOW;
use allonge_ledger::{Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

pub use asset::{FinancedAsset, MAX_SHARES, Match, Share};
pub use fingerprint::{Fingerprint, FingerprintToken, MAX_FINGERPRINTS, Tier};
pub(crate) use fingerprint::{check_fingerprints, check_same_tiers, check_unchanged};
pub use keys::{FingerprintKeys, RetiringKey};

use crate::identifier::FinancingId;
use crate::registry::{
    FINANCING_AMOUNT, FINANCING_ENDED, FINANCING_EXPIRY, FINANCING_NOT_FINANCED, FINANCING_NOT_RESERVED,
    FINANCING_PARTLY_RELEASED, FINANCING_RESERVATION_EXPIRED,
};
use crate::rulebook::RESERVATION;
use crate::terms::check_line;

/// Characters of the reason for which a financing is voided.
pub const MAX_VOID_REASON_LENGTH: usize = 140;

const DAY_MS: i64 = 86_400_000;

/// What is financed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum FinancedDocument {
    /// An invoice.
    Invoice = 0,
    /// A purchase order.
    PurchaseOrder = 1,
    /// A customs declaration.
    CustomsDeclaration = 2,
    /// A bill of lading.
    BillOfLading = 3,
    /// A warehouse receipt.
    WarehouseReceipt = 4,
}

/// A bank's registration of a financing: what it takes of the face of a document.
///
/// Its rules, which refusals and steps cite as "Financing registry":
///
/// | art. | says |
/// |---|---|
/// | 1 | the registrar adopts the keys of fingerprints; at most two are in force, while one follows the other |
/// | 2 | whoever registers gives a fingerprint under each key in force, with an exact tier: E1 or E2 |
/// | 3 | what is reserved and financed on one document never exceeds its face, which is as first stated |
/// | 4 | a reservation lasts until a time, at most so many days ahead, and is free for others after it at once |
/// | 5 | the answer is none, exact or partial, and never says by whom |
/// | 6 | what was financed is released in parts or whole, or voided with a reason |
/// | 7 | each bank registers, and acts on, its own financings alone |
///
/// Transactions take effect in ledger order, each whole or not at all: of two banks that register the same invoice in
/// one block, the second finds what the first took.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Financing {
    /// Which financing.
    pub id: FinancingId,
    /// How far it has come.
    pub state: FinancingState,
    /// What is financed.
    pub document: FinancedDocument,
    /// The amount of the document.
    pub face: Money,
    /// How much was reserved, or financed once it was.
    pub amount: Money,
    /// How much of it was released.
    pub released: Money,
    /// Whether others had registered the same document at the time, or one like it.
    pub found: Match,
    /// Whether the bank itself had.
    pub own: bool,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// The fingerprints of the document, in ascending order.
    pub fingerprints: Vec<Fingerprint>,
}

impl Stored for Financing {
    type Id = FinancingId;
    const KIND: u8 = 0x59;
}

/// How far a financing has come. That a reservation has expired follows from time, so it is no state of its own.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum FinancingState {
    /// The amount is kept for the bank.
    Reserved {
        /// The last time at which the bank can say that it financed.
        expires_at: Timestamp,
    } = 0,
    /// The bank financed it.
    Financed {
        /// When it said so.
        at: Timestamp,
    } = 1,
    /// A part was released.
    PartiallyReleased {
        /// When the last part was.
        at: Timestamp,
    } = 2,
    /// All was released.
    Released {
        /// Why the last part was.
        reason: ReleaseReason,
        /// When.
        at: Timestamp,
    } = 3,
    /// It counts as never made.
    Void {
        /// Why, at most 140 characters.
        reason: String,
        /// When.
        at: Timestamp,
    } = 4,
}

/// Why an amount is free again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ReleaseReason {
    /// The financing was repaid.
    Repaid = 0,
    /// The bank gave up its interest in the document without being repaid.
    GivenUp = 1,
}

impl Financing {
    /// How much of the face it takes: what others cannot take.
    ///
    /// Errors: `amount.overflow`.
    pub fn taken(&self, now: Timestamp) -> Result<Money, Error> {
        match &self.state {
            FinancingState::Reserved { expires_at } if now <= *expires_at => Ok(self.amount),
            FinancingState::Financed { .. } | FinancingState::PartiallyReleased { .. } => {
                self.amount.checked_sub(self.released).map_err(overflow)
            }
            FinancingState::Reserved { .. }
            | FinancingState::Released { .. }
            | FinancingState::Void { .. } => Ok(Money::zero(self.amount.currency())),
        }
    }

    /// Until when it takes that: without end once it is financed.
    pub(crate) fn expires_at(&self) -> Option<Timestamp> {
        match &self.state {
            FinancingState::Reserved { expires_at } => Some(*expires_at),
            _ => None,
        }
    }

    /// The bank financed, as much as it had reserved or less. Art. 3, 4.
    pub(crate) fn confirm(
        mut self,
        amount: Money,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let expires_at = findings.judge(&FINANCING_NOT_RESERVED, self.reserved_until())?;
        let unexpired = FINANCING_RESERVATION_EXPIRED.unless(now <= expires_at, |refusal| {
            refusal.with("financing", &self.id).with("expired", expires_at)
        });
        findings.judge(&FINANCING_RESERVATION_EXPIRED, unexpired)?;
        findings.judge(&FINANCING_AMOUNT, check_part(&self.id, amount, self.amount))?;
        self.amount = amount;
        self.state = FinancingState::Financed { at: now };
        Ok(self)
    }

    /// The bank releases a part, or the rest. Art. 6.
    pub(crate) fn release(
        mut self,
        amount: Money,
        reason: ReleaseReason,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&FINANCING_NOT_FINANCED, self.check_financed())?;
        let left = self.amount.checked_sub(self.released).map_err(overflow)?;
        findings.judge(&FINANCING_AMOUNT, check_part(&self.id, amount, left))?;
        self.released = self.released.checked_add(amount).map_err(overflow)?;
        self.state = if self.released == self.amount {
            FinancingState::Released { reason, at: now }
        } else {
            FinancingState::PartiallyReleased { at: now }
        };
        Ok(self)
    }

    /// The bank says that it did not finance after all. Art. 6.
    pub(crate) fn void(
        mut self,
        reason: String,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        check_line("reason", &reason, MAX_VOID_REASON_LENGTH)?;
        findings.judge(&FINANCING_ENDED, self.check_live())?;
        let whole = FINANCING_PARTLY_RELEASED.unless(self.released.is_zero(), |refusal| {
            refusal.with("financing", &self.id).with("released", self.released)
        });
        findings.judge(&FINANCING_PARTLY_RELEASED, whole)?;
        self.state = FinancingState::Void { reason, at: now };
        Ok(self)
    }

    /// Whether it has not come to its end.
    pub(crate) fn check_live(&self) -> Result<(), Error> {
        let live = !matches!(self.state, FinancingState::Released { .. } | FinancingState::Void { .. });
        FINANCING_ENDED.unless(live, |refusal| refusal.with("financing", &self.id))
    }

    fn check_financed(&self) -> Result<(), Error> {
        let financed =
            matches!(self.state, FinancingState::Financed { .. } | FinancingState::PartiallyReleased { .. });
        FINANCING_NOT_FINANCED.unless(financed, |refusal| refusal.with("financing", &self.id))
    }

    fn reserved_until(&self) -> Result<Timestamp, Error> {
        match &self.state {
            FinancingState::Reserved { expires_at } => Ok(*expires_at),
            _ => Err(FINANCING_NOT_RESERVED.error().with("financing", &self.id)),
        }
    }
}

/// Art. 4: a reservation ends after now, and within the days that one may last.
pub(crate) fn check_expiry(expires_at: Timestamp, now: Timestamp) -> Result<(), Error> {
    let last = now.plus_millis(DAY_MS.saturating_mul(i64::from(RESERVATION.days)));
    let within = expires_at > now && last.is_some_and(|last| expires_at <= last);
    FINANCING_EXPIRY
        .unless(within, |refusal| refusal.with("expires_at", expires_at).with("limit", RESERVATION.days))
}

/// Art. 3: a part is above zero, in the currency of the whole, and no more than it.
pub(crate) fn check_part(financing: &FinancingId, amount: Money, most: Money) -> Result<(), Error> {
    let within = amount.is_positive() && amount.checked_cmp(most).is_ok_and(|order| order.is_le());
    FINANCING_AMOUNT.unless(within, |refusal| {
        refusal.with("financing", financing).with("amount", amount).with("limit", most)
    })
}

pub(crate) fn overflow(source: MoneyError) -> Error {
    AMOUNT_OVERFLOW.error().because(source)
}
