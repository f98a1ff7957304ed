//! A ledger from its making to its proofs.

use std::fs;

use allonge::OpenOptions;

use crate::support::{Story, allonge, shared, text};

#[test]
fn init_makes_a_ledger_as_it_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = text(&directory.path().join("new"));
    let options = ["--name", "demo", "--clock", "manual", "--start", "2026-03-02T09:00:00+08:00"];
    let [a, b, c, d, e, f] = options;
    let made =
        allonge(["init", &ledger, a, b, c, d, e, f, "--currency", "CNY", "--currency", "EUR", "--json"]);
    let made = made.json();
    assert_eq!(made["name"], "demo");
    assert_eq!(made["clock"], "manual");
    assert_eq!(made["time"], "2026-03-02T01:00:00.000Z");
    assert_eq!(made["height"], 0);
    let genesis = fs::read_to_string(made["genesis"].as_str().unwrap()).unwrap();
    let trust = allonge::Trust::from_json(&genesis).unwrap();
    assert_eq!(made["network"], trust.network().to_string());
    let agents = &trust.genesis().authorities.settlement_agents;
    assert_eq!(agents.iter().map(|agent| agent.currency.to_string()).collect::<Vec<_>>(), ["CNY", "EUR"]);

    let again = allonge(["init", &ledger, "--json"]);
    assert_eq!((again.exit, again.error()["code"].as_str()), (2, Some("store.exists")));
}

#[test]
fn a_directory_without_a_ledger_stays_without_one() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = text(&directory.path().join("none"));
    for call in [["log", "--ledger", &ledger, "--json"], ["show", "SYNBCNBJXXX", "--ledger", &ledger]] {
        let said = allonge(call);
        assert_eq!(said.exit, 2);
        assert!(said.errors.contains("ledger.missing"), "{}", said.errors);
    }
    assert!(!directory.path().join("none").exists());
    assert_eq!(allonge(["log", "--json"]).error()["code"], "command.invalid");
}

#[test]
fn a_ledger_that_another_program_holds_is_a_matter_for_operations() {
    let directory = tempfile::tempdir().unwrap();
    let held = allonge::Ledger::open(directory.path(), OpenOptions::default()).unwrap();
    let said = allonge(["log", "--ledger", &text(directory.path()), "--json"]);
    assert_eq!((said.exit, said.error()["code"].as_str()), (3, Some("store.locked")));
    held.close();
}

#[test]
fn every_shape_of_id_shows_its_record() {
    let story = Story::play();
    let show = |id: &str| allonge(["show", id, "--ledger", &story.ledger, "--json"]);
    assert_eq!(show("SYNBCNBJXXX/BJ26LC000127").json()["credit"]["state"]["type"], "closed");
    let presentation = show("SYNBCNBJXXX/BJ26LC000127/1").json();
    assert_eq!(presentation["presentation"]["state"]["type"], "accepted");
    assert_eq!(presentation["claim"]["state"]["type"], "paid");
    assert_eq!(show("SYNBCNBJXXX/USD/settlement").json()["account"]["balance"]["amount"], "50000.00");
    assert_eq!(show("operator/USD/issue").json()["account"]["balance"]["amount"], "-1300000.00");
    assert_eq!(show("SYNADEFF").json()["party"]["id"], "SYNADEFFXXX");
    assert_eq!(show("TARGET").json()["calendar"]["id"], "TARGET");
    let pay = story.transaction("pay");
    assert_eq!(show(&pay).json()["transaction"]["operations"][0]["type"], "pay_claim");

    let text = allonge(["show", "SYNADEFFXXX/USD/settlement", "--ledger", &story.ledger]).text();
    assert!(text.contains("account.balance  USD 1250000.00\n"), "{text}");

    for nothing in ["SYNBCNBJXXX/NONE", "SYNBCNBJXXX/NONE/1", "DEUTDEFF", &"0".repeat(64), "%"] {
        let said = show(nothing);
        assert_eq!((said.exit, said.error()["code"].as_str()), (1, Some("record.unknown")), "{nothing}");
    }
}

