//! Queries: lists of records by what they say, and of transactions by author and time, page by page.
//!
//! A list is as of one height: that of its first page, or the one asked for. The cursor of a page names that height
//! and the last place, so that a list neither skips nor repeats anything while blocks come in. It also carries a
//! check over the ledger, its history and the filters, so that one of another list is refused.

use std::collections::BTreeSet;

use allonge_crypto::{Hash, HashSuite};
use allonge_finance::{PartyId, Timestamp};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;

use crate::account::Account;
use crate::block::{TransactionResult, Verdict};
use crate::embedded::Embedded;
use crate::error::Error;
use crate::index::{self, Filed, Group, IndexTerms, Indexed, Place, Scan, corrupt, list_key};
use crate::registry::{BLOCK_UNKNOWN, QUERY_CURSOR, QUERY_LIMIT, damaged};
use crate::rules::Rules;
use crate::state::{StateReader, Stored, canonical, decode_record, from_canonical};
use crate::statement::MAX_PAGE;
use crate::transaction::SignedTransaction;

/// A page looks at about this many entries at most; it can have fewer items than asked for when it passes over many.
const MAX_EXAMINED: usize = 10_000;
/// At least so many entries are looked at in one go.
const BATCH: usize = 256;
/// A page reads at most this many blocks, and stops after this many bytes of them.
const MAX_BLOCKS: u64 = 10_000;
const MAX_BLOCK_BYTES: usize = 64 << 20;

/// A cursor has at most this many characters.
const MAX_CURSOR: usize = 1_024;
const CURSOR_DOMAIN: &str = "allonge/cursor/1";
/// How much of the hash a cursor carries.
const CHECK_BYTES: usize = 8;

/// Which part of a list, and as of when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging<'a> {
    /// As things stood after the block of this height, 0 for the genesis; by default the newest.
    pub height: Option<u64>,
    /// That of the page before.
    pub cursor: Option<&'a str>,
    /// At most so many items, 1 to 1,000.
    pub limit: usize,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// The items. There can be fewer than asked for, or none, before the end.
    pub items: Vec<T>,
    /// Pass it for the next page; none at the end of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// As of which height.
    pub height: u64,
}

/// Which records of a kind.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize)]
pub struct Filter {
    /// Those that name all of these parties, each in at least one of these parts.
    pub parties: Vec<(PartyId, u8)>,
    /// Those that belong to the record of this key.
    pub belongs_to: Option<Vec<u8>>,
    /// Those with one of these statuses.
    pub statuses: Vec<u8>,
    /// In this order, the places from the first to the second, both included. It is the order of the list.
    pub order: (u8, i64, i64),
    /// The same for other orders.
    pub ranges: Vec<(u8, i64, i64)>,
}

impl Filter {
    fn matches(&self, terms: &IndexTerms) -> bool {
        let within = |(order, first, last): &(u8, i64, i64)| {
            let place = terms.orders.get(usize::from(*order)).copied().flatten();
            place.is_some_and(|place| (*first..=*last).contains(&place))
        };
        self.statuses.contains(&terms.status)
            && (self.belongs_to.is_none() || self.belongs_to == terms.belongs_to)
            && self
                .parties
                .iter()
                .all(|(party, parts)| terms.parties.get(party).is_some_and(|known| known & parts != 0))
            && within(&self.order)
            && self.ranges.iter().all(within)
    }

    /// The smallest group that has them all.
    fn group(&self) -> Group<'_> {
        match (&self.belongs_to, self.parties.first()) {
            (Some(key), _) => Group::BelongsTo(key),
            (None, Some((party, _))) => Group::Party(party),
            (None, None) => Group::All,
        }
    }
}

/// Which transactions.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize)]
pub struct TransactionFilter {
    /// Those of this party.
    pub author: Option<PartyId>,
    /// Those in blocks of this time or later.
    pub from: Option<Timestamp>,
    /// Those in blocks of this time or earlier.
    pub until: Option<Timestamp>,
}

/// A transaction that is in the ledger; its receipt has the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransactionEntry {
    /// Its id.
    pub transaction: Hash,
    /// The height of its block.
    pub height: u64,
    /// Its place in the block, from 0.
    pub index: u32,
    /// The time of its block.
    pub time: Timestamp,
    /// The party that submitted it.
    pub author: PartyId,
    /// Whether it took effect; otherwise only its refusal is in the ledger.
    pub committed: bool,
}

