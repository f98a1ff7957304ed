//! The letter of credit: an irrevocable undertaking, its ceiling, and what was drawn under it.
//!
//! Its state says how far the undertaking has come: issued, advised, closed. What happens to documents is
//! the state of each [`Presentation`](crate::Presentation), and what happens to money that is owed is the
//! state of each [`Claim`](crate::Claim).

use allonge_finance::{Calendar, Date, Money, MoneyError, PartyId, Timestamp};
use allonge_ledger::registry::{AMOUNT_NOT_POSITIVE, AMOUNT_OVERFLOW};
use allonge_ledger::{Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::amendment::AmendmentId;
use crate::deadline::Deadline;
use crate::identifier::{CreditId, PresentationId};
use crate::presentation::Shipment;
use crate::registry::{
    CLOSING_TOO_EARLY, CONFIRMED_ALREADY, CREDIT_ALREADY_ADVISED, CREDIT_AMOUNT_INVALID, CREDIT_CLOSED,
    CREDIT_EXPIRED, DRAWING_CURRENCY, INSTALMENT_MISSED, ISSUED_IN_FUTURE, OVERDRAWN,
    PARTIAL_DRAWING_NOT_ALLOWED, PRESENTATION_LATE, RULES_NOT_BUILT, SHIPMENT_AFTER_PRESENTATION,
    SHIPMENT_LATE, SHIPMENT_MISSING,
};
use crate::rulebook::{DOMESTIC_PRESENTATION, PRESENTATION};
use crate::terms::{
    ApplicableRules, AvailableWith, Bank, Instalment, LatestShipment, LetterOfCreditTerms, Permission, Tenor,
    Terms,
};

/// A letter of credit and what was done under it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LetterOfCredit {
    /// Which credit.
    pub id: CreditId,
    /// How far it has come.
    pub state: LetterOfCreditState,
    /// When it was issued on the ledger: from then on the issuing bank is bound (UCP 600 art. 7(b)).
    pub issued_at: Timestamp,
    /// The last moment to present documents: the expiry date, moved to a banking day of its place (UCP 600
    /// art. 6(d)(i), 29(a)).
    pub expiry: Deadline,
    /// The most that can be drawn: the amount and its tolerance upwards.
    pub ceiling: Money,
    /// The sum of all drawings that were not refused. Never above the ceiling.
    pub drawn: Money,
    /// The part of `drawn` that was paid.
    pub paid: Money,
    /// How many presentations were made.
    pub presentations: u32,
    /// How many of them are neither refused nor paid.
    pub unsettled: u32,
    /// What the issuing bank is contingently liable for: the ceiling and the increases that nobody answered yet, less what was
    /// accepted, honoured or counts as complying.
    pub undertaken: Money,
    /// How many amendments were issued.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub amendments: u32,
    /// How many of them took effect: the version of the terms.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub version: u32,
    /// The confirming bank's own undertaking: UCP 600 art. 8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<Confirmation>,
    /// Who of those without whom it is not cancelled has consented, ascending: UCP 600 art. 10(a).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cancellation: Vec<PartyId>,
    /// The instalments under which documents were presented, by their place from 0, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instalments_drawn: Vec<u16>,
    /// What it says, with the amendments that took effect.
    pub terms: Terms<LetterOfCreditTerms>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // Serde passes references.
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// A confirming bank's own undertaking. UCP 600 art. 8.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Confirmation {
    /// Which bank.
    pub by: PartyId,
    /// What it is contingently liable for still. An amendment changes it only where it extended its confirmation to it: art.
    /// 10(b).
    pub undertaken: Money,
    /// The expiry that it confirmed, without the move to a banking day.
    pub expiry: Date,
    /// When it confirmed.
    pub at: Timestamp,
}

impl Stored for LetterOfCredit {
    type Id = CreditId;
    const KIND: u8 = 0x40;
}

