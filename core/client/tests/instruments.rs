//! What a ledger says of instruments of every kind: their records, lists and next steps, why a transaction came out as it did,
//! and what banks are exposed to.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

use allonge::records::operations_from_value;
use allonge::trade::Nature;
use allonge::{
    AnyRecord, Clock, Ledger, OpenOptions, Outcome, PartyId, PositionSide, RecordId, RecordQuery,
    RecordReference, Session, SubmitOptions, Timestamp, verify_record,
};
use serde_json::{Value, json};

const ISSUING: &str = "SYNBCNBJXXX";
const SELLER: &str = "SYNADEFFXXX";
const BUYER: &str = "SYNGSGSGXXX";
const CLAIM: &str = "SYNBCNBJXXX/LC1/1";
const TRADE: &str = "SYNADEFFXXX/T-1";

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn party(id: &str) -> PartyId {
    PartyId::parse(id).unwrap()
}

fn usd(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "USD" })
}

fn account(owner: &str) -> String {
    format!("{owner}/USD/settlement")
}

/// A ledger on which the seller holds a claim of 100,000.00 on the issuing bank, due on 8 June.
struct Deal {
    _directory: tempfile::TempDir,
    ledger: Ledger,
    banks: Vec<Session>,
}

impl Deal {
    fn new() -> Deal {
        let directory = tempfile::tempdir().unwrap();
        let options = OpenOptions {
            clock: Clock::Manual,
            start: Some(time("2026-03-02T01:00:00Z")),
            ..OpenOptions::default()
        };
        let ledger = Ledger::open(directory.path().join("ledger"), options).unwrap();
        let banks = [ISSUING, SELLER, BUYER].map(|bank| ledger.admit(party(bank), bank).unwrap());
        let mut deal = Deal { _directory: directory, ledger, banks: banks.to_vec() };
        deal.banks.push(deal.ledger.operator().unwrap());
        deal.does("operator", json!({ "type": "open_account", "account": "operator/USD/issue" }));
        for bank in [ISSUING, SELLER, BUYER] {
            deal.does(bank, json!({ "type": "open_account", "account": account(bank) }));
            let funding = json!({
                "type": "transfer", "from": "operator/USD/issue", "to": account(bank),
                "amount": usd("500000.00"), "reference": "funding",
            });
            deal.does("operator", funding);
        }
        let terms = json!({
            "form": "irrevocable",
            "applicable_rules": { "type": "ucp_latest_version" },
            "issuing_bank": ISSUING,
            "advising_bank": SELLER,
            "applicant": { "name_and_address": ["SAMPLE IMPORTS CO LTD"] },
            "beneficiary": { "name_and_address": ["SAMPLE EXPORTS GMBH"] },
            "amount": usd("100000.00"),
            "date_of_issue": "2026-03-02",
            "expiry": { "date": "2026-06-30", "place": "BEIJING", "calendar": "CN" },
            "availability": {
                "with": { "type": "bank", "party": SELLER },
                "by": { "type": "deferred_payment", "tenor": { "type": "after_shipment", "days": 90 } },
            },
            "confirmation": "without",
            "examination_calendar": "CN",
            "payment_calendar": "CN",
        });
        deal.does(ISSUING, json!({ "type": "issue_credit", "number": "LC1", "terms": terms }));
        let document = json!({
            "title": "COMMERCIAL INVOICE", "sha256": "07".repeat(32), "length": 48_213,
            "media_type": "application/pdf", "originals": 3, "copies": 0,
        });
        let presented = json!({
            "type": "present_documents", "credit": "SYNBCNBJXXX/LC1", "amount": usd("100000.00"),
            "account": account(SELLER), "covering_reference": "COVER-1",
            "shipment": { "date": "2026-03-10", "evidence": "on_board_notation" }, "documents": [document],
        });
        deal.moves_to("2026-03-16T03:00:00Z");
        deal.does(SELLER, presented);
        deal.does(ISSUING, json!({ "type": "accept_presentation", "presentation": CLAIM }));
        deal
    }

    fn moves_to(&self, at: &str) {
        self.ledger.advance_to(time(at)).unwrap();
    }

    fn session(&self, who: &str) -> &Session {
        self.banks.iter().find(|bank| bank.party().as_str() == who).unwrap()
    }

    fn tries(&self, who: &str, operations: Value) -> Outcome {
        let operations = operations_from_value(operations).unwrap();
        self.session(who).submit(operations, SubmitOptions::default()).unwrap()
    }

    fn does(&self, who: &str, operations: Value) {
        self.tries(who, operations).committed().unwrap();
    }

    /// The buyer quotes at 3 per cent, and the seller accepts.
    fn sells(&self) {
        let terms = json!({
            "discount": {
                "method": "straight", "rate": "0.03", "day_count": "actual360", "grace_days": 0,
                "rounding": { "factor": "half_up", "money": "half_up", "each_period": false },
            },
            "value_date": "2026-03-18",
            "calendar": "CN",
        });
        let quote = json!({
            "type": "quote_price", "number": "Q-1", "subject": { "type": "claim", "claim": CLAIM },
            "firm": { "terms": terms, "account": account(BUYER) }, "valid_until": "2026-03-17T09:00:00Z",
        });
        self.does(BUYER, quote);
        let accepted = json!({
            "type": "accept_quote", "number": "T-1", "quote": "SYNGSGSGXXX/Q-1", "claim": CLAIM,
            "account": account(SELLER),
        });
        self.does(SELLER, accepted);
    }

