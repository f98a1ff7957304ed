//! What instruments cost: deals from the issue of a credit to the settlement of its claim on the market, each transition a signed
//! transaction of its own, on a ledger in a directory that verifies every signature, commits a state root with every block and
//! syncs it to the disk.
//!
//! `instruments DEALS` prints one line of JSON: the transitions a second of each stage and of all, beside the same number of
//! plain transfers. Signing is not in it; everything behind the call is.
#![allow(clippy::expect_used, clippy::float_arithmetic, clippy::cast_precision_loss, clippy::as_conversions)]

use std::time::Instant;

use allonge::records::operations_from_value;
use allonge::{Clock, Ledger, OpenOptions, PartyId, Session, SubmitOptions, Timestamp};
use futures::executor::block_on;
use serde_json::{Value, json};

const ISSUING: &str = "SYNBCNBJXXX";
const SELLER: &str = "SYNADEFFXXX";
const BUYER: &str = "SYNGSGSGXXX";

fn main() {
    let deals = std::env::args().skip(1).find(|argument| argument != "--bench");
    let deals: usize = deals.and_then(|number| number.parse().ok()).unwrap_or(5_000);
    let directory = tempfile::tempdir().expect("a directory");
    let start = Timestamp::parse("2026-03-02T01:00:00Z").expect("a time");
    let options = OpenOptions { clock: Clock::Manual, start: Some(start), ..OpenOptions::default() };
    let ledger = Ledger::open(directory.path().join("ledger"), options).expect("a ledger");
    let banks = Banks::open(&ledger);

    let (mut stages, mut all) = (Vec::new(), 0.0);
    let mut stage = |name: &str, who: &Session, operation: &dyn Fn(usize) -> Value| {
        let prepared: Vec<Vec<u8>> = (0..deals).map(|deal| prepare(who, operation(deal))).collect();
        let started = Instant::now();
        // All of them are handed over before any is waited for.
        let pending: Vec<_> = prepared.iter().map(|signed| ledger.submit_async(signed)).collect();
        for outcome in pending {
            block_on(outcome).expect("an outcome").committed().expect("it takes effect");
        }
        let seconds = started.elapsed().as_secs_f64();
        if name != "transfer" {
            all += seconds;
        }
        stages.push((name.to_owned(), deals as f64 / seconds));
    };
    let claim = |deal: usize| format!("{ISSUING}/LC{deal}/1");
    let trade = |deal: usize| format!("{SELLER}/T-{deal}");
    stage("transfer", &banks.issuing, &|deal| transfer(deal));
    stage("issue_credit", &banks.issuing, &|deal| issue(deal));
    stage("present_documents", &banks.seller, &|deal| present(deal));
    stage(
        "accept_presentation",
        &banks.issuing,
        &|deal| json!({ "type": "accept_presentation", "presentation": claim(deal) }),
    );
    stage("quote_price", &banks.buyer, &|deal| quote(deal));
    stage("accept_quote", &banks.seller, &|deal| {
        json!({
            "type": "accept_quote", "number": format!("T-{deal}"), "quote": format!("{BUYER}/Q-{deal}"),
            "claim": claim(deal), "account": account(SELLER),
        })
    });
    stage("confirm_trade", &banks.seller, &|deal| json!({ "type": "confirm_trade", "trade": trade(deal) }));
    stage("confirm_trade", &banks.buyer, &|deal| json!({ "type": "confirm_trade", "trade": trade(deal) }));
    stage("settle_trade", &banks.buyer, &|deal| json!({ "type": "settle_trade", "trade": trade(deal) }));

    let transitions = deals * (stages.len() - 1);
    let of = |(name, rate): &(String, f64)| json!({ "stage": name, "per_second": rate.round() });
    println!(
        "{}",
        json!({
            "deals": deals,
            "transitions": transitions,
            "per_second": (transitions as f64 / all).round(),
            "stages": stages.iter().map(of).collect::<Vec<_>>(),
        })
    );
}

struct Banks {
    issuing: Session,
    seller: Session,
    buyer: Session,
}

