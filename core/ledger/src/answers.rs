//! Idempotency keys: what each was used for, for ever.
//!
//! A key stands in the bucket of the hour in which its transaction's `valid_until` lies. Each bucket is a tree of
//! its own, and the state has the bucket's root. Once block time has passed a bucket nothing can enter it any more:
//! its tree leaves the memory, its root stays, and its keys stay on disk. So memory is bounded by what is valid
//! now, whoever repeats a key after years is answered with the first result, and that a transaction never took
//! effect is proven by the absence of its key from the one bucket that could have it.

use std::collections::BTreeMap;

use allonge_crypto::{Hash, HashSuite};
use allonge_finance::{PartyId, Timestamp};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::state::{Changes, Map, Stored, canonical, from_sorted_bytes, to_sorted_bytes};
use crate::transaction::IdempotencyKey;
use crate::tree::{StateProof, StateProofError, StateTree, StateTreeFull};
use crate::workers::Workers;

const HOUR_MS: i64 = 3_600_000;

/// What an idempotency key was used for.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Answer {
    /// The transaction that used it.
    pub transaction: Hash,
    /// A hash of its operations, so that a repeat can be told from a mistake.
    pub operations: Hash,
}

impl Answer {
    /// The canonical bytes.
    pub(crate) fn to_bytes(&self) -> [u8; ANSWER_BYTES] {
        let mut bytes = [0; ANSWER_BYTES];
        let (transaction, operations) = bytes.split_at_mut(ANSWER_BYTES / 2);
        transaction.copy_from_slice(self.transaction.as_bytes());
        operations.copy_from_slice(self.operations.as_bytes());
        bytes
    }
}

/// Answers stand in buckets, not in the state; their keys are made like those of records.
impl Stored for Answer {
    type Id = (PartyId, IdempotencyKey);
    const KIND: u8 = 0x05;
}

/// The hour of a `valid_until`, counted from 1970.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize, Deserialize,
)]
pub struct Bucket(i64);

impl Bucket {
    /// Before all others.
    pub(crate) const FIRST: Bucket = Bucket(i64::MIN);

    /// The bucket of a transaction that is valid until this time.
    pub fn of(valid_until: Timestamp) -> Self {
        Bucket(valid_until.millis().div_euclid(HOUR_MS))
    }

    /// Whether nothing can enter it at this block time.
    pub fn is_sealed(self, time: Timestamp) -> bool {
        self < Bucket::of(time)
    }

    /// Eight bytes in the order of the hours.
    pub(crate) fn to_sorted_bytes(self) -> [u8; 8] {
        to_sorted_bytes(self.0)
    }

    pub(crate) fn from_sorted_bytes(bytes: [u8; 8]) -> Self {
        Bucket(from_sorted_bytes(bytes))
    }
}

/// What the state says of a bucket.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize)]
pub struct BucketRoot {
    /// The root of its tree: under the key of each [`Answer`] its canonical bytes.
    pub root: Hash,
    /// How many keys it has.
    pub keys: u64,
}

impl Stored for BucketRoot {
    type Id = Bucket;
    const KIND: u8 = 0x07;
}

/// A key and what stands under it in its bucket: the canonical bytes of an [`Answer`].
pub(crate) type Entry<'a> = (&'a [u8], [u8; ANSWER_BYTES]);

pub(crate) const ANSWER_BYTES: usize = 64;

/// The idempotency keys that a block used.
#[derive(Clone, Debug, Default)]
pub struct Answers(Map<Vec<u8>, (Bucket, Answer)>);

impl Answers {
    pub(crate) fn insert(&mut self, key: Vec<u8>, bucket: Bucket, answer: Answer) {
        self.0.insert(key, (bucket, answer));
    }

    pub(crate) fn get(&self, key: &[u8]) -> Option<&Answer> {
        self.0.get(key).map(|(_, answer)| answer)
    }

