//! Demanding under a guarantee, and what the guarantor does with a demand.

use allonge_finance::{Calendar, Date, PartyId};
use allonge_ledger::registry::AMOUNT_OVERFLOW;
use allonge_ledger::{AccountId, Context, Error};

use super::claim::check_account;
use super::guarantee::{self, Before, check_beneficiary, check_guarantor};
use super::supervision;
use crate::event::TradeEvent;
use crate::guarantee::{
    Demand, DemandLodgement, DemandState, DemandWithdrawal, ExtensionCause, Guarantee, GuaranteeRules,
    InstructedAct, ReductionReason, ReimbursementDue,
};
use crate::identifier::{DemandId, GuaranteeId, GuaranteeInstructionId};
use crate::registry::{DEMAND_ACCOUNT, DEMAND_LOCAL, DEMAND_NOT_PRESENTER, DEMAND_UNKNOWN};
use crate::supervision::FrozenSubject;

/// G6: the beneficiary demands. URDG 758 art. 14, 15, 17; ISP98 3, 4.
pub(super) fn present(
    context: &mut Context<'_, TradeEvent>,
    id: &GuaranteeId,
    lodgement: DemandLodgement,
) -> Result<(), Error> {
    let (before, calendar) = guarantee::load(context, id)?;
    check_beneficiary(context, &before)?;
    let now = context.now();
    let (after, demand) = before.clone().demand(lodgement.amount, now, &calendar, context.findings())?;
    match &before.proceeds {
        Some(account) => {
            let judged = DEMAND_ACCOUNT.unless(lodgement.account == *account, |refusal| {
                let refusal = refusal.with("guarantee", id).with("expected", account);
                refusal.with("given", &lodgement.account)
            });
            context.judge(&DEMAND_ACCOUNT, judged)?;
        }
        None => check_account(context, &lodgement.account, &lodgement.presented_by, lodgement.amount)?,
    }
    let local = match &lodgement.local_demand {
        Some(id) => context.get::<Demand>(id)?,
        None => None,
    };
    let judged = has_a_local_demand(&before, lodgement.local_demand.is_some(), local.as_ref());
    context.judge(&DEMAND_LOCAL, judged)?;
    let demand = Demand::lodge(demand, lodgement, &before, now, &calendar, context.findings())?;
    let was = Before { guarantee: Some(&before), demand: None };
    guarantee::write(context, was, &after, Some(&demand))?;
    if let DemandState::Examining { deadline, .. } = demand.state {
        context.emit(TradeEvent::DemandPresented {
            demand: demand.id,
            presented_by: demand.presented_by,
            amount: demand.amount,
            extend_to: demand.extend_to,
            presented_on: demand.presented_on,
            deadline,
        });
    }
    Ok(())
}

/// G7: the guarantor finds that a demand complies, and owes it. URDG 758 art. 20(b).
pub(super) fn accept(context: &mut Context<'_, TradeEvent>, id: &DemandId) -> Result<(), Error> {
    let Examination { guarantee, demand, calendar } = load_for_guarantor(context, id)?;
    let now = context.now();
    let accepted = demand.clone().accept(now, &calendar, context.findings())?;
    let honoured = guarantee.clone().honour(demand.amount)?;
    write(context, (&guarantee, &demand), (&honoured, &accepted))?;
    context.emit(TradeEvent::DemandAccepted { demand: id.clone(), amount: demand.amount });
    Ok(())
}

/// G8: the guarantor refuses. URDG 758 art. 24(d), 24(e).
pub(super) fn refuse(
    context: &mut Context<'_, TradeEvent>,
    id: &DemandId,
    discrepancies: Vec<String>,
) -> Result<(), Error> {
    let Examination { guarantee, demand, calendar } = load_for_guarantor(context, id)?;
    let now = context.now();
    let refused = demand.clone().refuse(discrepancies.clone(), now, &calendar, context.findings())?;
    let restored = guarantee.clone().restore(demand.amount)?;
    write(context, (&guarantee, &demand), (&restored, &refused))?;
    let (demand, amount) = (id.clone(), demand.amount);
    context.emit(TradeEvent::DemandRefused { demand, amount, discrepancies });
    caught_up(context, &guarantee, &restored)
}

/// Whoever demanded, or the guarantor, states that no notice was given in time. URDG 758 art. 24(f).
pub(super) fn invoke_preclusion(context: &mut Context<'_, TradeEvent>, id: &DemandId) -> Result<(), Error> {
    let Examination { guarantee, demand, calendar } = load(context, id)?;
    let (author, now) = (context.author().clone(), context.now());
    if author != *id.guarantee().guarantor() {
        check_presenter(context, &demand)?;
    }
    let deemed = demand.clone().preclude(author.clone(), now, &calendar, context.findings())?;
    let honoured = guarantee.clone().honour(demand.amount)?;
    write(context, (&guarantee, &demand), (&honoured, &deemed))?;
    if let DemandState::DeemedComplying { deadline, .. } = deemed.state {
        let demand = id.clone();
        context.emit(TradeEvent::DemandRefusalPrecluded { demand, invoked_by: author, deadline });
    }
    Ok(())
}