/// Behind which transaction a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
struct Seen {
    height: u64,
    index: u32,
}

impl<R: Rules> Embedded<R> {
    /// One record as it stood after the block of a height, 0 for the genesis.
    ///
    /// Errors: `block.unknown`, `block.pruned`, `store.*`.
    pub fn get_at<T: Indexed>(&self, id: &T::Id, height: u64) -> Result<Option<T>, Error> {
        self.check_height(height)?;
        let value = index::version(self.store(), &T::key(id), height)?;
        value.map(|value| decode_record(&value)).transpose()
    }

    /// A page of the records of a kind, by one of its orders and then by their keys.
    ///
    /// Errors: `query.*`, `block.unknown`, `block.pruned`, `store.*`.
    pub fn find<T: Indexed>(&self, filter: &Filter, paging: Paging<'_>) -> Result<Page<T>, Error> {
        let list = self.list_of(&(T::KIND, filter), paging)?;
        let mut after = match &list.place {
            Some(place) => Some(Place::from_bytes(place).ok_or_else(cursor_damaged)?),
            None => None,
        };
        let (order, first, last) = filter.order;
        let group = filter.group();
        let statuses: BTreeSet<u8> = filter.statuses.iter().copied().collect();
        let lists: Vec<_> = statuses.iter().map(|status| list_key(T::KIND, order, &group, *status)).collect();
        let newest = list.height == self.height();
        let (mut items, mut examined) = (Vec::new(), 0_usize);
        loop {
            let mut found = BTreeSet::new();
            let mut reached: Option<Place> = None;
            for (entries, past) in lists.iter().flat_map(|entries| [(entries, false), (entries, true)]) {
                // What no longer holds did hold before.
                if past && newest {
                    continue;
                }
                let range = (first, last);
                let scan = Scan { list: entries, range, after: after.as_ref(), height: list.height, past };
                let scanned = scan.run(self.store(), paging.limit.max(BATCH))?;
                examined = examined.saturating_add(scanned.examined);
                found.extend(scanned.found);
                reached = reached.into_iter().chain(scanned.reached).min();
            }
            for place in found {
                if reached.as_ref().is_some_and(|reached| place > *reached) {
                    break;
                }
                if items.len() == paging.limit {
                    return Ok(list.page(items, after.map(|after| after.to_bytes())));
                }
                let record = self.listed::<T>(&place.key, list.height, newest)?;
                if filter.matches(&record.terms()) {
                    items.push(record);
                }
                after = Some(place);
            }
            match reached {
                None => return Ok(list.page(items, None)),
                Some(reached) if examined >= MAX_EXAMINED => {
                    return Ok(list.page(items, Some(reached.to_bytes())));
                }
                reached => after = reached,
            }
        }
    }

