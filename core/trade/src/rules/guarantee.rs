//! Instructing, issuing, amending and ending guarantees, counter-guarantees and standbys.

use allonge_finance::{Calendar, Date, Money, PartyId, Timestamp};
use allonge_ledger::{Context, Error};

use super::claim::check_account;
use super::position::{self, Posting};
use crate::event::TradeEvent;
use crate::guarantee::{
    AmendmentState, Closure, Demand, Development, ExtensionCause, Guarantee, GuaranteeAmendment,
    GuaranteeAnswer, GuaranteeChanges, GuaranteeInstruction, GuaranteeState, GuaranteeTerms, InstructedAct,
    InstructionState, Issue, ReduceBy, ReductionReason, RightsRequest,
};
use crate::identifier::{
    GuaranteeAmendmentId, GuaranteeId, GuaranteeInstructionId, MAX_REGISTER_NUMBER_LENGTH,
};
use crate::letter_of_credit::Authenticity;
use crate::position::Nature;
use crate::presentation::{Document, are_documents};
use crate::registry::{
    AMENDMENT_UNKNOWN, COUNTER_GUARANTEE_INVALID, DOCUMENTS_INVALID, GUARANTEE_EXISTS,
    GUARANTEE_NUMBER_INVALID, GUARANTEE_TERMS_INVALID, GUARANTEE_UNKNOWN, INSTRUCTION_EXISTS,
    INSTRUCTION_NOT_REIMBURSING, INSTRUCTION_UNKNOWN, NOT_GUARANTEE_ADVISER, NOT_GUARANTEE_BENEFICIARY,
    NOT_GUARANTOR, REQUEST_EXPIRY,
};
use crate::rulebook::GUARANTEE_REQUEST;
use crate::terms::Terms;

/// G1: an applicant or a counter-guarantor instructs a guarantor. URDG 758 art. 8(a).
pub(super) fn instruct(
    context: &mut Context<'_, TradeEvent>,
    number: String,
    guarantor: PartyId,
    act: InstructedAct,
    expires_at: Timestamp,
) -> Result<(), Error> {
    context.party(&guarantor)?;
    let judged = GUARANTEE_TERMS_INVALID.unless(guarantor != *context.author(), |refusal| {
        refusal.with("reason", "the guarantor would reimburse itself")
    });
    context.judge(&GUARANTEE_TERMS_INVALID, judged)?;
    let id = GuaranteeInstructionId::new(context.author().clone(), number.clone())
        .map_err(|source| invalid_number(&number).because(source))?;
    let unused = context.get::<GuaranteeInstruction>(&id)?.is_none();
    let judged = INSTRUCTION_EXISTS.unless(unused, |refusal| refusal.with("instruction", &id));
    context.judge(&INSTRUCTION_EXISTS, judged)?;
    check_expiry(context, expires_at)?;
    match &act {
        InstructedAct::Issue { terms } => terms.judge(context.findings())?,
        InstructedAct::Amend { guarantee, .. } => instructs_what_it_reimburses(context, guarantee, &id)?,
        InstructedAct::Extend { demand } => instructs_what_it_reimburses(context, demand.guarantee(), &id)?,
    }
    let instruction = GuaranteeInstruction {
        id,
        state: InstructionState::Standing,
        guarantor: guarantor.clone(),
        act: Terms::Open { content: act },
        expires_at,
        given_at: context.now(),
    };
    let id = instruction.id.clone();
    context.put(&id, &instruction);
    context.emit(TradeEvent::GuaranteeInstructed { instruction: id, guarantor, expires_at });
    Ok(())
}

/// The instructing party takes an instruction back.
pub(super) fn withdraw_instruction(
    context: &mut Context<'_, TradeEvent>,
    id: &GuaranteeInstructionId,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let instruction = load_instruction(context, id)?.withdraw(&author, now, context.findings())?;
    context.put(id, &instruction);
    context.emit(TradeEvent::GuaranteeInstructionWithdrawn { instruction: id.clone() });
    Ok(())
}

