//! Amendments of a letter of credit: bound by the issuing bank when it issues them, and by the beneficiary when it accepts.
//! UCP 600 art. 10.

use std::fmt;
use std::str::FromStr;

use allonge_finance::{Date, Money, PartyId, Timestamp};
use allonge_ledger::{Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::identifier::{CreditId, ParseIdError};
use crate::letter_of_credit::LetterOfCredit;
use crate::next_step::{NextStep, NextSteps};
use crate::registry::{
    CREDIT_AMENDMENT_ANSWERED, CREDIT_AMENDMENT_EMPTY, CREDIT_AMENDMENT_ITEMS, CREDIT_AMENDMENT_SILENCE,
};
use crate::terms::{LatestShipment, LetterOfCreditTerms, PresentationPeriod, check_line};

/// Items of an amendment at most.
pub const MAX_AMENDED: usize = 50;
/// Characters of a condition that an amendment adds, at most.
pub const MAX_AMENDED_LINE: usize = 350;

/// An amendment: of which credit, and the how manyth. Written `SYNBCNBJXXX/LC2026001#A1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize)]
pub struct AmendmentId {
    credit: CreditId,
    number: u32,
}

impl AmendmentId {
    /// The amendment of `credit` with this number, from 1.
    ///
    /// # Errors
    /// [`ParseIdError::Amendment`] for 0.
    pub fn new(credit: CreditId, number: u32) -> Result<Self, ParseIdError> {
        if number == 0 { Err(ParseIdError::Amendment) } else { Ok(AmendmentId { credit, number }) }
    }

    /// The credit that it amends.
    pub fn credit(&self) -> &CreditId {
        &self.credit
    }

    /// The how manyth amendment of the credit it is, from 1 (26E).
    pub fn number(&self) -> u32 {
        self.number
    }
}

impl fmt::Display for AmendmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#A{}", self.credit, self.number)
    }
}

impl FromStr for AmendmentId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let (credit, number) = text.split_once("#A").ok_or(ParseIdError::Amendment)?;
        let canonical = number.bytes().all(|c| c.is_ascii_digit()) && !number.starts_with('0');
        let number = number.parse().ok().filter(|_| canonical).ok_or(ParseIdError::Amendment)?;
        AmendmentId::new(credit.parse().map_err(|_| ParseIdError::Amendment)?, number)
    }
}

impl BorshDeserialize for AmendmentId {
    fn deserialize_reader<R: std::io::Read>(reader: &mut R) -> std::io::Result<Self> {
        let credit = CreditId::deserialize_reader(reader)?;
        let invalid = |error| std::io::Error::new(std::io::ErrorKind::InvalidData, error);
        AmendmentId::new(credit, u32::deserialize_reader(reader)?).map_err(invalid)
    }
}

/// One thing that an amendment changes.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum AmendedItem {
    /// The amount becomes larger (32B of an MT707).
    Increase {
        /// By how much, above zero.
        by: Money,
    } = 0,
    /// The amount becomes smaller (33B).
    Decrease {
        /// By how much, above zero.
        by: Money,
    } = 1,
    /// Documents can be presented until another date (31D).
    Expiry {
        /// The last day, at the place of expiry.
        date: Date,
    } = 2,
    /// Goods are shipped until another date (44C).
    LatestShipment {
        /// The last day.
        date: Date,
    } = 3,
    /// Documents are presented within other days after shipment (48).
    PresentationPeriod {
        /// How many calendar days, 0 to 999.
        days: u16,
    } = 4,
    /// A document is required as well (46B with /ADD/).
    AddDocument {
        /// What is required, at most 350 characters.
        text: String,
    } = 5,
    /// A condition is added (47B with /ADD/).
    AddCondition {
        /// What it says, at most 350 characters.
        text: String,
    } = 6,
}

/// An amendment of a letter of credit.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreditAmendment {
    /// Which amendment.
    pub id: AmendmentId,
    /// What it changes, 1 to 50 items, all or none of them.
    pub items: Vec<AmendedItem>,
    /// By how much the ceiling would grow, which binds the issuing bank at once.
    pub increase: Money,
    /// How far it has come. Silence changes nothing.
    pub state: CreditAmendmentState,
    /// Whether the confirming bank extended its confirmation to it; none where it has not said, or where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation_extended: Option<bool>,
    /// When the issuing bank issued it, and was bound.
    pub issued_at: Timestamp,
}

impl Stored for CreditAmendment {
    type Id = AmendmentId;
    const KIND: u8 = 0x43;
}

/// How far an amendment has come.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum CreditAmendmentState {
    /// The beneficiary has not said, and the credit stands as it was.
    Open = 0,
    /// It took effect: the beneficiary accepted it, or presented documents that comply with it.
    Effective {
        /// Whether a presentation was its acceptance: art. 10(c).
        by_presentation: bool,
        /// When.
        at: Timestamp,
    } = 1,
    /// The beneficiary rejected it, which accepting a part of it is too: art. 10(e).
    Rejected {
        /// Whether a part of it was accepted.
        in_part: bool,
        /// When.
        at: Timestamp,
    } = 2,
}

