//! Factoring over the ledger: approvals, receivables that are assigned, financed, collected, covered and given back. GRIF.

use allonge_finance::{CalendarId, Date, DiscountTerms, Money, PartyId, Timestamp};
use allonge_ledger::{AccountId, Context, Error};

use super::claim::check_account;
use super::position::{self, Posting};
use super::supervision;
use crate::deadline::DueDate;
use crate::event::TradeEvent;
use crate::factoring::{
    ApprovalState, CreditApproval, MAX_FACTORING_TEXT_LENGTH, Receivable, ReceivableOffer, ReceivableState,
    Registration,
};
use crate::financing::{Financing, FinancingState};
use crate::identifier::{ApprovalId, FinancingId, ReceivableId};
use crate::position::Nature;
use crate::registry::{
    APPROVAL_EXISTS, APPROVAL_UNKNOWN, CLAIM_OFFER_EXPIRY, CLAIM_TO_ONESELF, FACTORING_AMOUNT,
    FACTORING_FINANCING, NOT_EXPORT_FACTOR, NOT_IMPORT_FACTOR, RECEIVABLE_EXISTS, RECEIVABLE_UNKNOWN,
    REGISTER_NUMBER_INVALID, TRADE_PRICE,
};
use crate::rulebook::{APPROVAL_ANSWER, CLAIM_OFFER};
use crate::terms::check_line;

type Ledger<'a, 'b> = &'a mut Context<'b, TradeEvent>;

/// R1: the export factor asks the import factor to cover a debtor.
pub(super) fn request(
    context: Ledger<'_, '_>,
    number: String,
    import_factor: PartyId,
    seller: PartyId,
    debtor: PartyId,
    amount: Money,
) -> Result<(), Error> {
    let author = context.author().clone();
    let id = ApprovalId::new(author.clone(), number)
        .map_err(|source| REGISTER_NUMBER_INVALID.error().because(source))?;
    let fresh = context.get::<CreditApproval>(&id)?.is_none();
    APPROVAL_EXISTS.unless(fresh, |refusal| refusal.with("approval", &id))?;
    let another = CLAIM_TO_ONESELF.unless(import_factor != author, |refusal| refusal.with("party", &author));
    context.judge(&CLAIM_TO_ONESELF, another)?;
    for party in [&import_factor, &seller, &debtor] {
        context.party(party)?;
    }
    check_positive(amount)?;
    let answer_by = APPROVAL_ANSWER.from(context.now())?;
    let state = ApprovalState::Requested;
    context.emit(TradeEvent::ApprovalRequested {
        approval: id.clone(),
        import_factor: import_factor.clone(),
        amount,
    });
    let approval = CreditApproval { id, import_factor, seller, debtor, requested: amount, answer_by, state };
    context.put(&approval.id, &approval);
    Ok(())
}

/// R2: the import factor approves an amount, or declines.
pub(super) fn answer(
    context: Ledger<'_, '_>,
    id: &ApprovalId,
    amount: Option<Money>,
    valid_until: Date,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let approval = load_approval(context, id)?;
    if let Some(amount) = amount {
        check_positive(amount)?;
        same_currency(amount, approval.requested)?;
    }
    let approved = amount.map(|amount| (amount, valid_until));
    let approval = approval.answer(&author, approved, now, context.findings())?;
    context.put(id, &approval);
    context.emit(TradeEvent::ApprovalAnswered { approval: id.clone(), amount });
    Ok(())
}

/// R6: the import factor reduces its approval, or ends it.
pub(super) fn reduce(context: Ledger<'_, '_>, id: &ApprovalId, to: Option<Money>) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let approval = load_approval(context, id)?.reduce(&author, to, now, context.findings())?;
    context.put(id, &approval);
    context.emit(TradeEvent::ApprovalReduced { approval: id.clone(), amount: to });
    Ok(())
}

/// What is assigned.
pub(super) struct Assigned {
    pub approval: ApprovalId,
    pub invoice: String,
    pub amount: Money,
    pub maturity: Date,
    pub calendar: CalendarId,
    pub registration: Option<Registration>,
}

