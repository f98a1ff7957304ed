//! Merkle trees over lists, as RFC 6962 (section 2.1) defines them: a leaf is hashed behind the byte 0, a
//! node behind the byte 1, and the left half of a list is the largest power of two that leaves something
//! for the right.
//!
//! [`Frontier`] keeps the root of a list that only grows in logarithmic space; with it the history of all
//! headers is one root. [`InclusionProof`] proves one item of a list, [`ConsistencyProof`] that a list has only
//! grown.

mod consistency;

use borsh::{BorshDeserialize, BorshSerialize};

pub use consistency::{ConsistencyError, ConsistencyProof};

use crate::{Hash, HashSuite};

/// A list can hold at most 2^32 items, so a path has at most 32 steps.
const MAX_PATH: usize = 32;

/// Hashes one item of a list.
pub fn leaf(suite: HashSuite, item: &[u8]) -> Hash {
    suite.hash_parts([&[0], item])
}

/// Hashes two neighbouring subtrees into one.
pub fn node(suite: HashSuite, left: &Hash, right: &Hash) -> Hash {
    suite.hash_parts([&[1], left.as_bytes(), right.as_bytes()])
}

/// The root of a list, given the hashes of its items; of an empty list, the hash of nothing.
pub fn root(suite: HashSuite, leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::new();
    for leaf in leaves {
        frontier.push(suite, *leaf);
    }
    frontier.root(suite)
}

/// The right edge of a growing list: enough to add items and to know the root.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Frontier {
    size: u64,
    /// Roots of the complete subtrees, the largest first; one for each bit set in `size`.
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many items the list has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds an item by its leaf hash.
    pub fn push(&mut self, suite: HashSuite, leaf: Hash) {
        let mut right = leaf;
        // Each trailing one bit of the size is a complete subtree that the new one completes to the next.
        for _ in 0..self.size.trailing_ones() {
            match self.peaks.pop() {
                Some(left) => right = node(suite, &left, &right),
                None => break,
            }
        }
        self.peaks.push(right);
        self.size = self.size.wrapping_add(1);
    }

    /// The root of the list so far.
    pub fn root(&self, suite: HashSuite) -> Hash {
        self.peaks
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node(suite, &left, &right))
            .unwrap_or_else(|| suite.bare_hasher().finish())
    }
}

/// The whole tree of a list, for proofs of many of its items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// The items' hashes, then each level above; the last has one hash. A node without a neighbour goes up
    /// as it is, which is the same tree as halving by powers of two makes.
    levels: Vec<Vec<Hash>>,
    root: Hash,
}

impl Tree {
    /// Makes the tree of a list, given the hashes of its items.
    pub fn new(suite: HashSuite, leaves: Vec<Hash>) -> Self {
        let mut levels = vec![leaves];
        while let Some(level) = levels.last()
            && level.len() > 1
        {
            let pair = |pair: &[Hash]| match pair {
                [left, right] => Some(node(suite, left, right)),
                other => other.first().copied(),
            };
            let above = level.chunks(2).filter_map(pair).collect();
            levels.push(above);
        }
        let top = levels.last().and_then(|level| level.first()).copied();
        Tree { levels, root: top.unwrap_or_else(|| suite.bare_hasher().finish()) }
    }

    /// The root.
    pub fn root(&self) -> Hash {
        self.root
    }

    /// How many items there are.
    pub fn size(&self) -> usize {
        self.levels.first().map_or(0, Vec::len)
    }

    /// Proves the item at `index`; `None` when there is none.
    pub fn prove(&self, index: u32) -> Option<InclusionProof> {
        let size = u32::try_from(self.size()).ok().filter(|size| index < *size)?;
        let mut place = usize::try_from(index).ok()?;
        let mut path = Vec::new();
        for level in &self.levels {
            path.extend(level.get(place ^ 1).copied());
            place /= 2;
        }
        Some(InclusionProof { index, size, path })
    }
}

