//! Proofs of history, of idempotency keys and of accounts at recent heights, checked with the genesis alone.
//!
//! Keys and times are fixed, so the files are the same in every run. They are frozen in
//! `tests/vectors/proofs.json`, which every language replays; `ALLONGE_UPDATE_VECTORS=1` writes it anew.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use allonge::{
    Checkpoint, Clock, Error, Expired, IdempotencyKey, Ledger, LedgerOperation, Money, OpenOptions,
    Operation, Outcome, PartyId, Session, SubmitOptions, Timestamp, Trust, evidence, verify_account,
    verify_answer, verify_history,
};
use serde_json::{Value, json};

const BANK: &str = "SYNBCNBJXXX";
const ACCOUNT: &str = "SYNBCNBJXXX/USD/settlement";
const ISSUE: &str = "operator/USD/issue";
const HOUR_MS: i64 = 3_600_000;

/// A fresh ledger whose keys are known.
fn open(directory: &Path) -> Ledger {
    let keys = directory.join("keys");
    std::fs::create_dir(&keys).unwrap();
    for (seed, name) in [(1, "_validator"), (2, "operator"), (3, BANK)] {
        std::fs::write(keys.join(format!("{name}.key")), format!("{seed:02x}").repeat(32)).unwrap();
    }
    let options = OpenOptions {
        name: "the proofs".to_owned(),
        clock: Clock::Manual,
        start: Some(time("2026-03-02T01:00:00Z")),
        calendars: Vec::new(),
        ..OpenOptions::default()
    };
    Ledger::open(directory, options).unwrap()
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn bank() -> PartyId {
    PartyId::parse(BANK).unwrap()
}

fn key(byte: u8) -> IdempotencyKey {
    IdempotencyKey::new([byte; 16])
}

fn open_account(account: &str) -> Operation {
    Operation::Ledger(LedgerOperation::OpenAccount { account: account.parse().unwrap(), ceiling: None })
}

fn pay(minor_units: i128) -> Operation {
    let usd = allonge::Currency::parse("USD").unwrap();
    Operation::Ledger(LedgerOperation::Transfer {
        from: ISSUE.parse().unwrap(),
        to: ACCOUNT.parse().unwrap(),
        amount: Money::from_minor_units(minor_units, usd),
        value_date: None,
        reference: "funding".to_owned(),
    })
}

/// Submits with this idempotency key, for an hour from now on; answers the transaction's id.
fn submit(session: &Session, number: u8, operation: Operation) -> allonge::Hash {
    let options = SubmitOptions { key: Some(key(number)), valid_for_ms: HOUR_MS, ..SubmitOptions::default() };
    let outcome = session.submit(vec![operation], options).unwrap();
    outcome.receipt().unwrap().verify(session.ledger().trust()).unwrap().id
}

/// Blocks 1 to 5: the bank is admitted, two accounts are opened, 1.00 and then 2.00 are paid. With `other` money in
/// block 4 it is another history of the same ledger.
fn story(ledger: &Ledger, other: bool) -> Session {
    let (operator, bank) = (ledger.operator().unwrap(), ledger.session(bank()).unwrap());
    let keys = vec![bank.public_key()];
    let admit =
        LedgerOperation::AdmitParty { party: bank.party().clone(), name: "Synthetic Bank".to_owned(), keys };
    submit(&operator, 1, Operation::Ledger(admit));
    submit(&operator, 2, open_account(ISSUE));
    submit(&bank, 3, open_account(ACCOUNT));
    submit(&operator, 4, pay(if other { 999 } else { 100 }));
    submit(&operator, 5, pay(200));
    bank
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.unwrap_err().code()
}

#[test]
fn whoever_kept_a_checkpoint_finds_out_when_the_ledger_was_forked() {
    let (one, another) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (honest, forked) = (open(one.path()), open(another.path()));
    assert_eq!(code(honest.checkpoint()), "block.unknown");
    let trust = Trust::from_json(&honest.trust().to_json()).unwrap();
    assert_eq!(trust.network(), forked.trust().network());
    story(&honest, false);
    let kept = honest.checkpoint().unwrap();
    story(&forked, true);
    for ledger in [&honest, &forked] {
        ledger.advance_to(time("2026-03-03T01:00:00Z")).unwrap();
    }

    let file = honest.prove_history(kept.height, None).unwrap();
    let proven = verify_history(&file, &trust, Some(&kept)).unwrap();
    assert_eq!((&proven.older, &proven.newer), (&kept, &honest.checkpoint().unwrap()));
    // What is kept next continues from there, and a checkpoint survives as JSON.
    honest.advance_to(time("2026-03-04T01:00:00Z")).unwrap();
    let kept_as_json = serde_json::to_string(&proven.newer).unwrap();
    let newer: Checkpoint = serde_json::from_str(&kept_as_json).unwrap();
    let file = honest.prove_history(newer.height, Some(7)).unwrap();
    assert_eq!(verify_history(&file, &trust, Some(&newer)).unwrap().newer.height, 7);
    assert_eq!(code(verify_history(&file, &trust, Some(&kept))), "receipt.invalid");

    let file = forked.prove_history(kept.height, None).unwrap();
    let error = verify_history(&file, &trust, Some(&kept)).unwrap_err();
    assert_eq!((error.code(), error.detail("height")), ("history.forked", Some("5")));
    // Below the fork the two are one.
    let below = honest.prove_history(2, Some(3)).unwrap();
    let below = verify_history(&below, &trust, None).unwrap().newer;
    let file = forked.prove_history(3, None).unwrap();
    assert_eq!(verify_history(&file, &trust, Some(&below)).unwrap().older, below);

    for (older, newer) in [(0, None), (7, Some(7)), (7, None), (1, Some(8))] {
        assert_eq!(code(honest.prove_history(older, newer)), "block.unknown", "{older} {newer:?}");
    }
    let elsewhere = Checkpoint { network: allonge::Hash::ZERO, ..kept };
    assert_eq!(code(verify_history(&file, &trust, Some(&elsewhere))), "receipt.wrong_network");
}

#[test]
fn a_transaction_that_was_never_taken_in_time_never_will_be_and_that_is_proven() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let bank = story(&ledger, false);
    let options = SubmitOptions { key: Some(key(9)), valid_for_ms: HOUR_MS, ..SubmitOptions::default() };
    let account = format!("{BANK}/USD/never");
    let prepared = bank.prepare(vec![open_account(&account)], options).unwrap();
    let read = evidence::from_canonical_bytes("signed_transaction", &prepared).unwrap();
    let valid_until = time(read["transaction"]["valid_until"].as_str().unwrap());
    let prove = || {
        let file = ledger.prove_answer(bank.party(), key(9), valid_until).unwrap();
        verify_answer(&file, ledger.trust(), bank.party(), key(9), valid_until).unwrap()
    };
    assert_eq!((prove().transaction, prove().settled), (None, false));
    ledger.advance_to(valid_until).unwrap();
    assert!(!prove().settled, "in its last moment it may still come");
    ledger.advance_to(valid_until.plus_millis(1).unwrap()).unwrap();
    assert!(prove().settled);
    let Outcome::Expired(expired) = ledger.submit(&prepared, 30_000).unwrap() else { panic!("it came") };
    let Expired { party, key: expired_key, valid_until: until, time, proof, .. } = &expired;
    assert_eq!((party, *expired_key, *until), (bank.party(), key(9), valid_until));
    let proven = verify_answer(proof, ledger.trust(), party, *expired_key, *until).unwrap();
    assert_eq!((proven.transaction, proven.settled, proven.time), (None, true, *time));
    assert!(verify_answer(proof, ledger.trust(), party, key(10), *until).is_err());
    assert_eq!(code(Outcome::Expired(expired).committed()), "transaction.expired");

    let options = SubmitOptions { key: Some(key(10)), valid_for_ms: HOUR_MS, ..options };
    let valid_until = ledger.status().unwrap().time.plus_millis(HOUR_MS).unwrap();
    let taken = bank.submit(vec![open_account(&account)], options).unwrap().committed().unwrap();
    let file = ledger.prove_answer(bank.party(), key(10), valid_until).unwrap();
    let proven = verify_answer(&file, ledger.trust(), bank.party(), key(10), valid_until).unwrap();
    assert_eq!((proven.transaction, proven.settled), (Some(taken.transaction), true));
    let operator = PartyId::parse("operator").unwrap();
    let another = verify_answer(&file, ledger.trust(), &operator, key(10), valid_until);
    assert_eq!(code(another), "receipt.invalid");
}

