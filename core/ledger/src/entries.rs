//! Lists of entries by key, several as one.

use fjall::Slice;

use crate::error::Error;

/// A key with its value, where it stands.
pub(crate) enum Entry<'a> {
    InMemory(&'a [u8], &'a [u8]),
    OnDisk(Slice, Slice),
}

/// Entries by their keys, each key once.
pub(crate) type Entries<'a> = Box<dyn Iterator<Item = Result<Entry<'a>, Error>> + 'a>;

impl Entry<'_> {
    pub(crate) fn key(&self) -> &[u8] {
        match self {
            Entry::InMemory(key, _) => key,
            Entry::OnDisk(key, _) => key,
        }
    }

    pub(crate) fn value(&self) -> &[u8] {
        match self {
            Entry::InMemory(_, value) => value,
            Entry::OnDisk(_, value) => value,
        }
    }
}

/// Two lists as one: of a key that stands in both the newer counts.
pub(crate) fn superseding<'a>(newer: Entries<'a>, older: Entries<'a>) -> Entries<'a> {
    let (mut newer, mut older) = (newer.peekable(), older.peekable());
    Box::new(std::iter::from_fn(move || {
        let (newer_first, older_too) = match (newer.peek(), older.peek()) {
            (Some(Ok(newer)), Some(Ok(older))) => (newer.key() <= older.key(), newer.key() == older.key()),
            // What cannot be read is said at once.
            (newer, older) => (matches!(newer, Some(Err(_))) || older.is_none(), false),
        };
        if older_too {
            drop(older.next());
        }
        if newer_first { newer.next() } else { older.next() }
    }))
}