    /// Each key with its bucket and answer, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], Bucket, &Answer)> {
        self.0.iter().map(|(key, (bucket, answer))| (key.as_slice(), *bucket, answer))
    }

    /// What enters each bucket's tree.
    pub(crate) fn by_bucket(&self) -> BTreeMap<Bucket, Vec<Entry<'_>>> {
        let mut by_bucket = BTreeMap::<Bucket, Vec<Entry<'_>>>::new();
        for (key, bucket, answer) in self.iter() {
            by_bucket.entry(bucket).or_default().push((key, answer.to_bytes()));
        }
        by_bucket
    }
}

/// The trees of the buckets that can still grow.
#[derive(Debug, Default)]
pub(crate) struct OpenBuckets(BTreeMap<Bucket, StateTree>);

impl OpenBuckets {
    /// Puts a tree that was read from disk.
    pub(crate) fn insert(&mut self, bucket: Bucket, tree: StateTree) {
        self.0.insert(bucket, tree);
    }

    /// Takes over the keys that a block at `time` used, writes the roots that they changed to `changes`, and
    /// forgets the trees that time has sealed.
    pub(crate) fn update(
        &mut self,
        suite: HashSuite,
        workers: &Workers,
        time: Timestamp,
        answers: &Answers,
        changes: &mut Changes,
    ) -> Result<(), StateTreeFull> {
        for (bucket, entries) in answers.by_bucket() {
            let tree = self.0.entry(bucket).or_insert_with(|| StateTree::new(suite));
            tree.update(workers, entries)?;
            let root = BucketRoot { root: tree.root(), keys: tree.len() };
            changes.insert(BucketRoot::key(&bucket), canonical(&root));
        }
        while self.0.first_key_value().is_some_and(|(bucket, _)| bucket.is_sealed(time)) {
            self.0.pop_first();
        }
        Ok(())
    }

    /// Writes to `changes` the roots that [`update`](OpenBuckets::update) would, and changes nothing else. The keys
    /// must be new.
    pub(crate) fn preview(
        &self,
        suite: HashSuite,
        workers: &Workers,
        answers: &Answers,
        changes: &mut Changes,
    ) -> Result<(), StateTreeFull> {
        let nothing = StateTree::new(suite);
        for (bucket, entries) in answers.by_bucket() {
            let tree = self.0.get(&bucket).unwrap_or(&nothing);
            let keys = tree.len().saturating_add(u64::try_from(entries.len()).unwrap_or(u64::MAX));
            let root = BucketRoot { root: tree.root_with(workers, entries)?, keys };
            changes.insert(BucketRoot::key(&bucket), canonical(&root));
        }
        Ok(())
    }

    /// The tree of a bucket that can still grow and has a key.
    pub(crate) fn get(&self, bucket: Bucket) -> Option<&StateTree> {
        self.0.get(&bucket)
    }

    /// Bytes of memory that the trees hold.
    pub(crate) fn memory(&self) -> usize {
        self.0.values().map(StateTree::memory).sum()
    }
}

/// Proof of what an idempotency key was used for by a transaction with this `valid_until`, or that it never was.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AnswerProof {
    /// What the state says of the bucket; nothing when no key ever entered it.
    pub bucket: Option<BucketRoot>,
    /// That the state says so.
    pub state: StateProof,
    /// What the bucket has under the key, if there is a bucket.
    pub key: Option<StateProof>,
}

impl AnswerProof {
    /// Checks that in the state of `root` the key was used for `answer`, or with `None` that no transaction with
    /// this key and `valid_until` took effect or was refused. None ever will once block time has passed
    /// `valid_until`.
    pub fn verify(
        &self,
        suite: HashSuite,
        root: &Hash,
        (author, key): (&PartyId, IdempotencyKey),
        valid_until: Timestamp,
        answer: Option<&Answer>,
    ) -> Result<(), StateProofError> {
        let bucket = self.bucket.as_ref().map(canonical);
        self.state.verify(suite, root, &BucketRoot::key(&Bucket::of(valid_until)), bucket.as_deref())?;
        match (&self.bucket, &self.key, answer) {
            (Some(bucket), Some(proof), answer) => {
                let answer = answer.map(canonical);
                let key = Answer::key(&(author.clone(), key));
                proof.verify(suite, &bucket.root, &key, answer.as_deref())
            }
            (None, None, None) => Ok(()),
            _ => Err(StateProofError),
        }
    }
}
