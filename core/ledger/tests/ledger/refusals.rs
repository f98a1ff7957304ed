//! Wrong steps, each with its code.

use allonge_crypto::{Hash, PublicKey, Signature, Signer, SoftwareSigner};
use allonge_finance::Timestamp;
use allonge_ledger::{
    Account, Approval, Embedded, Event, IdempotencyKey, LedgerOperation, MAX_APPROVALS, MAX_OPERATIONS,
    MAX_TRANSACTION_BYTES, MAX_VALIDITY_MS, Operation, Party, SignedTransaction, Verdict,
};

use crate::world::*;

/// The code with which a candidate is kept out, and that the ledger stayed as it was.
fn kept_out(ledger: &mut Embedded<Notes>, seconds: i64, candidate: &SignedTransaction) -> &'static str {
    let (height, root) = (ledger.height(), ledger.state_root());
    let error = refused(commit(ledger, seconds, candidate));
    assert_eq!((ledger.height(), ledger.state_root()), (height, root), "{error}");
    assert_eq!(ledger.receipt(&candidate.id(SUITE)).unwrap(), None, "{error}");
    error.code()
}

/// The code and the operation with which the rules refuse a transaction, and that it left nothing behind.
fn refusal(ledger: &mut Embedded<Notes>, transaction: &SignedTransaction) -> (String, Option<u16>) {
    let records = |ledger: &Embedded<Notes>| {
        let accounts: Vec<Account> = ledger.list(None, 100).unwrap();
        let parties: Vec<Party> = ledger.list(None, 100).unwrap();
        let notes: Vec<Note> = ledger.list(None, 100).unwrap();
        (accounts, parties, notes)
    };
    let before = records(ledger);
    let id = commit(ledger, 1, transaction).unwrap();
    assert_eq!(records(ledger), before);
    match prove(ledger, &id).result.verdict {
        Verdict::Rejected { refusal } => (refusal.code, refusal.operation),
        Verdict::Committed { events } => panic!("it was committed: {events:?}"),
    }
}

fn code(ledger: &mut Embedded<Notes>, author: u8, operation: LedgerOperation) -> String {
    let key = ledger.height() + 1_000;
    let (code, operation) = refusal(ledger, &transaction(author, key, [Operation::Ledger(operation)]));
    assert_eq!(operation, Some(0));
    code
}

#[test]
fn a_signature_by_an_unknown_key_is_kept_out() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let good = draft(ALICE, 1, [note("x")]);
    assert_eq!(kept_out(&mut ledger, 1, &signed(&good, &[STRANGER])), "signature.unknown_key");
    assert_eq!(kept_out(&mut ledger, 1, &signed(&good, &[BOB])), "signature.unknown_key");
    // Nor does a good signature beside it help.
    assert_eq!(kept_out(&mut ledger, 1, &signed(&good, &[ALICE, BOB])), "signature.unknown_key");
    assert_eq!(kept_out(&mut ledger, 1, &signed(&good, &[])), "signature.missing");
    assert_eq!(kept_out(&mut ledger, 1, &transaction(STRANGER, 1, [note("x")])), "party.unknown");
    commit(&mut ledger, 1, &signed(&good, &[ALICE])).unwrap();
}

#[test]
fn a_key_counts_from_the_next_height_until_it_is_revoked() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let add = add_key(party(ALICE), public_key(50));
    let with_new_key = |key| signed(&draft(ALICE, key, [note("x")]), &[50]);
    // Not yet in the block that registers it.
    let answers =
        ledger.commit(at(1), &[transaction(ALICE, 1, [Operation::Ledger(add)]), with_new_key(2)]).unwrap();
    assert!(answers[0].is_ok());
    assert_eq!(answers[1].as_ref().unwrap_err().code(), "signature.key_not_yet_valid");
    commit(&mut ledger, 1, &with_new_key(3)).unwrap();

    // Still in the block that revokes it, and never after.
    let revoke = LedgerOperation::RevokeKey { party: party(ALICE), key: public_key(50) };
    let answers =
        ledger.commit(at(1), &[transaction(ALICE, 4, [Operation::Ledger(revoke)]), with_new_key(5)]).unwrap();
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(kept_out(&mut ledger, 1, &with_new_key(6)), "signature.revoked_key");
}

