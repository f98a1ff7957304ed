//! Double-entry accounts.
//!
//! `proofs/money.py` proves of what follows, and of the holds on it, that no money is made or lost.

use std::fmt;
use std::str::FromStr;

use allonge_finance::{Currency, Money, PartyId, ShortText};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Error;
use crate::registry::{
    ACCOUNT_CEILING_EXCEEDED, ACCOUNT_CURRENCY, ACCOUNT_INSUFFICIENT_FUNDS, ACCOUNT_NOT_OWED,
    AMOUNT_NOT_POSITIVE, AMOUNT_OVERFLOW, STORE_CORRUPT,
};
use crate::state::{StateReader, StateWriter, Stored};

/// An account: whose, in which currency, for what. Written `SYNBCNBJXXX/USD/settlement`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize)]
pub struct AccountId {
    owner: PartyId,
    currency: Currency,
    purpose: ShortText<MAX_PURPOSE>,
}

/// How long a purpose is at most.
const MAX_PURPOSE: usize = 16;

/// A text that names no account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "write an account as party/currency/purpose, the purpose in 1 to 16 lower-case letters, digits and \
     hyphens: SYNBCNBJXXX/USD/settlement"
)]
pub struct ParseAccountIdError;

impl AccountId {
    /// An account of `owner` in `currency`. A purpose is 1 to 16 lower-case letters, digits and hyphens.
    pub fn new(
        owner: PartyId,
        currency: Currency,
        purpose: impl AsRef<str>,
    ) -> Result<Self, ParseAccountIdError> {
        let purpose = ShortText::new(purpose.as_ref()).ok_or(ParseAccountIdError)?;
        AccountId { owner, currency, purpose }.checked()
    }

    fn checked(self) -> Result<Self, ParseAccountIdError> {
        let character = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let purpose = self.purpose();
        if purpose.is_empty() || !purpose.bytes().all(character) {
            Err(ParseAccountIdError)
        } else {
            Ok(self)
        }
    }

    /// Whose account it is.
    pub fn owner(&self) -> &PartyId {
        &self.owner
    }

    /// The currency it holds.
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// What it is for.
    pub fn purpose(&self) -> &str {
        self.purpose.as_str()
    }

    /// Whether an amount is above zero and in the account's currency.
    pub(crate) fn check_amount(&self, amount: Money) -> Result<(), Error> {
        self.check_currency(amount)?;
        if !amount.is_positive() {
            return Err(AMOUNT_NOT_POSITIVE.error().with("amount", amount));
        }
        Ok(())
    }

    fn check_currency(&self, amount: Money) -> Result<(), Error> {
        if amount.currency() != self.currency {
            return Err(ACCOUNT_CURRENCY.error().with("account", self).with("currency", amount.currency()));
        }
        Ok(())
    }
}

impl BorshDeserialize for AccountId {
    fn deserialize_reader<R: std::io::Read>(reader: &mut R) -> std::io::Result<Self> {
        let owner = PartyId::deserialize_reader(reader)?;
        let currency = Currency::deserialize_reader(reader)?;
        let purpose = ShortText::deserialize_reader(reader)?;
        let id = AccountId { owner, currency, purpose };
        id.checked().map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.owner, self.currency, self.purpose)
    }
}

impl FromStr for AccountId {
    type Err = ParseAccountIdError;

    fn from_str(text: &str) -> Result<Self, ParseAccountIdError> {
        let mut parts = text.splitn(3, '/');
        let (Some(owner), Some(currency), Some(purpose)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(ParseAccountIdError);
        };
        let owner = PartyId::parse(owner).map_err(|_| ParseAccountIdError)?;
        let currency = Currency::parse(currency).map_err(|_| ParseAccountIdError)?;
        AccountId::new(owner, currency, purpose)
    }
}

impl Serialize for AccountId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AccountId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as Deserialize>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for AccountId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AccountId".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}

/// On which side of the books an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum Side {
    /// What its owner has: never below zero.
    Asset = 0,
    /// What a settlement agent owes, since it issued the money: never above zero.
    Liability = 1,
}

/// An open account and what it holds.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Account {
    /// Which account.
    pub id: AccountId,
    /// An asset, or the liability of a settlement agent.
    pub side: Side,
    /// What it holds. For a liability it is negative: the debt is the money issued.
    pub balance: Money,
    /// How much of it open holds reserve. The rest is available.
    pub held: Money,
    /// What an asset may hold at most; for a liability, what may be issued and reserved at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<Money>,
    /// How many bookings it has had. Each has its number, from 1.
    pub entries: u64,
}

