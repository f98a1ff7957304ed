//! Rates of interest, discount and commission: exact decimals a year.

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize};

use crate::text::{human_form, invalid};

/// Decimals of a rate.
const DECIMALS: usize = 8;
/// What 1, a hundred per cent, is in the units of a rate.
pub(crate) const ONE: i64 = 100_000_000;
/// A thousand per cent a year.
const MAX: i64 = 10 * ONE;

/// A rate a year, as a part of the amount: `0.0245` is 2.45 per cent. At most eight decimals, above -1 and up to 10.
///
/// The serde form is its text; Borsh is the hundred-millionths as `i64`.
///
/// ```
/// use allonge_finance::Rate;
///
/// let rate = Rate::parse("0.0245")?;
/// assert_eq!(rate.to_string(), "0.0245");
/// assert_eq!(rate, Rate::from_percent("2.45")?);
/// assert!(Rate::parse("2.45e-2").is_err());
/// # Ok::<(), allonge_finance::RateError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, BorshSerialize)]
pub struct Rate(i64);

/// Why a rate was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum RateError {
    /// The text is not a plain decimal of at most eight decimals.
    #[error(
        "not a rate; write a plain decimal with at most eight decimals, for example 0.0245 for 2.45 per cent"
    )]
    Format,
    /// The rate is out of bounds.
    #[error("the rate is out of bounds; give one above -1 and up to 10, which is a thousand per cent a year")]
    Bounds,
}

impl Rate {
    /// Reads a part of the amount: `0.0245`.
    ///
    /// # Errors
    /// [`RateError::Format`], [`RateError::Bounds`].
    pub fn parse(text: &str) -> Result<Self, RateError> {
        Self::scaled(text, DECIMALS)
    }

    /// Reads per cent: `2.45`, with at most six decimals.
    ///
    /// # Errors
    /// [`RateError::Format`], [`RateError::Bounds`].
    pub fn from_percent(text: &str) -> Result<Self, RateError> {
        Self::scaled(text, DECIMALS - 2)
    }

    /// The rate of so many hundred-millionths.
    ///
    /// # Errors
    /// [`RateError::Bounds`].
    pub fn from_hundred_millionths(units: i64) -> Result<Self, RateError> {
        if units > -ONE && units <= MAX { Ok(Rate(units)) } else { Err(RateError::Bounds) }
    }

    /// In hundred-millionths.
    pub fn hundred_millionths(self) -> i64 {
        self.0
    }

    fn scaled(text: &str, decimals: usize) -> Result<Self, RateError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (integer, fraction) = match digits.split_once('.') {
            Some((_, "")) => return Err(RateError::Format),
            Some(parts) => parts,
            None => (digits, ""),
        };
        let plain = integer.bytes().chain(fraction.bytes()).all(|c| c.is_ascii_digit());
        if integer.is_empty() || integer.len() > 6 || fraction.len() > decimals || !plain {
            return Err(RateError::Format);
        }
        let units: i64 = format!("{integer}{fraction:0<decimals$}").parse().map_err(|_| RateError::Format)?;
        Self::from_hundred_millionths(if negative { -units } else { units })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let one = ONE.unsigned_abs();
        let text = format!("{}.{:08}", magnitude / one, magnitude % one);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        write!(f, "{}{text}", if self.0 < 0 { "-" } else { "" })
    }
}

impl BorshDeserialize for Rate {
    fn deserialize_reader<R: borsh::io::Read>(reader: &mut R) -> borsh::io::Result<Self> {
        Self::from_hundred_millionths(i64::deserialize_reader(reader)?).map_err(invalid)
    }
}

human_form!(Rate, RateError, {
    "description": "A rate a year as a part of the amount, at most eight decimals: 0.0245 is 2.45 per cent.",
    "pattern": r"^-?[0-9]{1,6}(\.[0-9]{1,8})?$",
});