/// How far a letter of credit has come.
///
/// That it has expired or is used up follows from time and drawings, so it is no state of its own.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum LetterOfCreditState {
    /// The issuing bank is bound.
    Issued = 0,
    /// The advising bank has told the beneficiary.
    Advised {
        /// Whether the advising bank could satisfy itself that the credit is genuine.
        authenticity: Authenticity,
        /// When.
        at: Timestamp,
    } = 1,
    /// Nothing more can happen under it.
    Closed {
        /// Why it could be closed.
        reason: ClosingReason,
        /// When.
        at: Timestamp,
    } = 2,
}

/// Whether an advising bank could satisfy itself of a credit's apparent authenticity. UCP 600 art. 9(b), 9(f).
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum Authenticity {
    /// It could.
    Verified = 0,
    /// It could not, advises all the same, and says so: art. 9(f).
    Unverified = 1,
}

/// Why a credit could be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ClosingReason {
    /// No more can be drawn.
    FullyDrawn = 0,
    /// No more documents can be presented.
    Expired = 1,
    /// All whose consent it takes consented: UCP 600 art. 10(a).
    Cancelled = 2,
}

impl LetterOfCredit {
    /// Issues a credit: the issuing bank is bound. UCP 600 art. 7(b).
    ///
    /// `expiry` is the calendar of the place of expiry, `examination` that of the issuing bank.
    pub(crate) fn issue(
        id: CreditId,
        terms: LetterOfCreditTerms,
        now: Timestamp,
        expiry: &Calendar,
        examination: &Calendar,
        findings: &mut Findings,
    ) -> Result<LetterOfCredit, Error> {
        terms.judge(findings)?;
        findings.judge(&RULES_NOT_BUILT, is_subject_to_rules_that_are_built(&terms))?;
        let today = examination.local_date(now)?;
        findings.judge(&ISSUED_IN_FUTURE, is_issued_by(&terms, today))?;
        // UCP 600 art. 29(a): an expiry on which banks are closed moves to the first following banking day.
        let last = Deadline::after(terms.expiry.date, 0, expiry)?;
        findings.judge(&CREDIT_EXPIRED, has_not_expired(&id, &last, now, expiry))?;
        findings.judge(&CREDIT_AMOUNT_INVALID, is_in_a_currency_in_use(&terms, today))?;
        let nothing = Money::zero(terms.amount.currency());
        Ok(LetterOfCredit {
            id,
            state: LetterOfCreditState::Issued,
            issued_at: now,
            expiry: last,
            ceiling: terms.ceiling()?,
            drawn: nothing,
            paid: nothing,
            presentations: 0,
            unsettled: 0,
            undertaken: terms.ceiling()?,
            amendments: 0,
            version: 0,
            confirmation: None,
            cancellation: Vec::new(),
            instalments_drawn: Vec::new(),
            terms: Terms::Open { content: terms },
        })
    }

    /// The advising bank has told the beneficiary. UCP 600 art. 9.
    pub(crate) fn advise(
        mut self,
        authenticity: Authenticity,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.check_open()?;
        findings.judge(&CREDIT_ALREADY_ADVISED, self.is_not_advised_yet())?;
        self.state = LetterOfCreditState::Advised { authenticity, at: now };
        Ok(self)
    }

    /// A number for a new amendment. UCP 600 art. 10.
    pub(crate) fn amend(mut self) -> Result<(Self, AmendmentId), Error> {
        self.check_open()?;
        self.amendments = self.amendments.checked_add(1).ok_or_else(|| AMOUNT_OVERFLOW.error())?;
        let id = AmendmentId::new(self.id.clone(), self.amendments);
        Ok((self, id.map_err(|source| AMOUNT_OVERFLOW.error().because(source))?))
    }

