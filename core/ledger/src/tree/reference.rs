//! The same tree in the fewest lines, for tests: every node on its own, nothing shared, nothing packed.

use allonge_crypto::{Hash, HashSuite, merkle};

use super::proof::{End, Siblings, StateProof};
use super::{KEY_DOMAIN, Leaf, VALUE_DOMAIN, bit};

#[derive(Clone)]
pub enum Reference {
    Empty,
    Leaf(Leaf),
    Branch(Box<[Reference; 2]>),
}

const SUITE: HashSuite = HashSuite::Sha256;

impl Reference {
    pub fn hash(&self) -> Hash {
        match self {
            Reference::Empty => Hash::ZERO,
            Reference::Leaf(leaf) => leaf.hash(SUITE),
            Reference::Branch(sides) => merkle::node(SUITE, &sides[0].hash(), &sides[1].hash()),
        }
    }

    pub fn put(&mut self, key: &[u8], value: &[u8]) {
        let leaf = Leaf { key: SUITE.hash(KEY_DOMAIN, key), value: SUITE.hash(VALUE_DOMAIN, value) };
        self.put_leaf(leaf, 0);
    }

    fn put_leaf(&mut self, leaf: Leaf, depth: usize) {
        match self {
            Reference::Empty => *self = Reference::Leaf(leaf),
            Reference::Leaf(old) if old.key == leaf.key => *old = leaf,
            Reference::Leaf(old) => {
                let old = *old;
                *self = Reference::Branch(Box::new([Reference::Empty, Reference::Empty]));
                self.put_leaf(old, depth);
                self.put_leaf(leaf, depth);
            }
            Reference::Branch(sides) => sides[usize::from(bit(&leaf.key, depth))].put_leaf(leaf, depth + 1),
        }
    }

    pub fn prove(&self, key: &[u8]) -> StateProof {
        let key = SUITE.hash(KEY_DOMAIN, key);
        let mut siblings = Vec::new();
        let mut node = self;
        while let Reference::Branch(sides) = node {
            let turn = usize::from(bit(&key, siblings.len()));
            siblings.push(sides[1 - turn].hash());
            node = &sides[turn];
        }
        let end = match node {
            Reference::Leaf(leaf) => End::at(*leaf, &key),
            _ => End::Nothing,
        };
        StateProof { siblings: Siblings(siblings), end }
    }
}
