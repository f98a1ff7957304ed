//! Unit certificates over the ledger: issued, moved and retired.

use allonge_crypto::Hash;
use allonge_finance::PartyId;
use allonge_ledger::{Context, Error};

use crate::event::TradeEvent;
use crate::identifier::CertificateId;
use crate::registry::{
    REGISTER_NUMBER_INVALID, UNITS_EXIST, UNITS_NONE, UNITS_NOT_HELD, UNITS_TO_ONESELF, UNITS_UNKNOWN,
};
use crate::terms::check_line;
use crate::unit_certificate::{
    MAX_UNIT_LENGTH, MAX_UNIT_TEXT_LENGTH, UnitCertificate, UnitHolding, UnitHoldingId,
};

/// What an issuer certifies.
pub(super) struct Certified {
    pub unit: String,
    pub description: String,
    pub sha256: Hash,
    pub quantity: u64,
}

/// An issuer certifies units, and holds them at first.
pub(super) fn issue(
    context: &mut Context<'_, TradeEvent>,
    number: String,
    certified: Certified,
) -> Result<(), Error> {
    let Certified { unit, description, sha256, quantity } = certified;
    let issuer = context.author().clone();
    let id = CertificateId::new(issuer.clone(), number)
        .map_err(|source| REGISTER_NUMBER_INVALID.error().because(source))?;
    check_line("unit", &unit, MAX_UNIT_LENGTH)?;
    check_line("description", &description, MAX_UNIT_TEXT_LENGTH)?;
    context.judge(&UNITS_NONE, UNITS_NONE.unless(quantity > 0, |refusal| refusal))?;
    let unused = context.get::<UnitCertificate>(&id)?.is_none();
    context.judge(&UNITS_EXIST, UNITS_EXIST.unless(unused, |refusal| refusal.with("certificate", &id)))?;
    let issued_at = context.now();
    let (issued, retired, retirements) = (quantity, 0, 0);
    context.put(
        &id,
        &UnitCertificate {
            id: id.clone(),
            unit: unit.clone(),
            description,
            sha256,
            issued,
            retired,
            retirements,
            issued_at,
        },
    );
    let holding = holding(context, &id, &issuer)?.receive(quantity)?;
    context.put(&holding.id, &holding);
    context.emit(TradeEvent::UnitsIssued { certificate: id, quantity, unit });
    Ok(())
}

/// A holder gives units to another party.
pub(super) fn transfer(
    context: &mut Context<'_, TradeEvent>,
    id: &CertificateId,
    to: PartyId,
    quantity: u64,
) -> Result<(), Error> {
    let author = context.author().clone();
    certificate(context, id)?;
    context.party(&to)?;
    let judged = UNITS_TO_ONESELF.unless(to != author, |refusal| refusal.with("party", &to));
    context.judge(&UNITS_TO_ONESELF, judged)?;
    let given = holding(context, id, &author)?.give(quantity);
    let given = context.judge(&UNITS_NOT_HELD, given)?;
    let received = holding(context, id, &to)?.receive(quantity)?;
    context.put(&given.id, &given);
    context.put(&received.id, &received);
    context.emit(TradeEvent::UnitsTransferred { certificate: id.clone(), from: author, to, quantity });
    Ok(())
}

/// A holder retires units for a beneficiary, and nobody can again.
pub(super) fn retire(
    context: &mut Context<'_, TradeEvent>,
    id: &CertificateId,
    quantity: u64,
    beneficiary: String,
    reason: String,
) -> Result<(), Error> {
    check_line("beneficiary", &beneficiary, MAX_UNIT_TEXT_LENGTH)?;
    check_line("reason", &reason, MAX_UNIT_TEXT_LENGTH)?;
    let author = context.author().clone();
    let certificate = certificate(context, id)?;
    let left = holding(context, id, &author)?.retire(quantity);
    let left = context.judge(&UNITS_NOT_HELD, left)?;
    let certificate = certificate.retire(quantity)?;
    context.put(&left.id, &left);
    context.put(id, &certificate);
    context.emit(TradeEvent::UnitsRetired {
        certificate: id.clone(),
        retirement: certificate.retirements,
        holder: author,
        quantity,
        beneficiary,
        reason,
    });
    Ok(())
}

fn certificate(context: &Context<'_, TradeEvent>, id: &CertificateId) -> Result<UnitCertificate, Error> {
    context.get::<UnitCertificate>(id)?.ok_or_else(|| UNITS_UNKNOWN.error().with("certificate", id))
}

fn holding(
    context: &Context<'_, TradeEvent>,
    certificate: &CertificateId,
    holder: &PartyId,
) -> Result<UnitHolding, Error> {
    let id = UnitHoldingId { certificate: certificate.clone(), holder: holder.clone() };
    Ok(context.get::<UnitHolding>(&id)?.unwrap_or_else(|| UnitHolding::none(id)))
}