/// R3: the export factor, to whom the seller assigned a receivable, assigns it on for collection and cover.
pub(super) fn assign(context: Ledger<'_, '_>, number: String, assigned: Assigned) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let id = ReceivableId::new(author.clone(), number)
        .map_err(|source| REGISTER_NUMBER_INVALID.error().because(source))?;
    let fresh = context.get::<Receivable>(&id)?.is_none();
    RECEIVABLE_EXISTS.unless(fresh, |refusal| refusal.with("receivable", &id))?;
    let Assigned { approval, invoice, amount, maturity, calendar, registration } = assigned;
    check_line("invoice", &invoice, MAX_FACTORING_TEXT_LENGTH)?;
    if let Some(Registration { number, .. }) = &registration {
        check_line("registration", number, MAX_FACTORING_TEXT_LENGTH)?;
    }
    check_positive(amount)?;
    let approval = load_approval(context, &approval)?;
    let own = NOT_EXPORT_FACTOR
        .unless(author == *approval.id.export_factor(), |refusal| refusal.with("party", &author));
    context.judge(&NOT_EXPORT_FACTOR, own)?;
    same_currency(amount, approval.requested)?;
    let calendar = context.calendar(&calendar)?;
    let on = calendar.local_date(now)?;
    let (approval, covered) = approval.cover(amount, on, context.findings())?;
    let receivable = Receivable {
        approval: approval.id.clone(),
        import_factor: approval.import_factor.clone(),
        seller: approval.seller.clone(),
        debtor: approval.debtor.clone(),
        invoice,
        face: amount,
        outstanding: amount,
        covered,
        due: DueDate::following(maturity, &calendar)?,
        registration,
        owner: author,
        advance: None,
        offer: None,
        state: ReceivableState::Outstanding,
        assigned_at: now,
        id,
    };
    post(context, &receivable, covered, position::raise)?;
    context.emit(TradeEvent::ReceivableAssigned {
        receivable: receivable.id.clone(),
        amount,
        covered,
        due: receivable.due.clone(),
    });
    context.put(&approval.id, &approval);
    context.put(&receivable.id, &receivable);
    Ok(())
}

/// R4: the export factor advances a part to the seller.
pub(super) fn finance(
    context: Ledger<'_, '_>,
    id: &ReceivableId,
    amount: Money,
    recourse: bool,
    financing: Option<FinancingId>,
    from: &AccountId,
    to: &AccountId,
) -> Result<(), Error> {
    let author = context.author().clone();
    let receivable = load(context, id)?;
    check_account(context, to, &receivable.seller, receivable.face)?;
    if let Some(financing) = &financing {
        let judged = registered(context, financing, &author, amount);
        context.judge(&FACTORING_FINANCING, judged)?;
    }
    let receivable = receivable.advance(&author, amount, recourse, financing, context.findings())?;
    pay(context, &receivable, from, to, amount)?;
    context.put(id, &receivable);
    context.emit(TradeEvent::ReceivableFinanced { receivable: id.clone(), amount, recourse });
    Ok(())
}

/// A financing that an advance names is the author's own, is live, and is of that amount at least.
fn registered(
    context: &Context<'_, TradeEvent>,
    id: &FinancingId,
    author: &PartyId,
    amount: Money,
) -> Result<(), Error> {
    let financing = context.get::<Financing>(id)?;
    let enough = |financing: Financing| {
        let live =
            matches!(financing.state, FinancingState::Reserved { .. } | FinancingState::Financed { .. });
        live && financing.amount.checked_sub(amount).is_ok_and(|more| !more.is_negative())
    };
    FACTORING_FINANCING.unless(id.bank() == author && financing.is_some_and(enough), |refusal| {
        refusal.with("financing", id).with("amount", amount)
    })
}

/// R5: the seller or the export factor credits the debtor: dilution.
pub(super) fn credit_note(
    context: Ledger<'_, '_>,
    id: &ReceivableId,
    amount: Money,
    reason: String,
) -> Result<(), Error> {
    check_line("reason", &reason, MAX_FACTORING_TEXT_LENGTH)?;
    let author = context.author().clone();
    let receivable = load(context, id)?;
    let may = author == receivable.seller || receivable.is_export_factor(&author).is_ok();
    let judged = NOT_EXPORT_FACTOR.unless(may, |refusal| refusal.with("party", &author));
    context.judge(&NOT_EXPORT_FACTOR, judged)?;
    shrink(context, receivable, amount, true)?;
    context.emit(TradeEvent::ReceivableCredited { receivable: id.clone(), amount, reason });
    Ok(())
}

