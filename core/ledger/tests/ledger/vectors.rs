//! Frozen bytes: `tests/vectors/{crypto,ledger,receipts}.json`, as `tests/vectors/README.md` describes them.
//!
//! Each test makes its vectors and compares them with the file. With `ALLONGE_UPDATE_VECTORS=1` it writes
//! the file instead: then look at the difference, for whoever holds old bytes will not read the new ones.

use std::collections::BTreeSet;
use std::path::PathBuf;

use allonge_crypto::{Hash, PublicKey, Signature, Signer, merkle, verify_batch};
use allonge_finance::{Calendar, Date, Money, PartyId};
use allonge_ledger::{
    Account, Against, Answer, Approval, Authorities, Bucket, BucketRoot, Changes, Detail, Epoch, Event,
    Genesis, Header, Hold, HoldId, HoldState, LedgerEvent, LedgerOperation, Operation, Party, PartyKey,
    PartyProposal, Policy, PolicyRule, ProposalApproval, ProposalId, ProposalOperation, ProposalState,
    Receipt, Refusal, Requirement, Reversal, Role, Roster, RosterProposal, RosterProposals, RulesSchedule,
    Side, SignedTransaction, StateProof, StateTree, Stored, TransactionResult, Trust, Upgrade, Verdict,
    Workers, approval_message, canonical, from_canonical, operations_hash, transaction_id,
};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;
use serde_json::{Value, json};

use crate::receipts::{bad, chained, check, sample};
use crate::world::*;