    /// A page of the accounts, of a party or of all, by id. Unlike other lists it is of the newest height with every
    /// page: accounts are never closed, so that none is skipped or repeated.
    ///
    /// Errors: `query.*`, `store.*`.
    pub fn find_accounts(
        &self,
        owner: Option<&PartyId>,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page<Account>, Error> {
        let list = self.list_of(&(Account::KIND, owner), Paging { height: None, cursor, limit })?;
        let prefix = [&[Account::KIND], owner.map(canonical).unwrap_or_default().as_slice()].concat();
        let (mut items, mut last, mut more) = (Vec::new(), None, false);
        self.store().page(&prefix, list.place.as_deref(), |key, value| {
            more = items.len() == limit;
            if !more {
                items.push(decode_record(value));
                last = Some(key.to_vec());
            }
            !more
        })?;
        let items = items.into_iter().collect::<Result<_, Error>>()?;
        let page = list.page(items, last.filter(|_| more));
        Ok(Page { height: self.height(), ..page })
    }

    /// A page of the transactions of the ledger, in their order.
    ///
    /// Errors: `query.*`, `block.unknown`, `block.pruned`, `store.*`.
    pub fn transactions(
        &self,
        filter: &TransactionFilter,
        paging: Paging<'_>,
    ) -> Result<Page<TransactionEntry>, Error> {
        // No record has this kind.
        let list = self.list_of(&(0_u8, filter), paging)?;
        let oldest = self.oldest_height();
        let from = match filter.from {
            Some(from) => self.first_height(list.height, |time| time >= from)?,
            None => 1,
        };
        // Blocks below the oldest that is kept can be of the same time.
        let reaches_below = match filter.from {
            Some(from) => from <= index::time(self.store(), oldest)?,
            None => true,
        };
        if oldest > 1 && reaches_below {
            return Err(self.pruned(oldest.saturating_sub(1), oldest));
        }
        let until = match filter.until {
            Some(until) => self.first_height(list.height, |time| time > until)?.saturating_sub(1),
            None => list.height,
        };
        let seen: Option<Seen> = match &list.place {
            Some(place) => Some(from_canonical(place).map_err(|_| cursor_damaged())?),
            None => None,
        };
        let from = from.max(seen.map_or(0, |seen| seen.height));
        let mut page = TransactionPage { items: Vec::new(), limit: paging.limit, seen, full: false };
        let reached = match &filter.author {
            Some(author) => {
                self.transactions_of(author, (from, until), &mut page)?;
                None
            }
            None => self.transactions_in((from, until), &mut page)?,
        };
        // A page that ends with a block but not with the list goes on behind the last place that a block has.
        let behind = reached.map(|height| Seen { height, index: u32::MAX });
        let place = if page.full { page.seen } else { behind };
        Ok(list.page(page.items, place.map(|seen| canonical(&seen))))
    }

    fn transactions_of(
        &self,
        author: &PartyId,
        (from, until): (u64, u64),
        page: &mut TransactionPage,
    ) -> Result<(), Error> {
        let mut failed = None;
        self.store().filed(author, from, |height, filed| {
            if height > until {
                return false;
            }
            match index::time(self.store(), height) {
                Ok(time) => page.take(filed.into_iter().map(|filed| entry(filed, height, time, author))),
                Err(error) => failed = Some(error),
            }
            failed.is_none() && !page.full
        })?;
        failed.map_or(Ok(()), Err)
    }

    /// Up to which height blocks were read, if not to the end.
    fn transactions_in(
        &self,
        (from, until): (u64, u64),
        page: &mut TransactionPage,
    ) -> Result<Option<u64>, Error> {
        let mut bytes = 0_usize;
        for height in from..=until {
            if page.full {
                break;
            }
            let block = self.block(height)?;
            bytes = bytes.saturating_add(block.content_bytes());
            let mut entries = Vec::new();
            for (index, (transaction, result)) in (0_u32..).zip(block.transactions.iter().zip(&block.results))
            {
                let author =
                    SignedTransaction::from_bytes(transaction)?.transaction::<R::Operation>()?.author;
                let result = TransactionResult::<R::Event>::try_from_slice(result);
                let result = result.map_err(|error| {
                    damaged(self.log_path(), "a result of a block cannot be read").because(error)
                })?;
                let committed = matches!(result.verdict, Verdict::Committed { .. });
                let filed = Filed { index, transaction: result.transaction, committed };
                entries.push(entry(filed, height, block.header.time, &author));
            }
            page.take(entries.into_iter());
            let blocks = height.saturating_sub(from).saturating_add(1);
            if (blocks >= MAX_BLOCKS || bytes >= MAX_BLOCK_BYTES) && height < until {
                return Ok(Some(height));
            }
        }
        Ok(None)
    }

    /// The first height from 1 on whose block's time is so; above `newest` when none is.
    fn first_height(&self, newest: u64, is: impl Fn(Timestamp) -> bool) -> Result<u64, Error> {
        let (mut before, mut found) = (self.oldest_height().saturating_sub(1), newest.saturating_add(1));
        while found.saturating_sub(before) > 1 {
            let middle = before.midpoint(found);
            if is(index::time(self.store(), middle)?) { found = middle } else { before = middle }
        }
        Ok(found)
    }

    /// A record that the index has.
    fn listed<T: Stored>(&self, key: &[u8], height: u64, newest: bool) -> Result<T, Error> {
        let value = if newest { self.read(key)? } else { index::version(self.store(), key, height)? };
        decode_record(&value.ok_or_else(|| corrupt("it has an entry of a record that is not there"))?)
    }

    fn check_height(&self, height: u64) -> Result<(), Error> {
        let (newest, oldest) = (self.height(), self.oldest_state());
        if height < oldest {
            return Err(self.pruned(height, oldest));
        }
        if height <= newest {
            return Ok(());
        }
        Err(BLOCK_UNKNOWN.error().with("height", height).with("newest", newest))
    }

    /// The list that a page is of, and where the page begins.
    ///
    /// `filter` tells the list from all others of this ledger.
    fn list_of(&self, filter: &impl BorshSerialize, paging: Paging<'_>) -> Result<List, Error> {
        let Paging { height, cursor, limit } = paging;
        if limit == 0 || limit > MAX_PAGE {
            return Err(QUERY_LIMIT.error().with("limit", limit).with("most", MAX_PAGE));
        }
        let cursor = cursor.map(Cursor::parse).transpose()?;
        let as_of = match &cursor {
            Some(cursor) if cursor.height > self.height() => {
                return Err(cursor_refused("this ledger has not come to its height"));
            }
            Some(cursor) => cursor.height,
            None => height.unwrap_or_else(|| self.height()),
        };
        self.check_height(as_of)?;
        let suite = self.trust().genesis().hash_suite;
        let digest =
            self.store().digest(as_of)?.ok_or_else(|| corrupt("the digest of a header is missing"))?;
        let asked = canonical(&(self.trust().network(), canonical(filter), height, as_of, digest));
        let list = List { suite, asked, height: as_of, place: None };
        match cursor {
            None => Ok(list),
            Some(Cursor { place, check, .. }) if list.check(&place) == check => {
                Ok(List { place: Some(place), ..list })
            }
            Some(_) => {
                Err(cursor_refused("it was made with other filters or by another ledger, or it was altered"))
            }
        }
    }
}

/// A list as of a height, from a place on.
struct List {
    suite: HashSuite,
    /// What was asked of which ledger, with which history.
    asked: Vec<u8>,
    height: u64,
    /// Behind which place the page begins, in bytes of the list's own.
    place: Option<Vec<u8>>,
}

impl List {
    /// What tells a cursor of this list, with this place, from all others.
    fn check(&self, place: &[u8]) -> Vec<u8> {
        let hash = self.suite.hash(CURSOR_DOMAIN, &canonical(&(&self.asked, place)));
        hash.as_bytes().iter().copied().take(CHECK_BYTES).collect()
    }

