//! Accounts: their two sides, their ceilings, and the numbered bookings that prove a balance.

use allonge_finance::{Date, Money};
use allonge_ledger::{
    Account, AccountId, Event, LedgerEvent, LedgerOperation, MAX_VALUE_DAYS, Operation, Side,
};

use crate::memory::*;
use crate::world::*;

/// The issue account of the agent, with a ceiling or none, and Alice's and Bob's with nothing in them.
fn books() -> (Memory<Notes>, AccountId, AccountId, AccountId) {
    let mut ledger = Memory::create(Notes);
    let (issue, alice, bob) =
        (account(AGENT, "issue"), account(ALICE, "settlement"), account(BOB, "settlement"));
    for account in [&issue, &alice, &bob] {
        ledger.opens(account);
    }
    (ledger, issue, alice, bob)
}

fn open(account: &AccountId, ceiling: Option<Money>) -> LedgerOperation {
    LedgerOperation::OpenAccount { account: account.clone(), ceiling }
}

fn set_ceiling(account: &AccountId, ceiling: Option<Money>) -> LedgerOperation {
    LedgerOperation::SetCeiling { account: account.clone(), ceiling }
}

#[test]
fn the_agent_s_issue_account_is_a_liability_and_every_other_an_asset() {
    let (mut ledger, issue, alice, _) = books();
    let own = account(AGENT, "own");
    let alices_issue = account(ALICE, "issue");
    ledger.opens(&own);
    ledger.opens(&alices_issue);
    assert_eq!(ledger.account(&issue), Account::open(issue.clone(), Side::Liability));
    for asset in [alice, own, alices_issue] {
        assert_eq!(ledger.account(&asset), Account::open(asset.clone(), Side::Asset));
    }
}

#[test]
fn an_asset_never_holds_more_than_its_ceiling() {
    let (mut ledger, issue, alice, bob) = books();
    ledger.does(ALICE, set_ceiling(&alice, Some(usd(100))));
    ledger.does(AGENT, pay(&issue, &bob, 1));
    assert_eq!(ledger.refuses(AGENT, pay(&issue, &alice, 101)), "account.ceiling_exceeded");
    ledger.does(AGENT, pay(&issue, &alice, 100));
    assert_eq!(ledger.refuses(BOB, pay(&bob, &alice, 1)), "account.ceiling_exceeded");
    ledger.does(ALICE, pay(&alice, &bob, 1));
    ledger.does(BOB, pay(&bob, &alice, 1));
    ledger.does(ALICE, set_ceiling(&alice, None));
    ledger.does(BOB, pay(&bob, &alice, 1));
    assert_eq!(ledger.balance(&alice), 101);
}

#[test]
fn no_more_is_issued_than_the_ceiling_of_the_issue_account() {
    let mut ledger = Memory::create(Notes);
    let (issue, alice) = (account(AGENT, "issue"), account(ALICE, "settlement"));
    ledger.does(AGENT, open(&issue, Some(usd(1_000))));
    ledger.opens(&alice);
    ledger.does(AGENT, pay(&issue, &alice, 999));
    assert_eq!(ledger.refuses(AGENT, pay(&issue, &alice, 2)), "account.ceiling_exceeded");
    ledger.does(AGENT, pay(&issue, &alice, 1));
    // What is paid back can be issued again.
    ledger.does(ALICE, pay(&alice, &issue, 600));
    ledger.does(AGENT, pay(&issue, &alice, 600));
    assert_eq!(ledger.balance(&issue), -1_000);
}

#[test]
fn a_ceiling_is_set_by_the_owner_in_the_account_s_currency_and_not_below_what_is_there() {
    let (mut ledger, issue, alice, bob) = books();
    ledger.does(AGENT, pay(&issue, &alice, 100));
    assert_eq!(ledger.refuses(BOB, set_ceiling(&alice, Some(usd(500)))), "account.not_yours");
    let nowhere = account(ALICE, "nowhere");
    assert_eq!(ledger.refuses(ALICE, set_ceiling(&nowhere, Some(usd(500)))), "account.unknown");
    let euro = Money::from_minor_units(500, currency("EUR"));
    assert_eq!(ledger.refuses(ALICE, set_ceiling(&alice, Some(euro))), "account.currency");
    assert_eq!(ledger.refuses(ALICE, open(&account(ALICE, "new"), Some(euro))), "account.currency");
    assert_eq!(ledger.refuses(ALICE, set_ceiling(&alice, Some(usd(99)))), "account.ceiling_exceeded");
    assert_eq!(ledger.refuses(AGENT, set_ceiling(&issue, Some(usd(99)))), "account.ceiling_exceeded");
    assert_eq!(ledger.refuses(BOB, set_ceiling(&bob, Some(usd(-1)))), "account.ceiling_exceeded");
    ledger.does(ALICE, set_ceiling(&alice, Some(usd(100))));
    ledger.does(AGENT, set_ceiling(&issue, Some(usd(100))));
    // Nothing more comes in.
    ledger.does(BOB, set_ceiling(&bob, Some(usd(0))));
    assert_eq!(ledger.refuses(ALICE, pay(&alice, &bob, 1)), "account.ceiling_exceeded");
}

#[test]
fn a_ceiling_is_an_event_whether_it_comes_with_the_account_or_later() {
    let mut ledger = Memory::create(Notes);
    let alice = account(ALICE, "settlement");
    let opened = Event::Ledger(LedgerEvent::AccountOpened { account: alice.clone() });
    let set = |ceiling| Event::Ledger(LedgerEvent::CeilingSet { account: alice.clone(), ceiling });
    assert_eq!(ledger.does(ALICE, open(&alice, Some(usd(5)))), [opened, set(Some(usd(5)))]);
    assert_eq!(ledger.does(ALICE, set_ceiling(&alice, None)), [set(None)]);
    assert_eq!(ledger.account(&alice).ceiling, None);
}

