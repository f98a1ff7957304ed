//! Day counts: which part of a year lies between two dates.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::date::Date;

/// How days become a part of a year. Source: 2006 ISDA Definitions, section 4.16.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Debug,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum DayCount {
    /// Actual days over 360: section 4.16(e).
    Actual360 = 0,
    /// Actual days over 365, in leap years too: section 4.16(d).
    Actual365Fixed = 1,
    /// Days in leap years over 366, others over 365: section 4.16(b).
    ActualActual = 2,
    /// Months of 30 days, years of 360, as US bonds count: section 4.16(f).
    Thirty360BondBasis = 3,
    /// Months of 30 days, years of 360, the 31st counted as the 30th: section 4.16(g).
    Thirty360Eurobond = 4,
}

/// A part of a year, exactly: never reduced, and negative where the dates run backwards.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct YearFraction {
    /// The days, or what days weigh.
    pub numerator: i64,
    /// What a whole year has of it.
    pub denominator: u32,
}

impl DayCount {
    /// The part of a year from one date to another; the first day counts and the last does not.
    ///
    /// ```
    /// use allonge_finance::{Date, DayCount, YearFraction};
    ///
    /// let (from, to) = (Date::new(2026, 1, 31)?, Date::new(2026, 7, 31)?);
    /// assert_eq!(DayCount::Actual360.fraction(from, to), YearFraction { numerator: 181, denominator: 360 });
    /// assert_eq!(DayCount::Thirty360BondBasis.fraction(from, to), YearFraction { numerator: 180, denominator: 360 });
    /// # Ok::<(), allonge_finance::DateError>(())
    /// ```
    pub fn fraction(self, from: Date, to: Date) -> YearFraction {
        let days = i64::from(from.days_until(to));
        match self {
            DayCount::Actual360 => YearFraction { numerator: days, denominator: 360 },
            DayCount::Actual365Fixed => YearFraction { numerator: days, denominator: 365 },
            DayCount::ActualActual => {
                // l/366 + n/365 is (365·l + 366·n) / (365·366).
                let leap = days_in_leap_years(to) - days_in_leap_years(from);
                YearFraction { numerator: 365 * leap + 366 * (days - leap), denominator: 365 * 366 }
            }
            DayCount::Thirty360BondBasis => {
                let first = from.day().min(30);
                let last = if to.day() == 31 && first == 30 { 30 } else { to.day() };
                thirty_360(from, first, to, last)
            }
            DayCount::Thirty360Eurobond => thirty_360(from, from.day().min(30), to, to.day().min(30)),
        }
    }

    /// The part of a year that so many days are, where the count does not depend on which days they are.
    pub fn of_days(self, days: i64) -> Option<YearFraction> {
        match self {
            DayCount::Actual360 => Some(YearFraction { numerator: days, denominator: 360 }),
            DayCount::Actual365Fixed => Some(YearFraction { numerator: days, denominator: 365 }),
            DayCount::ActualActual | DayCount::Thirty360BondBasis | DayCount::Thirty360Eurobond => None,
        }
    }
}

fn thirty_360(from: Date, first: u8, to: Date, last: u8) -> YearFraction {
    let at =
        |date: Date, day: u8| 360 * i64::from(date.year()) + 30 * i64::from(date.month()) + i64::from(day);
    YearFraction { numerator: at(to, last) - at(from, first), denominator: 360 }
}

/// How many days before a date lie in leap years, counted from year 1 on.
fn days_in_leap_years(date: Date) -> i64 {
    let year = i64::from(date.year());
    let before = year - 1;
    let leap_years = before / 4 - before / 100 + before / 400;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let this_year = match Date::new(date.year(), 1, 1) {
        Ok(new_year) if is_leap => i64::from(new_year.days_until(date)),
        _ => 0,
    };
    366 * leap_years + this_year
}