    /// A page, and the cursor that goes on behind a place.
    fn page<T>(&self, items: Vec<T>, place: Option<Vec<u8>>) -> Page<T> {
        let cursor = place.map(|place| {
            let check = self.check(&place);
            hex::encode([&self.height.to_be_bytes(), place.as_slice(), &check].concat())
        });
        Page { items, cursor, height: self.height }
    }
}

/// What the text of a cursor says.
struct Cursor {
    height: u64,
    place: Vec<u8>,
    check: Vec<u8>,
}

impl Cursor {
    fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > MAX_CURSOR {
            return Err(cursor_damaged());
        }
        let bytes = hex::decode(text).map_err(|_| cursor_damaged())?;
        let (height, rest) = bytes.split_first_chunk::<8>().ok_or_else(cursor_damaged)?;
        let (place, check) = rest.split_last_chunk::<CHECK_BYTES>().ok_or_else(cursor_damaged)?;
        Ok(Cursor { height: u64::from_be_bytes(*height), place: place.to_vec(), check: check.to_vec() })
    }
}

/// The transactions of a page, as they are found.
struct TransactionPage {
    items: Vec<TransactionEntry>,
    limit: usize,
    /// The last that was taken, of this page or the one before.
    seen: Option<Seen>,
    /// Whether there was one more than the page takes.
    full: bool,
}

impl TransactionPage {
    /// Takes those that were not seen yet, as long as there is room.
    fn take(&mut self, entries: impl Iterator<Item = TransactionEntry>) {
        for entry in entries {
            let place = Seen { height: entry.height, index: entry.index };
            if self.seen.is_some_and(|seen| place <= seen) {
                continue;
            }
            self.full = self.items.len() == self.limit;
            if self.full {
                return;
            }
            self.items.push(entry);
            self.seen = Some(place);
        }
    }
}

fn entry(filed: Filed, height: u64, time: Timestamp, author: &PartyId) -> TransactionEntry {
    let Filed { index, transaction, committed } = filed;
    TransactionEntry { transaction, height, index, time, author: author.clone(), committed }
}

fn cursor_damaged() -> Error {
    cursor_refused("it is not one that a page carried")
}

fn cursor_refused(reason: &str) -> Error {
    QUERY_CURSOR.error().with("reason", reason)
}
