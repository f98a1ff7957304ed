//! Statements: what was booked to an account, and what it held as of a height and of a value date.
//!
//! The store has, for each booking of an account by its number, where the transaction stands that made it; what was
//! booked is in that transaction's result, in the log. Two receipts of consecutive bookings prove the balance at
//! every height from the first of them to the second; `docs/format.md` says how.

use std::sync::Arc;

use allonge_crypto::Hash;
use allonge_finance::{Date, Money, Timestamp};
use borsh::BorshDeserialize;
use serde::Serialize;

use crate::account::{Account, AccountId};
use crate::block::{TransactionResult, Verdict};
use crate::embedded::{Block, Embedded};
use crate::error::Error;
use crate::operation::{Event, LedgerEvent};
use crate::registry::{ACCOUNT_UNKNOWN, BLOCK_UNKNOWN, STATEMENT_INVALID, STATEMENT_TOO_LONG, damaged};
use crate::rules::Rules;
use crate::store::{Booking, Position};

/// A page of a statement has at most this many bookings.
pub const MAX_PAGE: usize = 1_000;
/// A statement has at most this many bookings.
pub const MAX_STATEMENT: u64 = 100_000;
/// A booking's value date lies at most this many days from the date of its block.
const MAX_VALUE_DAYS: i32 = 366;

/// One booking to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountEntry {
    /// The how manyth booking of the account it is, from 1.
    pub entry: u64,
    /// The height of the block that has it.
    pub height: u64,
    /// The time of that block: when it was recorded.
    pub time: Timestamp,
    /// The transaction that made it, whose receipt proves it.
    pub transaction: Hash,
    /// The account on the other side.
    pub counterparty: AccountId,
    /// How much came in; below zero, how much went out.
    pub amount: Money,
    /// What the account held after it.
    pub balance: Money,
    /// From when on it counts.
    pub value_date: Date,
    /// What for.
    pub reference: String,
    /// The transaction whose booking this one reverses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reverses: Option<Hash>,
}

/// What was booked to an account in some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Statement {
    /// Which account.
    pub account: AccountId,
    /// The first date, by UTC.
    pub first: Date,
    /// The last date, by UTC.
    pub last: Date,
    /// The newest height when the statement was made.
    pub height: u64,
    /// What the account held before.
    pub opening: Money,
    /// What was booked, in its order.
    pub entries: Vec<AccountEntry>,
    /// What the account held after.
    pub closing: Money,
}

/// The bookings that a transaction at this place in its block made, in their order.
pub(crate) fn bookings<E>(verdict: &Verdict<E>, index: u32) -> impl Iterator<Item = Booking> {
    let events = match verdict {
        Verdict::Committed { events } => events.as_slice(),
        Verdict::Rejected { .. } => &[],
    };
    let booked = |event: &Event<E>| match event {
        Event::Ledger(LedgerEvent::Transferred { from, from_entry, to, to_entry, .. }) => {
            Some([(from.clone(), *from_entry), (to.clone(), *to_entry)])
        }
        _ => None,
    };
    let bookings = events.iter().filter_map(booked).flatten();
    bookings.map(move |(account, entry)| Booking { account, entry, index })
}

impl<R: Rules> Embedded<R> {
    /// At most `limit` bookings of an account with numbers above `after`, in their order.
    ///
    /// Errors: `account.unknown`, `statement.invalid`, `block.pruned`, `store.*`.
    pub fn entries(&self, account: &AccountId, after: u64, limit: usize) -> Result<Vec<AccountEntry>, Error> {
        if limit == 0 || limit > MAX_PAGE {
            return Err(STATEMENT_INVALID.error().with("limit", limit).with("most", MAX_PAGE));
        }
        let newest = self.open_account(account)?.entries;
        let mut reader = Reader { ledger: self, account, block: None };
        let last = newest.min(after.saturating_add(u64::try_from(limit).unwrap_or(u64::MAX)));
        (after.saturating_add(1)..=last).map(|entry| reader.entry(entry)).collect()
    }