/// R7: the import factor remits what it collected to whoever owns the receivable.
pub(super) fn remit(
    context: Ledger<'_, '_>,
    id: &ReceivableId,
    amount: Money,
    from: &AccountId,
    to: &AccountId,
) -> Result<(), Error> {
    let author = context.author().clone();
    let receivable = load(context, id)?;
    let factor = NOT_IMPORT_FACTOR
        .unless(author == receivable.import_factor, |refusal| refusal.with("party", &author));
    context.judge(&NOT_IMPORT_FACTOR, factor)?;
    check_account(context, to, &receivable.owner, receivable.face)?;
    pay(context, &receivable, from, to, amount)?;
    shrink(context, receivable, amount, false)?;
    context.emit(TradeEvent::CollectionRemitted { receivable: id.clone(), amount });
    Ok(())
}

/// R7: the export factor reports what the debtor paid it directly.
pub(super) fn report_direct(
    context: Ledger<'_, '_>,
    id: &ReceivableId,
    amount: Money,
    reference: String,
) -> Result<(), Error> {
    check_line("reference", &reference, MAX_FACTORING_TEXT_LENGTH)?;
    let author = context.author().clone();
    let receivable = load(context, id)?;
    let judged = receivable.is_export_factor(&author);
    context.judge(&NOT_EXPORT_FACTOR, judged)?;
    shrink(context, receivable, amount, false)?;
    context.emit(TradeEvent::DirectReceiptReported { receivable: id.clone(), amount, reference });
    Ok(())
}

/// What is owed becomes less, and so does the cover.
fn shrink(
    context: Ledger<'_, '_>,
    receivable: Receivable,
    amount: Money,
    credited: bool,
) -> Result<(), Error> {
    let now = context.now();
    let (after, freed) = receivable.reduce(amount, credited, now, context.findings())?;
    uncover(context, &after, freed)?;
    context.put(&after.id, &after);
    Ok(())
}

/// The import factor covers less: the approval has room again.
fn uncover(context: Ledger<'_, '_>, receivable: &Receivable, freed: Money) -> Result<(), Error> {
    if freed.is_zero() {
        return Ok(());
    }
    post(context, receivable, freed, position::lower)?;
    let approval = load_approval(context, &receivable.approval)?.free(freed)?;
    context.put(&approval.id.clone(), &approval);
    Ok(())
}

/// R9: notice of a dispute.
pub(super) fn dispute(context: Ledger<'_, '_>, id: &ReceivableId, reason: String) -> Result<(), Error> {
    check_line("reason", &reason, MAX_FACTORING_TEXT_LENGTH)?;
    let (author, now) = (context.author().clone(), context.now());
    let receivable = load(context, id)?.dispute(&author, reason.clone(), now, context.findings())?;
    context.put(id, &receivable);
    context.emit(TradeEvent::ReceivableDisputed { receivable: id.clone(), by: author, reason });
    Ok(())
}

/// R9: a dispute is settled.
pub(super) fn settle_dispute(context: Ledger<'_, '_>, id: &ReceivableId) -> Result<(), Error> {
    let author = context.author().clone();
    let receivable = load(context, id)?.settle_dispute(&author, context.findings())?;
    context.put(id, &receivable);
    context.emit(TradeEvent::DisputeSettled { receivable: id.clone() });
    Ok(())
}

/// R8: the import factor pays what it covers.
pub(super) fn pay_cover(
    context: Ledger<'_, '_>,
    id: &ReceivableId,
    from: &AccountId,
    to: &AccountId,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let receivable = load(context, id)?;
    check_account(context, to, &receivable.owner, receivable.face)?;
    let calendar = context.calendar(receivable.due.calendar())?;
    let (mut receivable, amount) = receivable.pay_cover(&author, now, &calendar, context.findings())?;
    pay(context, &receivable, from, to, amount)?;
    uncover(context, &receivable, amount)?;
    receivable.owner = author;
    context.put(id, &receivable);
    context.emit(TradeEvent::CoverPaid { receivable: id.clone(), amount });
    Ok(())
}

/// R10: the import factor proposes to give a receivable back.
pub(super) fn propose_reassignment(
    context: Ledger<'_, '_>,
    id: &ReceivableId,
    cause: String,
) -> Result<(), Error> {
    check_line("cause", &cause, MAX_FACTORING_TEXT_LENGTH)?;
    let (author, now) = (context.author().clone(), context.now());
    let receivable =
        load(context, id)?.propose_reassignment(&author, cause.clone(), now, context.findings())?;
    context.put(id, &receivable);
    context.emit(TradeEvent::ReassignmentProposed { receivable: id.clone(), cause });
    Ok(())
}