#[test]
fn a_signature_that_does_not_hold_is_kept_out() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let mut candidate = transaction(ALICE, 1, [note("x")]);
    let other = transaction(ALICE, 1, [note("y")]);
    candidate.approvals[0].signature = other.approvals[0].signature;
    assert_eq!(kept_out(&mut ledger, 1, &candidate), "signature.invalid");
}

#[test]
fn a_transaction_for_another_network_is_kept_out() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let mut abroad = draft(ALICE, 1, [note("x")]);
    abroad.network = Hash::new([1; 32]);
    assert_eq!(kept_out(&mut ledger, 1, &signed(&abroad, &[ALICE])), "transaction.wrong_network");
    // A signature made for another network does not serve here either.
    let mut moved = signed(&abroad, &[ALICE]);
    moved.body = draft(ALICE, 1, [note("x")]).to_bytes();
    assert_eq!(kept_out(&mut ledger, 1, &moved), "signature.invalid");
}

#[test]
fn a_transaction_is_valid_to_the_millisecond_and_for_seven_days_at_most() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let until = |key, valid_until: Timestamp| {
        signed(&Draft { valid_until, ..draft(ALICE, key, [note("x")]) }, &[ALICE])
    };
    let (now, shift) = (at(100), |millis| at(100).plus_millis(millis).unwrap());
    assert_eq!(kept_out(&mut ledger, 100, &until(1, shift(-1))), "transaction.expired");
    commit(&mut ledger, 100, &until(2, now)).unwrap();
    commit(&mut ledger, 100, &until(3, shift(MAX_VALIDITY_MS))).unwrap();
    assert_eq!(
        kept_out(&mut ledger, 100, &until(4, shift(MAX_VALIDITY_MS + 1))),
        "transaction.validity_too_long"
    );
}

#[test]
fn a_repeat_names_the_first_transaction_and_a_conflict_too() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let first = commit(&mut ledger, 1, &transaction(ALICE, 1, [note("x")])).unwrap();
    let later = Draft { valid_until: at(7_200), ..draft(ALICE, 1, [note("x")]) };
    let other = draft(ALICE, 1, [note("y")]);
    for reopened in [false, true] {
        if reopened {
            drop(ledger);
            ledger = open(directory.path()).unwrap();
        }
        for (repeat, code) in [
            (transaction(ALICE, 1, [note("x")]), "transaction.repeated"),
            // The same call, signed again for a later time.
            (signed(&later, &[ALICE]), "transaction.repeated"),
            (signed(&other, &[ALICE]), "transaction.key_conflict"),
        ] {
            let error = refused(commit(&mut ledger, 2, &repeat));
            assert_eq!((error.code(), error.detail("first")), (code, Some(first.to_string().as_str())));
        }
        // Also long after it has expired.
        let error = refused(commit(&mut ledger, 1_000_000, &transaction(ALICE, 1, [note("x")])));
        assert_eq!(error.code(), "transaction.repeated");
    }
    // Another party's key of the same bytes is another key.
    let theirs = Draft { valid_until: at(1_000_100), ..draft(BOB, 1, [note("x")]) };
    commit(&mut ledger, 1_000_000, &signed(&theirs, &[BOB])).unwrap();
}

#[test]
fn a_repeat_within_one_block_is_a_repeat() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let same = transaction(ALICE, 1, [note("x")]);
    let answers = ledger.commit(at(1), &[same.clone(), same]).unwrap();
    let first = *answers[0].as_ref().unwrap();
    let error = answers[1].as_ref().unwrap_err();
    assert_eq!(error.code(), "transaction.repeated");
    assert_eq!(error.detail("first"), Some(first.to_string().as_str()));
    assert_eq!(ledger.block(1).unwrap().transactions.len(), 1);
}