/// G2: the guarantor issues. URDG 758 art. 4(b), 5; ISP98 1.06.
pub(super) fn issue(
    context: &mut Context<'_, TradeEvent>,
    number: String,
    terms: GuaranteeTerms,
    instruction: Option<GuaranteeInstructionId>,
    counter_guarantee: Option<GuaranteeId>,
) -> Result<(), Error> {
    check_guarantor(context, &terms.guarantor)?;
    let id = GuaranteeId::new(terms.guarantor.clone(), number.clone())
        .map_err(|source| invalid_number(&number).because(source))?;
    let unused = context.get::<Guarantee>(&id)?.is_none();
    let judged = GUARANTEE_EXISTS.unless(unused, |refusal| refusal.with("guarantee", &id));
    context.judge(&GUARANTEE_EXISTS, judged)?;
    terms.judge(context.findings())?;
    let named =
        [terms.beneficiary.party.as_ref(), terms.advising_party.as_ref(), terms.applicant.party.as_ref()];
    named.into_iter().flatten().try_for_each(|party| context.party(party).map(|_| ()))?;
    if let Some(instruction) = &instruction {
        execute(context, instruction, &InstructedAct::Issue { terms: Box::new(terms.clone()) })?;
    }
    let counter = counter_guarantee.as_ref().map(|id| load(context, id)).transpose()?;
    if let Some((counter, calendar)) = &counter {
        let judged = stands_behind(counter, instruction.as_ref(), context.author(), context.now(), calendar);
        context.judge(&COUNTER_GUARANTEE_INVALID, judged)?;
    }

    let reimbursed_by = match counter {
        Some(_) => None, // It demands under the counter-guarantee.
        None => instruction.map(|instruction| instruction.instructing_party().clone()),
    };
    let beneficiary = terms.beneficiary_party().cloned().unwrap_or_else(|| terms.guarantor.clone());
    let calendar = context.calendar(&terms.calendar)?;
    let issue = Issue { id: id.clone(), beneficiary, terms, counter_guarantee, reimbursed_by };
    let now = context.now();
    let guarantee = Guarantee::issue(issue, now, &calendar, context.findings())?;
    write(context, Before::default(), &guarantee, None)?;
    context.emit(TradeEvent::GuaranteeIssued {
        guarantee: id.clone(),
        beneficiary: guarantee.beneficiary.clone(),
        amount: guarantee.amount,
        expiry: guarantee.expiry.clone(),
        counter_guarantee: guarantee.counter_guarantee.clone(),
    });
    if let Some((before, _)) = counter {
        let after = Guarantee { local_guarantee: Some(id), ..before.clone() };
        write(context, Before::of(&before), &after, None)?;
        load(context, &after.id)?; // It ends when the new one has.
    }
    Ok(())
}

/// G3: the advising party advises. URDG 758 art. 10.
pub(super) fn advise(
    context: &mut Context<'_, TradeEvent>,
    id: &GuaranteeId,
    authenticity: Authenticity,
) -> Result<(), Error> {
    let (before, _) = load(context, id)?;
    let advises = before.open_terms().advising_party.as_ref() == Some(context.author());
    let judged = NOT_GUARANTEE_ADVISER
        .unless(advises, |refusal| refusal.with("guarantee", id).with("party", context.author()));
    context.judge(&NOT_GUARANTEE_ADVISER, judged)?;
    let now = context.now();
    let after = before.clone().advise(authenticity, now, context.findings())?;
    write(context, Before::of(&before), &after, None)?;
    let advising_party = context.author().clone();
    context.emit(TradeEvent::GuaranteeAdvised { guarantee: id.clone(), advising_party, authenticity });
    Ok(())
}

