//! Proposals: a maker proposes, others approve, and then it happens.

use allonge_crypto::Hash;
use allonge_ledger::{
    Embedded, Event, LedgerEvent, LedgerOperation, MAX_PROPOSAL_BYTES, MAX_PROPOSAL_DAYS, Operation,
    PartyProposal, ProposalId, ProposalOperation, ProposalState, Refusal, Role, Verdict, operations_hash,
};
use proptest::prelude::*;

use crate::memory::Memory;
use crate::policies::*;
use crate::world::*;

type Operations = Vec<Operation<NoteOperation>>;
type Proposed = PartyProposal<NoteOperation>;

const DAY: i64 = 86_400;

pub fn proposal_id(number: &str) -> ProposalId {
    ProposalId::new(party(ALICE), number).unwrap()
}

/// Alice's proposal, which expires so many seconds after the start.
pub fn propose(number: &str, operations: Operations, expires: i64) -> Operation<NoteOperation> {
    let (proposal, expires_at) = (proposal_id(number), at(expires));
    Operation::Proposal(ProposalOperation::Propose { proposal, operations, expires_at })
}

pub fn approve(number: &str, operations_hash: Hash) -> Operation<NoteOperation> {
    let proposal = proposal_id(number);
    Operation::Proposal(ProposalOperation::ApproveProposal { proposal, operations_hash })
}

pub fn withdraw(number: &str) -> Operation<NoteOperation> {
    Operation::Proposal(ProposalOperation::WithdrawProposal { proposal: proposal_id(number) })
}

/// The approval of what the ledger has under this number.
fn seen(ledger: &Memory<Notes>, number: &str) -> Operation<NoteOperation> {
    approve(number, found(ledger, number).operations_hash)
}

fn found(ledger: &Memory<Notes>, number: &str) -> Proposed {
    ledger.find(&proposal_id(number)).unwrap()
}

/// What a transaction by these keys of Alice's comes to.
fn by(
    ledger: &mut Memory<Notes>,
    seeds: &[u8],
    operation: Operation<NoteOperation>,
) -> Vec<Event<NoteEvent>> {
    ledger.submit_by(ALICE, seeds, vec![operation]).unwrap().unwrap()
}

fn refusal(ledger: &mut Memory<Notes>, seeds: &[u8], operation: Operation<NoteOperation>) -> Refusal {
    ledger.submit_by(ALICE, seeds, vec![operation]).unwrap().unwrap_err()
}

fn refuses(ledger: &mut Memory<Notes>, seeds: &[u8], operation: Operation<NoteOperation>) -> String {
    refusal(ledger, seeds, operation).code
}

fn detail<'a>(refusal: &'a Refusal, name: &str) -> &'a str {
    &refusal.details.iter().find(|detail| detail.name == name).unwrap().value
}

/// Alice's maker has proposed to pay 12.34 USD, to expire in a day.
fn proposed() -> Memory<Notes> {
    let mut ledger = governed(&[four_eyes(&["transfer"])]);
    by(&mut ledger, &[MAKER], propose("PAY-7", vec![payment(1_234)], DAY));
    ledger
}

#[test]
fn a_maker_proposes_and_after_a_restart_a_checker_approves() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let policy = keys_with_roles().into_iter().chain([set_policy(&[four_eyes(&["write_note"])])]);
    commit(&mut ledger, 1, &transaction(ALICE, 1, policy)).unwrap();
    let propose = draft(ALICE, 2, [propose("NOTE/1", vec![note("by two")], DAY)]);
    commit(&mut ledger, 2, &signed(&propose, &[MAKER])).unwrap();
    assert_eq!(ledger.get::<Note>(&party(ALICE)).unwrap(), None);
    drop(ledger);

    let mut ledger: Embedded<Notes> = open(directory.path()).unwrap();
    let waiting: Vec<Proposed> = ledger.list(None, 10).unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(
        (&waiting[0].operations[..], &waiting[0].state),
        (&[note("by two")][..], &ProposalState::Open)
    );
    let approve = signed(&draft(ALICE, 3, [approve("NOTE/1", waiting[0].operations_hash)]), &[CHECKER]);
    assert!(approve.to_bytes().len() < 300, "an approval is a small message");
    let id = commit(&mut ledger, 3, &approve).unwrap();
    assert_eq!(ledger.get::<Note>(&party(ALICE)).unwrap().unwrap().text, "by two");

    // The receipt of the approval proves offline what it set off.
    let proven = prove(&ledger, &id);
    assert_eq!(proven.keys, [public_key(CHECKER)]);
    let proposal = || proposal_id("NOTE/1");
    let events = vec![
        Event::Ledger(LedgerEvent::ProposalApproved { proposal: proposal(), keys: 2 }),
        Event::Rules(NoteEvent::NoteWritten { text: "by two".into() }),
        Event::Ledger(LedgerEvent::ProposalExecuted { proposal: proposal() }),
    ];
    assert_eq!(proven.result.verdict, Verdict::Committed { events });
    let done: Proposed = ledger.get(&proposal()).unwrap().unwrap();
    assert_eq!(done.state, ProposalState::Executed { transaction: id, at: at(3) });

    // The log alone gives the same again.
    let root = ledger.state_root();
    drop(ledger);
    forget_state(directory.path());
    assert_eq!(open(directory.path()).unwrap().state_root(), root);
}