#[test]
fn an_account_is_proven_as_it_was_at_each_recent_height() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    story(&ledger, false);
    let account = ACCOUNT.parse().unwrap();
    for (height, balance) in [(1, None), (2, None), (3, Some(0)), (4, Some(100)), (5, Some(300))] {
        let file = ledger.prove_account_at(&account, height).unwrap();
        let proven = verify_account(&file, ledger.trust(), &account).unwrap();
        assert_eq!(proven.height, height);
        assert_eq!(proven.account.map(|account| account.balance.minor_units()), balance);
        assert_eq!(file == ledger.prove_account(&account).unwrap(), height == 5);
    }
    assert_eq!(code(ledger.prove_account_at(&account, 6)), "block.unknown");
    assert_eq!(code(ledger.prove_account_at(&account, 0)), "block.unknown");
}

/// A file with each of some bytes flipped; none of them holds.
fn flips(name: &str, file: &[u8], verify: impl Fn(&[u8]) -> Result<Value, Error>) -> Vec<Value> {
    let flipped = |position: usize| {
        let mut flipped = file.to_vec();
        flipped[position] ^= 1;
        flipped
    };
    for position in 0..file.len() {
        let code = code(verify(&flipped(position)));
        assert!(code.starts_with("receipt."), "{name}, byte {position}: {code}");
    }
    let kept = (0..file.len()).step_by(file.len() / 12);
    kept.map(|position| {
        let file = flipped(position);
        json!({
            "name": format!("{name}, byte {position} flipped"),
            "file": hex::encode(&file),
            "code": code(verify(&file)),
        })
    })
    .collect()
}