/// G4: the guarantor issues an amendment. URDG 758 art. 11(a), 11(b); ISP98 2.06.
pub(super) fn amend(
    context: &mut Context<'_, TradeEvent>,
    id: &GuaranteeId,
    changes: GuaranteeChanges,
    instruction: Option<GuaranteeInstructionId>,
) -> Result<(), Error> {
    let (before, calendar) = load(context, id)?;
    check_guarantor(context, id.guarantor())?;
    if let Some(instruction) = &instruction {
        instructs_what_it_reimburses(context, id, instruction)?;
        let act = InstructedAct::Amend { guarantee: id.clone(), changes: Box::new(changes.clone()) };
        execute(context, instruction, &act)?;
    }
    let (instructed, now) = (instruction.is_some(), context.now());
    let (after, amendment) =
        before.clone().amend(&changes, instructed, now, &calendar, context.findings())?;
    write(context, Before::of(&before), &after, None)?;
    let amendment = GuaranteeAmendment {
        id: amendment,
        state: AmendmentState::Issued,
        beneficiary: after.beneficiary.clone(),
        changes,
        instruction,
        issued_at: now,
    };
    context.put(&amendment.id, &amendment);
    context.emit(TradeEvent::GuaranteeAmendmentIssued {
        amendment: amendment.id,
        beneficiary: amendment.beneficiary,
        changes: Box::new(amendment.changes),
    });
    Ok(())
}

/// G4: the beneficiary answers an amendment. URDG 758 art. 11(c), 11(e).
pub(super) fn answer(
    context: &mut Context<'_, TradeEvent>,
    id: &GuaranteeAmendmentId,
    answer: &GuaranteeAnswer,
) -> Result<(), Error> {
    let amendment = context.get::<GuaranteeAmendment>(id)?;
    let amendment = amendment.ok_or_else(|| AMENDMENT_UNKNOWN.error().with("amendment", id))?;
    let (before, calendar) = load(context, id.guarantee())?;
    check_beneficiary(context, &before)?;
    let now = context.now();
    let amendment = amendment.answer(answer, now, context.findings())?;
    context.put(id, &amendment);
    let after = match amendment.state {
        AmendmentState::Accepted { .. } => {
            before.clone().accept_amendment(&amendment, now, &calendar, context.findings())?
        }
        _ => before.clone().reject_amendment(&amendment, context.findings())?,
    };
    write(context, Before::of(&before), &after, None)?;
    context.emit(match amendment.state {
        AmendmentState::Rejected { partly_accepted, .. } => {
            TradeEvent::GuaranteeAmendmentRejected { amendment: id.clone(), partly_accepted }
        }
        _ => TradeEvent::GuaranteeAmendmentAccepted {
            amendment: id.clone(),
            amount: after.amount,
            expiry: after.expiry,
        },
    });
    Ok(())
}

/// G5: the beneficiary asks for a transfer, or for an assignment of the proceeds. URDG 758 art. 33.
pub(super) fn request(
    context: &mut Context<'_, TradeEvent>,
    id: &GuaranteeId,
    request: RightsRequest,
    expires_at: Timestamp,
) -> Result<(), Error> {
    let (before, _) = load(context, id)?;
    check_beneficiary(context, &before)?;
    check_expiry(context, expires_at)?;
    match &request {
        RightsRequest::Transfer { to, .. } => {
            context.party(to)?;
            let another = to != id.guarantor() && *to != before.beneficiary;
            let judged = GUARANTEE_TERMS_INVALID.unless(another, |refusal| {
                refusal.with("reason", "it is transferred to neither its guarantor nor its beneficiary")
            });
            context.judge(&GUARANTEE_TERMS_INVALID, judged)?;
        }
        RightsRequest::Proceeds { account } => {
            let another = account.owner() != id.guarantor();
            let judged = GUARANTEE_TERMS_INVALID
                .unless(another, |refusal| refusal.with("reason", "the guarantor would owe itself"));
            context.judge(&GUARANTEE_TERMS_INVALID, judged)?;
            check_account(context, account, account.owner(), before.amount)?;
        }
    }
    let after = before.clone().ask(request.clone(), expires_at, context.findings())?;
    write(context, Before::of(&before), &after, None)?;
    context.emit(TradeEvent::GuaranteeTransferRequested { guarantee: id.clone(), request, expires_at });
    Ok(())
}

