//! The client over an embedded ledger: submitting, repeating, following, closing.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::sync::Arc;

use allonge::{
    AccountQuery, Clock, Error, HoldQuery, IdempotencyKey, Ledger, LedgerOperation, Money, OpenOptions,
    Operation, Outcome, PartyId, PolicyRule, ProposalId, ProposalOperation, ProposalQuery, ProposalState,
    Receipt, Requirement, Role, Session, Signer, SoftwareSigner, SubmitOptions, Timestamp, Trust,
};

struct Fixture {
    directory: tempfile::TempDir,
    ledger: Ledger,
    bank: Session,
}

fn fixture() -> Fixture {
    let directory = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(directory.path(), manual()).unwrap();
    let bank = ledger.admit(party("SYNBCNBJXXX"), "Synthetic Bank of China").unwrap();
    Fixture { directory, ledger, bank }
}

fn manual() -> OpenOptions {
    OpenOptions { clock: Clock::Manual, start: Some(time("2026-03-02T01:00:00Z")), ..OpenOptions::default() }
}

fn party(text: &str) -> PartyId {
    PartyId::parse(text).unwrap()
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn open_account(account: &str) -> Vec<Operation> {
    vec![Operation::Ledger(LedgerOperation::OpenAccount { account: account.parse().unwrap(), ceiling: None })]
}

fn transfer(from: &str, to: &str, amount: &str) -> Vec<Operation> {
    let to: allonge::AccountId = to.parse().unwrap();
    vec![Operation::Ledger(LedgerOperation::Transfer {
        from: from.parse().unwrap(),
        amount: Money::parse(amount, to.currency()).unwrap(),
        to,
        value_date: None,
        reference: "funding".to_owned(),
    })]
}

fn with_key(byte: u8) -> SubmitOptions {
    SubmitOptions { key: Some(IdempotencyKey::new([byte; 16])), ..SubmitOptions::default() }
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.unwrap_err().code()
}

#[test]
fn the_settlement_agent_issues_money_and_the_books_balance() {
    let Fixture { directory: _directory, ledger, bank } = fixture();
    let operator = ledger.operator().unwrap();
    operator.submit(open_account("operator/USD/issue"), with_key(1)).unwrap().committed().unwrap();
    bank.submit(open_account("SYNBCNBJXXX/USD/settlement"), with_key(1)).unwrap().committed().unwrap();
    operator
        .submit(transfer("operator/USD/issue", "SYNBCNBJXXX/USD/settlement", "2000000.00"), with_key(2))
        .unwrap()
        .committed()
        .unwrap();

    let accounts = ledger.accounts(&AccountQuery::default()).unwrap().items;
    let balances: Vec<_> =
        accounts.iter().map(|account| (account.id.to_string(), account.balance.amount())).collect();
    assert_eq!(
        balances,
        [
            ("SYNBCNBJXXX/USD/settlement".to_owned(), "2000000.00".to_owned()),
            ("operator/USD/issue".to_owned(), "-2000000.00".to_owned()),
        ]
    );

    let overdraft =
        bank.submit(transfer("SYNBCNBJXXX/USD/settlement", "operator/USD/issue", "2000000.01"), with_key(3));
    let Outcome::Rejected(rejected) = overdraft.unwrap() else { panic!("an overdraft was booked") };
    assert_eq!(rejected.error.code(), "account.insufficient_funds");
    // A refusal is a fact with a proof, too.
    let verified = rejected.receipt.verified(ledger.trust()).unwrap();
    assert!(!verified.committed);
    assert_eq!(verified.error.unwrap().code, "account.insufficient_funds");
}

#[test]
fn a_repeated_key_is_answered_with_the_first_receipt_even_after_reopening() {
    let Fixture { directory, ledger, bank } = fixture();
    let first = bank.submit(open_account("SYNBCNBJXXX/USD/settlement"), with_key(9)).unwrap();
    let height = ledger.status().unwrap().height;
    let again = bank.submit(open_account("SYNBCNBJXXX/USD/settlement"), with_key(9)).unwrap();
    assert_eq!(again.receipt().unwrap(), first.receipt().unwrap());
    assert_eq!(ledger.status().unwrap().height, height, "a repeat makes no block");

    let other = bank.submit(open_account("SYNBCNBJXXX/EUR/settlement"), with_key(9));
    assert_eq!(code(other), "transaction.key_conflict");

    ledger.close();
    let ledger = Ledger::open(directory.path(), OpenOptions::default()).unwrap();
    let bank = ledger.session(party("SYNBCNBJXXX")).unwrap();
    let again = bank.submit(open_account("SYNBCNBJXXX/USD/settlement"), with_key(9)).unwrap();
    assert_eq!(again.receipt().unwrap(), first.receipt().unwrap());
}

#[test]
fn a_receipt_is_checked_with_the_genesis_file_alone() {
    let Fixture { directory, bank, .. } = fixture();
    let outcome = bank.submit(open_account("SYNBCNBJXXX/USD/settlement"), with_key(1)).unwrap();
    let bytes = outcome.receipt().unwrap().to_bytes();
    let trust =
        Trust::from_json(&std::fs::read_to_string(directory.path().join("genesis.json")).unwrap()).unwrap();
    let verified = Receipt::from_bytes(&bytes).unwrap().verified(&trust).unwrap();
    assert!(verified.committed);
    assert_eq!(verified.author, party("SYNBCNBJXXX"));
    assert_eq!(verified.clock, Clock::Manual);
    assert_eq!(verified.keys, [bank.public_key()]);

    let mut genesis = trust.genesis().clone();
    genesis.name.push('!');
    let elsewhere = Trust::new(genesis);
    assert_eq!(code(Receipt::from_bytes(&bytes).unwrap().verify(&elsewhere)), "receipt.wrong_network");
}

#[test]
fn a_key_that_the_party_never_registered_signs_nothing() {
    let Fixture { directory: _directory, ledger, .. } = fixture();
    let height = ledger.status().unwrap().height;
    let stranger = Arc::new(SoftwareSigner::from_seed([3; 32]));
    let session = ledger.session_with(party("SYNBCNBJXXX"), stranger);
    let refused = session.submit(open_account("SYNBCNBJXXX/USD/settlement"), with_key(1));
    assert_eq!(code(refused), "signature.unknown_key");
    assert_eq!(ledger.status().unwrap().height, height, "nothing entered a block");
}

#[test]
fn many_submissions_at_once_all_commit_with_one_key_and_no_retry() {
    let Fixture { directory: _directory, ledger, bank } = fixture();
    let pending: Vec<_> = (0..64_u8)
        .map(|n| bank.submit_async(open_account(&format!("SYNBCNBJXXX/USD/desk-{n}")), with_key(n)))
        .collect();
    for submitted in pending {
        let outcome = futures_block_on(submitted).unwrap();
        outcome.committed().unwrap();
    }
    assert_eq!(ledger.accounts(&AccountQuery::default()).unwrap().items.len(), 64);
}

#[test]
fn a_subscription_gives_every_entry_once_in_order_and_resumes_behind_a_cursor() {
    let Fixture { directory: _directory, ledger, bank } = fixture();
    for n in 0..10_u8 {
        bank.submit(open_account(&format!("SYNBCNBJXXX/USD/desk-{n}")), with_key(n)).unwrap();
        ledger.advance_to(ledger.status().unwrap().time.plus_millis(1).unwrap()).unwrap();
    }
    let all = ledger.subscribe(None).unwrap().poll_batch(1_000).unwrap();
    // The bank's admission, and its ten accounts; blocks of the clock alone have no entries.
    assert_eq!(all.len(), 11);
    for size in 1..12 {
        let mut pieces = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let batch = ledger.subscribe(cursor.as_deref()).unwrap().poll_batch(size).unwrap();
            let Some(last) = batch.last() else { break };
            cursor = Some(last.cursor.clone());
            pieces.extend(batch);
        }
        assert_eq!(pieces, all, "in batches of {size}");
    }
    assert_eq!(code(ledger.subscribe(Some("yesterday")).map(|_| ())), "input.invalid");
}

