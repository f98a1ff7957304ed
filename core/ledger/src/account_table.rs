//! Accounts in memory, found by their ids.

use std::hash::BuildHasher;
use std::hint::black_box;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use crate::account::{Account, AccountId, Side};

/// So many accounts are fetched from memory at once.
const AHEAD: usize = 16;

/// Accounts side by side, and an index of them, so that little is moved when there are more.
#[derive(Default)]
pub(crate) struct AccountTable {
    accounts: Vec<Account>,
    places: HashTable<u32>,
    hasher: RandomState,
    /// Which of them were looked up since `hand` came by.
    used: Vec<bool>,
    /// The next that could make room.
    hand: usize,
}

impl AccountTable {
    /// A copy of each of these accounts that is there, and the ids of the others. They make room later than others.
    pub(crate) fn gather<'a>(
        &mut self,
        ids: impl Iterator<Item = &'a AccountId>,
    ) -> (AccountTable, Vec<&'a AccountId>) {
        let mut found = AccountTable { hasher: self.hasher.clone(), ..AccountTable::default() };
        let mut missing = Vec::new();
        let hashed: Vec<_> = ids.map(|id| (self.hasher.hash_one(id), id)).collect();
        for some in hashed.chunks(AHEAD) {
            self.read_ahead(some.iter().map(|(hash, _)| *hash));
            for (hash, id) in some {
                if found.hashed_place(*hash, id).is_some() {
                    continue;
                }
                let place = self.hashed_place(*hash, id);
                match place.and_then(|place| Some((self.accounts.get(place)?, self.used.get_mut(place)?))) {
                    Some((account, used)) => {
                        *used = true;
                        found.push_hashed(*hash, account.clone());
                    }
                    None => missing.push(*id),
                }
            }
        }
        missing.sort_unstable();
        missing.dedup();
        (found, missing)
    }

    /// Brings accounts near, so that memory is waited for only once.
    fn read_ahead(&self, hashes: impl Iterator<Item = u64>) {
        let mut places = [None; AHEAD];
        for (place, hash) in places.iter_mut().zip(hashes) {
            *place = self.places.find(hash, |_| true);
        }
        // Its beginning, middle and end.
        let touch = |account: &Account| {
            account.balance.is_negative() ^ (account.entries == 0) ^ (account.side == Side::Asset)
        };
        let found = places.into_iter().flatten().filter_map(|place| at(&self.accounts, *place));
        black_box(found.fold(false, |all, account| all ^ touch(account)));
    }

    /// The account of an id.
    pub(crate) fn get(&self, id: &AccountId) -> Option<&Account> {
        self.accounts.get(self.place(id)?)
    }

    /// As [`get`](AccountTable::get); one that was looked up makes room later than others.
    pub(crate) fn look_up(&mut self, id: &AccountId) -> Option<&Account> {
        let place = self.place(id)?;
        if let Some(used) = self.used.get_mut(place) {
            *used = true;
        }
        self.accounts.get(place)
    }

    /// Puts an account, and answers what stood there.
    pub(crate) fn insert(&mut self, account: Account) -> Option<Account> {
        if let Some(known) = self.place(&account.id).and_then(|place| self.accounts.get_mut(place)) {
            return Some(std::mem::replace(known, account));
        }
        self.push(account);
        None
    }

    /// Puts accounts; when there are `limit` others, one that was not looked up lately makes room.
    pub(crate) fn insert_within(&mut self, limit: usize, accounts: &[Account]) {
        let mut hashes = [0; AHEAD];
        for some in accounts.chunks(AHEAD) {
            for (hash, account) in hashes.iter_mut().zip(some) {
                *hash = self.hasher.hash_one(&account.id);
            }
            self.read_ahead(hashes.into_iter().take(some.len()));
            for (hash, account) in hashes.into_iter().zip(some) {
                self.insert_hashed_within(limit, hash, account.clone());
            }
        }
    }

    fn insert_hashed_within(&mut self, limit: usize, hash: u64, account: Account) {
        let known = self.hashed_place(hash, &account.id);
        if let Some(known) = known.and_then(|place| self.accounts.get_mut(place)) {
            *known = account;
        } else if self.accounts.len() < limit {
            self.push_hashed(hash, account);
        } else if let Some(place) = self.next_free() {
            self.replace(place, hash, account);
        }
    }

    /// Takes out the account that came last, if it is this one.
    pub(crate) fn remove_last(&mut self, id: &AccountId) {
        let last = self.accounts.len().checked_sub(1);
        if self.place(id) == last && last.is_some() {
            self.forget(id);
            self.accounts.pop();
            self.used.pop();
        }
    }

    /// All accounts, in the order in which they came.
    pub(crate) fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// All accounts, in the order in which they came.
    pub(crate) fn into_accounts(self) -> Vec<Account> {
        self.accounts
    }

    fn place(&self, id: &AccountId) -> Option<usize> {
        self.hashed_place(self.hasher.hash_one(id), id)
    }

    fn hashed_place(&self, hash: u64, id: &AccountId) -> Option<usize> {
        let found = self
            .places
            .find(hash, |place| at(&self.accounts, *place).is_some_and(|account| account.id == *id));
        found.and_then(|place| usize::try_from(*place).ok())
    }

    fn push(&mut self, account: Account) {
        self.push_hashed(self.hasher.hash_one(&account.id), account);
    }

    fn push_hashed(&mut self, hash: u64, account: Account) {
        let Ok(place) = u32::try_from(self.accounts.len()) else { return };
        self.accounts.push(account);
        self.used.push(false);
        let (accounts, hasher) = (&self.accounts, &self.hasher);
        let hash_of = |place: &u32| at(accounts, *place).map_or(0, |account| hasher.hash_one(&account.id));
        self.places.insert_unique(hash, place, hash_of);
    }

    fn replace(&mut self, place: usize, hash: u64, account: Account) {
        let Some(old) = self.accounts.get(place).map(|old| old.id.clone()) else { return };
        self.forget(&old);
        let (Some(slot), Ok(index)) = (self.accounts.get_mut(place), u32::try_from(place)) else { return };
        *slot = account;
        let (accounts, hasher) = (&self.accounts, &self.hasher);
        let hash_of = |place: &u32| at(accounts, *place).map_or(0, |account| hasher.hash_one(&account.id));
        self.places.insert_unique(hash, index, hash_of);
    }

    fn forget(&mut self, id: &AccountId) {
        let accounts = &self.accounts;
        let entry = self.places.find_entry(self.hasher.hash_one(id), |place| {
            at(accounts, *place).is_some_and(|account| account.id == *id)
        });
        if let Ok(entry) = entry {
            entry.remove();
        }
    }

    /// The next place whose account was not looked up since the last time that one made room.
    fn next_free(&mut self) -> Option<usize> {
        // Twice round, and the end each time.
        for _ in 0..=self.accounts.len().saturating_mul(2).saturating_add(2) {
            let place = self.hand;
            self.hand = self.hand.saturating_add(1);
            match self.used.get_mut(place) {
                Some(used) if *used => *used = false,
                Some(_) => return Some(place),
                None => self.hand = 0,
            }
        }
        None
    }
}

