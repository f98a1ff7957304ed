//! Listings and quotes over the ledger, and the trades that come of them. URF 800, and the market's own rules.

use allonge_finance::{Date, Money, PartyId, Rate, Timestamp};
use allonge_ledger::{AccountId, Context, Error};

use super::claim::{self, check_account};
use super::position::{self, Posting};
use crate::claim::Claim;
use crate::deadline::Deadline;
use crate::event::TradeEvent;
use crate::identifier::{ClaimId, ListingId, QuoteId, TradeId};
use crate::market::{
    Criteria, FirmOffer, ForfaitingTerms, LapseReason, Listing, ListingKind, ListingState,
    MAX_CRITERIA_PARTIES, MAX_REASONS, MAX_TRADE_DOCUMENTS, MAX_TRADE_TEXT_LENGTH, Quote, QuoteState,
    QuoteSubject, Recourse, RecourseGround, Trade, TradeDocuments, TradeState,
};
use crate::position::Nature;
use crate::presentation::{Document, are_documents};
use crate::registry::{
    CLAIM_OFFER_EXPIRY, CLAIM_TO_ONESELF, DOCUMENTS_INVALID, FORFAITING_TERMS, LISTING_CRITERIA,
    LISTING_EXISTS, LISTING_UNKNOWN, QUOTE_EXISTS, QUOTE_UNKNOWN, REGISTER_NUMBER_INVALID, TRADE_EXISTS,
    TRADE_TEXTS, TRADE_UNKNOWN,
};
use crate::rulebook::{AVAILABILITY, CLAIM_OFFER, TRADE_CONFIRMATION};
use crate::terms::{Terms, check_line};

type Ledger<'a, 'b> = &'a mut Context<'b, TradeEvent>;

/// F2: a holder lists a claim for sale.
pub(super) fn publish_asset(
    context: Ledger<'_, '_>,
    number: String,
    claim: &ClaimId,
    indicative_rate: Option<Rate>,
    firm: Option<Box<FirmOffer>>,
    valid_until: Timestamp,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let listed = claim::load(context, claim)?;
    listed.check_disposable(&author, now, context.findings())?;
    if let Some(firm) = &firm {
        check_firm(context, firm, &author, Some(listed.amount))?;
    }
    let kind = ListingKind::Asset {
        claim: claim.clone(),
        indicative_rate,
        firm: firm.map(|firm| Box::new(firm.kept())),
    };
    list(context, number, kind, valid_until)
}

/// F2: a holder asks for quotes, without saying for which claim.
pub(super) fn request_quotes(
    context: Ledger<'_, '_>,
    number: String,
    criteria: Criteria,
    invited: Vec<PartyId>,
    valid_until: Timestamp,
) -> Result<(), Error> {
    criteria.validate()?;
    let ascending = invited.is_sorted_by(|one, other| one < other) && invited.len() <= MAX_CRITERIA_PARTIES;
    LISTING_CRITERIA.unless(ascending, |refusal| refusal.with("limit", MAX_CRITERIA_PARTIES))?;
    for party in criteria.obligors.iter().chain(&invited) {
        context.party(party)?;
    }
    list(context, number, ListingKind::Enquiry { criteria, invited }, valid_until)
}

/// F2: a buyer says what it buys, on which terms, and how much of it.
pub(super) fn place_bid(
    context: Ledger<'_, '_>,
    number: String,
    criteria: Criteria,
    firm: Box<FirmOffer>,
    capacity: Money,
    valid_until: Timestamp,
) -> Result<(), Error> {
    criteria.validate()?;
    let enough = capacity.checked_sub(criteria.least).is_ok_and(|more| !more.is_negative());
    LISTING_CRITERIA.unless(enough, |refusal| refusal.with("limit", MAX_CRITERIA_PARTIES))?;
    for party in &criteria.obligors {
        context.party(party)?;
    }
    let author = context.author().clone();
    check_firm(context, &firm, &author, Some(capacity))?;
    list(
        context,
        number,
        ListingKind::Bid { criteria, firm: Box::new(firm.kept()), left: capacity },
        valid_until,
    )
}

