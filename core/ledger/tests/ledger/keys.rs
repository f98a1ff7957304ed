//! A party's keys: their roles, the heights at which they count, rotation and revocation.

use std::collections::BTreeSet;

use allonge_crypto::Hash;
use allonge_finance::PartyId;
use allonge_ledger::{
    Embedded, LedgerEvent, LedgerOperation, Operation, Party, PartyKey, Receipt, Role, SignedTransaction,
    StateProof, Stored, Trust, canonical, from_canonical,
};
use proptest::prelude::*;

use crate::memory::Memory;
use crate::world::*;

const FIRST: u8 = ALICE;
const SECOND: u8 = 50;
const THIRD: u8 = 51;

fn note_by(height: u64, seed: u8) -> SignedTransaction {
    signed(&draft(ALICE, height * 1_000 + u64::from(seed), [note(&format!("at {height}"))]), &[seed])
}

/// Blocks with nothing in them until the next has this height.
fn until(ledger: &mut Embedded<Notes>, next: u64) {
    while ledger.height() + 1 < next {
        ledger.commit(ledger.time(), &[]).unwrap();
    }
}

/// The receipts' files of these transactions, of one block.
fn receipts(ledger: &mut Embedded<Notes>, height: u64, transactions: &[SignedTransaction]) -> Vec<Vec<u8>> {
    until(ledger, height);
    let ids = ledger.commit(ledger.time(), transactions).unwrap();
    ids.into_iter().map(|id| receipt(ledger, &id.unwrap()).to_bytes()).collect()
}

fn kept_out(ledger: &mut Embedded<Notes>, height: u64, candidate: SignedTransaction) -> &'static str {
    until(ledger, height);
    let time = ledger.time();
    let answers = ledger.commit(time, std::slice::from_ref(&candidate)).unwrap();
    assert_eq!(ledger.height() + 1, height, "no block comes of it");
    assert_eq!(ledger.receipt(&candidate.id(SUITE)).unwrap(), None);
    refused(answers.into_iter().next().unwrap()).code()
}

fn added(seed: u8, valid_from: Option<u64>, valid_until: Option<u64>) -> LedgerOperation {
    let (party, key) = (party(ALICE), public_key(seed));
    LedgerOperation::AddKey { party, key, roles: BTreeSet::new(), valid_from, valid_until }
}

fn revoked(seed: u8) -> LedgerOperation {
    LedgerOperation::RevokeKey { party: party(ALICE), key: public_key(seed) }
}

/// What an archive holds offline: receipts, the newest header's state root, and a proven record.
struct Archive {
    receipts: Vec<Vec<u8>>,
    newest: Vec<u8>,
    party: Vec<u8>,
    proof: Vec<u8>,
}

/// The height of a receipt and the keys that signed it, from nothing but the genesis.
fn read(receipt: &[u8]) -> (u64, Vec<allonge_crypto::PublicKey>, Hash) {
    let trust = Trust::new(genesis(1));
    let proven = Receipt::from_bytes(receipt).unwrap().verify::<NoteOperation, NoteEvent>(&trust).unwrap();
    (proven.height, proven.keys, proven.state_root)
}

