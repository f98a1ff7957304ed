//! A subtree: all records whose hashed keys begin with the same bits.
//!
//! Only branches with records on both sides are kept, each with its depth; a step at which a path cannot
//! turn is hashed and not stored. Each record after the first thus adds one branch. A branch keeps what is
//! known of its two sides next to each other, so that a path costs one cache line a level.

use allonge_crypto::{Hash, HashSuite, merkle};

use super::arena::Arena;
use super::{End, Leaf, MAX_DEPTH, Summary, bit, lift, shared_bits};

/// How many records a subtree can hold: an index has 31 bits.
pub const MAX_RECORDS: usize = 1 << 31;

#[derive(Clone, Debug)]
pub struct Subtree {
    /// How many steps lead to it.
    depth: usize,
    top: Option<Slot>,
    /// The hashed key of each record.
    keys: Arena<Hash>,
    /// Where the two sides of each branch are.
    links: Arena<Links>,
    /// The hashes of the two sides of each branch, by the same index, as in [`Slot`].
    hashes: Arena<Pair>,
}

/// One side of a branch.
#[derive(Clone, Copy, Debug)]
struct Slot {
    node: Node,
    /// Of a leaf, the hash of its value. Of a branch, the hash of all below the step that leads here, which
    /// may be some steps above the branch.
    hash: Hash,
}

/// The index of a key, with the highest bit clear, or of a branch, with the highest bit set.
#[derive(Clone, Copy, Debug, Default)]
struct Node(u32);

const BRANCH: u32 = 1 << 31;

enum Kind {
    Leaf(u32),
    Branch(u32),
}

