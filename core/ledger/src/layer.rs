//! What some blocks wrote, on its way to disk.

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use crate::state::Changes;

/// Entries with the newest value of each key, in tables by the first byte of the key. Keys and values stand one after
/// the other in one piece of memory, those that were superseded too.
#[derive(Default)]
pub(crate) struct Layer {
    entries: Changes,
    /// In each table, the place of the newest entry of each key.
    tables: Vec<(u8, HashTable<u32>)>,
    hasher: RandomState,
}

/// The first eight bytes of a key behind those that all keys of its table share, and the place of its entry.
type Sortable = (u64, u32);

impl Layer {
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
        let hash = |key: &[u8]| std::hash::BuildHasher::hash_one(&self.hasher, key);
        let entry = table.entry(
            hash(key),
            |other| key_of(&self.entries, *other) == key,
            |other| hash(key_of(&self.entries, *other)),
        );
        *entry.or_insert(place).get_mut() = place;
    }

    /// The value under a key.
    pub(crate) fn get(&self, key: &[u8]) -> Option<&[u8]> {
        let (_, table) = self.tables.iter().find(|(byte, _)| Some(byte) == key.first())?;
        let hash = std::hash::BuildHasher::hash_one(&self.hasher, key);
        let place = table.find(hash, |place| key_of(&self.entries, *place) == key)?;
        self.entry(*place).map(|(_, value)| value)
    }

    /// Each key with its value, in no order.
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

    /// Each key with its value, by key.
    pub(crate) fn sorted(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let mut tables: Vec<_> = self.tables.iter().collect();
        tables.sort_unstable_by_key(|(byte, _)| *byte);
        tables
            .into_iter()
            .flat_map(|(_, table)| self.sorted_table(table))
            .filter_map(|(_, place)| self.entry(place))
    }

    fn sorted_table(&self, table: &HashTable<u32>) -> Vec<Sortable> {
        let mut keys = table.iter().map(|place| key_of(&self.entries, *place));
        let first = keys.next().unwrap_or_default();
        let shared = keys.fold(first.len(), |shared, key| shared_bytes(first, key).min(shared));
        let mut sorted: Vec<Sortable> =
            table.iter().map(|place| (eight_bytes(key_of(&self.entries, *place), shared), *place)).collect();
        // Most keys differ in these eight bytes, and are compared without looking them up.
        sorted.sort_unstable_by(|(one, place), (other, beside)| {
            let whole = || key_of(&self.entries, *place).cmp(key_of(&self.entries, *beside));
            one.cmp(other).then_with(whole)
        });
        sorted
    }

    fn entry(&self, place: u32) -> Option<(&[u8], &[u8])> {
        self.entries.get(usize::try_from(place).ok()?)
    }

    /// How much memory it takes, about.
    pub(crate) fn memory(&self) -> usize {
        self.entries.memory().saturating_add(self.entries.len().saturating_mul(2 * size_of::<u32>()))
    }
}

fn key_of(entries: &Changes, place: u32) -> &[u8] {
    usize::try_from(place).ok().and_then(|place| entries.get(place)).map_or(&[], |(key, _)| key)
}

fn shared_bytes(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

/// Eight bytes from a place on, in an order that is that of the bytes; zeros follow the end, so that a key never
/// comes behind one that it begins.
fn eight_bytes(key: &[u8], from: usize) -> u64 {
    let mut eight = [0; 8];
    let rest = key.get(from..).unwrap_or_default();
    eight.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
    u64::from_be_bytes(eight)
}
