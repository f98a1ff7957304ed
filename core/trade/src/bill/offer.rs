//! Handshakes: what one party offers of a bill, and another signs.

use allonge_finance::{Date, DiscountTerms, Money, PartyId, Timestamp};
use allonge_ledger::AccountId;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::part::TransferKind;
use crate::units::Units;

/// Offers that stand on one part of a bill at most.
pub const MAX_OFFERS: usize = 16;
/// References of invoices and contracts behind a discount at most.
pub const MAX_EVIDENCE: usize = 20;
/// Characters of what a pledge secures at most.
pub const MAX_SECURES_LENGTH: usize = 140;

/// Something that one party offers and another may sign. An offer that expired binds nobody.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BillOffer {
    /// Which units it concerns.
    pub units: Units,
    /// Who offers.
    pub by: PartyId,
    /// Who may sign.
    pub to: PartyId,
    /// What takes effect when it signs.
    pub act: BillAct,
    /// The last time at which it can be signed.
    pub expires_at: Timestamp,
}

/// What takes effect when an offer is signed. Nothing in it is conditional: a condition on an endorsement would have no
/// effect. Negotiable Instruments Law art. 33.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum BillAct {
    /// The drawer hands the bill to its payee, and it is issued. Negotiable Instruments Law art. 20.
    Deliver = 0,
    /// The holder passes it on. Negotiable Instruments Law art. 27, 31.
    Endorse {
        /// Whether it may be passed on further. Negotiable Instruments Law art. 34.
        transferable: bool,
    } = 1,
    /// The holder pledges it. Negotiable Instruments Law art. 35.
    Pledge {
        /// What it secures, at most 140 characters.
        secures: String,
    } = 2,
    /// The pledgee gives it back.
    ReleasePledge = 3,
    /// The holder sells it to a bank before it is due, for its sum less the discount from the day of signing on.
    Discount {
        /// By which the price is computed.
        terms: DiscountTerms,
        /// Where the holder is paid.
        account: AccountId,
        /// The invoices and contracts behind the bill: 1 to 20 references of at most 140 characters.
        evidence: Vec<String>,
        /// Whether it may be passed on further.
        transferable: bool,
    } = 4,
    /// A bank sells it to another bank, outright or until a day.
    Rediscount {
        /// By which the price is computed.
        terms: DiscountTerms,
        /// Where the seller is paid.
        account: AccountId,
        /// The return leg, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        repurchase: Option<Repurchase>,
        /// Whether the buyer is the central bank.
        central_bank: bool,
    } = 5,
    /// Somebody stands for what another owes on it. Negotiable Instruments Law art. 45, 46.
    GiveAval {
        /// For whom.
        stands_for: Guaranteed,
    } = 6,
}

/// The return leg of a sale between banks: on which day the seller takes the bill back, at which price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Repurchase {
    /// The day, at the bill's place of payment, before it is due.
    pub on: Date,
    /// The price, above zero.
    pub price: Money,
}

/// Whose liability an aval stands for.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum Guaranteed {
    /// The acceptor's.
    Acceptor = 0,
    /// That of the drawer or an endorser, who asked for it while it held the bill.
    Holder {
        /// Who.
        party: PartyId,
    } = 1,
}

impl BillAct {
    /// Its name, as its `type` is written.
    pub fn name(&self) -> &'static str {
        match self {
            BillAct::Deliver => "deliver",
            BillAct::Endorse { .. } => "endorse",
            BillAct::Pledge { .. } => "pledge",
            BillAct::ReleasePledge => "release_pledge",
            BillAct::Discount { .. } => "discount",
            BillAct::Rediscount { .. } => "rediscount",
            BillAct::GiveAval { .. } => "give_aval",
        }
    }

    /// Whether another holds the bill, or rights in it, once it is signed.
    pub(crate) fn passes_rights(&self) -> bool {
        !matches!(self, BillAct::ReleasePledge | BillAct::GiveAval { .. })
    }

    /// Whether the bill must be transferable for it.
    pub(crate) fn circulates(&self) -> bool {
        self.passes_rights() && !matches!(self, BillAct::Deliver)
    }

    /// By which act it passes to another holder, if it does.
    pub(crate) fn transfer(&self) -> Option<TransferKind> {
        match self {
            BillAct::Deliver => Some(TransferKind::Delivery),
            BillAct::Endorse { .. } => Some(TransferKind::Endorsement),
            BillAct::Discount { .. } => Some(TransferKind::Discount),
            BillAct::Rediscount { .. } => Some(TransferKind::Rediscount),
            _ => None,
        }
    }

    /// How a sale is priced, and where the seller is paid.
    pub(crate) fn sale(&self) -> Option<(&DiscountTerms, &AccountId)> {
        match self {
            BillAct::Discount { terms, account, .. } | BillAct::Rediscount { terms, account, .. } => {
                Some((terms, account))
            }
            _ => None,
        }
    }
}

impl BillOffer {
    /// Whether it can be signed at a time.
    pub fn stands(&self, now: Timestamp) -> bool {
        now <= self.expires_at
    }
}