/// G5: the guarantor consents. URDG 758 art. 33(b), 33(g).
pub(super) fn consent(
    context: &mut Context<'_, TradeEvent>,
    id: &GuaranteeId,
    request: &RightsRequest,
) -> Result<(), Error> {
    let (before, _) = load(context, id)?;
    check_guarantor(context, id.guarantor())?;
    let now = context.now();
    let after = before.clone().consent(request, now, context.findings())?;
    write(context, Before::of(&before), &after, None)?;
    context.emit(match request.clone() {
        RightsRequest::Transfer { to, .. } => {
            TradeEvent::GuaranteeTransferred { guarantee: id.clone(), from: before.beneficiary, to }
        }
        RightsRequest::Proceeds { account } => {
            TradeEvent::ProceedsAssigned { guarantee: id.clone(), account }
        }
    });
    Ok(())
}

/// G11: the guarantor gives notice that it extends no more.
pub(super) fn give_non_extension_notice(
    context: &mut Context<'_, TradeEvent>,
    id: &GuaranteeId,
) -> Result<(), Error> {
    let (before, calendar) = load(context, id)?;
    check_guarantor(context, id.guarantor())?;
    let now = context.now();
    let after = before.clone().give_non_extension_notice(now, &calendar, context.findings())?;
    write(context, Before::of(&before), &after, None)?;
    if let Some(expiry) = &after.expiry {
        context.emit(TradeEvent::NonExtensionNoticed { guarantee: id.clone(), expires: expiry.last.date() });
    }
    Ok(())
}

/// G11, G12: anybody has written what time alone brought about.
pub(super) fn update(context: &mut Context<'_, TradeEvent>, id: &GuaranteeId) -> Result<(), Error> {
    load(context, id).map(|_| ())
}

/// G12: the amount reduces. URDG 758 art. 13, 25(b).
pub(super) fn reduce(
    context: &mut Context<'_, TradeEvent>,
    id: &GuaranteeId,
    reduction: ReduceBy,
) -> Result<(), Error> {
    let (before, _) = load(context, id)?;
    let (after, by, reason) = match reduction {
        ReduceBy::Document { reduction, document } => {
            check_guarantor(context, id.guarantor())?;
            check_document(context, &document)?;
            let (after, by) =
                before.clone().reduce_for_document(reduction, &document.title, context.findings())?;
            (after, by, ReductionReason::Terms { reduction })
        }
        ReduceBy::Beneficiary { amount } => {
            check_beneficiary(context, &before)?;
            let after = before.clone().give_up(amount, context.findings())?;
            (after, amount, ReductionReason::Beneficiary)
        }
    };
    write(context, Before::of(&before), &after, None)?;
    context.emit(TradeEvent::GuaranteeReduced { guarantee: id.clone(), by, amount: after.amount, reason });
    Ok(())
}

/// G13: the beneficiary releases the guarantor. URDG 758 art. 25(b)(iii), ISP98 7.01.
pub(super) fn release(context: &mut Context<'_, TradeEvent>, id: &GuaranteeId) -> Result<(), Error> {
    let (before, _) = load(context, id)?;
    check_beneficiary(context, &before)?;
    let now = context.now();
    let after = before.clone().release(now, context.findings())?;
    ended(context, &before, &after)
}

/// G14: the guarantor was presented the document that shows the event of expiry. URDG 758 art. 2.
pub(super) fn state_expiry_event(
    context: &mut Context<'_, TradeEvent>,
    id: &GuaranteeId,
    document: Document,
) -> Result<(), Error> {
    let (before, calendar) = load(context, id)?;
    check_guarantor(context, id.guarantor())?;
    check_document(context, &document)?;
    let now = context.now();
    let after = before.clone().meet_event(now, &calendar, context.findings())?;
    write(context, Before::of(&before), &after, None)?;
    context.emit(TradeEvent::ExpiryEventStated { guarantee: id.clone(), document });
    moved(context, &after, ExtensionCause::Event);
    Ok(())
}

