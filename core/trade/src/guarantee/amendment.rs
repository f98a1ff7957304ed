//! Amendments: the guarantor is bound when it issues one, the beneficiary when it consents in whole. URDG 758 art. 11.

use allonge_finance::{Money, PartyId, Timestamp};
use allonge_ledger::{Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::terms::GuaranteeExpiry;
use crate::identifier::{GuaranteeAmendmentId, GuaranteeInstructionId};
use crate::next_step::{NextStep, NextSteps};
use crate::registry::{AMENDMENT_ANSWERED, AMENDMENT_INVALID};
use crate::terms::{MAX_NARRATIVE_LINE_LENGTH, MAX_NARRATIVE_LINES, check_line, check_lines};

/// Items that an answer names as accepted, at most.
pub const MAX_AMENDMENT_ITEMS: usize = 20;

/// An amendment of an undertaking, and what the beneficiary said of it. Silence says nothing.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GuaranteeAmendment {
    /// Which amendment.
    pub id: GuaranteeAmendmentId,
    /// What became of it.
    pub state: AmendmentState,
    /// Whose consent it needs.
    pub beneficiary: PartyId,
    /// What it changes.
    pub changes: GuaranteeChanges,
    /// The instruction that it carries out, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instruction: Option<GuaranteeInstructionId>,
    /// When it was issued: from then on the guarantor is bound by it, until it is rejected. URDG 758 art. 11(b).
    pub issued_at: Timestamp,
}

impl Stored for GuaranteeAmendment {
    type Id = GuaranteeAmendmentId;
    const KIND: u8 = 0x52;
}

/// What became of an amendment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum AmendmentState {
    /// The guarantor is bound, and the beneficiary has not answered.
    Issued = 0,
    /// The beneficiary consented: the terms are amended.
    Accepted {
        /// When.
        at: Timestamp,
    } = 1,
    /// The beneficiary rejected it, in words or by consenting to a part. URDG 758 art. 11(e).
    Rejected {
        /// Whether it consented to a part.
        partly_accepted: bool,
        /// When.
        at: Timestamp,
    } = 2,
}

/// What an amendment changes; what it does not name stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GuaranteeChanges {
    /// By how much the amount increases or decreases (32B or 33B).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<AmountChange>,
    /// When it ends from now on (23B, 31E).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<GuaranteeExpiry>,
    /// The documents to present beside the demand, instead of those so far, at most 800 lines of 65.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documents_required: Option<Vec<String>>,
    /// Further words of the undertaking, at most 800 lines of 65 (77U).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wording: Vec<String>,
}

/// A change of the amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum AmountChange {
    /// More can be demanded.
    Increase {
        /// By how much, above zero.
        by: Money,
    } = 0,
    /// Less can be demanded; what is demanded already stays.
    Decrease {
        /// By how much, above zero.
        by: Money,
    } = 1,
}

/// What a beneficiary says of an amendment.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum GuaranteeAnswer {
    /// It consents to all of it.
    Accept = 0,
    /// It consents to a part of it, which counts as rejection of all. URDG 758 art. 11(e), ISP98 2.06.
    AcceptPart {
        /// What it consents to, 1 to 20 items of at most 65 characters.
        items: Vec<String>,
    } = 1,
    /// It rejects it.
    Reject = 2,
}

impl GuaranteeAmendment {
    /// The beneficiary answers, once.
    pub(crate) fn answer(
        mut self,
        answer: &GuaranteeAnswer,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let open = self.state == AmendmentState::Issued;
        let judged = AMENDMENT_ANSWERED.unless(open, |refusal| refusal.with("amendment", &self.id));
        findings.judge(&AMENDMENT_ANSWERED, judged)?;
        self.state = match answer {
            GuaranteeAnswer::Accept => AmendmentState::Accepted { at: now },
            GuaranteeAnswer::Reject => AmendmentState::Rejected { partly_accepted: false, at: now },
            GuaranteeAnswer::AcceptPart { items } => {
                check_line("items", items.first().map_or("", String::as_str), MAX_NARRATIVE_LINE_LENGTH)?;
                check_lines("items", items, MAX_AMENDMENT_ITEMS, MAX_NARRATIVE_LINE_LENGTH)?;
                AmendmentState::Rejected { partly_accepted: true, at: now }
            }
        };
        Ok(self)
    }
}

impl GuaranteeChanges {
    /// URDG 758 art. 8, 11: an amendment changes something, and says what.
    pub(crate) fn check(&self, amount: Money) -> Result<(), Error> {
        let refuse = |reason: &str| Err(AMENDMENT_INVALID.error().with("reason", reason));
        if *self == GuaranteeChanges::default() {
            return refuse("it changes nothing");
        }
        if let Some(AmountChange::Increase { by } | AmountChange::Decrease { by }) = self.amount
            && (!by.is_positive() || by.currency() != amount.currency())
        {
            return refuse("the amount changes by more than zero, in the currency of the undertaking");
        }
        check_lines("wording", &self.wording, MAX_NARRATIVE_LINES, MAX_NARRATIVE_LINE_LENGTH)?;
        if let Some(documents) = &self.documents_required {
            check_lines("documents_required", documents, MAX_NARRATIVE_LINES, MAX_NARRATIVE_LINE_LENGTH)?;
        }
        self.expiry.as_ref().map_or(Ok(()), GuaranteeExpiry::check_texts)
    }

    /// By how much the amount increases.
    pub(crate) fn increase(&self) -> Option<Money> {
        match self.amount {
            Some(AmountChange::Increase { by }) => Some(by),
            _ => None,
        }
    }
}

impl NextSteps for GuaranteeAmendment {
    /// The beneficiary answers, at any time: silence is no consent. URDG 758 art. 11(c).
    fn next_steps(&self, party: &PartyId, _now: Timestamp) -> Vec<NextStep> {
        if *party != self.beneficiary || self.state != AmendmentState::Issued {
            return Vec::new();
        }
        vec![NextStep::any_time("answer_guarantee_amendment")]
    }
}
