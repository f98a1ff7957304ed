//! Exposure records over the ledger: the debtor consents, the lender states, either ends it.

use allonge_finance::{Date, Money, PartyId, Timestamp};
use allonge_ledger::{Context, Error};

use crate::event::TradeEvent;
use crate::exposure::{Exposure, ExposureState, MAX_CONSENT_DAYS};
use crate::identifier::ExposureId;
use crate::registry::{EXPOSURE_EXISTS, EXPOSURE_EXPIRY, EXPOSURE_UNKNOWN, REGISTER_NUMBER_INVALID};

const DAY_MS: i64 = 86_400_000;

/// A debtor consents that a lender states its exposure, until a time.
pub(super) fn consent(
    context: &mut Context<'_, TradeEvent>,
    number: String,
    lender: PartyId,
    expires_at: Timestamp,
) -> Result<(), Error> {
    let id = ExposureId::new(context.author().clone(), number)
        .map_err(|source| REGISTER_NUMBER_INVALID.error().because(source))?;
    context.party(&lender)?;
    let unused = context.get::<Exposure>(&id)?.is_none();
    context.judge(&EXPOSURE_EXISTS, EXPOSURE_EXISTS.unless(unused, |r| r.with("exposure", &id)))?;
    let now = context.now();
    let last = now.plus_millis(DAY_MS.saturating_mul(MAX_CONSENT_DAYS));
    let within = expires_at > now && last.is_some_and(|last| expires_at <= last);
    let judged = EXPOSURE_EXPIRY
        .unless(within, |refusal| refusal.with("expires_at", expires_at).with("limit", MAX_CONSENT_DAYS));
    context.judge(&EXPOSURE_EXPIRY, judged)?;
    let state = ExposureState::Consented;
    let exposure = Exposure { id: id.clone(), lender: lender.clone(), state, expires_at };
    context.put(&id, &exposure);
    context.emit(TradeEvent::ExposureConsented { exposure: id, lender, expires_at });
    Ok(())
}

/// The lender states how much the debtor owes it, or states it anew.
pub(super) fn state(
    context: &mut Context<'_, TradeEvent>,
    id: &ExposureId,
    amount: Money,
    as_of: Date,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let exposure = load(context, id)?.state(&author, amount, as_of, now)?;
    context.put(id, &exposure);
    context.emit(TradeEvent::ExposureStated { exposure: id.clone(), amount, as_of });
    Ok(())
}

/// The debtor withdraws its consent, or the lender has nothing more to state.
pub(super) fn end(context: &mut Context<'_, TradeEvent>, id: &ExposureId) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let exposure = load(context, id)?.end(&author, now)?;
    context.put(id, &exposure);
    context.emit(TradeEvent::ExposureEnded { exposure: id.clone(), by: author });
    Ok(())
}

fn load(context: &Context<'_, TradeEvent>, id: &ExposureId) -> Result<Exposure, Error> {
    context.get::<Exposure>(id)?.ok_or_else(|| EXPOSURE_UNKNOWN.error().with("exposure", id))
}