/// R10: a receivable is given back.
pub(super) fn reassign(context: Ledger<'_, '_>, id: &ReceivableId) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let (receivable, freed) = load(context, id)?.reassign(&author, now, context.findings())?;
    uncover(context, &receivable, freed)?;
    context.put(id, &receivable);
    context.emit(TradeEvent::ReceivableReassigned { receivable: id.clone() });
    Ok(())
}

/// R11: its owner offers a receivable to a bank.
pub(super) fn offer(
    context: Ledger<'_, '_>,
    id: &ReceivableId,
    to: PartyId,
    discount: DiscountTerms,
    account: AccountId,
    expires_at: Timestamp,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let receivable = load(context, id)?;
    let another = CLAIM_TO_ONESELF.unless(to != author, |refusal| refusal.with("party", &author));
    context.judge(&CLAIM_TO_ONESELF, another)?;
    context.party(&to)?;
    check_account(context, &account, &author, receivable.face)?;
    let in_bounds = CLAIM_OFFER.reaches(now, expires_at);
    let judged = CLAIM_OFFER_EXPIRY
        .unless(in_bounds, |refusal| refusal.with("expires_at", expires_at).with("limit", CLAIM_OFFER.days));
    context.judge(&CLAIM_OFFER_EXPIRY, judged)?;
    let offer = ReceivableOffer { to: to.clone(), discount, account, expires_at };
    let receivable = receivable.offer(&author, offer, context.findings())?;
    context.put(id, &receivable);
    context.emit(TradeEvent::ReceivableOffered { receivable: id.clone(), to, expires_at });
    Ok(())
}

/// R11: a bank takes a receivable and pays its price, in one step.
pub(super) fn accept(context: Ledger<'_, '_>, id: &ReceivableId, from: &AccountId) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let before = load(context, id)?;
    let (receivable, offer) = before.clone().accept_offer(&author, now, context.findings())?;
    let calendar = context.calendar(receivable.due.calendar())?;
    let due = receivable.due.clone().settled(&calendar)?.date();
    let priced = offer.discount.discount(receivable.outstanding, calendar.local_date(now)?, due);
    let price =
        priced.map_err(|source| TRADE_PRICE.error().with("reason", source.to_string()).because(source));
    let price = context.judge(&TRADE_PRICE, price)?.net;
    pay(context, &receivable, from, &offer.account, price)?;
    // Whom the import factor pays its cover to is whoever owns the receivable.
    post(context, &before, before.covered, position::lower)?;
    post(context, &receivable, receivable.covered, position::raise)?;
    context.put(id, &receivable);
    context.emit(TradeEvent::ReceivableSold {
        receivable: id.clone(),
        from: before.owner,
        to: author,
        price,
    });
    Ok(())
}

/// What the import factor is liable for to the owner, if the debtor does not pay.
fn post(
    context: Ledger<'_, '_>,
    receivable: &Receivable,
    amount: Money,
    how: fn(&mut Context<'_, TradeEvent>, &Posting<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    if amount.is_zero() {
        return Ok(());
    }
    let posting = Posting {
        debtor: &receivable.import_factor,
        creditor: &receivable.owner,
        nature: Nature::Contingent,
        amount,
        day: Some(receivable.due.date()),
    };
    how(context, &posting)
}

fn pay(
    context: Ledger<'_, '_>,
    receivable: &Receivable,
    from: &AccountId,
    to: &AccountId,
    amount: Money,
) -> Result<(), Error> {
    supervision::settles(context, &[], &[&receivable.debtor], &[from, to])?;
    context.transfer(from, to, amount, None, &receivable.id.to_string())
}

fn load(context: Ledger<'_, '_>, id: &ReceivableId) -> Result<Receivable, Error> {
    context.get::<Receivable>(id)?.ok_or_else(|| RECEIVABLE_UNKNOWN.error().with("receivable", id))
}

fn load_approval(context: Ledger<'_, '_>, id: &ApprovalId) -> Result<CreditApproval, Error> {
    context.get::<CreditApproval>(id)?.ok_or_else(|| APPROVAL_UNKNOWN.error().with("approval", id))
}

fn check_positive(amount: Money) -> Result<(), Error> {
    FACTORING_AMOUNT.unless(amount.is_positive(), |refusal| refusal.with("amount", amount))
}

fn same_currency(amount: Money, other: Money) -> Result<(), Error> {
    FACTORING_AMOUNT.unless(amount.currency() == other.currency(), |refusal| refusal.with("amount", amount))
}