/// The vectors of a file, which are these.
fn frozen(name: &str, made: Value) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(name);
    if std::env::var_os("ALLONGE_UPDATE_VECTORS").is_some_and(|update| update == "1") {
        let text = serde_json::to_string_pretty(&made).unwrap() + "\n";
        std::fs::write(&path, text).unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    for (section, vectors) in kept.as_object().unwrap() {
        assert_eq!(vectors, &made[section], "{section} of {name}");
    }
    assert_eq!(kept, made);
    kept
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(bytes)
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn seed(seed: u8) -> String {
    hex([seed; 32])
}

/// The people's form, the bytes, and that the bytes lead back.
fn record<T>(name: &str, value: &T) -> Value
where
    T: BorshSerialize + BorshDeserialize + PartialEq + std::fmt::Debug,
{
    let bytes = canonical(value);
    assert_eq!(&from_canonical::<T>(&bytes).unwrap(), value, "{name}");
    let trailing = [bytes.as_slice(), &[0]].concat();
    assert!(from_canonical::<T>(&trailing).is_err(), "{name} with a byte more");
    assert!(from_canonical::<T>(&bytes[..bytes.len() - 1]).is_err(), "{name} with a byte less");
    json!({ "name": name, "bytes": hex(bytes) })
}

fn with_json<T>(name: &str, value: &T) -> Value
where
    T: BorshSerialize + BorshDeserialize + Serialize + PartialEq + std::fmt::Debug,
{
    let mut vector = record(name, value);
    vector["json"] = serde_json::to_value(value).unwrap();
    vector
}

/// A record of the state: its key too.
fn stored<T>(name: &str, id: &T::Id, value: &T) -> Value
where
    T: Stored + PartialEq + std::fmt::Debug,
{
    let mut vector = record(name, value);
    vector["key"] = json!(hex(T::key(id)));
    vector
}

#[test]
fn keys_signatures_hashes_and_lists_have_their_frozen_bytes() {
    let keys = [REGISTRAR, ALICE, BOB, VALIDATOR]
        .map(|key| json!({ "seed": seed(key), "public_key": public_key(key) }));
    let refused_keys = [
        ("identity", "0100000000000000000000000000000000000000000000000000000000000000"),
        ("identity_not_canonical", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        ("order_eight", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        ("not_a_point", "0200000000000000000000000000000000000000000000000000000000000000"),
    ]
    .map(|(name, bytes)| {
        let key: PublicKey = format!("ed25519:{bytes}").parse().unwrap();
        assert!(key.vet().is_err(), "{name}");
        json!({ "name": name, "public_key": key })
    });

    let PublicKey::Ed25519(key) = public_key(ALICE);
    let Signature::Ed25519(good) = signer(ALICE).sign(b"allonge").unwrap();
    let altered = |place: usize| {
        let mut signature = good;
        signature[place] ^= 1;
        signature
    };
    // S + L: the same signature modulo the group's order, which must not be a second one.
    let mut beyond_the_order = good;
    let order = hex::decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").unwrap();
    let mut carry = 0;
    for (byte, add) in beyond_the_order[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
    }
    let PublicKey::Ed25519(other_key) = public_key(BOB);
    let mut identity = [0; 32];
    identity[0] = 1;
    // R the identity and S nothing: the identity key signs everything by ZIP-215, so it is never registered.
    let mut nothing = [0; 64];
    nothing[0] = 1;
    let signatures: Vec<_> = [
        ("good", key, "allonge", good, true),
        ("another_message", key, "Allonge", good, false),
        ("another_key", other_key, "allonge", good, false),
        ("altered_point", key, "allonge", altered(0), false),
        ("altered_scalar", key, "allonge", altered(40), false),
        ("scalar_beyond_the_order", key, "allonge", beyond_the_order, false),
        ("nothing", key, "allonge", nothing, false),
        ("key_that_vetting_refuses", identity, "allonge", nothing, true),
    ]
    .into_iter()
    .map(|(name, key, message, signature, valid)| {
        let public_key = PublicKey::Ed25519(key);
        let single = public_key.verify(message.as_bytes(), &Signature::Ed25519(signature)).is_ok();
        let batch = verify_batch([(&key, message.as_bytes(), &signature)]).is_ok();
        assert_eq!((single, batch), (valid, valid), "{name}");
        json!({
            "name": name, "public_key": public_key, "message": hex(message),
            "signature": Signature::Ed25519(signature), "valid": valid,
        })
    })
    .collect();

    let hashes =
        [("allonge/transaction/1", ""), ("allonge/transaction/1", "616263"), ("allonge/header/1", "616263")]
            .map(|(domain, item)| {
                let hash = SUITE.hash(domain, &hex::decode(item).unwrap());
                json!({ "domain": domain, "bytes": item, "hash": hash })
            });

    let lists: Vec<_> = (0..=9_u32)
        .map(|count| {
            let items: Vec<Vec<u8>> = (0..count).map(|n| vec![0xa0; n as usize]).collect();
            let leaves: Vec<Hash> = items.iter().map(|item| merkle::leaf(SUITE, item)).collect();
            let paths: Vec<_> = (0..count).map(|index| path(&items, index)).collect();
            let tree = merkle::Tree::new(SUITE, leaves.clone());
            let growths: Vec<_> = (0..=leaves.len())
                .map(|old_size| {
                    let growth = tree.prove_growth(old_size).unwrap();
                    let old_root = merkle::root(SUITE, &leaves[..old_size]);
                    growth.verify(SUITE, old_size as u64, &old_root, count.into(), &tree.root()).unwrap();
                    hex(canonical(&growth))
                })
                .collect();
            json!({
                "items": items.iter().map(hex::encode).collect::<Vec<_>>(),
                "merkle_root": merkle::root(SUITE, &leaves),
                "list_root": list_root(&items),
                "paths": paths,
                "growths": growths,
            })
        })
        .collect();
    frozen(
        "crypto.json",
        json!({
            "keys": keys, "refused_keys": refused_keys, "signatures": signatures,
            "hashes": hashes, "lists": lists,
        }),
    );
}

/// So many of the ledger's operations stand in one transaction too, whose bytes are frozen: later ones do not.
const ALL_IN_ONE: usize = 20;

pub fn ledger_operations() -> Vec<(&'static str, u8, LedgerOperation)> {
    let committee = Committee::new(4);
    vec![
        (
            "admit_party",
            REGISTRAR,
            LedgerOperation::AdmitParty {
                party: party(STRANGER),
                name: "Ein Gläubiger".into(),
                keys: vec![public_key(STRANGER), public_key(98)],
            },
        ),
        ("add_key", ALICE, add_key(party(ALICE), public_key(50))),
        ("revoke_key", ALICE, LedgerOperation::RevokeKey { party: party(ALICE), key: public_key(50) }),
        (
            "open_account",
            ALICE,
            LedgerOperation::OpenAccount { account: account(ALICE, "settlement"), ceiling: None },
        ),
        (
            "transfer",
            AGENT,
            LedgerOperation::Transfer {
                from: account(AGENT, "issue"),
                to: account(ALICE, "settlement"),
                amount: usd(123_450),
                value_date: None,
                reference: "invoice 7".into(),
            },
        ),
        ("publish_calendar", PUBLISHER, LedgerOperation::PublishCalendar { calendar: calendar(2) }),
        (
            "open_account_with_a_ceiling",
            ALICE,
            LedgerOperation::OpenAccount { account: account(ALICE, "fees"), ceiling: Some(usd(100_000)) },
        ),
        (
            "transfer_with_a_value_date",
            ALICE,
            LedgerOperation::Transfer {
                from: account(ALICE, "settlement"),
                to: account(BOB, "settlement"),
                amount: usd(1),
                value_date: Some(Date::new(2026, 2, 27).unwrap()),
                reference: String::new(),
            },
        ),
        (
            "set_ceiling",
            ALICE,
            LedgerOperation::SetCeiling { account: account(ALICE, "fees"), ceiling: Some(usd(100_000)) },
        ),
        (
            "lift_ceiling",
            ALICE,
            LedgerOperation::SetCeiling { account: account(ALICE, "fees"), ceiling: None },
        ),
        ("hold_funds", ALICE, hold_funds(None, None)),
        ("hold_funds_against_a_payment", ALICE, hold_funds(Some(party(AGENT)), Some(against()))),
        ("post_hold", BOB, LedgerOperation::PostHold { hold: hold_id(), amount: None, pay_from: None }),
        (
            "post_hold_in_part",
            BOB,
            LedgerOperation::PostHold { hold: hold_id(), amount: Some(usd(1)), pay_from: None },
        ),
        (
            "post_hold_against_a_payment",
            AGENT,
            LedgerOperation::PostHold {
                hold: hold_id(),
                amount: None,
                pay_from: Some(account(AGENT, "own")),
            },
        ),
        ("void_hold", BOB, LedgerOperation::VoidHold { hold: hold_id() }),
        (
            "add_key_with_roles_for_some_heights",
            ALICE,
            LedgerOperation::AddKey {
                party: party(ALICE),
                key: public_key(50),
                roles: BTreeSet::from([Role::Maker, Role::Checker, Role::Releaser, Role::Administrator]),
                valid_from: Some(100),
                valid_until: Some(200),
            },
        ),
        ("set_policy", ALICE, LedgerOperation::SetPolicy { rules: policy_rules() }),
        ("schedule_rules", SUPERVISOR, LedgerOperation::ScheduleRules { version: 2, from_height: 1_000 }),
        ("lift_policy", ALICE, LedgerOperation::SetPolicy { rules: vec![] }),
        (
            "reverse_transaction",
            BOB,
            LedgerOperation::ReverseTransaction {
                transaction: Hash::new([7; 32]),
                amounts: vec![Money::from_minor_units(7, currency("EUR")), usd(50_250)],
                value_date: None,
                reason: "sent twice".into(),
            },
        ),
        (
            "reverse_transaction_with_a_value_date",
            BOB,
            LedgerOperation::ReverseTransaction {
                transaction: Hash::new([7; 32]),
                amounts: vec![usd(50_250)],
                value_date: Some(Date::new(2026, 3, 4).unwrap()),
                reason: "sent twice".into(),
            },
        ),
        ("approve_roster", ALICE, committee.approval(2, 0, &next_roster(), at(3_600))),
    ]
}

/// Three of the four validators, and a new one.
fn next_roster() -> Roster {
    Committee::new(4).of(&[VALIDATOR, VALIDATOR + 1, VALIDATOR + 2, VALIDATOR + 9]).roster()
}

fn policy_rules() -> Vec<PolicyRule> {
    let requires = |role, signatures| Requirement { role, signatures };
    vec![
        PolicyRule {
            operations: None,
            from_amount: None,
            requires: vec![requires(Some(Role::Maker), 1), requires(Some(Role::Checker), 1)],
        },
        PolicyRule {
            operations: Some(BTreeSet::from(["hold_funds".into(), "transfer".into()])),
            from_amount: Some(usd(100_000_000)),
            requires: vec![requires(Some(Role::Releaser), 1), requires(None, 3)],
        },
    ]
}

fn proposal_id() -> ProposalId {
    ProposalId::new(party(ALICE), "PAY/2026-7").unwrap()
}

fn proposed() -> Vec<Operation<NoteOperation>> {
    let payment = transfer(account(ALICE, "settlement"), account(BOB, "settlement"), usd(123_450));
    vec![open_account(ALICE, "settlement"), payment]
}

fn proposal_operations() -> Vec<(&'static str, ProposalOperation<NoteOperation>)> {
    let (operations, operations_hash) = (proposed(), operations_hash(SUITE, &proposed()));
    let propose = ProposalOperation::Propose { proposal: proposal_id(), operations, expires_at: at(86_400) };
    let approve = ProposalOperation::ApproveProposal { proposal: proposal_id(), operations_hash };
    let withdraw = ProposalOperation::WithdrawProposal { proposal: proposal_id() };
    vec![("propose", propose), ("approve_proposal", approve), ("withdraw_proposal", withdraw)]
}

fn proposal(state: ProposalState) -> PartyProposal<NoteOperation> {
    let approved = |key, height| ProposalApproval { key: public_key(key), height };
    PartyProposal {
        id: proposal_id(),
        operations: proposed(),
        operations_hash: operations_hash(SUITE, &proposed()),
        proposed_at: at(0),
        expires_at: at(86_400),
        approvals: vec![approved(ALICE, 7), approved(50, 8)],
        state,
    }
}

fn hold_id() -> HoldId {
    HoldId::new(party(ALICE), "PAY/2026-7").unwrap()
}

fn against() -> Against {
    let euro = Money::from_minor_units(9_000, currency("EUR"));
    Against { account: "ALICCNBJXXX/EUR/settlement".parse().unwrap(), amount: euro }
}

fn hold_funds(poster: Option<PartyId>, against: Option<Against>) -> LedgerOperation {
    LedgerOperation::HoldFunds {
        hold: hold_id(),
        from: account(ALICE, "settlement"),
        to: account(BOB, "settlement"),
        amount: usd(10_000),
        poster,
        against,
        expires_at: at(86_400),
        reference: "invoice 7".into(),
    }
}

fn hold(poster: Option<PartyId>, posted: i128, remaining: i128, state: HoldState) -> Hold {
    Hold {
        id: hold_id(),
        from: account(ALICE, "settlement"),
        to: account(BOB, "settlement"),
        amount: usd(10_000),
        posted: usd(posted),
        remaining: usd(remaining),
        against: poster.is_none().then(against),
        poster,
        expires_at: at(86_400),
        state,
        reference: "invoice 7".into(),
    }
}

fn transactions(genesis: &Genesis) -> Vec<Value> {
    let network = genesis.network();
    let mut drafts: Vec<_> = ledger_operations()
        .into_iter()
        .zip(1..)
        .map(|((name, author, operation), key)| {
            (name, draft_for(genesis, author, key, [Operation::Ledger(operation)]), vec![author])
        })
        .collect();
    drafts.extend(proposal_operations().into_iter().zip(200..).map(|((name, operation), key)| {
        (name, draft_for(genesis, ALICE, key, [Operation::Proposal(operation)]), vec![ALICE])
    }));
    let all = ledger_operations().into_iter().take(ALL_IN_ONE);
    let all = all.map(|(_, _, operation)| Operation::Ledger(operation));
    drafts.push(("all_in_one_by_two_keys", draft_for(genesis, ALICE, 100, all), vec![ALICE, BOB]));
    drafts
        .into_iter()
        .map(|(name, draft, seeds)| {
            let body = draft.to_bytes();
            let id = transaction_id(SUITE, &body);
            let signed = signed(&draft, &seeds);
            assert_eq!(signed.body, body);
            assert_eq!(
                SignedTransaction::from_bytes(&signed.to_bytes()).unwrap().transaction(),
                Ok(draft.clone())
            );
            json!({
                "name": name,
                "author": draft.author, "key": draft.key, "valid_until": draft.valid_until,
                "operations": draft.operations,
                "body": hex(&body), "id": id,
                "approval_message": hex(approval_message(&network, &id)),
                "approvals": signed.approvals.iter().map(|Approval { key, signature }| {
                    json!({ "key": key, "signature": signature })
                }).collect::<Vec<_>>(),
                "seeds": seeds.iter().map(|key| seed(*key)).collect::<Vec<_>>(),
                "signed": hex(signed.to_bytes()),
            })
        })
        .collect()
}

/// Bytes that are no signed transaction, or carry none.
fn bad_transactions(genesis: &Genesis) -> Vec<Value> {
    let good = signed(&draft_for(genesis, ALICE, 1, [open_account(ALICE, "settlement")]), &[ALICE, BOB]);
    let bytes = good.to_bytes();
    let body = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut changed = good.clone();
        change(&mut changed.body);
        changed.to_bytes()
    };
    // In the body: 32 bytes of network, then the author; the operation follows the key and valid_until.
    let operations = 32 + 1 + 4 + 11 + 16 + 8;
    let mut unordered = good.clone();
    unordered.approvals.reverse();
    let mut twice = good.clone();
    twice.approvals[1] = twice.approvals[0];
    let nested = |(_, inner): (&str, ProposalOperation<NoteOperation>)| {
        let propose = Operation::Proposal(ProposalOperation::Propose {
            proposal: proposal_id(),
            operations: vec![Operation::Proposal(inner)],
            expires_at: at(86_400),
        });
        signed(&draft_for(genesis, ALICE, 1, [propose]), &[ALICE]).to_bytes()
    };
    let proposal_within_a_proposal = nested(proposal_operations().remove(0));
    [
        ("empty", vec![], "transaction.malformed"),
        ("proposal_within_a_proposal", proposal_within_a_proposal, "transaction.malformed"),
        ("truncated", bytes[..bytes.len() - 1].to_vec(), "transaction.malformed"),
        ("trailing_byte", [&bytes[..], &[0]].concat(), "transaction.malformed"),
        ("length_beyond_the_bytes", [&[0xff; 4], &bytes[4..]].concat(), "transaction.malformed"),
        ("approvals_not_ascending", unordered.to_bytes(), "transaction.malformed"),
        ("approval_twice", twice.to_bytes(), "transaction.malformed"),
        ("body_with_a_trailing_byte", body(&|body| body.push(0)), "transaction.malformed"),
        ("author_in_lower_case", body(&|body| body[37] = b'a'), "transaction.malformed"),
        ("unknown_kind_of_operation", body(&|body| body[operations + 4] = 3), "transaction.malformed"),
        ("unknown_operation", body(&|body| body[operations + 5] = u8::MAX), "transaction.malformed"),
        (
            "purpose_in_capitals",
            // Before the byte that says that there is no ceiling.
            body(&|body| *body.iter_mut().nth_back(1).unwrap() = b'T'),
            "transaction.malformed",
        ),
        (
            "no_operations",
            body(&|body| {
                body.truncate(operations);
                body.extend_from_slice(&[0; 4]);
            }),
            "transaction.operations",
        ),
    ]
    .into_iter()
    .map(|(name, bytes, code)| {
        let read =
            SignedTransaction::from_bytes(&bytes).and_then(|signed| signed.transaction::<NoteOperation>());
        assert_eq!(refused(read).code(), code, "{name}");
        json!({ "name": name, "signed": hex(bytes), "code": code })
    })
    .collect()
}

fn events() -> Vec<Value> {
    let account = account(ALICE, "settlement");
    let placed = |poster: Option<PartyId>, against| LedgerEvent::HoldPlaced {
        hold: hold_id(),
        from: account.clone(),
        to: crate::world::account(BOB, "settlement"),
        amount: usd(10_000),
        poster,
        against,
        expires_at: at(86_400),
        reference: "invoice 7".into(),
    };
    [
        ("party_admitted", LedgerEvent::PartyAdmitted { party: party(STRANGER), name: "A newcomer".into() }),
        (
            "key_added",
            LedgerEvent::KeyAdded {
                party: party(ALICE),
                key: public_key(50),
                roles: BTreeSet::new(),
                valid_from: 7,
                valid_until: None,
            },
        ),
        (
            "key_added_with_roles",
            LedgerEvent::KeyAdded {
                party: party(ALICE),
                key: public_key(50),
                roles: BTreeSet::from([Role::Maker, Role::Administrator]),
                valid_from: 7,
                valid_until: Some(9),
            },
        ),
        ("key_revoked", LedgerEvent::KeyRevoked { party: party(ALICE), key: public_key(50) }),
        ("account_opened", LedgerEvent::AccountOpened { account: account.clone() }),
        (
            "transferred",
            LedgerEvent::Transferred {
                from: crate::world::account(AGENT, "issue"),
                to: account.clone(),
                amount: usd(123_450),
                value_date: Date::new(2026, 3, 2).unwrap(),
                reference: "invoice 7".into(),
                from_entry: 7,
                from_balance: usd(-1_000_000),
                to_entry: 1,
                to_balance: usd(123_450),
            },
        ),
        (
            "calendar_published",
            LedgerEvent::CalendarPublished { calendar: calendar(2).id().clone(), version: 2 },
        ),
        ("ceiling_set", LedgerEvent::CeilingSet { account: account.clone(), ceiling: Some(usd(1)) }),
        ("ceiling_lifted", LedgerEvent::CeilingSet { account: account.clone(), ceiling: None }),
        ("hold_placed", placed(Some(party(BOB)), None)),
        ("hold_placed_by_rules_against_a_payment", placed(None, Some(against()))),
        (
            "hold_posted",
            LedgerEvent::HoldPosted { hold: hold_id(), amount: usd(4_000), remaining: usd(6_000) },
        ),
        ("hold_voided", LedgerEvent::HoldVoided { hold: hold_id(), amount: usd(6_000), expired: false }),
        ("hold_expired", LedgerEvent::HoldVoided { hold: hold_id(), amount: usd(6_000), expired: true }),
        ("policy_set", LedgerEvent::PolicySet { party: party(ALICE) }),
        (
            "operations_proposed",
            LedgerEvent::OperationsProposed {
                proposal: proposal_id(),
                operations: 2,
                operations_hash: operations_hash(SUITE, &proposed()),
                expires_at: at(86_400),
                keys: 1,
            },
        ),
        ("proposal_approved", LedgerEvent::ProposalApproved { proposal: proposal_id(), keys: 2 }),
        ("proposal_executed", LedgerEvent::ProposalExecuted { proposal: proposal_id() }),
        ("proposal_withdrawn", LedgerEvent::ProposalWithdrawn { proposal: proposal_id() }),
        ("rules_scheduled", LedgerEvent::RulesScheduled { version: 2, from_height: 1_000 }),
        (
            "transaction_reversed",
            LedgerEvent::TransactionReversed {
                transaction: Hash::new([7; 32]),
                transfers: 2,
                reason: "sent twice".into(),
            },
        ),
        (
            "roster_approved",
            LedgerEvent::RosterApproved {
                epoch: 0,
                roster: next_roster(),
                validator: next_roster().validators()[0],
                approvals: 1,
            },
        ),
        (
            "roster_scheduled",
            LedgerEvent::RosterScheduled { epoch: 1, from_height: 1_000, roster: next_roster() },
        ),
    ]
    .map(|(name, event)| with_json(name, &event))
    .into()
}

fn results() -> Vec<Value> {
    let transaction = SUITE.hash("an example", b"transaction");
    let opened =
        Event::<NoteEvent>::Ledger(LedgerEvent::AccountOpened { account: account(ALICE, "settlement") });
    let refusal = Refusal {
        code: "account.insufficient_funds".into(),
        operation: Some(2),
        details: vec![Detail { name: "amount".into(), value: "USD 1.00".into() }],
    };
    let whole = Refusal { operation: None, details: vec![], ..refusal.clone() };
    [
        ("committed", Verdict::Committed { events: vec![opened.clone(), opened] }),
        ("committed_without_events", Verdict::Committed { events: vec![] }),
        ("rejected", Verdict::Rejected { refusal }),
        ("rejected_as_a_whole", Verdict::Rejected { refusal: whole }),
    ]
    .map(|(name, verdict)| {
        let result = TransactionResult { transaction, verdict };
        let mut vector = record(name, &result);
        vector["json"] = serde_json::to_value(&result).unwrap();
        vector
    })
    .into()
}

fn headers(committee: &Committee) -> Vec<Value> {
    let receipt = chained(committee);
    let last_of_epoch = Header { next_roster: Some(Hash::new([9; 32])), ..receipt.headers[0].clone() };
    [("header", receipt.headers[0].clone()), ("last_of_an_epoch", last_of_epoch)]
        .map(|(name, header)| {
            let mut vector = with_json(name, &header);
            vector["digest"] = json!(header.digest(SUITE));
            vector
        })
        .into()
}

fn state_records() -> Vec<Value> {
    let admitted = Party::admit(party(ALICE), "Alice".into(), vec![public_key(ALICE)], 1).unwrap();
    let rotated = admitted
        .clone()
        .add_key(PartyKey::new(public_key(50), 7), 7)
        .unwrap()
        .revoke_key(public_key(ALICE), 9)
        .unwrap();
    let with_roles = PartyKey {
        roles: BTreeSet::from([Role::Maker, Role::Releaser]),
        valid_until: Some(200),
        ..PartyKey::new(public_key(50), 100)
    };
    let with_roles = admitted.clone().add_key(with_roles, 7).unwrap();
    let executed = ProposalState::Executed { transaction: Hash::new([3; 32]), at: at(3_600) };
    let issue = account(AGENT, "issue");
    let issued = Account::open(issue.clone(), Side::Liability).debit(usd(123_450)).unwrap();
    let limited = account(ALICE, "fees");
    let reserving = Account {
        held: usd(10_000),
        ..Account::open(limited.clone(), Side::Asset)
            .with_ceiling(Some(usd(100_000)))
            .and_then(|account| account.credit(usd(50_000)))
            .unwrap()
    };
    let answer = Answer { transaction: Hash::new([1; 32]), operations: Hash::new([2; 32]) };
    let upgrade = |(from_height, version)| Upgrade { from_height, version };
    let upgrades = [(100, 2), (5_000, 7)].map(upgrade).to_vec();
    let calendar = calendar(1);
    let reversed = Hash::new([7; 32]);
    let approved_by = genesis(4).roster.validators()[..2].to_vec();
    let proposed_roster = RosterProposal { roster: next_roster(), valid_until: at(3_600), approved_by };
    let authorities = genesis(1).authorities;
    vec![
        stored("party", &party(ALICE), &admitted),
        stored("party_with_a_revoked_key", &party(ALICE), &rotated),
        stored("party_with_roles_for_some_heights", &party(ALICE), &with_roles),
        stored("policy", &party(ALICE), &Policy { party: party(ALICE), rules: policy_rules() }),
        stored("proposal", &proposal_id(), &proposal(ProposalState::Open)),
        stored("proposal_executed", &proposal_id(), &proposal(executed)),
        stored("proposal_withdrawn", &proposal_id(), &proposal(ProposalState::Withdrawn { at: at(3_600) })),
        stored("account", &issue, &issued),
        stored("account_with_a_ceiling_and_a_hold", &limited, &reserving),
        stored("hold", &hold_id(), &hold(Some(party(BOB)), 4_000, 6_000, HoldState::Open)),
        stored("hold_of_rules_against_a_payment", &hold_id(), &hold(None, 0, 10_000, HoldState::Open)),
        stored("hold_posted", &hold_id(), &hold(Some(party(BOB)), 10_000, 0, HoldState::Posted)),
        stored("hold_voided", &hold_id(), &hold(Some(party(BOB)), 4_000, 0, HoldState::Voided)),
        stored("hold_expired", &hold_id(), &hold(Some(party(BOB)), 4_000, 0, HoldState::Expired)),
        stored::<Calendar>("calendar", calendar.id(), &calendar),
        stored::<Authorities>("authorities", &(), &authorities),
        stored("answer", &(party(ALICE), idempotency_key(1)), &answer),
        stored("bucket", &Bucket::of(at(3_600)), &BucketRoot { root: Hash::new([7; 32]), keys: 9 }),
        stored("rules_schedule_of_nothing", &(), &RulesSchedule::default()),
        stored("rules_schedule", &(), &RulesSchedule { upgrades }),
        stored("reversal", &reversed, &Reversal { transaction: reversed, by: Hash::new([8; 32]) }),
        stored("epoch", &1, &Epoch { from_height: 1_000, roster: next_roster() }),
        stored("roster_proposals", &0, &RosterProposals { proposals: vec![proposed_roster] }),
    ]
}

fn state_trees() -> Vec<Value> {
    [0_u32, 1, 2, 3, 8, 40]
        .map(|count| {
            let item = |n: u32| (n.to_be_bytes().to_vec(), format!("value {n}").into_bytes());
            let records: Changes = (0..count).map(item).collect();
            let mut tree = StateTree::new(SUITE);
            tree.update(&Workers::none(), &records).unwrap();
            let root = tree.root();
            let mut proofs = Vec::new();
            let mut prove =
                |name: &str, key: &[u8], value: Option<&[u8]>, proof: &StateProof, holds: bool| {
                    assert_eq!(proof.verify(SUITE, &root, key, value).is_ok(), holds, "{name} of {count}");
                    proofs.push(json!({
                    "name": name, "key": hex(key), "value": value.map(hex), "proof": hex(canonical(proof)),
                    "holds": holds,
                }));
                };
            for n in 0..count.min(4) {
                let (key, value) = item(n);
                let proof = tree.prove(&key);
                prove("present", &key, Some(&value), &proof, true);
                prove("another_value", &key, Some(b"other"), &proof, false);
                prove("present_said_to_be_absent", &key, None, &proof, false);
                let (next, next_value) = item(n + 1);
                prove("another_key", &next, Some(&next_value), &proof, false);
            }
            for n in count..count + 4 {
                let (key, value) = item(n);
                let proof = tree.prove(&key);
                prove("absent", &key, None, &proof, true);
                prove("absent_said_to_be_present", &key, Some(&value), &proof, false);
                if count > 0 {
                    let (present, _) = item(0);
                    prove("absence_of_another_key", &present, None, &proof, false);
                }
            }
            json!({
                "records": (0..count).map(item).map(|(key, value)| json!({ "key": hex(key), "value": hex(value) }))
                    .collect::<Vec<_>>(),
                "root": root, "proofs": proofs,
            })
        })
        .into()
}

/// Bytes that are no proof, though they look like one.
fn bad_proofs() -> Vec<Value> {
    [
        ("empty", ""),
        ("deeper_than_a_hash", "010100"),
        ("bit_behind_the_path", "01004000"),
        ("empty_sibling_written_out", &format!("010080{}01", "00".repeat(32))),
        ("unknown_end", "000003"),
        ("trailing_byte", "00000100"),
    ]
    .map(|(name, bytes)| {
        assert!(from_canonical::<StateProof>(&hex::decode(bytes).unwrap()).is_err(), "{name}");
        json!({ "name": name, "proof": bytes })
    })
    .into()
}

fn genesis_vector(name: &str, genesis: &Genesis) -> Value {
    let mut vector = with_json(name, genesis);
    let again: Genesis = serde_json::from_value(vector["json"].clone()).unwrap();
    assert_eq!(&again, genesis);
    let mut tree = StateTree::new(SUITE);
    tree.update(&Workers::none(), &genesis.initial_state().unwrap()).unwrap();
    vector["network"] = json!(genesis.network());
    vector["state_root"] = json!(tree.root());
    vector
}

#[test]
fn transactions_records_and_proofs_have_their_frozen_bytes() {
    let committee = Committee::new(4);
    let genesis = genesis(1);
    frozen(
        "ledger.json",
        json!({
            "genesis": [genesis_vector("one", &genesis), genesis_vector("four", &committee.genesis)],
            "transactions": transactions(&genesis),
            "bad_transactions": bad_transactions(&genesis),
            "records": state_records(),
            "events": events(),
            "results": results(),
            "headers": headers(&committee),
            "state": state_trees(),
            "bad_proofs": bad_proofs(),
        }),
    );
}

fn receipt_vector(name: &str, network: &str, receipt: &Receipt, trust: &Trust) -> Value {
    let proven = receipt.verify::<NoteOperation, NoteEvent>(trust).unwrap();
    json!({
        "name": name, "genesis": network, "receipt": hex(receipt.to_bytes()),
        "proves": {
            "id": proven.id, "author": proven.transaction.author, "key": proven.transaction.key,
            "operations": proven.transaction.operations, "keys": proven.keys, "result": proven.result,
            "height": proven.height, "time": proven.time, "state_root": proven.state_root,
        },
    })
}

#[test]
fn receipts_have_their_frozen_bytes_and_prove_what_they_say() {
    let (one, four) = (Committee::new(1), Committee::new(4));
    // An embedded ledger makes the same bytes on every machine.
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let open = commit(&mut ledger, 1, &transaction(ALICE, 1, [open_account(ALICE, "settlement")])).unwrap();
    let again = commit(&mut ledger, 2, &transaction(ALICE, 2, [open_account(ALICE, "settlement")])).unwrap();

    let good = vec![
        receipt_vector("embedded", "one", &receipt(&ledger, &open), &one.trust),
        receipt_vector("embedded_rejected", "one", &receipt(&ledger, &again), &one.trust),
        receipt_vector("alone_by_three_of_four", "four", &sample(&four, 1, 0, 3), &four.trust),
        receipt_vector("alone_by_four_of_four", "four", &sample(&four, 1, 0, 4), &four.trust),
        receipt_vector("first_of_three", "four", &sample(&four, 3, 0, 3), &four.trust),
        receipt_vector("second_of_three_rejected", "four", &sample(&four, 3, 1, 3), &four.trust),
        receipt_vector("executed_later", "four", &chained(&four), &four.trust),
    ];
    let mut refused: Vec<_> = bad(&four)
        .into_iter()
        .map(
            |bad| json!({ "name": bad.name, "genesis": "four", "receipt": hex(bad.bytes), "code": bad.code }),
        )
        .collect();
    refused.push(json!({
        "name": "genesis_of_another_network", "genesis": "one",
        "receipt": hex(sample(&four, 1, 0, 3).to_bytes()), "code": "receipt.wrong_network",
    }));
    let genesis = [genesis_vector("one", &one.genesis), genesis_vector("four", &four.genesis)];
    let kept = frozen("receipts.json", json!({ "genesis": genesis, "good": good, "bad": refused }));

    // What stands in the file is judged as every other language judges it.
    let trust = |name: &Value| {
        let genesis = kept["genesis"].as_array().unwrap().iter().find(|genesis| genesis["name"] == *name);
        Trust::new(serde_json::from_value(genesis.unwrap()["json"].clone()).unwrap())
    };
    for good in kept["good"].as_array().unwrap() {
        let id = check(&bytes(&good["receipt"]), &trust(&good["genesis"])).unwrap();
        assert_eq!(json!(id), good["proves"]["id"], "{}", good["name"]);
    }
    for bad in kept["bad"].as_array().unwrap() {
        let error = crate::world::refused(check(&bytes(&bad["receipt"]), &trust(&bad["genesis"])));
        assert_eq!(error.code(), bad["code"], "{}", bad["name"]);
    }
}

#[test]
fn light_json_is_as_it_was() {
    let (genesis, headers, light) = crate::epochs::light_headers();
    let tip = light.tip();
    frozen(
        "light.json",
        json!({
            "genesis": genesis,
            "headers": hex(canonical(&headers)),
            "checkpoint": {
                "network": genesis.network(), "height": tip.height, "time": tip.time, "header": tip.digest,
            },
            "kept": hex(light.to_bytes()),
        }),
    );
}
