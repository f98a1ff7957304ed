//! History proofs: that a newer block continues the history of an older one, so that whoever kept the older header
//! finds out when the log was forked.

use allonge_crypto::{Hash, HashSuite, merkle};
use borsh::{BorshDeserialize, BorshSerialize};

use crate::block::Header;
use crate::embedded::Embedded;
use crate::error::Error;
use crate::registry::{BLOCK_UNKNOWN, damaged};
use crate::rules::Rules;

/// Proof that the history of a newer header has the older header in its place, and before it the same headers as the
/// older header's own history.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HistoryProof {
    /// From the older header to the newer one's history root.
    pub inclusion: Vec<Hash>,
    /// That the newer history begins with the older one; nothing when that is empty.
    pub growth: Option<merkle::ConsistencyProof>,
}

/// A newer header that is not proven to continue the history of an older one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the newer block does not continue the history of the older one; show both headers to the supervisor"
)]
pub struct HistoryError;

impl HistoryProof {
    /// Proves it for the header of height `older`, given the digests of all headers below the newer one, from height
    /// 1 on; `None` when there are not so many.
    pub fn new(suite: HashSuite, digests: &[Hash], older: u64) -> Option<Self> {
        let leaves = digests.iter().map(|digest| merkle::leaf(suite, digest.as_bytes())).collect();
        let tree = merkle::Tree::new(suite, leaves);
        let old_size = older.checked_sub(1)?;
        let growth = match usize::try_from(old_size).ok()? {
            0 => None,
            size => Some(tree.prove_growth(size)?),
        };
        Some(HistoryProof { inclusion: tree.prove(u32::try_from(old_size).ok()?)?.path, growth })
    }

    /// Checks that `newer` continues the history of `older`. That both are certified is checked elsewhere.
    pub fn verify(&self, suite: HashSuite, older: &Header, newer: &Header) -> Result<(), HistoryError> {
        let sizes = (older.height.checked_sub(1), newer.height.checked_sub(1));
        let (Some(old_size), Some(new_size)) = sizes else { return Err(HistoryError) };
        let (Ok(index), Ok(size)) = (u32::try_from(old_size), u32::try_from(new_size)) else {
            return Err(HistoryError);
        };
        let inclusion = merkle::InclusionProof { index, size, path: self.inclusion.clone() };
        let leaf = merkle::leaf(suite, older.digest(suite).as_bytes());
        if older.network != newer.network || inclusion.root(suite, leaf) != Some(newer.history_root) {
            return Err(HistoryError);
        }
        match (&self.growth, old_size) {
            (None, 0) => Ok(()),
            (Some(growth), 1..) => growth
                .verify(suite, old_size, &older.history_root, new_size, &newer.history_root)
                .map_err(|_| HistoryError),
            _ => Err(HistoryError),
        }
    }
}

impl<R: Rules> Embedded<R> {
    /// Proves that the block of height `newer` continues the history of that of height `older`. Takes time in
    /// proportion to the newer height.
    ///
    /// Errors: `block.unknown`, also when `older` is not below `newer`; `store.*`.
    pub fn prove_history(&self, older: u64, newer: u64) -> Result<HistoryProof, Error> {
        self.check_heights(older, newer)?;
        let digests = self.header_digests(1, newer)?;
        HistoryProof::new(self.trust().genesis().hash_suite, &digests, older)
            .ok_or_else(|| damaged(self.log_path(), "a block is missing"))
    }

    /// Checks that `older` is below `newer`, and both are there.
    ///
    /// Errors: `block.unknown`.
    pub fn check_heights(&self, older: u64, newer: u64) -> Result<(), Error> {
        let unknown = |height| BLOCK_UNKNOWN.error().with("height", height).with("newest", self.height());
        if newer > self.height() {
            return Err(unknown(newer));
        }
        if older == 0 || older >= newer {
            return Err(unknown(older));
        }
        Ok(())
    }

    /// The digests of the headers from one height on and below another.
    ///
    /// Errors: `store.*`, also for a height that is not there.
    pub fn header_digests(&self, from: u64, below: u64) -> Result<Vec<Hash>, Error> {
        let digest = |height| {
            let digest = self.store().digest(height)?;
            digest.ok_or_else(|| damaged(self.log_path(), "a block is missing"))
        };
        (from..below).map(digest).collect()
    }
}