    /// What an account held after the block of a height, and the number of its newest booking then.
    ///
    /// Before it was opened it held nothing. Errors: `account.unknown` when it never was, `block.unknown`,
    /// `block.pruned`, `store.*`.
    pub fn balance_at(&self, account: &AccountId, height: u64) -> Result<(Money, u64), Error> {
        let newest = self.open_account(account)?;
        if height > self.height() {
            return Err(BLOCK_UNKNOWN.error().with("height", height).with("newest", self.height()));
        }
        let oldest = self.oldest_height();
        // What is not kept is of a block below the oldest, whose state is the last that can be told.
        if height < oldest.saturating_sub(1) {
            return Err(self.pruned(height, oldest));
        }
        let (mut known, mut beyond) = (0_u64, newest.entries.saturating_add(1));
        while beyond.saturating_sub(known) > 1 {
            let middle = known.midpoint(beyond);
            let before = self.kept_booking(account, middle)?.is_none_or(|booked| booked.height <= height);
            if before { known = middle } else { beyond = middle }
        }
        let mut reader = Reader { ledger: self, account, block: None };
        Ok((self.balance_after(&newest, known, &mut reader)?, known))
    }

    /// What an account held by value at the end of a date, by what was recorded up to a height: bookings that count
    /// later are left out.
    ///
    /// Errors: as of [`balance_at`](Embedded::balance_at).
    pub fn balance_by_value(&self, account: &AccountId, height: u64, date: Date) -> Result<Money, Error> {
        let (mut balance, newest) = self.balance_at(account, height)?;
        let mut reader = Reader { ledger: self, account, block: None };
        for entry in (1..=newest).rev() {
            let booked = reader.entry(entry)?;
            // Nothing that was recorded so early can count so late.
            if booked.time.utc_date().days_until(date) > MAX_VALUE_DAYS {
                break;
            }
            if booked.value_date > date {
                let without = balance.checked_sub(booked.amount);
                balance = without.map_err(|_| damaged(self.log_path(), "its balances do not add up"))?;
            }
        }
        Ok(balance)
    }

    /// What was booked to an account in blocks of these dates, by UTC, both included.
    ///
    /// Errors: `account.unknown`, `statement.too_long` above [`MAX_STATEMENT`] bookings, `block.pruned`, `store.*`.
    pub fn statement(&self, account: &AccountId, first: Date, last: Date) -> Result<Statement, Error> {
        let open = self.open_account(account)?;
        let newest = open.entries;
        let oldest = self.oldest_height();
        if oldest > 1 && first <= self.block(oldest)?.header.time.utc_date() {
            return Err(self.pruned(oldest.saturating_sub(1), oldest));
        }
        let before = self.booked_before(account, newest, first)?;
        let until = match last.plus_days(1) {
            Some(next) => self.booked_before(account, newest, next)?.max(before),
            None => newest,
        };
        let bookings = until.saturating_sub(before);
        if bookings > MAX_STATEMENT {
            let error = STATEMENT_TOO_LONG.error().with("account", account);
            return Err(error.with("bookings", bookings).with("limit", MAX_STATEMENT));
        }
        let mut reader = Reader { ledger: self, account, block: None };
        let opening = self.balance_after(&open, before, &mut reader)?;
        let entries = (before.saturating_add(1)..=until).map(|entry| reader.entry(entry));
        let entries = entries.collect::<Result<Vec<_>, Error>>()?;
        let closing = entries.last().map_or(opening, |entry| entry.balance);
        Ok(Statement {
            account: account.clone(),
            first,
            last,
            height: self.height(),
            opening,
            entries,
            closing,
        })
    }

    /// How many bookings of an account are in blocks before a date.
    fn booked_before(&self, account: &AccountId, newest: u64, date: Date) -> Result<u64, Error> {
        let (mut known, mut beyond) = (0_u64, newest.saturating_add(1));
        while beyond.saturating_sub(known) > 1 {
            let middle = known.midpoint(beyond);
            let before = match self.kept_booking(account, middle)? {
                Some(booked) => self.block(booked.height)?.header.time.utc_date() < date,
                None => true,
            };
            if before { known = middle } else { beyond = middle }
        }
        Ok(known)
    }

