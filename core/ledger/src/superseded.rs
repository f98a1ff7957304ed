//! What the newest blocks superseded in the state: records are read as they were at a recent height.

use std::collections::{BTreeMap, VecDeque};

use crate::account::{Account, AccountId};
use crate::state::{Stored, account_of, canonical};

/// So many bytes are kept, beside those of the newest block.
const MAX_BYTES: usize = 64 << 20;
/// What a record takes beside its key and value.
const RECORD_BYTES: usize = 2 * size_of::<Vec<u8>>();

/// The values from before each of the newest blocks.
#[derive(Debug, Default)]
pub(crate) struct Superseded {
    /// The newest first.
    blocks: VecDeque<Block>,
    bytes: usize,
}

/// What one block superseded.
#[derive(Debug, Default)]
pub(crate) struct Block {
    accounts: Vec<Account>,
    /// Other records, and accounts that were opened.
    records: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    bytes: usize,
}

impl Block {
    /// The value that was under a key before; nothing when it is new.
    pub(crate) fn push(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        let length = key.len().saturating_add(value.as_ref().map_or(0, Vec::len));
        self.bytes = self.bytes.saturating_add(length).saturating_add(RECORD_BYTES);
        self.records.push((key, value));
    }

    /// What accounts were before.
    pub(crate) fn of(accounts: Vec<Account>) -> Self {
        let bytes = accounts.len().saturating_mul(size_of::<Account>());
        Block { accounts, records: Vec::new(), bytes }
    }

    /// What an account was before.
    pub(crate) fn push_account(&mut self, account: Account) {
        self.bytes = self.bytes.saturating_add(size_of::<Account>());
        self.accounts.push(account);
    }

    fn before(&self, key: &[u8], id: Option<&AccountId>) -> Option<Option<Vec<u8>>> {
        let account = id.and_then(|id| self.accounts.iter().find(|account| account.id == *id));
        let record = || self.records.iter().find(|(superseded, _)| superseded == key);
        let account = account.map(|account| Some(canonical(account)));
        account.or_else(|| record().map(|(_, value)| value.clone()))
    }
}

impl Superseded {
    /// Takes over what a block superseded, and forgets those that are more than `limit` heights or too much.
    pub(crate) fn push(&mut self, block: Block, limit: usize) {
        self.bytes = self.bytes.saturating_add(block.bytes);
        self.blocks.push_front(block);
        while self.blocks.len() > limit || (self.bytes > MAX_BYTES && self.blocks.len() > 1) {
            let oldest = self.blocks.pop_back().map_or(0, |block| block.bytes);
            self.bytes = self.bytes.saturating_sub(oldest);
        }
    }

    /// Whether it is known what the newest so many blocks superseded.
    pub(crate) fn reaches(&self, blocks: usize) -> bool {
        blocks <= self.blocks.len()
    }

    /// What was under each key before the newest so many blocks that one of them superseded.
    pub(crate) fn since(&self, blocks: usize) -> BTreeMap<Vec<u8>, Option<Vec<u8>>> {
        let mut before = BTreeMap::new();
        for block in self.blocks.iter().take(blocks) {
            let accounts = block.accounts.iter().map(|one| (Account::key(&one.id), Some(canonical(one))));
            before.extend(accounts.chain(block.records.iter().cloned()));
        }
        before
    }

    /// What was under a key before the newest so many blocks, if one of them superseded it: its value, or that it had
    /// none. Takes time in proportion to what they wrote.
    pub(crate) fn before(&self, blocks: usize, key: &[u8]) -> Option<Option<Vec<u8>>> {
        let id = account_of(key);
        let mut oldest_first = self.blocks.iter().take(blocks).rev();
        oldest_first.find_map(|block| block.before(key, id.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(records: &[(&str, Option<&str>)]) -> Block {
        let mut block = Block::default();
        for (key, value) in records {
            block.push(key.as_bytes().to_vec(), value.map(|value| value.as_bytes().to_vec()));
        }
        block
    }

    #[test]
    fn the_oldest_of_the_blocks_says_what_was_before_them() {
        let mut superseded = Superseded::default();
        superseded.push(block(&[("a", None)]), 9);
        superseded.push(block(&[("a", Some("1")), ("b", Some("0"))]), 9);
        superseded.push(block(&[("a", Some("2"))]), 9);
        let before = |blocks, key: &str| superseded.before(blocks, key.as_bytes());
        assert_eq!(before(0, "a"), None);
        assert_eq!(before(1, "a"), Some(Some(b"2".to_vec())));
        assert_eq!(before(2, "a"), Some(Some(b"1".to_vec())));
        assert_eq!(before(3, "a"), Some(None));
        assert_eq!((before(1, "b"), before(3, "b")), (None, Some(Some(b"0".to_vec()))));
        assert!(superseded.reaches(3) && !superseded.reaches(4));
    }

    #[test]
    fn it_stays_within_its_heights_and_bytes() {
        let mut superseded = Superseded::default();
        for _ in 0..20 {
            superseded.push(block(&[("a", None)]), 5);
        }
        assert_eq!(superseded.blocks.len(), 5);
        let large = "x".repeat(MAX_BYTES / 2);
        for _ in 0..4 {
            superseded.push(block(&[("a", Some(&large))]), 5);
        }
        assert_eq!(superseded.blocks.len(), 1);
        assert!(superseded.bytes > MAX_BYTES / 2 && superseded.bytes < MAX_BYTES);
    }
}
