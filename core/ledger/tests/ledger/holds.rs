//! Holds: what is reserved, posted, voided and expired; payment versus payment; delivery versus payment.

use allonge_finance::{Money, PartyId, Timestamp};
use allonge_ledger::{
    AccountId, Against, Amount, Context, Entry, Error, Event, Governed, Hold, HoldId, HoldState, HoldTerms,
    LedgerEvent, LedgerOperation, Operation, Rules, Stored, from_canonical,
};
use borsh::{BorshDeserialize, BorshSerialize};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::memory::*;
use crate::world::*;

const HOUR: i64 = 3_600;

fn alice() -> AccountId {
    account(ALICE, "settlement")
}

fn bob() -> AccountId {
    account(BOB, "settlement")
}

/// Alice has 100.00 USD, Bob nothing.
fn funded<R: Rules>(rules: R) -> Memory<R> {
    let mut ledger = Memory::create(rules);
    ledger.opens(&alice());
    ledger.opens(&bob());
    ledger.funds(&alice(), 10_000);
    ledger
}

/// Alice holds 60.00 USD for Bob, for an hour.
fn held() -> (Memory<Notes>, HoldId) {
    let mut ledger = funded(Notes);
    let now = ledger.now;
    ledger.does(ALICE, hold_of(6_000, now).operation());
    (ledger, hold_id(ALICE, "1"))
}

/// Terms as Alice would write them, before a test changes one.
#[derive(Clone)]
struct Wanted {
    hold: HoldId,
    from: AccountId,
    to: AccountId,
    amount: Money,
    poster: Option<PartyId>,
    against: Option<Against>,
    expires_at: Timestamp,
}

fn hold_of(minor_units: i128, now: Timestamp) -> Wanted {
    Wanted {
        hold: hold_id(ALICE, "1"),
        from: alice(),
        to: bob(),
        amount: usd(minor_units),
        poster: None,
        against: None,
        expires_at: now.plus_millis(HOUR * 1_000).unwrap(),
    }
}

impl Wanted {
    fn operation(self) -> LedgerOperation {
        let Wanted { hold, from, to, amount, poster, against, expires_at } = self;
        let reference = "goods".into();
        LedgerOperation::HoldFunds { hold, from, to, amount, poster, against, expires_at, reference }
    }
}

fn post(hold: &HoldId) -> LedgerOperation {
    LedgerOperation::PostHold { hold: hold.clone(), amount: None, pay_from: None }
}

fn post_part(hold: &HoldId, amount: Money) -> LedgerOperation {
    LedgerOperation::PostHold { hold: hold.clone(), amount: Some(amount), pay_from: None }
}

fn post_paying(hold: &HoldId, pay_from: &AccountId) -> LedgerOperation {
    LedgerOperation::PostHold { hold: hold.clone(), amount: None, pay_from: Some(pay_from.clone()) }
}

fn void(hold: &HoldId) -> LedgerOperation {
    LedgerOperation::VoidHold { hold: hold.clone() }
}

/// Posted, remaining, and what has become of it.
fn standing<R: Rules>(ledger: &Memory<R>, id: &HoldId) -> (i128, i128, HoldState) {
    let hold = ledger.hold(id);
    (hold.posted.minor_units(), hold.remaining.minor_units(), hold.state)
}

#[test]
fn what_is_held_stays_on_the_account_and_is_not_available() {
    let (mut ledger, id) = held();
    let account = ledger.account(&alice());
    assert_eq!(
        (account.balance, account.held, account.available().unwrap()),
        (usd(10_000), usd(6_000), usd(4_000))
    );
    assert_eq!(account.entries, 1, "a hold is no booking");
    assert_eq!(ledger.refuses(ALICE, pay(&alice(), &bob(), 4_001)), "account.insufficient_funds");
    let second = Wanted { hold: hold_id(ALICE, "2"), ..hold_of(4_001, ledger.now) };
    assert_eq!(ledger.refuses(ALICE, second.operation()), "account.insufficient_funds");
    ledger.does(ALICE, pay(&alice(), &bob(), 4_000));
    ledger.does(BOB, post(&id));
    assert_eq!((ledger.balance(&alice()), ledger.balance(&bob())), (0, 10_000));
}

