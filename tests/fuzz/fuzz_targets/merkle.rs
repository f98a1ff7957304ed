//! Proofs over lists: whatever the path, nothing is proven that is not so.

#![no_main]

use std::sync::LazyLock;

use allonge_crypto::{Hash, merkle};
use allonge_fuzz::{SUITE, seed, strict};
use libfuzzer_sys::fuzz_target;

const SIZE: usize = 40;

struct Lists {
    leaves: Vec<Hash>,
    /// The root of each length.
    roots: Vec<Hash>,
    /// The roots of a list that has another third item.
    forked: Vec<Hash>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let leaves: Vec<Hash> = (0..SIZE).map(|item| merkle::leaf(SUITE, &item.to_le_bytes())).collect();
    let mut other = leaves.clone();
    other[2] = merkle::leaf(SUITE, b"another history");
    let roots = |leaves: &[Hash]| (0..=SIZE).map(|size| merkle::root(SUITE, &leaves[..size])).collect();
    Lists { roots: roots(&leaves), forked: roots(&other), leaves }
});

/// Two sizes, or a place and a size; then a proof.
fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for (first, size) in [(0, 1), (3, 7), (5, 8), (2, 33), (31, 40), (39, 40)] {
        let tree = merkle::Tree::new(SUITE, LISTS.leaves[..usize::from(size)].to_vec());
        let inclusion = borsh::to_vec(&tree.prove(u32::from(first)).unwrap()).unwrap();
        let growth = borsh::to_vec(&tree.prove_growth(usize::from(first)).unwrap()).unwrap();
        seeds.extend([inclusion, growth].map(|proof| [vec![first, size], proof].concat()));
    }
    seeds
}

fuzz_target!(init: seed(seeds()), |bytes: &[u8]| {
    let Some(([first, size], proof)) = bytes.split_first_chunk() else { return };
    let (first, size) = (usize::from(*first) % (SIZE + 1), usize::from(*size) % (SIZE + 1));
    let Lists { leaves, roots, forked } = &*LISTS;

    if let Some(proof) = strict::<merkle::InclusionProof>(proof) {
        for leaf in leaves.iter().chain(forked) {
            if proof.size as usize == size && proof.root(SUITE, *leaf) == Some(roots[size]) {
                assert_eq!(leaves[..size].get(proof.index as usize), Some(leaf));
            }
        }
    }
    if let Some(proof) = strict::<merkle::ConsistencyProof>(proof) {
        let holds = |old: &Hash, new: &Hash| {
            proof.verify(SUITE, first as u64, old, size as u64, new).is_ok()
        };
        if holds(&roots[first], &roots[size]) {
            assert!(first <= size);
        }
        // The lists part at the third item.
        if first > 2 {
            assert!(!holds(&roots[first], &forked[size]) && !holds(&forked[first], &roots[size]));
        }
    }
});
