//! How claims come into being, are divided, pledged and assigned, and how they are paid.

use allonge_finance::{Calendar, Money, PartyId, Timestamp};
use allonge_ledger::registry::{ACCOUNT_CURRENCY, ACCOUNT_NOT_YOURS};
use allonge_ledger::{AccountId, Context, Error};

use super::position::{self, Posting};
use super::{credit, supervision};
use crate::claim::{Claim, ClaimOrigin, ClaimState, Debt, MAX_CLAIM_TEXT_LENGTH, MAX_DIVISION, MAX_PARTS};
use crate::deadline::{Deadline, DueDate};
use crate::event::TradeEvent;
use crate::identifier::ClaimId;
use crate::letter_of_credit::LetterOfCredit;
use crate::position::Nature;
use crate::presentation::{Presentation, PresentationState};
use crate::registry::{
    CLAIM_EXISTS, CLAIM_NOT_NEIGHBOURS, CLAIM_OFFER_EXPIRY, CLAIM_TO_ONESELF, CLAIM_TOO_MANY_PARTS,
    CLAIM_UNKNOWN, NOT_OBLIGOR,
};
use crate::rulebook::CLAIM_OFFER;
use crate::supervision::FrozenSubject;
use crate::terms::check_line;

/// A complying presentation becomes a dated debt of the issuing bank to the presenter. UCP 600 art. 7(a).
pub(super) fn create(
    context: &mut Context<'_, TradeEvent>,
    credit: &LetterOfCredit,
    presentation: &Presentation,
    origin: ClaimOrigin,
    examination: &Calendar,
) -> Result<(), Error> {
    let due = due_date(context, credit, presentation, examination)?;
    let claim = Claim {
        id: ClaimId::new(presentation.id.clone()),
        state: ClaimState::Outstanding,
        origin,
        obligor: credit.id.issuing_bank().clone(),
        holder_of_record: presentation.presenter.clone(),
        amount: presentation.amount,
        due,
        encumbrance: None,
        assignment: None,
        misdirected: 0,
        created_at: context.now(),
    };
    begin(context, &claim)
}

/// A debt comes into being.
pub(super) fn begin(context: &mut Context<'_, TradeEvent>, claim: &Claim) -> Result<(), Error> {
    let unused = context.get::<Claim>(&claim.id)?.is_none();
    CLAIM_EXISTS.unless(unused, |refusal| refusal.with("claim", &claim.id))?;
    position::raise(context, &owed(claim))?;
    context.emit(TradeEvent::ClaimCreated {
        claim: claim.id.clone(),
        origin: claim.origin,
        obligor: claim.obligor.clone(),
        holder_of_record: claim.holder_of_record.clone(),
        amount: claim.amount,
        due: claim.due.clone(),
    });
    context.put(&claim.id, claim);
    Ok(())
}

/// What the obligor of a claim is liable for to its holder.
fn owed(claim: &Claim) -> Posting<'_> {
    Posting {
        debtor: &claim.obligor,
        creditor: &claim.holder_of_record,
        nature: Nature::Definite,
        amount: claim.amount,
        day: Some(claim.due.date()),
    }
}

/// L20: the obligor pays the holder of record. UCP 600 art. 7(a).
pub(super) fn pay(
    context: &mut Context<'_, TradeEvent>,
    id: &ClaimId,
    from: AccountId,
    to: AccountId,
    amount: Money,
) -> Result<(), Error> {
    let claim = load(context, id)?;
    context.judge(&NOT_OBLIGOR, is_obligor(&claim, context.author()))?;
    let (claim, payment) = settled(context, claim)?;
    let now = context.now();
    let claim = claim.pay(from.clone(), to.clone(), amount, now, &payment, context.findings())?;
    supervision::settles(context, &frozen_with(id), &[], &[&from, &to])?;
    context.transfer(&from, &to, amount, None, &id.to_string())?;
    position::lower(context, &owed(&claim))?;
    context.emit(TradeEvent::ClaimPaid {
        claim: id.clone(),
        obligor: claim.obligor.clone(),
        holder_of_record: claim.holder_of_record.clone(),
        amount,
        from,
        to,
    });
    context.put(id, &claim);
    let all = match id.units() {
        None => true,
        Some(_) => {
            let debt = context.get::<Debt>(id.source())?.ok_or_else(|| unknown(id))?;
            let (debt, all) = debt.pay(amount)?;
            context.put(&debt.source, &debt);
            all
        }
    };
    if let Some(presentation) = id.presentation() {
        let credit = credit::load(context, presentation.credit())?.settle(amount, all)?;
        context.put(&credit.id, &credit);
    }
    Ok(())
}