#[test]
fn a_hold_says_all_that_it_binds_to() {
    let mut ledger = funded(Notes);
    let wanted = hold_of(6_000, ledger.now);
    let events = ledger.does(ALICE, wanted.clone().operation());
    let hold = ledger.hold(&wanted.hold);
    assert_eq!(
        hold,
        Hold {
            id: wanted.hold.clone(),
            from: alice(),
            to: bob(),
            amount: usd(6_000),
            posted: usd(0),
            remaining: usd(6_000),
            poster: Some(party(BOB)),
            against: None,
            expires_at: wanted.expires_at,
            state: HoldState::Open,
            reference: "goods".into(),
        }
    );
    let placed = LedgerEvent::HoldPlaced {
        hold: wanted.hold,
        from: alice(),
        to: bob(),
        amount: usd(6_000),
        poster: Some(party(BOB)),
        against: None,
        expires_at: wanted.expires_at,
        reference: "goods".into(),
    };
    assert_eq!(events, [Event::Ledger(placed)]);
}

#[test]
fn a_hold_is_posted_in_parts_until_nothing_remains() {
    let (mut ledger, id) = held();
    let events = ledger.does(BOB, post_part(&id, usd(2_500)));
    let [Event::Ledger(LedgerEvent::Transferred { amount, reference, from_balance, .. }), posted] =
        &events[..]
    else {
        panic!("{events:?}")
    };
    assert_eq!((*amount, reference.as_str(), *from_balance), (usd(2_500), "goods", usd(7_500)));
    let event = LedgerEvent::HoldPosted { hold: id.clone(), amount: usd(2_500), remaining: usd(3_500) };
    assert_eq!(posted, &Event::Ledger(event));
    assert_eq!(standing(&ledger, &id), (2_500, 3_500, HoldState::Open));
    assert_eq!(ledger.account(&alice()).held, usd(3_500));
    assert_eq!(ledger.refuses(BOB, post_part(&id, usd(3_501))), "hold.exceeded");
    ledger.does(BOB, post(&id));
    assert_eq!(standing(&ledger, &id), (6_000, 0, HoldState::Posted));
    assert_eq!(ledger.account(&alice()).held, usd(0));
    assert_eq!((ledger.balance(&alice()), ledger.balance(&bob())), (4_000, 6_000));
}

#[test]
fn what_remains_of_a_hold_posted_in_part_is_voided() {
    let (mut ledger, id) = held();
    ledger.does(BOB, post_part(&id, usd(2_500)));
    let events = ledger.does(BOB, void(&id));
    let voided = LedgerEvent::HoldVoided { hold: id.clone(), amount: usd(3_500), expired: false };
    assert_eq!(events, [Event::Ledger(voided)]);
    assert_eq!(standing(&ledger, &id), (2_500, 0, HoldState::Voided));
    assert_eq!(ledger.account(&alice()).available().unwrap(), usd(7_500));
}

#[test]
fn a_hold_binds_its_payer_to_the_millisecond_and_then_nobody() {
    let (mut ledger, id) = held();
    ledger.passes(HOUR);
    assert_eq!(ledger.refuses(ALICE, void(&id)), "hold.not_expired");
    ledger.does(BOB, post_part(&id, usd(1)));
    ledger.now = ledger.now.plus_millis(1).unwrap();
    assert_eq!(ledger.refuses(BOB, post_part(&id, usd(1))), "hold.expired");
    assert_eq!(ledger.account(&alice()).held, usd(5_999), "nobody has let it go yet");
    let events = ledger.does(ALICE, void(&id));
    let voided = LedgerEvent::HoldVoided { hold: id.clone(), amount: usd(5_999), expired: true };
    assert_eq!(events, [Event::Ledger(voided)]);
    assert_eq!(standing(&ledger, &id), (1, 0, HoldState::Expired));
    assert_eq!(ledger.account(&alice()).held, usd(0));
}

