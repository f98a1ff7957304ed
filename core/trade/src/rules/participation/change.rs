//! What the parties of a participation change: one asks, the other answers; and the seller changes a transaction with consent.

use allonge_finance::Timestamp;
use allonge_ledger::{Context, Error};

use super::liability::{liabilities, repost};
use super::{check_unused, closed, is_party, load, own_underlying, terms, underlying};
use crate::event::TradeEvent;
use crate::identifier::{ParticipationId, UnderlyingId};
use crate::participation::{ChangeRequest, ParticipatedShare, ParticipationChange, UnderlyingChange};
use crate::registry::{PARTICIPATION_NOT_PARTY, REGISTER_NUMBER_INVALID, UNDERLYING_NO_CONSENT};

/// One party asks the other for a change. Participation art. 8, 9.
pub(in crate::rules) fn ask(
    context: &mut Context<'_, TradeEvent>,
    id: &ParticipationId,
    change: ParticipationChange,
    expires_at: Timestamp,
) -> Result<(), Error> {
    let before = load(context, id)?;
    let by = context.author().clone();
    context.judge(&PARTICIPATION_NOT_PARTY, is_party(&before, &by))?;
    if let ParticipationChange::Split { number, .. } = &change {
        let into = ParticipationId::new(before.seller().clone(), number.clone())
            .map_err(|source| REGISTER_NUMBER_INVALID.error().because(source))?;
        check_unused(context, &into)?;
    }
    let underlying = underlying(context, &before.underlying)?;
    let (request, now) = (ChangeRequest { change, by, expires_at }, context.now());
    let after = before.ask(&underlying, request.clone(), now, context.findings())?;
    context.put(id, &after);
    let ChangeRequest { change, by, expires_at } = request;
    context.emit(TradeEvent::ParticipationChangeRequested {
        participation: id.clone(),
        change,
        by,
        expires_at,
    });
    Ok(())
}

/// The other party agrees, and the change takes effect; or it does not. Participation art. 8, 9.
pub(in crate::rules) fn answer(
    context: &mut Context<'_, TradeEvent>,
    id: &ParticipationId,
    agreed: bool,
) -> Result<(), Error> {
    let before = load(context, id)?;
    let (author, now) = (context.author().clone(), context.now());
    context.judge(&PARTICIPATION_NOT_PARTY, is_party(&before, &author))?;
    let (answered, request) = before.clone().answer(&author, now, context.findings())?;
    context.emit(TradeEvent::ParticipationChangeAnswered { participation: id.clone(), by: author, agreed });
    if !agreed {
        context.put(id, &answered);
        return Ok(());
    }
    let underlying = underlying(context, &before.underlying)?;
    let (_, calendar) = terms(context, &before)?;
    let today = calendar.local_date(now)?;
    let (after, other) = answered.change(&underlying, &request, now, today, context.findings())?;
    let underlying = underlying.with_share(id, |share| {
        share.share = after.share;
        share.disclosed = after.is_disclosed();
    });
    let underlying = match &other {
        Some(other) => {
            check_unused(context, &other.id)?;
            let share = ParticipatedShare {
                participation: other.id.clone(),
                share: other.share,
                disclosed: other.is_disclosed(),
                offered_until: None,
            };
            underlying.give(share, now, context.findings())?
        }
        None => underlying,
    };
    if !matches!(request.change, ParticipationChange::Underlying { .. } | ParticipationChange::Terminate) {
        context.emit(TradeEvent::ParticipationChanged {
            participation: id.clone(),
            change: request.change,
            share: after.share,
            amount: after.amount,
        });
    }
    let mut postings = liabilities(&after)?;
    if let Some(other) = &other {
        postings.extend(liabilities(other)?);
        context.put(&other.id, other);
    }
    let underlying = closed(context, underlying, &before, &after);
    context.put(&underlying.id, &underlying);
    context.put(id, &after);
    repost(context, &liabilities(&before)?, &postings)
}

/// The seller extends, waives or amends, with the consent of each participant. Participation art. 8.
pub(in crate::rules) fn change_underlying(
    context: &mut Context<'_, TradeEvent>,
    id: &UnderlyingId,
    change: UnderlyingChange,
) -> Result<(), Error> {
    let underlying = own_underlying(context, id)?.change(&change)?;
    let now = context.now();
    for share in &underlying.shares {
        let before = load(context, &share.participation)?;
        let lapsed = share.offered_until.is_some_and(|until| until < now);
        if lapsed || !before.is_bound() {
            continue;
        }
        let (_, calendar) = terms(context, &before)?;
        let after = before.clone().follow(&change, &calendar);
        let after = context.judge(&UNDERLYING_NO_CONSENT, after)?;
        context.put(&after.id, &after);
        repost(context, &liabilities(&before)?, &liabilities(&after)?)?;
    }
    context.put(id, &underlying);
    context.emit(TradeEvent::UnderlyingChanged { underlying: id.clone(), change });
    Ok(())
}
