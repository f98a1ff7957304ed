//! Policies: which of a party's keys must sign what.

use std::collections::BTreeSet;

use allonge_ledger::{
    AccountId, Event, Governed, LedgerEvent, LedgerOperation, MAX_POLICY_RULES, Operation, Policy,
    PolicyRule, ProposalOperation, Refusal, Requirement, Role, Rules, SignedTransaction, operations_hash,
};

use crate::memory::{Memory, account_in, pay};
use crate::proposals::{approve, proposal_id, propose};
use crate::world::*;

pub const MAKER: u8 = 21;
pub const CHECKER: u8 = 22;
pub const RELEASER: u8 = 23;
/// Maker and checker in one.
pub const BOTH: u8 = 24;
pub const SECOND_CHECKER: u8 = 25;

pub fn requires(role: Option<Role>, signatures: u8) -> Requirement {
    Requirement { role, signatures }
}

/// A rule for these kinds of operations; for all when there are none.
pub fn rule(kinds: &[&str], requires: &[Requirement]) -> PolicyRule {
    let kinds: BTreeSet<_> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let operations = (!kinds.is_empty()).then_some(kinds);
    PolicyRule { operations, from_amount: None, requires: requires.to_vec() }
}

pub fn from_usd(rule: PolicyRule, minor_units: i128) -> PolicyRule {
    PolicyRule { from_amount: Some(usd(minor_units)), ..rule }
}

pub fn four_eyes(kinds: &[&str]) -> PolicyRule {
    rule(kinds, &[requires(Some(Role::Maker), 1), requires(Some(Role::Checker), 1)])
}

pub fn set_policy(rules: &[PolicyRule]) -> Operation<NoteOperation> {
    Operation::Ledger(LedgerOperation::SetPolicy { rules: rules.to_vec() })
}

pub fn key_with_roles(seed: u8, roles: &[Role]) -> LedgerOperation {
    LedgerOperation::AddKey {
        party: party(ALICE),
        key: public_key(seed),
        roles: roles.iter().copied().collect(),
        valid_from: None,
        valid_until: None,
    }
}

pub fn keys_with_roles() -> Vec<Operation<NoteOperation>> {
    [
        key_with_roles(MAKER, &[Role::Maker]),
        key_with_roles(CHECKER, &[Role::Checker]),
        key_with_roles(RELEASER, &[Role::Releaser]),
        key_with_roles(BOTH, &[Role::Maker, Role::Checker]),
        key_with_roles(SECOND_CHECKER, &[Role::Checker]),
    ]
    .map(Operation::Ledger)
    .into()
}

pub fn alice() -> AccountId {
    account(ALICE, "settlement")
}

pub fn bob() -> AccountId {
    account(BOB, "settlement")
}

/// Alice has keys with roles beside her first, which has none, and 1,000.00 USD; her policy has these rules.
pub fn governed(rules: &[PolicyRule]) -> Memory<Notes> {
    let mut ledger = Memory::create(Notes);
    ledger.opens(&alice());
    ledger.opens(&bob());
    ledger.funds(&alice(), 100_000);
    ledger.submit(ALICE, keys_with_roles()).unwrap();
    ledger.submit(ALICE, vec![set_policy(rules)]).unwrap();
    ledger
}

pub fn payment(minor_units: i128) -> Operation<NoteOperation> {
    Operation::Ledger(pay(&alice(), &bob(), minor_units))
}

/// What the signatures of these keys lack for a transaction, in the words of the refusal, which keeps it out of the
/// block; nothing when it came through.
fn lacks(
    ledger: &mut Memory<Notes>,
    seeds: &[u8],
    operations: Vec<Operation<NoteOperation>>,
) -> Option<String> {
    let kinds: Vec<_> = operations.iter().map(Operation::kind).collect();
    match ledger.submit_by(ALICE, seeds, operations) {
        Ok(result) => {
            result.unwrap();
            None
        }
        Err(error) => {
            assert_eq!(error.code(), "policy.unsatisfied");
            let index = error.operation().unwrap();
            let detail = |name| error.detail(name).unwrap();
            assert_eq!((detail("kind"), detail("party")), (kinds[usize::from(index)], "ALICCNBJXXX"));
            Some(format!("{index}: {} {}", detail("missing"), detail("role")))
        }
    }
}