#[test]
fn its_poster_voids_an_expired_hold_too() {
    let (mut ledger, id) = held();
    ledger.passes(HOUR + 1);
    ledger.does(BOB, void(&id));
    assert_eq!(standing(&ledger, &id), (0, 0, HoldState::Expired));
}

#[test]
fn a_hold_that_is_no_longer_open_stays_as_it_is() {
    for end in [post as fn(&HoldId) -> LedgerOperation, void] {
        let (mut ledger, id) = held();
        ledger.does(BOB, end(&id));
        for seconds in [0, HOUR + 1] {
            ledger.passes(seconds);
            for again in [post(&id), post_part(&id, usd(1)), void(&id)] {
                assert_eq!(ledger.refuses(BOB, again), "hold.closed");
            }
            assert_eq!(ledger.refuses(ALICE, void(&id)), "hold.closed");
        }
        let again = hold_of(1, ledger.now).operation();
        assert_eq!(ledger.refuses(ALICE, again), "hold.exists", "a number is used once");
    }
}

#[test]
fn a_hold_is_posted_by_its_poster_alone() {
    let (mut ledger, id) = held();
    for stranger in [ALICE, AGENT] {
        assert_eq!(ledger.refuses(stranger, post(&id)), "hold.not_yours");
    }
    assert_eq!(ledger.refuses(AGENT, void(&id)), "hold.not_yours");
    ledger.passes(HOUR + 1);
    assert_eq!(ledger.refuses(AGENT, void(&id)), "hold.not_yours");

    let mut ledger = funded(Notes);
    let by_the_agent = Wanted { poster: Some(party(AGENT)), ..hold_of(6_000, ledger.now) };
    ledger.does(ALICE, by_the_agent.operation());
    assert_eq!(ledger.refuses(BOB, post(&id)), "hold.not_yours");
    assert_eq!(ledger.refuses(BOB, void(&id)), "hold.not_yours");
    ledger.does(AGENT, post(&id));
    assert_eq!(ledger.balance(&bob()), 6_000);
}

#[test]
fn a_payer_may_keep_the_posting_to_itself() {
    let mut ledger = funded(Notes);
    let own = Wanted { poster: Some(party(ALICE)), ..hold_of(6_000, ledger.now) };
    ledger.does(ALICE, own.operation());
    let id = hold_id(ALICE, "1");
    ledger.does(ALICE, post_part(&id, usd(1_000)));
    ledger.does(ALICE, void(&id));
    assert_eq!(standing(&ledger, &id), (1_000, 0, HoldState::Voided));
}

