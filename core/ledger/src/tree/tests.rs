use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::reference::Reference;
use super::*;
use crate::state::{canonical, from_canonical};

type Changes = BTreeMap<Vec<u8>, Vec<u8>>;

const SUITE: HashSuite = HashSuite::Sha256;

static WORKERS: LazyLock<[Workers; 3]> =
    LazyLock::new(|| [Workers::none(), Workers::with_threads(2), Workers::with_threads(5)]);

fn changes(keys: impl IntoIterator<Item = u32>) -> Changes {
    keys.into_iter().map(|key| (key.to_le_bytes().to_vec(), (key * 7).to_le_bytes().to_vec())).collect()
}

fn tree(changes: &Changes) -> StateTree {
    let mut tree = StateTree::new(SUITE);
    tree.update(&WORKERS[0], changes).unwrap();
    tree
}

fn reference<'a>(records: impl IntoIterator<Item = (&'a Vec<u8>, &'a Vec<u8>)>) -> Reference {
    let mut reference = Reference::Empty;
    records.into_iter().for_each(|(key, value)| reference.put(key, value));
    reference
}

#[test]
fn every_record_has_a_proof_and_every_absence_too() {
    let tree = tree(&changes(0..300));
    let root = tree.root();
    for key in 0..600_u32 {
        let (bytes, value) = (key.to_le_bytes(), (key * 7).to_le_bytes());
        let proof = tree.prove(&bytes);
        let there = key < 300;
        let expected = there.then_some(value.as_slice());
        assert_eq!(proof.verify(SUITE, &root, &bytes, expected), Ok(()));
        let opposite = (!there).then_some(value.as_slice());
        assert_eq!(proof.verify(SUITE, &root, &bytes, opposite), Err(StateProofError));
        assert_eq!(proof.verify(SUITE, &root, &bytes, Some(b"other")), Err(StateProofError));
        assert_eq!(proof.verify(SUITE, &Hash::ZERO, &bytes, expected), Err(StateProofError));
        let encoded = canonical(&proof);
        assert_eq!(from_canonical::<StateProof>(&encoded).unwrap(), proof);
    }
}

#[test]
fn a_proof_of_absence_cannot_be_made_from_another_record_elsewhere() {
    let tree = tree(&changes(0..64));
    let root = tree.root();
    let target = 5_u32.to_le_bytes();
    for key in 0..64_u32 {
        let (key, value) = (key.to_le_bytes(), (key * 7).to_le_bytes());
        let leaf = Leaf { key: SUITE.hash(KEY_DOMAIN, &key), value: SUITE.hash(VALUE_DOMAIN, &value) };
        let forged = StateProof { end: End::Other(leaf), ..tree.prove(&key) };
        assert_eq!(forged.verify(SUITE, &root, &target, None), Err(StateProofError), "with key {key:?}");
    }
}

#[test]
fn the_empty_state_proves_every_absence() {
    let tree = StateTree::new(SUITE);
    assert_eq!(tree.root(), Hash::ZERO);
    assert_eq!(tree.prove(b"anything").verify(SUITE, &Hash::ZERO, b"anything", None), Ok(()));
}

#[test]
fn of_equal_keys_the_last_counts() {
    let mut tree = StateTree::new(SUITE);
    let undo = tree.update(&WORKERS[0], [("a", "1"), ("b", "2"), ("a", "3"), ("a", "4")]).unwrap();
    assert_eq!(tree.len(), 2);
    let root = tree.root();
    assert_eq!(tree.prove(b"a").verify(SUITE, &root, b"a", Some(b"4")), Ok(()));
    assert_eq!(tree.root_at(&[&undo]), Hash::ZERO);
}

/// Hundreds of records below the same first steps: the subtrees that others never fill.
#[test]
fn a_deep_subtree_is_as_the_reference() {
    let all = 0..300_000_u32;
    let here = |key: &u32| place(&SUITE.hash(KEY_DOMAIN, &key.to_le_bytes())) == 77;
    let changes = changes(all.filter(here));
    assert!(changes.len() > 1000);
    let tree = tree(&changes);
    let reference = reference(&changes);
    assert_eq!(tree.root(), reference.hash());
    for (key, _) in changes.iter().step_by(50) {
        assert_eq!(tree.prove(key), reference.prove(key));
    }
}

