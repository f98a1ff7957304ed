//! What the ledger asks of rules, and what rules may ask of the ledger.

use std::fmt::Debug;

use allonge_crypto::{Hash, HashSuite, PublicKey};
use allonge_finance::{Calendar, CalendarError, CalendarId, Date, Money, PartyId, Timestamp};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::account::{Account, AccountId};
use crate::error::{Entry, Error};
use crate::findings::Findings;
use crate::index::IndexTerms;
use crate::operation::{Event, LedgerEvent};
use crate::party::Party;
use crate::past::{Earlier, Reading};
use crate::policy::Governed;
use crate::registry::{
    ACCOUNT_NOT_YOURS, ACCOUNT_SAME, ACCOUNT_UNKNOWN, CALENDAR_INVALID, CALENDAR_NOT_PUBLISHED,
    CALENDAR_UNKNOWN, PARTY_UNKNOWN, VALUE_DATE_INVALID,
};
use crate::state::{StateWriter, Stored, read_record};

/// A value date lies at most this many days before or after the date of the block.
pub const MAX_VALUE_DAYS: u32 = 366;

/// What every operation and event is: canonical bytes for the ledger, JSON for people.
pub trait Record:
    BorshSerialize
    + BorshDeserialize
    + Serialize
    + DeserializeOwned
    + Clone
    + Debug
    + PartialEq
    + Send
    + Sync
    + 'static
{
}

impl<T> Record for T where
    T: BorshSerialize
        + BorshDeserialize
        + Serialize
        + DeserializeOwned
        + Clone
        + Debug
        + PartialEq
        + Send
        + Sync
        + 'static
{
}

/// The business that a ledger carries: its operations, and how each changes the state.
///
/// `apply` is a pure function of the state, the operation and the context: no clock but block time, no
/// randomness, no floats, no order of hash maps.
pub trait Rules: Send + Sync + 'static {
    /// What parties can do.
    type Operation: Record + Governed;
    /// What comes of it.
    type Event: Record;

    /// The newest version of the rules that this software knows.
    const VERSION: u32;

    /// The rules' rows of the error registry.
    fn errors() -> &'static [&'static Entry];

    /// The version of [`index`](Rules::index), another whenever its answers become others: the index of a ledger is
    /// then made anew.
    const INDEX_VERSION: u32 = 1;

    /// What a record of the rules is found by, given its kind and its canonical bytes; `None` for kinds that are
    /// found by their ids alone, and of which no past versions are kept. Use [`index_terms`](crate::index_terms).
    ///
    /// Errors: `store.corrupt`.
    fn index(_kind: u8, _value: &[u8]) -> Result<Option<IndexTerms>, Error> {
        Ok(None)
    }

    /// Whether money may leave one account and enter another by an operation of the ledger itself: a transfer, or a hold that
    /// is posted. What the rules move by operations of their own, they judge there.
    ///
    /// Errors: those of the rules.
    fn may_move(
        &self,
        _context: &mut Context<'_, Self::Event>,
        _from: &AccountId,
        _to: &AccountId,
    ) -> Result<(), Error> {
        Ok(())
    }

    /// Carries out one operation, or refuses it. What was written before a refusal is undone.
    fn apply(&self, context: &mut Context<'_, Self::Event>, operation: &Self::Operation)
    -> Result<(), Error>;
}

/// The ledger as one operation sees it.
pub struct Context<'a, E> {
    pub(crate) state: &'a mut dyn StateWriter,
    pub(crate) block: BlockContext,
    pub(crate) author: PartyId,
    pub(crate) transaction: Hash,
    /// The keys that signed the transaction; all of them count.
    pub(crate) keys: &'a [PublicKey],
    /// How many bytes of proposals the transaction has read so far.
    pub(crate) proposal_bytes: usize,
    /// What became of the transactions before it in the block.
    pub(crate) earlier: Earlier<'a>,
    pub(crate) reading: &'a mut Reading,
    pub(crate) findings: &'a mut Findings,
    /// Whether the transaction has reversed one, or tried to.
    pub(crate) reverses: bool,
    pub(crate) events: Vec<Event<E>>,
}

/// One movement of money: out of one account and into another.
#[derive(Clone, Copy)]
pub(crate) struct Leg<'a> {
    pub from: &'a AccountId,
    pub to: &'a AccountId,
    pub amount: Money,
    /// Whether a hold reserved it.
    pub held: bool,
}

/// Money moves between two accounts, not within one.
pub(crate) fn check_ends(from: &AccountId, to: &AccountId) -> Result<(), Error> {
    if from == to { Err(ACCOUNT_SAME.error().with("account", from)) } else { Ok(()) }
}

/// What is the same for all transactions of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockContext {
    /// The network.
    pub network: Hash,
    /// The network's hashes.
    pub suite: HashSuite,
    /// The block's height.
    pub height: u64,
    /// The block's time.
    pub time: Timestamp,
    /// The rules in force.
    pub rules_version: u32,
    /// The epoch, whose roster certifies it.
    pub epoch: u64,
}

