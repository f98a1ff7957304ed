//! The claim: a definite, dated debt, and who holds it. UCP 600 art. 7, 15.
//!
//! A debt is divisible to the minor unit. Each part of it is a [`Claim`] of its own, with one holder of record; the parts of a
//! debt never overlap and add up to it.

use allonge_finance::{Calendar, Money, PartyId, Timestamp};
use allonge_ledger::registry::AMOUNT_OVERFLOW;
use allonge_ledger::{AccountId, Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::deadline::DueDate;
use crate::identifier::{ClaimId, ClaimSource, TradeId};
use crate::next_step::{NextStep, NextSteps};
use crate::registry::{
    CLAIM_ACCOUNT, CLAIM_AMOUNT, CLAIM_ENCUMBERED, CLAIM_NOT_DIVISIBLE, CLAIM_NOT_DUE, CLAIM_NOT_NEIGHBOURS,
    CLAIM_NOT_NOTIFIED, CLAIM_NOT_OFFERED, CLAIM_NOT_OVERDUE, CLAIM_NOT_PLEDGED, CLAIM_NOT_YOURS, CLAIM_OVER,
    CLAIM_PAID, NOT_HOLDER,
};
use crate::units::Units;

/// Parts that one division makes at most, and that one merger joins at most.
pub const MAX_DIVISION: usize = 100;
/// Parts of one debt at most.
pub const MAX_PARTS: u32 = 100_000;
/// Characters of what a pledge secures, and of the reference of a payment outside the ledger.
pub const MAX_CLAIM_TEXT_LENGTH: usize = 140;

/// A debt of the obligor to the holder of record.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Claim {
    /// Which claim.
    pub id: ClaimId,
    /// What became of it.
    pub state: ClaimState,
    /// How it came into being.
    pub origin: ClaimOrigin,
    /// Who owes.
    pub obligor: PartyId,
    /// To whom it is owed: a payment to anybody else does not discharge it.
    pub holder_of_record: PartyId,
    /// How much is owed.
    pub amount: Money,
    /// From when it is due.
    pub due: DueDate,
    /// What keeps its holder from disposing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encumbrance: Option<Encumbrance>,
    /// What the obligor knows of its last assignment; none where it was never assigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<Assignment>,
    /// How often a payment to somebody else than the holder was reported. None of them discharges it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub misdirected: u32,
    /// When it came into being.
    pub created_at: Timestamp,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // Serde passes references.
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl Stored for Claim {
    type Id = ClaimId;
    const KIND: u8 = 0x42;
}

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ClaimState {
    /// It is owed.
    Outstanding = 0,
    /// It was paid to its holder of record.
    Paid {
        /// The account that paid.
        from: AccountId,
        /// The account that was paid.
        to: AccountId,
        /// When.
        at: Timestamp,
    } = 1,
    /// It was divided into parts, which are owed in its place.
    Divided {
        /// The parts, which follow each other.
        into: Vec<ClaimId>,
        /// When.
        at: Timestamp,
    } = 2,
    /// It was joined with its neighbours into one, which is owed in its place.
    Merged {
        /// The whole or larger part.
        into: ClaimId,
        /// When.
        at: Timestamp,
    } = 3,
    /// It is owed, and its holder stated that it was not paid when it was due.
    Unpaid {
        /// When.
        at: Timestamp,
    } = 4,
}

/// What keeps the holder of a claim from disposing of it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum Encumbrance {
    /// It is pledged, and what is paid on it is paid to the pledgee.
    Pledged {
        /// To whom.
        to: PartyId,
        /// What it secures, at most 140 characters.
        secures: String,
    } = 0,
    /// It is offered to another party, who can accept until a time. An offer that expired binds nobody.
    Offered {
        /// To whom.
        to: PartyId,
        /// The last time at which it can be accepted.
        expires_at: Timestamp,
    } = 1,
    /// It is sold, and waits for the settlement.
    Sold {
        /// In which trade.
        trade: TradeId,
    } = 2,
}

/// What the obligor of a claim knows of its last assignment.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Assignment {
    /// When the claim passed to its holder of record.
    pub at: Timestamp,
    /// Where the holder wants to be paid, of which it gave notice to the obligor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notified: Option<AccountId>,
    /// When the obligor acknowledged it, and said that it will pay there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Timestamp>,
}

