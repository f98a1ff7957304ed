//! Supervision: the supervisor's orders that hold the settlement of what they name, and leave its contracts alone.

use std::fmt;
use std::str::FromStr;

use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::{AccountId, Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::identifier::{
    BillId, BillPartId, ClaimId, CreditId, DemandId, GuaranteeId, ParseIdError, ParticipationId,
    PresentationId, ReceivableId,
};
use crate::next_step::{NextStep, NextSteps};
use crate::registry::{ALREADY_FROZEN, FREEZE_UNTIL, NOT_FROZEN, SETTLEMENT_FROZEN, SETTLEMENT_HELD};
use crate::terms::check_line;

/// Characters of an order's number.
pub const MAX_ORDER_LENGTH: usize = 35;
/// Characters of the legal basis that an order gives.
pub const MAX_LEGAL_BASIS_LENGTH: usize = 350;

/// An order of the supervisor by which nothing of its subject settles, and what became of it. There is one for a subject:
/// the newest. Those before it stay in the ledger's past.
///
/// Its rules, which refusals and steps cite as "Supervision":
///
/// | art. | says |
/// |---|---|
/// | 1 | the supervisor that the network's genesis names orders, and nobody else |
/// | 2 | an order names one party, account or instrument, its own number and its legal basis, and a last time where it has one |
/// | 3 | while an order stands, nothing of its subject settles; contracts are made, and obligations fall due, as without it, but a part of a debt that is frozen is neither divided nor merged |
/// | 4 | a refusal names the order where the order may be disclosed, and otherwise says only that settlement is held |
/// | 5 | an order is released by another, with its own number and legal basis |
///
/// What an order says stands on the ledger, for whoever hosts it: that it is not disclosed binds what the affected
/// parties are told and what they find as their own.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FreezeOrder {
    /// What is frozen.
    pub subject: FrozenSubject,
    /// Whether it stands.
    pub state: FreezeState,
    /// The order's own number, at most 35 characters.
    pub order: String,
    /// The provision that it rests on, at most 350 characters.
    pub legal_basis: String,
    /// The last time at which it stands, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Whether the affected parties may be told of it.
    pub disclosed: bool,
    /// Whom it affects, ascending: the party itself, the account's owner, or the instrument's parties at the time.
    pub affected: Vec<PartyId>,
    /// The supervisor that ordered it.
    pub ordered_by: PartyId,
    /// When.
    pub ordered_at: Timestamp,
}

impl Stored for FreezeOrder {
    type Id = FrozenSubject;
    const KIND: u8 = 0x78;
}

/// How many orders on parties and accounts were not released: while there is none, a transfer asks for no other.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FreezeCount {
    /// How many.
    pub orders: u32,
}

impl Stored for FreezeCount {
    type Id = ();
    const KIND: u8 = 0x7b;
}

/// Whether an order stands. That its last time has passed follows from time.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum FreezeState {
    /// It does.
    Standing = 0,
    /// Another order released it.
    Released {
        /// The number of the order that did, at most 35 characters.
        order: String,
        /// The provision that this one rests on, at most 350 characters.
        legal_basis: String,
        /// When.
        at: Timestamp,
    } = 1,
}

