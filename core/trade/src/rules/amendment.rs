//! Amendments over the ledger, the confirmation of a credit, and its cancellation by consent. UCP 600 art. 8, 10.

use allonge_finance::{Money, PartyId};
use allonge_ledger::registry::AMOUNT_OVERFLOW;
use allonge_ledger::{Context, Error};

use super::credit::load;
use super::position::{self, Posting};
use crate::amendment::{
    AmendedItem, AmendmentId, CreditAmendment, CreditAmendmentState, amended, check_items, increase_of,
};
use crate::deadline::Deadline;
use crate::event::TradeEvent;
use crate::identifier::CreditId;
use crate::letter_of_credit::{Confirmation, LetterOfCredit};
use crate::position::Nature;
use crate::registry::{
    CANCELLATION_NOT_CONCERNED, CONFIRMATION_NOT_ASKED, CREDIT_AMENDMENT_UNKNOWN, NOT_BENEFICIARY,
    NOT_CONFIRMER, NOT_ISSUING_BANK,
};
use crate::terms::{Bank, ConfirmationInstruction};

type Ledger<'a, 'b> = &'a mut Context<'b, TradeEvent>;

/// L6: the issuing bank amends, and is bound. UCP 600 art. 10(b).
pub(super) fn amend(context: Ledger<'_, '_>, id: &CreditId, items: Vec<AmendedItem>) -> Result<(), Error> {
    let credit = load(context, id)?;
    let judged = is_issuing_bank(&credit, context.author());
    context.judge(&NOT_ISSUING_BANK, judged)?;
    check_items(&items, context.findings())?;
    // The credit must be able to stand as it would be then.
    amended(credit.open_terms().clone(), &items)?.judge(context.findings())?;
    let increase = increase_of(&items, &credit)?;
    let (mut credit, id) = credit.amend()?;
    // An increase binds at once.
    grow(context, &mut credit, increase)?;
    let amendment = CreditAmendment {
        id: id.clone(),
        items,
        increase,
        state: CreditAmendmentState::Open,
        confirmation_extended: None,
        issued_at: context.now(),
    };
    context.emit(TradeEvent::AmendmentIssued { amendment: id.clone(), items: amendment.items.clone() });
    context.put(&id, &amendment);
    context.put(&credit.id.clone(), &credit);
    Ok(())
}

/// L8: the beneficiary, or the advising bank for it, answers. UCP 600 art. 10(c), 10(e).
pub(super) fn answer(context: Ledger<'_, '_>, id: &AmendmentId, accepted: &[u16]) -> Result<(), Error> {
    let mut credit = load(context, id.credit())?;
    credit.check_open()?;
    let judged = speaks_for_beneficiary(&credit, context.author());
    context.judge(&NOT_BENEFICIARY, judged)?;
    let now = context.now();
    let amendment = load_amendment(context, id)?.answer(accepted, now, context.findings())?;
    if let CreditAmendmentState::Rejected { in_part, .. } = amendment.state {
        shrink(context, &mut credit, amendment.increase)?;
        context.emit(TradeEvent::AmendmentRejected { amendment: id.clone(), in_part });
        context.put(id, &amendment);
    } else {
        credit = take_effect(context, credit, &amendment)?;
    }
    context.put(&credit.id.clone(), &credit);
    Ok(())
}

/// A presentation that complies with amendments is their acceptance. UCP 600 art. 10(c).
pub(super) fn accept_by_presentation(
    context: Ledger<'_, '_>,
    mut credit: LetterOfCredit,
    numbers: &[u32],
) -> Result<LetterOfCredit, Error> {
    for number in numbers {
        let unknown = |source| CREDIT_AMENDMENT_UNKNOWN.error().with("amendment", number).because(source);
        let id = AmendmentId::new(credit.id.clone(), *number).map_err(unknown)?;
        let now = context.now();
        let amendment = load_amendment(context, &id)?.accept_by_presentation(now, context.findings())?;
        credit = take_effect(context, credit, &amendment)?;
    }
    Ok(credit)
}

/// The terms become what an amendment makes of them.
fn take_effect(
    context: Ledger<'_, '_>,
    credit: LetterOfCredit,
    amendment: &CreditAmendment,
) -> Result<LetterOfCredit, Error> {
    let terms = amended(credit.open_terms().clone(), &amendment.items)?;
    terms.judge(context.findings())?;
    let calendar = context.calendar(&terms.expiry.calendar)?;
    let expiry = Deadline::after(terms.expiry.date, 0, &calendar)?;
    let extended = amendment.confirmation_extended == Some(true);
    post(context, &credit, position::lower)?;
    let credit = credit.amended(terms, expiry, amendment.increase, extended)?;
    post(context, &credit, position::raise)?;
    if let CreditAmendmentState::Effective { by_presentation, .. } = amendment.state {
        context.emit(TradeEvent::AmendmentEffective {
            amendment: amendment.id.clone(),
            by_presentation,
            ceiling: credit.ceiling,
            expiry: credit.expiry.clone(),
        });
    }
    context.put(&amendment.id, amendment);
    Ok(credit)
}