/// The holder divides a claim into parts, each of which is a claim.
pub(super) fn divide(
    context: &mut Context<'_, TradeEvent>,
    id: &ClaimId,
    amounts: &[Money],
) -> Result<(), Error> {
    let claim = load(context, id)?;
    supervision::stays_as_it_is(context, id)?;
    let debt = match id.units() {
        None => Debt::whole(&claim),
        Some(_) => context.get::<Debt>(id.source())?.ok_or_else(|| unknown(id))?,
    };
    let (author, now) = (context.author().clone(), context.now());
    let (claim, parts) = claim.divide(&author, amounts, now, context.findings())?;
    let more = u32::try_from(parts.len()).unwrap_or(MAX_PARTS);
    let count = debt.parts.saturating_sub(1).saturating_add(more);
    CLAIM_TOO_MANY_PARTS
        .unless(count <= MAX_PARTS, |refusal| refusal.with("claim", id).with("limit", MAX_PARTS))?;
    context.put(&debt.source.clone(), &Debt { parts: count, ..debt });
    let into = parts.iter().map(|part| part.id.clone()).collect();
    parts.iter().for_each(|part| context.put(&part.id, part));
    context.emit(TradeEvent::ClaimDivided { claim: id.clone(), into });
    context.put(id, &claim);
    Ok(())
}

/// The holder joins parts that follow each other into one.
pub(super) fn merge(context: &mut Context<'_, TradeEvent>, ids: &[ClaimId]) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let Some((first, rest)) = ids.split_first().filter(|(_, rest)| (1..MAX_DIVISION).contains(&rest.len()))
    else {
        let text = |id: Option<&ClaimId>| id.map(ToString::to_string).unwrap_or_default();
        let refusal = CLAIM_NOT_NEIGHBOURS.error().with("claim", text(ids.first()));
        return Err(refusal.with("next", text(ids.get(1))));
    };
    let mut parts = Vec::with_capacity(ids.len());
    for id in ids {
        // Parts whose due date a calendar decided meanwhile are due on the same day again.
        let part = load(context, id)?;
        parts.push(settled(context, part)?.0);
    }
    ids.iter().try_for_each(|id| supervision::stays_as_it_is(context, id))?;
    let mut merged = parts.first().cloned().ok_or_else(|| unknown(first))?;
    for next in parts.iter().skip(1) {
        merged = merged.merge(next, &author, now, context.findings())?;
    }
    let debt = context.get::<Debt>(first.source())?.ok_or_else(|| unknown(first))?;
    if merged.amount == debt.amount {
        merged.id = merged.id.whole();
    }
    let fewer = u32::try_from(rest.len()).unwrap_or(u32::MAX);
    context.put(&debt.source.clone(), &Debt { parts: debt.parts.saturating_sub(fewer), ..debt });
    for part in parts {
        let part = part.merged_into(merged.id.clone(), now);
        context.put(&part.id.clone(), &part);
    }
    context.emit(TradeEvent::ClaimsMerged { claims: ids.to_vec(), into: merged.id.clone() });
    context.put(&merged.id.clone(), &merged);
    Ok(())
}

/// The holder pledges a claim.
pub(super) fn pledge(
    context: &mut Context<'_, TradeEvent>,
    id: &ClaimId,
    to: PartyId,
    secures: String,
) -> Result<(), Error> {
    check_line("secures", &secures, MAX_CLAIM_TEXT_LENGTH)?;
    let (author, now) = (context.author().clone(), context.now());
    let another = is_another(&author, &to);
    context.judge(&CLAIM_TO_ONESELF, another)?;
    context.party(&to)?;
    let claim = load(context, id)?.pledge(&author, to.clone(), secures, now, context.findings())?;
    context.emit(TradeEvent::ClaimPledged { claim: id.clone(), to });
    context.put(id, &claim);
    Ok(())
}

