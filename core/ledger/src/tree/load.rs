//! Makes the tree of many records, as when a ledger is opened.

use allonge_crypto::HashSuite;

use super::{Hashing, SUBTREES, StateTree, StateTreeFull, hash_changes};
use crate::workers::Workers;

/// How many records are held until they are put in their places.
const RECORDS: usize = 1 << 16;
/// How many bytes of them.
const BYTES: usize = 1 << 24;

/// Makes the tree of many records, one after the other, in any order; of equal keys the last counts. All
/// hashes above the records are made at the end, once each.
#[derive(Debug)]
pub struct StateTreeLoader<'a> {
    workers: &'a Workers,
    tree: StateTree,
    /// Keys and values in a row, and where each ends.
    bytes: Vec<u8>,
    ends: Vec<(usize, usize)>,
}

impl<'a> StateTreeLoader<'a> {
    /// Starts with no records.
    pub fn new(suite: HashSuite, workers: &'a Workers) -> Self {
        StateTreeLoader { workers, tree: StateTree::new(suite), bytes: Vec::new(), ends: Vec::new() }
    }

    /// Adds a record.
    pub fn push(&mut self, key: &[u8], value: &[u8]) -> Result<(), StateTreeFull> {
        self.bytes.extend_from_slice(key);
        let middle = self.bytes.len();
        self.bytes.extend_from_slice(value);
        self.ends.push((middle, self.bytes.len()));
        if self.ends.len() < RECORDS && self.bytes.len() < BYTES { Ok(()) } else { self.place() }
    }

    /// The tree of all records added.
    pub fn finish(mut self) -> Result<StateTree, StateTreeFull> {
        self.place()?;
        let StateTreeLoader { workers, mut tree, .. } = self;
        let suite = tree.suite;
        workers.for_each(&mut tree.subtrees, &|subtree| subtree.hash_all(suite));
        let all: Vec<usize> = (0..SUBTREES).collect();
        tree.refresh(&all);
        Ok(tree)
    }

    fn place(&mut self) -> Result<(), StateTreeFull> {
        let mut start = 0;
        let mut records = Vec::with_capacity(self.ends.len());
        for (middle, end) in self.ends.drain(..) {
            let record = (self.bytes.get(start..middle), self.bytes.get(middle..end));
            records.push((record.0.unwrap_or_default(), record.1.unwrap_or_default()));
            start = end;
        }
        let mut leaves = hash_changes(self.tree.suite, self.workers, &records);
        self.bytes.clear();
        self.tree.merge(self.workers, Hashing::Later, &mut leaves).map(|_| ())
    }
}
