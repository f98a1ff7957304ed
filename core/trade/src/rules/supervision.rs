//! The supervisor's orders over the ledger, and what every settlement asks of them.

use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::{AccountId, Authorities, Context, Error};

use super::{credit, participation};
use crate::bill::{Bill, BillPart};
use crate::claim::Claim;
use crate::event::TradeEvent;
use crate::factoring::Receivable;
use crate::guarantee::{Demand, Guarantee};
use crate::identifier::ClaimId;
use crate::presentation::Presentation;
use crate::registry::{
    ALREADY_FROZEN, BILL_PART_UNKNOWN, BILL_UNKNOWN, CLAIM_UNKNOWN, DEMAND_UNKNOWN, GUARANTEE_UNKNOWN,
    NOT_FROZEN, NOT_SUPERVISOR, PRESENTATION_UNKNOWN, RECEIVABLE_UNKNOWN,
};
use crate::supervision::{FreezeCount, FreezeOrder, FreezeState, FrozenSubject, check_settlement};

/// What an order says.
pub(super) struct Order {
    pub order: String,
    pub legal_basis: String,
    pub until: Option<Timestamp>,
    pub disclosed: bool,
}

/// The supervisor freezes a party, an account or an instrument. Supervision art. 1, 2.
pub(super) fn freeze(
    context: &mut Context<'_, TradeEvent>,
    subject: FrozenSubject,
    order: Order,
) -> Result<(), Error> {
    check_supervisor(context)?;
    let now = context.now();
    let before = context.get::<FreezeOrder>(&subject)?;
    if let Some(before) = &before {
        context.judge(&ALREADY_FROZEN, before.can_be_followed(now))?;
    }
    // One that ended by itself is counted already.
    if subject.holds_transfers() && before.is_none_or(|before| before.state != FreezeState::Standing) {
        let FreezeCount { orders } = context.get::<FreezeCount>(&())?.unwrap_or_default();
        context.put(&(), &FreezeCount { orders: orders.saturating_add(1) });
    }
    let Order { order, legal_basis, until, disclosed } = order;
    let order = FreezeOrder {
        affected: affected(context, &subject)?,
        subject,
        state: FreezeState::Standing,
        order,
        legal_basis,
        until,
        disclosed,
        ordered_by: context.author().clone(),
        ordered_at: now,
    };
    order.check(context.findings())?;
    context.emit(TradeEvent::Frozen {
        subject: order.subject.clone(),
        order: order.order.clone(),
        until,
        notified: order.notified(),
    });
    context.put(&order.subject, &order);
    Ok(())
}

/// The supervisor releases what it froze. Supervision art. 1, 5.
pub(super) fn release(
    context: &mut Context<'_, TradeEvent>,
    subject: &FrozenSubject,
    order: String,
    legal_basis: String,
) -> Result<(), Error> {
    check_supervisor(context)?;
    let before = context.get::<FreezeOrder>(subject)?;
    let before = before.ok_or_else(|| NOT_FROZEN.error().with("subject", subject));
    let before = context.judge(&NOT_FROZEN, before)?;
    let now = context.now();
    let released = before.release(order.clone(), legal_basis, now, context.findings())?;
    context.put(subject, &released);
    if subject.holds_transfers() {
        let FreezeCount { orders } = context.get::<FreezeCount>(&())?.unwrap_or_default();
        context.put(&(), &FreezeCount { orders: orders.saturating_sub(1) });
    }
    context.emit(TradeEvent::FreezeReleased {
        subject: subject.clone(),
        order,
        notified: released.notified(),
    });
    Ok(())
}

/// Whether money may move for these instruments, between these parties, out of and into these accounts: every operation
/// that settles asks it, before it moves any. The owners of the accounts need not be named again. Supervision art. 3, 4.
pub(super) fn settles(
    context: &mut Context<'_, TradeEvent>,
    instruments: &[FrozenSubject],
    parties: &[&PartyId],
    accounts: &[&AccountId],
) -> Result<(), Error> {
    let now = context.now();
    let owners = accounts.iter().map(|account| account.owner());
    let parties = parties.iter().copied().chain(owners);
    let subjects = instruments.iter().cloned();
    let subjects = subjects.chain(parties.map(|party| FrozenSubject::Party { party: party.clone() }));
    let accounts = accounts.iter().map(|account| FrozenSubject::Account { account: (*account).clone() });
    let mut standing = Vec::new();
    for subject in subjects.chain(accounts) {
        standing.extend(context.get::<FreezeOrder>(&subject)?.filter(|order| order.stands(now)));
    }
    check_settlement(&standing, context.findings())
}