#[test]
fn a_hold_is_placed_by_its_payer_on_its_own_account_on_terms_that_can_be_kept() {
    let mut ledger = funded(Notes);
    let now = ledger.now;
    let good = || hold_of(6_000, now);
    let euro = Money::from_minor_units(1, currency("EUR"));
    let against = |account: AccountId, amount| Some(Against { account, amount });
    let later = |millis| now.plus_millis(millis).unwrap();
    let year = 366 * 24 * HOUR * 1_000;
    for (wanted, code) in [
        (Wanted { hold: hold_id(BOB, "1"), ..good() }, "hold.not_yours"),
        (Wanted { from: bob(), ..good() }, "account.not_yours"),
        (Wanted { from: account(ALICE, "nowhere"), ..good() }, "account.unknown"),
        (Wanted { to: account(BOB, "nowhere"), ..good() }, "account.unknown"),
        (Wanted { to: alice(), ..good() }, "account.same"),
        (Wanted { amount: euro, ..good() }, "account.currency"),
        (Wanted { amount: usd(0), ..good() }, "amount.not_positive"),
        (Wanted { amount: usd(-1), ..good() }, "amount.not_positive"),
        (Wanted { amount: usd(10_001), ..good() }, "account.insufficient_funds"),
        (Wanted { poster: Some(party(STRANGER)), ..good() }, "party.unknown"),
        (Wanted { against: against(account(ALICE, "nowhere"), usd(1)), ..good() }, "account.unknown"),
        (Wanted { against: against(alice(), euro), ..good() }, "account.currency"),
        (Wanted { against: against(alice(), usd(0)), ..good() }, "amount.not_positive"),
        (Wanted { expires_at: now, ..good() }, "hold.expiry_invalid"),
        (Wanted { expires_at: later(-1), ..good() }, "hold.expiry_invalid"),
        (Wanted { expires_at: later(year + 1), ..good() }, "hold.expiry_invalid"),
    ] {
        assert_eq!(ledger.refuses(ALICE, wanted.operation()), code);
    }
    // An account of the agent's in euros, paid from one in dollars.
    let elsewhere = account_in(AGENT, "EUR", "issue");
    ledger.opens(&elsewhere);
    assert_eq!(ledger.refuses(ALICE, Wanted { to: elsewhere, ..good() }.operation()), "account.currency");
    let LedgerOperation::HoldFunds { hold, from, to, amount, poster, against, expires_at, .. } =
        good().operation()
    else {
        panic!("not a hold")
    };
    let reference = "x".repeat(141);
    let long = LedgerOperation::HoldFunds { hold, from, to, amount, poster, against, expires_at, reference };
    assert_eq!(ledger.refuses(ALICE, long), "transfer.reference_invalid");
    ledger.does(ALICE, Wanted { expires_at: later(year), ..good() }.operation());
    let soon = Wanted { hold: hold_id(ALICE, "2"), expires_at: later(1), amount: usd(1), ..good() };
    ledger.does(ALICE, soon.operation());
    assert_eq!(ledger.all::<Hold>().len(), 2);
}

#[test]
fn what_is_posted_is_an_amount_of_the_hold_s_currency() {
    let (mut ledger, id) = held();
    let euro = Money::from_minor_units(1, currency("EUR"));
    assert_eq!(ledger.refuses(BOB, post_part(&id, euro)), "account.currency");
    assert_eq!(ledger.refuses(BOB, post_part(&id, usd(0))), "amount.not_positive");
    assert_eq!(ledger.refuses(BOB, post_part(&id, usd(-1))), "amount.not_positive");
    assert_eq!(ledger.refuses(BOB, post_part(&id, usd(i128::MAX))), "hold.exceeded");
    assert_eq!(ledger.refuses(BOB, post_paying(&id, &bob())), "hold.pay_from");
    let nothing = hold_id(ALICE, "nothing");
    assert_eq!(ledger.refuses(BOB, post(&nothing)), "hold.unknown");
    assert_eq!(ledger.refuses(BOB, void(&nothing)), "hold.unknown");
}

#[test]
fn a_ceiling_stops_a_posting_and_counts_what_is_reserved_for_issue() {
    let (mut ledger, id) = held();
    ledger.does(BOB, LedgerOperation::SetCeiling { account: bob(), ceiling: Some(usd(5_000)) });
    assert_eq!(ledger.refuses(BOB, post(&id)), "account.ceiling_exceeded");
    ledger.does(BOB, post_part(&id, usd(5_000)));

    // The agent has issued 100.00 and may issue 150.00.
    let issue = account(AGENT, "issue");
    ledger.does(AGENT, LedgerOperation::SetCeiling { account: issue.clone(), ceiling: Some(usd(15_000)) });
    let wanted = |number, amount, now| Wanted {
        hold: hold_id(AGENT, number),
        from: issue.clone(),
        ..hold_of(amount, now)
    };
    let now = ledger.now;
    ledger.does(AGENT, wanted("1", 4_000, now).operation());
    assert_eq!(ledger.refuses(AGENT, wanted("2", 1_001, now).operation()), "account.ceiling_exceeded");
    assert_eq!(ledger.refuses(AGENT, pay(&issue, &alice(), 1_001)), "account.ceiling_exceeded");
    let lower = LedgerOperation::SetCeiling { account: issue.clone(), ceiling: Some(usd(13_999)) };
    assert_eq!(ledger.refuses(AGENT, lower), "account.ceiling_exceeded");
    ledger.does(AGENT, pay(&issue, &alice(), 1_000));
    ledger.does(BOB, LedgerOperation::SetCeiling { account: bob(), ceiling: None });
    ledger.does(BOB, post(&hold_id(AGENT, "1")));
    assert_eq!(ledger.balance(&issue), -15_000);
}

