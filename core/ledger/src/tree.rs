//! The state tree: a sparse binary Merkle tree over hashed keys whose root is the state root.
//!
//! A key's path are the bits of its hash, the highest first. A subtree with one record is that record's
//! leaf, so the tree is only as deep as it must be. Records are superseded, never removed. The root
//! depends on the records alone, not on the order in which they came.

use allonge_crypto::{Hash, HashSuite, merkle};
use borsh::{BorshDeserialize, BorshSerialize};

use crate::state::Changes;

const KEY_DOMAIN: &str = "allonge/state/key/1";
const VALUE_DOMAIN: &str = "allonge/state/value/1";
/// A path has as many steps as a hash has bits.
const MAX_DEPTH: usize = 256;

/// The state tree, in memory.
#[derive(Clone, Debug)]
pub struct StateTree {
    suite: HashSuite,
    root: Node,
    records: u64,
}

#[derive(Clone, Debug)]
enum Node {
    Empty,
    Leaf(Leaf),
    Branch { hash: Hash, children: Box<[Node; 2]> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
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

impl Node {
    fn hash(&self, suite: HashSuite) -> Hash {
        match self {
            Node::Empty => Hash::ZERO,
            Node::Leaf(leaf) => leaf.hash(suite),
            Node::Branch { hash, .. } => *hash,
        }
    }
}

/// Which way a path turns at a depth.
fn bit(key: &Hash, depth: usize) -> bool {
    let byte = key.as_bytes().get(depth / 8).copied().unwrap_or_default();
    byte & (0x80 >> (depth % 8)) != 0
}

impl StateTree {
    /// The tree of no records; its root is 32 zero bytes.
    pub fn new(suite: HashSuite) -> Self {
        StateTree { suite, root: Node::Empty, records: 0 }
    }

    /// The state root.
    pub fn root(&self) -> Hash {
        self.root.hash(self.suite)
    }

    /// How many records there are.
    pub fn len(&self) -> u64 {
        self.records
    }

    /// Whether there are no records.
    pub fn is_empty(&self) -> bool {
        self.records == 0
    }

    /// Takes over what a block wrote, each touched subtree hashed once.
    pub fn update(&mut self, changes: &Changes) {
        let mut leaves: Vec<Leaf> = changes.iter().map(|(key, value)| self.leaf(key, value)).collect();
        leaves.sort_unstable_by_key(|leaf| leaf.key);
        let root = std::mem::replace(&mut self.root, Node::Empty);
        self.root = self.merge(root, 0, &leaves);
    }

    /// Proves what stands under a key, or that nothing does.
    pub fn prove(&self, key: &[u8]) -> StateProof {
        let key = self.suite.hash(KEY_DOMAIN, key);
        let mut siblings = Vec::new();
        let mut node = &self.root;
        while let Node::Branch { children, .. } = node {
            let [left, right] = children.as_ref();
            let (next, sibling) = if bit(&key, siblings.len()) { (right, left) } else { (left, right) };
            siblings.push(sibling.hash(self.suite));
            node = next;
        }
        let end = match node {
            Node::Leaf(leaf) if leaf.key == key => End::Found,
            Node::Leaf(leaf) => End::Other(*leaf),
            Node::Empty | Node::Branch { .. } => End::Nothing,
        };
        StateProof { siblings: Siblings(siblings), end }
    }

    fn leaf(&self, key: &[u8], value: &[u8]) -> Leaf {
        Leaf { key: self.suite.hash(KEY_DOMAIN, key), value: self.suite.hash(VALUE_DOMAIN, value) }
    }

    /// The subtree at `depth` after `leaves`, which are sorted and belong under it.
    fn merge(&mut self, node: Node, depth: usize, leaves: &[Leaf]) -> Node {
        match (node, leaves) {
            (node, []) => node,
            (Node::Empty, [leaf]) => {
                self.records = self.records.saturating_add(1);
                Node::Leaf(*leaf)
            }
            (Node::Leaf(old), [leaf]) if old.key == leaf.key => Node::Leaf(*leaf),
            (Node::Branch { children, .. }, leaves) => self.branch(*children, depth, leaves),
            (Node::Empty, leaves) => self.branch([Node::Empty, Node::Empty], depth, leaves),
            (Node::Leaf(old), leaves) => {
                let children = if bit(&old.key, depth) {
                    [Node::Empty, Node::Leaf(old)]
                } else {
                    [Node::Leaf(old), Node::Empty]
                };
                self.branch(children, depth, leaves)
            }
        }
    }

    fn branch(&mut self, children: [Node; 2], depth: usize, leaves: &[Leaf]) -> Node {
        let (left, right) = leaves.split_at(leaves.partition_point(|leaf| !bit(&leaf.key, depth)));
        let [old_left, old_right] = children;
        let children = Box::new([
            self.merge(old_left, depth.saturating_add(1), left),
            self.merge(old_right, depth.saturating_add(1), right),
        ]);
        let [left, right] = children.as_ref();
        let hash = merkle::node(self.suite, &left.hash(self.suite), &right.hash(self.suite));
        Node::Branch { hash, children }
    }
}

/// Proof of what stands under one key of the state, or that nothing does.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct StateProof {
    siblings: Siblings,
    end: End,
}

/// Where a path ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
enum End {
    /// At the key itself.
    Found = 0,
    /// At no record.
    Nothing = 1,
    /// At the one record whose key begins with the same bits.
    Other(Leaf) = 2,
}

/// A proof that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the proof does not hold for this key, value and state root; ask another node")]
pub struct StateProofError;

impl StateProof {
    /// Checks that `value` stands under `key` in the state of `root`, or with `None` that nothing does.
    pub fn verify(
        &self,
        suite: HashSuite,
        root: &Hash,
        key: &[u8],
        value: Option<&[u8]>,
    ) -> Result<(), StateProofError> {
        let key = suite.hash(KEY_DOMAIN, key);
        let end = match (self.end, value) {
            (End::Found, Some(value)) => Leaf { key, value: suite.hash(VALUE_DOMAIN, value) }.hash(suite),
            (End::Nothing, None) => Hash::ZERO,
            (End::Other(leaf), None) => {
                let depth = self.siblings.0.len();
                let shares_the_path = (0..depth).all(|depth| bit(&leaf.key, depth) == bit(&key, depth));
                if leaf.key == key || !shares_the_path {
                    return Err(StateProofError);
                }
                leaf.hash(suite)
            }
            _ => return Err(StateProofError),
        };
        let up = self.siblings.0.iter().enumerate().rev();
        let reached = up.fold(end, |hash, (depth, sibling)| {
            if bit(&key, depth) {
                merkle::node(suite, sibling, &hash)
            } else {
                merkle::node(suite, &hash, sibling)
            }
        });
        if reached == *root { Ok(()) } else { Err(StateProofError) }
    }
}

/// The neighbouring subtrees on a path, the highest first. Empty ones cost a bit.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Siblings(Vec<Hash>);

impl BorshSerialize for Siblings {
    fn serialize<W: std::io::Write>(&self, writer: &mut W) -> std::io::Result<()> {
        let depth = u16::try_from(self.0.len()).map_err(std::io::Error::other)?;
        depth.serialize(writer)?;
        for eight in self.0.chunks(8) {
            let bits = eight.iter().zip(0_u32..).filter(|(hash, _)| **hash != Hash::ZERO);
            let byte = bits.fold(0_u8, |byte, (_, place)| byte | (0x80 >> place));
            byte.serialize(writer)?;
        }
        self.0.iter().filter(|hash| **hash != Hash::ZERO).try_for_each(|hash| hash.serialize(writer))
    }
}

impl BorshDeserialize for Siblings {
    fn deserialize_reader<R: std::io::Read>(reader: &mut R) -> std::io::Result<Self> {
        let invalid = |reason: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, reason);
        let depth = usize::from(u16::deserialize_reader(reader)?);
        if depth > MAX_DEPTH {
            return Err(invalid("a path has at most 256 steps"));
        }
        let mut bits = vec![0; depth.div_ceil(8)];
        reader.read_exact(&mut bits)?;
        let mut siblings = Vec::with_capacity(depth);
        for place in 0..depth.next_multiple_of(8) {
            let byte = bits.get(place / 8).copied().unwrap_or_default();
            let present = byte & (0x80 >> (place % 8)) != 0;
            match (present, place < depth) {
                (true, false) => return Err(invalid("a bit is set behind the path")),
                (false, false) => {}
                (false, true) => siblings.push(Hash::ZERO),
                (true, true) => {
                    let hash = Hash::deserialize_reader(reader)?;
                    if hash == Hash::ZERO {
                        return Err(invalid("an empty subtree is written out"));
                    }
                    siblings.push(hash);
                }
            }
        }
        Ok(Siblings(siblings))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::state::{canonical, from_canonical};

