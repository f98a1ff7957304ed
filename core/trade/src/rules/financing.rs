//! The financing registry over the ledger: which fingerprints a registration touches, and what it is answered.

use allonge_crypto::Hash;
use allonge_finance::{Money, PartyId, Timestamp};
use allonge_ledger::{Authorities, Context, Error};

use crate::event::TradeEvent;
use crate::financing::{
    FinancedAsset, FinancedDocument, Financing, FinancingState, Fingerprint, FingerprintKeys, Match,
    ReleaseReason, Share, check_expiry, check_fingerprints, check_part, check_same_tiers, check_unchanged,
};
use crate::identifier::FinancingId;
use crate::registry::{
    FINANCING_AMOUNT, FINANCING_ENDED, FINANCING_EXHAUSTED, FINANCING_EXISTS, FINANCING_EXPIRY,
    FINANCING_FACE_DIFFERS, FINANCING_NOT_YOURS, FINANCING_RESERVATION_EXPIRED, FINANCING_UNKNOWN,
    FINGERPRINT_KEY_RETIRING, FINGERPRINT_KEY_USED, FINGERPRINT_KEYS_MISSING, FINGERPRINT_NO_KEY,
    FINGERPRINTS_INVALID, NOT_FINGERPRINT_REGISTRAR, REGISTER_NUMBER_INVALID,
};

/// What a bank registers.
pub(super) struct Registration {
    pub document: FinancedDocument,
    pub face: Money,
    pub amount: Money,
    pub expires_at: Timestamp,
    pub fingerprints: Vec<Fingerprint>,
}

/// The registrar adopts a key, and lets the one before retire. Art. 1.
pub(super) fn adopt_key(
    context: &mut Context<'_, TradeEvent>,
    key_id: Hash,
    previous_until: Timestamp,
) -> Result<(), Error> {
    let registrar = context.get::<Authorities>(&())?.map(|authorities| authorities.registrar);
    let judged = NOT_FINGERPRINT_REGISTRAR.unless(registrar.as_ref() == Some(context.author()), |refusal| {
        refusal.with("party", context.author())
    });
    context.judge(&NOT_FINGERPRINT_REGISTRAR, judged)?;
    let now = context.now();
    let keys = match context.get::<FingerprintKeys>(&())? {
        Some(keys) => {
            let followed = keys.follow(key_id, previous_until, now);
            let followed = context.judge(&FINGERPRINT_KEY_USED, followed);
            context.judge(&FINGERPRINT_KEY_RETIRING, followed)?
        }
        None => FingerprintKeys { current: key_id, retiring: None },
    };
    context.put(&(), &keys);
    context.emit(TradeEvent::FingerprintKeyAdopted { key_id, retiring: keys.retiring });
    Ok(())
}

/// A bank reserves an amount of a document, and is told whether others have registered it. Art. 2 to 5.
pub(super) fn reserve(
    context: &mut Context<'_, TradeEvent>,
    number: String,
    registration: Registration,
) -> Result<(), Error> {
    let Registration { document, face, amount, expires_at, fingerprints } = registration;
    let id = own_id(context.author().clone(), number)?;
    let known = context.get::<Financing>(&id)?.is_some();
    context.judge(&FINANCING_EXISTS, FINANCING_EXISTS.unless(!known, |r| r.with("financing", &id)))?;
    let now = context.now();
    context.judge(&FINANCING_EXPIRY, check_expiry(expires_at, now))?;
    context.judge(&FINANCING_AMOUNT, check_part(&id, amount, face))?;
    context.judge(&FINGERPRINTS_INVALID, check_fingerprints(&fingerprints))?;
    let all = keys(context)?.check_all_used(&fingerprints, now);
    context.judge(&FINGERPRINT_KEYS_MISSING, all)?;

    let (mut found, mut own) = (Match::None, false);
    for fingerprint in &fingerprints {
        let share = (amount, Some(expires_at));
        let (match_class, mine) = take(context, *fingerprint, face, share)?;
        found = found.max(match_class);
        own |= mine;
    }
    let financing = Financing {
        id,
        state: FinancingState::Reserved { expires_at },
        document,
        face,
        amount,
        released: Money::zero(face.currency()),
        found,
        own,
        registered_at: now,
        fingerprints,
    };
    let id = financing.id.clone();
    context.put(&id, &financing);
    context.emit(TradeEvent::FinancingReserved { financing: id, amount, expires_at, found, own });
    Ok(())
}

/// The bank financed what it had reserved, or less. Art. 3, 4.
pub(super) fn confirm(
    context: &mut Context<'_, TradeEvent>,
    id: &FinancingId,
    amount: Money,
) -> Result<(), Error> {
    let before = own_financing(context, id)?;
    let now = context.now();
    let after = before.clone().confirm(amount, now, context.findings())?;
    exchange(context, &before, &after)?;
    context.emit(TradeEvent::FinancingConfirmed { financing: id.clone(), amount });
    Ok(())
}

/// The bank releases a part of what it financed, or the rest. Art. 6.
pub(super) fn release(
    context: &mut Context<'_, TradeEvent>,
    id: &FinancingId,
    amount: Money,
    reason: ReleaseReason,
) -> Result<(), Error> {
    let before = own_financing(context, id)?;
    let now = context.now();
    let after = before.clone().release(amount, reason, now, context.findings())?;
    exchange(context, &before, &after)?;
    let left = after.taken(now)?;
    context.emit(TradeEvent::FinancingReleased { financing: id.clone(), amount, left, reason });
    Ok(())
}