#[test]
fn a_waiting_subscription_wakes_at_the_next_transaction_and_ends_when_the_ledger_closes() {
    let Fixture { directory: _directory, ledger, bank } = fixture();
    let mut subscription = ledger.subscribe(None).unwrap();
    assert_eq!(futures_block_on(subscription.next_batch(10)).unwrap().len(), 1);
    let waiting = std::thread::spawn(move || {
        let next = futures_block_on(subscription.next_batch(10)).unwrap();
        let after = futures_block_on(subscription.next_batch(10)).unwrap();
        (next.len(), after.len())
    });
    bank.submit(open_account("SYNBCNBJXXX/USD/settlement"), with_key(1)).unwrap();
    // Whether it is waiting yet or not, closing ends it, with everything seen.
    let other = ledger.clone();
    let closer = std::thread::spawn(move || other.close());
    closer.join().unwrap();
    let (next, after) = waiting.join().unwrap();
    assert!(next <= 1 && after == 0);
}

#[test]
fn a_closed_ledger_says_so_and_can_be_opened_again_at_once() {
    let Fixture { directory, ledger, bank } = fixture();
    assert_eq!(code(Ledger::open(directory.path(), manual()).map(|_| ())), "store.locked");
    ledger.close();
    assert_eq!(code(ledger.status()), "ledger.closed");
    assert_eq!(code(bank.submit(open_account("SYNBCNBJXXX/USD/late"), with_key(1))), "ledger.closed");
    let again = Ledger::open(directory.path(), manual()).unwrap();
    assert_eq!(again.status().unwrap().height, 1);
}