#[test]
fn a_record_takes_at_most_120_bytes() {
    let mut tree = StateTree::new(SUITE);
    for part in 0..20_u32 {
        tree.update(&WORKERS[1], &changes(part * 10_000..(part + 1) * 10_000)).unwrap();
    }
    let each = tree.memory() as u64 / tree.len();
    assert!((108..=120).contains(&each), "{each}");
}

/// A history: in each block, some keys and their new values. Few keys, to meet again and to leave few behind.
fn histories() -> impl Strategy<Value = Vec<Changes>> {
    let key = prop_oneof![(0_u32..20).boxed(), (0_u32..2000).boxed()];
    let record = (key.prop_map(|key| key.to_le_bytes().to_vec()), prop::collection::vec(0_u8..4, 1));
    let block = prop_oneof![
        prop::collection::btree_map(record.0.clone(), record.1.clone(), 0..4).boxed(),
        prop::collection::btree_map(record.0, record.1, 0..300).boxed(),
    ];
    prop::collection::vec(block, 1..8)
}

proptest! {
    #[test]
    fn any_history_on_any_threads_gives_the_roots_and_proofs_of_the_reference(
        blocks in histories(),
        threads in 0_usize..3,
        asked in prop::collection::vec(0_u32..2500, 20),
    ) {
        let workers = &WORKERS[threads];
        let mut tree = StateTree::new(SUITE);
        let mut reference = Reference::Empty;
        let mut records = Changes::new();
        // What was after each block, and what takes it back.
        let mut states = vec![(reference.clone(), records.clone())];
        let mut undos = Vec::new();
        for block in &blocks {
            let expected = tree.root_with(workers, block).unwrap();
            undos.push(tree.update(workers, block).unwrap());
            prop_assert_eq!(tree.root(), expected);
            block.iter().for_each(|(key, value)| reference.put(key, value));
            records.extend(block.clone());
            prop_assert_eq!(tree.root(), reference.hash());
            prop_assert_eq!(tree.len(), records.len() as u64);
            states.push((reference.clone(), records.clone()));
        }
        for (height, (reference, records)) in states.iter().enumerate() {
            let older: Vec<&Undo> = undos[height..].iter().rev().collect();
            let root = reference.hash();
            prop_assert_eq!(tree.root_at(&older), root);
            for key in &asked {
                // Every second one is a small key.
                let key = if key % 2 == 0 { key % 40 } else { *key }.to_le_bytes();
                let proof = tree.prove_at(&key, &older);
                prop_assert_eq!(&proof, &reference.prove(&key));
                let value = records.get(key.as_slice()).map(Vec::as_slice);
                prop_assert_eq!(proof.verify(SUITE, &root, &key, value), Ok(()));
            }
        }

        let mut loader = StateTreeLoader::new(SUITE, workers);
        for (key, value) in blocks.iter().flatten() {
            loader.push(key, value).unwrap();
        }
        let mut loaded = loader.finish().unwrap();
        prop_assert_eq!(loaded.root(), tree.root());
        prop_assert_eq!(loaded.len(), tree.len());
        let more = changes(0..100);
        tree.update(workers, &more).unwrap();
        loaded.update(workers, &more).unwrap();
        prop_assert_eq!(loaded.root(), tree.root());
    }

    #[test]
    fn the_root_depends_on_the_records_and_not_on_how_they_came(
        keys in prop::collection::btree_set(0_u32..10_000, 0..200),
        pieces in 1_usize..9,
    ) {
        let at_once = tree(&changes(keys.iter().copied()));
        let mut piecemeal = StateTree::new(SUITE);
        let keys: Vec<u32> = keys.into_iter().rev().collect();
        for piece in keys.chunks(keys.len().div_ceil(pieces).max(1)) {
            // First another value, then the right one.
            piecemeal.update(&WORKERS[1], piece.iter().map(|key| (key.to_le_bytes(), [1]))).unwrap();
            piecemeal.update(&WORKERS[2], &changes(piece.iter().copied())).unwrap();
        }
        prop_assert_eq!(at_once.root(), piecemeal.root());
        prop_assert_eq!(at_once.len(), keys.len() as u64);
        prop_assert_eq!(piecemeal.len(), keys.len() as u64);
    }
}