impl Stored for Account {
    type Id = AccountId;
    const KIND: u8 = 0x02;

    fn read(state: &(impl StateReader + ?Sized), id: &AccountId) -> Result<Option<Self>, Error> {
        state.account(id)
    }

    fn write(&self, state: &mut (impl StateWriter + ?Sized), _: &AccountId) {
        state.write_account(self.clone());
    }
}

impl Account {
    /// A new account with nothing in it.
    pub fn open(id: AccountId, side: Side) -> Account {
        let nothing = Money::zero(id.currency());
        Account { id, side, balance: nothing, held: nothing, ceiling: None, entries: 0 }
    }

    /// What transfers and holds may draw on: the balance without what is held.
    pub fn available(&self) -> Result<Money, Error> {
        subtract(self.balance, self.held)
    }

    /// The account with another ceiling, or none. It is not below what the account has come to.
    pub fn with_ceiling(mut self, ceiling: Option<Money>) -> Result<Account, Error> {
        if let Some(ceiling) = ceiling {
            self.id.check_currency(ceiling)?;
        }
        self.ceiling = ceiling;
        let reached = match self.side {
            Side::Asset => self.balance,
            Side::Liability => self.available()?,
        };
        self.check_ceiling(reached)?;
        Ok(self)
    }

    /// The account after `amount` has left it.
    pub fn debit(mut self, amount: Money) -> Result<Account, Error> {
        self.check_drawing(amount)?;
        self.balance = subtract(self.balance, amount)?;
        self.count_entry()
    }

    /// The account after `amount` has come in.
    pub fn credit(mut self, amount: Money) -> Result<Account, Error> {
        self.id.check_amount(amount)?;
        let balance = add(self.balance, amount)?;
        match self.side {
            Side::Asset => self.check_ceiling(balance)?,
            Side::Liability if balance.is_positive() => {
                return Err(ACCOUNT_NOT_OWED
                    .error()
                    .with("account", &self.id)
                    .with("balance", self.balance)
                    .with("amount", amount));
            }
            Side::Liability => {}
        }
        self.balance = balance;
        self.count_entry()
    }

    /// The account with `amount` more reserved.
    pub(crate) fn reserve(mut self, amount: Money) -> Result<Account, Error> {
        self.check_drawing(amount)?;
        self.held = add(self.held, amount)?;
        Ok(self)
    }

    /// The account with `amount` less reserved, which was reserved before.
    pub(crate) fn release(mut self, amount: Money) -> Result<Account, Error> {
        self.held = subtract(self.held, amount)?;
        if self.held.is_negative() {
            let reason = "an account reserves less than its holds";
            return Err(STORE_CORRUPT.error().with("path", "the state").with("reason", reason));
        }
        Ok(self)
    }

    /// Whether `amount` more can leave the account, now or by a hold.
    fn check_drawing(&self, amount: Money) -> Result<(), Error> {
        self.id.check_amount(amount)?;
        let available = self.available()?;
        let left = subtract(available, amount)?;
        match self.side {
            Side::Asset if left.is_negative() => Err(ACCOUNT_INSUFFICIENT_FUNDS
                .error()
                .with("account", &self.id)
                .with("available", available)
                .with("amount", amount)),
            Side::Asset => Ok(()),
            Side::Liability => self.check_ceiling(left),
        }
    }

    /// Whether the account may come to `reached`, which for a liability is what it owes, below zero.
    fn check_ceiling(&self, reached: Money) -> Result<(), Error> {
        let Some(ceiling) = self.ceiling else { return Ok(()) };
        let room = match self.side {
            Side::Asset => subtract(ceiling, reached)?,
            Side::Liability => add(ceiling, reached)?,
        };
        if room.is_negative() {
            return Err(ACCOUNT_CEILING_EXCEEDED
                .error()
                .with("account", &self.id)
                .with("ceiling", ceiling)
                .with("balance", reached));
        }
        Ok(())
    }

    fn count_entry(mut self) -> Result<Account, Error> {
        self.entries = self.entries.checked_add(1).ok_or_else(|| AMOUNT_OVERFLOW.error())?;
        Ok(self)
    }
}

/// The sum of two amounts of one currency.
pub(crate) fn add(one: Money, other: Money) -> Result<Money, Error> {
    one.checked_add(other).map_err(|_| AMOUNT_OVERFLOW.error())
}

/// The difference of two amounts of one currency.
pub(crate) fn subtract(one: Money, other: Money) -> Result<Money, Error> {
    one.checked_sub(other).map_err(|_| AMOUNT_OVERFLOW.error())
}
