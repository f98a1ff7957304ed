//! Risk participation over the ledger: master agreements, the transactions whose risk is shared, and the participations.

mod agreement;
mod change;
mod liability;

use allonge_finance::{Calendar, Date, Money, PartyId, Timestamp};
use allonge_ledger::{AccountId, Context, Error};

pub(super) use agreement::{accept_agreement, end_agreement, offer_agreement};
pub(super) use change::{answer, ask, change_underlying};
use liability::{liabilities, repost};

use super::supervision;
use crate::deadline::Deadline;
use crate::event::TradeEvent;
use crate::identifier::{ParticipationAgreementId, ParticipationId, UnderlyingId};
use crate::participation::{
    ParticipatedShare, Participation, ParticipationAgreement, ParticipationFee, ParticipationState,
    ParticipationTerms, RiskType, Underlying, UnderlyingState, check_offer_expiry,
};
use crate::registry::{
    AGREEMENT_NOT_IN_FORCE, AGREEMENT_NOT_PARTY, AGREEMENT_UNKNOWN, PARTICIPATION_EXISTS,
    PARTICIPATION_EXPIRED, PARTICIPATION_NOT_PARTICIPANT, PARTICIPATION_NOT_PARTY, PARTICIPATION_NOT_SELLER,
    PARTICIPATION_NOTHING_AT_RISK, PARTICIPATION_OFFER_EXPIRY, PARTICIPATION_UNKNOWN,
    REGISTER_NUMBER_INVALID, UNDERLYING_EXISTS, UNDERLYING_REPAID, UNDERLYING_UNKNOWN,
};
use crate::supervision::FrozenSubject;
use crate::terms::{NamedParty, Terms};

/// What a seller says of a transaction.
pub(super) struct Registration {
    pub obligor: NamedParty,
    pub risk: RiskType,
    pub exposure: Money,
    pub maturity: Date,
}

/// A seller registers a transaction whose risk it would share.
pub(super) fn register(
    context: &mut Context<'_, TradeEvent>,
    reference: String,
    registration: Registration,
) -> Result<(), Error> {
    let id = UnderlyingId::new(context.author().clone(), reference)
        .map_err(|source| REGISTER_NUMBER_INVALID.error().because(source))?;
    let unused = context.get::<Underlying>(&id)?.is_none();
    context.judge(&UNDERLYING_EXISTS, UNDERLYING_EXISTS.unless(unused, |r| r.with("underlying", &id)))?;
    let Registration { obligor, risk, exposure, maturity } = registration;
    if let Some(party) = &obligor.party {
        context.party(party)?;
    }
    let underlying = Underlying {
        id,
        state: UnderlyingState::Performing,
        obligor,
        risk,
        exposure,
        recovered: Money::zero(exposure.currency()),
        maturity,
        shares: Vec::new(),
        changes: 0,
        registered_at: context.now(),
    };
    underlying.check(context.findings())?;
    context.emit(TradeEvent::UnderlyingRegistered { underlying: underlying.id.clone(), risk, exposure });
    context.put(&underlying.id, &underlying);
    Ok(())
}

/// The seller offers a share, which is kept for the participant until it accepts or the offer expires. Participation art. 2.
pub(super) fn offer(
    context: &mut Context<'_, TradeEvent>,
    number: String,
    agreement_id: ParticipationAgreementId,
    underlying_id: UnderlyingId,
    terms: ParticipationTerms,
    expires_at: Timestamp,
) -> Result<(), Error> {
    let seller = context.author().clone();
    let id = ParticipationId::new(seller.clone(), number)
        .map_err(|source| REGISTER_NUMBER_INVALID.error().because(source))?;
    check_unused(context, &id)?;
    let agreement = agreement(context, &agreement_id)?;
    context.judge(&AGREEMENT_NOT_PARTY, agreement.is_between(&seller))?;
    context.judge(&AGREEMENT_NOT_IN_FORCE, agreement.is_in_force())?;
    let underlying = own_underlying(context, &underlying_id)?;
    context.judge(&UNDERLYING_REPAID, underlying.is_unpaid())?;
    let now = context.now();
    context.judge(&PARTICIPATION_OFFER_EXPIRY, check_offer_expiry(expires_at, now))?;
    terms.check(&seller, underlying.exposure, context.findings())?;
    context.account(&terms.account)?;
    let calendar = context.calendar(&agreement.terms.calendar)?;

    let zero = Money::zero(underlying.exposure.currency());
    let participation = Participation {
        id: id.clone(),
        state: ParticipationState::Offered { expires_at },
        agreement: agreement_id,
        underlying: underlying_id,
        participant: agreement.other(&seller).clone(),
        share: terms.share,
        cap: terms.cap,
        amount: zero,
        expiry: Deadline::after(terms.expiry, 0, &calendar)?,
        account: None,
        fee: ParticipationFee { until: None, accrued: zero },
        request: None,
        consent: None,
        terms: Terms::Open { content: terms },
    };
    let participation = participation.priced(underlying.outstanding()?)?;
    context.judge(&PARTICIPATION_NOTHING_AT_RISK, participation.is_at_risk())?;
    let passed = participation.expiry.has_passed(now, &calendar)?;
    context.judge(&PARTICIPATION_EXPIRED, participation.has_not_expired(passed))?;
    let share = ParticipatedShare {
        participation: id.clone(),
        share: participation.share,
        disclosed: participation.is_disclosed(),
        offered_until: Some(expires_at),
    };
    let underlying = underlying.give(share, now, context.findings())?;
    context.emit(TradeEvent::ParticipationOffered {
        participation: id.clone(),
        underlying: underlying.id.clone(),
        participant: participation.participant.clone(),
        share: participation.share,
        amount: participation.amount,
        expires_at,
    });
    context.put(&underlying.id, &underlying);
    context.put(&id, &participation);
    Ok(())
}

