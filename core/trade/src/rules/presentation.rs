//! Presenting documents, and what the issuing bank does with them.

use allonge_finance::{Calendar, PartyId};
use allonge_ledger::registry::{ACCOUNT_CURRENCY, ACCOUNT_NOT_YOURS};
use allonge_ledger::{AccountId, Context, Error};

use super::{amendment, claim, credit, supervision};
use crate::claim::ClaimOrigin;
use crate::event::TradeEvent;
use crate::identifier::{CreditId, PresentationId};
use crate::letter_of_credit::LetterOfCredit;
use crate::presentation::{Disposal, Lodgement, Presentation, PresentationState};
use crate::registry::{
    AVAILABILITY_MISMATCH, NOT_APPLICANT, NOT_ENTITLED_TO_PRESENT, NOT_EXAMINING_BANK, NOT_PRESENTER,
    PRESENTATION_UNKNOWN,
};
use crate::supervision::FrozenSubject;
use crate::terms::AvailableBy;

/// L11: documents are presented. UCP 600 art. 6, 14(c), 18(b), 29, 31.
pub(super) fn present(
    context: &mut Context<'_, TradeEvent>,
    id: &CreditId,
    lodgement: Lodgement,
    amendments: &[u32],
) -> Result<(), Error> {
    let credit = credit::load(context, id)?;
    context.judge(&NOT_ENTITLED_TO_PRESENT, is_entitled_to_present(&credit, &lodgement.presenter))?;
    let credit = amendment::accept_by_presentation(context, credit, amendments)?;
    let expiry = context.calendar(credit.expiry.calendar())?;
    credit.check_time(lodgement.shipment.as_ref(), context.now(), &expiry, context.findings())?;
    let shipment = lodgement.shipment.as_ref();
    let credit = credit.draw_instalment(shipment, lodgement.amount, context.findings())?;
    let (credit, presentation) = credit.draw(lodgement.amount, context.findings())?;
    check_account(context, &lodgement)?;

    let examination = context.calendar(&credit.open_terms().examination_calendar)?;
    let now = context.now();
    let presentation = Presentation::lodge(presentation, lodgement, now, &examination, context.findings())?;
    if let PresentationState::Examining { deadline } = &presentation.state {
        context.emit(TradeEvent::DocumentsPresented {
            presentation: presentation.id.clone(),
            presenter: presentation.presenter.clone(),
            amount: presentation.amount,
            documents: u16::try_from(presentation.documents.len()).unwrap_or(u16::MAX),
            presented_on: presentation.presented_on,
            deadline: deadline.clone(),
        });
    }
    context.put(&presentation.id, &presentation);
    context.put(id, &credit);
    Ok(())
}

/// L12 and L17: the issuing bank accepts, and a dated claim comes into being. UCP 600 art. 7(a), 14(b), 15(a).
pub(super) fn accept(context: &mut Context<'_, TradeEvent>, id: &PresentationId) -> Result<(), Error> {
    let Examination { mut credit, presentation, calendar } = load(context, id)?;
    check_examining_bank(context, id)?;
    let origin = context.judge(&AVAILABILITY_MISMATCH, is_honoured_at_maturity(&credit))?;
    let presentation = presentation.accept(context.now(), &calendar, context.findings())?;
    context.emit(TradeEvent::PresentationAccepted {
        presentation: id.clone(),
        issuing_bank: context.author().clone(),
        amount: presentation.amount,
    });
    context.put(id, &presentation);
    amendment::draw_down(context, &mut credit, presentation.amount)?;
    context.put(&credit.id.clone(), &credit);
    claim::create(context, &credit, &presentation, origin, &calendar)
}

