//! A proof of what stands under a key of the state.

use std::io;

use allonge_crypto::{Hash, HashSuite, merkle};
use borsh::{BorshDeserialize, BorshSerialize};

use super::{KEY_DOMAIN, Leaf, MAX_DEPTH, VALUE_DOMAIN, bit};

/// Proof of what stands under one key of the state, or that nothing does.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct StateProof {
    pub(super) siblings: Siblings,
    pub(super) end: End,
}

/// Where a path ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum End {
    /// At the key itself.
    Found = 0,
    /// At no record.
    Nothing = 1,
    /// At the one record whose key begins with the same bits.
    Other(Leaf) = 2,
}

impl End {
    /// What is proven about a key by a path that ends at a leaf.
    pub fn at(leaf: Leaf, key: &Hash) -> Self {
        if leaf.key == *key { End::Found } else { End::Other(leaf) }
    }
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
pub struct Siblings(pub Vec<Hash>);

impl BorshSerialize for Siblings {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        let depth = u16::try_from(self.0.len()).map_err(io::Error::other)?;
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
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let invalid = |reason: &str| io::Error::new(io::ErrorKind::InvalidData, reason);
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