#[test]
fn a_party_admitted_from_several_threads_at_once_has_one_key_that_signs() {
    let Fixture { directory: _directory, ledger, .. } = fixture();
    for round in 0..8 {
        let name = party(&format!("bank-{round}"));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| ledger.admit(name.clone(), "A bank").unwrap());
            }
        });
        let session = ledger.session(name).unwrap();
        session.submit(open_account(&format!("bank-{round}/USD/cash")), with_key(1)).unwrap();
    }
}

#[test]
fn a_party_with_a_key_elsewhere_is_not_given_another_here() {
    let Fixture { directory: _directory, ledger, .. } = fixture();
    let elsewhere = SoftwareSigner::from_seed([9; 32]);
    let admit = LedgerOperation::AdmitParty {
        party: party("SYNADEFFXXX"),
        name: "Synthetische Bank".to_owned(),
        keys: vec![allonge::Signer::public_key(&elsewhere)],
    };
    let operator = ledger.operator().unwrap();
    operator.submit(vec![Operation::Ledger(admit)], with_key(1)).unwrap().committed().unwrap();
    assert_eq!(code(ledger.admit(party("SYNADEFFXXX"), "Bank").map(|_| ())), "key.file_missing");
    assert_eq!(code(ledger.session(party("SYNADEFFXXX")).map(|_| ())), "key.file_missing");
    let session = ledger.session_with(party("SYNADEFFXXX"), Arc::new(elsewhere));
    session.submit(open_account("SYNADEFFXXX/USD/cash"), with_key(1)).unwrap().committed().unwrap();
}

#[test]
fn no_party_gets_the_key_that_certifies_blocks() {
    let Fixture { directory: _directory, ledger, .. } = fixture();
    let session = ledger.admit(party("validator"), "A bank of this name").unwrap();
    let roster = &ledger.trust().genesis().roster;
    assert!(roster.validators().iter().all(|key| allonge::PublicKey::from(*key) != session.public_key()));
    assert!(PartyId::parse("_validator").is_err());
}

#[test]
fn a_damaged_genesis_file_is_mended_from_the_log() {
    let Fixture { directory, ledger, .. } = fixture();
    let trust = ledger.trust().to_json();
    ledger.close();
    let path = directory.path().join("genesis.json");
    std::fs::write(&path, &trust[..40]).unwrap();
    let ledger = Ledger::open(directory.path(), OpenOptions::default()).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), trust);
    assert_eq!(ledger.trust().network(), Trust::load(&path).unwrap().network());
}

#[test]
fn what_was_submitted_is_finished_when_the_last_handle_goes() {
    let Fixture { directory, ledger, bank } = fixture();
    for n in 0..20_u8 {
        drop(bank.submit_async(open_account(&format!("SYNBCNBJXXX/USD/desk-{n}")), with_key(n)));
    }
    drop((ledger, bank));
    let ledger = Ledger::open(directory.path(), OpenOptions::default()).unwrap();
    assert_eq!(ledger.accounts(&AccountQuery::default()).unwrap().items.len(), 20);
}

#[test]
fn what_is_too_large_to_be_read_again_enters_no_block() {
    let Fixture { directory: _directory, ledger, bank } = fixture();
    let height = ledger.status().unwrap().height;
    let large = LedgerOperation::Transfer {
        from: "SYNBCNBJXXX/USD/a".parse().unwrap(),
        to: "SYNBCNBJXXX/USD/b".parse().unwrap(),
        amount: Money::parse("1.00", allonge::Currency::parse("USD").unwrap()).unwrap(),
        value_date: None,
        reference: "x".repeat(5_000_000),
    };
    assert_eq!(code(bank.submit(vec![Operation::Ledger(large)], with_key(1))), "transaction.too_large");
    assert_eq!(ledger.status().unwrap().height, height);
}

#[test]
fn options_that_make_no_ledger_leave_no_key_behind() {
    let directory = tempfile::tempdir().unwrap();
    let nameless = OpenOptions { name: String::new(), ..OpenOptions::default() };
    assert_eq!(code(Ledger::open(directory.path(), nameless).map(|_| ())), "genesis.invalid");
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
    Ledger::open(directory.path(), OpenOptions::default()).unwrap();
}

