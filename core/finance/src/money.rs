//! Money: an exact integer of minor units in a currency.

use std::cmp::Ordering;
use std::fmt;
use std::num::NonZeroU64;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::currency::Currency;

/// An amount of money: an integer of minor units (cents, fils, yen) with its currency; it may be negative.
///
/// Arithmetic is exact and checked, and never mixes currencies. The serde form is
/// `{"amount":"1234.50","currency":"USD"}`; on input `{"minor_units":"123450","currency":"USD"}` is read too.
/// Both are strings: a JSON number is refused, for it may have been a binary float. Borsh is the minor units
/// as `i128`, then the currency.
///
/// Money is not ordered, since two currencies do not compare: see [`Money::checked_cmp`].
///
/// ```
/// use allonge_finance::{Currency, Money};
///
/// let usd = Currency::parse("USD")?;
/// let sum = Money::parse("1234.5", usd)?.checked_add(Money::from_minor_units(50, usd))?;
/// assert_eq!(sum.amount(), "1235.00");
/// assert_eq!(sum.to_string(), "USD 1235.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, BorshSerialize, BorshDeserialize)]
pub struct Money {
    minor_units: i128,
    currency: Currency,
}

impl Money {
    /// Reads a plain decimal: an optional `-`, digits, and at most as many decimals as the currency has.
    ///
    /// Fewer decimals are completed (`"5"` is `5.00` in USD). The whole range of `i128` minor units is read, so
    /// that every amount that this type writes can be read back.
    ///
    /// # Errors
    /// [`MoneyError::Format`] for a plus sign, spaces, separators, exponents and anything else,
    /// [`MoneyError::TooManyDecimals`], [`MoneyError::Overflow`] beyond `i128`.
    pub fn parse(amount: &str, currency: Currency) -> Result<Self, MoneyError> {
        if amount.len() > MAX_TEXT_BYTES {
            return Err(MoneyError::Format);
        }
        let (negative, digits) = match amount.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, amount),
        };
        let (integer, decimals) = match digits.split_once('.') {
            Some((_, "")) => return Err(MoneyError::Format),
            Some((integer, decimals)) => (integer, decimals),
            None => (digits, ""),
        };
        if integer.is_empty() || !integer.bytes().chain(decimals.bytes()).all(|c| c.is_ascii_digit()) {
            return Err(MoneyError::Format);
        }
        let missing = usize::from(currency.minor_units()).checked_sub(decimals.len());
        let missing = missing.ok_or(MoneyError::TooManyDecimals { currency })?;
        let digits = integer.bytes().chain(decimals.bytes()).chain(std::iter::repeat_n(b'0', missing));
        Ok(Self { minor_units: signed(digits, negative)?, currency })
    }

    /// An amount of minor units: 123450 is USD 1234.50, JPY 123450 or BHD 123.450.
    pub fn from_minor_units(minor_units: i128, currency: Currency) -> Self {
        Self { minor_units, currency }
    }

    /// Nothing, in this currency.
    pub fn zero(currency: Currency) -> Self {
        Self { minor_units: 0, currency }
    }

    /// The amount in minor units.
    pub fn minor_units(&self) -> i128 {
        self.minor_units
    }

    /// The currency.
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// The exact decimal, always with the decimals of the currency: `"1234.50"`.
    pub fn amount(&self) -> String {
        let sign = if self.minor_units < 0 { "-" } else { "" };
        let magnitude = self.minor_units.unsigned_abs();
        let decimals = usize::from(self.currency.minor_units());
        let one = 10u128.pow(u32::from(self.currency.minor_units()));
        if decimals == 0 {
            format!("{sign}{magnitude}")
        } else {
            format!("{sign}{}.{:0decimals$}", magnitude / one, magnitude % one)
        }
    }

    /// Whether the amount is nothing.
    pub fn is_zero(&self) -> bool {
        self.minor_units == 0
    }

    /// Whether the amount is below nothing.
    pub fn is_negative(&self) -> bool {
        self.minor_units < 0
    }

    /// Whether the amount is above nothing.
    pub fn is_positive(&self) -> bool {
        self.minor_units > 0
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::Overflow`].
    pub fn checked_add(self, other: Money) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor_units = self.minor_units.checked_add(other.minor_units).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor_units, ..self })
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::Overflow`].
    pub fn checked_sub(self, other: Money) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor_units = self.minor_units.checked_sub(other.minor_units).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor_units, ..self })
    }

    /// Which of two amounts is the greater.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`].
    pub fn checked_cmp(self, other: Money) -> Result<Ordering, MoneyError> {
        self.same_currency(other)?;
        Ok(self.minor_units.cmp(&other.minor_units))
    }

    /// `percent` hundredths of the amount, rounded to the minor unit: `110` of USD 100.00 is USD 110.00.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn scaled_percent(&self, percent: u32, rounding: Rounding) -> Result<Self, MoneyError> {
        const HUNDRED: NonZeroU64 = NonZeroU64::new(100).unwrap();
        self.scaled(u64::from(percent), HUNDRED, rounding)
    }

    /// The amount times `numerator / denominator`, exact until it is rounded once to the minor unit.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn scaled(
        &self,
        numerator: u64,
        denominator: NonZeroU64,
        rounding: Rounding,
    ) -> Result<Self, MoneyError> {
        let (n, d) = (u128::from(numerator), u128::from(denominator.get()));
        let magnitude = self.minor_units.unsigned_abs();
        // m = q·d + r, so m·n/d = q·n + r·n/d, and r·n stays below 2^128: no wider integer is needed.
        let fraction = (magnitude % d) * n;
        let whole = (magnitude / d).checked_mul(n).and_then(|w| w.checked_add(fraction / d));
        let whole = whole.ok_or(MoneyError::Overflow)?;
        let remainder = fraction % d;
        let away = match rounding {
            Rounding::Down => false,
            Rounding::Up => remainder > 0,
            Rounding::HalfUp => remainder >= d - remainder,
            Rounding::HalfEven => match remainder.cmp(&(d - remainder)) {
                Ordering::Less => false,
                Ordering::Equal => whole % 2 == 1,
                Ordering::Greater => true,
            },
        };
        let rounded = whole.checked_add(u128::from(away)).ok_or(MoneyError::Overflow)?;
        let minor_units = with_sign(rounded, self.is_negative()).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor_units, ..*self })
    }

    fn same_currency(self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {}", self.currency, self.amount()))
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Money({self})")
    }
}