#[test]
fn a_refusal_uses_its_key_up() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let first = commit(&mut ledger, 1, &transaction(ALICE, 1, [refused_note("x")])).unwrap();
    let error = refused(commit(&mut ledger, 1, &transaction(ALICE, 1, [refused_note("x")])));
    assert_eq!(error.code(), "transaction.repeated");
    assert_eq!(error.detail("first"), Some(first.to_string().as_str()));
}

#[test]
fn a_transaction_has_from_1_to_8192_operations() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let many = |count| transaction(ALICE, 1, vec![note("x"); count]);
    assert_eq!(kept_out(&mut ledger, 1, &many(0)), "transaction.operations");
    assert_eq!(kept_out(&mut ledger, 1, &many(MAX_OPERATIONS + 1)), "transaction.operations");
    let id = commit(&mut ledger, 1, &many(MAX_OPERATIONS)).unwrap();
    let Verdict::Committed { events } = prove(&ledger, &id).result.verdict else { panic!("not committed") };
    assert_eq!(events.len(), MAX_OPERATIONS);
}

#[test]
fn when_the_third_of_five_operations_fails_nothing_is_applied_and_its_index_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let five = [
        open_account(ALICE, "settlement"),
        note("two"),
        refused_note("three"),
        note("four"),
        open_account(ALICE, "other"),
    ];
    assert_eq!(refusal(&mut ledger, &transaction(ALICE, 1, five)), ("note.refused".into(), Some(2)));
    assert_eq!(ledger.get::<Note>(&party(ALICE)).unwrap(), None);
    assert_eq!(ledger.get::<Account>(&account(ALICE, "settlement")).unwrap(), None);
}

#[test]
fn one_refused_transaction_does_not_touch_its_neighbours() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let candidates = [
        transaction(ALICE, 1, [note("first")]),
        transaction(ALICE, 2, [refused_note("second")]),
        transaction(STRANGER, 1, [note("kept out")]),
        transaction(BOB, 1, [note("fourth")]),
    ];
    let answers = ledger.commit(at(1), &candidates).unwrap();
    assert_eq!(answers.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, true, false, true]);
    assert_eq!(ledger.block(1).unwrap().transactions.len(), 3);
    assert_eq!(ledger.get::<Note>(&party(ALICE)).unwrap().unwrap().text, "first");
    assert_eq!(ledger.get::<Note>(&party(BOB)).unwrap().unwrap().text, "fourth");
}

#[test]
fn offices_belong_to_their_holders() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let admit = || LedgerOperation::AdmitParty {
        party: party(STRANGER),
        name: "A newcomer".into(),
        keys: vec![public_key(STRANGER)],
    };
    assert_eq!(code(&mut ledger, ALICE, admit()), "authority.required");
    assert_eq!(code(&mut ledger, SUPERVISOR, admit()), "authority.required");
    let publish = |version| LedgerOperation::PublishCalendar { calendar: calendar(version) };
    assert_eq!(code(&mut ledger, REGISTRAR, publish(2)), "authority.required");
    assert_eq!(code(&mut ledger, PUBLISHER, publish(1)), "calendar.version");
    assert_eq!(code(&mut ledger, PUBLISHER, publish(3)), "calendar.version");
    let key = add_key;
    assert_eq!(code(&mut ledger, ALICE, key(party(BOB), public_key(ALICE))), "authority.required");
    let revoke = |party, key| LedgerOperation::RevokeKey { party, key };
    assert_eq!(code(&mut ledger, ALICE, revoke(party(BOB), public_key(BOB))), "authority.required");
    assert_eq!(code(&mut ledger, ALICE, revoke(party(ALICE), public_key(ALICE))), "key.last");
    assert_eq!(code(&mut ledger, ALICE, revoke(party(ALICE), public_key(BOB))), "key.unknown");
    assert_eq!(code(&mut ledger, ALICE, key(party(ALICE), public_key(ALICE))), "key.already_registered");
    assert_eq!(code(&mut ledger, REGISTRAR, key(party(STRANGER), public_key(ALICE))), "party.unknown");
    let again = LedgerOperation::AdmitParty {
        party: party(ALICE),
        name: "Again".into(),
        keys: vec![public_key(STRANGER)],
    };
    assert_eq!(code(&mut ledger, REGISTRAR, again), "party.already_admitted");
}