#[test]
fn an_issuer_is_not_paid_back_more_than_it_issued() {
    // The books balance, so no history comes to it: the account refuses by itself.
    let issue = account(AGENT, "issue");
    let owing = Account::open(issue, Side::Liability).debit(usd(5)).unwrap();
    let error = refused(owing.clone().credit(usd(6)));
    assert_eq!(error.code(), "account.not_owed");
    assert_eq!(owing.credit(usd(5)).unwrap().balance, usd(0));
}

#[test]
fn what_an_account_can_hold_and_an_issuer_can_owe_has_an_end() {
    let (mut ledger, issue, alice, bob) = books();
    ledger.does(AGENT, pay(&issue, &alice, i128::MAX));
    ledger.does(AGENT, pay(&issue, &bob, 1));
    assert_eq!(ledger.balance(&issue), i128::MIN);
    assert_eq!(ledger.refuses(AGENT, pay(&issue, &bob, 1)), "amount.overflow");
    assert_eq!(ledger.refuses(BOB, pay(&bob, &alice, 1)), "amount.overflow");
    let worn_out = Account { entries: u64::MAX, ..Account::open(alice, Side::Asset) };
    assert_eq!(refused(worn_out.credit(usd(1))).code(), "amount.overflow");
}

#[test]
fn a_value_date_is_the_day_of_the_block_or_within_a_year_of_it() {
    let (mut ledger, issue, alice, _) = books();
    let today = Date::new(2026, 3, 2).unwrap();
    let valued = |days: i32| LedgerOperation::Transfer {
        from: issue.clone(),
        to: alice.clone(),
        amount: usd(1),
        value_date: Some(today.plus_days(days).unwrap()),
        reference: String::new(),
    };
    let year = i32::try_from(MAX_VALUE_DAYS).unwrap();
    let value_date = |events: &[Event<NoteEvent>]| match events {
        [Event::Ledger(LedgerEvent::Transferred { value_date, .. })] => *value_date,
        other => panic!("{other:?}"),
    };
    assert_eq!(value_date(&ledger.does(AGENT, pay(&issue, &alice, 1))), today);
    for days in [-year, -1, 0, 1, year] {
        assert_eq!(value_date(&ledger.does(AGENT, valued(days))), today.plus_days(days).unwrap());
    }
    for days in [-year - 1, year + 1] {
        assert_eq!(ledger.refuses(AGENT, valued(days)), "transfer.value_date");
    }
    // The date of the block is that of UTC.
    ledger.passes(24 * 60 * 60 - 1);
    assert_eq!(value_date(&ledger.does(AGENT, pay(&issue, &alice, 1))), today);
    ledger.passes(1);
    assert_eq!(value_date(&ledger.does(AGENT, pay(&issue, &alice, 1))), today.plus_days(1).unwrap());
}

#[test]
fn every_booking_has_its_number_and_the_balance_after_it() {
    let (mut ledger, issue, alice, bob) = books();
    ledger.does(AGENT, pay(&issue, &alice, 100));
    let events = ledger.does(ALICE, pay(&alice, &bob, 30));
    let transferred = LedgerEvent::Transferred {
        from: alice.clone(),
        to: bob.clone(),
        amount: usd(30),
        value_date: Date::new(2026, 3, 2).unwrap(),
        reference: String::new(),
        from_entry: 2,
        from_balance: usd(70),
        to_entry: 1,
        to_balance: usd(30),
    };
    assert_eq!(events, [Event::Ledger(transferred)]);
    assert_eq!(ledger.refuses(ALICE, pay(&alice, &bob, 71)), "account.insufficient_funds");
    let entries = [&issue, &alice, &bob].map(|id| ledger.account(id).entries);
    assert_eq!(entries, [1, 2, 1], "a refusal is no booking");
}

#[test]
fn fees_are_legs_like_any_other_and_all_legs_happen_or_none() {
    let (mut ledger, _, alice, bob) = books();
    let fees = account(BOB, "fees");
    ledger.opens(&fees);
    ledger.funds(&alice, 1_000);
    let with_fee = |amount| {
        vec![Operation::Ledger(pay(&alice, &bob, amount)), Operation::Ledger(pay(&alice, &fees, 15))]
    };
    let refusal = ledger.submit(ALICE, with_fee(990)).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.operation), ("account.insufficient_funds", Some(1)));
    assert_eq!(ledger.balance(&alice), 1_000);
    ledger.submit(ALICE, with_fee(985)).unwrap();
    assert_eq!([&alice, &bob, &fees].map(|id| ledger.balance(id)), [0, 985, 15]);
}

#[test]
fn the_json_of_an_operation_need_not_name_what_it_does_without() {
    let read = |json: &str| serde_json::from_str::<LedgerOperation>(json).unwrap();
    let (issue, alice) = (account(AGENT, "issue"), account(ALICE, "settlement"));
    let json = r#"{"type":"open_account","account":"ALICCNBJXXX/USD/settlement"}"#;
    assert_eq!(read(json), open(&alice, None));
    assert_eq!(serde_json::to_string(&open(&alice, None)).unwrap(), json);
    let json = r#"{"type":"transfer","from":"AGNTUS33XXX/USD/issue","to":"ALICCNBJXXX/USD/settlement","amount":{"amount":"0.01","currency":"USD"},"reference":""}"#;
    assert_eq!(read(json), pay(&issue, &alice, 1));
    assert_eq!(serde_json::to_string(&pay(&issue, &alice, 1)).unwrap(), json);
}
