//! What a party may do next with an instrument, by when, and which article says so.

use allonge_finance::{Date, PartyId, Timestamp};
use serde::Serialize;

use crate::claim::Debt;
use crate::deadline::{Deadline, DueDate};
use crate::document::{DocumentStatus, NotarisedDocument};
use crate::exposure::{Exposure, ExposureState};
use crate::financing::{Financing, FinancingState};
use crate::letter_of_credit::{LetterOfCredit, LetterOfCreditState};
use crate::presentation::{Presentation, PresentationState};
use crate::rulebook::{Article, article_of};
use crate::transferable::{RecordOffer, TransferableRecord, TransferableState};
use crate::unit_certificate::UnitCertificate;

/// One operation that a party may submit now, as far as the instrument itself says.
///
/// It is a hint and no promise: what the operation carries can still be refused, and so can its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NextStep {
    /// The operation, as its `type` is written: `accept_presentation`.
    pub operation: &'static str,
    /// The last instant at which it is in time, where there is one that is decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The date of that instant at the place that decides it; or from when on it can be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The first instant at which it can be done, where it cannot be done before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// The article behind it, where one governs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<Article>,
}

impl NextStep {
    /// An operation that may be submitted at any time.
    pub(crate) fn any_time(operation: &'static str) -> Self {
        NextStep { operation, until: None, date: None, from: None, article: article_of(operation) }
    }

    /// One that must come by a deadline.
    pub(crate) fn by(operation: &'static str, deadline: &Deadline) -> Self {
        let until = match deadline {
            Deadline::Fixed { at, .. } => Some(*at),
            Deadline::Provisional { .. } => None,
        };
        NextStep { until, date: Some(deadline.date()), ..Self::any_time(operation) }
    }

    /// One that must come by a time.
    pub(crate) fn until(operation: &'static str, until: Timestamp) -> Self {
        NextStep { until: Some(until), ..Self::any_time(operation) }
    }

    /// One that can come from a due date on.
    pub(crate) fn from_due(operation: &'static str, due: &DueDate) -> Self {
        let from = match due {
            DueDate::Fixed { from, .. } => Some(*from),
            DueDate::Provisional { .. } => None,
        };
        NextStep { from, date: Some(due.date()), ..Self::any_time(operation) }
    }
}

/// What a record says about who may do what next.
pub trait NextSteps {
    /// The operations that `party` may submit at `now`, in the order in which the instrument's life has them.
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep>;
}

impl NextSteps for LetterOfCredit {
    fn next_steps(&self, party: &PartyId, _: Timestamp) -> Vec<NextStep> {
        let mut steps = Vec::new();
        if let LetterOfCreditState::Closed { .. } = self.state {
            return steps;
        }
        if *party == self.open_terms().advising_bank && self.state == LetterOfCreditState::Issued {
            steps.push(NextStep::any_time("advise_credit"));
        }
        if self.may_present(party) {
            steps.push(NextStep::by("present_documents", &self.expiry));
        }
        if party == self.id.issuing_bank() {
            steps.push(NextStep::any_time("close_credit"));
        }
        steps
    }
}

impl NextSteps for Presentation {
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        let PresentationState::Examining { deadline } = &self.state else { return Vec::new() };
        let issuing = party == self.id.credit().issuing_bank();
        let over = matches!(deadline, Deadline::Fixed { at, .. } if now > *at);
        match (issuing, over) {
            (true, false) => vec!["accept_presentation", "honour_presentation", "refuse_presentation"]
                .into_iter()
                .map(|step| NextStep::by(step, deadline))
                .collect(),
            (_, true) if issuing || *party == self.presenter => vec![NextStep::any_time("invoke_preclusion")],
            _ => Vec::new(),
        }
    }
}

impl NextSteps for Debt {
    /// Nothing is done with a debt but by its parts.
    fn next_steps(&self, _: &PartyId, _: Timestamp) -> Vec<NextStep> {
        Vec::new()
    }
}

impl NextSteps for Financing {
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        if party != self.id.bank() {
            return Vec::new();
        }
        match &self.state {
            FinancingState::Reserved { expires_at, .. } if now <= *expires_at => {
                vec![NextStep::until("confirm_financing", *expires_at), NextStep::any_time("void_financing")]
            }
            FinancingState::Financed { .. } => {
                vec![NextStep::any_time("release_financing"), NextStep::any_time("void_financing")]
            }
            FinancingState::PartiallyReleased { .. } => vec![NextStep::any_time("release_financing")],
            FinancingState::Reserved { .. }
            | FinancingState::Released { .. }
            | FinancingState::Void { .. } => Vec::new(),
        }
    }
}

impl NextSteps for NotarisedDocument {
    fn next_steps(&self, party: &PartyId, _: Timestamp) -> Vec<NextStep> {
        let valid = party == self.id.issuer() && self.status == DocumentStatus::Valid;
        if valid { vec![NextStep::any_time("revoke_document")] } else { Vec::new() }
    }
}

impl NextSteps for TransferableRecord {
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        let controls = *party == self.controller;
        let free = || ["offer_transferable", "switch_to_paper"].map(NextStep::any_time).to_vec();
        match &self.state {
            TransferableState::Controlled if controls => free(),
            TransferableState::Offered { expires_at, .. } if controls && now > *expires_at => free(),
            TransferableState::Offered { .. } if controls => {
                vec![NextStep::any_time("withdraw_transferable_offer")]
            }
            TransferableState::Offered { offer, expires_at } if now <= *expires_at => {
                let addressed = match offer {
                    RecordOffer::Control { to } => to == party,
                    RecordOffer::Surrender | RecordOffer::Amendment { .. } => party == self.id.issuer(),
                };
                if addressed { vec![NextStep::until("accept_transferable", *expires_at)] } else { Vec::new() }
            }
            _ => Vec::new(),
        }
    }
}

impl NextSteps for UnitCertificate {
    /// Units are passed on and retired by whoever holds them, which the certificate does not say.
    fn next_steps(&self, _: &PartyId, _: Timestamp) -> Vec<NextStep> {
        Vec::new()
    }
}

impl NextSteps for Exposure {
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        let (debtor, lender) = (party == self.id.debtor(), *party == self.lender);
        if matches!(self.state, ExposureState::Ended { .. }) || !(debtor || lender) {
            return Vec::new();
        }
        let mut steps = Vec::new();
        if lender && now <= self.expires_at {
            steps.push(NextStep::until("state_exposure", self.expires_at));
        }
        steps.push(NextStep::any_time("end_exposure"));
        steps
    }
}