/// G10: the guarantor suspends payment. URDG 758 art. 23(a), 23(b).
pub(super) fn suspend(
    context: &mut Context<'_, TradeEvent>,
    id: &DemandId,
    until: Date,
) -> Result<(), Error> {
    let Examination { guarantee, demand, calendar } = load_for_guarantor(context, id)?;
    let local = match &demand.local_demand {
        Some(local) => context.get::<Demand>(local)?,
        None => None,
    };
    let now = context.now();
    let suspended =
        demand.clone().suspend(until, &guarantee, local.as_ref(), now, &calendar, context.findings())?;
    let honoured = match demand.is_complying() {
        true => guarantee.clone(),
        false => guarantee.clone().honour(demand.amount)?,
    };
    write(context, (&guarantee, &demand), (&honoured, &suspended))?;
    if let Some(extend_to) = suspended.extend_to {
        context.emit(TradeEvent::DemandSuspended { demand: id.clone(), until, extend_to });
    }
    Ok(())
}

/// G10: the guarantor grants the extension that a demand asks for. URDG 758 art. 23(d), ISP98 3.09.
pub(super) fn extend(
    context: &mut Context<'_, TradeEvent>,
    id: &DemandId,
    instruction: Option<&GuaranteeInstructionId>,
) -> Result<(), Error> {
    let Examination { guarantee, demand, calendar } = load_for_guarantor(context, id)?;
    if let Some(instruction) = instruction {
        guarantee::instructs_what_it_reimburses(context, id.guarantee(), instruction)?;
        guarantee::execute(context, instruction, &InstructedAct::Extend { demand: id.clone() })?;
    }
    let now = context.now();
    let (withdrawn, to) = demand.clone().extend(now, &calendar, context.findings())?;
    let extended = given_back(&guarantee, &demand)?;
    let extended = extended.extend(to, instruction.is_some(), &calendar, context.findings())?;
    write(context, (&guarantee, &demand), (&extended, &withdrawn))?;
    let reason = DemandWithdrawal::Extended { to };
    context.emit(TradeEvent::DemandWithdrawn { demand: id.clone(), reason });
    guarantee::moved(context, &extended, ExtensionCause::Demand { demand: id.clone() });
    caught_up(context, &guarantee, &extended)
}

/// G9: the guarantor pays. URDG 758 art. 20(b).
pub(super) fn pay(
    context: &mut Context<'_, TradeEvent>,
    id: &DemandId,
    from: AccountId,
) -> Result<(), Error> {
    let Examination { guarantee, demand, .. } = load_for_guarantor(context, id)?;
    let now = context.now();
    let mut paid = demand.clone().pay(from.clone(), now, context.findings())?;
    let honoured = match demand.is_complying() {
        true => guarantee.clone(),
        false => guarantee.clone().honour(demand.amount)?,
    };
    let (settled, owed) = honoured.pay(demand.amount, demand.presented_on)?;
    paid.reimbursement =
        owed.map(|owed| ReimbursementDue { by: owed.by, amount: owed.amount, paid_at: None });
    let (to, amount) = (demand.account.clone(), demand.amount);
    supervision::settles(context, &frozen_with(id), &[], &[&from, &to])?;
    context.transfer(&from, &to, amount, None, &id.to_string())?;
    write(context, (&guarantee, &demand), (&settled, &paid))?;
    context.emit(TradeEvent::DemandPaid {
        demand: id.clone(),
        amount,
        from,
        to,
        reimbursement: paid.reimbursement,
    });
    Ok(())
}

/// Whoever demanded withdraws. URDG 758 art. 18(a).
pub(super) fn withdraw(context: &mut Context<'_, TradeEvent>, id: &DemandId) -> Result<(), Error> {
    let Examination { guarantee, demand, .. } = load(context, id)?;
    check_presenter(context, &demand)?;
    let now = context.now();
    let withdrawn = demand.clone().withdraw(now, context.findings())?;
    let restored = given_back(&guarantee, &demand)?;
    write(context, (&guarantee, &demand), (&restored, &withdrawn))?;
    let reason = DemandWithdrawal::Beneficiary;
    context.emit(TradeEvent::DemandWithdrawn { demand: id.clone(), reason });
    caught_up(context, &guarantee, &restored)
}

