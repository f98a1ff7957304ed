//! What some blocks wrote, on its way to disk.

use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::hint::black_box;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use crate::state::Changes;
use crate::store::INDEX;

/// Entries with the newest value of each key, in tables by the first byte of the key. Keys and values stand one after
/// the other in one piece of memory, those that were superseded too.
#[derive(Default)]
pub(crate) struct Layer {
    entries: Changes,
    /// In each table, the place of the newest entry of each key.
    tables: Vec<(u8, HashTable<u32>)>,
    hasher: RandomState,
    /// Entries of the index, in their order: they are read as lists.
    index: BTreeMap<Vec<u8>, Vec<u8>>,
    /// How much memory they take, about.
    index_bytes: usize,
}

/// Eight bytes of a key, and the place of its entry.
type Sortable = (u64, u32);

/// What a sorted map takes for an entry, beside its key and value.
const INDEX_ENTRY_BYTES: usize = 64;

/// So many entries are fetched from memory at once.
const AHEAD: usize = 16;

impl Layer {
    /// An empty layer with room for as much as another has, so that its tables need not grow again.
    pub(crate) fn as_large_as(other: &Layer) -> Self {
        let tables = other.tables.iter().map(|(byte, table)| (*byte, HashTable::with_capacity(table.len())));
        Layer { tables: tables.collect(), ..Layer::default() }
    }

    /// Puts a value under a key, given in parts.
    pub(crate) fn put(&mut self, key: &[&[u8]], value: impl FnOnce(&mut Vec<u8>)) {
        self.put_with(|bytes| key.iter().for_each(|part| bytes.extend_from_slice(part)), value);
    }

    /// Puts a value under a key, each appended by a function.
    pub(crate) fn put_with(&mut self, key: impl FnOnce(&mut Vec<u8>), value: impl FnOnce(&mut Vec<u8>)) {
        // Its memory has a limit long before so many entries.
        let place = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.entries.insert_with(key, value);
        let key = key_of(&self.entries, place);
        let first = key.first().copied().unwrap_or_default();
        let table = match self.tables.iter_mut().position(|(byte, _)| *byte == first) {
            Some(table) => table,
            None => {
                self.tables.push((first, HashTable::new()));
                self.tables.len().saturating_sub(1)
            }
        };
        let Some((_, table)) = self.tables.get_mut(table) else { return };
        let hash = |key: &[u8]| self.hasher.hash_one(key);
        let entry = table.entry(
            hash(key),
            |other| key_of(&self.entries, *other) == key,
            |other| hash(key_of(&self.entries, *other)),
        );
        *entry.or_insert(place).get_mut() = place;
    }

    /// Puts a value under a key of the index.
    pub(crate) fn put_indexed(&mut self, key: Vec<u8>, value: Vec<u8>) {
        let bytes = key.len().saturating_add(value.len()).saturating_add(INDEX_ENTRY_BYTES);
        self.index_bytes = self.index_bytes.saturating_add(bytes);
        self.index.insert(key, value);
    }

    /// The entries of the index.
    pub(crate) fn indexed(&self) -> &BTreeMap<Vec<u8>, Vec<u8>> {
        &self.index
    }

    /// The value under a key.
    pub(crate) fn get(&self, key: &[u8]) -> Option<&[u8]> {
        let (_, table) = self.tables.iter().find(|(byte, _)| Some(byte) == key.first())?;
        let hash = self.hasher.hash_one(key);
        let place = table.find(hash, |place| key_of(&self.entries, *place) == key)?;
        self.entry(*place).map(|(_, value)| value)
    }