#[test]
fn odd_keys_and_odd_parties_are_not_registered() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let mut identity = [0; 32];
    identity[0] = 1;
    let odd = PublicKey::Ed25519(identity);
    let add = add_key(party(ALICE), odd);
    assert_eq!(code(&mut ledger, ALICE, add), "key.refused");
    let admit =
        |name: &str, keys| LedgerOperation::AdmitParty { party: party(STRANGER), name: name.into(), keys };
    assert_eq!(code(&mut ledger, REGISTRAR, admit("x", vec![odd])), "key.refused");
    let key = public_key(STRANGER);
    assert_eq!(code(&mut ledger, REGISTRAR, admit("x", vec![key, key])), "key.already_registered");
    assert_eq!(code(&mut ledger, REGISTRAR, admit("x", vec![])), "party.invalid");
    assert_eq!(code(&mut ledger, REGISTRAR, admit("", vec![key])), "party.invalid");
    assert_eq!(code(&mut ledger, REGISTRAR, admit("two\nlines", vec![key])), "party.invalid");
    assert_eq!(code(&mut ledger, REGISTRAR, admit(&"x".repeat(141), vec![key])), "party.invalid");
    let seventeen = (0..17).map(|seed| public_key(120 + seed)).collect();
    assert_eq!(code(&mut ledger, REGISTRAR, admit("x", seventeen)), "party.invalid");
}

/// Alice has 100.00 USD, Bob an empty account.
fn funded(ledger: &mut Embedded<Notes>) {
    commit(ledger, 1, &transaction(ALICE, 1, [open_account(ALICE, "settlement")])).unwrap();
    commit(ledger, 1, &transaction(BOB, 1, [open_account(BOB, "settlement")])).unwrap();
    let issue = [
        open_account(AGENT, "issue"),
        open_account(AGENT, "own"),
        transfer(account(AGENT, "issue"), account(ALICE, "settlement"), usd(10_000)),
    ];
    let id = commit(ledger, 1, &transaction(AGENT, 1, issue)).unwrap();
    assert!(matches!(prove(ledger, &id).result.verdict, Verdict::Committed { .. }));
}

#[test]
fn an_account_is_never_overdrawn_but_by_its_currency_s_issuer() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    funded(&mut ledger);
    let (alice, bob) = (account(ALICE, "settlement"), account(BOB, "settlement"));
    let pay = |from, to, amount| LedgerOperation::Transfer {
        from,
        to,
        amount,
        value_date: None,
        reference: String::new(),
    };
    assert_eq!(
        code(&mut ledger, ALICE, pay(alice.clone(), bob.clone(), usd(10_001))),
        "account.insufficient_funds"
    );
    // The agent's other accounts are like everybody's.
    let own = account(AGENT, "own");
    assert_eq!(code(&mut ledger, AGENT, pay(own, bob.clone(), usd(1))), "account.insufficient_funds");
    let all = transaction(ALICE, 2, [transfer(alice.clone(), bob.clone(), usd(10_000))]);
    let id = commit(&mut ledger, 1, &all).unwrap();
    let Verdict::Committed { events } = prove(&ledger, &id).result.verdict else { panic!("not committed") };
    assert!(matches!(&events[..], [Event::Ledger(_)]));
    assert_eq!(code(&mut ledger, ALICE, pay(alice, bob, usd(1))), "account.insufficient_funds");
}