/// G15: the guarantor states that its place was closed. URDG 758 art. 26, ISP98 3.14.
pub(super) fn state_closure(
    context: &mut Context<'_, TradeEvent>,
    id: &GuaranteeId,
    from: Date,
    until: Date,
    ground: String,
) -> Result<(), Error> {
    let (before, calendar) = load(context, id)?;
    check_guarantor(context, id.guarantor())?;
    let closure = Closure { from, until, ground, stated_at: context.now() };
    let (after, extends) = before.clone().close_place(closure.clone(), &calendar, context.findings())?;
    write(context, Before::of(&before), &after, None)?;
    context.emit(TradeEvent::ClosureStated { guarantee: id.clone(), closure: closure.clone() });
    if extends {
        moved(context, &after, ExtensionCause::Closure);
    }
    if let Some(counter) = &after.counter_guarantee {
        let (before, calendar) = load(context, counter)?;
        if let Some(after) = before.clone().follow_closure(&closure, &calendar)? {
            write(context, Before::of(&before), &after, None)?;
            moved(context, &after, ExtensionCause::Closure);
        }
    }
    Ok(())
}

/// G14: the guarantor closes. URDG 758 art. 25(b)(i), 25(b)(ii).
pub(super) fn close(context: &mut Context<'_, TradeEvent>, id: &GuaranteeId) -> Result<(), Error> {
    let (before, calendar) = load(context, id)?;
    check_guarantor(context, id.guarantor())?;
    let now = context.now();
    let (after, _) = before.clone().close(now, &calendar, context.findings())?;
    ended(context, &before, &after)
}

fn ended(context: &mut Context<'_, TradeEvent>, before: &Guarantee, after: &Guarantee) -> Result<(), Error> {
    write(context, Before::of(before), after, None)?;
    if let GuaranteeState::Closed { reason, .. } = after.state {
        context.emit(TradeEvent::GuaranteeClosed {
            guarantee: after.id.clone(),
            reason,
            paid: after.paid,
            unused: before.contingent()?,
        });
    }
    Ok(())
}

pub(super) fn moved(context: &mut Context<'_, TradeEvent>, after: &Guarantee, cause: ExtensionCause) {
    let (guarantee, expiry) = (after.id.clone(), after.expiry.clone());
    context.emit(TradeEvent::GuaranteeExpiryMoved { guarantee, expiry, cause });
}

/// Reads a guarantee, and writes what time alone brought about since it was written. With its calendar.
pub(super) fn load(
    context: &mut Context<'_, TradeEvent>,
    id: &GuaranteeId,
) -> Result<(Guarantee, Calendar), Error> {
    let before = context.get::<Guarantee>(id)?;
    let before = before.ok_or_else(|| GUARANTEE_UNKNOWN.error().with("guarantee", id))?;
    let calendar = context.calendar(&before.open_terms().calendar)?;
    let now = context.now();
    let (mut after, developments) = before.clone().brought_up_to(now, &calendar)?;
    for development in developments {
        context.emit(match development {
            Development::Decided(expiry) => {
                TradeEvent::GuaranteeExpiryDecided { guarantee: id.clone(), expiry }
            }
            Development::Reduced(by, amount, reduction) => TradeEvent::GuaranteeReduced {
                guarantee: id.clone(),
                by,
                amount,
                reason: ReductionReason::Terms { reduction },
            },
            Development::Extended(expiry) => TradeEvent::GuaranteeExpiryMoved {
                guarantee: id.clone(),
                expiry: Some(expiry),
                cause: ExtensionCause::Automatic,
            },
        });
    }
    let local = match &after.local_guarantee {
        Some(local) => context.get::<Guarantee>(local)?,
        None => None,
    };
    if let Some(local) = local {
        let of_local = context.calendar(&local.open_terms().calendar)?;
        let (local, _) = local.brought_up_to(now, &of_local)?;
        if let Some(followed) = after.clone().follow_local(&local, &calendar)? {
            after = followed;
            moved(context, &after, ExtensionCause::LocalGuarantee);
        }
    }
    if after != before {
        write(context, Before::of(&before), &after, None)?;
    }
    Ok((after, calendar))
}

/// What was there before a step.
#[derive(Clone, Copy, Default)]
pub(super) struct Before<'a> {
    pub guarantee: Option<&'a Guarantee>,
    pub demand: Option<&'a Demand>,
}

