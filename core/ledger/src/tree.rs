//! The state tree: a sparse binary Merkle tree over hashed keys whose root is the state root.
//!
//! A key's path are the bits of its hash, the highest first. A subtree with one record is that record's
//! leaf, so the tree is only as deep as it must be. Records are superseded, never removed. The root
//! depends on the records alone, not on the order in which they came, nor on the threads that hashed them.
//!
//! In memory there are 256 subtrees, one for each first byte of a hashed key, so that threads can change
//! them at once, and above them one node for each place. See [`subtree`] for what is below.

mod arena;
mod load;
mod proof;
#[cfg(test)]
mod reference;
mod subtree;
#[cfg(test)]
mod tests;
mod undo;
mod what_if;

use allonge_crypto::{Hash, HashSuite, merkle};
use borsh::{BorshDeserialize, BorshSerialize};

pub use load::StateTreeLoader;
use proof::{End, Siblings};
pub use proof::{StateProof, StateProofError};
use subtree::{Hashing, Subtree};
pub use undo::Undo;

use crate::workers::Workers;

const KEY_DOMAIN: &str = "allonge/state/key/1";
const VALUE_DOMAIN: &str = "allonge/state/value/1";
/// A path has as many steps as a hash has bits.
const MAX_DEPTH: usize = 256;
/// So many steps lead to a subtree.
const TOP_DEPTH: usize = 8;
const SUBTREES: usize = 1 << TOP_DEPTH;
/// Fewer changes are made by the thread that brings them: waking others would take as long.
const MIN_PARALLEL: usize = 32;
/// How many records a thread hashes at a time.
const GRAIN: usize = 32;

/// The state tree, in memory: about 110 bytes for each record.
#[derive(Clone, Debug)]
pub struct StateTree {
    suite: HashSuite,
    subtrees: Vec<Subtree>,
    top: Top,
    records: u64,
}

/// A subtree would have more than 2^31 records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the state tree holds no more records")]
pub struct StateTreeFull;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
struct Leaf {
    key: Hash,
    value: Hash,
}

impl Leaf {
    fn hash(&self, suite: HashSuite) -> Hash {
        let mut item = [0; 64];
        let (key, value) = item.split_at_mut(32);
        key.copy_from_slice(self.key.as_bytes());
        value.copy_from_slice(self.value.as_bytes());
        merkle::leaf(suite, &item)
    }
}

impl StateTree {
    /// The tree of no records; its root is 32 zero bytes.
    pub fn new(suite: HashSuite) -> Self {
        let subtrees = std::iter::repeat_with(|| Subtree::new(TOP_DEPTH)).take(SUBTREES).collect();
        StateTree { suite, subtrees, top: Top::new(), records: 0 }
    }

    /// The state root.
    pub fn root(&self) -> Hash {
        self.top.root().hash(self.suite)
    }

    /// How many records there are.
    pub fn len(&self) -> u64 {
        self.records
    }

    /// Whether there are no records.
    pub fn is_empty(&self) -> bool {
        self.records == 0
    }

    /// The bytes that the tree holds in memory.
    pub fn memory(&self) -> usize {
        let subtrees = self.subtrees.capacity().saturating_mul(size_of::<Subtree>());
        let nodes: usize = self.subtrees.iter().map(Subtree::memory).sum();
        subtrees.saturating_add(nodes).saturating_add(self.top.memory())
    }

