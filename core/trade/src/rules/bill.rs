//! Bills over the ledger: who draws, accepts, passes on, presents and pays them, and which positions that makes.

use allonge_finance::{Calendar, Date, Discounted, Money, PartyId, Rate, Timestamp};
use allonge_ledger::{AccountId, Context, Error, HoldId, HoldState};

use super::claim::check_account;
use super::position::{self, Posting};
use super::supervision;
use crate::bill::{
    Bill, BillAct, BillFreeze, BillOffer, BillPackage, BillPart, BillState, BillTerms, Cut, Liable,
    MAX_BILL_TEXT_LENGTH, MAX_EVIDENCE, MAX_SECURES_LENGTH, PartState, RecourseNotice, Settlement,
    is_another,
};
use crate::deadline::{Deadline, DueDate};
use crate::event::TradeEvent;
use crate::identifier::{BillId, BillPartId};
use crate::registry::{
    BILL_ACCOUNT_MISSING, BILL_DIVIDED, BILL_ENCUMBERED, BILL_EVIDENCE, BILL_EXISTS, BILL_MARGIN,
    BILL_NOT_ACCEPTED, BILL_OFFER_EXPIRY, BILL_PACKAGE_USED, BILL_PART_UNKNOWN, BILL_PRICE, BILL_PRICELESS,
    BILL_TENOR, BILL_TO_ONESELF, BILL_UNITS, BILL_UNKNOWN, REGISTER_NUMBER_INVALID,
};
use crate::rulebook::{BILL_ACCEPTANCE, BILL_OFFER};
use crate::supervision::FrozenSubject;
use crate::terms::{Terms, check_line};
use crate::units::Units;

type Ledger<'c, 'a> = &'c mut Context<'a, TradeEvent>;

/// Divisions that are followed from a part that was divided to the parts that stand.
const MAX_DIVISIONS_FOLLOWED: usize = 64;

/// B1: the drawer draws a bill. Negotiable Instruments Law art. 20, 22.
pub(super) fn draw(context: Ledger<'_, '_>, number: String, terms: BillTerms) -> Result<(), Error> {
    let id = BillId::new(context.author().clone(), number)
        .map_err(|source| REGISTER_NUMBER_INVALID.error().because(source))?;
    let fresh = context.get::<Bill>(&id)?.is_none();
    context.judge(&BILL_EXISTS, BILL_EXISTS.unless(fresh, |refusal| refusal.with("bill", &id)))?;
    context.party(&terms.drawee)?;
    context.party(&terms.payee)?;
    let calendar = context.calendar(&terms.calendar)?;
    let today = calendar.local_date(context.now())?;
    terms.check(&id, today, context.findings())?;
    if let Some(number) = &terms.package {
        let used = context.get::<BillPackage>(number)?;
        context.judge(
            &BILL_PACKAGE_USED,
            used.map_or(Ok(()), |used| {
                Err(BILL_PACKAGE_USED.error().with("package", number).with("bill", &used.bill))
            }),
        )?;
        context.put(number, &BillPackage { number: number.clone(), bill: id.clone() });
    }
    let due = DueDate::following(terms.maturity, &calendar)?;
    context.emit(TradeEvent::BillDrawn {
        bill: id.clone(),
        drawee: terms.drawee.clone(),
        payee: terms.payee.clone(),
        amount: terms.amount,
        due: due.clone(),
    });
    let bill = Bill {
        id,
        state: BillState::Drawn,
        outstanding: terms.amount,
        terms: Terms::Open { content: terms },
        due,
        margin: None,
        drawn_at: context.now(),
    };
    context.put(&bill.id, &bill);
    Ok(())
}

