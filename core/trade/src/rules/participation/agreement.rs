//! Master agreements over the ledger: one party offers, the other accepts, either ends.

use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::{Context, Error};

use super::agreement;
use crate::event::TradeEvent;
use crate::identifier::ParticipationAgreementId;
use crate::participation::{AgreementTerms, ParticipationAgreement};
use crate::registry::{AGREEMENT_EXISTS, REGISTER_NUMBER_INVALID};

/// A party signs a master agreement, and offers it to another. Participation art. 1.
pub(in crate::rules) fn offer_agreement(
    context: &mut Context<'_, TradeEvent>,
    number: String,
    counterparty: PartyId,
    terms: AgreementTerms,
    expires_at: Timestamp,
) -> Result<(), Error> {
    let id = ParticipationAgreementId::new(context.author().clone(), number)
        .map_err(|source| REGISTER_NUMBER_INVALID.error().because(source))?;
    let unused = context.get::<ParticipationAgreement>(&id)?.is_none();
    context.judge(&AGREEMENT_EXISTS, AGREEMENT_EXISTS.unless(unused, |r| r.with("agreement", &id)))?;
    context.party(&counterparty)?;
    context.calendar(&terms.calendar)?;
    let now = context.now();
    let to = counterparty.clone();
    let agreement =
        ParticipationAgreement::offer(id, counterparty, terms, expires_at, now, context.findings())?;
    context.emit(TradeEvent::ParticipationAgreementOffered {
        agreement: agreement.id.clone(),
        counterparty: to,
        expires_at,
    });
    context.put(&agreement.id, &agreement);
    Ok(())
}

/// The other party signs it. Participation art. 1.
pub(in crate::rules) fn accept_agreement(
    context: &mut Context<'_, TradeEvent>,
    id: &ParticipationAgreementId,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let agreement = agreement(context, id)?.accept(&author, now, context.findings())?;
    context.put(id, &agreement);
    context.emit(TradeEvent::ParticipationAgreementAccepted { agreement: id.clone() });
    Ok(())
}

/// Either party ends it, for what is new.
pub(in crate::rules) fn end_agreement(
    context: &mut Context<'_, TradeEvent>,
    id: &ParticipationAgreementId,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let agreement = agreement(context, id)?.end(&author, now, context.findings())?;
    context.put(id, &agreement);
    context.emit(TradeEvent::ParticipationAgreementEnded { agreement: id.clone(), by: author });
    Ok(())
}