fn refusal(ledger: &mut Memory<Notes>, seeds: &[u8], operation: Operation<NoteOperation>) -> Refusal {
    ledger.submit_by(ALICE, seeds, vec![operation]).unwrap().unwrap_err()
}

fn reason(refusal: &Refusal) -> (&str, &str) {
    let reason = refusal.details.iter().find(|detail| ["reason", "role"].contains(&detail.name.as_str()));
    (&refusal.code, &reason.unwrap().value)
}

#[test]
fn without_a_policy_and_beside_it_any_key_of_the_party_signs() {
    let mut ledger = governed(&[four_eyes(&["transfer"])]);
    assert_eq!(lacks(&mut ledger, &[ALICE], vec![note("no rule is about notes")]), None);
    assert_eq!(lacks(&mut ledger, &[RELEASER], vec![open_account(ALICE, "fees")]), None);
    assert_eq!(lacks(&mut ledger, &[ALICE], vec![payment(1)]), Some("0: 1 maker".into()));
}

#[test]
fn a_transaction_that_lacks_a_signature_enters_no_block_and_the_refusal_says_what_is_missing() {
    let mut ledger = governed(&[four_eyes(&["transfer"])]);
    let operations = || vec![note("first"), payment(1), payment(2)];
    assert_eq!(lacks(&mut ledger, &[MAKER], operations()), Some("1: 1 checker".into()));
    assert_eq!(lacks(&mut ledger, &[CHECKER], operations()), Some("1: 1 maker".into()));
    assert_eq!(lacks(&mut ledger, &[CHECKER, SECOND_CHECKER], operations()), Some("1: 1 maker".into()));
    assert_eq!(ledger.balance(&bob()), 0);
    assert_eq!(lacks(&mut ledger, &[MAKER, CHECKER], operations()), None);
    assert_eq!(ledger.balance(&bob()), 3);
}

#[test]
fn who_is_maker_and_checker_still_needs_a_second_person() {
    let mut ledger = governed(&[four_eyes(&["transfer"])]);
    assert_eq!(lacks(&mut ledger, &[BOTH], vec![payment(1)]), Some("0: 1 maker_or_checker".into()));
    assert_eq!(lacks(&mut ledger, &[BOTH, ALICE], vec![payment(1)]), Some("0: 1 maker_or_checker".into()));
    // Whichever of the two the other is.
    assert_eq!(lacks(&mut ledger, &[BOTH, MAKER], vec![payment(1)]), None);
    assert_eq!(lacks(&mut ledger, &[BOTH, CHECKER], vec![payment(1)]), None);
}

#[test]
fn two_of_three_are_two_different_keys() {
    let mut ledger = governed(&[rule(&["transfer"], &[requires(None, 2)])]);
    assert_eq!(lacks(&mut ledger, &[MAKER], vec![payment(1)]), Some("0: 1 any".into()));
    // Who signs twice has signed once.
    assert_eq!(lacks(&mut ledger, &[MAKER, MAKER], vec![payment(1)]), Some("0: 1 any".into()));
    for pair in [[MAKER, CHECKER], [CHECKER, RELEASER], [RELEASER, MAKER]] {
        assert_eq!(lacks(&mut ledger, &pair, vec![payment(1)]), None);
    }
}

#[test]
fn a_signature_given_twice_cannot_even_be_read() {
    let once = signed(&draft(ALICE, 1, [payment(1)]), &[MAKER]);
    let twice = SignedTransaction { approvals: vec![once.approvals[0]; 2], ..once };
    assert_eq!(refused(SignedTransaction::from_bytes(&twice.to_bytes())).code(), "transaction.malformed");
}