/// The seller takes its offer back.
pub(super) fn withdraw(context: &mut Context<'_, TradeEvent>, id: &ParticipationId) -> Result<(), Error> {
    let before = sold(context, id)?;
    let now = context.now();
    let after = before.clone().withdraw(now, context.findings())?;
    let underlying = underlying(context, &after.underlying)?;
    store(context, underlying, &before, &after)
}

/// The participant accepts the offer as it stands. Participation art. 2.
pub(super) fn accept(
    context: &mut Context<'_, TradeEvent>,
    id: &ParticipationId,
    account: AccountId,
) -> Result<(), Error> {
    let before = taken(context, id)?;
    let agreement = agreement(context, &before.agreement)?;
    context.judge(&AGREEMENT_NOT_IN_FORCE, agreement.is_in_force())?;
    context.account(&account)?;
    let underlying = underlying(context, &before.underlying)?;
    context.judge(&UNDERLYING_REPAID, underlying.is_unpaid())?;
    let calendar = context.calendar(&agreement.terms.calendar)?;
    let (outstanding, now) = (underlying.outstanding()?, context.now());
    let after = before.clone().accept(account, outstanding, now, &calendar, context.findings())?;
    context.emit(TradeEvent::ParticipationAccepted {
        participation: id.clone(),
        underlying: underlying.id.clone(),
        participant: after.participant.clone(),
        amount: after.amount,
    });
    let underlying = underlying.with_share(id, |share| share.offered_until = None);
    store(context, underlying, &before, &after)
}

/// A funded participant pays its share on the settlement date. Participation art. 4.
pub(super) fn fund(
    context: &mut Context<'_, TradeEvent>,
    id: &ParticipationId,
    from: &AccountId,
) -> Result<(), Error> {
    let before = taken(context, id)?;
    let underlying = underlying(context, &before.underlying)?;
    let (_, calendar) = terms(context, &before)?;
    let now = context.now();
    let after = before.clone().fund(&underlying, now, &calendar, context.findings())?;
    let amount = after.amount;
    settle(context, &after, from, &after.open_terms().account.clone(), amount)?;
    context.emit(TradeEvent::ParticipationFunded { participation: id.clone(), amount });
    store(context, underlying, &before, &after)
}

/// The seller pays the fee that has accrued. Participation art. 6.
pub(super) fn pay_fee(
    context: &mut Context<'_, TradeEvent>,
    id: &ParticipationId,
    from: &AccountId,
) -> Result<(), Error> {
    let before = sold(context, id)?;
    let (_, calendar) = terms(context, &before)?;
    let today = calendar.local_date(context.now())?;
    let (after, fee) = before.clone().pay_fee(today, context.findings())?;
    let to = paid_into(&after)?;
    settle(context, &after, from, &to, fee)?;
    context.emit(TradeEvent::ParticipationFeePaid { participation: id.clone(), fee, until: today });
    context.put(id, &after);
    Ok(())
}

/// The seller states that the obligor failed to pay. Participation art. 5.
pub(super) fn declare_default(
    context: &mut Context<'_, TradeEvent>,
    id: &UnderlyingId,
    statement: String,
) -> Result<(), Error> {
    let now = context.now();
    let underlying = own_underlying(context, id)?.default(statement, now, context.findings())?;
    context.emit(TradeEvent::ObligorDefaulted {
        underlying: id.clone(),
        outstanding: underlying.outstanding()?,
    });
    context.put(id, &underlying);
    Ok(())
}