/// The cases of a section: each file with what is asked of it, and what it proves or why not.
struct Section<'a> {
    good: Vec<Value>,
    bad: Vec<Value>,
    verify: &'a Verify<'a>,
}

/// What a file proves about what is asked.
type Verify<'a> = dyn Fn(&[u8], &Value) -> Result<Value, Error> + 'a;

impl Section<'_> {
    fn good(&mut self, name: &str, file: &[u8], asked: Value) {
        let proves = (self.verify)(file, &asked).unwrap();
        self.good.push(merged(json!({ "name": name, "file": hex::encode(file), "proves": proves }), &asked));
    }

    fn bad(&mut self, name: &str, file: &[u8], asked: Value) {
        let code = code((self.verify)(file, &asked));
        self.bad.push(merged(json!({ "name": name, "file": hex::encode(file), "code": code }), &asked));
    }

    fn flipped(&mut self, name: &str, file: &[u8], asked: Value) {
        let flipped = flips(name, file, |file| (self.verify)(file, &asked));
        self.bad.extend(flipped.into_iter().map(|case| merged(case, &asked)));
        for (name, file) in [("cut", &file[..file.len() - 1]), ("with a byte more", &[file, &[0]].concat())] {
            self.bad(name, file, asked.clone());
        }
        let mut newer = file.to_vec();
        newer[8] = 2;
        self.bad("of another version", &newer, asked);
    }

    fn json(self) -> Value {
        json!({ "good": self.good, "bad": self.bad })
    }
}

fn merged(mut case: Value, asked: &Value) -> Value {
    let case_fields = case.as_object_mut().unwrap();
    case_fields.extend(asked.as_object().unwrap().clone());
    case
}

