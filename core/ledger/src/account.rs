//! Double-entry accounts.

use std::fmt;
use std::str::FromStr;

use allonge_finance::{Currency, Money, PartyId};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Error;
use crate::registry::{ACCOUNT_CURRENCY, ACCOUNT_INSUFFICIENT_FUNDS, AMOUNT_NOT_POSITIVE, AMOUNT_OVERFLOW};
use crate::state::Stored;

/// An account: whose, in which currency, for what. Written `SYNBCNBJXXX/USD/settlement`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize)]
pub struct AccountId {
    owner: PartyId,
    currency: Currency,
    purpose: String,
}

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
        purpose: impl Into<String>,
    ) -> Result<Self, ParseAccountIdError> {
        let purpose = purpose.into();
        let character = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if purpose.is_empty() || purpose.len() > 16 || !purpose.bytes().all(character) {
            return Err(ParseAccountIdError);
        }
        Ok(AccountId { owner, currency, purpose })
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
        &self.purpose
    }
}

impl BorshDeserialize for AccountId {
    fn deserialize_reader<R: std::io::Read>(reader: &mut R) -> std::io::Result<Self> {
        let owner = PartyId::deserialize_reader(reader)?;
        let currency = Currency::deserialize_reader(reader)?;
        let purpose = String::deserialize_reader(reader)?;
        AccountId::new(owner, currency, purpose)
            .map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))
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

/// An open account and what it holds.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Account {
    /// Which account.
    pub id: AccountId,
    /// What it holds. Negative only for a settlement agent's, whose debt is the money it issued.
    pub balance: Money,
    /// Whether the balance may be below zero.
    pub may_be_negative: bool,
}

impl Stored for Account {
    type Id = AccountId;
    const KIND: u8 = 0x02;
}

impl Account {
    /// A new account with nothing in it.
    pub fn open(id: AccountId, may_be_negative: bool) -> Account {
        let balance = Money::zero(id.currency());
        Account { id, balance, may_be_negative }
    }

    /// The account after `amount` has left it.
    pub fn debit(mut self, amount: Money) -> Result<Account, Error> {
        self.check(amount)?;
        let balance = self.balance.checked_sub(amount).map_err(|_| AMOUNT_OVERFLOW.error())?;
        if balance.is_negative() && !self.may_be_negative {
            return Err(ACCOUNT_INSUFFICIENT_FUNDS
                .error()
                .with("account", &self.id)
                .with("balance", self.balance)
                .with("amount", amount));
        }
        self.balance = balance;
        Ok(self)
    }

    /// The account after `amount` has come in.
    pub fn credit(mut self, amount: Money) -> Result<Account, Error> {
        self.check(amount)?;
        self.balance = self.balance.checked_add(amount).map_err(|_| AMOUNT_OVERFLOW.error())?;
        Ok(self)
    }

    fn check(&self, amount: Money) -> Result<(), Error> {
        if amount.currency() != self.id.currency() {
            return Err(ACCOUNT_CURRENCY
                .error()
                .with("account", &self.id)
                .with("currency", amount.currency()));
        }
        if !amount.is_positive() {
            return Err(AMOUNT_NOT_POSITIVE.error().with("amount", amount));
        }
        Ok(())
    }
}