#[test]
fn large_amounts_need_a_releaser_too() {
    let release = rule(&["transfer", "hold_funds"], &[requires(Some(Role::Releaser), 1)]);
    let mut ledger = governed(&[four_eyes(&["transfer"]), from_usd(release, 50_000)]);
    assert_eq!(lacks(&mut ledger, &[MAKER, CHECKER], vec![payment(49_999)]), None);
    assert_eq!(lacks(&mut ledger, &[MAKER, CHECKER], vec![payment(50_000)]), Some("0: 1 releaser".into()));
    assert_eq!(lacks(&mut ledger, &[MAKER, RELEASER], vec![payment(50_000)]), Some("0: 1 checker".into()));
    assert_eq!(lacks(&mut ledger, &[MAKER, CHECKER, RELEASER], vec![payment(50_000)]), None);
    // Euros are no dollars: a rule for them is a rule of its own.
    let euros = account_in(ALICE, "EUR", "settlement");
    let abroad = Operation::Ledger(pay(&euros, &account_in(BOB, "EUR", "settlement"), 60_000));
    let unfunded = ledger.submit_by(ALICE, &[MAKER, CHECKER], vec![abroad]).unwrap().unwrap_err();
    assert_eq!(unfunded.code, "account.unknown");
}

#[test]
fn an_amount_that_an_operation_does_not_state_is_larger_than_any() {
    let hold = crate::memory::hold_id(BOB, "1");
    let post = |amount| LedgerOperation::PostHold { hold: hold.clone(), amount, pay_from: None };
    let release = from_usd(rule(&[], &[requires(Some(Role::Releaser), 1)]), 1_000);
    let mut ledger = governed(&[release]);
    let operation = |operation| vec![Operation::Ledger(operation)];
    assert_eq!(lacks(&mut ledger, &[MAKER], operation(post(None))), Some("0: 1 releaser".into()));
    assert_eq!(lacks(&mut ledger, &[MAKER], operation(post(Some(usd(1_000))))), Some("0: 1 releaser".into()));
    let small = ledger.submit_by(ALICE, &[MAKER], operation(post(Some(usd(999))))).unwrap();
    assert_eq!(small.unwrap_err().code, "hold.unknown");
    // What is about no amount is not large.
    assert_eq!(lacks(&mut ledger, &[MAKER], vec![note("x")]), None);
}

#[test]
fn whoever_could_add_keys_or_set_the_policy_could_do_anything_so_every_rule_governs_that() {
    let mut ledger = governed(&[four_eyes(&["transfer"])]);
    let accomplice = || Operation::Ledger(key_with_roles(60, &[Role::Checker]));
    assert_eq!(lacks(&mut ledger, &[MAKER], vec![accomplice()]), Some("0: 1 checker".into()));
    assert_eq!(lacks(&mut ledger, &[MAKER], vec![set_policy(&[])]), Some("0: 1 checker".into()));
    assert_eq!(lacks(&mut ledger, &[MAKER, CHECKER], vec![accomplice()]), None);

    // Unless a rule says who does.
    let office = rule(&["add_key", "set_policy"], &[requires(Some(Role::Releaser), 1)]);
    let rules = [four_eyes(&["transfer"]), office];
    assert_eq!(lacks(&mut ledger, &[MAKER, CHECKER], vec![set_policy(&rules)]), None);
    assert_eq!(lacks(&mut ledger, &[MAKER, CHECKER], vec![set_policy(&[])]), Some("0: 1 releaser".into()));
    assert_eq!(lacks(&mut ledger, &[RELEASER], vec![set_policy(&[])]), None);
    assert_eq!(lacks(&mut ledger, &[ALICE], vec![payment(1)]), None, "the policy was lifted");
}