impl CreditAmendment {
    /// The beneficiary answers: it names the items that it accepts. UCP 600 art. 10(c), 10(e).
    pub(crate) fn answer(
        mut self,
        accepted: &[u16],
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&CREDIT_AMENDMENT_ANSWERED, self.is_open())?;
        let known = accepted.iter().all(|item| usize::from(*item) < self.items.len());
        let ascending = accepted.is_sorted_by(|one, other| one < other);
        let judged =
            CREDIT_AMENDMENT_ITEMS.unless(known && ascending, |refusal| refusal.with("amendment", &self.id));
        findings.judge(&CREDIT_AMENDMENT_ITEMS, judged)?;
        self.state = if accepted.len() == self.items.len() {
            CreditAmendmentState::Effective { by_presentation: false, at: now }
        } else {
            CreditAmendmentState::Rejected { in_part: !accepted.is_empty(), at: now }
        };
        Ok(self)
    }

    /// A presentation that complies with it is its acceptance. UCP 600 art. 10(c).
    pub(crate) fn accept_by_presentation(
        mut self,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&CREDIT_AMENDMENT_ANSWERED, self.is_open())?;
        self.state = CreditAmendmentState::Effective { by_presentation: true, at: now };
        Ok(self)
    }

    fn is_open(&self) -> Result<(), Error> {
        CREDIT_AMENDMENT_ANSWERED
            .unless(self.state == CreditAmendmentState::Open, |refusal| refusal.with("amendment", &self.id))
    }
}

/// Whether items can stand: there are some, none says that silence is acceptance, and none is empty.
pub(crate) fn check_items(items: &[AmendedItem], findings: &mut Findings) -> Result<(), Error> {
    let some = (1..=MAX_AMENDED).contains(&items.len());
    CREDIT_AMENDMENT_EMPTY.unless(some, |refusal| refusal.with("limit", MAX_AMENDED))?;
    for item in items {
        if let AmendedItem::AddDocument { text } | AmendedItem::AddCondition { text } = item {
            check_line("items", text, MAX_AMENDED_LINE)?;
            let upper = text.to_uppercase();
            let clause = upper.contains("UNLESS REJECTED") || upper.contains("DEEMED ACCEPTED");
            findings.judge(
                &CREDIT_AMENDMENT_SILENCE,
                CREDIT_AMENDMENT_SILENCE.unless(!clause, |refusal| refusal),
            )?;
        }
    }
    Ok(())
}

/// The terms as these items make them.
pub(crate) fn amended(
    mut terms: LetterOfCreditTerms,
    items: &[AmendedItem],
) -> Result<LetterOfCreditTerms, Error> {
    let refused = || CREDIT_AMENDMENT_EMPTY.error().with("limit", MAX_AMENDED);
    for item in items {
        match item {
            AmendedItem::Increase { by } | AmendedItem::Decrease { by } if !by.is_positive() => {
                return Err(refused());
            }
            AmendedItem::Increase { by } => {
                terms.amount = terms.amount.checked_add(*by).map_err(|_| refused())?;
            }
            AmendedItem::Decrease { by } => {
                let left = terms.amount.checked_sub(*by).ok().filter(|left| left.is_positive());
                terms.amount = left.ok_or_else(refused)?;
            }
            AmendedItem::Expiry { date } => terms.expiry.date = *date,
            AmendedItem::LatestShipment { date } => {
                terms.latest_shipment = Some(LatestShipment::LatestDate { date: *date });
            }
            AmendedItem::PresentationPeriod { days } => {
                terms.presentation_period = Some(PresentationPeriod { days: *days, event: None });
            }
            AmendedItem::AddDocument { text } => terms.documents_required.extend(wrapped(text)),
            AmendedItem::AddCondition { text } => terms.additional_conditions.extend(wrapped(text)),
        }
    }
    Ok(terms)
}

/// A text in lines as a message carries them, of at most 65 characters, broken at spaces where there are any.
fn wrapped(text: &str) -> Vec<String> {
    const WIDTH: usize = 65;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let mut rest: Vec<char> = word.chars().collect();
        while rest.len() > WIDTH {
            let tail = rest.split_off(WIDTH);
            lines.push(rest.into_iter().collect());
            rest = tail;
        }
        let word: String = rest.into_iter().collect();
        match lines.last_mut().filter(|line| line.chars().count() + 1 + word.chars().count() <= WIDTH) {
            Some(line) => {
                line.push(' ');
                line.push_str(&word);
            }
            None => lines.push(word),
        }
    }
    lines
}

/// What the amount becomes at least: with an increase that the beneficiary has not accepted yet the issuing bank is bound already.
pub(crate) fn increase_of(items: &[AmendedItem], credit: &LetterOfCredit) -> Result<Money, Error> {
    let terms = amended(credit.open_terms().clone(), items)?;
    let more = terms.ceiling()?.checked_sub(credit.ceiling).ok().filter(|more| more.is_positive());
    Ok(more.unwrap_or_else(|| Money::zero(credit.ceiling.currency())))
}

impl NextSteps for CreditAmendment {
    /// The beneficiary answers by a party that the credit names, of which the amendment itself knows nothing; the issuing
    /// bank waits.
    fn next_steps(&self, party: &PartyId, _: Timestamp) -> Vec<NextStep> {
        let open = self.state == CreditAmendmentState::Open && party != self.id.credit().issuing_bank();
        if open { vec![NextStep::any_time("answer_amendment")] } else { Vec::new() }
    }
}