/// B2: the drawer presents it for acceptance. Negotiable Instruments Law art. 39, 41.
pub(super) fn present_for_acceptance(context: Ledger<'_, '_>, id: &BillId) -> Result<(), Error> {
    let (bill, calendar) = load(context, id)?;
    let (author, now) = (context.author().clone(), context.now());
    let today = calendar.local_date(now)?;
    let last = today.plus_days(i32::from(BILL_ACCEPTANCE.days));
    let last = last.ok_or_else(|| BILL_TENOR.error().with("maturity", today))?;
    let deadline = Deadline::after(last, 0, &calendar)?;
    let bill = bill.present(&author, now, &calendar, deadline.clone(), context.findings())?;
    context.put(id, &bill);
    context.emit(TradeEvent::BillPresentedForAcceptance { bill: id.clone(), deadline });
    Ok(())
}

/// B3: the drawee accepts, and owes it. An acceptance on a condition is a refusal. Negotiable Instruments Law art. 43, 44.
pub(super) fn accept(
    context: Ledger<'_, '_>,
    id: &BillId,
    conditions: &[String],
    margin: Option<HoldId>,
) -> Result<(), Error> {
    for condition in conditions {
        check_line("conditions", condition, MAX_BILL_TEXT_LENGTH)?;
    }
    if let Some(condition) = conditions.first() {
        return refuse(context, id, condition.clone());
    }
    let (bill, calendar) = load(context, id)?;
    if let Some(hold) = &margin {
        is_margin(context, &bill, hold)?;
    }
    let (author, now) = (context.author().clone(), context.now());
    let (bill, part) = bill.accept(&author, margin, now, &calendar, context.findings())?;
    context.put(id, &bill);
    replace(context, None, &part)?;
    context.put(&part.id, &part);
    context.emit(TradeEvent::BillAccepted {
        bill: id.clone(),
        acceptor: author,
        amount: part.amount,
        part: part.id,
    });
    Ok(())
}

/// The drawer's money stays held for the acceptor until the bill is due.
fn is_margin(context: Ledger<'_, '_>, bill: &Bill, hold: &HoldId) -> Result<(), Error> {
    let acceptor = context.author().clone();
    let held = context.hold(hold)?;
    let last = match &bill.due {
        DueDate::Fixed { from, .. } => held.expires_at >= *from,
        DueDate::Provisional { .. } => held.expires_at.utc_date() > bill.due_on(),
    };
    let fits = held.state == HoldState::Open
        && held.id.payer() == bill.id.drawer()
        && held.to.owner() == &acceptor
        && held.poster.as_ref() == Some(&acceptor)
        && held.remaining.currency() == bill.open_terms().amount.currency()
        && last;
    let judged = BILL_MARGIN.unless(fits, |refusal| refusal.with("hold", hold).with("bill", &bill.id));
    context.judge(&BILL_MARGIN, judged)
}

/// B3: the drawee does not accept. Negotiable Instruments Law art. 41.
pub(super) fn refuse(context: Ledger<'_, '_>, id: &BillId, reason: String) -> Result<(), Error> {
    check_line("reason", &reason, MAX_BILL_TEXT_LENGTH)?;
    let (bill, calendar) = load(context, id)?;
    let (author, now) = (context.author().clone(), context.now());
    let bill = bill.refuse(&author, reason.clone(), now, &calendar, context.findings())?;
    context.put(id, &bill);
    context.emit(TradeEvent::BillRefused { bill: id.clone(), reason });
    Ok(())
}

/// The drawer cancels what it has not delivered, and frees the acceptor. Bills art. 5.
pub(super) fn cancel(context: Ledger<'_, '_>, id: &BillId) -> Result<(), Error> {
    let (bill, _) = load(context, id)?;
    let (author, now) = (context.author().clone(), context.now());
    let part = BillPartId::new(id.clone(), bill.units()?);
    let bill = bill.cancel(&author, now, context.findings())?;
    if let Some(part) = context.get::<BillPart>(&part)? {
        let cancelled = part.clone().cancel(now, context.findings())?;
        replace(context, Some(&part), &cancelled)?;
        context.put(&cancelled.id, &cancelled);
    }
    context.put(id, &bill);
    context.emit(TradeEvent::BillCancelled { bill: id.clone() });
    Ok(())
}