/// What an order freezes: a party, an account, or one instrument. Written as what it is, a colon, and its id:
/// `claim:SYNBCNBJXXX/LC2026001/1`.
///
/// The discriminant of an instrument is the kind of its record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum FrozenSubject {
    /// All that a party would pay or be paid.
    Party {
        /// Which party.
        party: PartyId,
    } = 0,
    /// All that would leave or enter an account.
    Account {
        /// Which account.
        account: AccountId,
    } = 1,
    /// All that would be paid under a letter of credit.
    LetterOfCredit {
        /// Which credit.
        credit: CreditId,
    } = 0x40,
    /// What would be paid for a presentation.
    Presentation {
        /// Which presentation.
        presentation: PresentationId,
    } = 0x41,
    /// What would be paid for a claim, or on it.
    Claim {
        /// Which claim.
        claim: ClaimId,
    } = 0x42,
    // Demand guarantees and standbys.
    /// All that would be paid under a guarantee.
    Guarantee {
        /// Which guarantee.
        guarantee: GuaranteeId,
    } = 0x50,
    /// What would be paid for a demand.
    Demand {
        /// Which demand.
        demand: DemandId,
    } = 0x51,
    // Bills of exchange.
    /// All that would be paid on a bill, or for a part of it.
    Bill {
        /// Which bill.
        bill: BillId,
    } = 0x60,
    /// What would be paid on a part of a bill, or for it.
    BillPart {
        /// Which part, as it stands on the ledger.
        part: BillPartId,
    } = 0x61,

    // Factoring and payables.
    /// What would be paid for a receivable, or on it.
    Receivable {
        /// Which receivable.
        receivable: ReceivableId,
    } = 0x6a,

    // Risk participation.
    /// What would be paid for a participation, or by it.
    Participation {
        /// Which participation.
        participation: ParticipationId,
    } = 0x72,
}

impl FrozenSubject {
    /// Whether it holds plain transfers too, which belong to no instrument.
    pub(crate) fn holds_transfers(&self) -> bool {
        matches!(self, FrozenSubject::Party { .. } | FrozenSubject::Account { .. })
    }
}

impl fmt::Display for FrozenSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FrozenSubject::Party { party } => write!(f, "party:{party}"),
            FrozenSubject::Account { account } => write!(f, "account:{account}"),
            FrozenSubject::LetterOfCredit { credit } => write!(f, "letter_of_credit:{credit}"),
            FrozenSubject::Presentation { presentation } => write!(f, "presentation:{presentation}"),
            FrozenSubject::Claim { claim } => write!(f, "claim:{claim}"),
            // Demand guarantees and standbys.
            FrozenSubject::Guarantee { guarantee } => write!(f, "guarantee:{guarantee}"),
            FrozenSubject::Demand { demand } => write!(f, "demand:{demand}"),
            // Bills of exchange.
            FrozenSubject::Bill { bill } => write!(f, "bill:{bill}"),
            FrozenSubject::BillPart { part } => write!(f, "bill_part:{part}"),

            // Factoring and payables.
            FrozenSubject::Receivable { receivable } => write!(f, "receivable:{receivable}"),

            // Risk participation.
            FrozenSubject::Participation { participation } => write!(f, "participation:{participation}"),
        }
    }
}

impl FromStr for FrozenSubject {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let (kind, id) = text.split_once(':').ok_or(ParseIdError::Subject)?;
        let subject = match kind {
            "party" => PartyId::parse(id).ok().map(|party| FrozenSubject::Party { party }),
            "account" => id.parse().ok().map(|account| FrozenSubject::Account { account }),
            "letter_of_credit" => id.parse().ok().map(|credit| FrozenSubject::LetterOfCredit { credit }),
            "presentation" => {
                id.parse().ok().map(|presentation| FrozenSubject::Presentation { presentation })
            }
            "claim" => id.parse().ok().map(|claim| FrozenSubject::Claim { claim }),
            // Demand guarantees and standbys.
            "guarantee" => id.parse().ok().map(|guarantee| FrozenSubject::Guarantee { guarantee }),
            "demand" => id.parse().ok().map(|demand| FrozenSubject::Demand { demand }),

            // Bills of exchange.
            "bill" => id.parse().ok().map(|bill| FrozenSubject::Bill { bill }),
            "bill_part" => id.parse().ok().map(|part| FrozenSubject::BillPart { part }),

            // Factoring and payables.
            "receivable" => id.parse().ok().map(|receivable| FrozenSubject::Receivable { receivable }),

            // Risk participation.
            "participation" => {
                id.parse().ok().map(|participation| FrozenSubject::Participation { participation })
            }
            _ => None,
        };
        // One subject has one text, so that nothing is frozen twice.
        subject.filter(|subject| subject.to_string() == text).ok_or(ParseIdError::Subject)
    }
}