/// Proof that one item stands at one place of a list (RFC 6962, section 2.1.1).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct InclusionProof {
    /// The item's place, from 0.
    pub index: u32,
    /// How many items the list has.
    pub size: u32,
    /// Neighbouring subtrees, from the item up.
    pub path: Vec<Hash>,
}

impl InclusionProof {
    /// Proves the item at `index`; `None` when there is none. For several items of one list, make its
    /// [`Tree`] once.
    pub fn new(suite: HashSuite, leaves: &[Hash], index: u32) -> Option<Self> {
        Tree::new(suite, leaves.to_vec()).prove(index)
    }

    /// The root that the list must have if it holds `leaf` at this place; `None` when the path does not
    /// fit the place and the size.
    pub fn root(&self, suite: HashSuite, leaf: Hash) -> Option<Hash> {
        if self.index >= self.size || self.path.len() > MAX_PATH {
            return None;
        }
        // RFC 9162, section 2.1.3.2.
        let mut place = self.index;
        let mut last = self.size - 1;
        let mut hash = leaf;
        for sibling in &self.path {
            if last == 0 {
                return None;
            }
            if place & 1 == 1 || place == last {
                hash = node(suite, sibling, &hash);
                while place & 1 == 0 && place != 0 {
                    place >>= 1;
                    last >>= 1;
                }
            } else {
                hash = node(suite, &hash, sibling);
            }
            place >>= 1;
            last >>= 1;
        }
        (last == 0).then_some(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUITE: HashSuite = HashSuite::Sha256;

    fn leaves(count: usize) -> Vec<Hash> {
        (0..count).map(|item| leaf(SUITE, &item.to_le_bytes())).collect()
    }

    /// The definition of RFC 6962, section 2.1, word for word.
    fn naive_root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => SUITE.bare_hasher().finish(),
            [one] => *one,
            more => {
                let (left, right) = more.split_at(more.len().next_power_of_two() / 2);
                node(SUITE, &naive_root(left), &naive_root(right))
            }
        }
    }

    #[test]
    fn the_growing_root_is_the_root_of_the_definition() {
        for count in 0..70 {
            let leaves = leaves(count);
            assert_eq!(root(SUITE, &leaves), naive_root(&leaves), "{count} leaves");
            assert_eq!(Tree::new(SUITE, leaves.clone()).root(), naive_root(&leaves), "{count} leaves");
        }
    }

    #[test]
    fn every_item_of_every_small_list_has_a_proof_that_holds_for_it_alone() {
        for count in 1..34 {
            let leaves = leaves(count);
            let expected = root(SUITE, &leaves);
            for (index, item) in leaves.iter().enumerate() {
                let proof = InclusionProof::new(SUITE, &leaves, index as u32).unwrap();
                assert_eq!(proof.root(SUITE, *item), Some(expected));
                for (other, wrong) in leaves.iter().enumerate() {
                    if other != index {
                        assert_ne!(proof.root(SUITE, *wrong), Some(expected));
                        let moved = InclusionProof { index: other as u32, ..proof.clone() };
                        assert_ne!(moved.root(SUITE, *item), Some(expected));
                    }
                }
            }
            assert!(InclusionProof::new(SUITE, &leaves, count as u32).is_none());
        }
    }

    #[test]
    fn a_path_that_is_too_short_or_too_long_proves_nothing() {
        let leaves = leaves(5);
        let proof = InclusionProof::new(SUITE, &leaves, 2).unwrap();
        let mut short = proof.clone();
        short.path.pop();
        assert_eq!(short.root(SUITE, leaves[2]), None);
        let mut long = proof.clone();
        long.path.push(Hash::ZERO);
        assert_eq!(long.root(SUITE, leaves[2]), None);
        let outside = InclusionProof { index: 5, ..proof };
        assert_eq!(outside.root(SUITE, leaves[2]), None);
    }
}