#[test]
fn the_manual_clock_moves_only_forward_and_the_system_clock_not_at_all() {
    let Fixture { directory: _directory, ledger, .. } = fixture();
    let moved = ledger.advance_to(time("2026-06-30T09:00:00Z")).unwrap();
    assert_eq!(moved.time, time("2026-06-30T09:00:00Z"));
    assert_eq!(code(ledger.advance_to(time("2026-06-30T08:59:59.999Z"))), "clock.backwards");

    let directory = tempfile::tempdir().unwrap();
    let system = Ledger::open(directory.path(), OpenOptions::default()).unwrap();
    assert_eq!(code(system.advance_to(time("2099-01-01T00:00:00Z"))), "clock.not_manual");
}

fn futures_block_on<T>(future: impl std::future::Future<Output = T>) -> T {
    use std::task::{Context, Poll, Wake};
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Unpark(std::thread::current())).into();
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(answer) => return answer,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[test]
fn a_hold_is_found_by_its_id_and_listed() {
    let Fixture { directory: _directory, ledger, bank } = fixture();
    let operator = ledger.operator().unwrap();
    let (issue, settlement) = ("operator/USD/issue", "SYNBCNBJXXX/USD/settlement");
    operator.submit(open_account(issue), with_key(1)).unwrap().committed().unwrap();
    bank.submit(open_account(settlement), with_key(2)).unwrap().committed().unwrap();
    let id: allonge::HoldId = "operator/PAY/7".parse().unwrap();
    let hold = LedgerOperation::HoldFunds {
        hold: id.clone(),
        from: issue.parse().unwrap(),
        to: settlement.parse().unwrap(),
        amount: Money::parse("60.00", allonge::Currency::parse("USD").unwrap()).unwrap(),
        poster: None,
        against: None,
        expires_at: ledger.status().unwrap().time.plus_millis(3_600_000).unwrap(),
        reference: "goods".to_owned(),
    };
    operator.submit(vec![Operation::Ledger(hold)], with_key(3)).unwrap().committed().unwrap();
    let hold = ledger.hold(&id).unwrap().unwrap();
    assert_eq!((hold.poster, hold.state), (Some(party("SYNBCNBJXXX")), allonge::HoldState::Open));
    assert_eq!(ledger.holds(&HoldQuery::default()).unwrap().items.len(), 1);
    assert_eq!(ledger.hold(&"operator/PAY/8".parse().unwrap()).unwrap(), None);
}

#[test]
fn a_second_person_approves_what_the_first_proposed_after_the_ledger_was_opened_again() {
    let Fixture { directory, ledger, bank } = fixture();
    let signer = |seed| Arc::new(SoftwareSigner::from_seed([seed; 32]));
    let key = |seed, role| {
        Operation::Ledger(LedgerOperation::AddKey {
            party: bank.party().clone(),
            key: signer(seed).public_key(),
            roles: BTreeSet::from([role]),
            valid_from: None,
            valid_until: None,
        })
    };
    let both = [Role::Maker, Role::Checker].map(|role| Requirement { role: Some(role), signatures: 1 });
    let rule = PolicyRule { operations: None, from_amount: None, requires: both.into() };
    let policy = Operation::Ledger(LedgerOperation::SetPolicy { rules: vec![rule.clone()] });
    let operations = vec![key(1, Role::Maker), key(2, Role::Checker), policy];
    bank.submit(operations, SubmitOptions::default()).unwrap().committed().unwrap();

    let account = "SYNBCNBJXXX/USD/settlement";
    let maker = ledger.session_with(bank.party().clone(), signer(1));
    let alone = maker.submit(open_account(account), SubmitOptions::default());
    assert_eq!(code(alone), "policy.unsatisfied");
    let id: ProposalId = "SYNBCNBJXXX/OPEN-1".parse().unwrap();
    let expires_at = time("2026-03-09T01:00:00Z");
    let propose =
        ProposalOperation::Propose { proposal: id.clone(), operations: open_account(account), expires_at };
    maker.submit(vec![Operation::Proposal(propose)], SubmitOptions::default()).unwrap().committed().unwrap();
    assert_eq!(ledger.policy(bank.party()).unwrap().unwrap().rules, [rule]);
    drop((ledger, bank, maker));

    let ledger = Ledger::open(directory.path(), manual()).unwrap();
    let waiting = ledger.proposals(&ProposalQuery::default()).unwrap().items.remove(0);
    assert_eq!((&waiting.id, &waiting.operations), (&id, &open_account(account)));
    let approve =
        ProposalOperation::ApproveProposal { proposal: id.clone(), operations_hash: waiting.operations_hash };
    let checker = ledger.session_with(id.party().clone(), signer(2));
    checker
        .submit(vec![Operation::Proposal(approve)], SubmitOptions::default())
        .unwrap()
        .committed()
        .unwrap();
    assert!(ledger.account(&account.parse().unwrap()).unwrap().is_some());
    assert!(matches!(ledger.proposal(&id).unwrap().unwrap().state, ProposalState::Executed { .. }));
}