    /// Takes over what a block wrote, keys and values, and answers what takes it back. Each touched subtree
    /// is hashed once, on all threads. Of equal keys the last counts.
    ///
    /// With [`StateTreeFull`] nothing was changed.
    pub fn update<K, V>(
        &mut self,
        workers: &Workers,
        changes: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Undo, StateTreeFull>
    where
        K: AsRef<[u8]> + Sync,
        V: AsRef<[u8]> + Sync,
    {
        let changes: Vec<(K, V)> = changes.into_iter().collect();
        let workers = workers_for(changes.len(), workers);
        let mut leaves = hash_changes(self.suite, workers, &changes);
        let touched = self.merge(workers, Hashing::Now, &mut leaves)?;
        let tops = touched.iter().map(|place| (*place, self.top.subtree(*place))).collect();
        self.refresh(&touched);
        Ok(Undo { leaves, tops })
    }

    /// Proves what stands under a key, or that nothing does.
    pub fn prove(&self, key: &[u8]) -> StateProof {
        self.prove_in(&self.top, key, &[])
    }

    /// Proves what stood under a key before the newest blocks, or that nothing did, given what takes each of
    /// these blocks back, the newest first. Takes time in proportion to a 256th of their changes.
    pub fn prove_at(&self, key: &[u8], older: &[&Undo]) -> StateProof {
        self.prove_in(&self.top_at(older), key, older)
    }

    /// The state root before the newest blocks, given what takes each of them back, the newest first.
    pub fn root_at(&self, older: &[&Undo]) -> Hash {
        self.top_at(older).root().hash(self.suite)
    }

    fn prove_in(&self, top: &Top, key: &[u8], older: &[&Undo]) -> StateProof {
        let key = self.suite.hash(KEY_DOMAIN, key);
        let mut siblings = Vec::with_capacity(32);
        let end = match (top.path(self.suite, &key, &mut siblings), self.subtrees.get(place(&key))) {
            (None, Some(subtree)) => {
                subtree.path(self.suite, &key, &undo::older_leaves(older, place(&key)), &mut siblings)
            }
            (end, _) => end.unwrap_or(End::Nothing),
        };
        StateProof { siblings: Siblings(siblings), end }
    }

    fn top_at(&self, older: &[&Undo]) -> Top {
        let mut top = self.top.clone();
        // The oldest has the last word.
        let tops = || older.iter().flat_map(|undo| undo.tops.iter().copied());
        tops().for_each(|(place, summary)| top.set(place, summary));
        let mut touched: Vec<usize> = tops().map(|(place, _)| place).collect();
        touched.sort_unstable();
        touched.dedup();
        top.hash(self.suite, &touched);
        top
    }

    /// Hands each subtree its leaves, and answers which had any. Sorts the leaves, and leaves in them what
    /// stood there before.
    fn merge(
        &mut self,
        workers: &Workers,
        hashing: Hashing,
        leaves: &mut Vec<Leaf>,
    ) -> Result<Vec<usize>, StateTreeFull> {
        *leaves = by_subtree(leaves);
        let mut touched = Vec::new();
        let mut jobs = Vec::new();
        let mut rest = leaves.as_mut_slice();
        for (index, subtree) in self.subtrees.iter_mut().enumerate() {
            let count = rest.iter().take_while(|leaf| place(&leaf.key) == index).count();
            let (own, others) = rest.split_at_mut(count);
            rest = others;
            if count > 0 {
                if subtree.len().saturating_add(count) > subtree::MAX_RECORDS {
                    return Err(StateTreeFull);
                }
                touched.push(index);
                jobs.push((subtree, own));
            }
        }
        let suite = self.suite;
        workers.for_each(&mut jobs, &|(subtree, leaves)| {
            leaves.sort_by_key(|leaf| leaf.key);
            subtree.update(suite, hashing, leaves);
        });
        let records = |subtree: &Subtree| u64::try_from(subtree.len()).unwrap_or(u64::MAX);
        self.records = self.subtrees.iter().map(records).sum();
        Ok(touched)
    }

    /// Takes over the hashes of the subtrees that were changed.
    fn refresh(&mut self, touched: &[usize]) {
        for place in touched {
            if let Some(subtree) = self.subtrees.get(*place) {
                self.top.set(*place, subtree.summary());
            }
        }
        self.top.hash(self.suite, touched);
    }
}

fn workers_for(changes: usize, workers: &Workers) -> &Workers {
    static ALONE: Workers = Workers::none();
    if changes < MIN_PARALLEL { &ALONE } else { workers }
}

fn hash_changes<K: AsRef<[u8]> + Sync, V: AsRef<[u8]> + Sync>(
    suite: HashSuite,
    workers: &Workers,
    changes: &[(K, V)],
) -> Vec<Leaf> {
    let mut leaves = vec![Leaf::default(); changes.len()];
    let mut jobs: Vec<_> = changes.chunks(GRAIN).zip(leaves.chunks_mut(GRAIN)).collect();
    workers.for_each(&mut jobs, &|(changes, leaves)| {
        for ((key, value), leaf) in changes.iter().zip(leaves.iter_mut()) {
            leaf.key = suite.hash(KEY_DOMAIN, key.as_ref());
            leaf.value = suite.hash(VALUE_DOMAIN, value.as_ref());
        }
    });
    leaves
}

/// The leaves in the order of their subtrees, otherwise as they came.
fn by_subtree(leaves: &[Leaf]) -> Vec<Leaf> {
    let mut starts = [0_usize; SUBTREES + 1];
    for leaf in leaves {
        if let Some(start) = starts.get_mut(place(&leaf.key).saturating_add(1)) {
            *start = start.saturating_add(1);
        }
    }
    let mut start = 0_usize;
    for count in &mut starts {
        start = start.saturating_add(*count);
        *count = start;
    }
    let mut sorted = vec![Leaf::default(); leaves.len()];
    for leaf in leaves {
        if let Some(start) = starts.get_mut(place(&leaf.key)) {
            if let Some(to) = sorted.get_mut(*start) {
                *to = *leaf;
            }
            *start = start.saturating_add(1);
        }
    }
    sorted
}

/// Which subtree a key belongs to.
fn place(key: &Hash) -> usize {
    let [first, ..] = key.as_bytes();
    usize::from(*first)
}

/// The nodes above the subtrees: the root is at 1, and what is below `n` at `2 n` and `2 n + 1`.
#[derive(Clone, Debug)]
struct Top(Vec<Summary>);

impl Top {
    fn new() -> Self {
        Top(vec![Summary::Nothing; 2 * SUBTREES])
    }