fn list(
    context: Ledger<'_, '_>,
    number: String,
    kind: ListingKind,
    valid_until: Timestamp,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let id =
        ListingId::new(author, number).map_err(|source| REGISTER_NUMBER_INVALID.error().because(source))?;
    let fresh = context.get::<Listing>(&id)?.is_none();
    LISTING_EXISTS.unless(fresh, |refusal| refusal.with("listing", &id))?;
    context.judge(&CLAIM_OFFER_EXPIRY, stands_for_a_while(valid_until, now))?;
    context.emit(TradeEvent::ListingPublished { listing: id.clone(), kind: kind.clone(), valid_until });
    let listing = Listing { id, kind, state: ListingState::Open, valid_until, published_at: now };
    context.put(&listing.id, &listing);
    Ok(())
}

/// Its publisher takes a listing back.
pub(super) fn withdraw_listing(context: Ledger<'_, '_>, id: &ListingId) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let listing = load_listing(context, id)?.withdraw(&author, now, context.findings())?;
    context.put(id, &listing);
    context.emit(TradeEvent::ListingWithdrawn { listing: id.clone() });
    Ok(())
}

/// F3: a buyer quotes firmly.
pub(super) fn quote(
    context: Ledger<'_, '_>,
    number: String,
    subject: QuoteSubject,
    firm: FirmOffer,
    valid_until: Timestamp,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let id = QuoteId::new(author.clone(), number)
        .map_err(|source| REGISTER_NUMBER_INVALID.error().because(source))?;
    let fresh = context.get::<Quote>(&id)?.is_none();
    QUOTE_EXISTS.unless(fresh, |refusal| refusal.with("quote", &id))?;
    context.judge(&CLAIM_OFFER_EXPIRY, stands_for_a_while(valid_until, now))?;
    let face = match &subject {
        QuoteSubject::Claim { claim } => {
            let claim = claim::load(context, claim)?;
            let another = another_than(&claim.holder_of_record, &author);
            context.judge(&CLAIM_TO_ONESELF, another)?;
            Some(claim.amount)
        }
        QuoteSubject::Enquiry { listing } => {
            load_listing(context, listing)?.invites(&author, now, context.findings())?;
            None
        }
    };
    check_firm(context, &firm, &author, face)?;
    context.emit(TradeEvent::QuoteGiven { quote: id.clone(), subject: subject.clone(), valid_until });
    let quote = Quote { id, subject, firm: firm.kept(), state: QuoteState::Open, valid_until, given_at: now };
    context.put(&quote.id, &quote);
    Ok(())
}

/// The buyer takes a quote back.
pub(super) fn withdraw_quote(context: Ledger<'_, '_>, id: &QuoteId) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let quote = load_quote(context, id)?.withdraw(&author, now, context.findings())?;
    context.put(id, &quote);
    context.emit(TradeEvent::QuoteWithdrawn { quote: id.clone() });
    Ok(())
}

/// F4: the holder accepts a quote, which makes the trade.
pub(super) fn accept_quote(
    context: Ledger<'_, '_>,
    number: String,
    id: &QuoteId,
    claim: &ClaimId,
    account: AccountId,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let trade = new_trade(context, number)?;
    let sold = claim::load(context, claim)?;
    check_account(context, &account, &author, sold.amount)?;
    let quote = load_quote(context, id)?.accept(claim, &trade, now, context.findings())?;
    if let QuoteSubject::Enquiry { listing } = &quote.subject {
        let listing = load_listing(context, listing)?;
        let listing = listing.match_enquiry(&author, &sold, &trade, now, context.findings())?;
        context.put(&listing.id.clone(), &listing);
    }
    context.put(id, &quote);
    agree(context, trade, sold, author, account, id.buyer().clone(), quote.firm.account, quote.firm.terms)
}

/// A buyer takes a claim that is firmly for sale, which makes the trade.
pub(super) fn take_asset(
    context: Ledger<'_, '_>,
    number: String,
    id: &ListingId,
    account: AccountId,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let trade = new_trade(context, number)?;
    let (listing, claim, firm) = load_listing(context, id)?.take(&trade, now, context.findings())?;
    let sold = claim::load(context, &claim)?;
    check_account(context, &account, &author, sold.amount)?;
    context.put(id, &listing);
    agree(context, trade, sold, id.party().clone(), firm.account, author, account, firm.terms)
}

