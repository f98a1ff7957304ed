//! Reversals: what a transaction transferred is given back by another that names it, and nothing is edited.

use std::path::Path;

use allonge_crypto::Hash;
use allonge_finance::{Date, Money};
use allonge_ledger::{
    AccountId, Embedded, Event, LedgerEvent, LedgerOperation, MAX_REFERENCE, Operation, Refusal,
    ResultReader, Reversal, Role, SignedTransaction, TransactionResult, Verdict, from_canonical,
    operations_hash, replay_log,
};

use crate::memory::*;
use crate::policies::{CHECKER, MAKER, four_eyes, from_usd, keys_with_roles, requires, rule, set_policy};
use crate::proposals::{approve, propose};
use crate::world::*;

pub fn reverse(transaction: Hash, amounts: &[Money]) -> LedgerOperation {
    LedgerOperation::ReverseTransaction {
        transaction,
        amounts: amounts.to_vec(),
        value_date: None,
        reason: "sent twice".into(),
    }
}

fn operation(operation: LedgerOperation) -> Operation<NoteOperation> {
    Operation::Ledger(operation)
}

fn alice() -> AccountId {
    account(ALICE, "settlement")
}

fn bob() -> AccountId {
    account(BOB, "settlement")
}

/// Where Bob books what he charges.
fn charges() -> AccountId {
    account(BOB, "charges")
}

/// Alice has 1,000.00 USD and as many euros, Bob's accounts are empty.
fn books() -> Memory<Notes> {
    let mut ledger = Memory::create(Notes);
    for owner in [ALICE, BOB] {
        for code in ["EUR", "USD"] {
            ledger.opens(&account_in(owner, code, "settlement"));
        }
    }
    ledger.opens(&charges());
    ledger.funds(&alice(), 100_000);
    ledger.funds(&account_in(ALICE, "EUR", "settlement"), 100_000);
    ledger
}

/// Alice does it in one transaction, whose id is answered.
fn sent(ledger: &mut Memory<Notes>, operations: Vec<LedgerOperation>) -> Hash {
    ledger.submit(ALICE, operations.into_iter().map(operation).collect()).unwrap();
    ledger.newest
}

fn refusal(ledger: &mut Memory<Notes>, author: u8, reversal: LedgerOperation) -> Refusal {
    ledger.submit(author, vec![operation(reversal)]).unwrap_err()
}

fn detail<'a>(refusal: &'a Refusal, name: &str) -> &'a str {
    &refusal.details.iter().find(|detail| detail.name == name).unwrap().value
}

fn march(day: u8) -> Date {
    Date::new(2026, 3, day).unwrap()
}

/// What each transfer among the events moved: from whom, to whom, how much, by value of when, and what for.
fn moved<E>(events: &[Event<E>]) -> Vec<(AccountId, AccountId, Money, Date, String)> {
    let transfers = events.iter().filter_map(|event| match event {
        Event::Ledger(LedgerEvent::Transferred { from, to, amount, value_date, reference, .. }) => {
            Some((from.clone(), to.clone(), *amount, *value_date, reference.clone()))
        }
        _ => None,
    });
    transfers.collect()
}

#[test]
fn a_transfer_goes_in_one_transaction_with_its_fee_and_is_reversed_with_it() {
    let mut ledger = books();
    let payment = sent(&mut ledger, vec![pay(&alice(), &bob(), 50_000), pay(&alice(), &charges(), 250)]);
    assert_eq!([alice(), bob(), charges()].map(|id| ledger.balance(&id)), [49_750, 50_000, 250]);

    ledger.passes(3 * 86_400);
    let events = ledger.does(BOB, reverse(payment, &[usd(50_250)]));
    let (by, back) =
        (ledger.newest, |from, amount| (from, alice(), usd(amount), march(2), "sent twice".to_owned()));
    assert_eq!(
        moved(&events),
        [back(charges(), 250), back(bob(), 50_000)],
        "the last first, by its own value"
    );
    let reversed =
        LedgerEvent::TransactionReversed { transaction: payment, transfers: 2, reason: "sent twice".into() };
    assert_eq!(events.last(), Some(&Event::Ledger(reversed)));
    assert_eq!([alice(), bob(), charges()].map(|id| ledger.balance(&id)), [100_000, 0, 0]);
    assert_eq!(ledger.find::<Reversal>(&payment), Some(Reversal { transaction: payment, by }));
    assert_eq!(ledger.account(&alice()).entries, 5, "bookings are added, none is taken away");
}

