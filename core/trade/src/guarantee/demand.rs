//! A demand: from its presentation to payment, refusal or withdrawal. URDG 758 art. 14 to 24, ISP98 3 to 5.

use allonge_finance::{Calendar, Date, Money, PartyId, Timestamp};
use allonge_ledger::{AccountId, Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::terms::GuaranteeRules;
use super::undertaking::{Closure, Guarantee};
use crate::deadline::Deadline;
use crate::identifier::DemandId;
use crate::next_step::{NextStep, NextSteps};
use crate::presentation::{Document, MAX_DISCREPANCIES, MAX_DISCREPANCY_LENGTH, are_documents};
use crate::registry::{
    DEMAND_DECIDED, DEMAND_EXAMINATION_OPEN, DEMAND_EXAMINATION_OVER, DEMAND_EXTENSION_DATE,
    DEMAND_NOT_EXTENDABLE, DEMAND_NOTICE_EMPTY, DEMAND_NOTICE_GIVEN, DEMAND_PRECLUDED, DEMAND_REFUSED,
    DEMAND_STATEMENT_MISSING, DEMAND_WITHDRAWN, DOCUMENTS_INVALID, REIMBURSEMENT_NOT_OWED,
    SUSPENSION_COUNTER, SUSPENSION_OVER, SUSPENSION_STANDBY, SUSPENSION_TOO_LONG,
};
use crate::rulebook::{
    COUNTER_SUSPENSION, DEMAND_EXAMINATION, STANDBY_EXAMINATION, STANDBY_EXAMINATION_SAFE, SUSPENSION,
};
use crate::terms::{check_line, check_lines};

/// Characters of a statement of breach.
pub const MAX_BREACH_STATEMENT_LENGTH: usize = 1_000;

/// A demand under a guarantee, a counter-guarantee or a standby.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Demand {
    /// Which demand.
    pub id: DemandId,
    /// What became of it.
    pub state: DemandState,
    /// Who demands.
    pub presented_by: PartyId,
    /// How much.
    pub amount: Money,
    /// The account to pay.
    pub account: AccountId,
    /// In which respect the applicant is in breach, at most 1,000 characters; under a counter-guarantee, that a complying
    /// demand was received. URDG 758 art. 15.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// The documents beside it, at most 200.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// The expiry that the beneficiary would have instead of payment. URDG 758 art. 23(a), ISP98 3.09.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extend_to: Option<Date>,
    /// Under a counter-guarantee: the demand that its beneficiary received. URDG 758 art. 15(b).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_demand: Option<DemandId>,
    /// When it entered the ledger.
    pub presented_at: Timestamp,
    /// The day of presentation, as a date at the place for presentation.
    pub presented_on: Date,
    /// Whether that place was open then. If not, it counts as presented on the first business day following.
    pub in_business_hours: bool,
    /// Until when payment was suspended, where it was. URDG 758 art. 23(a).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_until: Option<Date>,
    /// What the instructing party owes the guarantor for its payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reimbursement: Option<ReimbursementDue>,
}

impl Stored for Demand {
    type Id = DemandId;
    const KIND: u8 = 0x51;
}

/// What became of a demand.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum DemandState {
    /// The guarantor examines it.
    Examining {
        /// By when it must accept, pay or refuse: URDG 758 art. 20(a), 24(e); the outer limit of ISP98 5.01(a).
        deadline: Deadline,
        /// Until when a notice is never unreasonable: ISP98 5.01(a).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        safe_until: Option<Deadline>,
    } = 0,
    /// The guarantor found that it complies, and owes it: URDG 758 art. 20(b).
    Complying {
        /// When.
        at: Timestamp,
    } = 1,
    /// The guarantor gave no notice in time, so it counts as complying: URDG 758 art. 24(f), ISP98 5.03.
    DeemedComplying {
        /// The deadline that had passed.
        deadline: Deadline,
        /// Who invoked the preclusion.
        invoked_by: PartyId,
        /// When.
        at: Timestamp,
    } = 2,
    /// It complies, and the guarantor suspended payment while the extension that it asks for is considered: URDG 758 art.
    /// 23(a), 23(b).
    Suspended {
        /// The last day of the suspension.
        until: Date,
        /// The last instant of that day, at the place for presentation.
        ends: Timestamp,
        /// When it was suspended.
        at: Timestamp,
    } = 3,
    /// The guarantor refused.
    Refused {
        /// Its single notice.
        notice: DemandRefusal,
    } = 4,
    /// It counts as never made, and another can be made: URDG 758 art. 18.
    Withdrawn {
        /// How.
        reason: DemandWithdrawal,
        /// When.
        at: Timestamp,
    } = 5,
    /// The guarantor paid it.
    Paid {
        /// The account that paid.
        from: AccountId,
        /// When.
        at: Timestamp,
    } = 6,
}