/// B4 to B11: a party offers an act on some units to another. Bills art. 2, 3.
pub(super) fn offer(
    context: Ledger<'_, '_>,
    id: &BillPartId,
    units: Option<Units>,
    to: PartyId,
    act: BillAct,
    expires_at: Timestamp,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    context.judge(&BILL_TO_ONESELF, is_another(&author, &to))?;
    context.party(&to)?;
    context.judge(&BILL_OFFER_EXPIRY, stands_for_a_while(expires_at, now))?;
    check_texts(context, &act)?;
    let (part, units) = find(context, id, units)?;
    let (bill, calendar) = load(context, id.bill())?;
    let today = calendar.local_date(now)?;
    let offer = BillOffer { units, by: author.clone(), to, act, expires_at };
    let part = part.offer(offer.clone(), &bill, today, now, context.findings())?;
    if let Some((_, account)) = offer.act.sale() {
        check_account(context, account, &author, part.amount)?;
        price(context, &part, &offer, &bill, today)?;
    }
    context.put(&part.id, &part);
    let BillOffer { units, by, to, act, expires_at } = offer;
    context.emit(TradeEvent::BillOffered { part: part.id, units, by, to, act, expires_at });
    Ok(())
}

fn check_texts(context: Ledger<'_, '_>, act: &BillAct) -> Result<(), Error> {
    match act {
        BillAct::Pledge { secures } => check_line("secures", secures, MAX_SECURES_LENGTH),
        BillAct::Discount { evidence, .. } => {
            let fits = (1..=MAX_EVIDENCE).contains(&evidence.len());
            let judged = BILL_EVIDENCE.unless(fits, |refusal| refusal.with("limit", MAX_EVIDENCE));
            context.judge(&BILL_EVIDENCE, judged)?;
            evidence.iter().try_for_each(|reference| check_line("evidence", reference, MAX_BILL_TEXT_LENGTH))
        }
        _ => Ok(()),
    }
}

/// B4 to B11: the other party signs, and the act takes effect: a sale is paid in the same step. Bills art. 2, 4.
pub(super) fn sign(
    context: Ledger<'_, '_>,
    id: &BillPartId,
    units: Option<Units>,
    account: Option<AccountId>,
    expected: Option<Money>,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let (part, units) = find(context, id, units)?;
    let (bill, calendar) = load(context, id.bill())?;
    let today = calendar.local_date(now)?;
    let before = part.clone();
    let (offer, cut) = part.sign(units, &author, &bill, today, now, context.findings())?;
    let sale = offer.act.sale().map(|(_, to)| to.clone());
    let fits = account.is_some() == sale.is_some() && (sale.is_some() || expected.is_none());
    let judged = BILL_ACCOUNT_MISSING.unless(fits, |refusal| refusal.with("part", &before.id));
    context.judge(&BILL_ACCOUNT_MISSING, judged)?;
    let piece = divide(context, cut, before.clone())?;
    if let (Some(from), Some(to)) = (&account, &sale) {
        let Discounted { net, discount } = price(context, &before, &offer, &bill, today)?;
        let agreed = expected.is_none_or(|expected| expected == net);
        let judged = BILL_PRICE.unless(agreed, |refusal| {
            let expected = expected.map(|expected| expected.to_string()).unwrap_or_default();
            refusal.with("part", &piece.id).with("price", net).with("expected", expected)
        });
        context.judge(&BILL_PRICE, judged)?;
        move_money(context, &piece.id, from, to, net)?;
        let (repurchase, central_bank) = match &offer.act {
            BillAct::Rediscount { repurchase, central_bank, .. } => (*repurchase, *central_bank),
            _ => (None, false),
        };
        context.emit(TradeEvent::BillSold {
            part: piece.id.clone(),
            seller: offer.by.clone(),
            buyer: author.clone(),
            net,
            discount,
            repurchase,
            central_bank,
        });
    }
    let taken = piece.clone().take(&offer, account.as_ref(), now);
    replace(context, Some(&piece), &taken)?;
    if offer.act == BillAct::Deliver {
        context.put(&bill.id.clone(), &bill.delivered(now));
    }
    context.put(&taken.id, &taken);
    context.emit(taken_effect(taken, offer));
    Ok(())
}