#[test]
fn a_rule_by_amount_does_not_open_the_door_to_what_has_none() {
    let office = from_usd(rule(&["set_policy"], &[requires(None, 1)]), 1);
    let mut ledger = governed(&[four_eyes(&["transfer"]), office]);
    assert_eq!(lacks(&mut ledger, &[MAKER], vec![set_policy(&[])]), Some("0: 1 checker".into()));
}

#[test]
fn the_policy_of_a_party_is_nobody_else_s_to_set() {
    let mut ledger = governed(&[four_eyes(&[])]);
    // The registrar's is the registrar's.
    ledger.submit(REGISTRAR, vec![set_policy(&[])]).unwrap();
    let policy: Policy = ledger.find(&party(ALICE)).unwrap();
    assert_eq!(policy.rules, [four_eyes(&[])]);
    // But who lost the keys that the policy asks for gets new ones from the registrar.
    ledger.does(REGISTRAR, key_with_roles(61, &[Role::Maker]));
    assert_eq!(lacks(&mut ledger, &[61, CHECKER], vec![note("back again")]), None);
}

#[test]
fn a_policy_that_nobody_could_satisfy_is_refused() {
    let mut ledger = governed(&[]);
    let two_releasers = rule(&["transfer"], &[requires(Some(Role::Releaser), 2)]);
    let refused = refusal(&mut ledger, &[ALICE], set_policy(&[four_eyes(&[]), two_releasers.clone()]));
    assert_eq!(reason(&refused), ("policy.unsatisfiable", "releaser"));
    assert!(refused.details.iter().any(|detail| detail.name == "rule" && detail.value == "1"));
    // With the key that it needs in the same transaction, it is taken.
    let another = Operation::Ledger(key_with_roles(62, &[Role::Releaser]));
    assert_eq!(lacks(&mut ledger, &[ALICE], vec![another, set_policy(&[two_releasers])]), None);
    // Then the keys that it needs stay, unless the registrar revokes one.
    let revoke = || LedgerOperation::RevokeKey { party: party(ALICE), key: public_key(62) };
    let refused = refusal(&mut ledger, &[ALICE], Operation::Ledger(revoke()));
    assert_eq!(reason(&refused), ("policy.unsatisfiable", "releaser"));
    ledger.does(REGISTRAR, revoke());
}

#[test]
fn a_policy_is_within_its_limits_and_names_what_there_is() {
    let mut ledger = governed(&[]);
    let one = [requires(None, 1)];
    let mut code = |rules: &[PolicyRule]| {
        let refused = refusal(&mut ledger, &[ALICE], set_policy(rules));
        let (code, reason) = reason(&refused);
        assert_eq!(code, "policy.invalid");
        reason.to_owned()
    };
    assert_eq!(code(&vec![rule(&[], &one); MAX_POLICY_RULES + 1]), "more_than_64_rules");
    assert_eq!(code(&[rule(&["transfers"], &one)]), "unknown_operation");
    assert_eq!(code(&[rule(&["propose"], &one)]), "unknown_operation");
    let nothing = PolicyRule { operations: Some(BTreeSet::new()), ..rule(&[], &one) };
    assert_eq!(code(&[nothing]), "no_operations");
    assert_eq!(code(&[from_usd(rule(&[], &one), -1)]), "negative_amount");
    assert_eq!(code(&[rule(&[], &[])]), "requires_nothing");
    assert_eq!(code(&[rule(&[], &[requires(None, 0)])]), "requires_nothing");
    assert_eq!(code(&[rule(&[], &[requires(None, 1), requires(None, 1)])]), "role_twice");
    assert_eq!(code(&[rule(&[], &[requires(None, 17)])]), "more_than_16_signatures");
    let events = ledger.submit(ALICE, vec![set_policy(&vec![rule(&["write_note"], &one); MAX_POLICY_RULES])]);
    assert_eq!(events.unwrap(), [Event::Ledger(LedgerEvent::PolicySet { party: party(ALICE) })]);
}

