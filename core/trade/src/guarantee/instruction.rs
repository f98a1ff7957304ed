//! Instructions: what an applicant or a counter-guarantor binds itself to before the guarantor is bound.

use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::{Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::amendment::GuaranteeChanges;
use super::terms::GuaranteeTerms;
use crate::identifier::{DemandId, GuaranteeId, GuaranteeInstructionId};
use crate::next_step::{NextStep, NextSteps};
use crate::registry::{INSTRUCTION_NOT_STANDING, INSTRUCTION_OTHER, NOT_INSTRUCTING_PARTY};
use crate::terms::Terms;

/// An instruction to a guarantor, which its instructing party owes the reimbursement of once it is acted on.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GuaranteeInstruction {
    /// Which instruction: who gave it, under which number.
    pub id: GuaranteeInstructionId,
    /// Whether it stands.
    pub state: InstructionState,
    /// To whom it is given.
    pub guarantor: PartyId,
    /// What the guarantor is to do.
    pub act: Terms<InstructedAct>,
    /// The last time at which the guarantor can act on it.
    pub expires_at: Timestamp,
    /// When it was given.
    pub given_at: Timestamp,
}

impl Stored for GuaranteeInstruction {
    type Id = GuaranteeInstructionId;
    const KIND: u8 = 0x53;
}

/// What a guarantor is instructed to do.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum InstructedAct {
    /// To issue an undertaking on these terms.
    Issue {
        /// The terms.
        terms: Box<GuaranteeTerms>,
    } = 0,
    /// To amend one.
    Amend {
        /// Which.
        guarantee: GuaranteeId,
        /// How.
        changes: Box<GuaranteeChanges>,
    } = 1,
    /// To extend one as a demand asks, instead of paying. URDG 758 art. 23(c).
    Extend {
        /// Which demand.
        demand: DemandId,
    } = 2,
}

/// Whether an instruction stands. That it has expired follows from time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum InstructionState {
    /// The guarantor can act on it.
    Standing = 0,
    /// The guarantor did.
    Executed {
        /// When.
        at: Timestamp,
    } = 1,
    /// The instructing party took it back.
    Withdrawn {
        /// When.
        at: Timestamp,
    } = 2,
}

impl GuaranteeInstruction {
    /// What it says.
    pub(crate) fn act(&self) -> &InstructedAct {
        let Terms::Open { content } = &self.act;
        content
    }

    /// The guarantor does what it was instructed to do, and nothing else.
    pub(crate) fn execute(
        mut self,
        guarantor: &PartyId,
        act: &InstructedAct,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&INSTRUCTION_NOT_STANDING, self.stands(now))?;
        let same = self.guarantor == *guarantor && self.act() == act;
        let judged = INSTRUCTION_OTHER.unless(same, |refusal| refusal.with("instruction", &self.id));
        findings.judge(&INSTRUCTION_OTHER, judged)?;
        self.state = InstructionState::Executed { at: now };
        Ok(self)
    }

    /// The instructing party takes it back.
    pub(crate) fn withdraw(
        mut self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let judged = NOT_INSTRUCTING_PARTY.unless(author == self.id.instructing_party(), |refusal| {
            refusal.with("required", self.id.instructing_party()).with("party", author)
        });
        findings.judge(&NOT_INSTRUCTING_PARTY, judged)?;
        findings.judge(&INSTRUCTION_NOT_STANDING, self.stands(now))?;
        self.state = InstructionState::Withdrawn { at: now };
        Ok(self)
    }

    fn stands(&self, now: Timestamp) -> Result<(), Error> {
        let stands = self.state == InstructionState::Standing && now <= self.expires_at;
        INSTRUCTION_NOT_STANDING.unless(stands, |refusal| {
            refusal.with("instruction", &self.id).with("expires_at", self.expires_at)
        })
    }
}

impl NextSteps for GuaranteeInstruction {
    /// The guarantor acts on it while it stands; the instructing party can take it back.
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        if self.stands(now).is_err() {
            return Vec::new();
        }
        let mut steps = Vec::new();
        if *party == self.guarantor {
            let step = match self.act() {
                InstructedAct::Issue { .. } => "issue_guarantee",
                InstructedAct::Amend { .. } => "amend_guarantee",
                InstructedAct::Extend { .. } => "extend_for_demand",
            };
            steps.push(NextStep::until(step, self.expires_at));
        }
        if party == self.id.instructing_party() {
            steps.push(NextStep::until("withdraw_guarantee_instruction", self.expires_at));
        }
        steps
    }
}
