//! The state tree without anything: a node is a box, a batch is sorted and merged from the top.

use allonge_crypto::{Hash, HashSuite, merkle};
use allonge_ledger::Workers;

const SUITE: HashSuite = HashSuite::Sha256;

/// A tree; it starts as `Empty`.
pub enum Tree {
    Empty,
    Leaf { key: Hash, hash: Hash },
    Branch { hash: Hash, sides: Box<[Tree; 2]> },
}

/// A hashed key and the hash of its leaf.
type Leaf = (Hash, Hash);

impl Tree {
    /// The changed keys must differ.
    pub fn update<K, V>(self, workers: &Workers, changes: &[(K, V)]) -> Tree
    where
        K: AsRef<[u8]> + Sync,
        V: AsRef<[u8]> + Sync,
    {
        let mut leaves = vec![(Hash::ZERO, Hash::ZERO); changes.len()];
        let mut jobs: Vec<_> = changes.chunks(256).zip(leaves.chunks_mut(256)).collect();
        workers.for_each(&mut jobs, &|(changes, leaves)| {
            for ((key, value), leaf) in changes.iter().zip(leaves.iter_mut()) {
                let mut item = [0; 64];
                let key = SUITE.hash("allonge/state/key/1", key.as_ref());
                item[..32].copy_from_slice(key.as_bytes());
                item[32..].copy_from_slice(SUITE.hash("allonge/state/value/1", value.as_ref()).as_bytes());
                *leaf = (key, merkle::leaf(SUITE, &item));
            }
        });
        leaves.sort_unstable();
        self.merge(workers, 0, &leaves)
    }

    pub fn hash(&self) -> Hash {
        match self {
            Tree::Empty => Hash::ZERO,
            Tree::Leaf { hash, .. } | Tree::Branch { hash, .. } => *hash,
        }
    }

    fn merge(self, workers: &Workers, depth: usize, leaves: &[Leaf]) -> Tree {
        let sides = match (self, leaves) {
            (old, []) => return old,
            (Tree::Empty, [(key, hash)]) => return Tree::Leaf { key: *key, hash: *hash },
            (Tree::Leaf { key: old, .. }, [(key, hash)]) if old == *key => {
                return Tree::Leaf { key: old, hash: *hash };
            }
            (Tree::Empty, _) => Box::new([Tree::Empty, Tree::Empty]),
            (Tree::Leaf { key, hash }, _) if bit(&key, depth) => {
                Box::new([Tree::Empty, Tree::Leaf { key, hash }])
            }
            (leaf @ Tree::Leaf { .. }, _) => Box::new([leaf, Tree::Empty]),
            (Tree::Branch { sides, .. }, _) => sides,
        };
        let (left_leaves, right_leaves) =
            leaves.split_at(leaves.partition_point(|(key, _)| !bit(key, depth)));
        let mut sides = sides;
        let [left, right] = sides.as_mut();
        let step = |side: &mut Tree, leaves| {
            *side = std::mem::replace(side, Tree::Empty).merge(workers, depth + 1, leaves);
        };
        if depth < 6 && leaves.len() > 64 {
            workers.join(|| step(left, left_leaves), || step(right, right_leaves));
        } else {
            step(left, left_leaves);
            step(right, right_leaves);
        }
        let hash = merkle::node(SUITE, &left.hash(), &right.hash());
        Tree::Branch { hash, sides }
    }
}

fn bit(key: &Hash, depth: usize) -> bool {
    key.as_bytes()[depth / 8] & (0x80 >> (depth % 8)) != 0
}
