//! Dates by months: the end of a month, and banking days.

#![allow(clippy::unwrap_used)] // Helpers of tests stand outside test functions.

use allonge_finance::*;
use proptest::prelude::*;

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn dates(first: &str, months: u16, month_end: MonthEnd) -> Vec<String> {
    let schedule = Schedule { first: date(first), months, month_end };
    schedule.dates().take(4).map(|date| date.to_string()).collect()
}

#[test]
fn a_schedule_from_a_last_day_stays_on_last_days() {
    let table = [
        ("2026-01-31", 1, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        ("2026-04-30", 1, ["2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31"]),
        ("2027-11-30", 3, ["2027-11-30", "2028-02-29", "2028-05-31", "2028-08-31"]),
        ("2028-02-29", 12, ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28"]),
        // 28 February is the last day of 2026, and not of 2028.
        ("2026-02-28", 24, ["2026-02-28", "2028-02-29", "2030-02-28", "2032-02-29"]),
        ("2028-02-28", 12, ["2028-02-28", "2029-02-28", "2030-02-28", "2031-02-28"]),
        ("2026-01-30", 1, ["2026-01-30", "2026-02-28", "2026-03-30", "2026-04-30"]),
    ];
    for (first, months, expected) in table {
        assert_eq!(dates(first, months, MonthEnd::LastDay), expected, "{first}");
    }
}

#[test]
fn without_the_rule_a_schedule_keeps_the_day_where_the_month_has_it() {
    assert_eq!(
        dates("2026-04-30", 1, MonthEnd::SameDay),
        ["2026-04-30", "2026-05-30", "2026-06-30", "2026-07-30"]
    );
    // A short month on the way leaves no trace.
    assert_eq!(
        dates("2026-01-31", 1, MonthEnd::SameDay),
        ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
    );
}

#[test]
fn a_last_day_that_is_no_banking_day_moves_as_the_convention_says() {
    let calendar = Calendar::new(CalendarTable {
        id: CalendarId::parse("XX").unwrap(),
        version: 1,
        name: "Example".into(),
        first: date("2026-01-01"),
        last: date("2026-12-31"),
        weekend: vec![Weekday::Saturday, Weekday::Sunday],
        holidays: vec![],
        working_weekends: vec![],
        utc_offsets: vec![UtcOffset { from: Timestamp::from_millis(0).unwrap(), minutes: 0 }],
        opens: 540,
        closes: 1020,
    })
    .unwrap();
    let schedule = Schedule { first: date("2026-01-31"), months: 1, month_end: MonthEnd::LastDay };
    let on = |place, convention| {
        schedule.banking_day(place, convention, &calendar).unwrap().map(|date| date.to_string())
    };
    use BusinessDayConvention::{Following, ModifiedFollowing, Preceding, Unadjusted};
    // 31 January and 28 February 2026 are Saturdays, 31 March is a Tuesday, 31 May a Sunday.
    for (place, following, modified) in [
        (0, "2026-02-02", "2026-01-30"),
        (1, "2026-03-02", "2026-02-27"),
        (2, "2026-03-31", "2026-03-31"),
        (4, "2026-06-01", "2026-05-29"),
    ] {
        assert_eq!(on(place, Following).as_deref(), Some(following));
        assert_eq!(on(place, ModifiedFollowing).as_deref(), Some(modified));
        assert_eq!(on(place, Preceding).as_deref(), Some(modified));
    }
    assert_eq!(on(0, Unadjusted).as_deref(), Some("2026-01-31"));
    assert!(schedule.banking_day(12, Following, &calendar).is_err());
    assert_eq!(schedule.banking_day(u32::MAX, Following, &calendar), Ok(None));
}

#[test]
fn months_go_back_as_well_and_end_with_the_range() {
    assert_eq!(date("2026-03-31").plus_months(-1, MonthEnd::LastDay), Some(date("2026-02-28")));
    assert_eq!(date("2026-01-15").plus_months(-1, MonthEnd::LastDay), Some(date("2025-12-15")));
    assert_eq!(Date::MAX.plus_months(1, MonthEnd::SameDay), None);
    assert_eq!(Date::MIN.plus_months(-1, MonthEnd::SameDay), None);
    assert_eq!(date("2026-01-31").plus_months(i32::MAX, MonthEnd::SameDay), None);
    let daily = Schedule { first: date("2199-11-30"), months: 1, month_end: MonthEnd::LastDay };
    assert_eq!(daily.dates().last(), Some(Date::MAX));
}

proptest! {
    #[test]
    fn the_end_of_a_month_is_kept_and_every_other_day_is_as_without_the_rule(
        days in -20_000_i32..80_000,
        months in -600_i32..600,
    ) {
        let from = Date::from_epoch_days(days).unwrap();
        let (kept, same) = (from.plus_months(months, MonthEnd::LastDay), from.plus_months(months, MonthEnd::SameDay));
        let (Some(kept), Some(same)) = (kept, same) else { return Ok(()) };
        prop_assert_eq!((kept.year(), kept.month()), (same.year(), same.month()));
        let (ends, kept_ends) = (from.is_month_end(), kept.is_month_end());
        prop_assert!(ends && kept_ends || !ends && kept == same);
        prop_assert!(same.day() == from.day() || same.is_month_end() && same.day() < from.day());
    }
}
