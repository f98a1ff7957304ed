//! The civil date.

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::schedule::MonthEnd;
use crate::text::{human_form, invalid};

/// A day of the proleptic Gregorian calendar, without a time or a place, from 1900-01-01 to 2199-12-31.
///
/// The string form is ISO 8601 `YYYY-MM-DD`; Borsh is the count of days since 1970-01-01 as `i32`.
///
/// ```
/// use allonge_finance::{Date, Weekday};
///
/// let date = Date::parse("2026-03-02")?;
/// assert_eq!(date.weekday(), Weekday::Monday);
/// assert_eq!(date.plus_days(30).map(|d| d.to_string()).as_deref(), Some("2026-04-01"));
/// # Ok::<(), allonge_finance::DateError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    days: i32,
}

impl Date {
    /// 1900-01-01.
    pub const MIN: Date = Date { days: -25_567 };
    /// 2199-12-31.
    pub const MAX: Date = Date { days: 84_005 };

    /// The date of a year, a month (1 to 12) and a day (1 to 31).
    ///
    /// # Errors
    /// [`DateError::OutOfRange`] outside 1900 to 2199, [`DateError::NoSuchDay`] for a day that the month lacks.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, DateError> {
        if !(1900..=2199).contains(&year) {
            return Err(DateError::OutOfRange);
        }
        if day == 0 || day > days_in_month(year, month) {
            return Err(DateError::NoSuchDay { year, month, day });
        }
        Ok(Self { days: days_from_civil(i32::from(year), i32::from(month), i32::from(day)) })
    }

    /// Reads `YYYY-MM-DD`, exactly ten characters.
    ///
    /// # Errors
    /// [`DateError::Format`] for any other shape, and those of [`Date::new`].
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
            return Err(DateError::Format);
        };
        let field = |digits: &[u8]| number(digits).ok_or(DateError::Format);
        let year = field(&[*y1, *y2, *y3, *y4])?;
        let month = u8::try_from(field(&[*m1, *m2])?).map_err(|_| DateError::Format)?;
        let day = u8::try_from(field(&[*d1, *d2])?).map_err(|_| DateError::Format)?;
        Self::new(year, month, day)
    }

    /// The date that lies `days` after 1970-01-01 (before, when negative).
    ///
    /// # Errors
    /// [`DateError::OutOfRange`] outside 1900 to 2199.
    pub fn from_epoch_days(days: i32) -> Result<Self, DateError> {
        let date = Self { days };
        if (Self::MIN..=Self::MAX).contains(&date) { Ok(date) } else { Err(DateError::OutOfRange) }
    }

    /// Days since 1970-01-01, negative before it.
    pub fn epoch_days(self) -> i32 {
        self.days
    }

    /// The year, 1900 to 2199.
    pub fn year(self) -> u16 {
        self.civil().0
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.civil().1
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.civil().2
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        match self.days.rem_euclid(7) {
            0 => Weekday::Thursday,
            1 => Weekday::Friday,
            2 => Weekday::Saturday,
            3 => Weekday::Sunday,
            4 => Weekday::Monday,
            5 => Weekday::Tuesday,
            _ => Weekday::Wednesday,
        }
    }

    /// The date `days` later (earlier, when negative); `None` outside 1900 to 2199.
    pub fn plus_days(self, days: i32) -> Option<Self> {
        Self::from_epoch_days(self.days.checked_add(days)?).ok()
    }

    /// The date `months` later (earlier, when negative); `None` outside 1900 to 2199.
    ///
    /// ```
    /// use allonge_finance::{Date, MonthEnd};
    ///
    /// let date = Date::new(2026, 4, 30)?;
    /// assert_eq!(date.plus_months(1, MonthEnd::SameDay), Some(Date::new(2026, 5, 30)?));
    /// assert_eq!(date.plus_months(1, MonthEnd::LastDay), Some(Date::new(2026, 5, 31)?));
    /// # Ok::<(), allonge_finance::DateError>(())
    /// ```
    pub fn plus_months(self, months: i32, month_end: MonthEnd) -> Option<Self> {
        let (year, month, day) = self.civil();
        let sum = (i32::from(year) * 12 + i32::from(month) - 1).checked_add(months)?;
        let year = u16::try_from(sum.div_euclid(12)).ok()?;
        let month = u8::try_from(sum.rem_euclid(12) + 1).ok()?;
        let last = days_in_month(year, month);
        let to_the_end = month_end == MonthEnd::LastDay && self.is_month_end();
        Self::new(year, month, if to_the_end { last } else { day.min(last) }).ok()
    }

    /// Whether it is the last day of its month.
    pub fn is_month_end(self) -> bool {
        let (year, month, day) = self.civil();
        day == days_in_month(year, month)
    }

    /// Days from this date to `other`: positive when `other` is later.
    pub fn days_until(self, other: Date) -> i32 {
        // The range spans about 110,000 days, so this cannot overflow.
        other.days - self.days
    }

    fn civil(self) -> (u16, u8, u8) {
        let (year, month, day) = civil_from_days(self.days);
        // The range of the type keeps all three within their integers.
        (
            u16::try_from(year).unwrap_or_default(),
            u8::try_from(month).unwrap_or_default(),
            u8::try_from(day).unwrap_or_default(),
        )
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        f.pad(&format!("{year:04}-{month:02}-{day:02}"))
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Date({self})")
    }
}