#[test]
fn revoked_at_height_100_a_key_counts_at_99_for_ever_and_at_101_never_more() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let add = transaction(ALICE, 1, [Operation::Ledger(added(SECOND, None, None))]);
    receipts(&mut ledger, 1, &[add]);
    let mut kept = receipts(&mut ledger, 99, &[note_by(99, FIRST)]);
    let revocation = signed(&draft(ALICE, 2, [Operation::Ledger(revoked(FIRST))]), &[SECOND]);
    // Still in the block that revokes it: all signatures of one block are judged alike.
    kept.extend(receipts(&mut ledger, 100, &[revocation, note_by(100, FIRST)]).pop());
    assert_eq!(kept_out(&mut ledger, 101, note_by(101, FIRST)), "signature.revoked_key");
    let newest = receipts(&mut ledger, 101, &[note_by(101, SECOND)]).remove(0);
    let party_record: Party = ledger.get(&party(ALICE)).unwrap().unwrap();
    let archive = Archive {
        receipts: kept,
        newest,
        party: canonical(&party_record),
        proof: canonical(&ledger.prove::<Party>(&party(ALICE)).unwrap()),
    };
    drop(ledger);
    directory.close().unwrap();

    // Offline: the receipts hold, and the party's record, which the newest of them proves, says of each height
    // which keys counted there.
    let (height, _, root) = read(&archive.newest);
    assert_eq!(height, 101);
    let proof: StateProof = from_canonical(&archive.proof).unwrap();
    assert_eq!(proof.verify(SUITE, &root, &Party::key(&party(ALICE)), Some(&archive.party)), Ok(()));
    let record: Party = from_canonical(&archive.party).unwrap();
    for (bytes, expected) in archive.receipts.iter().zip([99, 100]) {
        let (height, keys, _) = read(bytes);
        assert_eq!((height, &keys[..]), (expected, &[public_key(FIRST)][..]));
        assert_eq!(record.check_key(&keys[0], height), Ok(()));
    }
    let refusal = record.check_key(&public_key(FIRST), 101).unwrap_err();
    assert_eq!((refusal.code(), refusal.detail("height")), ("signature.revoked_key", Some("101")));
}

#[test]
fn a_rotation_planned_for_a_height_changes_the_key_at_that_height() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    // The second key ends where the third begins, and both were registered long before.
    let plan = [added(SECOND, None, Some(10)), added(THIRD, Some(10), None)].map(Operation::Ledger);
    receipts(&mut ledger, 1, &[transaction(ALICE, 1, plan)]);
    let old = receipts(&mut ledger, 9, &[note_by(9, SECOND)]).remove(0);
    assert_eq!(kept_out(&mut ledger, 10, note_by(10, SECOND)), "signature.expired_key");
    receipts(&mut ledger, 10, &[note_by(10, THIRD)]);
    assert_eq!(kept_out(&mut ledger, 11, note_by(11, SECOND)), "signature.expired_key");
    assert_eq!(read(&old).1, [public_key(SECOND)]);

    // A ledger that is opened again judges as before: it executes the blocks anew.
    drop(ledger);
    forget_state(directory.path());
    let mut ledger = open(directory.path()).unwrap();
    assert_eq!(kept_out(&mut ledger, 11, note_by(11, SECOND)), "signature.expired_key");
    assert_eq!(read(&old).1, [public_key(SECOND)]);
}

#[test]
fn a_key_does_not_count_before_its_height() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    let plan = transaction(ALICE, 1, [Operation::Ledger(added(SECOND, Some(5), None))]);
    receipts(&mut ledger, 1, &[plan]);
    assert_eq!(kept_out(&mut ledger, 4, note_by(4, SECOND)), "signature.key_not_yet_valid");
    // Nor beside one that does.
    let both = signed(&draft(ALICE, 2, [note("x")]), &[FIRST, SECOND]);
    assert_eq!(kept_out(&mut ledger, 4, both), "signature.key_not_yet_valid");
    receipts(&mut ledger, 5, &[note_by(5, SECOND)]);
}

#[test]
fn the_event_of_a_new_key_says_what_it_is_for_and_when() {
    let mut ledger = Memory::create(Notes);
    let roles = BTreeSet::from([Role::Maker, Role::Checker]);
    let add = |valid_from| LedgerOperation::AddKey {
        party: party(ALICE),
        key: public_key(SECOND),
        roles: roles.clone(),
        valid_from,
        valid_until: Some(9),
    };
    let events = ledger.does(ALICE, add(None));
    let said = LedgerEvent::KeyAdded {
        party: party(ALICE),
        key: public_key(SECOND),
        roles: roles.clone(),
        valid_from: 2,
        valid_until: Some(9),
    };
    assert_eq!(events, [allonge_ledger::Event::Ledger(said)]);
    let record: Party = ledger.find(&party(ALICE)).unwrap();
    let expected = PartyKey { roles, valid_until: Some(9), ..PartyKey::new(public_key(SECOND), 2) };
    assert_eq!(record.keys[1], expected);
}