impl<E: Record> Context<'_, E> {
    /// The time of the block: the only clock there is.
    pub fn now(&self) -> Timestamp {
        self.block.time
    }

    /// The height of the block.
    pub fn height(&self) -> u64 {
        self.block.height
    }

    /// The version of the rules in force.
    pub fn rules_version(&self) -> u32 {
        self.block.rules_version
    }

    /// The epoch of the block.
    pub fn epoch(&self) -> u64 {
        self.block.epoch
    }

    /// The network.
    pub fn network(&self) -> Hash {
        self.block.network
    }

    /// The network's hashes.
    pub fn suite(&self) -> HashSuite {
        self.block.suite
    }

    /// The party that signed the transaction.
    pub fn author(&self) -> &PartyId {
        &self.author
    }

    /// The transaction's id.
    pub fn transaction(&self) -> Hash {
        self.transaction
    }

    /// Reads one record.
    pub fn get<T: Stored>(&self, id: &T::Id) -> Result<Option<T>, Error> {
        read_record(&*self.state, id)
    }

    /// Writes one record.
    pub fn put<T: Stored>(&mut self, id: &T::Id, record: &T) {
        record.write(&mut *self.state, id);
    }

    /// What the rules found so far, for rules that are asked elsewhere than here.
    pub fn findings(&mut self) -> &mut Findings {
        self.findings
    }

    /// Notes what a rule says, and hands it on: see [`Findings::judge`].
    pub fn judge<T>(&mut self, rule: &'static Entry, judged: Result<T, Error>) -> Result<T, Error> {
        self.findings.judge(rule, judged)
    }

    /// Says what happened.
    pub fn emit(&mut self, event: E) {
        self.events.push(Event::Rules(event));
    }

    /// The party of this id, which must be admitted.
    pub fn party(&self, id: &PartyId) -> Result<Party, Error> {
        self.get::<Party>(id)?.ok_or_else(|| PARTY_UNKNOWN.error().with("party", id))
    }

    /// The newest published version of a calendar.
    pub fn calendar(&self, id: &CalendarId) -> Result<Calendar, Error> {
        self.get::<Calendar>(id)?.ok_or_else(|| CALENDAR_UNKNOWN.error().with("calendar", id))
    }

    /// Moves money between two open accounts. The author must own the account it leaves. Without a value
    /// date it has that of the block, by UTC.
    ///
    /// Errors: `account.*`, `amount.*`, `transfer.value_date`.
    pub fn transfer(
        &mut self,
        from: &AccountId,
        to: &AccountId,
        amount: Money,
        value_date: Option<Date>,
        reference: &str,
    ) -> Result<(), Error> {
        self.check_owner(from)?;
        let value_date = self.value_date(value_date)?;
        self.book(&[Leg { from, to, amount, held: false }], value_date, reference)
    }

    /// The value date that is given, or the date of the block by UTC.
    pub(crate) fn value_date(&self, given: Option<Date>) -> Result<Date, Error> {
        let today = self.now().utc_date();
        let value_date = given.unwrap_or(today);
        if today.days_until(value_date).unsigned_abs() > MAX_VALUE_DAYS {
            return Err(VALUE_DATE_INVALID
                .error()
                .with("value_date", value_date)
                .with("limit", MAX_VALUE_DAYS)
                .with("date", today));
        }
        Ok(value_date)
    }

    /// Books legs in their order, all or none.
    pub(crate) fn book(&mut self, legs: &[Leg<'_>], value_date: Date, reference: &str) -> Result<(), Error> {
        let mut changed: Vec<Account> = Vec::with_capacity(2 * legs.len());
        let mut events = Vec::with_capacity(legs.len());
        for Leg { from, to, amount, held } in legs {
            check_ends(from, to)?;
            let mut payer = self.booked(&mut changed, from)?;
            if *held {
                payer = payer.release(*amount)?;
            }
            let payer = payer.debit(*amount)?;
            let payee = self.booked(&mut changed, to)?.credit(*amount)?;
            events.push(Event::Ledger(LedgerEvent::Transferred {
                from: payer.id.clone(),
                to: payee.id.clone(),
                amount: *amount,
                value_date,
                reference: reference.to_owned(),
                from_entry: payer.entries,
                from_balance: payer.balance,
                to_entry: payee.entries,
                to_balance: payee.balance,
            }));
            changed.extend([payer, payee]);
        }
        changed.into_iter().for_each(|account| self.state.write_account(account));
        self.events.append(&mut events);
        Ok(())
    }

    /// An account as the legs before left it.
    fn booked(&self, changed: &mut Vec<Account>, id: &AccountId) -> Result<Account, Error> {
        match changed.iter().position(|account| account.id == *id) {
            Some(place) => Ok(changed.swap_remove(place)),
            None => self.account(id),
        }
    }

    /// Whether the author may dispose of an account.
    pub(crate) fn check_owner(&self, account: &AccountId) -> Result<(), Error> {
        if account.owner() == &self.author {
            return Ok(());
        }
        Err(ACCOUNT_NOT_YOURS.error().with("account", account).with("party", &self.author))
    }

    /// An open account.
    pub fn account(&self, id: &AccountId) -> Result<Account, Error> {
        self.get::<Account>(id)?.ok_or_else(|| ACCOUNT_UNKNOWN.error().with("account", id))
    }
}

/// A question that a calendar cannot answer yet, as the ledger's error.
impl From<CalendarError> for Error {
    fn from(source: CalendarError) -> Self {
        match &source {
            CalendarError::NotPublished { calendar, date } => {
                CALENDAR_NOT_PUBLISHED.error().with("calendar", calendar).with("date", date).because(source)
            }
            _ => CALENDAR_INVALID.error().with("reason", "defect").because(source),
        }
    }
}

impl Stored for Calendar {
    type Id = CalendarId;
    const KIND: u8 = 0x03;
}
