//! The index: what records are found by, every version of them, and who did what when.
//!
//! It is a part of the store, and like the store a cache: executing the log again gives it again. A record of an
//! indexed kind has terms: the parties that it names, what it belongs to, its status, and where it stands in each of
//! the orders of its kind. For each term the index has an entry, from the height at which the record came to have it
//! to the height at which it lost it, so that a list can be made as of any height. Entries that still hold stand
//! apart from past ones: a list of now does not pass over what is long gone.
//!
//! | key | value |
//! |---|---|
//! | live, kind, order, group, status, place in the order, key of the record | since which height |
//! | past, kind, order, group, status, place in the order, key of the record, since which height | until which height |
//! | version, key of the record, height of writing, inverted | the record as it was written |
//! | time, height | the time of that block |

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use allonge_crypto::Hash;
use allonge_finance::{Calendar, PartyId, Timestamp};
use borsh::{BorshDeserialize, BorshSerialize};

use crate::account::Account;
use crate::answers::BucketRoot;
use crate::error::Error;
use crate::hold::Hold;
use crate::party::Party;
use crate::policy::Policy;
use crate::proposal::PartyProposal;
use crate::registry::STORE_CORRUPT;
use crate::reversal::Reversal;
use crate::rules::{BlockContext, Rules};
use crate::state::{
    Changes, StateReader, Stored, canonical, decode_record, from_canonical, from_sorted_bytes,
    to_sorted_bytes,
};
use crate::store::{Store, prefixed};

/// The format of the index and of the rest of the store. A store with another is made anew from the log.
const FORMAT: u32 = 2;

const FORMAT_KEY: &[u8] = b"f";
const LIVE: u8 = b'l';
const PAST: u8 = b'p';
const VERSION: u8 = b'v';
const TIME: u8 = b't';

/// Stands before each version, because an entry of the index is never empty.
const KEPT: u8 = 1;

/// A record that is found by what it says, and kept in every version.
pub trait Indexed: Stored {
    /// What it is found by.
    fn terms(&self) -> IndexTerms;
}

/// What a record is found by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexTerms {
    /// The parties that it names, each with its parts in the record: bits that the kind gives a meaning.
    pub parties: BTreeMap<PartyId, u8>,
    /// The key of the record that it belongs to.
    pub belongs_to: Option<Vec<u8>>,
    /// The number of its status.
    pub status: u8,
    /// Where it stands in each order of its kind; `None` where it does not stand in one.
    pub orders: Vec<Option<i64>>,
}

impl IndexTerms {
    /// Names a party, with its parts in the record as bits.
    pub fn party(mut self, party: &PartyId, parts: u8) -> Self {
        let known = self.parties.entry(party.clone()).or_default();
        *known |= parts;
        self
    }
}

/// The terms of the record of these canonical bytes: for [`Rules::index`].
///
/// Errors: `store.corrupt`.
pub fn index_terms<T: Indexed>(value: &[u8]) -> Result<Option<IndexTerms>, Error> {
    decode_record::<T>(value).map(|record| Some(record.terms()))
}