/// The single notice by which a guarantor refuses. URDG 758 art. 24(d), ISP98 5.02.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DemandRefusal {
    /// Every discrepancy for which it refuses, 1 to 70 of at most 350 characters.
    pub discrepancies: Vec<String>,
    /// When it was given.
    pub at: Timestamp,
}

/// How a demand was withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum DemandWithdrawal {
    /// Whoever demanded said so.
    Beneficiary = 0,
    /// The extension that it asked for was granted: URDG 758 art. 23(d), ISP98 3.09.
    Extended {
        /// The expiry that it was extended to.
        to: Date,
    } = 1,
}

/// What an instructing party owes a guarantor for what it paid.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReimbursementDue {
    /// Who owes it.
    pub by: PartyId,
    /// How much.
    pub amount: Money,
    /// When it was paid; none while it is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Timestamp>,
}

/// What a beneficiary hands over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DemandLodgement {
    pub presented_by: PartyId,
    pub amount: Money,
    pub account: AccountId,
    pub statement: Option<String>,
    pub documents: Vec<Document>,
    pub extend_to: Option<Date>,
    pub local_demand: Option<DemandId>,
}

impl Demand {
    /// The demand has reached the guarantor, which examines it. URDG 758 art. 15, 20(a); ISP98 5.01(a).
    pub(crate) fn lodge(
        id: DemandId,
        lodgement: DemandLodgement,
        guarantee: &Guarantee,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Demand, Error> {
        findings.judge(&DEMAND_STATEMENT_MISSING, is_supported(&lodgement, guarantee))?;
        findings.judge(&DEMAND_EXTENSION_DATE, asks_for_a_later_expiry(&lodgement, guarantee))?;
        if !lodgement.documents.is_empty() {
            findings.judge(&DOCUMENTS_INVALID, are_documents(&lodgement.documents))?;
        }
        let today = calendar.local_date(now)?;
        let in_business_hours =
            calendar.is_banking_day(today)? && now <= calendar.close_of_business(today)?;
        let state = examination(guarantee, today, in_business_hours, calendar)?;
        Ok(Demand {
            id,
            state,
            presented_by: lodgement.presented_by,
            amount: lodgement.amount,
            account: lodgement.account,
            statement: lodgement.statement,
            documents: lodgement.documents,
            extend_to: lodgement.extend_to,
            local_demand: lodgement.local_demand,
            presented_at: now,
            presented_on: today,
            in_business_hours,
            suspended_until: None,
            reimbursement: None,
        })
    }

    /// The examination as the closures that were stated since, and a calendar that was published, have it.
    pub(crate) fn examined_anew(mut self, guarantee: &Guarantee, calendar: &Calendar) -> Result<Self, Error> {
        if let DemandState::Examining { .. } = self.state {
            self.state = examination(guarantee, self.presented_on, self.in_business_hours, calendar)?;
        }
        Ok(self)
    }

    /// The guarantor finds that it complies, and owes it. URDG 758 art. 20(b).
    pub(crate) fn accept(
        mut self,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.judge_live(findings)?;
        findings.judge(&DEMAND_DECIDED, self.is_undecided())?;
        findings.judge(&DEMAND_EXAMINATION_OVER, self.is_examined_in_time(now, calendar))?;
        self.state = DemandState::Complying { at: now };
        Ok(self)
    }

    /// The guarantor refuses in its single notice. URDG 758 art. 24(d), 24(e); ISP98 5.01, 5.02.
    pub(crate) fn refuse(
        mut self,
        discrepancies: Vec<String>,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&DEMAND_NOTICE_GIVEN, self.has_no_notice_yet())?;
        findings.judge(&DEMAND_WITHDRAWN, self.is_not_withdrawn())?;
        findings.judge(&DEMAND_PRECLUDED, self.can_still_be_refused(now, calendar))?;
        findings.judge(&DEMAND_DECIDED, self.is_undecided())?;
        let judged = DEMAND_NOTICE_EMPTY
            .unless(!discrepancies.is_empty(), |refusal| refusal.with("limit", MAX_DISCREPANCIES));
        findings.judge(&DEMAND_NOTICE_EMPTY, judged)?;
        check_lines("discrepancies", &discrepancies, MAX_DISCREPANCIES, MAX_DISCREPANCY_LENGTH)?;
        self.state = DemandState::Refused { notice: DemandRefusal { discrepancies, at: now } };
        Ok(self)
    }