    /// An amendment takes effect. What was drawn stays drawn, so the ceiling never falls below it.
    pub(crate) fn amended(
        mut self,
        terms: LetterOfCreditTerms,
        expiry: Deadline,
        increase: Money,
        confirmation_extended: bool,
    ) -> Result<Self, Error> {
        self.check_open()?;
        let before = std::mem::replace(&mut self.ceiling, terms.ceiling()?);
        let grown = self.ceiling.checked_sub(before).and_then(|more| more.checked_sub(increase));
        let undertaken = grown.and_then(|more| self.undertaken.checked_add(more));
        self.undertaken = undertaken.map_err(overflow)?;
        let left = self.undrawn()?;
        OVERDRAWN.unless(!left.is_negative(), |refusal| {
            refusal.with("credit", &self.id).with("amount", self.drawn).with("available", self.ceiling)
        })?;
        if let Some(confirmation) = self.confirmation.as_mut().filter(|_| confirmation_extended) {
            confirmation.undertaken = left;
            confirmation.expiry = terms.expiry.date;
        }
        self.expiry = expiry;
        self.version = self.version.saturating_add(1);
        self.terms = Terms::Open { content: terms };
        Ok(self)
    }

    /// A bank adds its own undertaking. UCP 600 art. 8.
    pub(crate) fn confirm(
        mut self,
        confirmation: Confirmation,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.check_open()?;
        let first =
            CONFIRMED_ALREADY.unless(self.confirmation.is_none(), |refusal| refusal.with("credit", &self.id));
        findings.judge(&CONFIRMED_ALREADY, first)?;
        self.confirmation = Some(confirmation);
        Ok(self)
    }

