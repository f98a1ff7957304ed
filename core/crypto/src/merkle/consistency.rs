//! Proofs that a list has only grown.

use std::io;

use borsh::{BorshDeserialize, BorshSerialize};

use super::{Tree, node};
use crate::{Hash, HashSuite};

/// A list of 2^64 items has a tree of 64 levels above them; the path begins with one more hash.
const MAX_PATH: usize = 65;

/// Proof that a list is an older one with items added behind it (RFC 6962, section 2.1.2).
///
/// ```
/// use allonge_crypto::{HashSuite, merkle};
///
/// let suite = HashSuite::Sha256;
/// let leaves: Vec<_> = (0..7_u8).map(|item| merkle::leaf(suite, &[item])).collect();
/// let (old_root, new_root) = (merkle::root(suite, &leaves[..3]), merkle::root(suite, &leaves));
///
/// let proof = merkle::Tree::new(suite, leaves).prove_growth(3).expect("it has more than 3 items");
/// proof.verify(suite, 3, &old_root, 7, &new_root)?;
/// let forked = merkle::leaf(suite, b"something else");
/// assert!(proof.verify(suite, 3, &forked, 7, &new_root).is_err());
/// # Ok::<(), merkle::ConsistencyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize)]
pub struct ConsistencyProof {
    /// Subtrees that make up the older list, and those beside them, from the end of the older list up.
    pub path: Vec<Hash>,
}

/// A newer list that is not proven to be the older one with more items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the newer list is not proven to be the older one with more items; ask another node")]
pub struct ConsistencyError;

impl Tree {
    /// Proves that the list has only grown since it had `old_size` items; `None` when it never had as many.
    pub fn prove_growth(&self, old_size: usize) -> Option<ConsistencyProof> {
        let mut path = Vec::new();
        if old_size > self.size() {
            return None;
        }
        if 0 < old_size && old_size < self.size() {
            // The last complete subtree of the older list; when it is all of it, its root is known.
            let height = (old_size - 1).trailing_ones();
            let mut place = (old_size - 1) >> height;
            let mut levels = self.levels.iter().skip(usize::try_from(height).ok()?).peekable();
            if !old_size.is_power_of_two() {
                path.extend(levels.peek().and_then(|level| level.get(place)).copied());
            }
            for level in levels {
                path.extend(level.get(place ^ 1).copied());
                place /= 2;
            }
        }
        Some(ConsistencyProof { path })
    }
}

impl ConsistencyProof {
    /// Checks that the list of `new_size` items with `new_root` begins with the list of `old_size` items with
    /// `old_root`.
    ///
    /// Roots do not say how long their lists are: take the sizes from where the roots come from.
    pub fn verify(
        &self,
        suite: HashSuite,
        old_size: u64,
        old_root: &Hash,
        new_size: u64,
        new_root: &Hash,
    ) -> Result<(), ConsistencyError> {
        let holds = if old_size == new_size {
            self.path.is_empty() && old_root == new_root
        } else if old_size == 0 {
            // Every list begins with nothing.
            self.path.is_empty() && *old_root == suite.bare_hasher().finish()
        } else {
            self.roots(suite, old_size, old_root, new_size) == Some((*old_root, *new_root))
        };
        if holds { Ok(()) } else { Err(ConsistencyError) }
    }

    /// The roots that the two lists must have; `None` when the path does not fit their sizes.
    fn roots(&self, suite: HashSuite, old_size: u64, old_root: &Hash, new_size: u64) -> Option<(Hash, Hash)> {
        if old_size > new_size || self.path.len() > MAX_PATH {
            return None;
        }
        // RFC 9162, section 2.1.4.2.
        let mut place = old_size.checked_sub(1)?;
        let mut last = new_size.checked_sub(1)?;
        let height = place.trailing_ones();
        place >>= height;
        last >>= height;
        let mut path = self.path.iter();
        let first = if old_size.is_power_of_two() { old_root } else { path.next()? };
        let (mut old, mut new) = (*first, *first);
        for sibling in path {
            if last == 0 {
                return None;
            }
            if place & 1 == 1 || place == last {
                old = node(suite, sibling, &old);
                new = node(suite, sibling, &new);
                while place & 1 == 0 && place != 0 {
                    place >>= 1;
                    last >>= 1;
                }
            } else {
                new = node(suite, &new, sibling);
            }
            place >>= 1;
            last >>= 1;
        }
        (last == 0).then_some((old, new))
    }
}