    const SUITE: HashSuite = HashSuite::Sha256;

    fn changes(keys: impl IntoIterator<Item = u32>) -> Changes {
        keys.into_iter().map(|key| (key.to_le_bytes().to_vec(), (key * 7).to_le_bytes().to_vec())).collect()
    }

    #[test]
    fn every_record_has_a_proof_and_every_absence_too() {
        let mut tree = StateTree::new(SUITE);
        tree.update(&changes(0..300));
        let root = tree.root();
        for key in 0..600_u32 {
            let (bytes, value) = (key.to_le_bytes(), (key * 7).to_le_bytes());
            let proof = tree.prove(&bytes);
            let there = key < 300;
            let expected = there.then_some(value.as_slice());
            assert_eq!(proof.verify(SUITE, &root, &bytes, expected), Ok(()));
            let opposite = (!there).then_some(value.as_slice());
            assert_eq!(proof.verify(SUITE, &root, &bytes, opposite), Err(StateProofError));
            assert_eq!(proof.verify(SUITE, &root, &bytes, Some(b"other")), Err(StateProofError));
            assert_eq!(proof.verify(SUITE, &Hash::ZERO, &bytes, expected), Err(StateProofError));
            let encoded = canonical(&proof);
            assert_eq!(from_canonical::<StateProof>(&encoded).unwrap(), proof);
        }
    }

