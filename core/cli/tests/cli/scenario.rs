//! Scenarios: what they do, what stops them, and that they can be repeated.

use std::fs;
use std::path::Path;

use allonge::OpenOptions;
use serde_json::Value;

use crate::support::{Said, Story, allonge, shared, text};

const HEAD: &str = "name = \"test\"\n[ledger]\nclock = \"manual\"\nstart = 2026-03-02T01:00:00Z\n\
                    [[parties]]\nid = \"SYNBCNBJXXX\"\nname = \"Synthetic Bank\"\n";

fn step(id: &str, rest: &str) -> String {
    format!("[[steps]]\nid = \"{id}\"\n{rest}\n")
}

fn open(purpose: &str) -> String {
    let account = format!("account = \"SYNBCNBJXXX/USD/{purpose}\"");
    format!("author = \"SYNBCNBJXXX\"\noperation = {{ type = \"open_account\", {account} }}")
}

/// Runs a scenario written to a file beside the ledger.
fn run(directory: &Path, scenario: &str) -> Said {
    let file = directory.join("scenario.toml");
    fs::write(&file, scenario).unwrap();
    allonge(["run", &text(&file), "--ledger", &text(&directory.join("ledger")), "--json"])
}

#[test]
fn the_whole_story_of_a_letter_of_credit_is_told() {
    let story = Story::play();
    let events: Vec<String> = story.played["steps"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|done| done["outcome"]["events"].as_array().cloned().unwrap_or_default())
        .map(|record| record["event"]["type"].as_str().unwrap().to_owned())
        .collect();
    let expected = [
        "account_opened",
        "account_opened",
        "account_opened",
        "transferred",
        "credit_issued",
        "credit_advised",
        "documents_presented",
        "presentation_accepted",
        "claim_created",
        "transferred",
        "claim_paid",
        "credit_closed",
    ];
    assert_eq!(events, expected);

    let timeline = allonge(["run", &shared("conformance/letter_of_credit.toml"), "--ledger", &story.ledger]);
    let line = "claim created SYNBCNBJXXX/BJ26LC000127/1, due 2026-07-27";
    assert!(timeline.text().contains(line), "{}", timeline.text());
}

#[test]
fn a_second_run_answers_with_the_first_results() {
    for scenario in ["conformance/letter_of_credit.toml", "conformance/wrong_steps.toml"] {
        let directory = tempfile::tempdir().unwrap();
        let ledger = text(&directory.path().join("ledger"));
        let run = || allonge(["run", &shared(scenario), "--ledger", &ledger, "--json"]).json();
        let (first, second) = (run(), run());
        assert_eq!(first["ledger"], second["ledger"], "nothing was added");
        // A refused key is told at the height at which it is judged, so its message may differ.
        assert_eq!(first["steps"], second["steps"]);
        assert_eq!(first["parties"], second["parties"]);
    }
}

#[test]
fn every_wrong_step_is_refused_with_its_code() {
    let directory = tempfile::tempdir().unwrap();
    let file = shared("conformance/wrong_steps.toml");
    let ledger = text(&directory.path().join("ledger"));
    let played = allonge(["run", &file, "--ledger", &ledger, "--json"]).json();
    let code = |step: &str| {
        let done = played["steps"].as_array().unwrap().iter().find(|done| done["step"] == step).unwrap();
        let error = done.get("not_admitted").unwrap_or(&done["outcome"]["error"]);
        error["code"].as_str().map(str::to_owned).unwrap_or_else(|| panic!("{step}: {done}"))
    };
    let wrong = [
        ("present after expiry", "letter_of_credit.expired"),
        ("examine by the wrong party", "presentation.not_examining_bank"),
        ("accept after the fifth banking day", "letter_of_credit.examination_over"),
        ("overdraw the credit", "letter_of_credit.overdrawn"),
        ("pay somebody who is not the holder", "claim.not_holder"),
        ("use the same key for something else", "transaction.key_conflict"),
        ("sign with a key that nobody registered", "signature.unknown_key"),
        ("sign with a revoked key", "signature.revoked_key"),
    ];
    for (step, expected) in wrong {
        assert_eq!(code(step), expected, "{step}");
    }
}