#[test]
fn no_sum_of_holds_overflows() {
    let mut ledger = Memory::create(Notes);
    let issue = account(AGENT, "issue");
    ledger.opens(&issue);
    ledger.opens(&bob());
    let now = ledger.now;
    let wanted =
        |number, amount| Wanted { hold: hold_id(AGENT, number), from: issue.clone(), ..hold_of(amount, now) };
    ledger.does(AGENT, wanted("1", i128::MAX).operation());
    assert_eq!(ledger.refuses(AGENT, wanted("2", 1).operation()), "amount.overflow");
    assert_eq!(ledger.refuses(AGENT, pay(&issue, &bob(), 2)), "amount.overflow");
    ledger.does(BOB, post(&hold_id(AGENT, "1")));
    assert_eq!(ledger.balance(&bob()), i128::MAX);
}

// Payment versus payment.

/// Alice has dollars and offers 60.00 of them to Bob against 50.00 of his euros.
fn exchange() -> (Memory<Notes>, HoldId, AccountId, AccountId) {
    let mut ledger = funded(Notes);
    let (alices, bobs) = (account_in(ALICE, "EUR", "settlement"), account_in(BOB, "EUR", "settlement"));
    ledger.opens(&alices);
    ledger.opens(&bobs);
    ledger.funds(&bobs, 8_000);
    let against = Against { account: alices.clone(), amount: money(&alices, 5_000) };
    let offer = Wanted { against: Some(against), ..hold_of(6_000, ledger.now) };
    ledger.does(ALICE, offer.operation());
    (ledger, hold_id(ALICE, "1"), alices, bobs)
}

#[test]
fn two_currencies_change_hands_in_one_moment() {
    let (mut ledger, id, alices, bobs) = exchange();
    let events = ledger.does(BOB, post_paying(&id, &bobs));
    let moved: Vec<_> = events
        .iter()
        .map(|event| match event {
            Event::Ledger(LedgerEvent::Transferred { from, to, amount, .. }) => {
                (from.clone(), to.clone(), *amount)
            }
            Event::Ledger(LedgerEvent::HoldPosted { amount, .. }) => (alice(), bob(), *amount),
            other => panic!("{other:?}"),
        })
        .collect();
    let dollars = (alice(), bob(), usd(6_000));
    assert_eq!(moved, [dollars.clone(), (bobs.clone(), alices.clone(), money(&bobs, 5_000)), dollars]);
    let balances = [&alice(), &bob(), &alices, &bobs].map(|id| ledger.balance(id));
    assert_eq!(balances, [4_000, 6_000, 5_000, 3_000]);
    assert_eq!(standing(&ledger, &id), (6_000, 0, HoldState::Posted));
}