    #[test]
    fn a_proof_of_absence_cannot_be_made_from_another_record_elsewhere() {
        let mut tree = StateTree::new(SUITE);
        tree.update(&changes(0..64));
        let root = tree.root();
        let target = 5_u32.to_le_bytes();
        for key in 0..64_u32 {
            let leaf = tree.leaf(&key.to_le_bytes(), &(key * 7).to_le_bytes());
            let forged = StateProof { end: End::Other(leaf), ..tree.prove(&key.to_le_bytes()) };
            assert_eq!(forged.verify(SUITE, &root, &target, None), Err(StateProofError), "with key {key}");
        }
    }

    #[test]
    fn the_empty_state_proves_every_absence() {
        let tree = StateTree::new(SUITE);
        assert_eq!(tree.root(), Hash::ZERO);
        assert_eq!(tree.prove(b"anything").verify(SUITE, &Hash::ZERO, b"anything", None), Ok(()));
    }

    proptest! {
        #[test]
        fn the_root_depends_on_the_records_and_not_on_how_they_came(
            keys in prop::collection::btree_set(0_u32..10_000, 0..200),
            pieces in 1_usize..9,
        ) {
            let mut at_once = StateTree::new(SUITE);
            at_once.update(&changes(keys.iter().copied()));
            let mut piecemeal = StateTree::new(SUITE);
            let keys: Vec<u32> = keys.into_iter().rev().collect();
            for piece in keys.chunks(keys.len().div_ceil(pieces).max(1)) {
                // First another value, then the right one.
                let wrong = piece.iter().map(|key| (key.to_le_bytes().to_vec(), vec![1])).collect();
                piecemeal.update(&wrong);
                piecemeal.update(&changes(piece.iter().copied()));
            }
            prop_assert_eq!(at_once.root(), piecemeal.root());
            prop_assert_eq!(at_once.len(), keys.len() as u64);
            prop_assert_eq!(piecemeal.len(), keys.len() as u64);
        }
    }
}
