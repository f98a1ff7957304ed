//! Banking-day calendars: the type and its algorithms. The content is data that a ledger publishes.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::date::{Date, Weekday};
use crate::text::{borsh_as_text, display_as_str, human_form, invalid, read_bounded, read_text};
use crate::timestamp::{MILLIS_PER_DAY, MILLIS_PER_MINUTE, Timestamp};

/// The most years that one version of a calendar spans.
pub const MAX_YEARS: u16 = 40;
/// The most holidays, and the most working weekend days, in one version of a calendar.
pub const MAX_HOLIDAYS: u32 = 2_000;
/// The most changes of the offset from UTC in one version of a calendar: two a year, and room.
pub const MAX_UTC_OFFSETS: u32 = 128;
/// The longest name of a calendar, in bytes of UTF-8.
pub const MAX_NAME_BYTES: u32 = 64;

/// A valid version of a banking-day calendar of one place.
///
/// It answers only for the days that it publishes, `first` to `last`: beyond them every question gets
/// [`CalendarError::NotPublished`], and the caller stores a provisional deadline. Borsh and serde are those of
/// its [`CalendarTable`], checked on the way in.
///
/// See the [crate page](crate) for an example.
#[derive(Clone, PartialEq, Eq, Debug, Hash, BorshSerialize, Serialize)]
pub struct Calendar(CalendarTable);

impl Calendar {
    /// Checks a table.
    ///
    /// # Errors
    /// [`CalendarError::Invalid`] with the first defect.
    pub fn new(table: CalendarTable) -> Result<Self, CalendarError> {
        table.validate()?;
        Ok(Self(table))
    }

    /// The identifier.
    pub fn id(&self) -> &CalendarId {
        &self.0.id
    }

    /// The version, from 1.
    pub fn version(&self) -> u32 {
        self.0.version
    }

    /// The first day that is published.
    pub fn first(&self) -> Date {
        self.0.first
    }

    /// The last day that is published.
    pub fn last(&self) -> Date {
        self.0.last
    }

    /// The whole content.
    pub fn table(&self) -> &CalendarTable {
        &self.0
    }

    /// The content, to change and check again.
    pub fn into_table(self) -> CalendarTable {
        self.0
    }

    /// Whether banks are open on `date`.
    ///
    /// # Errors
    /// [`CalendarError::NotPublished`].
    pub fn is_banking_day(&self, date: Date) -> Result<bool, CalendarError> {
        self.published(date)?;
        Ok(self.0.is_open(date))
    }

    /// The `n`-th banking day following `date`, which itself does not count, whatever day it is.
    ///
    /// With `n` = 0 it is `date` if that is a banking day, otherwise the next one: the result always is one.
    ///
    /// # Errors
    /// [`CalendarError::NotPublished`] with the first day that is missing.
    pub fn add_banking_days(&self, date: Date, n: u32) -> Result<Date, CalendarError> {
        if n == 0 {
            return self.roll(date, BusinessDayConvention::Following);
        }
        self.published(date)?;
        let (mut day, mut remaining) = (date, n);
        while remaining > 0 {
            day = self.step(day, 1)?;
            remaining -= u32::from(self.0.is_open(day));
        }
        Ok(day)
    }

    /// How many banking days follow `after`, up to and including `until`; 0 when `until` is not later.
    ///
    /// For a banking day `d` later than `x`, `add_banking_days(x, banking_days_between(x, d))` is `d`.
    ///
    /// # Errors
    /// [`CalendarError::NotPublished`].
    pub fn banking_days_between(&self, after: Date, until: Date) -> Result<u32, CalendarError> {
        self.published(after)?;
        self.published(until)?;
        let (mut day, mut count) = (after, 0);
        while day < until {
            day = self.step(day, 1)?;
            count += u32::from(self.0.is_open(day));
        }
        Ok(count)
    }

    /// Moves a date that is not a banking day as `convention` says; a banking day stays.
    ///
    /// `Unadjusted` asks nothing of the calendar, so it answers for any date.
    ///
    /// # Errors
    /// [`CalendarError::NotPublished`] with the first day that is missing.
    pub fn roll(&self, date: Date, convention: BusinessDayConvention) -> Result<Date, CalendarError> {
        use BusinessDayConvention::{Following, ModifiedFollowing, ModifiedPreceding, Preceding, Unadjusted};
        match convention {
            Unadjusted => Ok(date),
            Following => self.seek(date, 1),
            Preceding => self.seek(date, -1),
            ModifiedFollowing => self.seek_within_month(date, 1),
            ModifiedPreceding => self.seek_within_month(date, -1),
        }
    }