/// A holder sells to a standing bid, which makes the trade.
pub(super) fn hit_bid(
    context: Ledger<'_, '_>,
    number: String,
    id: &ListingId,
    claim: &ClaimId,
    account: AccountId,
) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let trade = new_trade(context, number)?;
    let sold = claim::load(context, claim)?;
    check_account(context, &account, &author, sold.amount)?;
    let (listing, firm) = load_listing(context, id)?.hit(&sold, &trade, now, context.findings())?;
    context.put(id, &listing);
    agree(context, trade, sold, author, account, id.party().clone(), firm.account, firm.terms)
}

/// The trade date: the claim is bound to the trade, and takes its part of the buyer's line.
#[allow(clippy::too_many_arguments, reason = "two sides, each with its account, and what they agree on")]
fn agree(
    context: Ledger<'_, '_>,
    id: TradeId,
    claim: Claim,
    seller: PartyId,
    seller_account: AccountId,
    buyer: PartyId,
    buyer_account: AccountId,
    terms: Terms<ForfaitingTerms>,
) -> Result<(), Error> {
    let now = context.now();
    let another = another_than(&seller, &buyer);
    context.judge(&CLAIM_TO_ONESELF, another)?;
    let (claim, _) = claim::settled(context, claim)?;
    let claim = claim.sell(&seller, id.clone(), now, context.findings())?;
    let content = match &terms {
        Terms::Open { content } => content,
    };
    let calendar = context.calendar(&content.calendar)?;
    let traded_on = calendar.local_date(now)?;
    // The trade has a price on its value date, or it is none.
    content.price(claim.amount, traded_on, content.value_date.max(traded_on), claim.due.date())?;
    let availability = match content.availability_date {
        Some(date) => Deadline::after(date, 0, &calendar)?,
        None => Deadline::after(traded_on, AVAILABILITY.days, &calendar)?,
    };
    let documents = match content.documents.as_slice() {
        [] => TradeDocuments::Satisfactory { at: now },
        _ => TradeDocuments::Awaited,
    };
    let trade = Trade {
        claim: claim.id.clone(),
        face: claim.amount,
        due_on: claim.due.date(),
        obligor: claim.obligor.clone(),
        seller,
        buyer,
        seller_account,
        buyer_account,
        state: TradeState::Agreed,
        traded_on,
        confirmation: Deadline::after(traded_on, TRADE_CONFIRMATION.days, &calendar)?,
        confirmed_by_seller: None,
        confirmed_by_buyer: None,
        availability,
        documents,
        refused_once: false,
        open_conditions: (0_u16..).zip(&content.conditions).map(|(place, _)| place).collect(),
        terms,
        recourse: None,
        unwinding: None,
        agreed_at: now,
        id,
    };
    position::raise(context, &reserved(&trade))?;
    context.emit(TradeEvent::TradeAgreed {
        trade: trade.id.clone(),
        claim: trade.claim.clone(),
        seller: trade.seller.clone(),
        buyer: trade.buyer.clone(),
        face: trade.face,
    });
    context.put(&claim.id, &claim);
    context.put(&trade.id, &trade);
    Ok(())
}

/// What a trade keeps of the buyer's line towards the obligor, until it is settled or ends.
fn reserved(trade: &Trade) -> Posting<'_> {
    Posting {
        debtor: &trade.obligor,
        creditor: &trade.buyer,
        nature: Nature::Reserved,
        amount: trade.face,
        day: Some(trade.due_on),
    }
}

/// F5: one of the parties confirms the trade. URF 800 art. 8.
pub(super) fn confirm(context: Ledger<'_, '_>, id: &TradeId) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let trade = load(context, id)?.confirm(&author, now, context.findings())?;
    context.put(id, &trade);
    context.emit(TradeEvent::TradeConfirmed { trade: id.clone(), by: author });
    Ok(())
}

