//! A map that forgets what was not used for long.

use std::borrow::Borrow;
use std::hash::Hash;

use crate::state::Map;

/// What was put or read lately, in two generations: the older one goes when the younger is full.
pub(crate) struct Generations<K, V> {
    young: Map<K, V>,
    /// At least as many bytes as the younger has.
    bytes: usize,
    old: Map<K, V>,
    /// What the newest entry was said to have.
    entry_bytes: usize,
}

impl<K, V> Default for Generations<K, V> {
    fn default() -> Self {
        Generations { young: Map::default(), bytes: 0, old: Map::default(), entry_bytes: 0 }
    }
}

impl<K: Eq + Hash, V: Clone> Generations<K, V> {
    /// What is known of a key. Both generations together have at most `limit` bytes.
    pub(crate) fn get<Q: Eq + Hash + ?Sized>(&mut self, key: &Q, limit: usize) -> Option<V>
    where
        K: Borrow<Q>,
    {
        if let Some(known) = self.young.get(key) {
            return Some(known.clone());
        }
        let (key, known) = self.old.remove_entry(key)?;
        self.put(key, known.clone(), self.entry_bytes, limit);
        Some(known)
    }

    /// Puts what is newer than anything known of this key.
    pub(crate) fn put(&mut self, key: K, value: V, bytes: usize, limit: usize) {
        self.old.remove(&key);
        self.entry_bytes = bytes;
        self.bytes = self.bytes.saturating_add(bytes);
        self.young.insert(key, value);
        if self.bytes > limit / 2 {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
    }

    /// Forgets a key.
    pub(crate) fn remove(&mut self, key: &K) {
        self.young.remove(key);
        self.old.remove(key);
    }
}