#[test]
fn neither_currency_moves_without_the_other() {
    let (mut ledger, id, alices, bobs) = exchange();
    let before = ledger.all::<allonge_ledger::Account>();
    assert_eq!(ledger.refuses(BOB, post(&id)), "hold.pay_from");
    assert_eq!(ledger.refuses(BOB, post_part(&id, usd(1))), "hold.only_whole");
    assert_eq!(ledger.refuses(BOB, post_paying(&id, &bob())), "account.currency");
    assert_eq!(ledger.refuses(BOB, post_paying(&id, &alices)), "account.not_yours");
    assert_eq!(ledger.refuses(BOB, post_paying(&id, &account_in(BOB, "EUR", "none"))), "account.unknown");
    assert_eq!(ledger.refuses(ALICE, post_paying(&id, &alices)), "hold.not_yours");
    assert_eq!(ledger.all::<allonge_ledger::Account>(), before);
    // Bob spends his euros elsewhere, and can no longer take the offer.
    let elsewhere = account_in(AGENT, "EUR", "own");
    ledger.opens(&elsewhere);
    ledger.does(BOB, pay(&bobs, &elsewhere, 3_001));
    assert_eq!(ledger.refuses(BOB, post_paying(&id, &bobs)), "account.insufficient_funds");
    assert_eq!(ledger.balance(&bob()), 0);
    ledger.passes(HOUR + 1);
    assert_eq!(ledger.refuses(BOB, post_paying(&id, &bobs)), "hold.expired");
    ledger.does(ALICE, void(&id));
    assert_eq!(ledger.account(&alice()).available().unwrap(), usd(10_000));
}

#[test]
fn the_whole_of_an_exchange_may_be_named() {
    let (mut ledger, id, _, bobs) = exchange();
    let whole =
        LedgerOperation::PostHold { hold: id.clone(), amount: Some(usd(6_000)), pay_from: Some(bobs) };
    ledger.does(BOB, whole);
    assert_eq!(standing(&ledger, &id), (6_000, 0, HoldState::Posted));
}

#[test]
fn both_legs_of_an_exchange_may_meet_in_one_account() {
    // Bob pays the dollars in return from what the first leg brought him, to where it came from.
    let mut ledger = funded(Notes);
    let against = Against { account: alice(), amount: usd(5_900) };
    let offer = Wanted { against: Some(against), ..hold_of(6_000, ledger.now) };
    ledger.does(ALICE, offer.operation());
    ledger.does(BOB, post_paying(&hold_id(ALICE, "1"), &bob()));
    let (alices, bobs) = (ledger.account(&alice()), ledger.account(&bob()));
    assert_eq!((alices.balance, alices.held, alices.entries), (usd(9_900), usd(0), 3));
    assert_eq!((bobs.balance, bobs.entries), (usd(100), 2));
    // But not in an account that would pay itself.
    let against = Against { account: bob(), amount: usd(1) };
    let odd = Wanted { hold: hold_id(ALICE, "2"), against: Some(against), ..hold_of(100, ledger.now) };
    ledger.does(ALICE, odd.operation());
    assert_eq!(ledger.refuses(BOB, post_paying(&hold_id(ALICE, "2"), &bob())), "account.same");
}

// Delivery versus payment, by rules that know titles.

allonge_ledger::registry! {
    /// What the rules of titles refuse.
    pub static TITLE_ERRORS;
    TITLE_NOT_YOURS = "title.not_yours" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} does not hold the title {title}", remedy: "let its holder sell it",
    }
}

/// Titles are bid for and sold: who bids reserves the price by a hold that these rules alone post.
struct Titles;

#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case")]
#[repr(u8)]
enum TitleOperation {
    CreateTitle {
        title: String,
    } = 0,
    BidForTitle {
        title: String,
        hold: HoldId,
        from: AccountId,
        to: AccountId,
        price: Money,
        expires_at: Timestamp,
    } = 1,
    SellTitle {
        hold: HoldId,
    } = 2,
    DeclineBid {
        hold: HoldId,
    } = 3,
    /// Posts first, and sells nothing.
    TakeTheMoney {
        hold: HoldId,
    } = 4,
}

#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
struct Title {
    holder: PartyId,
}

impl Stored for Title {
    type Id = String;
    const KIND: u8 = 0x40;
}

#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
struct Bid {
    title: String,
}

impl Stored for Bid {
    type Id = HoldId;
    const KIND: u8 = 0x41;
}