/// The seller demands payment of an unfunded participant. Participation art. 5.
pub(super) fn demand(
    context: &mut Context<'_, TradeEvent>,
    id: &ParticipationId,
    statement: String,
) -> Result<(), Error> {
    let before = sold(context, id)?;
    let underlying = underlying(context, &before.underlying)?;
    let (agreement, calendar) = terms(context, &before)?;
    let (days, now) = (agreement.terms.payment_days, context.now());
    let after = before.clone().demand(&underlying, statement, days, now, &calendar, context.findings())?;
    if let ParticipationState::Demanded { deadline, .. } = &after.state {
        context.emit(TradeEvent::ParticipationDemanded {
            participation: id.clone(),
            amount: after.amount,
            deadline: deadline.clone(),
        });
    }
    store(context, underlying, &before, &after)
}

/// An unfunded participant pays what was demanded. Participation art. 5.
pub(super) fn pay(
    context: &mut Context<'_, TradeEvent>,
    id: &ParticipationId,
    from: &AccountId,
) -> Result<(), Error> {
    let before = taken(context, id)?;
    let underlying = underlying(context, &before.underlying)?;
    let (agreement, calendar) = terms(context, &before)?;
    let now = context.now();
    let turnover = || turnover(&agreement, &calendar, now);
    let after = before.clone().pay(&underlying, turnover, context.findings())?;
    let late = match &before.state {
        ParticipationState::Demanded { deadline, .. } => deadline.has_passed(now, &calendar)?,
        _ => false,
    };
    let amount = after.amount;
    settle(context, &after, from, &after.open_terms().account.clone(), amount)?;
    context.emit(TradeEvent::ParticipationPaid { participation: id.clone(), amount, late });
    store(context, underlying, &before, &after)
}

/// The seller received something of the transaction: what it owes of it to each participant. Participation art. 7.
pub(super) fn report_recovery(
    context: &mut Context<'_, TradeEvent>,
    id: &UnderlyingId,
    amount: Money,
) -> Result<(), Error> {
    let now = context.now();
    let mut underlying = own_underlying(context, id)?.recover(amount, now, context.findings())?;
    context.emit(TradeEvent::RecoveryReported {
        underlying: id.clone(),
        amount,
        outstanding: underlying.outstanding()?,
    });
    for share in underlying.shares.clone() {
        let before = load(context, &share.participation)?;
        let (agreement, calendar) = terms(context, &before)?;
        let turnover = || turnover(&agreement, &calendar, now);
        let after = before.clone().recover(&underlying, now, &calendar, turnover)?;
        if after != before {
            underlying = followed(context, underlying, &before, &after)?;
        }
    }
    context.put(id, &underlying);
    Ok(())
}

/// The seller turns over to a participant its part of recoveries. Participation art. 7.
pub(super) fn turn_over(
    context: &mut Context<'_, TradeEvent>,
    id: &ParticipationId,
    from: &AccountId,
) -> Result<(), Error> {
    let before = sold(context, id)?;
    let underlying = underlying(context, &before.underlying)?;
    let (_, calendar) = terms(context, &before)?;
    let now = context.now();
    let today = calendar.local_date(now)?;
    let (after, amount) = before.clone().turn_over(today, now, context.findings())?;
    let deadline = before.outlay().and_then(|outlay| outlay.deadline.as_ref());
    let late = deadline.map_or(Ok(false), |deadline| deadline.has_passed(now, &calendar))?;
    let to = paid_into(&after)?;
    settle(context, &after, from, &to, amount)?;
    context.emit(TradeEvent::RecoveryTurnedOver { participation: id.clone(), amount, late });
    store(context, underlying, &before, &after)
}

/// Either party states that an unfunded participation expired. Participation art. 5.
pub(super) fn expire(context: &mut Context<'_, TradeEvent>, id: &ParticipationId) -> Result<(), Error> {
    let before = load(context, id)?;
    let (author, now) = (context.author().clone(), context.now());
    context.judge(&PARTICIPATION_NOT_PARTY, is_party(&before, &author))?;
    let underlying = underlying(context, &before.underlying)?;
    let (_, calendar) = terms(context, &before)?;
    let after = before.clone().expire(now, &calendar, context.findings())?;
    store(context, underlying, &before, &after)
}

/// Money of a participation moves, where no order of the supervisor holds it.
fn settle(
    context: &mut Context<'_, TradeEvent>,
    participation: &Participation,
    from: &AccountId,
    to: &AccountId,
    amount: Money,
) -> Result<(), Error> {
    let subject = FrozenSubject::Participation { participation: participation.id.clone() };
    let parties = [participation.seller(), &participation.participant];
    supervision::settles(context, &[subject], &parties, &[from, to])?;
    context.transfer(from, to, amount, None, &participation.id.to_string())
}

/// Writes what a step made of a participation, of its share in the transaction, and of who is liable to whom.
fn store(
    context: &mut Context<'_, TradeEvent>,
    underlying: Underlying,
    before: &Participation,
    after: &Participation,
) -> Result<(), Error> {
    let underlying = followed(context, underlying, before, after)?;
    context.put(&underlying.id, &underlying);
    Ok(())
}

