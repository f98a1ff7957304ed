//! Divisible debts: a debt of an amount is as many units as the amount has minor units, numbered from 1, and every part of it
//! is a range of them. So no unit is ever in two parts, and the parts add up to the whole.

use std::fmt;
use std::str::FromStr;

use borsh::{BorshDeserialize, BorshSerialize};

use crate::identifier::ParseIdError;

/// Some units of a debt, from the first to the last, both of which count. Written `1-333333333`.
///
/// The serde form is its text; Borsh is the two numbers as `u64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize)]
pub struct Units {
    first: u64,
    last: u64,
}

impl Units {
    /// The units from `first`, at least 1, to `last`.
    ///
    /// # Errors
    /// [`ParseIdError::Units`].
    pub fn new(first: u64, last: u64) -> Result<Self, ParseIdError> {
        if first == 0 || last < first {
            return Err(ParseIdError::Units);
        }
        Ok(Units { first, last })
    }

    /// The first unit.
    pub fn first(self) -> u64 {
        self.first
    }

    /// The last unit.
    pub fn last(self) -> u64 {
        self.last
    }

    /// How many units they are; 0 stands for 2^64, which no debt has.
    pub fn count(self) -> u64 {
        (self.last - self.first).wrapping_add(1)
    }

    /// Whether all of `other` are among them.
    pub fn contain(self, other: Units) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Whether some of `other` are among them.
    pub fn overlap(self, other: Units) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// The first `count` of them, and the rest. Both must be there.
    pub fn split(self, count: u64) -> Option<(Units, Units)> {
        let next = self.first.checked_add(count).filter(|next| count > 0 && *next <= self.last)?;
        Some((Units { first: self.first, last: next - 1 }, Units { first: next, last: self.last }))
    }

    /// These and those which follow them, as one range.
    pub fn join(self, next: Units) -> Option<Units> {
        (self.last.checked_add(1) == Some(next.first)).then_some(Units { first: self.first, last: next.last })
    }
}

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first, self.last)
    }
}

impl FromStr for Units {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        // One range has one text.
        let number = |text: &str| {
            let canonical = text.bytes().all(|c| c.is_ascii_digit()) && !text.starts_with('0');
            text.parse().ok().filter(|_| canonical).ok_or(ParseIdError::Units)
        };
        let (first, last) = text.split_once('-').ok_or(ParseIdError::Units)?;
        Units::new(number(first)?, number(last)?)
    }
}

impl BorshDeserialize for Units {
    fn deserialize_reader<R: std::io::Read>(reader: &mut R) -> std::io::Result<Self> {
        let (first, last) = <(u64, u64)>::deserialize_reader(reader)?;
        Units::new(first, last).map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Units {
        text.parse().unwrap()
    }

    #[test]
    fn a_range_has_one_text() {
        assert_eq!(units("1-100").to_string(), "1-100");
        for text in ["0-1", "2-1", "01-2", "1", "1-", "-1", "1-2-3", "+1-2", "1-18446744073709551616"] {
            assert!(text.parse::<Units>().is_err(), "{text}");
        }
        assert!(borsh::from_slice::<Units>(&borsh::to_vec(&(2_u64, 1_u64)).unwrap()).is_err());
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        let (left, right) = units("1-100").split(30).unwrap();
        assert_eq!((left, right), (units("1-30"), units("31-100")));
        assert_eq!(left.count() + right.count(), 100);
        assert_eq!(left.join(right), Some(units("1-100")));
        assert_eq!(right.join(left), None);
        assert_eq!(units("1-100").split(100), None);
        assert_eq!(units("1-100").split(0), None);
    }

    #[test]
    fn overlapping_ranges_have_a_unit_in_common() {
        assert!(units("1-30").overlap(units("30-31")));
        assert!(!units("1-30").overlap(units("31-31")));
        assert!(units("1-30").contain(units("2-30")));
        assert!(!units("1-30").contain(units("30-31")));
    }
}