#[test]
fn a_key_counts_from_the_next_height_at_the_earliest_and_for_one_height_at_least() {
    let mut ledger = Memory::create(Notes);
    // The first block: the next height is 2.
    assert_eq!(ledger.refuses(ALICE, added(SECOND, Some(1), None)), "key.validity_invalid");
    // The second: it is 3.
    assert_eq!(ledger.refuses(ALICE, added(SECOND, None, Some(3))), "key.validity_invalid");
    assert_eq!(ledger.refuses(ALICE, added(SECOND, Some(9), Some(9))), "key.validity_invalid");
    ledger.does(ALICE, added(SECOND, Some(9), Some(10)));
}

#[test]
fn the_last_key_that_counts_is_not_revoked_for_one_that_only_will() {
    let mut ledger = Memory::create(Notes);
    ledger.does(ALICE, added(SECOND, Some(100), None));
    assert_eq!(ledger.refuses(ALICE, revoked(FIRST)), "key.last");
    ledger.does(ALICE, added(THIRD, None, None));
    ledger.does(ALICE, revoked(FIRST));
    // A key that has not counted yet can be revoked, and then never will; it is not revoked twice.
    let by_third = |operation| vec![Operation::Ledger(operation)];
    ledger.submit_by(ALICE, &[THIRD], by_third(revoked(SECOND))).unwrap().unwrap();
    let again = ledger.submit_by(ALICE, &[THIRD], by_third(revoked(SECOND))).unwrap().unwrap_err();
    assert_eq!(again.code, "key.unknown");
}

#[test]
fn keys_that_are_over_make_room_and_do_not_return() {
    let mut ledger = Memory::create(Notes);
    for seed in 100..115 {
        ledger.does(ALICE, added(seed, None, Some(30)));
    }
    assert_eq!(ledger.refuses(ALICE, added(SECOND, None, None)), "party.invalid");
    while ledger.find::<Party>(&party(ALICE)).unwrap().keys.len() == 16 {
        let _ = ledger.submit(ALICE, vec![Operation::Ledger(added(SECOND, None, None))]);
    }
    assert_eq!(ledger.refuses(ALICE, added(100, None, None)), "key.already_registered");
}

#[test]
fn a_party_is_known_by_lei_bic_cnaps_uscc_or_a_name() {
    for (number, text) in
        ["529900T8BM49AURSDO55", "SYNBCNBJXXX", "102100099996", "91350100M000100Y43", "a-local-name"]
            .into_iter()
            .enumerate()
    {
        let mut ledger = Memory::create(Notes);
        let id: PartyId = PartyId::parse(text).unwrap();
        let keys = vec![public_key(70 + u8::try_from(number).unwrap())];
        let admit = LedgerOperation::AdmitParty { party: id.clone(), name: "A newcomer".into(), keys };
        ledger.does(REGISTRAR, admit);
        assert_eq!(ledger.find::<Party>(&id).unwrap().id.to_string(), text);
    }
}

proptest! {
    #[test]
    fn a_key_counts_exactly_from_its_first_height_until_it_ends_or_is_revoked(
        from in 2_u64..20,
        lasts in prop::option::of(1_u64..20),
        revoked_at in prop::option::of(2_u64..40),
        height in 1_u64..45,
    ) {
        let valid_until = lasts.map(|lasts| from + lasts);
        let known = PartyKey { valid_until, ..PartyKey::new(public_key(SECOND), from) };
        let mut record = Party::admit(party(ALICE), "Alice".into(), vec![public_key(FIRST)], 1)
            .and_then(|party| party.add_key(known, 2))
            .unwrap();
        let mut end = valid_until;
        if let Some(at) = revoked_at {
            match record.clone().revoke_key(public_key(SECOND), at) {
                Ok(changed) => (record, end) = (changed, Some(end.map_or(at, |end| end.min(at)))),
                Err(refusal) => {
                    prop_assert_eq!(refusal.code(), "key.unknown");
                    prop_assert!(valid_until.is_some_and(|until| until <= at));
                }
            }
        }
        let counts = from <= height && end.is_none_or(|end| height < end);
        prop_assert_eq!(record.check_key(&public_key(SECOND), height).is_ok(), counts);
    }
}
