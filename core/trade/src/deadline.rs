//! By when a bank must act, and from when a claim is due: banking days of a place, by published calendars.
//!
//! A calendar answers only for the days that it publishes. Beyond them a date is kept *provisional*: what
//! was asked is stored, and the answer is fixed when the record is next touched after a later version was
//! published. A question that cannot be decided meanwhile is refused as `calendar.not_published`.

use allonge_finance::{BusinessDayConvention, Calendar, CalendarError, CalendarId, Date, Timestamp};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// The close of business by which something must be done.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum Deadline {
    /// It is decided, and no later version of the calendar changes it.
    Fixed {
        /// The last instant that is in time: close of business at the place.
        at: Timestamp,
        /// The banking day, as a date at the place.
        date: Date,
        /// The calendar of the place.
        calendar: CalendarId,
        /// The version of the calendar that decided.
        calendar_version: u32,
    } = 0,
    /// It lies beyond what the calendar publishes.
    Provisional {
        /// The day from which banking days count; it does not count itself.
        from: Date,
        /// How many banking days; 0 is `from` itself, or the first banking day following it.
        banking_days: u8,
        /// The calendar of the place.
        calendar: CalendarId,
    } = 1,
}

impl Deadline {
    /// Close of business on the `banking_days`-th banking day following `from`; for 0, on `from` itself or
    /// the first banking day following it.
    pub fn after(from: Date, banking_days: u8, calendar: &Calendar) -> Result<Deadline, CalendarError> {
        let fixed = calendar.add_banking_days(from, u32::from(banking_days)).and_then(|date| {
            Ok(Deadline::Fixed {
                at: calendar.close_of_business(date)?,
                date,
                calendar: calendar.id().clone(),
                calendar_version: calendar.version(),
            })
        });
        match fixed {
            Err(CalendarError::NotPublished { .. }) => {
                Ok(Deadline::Provisional { from, banking_days, calendar: calendar.id().clone() })
            }
            decided => decided,
        }
    }

    /// The calendar that decides it.
    pub fn calendar(&self) -> &CalendarId {
        match self {
            Deadline::Fixed { calendar, .. } | Deadline::Provisional { calendar, .. } => calendar,
        }
    }

    /// The banking day, or the day from which it counts while it is provisional.
    pub fn date(&self) -> Date {
        match self {
            Deadline::Fixed { date, .. } => *date,
            Deadline::Provisional { from, .. } => *from,
        }
    }

    /// The same deadline, fixed if the newest version of its calendar can.
    pub fn settled(self, calendar: &Calendar) -> Result<Deadline, CalendarError> {
        match self {
            Deadline::Provisional { from, banking_days, .. } => Deadline::after(from, banking_days, calendar),
            fixed => Ok(fixed),
        }
    }

    /// Whether it is over at `now`: what happens at the very close of business is in time.
    pub fn has_passed(&self, now: Timestamp, calendar: &Calendar) -> Result<bool, CalendarError> {
        match self.clone().settled(calendar)? {
            Deadline::Fixed { at, .. } => Ok(now > at),
            Deadline::Provisional { from, .. } => {
                // Today is published, and the days from `from` to the end of the calendar did not suffice:
                // so the deadline lies behind that end, and today does not.
                if calendar.local_date(now)? > from {
                    calendar.is_banking_day(from)?;
                }
                Ok(false)
            }
        }
    }
}

/// The day on which a claim falls due.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum DueDate {
    /// It is decided, and no later version of the calendar changes it.
    Fixed {
        /// The banking day, as a date at the place of payment.
        date: Date,
        /// The first instant at which it can be paid as due.
        from: Timestamp,
        /// The calendar of the place.
        calendar: CalendarId,
        /// The version of the calendar that decided.
        calendar_version: u32,
    } = 0,
    /// It lies beyond what the calendar publishes.
    Provisional {
        /// The maturity; when banks are closed then, the claim is due on the first banking day following.
        maturity: Date,
        /// The calendar of the place.
        calendar: CalendarId,
    } = 1,
}

impl DueDate {
    /// The maturity, or the first banking day following it when banks are closed.
    pub fn following(maturity: Date, calendar: &Calendar) -> Result<DueDate, CalendarError> {
        let fixed = calendar.roll(maturity, BusinessDayConvention::Following).and_then(|date| {
            Ok(DueDate::Fixed {
                date,
                from: calendar.start_of_day(date)?,
                calendar: calendar.id().clone(),
                calendar_version: calendar.version(),
            })
        });
        match fixed {
            Err(CalendarError::NotPublished { .. }) => {
                Ok(DueDate::Provisional { maturity, calendar: calendar.id().clone() })
            }
            decided => decided,
        }
    }

    /// The calendar that decides it.
    pub fn calendar(&self) -> &CalendarId {
        match self {
            DueDate::Fixed { calendar, .. } | DueDate::Provisional { calendar, .. } => calendar,
        }
    }

    /// The due date, or the maturity while that is provisional.
    pub fn date(&self) -> Date {
        match self {
            DueDate::Fixed { date, .. } => *date,
            DueDate::Provisional { maturity, .. } => *maturity,
        }
    }

    /// The same due date, fixed if the newest version of its calendar can.
    pub fn settled(self, calendar: &Calendar) -> Result<DueDate, CalendarError> {
        match self {
            DueDate::Provisional { maturity, .. } => DueDate::following(maturity, calendar),
            fixed => Ok(fixed),
        }
    }

    /// Whether it has come at `now`.
    pub fn has_come(&self, now: Timestamp, calendar: &Calendar) -> Result<bool, CalendarError> {
        match self.clone().settled(calendar)? {
            DueDate::Fixed { from, .. } => Ok(now >= from),
            DueDate::Provisional { maturity, .. } => {
                // As for a deadline: today is published, so it lies before the due date or the calendar
                // must say more.
                if calendar.local_date(now)? >= maturity {
                    calendar.is_banking_day(maturity)?;
                }
                Ok(false)
            }
        }
    }
}