    /// What an account held after one of its bookings, or before the first; also when that booking is not kept but the
    /// next is, or there is no next.
    fn balance_after(
        &self,
        account: &Account,
        entry: u64,
        reader: &mut Reader<'_, R>,
    ) -> Result<Money, Error> {
        if entry == 0 {
            return Ok(Money::zero(account.id.currency()));
        }
        if self.kept_booking(&account.id, entry)?.is_some() {
            return Ok(reader.entry(entry)?.balance);
        }
        if entry == account.entries {
            return Ok(account.balance);
        }
        let next = reader.entry(entry.saturating_add(1))?;
        let before = next.balance.checked_sub(next.amount);
        before.map_err(|_| damaged(self.log_path(), "its balances do not add up"))
    }

    fn open_account(&self, account: &AccountId) -> Result<Account, Error> {
        self.get::<Account>(account)?.ok_or_else(|| ACCOUNT_UNKNOWN.error().with("account", account))
    }

    /// Where the transaction stands that made a booking.
    fn booked(&self, account: &AccountId, entry: u64) -> Result<Position, Error> {
        let oldest = self.oldest_height();
        self.kept_booking(account, entry)?.ok_or_else(|| self.pruned(oldest.saturating_sub(1), oldest))
    }

    /// The same; nothing, when its block is not kept.
    fn kept_booking(&self, account: &AccountId, entry: u64) -> Result<Option<Position>, Error> {
        let booked = self.store().booking(account, entry)?;
        if booked.is_none() && self.oldest_height() == 1 {
            return Err(damaged(self.log_path(), "a booking is missing"));
        }
        Ok(booked)
    }
}

/// Reads bookings, and keeps the block that had the last one.
struct Reader<'a, R: Rules> {
    ledger: &'a Embedded<R>,
    account: &'a AccountId,
    block: Option<Arc<Block>>,
}

impl<R: Rules> Reader<'_, R> {
    fn entry(&mut self, entry: u64) -> Result<AccountEntry, Error> {
        let Position { height, index } = self.ledger.booked(self.account, entry)?;
        let block = match self.block.take() {
            Some(block) if block.header.height == height => block,
            _ => self.ledger.block(height)?,
        };
        let lost = || damaged(self.ledger.log_path(), "a booking is not where it should be");
        let bytes =
            usize::try_from(index).ok().and_then(|index| block.results.get(index)).ok_or_else(lost)?;
        let result =
            TransactionResult::<R::Event>::try_from_slice(bytes).map_err(|error| lost().because(error))?;
        let Verdict::Committed { events } = result.verdict else { return Err(lost()) };
        let (place, found) = (0..)
            .zip(&events)
            .find_map(|(place, event)| Some((place, self.booked_by(entry, event)?)))
            .ok_or_else(lost)?;
        let reverses = reverses(&events, place);
        let (counterparty, amount, balance, value_date, reference) = found;
        let time = self.block.insert(block).header.time;
        Ok(AccountEntry {
            entry,
            height,
            time,
            transaction: result.transaction,
            counterparty,
            amount,
            balance,
            value_date,
            reference,
            reverses,
        })
    }

    fn booked_by(
        &self,
        entry: u64,
        event: &Event<R::Event>,
    ) -> Option<(AccountId, Money, Money, Date, String)> {
        let Event::Ledger(LedgerEvent::Transferred {
            from,
            to,
            amount,
            value_date,
            reference,
            from_entry,
            from_balance,
            to_entry,
            to_balance,
        }) = event
        else {
            return None;
        };
        let (value_date, reference) = (*value_date, || reference.clone());
        if from == self.account && *from_entry == entry {
            let out = Money::zero(amount.currency()).checked_sub(*amount).ok()?;
            Some((to.clone(), out, *from_balance, value_date, reference()))
        } else if to == self.account && *to_entry == entry {
            Some((from.clone(), *amount, *to_balance, value_date, reference()))
        } else {
            None
        }
    }
}

/// Which transaction the booking at a place among the events of another reverses.
fn reverses<E>(events: &[Event<E>], booking: u32) -> Option<Hash> {
    (0_u32..).zip(events).find_map(|(place, event)| match event {
        Event::Ledger(LedgerEvent::TransactionReversed { transaction, transfers, .. })
            if (place.saturating_sub(*transfers)..place).contains(&booking) =>
        {
            Some(*transaction)
        }
        _ => None,
    })
}