#[test]
fn a_key_that_no_longer_counts_satisfies_nothing() {
    let mut ledger = governed(&[four_eyes(&["transfer"])]);
    ledger.does(ALICE, LedgerOperation::RevokeKey { party: party(ALICE), key: public_key(CHECKER) });
    let error = ledger.submit_by(ALICE, &[MAKER, CHECKER], vec![payment(1)]).unwrap_err();
    assert_eq!(error.code(), "signature.revoked_key");
    assert_eq!(lacks(&mut ledger, &[MAKER, SECOND_CHECKER], vec![payment(1)]), None);
}

#[test]
fn a_policy_is_judged_again_when_a_ledger_is_opened_again() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let policy = keys_with_roles().into_iter().chain([set_policy(&[four_eyes(&["write_note"])])]);
    commit(&mut ledger, 1, &transaction(ALICE, 1, policy)).unwrap();
    let by_two = signed(&draft(ALICE, 2, [note("by two")]), &[MAKER, CHECKER]);
    let id = commit(&mut ledger, 1, &by_two).unwrap();
    drop(ledger);
    forget_state(directory.path());
    let mut ledger = open(directory.path()).unwrap();
    let mut keys = vec![public_key(MAKER), public_key(CHECKER)];
    keys.sort();
    assert_eq!(prove(&ledger, &id).keys, keys);
    let by_one = signed(&draft(ALICE, 3, [note("by one")]), &[MAKER]);
    assert_eq!(refused(commit(&mut ledger, 1, &by_one)).code(), "policy.unsatisfied");
    // Who repeats what was done before learns that first.
    let again = signed(&draft(ALICE, 2, [note("by two")]), &[MAKER]);
    assert_eq!(refused(commit(&mut ledger, 1, &again)).code(), "transaction.repeated");
}

/// One of each kind of operation that policies know.
fn kinds_in_json<O: Governed + serde::Serialize>(operations: &[O]) {
    let mut seen = BTreeSet::new();
    for operation in operations {
        let json = serde_json::to_value(operation).unwrap();
        assert_eq!(json["type"], operation.kind());
        seen.insert(operation.kind());
    }
    assert_eq!(seen, O::KINDS.iter().copied().collect());
    assert_eq!(O::KINDS.len(), seen.len());
}

#[test]
fn the_kind_of_an_operation_is_its_type_in_json() {
    let ledger: Vec<_> =
        crate::vectors::ledger_operations().into_iter().map(|(_, _, operation)| operation).collect();
    kinds_in_json(&ledger);
    let text = || "x".to_owned();
    kinds_in_json(&[
        NoteOperation::WriteNote { text: text() },
        NoteOperation::WriteNoteAndRefuse { text: text() },
    ]);

    let operations = vec![note("x")];
    let (hash, withdraw) = (operations_hash(SUITE, &operations), proposal_id("1"));
    let proposals = [
        propose("1", operations, 1),
        approve("1", hash),
        Operation::Proposal(ProposalOperation::WithdrawProposal { proposal: withdraw }),
    ];
    for (operation, kind) in proposals.iter().zip(ProposalOperation::<NoteOperation>::KINDS) {
        assert_eq!(serde_json::to_value(operation).unwrap()["type"], *kind);
        assert_eq!(operation.kind(), *kind);
    }
    // No two floors have an operation of one name.
    let mut all =
        [LedgerOperation::KINDS, <Notes as Rules>::Operation::KINDS, ProposalOperation::<()>::KINDS].concat();
    all.sort_unstable();
    assert!(all.is_sorted_by(|one, next| one < next));
}

#[test]
fn an_operation_without_the_new_fields_is_read_as_before() {
    let add = add_key(party(ALICE), public_key(50));
    let json = serde_json::to_value(&add).unwrap();
    assert_eq!(json, serde_json::json!({ "type": "add_key", "party": "ALICCNBJXXX", "key": public_key(50) }));
    assert_eq!(serde_json::from_value::<LedgerOperation>(json).unwrap(), add);
}
