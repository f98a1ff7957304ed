//! Blocks: an ordered list of transactions under a header, and the results of executing them.

use allonge_crypto::{Hash, HashSuite, merkle};
use allonge_finance::Timestamp;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;

use crate::error::{Detail, Error};
use crate::operation::Event;
use crate::state::canonical;

/// The format of headers.
pub const HEADER_VERSION: u16 = 1;
/// A block's transactions have at most this many bytes together.
pub const MAX_BLOCK_BYTES: usize = 16 << 20;

const HEADER_DOMAIN: &str = "allonge/header/1";
const LIST_DOMAIN: &str = "allonge/list/1";
const RESULTS_DOMAIN: &str = "allonge/results/1";

/// What a certificate makes final: the block's place in history, its transactions, and the newest
/// executed state.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize)]
pub struct Header {
    /// The format, now 1.
    pub version: u16,
    /// The network.
    pub network: Hash,
    /// The rules in force.
    pub rules_version: u32,
    /// Whose roster certifies it.
    pub epoch: u64,
    /// The block's height, from 1.
    pub height: u64,
    /// The digest of the header below; below the first, the network's id.
    pub parent: Hash,
    /// Block time. It never decreases.
    pub time: Timestamp,
    /// The root of the list of this block's signed transactions, their number included.
    pub body_root: Hash,
    /// The newest executed block; in a network of one, this block itself.
    pub executed: Executed,
    /// The root of the list of the digests of all headers below.
    pub history_root: Hash,
    /// The hash of the roster of the next epoch, in the last header of an epoch.
    pub next_roster: Option<Hash>,
}

/// What executing the blocks up to a height came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize)]
pub struct Executed {
    /// The height of the newest executed block.
    pub height: u64,
    /// The root of the state after it.
    pub state_root: Hash,
    /// The root of the list of the results of its transactions, in their order. Where a header says for the first time
    /// what several blocks came to, a hash over that root of each of them.
    pub results_root: Hash,
}

impl Header {
    /// Whether it is the header of a block of these signed transactions.
    pub fn is_of(&self, suite: HashSuite, transactions: &[Vec<u8>]) -> bool {
        self.body_root == list_root(suite, &list_tree(suite, transactions))
    }

    /// What is certified: a hash of the canonical bytes.
    pub fn digest(&self, suite: HashSuite) -> Hash {
        suite.hash(HEADER_DOMAIN, &canonical(self))
    }
}

/// What became of one transaction.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize)]
pub struct TransactionResult<E> {
    /// The transaction's id.
    pub transaction: Hash,
    /// Its fate.
    pub verdict: Verdict<E>,
}

/// A transaction's fate: it takes effect as a whole, or not at all.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case")]
#[repr(u8)]
pub enum Verdict<E> {
    /// It took effect; this is what happened, in order.
    Committed {
        /// What happened.
        events: Vec<Event<E>>,
    } = 0,
    /// It left no trace but this refusal.
    Rejected {
        /// Why.
        refusal: Refusal,
    } = 1,
}

/// A refusal as it stands in a block: what the registry says about its code is not repeated.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize)]
pub struct Refusal {
    /// The stable code of the registry.
    pub code: String,
    /// Which operation was refused, from 0; `None` when the whole transaction was.
    pub operation: Option<u16>,
    /// The particulars.
    pub details: Vec<Detail>,
}

impl Refusal {
    /// One of the particulars.
    pub fn detail(&self, name: &str) -> Option<&str> {
        self.details.iter().find(|detail| detail.name == name).map(|detail| detail.value.as_str())
    }
}

impl From<&Error> for Refusal {
    fn from(error: &Error) -> Self {
        Refusal {
            code: error.code().to_owned(),
            operation: error.operation(),
            details: error.details().to_vec(),
        }
    }
}

/// The tree over a list of byte strings.
pub(crate) fn list_tree(suite: HashSuite, items: &[Vec<u8>]) -> merkle::Tree {
    merkle::Tree::new(suite, items.iter().map(|item| merkle::leaf(suite, item)).collect())
}

/// The root of a list of byte strings, given its tree.
pub(crate) fn list_root(suite: HashSuite, tree: &merkle::Tree) -> Hash {
    counted(suite, u32::try_from(tree.size()).unwrap_or(u32::MAX), &tree.root())
}

/// The root of the results of blocks of which a header says together what they came to, given that of each, in their
/// order.
pub(crate) fn together(suite: HashSuite, roots: &[Hash]) -> Hash {
    match roots {
        [root] => *root,
        roots => suite.hash(RESULTS_DOMAIN, &canonical(roots)),
    }
}

/// A Merkle root with the number of items. Without it, one path would prove an item at several places of
/// lists of several lengths, and a receipt could be altered.
pub(crate) fn counted(suite: HashSuite, count: u32, root: &Hash) -> Hash {
    let mut hasher = suite.hasher(LIST_DOMAIN);
    hasher.update(&count.to_le_bytes());
    hasher.update(root.as_bytes());
    hasher.finish()
}
