//! What the ledger asks of rules, and what rules may ask of the ledger.

use std::fmt::Debug;

use allonge_crypto::{Hash, HashSuite};
use allonge_finance::{Calendar, CalendarError, CalendarId, Money, PartyId, Timestamp};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::account::{Account, AccountId};
use crate::error::{Entry, Error};
use crate::operation::{Event, LedgerEvent};
use crate::party::Party;
use crate::registry::{
    ACCOUNT_NOT_YOURS, ACCOUNT_SAME, ACCOUNT_UNKNOWN, CALENDAR_INVALID, CALENDAR_NOT_PUBLISHED,
    CALENDAR_UNKNOWN, PARTY_UNKNOWN,
};
use crate::state::{StateWriter, Stored, canonical, read_record};

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
    type Operation: Record;
    /// What comes of it.
    type Event: Record;

    /// The newest version of the rules that this software knows.
    const VERSION: u32;

    /// The rules' rows of the error registry.
    fn errors() -> &'static [&'static Entry];

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
    pub(crate) events: Vec<Event<E>>,
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
        self.state.write(T::key(id), canonical(record));
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

    /// Moves money between two open accounts. The author must own the account it leaves.
    ///
    /// Errors: `account.*`, `amount.*`.
    pub fn transfer(
        &mut self,
        from: &AccountId,
        to: &AccountId,
        amount: Money,
        reference: &str,
    ) -> Result<(), Error> {
        if from.owner() != &self.author {
            return Err(ACCOUNT_NOT_YOURS.error().with("account", from).with("party", &self.author));
        }
        if from == to {
            return Err(ACCOUNT_SAME.error().with("account", from));
        }
        let payer = self.account(from)?.debit(amount)?;
        let payee = self.account(to)?.credit(amount)?;
        self.put(from, &payer);
        self.put(to, &payee);
        self.events.push(Event::Ledger(LedgerEvent::Transferred {
            from: from.clone(),
            to: to.clone(),
            amount,
            reference: reference.to_owned(),
        }));
        Ok(())
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