/// The bank says that it did not finance after all. Art. 6.
pub(super) fn void(
    context: &mut Context<'_, TradeEvent>,
    id: &FinancingId,
    reason: String,
) -> Result<(), Error> {
    let before = own_financing(context, id)?;
    let now = context.now();
    let after = before.clone().void(reason.clone(), now, context.findings())?;
    exchange(context, &before, &after)?;
    context.emit(TradeEvent::FinancingVoided { financing: id.clone(), reason });
    Ok(())
}

/// The bank gives a live financing the fingerprints of the keys in force, instead of those that it had. Art. 1, 2.
pub(super) fn refingerprint(
    context: &mut Context<'_, TradeEvent>,
    id: &FinancingId,
    fingerprints: Vec<Fingerprint>,
) -> Result<(), Error> {
    let before = own_financing(context, id)?;
    context.judge(&FINANCING_ENDED, before.check_live())?;
    let now = context.now();
    let unexpired = before.expires_at().is_none_or(|expires_at| now <= expires_at);
    let judged = FINANCING_RESERVATION_EXPIRED.unless(unexpired, |refusal| {
        let expired = before.expires_at().unwrap_or(now);
        refusal.with("financing", id).with("expired", expired)
    });
    context.judge(&FINANCING_RESERVATION_EXPIRED, judged)?;
    let judged = check_fingerprints(&fingerprints)
        .and_then(|()| check_same_tiers(&before.fingerprints, &fingerprints))
        .and_then(|()| check_unchanged(&before.fingerprints, &fingerprints));
    context.judge(&FINGERPRINTS_INVALID, judged)?;
    let all = keys(context)?.check_all_used(&fingerprints, now);
    context.judge(&FINGERPRINT_KEYS_MISSING, all)?;

    let after = Financing { fingerprints, ..before.clone() };
    exchange(context, &before, &after)?;
    context.emit(TradeEvent::FinancingRefingerprinted { financing: id.clone() });
    Ok(())
}

/// Takes away what a financing had under its fingerprints, and puts there what it has now.
fn exchange(
    context: &mut Context<'_, TradeEvent>,
    before: &Financing,
    after: &Financing,
) -> Result<(), Error> {
    let now = context.now();
    let (had, has) = (before.taken(now)?, after.taken(now)?);
    let had_some = before.fingerprints.iter().filter(|_| had.is_positive());
    for fingerprint in had_some {
        let Some(asset) = context.get::<FinancedAsset>(fingerprint)? else { continue };
        let share = own_share(context, fingerprint, had, before.expires_at());
        context.put(fingerprint, &asset.give_back(&share, now)?);
    }
    if has.is_positive() {
        for fingerprint in &after.fingerprints {
            take(context, *fingerprint, after.face, (has, after.expires_at()))?;
        }
    }
    context.put(&after.id, after);
    Ok(())
}

/// Puts a share under one fingerprint, where it fits, and answers what stood there.
fn take(
    context: &mut Context<'_, TradeEvent>,
    fingerprint: Fingerprint,
    face: Money,
    (amount, expires_at): (Money, Option<Timestamp>),
) -> Result<(Match, bool), Error> {
    let now = context.now();
    let asset =
        context.get::<FinancedAsset>(&fingerprint)?.unwrap_or_else(|| FinancedAsset::new(fingerprint, face));
    let share = own_share(context, &fingerprint, amount, expires_at);
    let answer = asset.answer(share.holder, now);
    context.judge(&FINANCING_FACE_DIFFERS, asset.check_face(face, now))?;
    context.judge(&FINANCING_EXHAUSTED, asset.check_left(amount, face, now))?;
    context.put(&fingerprint, &asset.take(share, face, now)?);
    Ok(answer)
}

fn own_share(
    context: &Context<'_, TradeEvent>,
    fingerprint: &Fingerprint,
    amount: Money,
    expires_at: Option<Timestamp>,
) -> Share {
    let holder = FinancedAsset::holder(context.suite(), fingerprint, context.author());
    Share { holder, amount, expires_at }
}

/// Art. 7: each bank acts on its own.
fn own_financing(context: &mut Context<'_, TradeEvent>, id: &FinancingId) -> Result<Financing, Error> {
    let judged = FINANCING_NOT_YOURS.unless(context.author() == id.bank(), |refusal| {
        refusal.with("financing", id).with("party", context.author())
    });
    context.judge(&FINANCING_NOT_YOURS, judged)?;
    context.get::<Financing>(id)?.ok_or_else(|| FINANCING_UNKNOWN.error().with("financing", id))
}

fn keys(context: &Context<'_, TradeEvent>) -> Result<FingerprintKeys, Error> {
    context.get::<FingerprintKeys>(&())?.ok_or_else(|| FINGERPRINT_NO_KEY.error())
}

fn own_id(bank: PartyId, number: String) -> Result<FinancingId, Error> {
    FinancingId::new(bank, number).map_err(|source| REGISTER_NUMBER_INVALID.error().because(source))
}
