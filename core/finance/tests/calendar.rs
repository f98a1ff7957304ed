//! Banking days, conventions and closing times.
#![allow(clippy::unwrap_used)]

use allonge_finance::{
    BusinessDayConvention, Calendar, CalendarDefect, CalendarError, CalendarId, CalendarTable, Date,
    Timestamp, UtcOffset, Weekday,
};
use proptest::prelude::*;

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn instant(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn offset(from: &str, minutes: i16) -> UtcOffset {
    UtcOffset { from: instant(from), minutes }
}

/// 2026 in a place of UTC+8: Monday 2 and Tuesday 3 March are holidays, Saturday 14 March is worked.
fn table() -> CalendarTable {
    CalendarTable {
        id: CalendarId::parse("CN").unwrap(),
        version: 1,
        name: "Example".into(),
        first: date("2026-01-01"),
        last: date("2026-12-31"),
        weekend: vec![Weekday::Saturday, Weekday::Sunday],
        holidays: vec![date("2026-01-01"), date("2026-03-02"), date("2026-03-03"), date("2026-12-31")],
        working_weekends: vec![date("2026-03-14")],
        utc_offsets: vec![offset("1970-01-01T00:00:00Z", 480)],
        opens: 540,
        closes: 1020,
    }
}

fn calendar() -> Calendar {
    Calendar::new(table()).unwrap()
}

/// 2026 in Frankfurt, with both changes of the clock.
fn frankfurt() -> Calendar {
    let utc_offsets = vec![
        offset("2025-10-26T01:00:00Z", 60),
        offset("2026-03-29T01:00:00Z", 120),
        offset("2026-10-25T01:00:00Z", 60),
    ];
    Calendar::new(CalendarTable { utc_offsets, working_weekends: vec![], ..table() }).unwrap()
}

#[test]
fn the_fifth_banking_day_after_a_friday_before_two_holidays_is_the_second_tuesday() {
    let calendar = calendar();
    let received = date("2026-02-27");
    assert_eq!(received.weekday(), Weekday::Friday);
    let days: Vec<String> =
        (1..=5).map(|n| calendar.add_banking_days(received, n).unwrap().to_string()).collect();
    assert_eq!(days, ["2026-03-04", "2026-03-05", "2026-03-06", "2026-03-09", "2026-03-10"]);
    let last = calendar.add_banking_days(received, 5).unwrap();
    assert_eq!(last.weekday(), Weekday::Tuesday);
    assert_eq!(calendar.close_of_business(last).unwrap(), instant("2026-03-10T17:00:00+08:00"));
    assert_eq!(calendar.banking_days_between(received, last), Ok(5));
}

#[test]
fn a_make_up_saturday_is_a_banking_day() {
    let calendar = calendar();
    assert_eq!(calendar.is_banking_day(date("2026-03-14")), Ok(true));
    assert_eq!(calendar.is_banking_day(date("2026-03-15")), Ok(false));
    assert_eq!(calendar.is_banking_day(date("2026-03-03")), Ok(false));
    assert_eq!(calendar.add_banking_days(date("2026-03-13"), 1), Ok(date("2026-03-14")));
    assert_eq!(calendar.add_banking_days(date("2026-03-14"), 1), Ok(date("2026-03-16")));
}

#[test]
fn no_banking_days_after_a_closed_day_is_the_next_open_one() {
    assert_eq!(calendar().add_banking_days(date("2026-03-01"), 0), Ok(date("2026-03-04")));
    assert_eq!(calendar().add_banking_days(date("2026-03-04"), 0), Ok(date("2026-03-04")));
}

#[test]
fn conventions_roll_as_their_names_say() {
    use BusinessDayConvention::{Following, ModifiedFollowing, ModifiedPreceding, Preceding, Unadjusted};
    let calendar = calendar();
    for (from, convention, to) in [
        // Sunday 31 May: the month ends, so the modified convention turns round.
        ("2026-05-31", Following, "2026-06-01"),
        ("2026-05-31", ModifiedFollowing, "2026-05-29"),
        ("2026-05-31", Preceding, "2026-05-29"),
        ("2026-05-31", ModifiedPreceding, "2026-05-29"),
        ("2026-05-31", Unadjusted, "2026-05-31"),
        // Sunday 1 March, before two holidays: the month begins.
        ("2026-03-01", Preceding, "2026-02-27"),
        ("2026-03-01", ModifiedPreceding, "2026-03-04"),
        ("2026-03-01", ModifiedFollowing, "2026-03-04"),
        // Saturday in the middle of a month.
        ("2026-06-13", Following, "2026-06-15"),
        ("2026-06-13", ModifiedFollowing, "2026-06-15"),
        ("2026-06-13", Preceding, "2026-06-12"),
        ("2026-06-13", ModifiedPreceding, "2026-06-12"),
        // A banking day stays.
        ("2026-06-12", Following, "2026-06-12"),
        ("2026-06-12", Preceding, "2026-06-12"),
        // The last published day is closed, but the answer lies within its month.
        ("2026-12-31", ModifiedFollowing, "2026-12-30"),
    ] {
        assert_eq!(calendar.roll(date(from), convention), Ok(date(to)), "{from} {convention:?}");
    }
}

#[test]
fn beyond_the_published_days_there_is_no_answer() {
    let calendar = calendar();
    let missing =
        |day: &str| CalendarError::NotPublished { calendar: calendar.id().clone(), date: date(day) };
    let (before, after) = (date("2025-12-31"), date("2027-01-01"));
    assert_eq!(calendar.is_banking_day(before), Err(missing("2025-12-31")));
    assert_eq!(calendar.is_banking_day(after), Err(missing("2027-01-01")));
    assert_eq!(calendar.add_banking_days(date("2026-12-30"), 1), Err(missing("2027-01-01")));
    assert_eq!(calendar.add_banking_days(before, 1), Err(missing("2025-12-31")));
    assert_eq!(calendar.add_banking_days(date("2026-01-02"), u32::MAX), Err(missing("2027-01-01")));
    assert_eq!(
        calendar.roll(date("2026-12-31"), BusinessDayConvention::Following),
        Err(missing("2027-01-01"))
    );
    assert_eq!(
        calendar.roll(date("2026-01-01"), BusinessDayConvention::Preceding),
        Err(missing("2025-12-31"))
    );
    assert_eq!(calendar.roll(after, BusinessDayConvention::ModifiedFollowing), Err(missing("2027-01-01")));
    assert_eq!(calendar.roll(after, BusinessDayConvention::Unadjusted), Ok(after));
    assert_eq!(calendar.banking_days_between(date("2026-12-30"), after), Err(missing("2027-01-01")));
    assert_eq!(calendar.close_of_business(after), Err(missing("2027-01-01")));
    assert_eq!(calendar.start_of_day(before), Err(missing("2025-12-31")));
    assert_eq!(calendar.end_of_day(after), Err(missing("2027-01-01")));
    assert_eq!(calendar.local_date(instant("2025-12-31T15:59:59.999Z")), Err(missing("2025-12-31")));
    assert_eq!(calendar.local_time(instant("2026-12-31T16:00:00Z")), Err(missing("2027-01-01")));
}

#[test]
fn the_local_day_is_the_one_on_the_wall() {
    let calendar = calendar();
    assert_eq!(calendar.local_date(instant("2025-12-31T16:00:00Z")), Ok(date("2026-01-01")));
    assert_eq!(calendar.local_date(instant("2026-03-01T15:59:59.999Z")), Ok(date("2026-03-01")));
    assert_eq!(calendar.local_time(instant("2026-03-01T15:59:59.999Z")), Ok(1_439));
    assert_eq!(calendar.local_time(instant("2026-03-01T16:00:00Z")), Ok(0));
    assert_eq!(calendar.end_of_day(date("2026-12-31")), Ok(instant("2026-12-31T15:59:59.999Z")));
}

#[test]
fn closing_time_follows_the_clock_of_the_place() {
    let calendar = frankfurt();
    for (day, closes) in [
        ("2026-03-27", "2026-03-27T16:00:00Z"),
        ("2026-03-30", "2026-03-30T15:00:00Z"),
        ("2026-10-23", "2026-10-23T15:00:00Z"),
        ("2026-10-26", "2026-10-26T16:00:00Z"),
    ] {
        assert_eq!(calendar.close_of_business(date(day)), Ok(instant(closes)), "{day}");
    }
    let hours = |day: &str| {
        let end = calendar.end_of_day(date(day)).unwrap().millis();
        (end + 1 - calendar.start_of_day(date(day)).unwrap().millis()) / 3_600_000
    };
    assert_eq!((hours("2026-03-29"), hours("2026-03-30"), hours("2026-10-25")), (23, 24, 25));
}

#[test]
fn a_skipped_closing_time_is_the_skip_and_a_repeated_one_is_the_second() {
    let closing_at = |closes: u16| {
        let table = CalendarTable { opens: 60, closes, ..frankfurt().into_table() };
        Calendar::new(table).unwrap()
    };
    // 02:30 does not exist on 29 March and comes twice on 25 October.
    let calendar = closing_at(150);
    assert_eq!(calendar.close_of_business(date("2026-03-29")), Ok(instant("2026-03-29T01:00:00Z")));
    assert_eq!(calendar.close_of_business(date("2026-10-25")), Ok(instant("2026-10-25T01:30:00Z")));
    assert_eq!(closing_at(120).close_of_business(date("2026-10-25")), Ok(instant("2026-10-25T01:00:00Z")));
    assert_eq!(closing_at(180).close_of_business(date("2026-03-29")), Ok(instant("2026-03-29T01:00:00Z")));
}

#[test]
fn a_day_whose_midnight_is_skipped_begins_at_the_skip() {
    // As in Beirut: at midnight the clock goes to 01:00, and back to 23:00 in October.
    let utc_offsets = vec![
        offset("1970-01-01T00:00:00Z", 120),
        offset("2026-03-28T22:00:00Z", 180),
        offset("2026-10-24T21:00:00Z", 120),
    ];
    let calendar = Calendar::new(CalendarTable { utc_offsets, ..table() }).unwrap();
    assert_eq!(calendar.start_of_day(date("2026-03-29")), Ok(instant("2026-03-28T22:00:00Z")));
    assert_eq!(calendar.local_time(instant("2026-03-28T22:00:00Z")), Ok(60));
    assert_eq!(calendar.end_of_day(date("2026-03-28")), Ok(instant("2026-03-28T21:59:59.999Z")));
    assert_eq!(calendar.start_of_day(date("2026-10-25")), Ok(instant("2026-10-24T22:00:00Z")));
}

#[test]
fn an_invalid_table_makes_no_calendar() {
    use CalendarDefect::{Holidays, Hours, Name, Range, UtcOffsets, Version, Weekend, WorkingWeekends};
    let day = |n: i32| date("2026-01-01").plus_days(n).unwrap();
    type Break = fn(&mut CalendarTable);
    let breaks: [(CalendarDefect, Break); 24] = [
        (Version, |t| t.version = 0),
        (Name, |t| t.name.clear()),
        (Name, |t| t.name = "n".repeat(65)),
        (Range, |t| t.last = date("2025-12-31")),
        (Range, |t| t.last = date("2066-01-01")),
        (Range, |t| t.first = date("1969-12-31")),
        (Weekend, |t| t.weekend.reverse()),
        (Weekend, |t| t.weekend.push(Weekday::Sunday)),
        (Weekend, |t| {
            use Weekday::*;
            t.weekend = vec![Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
        }),
        (Holidays, |t| t.holidays.reverse()),
        (Holidays, |t| t.holidays.push(date("2026-12-31"))),
        (Holidays, |t| t.holidays.push(date("2027-01-01"))),
        (WorkingWeekends, |t| t.working_weekends.push(date("2026-03-14"))),
        (WorkingWeekends, |t| t.working_weekends.insert(0, date("2026-03-13"))),
        (WorkingWeekends, |t| t.working_weekends.push(date("2027-01-02"))),
        (WorkingWeekends, |t| t.holidays.insert(3, date("2026-03-14"))),
        (UtcOffsets, |t| t.utc_offsets.clear()),
        (UtcOffsets, |t| t.utc_offsets.push(offset("1970-01-01T00:00:00Z", 540))),
        (UtcOffsets, |t| t.utc_offsets = vec![offset("2025-12-31T16:00:00.001Z", 480)]),
        (UtcOffsets, |t| t.utc_offsets = vec![offset("1970-01-01T00:00:00Z", 841)]),
        (UtcOffsets, |t| t.utc_offsets = vec![offset("1970-01-01T00:00:00Z", -721)]),
        (Hours, |t| t.opens = 1020),
        (Hours, |t| t.closes = 1441),
        (Hours, |t| t.closes = 0),
    ];
    for (number, (defect, break_it)) in breaks.into_iter().enumerate() {
        let mut broken = table();
        break_it(&mut broken);
        let refused = CalendarError::Invalid { calendar: broken.id.clone(), defect };
        assert_eq!(Calendar::new(broken.clone()), Err(refused.clone()), "{number}");
        let json = serde_json::to_string(&broken).unwrap();
        assert!(serde_json::from_str::<Calendar>(&json).is_err(), "{number}");
        assert!(borsh::from_slice::<Calendar>(&borsh::to_vec(&broken).unwrap()).is_err(), "{number}");
    }
    let mut long = table();
    (long.last, long.holidays) = (date("2065-12-31"), (0..2_000).map(day).collect());
    long.working_weekends.clear();
    assert!(Calendar::new(long.clone()).is_ok());
    long.holidays = (0..2_001).map(day).collect();
    assert!(Calendar::new(long.clone()).is_err());
    // The decoder judges the count before it reads the days.
    let too_many = borsh::from_slice::<Calendar>(&borsh::to_vec(&long).unwrap()).unwrap_err().to_string();
    assert_eq!(too_many, "2001 items; at most 2000 are allowed here");
}

#[test]
fn a_calendar_is_named_in_capitals() {
    for text in ["CN", "TARGET", "GB2", "ABCDEFGHIJKL"] {
        assert_eq!(CalendarId::parse(text).unwrap().as_str(), text);
    }
    for text in ["", "C", "cn", "2CN", "C-N", "ABCDEFGHIJKLM", "ÇN"] {
        assert_eq!(CalendarId::parse(text), Err(CalendarError::Id), "{text}");
    }
}

#[test]
fn both_encodings_round_trip_and_refuse_what_is_unknown() {
    let calendar = calendar();
    let json = serde_json::to_string(&calendar).unwrap();
    assert_eq!(serde_json::from_str::<Calendar>(&json).unwrap(), calendar);
    let extended = json.replacen('{', r#"{"city":"Beijing","#, 1);
    assert!(serde_json::from_str::<Calendar>(&extended).is_err());
    let bytes = borsh::to_vec(&calendar).unwrap();
    assert_eq!(borsh::from_slice::<Calendar>(&bytes).unwrap(), calendar);
    for length in 0..bytes.len() {
        assert!(borsh::from_slice::<Calendar>(&bytes[..length]).is_err(), "{length}");
    }
}

fn any_day() -> impl Strategy<Value = Date> {
    (0..365).prop_map(|n| date("2026-01-01").plus_days(n).unwrap())
}

/// 2026 with the weekend and any set of holidays, so that whole months may be closed.
fn any_calendar() -> impl Strategy<Value = Calendar> {
    proptest::collection::btree_set(any_day(), 0..120).prop_map(|holidays| {
        let table = CalendarTable {
            holidays: holidays.into_iter().collect(),
            working_weekends: vec![],
            ..frankfurt().into_table()
        };
        Calendar::new(table).unwrap()
    })
}

fn any_convention() -> impl Strategy<Value = BusinessDayConvention> {
    use BusinessDayConvention::{Following, ModifiedFollowing, ModifiedPreceding, Preceding, Unadjusted};
    proptest::sample::select(vec![Following, ModifiedFollowing, Preceding, ModifiedPreceding, Unadjusted])
}

proptest! {
    #[test]
    fn rolling_twice_is_rolling_once(calendar in any_calendar(), day in any_day(), how in any_convention()) {
        if let Ok(rolled) = calendar.roll(day, how) {
            prop_assert_eq!(calendar.roll(rolled, how), Ok(rolled));
            prop_assert!(how == BusinessDayConvention::Unadjusted || calendar.is_banking_day(rolled).unwrap());
        }
    }

    #[test]
    fn adding_lands_on_a_banking_day_and_counting_takes_it_back(
        calendar in any_calendar(), day in any_day(), n in 0u32..60,
    ) {
        if let Ok(landed) = calendar.add_banking_days(day, n) {
            prop_assert!(calendar.is_banking_day(landed).unwrap());
            if n > 0 {
                prop_assert!(landed > day);
                prop_assert_eq!(calendar.banking_days_between(day, landed), Ok(n));
            }
        }
    }

    #[test]
    fn days_follow_each_other_without_a_gap(day in any_day()) {
        let calendar = frankfurt();
        let (start, end) = (calendar.start_of_day(day).unwrap(), calendar.end_of_day(day).unwrap());
        prop_assert_eq!(calendar.local_date(start), Ok(day));
        prop_assert_eq!(calendar.local_time(start), Ok(0));
        prop_assert_eq!(calendar.local_date(end), Ok(day));
        if let Ok(next) = calendar.start_of_day(day.plus_days(1).unwrap()) {
            prop_assert_eq!(end.plus_millis(1), Some(next));
        }
        let closes = calendar.close_of_business(day).unwrap();
        prop_assert_eq!(calendar.local_time(closes), Ok(1_020));
    }

    #[test]
    fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = borsh::from_slice::<Calendar>(&bytes);
    }
}