/// The same, but for the transaction, which is answered.
fn followed(
    context: &mut Context<'_, TradeEvent>,
    underlying: Underlying,
    before: &Participation,
    after: &Participation,
) -> Result<Underlying, Error> {
    let underlying = closed(context, underlying, before, after);
    context.put(&after.id, after);
    repost(context, &liabilities(before)?, &liabilities(after)?)?;
    Ok(underlying)
}

/// The share of a participation that has ended goes back to the seller.
fn closed(
    context: &mut Context<'_, TradeEvent>,
    underlying: Underlying,
    before: &Participation,
    after: &Participation,
) -> Underlying {
    match (&before.state, &after.state) {
        (ParticipationState::Terminated { .. }, _) => underlying,
        (_, ParticipationState::Terminated { reason, .. }) => {
            let participation = after.id.clone();
            context.emit(TradeEvent::ParticipationTerminated { participation, reason: *reason });
            underlying.take_back(&after.id)
        }
        _ => underlying,
    }
}

/// By when a seller turns over what it received now. Participation art. 7.
fn turnover(
    agreement: &ParticipationAgreement,
    calendar: &Calendar,
    now: Timestamp,
) -> Result<Deadline, Error> {
    Ok(Deadline::after(calendar.local_date(now)?, agreement.terms.turnover_days, calendar)?)
}

/// The master agreement of a participation, and whose banking days count under it.
fn terms(
    context: &Context<'_, TradeEvent>,
    participation: &Participation,
) -> Result<(ParticipationAgreement, Calendar), Error> {
    let agreement = agreement(context, &participation.agreement)?;
    let calendar = context.calendar(&agreement.terms.calendar)?;
    Ok((agreement, calendar))
}

fn paid_into(participation: &Participation) -> Result<AccountId, Error> {
    let unaccepted = || PARTICIPATION_UNKNOWN.error().with("participation", &participation.id);
    participation.account.clone().ok_or_else(unaccepted)
}

fn agreement(
    context: &Context<'_, TradeEvent>,
    id: &ParticipationAgreementId,
) -> Result<ParticipationAgreement, Error> {
    context.get::<ParticipationAgreement>(id)?.ok_or_else(|| AGREEMENT_UNKNOWN.error().with("agreement", id))
}

fn underlying(context: &Context<'_, TradeEvent>, id: &UnderlyingId) -> Result<Underlying, Error> {
    context.get::<Underlying>(id)?.ok_or_else(|| UNDERLYING_UNKNOWN.error().with("underlying", id))
}

pub(super) fn load(context: &Context<'_, TradeEvent>, id: &ParticipationId) -> Result<Participation, Error> {
    context.get::<Participation>(id)?.ok_or_else(|| PARTICIPATION_UNKNOWN.error().with("participation", id))
}

/// A transaction of the author's. Participation art. 8.
fn own_underlying(context: &mut Context<'_, TradeEvent>, id: &UnderlyingId) -> Result<Underlying, Error> {
    let judged = is_seller(context.author(), id.seller());
    context.judge(&PARTICIPATION_NOT_SELLER, judged)?;
    underlying(context, id)
}

/// A participation that the author sold.
fn sold(context: &mut Context<'_, TradeEvent>, id: &ParticipationId) -> Result<Participation, Error> {
    let judged = is_seller(context.author(), id.seller());
    context.judge(&PARTICIPATION_NOT_SELLER, judged)?;
    load(context, id)
}

/// A participation that the author takes.
fn taken(context: &mut Context<'_, TradeEvent>, id: &ParticipationId) -> Result<Participation, Error> {
    let participation = load(context, id)?;
    let judged = PARTICIPATION_NOT_PARTICIPANT
        .unless(*context.author() == participation.participant, |refusal| {
            refusal.with("participation", id).with("party", context.author())
        });
    context.judge(&PARTICIPATION_NOT_PARTICIPANT, judged)?;
    Ok(participation)
}

fn check_unused(context: &mut Context<'_, TradeEvent>, id: &ParticipationId) -> Result<(), Error> {
    let unused = context.get::<Participation>(id)?.is_none();
    context.judge(&PARTICIPATION_EXISTS, PARTICIPATION_EXISTS.unless(unused, |r| r.with("participation", id)))
}

fn is_seller(author: &PartyId, seller: &PartyId) -> Result<(), Error> {
    PARTICIPATION_NOT_SELLER
        .unless(author == seller, |refusal| refusal.with("required", seller).with("party", author))
}

fn is_party(participation: &Participation, party: &PartyId) -> Result<(), Error> {
    let concerned = party == participation.seller() || *party == participation.participant;
    PARTICIPATION_NOT_PARTY
        .unless(concerned, |refusal| refusal.with("participation", &participation.id).with("party", party))
}
