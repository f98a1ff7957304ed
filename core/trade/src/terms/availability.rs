//! With whom and how a credit is available (41a, 42a, 42C, 42P). UCP 600 art. 6(a), 6(b).

use allonge_finance::{Date, PartyId};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// The longest tenor, in days: ten years. The Chinese measures of 2016 allow one year in domestic credits.
pub const MAX_TENOR_DAYS: u16 = 3_650;

/// With whom and how a credit is available.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Availability {
    /// With whom.
    pub with: AvailableWith,
    /// How.
    pub by: AvailableBy,
}

/// Where a credit can be used, beside the issuing bank. UCP 600 art. 6(a).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum AvailableWith {
    /// With any bank.
    AnyBank = 0,
    /// With one nominated bank; it may be the issuing bank itself.
    Bank {
        /// Which bank.
        party: PartyId,
    } = 1,
    /// With a bank or place that is known by name only.
    Named {
        /// Its name and address, 1 to 4 lines of 35.
        name_and_address: Vec<String>,
    } = 2,
}

/// How a credit is honoured. UCP 600 art. 6(b), and "honour" in art. 2.
///
/// Negotiation and mixed payment are not built yet.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum AvailableBy {
    /// By payment at sight.
    SightPayment = 0,
    /// By an undertaking to pay at maturity.
    DeferredPayment {
        /// When it matures.
        tenor: Tenor,
    } = 1,
    /// By accepting a draft, and paying it at maturity.
    Acceptance {
        /// When it matures.
        tenor: Tenor,
    } = 2,
}

impl AvailableBy {
    /// The tenor, unless the credit is payable at sight.
    pub fn tenor(&self) -> Option<Tenor> {
        match self {
            AvailableBy::SightPayment => None,
            AvailableBy::DeferredPayment { tenor } | AvailableBy::Acceptance { tenor } => Some(*tenor),
        }
    }
}

/// When a claim under a usance credit matures. For maturities, "after" excludes the day: UCP 600 art. 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum Tenor {
    /// So many days after the date of shipment.
    AfterShipment {
        /// Calendar days, 1 to 3,650.
        days: u16,
    } = 0,
    /// So many days after sight: after the day on which the documents were received.
    AfterSight {
        /// Calendar days, 1 to 3,650.
        days: u16,
    } = 1,
    /// On a fixed date.
    Fixed {
        /// Which date, at the place of payment.
        date: Date,
    } = 2,
}