fn at(accounts: &[Account], place: u32) -> Option<&Account> {
    accounts.get(usize::try_from(place).ok()?)
}

#[cfg(test)]
mod tests {
    use allonge_finance::{Currency, PartyId};
    use proptest::prelude::*;

    use super::*;

    fn account(number: u8, entries: u64) -> Account {
        let owner = PartyId::parse("harbour-bank").unwrap();
        let id = AccountId::new(owner, Currency::parse("USD").unwrap(), format!("n-{number}")).unwrap();
        Account { entries, ..Account::open(id, Side::Asset) }
    }

    proptest! {
        #[test]
        fn what_a_full_table_still_has_is_the_newest_and_never_more_than_fits(
            steps in prop::collection::vec((0..12_u8, any::<bool>()), 0..200),
            limit in 1..9_usize,
        ) {
            let mut table = AccountTable::default();
            let mut newest = std::collections::BTreeMap::new();
            for (time, (number, put)) in (1..).zip(steps) {
                if put {
                    table.insert_within(limit, &[account(number, time)]);
                    newest.insert(number, time);
                    prop_assert_eq!(table.get(&account(number, 0).id).unwrap().entries, time);
                } else if let Some(known) = table.look_up(&account(number, 0).id) {
                    prop_assert_eq!(Some(&known.entries), newest.get(&number));
                }
                prop_assert!(table.accounts.len() <= limit);
                prop_assert_eq!(table.places.len(), table.accounts.len());
            }
            for known in &table.accounts {
                prop_assert_eq!(table.get(&known.id), Some(known));
            }
        }
    }

    #[test]
    fn one_that_was_looked_up_outlives_one_that_was_not() {
        let mut table = AccountTable::default();
        (0..3).for_each(|number| table.insert_within(3, &[account(number, 1)]));
        table.look_up(&account(0, 0).id);
        table.insert_within(3, &[account(3, 1)]);
        assert!(table.get(&account(0, 0).id).is_some());
        assert!(table.get(&account(1, 0).id).is_none());
    }

    #[test]
    fn accounts_are_gathered_once_each_and_those_that_are_missing_named_once() {
        let mut table = AccountTable::default();
        (0..40).for_each(|number| table.insert_within(40, &[account(number, u64::from(number))]));
        let ids: Vec<_> = [7, 50, 7, 39, 50, 41].map(|number| account(number, 0).id).into();
        let (found, missing) = table.gather(ids.iter());
        assert_eq!(found.accounts(), [account(7, 7), account(39, 39)]);
        assert_eq!(found.get(&account(39, 0).id), Some(&account(39, 39)));
        assert_eq!(missing, [&account(41, 0).id, &account(50, 0).id]);
        table.insert_within(40, &[account(41, 1)]);
        assert!(table.get(&account(7, 0).id).is_some(), "it was looked up");
    }

    #[test]
    fn what_came_last_can_be_taken_back() {
        let mut table = AccountTable::default();
        assert_eq!(table.insert(account(0, 1)), None);
        assert_eq!(table.insert(account(1, 1)), None);
        assert_eq!(table.insert(account(1, 2)), Some(account(1, 1)));
        table.remove_last(&account(0, 0).id);
        table.remove_last(&account(1, 0).id);
        assert_eq!(table.get(&account(1, 0).id), None);
        assert_eq!(table.into_accounts(), [account(0, 1)]);
    }
}