/// Whether a part of a debt may be divided or merged: what takes its place would not be frozen as it is. Supervision art. 3.
pub(super) fn stays_as_it_is(context: &mut Context<'_, TradeEvent>, id: &ClaimId) -> Result<(), Error> {
    match id.units() {
        Some(_) => settles(context, &[FrozenSubject::Claim { claim: id.clone() }], &[], &[]),
        None => Ok(()),
    }
}

/// Whether a plain transfer may take place: it asks as every settlement does, where any party or account is frozen at all.
pub(super) fn may_move(
    context: &mut Context<'_, TradeEvent>,
    from: &AccountId,
    to: &AccountId,
) -> Result<(), Error> {
    match context.get::<FreezeCount>(&())? {
        Some(FreezeCount { orders: 1.. }) => settles(context, &[], &[], &[from, to]),
        _ => Ok(()),
    }
}

/// Supervision art. 1.
fn check_supervisor(context: &mut Context<'_, TradeEvent>) -> Result<(), Error> {
    let supervisor = context.get::<Authorities>(&())?.map(|authorities| authorities.supervisor);
    let judged = NOT_SUPERVISOR.unless(supervisor.as_ref() == Some(context.author()), |refusal| {
        refusal.with("party", context.author())
    });
    context.judge(&NOT_SUPERVISOR, judged)
}

/// Whom an order on this subject affects. The subject must be there.
fn affected(context: &mut Context<'_, TradeEvent>, subject: &FrozenSubject) -> Result<Vec<PartyId>, Error> {
    let mut affected = match subject {
        FrozenSubject::Party { party } => vec![context.party(party)?.id],
        FrozenSubject::Account { account } => vec![context.account(account)?.id.owner().clone()],
        FrozenSubject::LetterOfCredit { credit } => {
            let credit = credit::load(context, credit)?;
            let terms = credit.open_terms();
            let named = [terms.beneficiary.party.clone(), terms.applicant.party.clone()];
            let banks = [terms.issuing_bank.clone(), terms.advising_bank.clone()];
            banks.into_iter().chain(named.into_iter().flatten()).collect()
        }
        FrozenSubject::Presentation { presentation: id } => {
            let presentation = context.get::<Presentation>(id)?;
            let unknown = || PRESENTATION_UNKNOWN.error().with("presentation", id);
            vec![presentation.ok_or_else(unknown)?.presenter, id.credit().issuing_bank().clone()]
        }
        FrozenSubject::Claim { claim: id } => {
            let claim = context.get::<Claim>(id)?.ok_or_else(|| CLAIM_UNKNOWN.error().with("claim", id))?;
            vec![claim.obligor, claim.holder_of_record]
        } // Demand guarantees and standbys.
        FrozenSubject::Guarantee { guarantee: id } => {
            let guarantee = context.get::<Guarantee>(id)?;
            let guarantee = guarantee.ok_or_else(|| GUARANTEE_UNKNOWN.error().with("guarantee", id))?;
            let instructing = guarantee.reimbursement.map(|reimbursement| reimbursement.by);
            let parties = [id.guarantor().clone(), guarantee.beneficiary];
            parties.into_iter().chain(instructing).collect()
        }
        FrozenSubject::Demand { demand: id } => {
            let demand = context.get::<Demand>(id)?;
            let unknown = || DEMAND_UNKNOWN.error().with("demand", id);
            vec![demand.ok_or_else(unknown)?.presented_by, id.guarantee().guarantor().clone()]
        }

        // Bills of exchange.
        FrozenSubject::Bill { bill: id } => {
            let bill = context.get::<Bill>(id)?.ok_or_else(|| BILL_UNKNOWN.error().with("bill", id))?;
            let terms = bill.open_terms();
            vec![id.drawer().clone(), terms.drawee.clone(), terms.payee.clone()]
        }
        FrozenSubject::BillPart { part: id } => {
            let part = context.get::<BillPart>(id)?;
            let part = part.ok_or_else(|| BILL_PART_UNKNOWN.error().with("part", id))?;
            vec![part.collector().clone(), part.holder, part.acceptor]
        }

        // Factoring and payables.
        FrozenSubject::Receivable { receivable: id } => {
            let receivable = context.get::<Receivable>(id)?;
            let unknown = || RECEIVABLE_UNKNOWN.error().with("receivable", id);
            let Receivable { import_factor, seller, debtor, owner, .. } = receivable.ok_or_else(unknown)?;
            vec![import_factor, seller, debtor, owner]
        }

        // Risk participation.
        FrozenSubject::Participation { participation: id } => {
            let participation = participation::load(context, id)?;
            vec![id.seller().clone(), participation.participant]
        }
    };
    affected.sort();
    affected.dedup();
    Ok(affected)
}