impl<'a> Before<'a> {
    fn of(guarantee: &'a Guarantee) -> Self {
        Before { guarantee: Some(guarantee), demand: None }
    }
}

/// Writes a guarantee, and a demand under it, and posts what both are liable for instead of what they were.
pub(super) fn write(
    context: &mut Context<'_, TradeEvent>,
    before: Before<'_>,
    guarantee: &Guarantee,
    demand: Option<&Demand>,
) -> Result<(), Error> {
    let mut gone = liabilities(before.guarantee, before.demand)?;
    let mut made = liabilities(Some(guarantee), demand)?;
    let same: Vec<_> = gone.iter().filter(|one| made.contains(one)).cloned().collect();
    gone.retain(|one| !same.contains(one));
    made.retain(|one| !same.contains(one));
    let gone: Vec<_> = gone.iter().map(Liability::posting).collect();
    let made: Vec<_> = made.iter().map(Liability::posting).collect();
    position::replace(context, &gone, &made)?;
    context.put(&guarantee.id, guarantee);
    if let Some(demand) = demand {
        context.put(&demand.id, demand);
    }
    Ok(())
}

/// One liability of somebody to somebody.
#[derive(Clone, PartialEq, Eq)]
struct Liability {
    debtor: PartyId,
    creditor: PartyId,
    nature: Nature,
    amount: Money,
    day: Option<Date>,
}

impl Liability {
    fn posting(&self) -> Posting<'_> {
        let Liability { debtor, creditor, nature, amount, day } = self;
        Posting { debtor, creditor, nature: *nature, amount: *amount, day: *day }
    }
}

/// What a guarantee and a demand under it come to: the guarantor is contingently liable for what is not demanded with
/// success, and owes what is; the instructing party would reimburse what is left, and owes what was paid.
fn liabilities(guarantee: Option<&Guarantee>, demand: Option<&Demand>) -> Result<Vec<Liability>, Error> {
    let mut all = Vec::new();
    if let Some(guarantee) = guarantee {
        let guarantor = guarantee.id.guarantor();
        all.push(Liability {
            debtor: guarantor.clone(),
            creditor: guarantee.beneficiary.clone(),
            nature: Nature::Contingent,
            amount: guarantee.contingent()?,
            day: guarantee.expiry.as_ref().map(|expiry| expiry.date),
        });
        if let Some(reimbursement) = guarantee.reimbursable() {
            all.push(Liability {
                debtor: reimbursement.by.clone(),
                creditor: guarantor.clone(),
                nature: Nature::Reimbursement,
                amount: reimbursement.amount,
                day: reimbursement.until,
            });
        }
    }
    if let Some(demand) = demand {
        let (guarantor, day) = (demand.id.guarantee().guarantor(), Some(demand.presented_on));
        if demand.is_owed() {
            all.push(Liability {
                debtor: guarantor.clone(),
                creditor: demand.account.owner().clone(),
                nature: Nature::Definite,
                amount: demand.amount,
                day,
            });
        }
        if let Some(due) = demand.reimbursement_owed() {
            all.push(Liability {
                debtor: due.by.clone(),
                creditor: guarantor.clone(),
                nature: Nature::Definite,
                amount: due.amount,
                day,
            });
        }
    }
    all.retain(|one| !one.amount.is_zero());
    Ok(all)
}

/// The guarantor acts on an instruction, which is used up.
pub(super) fn execute(
    context: &mut Context<'_, TradeEvent>,
    id: &GuaranteeInstructionId,
    act: &InstructedAct,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let instruction = load_instruction(context, id)?.execute(&author, act, now, context.findings())?;
    context.put(id, &instruction);
    Ok(())
}

fn load_instruction(
    context: &Context<'_, TradeEvent>,
    id: &GuaranteeInstructionId,
) -> Result<GuaranteeInstruction, Error> {
    let instruction = context.get::<GuaranteeInstruction>(id)?;
    instruction.ok_or_else(|| INSTRUCTION_UNKNOWN.error().with("instruction", id))
}

