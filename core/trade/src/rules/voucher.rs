//! Approved payables and their vouchers over the ledger: who issues, and the debts that come of them.

use allonge_finance::{CalendarId, Date, Money, PartyId, Timestamp};
use allonge_ledger::{Context, Error};

use super::claim;
use crate::claim::{Claim, ClaimOrigin, ClaimState};
use crate::deadline::DueDate;
use crate::event::TradeEvent;
use crate::identifier::{ClaimId, ClaimSource, VoucherId};
use crate::registry::{
    CLAIM_OFFER_EXPIRY, CLAIM_TO_ONESELF, REGISTER_NUMBER_INVALID, VOUCHER_AMOUNT, VOUCHER_EXISTS,
    VOUCHER_TENOR, VOUCHER_UNKNOWN,
};
use crate::rulebook::CLAIM_OFFER;
use crate::terms::check_line;
use crate::voucher::{MAX_VOUCHER_TEXT_LENGTH, PayableBackground, Voucher, VoucherState, has_fitting_tenor};

/// What a payable says.
pub(super) struct Payable {
    pub supplier: PartyId,
    pub amount: Money,
    pub maturity: Date,
    pub calendar: CalendarId,
    pub background: PayableBackground,
    pub tenor_reason: Option<String>,
}

/// R12: the buyer approves a payable irrevocably, and owes it.
pub(super) fn approve(
    context: &mut Context<'_, TradeEvent>,
    number: String,
    payable: Payable,
) -> Result<(), Error> {
    let at = context.now();
    let voucher = issue(context, number, payable, VoucherState::Owed { at })?;
    owe(context, &voucher)
}

/// R13: the buyer offers a voucher of a payable to the supplier.
pub(super) fn offer(
    context: &mut Context<'_, TradeEvent>,
    number: String,
    payable: Payable,
    expires_at: Timestamp,
) -> Result<(), Error> {
    let in_bounds = CLAIM_OFFER.reaches(context.now(), expires_at);
    let judged = CLAIM_OFFER_EXPIRY
        .unless(in_bounds, |refusal| refusal.with("expires_at", expires_at).with("limit", CLAIM_OFFER.days));
    context.judge(&CLAIM_OFFER_EXPIRY, judged)?;
    issue(context, number, payable, VoucherState::Offered { expires_at }).map(|_| ())
}

fn issue(
    context: &mut Context<'_, TradeEvent>,
    number: String,
    payable: Payable,
    state: VoucherState,
) -> Result<Voucher, Error> {
    let anchor = context.author().clone();
    let id = VoucherId::new(anchor.clone(), number)
        .map_err(|source| REGISTER_NUMBER_INVALID.error().because(source))?;
    let fresh = context.get::<Voucher>(&id)?.is_none();
    VOUCHER_EXISTS.unless(fresh, |refusal| refusal.with("voucher", &id))?;
    let Payable { supplier, amount, maturity, calendar, background, tenor_reason } = payable;
    check_line("contract", &background.contract, MAX_VOUCHER_TEXT_LENGTH)?;
    check_line("invoice", &background.invoice, MAX_VOUCHER_TEXT_LENGTH)?;
    if let Some(reason) = &tenor_reason {
        check_line("tenor_reason", reason, MAX_VOUCHER_TEXT_LENGTH)?;
    }
    let another = CLAIM_TO_ONESELF.unless(supplier != anchor, |refusal| refusal.with("party", &anchor));
    context.judge(&CLAIM_TO_ONESELF, another)?;
    context.party(&supplier)?;
    // A part of a debt is a range of its minor units, which are counted in 64 bits.
    let countable = amount.is_positive() && u64::try_from(amount.minor_units()).is_ok();
    VOUCHER_AMOUNT.unless(countable, |refusal| refusal.with("amount", amount))?;
    let calendar = context.calendar(&calendar)?;
    let issued = calendar.local_date(context.now())?;
    context.judge(&VOUCHER_TENOR, has_fitting_tenor(issued, maturity, tenor_reason.as_deref()))?;
    let due = DueDate::following(maturity, &calendar)?;
    let voucher =
        Voucher { id, supplier, amount, due, background, tenor_reason, state, issued_at: context.now() };
    context.emit(TradeEvent::VoucherIssued {
        voucher: voucher.id.clone(),
        supplier: voucher.supplier.clone(),
        amount,
        due: voucher.due.clone(),
    });
    context.put(&voucher.id, &voucher);
    Ok(voucher)
}

/// The supplier accepts a voucher, and holds the debt.
pub(super) fn accept(context: &mut Context<'_, TradeEvent>, id: &VoucherId) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let voucher = load(context, id)?.accept(&author, now, context.findings())?;
    context.emit(TradeEvent::VoucherAccepted { voucher: id.clone() });
    context.put(id, &voucher);
    owe(context, &voucher)
}

/// The supplier rejects a voucher.
pub(super) fn reject(context: &mut Context<'_, TradeEvent>, id: &VoucherId) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let voucher = load(context, id)?.reject(&author, now, context.findings())?;
    context.emit(TradeEvent::VoucherRejected { voucher: id.clone() });
    context.put(id, &voucher);
    Ok(())
}

/// The buyer takes a voucher back that nobody accepted.
pub(super) fn withdraw(context: &mut Context<'_, TradeEvent>, id: &VoucherId) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let voucher = load(context, id)?.withdraw(&author, now, context.findings())?;
    context.emit(TradeEvent::VoucherWithdrawn { voucher: id.clone() });
    context.put(id, &voucher);
    Ok(())
}

/// The debt of a payable comes into being.
fn owe(context: &mut Context<'_, TradeEvent>, voucher: &Voucher) -> Result<(), Error> {
    let claim = Claim {
        id: ClaimId::of(ClaimSource::Voucher(voucher.id.clone())),
        state: ClaimState::Outstanding,
        origin: ClaimOrigin::Voucher,
        obligor: voucher.id.anchor().clone(),
        holder_of_record: voucher.supplier.clone(),
        amount: voucher.amount,
        due: voucher.due.clone(),
        encumbrance: None,
        assignment: None,
        misdirected: 0,
        created_at: context.now(),
    };
    claim::begin(context, &claim)
}

fn load(context: &Context<'_, TradeEvent>, id: &VoucherId) -> Result<Voucher, Error> {
    context.get::<Voucher>(id)?.ok_or_else(|| VOUCHER_UNKNOWN.error().with("voucher", id))
}
