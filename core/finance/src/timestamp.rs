//! The instant.

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize};

use crate::date::{Date, DateError, number};
use crate::text::{human_form, invalid};

pub(crate) const MILLIS_PER_MINUTE: i64 = 60_000;
pub(crate) const MILLIS_PER_DAY: i64 = 86_400_000;

/// An instant in milliseconds since 1970-01-01T00:00:00Z, without leap seconds, to the end of 2199.
///
/// The string form is RFC 3339 in UTC with exactly three fraction digits; any offset is read. Borsh is `i64`.
///
/// ```
/// use allonge_finance::Timestamp;
///
/// let instant = Timestamp::parse("2026-03-02T09:00:00+08:00")?;
/// assert_eq!(instant.to_string(), "2026-03-02T01:00:00.000Z");
/// # Ok::<(), allonge_finance::DateError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    millis: i64,
}

impl Timestamp {
    /// 1970-01-01T00:00:00.000Z.
    pub const MIN: Timestamp = Timestamp { millis: 0 };
    /// 2199-12-31T23:59:59.999Z.
    pub const MAX: Timestamp = Timestamp { millis: 84_006 * MILLIS_PER_DAY - 1 };

    /// The instant `millis` milliseconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`DateError::OutOfRange`] when negative or after 2199.
    pub fn from_millis(millis: i64) -> Result<Self, DateError> {
        let instant = Self { millis };
        if (Self::MIN..=Self::MAX).contains(&instant) { Ok(instant) } else { Err(DateError::OutOfRange) }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub fn millis(self) -> i64 {
        self.millis
    }

    /// The instant `millis` later (earlier, when negative); `None` outside the range of the type.
    pub fn plus_millis(self, millis: i64) -> Option<Self> {
        Self::from_millis(self.millis.checked_add(millis)?).ok()
    }

    /// The date in UTC.
    pub fn utc_date(self) -> Date {
        let days = i32::try_from(self.millis / MILLIS_PER_DAY).unwrap_or_default();
        // The range of the type lies inside that of Date.
        Date::from_epoch_days(days).unwrap_or(Date::MAX)
    }

    /// Reads an RFC 3339 date-time with any offset.
    ///
    /// # Errors
    /// [`DateError::TimestampFormat`] for any other shape (an offset is required),
    /// [`DateError::FinerThanMillisecond`] rather than a silent rounding, [`DateError::LeapSecond`] for second
    /// 60, and those of [`Date::new`].
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let malformed = DateError::TimestampFormat;
        let (date, rest) = text.split_at_checked(10).ok_or(malformed)?;
        let date = Date::parse(date).map_err(|e| if e == DateError::Format { malformed } else { e })?;
        let [b'T' | b't', h1, h2, b':', m1, m2, b':', s1, s2, rest @ ..] = rest.as_bytes() else {
            return Err(malformed);
        };
        let hour = number(&[*h1, *h2]).filter(|h| *h < 24).ok_or(malformed)?;
        let minute = number(&[*m1, *m2]).filter(|m| *m < 60).ok_or(malformed)?;
        let second = number(&[*s1, *s2]).filter(|s| *s <= 60).ok_or(malformed)?;
        if second == 60 {
            return Err(DateError::LeapSecond);
        }
        let (fraction, offset) = parse_fraction(rest)?;
        let offset_minutes = parse_offset(offset)?;
        let minutes = i64::from(hour) * 60 + i64::from(minute) - offset_minutes;
        let millis = i64::from(date.epoch_days()) * MILLIS_PER_DAY
            + minutes * MILLIS_PER_MINUTE
            + i64::from(second) * 1_000
            + fraction;
        Self::from_millis(millis)
    }
}

/// The fraction in milliseconds, and what follows it.
fn parse_fraction(text: &[u8]) -> Result<(i64, &[u8]), DateError> {
    let [b'.', rest @ ..] = text else {
        return Ok((0, text));
    };
    let length = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    let (digits, rest) = rest.split_at_checked(length).ok_or(DateError::TimestampFormat)?;
    if digits.is_empty() || digits.len() > 9 {
        return Err(DateError::TimestampFormat);
    }
    if digits.iter().skip(3).any(|c| *c != b'0') {
        return Err(DateError::FinerThanMillisecond);
    }
    let digit = |i: usize| digits.get(i).map_or(0, |c| i64::from(c - b'0'));
    Ok((digit(0) * 100 + digit(1) * 10 + digit(2), rest))
}

/// The offset from UTC in minutes, east positive.
fn parse_offset(text: &[u8]) -> Result<i64, DateError> {
    let malformed = DateError::TimestampFormat;
    match text {
        [b'Z' | b'z'] => Ok(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let hours = number(&[*h1, *h2]).filter(|h| *h < 24).ok_or(malformed)?;
            let minutes = number(&[*m1, *m2]).filter(|m| *m < 60).ok_or(malformed)?;
            let offset = i64::from(hours) * 60 + i64::from(minutes);
            Ok(if *sign == b'-' { -offset } else { offset })
        }
        _ => Err(malformed),
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_day = self.millis % MILLIS_PER_DAY;
        let (hour, minute) = (of_day / 3_600_000, of_day / MILLIS_PER_MINUTE % 60);
        let (second, milli) = (of_day / 1_000 % 60, of_day % 1_000);
        f.pad(&format!("{}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z", self.utc_date()))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

human_form!(Timestamp, DateError, {
    "format": "date-time",
    "description": "An instant, RFC 3339; written in UTC with three fraction digits."
});

impl BorshSerialize for Timestamp {
    fn serialize<W: borsh::io::Write>(&self, writer: &mut W) -> borsh::io::Result<()> {
        BorshSerialize::serialize(&self.millis, writer)
    }
}

impl BorshDeserialize for Timestamp {
    fn deserialize_reader<R: borsh::io::Read>(reader: &mut R) -> borsh::io::Result<Self> {
        Self::from_millis(i64::deserialize_reader(reader)?).map_err(invalid)
    }
}
