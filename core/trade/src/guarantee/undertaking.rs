//! The undertaking itself: how far it has come, what is left of it, and until when.

use allonge_finance::{Calendar, Date, Money, MoneyError, PartyId, Timestamp};
use allonge_ledger::registry::{AMOUNT_NOT_POSITIVE, AMOUNT_OVERFLOW};
use allonge_ledger::{AccountId, Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::amendment::{AmountChange, GuaranteeAmendment, GuaranteeChanges};
use super::terms::{GuaranteeExpiry, GuaranteeRules, GuaranteeTerms, ReductionCause, years_after};
use crate::deadline::Deadline;
use crate::identifier::{DemandId, GuaranteeAmendmentId, GuaranteeId};
use crate::letter_of_credit::Authenticity;
use crate::next_step::{NextStep, NextSteps};
use crate::presentation::MAX_DISCREPANCY_LENGTH;
use crate::registry::{
    AMENDMENTS_OPEN, CLOSURE_INVALID, DEMAND_CURRENCY, DEMAND_MULTIPLE, DEMAND_OVERDRAWN, DEMAND_PARTIAL,
    EXPIRY_EVENT_NONE, GUARANTEE_ADVISED, GUARANTEE_CLOSED, GUARANTEE_CLOSING_TOO_EARLY, GUARANTEE_EXPIRED,
    GUARANTEE_NOT_TRANSFERABLE, GUARANTEE_TERMS_INVALID, GUARANTEE_UNSETTLED, NON_EXTENSION_LATE,
    NOT_AUTOMATICALLY_EXTENDED, PROCEEDS_ASSIGNED, REDUCTION_INVALID, REQUEST_NOT_STANDING,
    TRANSFER_STATEMENT_MISSING,
};
use crate::rulebook::{CLOSURE_STATEMENT, COUNTER_EXPIRY, FORCE_MAJEURE, OPEN_ENDED, STANDBY_CLOSURE};
use crate::terms::{Permission, Terms, check_line};

/// Amendments that the beneficiary has not answered, at most.
pub const MAX_OPEN_AMENDMENTS: usize = 10;
/// Closures that a guarantor states under one undertaking, at most.
pub const MAX_CLOSURES: usize = 24;
/// Automatic extensions that are made up for at once, at most: ten years of days.
const MAX_EXTENSIONS_AT_ONCE: u16 = 3_660;

/// A demand guarantee, a counter-guarantee or a standby, and what was done under it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Guarantee {
    /// Which undertaking.
    pub id: GuaranteeId,
    /// How far it has come.
    pub state: GuaranteeState,
    /// When it was issued on the ledger: from then on it is irrevocable (URDG 758 art. 4(b), ISP98 1.06).
    pub issued_at: Timestamp,
    /// The date of issue at the place for presentation.
    pub issued_on: Date,
    /// Who has the beneficiary's rights now.
    pub beneficiary: PartyId,
    /// The last day to present demands; none while it waits for an event or for the guarantee that it supports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Expires>,
    /// The most that can be demanded, as amended and reduced.
    pub amount: Money,
    /// The sum of all demands that were neither refused nor withdrawn. Never above the amount.
    pub demanded: Money,
    /// The part of `demanded` that was found complying.
    pub honoured: Money,
    /// The part of `honoured` that was paid.
    pub paid: Money,
    /// How many demands were made.
    pub demands: u32,
    /// How many of them are neither refused, withdrawn nor paid.
    pub unsettled: u32,
    /// How many amendments were issued.
    pub amendments: u32,
    /// Those that the beneficiary has not answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open_amendments: Vec<OpenAmendment>,
    /// Which reductions of the terms have taken effect, by their places from 0, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reduced: Vec<u8>,
    /// What reductions could not take away, since it was demanded: it goes as soon as a demand is refused or withdrawn.
    pub still_to_reduce: Money,
    /// When the guarantor gave notice that it extends no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub non_extension: Option<Timestamp>,
    /// When the place for presentation was closed by force majeure, as the guarantor stated, in the order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closures: Vec<Closure>,
    /// What the beneficiary asks of the guarantor, where it waits for consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<StandingRequest>,
    /// The account into which all demands are paid, where the guarantor agreed to an assignment of the proceeds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proceeds: Option<AccountId>,
    /// Who reimburses the guarantor on its own instruction; none where a counter-guarantee does, or nobody on the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reimbursement: Option<Reimbursement>,
    /// The counter-guarantee behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter_guarantee: Option<GuaranteeId>,
    /// Where it is a counter-guarantee: the guarantee that it supports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_guarantee: Option<GuaranteeId>,
    /// What it says, as amended.
    pub terms: Terms<GuaranteeTerms>,
}

impl Stored for Guarantee {
    type Id = GuaranteeId;
    const KIND: u8 = 0x50;
}

/// How far an undertaking has come. That it has expired follows from time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum GuaranteeState {
    /// The guarantor is bound.
    Issued = 0,
    /// The advising party has told the beneficiary.
    Advised {
        /// Whether it could satisfy itself that the undertaking is genuine.
        authenticity: Authenticity,
        /// When.
        at: Timestamp,
    } = 1,
    /// Nothing more can happen under it.
    Closed {
        /// Why.
        reason: GuaranteeEnd,
        /// When.
        at: Timestamp,
    } = 2,
}

/// Why an undertaking ended. URDG 758 art. 25(b).
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum GuaranteeEnd {
    /// It expired: art. 25(b)(i).
    Expired = 0,
    /// No amount remains payable: art. 25(b)(ii).
    NothingLeft = 1,
    /// The beneficiary released the guarantor: art. 25(b)(iii), ISP98 7.01.
    Released = 2,
}