impl Governed for TitleOperation {
    const KINDS: &'static [&'static str] =
        &["create_title", "bid_for_title", "sell_title", "decline_bid", "take_the_money"];

    fn kind(&self) -> &'static str {
        match self {
            TitleOperation::CreateTitle { .. } => "create_title",
            TitleOperation::BidForTitle { .. } => "bid_for_title",
            TitleOperation::SellTitle { .. } => "sell_title",
            TitleOperation::DeclineBid { .. } => "decline_bid",
            TitleOperation::TakeTheMoney { .. } => "take_the_money",
        }
    }

    fn amount(&self) -> Amount {
        match self {
            TitleOperation::BidForTitle { price, .. } => Amount::Of(*price),
            _ => Amount::Unstated,
        }
    }
}

impl Rules for Titles {
    type Operation = TitleOperation;
    type Event = NoteEvent;
    const VERSION: u32 = 1;

    fn errors() -> &'static [&'static Entry] {
        TITLE_ERRORS
    }

    fn apply(&self, context: &mut Context<'_, NoteEvent>, operation: &TitleOperation) -> Result<(), Error> {
        let author = context.author().clone();
        match operation {
            TitleOperation::CreateTitle { title } => context.put(title, &Title { holder: author }),
            TitleOperation::BidForTitle { title, hold, from, to, price, expires_at } => {
                context.hold_funds(HoldTerms {
                    id: hold.clone(),
                    from: from.clone(),
                    to: to.clone(),
                    amount: *price,
                    poster: None,
                    against: None,
                    expires_at: *expires_at,
                    reference: title.clone(),
                })?;
                context.put(hold, &Bid { title: title.clone() });
            }
            TitleOperation::SellTitle { hold } => {
                context.post_hold(hold, None, None)?;
                let title = context.get::<Bid>(hold)?.unwrap().title;
                if context.get::<Title>(&title)?.unwrap().holder != author {
                    return Err(TITLE_NOT_YOURS.error().with("party", author).with("title", title));
                }
                context.put(&title, &Title { holder: hold.payer().clone() });
            }
            TitleOperation::DeclineBid { hold } => context.void_hold(hold)?,
            TitleOperation::TakeTheMoney { hold } => context.post_hold(hold, None, None)?,
        }
        Ok(())
    }
}

/// Bob holds a title, and Alice bids 60.00 for it.
fn bid() -> (Memory<Titles>, HoldId) {
    let mut ledger = funded(Titles);
    let (title, hold) = ("BL-7".to_owned(), hold_id(ALICE, "1"));
    let create = TitleOperation::CreateTitle { title: title.clone() };
    ledger.submit(BOB, vec![Operation::Rules(create)]).unwrap();
    let (price, expires_at) = (usd(6_000), ledger.now.plus_millis(HOUR * 1_000).unwrap());
    let bid = TitleOperation::BidForTitle {
        title,
        hold: hold.clone(),
        from: alice(),
        to: bob(),
        price,
        expires_at,
    };
    ledger.submit(ALICE, vec![Operation::Rules(bid)]).unwrap();
    (ledger, hold)
}

fn tries(ledger: &mut Memory<Titles>, author: u8, operation: TitleOperation) -> String {
    ledger.submit(author, vec![Operation::Rules(operation)]).unwrap_err().code
}

#[test]
fn a_title_is_delivered_as_it_is_paid() {
    let (mut ledger, hold) = bid();
    ledger.submit(BOB, vec![Operation::Rules(TitleOperation::SellTitle { hold: hold.clone() })]).unwrap();
    assert_eq!(ledger.find::<Title>(&"BL-7".into()).unwrap().holder, party(ALICE));
    assert_eq!(ledger.balance(&bob()), 6_000);
    assert_eq!(standing(&ledger, &hold), (6_000, 0, HoldState::Posted));
}

