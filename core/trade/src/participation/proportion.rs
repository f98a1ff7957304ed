//! Which part of a risk somebody takes: exactly, in hundred-millionths.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

use allonge_finance::{Money, Rate, Rounding};
use allonge_ledger::Error;
use allonge_ledger::registry::AMOUNT_OVERFLOW;
use borsh::{BorshDeserialize, BorshSerialize};

use crate::identifier::ParseIdError;

/// The whole, in hundred-millionths.
const WHOLE: NonZeroU64 = NonZeroU64::new(100_000_000).unwrap();

/// A part of a whole, above nothing and up to all of it, with at most eight decimals: `0.25` is a quarter.
///
/// The serde form is its text; Borsh is the hundred-millionths as `u32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize)]
pub struct Proportion(u32);

impl Proportion {
    /// All of it.
    pub const WHOLE: Proportion = Proportion(100_000_000);

    /// So many hundred-millionths, from 1 to 100 million.
    ///
    /// # Errors
    /// [`ParseIdError::Proportion`].
    pub fn from_hundred_millionths(units: u32) -> Result<Self, ParseIdError> {
        if units == 0 || units > Self::WHOLE.0 {
            return Err(ParseIdError::Proportion);
        }
        Ok(Proportion(units))
    }

    /// In hundred-millionths.
    pub fn hundred_millionths(self) -> u32 {
        self.0
    }

    /// What is left of it without a smaller one.
    pub fn without(self, other: Proportion) -> Option<Proportion> {
        self.0.checked_sub(other.0).filter(|left| *left > 0).map(Proportion)
    }

    /// The part of an amount, rounded down to the minor unit: what is left over stays with whoever shares.
    pub(crate) fn of(self, amount: Money) -> Result<Money, Error> {
        amount
            .scaled(u64::from(self.0), WHOLE, Rounding::Down)
            .map_err(|source| AMOUNT_OVERFLOW.error().because(source))
    }

    /// The part of an amount that it is among a larger one, rounded down to the minor unit.
    pub(crate) fn of_larger(self, larger: Proportion, amount: Money) -> Result<Money, Error> {
        let whole = NonZeroU64::new(u64::from(larger.0)).unwrap_or(WHOLE);
        amount
            .scaled(u64::from(self.0), whole, Rounding::Down)
            .map_err(|source| AMOUNT_OVERFLOW.error().because(source))
    }
}

impl fmt::Display for Proportion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / Self::WHOLE.0, self.0 % Self::WHOLE.0);
        let text = format!("{whole}.{rest:08}");
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl FromStr for Proportion {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let units = Rate::parse(text).map_err(|_| ParseIdError::Proportion)?.hundred_millionths();
        Proportion::from_hundred_millionths(u32::try_from(units).map_err(|_| ParseIdError::Proportion)?)
    }
}

impl BorshDeserialize for Proportion {
    fn deserialize_reader<R: std::io::Read>(reader: &mut R) -> std::io::Result<Self> {
        Proportion::from_hundred_millionths(u32::deserialize_reader(reader)?)
            .map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proportion_is_above_nothing_and_up_to_the_whole() {
        for text in ["0.25", "1", "0.00000001", "0.33333333"] {
            assert_eq!(text.parse::<Proportion>().unwrap().to_string(), text);
        }
        for text in ["0", "1.00000001", "-0.25", "0.000000001", "25%", ""] {
            assert!(text.parse::<Proportion>().is_err(), "{text}");
        }
        assert!(borsh::from_slice::<Proportion>(&0_u32.to_le_bytes()).is_err());
        assert!(borsh::from_slice::<Proportion>(&100_000_001_u32.to_le_bytes()).is_err());
    }

    #[test]
    fn a_part_is_rounded_down() {
        let usd = |amount| Money::parse(amount, allonge_finance::Currency::parse("USD").unwrap()).unwrap();
        let third: Proportion = "0.33333333".parse().unwrap();
        assert_eq!(third.of(usd("100.00")).unwrap(), usd("33.33"));
        assert_eq!(Proportion::WHOLE.of(usd("100.01")).unwrap(), usd("100.01"));
        let quarter: Proportion = "0.25".parse().unwrap();
        assert_eq!(quarter.of_larger("0.75".parse().unwrap(), usd("100.00")).unwrap(), usd("33.33"));
        assert_eq!(Proportion::WHOLE.without(quarter), Some("0.75".parse().unwrap()));
        assert_eq!(quarter.without(quarter), None);
    }
}