/// What a part was given for, as an event.
fn taken_effect(part: BillPart, offer: BillOffer) -> TradeEvent {
    let BillOffer { by, to, act, .. } = offer;
    let (kind, part, circulation) = (act.transfer(), part.id, part.circulation);
    match (kind, act) {
        (Some(kind), _) => TradeEvent::BillTransferred { part, kind, from: by, to, circulation },
        (None, BillAct::GiveAval { stands_for }) => {
            TradeEvent::BillAvalled { part, guarantor: to, stands_for }
        }
        (None, BillAct::ReleasePledge) => TradeEvent::BillPledgeReleased { part, by },
        (None, _) => TradeEvent::BillPledged { part, to },
    }
}

/// The party to whom it is offered rejects it. Bills art. 2.
pub(super) fn reject(context: Ledger<'_, '_>, id: &BillPartId, units: Option<Units>) -> Result<(), Error> {
    let author = context.author().clone();
    let (part, units) = find(context, id, units)?;
    let (part, offer) = part.reject(units, &author, context.findings())?;
    context.put(&part.id, &part);
    context.emit(TradeEvent::BillOfferRejected { part: part.id, units: offer.units, by: author });
    Ok(())
}

/// Whoever offered it takes it back. Bills art. 2.
pub(super) fn withdraw(context: Ledger<'_, '_>, id: &BillPartId, units: Option<Units>) -> Result<(), Error> {
    let author = context.author().clone();
    let (part, units) = find(context, id, units)?;
    let (part, offer) = part.withdraw(units, &author, context.findings())?;
    context.put(&part.id, &part);
    context.emit(TradeEvent::BillOfferWithdrawn { part: part.id, units: offer.units, by: author });
    Ok(())
}

/// B7: whoever wrote that it is not transferable revokes it. Negotiable Instruments Law art. 27, 34.
pub(super) fn revoke_restriction(context: Ledger<'_, '_>, id: &BillPartId) -> Result<(), Error> {
    let author = context.author().clone();
    let part = load_part(context, id)?.revoke_restriction(&author, context.findings())?;
    context.put(id, &part);
    context.emit(TradeEvent::NonTransferableRevoked { part: part.id, by: author });
    Ok(())
}

/// B10: the seller takes a part back at the agreed price. Bills art. 4.
pub(super) fn repurchase(context: Ledger<'_, '_>, id: &BillPartId, from: &AccountId) -> Result<(), Error> {
    let author = context.author().clone();
    let (_, calendar) = load(context, id.bill())?;
    let today = calendar.local_date(context.now())?;
    let before = load_part(context, id)?;
    let buyer = before.holder.clone();
    let (part, leg, account) = before.clone().repurchase(&author, today, context.findings())?;
    move_money(context, id, from, &account, leg.price)?;
    replace(context, Some(&before), &part)?;
    context.put(id, &part);
    let (part, price) = (part.id, leg.price);
    context.emit(TradeEvent::BillRepurchased { part, seller: author, buyer, price });
    Ok(())
}

/// B10: the buyer keeps a part that its seller did not take back. Bills art. 4.
pub(super) fn close_out(context: Ledger<'_, '_>, id: &BillPartId) -> Result<(), Error> {
    let author = context.author().clone();
    let (_, calendar) = load(context, id.bill())?;
    let today = calendar.local_date(context.now())?;
    let (part, seller) = load_part(context, id)?.close_out(&author, today, context.findings())?;
    context.put(id, &part);
    context.emit(TradeEvent::RepurchaseClosedOut { part: part.id, seller, buyer: author });
    Ok(())
}

