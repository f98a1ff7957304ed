//! Factoring by two factors: the export factor buys receivables of its seller, and the import factor covers the risk that the
//! debtor cannot pay. GRIF.
//!
//! Of a receivable the export factor is the first owner. The import factor's cover is a part of it: what the approval had room
//! for when the receivable was assigned, less what was credited, collected or is disputed.

use allonge_finance::{Calendar, Date, DiscountTerms, Money, PartyId, Timestamp};
use allonge_ledger::registry::AMOUNT_OVERFLOW;
use allonge_ledger::{AccountId, Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::deadline::DueDate;
use crate::identifier::{ApprovalId, FinancingId, ReceivableId};
use crate::next_step::{NextStep, NextSteps};
use crate::registry::{
    APPROVAL_ANSWERED, APPROVAL_NOT_STANDING, NOT_EXPORT_FACTOR, NOT_FACTORS, NOT_IMPORT_FACTOR,
    RECEIVABLE_AMOUNT, RECEIVABLE_COVER_NOT_DUE, RECEIVABLE_DISPUTED, RECEIVABLE_FINANCED,
    RECEIVABLE_NO_DISPUTE, RECEIVABLE_NO_OFFER, RECEIVABLE_NOT_COVERED, RECEIVABLE_NOT_OWNER,
    RECEIVABLE_OVER, RECEIVABLE_REASSIGNED,
};
use crate::rulebook::{COVER_PAYMENT, REASSIGNMENT_SILENCE};

/// Characters of an invoice's number, of reasons and of the number of a registration at most.
pub const MAX_FACTORING_TEXT_LENGTH: usize = 140;

/// An import factor's approval of a debtor: how much of its risk it covers, and until when. GRIF art. 14 to 18.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreditApproval {
    /// Which approval: the export factor numbers its request.
    pub id: ApprovalId,
    /// Who is asked.
    pub import_factor: PartyId,
    /// Who sold the goods or services.
    pub seller: PartyId,
    /// Who owes for them.
    pub debtor: PartyId,
    /// How much is asked for.
    pub requested: Money,
    /// By when the import factor answers.
    pub answer_by: Timestamp,
    /// How far it has come.
    pub state: ApprovalState,
}

impl Stored for CreditApproval {
    type Id = ApprovalId;
    const KIND: u8 = 0x69;
}

/// How far an approval has come.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ApprovalState {
    /// It is asked for.
    Requested = 0,
    /// It stands: receivables are covered up to the amount.
    Approved {
        /// How much is covered in all.
        amount: Money,
        /// How much of it receivables take.
        used: Money,
        /// The last day of assignments that it covers.
        valid_until: Date,
    } = 1,
    /// The import factor declined.
    Declined {
        /// When.
        at: Timestamp,
    } = 2,
    /// The import factor ended it, for assignments that come later.
    Cancelled {
        /// How much receivables still take.
        used: Money,
        /// When.
        at: Timestamp,
    } = 3,
}

/// A receivable that a seller assigned to its export factor. GRIF art. 12, 19 to 27.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Receivable {
    /// Which receivable: the export factor numbers it.
    pub id: ReceivableId,
    /// The approval that covers it.
    pub approval: ApprovalId,
    /// The import factor, which collects it.
    pub import_factor: PartyId,
    /// Who sold the goods or services.
    pub seller: PartyId,
    /// Who owes.
    pub debtor: PartyId,
    /// The number of the invoice.
    pub invoice: String,
    /// What the invoice says.
    pub face: Money,
    /// What is owed still: less credit notes and collections.
    pub outstanding: Money,
    /// How much of that the import factor covers.
    pub covered: Money,
    /// When it is due.
    pub due: DueDate,
    /// Where it is registered for priority, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Registration>,
    /// Who owns it.
    pub owner: PartyId,
    /// What the export factor advanced on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advance: Option<Advance>,
    /// What its owner offers it for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<ReceivableOffer>,
    /// How far it has come.
    pub state: ReceivableState,
    /// When it was assigned.
    pub assigned_at: Timestamp,
}

impl Stored for Receivable {
    type Id = ReceivableId;
    const KIND: u8 = 0x6a;
}