#[test]
fn what_is_proposed_says_so_and_waits() {
    let mut ledger = governed(&[four_eyes(&["transfer"])]);
    let operations = vec![payment(1), payment(2)];
    let hash = operations_hash(SUITE, &operations);
    let events = by(&mut ledger, &[MAKER], propose("PAY-7", operations.clone(), DAY));
    let said = LedgerEvent::OperationsProposed {
        proposal: proposal_id("PAY-7"),
        operations: 2,
        operations_hash: hash,
        expires_at: at(DAY),
        keys: 1,
    };
    assert_eq!(events, [Event::Ledger(said)]);
    let waiting = found(&ledger, "PAY-7");
    assert_eq!((waiting.operations, waiting.operations_hash), (operations, hash));
    assert_eq!((waiting.proposed_at, waiting.expires_at), (at(0), at(DAY)));
    assert_eq!(waiting.approvals.iter().map(|one| one.key).collect::<Vec<_>>(), [public_key(MAKER)]);
    assert_eq!(ledger.balance(&bob()), 0);
}

#[test]
fn the_approval_that_completes_the_signatures_carries_it_out_once() {
    let mut ledger = proposed();
    let approval = seen(&ledger, "PAY-7");
    by(&mut ledger, &[CHECKER], approval.clone());
    assert_eq!(ledger.balance(&bob()), 1_234);
    let closed = refusal(&mut ledger, &[SECOND_CHECKER], approval);
    assert_eq!((closed.code.as_str(), detail(&closed, "state")), ("proposal.closed", "executed"));
    assert_eq!(refuses(&mut ledger, &[MAKER], withdraw("PAY-7")), "proposal.closed");
    assert_eq!(ledger.balance(&bob()), 1_234);
}

#[test]
fn two_of_three_gather_over_time_and_who_approves_twice_counts_once() {
    let mut ledger = governed(&[rule(&["transfer"], &[requires(None, 3)])]);
    by(&mut ledger, &[MAKER], propose("PAY-7", vec![payment(5)], DAY));
    let approval = seen(&ledger, "PAY-7");
    assert_eq!(refuses(&mut ledger, &[MAKER], approval.clone()), "proposal.already_approved");
    let events = by(&mut ledger, &[MAKER, CHECKER], approval.clone());
    let so_far = LedgerEvent::ProposalApproved { proposal: proposal_id("PAY-7"), keys: 2 };
    assert_eq!(events, [Event::Ledger(so_far)]);
    assert_eq!(refuses(&mut ledger, &[CHECKER, MAKER], approval.clone()), "proposal.already_approved");
    assert_eq!(ledger.balance(&bob()), 0);
    by(&mut ledger, &[RELEASER], approval);
    assert_eq!(ledger.balance(&bob()), 5);
}

