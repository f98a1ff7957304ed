//! How claims come into being, and how they are paid.

use allonge_finance::{Calendar, Money, PartyId};
use allonge_ledger::{AccountId, Context, Error};

use super::{credit, supervision};
use crate::claim::{Claim, ClaimOrigin, ClaimState};
use crate::deadline::{Deadline, DueDate};
use crate::event::TradeEvent;
use crate::identifier::ClaimId;
use crate::letter_of_credit::LetterOfCredit;
use crate::presentation::{Presentation, PresentationState};
use crate::registry::{CLAIM_UNKNOWN, NOT_OBLIGOR};
use crate::supervision::FrozenSubject;

/// A complying presentation becomes a dated debt of the issuing bank to the presenter. UCP 600 art. 7(a).
pub(super) fn create(
    context: &mut Context<'_, TradeEvent>,
    credit: &LetterOfCredit,
    presentation: &Presentation,
    origin: ClaimOrigin,
    examination: &Calendar,
) -> Result<(), Error> {
    let claim = Claim {
        id: ClaimId::new(presentation.id.clone()),
        state: ClaimState::Outstanding,
        origin,
        obligor: credit.id.issuing_bank().clone(),
        holder_of_record: presentation.presenter.clone(),
        amount: presentation.amount,
        due: due_date(context, credit, presentation, examination)?,
        created_at: context.now(),
    };
    context.emit(TradeEvent::ClaimCreated {
        claim: claim.id.clone(),
        origin,
        obligor: claim.obligor.clone(),
        holder_of_record: claim.holder_of_record.clone(),
        amount: claim.amount,
        due: claim.due.clone(),
    });
    context.put(&claim.id, &claim);
    Ok(())
}

/// L20: the obligor pays the holder of record. UCP 600 art. 7(a).
pub(super) fn pay(
    context: &mut Context<'_, TradeEvent>,
    id: &ClaimId,
    from: AccountId,
    to: AccountId,
    amount: Money,
) -> Result<(), Error> {
    let mut claim = context.get::<Claim>(id)?.ok_or_else(|| CLAIM_UNKNOWN.error().with("claim", id))?;
    context.judge(&NOT_OBLIGOR, is_obligor(&claim, context.author()))?;
    let payment = context.calendar(claim.due.calendar())?;
    let due = claim.due.clone().settled(&payment)?;
    if due != claim.due {
        claim.due = due.clone();
        context.emit(TradeEvent::DueDateDecided { claim: id.clone(), due });
    }
    let now = context.now();
    let claim = claim.pay(from.clone(), to.clone(), amount, now, &payment, context.findings())?;
    let settled = FrozenSubject::Claim { claim: id.clone() };
    let under = FrozenSubject::LetterOfCredit { credit: id.presentation().credit().clone() };
    supervision::settles(context, &[settled, under], &[], &[&from, &to])?;
    context.transfer(&from, &to, amount, None, &id.to_string())?;
    context.emit(TradeEvent::ClaimPaid {
        claim: id.clone(),
        obligor: claim.obligor.clone(),
        holder_of_record: claim.holder_of_record.clone(),
        amount,
        from,
        to,
    });
    context.put(id, &claim);
    let credit = credit::load(context, id.presentation().credit())?.settle(amount)?;
    context.put(&credit.id, &credit);
    Ok(())
}

/// UCP 600 art. 7(a).
fn is_obligor(claim: &Claim, author: &PartyId) -> Result<(), Error> {
    NOT_OBLIGOR.unless(*author == claim.obligor, |refusal| {
        refusal.with("claim", &claim.id).with("required", &claim.obligor).with("party", author)
    })
}

fn due_date(
    context: &Context<'_, TradeEvent>,
    credit: &LetterOfCredit,
    presentation: &Presentation,
    examination: &Calendar,
) -> Result<DueDate, Error> {
    let terms = credit.open_terms();
    match (terms.availability.by.tenor(), &presentation.state) {
        (Some(tenor), _) => {
            let maturity = presentation.maturity(tenor, examination)?;
            Ok(DueDate::following(maturity, &context.calendar(&terms.payment_calendar)?)?)
        }
        // A sight credit was to be honoured by the end of examination, so the claim is due since then.
        (None, PresentationState::DeemedComplying { deadline, .. }) => Ok(due_since(deadline)),
        (None, _) => {
            let payment = context.calendar(&terms.payment_calendar)?;
            Ok(DueDate::following(payment.local_date(context.now())?, &payment)?)
        }
    }
}

fn due_since(deadline: &Deadline) -> DueDate {
    match deadline.clone() {
        Deadline::Fixed { at, date, calendar, calendar_version } => {
            DueDate::Fixed { date, from: at, calendar, calendar_version }
        }
        Deadline::Provisional { from, calendar, .. } => DueDate::Provisional { maturity: from, calendar },
    }
}