/// How far a receivable has come.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ReceivableState {
    /// It is owed, and nobody disputes it.
    Outstanding = 0,
    /// Somebody disputes it, and its cover is suspended.
    Disputed {
        /// Who gave notice.
        by: PartyId,
        /// Why, at most 140 characters.
        reason: String,
        /// When.
        at: Timestamp,
    } = 1,
    /// The import factor proposes to give it back.
    Reassigning {
        /// Why, at most 140 characters.
        cause: String,
        /// When.
        at: Timestamp,
    } = 2,
    /// It was given back: the import factor covers nothing of it.
    Reassigned {
        /// When.
        at: Timestamp,
    } = 3,
    /// All of it was collected or credited.
    Settled {
        /// When.
        at: Timestamp,
    } = 4,
    /// The import factor paid what it covered, and owns it.
    PaidUnderGuarantee {
        /// How much.
        amount: Money,
        /// When.
        at: Timestamp,
    } = 5,
}

/// Where a receivable is registered: what is registered first has priority.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Registration {
    /// The number of the entry, at most 140 characters.
    pub number: String,
    /// When it was entered.
    pub at: Timestamp,
}

/// What an export factor advanced on a receivable.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Advance {
    /// How much.
    pub amount: Money,
    /// What is kept of the receivable until it is collected: credit notes reduce it first.
    pub reserve: Money,
    /// Whether the seller is to pay it back if the debtor does not pay.
    pub recourse: bool,
    /// The financing under which the invoice is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub financing: Option<FinancingId>,
}

/// What the owner of a receivable offers it for.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReceivableOffer {
    /// To whom.
    pub to: PartyId,
    /// How it is discounted, from the day of acceptance to the day on which it is due.
    pub discount: DiscountTerms,
    /// Where the owner is paid.
    pub account: AccountId,
    /// The last time at which it can be accepted.
    pub expires_at: Timestamp,
}

impl CreditApproval {
    /// R2: the import factor approves an amount, or declines. GRIF art. 14.
    pub(crate) fn answer(
        mut self,
        author: &PartyId,
        approved: Option<(Money, Date)>,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&NOT_IMPORT_FACTOR, self.is_import_factor(author))?;
        let open = self.state == ApprovalState::Requested && now <= self.answer_by;
        let judged = APPROVAL_ANSWERED
            .unless(open, |refusal| refusal.with("approval", &self.id).with("answer_by", self.answer_by));
        findings.judge(&APPROVAL_ANSWERED, judged)?;
        self.state = match approved {
            Some((amount, valid_until)) => {
                let used = Money::zero(amount.currency());
                ApprovalState::Approved { amount, used, valid_until }
            }
            None => ApprovalState::Declined { at: now },
        };
        Ok(self)
    }

    /// R6: the import factor reduces it, for assignments that come later, or ends it. GRIF art. 18.
    pub(crate) fn reduce(
        mut self,
        author: &PartyId,
        to: Option<Money>,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&NOT_IMPORT_FACTOR, self.is_import_factor(author))?;
        let (standing, used, valid_until) = findings.judge(&APPROVAL_NOT_STANDING, self.standing())?;
        self.state = match to {
            Some(amount) => {
                let less = standing.checked_sub(amount).is_ok_and(|less| less.is_positive());
                APPROVAL_NOT_STANDING
                    .unless(less && !amount.is_negative(), |refusal| refusal.with("approval", &self.id))?;
                ApprovalState::Approved { amount, used, valid_until }
            }
            None => ApprovalState::Cancelled { used, at: now },
        };
        Ok(self)
    }

    /// A receivable is assigned under it. Answers with how much of it is covered: what there is room for.
    pub(crate) fn cover(
        mut self,
        amount: Money,
        on: Date,
        findings: &mut Findings,
    ) -> Result<(Self, Money), Error> {
        let (approved, used, valid_until) = findings.judge(&APPROVAL_NOT_STANDING, self.standing())?;
        let zero = Money::zero(amount.currency());
        let room = approved.checked_sub(used).ok().filter(|room| room.is_positive() && on <= valid_until);
        let covered = match room {
            Some(room) if amount.checked_sub(room).is_ok_and(|more| more.is_positive()) => room,
            Some(_) => amount,
            None => zero,
        };
        let used = used.checked_add(covered).map_err(|_| AMOUNT_OVERFLOW.error())?;
        self.state = ApprovalState::Approved { amount: approved, used, valid_until };
        Ok((self, covered))
    }

    /// What a receivable takes of it less.
    pub(crate) fn free(mut self, amount: Money) -> Result<Self, Error> {
        if let ApprovalState::Approved { used, .. } | ApprovalState::Cancelled { used, .. } = &mut self.state
        {
            *used = used.checked_sub(amount).map_err(|_| AMOUNT_OVERFLOW.error())?;
        }
        Ok(self)
    }

    fn standing(&self) -> Result<(Money, Money, Date), Error> {
        match &self.state {
            ApprovalState::Approved { amount, used, valid_until } => Ok((*amount, *used, *valid_until)),
            _ => Err(APPROVAL_NOT_STANDING.error().with("approval", &self.id)),
        }
    }

    fn is_import_factor(&self, author: &PartyId) -> Result<(), Error> {
        NOT_IMPORT_FACTOR.unless(*author == self.import_factor, |refusal| refusal.with("party", author))
    }
}