#[test]
fn only_a_maker_proposes_where_the_policy_asks_for_one() {
    let mut ledger = governed(&[four_eyes(&["transfer"])]);
    let error = ledger.submit_by(ALICE, &[CHECKER], vec![propose("1", vec![payment(1)], DAY)]).unwrap_err();
    assert_eq!(error.code(), "policy.unsatisfied");
    let details = ["kind", "role", "missing"].map(|name| error.detail(name).unwrap());
    assert_eq!(details, ["propose", "maker", "1"]);
    by(&mut ledger, &[CHECKER], propose("2", vec![note("nobody asks for a maker")], DAY));
    by(&mut ledger, &[BOTH], propose("3", vec![payment(1)], DAY));
    // Who is maker and checker does not approve his own.
    let approval = seen(&ledger, "3");
    assert_eq!(refuses(&mut ledger, &[BOTH], approval.clone()), "proposal.already_approved");
    by(&mut ledger, &[CHECKER], approval);
    assert_eq!(ledger.balance(&bob()), 1);
}

#[test]
fn what_needs_no_further_signature_is_carried_out_when_it_is_proposed() {
    let mut ledger = governed(&[four_eyes(&["transfer"])]);
    by(&mut ledger, &[MAKER, CHECKER], propose("1", vec![payment(1)], DAY));
    by(&mut ledger, &[ALICE], propose("2", vec![note("nobody asks")], DAY));
    for number in ["1", "2"] {
        assert!(matches!(found(&ledger, number).state, ProposalState::Executed { .. }));
    }
}

#[test]
fn an_expired_proposal_is_not_approved() {
    let mut ledger = proposed();
    let approval = seen(&ledger, "PAY-7");
    ledger.passes(DAY);
    by(&mut ledger, &[ALICE], approval.clone());
    ledger.now = at(DAY).plus_millis(1).unwrap();
    let expired = refusal(&mut ledger, &[CHECKER], approval);
    assert_eq!((expired.code.as_str(), expired.operation), ("proposal.expired", Some(0)));
    assert_eq!(detail(&expired, "expires_at"), at(DAY).to_string());
    assert_eq!(refuses(&mut ledger, &[MAKER], withdraw("PAY-7")), "proposal.expired");
    assert_eq!(ledger.balance(&bob()), 0);
}

#[test]
fn a_proposal_expires_after_now_and_within_thirty_days() {
    let mut ledger = proposed();
    let last = MAX_PROPOSAL_DAYS * DAY;
    for expires in [-1, 0, last + 1] {
        let odd = propose("1", vec![payment(1)], expires);
        assert_eq!(refuses(&mut ledger, &[MAKER], odd), "proposal.expiry_invalid");
    }
    by(&mut ledger, &[MAKER], propose("1", vec![payment(1)], last));
}

#[test]
fn a_withdrawn_proposal_is_not_approved_and_its_number_is_not_used_again() {
    let mut ledger = proposed();
    let approval = seen(&ledger, "PAY-7");
    // Any key of the party may: a checker declines by it.
    let events = by(&mut ledger, &[CHECKER], withdraw("PAY-7"));
    let said = LedgerEvent::ProposalWithdrawn { proposal: proposal_id("PAY-7") };
    assert_eq!(events, [Event::Ledger(said)]);
    let closed = refusal(&mut ledger, &[CHECKER], approval);
    assert_eq!((closed.code.as_str(), detail(&closed, "state")), ("proposal.closed", "withdrawn"));
    let again = propose("PAY-7", vec![payment(1)], DAY);
    assert_eq!(refuses(&mut ledger, &[MAKER], again), "proposal.exists");
}

#[test]
fn an_approval_is_of_what_its_signer_saw() {
    let mut ledger = proposed();
    let expected = operations_hash(SUITE, &[payment(1_233)]);
    let refused = refusal(&mut ledger, &[CHECKER], approve("PAY-7", expected));
    assert_eq!(refused.code, "proposal.other_operations");
    assert_eq!(detail(&refused, "given"), expected.to_string());
    assert_eq!(refuses(&mut ledger, &[CHECKER], approve("PAY-8", expected)), "proposal.unknown");
    assert_eq!(ledger.balance(&bob()), 0);
}

#[test]
fn proposals_are_the_affair_of_their_party() {
    let mut ledger = proposed();
    let approval = seen(&ledger, "PAY-7");
    for operation in [propose("1", vec![payment(1)], DAY), approval, withdraw("PAY-7")] {
        assert_eq!(ledger.submit(BOB, vec![operation]).unwrap_err().code, "proposal.not_yours");
    }
}

