//! Issuing, advising and closing a credit.

use allonge_finance::PartyId;
use allonge_ledger::{Context, Error};

use super::amendment;
use crate::event::TradeEvent;
use crate::identifier::{CreditId, MAX_NUMBER_LENGTH};
use crate::letter_of_credit::{Authenticity, LetterOfCredit};
use crate::registry::{
    CREDIT_ALREADY_ISSUED, CREDIT_NUMBER_INVALID, CREDIT_UNKNOWN, NOT_ADVISING_BANK, NOT_ISSUING_BANK,
};
use crate::terms::{AvailableWith, LetterOfCreditTerms};

/// L2: the issuing bank issues. UCP 600 art. 7(b).
pub(super) fn issue(
    context: &mut Context<'_, TradeEvent>,
    number: String,
    terms: LetterOfCreditTerms,
) -> Result<(), Error> {
    check_issuing_bank(context, &terms.issuing_bank)?;
    let id = CreditId::new(terms.issuing_bank.clone(), number.clone()).map_err(|source| {
        CREDIT_NUMBER_INVALID
            .error()
            // A refusal stands in a block, and whoever wrote the number may have written much.
            .with("number", number.chars().take(MAX_NUMBER_LENGTH).collect::<String>())
            .with("reason", "not_16_characters_of_set_x")
            .because(source)
    })?;
    let issued = context.get::<LetterOfCredit>(&id)?.is_some();
    context.judge(&CREDIT_ALREADY_ISSUED, is_new(issued, &id))?;
    check_parties(context, &terms)?;
    let expiry = context.calendar(&terms.expiry.calendar)?;
    let examination = context.calendar(&terms.examination_calendar)?;
    context.calendar(&terms.payment_calendar)?;

    let now = context.now();
    let credit = LetterOfCredit::issue(id, terms, now, &expiry, &examination, context.findings())?;
    let terms = credit.open_terms();
    context.emit(TradeEvent::CreditIssued {
        credit: credit.id.clone(),
        issuing_bank: terms.issuing_bank.clone(),
        advising_bank: terms.advising_bank.clone(),
        amount: terms.amount,
        ceiling: credit.ceiling,
        expiry: credit.expiry.clone(),
    });
    amendment::undertake(context, &credit)?;
    context.put(&credit.id, &credit);
    Ok(())
}

/// L4: the advising bank advises. UCP 600 art. 9.
pub(super) fn advise(
    context: &mut Context<'_, TradeEvent>,
    id: &CreditId,
    authenticity: Authenticity,
) -> Result<(), Error> {
    let credit = load(context, id)?;
    let advising_bank = credit.open_terms().advising_bank.clone();
    context.judge(&NOT_ADVISING_BANK, is_advising_bank(context.author(), &advising_bank))?;
    let credit = credit.advise(authenticity, context.now(), context.findings())?;
    context.emit(TradeEvent::CreditAdvised { credit: id.clone(), advising_bank, authenticity });
    context.put(id, &credit);
    Ok(())
}

/// L23: the issuing bank closes.
pub(super) fn close(context: &mut Context<'_, TradeEvent>, id: &CreditId) -> Result<(), Error> {
    let credit = load(context, id)?;
    check_issuing_bank(context, id.issuing_bank())?;
    let expiry = context.calendar(credit.expiry.calendar())?;
    let (mut credit, reason) = credit.close(context.now(), &expiry, context.findings())?;
    amendment::release(context, &mut credit)?;
    context.emit(TradeEvent::CreditClosed {
        credit: id.clone(),
        issuing_bank: id.issuing_bank().clone(),
        reason,
        drawn: credit.drawn,
        undrawn: credit.undrawn()?,
    });
    context.put(id, &credit);
    Ok(())
}

/// Reads a credit, and fixes its expiry when a calendar published since can.
pub(super) fn load(context: &mut Context<'_, TradeEvent>, id: &CreditId) -> Result<LetterOfCredit, Error> {
    let mut credit =
        context.get::<LetterOfCredit>(id)?.ok_or_else(|| CREDIT_UNKNOWN.error().with("credit", id))?;
    let calendar = context.calendar(credit.expiry.calendar())?;
    let expiry = credit.expiry.clone().settled(&calendar)?;
    if expiry != credit.expiry {
        credit.expiry = expiry.clone();
        context.put(id, &credit);
        context.emit(TradeEvent::ExpiryDecided { credit: id.clone(), expiry });
    }
    Ok(credit)
}

pub(super) fn check_issuing_bank(context: &mut Context<'_, TradeEvent>, bank: &PartyId) -> Result<(), Error> {
    context.judge(&NOT_ISSUING_BANK, is_issuing_bank(context.author(), bank))
}

/// UCP 600 art. 7(b): what is issued stays issued.
fn is_new(issued: bool, credit: &CreditId) -> Result<(), Error> {
    CREDIT_ALREADY_ISSUED.unless(!issued, |refusal| refusal.with("credit", credit))
}

/// UCP 600 art. 7.
fn is_issuing_bank(author: &PartyId, bank: &PartyId) -> Result<(), Error> {
    NOT_ISSUING_BANK.unless(author == bank, |refusal| refusal.with("required", bank).with("party", author))
}

/// UCP 600 art. 9.
fn is_advising_bank(author: &PartyId, bank: &PartyId) -> Result<(), Error> {
    NOT_ADVISING_BANK.unless(author == bank, |refusal| refusal.with("required", bank).with("party", author))
}

/// Whoever acts on the ledger by these terms is admitted to it. Banks that only stand in the text need not be.
fn check_parties(context: &Context<'_, TradeEvent>, terms: &LetterOfCreditTerms) -> Result<(), Error> {
    let nominated = match &terms.availability.with {
        AvailableWith::Bank { party } => Some(party),
        AvailableWith::AnyBank | AvailableWith::Named { .. } => None,
    };
    let acting = [
        Some(&terms.advising_bank),
        nominated,
        terms.applicant.party.as_ref(),
        terms.beneficiary.party.as_ref(),
    ];
    acting.into_iter().flatten().try_for_each(|party| context.party(party).map(|_| ()))
}