/// F6: the seller delivers the documents.
pub(super) fn deliver(context: Ledger<'_, '_>, id: &TradeId, documents: Vec<Document>) -> Result<(), Error> {
    let fits = (1..=MAX_TRADE_DOCUMENTS).contains(&documents.len());
    TRADE_TEXTS
        .unless(fits, |refusal| refusal.with("field", "documents").with("limit", MAX_TRADE_DOCUMENTS))?;
    context.judge(&DOCUMENTS_INVALID, are_documents(&documents))?;
    let (author, now) = (context.author().clone(), context.now());
    let trade = load(context, id)?;
    let calendar = context.calendar(&trade.open_terms().calendar)?;
    let delivered = documents.iter().map(|document| document.sha256).collect();
    let trade = trade.deliver(&author, documents, now, &calendar, context.findings())?;
    context.put(id, &trade);
    context.emit(TradeEvent::TradeDocumentsDelivered { trade: id.clone(), documents: delivered });
    Ok(())
}

/// The buyer is satisfied with the documents.
pub(super) fn accept_documents(context: Ledger<'_, '_>, id: &TradeId) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let trade = load(context, id)?.accept_documents(&author, now, context.findings())?;
    context.put(id, &trade);
    context.emit(TradeEvent::TradeDocumentsAccepted { trade: id.clone() });
    Ok(())
}

/// The buyer refuses the documents, once and with every reason.
pub(super) fn refuse_documents(
    context: Ledger<'_, '_>,
    id: &TradeId,
    reasons: Vec<String>,
) -> Result<(), Error> {
    let fits = (1..=MAX_REASONS).contains(&reasons.len());
    TRADE_TEXTS.unless(fits, |refusal| refusal.with("field", "reasons").with("limit", MAX_REASONS))?;
    for reason in &reasons {
        check_line("reasons", reason, MAX_TRADE_TEXT_LENGTH)?;
    }
    let (author, now) = (context.author().clone(), context.now());
    let trade = load(context, id)?.refuse_documents(&author, reasons.clone(), now, context.findings())?;
    context.put(id, &trade);
    context.emit(TradeEvent::TradeDocumentsRefused { trade: id.clone(), reasons });
    Ok(())
}

/// The buyer states that a condition is met, or does without it.
pub(super) fn satisfy(context: Ledger<'_, '_>, id: &TradeId, condition: u16) -> Result<(), Error> {
    let author = context.author().clone();
    let trade = load(context, id)?.satisfy(&author, condition, context.findings())?;
    context.put(id, &trade);
    context.emit(TradeEvent::ConditionSatisfied { trade: id.clone(), condition });
    Ok(())
}

/// F9, F10: delivery versus payment. The price and the claim change hands in one step, or neither does.
pub(super) fn settle(context: Ledger<'_, '_>, id: &TradeId, reserve: Option<Timestamp>) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let trade = load(context, id)?;
    let (claim, _) = sold(context, &trade)?;
    let on = today(context, &trade)?;
    let price = trade.open_terms().price(claim.amount, trade.traded_on, on, claim.due.date())?;
    let trade = trade.settle(&author, price, reserve, now, context.findings())?;
    claim.is_held_by(&trade.seller)?;
    position::lower(context, &reserved(&trade))?;
    pay(context, &trade.buyer_account.clone(), &trade.seller_account.clone(), price.net, &trade)?;
    let mut bought = claim.clone().assigned_to(trade.buyer.clone(), now);
    if reserve.is_some() {
        // Until the reserve is lifted the claim may have to go back.
        bought = bought.sell(&trade.buyer, id.clone(), now, context.findings())?;
    }
    claim::pass(context, &claim, &bought, position::reshape)?;
    context.emit(TradeEvent::TradeSettled { trade: id.clone(), claim: claim.id, price, reserve });
    context.put(id, &trade);
    Ok(())
}

/// The buyer lifts its reserve.
pub(super) fn lift(context: Ledger<'_, '_>, id: &TradeId) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let trade = load(context, id)?.lift(&author, now, context.findings())?;
    free(context, &trade)?;
    context.put(id, &trade);
    context.emit(TradeEvent::ReserveLifted { trade: id.clone() });
    Ok(())
}