#[test]
fn a_step_that_ends_otherwise_than_expected_stops_the_run_and_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let refused =
        [step("open", &open("cash")), step("open twice", &open("cash")), step("never", &open("late"))];
    let said = run(directory.path(), &(HEAD.to_owned() + &refused.concat()));
    assert_eq!(said.exit, 1);
    let error = said.error();
    assert_eq!(error["code"], "scenario.differs");
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with("step open twice should have ended with success"), "{message}");
    assert!(message.contains("account.exists"), "{message}");
    let played: Value = serde_json::from_slice(&said.output).unwrap();
    assert_eq!(played["steps"].as_array().unwrap().len(), 2);

    let other = tempfile::tempdir().unwrap();
    let expects = step("open", &format!("expect = \"account.exists\"\n{}", open("cash")));
    let said = run(other.path(), &(HEAD.to_owned() + &expects));
    assert_eq!(said.exit, 1);
    let message = said.error()["message"].as_str().unwrap().to_owned();
    assert_eq!(message, "step open should have ended with account.exists, and ended with success");
}

#[test]
fn a_scenario_with_a_mistake_submits_nothing() {
    let mistakes = [
        step("", "advance_to = 1"),
        step("a", &open("cash").replace("open_account", "open_acount")),
        step("a", &open("CASH")),
        step("a", &open("cash").replace("author", "autor")),
        step("a", ""),
        step("a", &format!("advance_to = 2026-03-03T00:00:00Z\n{}", open("cash"))),
        step("a", &format!("expect = \"no.such\"\n{}", open("cash"))),
        step("a", &format!("key_of = \"b\"\n{}", open("cash"))),
        step("a", &format!("signer = \"nobody\"\n{}", open("cash"))),
        step("a", "author = \"SYNBCNBJXXX\"\nmt700 = \"none.fin\""),
        step("a", &open("cash")) + &step("a", &open("other")),
    ];
    for mistake in mistakes {
        let directory = tempfile::tempdir().unwrap();
        let said = run(directory.path(), &(HEAD.to_owned() + &step("good", &open("good")) + &mistake));
        assert_eq!(said.exit, 2, "{mistake}");
        let ledger = directory.path().join("ledger");
        if ledger.exists() {
            let ledger = allonge::Ledger::open(ledger, OpenOptions::default()).unwrap();
            assert_eq!(ledger.status().unwrap().height, 0, "{mistake}");
        }
    }
}

#[test]
fn a_scenario_brings_keys_only_to_a_manual_clock() {
    let directory = tempfile::tempdir().unwrap();
    let scenario =
        format!("keys = [\"k\"]\n{}{}", HEAD.replace("manual", "system"), step("a", &open("cash")));
    let said = run(directory.path(), &scenario);
    assert_eq!((said.exit, said.error()["code"].as_str()), (2, Some("scenario.invalid")));
}

#[test]
fn a_message_that_cannot_become_a_credit_is_told_with_every_problem() {
    let directory = tempfile::tempdir().unwrap();
    let message = fs::read_to_string(shared("vectors/fin/mt700_usance.fin")).unwrap();
    let unreadable = message.replace("AT 90 DAYS AFTER DATE OF SHIPMENT", "WHEN THE APPLICANT IS READY");
    fs::write(directory.path().join("bad.fin"), unreadable).unwrap();
    let issue = step("issue", "author = \"SYNBCNBJXXX\"\nmt700 = \"bad.fin\"");
    let said = run(directory.path(), &(HEAD.to_owned() + &issue));
    assert_eq!((said.exit, said.error()["code"].as_str()), (2, Some("message.not_representable")));
    assert_eq!(said.error()["problems"][0]["tag"], "42P");
}