/// Whoever reimburses the guarantor instructs what changes its undertaking: itself, or as the counter-guarantor.
pub(super) fn instructs_what_it_reimburses(
    context: &mut Context<'_, TradeEvent>,
    id: &GuaranteeId,
    instruction: &GuaranteeInstructionId,
) -> Result<(), Error> {
    let guarantee = context.get::<Guarantee>(id)?;
    let guarantee = guarantee.ok_or_else(|| GUARANTEE_UNKNOWN.error().with("guarantee", id))?;
    let reimburses = match (&guarantee.reimbursement, &guarantee.counter_guarantee) {
        (Some(reimbursement), _) => Some(&reimbursement.by),
        (None, Some(counter)) => Some(counter.guarantor()),
        (None, None) => None,
    };
    let party = instruction.instructing_party();
    let judged = INSTRUCTION_NOT_REIMBURSING
        .unless(reimburses == Some(party), |refusal| refusal.with("party", party).with("guarantee", id));
    context.judge(&INSTRUCTION_NOT_REIMBURSING, judged)
}

/// URDG 758 art. 2: whoever issues a guarantee is the beneficiary of the counter-guarantee behind it.
fn stands_behind(
    counter: &Guarantee,
    instruction: Option<&GuaranteeInstructionId>,
    author: &PartyId,
    now: Timestamp,
    calendar: &Calendar,
) -> Result<(), Error> {
    let refuse = |reason: &str| {
        let refusal = COUNTER_GUARANTEE_INVALID.error().with("counter_guarantee", &counter.id);
        Err(refusal.with("reason", reason))
    };
    let over = match &counter.expiry {
        Some(expiry) => expiry.last.has_passed(now, calendar)?,
        None => false,
    };
    if !counter.open_terms().is_counter() {
        refuse("it is no counter-guarantee")
    } else if counter.beneficiary != *author {
        refuse("the guarantor is not its beneficiary")
    } else if counter.local_guarantee.is_some() {
        refuse("it supports another guarantee")
    } else if over || matches!(counter.state, GuaranteeState::Closed { .. }) {
        refuse("it has ended")
    } else if instruction.is_some_and(|given| given.instructing_party() != counter.id.guarantor()) {
        refuse("its guarantor did not give the instruction")
    } else {
        Ok(())
    }
}

pub(super) fn check_guarantor(
    context: &mut Context<'_, TradeEvent>,
    guarantor: &PartyId,
) -> Result<(), Error> {
    let judged = NOT_GUARANTOR.unless(context.author() == guarantor, |refusal| {
        refusal.with("required", guarantor).with("party", context.author())
    });
    context.judge(&NOT_GUARANTOR, judged)
}

pub(super) fn check_beneficiary(
    context: &mut Context<'_, TradeEvent>,
    guarantee: &Guarantee,
) -> Result<(), Error> {
    let judged = NOT_GUARANTEE_BENEFICIARY.unless(*context.author() == guarantee.beneficiary, |refusal| {
        refusal.with("required", &guarantee.beneficiary).with("party", context.author())
    });
    context.judge(&NOT_GUARANTEE_BENEFICIARY, judged)
}

fn check_document(context: &mut Context<'_, TradeEvent>, document: &Document) -> Result<(), Error> {
    context.judge(&DOCUMENTS_INVALID, are_documents(std::slice::from_ref(document)))
}

/// What is asked or instructed ends, and not too late.
fn check_expiry(context: &mut Context<'_, TradeEvent>, expires_at: Timestamp) -> Result<(), Error> {
    let stands = GUARANTEE_REQUEST.reaches(context.now(), expires_at);
    let judged = REQUEST_EXPIRY.unless(stands, |refusal| {
        refusal.with("expires_at", expires_at).with("limit", GUARANTEE_REQUEST.days)
    });
    context.judge(&REQUEST_EXPIRY, judged)
}

fn invalid_number(number: &str) -> Error {
    // A refusal stands in a block, and whoever wrote the number may have written much.
    let number = number.chars().take(MAX_REGISTER_NUMBER_LENGTH).collect::<String>();
    GUARANTEE_NUMBER_INVALID.error().with("number", number)
}
