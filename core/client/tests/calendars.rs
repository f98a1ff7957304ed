//! The calendars that ship and follow from rules: each file is what its rules give.
//!
//! With `ALLONGE_UPDATE_VECTORS=1` the test writes `chaps.json`, `fedwire.json`, `jp.json` and `target.json` in
//! `core/client/calendars` anew. `cn.json` and `hk.json` are decreed year by year and written by hand.
#![allow(clippy::unwrap_used)]

use allonge::OpenOptions;
use allonge_finance::{Calendar, Date, Timestamp, Weekday};

#[test]
fn each_file_that_follows_from_rules_is_what_they_give() {
    for ruled in RULED {
        let given = ruled.file();
        serde_json::from_str::<Calendar>(&given).unwrap();
        let name = ruled.id.to_ascii_lowercase();
        let path = format!("{}/calendars/{name}.json", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("ALLONGE_UPDATE_VECTORS").is_some() {
            std::fs::write(&path, &given).unwrap();
        }
        let shipped = std::fs::read_to_string(&path).unwrap();
        assert!(shipped == given, "{name}.json is stale; rewrite it with ALLONGE_UPDATE_VECTORS=1:\n{given}");
    }
}

#[test]
fn easter_is_the_sunday_of_the_church_tables() {
    // Among them the earliest and the latest of two centuries, and the two that the computus moves a week back.
    for easter_day in [
        "1913-03-23",
        "1943-04-25",
        "1954-04-18",
        "1981-04-19",
        "2000-04-23",
        "2008-03-23",
        "2026-04-05",
        "2035-03-25",
        "2038-04-25",
    ] {
        let expected = date(easter_day);
        assert_eq!(easter(expected.year()), expected);
    }
}

#[test]
fn the_federal_reserve_keeps_a_sunday_on_monday_and_moves_no_saturday() {
    // 4 July 2027 is a Sunday; 4 July 2026, Christmas Day 2027 and New Year's Day 2028 are Saturdays.
    assert!(fedwire(2027).contains(&date("2027-07-05")));
    assert!(!fedwire(2026).contains(&date("2026-07-03")));
    assert!(!fedwire(2027).contains(&date("2027-12-24")));
    assert!(!fedwire(2027).contains(&date("2027-12-31")));
    assert!(fedwire(2026).contains(&date("2026-11-26")), "the fourth Thursday of November, not the last");
}

#[test]
fn england_has_the_bank_holidays_of_the_rules_and_those_that_were_proclaimed() {
    let weekdays = |year| {
        let mut days = chaps(year);
        days.retain(|day| !is_weekend(*day));
        days.sort();
        days.iter().map(|day| day.to_string()[5..].to_owned()).collect::<Vec<_>>().join(" ")
    };
    // Lists of the government, https://www.gov.uk/bank-holidays.
    assert_eq!(weekdays(2020), "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28");
    assert_eq!(weekdays(2021), "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28");
    assert_eq!(weekdays(2022), "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27");
    assert_eq!(weekdays(2023), "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26");
    assert_eq!(weekdays(2026), "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28");
}

#[test]
fn japan_has_substitute_and_citizens_holidays_and_closes_its_banks_over_new_year() {
    for (closed, why) in [
        ("2025-05-06", "for Greenery Day, a Sunday, past Children's Day"),
        ("2026-05-06", "for Constitution Day, a Sunday, past the two days after it"),
        ("2026-09-22", "between Respect for the Aged Day and the equinox"),
        ("2027-03-22", "for the equinox, a Sunday"),
        ("2026-01-02", "a bank holiday"),
        ("2026-12-31", "a bank holiday"),
    ] {
        assert!(japan(date(closed).year()).contains(&date(closed)), "{closed}: {why}");
    }
    assert!(!japan(2026).contains(&date("2026-12-30")));
    assert!(!japan(2027).contains(&date("2027-09-22")), "one day of two between the holidays is none");
}

#[test]
fn japan_is_published_as_far_as_its_equinoxes_are_announced_and_they_are_those_of_the_formula() {
    for (year, spring, autumn) in ANNOUNCED {
        assert_eq!((equinox(year, SPRING).day(), equinox(year, AUTUMN).day()), (spring, autumn), "{year}");
    }
    let [.., (last, _, _)] = ANNOUNCED;
    assert!(RULED.iter().any(|ruled| ruled.id == "JP" && ruled.last == last));
}

#[test]
fn the_closing_time_of_a_place_follows_its_clock() {
    let calendars = OpenOptions::default().calendars;
    for (id, day, close) in [
        ("CHAPS", "2026-03-27", "2026-03-27T17:00:00.000Z"),
        ("CHAPS", "2026-03-30", "2026-03-30T16:00:00.000Z"),
        ("CN", "2026-03-30", "2026-03-30T09:00:00.000Z"),
        ("FEDWIRE", "2026-03-06", "2026-03-06T22:00:00.000Z"),
        ("FEDWIRE", "2026-03-09", "2026-03-09T21:00:00.000Z"),
        ("FEDWIRE", "2027-11-08", "2027-11-08T22:00:00.000Z"),
        ("HK", "2027-03-30", "2027-03-30T09:00:00.000Z"),
        ("JP", "2027-03-30", "2027-03-30T08:00:00.000Z"),
        ("TARGET", "2035-03-23", "2035-03-23T16:00:00.000Z"),
        ("TARGET", "2035-03-28", "2035-03-28T15:00:00.000Z"),
    ] {
        let calendar = calendars.iter().find(|calendar| calendar.id().as_str() == id).unwrap();
        assert_eq!(calendar.close_of_business(date(day)).unwrap(), Timestamp::parse(close).unwrap(), "{id}");
    }
}

// ---------------------------------------------------------------------------------------------------------
// The calendars

/// A calendar that follows from rules.
struct Ruled {
    id: &'static str,
    name: &'static str,
    /// The last year that is published: no decision that is known changes its days, or is still to make them.
    last: u16,
    /// The days of a year on which banks are closed, in any order; on weekends too.
    closed: fn(u16) -> Vec<Date>,
    /// The changes of the clock in a year: day and time in UTC, and the minutes ahead of UTC from then on.
    clock: fn(u16) -> Vec<(Date, &'static str, i16)>,
}

const FIRST: u16 = 2025;

const RULED: [Ruled; 4] = [
    Ruled { id: "CHAPS", name: "CHAPS (England and Wales)", last: 2035, closed: chaps, clock: london },
    Ruled {
        id: "FEDWIRE",
        name: "Fedwire (Federal Reserve Banks)",
        // No earlier than 2028 Fedwire opens on Sundays and holidays (Board of Governors, 9 October 2025).
        last: 2027,
        closed: fedwire,
        clock: new_york,
    },
    Ruled { id: "JP", name: "Japan", last: 2027, closed: japan, clock: tokyo },
    Ruled { id: "TARGET", name: "TARGET (euro area)", last: 2035, closed: target, clock: frankfurt },
];

/// The closing days of TARGET: decision of the ECB's Governing Council of 14 December 2000, "from 2002 until further notice".
fn target(year: u16) -> Vec<Date> {
    let easter = easter(year);
    vec![
        day(year, 1, 1),
        plus(easter, -2),
        plus(easter, 1),
        day(year, 5, 1),
        day(year, 12, 25),
        day(year, 12, 26),
    ]
}

/// The holidays of the Federal Reserve Banks: those of 5 U.S.C. 6103(a). For one on a Sunday the Banks are closed on
/// Monday; for one on a Saturday they are open on Friday, when the Board of Governors is closed.
fn fedwire(year: u16) -> Vec<Date> {
    use Weekday::{Monday, Thursday};
    let mut closed = vec![
        nth(year, 1, 3, Monday),
        nth(year, 2, 3, Monday),
        last(year, 5, Monday),
        nth(year, 9, 1, Monday),
        nth(year, 10, 2, Monday),
        nth(year, 11, 4, Thursday),
    ];
    for (month, of_month) in [(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)] {
        let holiday = day(year, month, of_month);
        closed.push(holiday);
        if holiday.weekday() == Weekday::Sunday {
            closed.push(plus(holiday, 1));
        }
    }
    closed
}

/// The bank and public holidays of England and Wales: Banking and Financial Dealings Act 1971, schedule 1, the
/// common law for Good Friday and Christmas Day, and a yearly proclamation for New Year's Day, the first Monday of
/// May and the substitutes.
fn chaps(year: u16) -> Vec<Date> {
    let easter = easter(year);
    let fixed = [day(year, 1, 1), day(year, 12, 25), day(year, 12, 26)];
    let mut closed = vec![
        plus(easter, -2),
        plus(easter, 1),
        nth(year, 5, 1, Weekday::Monday),
        last(year, 5, Weekday::Monday),
        last(year, 8, Weekday::Monday),
    ];
    closed.extend(fixed);
    for holiday in fixed.into_iter().filter(|holiday| is_weekend(*holiday)) {
        let mut substitute = plus(holiday, 1);
        while is_weekend(substitute) || closed.contains(&substitute) {
            substitute = plus(substitute, 1);
        }
        closed.push(substitute);
    }
    for (instead_of, proclaimed) in PROCLAIMED {
        closed.retain(|holiday| Some(holiday.to_string().as_str()) != instead_of);
        closed.extend(Some(date(proclaimed)).filter(|proclaimed| proclaimed.year() == year));
    }
    closed
}

/// Bank holidays of England and Wales that no rule gives, since 2020: the day they replaced, and their own.
const PROCLAIMED: [(Option<&str>, &str); 5] = [
    (Some("2020-05-04"), "2020-05-08"),
    (Some("2022-05-30"), "2022-06-02"),
    (None, "2022-06-03"),
    (None, "2022-09-19"),
    (None, "2023-05-08"),
];

/// The days on which banks are closed in Japan: Act on National Holidays (1948, No. 178) as it applies since
/// 2022, and article 5(1) of the Order for Enforcement of the Banking Act, which adds 31 December to 3 January.
fn japan(year: u16) -> Vec<Date> {
    let national = [
        day(year, 1, 1),
        nth(year, 1, 2, Weekday::Monday),
        day(year, 2, 11),
        day(year, 2, 23),
        equinox(year, SPRING),
        day(year, 4, 29),
        day(year, 5, 3),
        day(year, 5, 4),
        day(year, 5, 5),
        nth(year, 7, 3, Weekday::Monday),
        day(year, 8, 11),
        nth(year, 9, 3, Weekday::Monday),
        equinox(year, AUTUMN),
        nth(year, 10, 2, Weekday::Monday),
        day(year, 11, 3),
        day(year, 11, 23),
    ];
    let mut closed = vec![day(year, 1, 2), day(year, 1, 3), day(year, 12, 31)];
    closed.extend(national);
    for holiday in national {
        let mut next = plus(holiday, 1);
        // Art. 3(3): a day between two national holidays is a holiday.
        if !national.contains(&next) && national.contains(&plus(next, 1)) {
            closed.push(next);
        }
        // Art. 3(2): for one on a Sunday, the next day that is not a national holiday.
        if holiday.weekday() == Weekday::Sunday {
            while national.contains(&next) {
                next = plus(next, 1);
            }
            closed.push(next);
        }
    }
    closed
}

/// The equinoxes that the Official Gazette has announced, in the February of the year before: the year, the day of
/// March and the day of September.
const ANNOUNCED: [(u16, u8, u8); 3] = [(2025, 20, 23), (2026, 20, 23), (2027, 21, 23)];

/// The month of an equinox, and millionths of its day in 1980.
const SPRING: (u8, u32) = (3, 20_843_100);
const AUTUMN: (u8, u32) = (9, 23_248_800);

/// The day of an equinox in Japan, from 1980 to 2099: the usual approximation.
fn equinox(year: u16, (month, in_1980): (u8, u32)) -> Date {
    let years = u32::from(year) - 1980;
    day(year, month, u8::try_from((in_1980 + 242_194 * years) / 1_000_000 - years / 4).unwrap())
}

/// Summer time in the Union: directive 2000/84/EC.
fn frankfurt(year: u16) -> Vec<(Date, &'static str, i16)> {
    vec![(last(year, 3, Weekday::Sunday), "01:00", 120), (last(year, 10, Weekday::Sunday), "01:00", 60)]
}

/// Summer Time Act 1972, as amended in 2002.
fn london(year: u16) -> Vec<(Date, &'static str, i16)> {
    vec![(last(year, 3, Weekday::Sunday), "01:00", 60), (last(year, 10, Weekday::Sunday), "01:00", 0)]
}

/// 15 U.S.C. 260a: from 2 o'clock in the morning of the second Sunday of March to that of the first of November.
fn new_york(year: u16) -> Vec<(Date, &'static str, i16)> {
    vec![
        (nth(year, 3, 2, Weekday::Sunday), "07:00", -240),
        (nth(year, 11, 1, Weekday::Sunday), "06:00", -300),
    ]
}

/// Nothing has changed since 1952; so what is said of one year is what was so before.
fn tokyo(year: u16) -> Vec<(Date, &'static str, i16)> {
    vec![(day(year, 12, 31), "15:00", 540)]
}

// ---------------------------------------------------------------------------------------------------------
// Days

fn day(year: u16, month: u8, day: u8) -> Date {
    Date::new(year, month, day).unwrap()
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn plus(day: Date, days: i32) -> Date {
    day.plus_days(days).unwrap()
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The `n`-th of a weekday in a month.
fn nth(year: u16, month: u8, n: i32, weekday: Weekday) -> Date {
    let first = (0..7).map(|days| plus(day(year, month, 1), days)).find(|day| day.weekday() == weekday);
    plus(first.unwrap(), 7 * (n - 1))
}

/// The last of a weekday in a month.
fn last(year: u16, month: u8, weekday: Weekday) -> Date {
    let fifth = nth(year, month, 5, weekday);
    if fifth.month() == month { fifth } else { plus(fifth, -7) }
}

/// Easter Sunday of the Gregorian calendar: the anonymous algorithm as in J. Meeus, Astronomical Algorithms, ch. 8.
fn easter(year: u16) -> Date {
    let (golden, century, of_century) = (year % 19, year / 100, year % 100);
    let moon_correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - moon_correction + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * to_sunday) / 451;
    let from_march = epact + to_sunday + 114 - 7 * late;
    day(year, u8::try_from(from_march / 31).unwrap(), u8::try_from(from_march % 31 + 1).unwrap())
}

// ---------------------------------------------------------------------------------------------------------
// The files

impl Ruled {
    /// The text of the file: a line for the holidays of each year, and one for each change of the clock.
    fn file(&self) -> String {
        let lines = |lines: Vec<String>| lines.join(",\n    ");
        let mut closed: Vec<Date> = (FIRST..=self.last).flat_map(self.closed).collect();
        closed.sort();
        closed.dedup();
        let years = closed.chunk_by(|one, next| one.year() == next.year());
        let quoted =
            |days: &[Date]| days.iter().map(|day| format!("\"{day}\"")).collect::<Vec<_>>().join(", ");
        // The last change before the first day is in force when that begins.
        let mut clock: Vec<_> = (self.clock)(FIRST - 1).into_iter().next_back().into_iter().collect();
        clock.extend((FIRST..=self.last).flat_map(self.clock));
        clock.dedup_by_key(|(_, _, minutes)| *minutes);
        let change = |(day, time, minutes)| {
            format!("{{ \"from\": \"{day}T{time}:00.000Z\", \"minutes\": {minutes} }}")
        };
        format!(
            r#"{{
  "id": "{id}",
  "version": 1,
  "name": "{name}",
  "first": "{FIRST}-01-01",
  "last": "{last}-12-31",
  "weekend": ["saturday", "sunday"],
  "holidays": [
    {holidays}
  ],
  "working_weekends": [],
  "utc_offsets": [
    {offsets}
  ],
  "opens": 540,
  "closes": 1020
}}
"#,
            id = self.id,
            name = self.name,
            last = self.last,
            holidays = lines(years.map(quoted).collect()),
            offsets = lines(clock.into_iter().map(change).collect()),
        )
    }
}