/// Some records of one kind that have something in common.
#[derive(BorshSerialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub(crate) enum Group<'a> {
    /// All.
    All = 0,
    /// Those that name a party.
    Party(&'a PartyId) = 1,
    /// Those that belong to a record.
    BelongsTo(&'a [u8]) = 2,
}

/// The terms of a record, when it is of an indexed kind. Accounts are written by every transfer, and found by their
/// ids, which begin with their owner's: they are not indexed.
fn terms_of<R: Rules>(kind: u8, value: &[u8]) -> Result<Option<IndexTerms>, Error> {
    match kind {
        Account::KIND | BucketRoot::KIND => Ok(None),
        Party::KIND => index_terms::<Party>(value),
        Hold::KIND => index_terms::<Hold>(value),
        Policy::KIND => index_terms::<Policy>(value),
        Calendar::KIND => index_terms::<Calendar>(value),
        Reversal::KIND => index_terms::<Reversal>(value),
        kind if kind == PartyProposal::<R::Operation>::KIND => {
            index_terms::<PartyProposal<R::Operation>>(value)
        }
        // What else the ledger keeps is nobody's to ask for.
        ..0x40 => Ok(None),
        _ => R::index(kind, value),
    }
}

impl Indexed for Party {
    fn terms(&self) -> IndexTerms {
        IndexTerms { orders: vec![Some(0)], ..IndexTerms::default() }
    }
}

impl Indexed for Policy {
    fn terms(&self) -> IndexTerms {
        IndexTerms::default()
    }
}

impl Indexed for Reversal {
    fn terms(&self) -> IndexTerms {
        IndexTerms::default()
    }
}

impl Indexed for Calendar {
    fn terms(&self) -> IndexTerms {
        IndexTerms::default()
    }
}

/// A key of the index, and what stands under it; nothing, if it is to be removed.
pub(crate) type Entry = (Vec<u8>, Vec<u8>);

/// What a block writes to the index. It must not have been applied to the store yet.
pub(crate) fn writes<R: Rules>(
    store: &Store,
    context: BlockContext,
    changes: &Changes,
) -> Result<Vec<Entry>, Error> {
    let mut writes = vec![time_entry(context.height, context.time)];
    for (key, value) in changes.iter() {
        index_record::<R>(store, context.height, key, value, &mut writes)?;
    }
    Ok(writes)
}

/// What the genesis writes to the index of a new store.
pub(crate) fn first_writes<R: Rules>(
    store: &Store,
    created: Timestamp,
    state: &Changes,
) -> Result<Vec<Entry>, Error> {
    let mut writes =
        vec![(FORMAT_KEY.to_vec(), canonical(&format::<R>())), (time_key(0), canonical(&created))];
    for (key, value) in state.iter() {
        index_record::<R>(store, 0, key, value, &mut writes)?;
    }
    Ok(writes)
}

/// What the index has beside records, up to a height at which the ledger begins.
pub(crate) fn base_writes<R: Rules>() -> Vec<Entry> {
    vec![(FORMAT_KEY.to_vec(), canonical(&format::<R>()))]
}

/// What a record writes that is there when the ledger begins, at a height.
pub(crate) fn base_record<R: Rules>(height: u64, key: &[u8], value: &[u8]) -> Result<Vec<Entry>, Error> {
    let mut writes = Vec::new();
    let kind = key.first().copied().unwrap_or_default();
    let Some(terms) = terms_of::<R>(kind, value)? else { return Ok(writes) };
    writes.push(version_entry(height, key, value));
    let new = entries(kind, &terms, key).into_iter();
    writes.extend(new.map(|new| (prefixed(LIVE, &new), height.to_be_bytes().to_vec())));
    Ok(writes)
}

/// The time of a block that is kept.
pub(crate) fn time_entry(height: u64, time: Timestamp) -> Entry {
    (time_key(height), canonical(&time))
}

fn version_entry(height: u64, key: &[u8], value: &[u8]) -> Entry {
    let mut version = Vec::with_capacity(value.len().saturating_add(1));
    version.push(KEPT);
    version.extend_from_slice(value);
    (version_key(key, height), version)
}

/// Whether the index of a store was made by the same rules of indexing.
pub(crate) fn is_current<R: Rules>(store: &Store) -> Result<bool, Error> {
    Ok(store.indexed(FORMAT_KEY)? == Some(canonical(&format::<R>())))
}

fn format<R: Rules>() -> (u32, u32) {
    (FORMAT, R::INDEX_VERSION)
}

fn index_record<R: Rules>(
    store: &Store,
    height: u64,
    key: &[u8],
    value: &[u8],
    writes: &mut Vec<Entry>,
) -> Result<(), Error> {
    let kind = key.first().copied().unwrap_or_default();
    let Some(terms) = terms_of::<R>(kind, value)? else { return Ok(()) };
    let before = match store.read(key)? {
        Some(before) => terms_of::<R>(kind, &before)?.unwrap_or_default(),
        None => IndexTerms::default(),
    };
    writes.push(version_entry(height, key, value));

    let (before, after) = (entries(kind, &before, key), entries(kind, &terms, key));
    for gone in before.difference(&after) {
        let live = prefixed(LIVE, gone);
        let since = store.indexed(&live)?.ok_or_else(|| corrupt("an entry of the index is missing"))?;
        writes.push((live, Vec::new()));
        writes.push(([&[PAST], gone.as_slice(), &since].concat(), height.to_be_bytes().to_vec()));
    }
    for new in after.difference(&before) {
        writes.push((prefixed(LIVE, new), height.to_be_bytes().to_vec()));
    }
    Ok(())
}

/// The entries of a record, without what says whether they still hold.
fn entries(kind: u8, terms: &IndexTerms, key: &[u8]) -> BTreeSet<Vec<u8>> {
    let mut groups = vec![Group::All];
    groups.extend(terms.belongs_to.as_deref().map(Group::BelongsTo));
    groups.extend(terms.parties.keys().map(Group::Party));
    let mut entries = BTreeSet::new();
    for (order, place) in (0_u8..).zip(&terms.orders) {
        let Some(place) = place else { continue };
        for group in &groups {
            let list = list_key(kind, order, group, terms.status);
            entries.insert([list.as_slice(), &to_sorted_bytes(*place), key].concat());
        }
    }
    entries
}

/// What the entries of one list begin with.
pub(crate) fn list_key(kind: u8, order: u8, group: &Group<'_>, status: u8) -> Vec<u8> {
    [&[kind, order], canonical(group).as_slice(), &[status]].concat()
}

/// Where a record stands in a list: by the order, and then by its key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) value: i64,
    pub(crate) key: Vec<u8>,
}