impl BorshDeserialize for ConsistencyProof {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let length = usize::try_from(u32::deserialize_reader(reader)?).ok();
        let length = length.filter(|length| *length <= MAX_PATH).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidData, "a proof of growth has at most 65 hashes")
        })?;
        let path = (0..length).map(|_| Hash::deserialize_reader(reader)).collect::<io::Result<_>>()?;
        Ok(ConsistencyProof { path })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::merkle::{leaf, root};

    const SUITE: HashSuite = HashSuite::Sha256;

    fn leaves(count: usize) -> Vec<Hash> {
        (0..count).map(|item| leaf(SUITE, &item.to_le_bytes())).collect()
    }

    /// Two lists, and what is said of them.
    #[derive(Clone, Debug, PartialEq)]
    struct Claim {
        proof: ConsistencyProof,
        old: (usize, Hash),
        new: (usize, Hash),
    }

    impl Claim {
        fn of(leaves: &[Hash], old_size: usize) -> Self {
            Claim {
                proof: Tree::new(SUITE, leaves.to_vec()).prove_growth(old_size).unwrap(),
                old: (old_size, root(SUITE, &leaves[..old_size])),
                new: (leaves.len(), root(SUITE, leaves)),
            }
        }

        fn holds(&self) -> bool {
            let (old, new) = (self.old, self.new);
            self.proof.verify(SUITE, old.0 as u64, &old.1, new.0 as u64, &new.1).is_ok()
        }

        /// Every hash in it altered, left out, repeated or swapped with the next, and one added.
        fn altered(&self) -> Vec<Claim> {
            let mut claims = Vec::new();
            let mut with_path = |alter: &dyn Fn(&mut Vec<Hash>)| {
                let mut claim = self.clone();
                alter(&mut claim.proof.path);
                claims.push(claim);
            };
            for place in 0..self.proof.path.len() {
                with_path(&|path| path[place] = flipped(&path[place], place));
                with_path(&|path| {
                    path.remove(place);
                });
                with_path(&|path| path.insert(place, path[place]));
                if place > 0 {
                    with_path(&|path| path.swap(place - 1, place));
                }
            }
            with_path(&|path| path.push(Hash::ZERO));
            with_path(&|path| path.insert(0, self.old.1));
            claims.push(Claim { old: (self.old.0, flipped(&self.old.1, 0)), ..self.clone() });
            claims.push(Claim { new: (self.new.0, flipped(&self.new.1, 0)), ..self.clone() });
            claims.push(Claim { old: self.new, new: self.old, ..self.clone() });
            claims.retain(|claim| claim != self);
            claims
        }
    }

    fn flipped(hash: &Hash, bit: usize) -> Hash {
        let mut bytes = *hash.as_bytes();
        bytes[bit / 8 % 32] ^= 1 << (bit % 8);
        Hash::new(bytes)
    }

    /// The definition of RFC 6962, section 2.1.2, word for word.
    fn subproof(old_size: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
        if old_size == leaves.len() {
            return if whole { Vec::new() } else { vec![root(SUITE, leaves)] };
        }
        let half = leaves.len().next_power_of_two() / 2;
        let (left, right) = leaves.split_at(half);
        let (mut path, beside) = if old_size <= half {
            (subproof(old_size, left, whole), right)
        } else {
            (subproof(old_size - half, right, false), left)
        };
        path.push(root(SUITE, beside));
        path
    }

    #[test]
    fn every_growth_up_to_64_items_is_proven_as_defined_and_nothing_near_it() {
        let all = leaves(64);
        for new_size in 1..=64 {
            let leaves = &all[..new_size];
            for old_size in 0..=new_size {
                let claim = Claim::of(leaves, old_size);
                assert!(claim.holds(), "{old_size} to {new_size}");
                if old_size > 0 {
                    assert_eq!(claim.proof.path, subproof(old_size, leaves, true));
                }
                for altered in claim.altered() {
                    // Every list begins with no items, so the root of the newer one is not asked for then.
                    let nothing = old_size == 0 && altered.proof == claim.proof && altered.old == claim.old;
                    assert_eq!(altered.holds(), nothing, "{old_size} to {new_size}: {altered:?}");
                }
            }
            assert_eq!(Tree::new(SUITE, leaves.to_vec()).prove_growth(new_size + 1), None);
        }
        assert!(Claim::of(&[], 0).holds());
    }

    #[test]
    fn whoever_replaces_one_old_item_has_no_proof() {
        let honest = leaves(20);
        for new_size in 1..=20 {
            for old_size in 1..=new_size {
                let old = (old_size, root(SUITE, &honest[..old_size]));
                for replaced in 0..new_size {
                    let mut forked = honest[..new_size].to_vec();
                    forked[replaced] = leaf(SUITE, b"another history");
                    let claim = Claim { old, ..Claim::of(&forked, old_size) };
                    assert_eq!(claim.holds(), replaced >= old_size, "{replaced} of {old_size} to {new_size}");
                }
            }
        }
    }

    #[test]
    fn sizes_that_no_list_has_are_refused_and_break_nothing() {
        let hash = leaf(SUITE, b"");
        for path in [vec![], vec![hash], vec![hash; MAX_PATH], vec![hash; MAX_PATH + 1]] {
            let proof = ConsistencyProof { path };
            for (old, new) in
                [(0, u64::MAX), (1, u64::MAX), (u64::MAX - 1, u64::MAX), (u64::MAX, 1), (1 << 63, u64::MAX)]
            {
                assert_eq!(proof.verify(SUITE, old, &hash, new, &hash), Err(ConsistencyError));
            }
        }
    }

    #[test]
    fn the_bytes_of_a_proof_are_read_strictly() {
        let proof = ConsistencyProof { path: leaves(MAX_PATH) };
        let bytes = borsh::to_vec(&proof).unwrap();
        assert_eq!(bytes.len(), 4 + MAX_PATH * 32);
        assert_eq!(ConsistencyProof::try_from_slice(&bytes).unwrap(), proof);
        assert!(ConsistencyProof::try_from_slice(&bytes[..bytes.len() - 1]).is_err());
        assert!(ConsistencyProof::try_from_slice(&[bytes, vec![0]].concat()).is_err());
        let longer = borsh::to_vec(&leaves(MAX_PATH + 1)).unwrap();
        let error = ConsistencyProof::try_from_slice(&longer).unwrap_err();
        assert_eq!(error.to_string(), "a proof of growth has at most 65 hashes");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_long_list_that_grew_is_proven_and_every_alteration_is_refused(
            (old_size, new_size) in (2..3_000_usize).prop_flat_map(|new_size| (1..new_size, Just(new_size))),
        ) {
            let claim = Claim::of(&leaves(new_size), old_size);
            prop_assert!(claim.holds());
            for altered in claim.altered() {
                prop_assert!(!altered.holds(), "{:?}", altered);
            }
        }

        #[test]
        fn random_paths_prove_nothing(
            (old_size, new_size) in (any::<u64>(), any::<u64>()),
            path in proptest::collection::vec(any::<[u8; 32]>().prop_map(Hash::new), 0..70),
        ) {
            let root = leaf(SUITE, b"");
            let proof = ConsistencyProof { path };
            let holds = proof.verify(SUITE, old_size, &root, new_size, &leaf(SUITE, b"1")).is_ok();
            prop_assert!(!holds);
        }
    }
}