/// A last day, and the close of business that it comes to.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Expires {
    /// The date that terms, amendments or extensions give.
    pub date: Date,
    /// The last moment: when the place is closed on that date, on the first following business day. URDG 758 art. 25(d).
    pub last: Deadline,
}

/// An amendment that binds the guarantor already. URDG 758 art. 11(b).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenAmendment {
    /// The how manyth amendment, from 1.
    pub sequence: u32,
    /// By how much it increases the amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub increase: Option<Money>,
    /// The last day that it would give, where it gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Expires>,
    /// Whether whoever reimburses the guarantor instructed it.
    pub instructed: bool,
}

/// A time at which the place for presentation was closed by force majeure. URDG 758 art. 26, ISP98 3.14.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Closure {
    /// The first day of it.
    pub from: Date,
    /// The last day of it.
    pub until: Date,
    /// What closed it, at most 350 characters.
    pub ground: String,
    /// When the guarantor stated it.
    pub stated_at: Timestamp,
}

/// What a beneficiary asks a guarantor to consent to. URDG 758 art. 33.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum RightsRequest {
    /// That another party becomes the beneficiary, for all that is left.
    Transfer {
        /// Which party.
        to: PartyId,
        /// That it acquired the rights and obligations of the underlying relationship, at most 350 characters: art.
        /// 33(d)(ii). A standby need not have it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        statement: Option<String>,
    } = 0,
    /// That all demands are paid into an account of another party: art. 33(g), ISP98 6.06.
    Proceeds {
        /// Which account.
        account: AccountId,
    } = 1,
}

/// A request that waits for the guarantor's consent.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StandingRequest {
    /// What is asked.
    pub request: RightsRequest,
    /// The last time at which the guarantor can consent.
    pub expires_at: Timestamp,
}

/// Who reimburses a guarantor, and for what.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reimbursement {
    /// The instructing party.
    pub by: PartyId,
    /// How much of what is not paid yet it would reimburse.
    pub amount: Money,
    /// The last day of demands that it reimburses, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// Why an expiry moved.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ExtensionCause {
    /// A demand asked for it instead of payment.
    Demand {
        /// Which.
        demand: DemandId,
    } = 0,
    /// The terms extend it unless notice is given.
    Automatic = 1,
    /// It would have expired while the place for presentation was closed.
    Closure = 2,
    /// The guarantee that it supports ends on another day.
    LocalGuarantee = 3,
    /// The event of its expiry occurred.
    Event = 4,
}

/// Why an amount was reduced. URDG 758 art. 13.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ReductionReason {
    /// The terms foresee it.
    Terms {
        /// Which of their reductions, from 0.
        reduction: u8,
    } = 0,
    /// The beneficiary gave up a part.
    Beneficiary = 1,
    /// A demand was refused or withdrawn that had kept the amount from reducing.
    Caught = 2,
}

/// What a guarantor binds itself to.
pub(crate) struct Issue {
    pub id: GuaranteeId,
    pub beneficiary: PartyId,
    pub terms: GuaranteeTerms,
    pub counter_guarantee: Option<GuaranteeId>,
    pub reimbursed_by: Option<PartyId>,
}

impl Expires {
    /// On a date, or the first following business day.
    pub(crate) fn on(date: Date, calendar: &Calendar) -> Result<Self, Error> {
        Ok(Expires { date, last: Deadline::after(date, 0, calendar)? })
    }

    fn settled(&self, calendar: &Calendar) -> Result<Self, Error> {
        Ok(Expires { date: self.date, last: self.last.clone().settled(calendar)? })
    }
}