impl Place {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        [&to_sorted_bytes(self.value), self.key.as_slice()].concat()
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (value, key) = bytes.split_first_chunk::<8>()?;
        Some(Place { value: from_sorted_bytes(*value), key: key.to_vec() })
    }
}

/// What to look for in a list.
pub(crate) struct Scan<'a> {
    /// As [`list_key`] makes it.
    pub(crate) list: &'a [u8],
    /// From where to where in the order, both included.
    pub(crate) range: (i64, i64),
    /// Behind this place.
    pub(crate) after: Option<&'a Place>,
    /// What held at this height.
    pub(crate) height: u64,
    /// Whether entries that no longer hold are looked through, or those that do.
    pub(crate) past: bool,
}

/// What was found in a list.
#[derive(Default)]
pub(crate) struct Scanned {
    /// The places of what held, in their order.
    pub(crate) found: Vec<Place>,
    /// How many entries were looked at.
    pub(crate) examined: usize,
    /// Behind which place there may be more; none at the end of the list.
    pub(crate) reached: Option<Place>,
}

impl Scan<'_> {
    /// Looks at about `limit` entries.
    pub(crate) fn run(&self, store: &Store, limit: usize) -> Result<Scanned, Error> {
        let prefix = prefixed(if self.past { PAST } else { LIVE }, self.list);
        let start = match self.after {
            Some(after) => {
                let after = [prefix.as_slice(), &after.to_bytes()].concat();
                // No height is so high: behind every entry of that place.
                Bound::Excluded(if self.past { [after.as_slice(), &[u8::MAX; 8]].concat() } else { after })
            }
            None => Bound::Included([prefix.as_slice(), &to_sorted_bytes(self.range.0)].concat()),
        };
        let mut scanned = Scanned::default();
        let mut last: Option<Place> = None;
        let mut damaged = false;
        store.indexed_from(&prefix, start.as_ref().map(Vec::as_slice), |key, value| {
            let Some((place, since, until)) = self.read(key.get(prefix.len()..).unwrap_or_default(), value)
            else {
                damaged = true;
                return false;
            };
            if place.value > self.range.1 {
                return false;
            }
            // Several entries can stand at one place.
            if scanned.examined >= limit && last.as_ref() != Some(&place) {
                scanned.reached = last.take();
                return false;
            }
            scanned.examined = scanned.examined.saturating_add(1);
            if since <= self.height && until.is_none_or(|until| self.height < until) {
                scanned.found.push(place.clone());
            }
            last = Some(place);
            true
        })?;
        if damaged { Err(corrupt("an entry of the index cannot be read")) } else { Ok(scanned) }
    }

    /// The place of an entry, since when it held, and until when.
    fn read(&self, entry: &[u8], value: &[u8]) -> Option<(Place, u64, Option<u64>)> {
        let value = u64::from_be_bytes(value.try_into().ok()?);
        if !self.past {
            return Some((Place::from_bytes(entry)?, value, None));
        }
        let (place, since) = entry.split_last_chunk::<8>()?;
        Some((Place::from_bytes(place)?, u64::from_be_bytes(*since), Some(value)))
    }
}

/// The record of a key as it was after the block of a height.
pub(crate) fn version(store: &Store, key: &[u8], height: u64) -> Result<Option<Vec<u8>>, Error> {
    let prefix = prefixed(VERSION, key);
    let mut found = None;
    // The newest stand first.
    store.indexed_from(&prefix, Bound::Included(&version_key(key, height)), |_, value| {
        found = value.split_first().map(|(_, value)| value.to_vec());
        false
    })?;
    Ok(found)
}

/// A transaction of an author in a block.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Filed {
    /// Its place in the block.
    pub(crate) index: u32,
    /// Its id.
    pub(crate) transaction: Hash,
    /// Whether it took effect.
    pub(crate) committed: bool,
}

/// The time of a block, or of the genesis for 0.
pub(crate) fn time(store: &Store, height: u64) -> Result<Timestamp, Error> {
    let time = store.indexed(&time_key(height))?.ok_or_else(|| corrupt("the time of a block is missing"))?;
    from_canonical(&time).map_err(|source| corrupt("the time of a block cannot be read").because(source))
}

pub(crate) fn corrupt(reason: &str) -> Error {
    STORE_CORRUPT.error().with("path", "the index").with("reason", reason)
}

fn version_key(key: &[u8], height: u64) -> Vec<u8> {
    [&[VERSION], key, (!height).to_be_bytes().as_slice()].concat()
}

fn time_key(height: u64) -> Vec<u8> {
    prefixed(TIME, &height.to_be_bytes())
}
