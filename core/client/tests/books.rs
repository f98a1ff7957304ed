//! What an account held and what moved, before and after: previews, balances, statements, backups and replays.

#![allow(clippy::unwrap_used)] // Helpers of tests stand outside test functions.

use allonge::{
    Clock, Currency, Date, IdempotencyKey, Ledger, LedgerOperation, Money, OpenOptions, Operation,
    OutcomeRecord, Session, SubmitOptions, Timestamp, Trust, is_snapshot, prune, replay, restore,
    restore_snapshot, statement_csv, verify_account,
};

fn usd(minor_units: i128) -> Money {
    Money::from_minor_units(minor_units, Currency::parse("USD").unwrap())
}

fn open(directory: &std::path::Path) -> Ledger {
    let start = Timestamp::parse("2026-03-02T08:00:00Z").unwrap();
    let options = OpenOptions { clock: Clock::Manual, start: Some(start), ..OpenOptions::default() };
    Ledger::open(directory, options).unwrap()
}

fn open_account(account: &str) -> Operation {
    Operation::Ledger(LedgerOperation::OpenAccount { account: account.parse().unwrap(), ceiling: None })
}

fn transfer(from: &str, to: &str, amount: i128, reference: &str) -> Operation {
    Operation::Ledger(LedgerOperation::Transfer {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        amount: usd(amount),
        value_date: None,
        reference: reference.into(),
    })
}

const BANK: &str = "SYNBCNBJXXX/USD/settlement";
const ISSUE: &str = "operator/USD/issue";

/// On 2 March the bank gets 100.00, on 4 March 25.00 go back.
fn story(ledger: &Ledger) -> Session {
    let bank = ledger.admit("SYNBCNBJXXX".parse().unwrap(), "Synthetic Bank").unwrap();
    let operator = ledger.operator().unwrap();
    let submit = |session: &Session, operation| {
        session.submit(vec![operation], SubmitOptions::default()).unwrap().committed().unwrap()
    };
    submit(&operator, open_account(ISSUE));
    submit(&bank, open_account(BANK));
    submit(&operator, transfer(ISSUE, BANK, 10_000, "first \"money\", issued"));
    ledger.advance_to(Timestamp::parse("2026-03-04T08:00:00Z").unwrap()).unwrap();
    submit(&bank, transfer(BANK, ISSUE, 2_500, "back"));
    bank
}

#[test]
fn a_statement_is_csv_for_spreadsheets() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    story(&ledger);
    let march = |day| Date::new(2026, 3, day).unwrap();
    let statement = ledger.statement(&BANK.parse().unwrap(), march(2), march(4)).unwrap();
    let csv = statement_csv(&statement);
    let lines: Vec<_> = csv.split("\r\n").collect();
    let [header, opening, first, second, closing, ""] = lines.as_slice() else { unreachable!("{csv}") };
    assert_eq!(
        *header,
        "entry,height,time,transaction,value_date,counterparty,reference,amount,balance,currency,reverses"
    );
    assert_eq!(*opening, "opening,,2026-03-02,,,,,,0.00,USD,");
    assert!(
        first.contains(",2026-03-02,operator/USD/issue,\"first \"\"money\"\", issued\",100.00,100.00,USD,")
    );
    assert!(second.starts_with("2,") && second.contains(",back,-25.00,75.00,USD,"), "{second}");
    assert_eq!(*closing, "closing,,2026-03-04,,,,,,75.00,USD,");

    let balance = |height, date| ledger.balance(&BANK.parse().unwrap(), height, date).unwrap().balance;
    assert_eq!(balance(None, None), usd(7_500));
    assert_eq!(balance(Some(4), None), usd(10_000));
    assert_eq!(balance(None, Some(march(3))), usd(10_000));
}

#[test]
fn a_reversal_names_what_it_reverses_in_the_statement_and_in_its_csv() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    story(&ledger);
    let bank = BANK.parse().unwrap();
    let first = ledger.entries(&bank, 1, 1).unwrap().remove(0);
    let back = Operation::Ledger(LedgerOperation::ReverseTransaction {
        transaction: first.transaction,
        amounts: vec![usd(2_500)],
        value_date: None,
        reason: "not owed".into(),
    });
    let session = ledger.operator().unwrap();
    let foreseen = session.preview(vec![back.clone()], SubmitOptions::default()).unwrap();
    let committed =
        session.submit(vec![back.clone()], SubmitOptions::default()).unwrap().committed().unwrap();
    assert_eq!(foreseen.events.len(), 2, "what moved, and what it reverses");
    let reversal = ledger.reversal(&first.transaction).unwrap().unwrap();
    assert_eq!((reversal.transaction, reversal.by), (first.transaction, committed.transaction));
    assert_eq!(ledger.reversal(&committed.transaction).unwrap(), None);

    let march = |day| Date::new(2026, 3, day).unwrap();
    let statement = ledger.statement(&bank, march(2), march(4)).unwrap();
    let [_, reversed, storno] = statement.entries.as_slice() else { unreachable!() };
    assert_eq!(reversed, &first, "it stays as it was");
    assert_eq!((storno.amount, storno.reverses), (usd(2_500), Some(first.transaction)));
    let json = serde_json::to_value(&statement).unwrap();
    assert_eq!(json["entries"][2]["reverses"], first.transaction.to_string());
    assert_eq!(json["entries"][1].get("reverses"), None);
    let csv = statement_csv(&statement);
    let line = csv.split("\r\n").nth(4).unwrap();
    assert!(line.ends_with(&format!(",not owed,25.00,100.00,USD,{}", first.transaction)), "{line}");

    let again = session.submit(vec![back], SubmitOptions::default()).unwrap().committed().unwrap_err();
    assert_eq!(again.code(), "reversal.repeated");
}

