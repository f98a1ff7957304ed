//! What takes a block back, to prove what stood in the state before it.

use std::collections::BTreeMap;

use allonge_crypto::Hash;

use super::{Leaf, Summary, place};

/// What a block superseded, 64 bytes for each record that it wrote and a little more. With those of the
/// newest blocks, a tree proves what it had before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// By key, with the value from before; zeros where there was none, which are no hash of anything.
    pub(super) leaves: Vec<Leaf>,
    /// What was in each subtree that was changed.
    pub(super) tops: Vec<(usize, Summary)>,
}

impl Undo {
    /// The bytes that it holds in memory.
    pub fn memory(&self) -> usize {
        let leaves = self.leaves.capacity().saturating_mul(size_of::<Leaf>());
        let tops = self.tops.capacity().saturating_mul(size_of::<(usize, Summary)>());
        leaves.saturating_add(tops)
    }

    fn leaves_of(&self, subtree: usize) -> impl Iterator<Item = (Hash, Hash)> {
        let start = self.leaves.partition_point(|leaf| place(&leaf.key) < subtree);
        let from = self.leaves.iter().skip(start);
        from.take_while(move |leaf| place(&leaf.key) == subtree).map(|leaf| (leaf.key, leaf.value))
    }
}

/// What blocks superseded in a subtree, as it was before the oldest of them, by key.
pub fn older_leaves(newest_first: &[&Undo], subtree: usize) -> Vec<Leaf> {
    let oldest_last = newest_first.iter().flat_map(|undo| undo.leaves_of(subtree));
    // Of equal keys, a map keeps the last.
    let leaves: BTreeMap<Hash, Hash> = oldest_last.collect();
    leaves.into_iter().map(|(key, value)| Leaf { key, value }).collect()
}