impl Banks {
    fn open(ledger: &Ledger) -> Banks {
        let operator = ledger.operator().expect("the operator");
        let admit =
            |bank: &str| ledger.admit(PartyId::parse(bank).expect("a party"), bank).expect("admitted");
        let banks = Banks { issuing: admit(ISSUING), seller: admit(SELLER), buyer: admit(BUYER) };
        submit(&operator, json!({ "type": "open_account", "account": "operator/USD/issue" }));
        for bank in [&banks.issuing, &banks.seller, &banks.buyer] {
            let account = account(bank.party().as_str());
            submit(bank, json!({ "type": "open_account", "account": account }));
            let funding = json!({
                "type": "transfer", "from": "operator/USD/issue", "to": account,
                "amount": usd("9000000000.00"), "reference": "funding",
            });
            submit(&operator, funding);
        }
        banks
    }
}

fn submit(session: &Session, operation: Value) {
    let operations = operations_from_value(operation).expect("an operation");
    session
        .submit(operations, SubmitOptions::default())
        .expect("an outcome")
        .committed()
        .expect("it takes effect");
}

fn prepare(session: &Session, operation: Value) -> Vec<u8> {
    let operations = operations_from_value(operation).expect("an operation");
    session.prepare(operations, SubmitOptions::default()).expect("a transaction")
}

fn usd(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "USD" })
}

fn account(owner: &str) -> String {
    format!("{owner}/USD/settlement")
}

fn transfer(deal: usize) -> Value {
    json!({
        "type": "transfer", "from": account(ISSUING), "to": account(SELLER), "amount": usd("1.00"),
        "reference": format!("invoice {deal}"),
    })
}

fn issue(deal: usize) -> Value {
    json!({
        "type": "issue_credit",
        "number": format!("LC{deal}"),
        "terms": {
            "form": "irrevocable",
            "applicable_rules": { "type": "ucp_latest_version" },
            "issuing_bank": ISSUING,
            "advising_bank": SELLER,
            "applicant": { "name_and_address": ["SAMPLE IMPORTS CO LTD", "1 EXAMPLE STREET", "BEIJING"] },
            "beneficiary": { "name_and_address": ["SAMPLE EXPORTS GMBH", "1 EXAMPLE STREET", "HAMBURG"] },
            "amount": usd("100000.00"),
            "date_of_issue": "2026-03-02",
            "expiry": { "date": "2026-06-30", "place": "BEIJING", "calendar": "CN" },
            "availability": {
                "with": { "type": "bank", "party": SELLER },
                "by": { "type": "deferred_payment", "tenor": { "type": "after_shipment", "days": 90 } },
            },
            "goods": ["2 SETS OF MACHINING CENTRES"],
            "documents_required": ["+ SIGNED COMMERCIAL INVOICE", "+ FULL SET OF BILLS OF LADING"],
            "confirmation": "without",
            "examination_calendar": "CN",
            "payment_calendar": "CN",
        },
    })
}

fn present(deal: usize) -> Value {
    json!({
        "type": "present_documents",
        "credit": format!("{ISSUING}/LC{deal}"),
        "amount": usd("100000.00"),
        "account": account(SELLER),
        "covering_reference": format!("COVER-{deal}"),
        "shipment": { "date": "2026-03-01", "evidence": "on_board_notation" },
        "documents": [{
            "title": "COMMERCIAL INVOICE", "sha256": "07".repeat(32), "length": 48_213,
            "media_type": "application/pdf", "originals": 3, "copies": 0,
        }],
    })
}

fn quote(deal: usize) -> Value {
    json!({
        "type": "quote_price",
        "number": format!("Q-{deal}"),
        "subject": { "type": "claim", "claim": format!("{ISSUING}/LC{deal}/1") },
        "firm": {
            "terms": {
                "discount": {
                    "method": "to_yield_semi_annually", "rate": "0.031", "day_count": "actual360",
                    "grace_days": 2,
                    "rounding": { "factor": "half_up", "money": "half_up", "each_period": false },
                },
                "value_date": "2026-03-02",
                "calendar": "CN",
            },
            "account": account(BUYER),
        },
        "valid_until": "2026-03-03T09:00:00Z",
    })
}