#[test]
fn a_transaction_is_reversed_once_and_a_reversal_never() {
    let mut ledger = books();
    let payment = sent(&mut ledger, vec![pay(&alice(), &bob(), 500)]);
    ledger.does(BOB, reverse(payment, &[usd(500)]));
    let first = ledger.newest;
    let again = refusal(&mut ledger, BOB, reverse(payment, &[usd(500)]));
    assert_eq!(
        (again.code.as_str(), detail(&again, "first")),
        ("reversal.repeated", first.to_string().as_str())
    );
    let back = refusal(&mut ledger, ALICE, reverse(first, &[usd(500)]));
    assert_eq!((back.code.as_str(), detail(&back, "reason")), ("reversal.not_transfers", "it_is_a_reversal"));
    // What was refused may be tried again.
    let other = sent(&mut ledger, vec![pay(&alice(), &bob(), 500)]);
    assert_eq!(refusal(&mut ledger, BOB, reverse(other, &[usd(499)])).code, "reversal.amounts");
    ledger.does(BOB, reverse(other, &[usd(500)]));
    assert_eq!(ledger.balance(&bob()), 0);
}

#[test]
fn only_the_party_that_was_paid_reverses() {
    let mut ledger = books();
    let payment = sent(&mut ledger, vec![pay(&alice(), &bob(), 500), pay(&alice(), &charges(), 5)]);
    for author in [ALICE, AGENT] {
        let refusal = refusal(&mut ledger, author, reverse(payment, &[usd(505)]));
        assert_eq!(refusal.code, "reversal.not_yours");
        assert_eq!(detail(&refusal, "account"), bob().to_string());
    }
    // A payment to two parties is nobody's to reverse alone.
    let agent = account(AGENT, "own");
    ledger.opens(&agent);
    let two = sent(&mut ledger, vec![pay(&alice(), &bob(), 7), pay(&alice(), &agent, 1)]);
    for author in [BOB, AGENT] {
        assert_eq!(refusal(&mut ledger, author, reverse(two, &[usd(8)])).code, "reversal.not_yours");
    }
    // The agent takes issued money back, which whoever got it gives.
    let issue = account(AGENT, "issue");
    ledger.does(AGENT, pay(&issue, &bob(), 900));
    let issued = ledger.newest;
    assert_eq!(refusal(&mut ledger, AGENT, reverse(issued, &[usd(900)])).code, "reversal.not_yours");
    let owed = ledger.balance(&issue);
    ledger.does(BOB, reverse(issued, &[usd(900)]));
    assert_eq!(ledger.balance(&issue), owed + 900);
}

#[test]
fn what_is_given_back_is_what_was_transferred_in_each_currency() {
    let mut ledger = books();
    let euros = |owner| account_in(owner, "EUR", "settlement");
    let eur = |minor_units| money(&euros(ALICE), minor_units);
    let three = [pay(&alice(), &bob(), 30), pay(&euros(ALICE), &euros(BOB), 7), pay(&alice(), &charges(), 2)];
    let payment = sent(&mut ledger, three.into());
    for (amounts, place, given, transferred) in [
        (vec![], "0", "nothing", "EUR 0.07"),
        (vec![eur(7)], "1", "nothing", "USD 0.32"),
        (vec![usd(32), eur(7)], "0", "USD 0.32", "EUR 0.07"),
        (vec![eur(7), usd(30), usd(2)], "1", "USD 0.30", "USD 0.32"),
        (vec![eur(7), usd(33)], "1", "USD 0.33", "USD 0.32"),
        (vec![eur(7), usd(32), usd(0)], "2", "USD 0.00", "nothing"),
    ] {
        let refusal = refusal(&mut ledger, BOB, reverse(payment, &amounts));
        assert_eq!(refusal.code, "reversal.amounts");
        let details = ["place", "given", "transferred"].map(|name| detail(&refusal, name));
        assert_eq!(details, [place, given, transferred]);
    }
    ledger.does(BOB, reverse(payment, &[eur(7), usd(32)]));
    assert_eq!([ledger.balance(&alice()), ledger.balance(&euros(ALICE))], [100_000, 100_000]);
}

