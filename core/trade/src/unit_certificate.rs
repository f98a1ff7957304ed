//! Unit certificates: a number of units of something, held in parts, each of which is retired once. Energy of a
//! source, emissions avoided and batches of goods are certified so.

use allonge_crypto::Hash;
use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::registry::AMOUNT_OVERFLOW;
use allonge_ledger::{Error, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::identifier::CertificateId;
use crate::registry::UNITS_NOT_HELD;

/// Characters of the name of a unit: `kWh`.
pub const MAX_UNIT_LENGTH: usize = 16;
/// Characters of the description of what is certified, of a reason, and of a beneficiary.
pub const MAX_UNIT_TEXT_LENGTH: usize = 140;

/// A number of units that an issuer certifies. What is held and what is retired are together what was issued.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitCertificate {
    /// Which certificate.
    pub id: CertificateId,
    /// What a unit is, at most 16 characters: `kWh`.
    pub unit: String,
    /// What is certified, at most 140 characters: `WIND POWER, ZHANGBEI, MARCH 2026`.
    pub description: String,
    /// SHA-256 of the document behind it, as `sha256sum` prints it.
    pub sha256: Hash,
    /// How many units were issued, in whole units.
    pub issued: u64,
    /// How many of them were retired.
    pub retired: u64,
    /// How often some were.
    pub retirements: u32,
    /// When it was issued.
    pub issued_at: Timestamp,
}

impl Stored for UnitCertificate {
    type Id = CertificateId;
    const KIND: u8 = 0x5e;
}

/// Whose units of which certificate.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitHoldingId {
    /// Which certificate.
    pub certificate: CertificateId,
    /// Whose.
    pub holder: PartyId,
}

/// What a party holds of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitHolding {
    /// Whose units of which certificate.
    pub id: UnitHoldingId,
    /// How many units it holds.
    pub held: u64,
    /// How many it has retired. They are nobody's any more.
    pub retired: u64,
}

impl Stored for UnitHolding {
    type Id = UnitHoldingId;
    const KIND: u8 = 0x5b;
}

impl UnitCertificate {
    /// Some of its units are retired.
    pub(crate) fn retire(mut self, quantity: u64) -> Result<Self, Error> {
        self.retired = self.retired.checked_add(quantity).ok_or_else(|| AMOUNT_OVERFLOW.error())?;
        self.retirements = self.retirements.checked_add(1).ok_or_else(|| AMOUNT_OVERFLOW.error())?;
        Ok(self)
    }
}

impl UnitHolding {
    /// Nothing yet.
    pub(crate) fn none(id: UnitHoldingId) -> Self {
        UnitHolding { id, held: 0, retired: 0 }
    }

    /// It holds more.
    pub(crate) fn receive(mut self, quantity: u64) -> Result<Self, Error> {
        self.held = self.held.checked_add(quantity).ok_or_else(|| AMOUNT_OVERFLOW.error())?;
        Ok(self)
    }

    /// It holds less: at least one unit leaves, and no more than it holds.
    pub(crate) fn give(mut self, quantity: u64) -> Result<Self, Error> {
        let left = self.held.checked_sub(quantity).filter(|_| quantity > 0);
        self.held = left.ok_or_else(|| {
            let refusal = UNITS_NOT_HELD.error().with("quantity", quantity).with("held", self.held);
            refusal.with("certificate", &self.id.certificate)
        })?;
        Ok(self)
    }

    /// Some of what it holds is used up, for good.
    pub(crate) fn retire(self, quantity: u64) -> Result<Self, Error> {
        let mut left = self.give(quantity)?;
        left.retired = left.retired.checked_add(quantity).ok_or_else(|| AMOUNT_OVERFLOW.error())?;
        Ok(left)
    }
}