/// B12: whoever collects a part presents it for payment. Negotiable Instruments Law art. 53.
pub(super) fn present_for_payment(
    context: Ledger<'_, '_>,
    id: &BillPartId,
    account: AccountId,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let (bill, calendar) = load(context, id.bill())?;
    let before = load_part(context, id)?;
    check_account(context, &account, &author, before.amount)?;
    let part = before.clone().present(&author, account.clone(), &bill, now, &calendar, context.findings())?;
    replace(context, Some(&before), &part)?;
    context.put(id, &part);
    if let PartState::Presented { late, deadline, .. } = part.state {
        let part = id.clone();
        context.emit(TradeEvent::BillPresentedForPayment { part, account, late, deadline });
    }
    Ok(())
}

/// B13: the acceptor pays a part. Negotiable Instruments Law art. 54, 60.
pub(super) fn pay(
    context: Ledger<'_, '_>,
    id: &BillPartId,
    from: AccountId,
    to: AccountId,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let (bill, calendar) = load(context, id.bill())?;
    let before = load_part(context, id)?;
    let paid = before.clone().pay(&author, &to, &bill, now, &calendar, context.findings())?;
    // What the acceptor holds itself is extinguished, and no money moves.
    if from != to || before.holder != author {
        move_money(context, id, &from, &to, paid.amount)?;
    }
    discharge(context, bill, &before, &paid)?;
    context.emit(TradeEvent::BillPaid {
        part: id.clone(),
        acceptor: author,
        collector: before.collector().clone(),
        amount: paid.amount,
        from,
        to,
    });
    Ok(())
}

/// Nobody is liable on a part any more.
fn discharge(context: Ledger<'_, '_>, bill: Bill, before: &BillPart, paid: &BillPart) -> Result<(), Error> {
    replace(context, Some(before), paid)?;
    context.put(&paid.id, paid);
    let bill = bill.paid(paid.amount, context.now())?;
    context.put(&bill.id, &bill);
    Ok(())
}

/// B14: the acceptor does not pay, or did not answer. Negotiable Instruments Law art. 61, 62.
pub(super) fn dishonour(context: Ledger<'_, '_>, id: &BillPartId, reason: String) -> Result<(), Error> {
    check_line("reason", &reason, MAX_BILL_TEXT_LENGTH)?;
    let (author, now) = (context.author().clone(), context.now());
    let (_, calendar) = load(context, id.bill())?;
    let before = load_part(context, id)?;
    let part = before.clone().dishonour(&author, reason.clone(), now, &calendar, context.findings())?;
    replace(context, Some(&before), &part)?;
    context.put(id, &part);
    context.emit(TradeEvent::BillDishonoured { part: part.id, by: author, reason });
    Ok(())
}

/// B15: whoever collects a dishonoured part claims it from one that is liable. Negotiable Instruments Law art. 66, 68.
pub(super) fn notify(
    context: Ledger<'_, '_>,
    id: &BillPartId,
    against: PartyId,
    account: AccountId,
    interest: Option<Rate>,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let (_, calendar) = load(context, id.bill())?;
    let today = calendar.local_date(now)?;
    let part = load_part(context, id)?;
    check_account(context, &account, &author, part.amount)?;
    let notice = RecourseNotice { against: against.clone(), account, interest, in_time: true, at: now };
    let part = part.notify(&author, notice, today, context.findings())?;
    context.put(id, &part);
    let in_time = part.notices.iter().any(|notice| notice.against == against && notice.in_time);
    context.emit(TradeEvent::RecourseNotified { part: part.id, by: author, against, in_time });
    Ok(())
}

/// B16: a party that was given notice pays, in whole or for some units, and takes the holder's place. Negotiable Instruments
/// Law art. 70, 71.
pub(super) fn settle(
    context: Ledger<'_, '_>,
    id: &BillPartId,
    units: Option<Units>,
    from: &AccountId,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let (bill, calendar) = load(context, id.bill())?;
    let today = calendar.local_date(now)?;
    let (before, units) = find(context, id, units)?;
    let cut = before.clone().cut_for_settlement(units, now, context.findings())?;
    let (amount, account) = cut.piece.claimed(&author, bill.due_on(), today, context.findings())?;
    let piece = divide(context, cut, before)?;
    move_money(context, &piece.id, from, &account, amount)?;
    let to = piece.collector().clone();
    let settlement = Settlement { by: author.clone(), to: to.clone(), amount, on: today };
    let settled = piece.clone().subrogate(settlement, account, now)?;
    if settled.is_live() {
        replace(context, Some(&piece), &settled)?;
        context.put(&settled.id, &settled);
    } else {
        discharge(context, bill, &piece, &settled)?;
    }
    context.emit(TradeEvent::RecourseSettled { part: settled.id, by: author, to, amount });
    Ok(())
}