impl Guarantee {
    /// Issues an undertaking: the guarantor is bound, irrevocably. URDG 758 art. 4(b), 5; ISP98 1.06.
    pub(crate) fn issue(
        issue: Issue,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Guarantee, Error> {
        let Issue { id, beneficiary, terms, counter_guarantee, reimbursed_by } = issue;
        terms.judge(findings)?;
        let today = calendar.local_date(now)?;
        let current = terms.amount.currency().is_current_on(today);
        let judged = GUARANTEE_TERMS_INVALID
            .unless(current, |refusal| refusal.with("reason", "the currency is not in use"));
        findings.judge(&GUARANTEE_TERMS_INVALID, judged)?;
        let expiry = expiry_of(&terms, today, calendar)?;
        if let Some(expiry) = &expiry {
            findings.judge(&GUARANTEE_EXPIRED, is_in_time(&id, expiry, now, calendar))?;
        }
        let until = expiry.as_ref().map(|expiry| expiry.date);
        let nothing = Money::zero(terms.amount.currency());
        Ok(Guarantee {
            id,
            state: GuaranteeState::Issued,
            issued_at: now,
            issued_on: today,
            beneficiary,
            expiry,
            amount: terms.amount,
            demanded: nothing,
            honoured: nothing,
            paid: nothing,
            demands: 0,
            unsettled: 0,
            amendments: 0,
            open_amendments: Vec::new(),
            reduced: Vec::new(),
            still_to_reduce: nothing,
            non_extension: None,
            closures: Vec::new(),
            request: None,
            proceeds: None,
            reimbursement: reimbursed_by.map(|by| Reimbursement { by, amount: terms.amount, until }),
            counter_guarantee,
            local_guarantee: None,
            terms: Terms::Open { content: terms },
        })
    }

    /// The advising party has told the beneficiary. URDG 758 art. 10.
    pub(crate) fn advise(
        mut self,
        authenticity: Authenticity,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.judge_open(findings)?;
        let advised = matches!(self.state, GuaranteeState::Advised { .. });
        let judged = GUARANTEE_ADVISED.unless(!advised, |refusal| refusal.with("guarantee", &self.id));
        findings.judge(&GUARANTEE_ADVISED, judged)?;
        self.state = GuaranteeState::Advised { authenticity, at: now };
        Ok(self)
    }

    /// What the terms bring about by time alone, brought up to `now`: the expiry that a calendar published since decides,
    /// the reductions by date, and the extensions without notice. With what came of it, in the order in which it is told.
    pub(crate) fn brought_up_to(
        mut self,
        now: Timestamp,
        calendar: &Calendar,
    ) -> Result<(Self, Vec<Development>), Error> {
        let mut developments = Vec::new();
        if let GuaranteeState::Closed { .. } = self.state {
            return Ok((self, developments));
        }
        if let Some(expiry) = &self.expiry {
            let settled = expiry.settled(calendar)?;
            if settled != *expiry {
                self.expiry = Some(settled.clone());
                developments.push(Development::Decided(settled));
            }
        }
        let today = calendar.local_date(now)?;
        for (place, reduction) in (0_u8..).zip(self.open_terms().reductions.clone()) {
            let come = matches!(reduction.cause, ReductionCause::OnDate { date } if date <= today);
            if come && !self.reduced.contains(&place) {
                let by = self.reduce_by(reduction.by)?;
                self.mark_reduced(place);
                developments.push(Development::Reduced(by, self.amount, place));
            }
        }
        for _ in 0..MAX_EXTENSIONS_AT_ONCE {
            let Some(next) = self.next_extension() else { break };
            let over = match &self.expiry {
                Some(expiry) => expiry.last.has_passed(now, calendar)?,
                None => false,
            };
            if !over {
                break;
            }
            let expiry = Expires::on(next, calendar)?;
            self.set_expiry(expiry.clone(), true);
            developments.push(Development::Extended(expiry));
        }
        Ok((self, developments))
    }

    /// The date to which the terms extend it when no notice is given. None where there is no such date.
    fn next_extension(&self) -> Option<Date> {
        let extension = self.open_terms().automatic_extension.filter(|_| self.non_extension.is_none())?;
        let current = self.expiry.as_ref()?.date;
        let next = extension.period.after(current)?;
        let next = extension.final_date.map_or(next, |last| next.min(last));
        (next > current).then_some(next)
    }

    /// The guarantor will extend it no more. The terms say until when the notice is in time.
    pub(crate) fn give_non_extension_notice(
        mut self,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.judge_open(findings)?;
        let judged = NOT_AUTOMATICALLY_EXTENDED
            .unless(self.next_extension().is_some(), |refusal| refusal.with("guarantee", &self.id));
        findings.judge(&NOT_AUTOMATICALLY_EXTENDED, judged)?;
        let today = calendar.local_date(now)?;
        let last = self.last_day_of_notice();
        let judged = NON_EXTENSION_LATE.unless(last.is_some_and(|last| today <= last), |refusal| {
            refusal.with("guarantee", &self.id).with("last", last.unwrap_or(today))
        });
        findings.judge(&NON_EXTENSION_LATE, judged)?;
        self.non_extension = Some(now);
        Ok(self)
    }

    fn last_day_of_notice(&self) -> Option<Date> {
        let extension = self.open_terms().automatic_extension?;
        self.expiry.as_ref()?.date.plus_days(-i32::from(extension.notice_days))
    }

    /// The guarantor issues an amendment, and is bound by it. URDG 758 art. 11(a), 11(b); ISP98 2.06.
    pub(crate) fn amend(
        mut self,
        changes: &GuaranteeChanges,
        instructed: bool,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<(Self, GuaranteeAmendmentId), Error> {
        self.judge_open(findings)?;
        findings.judge(&crate::registry::AMENDMENT_INVALID, changes.check(self.amount))?;
        let judged = AMENDMENTS_OPEN.unless(self.open_amendments.len() < MAX_OPEN_AMENDMENTS, |refusal| {
            refusal.with("guarantee", &self.id).with("limit", MAX_OPEN_AMENDMENTS)
        });
        findings.judge(&AMENDMENTS_OPEN, judged)?;
        self.judge_not_over(now, calendar, findings)?;
        let mut terms = self.open_terms().clone();
        if let Some(expiry) = &changes.expiry {
            terms.expiry = expiry.clone();
            terms.automatic_extension = None;
            terms.reductions.clear();
            terms.judge(findings)?;
        }
        let expiry = match &changes.expiry {
            Some(_) => expiry_of(&terms, self.issued_on, calendar)?,
            None => None,
        };
        if let Some(expiry) = &expiry {
            findings.judge(&GUARANTEE_EXPIRED, is_in_time(&self.id, expiry, now, calendar))?;
        }
        self.amendments = self.amendments.checked_add(1).ok_or_else(|| AMOUNT_OVERFLOW.error())?;
        let id = GuaranteeAmendmentId::new(self.id.clone(), self.amendments)
            .map_err(|source| AMOUNT_OVERFLOW.error().because(source))?;
        let increase = changes.increase();
        if let (Some(by), true, Some(reimbursement)) = (increase, instructed, &mut self.reimbursement) {
            reimbursement.amount = reimbursement.amount.checked_add(by).map_err(overflow)?;
        }
        let sequence = self.amendments;
        self.open_amendments.push(OpenAmendment { sequence, increase, expiry, instructed });
        self.bound()?; // What it comes to with its amendments is an amount.
        Ok((self, id))
    }

    /// The beneficiary consents to an amendment in whole, and the terms are amended. URDG 758 art. 11(c).
    pub(crate) fn accept_amendment(
        mut self,
        amendment: &GuaranteeAmendment,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.judge_open(findings)?;
        self.judge_not_over(now, calendar, findings)?;
        let open = self.take_open(amendment.id.sequence());
        match amendment.changes.amount {
            Some(AmountChange::Increase { by }) => {
                self.amount = self.amount.checked_add(by).map_err(overflow)?;
                self.catch_up()?;
            }
            Some(AmountChange::Decrease { by }) => {
                self.reduce_by(by)?;
            }
            None => {}
        }
        let changes = amendment.changes.clone();
        let Terms::Open { content: terms } = &mut self.terms;
        if let Some(documents) = changes.documents_required {
            terms.documents_required = documents;
        }
        terms.wording.extend(changes.wording);
        if terms.wording.len() > crate::terms::MAX_NARRATIVE_LINES {
            let refusal = crate::registry::TEXT_INVALID.error().with("field", "wording");
            return Err(refusal
                .with("reason", "too_many_lines")
                .with("limit", crate::terms::MAX_NARRATIVE_LINES));
        }
        if let Some(expiry) = changes.expiry {
            if !matches!(expiry, GuaranteeExpiry::Fixed { .. }) {
                terms.automatic_extension = None; // It extends dates alone.
            }
            terms.expiry = expiry;
            let instructed = open.as_ref().is_some_and(|open| open.instructed);
            match open.and_then(|open| open.expiry) {
                Some(expires) => self.set_expiry(expires.settled(calendar)?, instructed),
                None => {
                    self.expiry = None;
                    if let (true, Some(reimbursement)) = (instructed, &mut self.reimbursement) {
                        reimbursement.until = None;
                    }
                }
            }
        }
        self.cap_reimbursement()?;
        Ok(self)
    }

    /// The beneficiary rejects an amendment, in words or by consenting to a part: nothing changes, and the guarantor is
    /// bound by it no more. URDG 758 art. 11(b), 11(e).
    pub(crate) fn reject_amendment(
        mut self,
        amendment: &GuaranteeAmendment,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.judge_open(findings)?;
        let open = self.take_open(amendment.id.sequence());
        let increase = open.filter(|open| open.instructed).and_then(|open| open.increase);
        if let (Some(by), Some(reimbursement)) = (increase, &mut self.reimbursement) {
            let left = reimbursement.amount.checked_sub(by).map_err(overflow)?;
            reimbursement.amount = if left.is_negative() { Money::zero(by.currency()) } else { left };
        }
        self.cap_reimbursement()?;
        Ok(self)
    }

    fn take_open(&mut self, sequence: u32) -> Option<OpenAmendment> {
        let place = self.open_amendments.iter().position(|open| open.sequence == sequence)?;
        Some(self.open_amendments.remove(place))
    }

    /// The beneficiary asks for a transfer, or for an assignment of the proceeds. URDG 758 art. 33, ISP98 6.
    pub(crate) fn ask(
        mut self,
        request: RightsRequest,
        expires_at: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.judge_open(findings)?;
        findings.judge(&GUARANTEE_NOT_TRANSFERABLE, self.says_transferable(&request))?;
        findings.judge(&TRANSFER_STATEMENT_MISSING, self.has_transfer_statement(&request))?;
        findings.judge(&PROCEEDS_ASSIGNED, self.is_free_of_assignment(&request))?;
        self.request = Some(StandingRequest { request, expires_at });
        Ok(self)
    }

    /// The guarantor consents, to what is asked and while it is asked. URDG 758 art. 33(b), 33(g); ISP98 6.07.
    pub(crate) fn consent(
        mut self,
        request: &RightsRequest,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.judge_open(findings)?;
        let stands = self
            .request
            .as_ref()
            .is_some_and(|standing| standing.request == *request && now <= standing.expires_at);
        let judged = REQUEST_NOT_STANDING.unless(stands, |refusal| refusal.with("guarantee", &self.id));
        findings.judge(&REQUEST_NOT_STANDING, judged)?;
        findings.judge(&PROCEEDS_ASSIGNED, self.is_free_of_assignment(request))?;
        self.request = None;
        match request {
            RightsRequest::Transfer { to, .. } => self.beneficiary = to.clone(),
            RightsRequest::Proceeds { account } => self.proceeds = Some(account.clone()),
        }
        Ok(self)
    }

    /// URDG 758 art. 33(a), ISP98 6.02: it is transferable where it says so, and a counter-guarantee never is.
    fn says_transferable(&self, request: &RightsRequest) -> Result<(), Error> {
        let terms = self.open_terms();
        let fine = match request {
            RightsRequest::Transfer { .. } => terms.transferable && !terms.is_counter(),
            RightsRequest::Proceeds { .. } => true,
        };
        GUARANTEE_NOT_TRANSFERABLE.unless(fine, |refusal| refusal.with("guarantee", &self.id))
    }

    /// URDG 758 art. 33(d)(ii).
    fn has_transfer_statement(&self, request: &RightsRequest) -> Result<(), Error> {
        let RightsRequest::Transfer { statement, .. } = request else { return Ok(()) };
        if let Some(statement) = statement {
            check_line("statement", statement, MAX_DISCREPANCY_LENGTH)?;
        }
        let needed = self.open_terms().rules == GuaranteeRules::Urdg758;
        TRANSFER_STATEMENT_MISSING
            .unless(!needed || statement.is_some(), |refusal| refusal.with("guarantee", &self.id))
    }

    /// What is assigned, or may still be amended for the beneficiary that is, does not pass to another.
    fn is_free_of_assignment(&self, request: &RightsRequest) -> Result<(), Error> {
        let transfer = matches!(request, RightsRequest::Transfer { .. });
        let bound = self.proceeds.is_some() || (transfer && !self.open_amendments.is_empty());
        PROCEEDS_ASSIGNED.unless(!bound, |refusal| refusal.with("guarantee", &self.id))
    }

    /// Takes up a demand, and gives it its id. URDG 758 art. 14(a), 17; ISP98 3.07, 3.08.
    pub(crate) fn demand(
        mut self,
        amount: Money,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<(Self, DemandId), Error> {
        self.judge_open(findings)?;
        if let Some(expiry) = &self.expiry {
            findings.judge(&GUARANTEE_EXPIRED, is_in_time(&self.id, expiry, now, calendar))?;
        }
        let (given, expected) = (amount.currency(), self.amount.currency());
        let judged = DEMAND_CURRENCY
            .unless(given == expected, |refusal| refusal.with("given", given).with("expected", expected));
        findings.judge(&DEMAND_CURRENCY, judged)?;
        AMOUNT_NOT_POSITIVE.unless(amount.is_positive(), |refusal| refusal.with("amount", amount))?;
        findings.judge(&DEMAND_OVERDRAWN, self.has_available(amount))?;
        findings.judge(&DEMAND_PARTIAL, self.may_be_demanded_in_part(amount))?;
        findings.judge(&DEMAND_MULTIPLE, self.may_be_demanded_again())?;
        self.demanded = self.demanded.checked_add(amount).map_err(overflow)?;
        self.demands = self.demands.checked_add(1).ok_or_else(|| AMOUNT_OVERFLOW.error())?;
        self.unsettled = self.unsettled.saturating_add(1);
        let id = DemandId::new(self.id.clone(), self.demands)
            .map_err(|source| AMOUNT_OVERFLOW.error().because(source))?;
        Ok((self, id))
    }

    /// A demand was found complying: it is owed. URDG 758 art. 20(b).
    pub(crate) fn honour(mut self, amount: Money) -> Result<Self, Error> {
        self.honoured = self.honoured.checked_add(amount).map_err(overflow)?;
        Ok(self)
    }

    /// A demand that was found complying counts as withdrawn. URDG 758 art. 23(d).
    pub(crate) fn dishonour(mut self, amount: Money) -> Result<Self, Error> {
        self.honoured = self.honoured.checked_sub(amount).map_err(overflow)?;
        Ok(self)
    }

    /// A demand was refused or withdrawn: its amount is available again, as far as it did not reduce meanwhile. URDG 758
    /// art. 13, 17(d), 18.
    pub(crate) fn restore(mut self, amount: Money) -> Result<Self, Error> {
        self.demanded = self.demanded.checked_sub(amount).map_err(overflow)?;
        self.unsettled = self.unsettled.saturating_sub(1);
        self.catch_up()?;
        Ok(self)
    }

    /// A demand that was presented on this day was paid; and how much of it is reimbursed, and by whom.
    pub(crate) fn pay(
        mut self,
        amount: Money,
        presented_on: Date,
    ) -> Result<(Self, Option<Reimbursement>), Error> {
        self.paid = self.paid.checked_add(amount).map_err(overflow)?;
        self.unsettled = self.unsettled.saturating_sub(1);
        let mut owed = None;
        if let Some(reimbursement) = &mut self.reimbursement {
            let covered = reimbursement.until.is_none_or(|until| presented_on <= until);
            let owes =
                if covered { least(reimbursement.amount, amount)? } else { Money::zero(amount.currency()) };
            if owes.is_positive() {
                reimbursement.amount = reimbursement.amount.checked_sub(owes).map_err(overflow)?;
                owed = Some(Reimbursement { amount: owes, ..reimbursement.clone() });
            }
        }
        self.cap_reimbursement()?;
        Ok((self, owed))
    }

    /// It is extended as a demand asks. URDG 758 art. 23(d), ISP98 3.09.
    pub(crate) fn extend(
        mut self,
        to: Date,
        instructed: bool,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.judge_open(findings)?;
        self.set_expiry(Expires::on(to, calendar)?, instructed);
        Ok(self)
    }

    /// Less can be demanded, as the beneficiary says: by so much, which is available. URDG 758 art. 25(b)(iii).
    pub(crate) fn give_up(mut self, by: Money, findings: &mut Findings) -> Result<Self, Error> {
        self.judge_open(findings)?;
        let available = self.available()?;
        let fits = by.is_positive() && available.checked_sub(by).is_ok_and(|left| !left.is_negative());
        let judged = REDUCTION_INVALID.unless(fits, |refusal| {
            refusal.with("guarantee", &self.id).with("reason", "it is not a part of what is available")
        });
        findings.judge(&REDUCTION_INVALID, judged)?;
        self.reduce_by(by)?;
        Ok(self)
    }

    /// Less can be demanded, as the terms foresee for a document that is presented. URDG 758 art. 13. With how much less.
    pub(crate) fn reduce_for_document(
        mut self,
        place: u8,
        title: &str,
        findings: &mut Findings,
    ) -> Result<(Self, Money), Error> {
        self.judge_open(findings)?;
        let reduction = self.open_terms().reductions.get(usize::from(place)).cloned();
        let foreseen = reduction.filter(|reduction| {
            let document =
                matches!(&reduction.cause, ReductionCause::OnDocument { title: asked } if asked == title);
            document && !self.reduced.contains(&place)
        });
        let judged = foreseen.ok_or_else(|| {
            let refusal = REDUCTION_INVALID.error().with("guarantee", &self.id);
            refusal.with("reason", "the terms foresee no such reduction, or it has taken effect")
        });
        let reduction = findings.judge(&REDUCTION_INVALID, judged)?;
        let by = self.reduce_by(reduction.by)?;
        self.mark_reduced(place);
        Ok((self, by))
    }

    /// The document that shows the event of expiry is presented. URDG 758 art. 2 ("expiry event").
    pub(crate) fn meet_event(
        mut self,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.judge_open(findings)?;
        let today = calendar.local_date(now)?;
        let by_event = match &self.open_terms().expiry {
            GuaranteeExpiry::Conditional { days_after, .. } => today.plus_days(i32::from(*days_after)),
            _ => None,
        };
        let earlier = by_event.filter(|date| self.expiry.as_ref().is_none_or(|now| *date < now.date));
        let judged = earlier.ok_or_else(|| EXPIRY_EVENT_NONE.error().with("guarantee", &self.id));
        let date = findings.judge(&EXPIRY_EVENT_NONE, judged)?;
        self.set_expiry(Expires::on(date, calendar)?, true);
        Ok(self)
    }

    /// The guarantor states that its place was closed. URDG 758 art. 26, ISP98 3.14. Whether that extends it.
    pub(crate) fn close_place(
        mut self,
        closure: Closure,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<(Self, bool), Error> {
        self.judge_open(findings)?;
        check_line("ground", &closure.ground, MAX_DISCREPANCY_LENGTH)?;
        let today = calendar.local_date(closure.stated_at)?;
        findings.judge(&CLOSURE_INVALID, self.can_be_closed_then(&closure, today))?;
        let extended = self.extended_by(&closure, calendar)?;
        let extends = extended.is_some();
        if let Some(date) = extended {
            self.set_expiry(Expires::on(date, calendar)?, true);
        }
        self.closures.push(closure);
        Ok((self, extends))
    }

    /// The place of the guarantee that a counter-guarantee supports was closed: both are extended. URDG 758 art. 26(b)(i).
    pub(crate) fn follow_closure(
        mut self,
        closure: &Closure,
        calendar: &Calendar,
    ) -> Result<Option<Self>, Error> {
        let open = !matches!(self.state, GuaranteeState::Closed { .. });
        let by_rules = self.open_terms().rules == GuaranteeRules::Urdg758;
        match self.extended_by(closure, calendar)? {
            Some(date) if open && by_rules => {
                self.set_expiry(Expires::on(date, calendar)?, true);
                Ok(Some(self))
            }
            _ => Ok(None),
        }
    }

    /// Thirty calendar days from the day on which it would have expired under URDG 758, and from the day on which the
    /// place opens again under ISP98; none where it would not have expired then.
    fn extended_by(&self, closure: &Closure, calendar: &Calendar) -> Result<Option<Date>, Error> {
        let Some(expiry) = &self.expiry else { return Ok(None) };
        let last = expiry.last.date();
        if last < closure.from || last > closure.until {
            return Ok(None);
        }
        Ok(match self.open_terms().rules {
            GuaranteeRules::Urdg758 => last.plus_days(i32::from(FORCE_MAJEURE.days)),
            GuaranteeRules::Isp98 => {
                let opens = Deadline::after(closure.until, 1, calendar)?.date();
                opens.plus_days(i32::from(STANDBY_CLOSURE.days))
            }
        })
    }

    /// A closure is stated once, in the order of time, and soon after its end.
    fn can_be_closed_then(&self, closure: &Closure, today: Date) -> Result<(), Error> {
        let refuse =
            |reason: &str| Err(CLOSURE_INVALID.error().with("guarantee", &self.id).with("reason", reason));
        let longest = i32::from(FORCE_MAJEURE.days);
        if closure.until < closure.from || closure.from.days_until(closure.until) > longest {
            return refuse("it lasts from a day to a later one, and is stated anew after 30 days");
        }
        if closure.from > today || closure.until.days_until(today) > i32::from(CLOSURE_STATEMENT.days) {
            return refuse("it is stated when it has begun, and within 5 days of its end");
        }
        if self.closures.last().is_some_and(|before| closure.from <= before.until) {
            return refuse("those days are stated already");
        }
        if self.closures.len() >= MAX_CLOSURES {
            return refuse("24 of them are stated");
        }
        Ok(())
    }

    /// A counter-guarantee without an expiry of its own ends thirty days after the guarantee that it supports. URDG 758
    /// art. 25(c). The expiry that follows from what became of that, where it is another than so far.
    pub(crate) fn follow_local(
        mut self,
        local: &Guarantee,
        calendar: &Calendar,
    ) -> Result<Option<Self>, Error> {
        let open = self.open_terms().expiry == GuaranteeExpiry::Open && self.open_terms().is_counter();
        if !open || matches!(self.state, GuaranteeState::Closed { .. }) {
            return Ok(None);
        }
        let ended = match local.state {
            GuaranteeState::Closed { at, .. } => Some(calendar.local_date(at)?),
            _ => local.expiry.as_ref().map(|expiry| expiry.date),
        };
        let date = ended.and_then(|date| date.plus_days(i32::from(COUNTER_EXPIRY.days)));
        if date == self.expiry.as_ref().map(|expiry| expiry.date) {
            return Ok(None);
        }
        match date {
            Some(date) => self.set_expiry(Expires::on(date, calendar)?, true),
            None => {
                self.expiry = None;
                if let Some(reimbursement) = &mut self.reimbursement {
                    reimbursement.until = None;
                }
            }
        }
        Ok(Some(self))
    }

    /// The beneficiary releases the guarantor. URDG 758 art. 25(b)(iii), ISP98 7.01.
    pub(crate) fn release(mut self, now: Timestamp, findings: &mut Findings) -> Result<Self, Error> {
        self.judge_open(findings)?;
        let judged = GUARANTEE_UNSETTLED.unless(self.unsettled == 0, |refusal| {
            refusal.with("guarantee", &self.id).with("demands", self.unsettled)
        });
        findings.judge(&GUARANTEE_UNSETTLED, judged)?;
        self.state = GuaranteeState::Closed { reason: GuaranteeEnd::Released, at: now };
        Ok(self)
    }

    /// The guarantor closes an undertaking under which nothing more can happen. URDG 758 art. 25(b)(i), 25(b)(ii).
    pub(crate) fn close(
        mut self,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<(Self, GuaranteeEnd), Error> {
        self.judge_open(findings)?;
        let reason = findings.judge(&GUARANTEE_CLOSING_TOO_EARLY, self.is_over(now, calendar))?;
        self.state = GuaranteeState::Closed { reason, at: now };
        Ok((self, reason))
    }

    /// URDG 758 art. 25(b): it ends when it expired, or nothing remains payable; what was demanded in time is decided first.
    fn is_over(&self, now: Timestamp, calendar: &Calendar) -> Result<GuaranteeEnd, Error> {
        let refuse = |reason: &str| {
            Err(GUARANTEE_CLOSING_TOO_EARLY.error().with("guarantee", &self.id).with("reason", reason))
        };
        if self.unsettled > 0 {
            return refuse("a demand is neither refused, withdrawn nor paid");
        }
        if self.bound()?.checked_sub(self.paid).map_err(overflow)?.is_zero() {
            return Ok(GuaranteeEnd::NothingLeft);
        }
        if self.has_expired(now, calendar)? {
            return Ok(GuaranteeEnd::Expired);
        }
        refuse("it has not expired, and something can still be demanded")
    }

    /// Whether its expiry has passed, and those of the amendments that the guarantor is bound by.
    fn has_expired(&self, now: Timestamp, calendar: &Calendar) -> Result<bool, Error> {
        let Some(expiry) = &self.expiry else { return Ok(false) };
        if !expiry.last.has_passed(now, calendar)? {
            return Ok(false);
        }
        for expiry in self.open_amendments.iter().filter_map(|open| open.expiry.as_ref()) {
            if !expiry.last.has_passed(now, calendar)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn judge_not_over(
        &self,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        let judged = match (self.has_expired(now, calendar), &self.expiry) {
            (Ok(true), Some(expiry)) => Err(expired(&self.id, expiry)),
            (judged, _) => judged.map(|_| ()),
        };
        findings.judge(&GUARANTEE_EXPIRED, judged)
    }

    /// URDG 758 art. 17(e): no more than is available.
    fn has_available(&self, amount: Money) -> Result<(), Error> {
        let available = self.available()?;
        let enough = !available.checked_sub(amount).map_err(overflow)?.is_negative();
        DEMAND_OVERDRAWN.unless(enough, |refusal| {
            refusal.with("guarantee", &self.id).with("amount", amount).with("available", available)
        })
    }

    /// URDG 758 art. 17(a).
    fn may_be_demanded_in_part(&self, amount: Money) -> Result<(), Error> {
        let prohibited = self.open_terms().partial_demands == Some(Permission::NotAllowed);
        let all = amount == self.available()?;
        DEMAND_PARTIAL.unless(all || !prohibited, |refusal| refusal.with("guarantee", &self.id))
    }

    /// URDG 758 art. 17(c), 17(d): one demand, until it is refused.
    fn may_be_demanded_again(&self) -> Result<(), Error> {
        let prohibited = self.open_terms().multiple_demands == Some(Permission::NotAllowed);
        DEMAND_MULTIPLE
            .unless(!prohibited || self.demanded.is_zero(), |refusal| refusal.with("guarantee", &self.id))
    }

    /// Reduces the amount, but by no more than is available: what is demanded stays until it is decided. By how much it did.
    fn reduce_by(&mut self, by: Money) -> Result<Money, Error> {
        self.still_to_reduce = self.still_to_reduce.checked_add(by).map_err(overflow)?;
        self.catch_up()
    }

    /// Reduces the amount by what is available now, and was to go before. By how much it did.
    fn catch_up(&mut self) -> Result<Money, Error> {
        let by = least(self.still_to_reduce, self.available()?)?;
        self.still_to_reduce = self.still_to_reduce.checked_sub(by).map_err(overflow)?;
        self.amount = self.amount.checked_sub(by).map_err(overflow)?;
        self.cap_reimbursement()?;
        Ok(by)
    }

    fn mark_reduced(&mut self, place: u8) {
        self.reduced.push(place);
        self.reduced.sort_unstable();
    }

    /// Sets another last day. Whoever reimburses follows where it instructed that, or the rules say so.
    fn set_expiry(&mut self, expiry: Expires, reimbursed: bool) {
        if let (true, Some(reimbursement)) = (reimbursed, &mut self.reimbursement) {
            reimbursement.until = Some(expiry.date);
        }
        self.expiry = Some(expiry);
    }

    /// Nobody reimburses more than can still be paid.
    fn cap_reimbursement(&mut self) -> Result<(), Error> {
        let most = self.bound()?.checked_sub(self.paid).map_err(overflow)?;
        if let Some(reimbursement) = &mut self.reimbursement {
            reimbursement.amount = least(reimbursement.amount, most)?;
        }
        Ok(())
    }

    fn judge_open(&self, findings: &mut Findings) -> Result<(), Error> {
        let closed = matches!(self.state, GuaranteeState::Closed { .. });
        let judged = GUARANTEE_CLOSED.unless(!closed, |refusal| refusal.with("guarantee", &self.id));
        findings.judge(&GUARANTEE_CLOSED, judged)
    }

    /// What the guarantor is bound to at most: the amount, and the increases that it has issued.
    fn bound(&self) -> Result<Money, Error> {
        let increases = self.open_amendments.iter().filter_map(|open| open.increase);
        increases.into_iter().try_fold(self.amount, |sum, by| sum.checked_add(by)).map_err(overflow)
    }

    /// What can still be demanded, time permitting.
    pub fn available(&self) -> Result<Money, Error> {
        self.amount.checked_sub(self.demanded).map_err(overflow)
    }

    /// What the guarantor is contingently liable for: nothing once it is closed.
    pub fn contingent(&self) -> Result<Money, Error> {
        match self.state {
            GuaranteeState::Closed { .. } => Ok(Money::zero(self.amount.currency())),
            _ => self.bound()?.checked_sub(self.honoured).map_err(overflow),
        }
    }

    /// What the instructing party would reimburse: nothing once it is closed.
    pub fn reimbursable(&self) -> Option<&Reimbursement> {
        match self.state {
            GuaranteeState::Closed { .. } => None,
            _ => self.reimbursement.as_ref(),
        }
    }

    /// The terms, which are open today.
    pub(crate) fn open_terms(&self) -> &GuaranteeTerms {
        let Terms::Open { content } = &self.terms;
        content
    }
}

/// What time alone brought about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Development {
    /// A calendar decides the last day.
    Decided(Expires),
    /// The amount was reduced by so much, to so much, by that reduction of the terms.
    Reduced(Money, Money, u8),
    /// The terms extended it.
    Extended(Expires),
}

/// When an undertaking on these terms ends that is issued on this day.
fn expiry_of(terms: &GuaranteeTerms, issued: Date, calendar: &Calendar) -> Result<Option<Expires>, Error> {
    let date = match &terms.expiry {
        GuaranteeExpiry::Fixed { date } => Some(*date),
        GuaranteeExpiry::Conditional { latest, .. } => *latest,
        // URDG 758 art. 25(c): as long as the guarantee that it supports and some, or three years.
        GuaranteeExpiry::Open if terms.is_counter() => None,
        GuaranteeExpiry::Open => years_after(issued, OPEN_ENDED.years),
    };
    date.map(|date| Expires::on(date, calendar)).transpose()
}

/// URDG 758 art. 14(a), 25(d); ISP98 3.05, 3.13.
fn is_in_time(id: &GuaranteeId, expiry: &Expires, now: Timestamp, calendar: &Calendar) -> Result<(), Error> {
    if expiry.last.has_passed(now, calendar)? { Err(expired(id, expiry)) } else { Ok(()) }
}

fn expired(id: &GuaranteeId, expiry: &Expires) -> Error {
    GUARANTEE_EXPIRED.error().with("guarantee", id).with("expiry", expiry.last.date())
}

/// The lesser of two amounts of one currency.
fn least(one: Money, other: Money) -> Result<Money, Error> {
    Ok(if one.checked_cmp(other).map_err(overflow)?.is_lt() { one } else { other })
}

fn overflow(source: MoneyError) -> Error {
    AMOUNT_OVERFLOW.error().because(source)
}

impl NextSteps for Guarantee {
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        let mut steps = Vec::new();
        if let GuaranteeState::Closed { .. } = self.state {
            return steps;
        }
        let terms = self.open_terms();
        if terms.advising_party.as_ref() == Some(party) && self.state == GuaranteeState::Issued {
            steps.push(NextStep::any_time("advise_guarantee"));
        }
        if *party == self.beneficiary {
            match &self.expiry {
                Some(Expires { last: Deadline::Fixed { at, .. }, .. }) if now > *at => {}
                Some(expiry) => steps.push(NextStep::by("present_demand", &expiry.last)),
                None => steps.push(NextStep::any_time("present_demand")),
            }
            if !self.open_amendments.is_empty() {
                steps.push(NextStep::any_time("answer_guarantee_amendment"));
            }
            steps.extend(
                ["request_guarantee_transfer", "reduce_guarantee", "release_guarantee"]
                    .map(NextStep::any_time),
            );
        }
        if party == self.id.guarantor() {
            steps.push(NextStep::any_time("amend_guarantee"));
            match &self.request {
                Some(standing) if now <= standing.expires_at => {
                    steps.push(NextStep::until("consent_to_guarantee_transfer", standing.expires_at));
                }
                _ => {}
            }
            if self.next_extension().is_some() {
                let notice = NextStep::any_time("give_non_extension_notice");
                steps.push(NextStep { date: self.last_day_of_notice(), ..notice });
            }
            if matches!(terms.expiry, GuaranteeExpiry::Conditional { .. }) {
                steps.push(NextStep::any_time("state_expiry_event"));
            }
            steps.extend(["state_closure", "close_guarantee"].map(NextStep::any_time));
        }
        steps
    }
}