#[test]
fn what_the_rules_hold_no_party_takes_without_delivery() {
    let (mut ledger, hold) = bid();
    for party in [ALICE, BOB, AGENT] {
        assert_eq!(ledger.refuses(party, post(&hold)), "hold.not_yours");
    }
    assert_eq!(ledger.refuses(BOB, void(&hold)), "hold.not_yours");
    assert_eq!(ledger.refuses(ALICE, void(&hold)), "hold.not_expired");
    // Who does not hold the title is paid nothing for it.
    let sell = TitleOperation::SellTitle { hold: hold.clone() };
    assert_eq!(tries(&mut ledger, AGENT, sell), "title.not_yours");
    assert_eq!((ledger.balance(&alice()), ledger.balance(&bob())), (10_000, 0));
}

#[test]
fn rules_let_go_what_they_hold_and_so_does_its_payer_after_it_has_expired() {
    let (mut ledger, hold) = bid();
    ledger.submit(BOB, vec![Operation::Rules(TitleOperation::DeclineBid { hold: hold.clone() })]).unwrap();
    assert_eq!(standing(&ledger, &hold), (0, 0, HoldState::Voided));

    let (mut ledger, hold) = bid();
    ledger.passes(HOUR + 1);
    assert_eq!(tries(&mut ledger, BOB, TitleOperation::SellTitle { hold: hold.clone() }), "hold.expired");
    ledger.does(ALICE, void(&hold));
    assert_eq!(standing(&ledger, &hold), (0, 0, HoldState::Expired));
}

#[test]
fn rules_post_no_hold_that_is_a_party_s_to_post() {
    let mut ledger = funded(Titles);
    let wanted = hold_of(6_000, ledger.now);
    let hold = wanted.hold.clone();
    ledger.does(ALICE, wanted.operation());
    let take = || TitleOperation::TakeTheMoney { hold: hold.clone() };
    let decline = || TitleOperation::DeclineBid { hold: hold.clone() };
    assert_eq!(tries(&mut ledger, AGENT, take()), "hold.not_yours");
    assert_eq!(tries(&mut ledger, AGENT, decline()), "hold.not_yours");
    assert_eq!(tries(&mut ledger, ALICE, decline()), "hold.not_expired");
    ledger.submit(BOB, vec![Operation::Rules(take())]).unwrap();
    assert_eq!(ledger.balance(&bob()), 6_000);
}

// The id.

#[test]
fn a_hold_has_one_text() {
    for text in [
        "SYNBCNBJXXX/PAY-7",
        "SYNBCNBJXXX/PAY/2026/7",
        "bank-a/1",
        "bank-a/12345678901234567890123456789012345",
    ] {
        assert_eq!(text.parse::<HoldId>().unwrap().to_string(), text);
    }
    for text in [
        "SYNBCNBJ/PAY-7",
        "SYNBCNBJXXX",
        "SYNBCNBJXXX/",
        "SYNBCNBJXXX//1",
        "SYNBCNBJXXX/1/",
        "SYNBCNBJXXX/1//2",
        "SYNBCNBJXXX/ 1",
        "SYNBCNBJXXX/1 ",
        "SYNBCNBJXXX/a_b",
        "SYNBCNBJXXX/é",
        "bank-a/123456789012345678901234567890123456",
    ] {
        assert!(text.parse::<HoldId>().is_err(), "{text}");
        assert!(serde_json::from_value::<HoldId>(text.into()).is_err(), "{text}");
    }
    let odd = borsh::to_vec(&(party(ALICE), "a//b")).unwrap();
    assert!(from_canonical::<HoldId>(&odd).is_err());
}

proptest! {
    #[test]
    fn a_hold_s_text_leads_back_to_it(number in "[A-Za-z0-9/?:().,'+ -]{1,40}") {
        if let Ok(id) = HoldId::new(party(ALICE), number) {
            prop_assert_eq!(id.to_string().parse::<HoldId>(), Ok(id.clone()));
            prop_assert_eq!(from_canonical::<HoldId>(&borsh::to_vec(&id).unwrap()).unwrap(), id);
        }
    }
}