#[test]
fn what_the_rules_refuse_leaves_the_proposal_as_it_was() {
    let mut ledger = governed(&[four_eyes(&["transfer"])]);
    by(&mut ledger, &[MAKER], propose("1", vec![payment(1), note("two"), payment(100_000)], DAY));
    let before = found(&ledger, "1");
    let approvals = vec![note("before"), seen(&ledger, "1")];
    let refused = ledger.submit_by(ALICE, &[CHECKER], approvals.clone()).unwrap().unwrap_err();
    // The operation of the transaction that was refused is the approval; the details say which of the proposal's.
    assert_eq!((refused.code.as_str(), refused.operation), ("account.insufficient_funds", Some(1)));
    assert_eq!(detail(&refused, "proposal"), "ALICCNBJXXX/1");
    assert_eq!(detail(&refused, "proposed_operation"), "2");
    assert_eq!((found(&ledger, "1"), ledger.balance(&bob())), (before, 0));
    // Once there is money for it, it goes through.
    ledger.funds(&alice(), 1);
    ledger.submit_by(ALICE, &[CHECKER], approvals).unwrap().unwrap();
    assert_eq!(ledger.balance(&bob()), 100_001);
}

#[test]
fn only_keys_that_still_count_carry_it_out() {
    let mut ledger = governed(&[rule(&["transfer"], &[requires(Some(Role::Checker), 2)])]);
    by(&mut ledger, &[MAKER], propose("1", vec![payment(1)], DAY));
    let approval = seen(&ledger, "1");
    by(&mut ledger, &[CHECKER], approval.clone());
    ledger.does(ALICE, LedgerOperation::RevokeKey { party: party(ALICE), key: public_key(CHECKER) });
    by(&mut ledger, &[SECOND_CHECKER], approval.clone());
    assert_eq!(found(&ledger, "1").state, ProposalState::Open, "the first checker's approval is void");
    by(&mut ledger, &[BOTH], approval);
    assert_eq!(ledger.balance(&bob()), 1);
}

#[test]
fn a_proposal_is_judged_by_the_policy_when_it_is_approved() {
    let mut ledger = proposed();
    let release = rule(&["transfer"], &[requires(Some(Role::Releaser), 1)]);
    let stricter = set_policy(&[four_eyes(&["transfer"]), release]);
    by(&mut ledger, &[MAKER, CHECKER], stricter);
    let approval = seen(&ledger, "PAY-7");
    by(&mut ledger, &[SECOND_CHECKER], approval.clone());
    assert_eq!(ledger.balance(&bob()), 0);
    by(&mut ledger, &[RELEASER], approval);
    assert_eq!(ledger.balance(&bob()), 1_234);
}

#[test]
fn keys_and_policies_can_be_proposed_too() {
    let mut ledger = governed(&[four_eyes(&[])]);
    by(&mut ledger, &[MAKER], propose("1", vec![set_policy(&[])], DAY));
    let approval = seen(&ledger, "1");
    by(&mut ledger, &[CHECKER], approval);
    ledger.submit(ALICE, vec![payment(1)]).unwrap();
}

#[test]
fn a_rule_for_everything_does_not_stand_in_the_way_of_approving() {
    let mut ledger = governed(&[four_eyes(&[])]);
    by(&mut ledger, &[MAKER], propose("1", vec![payment(1)], DAY));
    by(&mut ledger, &[MAKER], propose("2", vec![payment(2)], DAY));
    by(&mut ledger, &[MAKER], propose("3", vec![payment(4)], DAY));
    by(&mut ledger, &[MAKER], withdraw("2"));
    // Several at once, all or none.
    let both = vec![seen(&ledger, "1"), seen(&ledger, "3")];
    ledger.submit_by(ALICE, &[CHECKER], both).unwrap().unwrap();
    assert_eq!(ledger.balance(&bob()), 5);
}

#[test]
fn a_proposal_has_its_limits() {
    let mut ledger = proposed();
    assert_eq!(refuses(&mut ledger, &[MAKER], propose("1", vec![], DAY)), "proposal.operations");
    let large = vec![note(&"x".repeat(MAX_PROPOSAL_BYTES))];
    assert_eq!(refuses(&mut ledger, &[MAKER], propose("1", large, DAY)), "proposal.too_large");
    // A small transaction does not set off more than the largest can do.
    let most =
        |number: usize| propose(&number.to_string(), vec![note(&"x".repeat(250_000)), payment(1)], DAY);
    for number in 0..17 {
        by(&mut ledger, &[MAKER], most(number));
    }
    let approvals: Vec<_> = (0..17).map(|number| seen(&ledger, &number.to_string())).collect();
    let refused = ledger.submit_by(ALICE, &[CHECKER], approvals.clone()).unwrap().unwrap_err();
    assert_eq!((refused.code.as_str(), refused.operation), ("proposal.too_many", Some(16)));
    ledger.submit_by(ALICE, &[CHECKER], approvals[..15].to_vec()).unwrap().unwrap();
}