/// The pledgee releases a claim.
pub(super) fn release(context: &mut Context<'_, TradeEvent>, id: &ClaimId) -> Result<(), Error> {
    let author = context.author().clone();
    let claim = load(context, id)?.release(&author, context.findings())?;
    context.emit(TradeEvent::PledgeReleased { claim: id.clone(), by: author });
    context.put(id, &claim);
    Ok(())
}

/// The holder offers a claim to another party, for nothing that the ledger sees.
pub(super) fn offer(
    context: &mut Context<'_, TradeEvent>,
    id: &ClaimId,
    to: PartyId,
    expires_at: Timestamp,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let another = is_another(&author, &to);
    context.judge(&CLAIM_TO_ONESELF, another)?;
    context.party(&to)?;
    context.judge(&CLAIM_OFFER_EXPIRY, stands_for_a_while(expires_at, now))?;
    let claim = load(context, id)?.offer(&author, to.clone(), expires_at, now, context.findings())?;
    context.emit(TradeEvent::ClaimOffered { claim: id.clone(), to, expires_at });
    context.put(id, &claim);
    Ok(())
}

/// The holder takes an offer back.
pub(super) fn withdraw(context: &mut Context<'_, TradeEvent>, id: &ClaimId) -> Result<(), Error> {
    let author = context.author().clone();
    let claim = load(context, id)?.withdraw(&author, context.findings())?;
    context.emit(TradeEvent::ClaimOfferWithdrawn { claim: id.clone() });
    context.put(id, &claim);
    Ok(())
}

/// The party to whom a claim is offered accepts it.
pub(super) fn accept(context: &mut Context<'_, TradeEvent>, id: &ClaimId) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let before = load(context, id)?;
    let after = before.clone().accept(&author, now, context.findings())?;
    pass(context, &before, &after, position::raise)
}