impl Node {
    fn kind(self) -> Kind {
        if self.0 & BRANCH == 0 { Kind::Leaf(self.0) } else { Kind::Branch(self.0 & !BRANCH) }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Links {
    sides: [Node; 2],
    /// How many steps lead to the branch.
    depth: u8,
}

/// Fills one cache line.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Pair([Hash; 2]);

/// Whether hashes are made with each change, or by [`Subtree::hash_all`] when there are no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hashing {
    Now,
    Later,
}

impl Subtree {
    pub fn new(depth: usize) -> Self {
        Subtree { depth, top: None, keys: Arena::new(), links: Arena::new(), hashes: Arena::new() }
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// The bytes that are allocated.
    pub fn memory(&self) -> usize {
        self.keys.memory().saturating_add(self.links.memory()).saturating_add(self.hashes.memory())
    }

    /// Takes over leaves, which are sorted by key and belong here; of equal keys the last counts. Leaves in
    /// them what stood there before: zeros where nothing did.
    pub fn update(&mut self, suite: HashSuite, hashing: Hashing, leaves: &mut [Leaf]) {
        self.read_ahead(leaves);
        self.top = self.merge(suite, hashing, self.top, self.depth, leaves);
    }

    /// What is below a step after `leaves`, which belong there.
    fn merge(
        &mut self,
        suite: HashSuite,
        hashing: Hashing,
        old: Option<Slot>,
        depth: usize,
        leaves: &mut [Leaf],
    ) -> Option<Slot> {
        let (Some(&first), Some(&last)) = (leaves.first(), leaves.last()) else { return old };
        let Fork { depth: fork, branch, sides: [left, right] } =
            self.fork(suite, hashing, old, depth, [&first.key, &last.key]);
        if fork == MAX_DEPTH {
            let node = old.map_or_else(|| Node(self.keys.push(first.key)), |old| old.node);
            let before = old.map_or(Hash::ZERO, |old| old.hash);
            leaves.iter_mut().for_each(|leaf| leaf.value = before);
            return Some(Slot { node, hash: last.value });
        }
        let branch = branch.unwrap_or_else(|| {
            self.hashes.push(Pair::default());
            self.links.push(Links::default())
        });
        let (left_leaves, right_leaves) = leaves.split_at_mut(count_left(leaves, fork));
        let below = fork.saturating_add(1);
        let left = self.merge(suite, hashing, left, below, left_leaves)?;
        let right = self.merge(suite, hashing, right, below, right_leaves)?;
        let links = Links { sides: [left.node, right.node], depth: u8::try_from(fork).unwrap_or(u8::MAX) };
        self.links.set(branch, links);
        self.hashes.set(branch, Pair([left.hash, right.hash]));
        let hash = self.hash(suite, hashing, [left, right], &first.key, fork, depth);
        Some(Slot { node: Node(branch | BRANCH), hash })
    }

    /// Where the paths of sorted leaves, of which the first and the last key are given, part from each other
    /// or from what is old.
    fn fork(
        &self,
        suite: HashSuite,
        hashing: Hashing,
        old: Option<Slot>,
        depth: usize,
        [first, last]: [&Hash; 2],
    ) -> Fork {
        // Some old key, and how many steps lead to where the old node ends or forks.
        let (key, end) = match old.map(|old| (old.node, old.node.kind())) {
            None => (*first, MAX_DEPTH),
            Some((_, Kind::Leaf(leaf))) => (self.keys.get(leaf), MAX_DEPTH),
            Some((node, Kind::Branch(branch))) => {
                let (fork, sides) = self.branch(branch);
                let here = Fork { depth: fork, branch: Some(branch), sides: sides.map(Some) };
                if fork == depth {
                    return here;
                }
                let key = self.some_key(node);
                if shared_bits(first, &key).min(shared_bits(last, &key)) >= fork {
                    return here;
                }
                (key, fork)
            }
        };
        let parting = shared_bits(first, last).min(shared_bits(first, &key)).min(shared_bits(last, &key));
        let fork = parting.min(end);
        let old = old.map(|slot| match slot.node.kind() {
            Kind::Leaf(_) => slot,
            // It is now seen from further below.
            Kind::Branch(branch) => {
                let (end, sides) = self.branch(branch);
                Slot { hash: self.hash(suite, hashing, sides, &key, end, fork.saturating_add(1)), ..slot }
            }
        });
        let sides = if bit(&key, fork) { [None, old] } else { [old, None] };
        Fork { depth: fork, branch: None, sides }
    }

    /// The hash of a branch at `fork`, seen from `depth`.
    fn hash(
        &self,
        suite: HashSuite,
        hashing: Hashing,
        [left, right]: [Slot; 2],
        key: &Hash,
        fork: usize,
        depth: usize,
    ) -> Hash {
        match hashing {
            Hashing::Later => Hash::ZERO,
            Hashing::Now => {
                let (left, right) = (self.slot_hash(suite, left), self.slot_hash(suite, right));
                lift(suite, merkle::node(suite, &left, &right), key, fork, depth)
            }
        }
    }

    fn slot_hash(&self, suite: HashSuite, slot: Slot) -> Hash {
        match slot.node.kind() {
            Kind::Leaf(leaf) => Leaf { key: self.keys.get(leaf), value: slot.hash }.hash(suite),
            Kind::Branch(_) => slot.hash,
        }
    }

    /// The depth and the sides of a branch.
    fn branch(&self, branch: u32) -> (usize, [Slot; 2]) {
        let Links { sides: [left, right], depth } = self.links.get(branch);
        let Pair([left_hash, right_hash]) = self.hashes.get(branch);
        let sides = [Slot { node: left, hash: left_hash }, Slot { node: right, hash: right_hash }];
        (usize::from(depth), sides)
    }

    /// A key that is below a node.
    fn some_key(&self, mut node: Node) -> Hash {
        loop {
            match node.kind() {
                Kind::Leaf(leaf) => return self.keys.get(leaf),
                Kind::Branch(branch) => [node, _] = self.links.get(branch).sides,
            }
        }
    }

    /// Reads what an update will read, a step of all paths at a time: memory answers many questions in the
    /// time of one, and in a large tree most of an update is waiting for it.
    fn read_ahead(&self, leaves: &[Leaf]) {
        let Some(Kind::Branch(top)) = self.top.map(|top| top.node.kind()) else { return };
        let mut read = 0;
        let mut paths: Vec<_> = leaves.iter().map(|leaf| (top, Links::default(), &leaf.key)).collect();
        while !paths.is_empty() {
            // All are asked before the first answer is looked at.
            for (branch, links, _) in &mut paths {
                *links = self.links.get(*branch);
                let Pair([left, _]) = self.hashes.get(*branch);
                read ^= first_byte(&left);
            }
            paths.retain_mut(|(branch, Links { sides, depth }, key)| {
                for side in &*sides {
                    if let Kind::Leaf(leaf) = side.kind() {
                        read ^= first_byte(&self.keys.get(leaf));
                    }
                }
                let [left, right] = *sides;
                match if bit(key, usize::from(*depth)) { right } else { left }.kind() {
                    Kind::Leaf(_) => false,
                    Kind::Branch(next) => {
                        *branch = next;
                        true
                    }
                }
            });
        }
        // Or nothing would be read.
        std::hint::black_box(read);
    }

    /// Makes all hashes anew.
    pub fn hash_all(&mut self, suite: HashSuite) {
        self.top = self.top.map(|top| self.hash_below(suite, top, self.depth).0);
    }

    /// The slot with its hash, and a key that is below.
    fn hash_below(&mut self, suite: HashSuite, slot: Slot, depth: usize) -> (Slot, Hash) {
        let branch = match slot.node.kind() {
            Kind::Leaf(leaf) => return (slot, self.keys.get(leaf)),
            Kind::Branch(branch) => branch,
        };
        let (fork, [left, right]) = self.branch(branch);
        let (left, _) = self.hash_below(suite, left, fork.saturating_add(1));
        let (right, key) = self.hash_below(suite, right, fork.saturating_add(1));
        self.hashes.set(branch, Pair([left.hash, right.hash]));
        let hash = self.hash(suite, Hashing::Now, [left, right], &key, fork, depth);
        (Slot { hash, ..slot }, key)
    }

    /// What is here.
    pub fn summary(&self) -> Summary {
        self.top.map_or(Summary::Nothing, |top| self.summary_of(top))
    }

    fn summary_of(&self, slot: Slot) -> Summary {
        match slot.node.kind() {
            Kind::Leaf(leaf) => Summary::One(Leaf { key: self.keys.get(leaf), value: slot.hash }),
            Kind::Branch(_) => Summary::Many(slot.hash),
        }
    }

    /// What would be here with other leaves, which are sorted by key and belong here: of equal keys the last
    /// counts, and zeros for a value take a record away.
    pub fn summary_with(&self, suite: HashSuite, leaves: &[Leaf]) -> Summary {
        self.read_ahead(leaves);
        self.with(suite, self.top, self.depth, leaves)
    }

    fn with(&self, suite: HashSuite, old: Option<Slot>, depth: usize, leaves: &[Leaf]) -> Summary {
        let (Some(first), Some(last)) = (leaves.first(), leaves.last()) else {
            return old.map_or(Summary::Nothing, |old| self.summary_of(old));
        };
        let Fork { depth: fork, sides: [left, right], .. } =
            self.fork(suite, Hashing::Now, old, depth, [&first.key, &last.key]);
        match (fork, last.value) {
            (MAX_DEPTH, Hash::ZERO) => return Summary::Nothing,
            (MAX_DEPTH, _) => return Summary::One(*last),
            _ => {}
        }
        let (left_leaves, right_leaves) = leaves.split_at(count_left(leaves, fork));
        let below = fork.saturating_add(1);
        let left = self.with(suite, left, below, left_leaves);
        let both = left.beside(suite, self.with(suite, right, below, right_leaves));
        both.lift(suite, &first.key, fork, depth)
    }

    /// Follows the path of a key to its end, with other leaves as in [`Subtree::summary_with`]; their keys
    /// are here. There is one sibling for each step.
    pub fn path(&self, suite: HashSuite, key: &Hash, mut leaves: &[Leaf], siblings: &mut Vec<Hash>) -> End {
        let Some(mut slot) = self.top else { return End::Nothing };
        loop {
            let depth = siblings.len();
            let branch = match (self.with(suite, Some(slot), depth, leaves), slot.node.kind()) {
                (Summary::One(leaf), _) => return End::at(leaf, key),
                (Summary::Many(_), Kind::Branch(branch)) => branch,
                _ => return End::Nothing,
            };
            let (fork, [left, right]) = self.branch(branch);
            let below = fork.saturating_add(1);
            let (left_leaves, right_leaves) = leaves.split_at(count_left(leaves, fork));
            let prefix = if depth == fork { *key } else { self.some_key(slot.node) };
            let parting = shared_bits(&prefix, key).min(fork);
            siblings.resize(parting, Hash::ZERO);
            if parting < fork {
                let left = self.with(suite, Some(left), below, left_leaves);
                let both = left.beside(suite, self.with(suite, Some(right), below, right_leaves));
                let sibling = both.lift(suite, &prefix, fork, parting.saturating_add(1));
                siblings.push(sibling.hash(suite));
                return End::Nothing;
            }
            let (mut own, mut other) = ((left, left_leaves), (right, right_leaves));
            if bit(key, fork) {
                std::mem::swap(&mut own, &mut other);
            }
            siblings.push(self.with(suite, Some(other.0), below, other.1).hash(suite));
            (slot, leaves) = own;
        }
    }
}

/// Where paths part.
struct Fork {
    /// How many steps lead there; to a leaf, all.
    depth: usize,
    /// The old branch, if it forks there.
    branch: Option<u32>,
    /// What is old on the two sides.
    sides: [Option<Slot>; 2],
}

fn first_byte(hash: &Hash) -> u8 {
    let [first, ..] = hash.as_bytes();
    *first
}

/// How many of the sorted leaves below a fork are on its left.
fn count_left(leaves: &[Leaf], fork: usize) -> usize {
    leaves.partition_point(|leaf| !bit(&leaf.key, fork))
}