/// A debt that was divided: how far it is paid, and in how many parts it is owed.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Debt {
    /// What it came of.
    pub source: ClaimSource,
    /// All of it.
    pub amount: Money,
    /// How much of it is paid.
    pub paid: Money,
    /// In how many parts it is, paid or not.
    pub parts: u32,
}

impl Stored for Debt {
    type Id = ClaimSource;
    const KIND: u8 = 0x48;
}

/// How a claim came into being.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ClaimOrigin {
    /// The issuing bank incurred a deferred payment undertaking.
    DeferredPayment = 0,
    /// The issuing bank accepted a draft.
    Acceptance = 1,
    /// The issuing bank was precluded from refusing: UCP 600 art. 16(f).
    Preclusion = 2,
    /// The buyer of goods or services approved what it owes, and issued a voucher of it.
    Voucher = 3,
}

impl Claim {
    /// Its units: those that its id names, or all of them.
    pub fn units(&self) -> Result<Units, Error> {
        match self.id.units() {
            Some(units) => Ok(units),
            None => {
                let all = u64::try_from(self.amount.minor_units()).map_err(|_| AMOUNT_OVERFLOW.error())?;
                Units::new(1, all).map_err(|_| AMOUNT_OVERFLOW.error())
            }
        }
    }

    /// Whom a payment discharges the obligor towards: the holder of record, or the pledgee in its place.
    pub fn payee(&self) -> &PartyId {
        match &self.encumbrance {
            Some(Encumbrance::Pledged { to, .. }) => to,
            _ => &self.holder_of_record,
        }
    }

    /// Whether it is still owed.
    pub fn is_owed(&self) -> bool {
        matches!(self.state, ClaimState::Outstanding | ClaimState::Unpaid { .. })
    }

    /// The obligor pays the holder of record, exactly what is owed, once it is due. UCP 600 art. 7(a).
    ///
    /// `payment` is the calendar of the due date.
    pub(crate) fn pay(
        mut self,
        from: AccountId,
        to: AccountId,
        amount: Money,
        now: Timestamp,
        payment: &Calendar,
        findings: &mut Findings,
    ) -> Result<Claim, Error> {
        self.check_owed(findings)?;
        findings.judge(&NOT_HOLDER, self.is_owed_to_the_owner_of(&to))?;
        findings.judge(&CLAIM_ACCOUNT, self.is_paid_where_acknowledged(&to))?;
        findings.judge(&CLAIM_AMOUNT, self.is_paid_in_full_by(amount))?;
        findings.judge(&CLAIM_NOT_DUE, self.is_due(now, payment))?;
        self.state = ClaimState::Paid { from, to, at: now };
        Ok(self)
    }