    /// No notice was given in time, so it counts as complying. URDG 758 art. 24(f), ISP98 5.03.
    pub(crate) fn preclude(
        mut self,
        invoked_by: PartyId,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.judge_live(findings)?;
        findings.judge(&DEMAND_DECIDED, self.is_undecided())?;
        let deadline = findings.judge(&DEMAND_EXAMINATION_OPEN, self.deadline_that_passed(now, calendar))?;
        self.state = DemandState::DeemedComplying { deadline, invoked_by, at: now };
        Ok(self)
    }

    /// The guarantor finds that it complies, and suspends payment while the extension that it asks for is considered. URDG
    /// 758 art. 23(a), 23(b). `local` is the demand that a counter-guarantee's beneficiary received.
    pub(crate) fn suspend(
        mut self,
        until: Date,
        guarantee: &Guarantee,
        local: Option<&Demand>,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.judge_live(findings)?;
        findings.judge(&DEMAND_NOT_EXTENDABLE, self.asks_for_extension().map(|_| ()))?;
        let urdg = guarantee.open_terms().rules == GuaranteeRules::Urdg758;
        let judged = SUSPENSION_STANDBY.unless(urdg, |refusal| refusal.with("demand", &self.id));
        findings.judge(&SUSPENSION_STANDBY, judged)?;
        match &self.state {
            DemandState::Complying { .. } => {}
            _ => {
                findings.judge(&DEMAND_DECIDED, self.is_undecided())?;
                findings.judge(&DEMAND_EXAMINATION_OVER, self.is_examined_in_time(now, calendar))?;
            }
        }
        let ends = calendar.end_of_day(until)?;
        let most = self.presented_on.plus_days(i32::from(SUSPENSION.days)).unwrap_or(until);
        let judged = SUSPENSION_TOO_LONG.unless(now <= ends && until <= most, |refusal| {
            refusal.with("demand", &self.id).with("until", until).with("limit", most)
        });
        findings.judge(&SUSPENSION_TOO_LONG, judged)?;
        if guarantee.open_terms().is_counter() {
            findings.judge(&SUSPENSION_COUNTER, self.is_shorter_than(until, local))?;
        }
        self.suspended_until = Some(until);
        self.state = DemandState::Suspended { until, ends, at: now };
        Ok(self)
    }

    /// URDG 758 art. 23(b): four calendar days less than payment was suspended under the guarantee.
    fn is_shorter_than(&self, until: Date, local: Option<&Demand>) -> Result<(), Error> {
        let suspended =
            local.and_then(|local| local.suspended_until.map(|until| local.presented_on.days_until(until)));
        let days = suspended.map_or(0, |days| days.saturating_sub(i32::from(COUNTER_SUSPENSION.days)));
        let asked = self.presented_on.days_until(until);
        SUSPENSION_COUNTER.unless(asked <= days, |refusal| {
            refusal.with("demand", &self.id).with("asked", asked).with("limit", days.max(0))
        })
    }