/// L16: the issuing bank pays at sight. UCP 600 art. 15(a).
pub(super) fn honour(
    context: &mut Context<'_, TradeEvent>,
    id: &PresentationId,
    from: AccountId,
) -> Result<(), Error> {
    let Examination { mut credit, presentation, calendar } = load(context, id)?;
    check_examining_bank(context, id)?;
    context.judge(&AVAILABILITY_MISMATCH, is_honoured_at_sight(&credit))?;
    let presentation = presentation.honour(from.clone(), context.now(), &calendar, context.findings())?;
    let (to, amount) = (presentation.account.clone(), presentation.amount);
    let settled = FrozenSubject::Presentation { presentation: id.clone() };
    let under = FrozenSubject::LetterOfCredit { credit: id.credit().clone() };
    supervision::settles(context, &[settled, under], &[], &[&from, &to])?;
    context.transfer(&from, &to, amount, None, &id.to_string())?;
    context.emit(TradeEvent::PresentationHonoured {
        presentation: id.clone(),
        issuing_bank: context.author().clone(),
        amount,
        from,
        to,
    });
    context.put(id, &presentation);
    amendment::draw_down(context, &mut credit, amount)?;
    context.put(&credit.id.clone(), &credit.settle(amount, true)?);
    Ok(())
}

/// L14: the issuing bank refuses. UCP 600 art. 16(c), 16(d).
pub(super) fn refuse(
    context: &mut Context<'_, TradeEvent>,
    id: &PresentationId,
    discrepancies: Vec<String>,
    disposal: Disposal,
) -> Result<(), Error> {
    let Examination { credit, presentation, calendar } = load(context, id)?;
    check_examining_bank(context, id)?;
    let (stated, now) = (discrepancies.clone(), context.now());
    let presentation = presentation.refuse(stated, disposal, now, &calendar, context.findings())?;
    context.emit(TradeEvent::PresentationRefused {
        presentation: id.clone(),
        issuing_bank: context.author().clone(),
        amount: presentation.amount,
        discrepancies,
        disposal,
    });
    context.put(id, &presentation);
    context.put(&credit.id.clone(), &credit.release(presentation.amount)?);
    Ok(())
}

/// L13: the issuing bank asks the applicant to waive discrepancies. UCP 600 art. 16(b).
pub(super) fn seek_waiver(
    context: &mut Context<'_, TradeEvent>,
    id: &PresentationId,
    discrepancies: Vec<String>,
) -> Result<(), Error> {
    let Examination { presentation, calendar, .. } = load(context, id)?;
    check_examining_bank(context, id)?;
    let (stated, now) = (discrepancies.clone(), context.now());
    let presentation = presentation.seek_waiver(stated, now, &calendar, context.findings())?;
    context.emit(TradeEvent::WaiverSought { presentation: id.clone(), discrepancies });
    context.put(id, &presentation);
    Ok(())
}

/// L15: the applicant waives. UCP 600 art. 16(b).
pub(super) fn waive(context: &mut Context<'_, TradeEvent>, id: &PresentationId) -> Result<(), Error> {
    let Examination { credit, presentation, .. } = load(context, id)?;
    let applicant = credit.open_terms().applicant.party.as_ref() == Some(context.author());
    let judged = NOT_APPLICANT
        .unless(applicant, |refusal| refusal.with("credit", &credit.id).with("party", context.author()));
    context.judge(&NOT_APPLICANT, judged)?;
    let now = context.now();
    let presentation = presentation.waive(now, context.findings())?;
    context.emit(TradeEvent::DiscrepanciesWaived { presentation: id.clone() });
    context.put(id, &presentation);
    Ok(())
}

/// The presenter or the issuing bank states that no notice was given in time. UCP 600 art. 16(f).
pub(super) fn invoke_preclusion(
    context: &mut Context<'_, TradeEvent>,
    id: &PresentationId,
) -> Result<(), Error> {
    let Examination { mut credit, presentation, calendar } = load(context, id)?;
    let author = context.author().clone();
    context.judge(&NOT_PRESENTER, may_invoke_preclusion(&presentation, &author))?;
    let presentation = presentation.preclude(author.clone(), context.now(), &calendar, context.findings())?;
    if let PresentationState::DeemedComplying { deadline, .. } = &presentation.state {
        context.emit(TradeEvent::RefusalPrecluded {
            presentation: id.clone(),
            invoked_by: author,
            deadline: deadline.clone(),
        });
    }
    context.put(id, &presentation);
    amendment::draw_down(context, &mut credit, presentation.amount)?;
    context.put(&credit.id.clone(), &credit);
    claim::create(context, &credit, &presentation, ClaimOrigin::Preclusion, &calendar)
}