    /// Each key with its value, in no order, but for the index.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let places = self.tables.iter().flat_map(|(_, table)| table.iter());
        places.filter_map(|place| self.entry(*place))
    }

    /// The keys that begin with `prefix`, which is not empty, with their values, in no order.
    pub(crate) fn prefixed(&self, prefix: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
        let table = self.tables.iter().find(|(byte, _)| Some(byte) == prefix.first());
        let places = table.into_iter().flat_map(|(_, table)| table.iter());
        places.filter_map(|place| self.entry(*place)).filter(move |(key, _)| key.starts_with(prefix))
    }

    /// Hands each key with its value to `visit`, by key.
    pub(crate) fn sorted<E>(&self, mut visit: impl FnMut(&[u8], &[u8]) -> Result<(), E>) -> Result<(), E> {
        let mut tables: Vec<_> = self.tables.iter().collect();
        tables.sort_unstable_by_key(|(byte, _)| *byte);
        let mut index = Some(&self.index);
        for (byte, table) in tables {
            if *byte > INDEX {
                index.take().into_iter().flatten().try_for_each(|(key, value)| visit(key, value))?;
            }
            let mut sorted: Vec<Sortable> = table.iter().map(|place| (0, *place)).collect();
            // In the order in which they came they are next to each other.
            sorted.sort_unstable();
            self.sort(&mut sorted, 0);
            for some in sorted.chunks(AHEAD) {
                // What is read here is waited for only once.
                let first = |(_, place): &Sortable| self.entry(*place).map_or(0, |(key, _)| first_byte(key));
                black_box(some.iter().fold(0_u8, |all, entry| all ^ first(entry)));
                some.iter().filter_map(|(_, place)| self.entry(*place)).try_for_each(|(k, v)| visit(k, v))?;
            }
        }
        index.into_iter().flatten().try_for_each(|(key, value)| visit(key, value))
    }

    /// Sorts entries whose keys are the same up to a place.
    fn sort(&self, entries: &mut [Sortable], from: usize) {
        for (eight, place) in entries.iter_mut() {
            *eight = eight_bytes(key_of(&self.entries, *place), from);
        }
        entries.sort_unstable();
        let next = from.saturating_add(8);
        for same in entries.chunk_by_mut(|(one, _), (other, _)| one == other).filter(|same| same.len() > 1) {
            if same.iter().all(|(_, place)| key_of(&self.entries, *place).len() > next) {
                self.sort(same, next);
            } else {
                same.sort_unstable_by_key(|(_, place)| key_of(&self.entries, *place));
            }
        }
    }

    fn entry(&self, place: u32) -> Option<(&[u8], &[u8])> {
        self.entries.get(usize::try_from(place).ok()?)
    }

    /// How much memory it takes, about.
    pub(crate) fn memory(&self) -> usize {
        let tables = self.entries.len().saturating_mul(2 * size_of::<u32>());
        self.entries.memory().saturating_add(tables).saturating_add(self.index_bytes)
    }
}

fn key_of(entries: &Changes, place: u32) -> &[u8] {
    usize::try_from(place).ok().and_then(|place| entries.get(place)).map_or(&[], |(key, _)| key)
}

fn first_byte(key: &[u8]) -> u8 {
    key.first().copied().unwrap_or_default()
}

/// Eight bytes from a place on, in an order that is that of the bytes; zeros follow the end, so that a key never
/// comes behind one that it begins.
fn eight_bytes(key: &[u8], from: usize) -> u64 {
    let mut eight = [0; 8];
    let rest = key.get(from..).unwrap_or_default();
    eight.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
    u64::from_be_bytes(eight)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_layer_has_the_newest_value_of_each_key_in_the_order_of_the_keys(
            entries in prop::collection::vec(("[a-c]\\x00?[ab]{0,9}", any::<u8>()), 0..200),
        ) {
            let mut layer = Layer::default();
            let mut expected = std::collections::BTreeMap::new();
            for (key, value) in &entries {
                let (first, rest) = key.as_bytes().split_at(1);
                layer.put(&[first, rest], |bytes| bytes.push(*value));
                expected.insert(key.as_bytes().to_vec(), vec![*value]);
            }
            let mut sorted = Vec::new();
            layer.sorted(|key, value| {
                sorted.push((key.to_vec(), value.to_vec()));
                Ok::<(), ()>(())
            }).unwrap();
            prop_assert_eq!(&sorted, &expected.clone().into_iter().collect::<Vec<_>>());
            prop_assert_eq!(layer.iter().count(), expected.len());
            for (key, value) in &expected {
                prop_assert_eq!(layer.get(key), Some(value.as_slice()));
            }
            prop_assert_eq!(layer.get(b"ad"), None);
            let begun = expected.iter().filter(|(key, _)| key.starts_with(b"ba")).count();
            prop_assert_eq!(layer.prefixed(b"ba").count(), begun);
        }
    }
}
