//! What some blocks wrote, on its way to disk.

use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::hint::black_box;
use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use crate::state::Changes;
use crate::store::{INDEX, STATE};

/// Entries with the newest value of each key. Keys and values stand one after the other in one piece of memory, those
/// that were superseded too.
///
/// Most of what blocks write goes to disk before anybody looks for it: only what is looked for is hashed.
#[derive(Default)]
pub(crate) struct Layer {
    entries: Changes,
    /// By the first byte of the key; records of the state also by their kind.
    tables: Vec<((u8, u8), Mutex<Table>)>,
    hasher: RandomState,
    /// Entries of the index, in their order: they are read as lists.
    index: BTreeMap<Vec<u8>, Vec<u8>>,
    /// How much memory they take, about.
    index_bytes: usize,
}

/// The places of entries.
#[derive(Default)]
struct Table {
    /// Of the newest of each key, when something was looked for last.
    newest: HashTable<u32>,
    /// Of those that came since, in their order.
    since: Vec<u32>,
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
        let tables = other.tables.iter().map(|(id, table)| {
            let Table { newest, since } = &*lock(table);
            let newest = HashTable::with_capacity(newest.len());
            (*id, Mutex::new(Table { newest, since: Vec::with_capacity(since.len()) }))
        });
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
        let id = table_of(key_of(&self.entries, place));
        let table = match self.tables.iter_mut().position(|(known, _)| *known == id) {
            Some(table) => table,
            None => {
                self.tables.push((id, Mutex::default()));
                self.tables.len().saturating_sub(1)
            }
        };
        if let Some((_, table)) = self.tables.get_mut(table) {
            table.get_mut().unwrap_or_else(PoisonError::into_inner).since.push(place);
        }
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
        let id = table_of(key);
        let (_, table) = self.tables.iter().find(|(known, _)| *known == id)?;
        let hash = self.hasher.hash_one(key);
        let place = *self.up_to_date(table).newest.find(hash, |place| self.key(*place) == key)?;
        self.entry(place).map(|(_, value)| value)
    }

    /// Each key with its value, in no order, but for the index.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.prefixed(&[])
    }

    /// The keys that begin with `prefix` with their values, in no order.
    pub(crate) fn prefixed(&self, prefix: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
        let tables = self.tables.iter().filter(move |((first, kind), _)| match prefix {
            [] => true,
            [STATE] => *first == STATE,
            prefix => (*first, *kind) == table_of(prefix),
        });
        let places =
            tables.flat_map(|(_, table)| self.up_to_date(table).newest.iter().copied().collect::<Vec<u32>>());
        places.filter_map(|place| self.entry(place)).filter(move |(key, _)| key.starts_with(prefix))
    }

    /// A table with what came since it was last looked into.
    fn up_to_date<'a>(&self, table: &'a Mutex<Table>) -> MutexGuard<'a, Table> {
        let mut table = lock(table);
        let Table { newest, since } = &mut *table;
        for place in since.drain(..) {
            let key = self.key(place);
            let entry = newest.entry(
                self.hasher.hash_one(key),
                |other| self.key(*other) == key,
                |other| self.hasher.hash_one(self.key(*other)),
            );
            *entry.or_insert(place).get_mut() = place;
        }
        table
    }

    /// Hands each key with its value to `visit`, by key.
    pub(crate) fn sorted<E>(&self, mut visit: impl FnMut(&[u8], &[u8]) -> Result<(), E>) -> Result<(), E> {
        let mut tables: Vec<_> = self.tables.iter().collect();
        tables.sort_unstable_by_key(|(id, _)| *id);
        let mut index = Some(&self.index);
        for ((first, _), table) in tables {
            if *first > INDEX {
                index.take().into_iter().flatten().try_for_each(|(key, value)| visit(key, value))?;
            }
            let mut sorted: Vec<Sortable> = {
                let Table { newest, since } = &*lock(table);
                newest.iter().chain(since).map(|place| (0, *place)).collect()
            };
            // In the order in which they came they are next to each other.
            sorted.sort_unstable();
            self.sort(&mut sorted, 0);
            // Of equal keys the newest stands last.
            let mut last: Option<(&[u8], &[u8])> = None;
            for some in sorted.chunks(AHEAD) {
                // What is read here is waited for only once.
                black_box(some.iter().fold(0_u8, |all, (_, place)| all ^ first_byte(self.key(*place))));
                for entry in some.iter().filter_map(|(_, place)| self.entry(*place)) {
                    if let Some((key, value)) = last.replace(entry).filter(|(key, _)| *key != entry.0) {
                        visit(key, value)?;
                    }
                }
            }
            last.into_iter().try_for_each(|(key, value)| visit(key, value))?;
        }
        index.into_iter().flatten().try_for_each(|(key, value)| visit(key, value))
    }

    /// Sorts entries whose keys are the same up to a place; equal ones in the order in which they came.
    fn sort(&self, entries: &mut [Sortable], from: usize) {
        for (eight, place) in entries.iter_mut() {
            *eight = eight_bytes(self.key(*place), from);
        }
        entries.sort_unstable();
        let next = from.saturating_add(8);
        for same in entries.chunk_by_mut(|(one, _), (other, _)| one == other).filter(|same| same.len() > 1) {
            if same.iter().all(|(_, place)| self.key(*place).len() > next) {
                self.sort(same, next);
            } else {
                same.sort_unstable_by_key(|(_, place)| (self.key(*place), *place));
            }
        }
    }

    fn entry(&self, place: u32) -> Option<(&[u8], &[u8])> {
        self.entries.get(usize::try_from(place).ok()?)
    }

    fn key(&self, place: u32) -> &[u8] {
        key_of(&self.entries, place)
    }

    /// How much memory it takes, about.
    pub(crate) fn memory(&self) -> usize {
        let tables = self.entries.len().saturating_mul(2 * size_of::<u32>());
        self.entries.memory().saturating_add(tables).saturating_add(self.index_bytes)
    }
}