    /// The date in this place at `instant`.
    ///
    /// # Errors
    /// [`CalendarError::NotPublished`] when that date is.
    pub fn local_date(&self, instant: Timestamp) -> Result<Date, CalendarError> {
        let days = self.0.local_millis(instant).div_euclid(MILLIS_PER_DAY);
        let date = i32::try_from(days).ok().and_then(|days| Date::from_epoch_days(days).ok());
        let date = date.unwrap_or(if days < 0 { Date::MIN } else { Date::MAX });
        self.published(date)?;
        Ok(date)
    }

    /// The time of day in this place at `instant`, in whole minutes after local midnight.
    ///
    /// # Errors
    /// [`CalendarError::NotPublished`] when the local date is.
    pub fn local_time(&self, instant: Timestamp) -> Result<u16, CalendarError> {
        self.local_date(instant)?;
        let minutes = self.0.local_millis(instant).rem_euclid(MILLIS_PER_DAY) / MILLIS_PER_MINUTE;
        Ok(u16::try_from(minutes).unwrap_or_default())
    }

    /// The instant at which banks close on `date`, which need not be a banking day.
    ///
    /// # Errors
    /// [`CalendarError::NotPublished`].
    pub fn close_of_business(&self, date: Date) -> Result<Timestamp, CalendarError> {
        self.at(date, self.0.closes)
    }

    /// The first instant of `date` in this place.
    ///
    /// # Errors
    /// [`CalendarError::NotPublished`].
    pub fn start_of_day(&self, date: Date) -> Result<Timestamp, CalendarError> {
        self.at(date, 0)
    }

    /// The last millisecond of `date` in this place.
    ///
    /// # Errors
    /// [`CalendarError::NotPublished`].
    pub fn end_of_day(&self, date: Date) -> Result<Timestamp, CalendarError> {
        let next_midnight = self.at(date, MINUTES_PER_DAY)?;
        next_midnight.plus_millis(-1).ok_or_else(|| self.not_published(date))
    }

    fn at(&self, date: Date, minutes: u16) -> Result<Timestamp, CalendarError> {
        self.published(date)?;
        let local = i64::from(date.epoch_days()) * MILLIS_PER_DAY + i64::from(minutes) * MILLIS_PER_MINUTE;
        self.0.instant_of(local).ok_or_else(|| self.not_published(date))
    }

    /// The first banking day at or beyond `date` in a direction.
    fn seek(&self, date: Date, direction: i32) -> Result<Date, CalendarError> {
        self.published(date)?;
        let mut day = date;
        while !self.0.is_open(day) {
            day = self.step(day, direction)?;
        }
        Ok(day)
    }

    /// As [`Self::seek`], but turns round at the end of the month; so the next month need not be published.
    fn seek_within_month(&self, date: Date, direction: i32) -> Result<Date, CalendarError> {
        self.published(date)?;
        let mut day = date;
        while !self.0.is_open(day) {
            match day.plus_days(direction) {
                Some(next) if next.month() == date.month() => day = next,
                _ => return self.seek(date, -direction),
            }
            self.published(day)?;
        }
        Ok(day)
    }

    fn step(&self, day: Date, direction: i32) -> Result<Date, CalendarError> {
        let next = day.plus_days(direction).ok_or_else(|| self.not_published(day))?;
        self.published(next)?;
        Ok(next)
    }

    fn published(&self, date: Date) -> Result<(), CalendarError> {
        if (self.0.first..=self.0.last).contains(&date) { Ok(()) } else { Err(self.not_published(date)) }
    }

    fn not_published(&self, date: Date) -> CalendarError {
        CalendarError::NotPublished { calendar: self.0.id.clone(), date }
    }
}

impl TryFrom<CalendarTable> for Calendar {
    type Error = CalendarError;

    fn try_from(table: CalendarTable) -> Result<Self, Self::Error> {
        Self::new(table)
    }
}

impl BorshDeserialize for Calendar {
    fn deserialize_reader<R: borsh::io::Read>(reader: &mut R) -> borsh::io::Result<Self> {
        Self::new(CalendarTable::deserialize_reader(reader)?).map_err(invalid)
    }
}

impl<'de> Deserialize<'de> for Calendar {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(<CalendarTable as Deserialize>::deserialize(deserializer)?)
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Calendar {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        CalendarTable::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        CalendarTable::schema_id()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        CalendarTable::json_schema(generator)
    }
}