#[test]
fn only_what_did_nothing_but_transfer_is_reversed() {
    let mut ledger = books();
    let refuses = |ledger: &mut Memory<Notes>, transaction| {
        let refusal = refusal(ledger, BOB, reverse(transaction, &[usd(5)]));
        assert_eq!(refusal.code, "reversal.not_transfers");
        detail(&refusal, "reason").to_owned()
    };
    // It was refused.
    ledger.refuses(ALICE, pay(&alice(), &bob(), 1_000_000));
    let transaction = ledger.newest;
    assert_eq!(refuses(&mut ledger, transaction), "it_was_refused");
    // It wrote a note, beside its transfer or alone.
    for operations in [vec![operation(pay(&alice(), &bob(), 5)), note("beside")], vec![note("alone")]] {
        ledger.submit(ALICE, operations).unwrap();
        let transaction = ledger.newest;
        assert_eq!(refuses(&mut ledger, transaction), "it_did_more_than_transfer");
    }
    // It posted a hold.
    ledger.does(
        ALICE,
        LedgerOperation::HoldFunds {
            hold: hold_id(ALICE, "1"),
            from: alice(),
            to: bob(),
            amount: usd(5),
            poster: None,
            against: None,
            expires_at: at(3_600),
            reference: String::new(),
        },
    );
    ledger.does(BOB, LedgerOperation::PostHold { hold: hold_id(ALICE, "1"), amount: None, pay_from: None });
    let posted = ledger.newest;
    assert_eq!(refuses(&mut ledger, posted), "it_did_more_than_transfer");
    // It is not there at all.
    assert_eq!(refusal(&mut ledger, BOB, reverse(Hash::default(), &[usd(5)])).code, "reversal.unknown");
}

#[test]
fn a_transaction_reverses_one_other_at_most() {
    let mut ledger = books();
    let [one, other] = [5, 7].map(|amount| sent(&mut ledger, vec![pay(&alice(), &bob(), amount)]));
    let both = [reverse(one, &[usd(5)]), reverse(other, &[usd(7)])];
    let refusal = ledger.submit(BOB, both.map(operation).into()).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.operation), ("reversal.second", Some(1)));
    assert_eq!(ledger.find::<Reversal>(&one), None, "all or nothing");
    // Beside it may stand whatever else the author does.
    ledger
        .submit(BOB, vec![operation(reverse(one, &[usd(5)])), operation(pay(&bob(), &alice(), 1))])
        .unwrap();
    assert_eq!(ledger.balance(&bob()), 6);
}