impl FreezeOrder {
    /// The order, which must say what an order says. Supervision art. 2.
    pub(crate) fn check(&self, findings: &mut Findings) -> Result<(), Error> {
        check_line("order", &self.order, MAX_ORDER_LENGTH)?;
        check_line("legal_basis", &self.legal_basis, MAX_LEGAL_BASIS_LENGTH)?;
        let judged = FREEZE_UNTIL.unless(self.until.is_none_or(|until| until > self.ordered_at), |refusal| {
            refusal.with("subject", &self.subject)
        });
        findings.judge(&FREEZE_UNTIL, judged)
    }

    /// Whether it holds settlement at a time.
    pub fn stands(&self, now: Timestamp) -> bool {
        self.state == FreezeState::Standing && self.until.is_none_or(|until| now <= until)
    }

    /// Whom it concerns that may be told of it.
    pub fn notified(&self) -> Vec<PartyId> {
        if self.disclosed { self.affected.clone() } else { Vec::new() }
    }

    /// Another order releases it. Supervision art. 5.
    pub(crate) fn release(
        mut self,
        order: String,
        legal_basis: String,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        check_line("order", &order, MAX_ORDER_LENGTH)?;
        check_line("legal_basis", &legal_basis, MAX_LEGAL_BASIS_LENGTH)?;
        let judged = NOT_FROZEN.unless(self.stands(now), |refusal| refusal.with("subject", &self.subject));
        findings.judge(&NOT_FROZEN, judged)?;
        self.state = FreezeState::Released { order, legal_basis, at: now };
        Ok(self)
    }

    /// A subject that is frozen is not frozen again: what stands is released first. Supervision art. 5.
    pub(crate) fn can_be_followed(&self, now: Timestamp) -> Result<(), Error> {
        ALREADY_FROZEN.unless(!self.stands(now), |refusal| {
            refusal.with("subject", &self.subject).with("order", &self.order)
        })
    }
}

/// What orders hold does not settle, and the refusal tells which order holds it where that may be told. Supervision art. 3, 4.
pub(crate) fn check_settlement(standing: &[FreezeOrder], findings: &mut Findings) -> Result<(), Error> {
    let told = standing.iter().find(|order| order.disclosed).map_or(Ok(()), |order| {
        let refusal = SETTLEMENT_FROZEN.error().with("subject", &order.subject).with("order", &order.order);
        Err(refusal.with("legal_basis", &order.legal_basis))
    });
    findings.judge(&SETTLEMENT_FROZEN, told)?;
    findings.judge(&SETTLEMENT_HELD, SETTLEMENT_HELD.unless(standing.is_empty(), |refusal| refusal))
}

impl NextSteps for FreezeOrder {
    /// The supervisor releases what stands, until it ends by itself.
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        if *party != self.ordered_by || !self.stands(now) {
            return Vec::new();
        }
        vec![match self.until {
            Some(until) => NextStep::until("release_freeze", until),
            None => NextStep::any_time("release_freeze"),
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_has_one_text() {
        for text in [
            "party:SYNBCNBJXXX",
            "account:SYNBCNBJXXX/USD/settlement",
            "letter_of_credit:SYNBCNBJXXX/LC2026001",
            "presentation:SYNBCNBJXXX/LC2026001/1",
            "claim:SYNBCNBJXXX/LC2026001/1",
            "guarantee:SYNBCNBJXXX/G-1",
            "demand:SYNBCNBJXXX/G-1/1",
        ] {
            assert_eq!(text.parse::<FrozenSubject>().unwrap().to_string(), text);
        }
        for text in
            ["SYNBCNBJXXX", "party:SYNBCNBJ", "party:", "credit:SYNBCNBJXXX/LC1", "claim:SYNBCNBJXXX/LC1"]
        {
            assert!(text.parse::<FrozenSubject>().is_err(), "{text}");
        }
    }
}