/// B17: the acceptor enters a court's order. Bills art. 6.
pub(super) fn freeze(
    context: Ledger<'_, '_>,
    id: &BillPartId,
    court: String,
    order: String,
) -> Result<(), Error> {
    check_line("court", &court, MAX_BILL_TEXT_LENGTH)?;
    check_line("order", &order, MAX_BILL_TEXT_LENGTH)?;
    let (author, at) = (context.author().clone(), context.now());
    let freeze = BillFreeze { court: court.clone(), order: order.clone(), at };
    let part = load_part(context, id)?.freeze(&author, freeze, context.findings())?;
    context.put(id, &part);
    context.emit(TradeEvent::BillFrozen { part: part.id, court, order });
    Ok(())
}

/// B17: the acceptor enters the release of a court's order. Bills art. 6.
pub(super) fn release_freeze(context: Ledger<'_, '_>, id: &BillPartId, order: String) -> Result<(), Error> {
    let author = context.author().clone();
    let part = load_part(context, id)?.release_freeze(&author, &order, context.findings())?;
    context.put(id, &part);
    context.emit(TradeEvent::BillFreezeReleased { part: part.id, order });
    Ok(())
}

/// The part that has these units now. A part that was divided is followed to what stands in its place. Bills art. 3.
fn find(context: Ledger<'_, '_>, id: &BillPartId, units: Option<Units>) -> Result<(BillPart, Units), Error> {
    let units = units.unwrap_or(id.units());
    let inside = id.units().contain(units);
    let judged = BILL_UNITS.unless(inside, |refusal| refusal.with("part", id).with("units", units));
    context.judge(&BILL_UNITS, judged)?;
    let mut part = load_part(context, id)?;
    for _ in 0..MAX_DIVISIONS_FOLLOWED {
        let PartState::Divided { into, .. } = &part.state else { return Ok((part, units)) };
        match into.iter().find(|part| part.units().contain(units)) {
            Some(next) => part = load_part(context, next)?,
            None => break,
        }
    }
    if let PartState::Divided { .. } = part.state {
        return Err(lies_in_several(context, &part, units)?);
    }
    Ok((part, units))
}

/// Units that lie in several parts: where one of these is bound, the refusal says by what.
fn lies_in_several(context: Ledger<'_, '_>, part: &BillPart, units: Units) -> Result<Error, Error> {
    let now = context.now();
    let mut standing = vec![part.clone()];
    let mut parts = Vec::new();
    for _ in 0..MAX_DIVISIONS_FOLLOWED {
        let Some(next) = standing.pop() else { break };
        let PartState::Divided { into, .. } = &next.state else {
            let bound = next.is_free(units, &BillAct::Deliver, now);
            context.judge(&BILL_ENCUMBERED, bound)?;
            parts.push(next.id.to_string());
            continue;
        };
        for part in into.iter().filter(|part| part.units().overlap(units)).rev() {
            standing.push(load_part(context, part)?);
        }
    }
    parts.truncate(3);
    let refusal = BILL_DIVIDED.error().with("part", &part.id).with("units", units);
    context.judge(&BILL_DIVIDED, Err(refusal.with("into", parts.join(", "))))
}

/// Writes what is left of a part out of which some units were cut, and hands these on.
fn divide(context: Ledger<'_, '_>, cut: Cut, before: BillPart) -> Result<BillPart, Error> {
    let Cut { piece, rest, divided } = cut;
    if let Some(divided) = divided {
        if let PartState::Divided { into, .. } = &divided.state {
            context.emit(TradeEvent::BillDivided { part: before.id, into: into.clone() });
        }
        context.put(&divided.id, &divided);
    }
    rest.iter().for_each(|part| context.put(&part.id, part));
    context.put(&piece.id, &piece);
    Ok(piece)
}

