//! Civil dates and instants.
#![allow(clippy::unwrap_used)]

use allonge_finance::{Date, DateError, Timestamp, Weekday};
use proptest::prelude::*;

#[test]
fn every_day_of_three_centuries_follows_the_one_before() {
    let mut date = Date::MIN;
    let mut weekday = 1; // 1900-01-01 was a Monday.
    for year in 1900u16..=2199 {
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let february = if leap { 29 } else { 28 };
        for (month, days) in (1u8..).zip([31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
            for day in 1u8..=days {
                assert_eq!(Date::new(year, month, day), Ok(date));
                assert_eq!((date.year(), date.month(), date.day()), (year, month, day));
                assert_eq!(date.weekday() as u8, weekday);
                assert_eq!(Date::parse(&format!("{year}-{month:02}-{day:02}")), Ok(date));
                weekday = weekday % 7 + 1;
                date = date.plus_days(1).unwrap_or(Date::MAX);
            }
            let beyond = Date::new(year, month, days + 1);
            assert_eq!(beyond, Err(DateError::NoSuchDay { year, month, day: days + 1 }));
        }
    }
    assert_eq!(date, Date::MAX);
    assert_eq!(Date::MAX.plus_days(1), None);
    assert_eq!(Date::MIN.plus_days(-1), None);
}

#[test]
fn the_epoch_is_day_zero_and_a_thursday() {
    let epoch = Date::new(1970, 1, 1).unwrap();
    assert_eq!((epoch.epoch_days(), epoch.weekday()), (0, Weekday::Thursday));
    assert_eq!(Date::new(2026, 3, 2).unwrap().weekday(), Weekday::Monday);
    assert_eq!(epoch.days_until(Date::new(1971, 1, 1).unwrap()), 365);
}

#[test]
fn what_is_not_a_date_is_refused() {
    for text in [
        "",
        "2026-3-2",
        "2026/03/02",
        "20260302",
        "2026-03-02 ",
        " 2026-03-02",
        "02-03-2026",
        "2026-03-0a",
        "2026-03-02T",
        "+026-03-02",
        "２０２６-03-02",
    ] {
        assert_eq!(Date::parse(text), Err(DateError::Format), "{text}");
    }
    for text in ["2026-02-29", "2100-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-04-31"] {
        assert!(matches!(Date::parse(text), Err(DateError::NoSuchDay { .. })), "{text}");
    }
    for text in ["1899-12-31", "2200-01-01", "0000-01-01", "9999-12-31"] {
        assert_eq!(Date::parse(text), Err(DateError::OutOfRange), "{text}");
    }
}

#[test]
fn instants_are_read_with_any_offset_and_written_in_utc() {
    for (text, written) in [
        ("2026-03-02T01:00:00Z", "2026-03-02T01:00:00.000Z"),
        ("2026-03-02T01:00:00.5Z", "2026-03-02T01:00:00.500Z"),
        ("2026-03-02T01:00:00.123Z", "2026-03-02T01:00:00.123Z"),
        ("2026-03-02T01:00:00.123000+00:00", "2026-03-02T01:00:00.123Z"),
        ("2026-03-02T01:00:00.123000000-00:00", "2026-03-02T01:00:00.123Z"),
        ("2026-03-02t01:00:00z", "2026-03-02T01:00:00.000Z"),
        ("2026-03-02T09:00:00+08:00", "2026-03-02T01:00:00.000Z"),
        ("2026-03-02T00:30:00+05:45", "2026-03-01T18:45:00.000Z"),
        ("2026-12-31T23:30:00-03:30", "2027-01-01T03:00:00.000Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
        ("1969-12-31T23:00:00-01:00", "1970-01-01T00:00:00.000Z"),
        ("2199-12-31T23:59:59.999Z", "2199-12-31T23:59:59.999Z"),
    ] {
        assert_eq!(Timestamp::parse(text).unwrap().to_string(), written, "{text}");
    }
    assert_eq!(Timestamp::parse("2026-03-02T01:00:00Z").unwrap().millis(), 1_772_413_200_000);
}

#[test]
fn what_is_not_an_instant_is_refused() {
    for (text, error) in [
        ("2026-03-02", DateError::TimestampFormat),
        ("2026-03-02T01:00:00", DateError::TimestampFormat),
        ("2026-03-02 01:00:00Z", DateError::TimestampFormat),
        ("2026-03-02T01:00Z", DateError::TimestampFormat),
        ("2026-03-02T24:00:00Z", DateError::TimestampFormat),
        ("2026-03-02T01:60:00Z", DateError::TimestampFormat),
        ("2026-03-02T01:00:61Z", DateError::TimestampFormat),
        ("2026-03-02T01:00:00.Z", DateError::TimestampFormat),
        ("2026-03-02T01:00:00.0000000000Z", DateError::TimestampFormat),
        ("2026-03-02T01:00:00,5Z", DateError::TimestampFormat),
        ("2026-03-02T01:00:00+0800", DateError::TimestampFormat),
        ("2026-03-02T01:00:00+24:00", DateError::TimestampFormat),
        ("2026-03-02T01:00:00ZZ", DateError::TimestampFormat),
        ("2026-03-0éT01:00:00Z", DateError::TimestampFormat),
        ("", DateError::TimestampFormat),
        ("2026-02-29T00:00:00Z", DateError::NoSuchDay { year: 2026, month: 2, day: 29 }),
        ("2026-03-02T01:00:00.1234Z", DateError::FinerThanMillisecond),
        ("2016-12-31T23:59:60Z", DateError::LeapSecond),
        ("1970-01-01T00:00:00+00:01", DateError::OutOfRange),
        ("2199-12-31T23:59:59.999-00:01", DateError::OutOfRange),
    ] {
        assert_eq!(Timestamp::parse(text), Err(error), "{text}");
    }
}

#[test]
fn instants_do_not_leave_their_range() {
    assert_eq!(Timestamp::from_millis(-1), Err(DateError::OutOfRange));
    assert_eq!(Timestamp::MAX.plus_millis(1), None);
    assert_eq!(Timestamp::MIN.plus_millis(-1), None);
    assert_eq!(Timestamp::MIN.plus_millis(i64::MIN), None);
    assert_eq!(Timestamp::MAX.utc_date(), Date::MAX);
}

#[test]
fn borsh_refuses_what_lies_outside_the_range() {
    let date = Date::new(2026, 3, 2).unwrap();
    assert_eq!(borsh::to_vec(&date).unwrap(), 20_514i32.to_le_bytes());
    for days in [i32::MIN, -25_568, 84_006, i32::MAX] {
        assert!(borsh::from_slice::<Date>(&days.to_le_bytes()).is_err(), "{days}");
    }
    for millis in [i64::MIN, -1, Timestamp::MAX.millis() + 1, i64::MAX] {
        assert!(borsh::from_slice::<Timestamp>(&millis.to_le_bytes()).is_err(), "{millis}");
    }
    assert_eq!(borsh::to_vec(&Weekday::Sunday).unwrap(), [7]);
    assert!(borsh::from_slice::<Weekday>(&[0]).is_err());
    assert!(borsh::from_slice::<Weekday>(&[8]).is_err());
}

#[test]
fn json_is_a_string() {
    let date = Date::new(2026, 3, 2).unwrap();
    assert_eq!(serde_json::to_string(&date).unwrap(), r#""2026-03-02""#);
    assert!(serde_json::from_str::<Date>("20514").is_err());
    assert!(serde_json::from_str::<Timestamp>("1772413200000").is_err());
    assert_eq!(serde_json::to_string(&Weekday::Saturday).unwrap(), r#""saturday""#);
}

proptest! {
    #[test]
    fn every_date_round_trips(days in Date::MIN.epoch_days()..=Date::MAX.epoch_days()) {
        let date = Date::from_epoch_days(days).unwrap();
        prop_assert_eq!(Date::parse(&date.to_string()), Ok(date));
        prop_assert_eq!(borsh::from_slice::<Date>(&borsh::to_vec(&date).unwrap()).unwrap(), date);
    }

    #[test]
    fn every_instant_round_trips(millis in 0..=Timestamp::MAX.millis()) {
        let instant = Timestamp::from_millis(millis).unwrap();
        prop_assert_eq!(Timestamp::parse(&instant.to_string()), Ok(instant));
        prop_assert_eq!(borsh::from_slice::<Timestamp>(&borsh::to_vec(&instant).unwrap()).unwrap(), instant);
    }

    #[test]
    fn parse_never_panics(text in ".{0,40}", shaped in "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+Zz-]{0,24}") {
        let _ = (Date::parse(&text), Timestamp::parse(&text), Timestamp::parse(&shaped));
    }
}