/// A claim passes from one holder to another. Whoever agreed to take it before is bound by no limit any more, and posts it with
/// [`position::reshape`].
pub(super) fn pass(
    context: &mut Context<'_, TradeEvent>,
    before: &Claim,
    after: &Claim,
    post: fn(&mut Context<'_, TradeEvent>, &Posting<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let parties = [&before.holder_of_record, &after.holder_of_record];
    supervision::settles(context, &frozen_with(&after.id), &parties, &[])?;
    position::lower(context, &owed(before))?;
    post(context, &owed(after))?;
    context.emit(TradeEvent::ClaimAssigned {
        claim: after.id.clone(),
        from: before.holder_of_record.clone(),
        to: after.holder_of_record.clone(),
    });
    context.put(&after.id, after);
    Ok(())
}

/// F7: the holder gives notice of an assignment to the obligor.
pub(super) fn notify(
    context: &mut Context<'_, TradeEvent>,
    id: &ClaimId,
    account: AccountId,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let claim = load(context, id)?;
    check_account(context, &account, &author, claim.amount)?;
    let claim = claim.notify(&author, account.clone(), now, context.findings())?;
    context.emit(TradeEvent::AssignmentNotified {
        claim: id.clone(),
        obligor: claim.obligor.clone(),
        account,
    });
    context.put(id, &claim);
    Ok(())
}

/// F8: the obligor acknowledges an assignment.
pub(super) fn acknowledge(
    context: &mut Context<'_, TradeEvent>,
    id: &ClaimId,
    account: &AccountId,
) -> Result<(), Error> {
    let claim = load(context, id)?;
    context.judge(&NOT_OBLIGOR, is_obligor(&claim, context.author()))?;
    let now = context.now();
    let claim = claim.acknowledge(account, now, context.findings())?;
    context.emit(TradeEvent::AssignmentAcknowledged {
        claim: id.clone(),
        holder_of_record: claim.holder_of_record.clone(),
        account: account.clone(),
    });
    context.put(id, &claim);
    Ok(())
}

/// The obligor says that it paid somebody else, outside the ledger; the claim stays open.
pub(super) fn misdirect(
    context: &mut Context<'_, TradeEvent>,
    id: &ClaimId,
    paid_to: PartyId,
    reference: String,
) -> Result<(), Error> {
    check_line("reference", &reference, MAX_CLAIM_TEXT_LENGTH)?;
    let claim = load(context, id)?;
    context.judge(&NOT_OBLIGOR, is_obligor(&claim, context.author()))?;
    let claim = claim.misdirect(&paid_to, context.findings())?;
    context.emit(TradeEvent::PaymentMisdirected { claim: id.clone(), paid_to, reference });
    context.put(id, &claim);
    Ok(())
}

/// F13: the holder states that a claim was not paid when it was due.
pub(super) fn declare_unpaid(context: &mut Context<'_, TradeEvent>, id: &ClaimId) -> Result<(), Error> {
    let claim = load(context, id)?;
    let (claim, payment) = settled(context, claim)?;
    let (author, now) = (context.author().clone(), context.now());
    let claim = claim.declare_unpaid(&author, now, &payment, context.findings())?;
    context.emit(TradeEvent::ClaimUnpaid { claim: id.clone(), obligor: claim.obligor.clone() });
    context.put(id, &claim);
    Ok(())
}

/// Whether money may move for a claim from one account to another.
pub(super) fn check_settles(
    context: &mut Context<'_, TradeEvent>,
    id: &ClaimId,
    from: &AccountId,
    to: &AccountId,
) -> Result<(), Error> {
    supervision::settles(context, &frozen_with(id), &[], &[from, to])
}

/// What is frozen freezes a claim: itself, the whole of its debt, and the presentation and credit that it came of.
fn frozen_with(id: &ClaimId) -> Vec<FrozenSubject> {
    let mut subjects = vec![FrozenSubject::Claim { claim: id.clone() }];
    if id.units().is_some() {
        subjects.push(FrozenSubject::Claim { claim: id.whole() });
    }
    if let Some(presentation) = id.presentation() {
        subjects.push(FrozenSubject::Presentation { presentation: presentation.clone() });
        subjects.push(FrozenSubject::LetterOfCredit { credit: presentation.credit().clone() });
    }
    subjects
}

/// A claim that is on the ledger.
pub(super) fn load(context: &Context<'_, TradeEvent>, id: &ClaimId) -> Result<Claim, Error> {
    context.get::<Claim>(id)?.ok_or_else(|| unknown(id))
}

/// A claim whose due date is fixed where a calendar published since can, and that calendar.
pub(super) fn settled(
    context: &mut Context<'_, TradeEvent>,
    mut claim: Claim,
) -> Result<(Claim, Calendar), Error> {
    let payment = context.calendar(claim.due.calendar())?;
    let due = claim.due.clone().settled(&payment)?;
    if due != claim.due {
        position::lower(context, &owed(&claim))?;
        claim.due = due.clone();
        position::raise(context, &owed(&claim))?;
        context.emit(TradeEvent::DueDateDecided { claim: claim.id.clone(), due });
        context.put(&claim.id, &claim);
    }
    Ok((claim, payment))
}

/// An account of a party in the currency of an amount, which is open.
pub(super) fn check_account(
    context: &Context<'_, TradeEvent>,
    account: &AccountId,
    owner: &PartyId,
    amount: Money,
) -> Result<(), Error> {
    ACCOUNT_NOT_YOURS
        .unless(account.owner() == owner, |refusal| refusal.with("account", account).with("party", owner))?;
    ACCOUNT_CURRENCY.unless(account.currency() == amount.currency(), |refusal| {
        refusal.with("account", account).with("currency", amount.currency())
    })?;
    context.account(account).map(|_| ())
}

fn unknown(id: &ClaimId) -> Error {
    CLAIM_UNKNOWN.error().with("claim", id)
}

/// UCP 600 art. 7(a).
fn is_obligor(claim: &Claim, author: &PartyId) -> Result<(), Error> {
    NOT_OBLIGOR.unless(*author == claim.obligor, |refusal| {
        refusal.with("claim", &claim.id).with("required", &claim.obligor).with("party", author)
    })
}

fn is_another(author: &PartyId, to: &PartyId) -> Result<(), Error> {
    CLAIM_TO_ONESELF.unless(author != to, |refusal| refusal.with("party", author))
}

/// An offer binds the claim, so it ends.
fn stands_for_a_while(expires_at: Timestamp, now: Timestamp) -> Result<(), Error> {
    CLAIM_OFFER_EXPIRY.unless(CLAIM_OFFER.reaches(now, expires_at), |refusal| {
        refusal.with("expires_at", expires_at).with("limit", CLAIM_OFFER.days)
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