#[test]
fn a_preview_says_what_would_happen_and_nothing_happens() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let bank = story(&ledger);
    let height = ledger.status().unwrap().height;
    let options = SubmitOptions { key: Some("7".repeat(32).parse().unwrap()), ..SubmitOptions::default() };
    let pay = |amount| vec![transfer(BANK, ISSUE, amount, "more")];

    let refused = bank.preview(pay(7_501), options).unwrap();
    assert_eq!(
        (refused.committed, refused.error.unwrap().code.as_str()),
        (false, "account.insufficient_funds")
    );
    let foreseen = bank.preview(pay(7_500), options).unwrap();
    assert_eq!(ledger.status().unwrap().height, height);

    let outcome = bank.submit(pay(7_500), options).unwrap();
    assert_eq!(foreseen.events, OutcomeRecord::of(&outcome).unwrap().events);
    let committed = outcome.committed().unwrap();
    assert_eq!((foreseen.committed, foreseen.height), (true, committed.height));
    assert_eq!(foreseen.state_root, ledger.status().unwrap().state_root);
}

#[test]
fn an_account_is_proven_offline() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    story(&ledger);
    let (trust, account) = (Trust::from_json(&ledger.trust().to_json()).unwrap(), BANK.parse().unwrap());
    let mut file = ledger.prove_account(&account).unwrap();
    let proven = verify_account(&file, &trust, &account).unwrap();
    assert_eq!(proven.account.unwrap().balance, usd(7_500));
    // The last byte of the certificate; behind it is the number of handovers.
    let place = file.len() - 5;
    file[place] ^= 1;
    assert_eq!(verify_account(&file, &trust, &account).unwrap_err().code(), "receipt.invalid");
}

#[test]
fn a_prepared_transaction_is_submitted_later_and_once() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let bank = story(&ledger);
    let signed = bank.prepare(vec![transfer(BANK, ISSUE, 1, "late")], SubmitOptions::default()).unwrap();
    let first = ledger.submit(&signed, 30_000).unwrap().committed().unwrap();
    let again = ledger.submit(&signed, 30_000).unwrap().committed().unwrap();
    assert_eq!(first.receipt, again.receipt);
    assert_eq!(ledger.submit(&signed[1..], 30_000).unwrap_err().code(), "transaction.malformed");
}

#[test]
fn a_ledger_is_backed_up_replayed_and_restored_with_its_keys() {
    let directory = tempfile::tempdir().unwrap();
    let (old, new) = (directory.path().join("old"), directory.path().join("new"));
    let ledger = open(&old);
    let bank = story(&ledger);
    let file = directory.path().join("backup");
    let backup = ledger.backup(&file).unwrap();
    let status = ledger.status().unwrap();
    assert_eq!((backup.height, backup.network), (status.height, status.network));
    bank.submit(vec![transfer(BANK, ISSUE, 1, "not in it")], SubmitOptions::default()).unwrap();
    ledger.close();

    let mut heights = 0;
    let replayed = replay(&file, Some(ledger.trust()), |_| heights += 1).unwrap();
    assert_eq!(
        (replayed.height, replayed.state_root, heights),
        (status.height, status.state_root, status.height)
    );
    let elsewhere = open(&directory.path().join("elsewhere"));
    let error = replay(&file, Some(elsewhere.trust()), |_| ()).unwrap_err();
    assert_eq!(error.code(), "receipt.wrong_network");

    restore(&file, &new, None, |_| ()).unwrap();
    assert_eq!(restore(&file, &new, None, |_| ()).unwrap_err().code(), "store.exists");
    let without_keys = Ledger::open(&new, OpenOptions::default()).map(|_| ()).unwrap_err();
    assert_eq!(without_keys.code(), "key.file_missing");
    std::fs::rename(old.join("keys"), new.join("keys")).unwrap();
    let restored = Ledger::open(&new, OpenOptions::default()).unwrap();
    assert_eq!(restored.status().unwrap().state_root, status.state_root);
    let bank = restored.session("SYNBCNBJXXX".parse().unwrap()).unwrap();
    bank.submit(vec![transfer(BANK, ISSUE, 1, "life goes on")], SubmitOptions::default()).unwrap();
}