    /// The extension that it asks for is granted in time, and it counts as withdrawn. URDG 758 art. 23(d), ISP98 3.09. To
    /// which day.
    pub(crate) fn extend(
        mut self,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<(Self, Date), Error> {
        self.judge_live(findings)?;
        let to = findings.judge(&DEMAND_NOT_EXTENDABLE, self.asks_for_extension())?;
        match &self.state {
            DemandState::Suspended { until, ends, .. } => {
                let judged = SUSPENSION_OVER
                    .unless(now <= *ends, |refusal| refusal.with("demand", &self.id).with("until", until));
                findings.judge(&SUSPENSION_OVER, judged)?;
            }
            _ => {
                findings.judge(&DEMAND_DECIDED, self.is_undecided())?;
                findings.judge(&DEMAND_EXAMINATION_OVER, self.is_examined_in_time(now, calendar))?;
            }
        }
        self.state = DemandState::Withdrawn { reason: DemandWithdrawal::Extended { to }, at: now };
        Ok((self, to))
    }

    /// Whoever demanded withdraws, while it is not paid. URDG 758 art. 18(a).
    pub(crate) fn withdraw(mut self, now: Timestamp, findings: &mut Findings) -> Result<Self, Error> {
        self.judge_live(findings)?;
        self.state = DemandState::Withdrawn { reason: DemandWithdrawal::Beneficiary, at: now };
        Ok(self)
    }

    /// The guarantor pays, also where it never said that it would. URDG 758 art. 20(b), 24(f).
    pub(crate) fn pay(
        mut self,
        from: AccountId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.judge_live(findings)?;
        self.state = DemandState::Paid { from, at: now };
        Ok(self)
    }

    /// The instructing party pays what it owes.
    pub(crate) fn reimburse(
        mut self,
        by: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<(Self, Money), Error> {
        let owed = self.reimbursement.as_mut().filter(|due| due.by == *by && due.paid_at.is_none());
        let refusal = REIMBURSEMENT_NOT_OWED.error().with("demand", &self.id).with("party", by);
        let due = findings.judge(&REIMBURSEMENT_NOT_OWED, owed.ok_or(refusal))?;
        due.paid_at = Some(now);
        let amount = due.amount;
        Ok((self, amount))
    }

    /// Whether the guarantor owes it, or paid it.
    pub fn is_complying(&self) -> bool {
        match self.state {
            DemandState::Complying { .. }
            | DemandState::DeemedComplying { .. }
            | DemandState::Suspended { .. }
            | DemandState::Paid { .. } => true,
            DemandState::Examining { .. } | DemandState::Refused { .. } | DemandState::Withdrawn { .. } => {
                false
            }
        }
    }

    /// Whether the guarantor owes it now.
    pub fn is_owed(&self) -> bool {
        self.is_complying() && !matches!(self.state, DemandState::Paid { .. })
    }

    /// What the instructing party owes for it now.
    pub fn reimbursement_owed(&self) -> Option<&ReimbursementDue> {
        self.reimbursement.as_ref().filter(|due| due.paid_at.is_none())
    }

    /// It is neither refused, withdrawn nor paid.
    fn judge_live(&self, findings: &mut Findings) -> Result<(), Error> {
        findings.judge(&DEMAND_REFUSED, self.is_not_refused())?;
        findings.judge(&DEMAND_WITHDRAWN, self.is_not_withdrawn())?;
        let paid = matches!(self.state, DemandState::Paid { .. });
        findings.judge(&DEMAND_DECIDED, if paid { Err(self.decided()) } else { Ok(()) })
    }

    /// URDG 758 art. 24(d): a single notice.
    fn has_no_notice_yet(&self) -> Result<(), Error> {
        match &self.state {
            DemandState::Refused { notice } => {
                Err(DEMAND_NOTICE_GIVEN.error().with("demand", &self.id).with("at", notice.at))
            }
            _ => Ok(()),
        }
    }

    fn is_not_refused(&self) -> Result<(), Error> {
        match &self.state {
            DemandState::Refused { notice } => {
                Err(DEMAND_REFUSED.error().with("demand", &self.id).with("at", notice.at))
            }
            _ => Ok(()),
        }
    }

    fn is_not_withdrawn(&self) -> Result<(), Error> {
        match &self.state {
            DemandState::Withdrawn { at, .. } => {
                Err(DEMAND_WITHDRAWN.error().with("demand", &self.id).with("at", at))
            }
            _ => Ok(()),
        }
    }

    /// URDG 758 art. 20(b): what was found complying is paid, and that stands.
    fn is_undecided(&self) -> Result<(), Error> {
        if self.is_complying() { Err(self.decided()) } else { Ok(()) }
    }

    fn decided(&self) -> Error {
        DEMAND_DECIDED.error().with("demand", &self.id)
    }

    /// URDG 758 art. 24(e), 24(f); ISP98 5.03.
    fn can_still_be_refused(&self, now: Timestamp, calendar: &Calendar) -> Result<(), Error> {
        let precluded = |deadline: &Deadline| {
            Err(DEMAND_PRECLUDED.error().with("demand", &self.id).with("deadline", deadline.date()))
        };
        match &self.state {
            DemandState::Examining { deadline, .. } if deadline.has_passed(now, calendar)? => {
                precluded(deadline)
            }
            DemandState::DeemedComplying { deadline, .. } => precluded(deadline),
            _ => Ok(()),
        }
    }

    /// URDG 758 art. 20(a): five business days, not shortened by expiry.
    fn is_examined_in_time(&self, now: Timestamp, calendar: &Calendar) -> Result<(), Error> {
        match &self.state {
            DemandState::Examining { deadline, .. } if deadline.has_passed(now, calendar)? => {
                let refusal = DEMAND_EXAMINATION_OVER.error().with("demand", &self.id);
                Err(refusal.with("deadline", deadline.date()))
            }
            _ => Ok(()),
        }
    }

    /// URDG 758 art. 24(f): nobody is precluded before the deadline has passed.
    fn deadline_that_passed(&self, now: Timestamp, calendar: &Calendar) -> Result<Deadline, Error> {
        match &self.state {
            DemandState::Examining { deadline, .. } if !deadline.has_passed(now, calendar)? => {
                let refusal = DEMAND_EXAMINATION_OPEN.error().with("demand", &self.id);
                Err(refusal.with("deadline", deadline.date()))
            }
            DemandState::Examining { deadline, .. } => Ok(deadline.clone().settled(calendar)?),
            _ => Err(self.decided()),
        }
    }

    /// URDG 758 art. 23(a): a demand that asks for an extension instead.
    fn asks_for_extension(&self) -> Result<Date, Error> {
        self.extend_to.ok_or_else(|| DEMAND_NOT_EXTENDABLE.error().with("demand", &self.id))
    }
}

/// The examination of a demand, by the rules, the day of presentation, and the days on which the guarantor was closed by
/// force majeure. URDG 758 art. 20(a), 26(b)(ii); ISP98 5.01(a).
fn examination(
    guarantee: &Guarantee,
    presented_on: Date,
    in_business_hours: bool,
    calendar: &Calendar,
) -> Result<DemandState, Error> {
    let after = |days: u8| {
        let days = days.saturating_add(u8::from(!in_business_hours));
        Ok::<_, Error>(Deadline::after(presented_on, days, calendar)?)
    };
    Ok(match guarantee.open_terms().rules {
        GuaranteeRules::Urdg758 => {
            let mut days = DEMAND_EXAMINATION.days;
            let mut deadline = after(days)?;
            for closure in &guarantee.closures {
                days = days.saturating_add(suspends(closure, presented_on, &deadline, calendar)?);
                deadline = after(days)?;
            }
            DemandState::Examining { deadline, safe_until: None }
        }
        GuaranteeRules::Isp98 => DemandState::Examining {
            deadline: after(STANDBY_EXAMINATION.days)?,
            safe_until: Some(after(STANDBY_EXAMINATION_SAFE.days)?),
        },
    })
}

/// How many business days of an examination that ends by `deadline` fall into a closure.
fn suspends(
    closure: &Closure,
    presented_on: Date,
    deadline: &Deadline,
    calendar: &Calendar,
) -> Result<u8, Error> {
    if closure.from > deadline.date() || closure.until <= presented_on {
        return Ok(0);
    }
    let before = closure.from.plus_days(-1).unwrap_or(closure.from).max(presented_on);
    let days = calendar.banking_days_between(before, closure.until)?;
    Ok(u8::try_from(days).unwrap_or(u8::MAX))
}

/// URDG 758 art. 15(a), 15(b): a statement of the breach, unless the terms exclude it.
fn is_supported(lodgement: &DemandLodgement, guarantee: &Guarantee) -> Result<(), Error> {
    if let Some(statement) = &lodgement.statement {
        check_line("statement", statement, MAX_BREACH_STATEMENT_LENGTH)?;
    }
    let needed = guarantee.open_terms().requires_statement();
    DEMAND_STATEMENT_MISSING
        .unless(!needed || lodgement.statement.is_some(), |refusal| refusal.with("guarantee", &guarantee.id))
}

/// URDG 758 art. 23(a), ISP98 3.09: the expiry that it asks for is later than the one there is.
fn asks_for_a_later_expiry(lodgement: &DemandLodgement, guarantee: &Guarantee) -> Result<(), Error> {
    let Some(to) = lodgement.extend_to else { return Ok(()) };
    let current = guarantee.expiry.as_ref().map(|expiry| expiry.date);
    DEMAND_EXTENSION_DATE.unless(current.is_some_and(|current| to > current), |refusal| {
        refusal.with("guarantee", &guarantee.id).with("to", to)
    })
}

impl NextSteps for Demand {
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        let guarantor = party == self.id.guarantee().guarantor();
        let presenter = *party == self.presented_by;
        let mut steps = Vec::new();
        match &self.state {
            DemandState::Examining { deadline, .. } => {
                let over = matches!(deadline, Deadline::Fixed { at, .. } if now > *at);
                if guarantor && !over {
                    steps.push(NextStep::by("accept_demand", deadline));
                    steps.push(NextStep::by("refuse_demand", deadline));
                    if self.extend_to.is_some() {
                        steps.push(NextStep::by("suspend_demand", deadline));
                        steps.push(NextStep::by("extend_for_demand", deadline));
                    }
                }
                if guarantor {
                    steps.push(NextStep::any_time("pay_demand"));
                }
                if over && (guarantor || presenter) {
                    steps.push(NextStep::any_time("invoke_demand_preclusion"));
                }
            }
            DemandState::Suspended { ends, .. } if guarantor => {
                if now <= *ends {
                    steps.push(NextStep::until("extend_for_demand", *ends));
                }
                steps.push(NextStep::any_time("pay_demand"));
            }
            DemandState::Complying { .. } if guarantor => {
                if self.extend_to.is_some() {
                    steps.push(NextStep::any_time("suspend_demand"));
                }
                steps.push(NextStep::any_time("pay_demand"));
            }
            DemandState::DeemedComplying { .. } if guarantor => steps.push(NextStep::any_time("pay_demand")),
            DemandState::Paid { .. } if self.reimbursement_owed().is_some_and(|due| due.by == *party) => {
                steps.push(NextStep::any_time("reimburse_guarantor"));
            }
            _ => {}
        }
        let live = self.is_owed() || matches!(self.state, DemandState::Examining { .. });
        if presenter && live {
            steps.push(NextStep::any_time("withdraw_demand"));
        }
        steps
    }
}