fn lock(table: &Mutex<Table>) -> MutexGuard<'_, Table> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The table of a key.
fn table_of(key: &[u8]) -> (u8, u8) {
    match key {
        [STATE, kind, ..] => (STATE, *kind),
        [first, ..] => (*first, 0),
        [] => (0, 0),
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
            entries in prop::collection::vec(("[as]([a-c]\\x00?[ab]{0,9})?", any::<u8>(), any::<bool>()), 0..200),
        ) {
            let mut layer = Layer::default();
            let mut expected = std::collections::BTreeMap::new();
            for (key, value, looked_for) in &entries {
                let (first, rest) = key.as_bytes().split_at(1);
                layer.put(&[first, rest], |bytes| bytes.push(*value));
                expected.insert(key.as_bytes().to_vec(), vec![*value]);
                if *looked_for {
                    prop_assert_eq!(layer.get(key.as_bytes()).map(<[u8]>::to_vec), Some(vec![*value]));
                }
            }
            let sorted = |layer: &Layer| {
                let mut sorted = Vec::new();
                layer.sorted(|key, value| {
                    sorted.push((key.to_vec(), value.to_vec()));
                    Ok::<(), ()>(())
                }).unwrap();
                sorted
            };
            let in_order: Vec<_> = expected.clone().into_iter().collect();
            prop_assert_eq!(&sorted(&layer), &in_order);
            prop_assert_eq!(layer.iter().count(), expected.len());
            prop_assert_eq!(&sorted(&layer), &in_order);
            for (key, value) in &expected {
                prop_assert_eq!(layer.get(key), Some(value.as_slice()));
            }
            prop_assert_eq!(layer.get(b"ad"), None);
            for prefix in [b"s".as_slice(), b"sb", b"sba", b"a", b"ab"] {
                let begun = expected.keys().filter(|key| key.starts_with(prefix)).count();
                prop_assert_eq!(layer.prefixed(prefix).count(), begun);
            }
        }
    }
}