impl Receivable {
    /// R4: the export factor advances a part of it. What is left is the reserve.
    pub(crate) fn advance(
        mut self,
        author: &PartyId,
        amount: Money,
        recourse: bool,
        financing: Option<FinancingId>,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&RECEIVABLE_OVER, self.is_undisputed())?;
        findings.judge(&RECEIVABLE_NOT_OWNER, self.is_owned_by(author))?;
        let first = RECEIVABLE_FINANCED
            .unless(self.advance.is_none(), |refusal| refusal.with("receivable", &self.id));
        findings.judge(&RECEIVABLE_FINANCED, first)?;
        let reserve = findings.judge(&RECEIVABLE_AMOUNT, self.rest_of(amount))?;
        self.advance = Some(Advance { amount, reserve, recourse, financing });
        Ok(self)
    }

    /// R5, R7: what is owed becomes less, by a credit note or by what was collected. Answers with what is covered less.
    pub(crate) fn reduce(
        mut self,
        amount: Money,
        credited: bool,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<(Self, Money), Error> {
        findings.judge(&RECEIVABLE_OVER, self.is_owed())?;
        let outstanding = findings.judge(&RECEIVABLE_AMOUNT, self.rest_of(amount))?;
        self.outstanding = outstanding;
        if let Some(advance) = self.advance.as_mut().filter(|_| credited) {
            let left = advance.reserve.checked_sub(amount).ok().filter(|left| !left.is_negative());
            advance.reserve = left.unwrap_or_else(|| Money::zero(amount.currency()));
        }
        let beyond = self.covered.checked_sub(outstanding).ok().filter(|beyond| beyond.is_positive());
        let freed = beyond.unwrap_or_else(|| Money::zero(amount.currency()));
        self.covered = self.covered.checked_sub(freed).map_err(|_| AMOUNT_OVERFLOW.error())?;
        if outstanding.is_zero() {
            self.state = ReceivableState::Settled { at: now };
            self.offer = None;
        }
        Ok((self, freed))
    }

    /// R9: one of the parties gives notice of a dispute, and the cover is suspended. GRIF art. 27.
    pub(crate) fn dispute(
        mut self,
        author: &PartyId,
        reason: String,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&RECEIVABLE_OVER, self.is_undisputed())?;
        findings.judge(&NOT_FACTORS, self.concerns(author))?;
        self.state = ReceivableState::Disputed { by: author.clone(), reason, at: now };
        Ok(self)
    }

    /// R9: whoever gave notice of a dispute takes it back, and the cover stands again.
    pub(crate) fn settle_dispute(mut self, author: &PartyId, findings: &mut Findings) -> Result<Self, Error> {
        let own = matches!(&self.state, ReceivableState::Disputed { by, .. } if by == author);
        let judged = RECEIVABLE_NO_DISPUTE
            .unless(own, |refusal| refusal.with("receivable", &self.id).with("party", author));
        findings.judge(&RECEIVABLE_NO_DISPUTE, judged)?;
        self.state = ReceivableState::Outstanding;
        Ok(self)
    }

    /// R8: the import factor pays what it covers, and owns the receivable. GRIF art. 24. Answers with how much it pays.
    pub(crate) fn pay_cover(
        mut self,
        author: &PartyId,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<(Self, Money), Error> {
        let factor =
            NOT_IMPORT_FACTOR.unless(*author == self.import_factor, |refusal| refusal.with("party", author));
        findings.judge(&NOT_IMPORT_FACTOR, factor)?;
        let disputed = matches!(self.state, ReceivableState::Disputed { .. });
        let judged = RECEIVABLE_DISPUTED.unless(!disputed, |refusal| refusal.with("receivable", &self.id));
        findings.judge(&RECEIVABLE_DISPUTED, judged)?;
        findings.judge(&RECEIVABLE_OVER, self.is_undisputed())?;
        let covered = RECEIVABLE_NOT_COVERED
            .unless(self.covered.is_positive(), |refusal| refusal.with("receivable", &self.id));
        findings.judge(&RECEIVABLE_NOT_COVERED, covered)?;
        findings.judge(&RECEIVABLE_COVER_NOT_DUE, self.is_cover_due(now, calendar))?;
        let amount = std::mem::replace(&mut self.covered, Money::zero(self.face.currency()));
        self.state = ReceivableState::PaidUnderGuarantee { amount, at: now };
        self.offer = None;
        Ok((self, amount))
    }

    /// R10: the import factor proposes to give a receivable back.
    pub(crate) fn propose_reassignment(
        mut self,
        author: &PartyId,
        cause: String,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let factor =
            NOT_IMPORT_FACTOR.unless(*author == self.import_factor, |refusal| refusal.with("party", author));
        findings.judge(&NOT_IMPORT_FACTOR, factor)?;
        findings.judge(&RECEIVABLE_OVER, self.is_owed())?;
        self.state = ReceivableState::Reassigning { cause, at: now };
        Ok(self)
    }

    /// R10: the export factor consents, or the import factor completes it when the time for that is over. Answers with what
    /// is covered no more.
    pub(crate) fn reassign(
        mut self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<(Self, Money), Error> {
        let ReceivableState::Reassigning { at, .. } = self.state else {
            let refused = RECEIVABLE_REASSIGNED.error().with("receivable", &self.id);
            return findings.judge(&RECEIVABLE_REASSIGNED, Err(refused));
        };
        let silent = !REASSIGNMENT_SILENCE.reaches(at, now) && now > at;
        let may = author == self.id.export_factor() || (*author == self.import_factor && silent);
        let judged = RECEIVABLE_REASSIGNED.unless(may, |refusal| refusal.with("receivable", &self.id));
        findings.judge(&RECEIVABLE_REASSIGNED, judged)?;
        self.state = ReceivableState::Reassigned { at: now };
        let freed = std::mem::replace(&mut self.covered, Money::zero(self.face.currency()));
        Ok((self, freed))
    }

    /// R11: its owner offers it to a bank.
    pub(crate) fn offer(
        mut self,
        author: &PartyId,
        offer: ReceivableOffer,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&RECEIVABLE_OVER, self.is_undisputed())?;
        findings.judge(&RECEIVABLE_NOT_OWNER, self.is_owned_by(author))?;
        self.offer = Some(offer);
        Ok(self)
    }

    /// R11: the bank accepts, and owns it from now on. Answers with what it accepted.
    pub(crate) fn accept_offer(
        mut self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<(Self, ReceivableOffer), Error> {
        findings.judge(&RECEIVABLE_OVER, self.is_undisputed())?;
        let stands = self.offer.take().filter(|offer| offer.to == *author && now <= offer.expires_at);
        let stands = stands
            .ok_or_else(|| RECEIVABLE_NO_OFFER.error().with("receivable", &self.id).with("party", author));
        let offer = findings.judge(&RECEIVABLE_NO_OFFER, stands)?;
        self.owner = author.clone();
        Ok((self, offer))
    }

    /// Whether it is owed and nobody disputes it.
    fn is_undisputed(&self) -> Result<(), Error> {
        RECEIVABLE_OVER.unless(self.state == ReceivableState::Outstanding, |refusal| {
            refusal.with("receivable", &self.id)
        })
    }

    fn is_owed(&self) -> Result<(), Error> {
        let owed = matches!(
            self.state,
            ReceivableState::Outstanding
                | ReceivableState::Disputed { .. }
                | ReceivableState::Reassigning { .. }
                | ReceivableState::Reassigned { .. }
        );
        RECEIVABLE_OVER.unless(owed, |refusal| refusal.with("receivable", &self.id))
    }

    fn is_owned_by(&self, author: &PartyId) -> Result<(), Error> {
        RECEIVABLE_NOT_OWNER.unless(*author == self.owner, |refusal| {
            refusal.with("receivable", &self.id).with("party", author)
        })
    }

    /// The factors, the seller and the debtor: they may give notices.
    pub(crate) fn concerns(&self, author: &PartyId) -> Result<(), Error> {
        let parties = [self.id.export_factor(), &self.import_factor, &self.seller, &self.debtor];
        NOT_FACTORS.unless(parties.contains(&author), |refusal| {
            refusal.with("receivable", &self.id).with("party", author)
        })
    }

    pub(crate) fn is_export_factor(&self, author: &PartyId) -> Result<(), Error> {
        NOT_EXPORT_FACTOR.unless(author == self.id.export_factor(), |refusal| refusal.with("party", author))
    }

    /// What is left of what is owed: the amount is above zero, and no more than that.
    fn rest_of(&self, amount: Money) -> Result<Money, Error> {
        let rest = self.outstanding.checked_sub(amount).ok();
        let rest = rest.filter(|rest| amount.is_positive() && !rest.is_negative());
        rest.ok_or_else(|| {
            let refusal = RECEIVABLE_AMOUNT.error().with("receivable", &self.id);
            refusal.with("outstanding", self.outstanding).with("given", amount)
        })
    }

    /// The import factor pays from the ninetieth day after the due date on.
    fn is_cover_due(&self, now: Timestamp, calendar: &Calendar) -> Result<(), Error> {
        let from = self.due.date().plus_days(i32::from(COVER_PAYMENT.days));
        let from = from.ok_or_else(|| AMOUNT_OVERFLOW.error())?;
        RECEIVABLE_COVER_NOT_DUE.unless(calendar.local_date(now)? >= from, |refusal| {
            refusal.with("receivable", &self.id).with("from", from)
        })
    }
}

impl NextSteps for CreditApproval {
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        let import = *party == self.import_factor;
        match &self.state {
            ApprovalState::Requested if import && now <= self.answer_by => {
                vec![NextStep::until("answer_approval", self.answer_by)]
            }
            ApprovalState::Approved { .. } if import => vec![NextStep::any_time("reduce_approval")],
            ApprovalState::Approved { .. } if party == self.id.export_factor() => {
                vec![NextStep::any_time("assign_receivable")]
            }
            _ => Vec::new(),
        }
    }
}