/// The content of one version of a calendar, as it is written and published; [`Calendar::new`] checks it.
#[derive(Clone, PartialEq, Eq, Debug, Hash, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Calendar"))]
#[serde(deny_unknown_fields)]
pub struct CalendarTable {
    /// Which calendar this is.
    pub id: CalendarId,
    /// The version, from 1; a later one replaces it.
    pub version: u32,
    /// What people call it, at most 64 bytes.
    #[borsh(deserialize_with = "read_name")]
    pub name: String,
    /// The first day that is published, from 1970-01-02.
    pub first: Date,
    /// The last day that is published, at most 40 years after the first and before 2199-12-31.
    pub last: Date,
    /// The days of the week on which banks are closed, ascending from Monday.
    #[borsh(deserialize_with = "read_bounded::<_, _, 7>")]
    pub weekend: Vec<Weekday>,
    /// The days on which banks are closed besides the weekend (or on it), ascending.
    #[borsh(deserialize_with = "read_bounded::<_, _, MAX_HOLIDAYS>")]
    pub holidays: Vec<Date>,
    /// The weekend days on which banks are open to make up for a holiday, ascending.
    #[borsh(deserialize_with = "read_bounded::<_, _, MAX_HOLIDAYS>")]
    pub working_weekends: Vec<Date>,
    /// The offsets from UTC, ascending; the first is in force when the first day begins.
    #[borsh(deserialize_with = "read_bounded::<_, _, MAX_UTC_OFFSETS>")]
    pub utc_offsets: Vec<UtcOffset>,
    /// When banks open, in minutes after local midnight.
    pub opens: u16,
    /// When banks close, in minutes after local midnight, at most 1,440.
    pub closes: u16,
}

fn read_name<R: borsh::io::Read>(reader: &mut R) -> borsh::io::Result<String> {
    read_text(reader, MAX_NAME_BYTES)
}

impl CalendarTable {
    /// Checks every limit and every order.
    ///
    /// # Errors
    /// [`CalendarError::Invalid`] with the first defect.
    pub fn validate(&self) -> Result<(), CalendarError> {
        use CalendarDefect::*;
        let refuse = |defect| Err(CalendarError::Invalid { calendar: self.id.clone(), defect });
        let published = self.first..=self.last;
        let in_range = |days: &[Date]| days.iter().all(|day| published.contains(day));
        let bounded = |length: usize, most: u32| u32::try_from(length).is_ok_and(|length| length <= most);

        if self.version == 0 {
            return refuse(Version);
        }
        if self.name.is_empty() || !bounded(self.name.len(), MAX_NAME_BYTES) {
            return refuse(Name);
        }
        // One day is kept free at either end for the offset from UTC.
        let years = self.last.year().checked_sub(self.first.year());
        let representable = self.first.epoch_days() >= 1 && self.last < Date::MAX;
        if published.is_empty() || !representable || years.is_none_or(|years| years >= MAX_YEARS) {
            return refuse(Range);
        }
        if !self.weekend.is_sorted_by(|a, b| a < b) || self.weekend.len() == 7 {
            return refuse(Weekend);
        }
        let sorted = self.holidays.is_sorted_by(|a, b| a < b);
        if !sorted || !in_range(&self.holidays) || !bounded(self.holidays.len(), MAX_HOLIDAYS) {
            return refuse(Holidays);
        }
        let sorted = self.working_weekends.is_sorted_by(|a, b| a < b);
        let make_up =
            |day: &Date| self.weekend.contains(&day.weekday()) && self.holidays.binary_search(day).is_err();
        if !sorted
            || !in_range(&self.working_weekends)
            || !bounded(self.working_weekends.len(), MAX_HOLIDAYS)
            || !self.working_weekends.iter().all(make_up)
        {
            return refuse(WorkingWeekends);
        }
        let sorted = self.utc_offsets.is_sorted_by(|a, b| a.from < b.from);
        // Civil offsets run from -12:00 to +14:00.
        let civil = self.utc_offsets.iter().all(|offset| (-720..=840).contains(&offset.minutes));
        let covered = self.utc_offsets.first().is_some_and(|offset| {
            let midnight = i64::from(self.first.epoch_days()) * MILLIS_PER_DAY;
            offset.from.millis() <= midnight - offset.millis()
        });
        if !sorted || !civil || !covered || !bounded(self.utc_offsets.len(), MAX_UTC_OFFSETS) {
            return refuse(UtcOffsets);
        }
        if self.opens >= self.closes || self.closes > MINUTES_PER_DAY {
            return refuse(Hours);
        }
        Ok(())
    }

    fn is_open(&self, date: Date) -> bool {
        if self.weekend.contains(&date.weekday()) {
            self.working_weekends.binary_search(&date).is_ok()
        } else {
            self.holidays.binary_search(&date).is_err()
        }
    }

    fn local_millis(&self, instant: Timestamp) -> i64 {
        let in_force = self.utc_offsets.iter().rev().find(|offset| offset.from <= instant);
        let in_force = in_force.or(self.utc_offsets.first());
        instant.millis() + in_force.map_or(0, UtcOffset::millis)
    }