human_form!(Date, DateError, { "format": "date", "description": "A civil date, YYYY-MM-DD, 1900 to 2199." });

impl BorshSerialize for Date {
    fn serialize<W: borsh::io::Write>(&self, writer: &mut W) -> borsh::io::Result<()> {
        BorshSerialize::serialize(&self.days, writer)
    }
}

impl BorshDeserialize for Date {
    fn deserialize_reader<R: borsh::io::Read>(reader: &mut R) -> borsh::io::Result<Self> {
        Self::from_epoch_days(i32::deserialize_reader(reader)?).map_err(invalid)
    }
}

/// A day of the week, numbered as ISO 8601 does: Monday is 1, Sunday is 7. Borsh is that number in one byte.
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
pub enum Weekday {
    /// Monday.
    Monday = 1,
    /// Tuesday.
    Tuesday = 2,
    /// Wednesday.
    Wednesday = 3,
    /// Thursday.
    Thursday = 4,
    /// Friday.
    Friday = 5,
    /// Saturday.
    Saturday = 6,
    /// Sunday.
    Sunday = 7,
}

/// Why a date or a timestamp was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum DateError {
    /// The text is not `YYYY-MM-DD`.
    #[error("not a date; write it as YYYY-MM-DD, for example 2026-03-02")]
    Format,
    /// The month has no such day, or the year no such month.
    #[error("{year:04}-{month:02}-{day:02} is not in the calendar; check the day and the month")]
    NoSuchDay {
        /// The year given.
        year: u16,
        /// The month given.
        month: u8,
        /// The day given.
        day: u8,
    },
    /// The date lies outside 1900 to 2199, or the timestamp outside 1970 to 2199.
    #[error("outside the supported range; dates run from 1900 to 2199 and timestamps from 1970 to 2199")]
    OutOfRange,
    /// The text is not an RFC 3339 timestamp.
    #[error("not a timestamp; write it as RFC 3339 with an offset, for example 2026-03-02T01:00:00.000Z")]
    TimestampFormat,
    /// The time is finer than a millisecond.
    #[error("finer than a millisecond; round the time to three fraction digits first")]
    FinerThanMillisecond,
    /// The second is 60.
    #[error("second 60 (a leap second) is not supported; use second 59 or the next minute")]
    LeapSecond,
}

/// The value of ASCII digits, if all are digits and it fits.
pub(crate) fn number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0u16, |value, digit| {
        let digit = digit.is_ascii_digit().then(|| digit - b'0')?;
        value.checked_mul(10)?.checked_add(u16::from(digit))
    })
}

fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

/// Days since 1970-01-01 of a civil date: the year is taken to begin in March, so that the leap day is its
/// last, and eras of 400 years (146,097 days) repeat.
fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil_from_days(days: i32) -> (i32, i32, i32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year, month, day)
}