/// L5: the confirming bank adds its own undertaking. UCP 600 art. 8.
pub(super) fn confirm(context: Ledger<'_, '_>, id: &CreditId) -> Result<(), Error> {
    let credit = load(context, id)?;
    let author = context.author().clone();
    let judged = is_asked_to_confirm(&credit, &author);
    context.judge(&CONFIRMATION_NOT_ASKED, judged)?;
    let (undertaken, expiry) = (credit.undrawn()?, credit.open_terms().expiry.date);
    let confirmation = Confirmation { by: author.clone(), undertaken, expiry, at: context.now() };
    let credit = credit.confirm(confirmation, context.findings())?;
    post_confirmation(context, &credit, undertaken, position::raise)?;
    context.emit(TradeEvent::CreditConfirmed { credit: id.clone(), by: author, amount: undertaken });
    context.put(id, &credit);
    Ok(())
}

/// L7: the confirming bank extends its confirmation to an amendment, or does not. UCP 600 art. 10(b).
pub(super) fn extend_confirmation(
    context: Ledger<'_, '_>,
    id: &AmendmentId,
    extend: bool,
) -> Result<(), Error> {
    let credit = load(context, id.credit())?;
    let confirms = credit.confirmation.as_ref().is_some_and(|found| found.by == *context.author());
    let judged = NOT_CONFIRMER.unless(confirms, |refusal| refusal.with("party", context.author()));
    context.judge(&NOT_CONFIRMER, judged)?;
    let mut amendment = load_amendment(context, id)?;
    amendment.confirmation_extended = Some(extend);
    context.put(id, &amendment);
    context.emit(TradeEvent::ConfirmationExtended { amendment: id.clone(), extended: extend });
    Ok(())
}

/// L22: one of those without whom a credit is not cancelled consents; with the last it ends. UCP 600 art. 10(a).
pub(super) fn consent_to_cancellation(context: Ledger<'_, '_>, id: &CreditId) -> Result<(), Error> {
    let credit = load(context, id)?;
    let author = context.author().clone();
    let stands_for = consenting(&credit, &author);
    let judged = stands_for
        .ok_or_else(|| CANCELLATION_NOT_CONCERNED.error().with("credit", id).with("party", &author));
    let role = context.judge(&CANCELLATION_NOT_CONCERNED, judged)?;
    let (mut credit, cancelled) = credit.consent(role, context.now(), context.findings())?;
    context.emit(TradeEvent::CancellationConsented { credit: id.clone(), by: author });
    if cancelled {
        release(context, &mut credit)?;
        context.emit(TradeEvent::CreditCancelled { credit: id.clone() });
    }
    context.put(id, &credit);
    Ok(())
}

/// As what a party consents: the issuing bank, the confirming bank, or the beneficiary or the advising bank for it.
fn consenting(credit: &LetterOfCredit, author: &PartyId) -> Option<PartyId> {
    let confirms = credit.confirmation.as_ref().is_some_and(|found| found.by == *author);
    if author == credit.id.issuing_bank() || confirms {
        return Some(author.clone());
    }
    speaks_for_beneficiary(credit, author).ok().map(|()| credit.creditor().clone())
}

/// What the undertakings of a credit come to, as it is issued.
pub(super) fn undertake(context: Ledger<'_, '_>, credit: &LetterOfCredit) -> Result<(), Error> {
    post(context, credit, position::raise)
}

/// A drawing is decided: what was contingent of it is so no more.
pub(super) fn draw_down(
    context: Ledger<'_, '_>,
    credit: &mut LetterOfCredit,
    amount: Money,
) -> Result<(), Error> {
    shrink(context, credit, amount)?;
    let Some(confirmation) = &credit.confirmation else { return Ok(()) };
    let left = confirmation.undertaken.checked_sub(amount).ok().filter(|left| !left.is_negative());
    let drawn = if left.is_some() { amount } else { confirmation.undertaken };
    post_confirmation(context, credit, drawn, position::lower)?;
    if let Some(confirmation) = &mut credit.confirmation {
        confirmation.undertaken = left.unwrap_or_else(|| Money::zero(amount.currency()));
    }
    Ok(())
}

/// A credit is closed or cancelled: what was not drawn ends.
pub(super) fn release(context: Ledger<'_, '_>, credit: &mut LetterOfCredit) -> Result<(), Error> {
    let rest = credit.undertaken;
    shrink(context, credit, rest)?;
    let Some(Confirmation { undertaken, .. }) = credit.confirmation else { return Ok(()) };
    post_confirmation(context, credit, undertaken, position::lower)?;
    if let Some(confirmation) = &mut credit.confirmation {
        confirmation.undertaken = Money::zero(rest.currency());
    }
    Ok(())
}