#[test]
fn approvals_in_vain_fill_a_block_as_their_proposals_would() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let policy = keys_with_roles().into_iter().chain([set_policy(&[four_eyes(&["write_note_and_refuse"])])]);
    commit(&mut ledger, 1, &transaction(ALICE, 1, policy)).unwrap();
    let operations = vec![note(&"x".repeat(250_000)), refused_note("no")];
    let hash = operations_hash(SUITE, &operations);
    commit(&mut ledger, 1, &signed(&draft(ALICE, 2, [propose("1", operations, DAY)]), &[MAKER])).unwrap();
    let many: Vec<_> =
        (10..90).map(|key| signed(&draft(ALICE, key, [approve("1", hash)]), &[CHECKER])).collect();
    let answers = ledger.commit(at(1), &many).unwrap();
    let taken = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(taken, (16 << 20) / 250_000 + 1);
    assert_eq!(answers[taken].as_ref().unwrap_err().code(), "block.full");
}

#[test]
fn a_proposal_is_written_party_slash_number() {
    let id = proposal_id("PAY/2026-7");
    assert_eq!(id.to_string(), "ALICCNBJXXX/PAY/2026-7");
    assert_eq!(id.to_string().parse(), Ok(id.clone()));
    assert_eq!((id.party(), id.number()), (&party(ALICE), "PAY/2026-7"));
    for odd in ["", "ALICCNBJXXX", "ALICCNBJXXX/", "ALICCNBJ/1", "ALICCNBJXXX/ 1", "ALICCNBJXXX/a//b"] {
        assert!(odd.parse::<ProposalId>().is_err(), "{odd}");
    }
    assert!(ProposalId::new(party(ALICE), "x".repeat(36)).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// In whatever order keys approve, the payment happens when, and only when, one transaction by the same keys
    /// would have been let in.
    #[test]
    fn approvals_one_by_one_come_to_what_the_same_signatures_at_once_do(
        makers in 0_u8..=2,
        checkers in 0_u8..=2,
        any in 0_u8..=3,
        order in Just(vec![MAKER, CHECKER, RELEASER, BOTH, SECOND_CHECKER]).prop_shuffle(),
    ) {
        let asked = [(Some(Role::Maker), makers), (Some(Role::Checker), checkers), (None, any)];
        let asked: Vec<_> = asked.into_iter().filter(|(_, n)| *n > 0).map(|(role, n)| requires(role, n)).collect();
        prop_assume!(!asked.is_empty() && makers + checkers + any <= 5);
        let mut rules = vec![rule(&["transfer"], &asked)];
        // Proposing is for makers where there are any; here everybody begins.
        rules.push(rule(&["set_policy"], &[requires(None, 1)]));
        let mut gathering = Memory::create(Notes);
        gathering.opens(&alice());
        gathering.opens(&bob());
        gathering.funds(&alice(), 100);
        gathering.submit(ALICE, keys_with_roles()).unwrap();
        // Proposed while the policy asks for the signatures of all.
        gathering.submit(ALICE, vec![set_policy(&[rule(&["transfer"], &[requires(None, 6)]), rules[1].clone()])]).unwrap();
        by(&mut gathering, &[ALICE], propose("1", vec![payment(1)], DAY));
        gathering.submit(ALICE, vec![set_policy(&rules)]).unwrap();
        let approval = seen(&gathering, "1");
        let mut signed = vec![ALICE];
        for seed in order {
            signed.push(seed);
            by(&mut gathering, &[seed], approval.clone());
            let executed = gathering.balance(&bob()) == 1;
            let mut at_once = governed(&rules);
            prop_assert_eq!(at_once.submit_by(ALICE, &signed, vec![payment(1)]).is_ok(), executed);
            if executed {
                break;
            }
        }
    }
}