    fn memory(&self) -> usize {
        self.0.capacity().saturating_mul(size_of::<Summary>())
    }

    fn get(&self, node: usize) -> Summary {
        self.0.get(node).copied().unwrap_or(Summary::Nothing)
    }

    fn root(&self) -> Summary {
        self.get(1)
    }

    fn subtree(&self, place: usize) -> Summary {
        self.get(SUBTREES | place)
    }

    fn set(&mut self, place: usize, summary: Summary) {
        if let Some(node) = self.0.get_mut(SUBTREES | place) {
            *node = summary;
        }
    }

    /// Makes the nodes above subtrees anew, whose places are sorted.
    fn hash(&mut self, suite: HashSuite, touched: &[usize]) {
        let mut nodes: Vec<usize> = touched.iter().map(|place| SUBTREES | place).collect();
        for _ in 0..TOP_DEPTH {
            nodes.iter_mut().for_each(|node| *node /= 2);
            nodes.dedup();
            for node in &nodes {
                let summary = self.get(node * 2).beside(suite, self.get(node * 2 + 1));
                if let Some(node) = self.0.get_mut(*node) {
                    *node = summary;
                }
            }
        }
    }

    /// Follows the path of a key; `None` when it goes on in its subtree.
    fn path(&self, suite: HashSuite, key: &Hash, siblings: &mut Vec<Hash>) -> Option<End> {
        for steps in (0..=TOP_DEPTH).rev() {
            let node = (SUBTREES | place(key)) >> steps;
            match self.get(node) {
                Summary::Nothing => return Some(End::Nothing),
                Summary::One(leaf) => return Some(End::at(leaf, key)),
                Summary::Many(_) if steps == 0 => {}
                Summary::Many(_) => {
                    let next = (SUBTREES | place(key)) >> (steps - 1);
                    siblings.push(self.get(next ^ 1).hash(suite));
                }
            }
        }
        None
    }
}

/// What is below some place of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Summary {
    /// No record.
    Nothing,
    /// One record, which stands as high as it can.
    One(Leaf),
    /// Several.
    Many(Hash),
}

impl Summary {
    fn hash(&self, suite: HashSuite) -> Hash {
        match self {
            Summary::Nothing => Hash::ZERO,
            Summary::One(leaf) => leaf.hash(suite),
            Summary::Many(hash) => *hash,
        }
    }

    /// What is above this on the left and `right`.
    fn beside(self, suite: HashSuite, right: Summary) -> Summary {
        match (self, right) {
            (Summary::Nothing, one @ (Summary::Nothing | Summary::One(_))) => one,
            (one @ Summary::One(_), Summary::Nothing) => one,
            (left, right) => Summary::Many(merkle::node(suite, &left.hash(suite), &right.hash(suite))),
        }
    }

    /// What is at a higher place on the path of `key`, with nothing beside it on the way.
    fn lift(self, suite: HashSuite, key: &Hash, from: usize, to: usize) -> Summary {
        match self {
            Summary::Many(hash) => Summary::Many(lift(suite, hash, key, from, to)),
            other => other,
        }
    }
}

/// The hash at a higher place on the path of `key`, with nothing beside it on the way.
fn lift(suite: HashSuite, hash: Hash, key: &Hash, from: usize, to: usize) -> Hash {
    (to..from).rev().fold(hash, |hash, depth| {
        let (left, right) = if bit(key, depth) { (&Hash::ZERO, &hash) } else { (&hash, &Hash::ZERO) };
        merkle::node(suite, left, right)
    })
}

/// Which way a path turns at a depth.
fn bit(key: &Hash, depth: usize) -> bool {
    let byte = key.as_bytes().get(depth / 8).copied().unwrap_or_default();
    byte & (0x80 >> (depth % 8)) != 0
}

/// With how many same bits two keys begin.
fn shared_bits(a: &Hash, b: &Hash) -> usize {
    let mut shared = 0_usize;
    for (a, b) in a.as_bytes().as_chunks().0.iter().zip(b.as_bytes().as_chunks().0) {
        let zeros = (u64::from_be_bytes(*a) ^ u64::from_be_bytes(*b)).leading_zeros();
        shared = shared.saturating_add(usize::try_from(zeros).unwrap_or_default());
        if zeros < u64::BITS {
            break;
        }
    }
    shared
}