#[test]
fn money_moves_only_between_two_accounts_of_its_currency_by_the_payer() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    funded(&mut ledger);
    let (alice, bob) = (account(ALICE, "settlement"), account(BOB, "settlement"));
    let pay = |from, to, amount| LedgerOperation::Transfer {
        from,
        to,
        amount,
        value_date: None,
        reference: String::new(),
    };
    let euro = allonge_finance::Money::from_minor_units(1, currency("EUR"));
    assert_eq!(code(&mut ledger, ALICE, pay(alice.clone(), bob.clone(), euro)), "account.currency");
    assert_eq!(code(&mut ledger, BOB, pay(alice.clone(), bob.clone(), usd(1))), "account.not_yours");
    assert_eq!(code(&mut ledger, ALICE, pay(alice.clone(), alice.clone(), usd(1))), "account.same");
    let nowhere = account(BOB, "nowhere");
    assert_eq!(code(&mut ledger, ALICE, pay(alice.clone(), nowhere, usd(1))), "account.unknown");
    assert_eq!(code(&mut ledger, ALICE, pay(alice.clone(), bob.clone(), usd(0))), "amount.not_positive");
    assert_eq!(code(&mut ledger, ALICE, pay(alice.clone(), bob.clone(), usd(-1))), "amount.not_positive");
    // What the issuer can owe has an end, and so has what anybody can hold.
    let issue = account(AGENT, "issue");
    assert_eq!(code(&mut ledger, AGENT, pay(issue, alice.clone(), usd(i128::MAX))), "amount.overflow");
    for reference in ["x".repeat(141), "a\0b".into()] {
        let pay = LedgerOperation::Transfer {
            from: alice.clone(),
            to: bob.clone(),
            amount: usd(1),
            value_date: None,
            reference,
        };
        assert_eq!(code(&mut ledger, ALICE, pay), "transfer.reference_invalid");
    }
}

#[test]
fn an_account_is_opened_once_and_by_its_owner() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    funded(&mut ledger);
    let open = |owner| LedgerOperation::OpenAccount { account: account(owner, "settlement"), ceiling: None };
    assert_eq!(code(&mut ledger, ALICE, open(ALICE)), "account.exists");
    assert_eq!(code(&mut ledger, ALICE, open(STRANGER)), "account.not_yours");
    // Twice within one transaction is twice.
    let twice = transaction(ALICE, 9, [open_account(ALICE, "new"), open_account(ALICE, "new")]);
    assert_eq!(refusal(&mut ledger, &twice), ("account.exists".into(), Some(1)));
}

#[test]
fn the_clock_never_goes_back() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let before = at(0).plus_millis(-1).unwrap();
    assert_eq!(ledger.commit(before, &[]).unwrap_err().code(), "clock.backwards");
    ledger.commit(at(0), &[]).unwrap();
    ledger.commit(at(5), &[]).unwrap();
    ledger.commit(at(5), &[]).unwrap();
    assert_eq!(ledger.commit(at(4), &[]).unwrap_err().code(), "clock.backwards");
    drop(ledger);
    let mut ledger = open(directory.path()).unwrap();
    assert_eq!(ledger.commit(at(4), &[]).unwrap_err().code(), "clock.backwards");
    assert_eq!(ledger.height(), 3);
}