    /// The last instant at which the local clock shows `local`; where the clock skips over it, the skip.
    ///
    /// So the days of a place follow each other without a gap, and a deadline that falls into the repeated hour
    /// runs to its end.
    fn instant_of(&self, local: i64) -> Option<Timestamp> {
        // The last offset that is in force once it has shown `local`, so a repeated hour is read the second time.
        let in_force = |offset: &UtcOffset| offset.from.millis() <= local - offset.millis();
        let index = self.utc_offsets.iter().rposition(in_force)?;
        let instant = Timestamp::from_millis(local - self.utc_offsets.get(index)?.millis()).ok()?;
        match self.utc_offsets.get(index + 1) {
            Some(next) if instant >= next.from => Some(next.from),
            _ => Some(instant),
        }
    }
}

/// From which instant a place keeps which offset from UTC.
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
#[serde(deny_unknown_fields)]
pub struct UtcOffset {
    /// The first instant at which it applies.
    pub from: Timestamp,
    /// Minutes ahead of UTC, negative to the west; from -720 to 840.
    pub minutes: i16,
}

impl UtcOffset {
    fn millis(&self) -> i64 {
        i64::from(self.minutes) * MILLIS_PER_MINUTE
    }
}

/// What happens to a date that is not a banking day.
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
pub enum BusinessDayConvention {
    /// The next banking day.
    Following = 0,
    /// The next banking day, unless it falls in another month: then the one before.
    ModifiedFollowing = 1,
    /// The banking day before.
    Preceding = 2,
    /// The banking day before, unless it falls in another month: then the next one.
    ModifiedPreceding = 3,
    /// It stays where it is.
    Unadjusted = 4,
}

/// The name of a calendar: a capital letter, then 1 to 11 capital letters or digits, such as `CN` or `TARGET`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct CalendarId(String);

impl CalendarId {
    /// Reads an identifier.
    ///
    /// # Errors
    /// [`CalendarError::Id`].
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let first = text.starts_with(|c: char| c.is_ascii_uppercase());
        let rest = text.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        if first && rest && (2..=12).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(CalendarError::Id)
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

display_as_str!(CalendarId);
human_form!(CalendarId, CalendarError, {
    "pattern": "^[A-Z][A-Z0-9]{1,11}$",
    "description": "The identifier of a banking-day calendar."
});
borsh_as_text!(CalendarId, 12);

/// Why a calendar did not answer, or was refused.
#[derive(Clone, PartialEq, Eq, Debug, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// The day lies beyond what this version publishes.
    #[error(
        "calendar {calendar} does not publish {date}; keep the deadline provisional until a version does"
    )]
    NotPublished {
        /// The calendar.
        calendar: CalendarId,
        /// The first day that was needed and is missing.
        date: Date,
    },
    /// The content breaks a limit or an order.
    #[error("calendar {calendar} is invalid: {defect}")]
    Invalid {
        /// The calendar.
        calendar: CalendarId,
        /// The first defect found.
        defect: CalendarDefect,
    },
    /// The text is not a calendar identifier.
    #[error(
        "not a calendar; write a capital letter and 1 to 11 capital letters or digits, for example TARGET"
    )]
    Id,
}

/// What is wrong with the content of a calendar.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarDefect {
    /// The version is 0.
    #[error("number the versions from 1")]
    Version,
    /// The name is empty or too long.
    #[error("give a name of 1 to 64 bytes")]
    Name,
    /// The days published are none, too many, or too early or late.
    #[error("publish from first to last within 40 calendar years, between 1970-01-02 and 2199-12-30")]
    Range,
    /// The weekend is unsorted, repeats a day, or is the whole week.
    #[error("list the weekend from Monday on, each day once, leaving a day of business")]
    Weekend,
    /// The holidays are unsorted, repeated, too many, or outside the days published.
    #[error("list at most 2,000 holidays in ascending order, each once, from first to last")]
    Holidays,
    /// A working weekend day is unsorted, repeated, outside the days published, not of the weekend, or a holiday.
    #[error(
        "list working weekends in ascending order, each once, from first to last, on weekend days that are no holidays"
    )]
    WorkingWeekends,
    /// The offsets are none, unsorted, too many, beyond -12:00 to +14:00, or begin after the first day does.
    #[error(
        "list at most 128 offsets from UTC in ascending order, -720 to 840 minutes, the first in force when the first day begins"
    )]
    UtcOffsets,
    /// The opening time is not before the closing time, or that is after midnight.
    #[error("let banks open before they close, and close by minute 1,440")]
    Hours,
}

const MINUTES_PER_DAY: u16 = 1_440;