#[test]
fn a_reversal_needs_the_funds_and_the_room_that_any_booking_needs() {
    let mut ledger = books();
    let payment = sent(&mut ledger, vec![pay(&alice(), &bob(), 400), pay(&alice(), &charges(), 100)]);
    let back = || reverse(payment, &[usd(500)]);
    // Bob has spent it.
    ledger.does(BOB, pay(&bob(), &charges(), 1));
    assert_eq!(refusal(&mut ledger, BOB, back()).code, "account.insufficient_funds");
    assert_eq!(ledger.balance(&charges()), 101, "all or none");
    ledger.does(BOB, pay(&charges(), &bob(), 1));
    // He has promised it.
    ledger.does(
        BOB,
        LedgerOperation::HoldFunds {
            hold: hold_id(BOB, "1"),
            from: bob(),
            to: alice(),
            amount: usd(1),
            poster: Some(party(BOB)),
            against: None,
            expires_at: at(3_600),
            reference: String::new(),
        },
    );
    assert_eq!(refusal(&mut ledger, BOB, back()).code, "account.insufficient_funds");
    ledger.does(BOB, LedgerOperation::VoidHold { hold: hold_id(BOB, "1") });
    // Alice may hold no more.
    let ceiling = Some(usd(99_999));
    ledger.does(ALICE, LedgerOperation::SetCeiling { account: alice(), ceiling });
    assert_eq!(refusal(&mut ledger, BOB, back()).code, "account.ceiling_exceeded");
    ledger.does(ALICE, LedgerOperation::SetCeiling { account: alice(), ceiling: None });
    ledger.does(BOB, back());
    assert_eq!(ledger.balance(&alice()), 100_000);
}

#[test]
fn a_reversal_counts_from_when_the_transfer_did_or_from_the_date_that_it_names() {
    let mut ledger = books();
    let LedgerOperation::Transfer { from, to, amount, reference, .. } = pay(&alice(), &bob(), 9) else {
        unreachable!()
    };
    let value_date = Some(march(9));
    let transfer = LedgerOperation::Transfer { from, to, amount, value_date, reference };
    let early = sent(&mut ledger, vec![transfer.clone()]);
    let LedgerOperation::Transfer { from, to, amount, reference, .. } = transfer else { unreachable!() };
    let value_date = march(2).plus_days(-300);
    let transfer = LedgerOperation::Transfer { from, to, amount, value_date, reference };
    let [late, last] = [(); 2].map(|()| sent(&mut ledger, vec![transfer.clone()]));
    let back = ledger.does(BOB, reverse(early, &[usd(9)]));
    assert_eq!(moved(&back)[0].3, march(9));

    let dated = |transaction, value_date| LedgerOperation::ReverseTransaction {
        transaction,
        amounts: vec![usd(9)],
        value_date: Some(value_date),
        reason: "late".into(),
    };
    ledger.passes(90 * 86_400);
    let today = ledger.now.utc_date();
    assert_eq!(refusal(&mut ledger, BOB, reverse(late, &[usd(9)])).code, "transfer.value_date");
    for days in [-367, 367] {
        let far = dated(late, today.plus_days(days).unwrap());
        assert_eq!(refusal(&mut ledger, BOB, far).code, "transfer.value_date");
    }
    let back = ledger.does(BOB, dated(late, today.plus_days(-366).unwrap()));
    assert_eq!(moved(&back)[0].3, today.plus_days(-366).unwrap());
    ledger.passes(1);
    let too_late = refusal(&mut ledger, BOB, dated(last, today));
    assert_eq!(too_late.code, "reversal.unknown", "after 90 days it is given back by a transfer");
}

#[test]
fn a_reversal_says_why() {
    let mut ledger = books();
    let payment = sent(&mut ledger, vec![pay(&alice(), &bob(), 9)]);
    let because = |reason: &str| LedgerOperation::ReverseTransaction {
        transaction: payment,
        amounts: vec![usd(9)],
        value_date: None,
        reason: reason.to_owned(),
    };
    for reason in ["", &"x".repeat(MAX_REFERENCE + 1), "two\nlines"] {
        assert_eq!(refusal(&mut ledger, BOB, because(reason)).code, "reversal.reason");
    }
    ledger.does(BOB, because(&"é".repeat(MAX_REFERENCE)));
}

/// Alice's keys have roles, her policy has these rules, and Bob paid her the amounts, each in a transaction of its own.
fn governed<const N: usize>(
    rules: &[allonge_ledger::PolicyRule],
    amounts: [i128; N],
) -> (Memory<Notes>, [Hash; N]) {
    let mut ledger = books();
    ledger.funds(&bob(), 1_000_000);
    let payments = amounts.map(|amount| {
        ledger.does(BOB, pay(&bob(), &alice(), amount));
        ledger.newest
    });
    ledger.submit(ALICE, keys_with_roles()).unwrap();
    ledger.submit(ALICE, vec![set_policy(rules)]).unwrap();
    (ledger, payments)
}

