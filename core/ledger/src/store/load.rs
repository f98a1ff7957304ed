//! Filling a new store from a snapshot: what is in it counts only when all of it is.

use allonge_crypto::{Hash, merkle};
use allonge_finance::PartyId;

use super::{Applied, Booking, STATE, Store, append, block_key, prefixed};
use crate::answers::{Bucket, Entry};
use crate::error::Error;
use crate::index::Filed;
use crate::log::Place;

/// What a block that is kept says of its transactions.
pub(crate) struct Transactions {
    /// Their ids, in their order; zeros for those that were not admitted.
    pub(crate) ids: Vec<Hash>,
    pub(crate) bookings: Vec<Booking>,
    pub(crate) filed: Vec<(PartyId, Filed)>,
    pub(crate) index: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Store {
    /// Begins to fill the store up to a height. Until [`loaded`](Store::loaded) it is nobody's: what a crash leaves of it is
    /// made anew.
    pub(crate) fn begin_load(&mut self, height: u64) {
        self.applied = Some(Applied {
            network: Hash::ZERO,
            height,
            place: Place::NOWHERE,
            digest: Hash::ZERO,
            history: merkle::Frontier::new(),
        });
    }

    /// Puts a record of the state, with what the index says of it.
    pub(crate) fn load_record(
        &mut self,
        key: &[u8],
        value: &[u8],
        index: Vec<(Vec<u8>, Vec<u8>)>,
    ) -> Result<(), Error> {
        self.pending.put(&[&[STATE], key], |bytes| bytes.extend_from_slice(value));
        self.load_index(index)
    }

    /// Puts entries of the index.
    pub(crate) fn load_index(&mut self, index: Vec<(Vec<u8>, Vec<u8>)>) -> Result<(), Error> {
        for (key, value) in index {
            self.pending.put_indexed(prefixed(super::INDEX, &key), value);
        }
        self.make_room()
    }

    /// Puts idempotency keys of a bucket, as if the block of this height had used them. No other of the bucket may have the
    /// same height.
    pub(crate) fn load_answers(
        &mut self,
        bucket: Bucket,
        height: u64,
        entries: &[Entry<'_>],
    ) -> Result<(), Error> {
        self.put_answers(bucket, height, entries);
        self.make_room()
    }

    /// Puts the digest of a header, and where its block stands, if it is kept.
    pub(crate) fn load_block(&mut self, height: u64, place: Place, digest: Hash) -> Result<(), Error> {
        self.pending.put(&[&block_key(height)], |bytes| append(bytes, &(place, digest)));
        self.make_room()
    }

    /// Puts where the transactions of a kept block stand.
    pub(crate) fn load_transactions(&mut self, height: u64, kept: Transactions) -> Result<(), Error> {
        let Transactions { ids, bookings, filed, index } = kept;
        self.put_transactions(height, &ids, &bookings, filed);
        self.load_index(index)
    }

    /// All of it is there, up to this height.
    pub(crate) fn loaded(&mut self, applied: Applied) {
        self.applied = Some(applied);
    }

    fn make_room(&mut self) -> Result<(), Error> {
        if self.pending.memory() > self.settings.pending_bytes { self.write_out() } else { Ok(()) }
    }
}