impl NextSteps for Receivable {
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        let (export, import) = (party == self.id.export_factor(), *party == self.import_factor);
        let (owner, concerned) = (*party == self.owner, self.concerns(party).is_ok());
        let mut steps = Vec::new();
        let mut add = |may: bool, step: NextStep| {
            if may {
                steps.push(step)
            }
        };
        match &self.state {
            ReceivableState::Outstanding => {
                add(owner && self.advance.is_none(), NextStep::any_time("finance_receivable"));
                add(owner, NextStep::any_time("offer_receivable"));
                add(import, NextStep::any_time("remit_collection"));
                add(
                    import && self.covered.is_positive(),
                    NextStep::from_due("pay_under_guarantee", &self.due),
                );
                add(import, NextStep::any_time("propose_reassignment"));
                add(concerned, NextStep::any_time("dispute_receivable"));
                if let Some(offer) = &self.offer {
                    let standing = offer.to == *party && now <= offer.expires_at;
                    add(standing, NextStep::until("accept_receivable", offer.expires_at));
                }
            }
            ReceivableState::Disputed { by, .. } => {
                add(by == party, NextStep::any_time("settle_dispute"));
                add(import, NextStep::any_time("propose_reassignment"));
            }
            ReceivableState::Reassigning { at, .. } => {
                let silent = !REASSIGNMENT_SILENCE.reaches(*at, now) && now > *at;
                add(export || (import && silent), NextStep::any_time("reassign_receivable"));
            }
            _ => {}
        }
        steps
    }
}