#[test]
fn every_byte_of_a_signed_transaction_counts() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let good = transaction(ALICE, 1, [note("hello"), open_account(ALICE, "settlement")]);
    let bytes = good.to_bytes();
    let mut admit = |bytes: &[u8]| -> Result<Hash, allonge_ledger::Error> {
        commit(&mut ledger, 1, &SignedTransaction::from_bytes(bytes)?)
    };
    let mut altered = bytes.clone();
    for place in 0..bytes.len() {
        for mask in (0..8).map(|bit| 1 << bit).chain([0xff]) {
            altered[place] ^= mask;
            assert!(admit(&altered).is_err(), "byte {place} ^ {mask:#x}");
            altered[place] = bytes[place];
        }
        assert!(admit(&bytes[..place]).is_err(), "cut to {place}");
    }
    assert_eq!(refused(admit(&[&bytes[..], &[0]].concat())).code(), "transaction.malformed");
    admit(&bytes).unwrap();
}

#[test]
fn what_could_not_be_read_from_a_block_enters_none() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let large = transaction(ALICE, 1, [note(&"x".repeat(MAX_TRANSACTION_BYTES))]);
    assert_eq!(refused(commit(&mut ledger, 1, &large)).code(), "transaction.too_large");
    let good = transaction(ALICE, 1, [note("x")]);
    let twice = SignedTransaction { approvals: vec![good.approvals[0]; 2], ..good };
    assert_eq!(refused(commit(&mut ledger, 1, &twice)).code(), "transaction.malformed");
    assert_eq!(ledger.height(), 0);
}

#[test]
fn signatures_stand_once_each_in_order_and_not_too_many() {
    let good = transaction(ALICE, 1, [note("x")]);
    let approval = good.approvals[0];
    let twice = SignedTransaction { approvals: vec![approval; 2], ..good.clone() };
    assert_eq!(refused(SignedTransaction::from_bytes(&twice.to_bytes())).code(), "transaction.malformed");
    let mut approvals: Vec<_> = (0..=MAX_APPROVALS)
        .map(|seed| SoftwareSigner::from_seed([seed as u8; 32]).public_key())
        .map(|key| Approval { key, signature: Signature::Ed25519([0; 64]) })
        .collect();
    approvals.sort_by_key(|approval| approval.key);
    let many = SignedTransaction { approvals: approvals.clone(), ..good.clone() };
    assert_eq!(refused(SignedTransaction::from_bytes(&many.to_bytes())).code(), "transaction.malformed");
    approvals.pop();
    let most = SignedTransaction { approvals: approvals.clone(), ..good.clone() };
    assert!(SignedTransaction::from_bytes(&most.to_bytes()).is_ok());
    approvals.reverse();
    let backwards = SignedTransaction { approvals, ..good.clone() };
    assert_eq!(refused(SignedTransaction::from_bytes(&backwards.to_bytes())).code(), "transaction.malformed");
    let large = SignedTransaction { body: vec![0; MAX_TRANSACTION_BYTES], ..good };
    assert_eq!(refused(SignedTransaction::from_bytes(&large.to_bytes())).code(), "transaction.too_large");
}

#[test]
fn lengths_that_lie_cost_nothing_and_are_refused() {
    for bytes in [vec![0xff; 4], vec![0xff; 64], [u32::MAX.to_le_bytes().as_slice(), &[0; 40]].concat()] {
        assert_eq!(refused(SignedTransaction::from_bytes(&bytes)).code(), "transaction.malformed");
        let signed = SignedTransaction { body: bytes, approvals: vec![] };
        assert_eq!(refused(signed.transaction::<NoteOperation>()).code(), "transaction.malformed");
    }
}

#[test]
fn an_idempotency_key_is_32_hexadecimal_digits_or_a_uuid() {
    let key: IdempotencyKey = "0123456789abcdef0123456789abcdef".parse().unwrap();
    assert_eq!("01234567-89ab-cdef-0123-456789abcdef".parse(), Ok(key));
    assert_eq!(key.to_string(), "0123456789abcdef0123456789abcdef");
    for odd in ["", "0123", "0123456789abcdef0123456789abcdeg", "0123456789abcdef0123456789abcdef00"] {
        assert!(odd.parse::<IdempotencyKey>().is_err(), "{odd}");
    }
}