#[test]
fn a_policy_says_who_must_sign_a_reversal_by_its_kind_and_by_what_it_gives_back() {
    let rules = [
        from_usd(rule(&["reverse_transaction"], &[requires(Some(Role::Checker), 1)]), 100),
        from_usd(four_eyes(&["reverse_transaction"]), 10_000),
    ];
    let (mut ledger, [small, middle, large]) = governed(&rules, [99, 100, 10_000]);
    let mut try_by = |seeds: &[u8], transaction, amount| {
        let back = vec![operation(reverse(transaction, &[usd(amount)]))];
        ledger.submit_by(ALICE, seeds, back).map(drop).map_err(|error| error.code())
    };
    assert_eq!(try_by(&[ALICE], small, 99), Ok(()));
    assert_eq!(try_by(&[ALICE], middle, 100), Err("policy.unsatisfied"));
    assert_eq!(try_by(&[CHECKER], middle, 100), Ok(()));
    assert_eq!(try_by(&[CHECKER], large, 10_000), Err("policy.unsatisfied"));
    assert_eq!(try_by(&[MAKER, CHECKER], large, 10_000), Ok(()));
}

#[test]
fn any_of_the_amounts_of_a_reversal_can_bring_it_under_a_rule() {
    let rules = [from_usd(four_eyes(&["reverse_transaction"]), 100)];
    let (mut ledger, _) = governed(&rules, []);
    let eur = money(&account_in(ALICE, "EUR", "settlement"), 1_000_000);
    let mut lacks = |amounts: &[Money]| {
        let back = vec![operation(reverse(Hash::default(), amounts))];
        ledger.submit_by(ALICE, &[ALICE], back).is_err()
    };
    assert!(!lacks(&[eur, usd(99)]), "euros are not dollars");
    assert!(lacks(&[eur, usd(100)]));
}

#[test]
fn a_maker_proposes_a_reversal_and_a_checker_carries_it_out() {
    let (mut ledger, [payment]) = governed(&[four_eyes(&["reverse_transaction"])], [500]);
    let back = vec![operation(reverse(payment, &[usd(500)]))];
    ledger.submit_by(ALICE, &[MAKER], vec![propose("STORNO-1", back.clone(), 600)]).unwrap().unwrap();
    assert_eq!(ledger.balance(&alice()), 100_500);
    ledger
        .submit_by(ALICE, &[CHECKER], vec![approve("STORNO-1", operations_hash(SUITE, &back))])
        .unwrap()
        .unwrap();
    assert_eq!(ledger.balance(&alice()), 100_000);
    assert!(ledger.find::<Reversal>(&payment).is_some());
}

#[test]
fn a_transfer_that_a_checker_approved_can_be_reversed_too() {
    let (mut ledger, []) = governed(&[four_eyes(&["transfer"])], []);
    let payment = vec![operation(pay(&alice(), &bob(), 500))];
    ledger.submit_by(ALICE, &[MAKER], vec![propose("PAY-1", payment.clone(), 600)]).unwrap().unwrap();
    let proposed = ledger.newest;
    ledger
        .submit_by(ALICE, &[CHECKER], vec![approve("PAY-1", operations_hash(SUITE, &payment))])
        .unwrap()
        .unwrap();
    let carried_out = ledger.newest;
    let nothing = refusal(&mut ledger, BOB, reverse(proposed, &[usd(500)]));
    assert_eq!(detail(&nothing, "reason"), "it_transferred_nothing");
    ledger.does(BOB, reverse(carried_out, &[usd(500)]));
    assert_eq!(ledger.balance(&alice()), 100_000);
}