/// How a fraction of a minor unit is settled. There is no default: an agreement names its rounding.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Rounding {
    /// Towards zero.
    Down = 0,
    /// Away from zero.
    Up = 1,
    /// To the nearest; a half goes away from zero.
    HalfUp = 2,
    /// To the nearest; a half goes to the even neighbour.
    HalfEven = 3,
}

/// Why an amount was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// The text is not a plain decimal.
    #[error(
        "not an amount; write digits with a point for the decimals, and nothing else but a leading minus, \
         for example 1234.50"
    )]
    Format,
    /// The text has more decimals than the currency.
    #[error(
        "too many decimals: {currency} has {}; round the amount as agreed before passing it",
        currency.minor_units()
    )]
    TooManyDecimals {
        /// The currency of the amount.
        currency: Currency,
    },
    /// Two currencies met in one sum or comparison.
    #[error("{left} and {right} do not mix; convert one of the amounts first")]
    CurrencyMismatch {
        /// The currency on the left.
        left: Currency,
        /// The currency on the right.
        right: Currency,
    },
    /// The result does not fit 127 bits of minor units.
    #[error("the amount is too large; split it")]
    Overflow,
    /// The input names neither or both of `amount` and `minor_units`.
    #[error("give exactly one of amount and minor_units, as a string")]
    AmbiguousAmount,
}

/// A sign, 39 digits, a point, and room for leading zeros.
const MAX_TEXT_BYTES: usize = 64;

fn signed(digits: impl Iterator<Item = u8>, negative: bool) -> Result<i128, MoneyError> {
    let magnitude = digits.into_iter().try_fold(0u128, |value, digit| {
        value.checked_mul(10)?.checked_add(u128::from(digit.wrapping_sub(b'0')))
    });
    magnitude.and_then(|m| with_sign(m, negative)).ok_or(MoneyError::Overflow)
}

fn with_sign(magnitude: u128, negative: bool) -> Option<i128> {
    if negative { 0i128.checked_sub_unsigned(magnitude) } else { i128::try_from(magnitude).ok() }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename = "Money")]
        struct Written {
            amount: String,
            currency: Currency,
        }
        Written { amount: self.amount(), currency: self.currency }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename = "Money", deny_unknown_fields)]
        struct Read {
            amount: Option<String>,
            minor_units: Option<String>,
            currency: Currency,
        }
        let read = Read::deserialize(deserializer)?;
        let money = match (read.amount, read.minor_units) {
            (Some(amount), None) => Money::parse(&amount, read.currency),
            (None, Some(units)) => parse_minor_units(&units, read.currency),
            _ => Err(MoneyError::AmbiguousAmount),
        };
        money.map_err(serde::de::Error::custom)
    }
}

fn parse_minor_units(text: &str, currency: Currency) -> Result<Money, MoneyError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if digits.is_empty() || text.len() > MAX_TEXT_BYTES || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return Err(MoneyError::Format);
    }
    Ok(Money::from_minor_units(signed(digits.bytes(), negative)?, currency))
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Money {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Money".into()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        concat!(module_path!(), "::Money").into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "An exact amount: a decimal string with the currency's decimals. Never a number.",
            "properties": {
                "amount": { "type": "string", "format": "decimal" },
                "currency": generator.subschema_for::<Currency>(),
            },
            "required": ["amount", "currency"],
            "additionalProperties": false,
        })
    }
}