/// A presentation, its credit, and the calendar by which it is examined.
struct Examination {
    credit: LetterOfCredit,
    presentation: Presentation,
    calendar: Calendar,
}

/// Reads a presentation, and fixes its deadline when a calendar published since can.
fn load(context: &mut Context<'_, TradeEvent>, id: &PresentationId) -> Result<Examination, Error> {
    let mut presentation = context
        .get::<Presentation>(id)?
        .ok_or_else(|| PRESENTATION_UNKNOWN.error().with("presentation", id))?;
    let credit = credit::load(context, id.credit())?;
    let calendar = context.calendar(&credit.open_terms().examination_calendar)?;
    if let PresentationState::Examining { deadline } = &presentation.state {
        let settled = deadline.clone().settled(&calendar)?;
        if settled != *deadline {
            presentation.state = PresentationState::Examining { deadline: settled.clone() };
            context
                .emit(TradeEvent::ExaminationDeadlineDecided { presentation: id.clone(), deadline: settled });
        }
    }
    Ok(Examination { credit, presentation, calendar })
}

fn check_examining_bank(context: &mut Context<'_, TradeEvent>, id: &PresentationId) -> Result<(), Error> {
    context.judge(&NOT_EXAMINING_BANK, is_examining_bank(context.author(), id))
}

/// UCP 600 art. 14(a).
fn is_examining_bank(author: &PartyId, presentation: &PresentationId) -> Result<(), Error> {
    let examining = presentation.credit().issuing_bank();
    NOT_EXAMINING_BANK.unless(author == examining, |refusal| {
        refusal.with("required", examining).with("presentation", presentation).with("party", author)
    })
}

/// UCP 600 art. 6(a).
fn is_entitled_to_present(credit: &LetterOfCredit, presenter: &PartyId) -> Result<(), Error> {
    NOT_ENTITLED_TO_PRESENT.unless(credit.may_present(presenter), |refusal| {
        refusal.with("party", presenter).with("credit", &credit.id)
    })
}

/// UCP 600 art. 16(f).
fn may_invoke_preclusion(presentation: &Presentation, author: &PartyId) -> Result<(), Error> {
    let concerned = *author == presentation.presenter || author == presentation.id.credit().issuing_bank();
    NOT_PRESENTER
        .unless(concerned, |refusal| refusal.with("required", &presentation.presenter).with("party", author))
}

/// UCP 600 art. 2, 7(a): deferred payment and acceptance are undertakings now and payment at maturity.
fn is_honoured_at_maturity(credit: &LetterOfCredit) -> Result<ClaimOrigin, Error> {
    match &credit.open_terms().availability.by {
        AvailableBy::DeferredPayment { .. } => Ok(ClaimOrigin::DeferredPayment),
        AvailableBy::Acceptance { .. } => Ok(ClaimOrigin::Acceptance),
        AvailableBy::SightPayment => Err(mismatch(credit, "sight_payment")),
    }
}

/// UCP 600 art. 2, 7(a).
fn is_honoured_at_sight(credit: &LetterOfCredit) -> Result<(), Error> {
    match &credit.open_terms().availability.by {
        AvailableBy::SightPayment => Ok(()),
        AvailableBy::DeferredPayment { .. } => Err(mismatch(credit, "deferred_payment")),
        AvailableBy::Acceptance { .. } => Err(mismatch(credit, "acceptance")),
    }
}

fn check_account(context: &Context<'_, TradeEvent>, lodgement: &Lodgement) -> Result<(), Error> {
    let Lodgement { presenter, amount, account, .. } = lodgement;
    if account.owner() != presenter {
        return Err(ACCOUNT_NOT_YOURS.error().with("account", account).with("party", presenter));
    }
    if account.currency() != amount.currency() {
        return Err(ACCOUNT_CURRENCY.error().with("account", account).with("currency", amount.currency()));
    }
    context.account(account).map(|_| ())
}

fn mismatch(credit: &LetterOfCredit, availability: &str) -> Error {
    AVAILABILITY_MISMATCH.error().with("credit", &credit.id).with("availability", availability)
}