/// Block 1 opens and funds; block 2 has what Alice paid, the reversal of it by Bob, another payment, and a second
/// reversal of the first; block 3 the reversal of that other payment, beside a transfer. Answers the four ids of
/// block 2 and those of block 3.
fn durable(directory: &Path) -> (Embedded<Notes>, Vec<Hash>) {
    let mut ledger = create_with(directory, genesis(1), little_memory()).unwrap();
    let (alice, bob) = (alice(), bob());
    let by = |author, key, operations: Vec<_>| transaction(author, key, operations);
    let funds = transfer(account(AGENT, "issue"), alice.clone(), usd(1_000));
    let opening = [
        by(ALICE, 1, vec![open_account(ALICE, "settlement")]),
        by(BOB, 2, vec![open_account(BOB, "settlement")]),
        by(AGENT, 3, vec![open_account(AGENT, "issue"), funds]),
    ];
    commits(&mut ledger, 1, &opening);
    let first = by(ALICE, 4, vec![transfer(alice.clone(), bob.clone(), usd(100))]);
    let other = by(ALICE, 5, vec![transfer(alice.clone(), bob.clone(), usd(30))]);
    let back = |key, of: &SignedTransaction, amount| {
        by(BOB, key, vec![operation(reverse(of.id(SUITE), &[usd(amount)]))])
    };
    let mut ids =
        commits(&mut ledger, 2, &[first.clone(), back(6, &first, 100), other.clone(), back(7, &first, 100)]);
    let beside = transfer(bob.clone(), alice.clone(), usd(1));
    let more = transfer(alice.clone(), bob, usd(2));
    commits(&mut ledger, 3, &[by(ALICE, 8, vec![more])]);
    let last = by(BOB, 9, vec![beside, operation(reverse(other.id(SUITE), &[usd(30)]))]);
    // So much in between that the first blocks are no longer in memory.
    commits(&mut ledger, 4, &[by(ALICE, 10, vec![note(&"x".repeat(5_000))])]);
    ids.extend(commits(&mut ledger, 5, &[last]));
    (ledger, ids)
}

fn commits(ledger: &mut Embedded<Notes>, seconds: i64, candidates: &[SignedTransaction]) -> Vec<Hash> {
    let answers = ledger.commit(at(seconds), candidates).unwrap();
    answers.into_iter().map(Result::unwrap).collect()
}

fn verdict(ledger: &Embedded<Notes>, id: &Hash) -> String {
    match prove(ledger, id).result.verdict {
        Verdict::Committed { .. } => "committed".into(),
        Verdict::Rejected { refusal } => refusal.code,
    }
}

#[test]
fn what_is_reversed_is_found_in_the_same_block_and_in_those_before() {
    let directory = tempfile::tempdir().unwrap();
    let (ledger, ids) = durable(directory.path());
    let verdicts: Vec<_> = ids.iter().map(|id| verdict(&ledger, id)).collect();
    assert_eq!(verdicts, ["committed", "committed", "committed", "reversal.repeated", "committed"]);
    let reversal = |id| ledger.get::<Reversal>(id).unwrap().map(|reversal| reversal.by);
    assert_eq!(ids.iter().map(reversal).collect::<Vec<_>>(), [Some(ids[1]), None, Some(ids[4]), None, None]);
    let past = ledger.result(&ids[2], start()).unwrap().unwrap();
    let block = ledger.block(2).unwrap();
    assert_eq!((past.height, past.block_bytes), (2, block.content_bytes()));
    let result: TransactionResult<NoteEvent> = from_canonical(&past.result).unwrap();
    assert_eq!(result, prove(&ledger, &ids[2]).result);
    assert_eq!(ledger.result(&Hash::default(), start()).unwrap(), None);
}

#[test]
fn a_transaction_is_not_reversed_before_it_is_there() {
    let directory = tempfile::tempdir().unwrap();
    let (mut ledger, _) = durable(directory.path());
    let payment = transaction(ALICE, 20, [transfer(alice(), bob(), usd(5))]);
    let back = |key| transaction(BOB, key, [operation(reverse(payment.id(SUITE), &[usd(5)]))]);
    let ids = commits(&mut ledger, 6, &[back(21), payment.clone(), back(22)]);
    let verdicts: Vec<_> = ids.iter().map(|id| verdict(&ledger, id)).collect();
    assert_eq!(verdicts, ["reversal.unknown", "committed", "committed"]);
}