fn record<T: serde::Serialize>(proven: T) -> Value {
    serde_json::to_value(proven).unwrap()
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn files_of_proofs_have_their_frozen_bytes_and_prove_what_they_say() {
    let (one, another) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (ledger, forked) = (open(one.path()), open(another.path()));
    story(&ledger, false);
    story(&forked, true);
    let trust = ledger.trust();

    let verify =
        |file: &[u8], asked: &Value| verify_account(file, trust, &read(&asked["account"])).map(record);
    let mut accounts = Section { good: Vec::new(), bad: Vec::new(), verify: &verify };
    let of = |account: &str| json!({ "account": account });
    for height in [2, 4, 5] {
        let file = ledger.prove_account_at(&ACCOUNT.parse().unwrap(), height).unwrap();
        accounts.good(&format!("at height {height}"), &file, of(ACCOUNT));
        accounts.bad(&format!("at height {height}, of another account"), &file, of(ISSUE));
        if height == 4 {
            accounts.flipped("account", &file, of(ACCOUNT));
        }
    }

    let verify = |file: &[u8], asked: &Value| {
        let (party, key, until) = (read(&asked["party"]), read(&asked["key"]), read(&asked["valid_until"]));
        verify_answer(file, trust, &party, key, until).map(record)
    };
    let mut answers = Section { good: Vec::new(), bad: Vec::new(), verify: &verify };
    let until = |text| time(text);
    let of = |party: &str, number, until: Timestamp| json!({ "party": party, "key": key(number), "valid_until": until });
    let prove = |party: &str, number, until| {
        ledger.prove_answer(&PartyId::parse(party).unwrap(), key(number), until).unwrap()
    };
    let (bucket, none) = (until("2026-03-02T02:00:00Z"), until("2026-03-05T02:00:00Z"));
    let used = prove(BANK, 3, bucket);
    answers.good("used", &used, of(BANK, 3, bucket));
    answers.good("not used so far", &prove(BANK, 7, bucket), of(BANK, 7, bucket));
    answers.good("not used so far, with no bucket", &prove(BANK, 7, none), of(BANK, 7, none));
    answers.bad("used, for another key", &used, of(BANK, 7, bucket));
    answers.bad("used, for another party", &used, of("operator", 3, bucket));
    answers.bad("used, for another time", &used, of(BANK, 3, none));
    answers.flipped("used", &used, of(BANK, 3, bucket));
    for ledger in [&ledger, &forked] {
        ledger.advance_to(time("2026-03-02T02:00:00.001Z")).unwrap();
    }
    let never = prove(BANK, 7, bucket);
    answers.good("never used", &never, of(BANK, 7, bucket));
    answers.flipped("never used", &never, of(BANK, 7, bucket));

    let verify = |file: &[u8], asked: &Value| {
        let checkpoint: Option<Checkpoint> = read(&asked["checkpoint"]);
        verify_history(file, trust, checkpoint.as_ref()).map(record)
    };
    let mut histories = Section { good: Vec::new(), bad: Vec::new(), verify: &verify };
    let file = |ledger: &Ledger, older| ledger.prove_history(older, None).unwrap();
    let from = |ledger: &Ledger, older| json!({ "checkpoint": verify_history(&file(ledger, older), trust, None).unwrap().older });
    for older in [1, 3, 5] {
        histories.good(&format!("from height {older}"), &file(&ledger, older), from(&ledger, older));
    }
    histories.good("without a checkpoint", &file(&ledger, 2), json!({ "checkpoint": null }));
    histories.bad("of another height", &file(&ledger, 3), from(&ledger, 2));
    histories.bad("forked", &file(&forked, 4), from(&ledger, 4));
    histories.flipped("history", &file(&ledger, 3), from(&ledger, 3));
    // The genesis of the story of a letter of credit.
    let story: Value = serde_json::from_str(include_str!("../../../tests/vectors/trade.json")).unwrap();
    let elsewhere = Trust::from_json(&story["genesis"].to_string()).unwrap();
    assert_eq!(code(verify_history(&file(&ledger, 3), &elsewhere, None)), "receipt.wrong_network");

    let vector = json!({
        "about": "Files that prove what an account was, what an idempotency key was used for, and that history \
                  was not forked. `proves` is the record ProvenAccount, ProvenAnswer or ProvenHistory; `code` the \
                  error of a bad one.",
        "genesis": serde_json::to_value(trust.genesis()).unwrap(),
        "network": trust.network(),
        "accounts": accounts.json(),
        "answers": answers.json(),
        "histories": histories.json(),
    });
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/proofs.json");
    if std::env::var_os("ALLONGE_UPDATE_VECTORS").is_some() {
        std::fs::write(&path, serde_json::to_string_pretty(&vector).unwrap() + "\n").unwrap();
    }
    let frozen: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert!(frozen == vector, "the files differ from tests/vectors/proofs.json");
}