#[test]
fn nothing_of_a_ledger_of_another_genesis_is_executed() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(&directory.path().join("one"));
    story(&ledger);
    let file = directory.path().join("backup");
    ledger.backup(&file).unwrap();
    // Its first block is damaged, which would be found if it were looked at.
    let mut bytes = std::fs::read(&file).unwrap();
    let genesis = u32::from_le_bytes(bytes[24..28].try_into().unwrap()) as usize;
    bytes[32 + genesis + 100] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let code = |trust: &Trust| {
        let mut heights = 0;
        let error = replay(&file, Some(trust), |_| heights += 1).unwrap_err();
        assert_eq!(heights, 0);
        let restored = restore(&file, directory.path().join("restored"), Some(trust), |_| ()).unwrap_err();
        assert_eq!(restored.code(), error.code());
        error.code()
    };
    assert_eq!(code(ledger.trust()), "replay.bad_block");
    let another = open(&directory.path().join("another"));
    assert_eq!(code(another.trust()), "receipt.wrong_network");
    assert!(!directory.path().join("restored").exists());
}

#[test]
fn a_ledger_begins_at_a_snapshot_and_is_pruned_and_its_receipts_still_verify() {
    let directory = tempfile::tempdir().unwrap();
    let (old, new) = (directory.path().join("old"), directory.path().join("new"));
    let ledger = open(&old);
    let bank = story(&ledger);
    let keyed = || SubmitOptions { key: Some(IdempotencyKey::new([7; 16])), ..SubmitOptions::default() };
    let first = bank.submit(vec![transfer(BANK, ISSUE, 1, "first")], keyed()).unwrap();
    let receipt = first.committed().unwrap().receipt;
    // Of what is too old to be reversed the newest block stays.
    bank.submit(vec![transfer(BANK, ISSUE, 1, "second")], SubmitOptions::default()).unwrap();
    let late = ledger.status().unwrap().time.plus_millis(100 * 86_400_000).unwrap();
    ledger.advance_to(late).unwrap();
    bank.submit(vec![transfer(BANK, ISSUE, 1, "third")], SubmitOptions::default()).unwrap();
    ledger.advance_to(late.plus_millis(1).unwrap()).unwrap();
    let file = directory.path().join("snapshot");
    let snapshot = ledger.write_snapshot(&file).unwrap();
    let status = ledger.status().unwrap();
    assert_eq!((snapshot.height, snapshot.state_root), (status.height, status.state_root));
    assert!(is_snapshot(&file).unwrap() && snapshot.oldest > 1);
    assert_eq!(prune(&old, 0).unwrap_err().code(), "store.locked");
    ledger.close();

    let elsewhere = open(&directory.path().join("elsewhere"));
    let error = restore_snapshot(&file, &new, elsewhere.trust(), None).unwrap_err();
    assert_eq!(error.code(), "receipt.wrong_network");
    let kept = restore_snapshot(&file, &new, ledger.trust(), None).unwrap();
    let pruned = prune(&old, 0).unwrap();
    assert_eq!(kept, pruned);
    assert_eq!(
        (kept.height, kept.state_root, kept.oldest),
        (status.height, status.state_root, snapshot.oldest)
    );
    std::fs::create_dir(new.join("keys")).unwrap();
    for key in std::fs::read_dir(old.join("keys")).unwrap().map(Result::unwrap) {
        std::fs::copy(key.path(), new.join("keys").join(key.file_name())).unwrap();
    }
    for directory in [&old, &new] {
        let ledger = Ledger::open(directory, OpenOptions::default()).unwrap();
        receipt.verify(ledger.trust()).unwrap();
        let bank = ledger.session("SYNBCNBJXXX".parse().unwrap()).unwrap();
        bank.submit(vec![transfer(BANK, ISSUE, 1, "life goes on")], SubmitOptions::default()).unwrap();
        // What was paid is not said to be unknown, or to be paid again.
        let error = bank.submit(vec![transfer(BANK, ISSUE, 1, "first")], keyed()).unwrap_err();
        assert_eq!(error.code(), "block.pruned");
        let error = ledger.outcome(bank.party(), IdempotencyKey::new([7; 16])).unwrap_err();
        assert_eq!(error.code(), "block.pruned");
        let error = ledger.subscribe(None).unwrap().poll_batch(10).unwrap_err();
        assert_eq!(error.code(), "stream.pruned");
        let behind = ledger.subscribe(error.detail("cursor")).unwrap().poll_batch(10).unwrap();
        assert_eq!(behind.len(), 1, "life goes on");
        let error = ledger.backup(directory.join("backup")).unwrap_err();
        assert_eq!(error.code(), "block.pruned");
    }
}