#[test]
fn the_log_in_pages_is_the_log_as_a_whole() {
    let story = Story::play();
    let whole = allonge(["log", "--ledger", &story.ledger, "--json"]).json();
    let whole = whole["entries"].as_array().unwrap();
    assert_eq!(whole.last().unwrap()["transaction"], story.transaction("close"));

    let mut pages = Vec::new();
    let mut cursor = "1/0".to_owned();
    loop {
        let page =
            allonge(["log", "--ledger", &story.ledger, "--after", &cursor, "--limit", "3", "--json"]).json();
        let entries = page["entries"].as_array().unwrap();
        assert!(entries.len() <= 3);
        if entries.is_empty() {
            assert_eq!(page["cursor"], cursor);
            break;
        }
        pages.extend(entries.clone());
        cursor = page["cursor"].as_str().unwrap().to_owned();
    }
    assert_eq!(&pages, whole);

    let none = allonge(["log", "--ledger", &story.ledger, "--limit", "0", "--json"]).json();
    assert_eq!((none["entries"].as_array().map(Vec::len), none["cursor"].is_null()), (Some(0), true));
    let bad = allonge(["log", "--ledger", &story.ledger, "--after", "x", "--json"]);
    assert_eq!((bad.exit, bad.error()["code"].as_str()), (2, Some("input.invalid")));
    let text = allonge(["log", "--ledger", &story.ledger]).text();
    assert!(text.contains("claim paid SYNBCNBJXXX/BJ26LC000127/1"), "{text}");
}

#[test]
fn a_receipt_is_verified_from_the_genesis_alone() {
    let story = Story::play();
    let (genesis, file) = (story.path("genesis.json"), story.path("pay.receipt"));
    let pay = story.transaction("pay");
    let written = allonge(["receipt", &pay, "-o", &file, "--ledger", &story.ledger, "--json"]).json();
    assert_eq!(written["bytes"], fs::metadata(&file).unwrap().len());
    fs::copy(story.genesis(), &genesis).unwrap();
    fs::remove_dir_all(&story.ledger).unwrap();

    let proved = allonge(["verify", &file, "--trust", &genesis, "--json"]).json();
    assert_eq!((proved["valid"].as_bool(), proved["committed"].as_bool()), (Some(true), Some(true)));
    assert_eq!(proved["transaction"], pay);
    assert_eq!(proved["clock"], "manual");
    assert!(proved["warning"].as_str().unwrap().contains("MANUAL"));
    let text = allonge(["verify", &file, "--trust", &genesis]).text();
    assert!(text.starts_with("WARNING: the clock of this network is MANUAL"), "{text}");
    assert!(text.contains("\nVALID: this transaction of SYNBCNBJXXX took effect"), "{text}");
}

#[test]
fn a_receipt_with_any_byte_flipped_proves_nothing() {
    let story = Story::play();
    let file = story.path("pay.receipt");
    allonge(["receipt", &story.transaction("pay"), "-o", &file, "--ledger", &story.ledger, "--json"]).json();
    let receipt = fs::read(&file).unwrap();
    // Every byte is flipped in the tests of the client; here some stand for all.
    for place in (0..receipt.len()).step_by(13) {
        let mut flipped = receipt.clone();
        flipped[place] ^= 1;
        fs::write(&file, flipped).unwrap();
        let said = allonge(["verify", &file, "--trust", &story.genesis(), "--json"]);
        assert_eq!(said.exit, 1, "byte {place}");
        assert!(said.error()["code"].as_str().unwrap().starts_with("receipt."), "byte {place}");
        assert!(said.output.is_empty());
    }
}

#[test]
fn a_receipt_of_another_network_and_of_no_transaction_are_answered_no() {
    let (story, other) = (Story::play(), Story::play());
    let file = story.path("pay.receipt");
    allonge(["receipt", &story.transaction("pay"), "-o", &file, "--ledger", &story.ledger, "--json"]).json();
    let said = allonge(["verify", &file, "--trust", &other.genesis(), "--json"]);
    assert_eq!((said.exit, said.error()["code"].as_str()), (1, Some("receipt.wrong_network")));

    let none = story.path("none.receipt");
    let unknown = allonge(["receipt", &"0".repeat(64), "-o", &none, "--ledger", &story.ledger, "--json"]);
    assert_eq!((unknown.exit, unknown.error()["code"].as_str()), (1, Some("transaction.unknown")));
    assert_eq!(allonge(["receipt", "pay", "-o", &none, "--ledger", &story.ledger]).exit, 2);
    assert_eq!(allonge(["verify", &file, "--trust", &shared("vectors/finance.json"), "--json"]).exit, 2);
}