/// F10: the seller pays back what was paid under reserve, and the claim is its own again.
pub(super) fn repay(context: Ledger<'_, '_>, id: &TradeId) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let trade = load(context, id)?;
    let on = today(context, &trade)?;
    let (trade, amount) = trade.repay(&author, on, now, context.findings())?;
    give_back(context, &trade, amount)?;
    context.emit(TradeEvent::TradeRepaid { trade: id.clone(), amount });
    context.put(id, &trade);
    Ok(())
}

/// A trade ends without settlement, and the claim is free.
pub(super) fn lapse(context: Ledger<'_, '_>, id: &TradeId) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let trade = load(context, id)?;
    let calendar = context.calendar(&trade.open_terms().calendar)?;
    let on = calendar.local_date(now)?;
    let owed = claim::load(context, &trade.claim)?.is_owed();
    let (trade, reason) = trade.lapse(&author, owed, on, now, &calendar, context.findings())?;
    position::lower(context, &reserved(&trade))?;
    if reason != LapseReason::ClaimOver {
        free(context, &trade)?;
    }
    context.emit(TradeEvent::TradeLapsed { trade: id.clone(), reason });
    context.put(id, &trade);
    Ok(())
}

/// The seller pays the commitment fee of a trade that lapsed.
pub(super) fn pay_fee(context: Ledger<'_, '_>, id: &TradeId) -> Result<(), Error> {
    let author = context.author().clone();
    let (trade, amount) = load(context, id)?.pay_fee(&author, context.findings())?;
    pay(context, &trade.seller_account.clone(), &trade.buyer_account.clone(), amount, &trade)?;
    context.emit(TradeEvent::CommitmentFeePaid { trade: id.clone(), amount });
    context.put(id, &trade);
    Ok(())
}

/// F14: the buyer proposes to undo a trade.
pub(super) fn propose_unwinding(
    context: Ledger<'_, '_>,
    id: &TradeId,
    reason: String,
    amount: Money,
) -> Result<(), Error> {
    check_line("reason", &reason, MAX_TRADE_TEXT_LENGTH)?;
    let (author, now) = (context.author().clone(), context.now());
    let trade = load(context, id)?;
    let payable = amount.is_positive() && amount.currency() == trade.face.currency();
    FORFAITING_TERMS.unless(payable, |refusal| {
        refusal.with("reason", "what goes back is above zero, in the claim's currency")
    })?;
    let trade = trade.propose_unwinding(&author, reason, amount, now, context.findings())?;
    context.put(id, &trade);
    context.emit(TradeEvent::UnwindingProposed { trade: id.clone(), amount });
    Ok(())
}

/// F14: the seller undoes it: what was proposed goes back, and so does the claim.
pub(super) fn unwind(context: Ledger<'_, '_>, id: &TradeId) -> Result<(), Error> {
    let (author, now) = (context.author().clone(), context.now());
    let (trade, amount) = load(context, id)?.unwind(&author, now, context.findings())?;
    give_back(context, &trade, amount)?;
    context.emit(TradeEvent::TradeUnwound { trade: id.clone(), amount });
    context.put(id, &trade);
    Ok(())
}

/// F13: the buyer comes back to the seller.
pub(super) fn claim_recourse(
    context: Ledger<'_, '_>,
    id: &TradeId,
    ground: RecourseGround,
    statement: String,
) -> Result<(), Error> {
    check_line("statement", &statement, MAX_TRADE_TEXT_LENGTH)?;
    let (author, now) = (context.author().clone(), context.now());
    let recourse = Recourse { ground, statement, at: now };
    let trade = load(context, id)?.claim_recourse(&author, recourse, context.findings())?;
    context.put(id, &trade);
    context.emit(TradeEvent::RecourseClaimed { trade: id.clone(), ground });
    Ok(())
}

