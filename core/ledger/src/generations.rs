//! A map that forgets what was not used for long.

use std::borrow::Borrow;
use std::hash::Hash;

use crate::state::Map;

/// What was put or read lately, in two generations: the older one goes when the younger is full.
pub(crate) struct Generations<K, V> {
    young: Map<K, Known<V>>,
    /// At least as many bytes as the younger has.
    bytes: usize,
    old: Map<K, Known<V>>,
    /// Both together have at most so many bytes.
    limit: usize,
}

struct Known<V> {
    value: V,
    bytes: usize,
}

impl<K: Eq + Hash, V: Clone> Generations<K, V> {
    /// With room for so many bytes.
    pub(crate) fn of(limit: usize) -> Self {
        Generations { young: Map::default(), bytes: 0, old: Map::default(), limit }
    }

    /// What is known of a key.
    pub(crate) fn get<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        if let Some(known) = self.young.get(key) {
            return Some(known.value.clone());
        }
        let (key, Known { value, bytes }) = self.old.remove_entry(key)?;
        self.put(key, value.clone(), bytes);
        Some(value)
    }

    /// Puts what is newer than anything known of this key, and has so many bytes with it.
    pub(crate) fn put(&mut self, key: K, value: V, bytes: usize) {
        self.old.remove(&key);
        self.bytes = self.bytes.saturating_add(bytes);
        self.young.insert(key, Known { value, bytes });
        if self.bytes > self.limit / 2 {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_again_stays_and_weighs_what_it_did() {
        let mut known = Generations::of(100);
        known.put("large", 1, 40);
        known.put("small", 2, 20);
        // The younger generation was full, and is the older now.
        known.put("next", 3, 5);
        assert_eq!(known.get("large"), Some(1));
        // 45 bytes of 50: no more than 5 fit before the older generation goes.
        known.put("more", 4, 6);
        assert_eq!(known.get("small"), None);
        assert_eq!(known.get("large"), Some(1));
        known.remove(&"large");
        assert_eq!(known.get("large"), None);
    }
}