/// The undertaking grows.
fn grow(context: Ledger<'_, '_>, credit: &mut LetterOfCredit, amount: Money) -> Result<(), Error> {
    post_undertaking(context, credit, amount, position::raise)?;
    credit.undertaken = credit.undertaken.checked_add(amount).map_err(|_| AMOUNT_OVERFLOW.error())?;
    Ok(())
}

/// The undertaking shrinks.
fn shrink(context: Ledger<'_, '_>, credit: &mut LetterOfCredit, amount: Money) -> Result<(), Error> {
    post_undertaking(context, credit, amount, position::lower)?;
    credit.undertaken = credit.undertaken.checked_sub(amount).map_err(|_| AMOUNT_OVERFLOW.error())?;
    Ok(())
}

type Post = fn(&mut Context<'_, TradeEvent>, &Posting<'_>) -> Result<(), Error>;

/// All that a credit is posted with.
fn post(context: Ledger<'_, '_>, credit: &LetterOfCredit, how: Post) -> Result<(), Error> {
    post_undertaking(context, credit, credit.undertaken, how)?;
    match &credit.confirmation {
        Some(confirmation) => post_confirmation(context, credit, confirmation.undertaken, how),
        None => Ok(()),
    }
}

/// The issuing bank's undertaking to the beneficiary, and the applicant's to reimburse it, where the applicant is a party.
fn post_undertaking(
    context: Ledger<'_, '_>,
    credit: &LetterOfCredit,
    amount: Money,
    how: Post,
) -> Result<(), Error> {
    if amount.is_zero() {
        return Ok(());
    }
    let terms = credit.open_terms();
    let (issuing, day) = (credit.id.issuing_bank(), Some(terms.expiry.date));
    let undertaking =
        Posting { debtor: issuing, creditor: credit.creditor(), nature: Nature::Contingent, amount, day };
    how(context, &undertaking)?;
    if let Some(applicant) = &terms.applicant.party {
        let reimbursement =
            Posting { debtor: applicant, creditor: issuing, nature: Nature::Reimbursement, amount, day };
        how(context, &reimbursement)?;
    }
    Ok(())
}

/// The confirming bank's undertaking to the beneficiary, and the issuing bank's to reimburse it.
fn post_confirmation(
    context: Ledger<'_, '_>,
    credit: &LetterOfCredit,
    amount: Money,
    how: Post,
) -> Result<(), Error> {
    let Some(Confirmation { by, expiry, .. }) = credit.confirmation.as_ref().filter(|_| !amount.is_zero())
    else {
        return Ok(());
    };
    let (issuing, day) = (credit.id.issuing_bank(), Some(*expiry));
    let undertaking =
        Posting { debtor: by, creditor: credit.creditor(), nature: Nature::Contingent, amount, day };
    how(context, &undertaking)?;
    let reimbursement = Posting { debtor: issuing, creditor: by, nature: Nature::Reimbursement, amount, day };
    how(context, &reimbursement)
}

fn load_amendment(context: Ledger<'_, '_>, id: &AmendmentId) -> Result<CreditAmendment, Error> {
    context.get::<CreditAmendment>(id)?.ok_or_else(|| CREDIT_AMENDMENT_UNKNOWN.error().with("amendment", id))
}

/// UCP 600 art. 10(b).
fn is_issuing_bank(credit: &LetterOfCredit, author: &PartyId) -> Result<(), Error> {
    let required = credit.id.issuing_bank();
    NOT_ISSUING_BANK
        .unless(author == required, |refusal| refusal.with("required", required).with("party", author))
}

/// UCP 600 art. 10(c), 10(d).
fn speaks_for_beneficiary(credit: &LetterOfCredit, author: &PartyId) -> Result<(), Error> {
    let terms = credit.open_terms();
    let speaks = terms.beneficiary.party.as_ref() == Some(author) || terms.advising_bank == *author;
    NOT_BENEFICIARY.unless(speaks, |refusal| refusal.with("credit", &credit.id).with("party", author))
}

/// UCP 600 art. 8(d): the bank that the credit asks, or lets, add its confirmation.
fn is_asked_to_confirm(credit: &LetterOfCredit, author: &PartyId) -> Result<(), Error> {
    let terms = credit.open_terms();
    let requested = match &terms.requested_confirmation_party {
        Some(Bank::Identified { party, .. }) => party,
        _ => &terms.advising_bank,
    };
    let asked = terms.confirmation != ConfirmationInstruction::Without && author == requested;
    CONFIRMATION_NOT_ASKED.unless(asked, |refusal| refusal.with("credit", &credit.id).with("party", author))
}