/// The seller pays, and the claim passes back from the buyer, who must hold it still.
fn give_back(context: Ledger<'_, '_>, trade: &Trade, amount: Money) -> Result<(), Error> {
    let now = context.now();
    let (claim, _) = sold(context, trade)?;
    claim.is_held_by(&trade.buyer)?;
    if !is_bound_by(&claim, trade) {
        claim.check_disposable(&trade.buyer, now, context.findings())?;
    }
    pay(context, &trade.seller_account.clone(), &trade.buyer_account.clone(), amount, trade)?;
    let back = claim.clone().assigned_to(trade.seller.clone(), now);
    claim::pass(context, &claim, &back, position::reshape)
}

fn pay(
    context: Ledger<'_, '_>,
    from: &AccountId,
    to: &AccountId,
    amount: Money,
    trade: &Trade,
) -> Result<(), Error> {
    claim::check_settles(context, &trade.claim, from, to)?;
    context.transfer(from, to, amount, None, &trade.id.to_string())
}

/// The claim is bound by a trade no more.
fn free(context: Ledger<'_, '_>, trade: &Trade) -> Result<(), Error> {
    let mut claim = claim::load(context, &trade.claim)?;
    if is_bound_by(&claim, trade) {
        claim.encumbrance = None;
        context.put(&claim.id.clone(), &claim);
    }
    Ok(())
}

fn is_bound_by(claim: &Claim, trade: &Trade) -> bool {
    matches!(&claim.encumbrance, Some(crate::claim::Encumbrance::Sold { trade: by }) if *by == trade.id)
}

/// The claim of a trade, with its due date as it is known now.
fn sold(context: Ledger<'_, '_>, trade: &Trade) -> Result<(Claim, allonge_finance::Calendar), Error> {
    let claim = claim::load(context, &trade.claim)?;
    claim.check_owed(context.findings())?;
    claim::settled(context, claim)
}

/// The day at the place of performance.
fn today(context: Ledger<'_, '_>, trade: &Trade) -> Result<Date, Error> {
    let calendar = context.calendar(&trade.open_terms().calendar)?;
    Ok(calendar.local_date(context.now())?)
}

fn load(context: Ledger<'_, '_>, id: &TradeId) -> Result<Trade, Error> {
    context.get::<Trade>(id)?.ok_or_else(|| TRADE_UNKNOWN.error().with("trade", id))
}

fn load_listing(context: Ledger<'_, '_>, id: &ListingId) -> Result<Listing, Error> {
    context.get::<Listing>(id)?.ok_or_else(|| LISTING_UNKNOWN.error().with("listing", id))
}

fn load_quote(context: Ledger<'_, '_>, id: &QuoteId) -> Result<Quote, Error> {
    context.get::<Quote>(id)?.ok_or_else(|| QUOTE_UNKNOWN.error().with("quote", id))
}

/// A number of the author's own for a trade.
fn new_trade(context: Ledger<'_, '_>, number: String) -> Result<TradeId, Error> {
    let id = TradeId::new(context.author().clone(), number)
        .map_err(|source| REGISTER_NUMBER_INVALID.error().because(source))?;
    let fresh = context.get::<Trade>(&id)?.is_none();
    TRADE_EXISTS.unless(fresh, |refusal| refusal.with("trade", &id))?;
    Ok(id)
}

/// Firm terms, and an account of whoever is bound, in the currency of what is sold.
fn check_firm(
    context: Ledger<'_, '_>,
    firm: &FirmOffer,
    author: &PartyId,
    face: Option<Money>,
) -> Result<(), Error> {
    firm.terms.validate(Some(face.map_or_else(|| firm.account.currency(), |face| face.currency())))?;
    context.calendar(&firm.terms.calendar)?;
    check_account(
        context,
        &firm.account,
        author,
        face.unwrap_or_else(|| Money::zero(firm.account.currency())),
    )
}

fn stands_for_a_while(valid_until: Timestamp, now: Timestamp) -> Result<(), Error> {
    CLAIM_OFFER_EXPIRY.unless(CLAIM_OFFER.reaches(now, valid_until), |refusal| {
        refusal.with("expires_at", valid_until).with("limit", CLAIM_OFFER.days)
    })
}

fn another_than(one: &PartyId, other: &PartyId) -> Result<(), Error> {
    CLAIM_TO_ONESELF.unless(one != other, |refusal| refusal.with("party", other))
}
