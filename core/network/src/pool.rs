//! Transactions that wait to be ordered. All of them are verified, and each is there once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use allonge_crypto::Hash;
use allonge_ledger::Error;

use crate::watch::Watch;
use allonge_ledger::registry::VALIDATOR_BUSY;

/// So many transactions may wait.
const MAX_TRANSACTIONS: usize = 65_536;
/// So many bytes of them.
const MAX_BYTES: usize = 256 << 20;
/// A block takes at most this many transactions.
const MAX_PER_BLOCK: usize = 8_192;
/// A block takes at most this many bytes of transactions; the ledger's own limit is above.
const MAX_BLOCK_BYTES: usize = 8 << 20;

/// What waits, in the order in which it came.
#[derive(Default)]
pub(crate) struct Pool {
    waiting: Mutex<Waiting>,
    /// How many came so far.
    arrivals: Watch<u64>,
}

#[derive(Default)]
struct Waiting {
    bytes: usize,
    next: u64,
    transactions: BTreeMap<u64, (Hash, Vec<u8>)>,
    places: HashMap<Hash, u64>,
}

impl Pool {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a verified transaction; answers whether it is new.
    ///
    /// Errors: `validator.busy` when too many wait.
    pub(crate) fn insert(&self, id: Hash, bytes: Vec<u8>) -> Result<bool, Error> {
        let mut waiting = self.lock();
        if waiting.places.contains_key(&id) {
            return Ok(false);
        }
        let sum = waiting.bytes.saturating_add(bytes.len());
        if waiting.transactions.len() >= MAX_TRANSACTIONS || sum > MAX_BYTES {
            return Err(VALIDATOR_BUSY.error().with("limit", MAX_TRANSACTIONS));
        }
        let place = waiting.next;
        waiting.next = place.saturating_add(1);
        waiting.bytes = sum;
        waiting.places.insert(id, place);
        waiting.transactions.insert(place, (id, bytes));
        drop(waiting);
        self.arrivals.change(|count| *count = count.saturating_add(1));
        Ok(true)
    }

    /// Whether exactly these bytes wait, which therefore are verified.
    pub(crate) fn has(&self, id: &Hash, bytes: &[u8]) -> bool {
        let waiting = self.lock();
        let known = waiting.places.get(id).and_then(|place| waiting.transactions.get(place));
        known.is_some_and(|(_, known)| known == bytes)
    }

    /// Whether a transaction waits.
    pub(crate) fn contains(&self, id: &Hash) -> bool {
        self.lock().places.contains_key(id)
    }

    /// What a block takes, of that which is not in the blocks below it.
    pub(crate) fn select(&self, below: &BTreeSet<Hash>) -> Vec<(Hash, Vec<u8>)> {
        let mut room = MAX_BLOCK_BYTES;
        let waiting = self.lock();
        let new = waiting.transactions.values().filter(|(id, _)| !below.contains(id));
        let fits = new.take_while(|(_, bytes)| match room.checked_sub(bytes.len()) {
            Some(left) => {
                room = left;
                true
            }
            None => false,
        });
        fits.take(MAX_PER_BLOCK).cloned().collect()
    }

    /// Takes out what was executed: exactly these bytes, or whatever waits under an id that was `admitted`.
    pub(crate) fn remove<'a>(
        &self,
        executed: impl IntoIterator<Item = (Hash, &'a [u8])>,
        admitted: impl Fn(&Hash) -> bool,
    ) {
        let mut waiting = self.lock();
        for (id, bytes) in executed {
            let Some(place) = waiting.places.get(&id).copied() else { continue };
            let same = waiting.transactions.get(&place).is_some_and(|(_, known)| known == bytes);
            if !same && !admitted(&id) {
                continue;
            }
            waiting.places.remove(&id);
            if let Some((_, bytes)) = waiting.transactions.remove(&place) {
                waiting.bytes = waiting.bytes.saturating_sub(bytes.len());
            }
        }
    }

    /// How many transactions wait, and how many bytes they have.
    #[cfg(feature = "validator")]
    pub(crate) fn load(&self) -> (usize, usize) {
        let waiting = self.lock();
        (waiting.transactions.len(), waiting.bytes)
    }

    /// What waits longest, up to so many bytes, for those who missed it.
    pub(crate) fn oldest(&self, mut room: usize) -> Vec<Vec<u8>> {
        let waiting = self.lock();
        let fits =
            waiting.transactions.values().take_while(|(_, bytes)| match room.checked_sub(bytes.len()) {
                Some(left) => {
                    room = left;
                    true
                }
                None => false,
            });
        fits.map(|(_, bytes)| bytes.clone()).collect()
    }

    /// How many came so far.
    pub(crate) fn arrivals(&self) -> u64 {
        self.arrivals.look(|count| *count)
    }

    /// Waits until more came than so many.
    pub(crate) async fn more_than(&self, seen: u64) {
        self.arrivals.until(|count| (*count != seen).then_some(())).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> Hash {
        Hash::new([number; 32])
    }

    #[test]
    fn each_transaction_waits_once_and_in_its_order() {
        let pool = Pool::default();
        assert!(pool.insert(id(2), vec![2]).unwrap());
        assert!(pool.insert(id(1), vec![1]).unwrap());
        assert!(!pool.insert(id(2), vec![2, 2]).unwrap());
        assert!(pool.has(&id(2), &[2]) && !pool.has(&id(2), &[2, 2]));
        let order =
            |pool: &Pool| pool.select(&BTreeSet::new()).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!(order(&pool), [id(2), id(1)]);
        assert_eq!(pool.select(&BTreeSet::from([id(2)])).len(), 1);
        pool.remove([(id(2), [9].as_slice())], |_| false);
        assert!(pool.contains(&id(2)), "another form of it was refused");
        pool.remove([(id(2), [2].as_slice()), (id(3), [3].as_slice())], |_| false);
        assert_eq!(order(&pool), [id(1)]);
        assert!(!pool.contains(&id(2)));
    }

    #[test]
    fn a_block_takes_no_more_than_its_bytes() {
        let pool = Pool::default();
        for number in 0..5 {
            pool.insert(id(number), vec![number; 3 << 20]).unwrap();
        }
        assert_eq!(pool.select(&BTreeSet::new()).len(), 2);
    }
}