/// What a sale comes to on a day.
fn price(
    context: Ledger<'_, '_>,
    part: &BillPart,
    offer: &BillOffer,
    bill: &Bill,
    today: Date,
) -> Result<Discounted, Error> {
    let face = part.amount_of(offer.units)?;
    let priced = offer.act.sale().map(|(terms, _)| terms.discount(face, today, bill.due_on()));
    let discounted = match priced {
        Some(Ok(discounted)) if discounted.net.is_positive() => Ok(discounted),
        Some(Err(source)) => {
            Err(BILL_PRICELESS.error().with("part", &part.id).with("reason", "terms").because(source))
        }
        _ => Err(BILL_PRICELESS.error().with("part", &part.id).with("reason", "nothing_left")),
    };
    context.judge(&BILL_PRICELESS, discounted)
}

/// Money moves for a part, unless an order holds it.
fn move_money(
    context: Ledger<'_, '_>,
    part: &BillPartId,
    from: &AccountId,
    to: &AccountId,
    amount: Money,
) -> Result<(), Error> {
    let subjects =
        [FrozenSubject::Bill { bill: part.bill().clone() }, FrozenSubject::BillPart { part: part.clone() }];
    supervision::settles(context, &subjects, &[], &[from, to])?;
    context.transfer(from, to, amount, None, &part.to_string())
}

/// Posts what a change of a part does to liabilities: the acceptor's, which is definite, and those of all who signed it before
/// its holder, which are contingent.
fn replace(context: Ledger<'_, '_>, before: Option<&BillPart>, after: &BillPart) -> Result<(), Error> {
    let old = before.map(BillPart::liable).unwrap_or_default();
    let new = after.liable();
    let before = before.map_or_else(Vec::new, |before| postings(before, &old));
    position::replace(context, &before, &postings(after, &new))
}

fn postings<'a>(part: &'a BillPart, liable: &'a [Liable]) -> Vec<Posting<'a>> {
    let of = |liable: &'a Liable| Posting {
        debtor: &liable.party,
        creditor: &part.holder,
        nature: liable.nature,
        amount: part.amount,
        day: Some(part.maturity),
    };
    liable.iter().map(of).collect()
}

/// An offer binds units, so it ends.
fn stands_for_a_while(expires_at: Timestamp, now: Timestamp) -> Result<(), Error> {
    BILL_OFFER_EXPIRY.unless(BILL_OFFER.reaches(now, expires_at), |refusal| {
        refusal.with("expires_at", expires_at).with("limit", BILL_OFFER.days)
    })
}

/// A bill whose due date is fixed where a calendar published since can, and that calendar.
fn load(context: Ledger<'_, '_>, id: &BillId) -> Result<(Bill, Calendar), Error> {
    let bill = context.get::<Bill>(id)?;
    let mut bill = bill.ok_or_else(|| BILL_UNKNOWN.error().with("bill", id))?;
    let calendar = context.calendar(&bill.open_terms().calendar)?;
    let due = bill.due.clone().settled(&calendar)?;
    if due != bill.due {
        bill.due = due.clone();
        context.emit(TradeEvent::BillDueDateDecided { bill: id.clone(), due });
        context.put(id, &bill);
    }
    Ok((bill, calendar))
}

/// A part that is on the ledger: there is one once the bill is accepted.
fn load_part(context: Ledger<'_, '_>, id: &BillPartId) -> Result<BillPart, Error> {
    if let Some(part) = context.get::<BillPart>(id)? {
        return Ok(part);
    }
    if let Some(bill) = context.get::<Bill>(id.bill())? {
        context.judge(&BILL_NOT_ACCEPTED, bill.is_accepted())?;
    }
    Err(BILL_PART_UNKNOWN.error().with("part", id))
}
