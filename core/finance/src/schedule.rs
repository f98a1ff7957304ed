//! Dates that follow each other by months, such as those of instalments.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::calendar::{BusinessDayConvention, Calendar, CalendarError};
use crate::date::Date;

/// Which day of a month follows a day, some months later.
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
pub enum MonthEnd {
    /// The day of the same number, or the last one of a month that lacks it: 28 February leads to 28 March.
    SameDay = 0,
    /// As `SameDay`; but from the last day of a month to the last day of any other: 28 February leads to 31 March.
    /// Source: the end of month convention of the 2006 ISDA Definitions, section 4.10(b).
    LastDay = 1,
}

/// Dates that follow a first one, each so many months after the one before.
///
/// ```
/// use allonge_finance::{Date, MonthEnd, Schedule};
///
/// let schedule = Schedule { first: Date::new(2026, 2, 28)?, months: 1, month_end: MonthEnd::LastDay };
/// let dates: Vec<_> = schedule.dates().take(3).map(|date| date.to_string()).collect();
/// assert_eq!(dates, ["2026-02-28", "2026-03-31", "2026-04-30"]);
/// # Ok::<(), allonge_finance::DateError>(())
/// ```
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Hash, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The first date.
    pub first: Date,
    /// How many months lie between two dates; with 0 it is the first date for ever.
    pub months: u16,
    /// What becomes of the end of a month.
    pub month_end: MonthEnd,
}

impl Schedule {
    /// The date in a place, 0 for the first; none after 2199. It is counted from the first date, so that a short month on
    /// the way leaves no trace: from 31 January the date in February is the 28th, and that in March the 31st.
    pub fn date(&self, place: u32) -> Option<Date> {
        let months = u32::from(self.months).checked_mul(place)?;
        self.first.plus_months(i32::try_from(months).ok()?, self.month_end)
    }

    /// The dates, as far as there are any.
    pub fn dates(&self) -> impl Iterator<Item = Date> + use<> {
        let schedule = *self;
        (0..=u32::MAX).map_while(move |place| schedule.date(place))
    }

    /// The date in a place, moved to a banking day where it is none; none after 2199. Dates are moved one by one, and
    /// none moves those that follow.
    ///
    /// Only the modified conventions, and `Preceding`, leave a last day of a month in its month.
    ///
    /// # Errors
    /// [`CalendarError::NotPublished`].
    pub fn banking_day(
        &self,
        place: u32,
        convention: BusinessDayConvention,
        calendar: &Calendar,
    ) -> Result<Option<Date>, CalendarError> {
        self.date(place).map(|date| calendar.roll(date, convention)).transpose()
    }
}