/// The instructing party reimburses the guarantor.
pub(super) fn reimburse(
    context: &mut Context<'_, TradeEvent>,
    id: &DemandId,
    from: AccountId,
    to: AccountId,
) -> Result<(), Error> {
    let Examination { guarantee, demand, .. } = load(context, id)?;
    let (author, now) = (context.author().clone(), context.now());
    let (reimbursed, amount) = demand.clone().reimburse(&author, now, context.findings())?;
    check_account(context, &to, id.guarantee().guarantor(), amount)?;
    supervision::settles(context, &frozen_with(id), &[], &[&from, &to])?;
    context.transfer(&from, &to, amount, None, &id.to_string())?;
    write(context, (&guarantee, &demand), (&guarantee, &reimbursed))?;
    context.emit(TradeEvent::GuarantorReimbursed { demand: id.clone(), by: author, amount, from, to });
    Ok(())
}

/// A demand, its guarantee, and the calendar by which it is examined.
struct Examination {
    guarantee: Guarantee,
    demand: Demand,
    calendar: Calendar,
}

/// Reads a demand, and fixes its deadline as calendars that were published, and closures that were stated, have it.
fn load(context: &mut Context<'_, TradeEvent>, id: &DemandId) -> Result<Examination, Error> {
    let demand = context.get::<Demand>(id)?.ok_or_else(|| DEMAND_UNKNOWN.error().with("demand", id))?;
    let (guarantee, calendar) = guarantee::load(context, id.guarantee())?;
    let anew = demand.clone().examined_anew(&guarantee, &calendar)?;
    if anew != demand {
        context.put(id, &anew);
        if let DemandState::Examining { deadline, .. } = &anew.state {
            let (demand, deadline) = (id.clone(), deadline.clone());
            context.emit(TradeEvent::DemandDeadlineDecided { demand, deadline });
        }
    }
    Ok(Examination { guarantee, demand: anew, calendar })
}

fn load_for_guarantor(context: &mut Context<'_, TradeEvent>, id: &DemandId) -> Result<Examination, Error> {
    let examination = load(context, id)?;
    check_guarantor(context, id.guarantee().guarantor())?;
    Ok(examination)
}

fn write(
    context: &mut Context<'_, TradeEvent>,
    before: (&Guarantee, &Demand),
    after: (&Guarantee, &Demand),
) -> Result<(), Error> {
    let before = Before { guarantee: Some(before.0), demand: Some(before.1) };
    guarantee::write(context, before, after.0, Some(after.1))
}

/// A guarantee under which a demand counts as never made.
fn given_back(guarantee: &Guarantee, demand: &Demand) -> Result<Guarantee, Error> {
    let guarantee = guarantee.clone();
    let guarantee = if demand.is_complying() { guarantee.dishonour(demand.amount)? } else { guarantee };
    guarantee.restore(demand.amount)
}

/// Says by how much an amount reduced that a demand had kept from it. URDG 758 art. 13.
fn caught_up(
    context: &mut Context<'_, TradeEvent>,
    before: &Guarantee,
    after: &Guarantee,
) -> Result<(), Error> {
    let by =
        before.amount.checked_sub(after.amount).map_err(|source| AMOUNT_OVERFLOW.error().because(source))?;
    if by.is_positive() {
        let (guarantee, amount) = (after.id.clone(), after.amount);
        context.emit(TradeEvent::GuaranteeReduced { guarantee, by, amount, reason: ReductionReason::Caught });
    }
    Ok(())
}

/// What is frozen freezes the payment of a demand: itself, and its guarantee.
fn frozen_with(id: &DemandId) -> [FrozenSubject; 2] {
    let under = FrozenSubject::Guarantee { guarantee: id.guarantee().clone() };
    [FrozenSubject::Demand { demand: id.clone() }, under]
}

/// URDG 758 art. 15(b): under a counter-guarantee, whose beneficiary received a complying demand.
fn has_a_local_demand(guarantee: &Guarantee, named: bool, local: Option<&Demand>) -> Result<(), Error> {
    let needed = guarantee.open_terms().is_counter()
        && guarantee.local_guarantee.is_some()
        && guarantee.open_terms().rules == GuaranteeRules::Urdg758;
    let complies = local.is_some_and(|local| {
        local.is_complying() && Some(local.id.guarantee()) == guarantee.local_guarantee.as_ref()
    });
    DEMAND_LOCAL.unless(complies || !(needed || named), |refusal| refusal.with("guarantee", &guarantee.id))
}

/// URDG 758 art. 18(a), 24(f).
fn check_presenter(context: &mut Context<'_, TradeEvent>, demand: &Demand) -> Result<(), Error> {
    let author: &PartyId = context.author();
    let judged = DEMAND_NOT_PRESENTER.unless(*author == demand.presented_by, |refusal| {
        refusal.with("party", author).with("demand", &demand.id)
    });
    context.judge(&DEMAND_NOT_PRESENTER, judged)
}