#[test]
fn a_statement_names_what_each_booking_reverses_and_leaves_the_reversed_one_as_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let (ledger, ids) = durable(directory.path());
    let entries = ledger.entries(&bob(), 0, 10).unwrap();
    let seen: Vec<_> =
        entries.iter().map(|entry| (entry.amount.minor_units(), entry.transaction, entry.reverses)).collect();
    let two = entries[3].transaction;
    assert_eq!(
        seen,
        [
            (100, ids[0], None),
            (-100, ids[1], Some(ids[0])),
            (30, ids[2], None),
            (2, two, None),
            (-1, ids[4], None),
            (-30, ids[4], Some(ids[2])),
        ]
    );
    assert_eq!(entries[5].reference, "sent twice");
}

#[test]
fn reversals_are_carried_out_again_from_the_log_alone_and_from_a_backup() {
    let directory = tempfile::tempdir().unwrap();
    let (ledger, ids) = durable(directory.path());
    let (root, entries) = (ledger.state_root(), ledger.entries(&bob(), 0, 10).unwrap());
    let backup = directory.path().join("backup");
    ledger.backup().write(&backup).unwrap();
    drop(ledger);
    for forget in [false, true] {
        if forget {
            forget_state(directory.path());
        }
        let ledger = open_with(directory.path(), little_memory()).unwrap();
        assert_eq!((ledger.state_root(), ledger.entries(&bob(), 0, 10).unwrap()), (root, entries.clone()));
        assert!(ledger.get::<Reversal>(&ids[2]).unwrap().is_some());
    }
    for path in [backup, directory.path().join("blocks.log")] {
        let replayed = replay_log(&path, &Notes, little_memory(), |_| ()).unwrap();
        assert_eq!(replayed.state_root, root);
    }
}

#[test]
fn a_block_reads_no_more_of_the_past_than_a_block_may_have() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let opening = [
        transaction(ALICE, 1, [open_account(ALICE, "settlement")]),
        transaction(BOB, 2, [open_account(BOB, "settlement")]),
        transaction(
            AGENT,
            3,
            [open_account(AGENT, "issue"), transfer(account(AGENT, "issue"), alice(), usd(1_000))],
        ),
    ];
    commits(&mut ledger, 1, &opening);
    // Two blocks with a payment and 9 MiB of notes and their results each: reading both is more than 16 MiB.
    let notes =
        |key: u64| (0..3).map(move |part| transaction(ALICE, key + part, [note(&"x".repeat(3 << 19))]));
    let [one, other] = [10, 20].map(|key| {
        let payments = (0..2).map(|part| transaction(ALICE, key + part, [transfer(alice(), bob(), usd(1))]));
        let candidates: Vec<_> = payments.chain(notes(key + 2)).collect();
        commits(&mut ledger, key as i64, &candidates)
    });
    let back = |key, of| transaction(BOB, key, [operation(reverse(of, &[usd(1)]))]);
    // Two of one block cost the reading of one.
    let candidates = [back(30, one[0]), back(31, one[1]), back(32, other[0]), back(33, other[1])];
    let answers = ledger.commit(at(30), &candidates).unwrap();
    let codes: Vec<_> =
        answers.iter().map(|answer| answer.as_ref().map_or_else(|error| error.code(), |_| "ok")).collect();
    assert_eq!(codes, ["ok", "ok", "ok", "block.full"]);
    let again = ledger.commit(at(31), &candidates[3..]).unwrap();
    assert_eq!(verdict(&ledger, again[0].as_ref().unwrap()), "committed");
    let root = ledger.state_root();
    drop(ledger);
    forget_state(directory.path());
    assert_eq!(open(directory.path()).unwrap().state_root(), root);
}