    /// Its holder divides it: parts of these amounts in their order, and what remains as the last.
    pub(crate) fn divide(
        mut self,
        author: &PartyId,
        amounts: &[Money],
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<(Claim, Vec<Claim>), Error> {
        self.check_disposable(author, now, findings)?;
        let units = findings.judge(&CLAIM_NOT_DIVISIBLE, self.division(amounts))?;
        let currency = self.amount.currency();
        let parts: Vec<_> = units
            .into_iter()
            .map(|units| Claim {
                id: self.id.part(units),
                amount: Money::from_minor_units(i128::from(units.count()), currency),
                encumbrance: None,
                ..self.clone()
            })
            .collect();
        self.state =
            ClaimState::Divided { into: parts.iter().map(|part| part.id.clone()).collect(), at: now };
        self.encumbrance = None;
        Ok((self, parts))
    }

    /// The units of the parts: at least two, each of at least one minor unit, together the claim.
    fn division(&self, amounts: &[Money]) -> Result<Vec<Units>, Error> {
        let refused = || {
            let refusal = CLAIM_NOT_DIVISIBLE.error().with("claim", &self.id);
            refusal.with("amount", self.amount).with("limit", MAX_DIVISION)
        };
        let mut left = self.units()?;
        let mut parts = Vec::new();
        for (place, amount) in amounts.iter().enumerate() {
            let count = u64::try_from(amount.minor_units()).map_err(|_| refused())?;
            if amount.currency() != self.amount.currency() || place >= MAX_DIVISION {
                return Err(refused());
            }
            // The last amount may be all that is left, and then nothing remains.
            if place + 1 == amounts.len() && count == left.count() && place > 0 {
                parts.push(left);
                return Ok(parts);
            }
            let (part, rest) = left.split(count).ok_or_else(refused)?;
            parts.push(part);
            left = rest;
        }
        parts.push(left);
        if parts.len() < 2 || parts.len() > MAX_DIVISION { Err(refused()) } else { Ok(parts) }
    }

    /// Its holder joins it with the part that follows it, of the same debt.
    pub(crate) fn merge(
        self,
        next: &Claim,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Claim, Error> {
        self.check_disposable(author, now, findings)?;
        next.check_disposable(author, now, findings)?;
        let units = findings.judge(&CLAIM_NOT_NEIGHBOURS, self.joined(next))?;
        let amount = self.amount.checked_add(next.amount).map_err(|_| AMOUNT_OVERFLOW.error())?;
        let assignment = if self.assignment == next.assignment { self.assignment.clone() } else { None };
        let misdirected = self.misdirected.saturating_add(next.misdirected);
        Ok(Claim { id: self.id.part(units), amount, assignment, misdirected, encumbrance: None, ..self })
    }

    fn joined(&self, next: &Claim) -> Result<Units, Error> {
        let same = self.id.source() == next.id.source() && self.state == next.state && self.due == next.due;
        let units = self.units()?.join(next.units()?).filter(|_| same);
        units.ok_or_else(|| CLAIM_NOT_NEIGHBOURS.error().with("claim", &self.id).with("next", &next.id))
    }

    /// It is replaced by the claim that it was joined into.
    pub(crate) fn merged_into(mut self, into: ClaimId, now: Timestamp) -> Claim {
        self.state = ClaimState::Merged { into, at: now };
        self.encumbrance = None;
        self
    }

    /// Its holder pledges it, and cannot dispose of it until the pledgee releases it.
    pub(crate) fn pledge(
        self,
        author: &PartyId,
        to: PartyId,
        secures: String,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Claim, Error> {
        self.encumber(author, Encumbrance::Pledged { to, secures }, now, findings)
    }

    /// Its holder offers it to another party.
    pub(crate) fn offer(
        self,
        author: &PartyId,
        to: PartyId,
        expires_at: Timestamp,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Claim, Error> {
        self.encumber(author, Encumbrance::Offered { to, expires_at }, now, findings)
    }

    /// Its holder sold it.
    pub(crate) fn sell(
        self,
        author: &PartyId,
        trade: TradeId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Claim, Error> {
        self.encumber(author, Encumbrance::Sold { trade }, now, findings)
    }

    fn encumber(
        mut self,
        author: &PartyId,
        encumbrance: Encumbrance,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Claim, Error> {
        self.check_disposable(author, now, findings)?;
        self.encumbrance = Some(encumbrance);
        Ok(self)
    }

    /// The pledgee releases it.
    pub(crate) fn release(mut self, author: &PartyId, findings: &mut Findings) -> Result<Claim, Error> {
        let pledgee = matches!(&self.encumbrance, Some(Encumbrance::Pledged { to, .. }) if to == author);
        let judged = CLAIM_NOT_PLEDGED
            .unless(pledgee, |refusal| refusal.with("claim", &self.id).with("party", author));
        findings.judge(&CLAIM_NOT_PLEDGED, judged)?;
        self.encumbrance = None;
        Ok(self)
    }

    /// Its holder takes an offer back.
    pub(crate) fn withdraw(mut self, author: &PartyId, findings: &mut Findings) -> Result<Claim, Error> {
        findings.judge(&CLAIM_NOT_YOURS, self.is_held_by(author))?;
        let offered = matches!(self.encumbrance, Some(Encumbrance::Offered { .. }));
        let judged = CLAIM_NOT_OFFERED
            .unless(offered, |refusal| refusal.with("claim", &self.id).with("party", author));
        findings.judge(&CLAIM_NOT_OFFERED, judged)?;
        self.encumbrance = None;
        Ok(self)
    }

    /// The party to whom it is offered accepts it, and holds it from now on.
    pub(crate) fn accept(
        self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Claim, Error> {
        self.check_owed(findings)?;
        let offered = matches!(
            &self.encumbrance,
            Some(Encumbrance::Offered { to, expires_at }) if to == author && now <= *expires_at
        );
        let judged = CLAIM_NOT_OFFERED
            .unless(offered, |refusal| refusal.with("claim", &self.id).with("party", author));
        findings.judge(&CLAIM_NOT_OFFERED, judged)?;
        Ok(self.assigned_to(author.clone(), now))
    }

    /// It passes to another holder, free of what bound the one before.
    pub(crate) fn assigned_to(mut self, holder: PartyId, now: Timestamp) -> Claim {
        self.holder_of_record = holder;
        self.encumbrance = None;
        self.assignment = Some(Assignment { at: now, notified: None, acknowledged: None });
        self
    }

    /// Its holder gives notice of the assignment to the obligor: who holds it, and where it is to be paid.
    pub(crate) fn notify(
        mut self,
        author: &PartyId,
        account: AccountId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Claim, Error> {
        self.check_owed(findings)?;
        findings.judge(&CLAIM_NOT_YOURS, self.is_held_by(author))?;
        let at = self.assignment.as_ref().map_or(now, |assignment| assignment.at);
        self.assignment = Some(Assignment { at, notified: Some(account), acknowledged: None });
        Ok(self)
    }

    /// The obligor acknowledges what it was notified of, and is bound to pay there.
    pub(crate) fn acknowledge(
        mut self,
        account: &AccountId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Claim, Error> {
        self.check_owed(findings)?;
        let notified =
            matches!(&self.assignment, Some(Assignment { notified: Some(to), .. }) if to == account);
        let judged = CLAIM_NOT_NOTIFIED
            .unless(notified, |refusal| refusal.with("claim", &self.id).with("account", account));
        findings.judge(&CLAIM_NOT_NOTIFIED, judged)?;
        if let Some(assignment) = &mut self.assignment {
            assignment.acknowledged = Some(now);
        }
        Ok(self)
    }

    /// Its holder states that it was not paid on the day on which it was due.
    pub(crate) fn declare_unpaid(
        mut self,
        author: &PartyId,
        now: Timestamp,
        payment: &Calendar,
        findings: &mut Findings,
    ) -> Result<Claim, Error> {
        self.check_owed(findings)?;
        findings.judge(&CLAIM_NOT_YOURS, self.is_held_by(author))?;
        findings.judge(&CLAIM_NOT_OVERDUE, self.is_overdue(now, payment))?;
        self.state = ClaimState::Unpaid { at: now };
        Ok(self)
    }

    /// The obligor says that it paid somebody else, outside this ledger: that is written down, and changes nothing.
    pub(crate) fn misdirect(mut self, paid_to: &PartyId, findings: &mut Findings) -> Result<Claim, Error> {
        self.check_owed(findings)?;
        let other = NOT_HOLDER.unless(*paid_to != *self.payee(), |refusal| {
            refusal.with("claim", &self.id).with("holder", self.payee()).with("account", paid_to)
        });
        findings.judge(&NOT_HOLDER, other)?;
        self.misdirected = self.misdirected.saturating_add(1);
        Ok(self)
    }

    /// Whether `author` can dispose of it now: it is owed, the author holds it, and nothing binds it.
    pub(crate) fn check_disposable(
        &self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        self.check_owed(findings)?;
        findings.judge(&CLAIM_NOT_YOURS, self.is_held_by(author))?;
        findings.judge(&CLAIM_ENCUMBERED, self.is_free(now))
    }

    pub(crate) fn check_owed(&self, findings: &mut Findings) -> Result<(), Error> {
        findings.judge(&CLAIM_PAID, self.is_unpaid())?;
        findings.judge(&CLAIM_OVER, self.is_in_one_piece())
    }

    fn is_unpaid(&self) -> Result<(), Error> {
        match &self.state {
            ClaimState::Paid { at, .. } => Err(CLAIM_PAID.error().with("claim", &self.id).with("at", at)),
            _ => Ok(()),
        }
    }

    /// What was divided or merged is owed as what took its place.
    fn is_in_one_piece(&self) -> Result<(), Error> {
        let into = match &self.state {
            ClaimState::Divided { into, .. } => {
                into.iter().take(3).map(ToString::to_string).collect::<Vec<_>>().join(", ")
            }
            ClaimState::Merged { into, .. } => into.to_string(),
            _ => return Ok(()),
        };
        Err(CLAIM_OVER.error().with("claim", &self.id).with("into", into))
    }

    pub(crate) fn is_held_by(&self, party: &PartyId) -> Result<(), Error> {
        CLAIM_NOT_YOURS.unless(*party == self.holder_of_record, |refusal| {
            refusal.with("claim", &self.id).with("party", party)
        })
    }

    /// What is pledged, offered or sold to one is not disposed of to another.
    fn is_free(&self, now: Timestamp) -> Result<(), Error> {
        let (encumbrance, by) = match &self.encumbrance {
            None => return Ok(()),
            Some(Encumbrance::Offered { expires_at, .. }) if now > *expires_at => return Ok(()),
            Some(Encumbrance::Pledged { secures, .. }) => ("pledged", secures.clone()),
            Some(Encumbrance::Offered { expires_at, .. }) => ("offered", expires_at.to_string()),
            Some(Encumbrance::Sold { trade }) => ("sold", trade.to_string()),
        };
        Err(CLAIM_ENCUMBERED
            .error()
            .with("claim", &self.id)
            .with("encumbrance", encumbrance)
            .with("reference", by))
    }

    /// A debtor that pays anybody but the holder of record is not discharged.
    fn is_owed_to_the_owner_of(&self, account: &AccountId) -> Result<(), Error> {
        NOT_HOLDER.unless(account.owner() == self.payee(), |refusal| {
            refusal.with("claim", &self.id).with("holder", self.payee()).with("account", account)
        })
    }

    /// An obligor that acknowledged an assignment pays where it said that it would.
    fn is_paid_where_acknowledged(&self, account: &AccountId) -> Result<(), Error> {
        let pledged = matches!(self.encumbrance, Some(Encumbrance::Pledged { .. }));
        let agreed = match &self.assignment {
            Some(Assignment { notified: Some(agreed), acknowledged: Some(_), .. }) if !pledged => agreed,
            _ => return Ok(()),
        };
        CLAIM_ACCOUNT.unless(account == agreed, |refusal| {
            refusal.with("claim", &self.id).with("expected", agreed).with("given", account)
        })
    }

    fn is_paid_in_full_by(&self, amount: Money) -> Result<(), Error> {
        CLAIM_AMOUNT.unless(amount == self.amount, |refusal| {
            refusal.with("claim", &self.id).with("expected", self.amount).with("given", amount)
        })
    }

    fn is_due(&self, now: Timestamp, payment: &Calendar) -> Result<(), Error> {
        CLAIM_NOT_DUE.unless(self.due.has_come(now, payment)?, |refusal| {
            refusal.with("claim", &self.id).with("due", self.due.date())
        })
    }

    /// The whole day is given to pay on.
    fn is_overdue(&self, now: Timestamp, payment: &Calendar) -> Result<(), Error> {
        let overdue = self.due.has_come(now, payment)? && payment.local_date(now)? > self.due.date();
        CLAIM_NOT_OVERDUE
            .unless(overdue, |refusal| refusal.with("claim", &self.id).with("due", self.due.date()))
    }
}

impl NextSteps for Claim {
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        let mut steps = Vec::new();
        if !self.is_owed() {
            return steps;
        }
        if *party == self.obligor {
            steps.push(NextStep::from_due("pay_claim", &self.due));
            if let Some(Assignment { notified: Some(_), acknowledged: None, .. }) = self.assignment {
                steps.push(NextStep::any_time("acknowledge_assignment"));
            }
        }
        match &self.encumbrance {
            Some(Encumbrance::Pledged { to, .. }) if to == party => {
                steps.push(NextStep::any_time("release_pledge"));
            }
            Some(Encumbrance::Offered { to, expires_at }) if to == party && now <= *expires_at => {
                steps.push(NextStep::until("accept_claim", *expires_at));
            }
            Some(Encumbrance::Offered { .. }) if *party == self.holder_of_record => {
                steps.push(NextStep::any_time("withdraw_claim_offer"));
            }
            _ => {}
        }
        if *party == self.holder_of_record {
            steps.push(NextStep::any_time("notify_assignment"));
            if self.is_free(now).is_ok() {
                let disposals = [
                    "divide_claim",
                    "pledge_claim",
                    "offer_claim",
                    "publish_asset",
                    "accept_quote",
                    "hit_bid",
                ];
                steps.extend(disposals.map(NextStep::any_time));
            }
            if self.state == ClaimState::Outstanding {
                steps.push(NextStep::from_due("declare_unpaid", &self.due));
            }
        }
        steps
    }
}

impl Debt {
    /// A debt that is divided for the first time, or was merged again.
    pub(crate) fn whole(claim: &Claim) -> Self {
        let paid = Money::zero(claim.amount.currency());
        Debt { source: claim.id.source().clone(), amount: claim.amount, paid, parts: 1 }
    }

    /// A part of it is paid. Says whether it is all paid now.
    pub(crate) fn pay(mut self, amount: Money) -> Result<(Self, bool), Error> {
        self.paid = self.paid.checked_add(amount).map_err(|_| AMOUNT_OVERFLOW.error())?;
        let all = self.paid == self.amount;
        Ok((self, all))
    }
}