    fn settles(&self) {
        for bank in [SELLER, BUYER] {
            self.does(bank, json!({ "type": "confirm_trade", "trade": TRADE }));
        }
        self.moves_to("2026-03-18T08:00:00Z");
        self.does(BUYER, json!({ "type": "settle_trade", "trade": TRADE }));
    }

    /// What a party is exposed to, by nature, in whole units.
    fn exposure(&self, who: &str, height: Option<u64>) -> Vec<(String, Nature, String)> {
        let found = self.ledger.positions(&party(who), PositionSide::Creditor, height).unwrap();
        found.by_country.into_iter().map(|sum| (sum.of, sum.nature, sum.amount.amount())).collect()
    }
}

#[test]
fn a_trade_is_read_listed_and_proven_like_any_record() {
    let deal = Deal::new();
    deal.sells();
    let id = RecordId::parse("trade", TRADE).unwrap();
    let Some(AnyRecord::Trade(trade)) = deal.ledger.record(&id, None).unwrap() else { panic!("no trade") };
    assert_eq!(trade.buyer, party(BUYER));

    let of_the_buyer =
        RecordQuery { party: Some(party(BUYER)), status: Some("agreed".into()), ..RecordQuery::default() };
    assert_eq!(deal.ledger.records("trade", &of_the_buyer).unwrap().items, [AnyRecord::Trade(trade.clone())]);
    let settled = RecordQuery { status: Some("settled".into()), ..RecordQuery::default() };
    assert!(deal.ledger.records("trade", &settled).unwrap().items.is_empty());
    let of = Some(RecordReference { kind: "claim".into(), id: CLAIM.into() });
    let for_the_claim = RecordQuery { of, ..RecordQuery::default() };
    assert_eq!(deal.ledger.records("quote", &for_the_claim).unwrap().items.len(), 1);
    let misspelt = RecordQuery { status: Some("aggreed".into()), ..RecordQuery::default() };
    assert_eq!(deal.ledger.records("trade", &misspelt).unwrap_err().code(), "input.invalid");
    assert_eq!(deal.ledger.records("trades", &RecordQuery::default()).unwrap_err().code(), "input.invalid");

    let proof = deal.ledger.prove(&id).unwrap();
    let proven = verify_record(&proof, &deal.ledger.trust().clone(), &id).unwrap();
    assert_eq!(proven.record, Some(AnyRecord::Trade(trade)));
}

#[test]
fn a_party_hears_what_it_may_do_next_until_when_and_by_which_article() {
    let deal = Deal::new();
    deal.sells();
    let id = RecordId::parse("trade", TRADE).unwrap();
    let step = deal.ledger.next_steps(&id, &party(SELLER)).unwrap().remove(0);
    assert_eq!(step.operation, "confirm_trade");
    assert_eq!(step.until, Some(time("2026-03-18T09:00:00Z")), "two business days, at the close of business");
    assert_eq!(step.article.unwrap().to_string(), "URF 800 art. 8");
    assert!(deal.ledger.next_steps(&id, &party(ISSUING)).unwrap().is_empty());
    let nothing = RecordId::parse("trade", "SYNADEFFXXX/T-9").unwrap();
    assert!(deal.ledger.next_steps(&nothing, &party(SELLER)).unwrap().is_empty());
}

#[test]
fn a_bank_sees_what_it_is_exposed_to_by_obligor_country_and_month_at_any_height() {
    let deal = Deal::new();
    let sold = |amount: &str, nature| ("CN".to_owned(), nature, amount.to_owned());
    assert_eq!(deal.exposure(SELLER, None), [sold("100000.00", Nature::Definite)]);
    let before = deal.ledger.status().unwrap().height;

    deal.sells();
    assert_eq!(
        deal.exposure(BUYER, None),
        [sold("100000.00", Nature::Reserved)],
        "a trade takes its part of the line"
    );
    deal.settles();
    assert_eq!(deal.exposure(BUYER, None), [sold("100000.00", Nature::Definite)]);
    assert_eq!(deal.exposure(SELLER, None), []);
    assert_eq!(deal.exposure(SELLER, Some(before)), [sold("100000.00", Nature::Definite)]);

    let owed = deal.ledger.positions(&party(ISSUING), PositionSide::Debtor, None).unwrap();
    let months: Vec<_> = owed.by_month.iter().filter(|sum| sum.nature == Nature::Definite).collect();
    assert_eq!(months.iter().map(|sum| sum.of.as_str()).collect::<Vec<_>>(), ["2026-06"]);
    assert!(owed.by_counterparty.iter().any(|sum| sum.of == BUYER && sum.amount.amount() == "100000.00"));
}

#[test]
fn a_refusal_is_explained_by_every_rule_that_was_asked() {
    let deal = Deal::new();
    deal.sells();
    let again =
        json!({ "type": "offer_claim", "claim": CLAIM, "to": BUYER, "expires_at": "2026-03-20T09:00:00Z" });
    let refused = deal.tries(SELLER, again);
    let explained = deal.ledger.explain(&refused.transaction()).unwrap();
    assert!(!explained.committed);
    let (last, kept) = explained.findings.split_last().unwrap();
    assert!(kept.iter().all(|finding| finding.satisfied));
    assert_eq!((last.code.as_str(), last.satisfied), ("claim.encumbered", false));
    assert_eq!(last.article.as_deref(), Some("3"));
    assert!(last.says_zh.as_deref().is_some_and(|says| says.contains("已出售")));
}