    /// One of those whose consent it takes to cancel it consents. Says whether it is cancelled now. UCP 600 art. 10(a).
    pub(crate) fn consent(
        mut self,
        party: PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<(Self, bool), Error> {
        self.check_open()?;
        let settled = CLOSING_TOO_EARLY.unless(self.unsettled == 0, |refusal| {
            refusal.with("credit", &self.id).with("reason", "presentation_neither_refused_nor_paid")
        });
        findings.judge(&CLOSING_TOO_EARLY, settled)?;
        if !self.cancellation.contains(&party) {
            self.cancellation.push(party);
            self.cancellation.sort();
        }
        let confirming = self.confirmation.as_ref().map(|confirmation| &confirmation.by);
        let cancelled = [Some(self.id.issuing_bank()), confirming, Some(self.creditor())]
            .into_iter()
            .flatten()
            .all(|party| self.cancellation.contains(party));
        if cancelled {
            self.state = LetterOfCreditState::Closed { reason: ClosingReason::Cancelled, at: now };
        }
        Ok((self, cancelled))
    }

    /// To whom the undertakings are owed on the ledger: the beneficiary where it is a party, or the advising bank for it.
    pub fn creditor(&self) -> &PartyId {
        let terms = self.open_terms();
        terms.beneficiary.party.as_ref().unwrap_or(&terms.advising_bank)
    }

    /// Reserves a drawing for a new presentation, and gives that its id. UCP 600 art. 18(b), 30, 31.
    ///
    /// A credit need not be advised to be drawn on: the issuing bank is bound since it issued.
    pub(crate) fn draw(
        mut self,
        amount: Money,
        findings: &mut Findings,
    ) -> Result<(Self, PresentationId), Error> {
        self.check_open()?;
        findings.judge(&DRAWING_CURRENCY, self.is_drawn_in_its_currency(amount))?;
        AMOUNT_NOT_POSITIVE.unless(amount.is_positive(), |refusal| refusal.with("amount", amount))?;
        findings.judge(&OVERDRAWN, self.has_available(amount))?;
        findings.judge(&PARTIAL_DRAWING_NOT_ALLOWED, self.may_be_drawn_on_again())?;
        self.drawn = self.drawn.checked_add(amount).map_err(overflow)?;
        self.presentations = self.presentations.checked_add(1).ok_or_else(|| AMOUNT_OVERFLOW.error())?;
        self.unsettled = self.unsettled.saturating_add(1);
        let id = PresentationId::new(self.id.clone(), self.presentations)
            .map_err(|source| AMOUNT_OVERFLOW.error().because(source))?;
        Ok((self, id))
    }

    /// Documents are presented under an instalment. Once one was missed the credit is available for none that follows. UCP 600
    /// art. 32.
    pub(crate) fn draw_instalment(
        mut self,
        shipment: Option<&Shipment>,
        amount: Money,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let instalments = &self.open_terms().instalments;
        if instalments.is_empty() {
            return Ok(self);
        }
        let place = shipment.and_then(|shipment| {
            let shipped = |one: &Instalment| (one.from..=one.until).contains(&shipment.date);
            instalments.iter().position(shipped)
        });
        let place = findings.judge(&INSTALMENT_MISSED, self.available_instalment(place, amount))?;
        if !self.instalments_drawn.contains(&place) {
            self.instalments_drawn.push(place);
            self.instalments_drawn.sort_unstable();
        }
        Ok(self)
    }

    fn available_instalment(&self, place: Option<usize>, amount: Money) -> Result<u16, Error> {
        let refused = || INSTALMENT_MISSED.error().with("credit", &self.id);
        let place = place.and_then(|place| u16::try_from(place).ok()).ok_or_else(refused)?;
        let none_missed = (0..place).all(|before| self.instalments_drawn.contains(&before));
        let instalment = self.open_terms().instalments.get(usize::from(place));
        let enough = |one: &Instalment| one.amount.checked_sub(amount).is_ok_and(|left| !left.is_negative());
        if none_missed && instalment.is_some_and(enough) { Ok(place) } else { Err(refused()) }
    }

    /// A presentation was refused: its drawing is available again.
    pub(crate) fn release(mut self, amount: Money) -> Result<Self, Error> {
        self.drawn = self.drawn.checked_sub(amount).map_err(overflow)?;
        self.unsettled = self.unsettled.saturating_sub(1);
        Ok(self)
    }

    /// A drawing was paid, at sight or at maturity; or, where not `all` of it was, a part of it.
    pub(crate) fn settle(mut self, amount: Money, all: bool) -> Result<Self, Error> {
        self.paid = self.paid.checked_add(amount).map_err(overflow)?;
        if all {
            self.unsettled = self.unsettled.saturating_sub(1);
        }
        Ok(self)
    }

    /// Closes a credit under which nothing more can happen. `expiry` is the calendar of its place of expiry.
    pub(crate) fn close(
        mut self,
        now: Timestamp,
        expiry: &Calendar,
        findings: &mut Findings,
    ) -> Result<(Self, ClosingReason), Error> {
        self.check_open()?;
        let reason = findings.judge(&CLOSING_TOO_EARLY, self.is_over(now, expiry))?;
        self.state = LetterOfCreditState::Closed { reason, at: now };
        Ok((self, reason))
    }

    /// Whether a presentation at `now` is in time, by the calendar of the place of expiry. UCP 600 art.
    /// 6(d)(i), 14(c), 14(i), 29.
    pub(crate) fn check_time(
        &self,
        shipment: Option<&Shipment>,
        now: Timestamp,
        expiry: &Calendar,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        self.check_open()?;
        findings.judge(&CREDIT_EXPIRED, has_not_expired(&self.id, &self.expiry, now, expiry))?;
        findings.judge(&SHIPMENT_MISSING, self.has_the_shipment_it_counts_on(shipment))?;
        // UCP 600 art. 14(c) asks for a period only when transport documents are presented.
        let Some(shipment) = shipment else { return Ok(()) };
        let today = expiry.local_date(now)?;
        findings.judge(&SHIPMENT_AFTER_PRESENTATION, is_shipped_by(shipment, today))?;
        findings.judge(&SHIPMENT_LATE, self.is_shipped_in_time(shipment))?;
        findings.judge(&PRESENTATION_LATE, self.is_presented_in_time(shipment, now, expiry))
    }

    fn is_not_advised_yet(&self) -> Result<(), Error> {
        let advised = matches!(self.state, LetterOfCreditState::Advised { .. });
        CREDIT_ALREADY_ADVISED.unless(!advised, |refusal| refusal.with("credit", &self.id))
    }

    /// UCP 600 art. 18(a)(iii).
    fn is_drawn_in_its_currency(&self, amount: Money) -> Result<(), Error> {
        let (given, expected) = (amount.currency(), self.ceiling.currency());
        DRAWING_CURRENCY
            .unless(given == expected, |refusal| refusal.with("given", given).with("expected", expected))
    }

    /// UCP 600 art. 18(b), 30.
    fn has_available(&self, amount: Money) -> Result<(), Error> {
        let available = self.undrawn()?;
        let enough = !available.checked_sub(amount).map_err(overflow)?.is_negative();
        OVERDRAWN.unless(enough, |refusal| {
            refusal.with("credit", &self.id).with("amount", amount).with("available", available)
        })
    }

    /// UCP 600 art. 31(a): partial drawings are allowed unless the credit says otherwise.
    fn may_be_drawn_on_again(&self) -> Result<(), Error> {
        let prohibited = self.open_terms().partial_shipments == Some(Permission::NotAllowed);
        PARTIAL_DRAWING_NOT_ALLOWED
            .unless(!(prohibited && self.drawn.is_positive()), |refusal| refusal.with("credit", &self.id))
    }

    /// UCP 600 art. 10(a): with a balance open, the credit stands until it expires.
    fn is_over(&self, now: Timestamp, expiry: &Calendar) -> Result<ClosingReason, Error> {
        let refuse =
            |reason: &str| Err(CLOSING_TOO_EARLY.error().with("credit", &self.id).with("reason", reason));
        if self.unsettled > 0 {
            refuse("presentation_neither_refused_nor_paid")
        } else if self.undrawn()?.is_zero() {
            Ok(ClosingReason::FullyDrawn)
        } else if self.expiry.has_passed(now, expiry)? {
            Ok(ClosingReason::Expired)
        } else {
            refuse("documents_can_still_be_presented")
        }
    }

    /// UCP 600 art. 14(c).
    fn has_the_shipment_it_counts_on(&self, shipment: Option<&Shipment>) -> Result<(), Error> {
        SHIPMENT_MISSING.unless(shipment.is_some() || !self.counts_on_shipment(), |refusal| {
            refusal.with("credit", &self.id)
        })
    }

    /// UCP 600 art. 29(c): the latest date of shipment never moves to a banking day.
    fn is_shipped_in_time(&self, shipment: &Shipment) -> Result<(), Error> {
        let Some(LatestShipment::LatestDate { date }) = self.open_terms().latest_shipment else {
            return Ok(());
        };
        SHIPMENT_LATE.unless(shipment.date <= date, |refusal| {
            refusal.with("shipment", shipment.date).with("latest", date)
        })
    }

    /// UCP 600 art. 14(c), 29(a): the last day for presentation moves as the expiry does.
    fn is_presented_in_time(
        &self,
        shipment: &Shipment,
        now: Timestamp,
        expiry: &Calendar,
    ) -> Result<(), Error> {
        let terms = self.open_terms();
        let days = match &terms.presentation_period {
            Some(period) if period.event.is_some() => return Ok(()),
            Some(period) => period.days,
            None if terms.applicable_rules.is_ucp() => u16::from(PRESENTATION.days),
            None if terms.applicable_rules == ApplicableRules::ChinaDomestic2016 => {
                u16::from(DOMESTIC_PRESENTATION.days)
            }
            None => return Ok(()),
        };
        let Some(last) = shipment.date.plus_days(i32::from(days)) else {
            return Ok(());
        };
        let last = Deadline::after(last, 0, expiry)?;
        PRESENTATION_LATE.unless(!last.has_passed(now, expiry)?, |refusal| {
            refusal.with("days", days).with("shipment", shipment.date).with("until", last.date())
        })
    }

    /// Whether something in the credit counts on the date of shipment, so that a presentation must state it.
    fn counts_on_shipment(&self) -> bool {
        let terms = self.open_terms();
        matches!(terms.latest_shipment, Some(LatestShipment::LatestDate { .. }))
            || !terms.instalments.is_empty()
            || matches!(terms.availability.by.tenor(), Some(Tenor::AfterShipment { .. }))
            || terms.presentation_period.as_ref().is_some_and(|period| period.event.is_none())
    }

    /// Whether a party may present: the bank with which the credit is available, a bank that advises it, or
    /// the beneficiary. UCP 600 art. 2 ("presenter"), 6(a).
    pub fn may_present(&self, party: &PartyId) -> bool {
        let terms = self.open_terms();
        let is = |other: Option<&PartyId>| other == Some(party);
        if *party == terms.issuing_bank || is(terms.applicant.party.as_ref()) {
            return false;
        }
        let advises_through = match &terms.advise_through_bank {
            Some(Bank::Identified { party, .. }) => Some(party),
            Some(Bank::Named { .. }) | None => None,
        };
        let nominated = match &terms.availability.with {
            // UCP 600 art. 2: with any *bank*. Identifiers of companies and names say nothing of that.
            AvailableWith::AnyBank => matches!(party, PartyId::Bic(_) | PartyId::Cnaps(_)),
            AvailableWith::Bank { party: nominated } => is(Some(nominated)),
            AvailableWith::Named { .. } => false,
        };
        nominated
            || *party == terms.advising_bank
            || is(advises_through)
            || is(terms.beneficiary.party.as_ref())
    }

    /// What can still be drawn, time permitting.
    pub fn undrawn(&self) -> Result<Money, Error> {
        self.ceiling.checked_sub(self.drawn).map_err(overflow)
    }

    /// The terms, which are open today.
    pub(crate) fn open_terms(&self) -> &LetterOfCreditTerms {
        let Terms::Open { content } = &self.terms;
        content
    }

    pub(crate) fn check_open(&self) -> Result<(), Error> {
        match self.state {
            LetterOfCreditState::Issued | LetterOfCreditState::Advised { .. } => Ok(()),
            LetterOfCreditState::Closed { .. } => Err(CREDIT_CLOSED.error().with("credit", &self.id)),
        }
    }
}

/// UCP 600 art. 1: the rules bind where the credit says that it is subject to them.
fn is_subject_to_rules_that_are_built(terms: &LetterOfCreditTerms) -> Result<(), Error> {
    match &terms.applicable_rules {
        ApplicableRules::Other { narrative } => Err(RULES_NOT_BUILT.error().with("rules", narrative)),
        _ => Ok(()),
    }
}

/// UCP 600 art. 7(b).
fn is_issued_by(terms: &LetterOfCreditTerms, today: Date) -> Result<(), Error> {
    ISSUED_IN_FUTURE.unless(terms.date_of_issue <= today, |refusal| {
        refusal.with("issue", terms.date_of_issue).with("today", today)
    })
}

/// UCP 600 art. 6(d)(i), 29(a), 33.
fn has_not_expired(
    credit: &CreditId,
    last: &Deadline,
    now: Timestamp,
    expiry: &Calendar,
) -> Result<(), Error> {
    CREDIT_EXPIRED.unless(!last.has_passed(now, expiry)?, |refusal| {
        refusal.with("credit", credit).with("expiry", last.date())
    })
}

/// The date of issue is what the bank says; the currency must be in use now.
fn is_in_a_currency_in_use(terms: &LetterOfCreditTerms, today: Date) -> Result<(), Error> {
    CREDIT_AMOUNT_INVALID.unless(terms.amount.currency().is_current_on(today), |refusal| {
        refusal.with("amount", terms.amount).with("reason", "currency_not_in_use_on_date_of_issue")
    })
}

/// UCP 600 art. 14(i).
fn is_shipped_by(shipment: &Shipment, today: Date) -> Result<(), Error> {
    SHIPMENT_AFTER_PRESENTATION.unless(shipment.date <= today, |refusal| {
        refusal.with("shipment", shipment.date).with("today", today)
    })
}

fn overflow(source: MoneyError) -> Error {
    AMOUNT_OVERFLOW.error().because(source)
}
