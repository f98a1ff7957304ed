"""Every published day of the calendars that ship, against independent packages.

Run: pip install -r requirements.txt && pytest
"""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays
import jpholiday
import pytest
import workalendar.asia
import workalendar.europe
import workalendar.usa

CALENDARS = Path(__file__).parents[2] / "core" / "client" / "calendars"
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

CN = holidays.country_holidays("CN", years=range(2025, 2028))


def load(name):
    return json.loads((CALENDARS / name).read_text(encoding="utf-8"))


def days(calendar):
    day, last = date.fromisoformat(calendar["first"]), date.fromisoformat(calendar["last"])
    while day <= last:
        yield day
        day += timedelta(days=1)


def is_banking_day(calendar, day):
    if WEEKDAYS[day.weekday()] in calendar["weekend"]:
        return day.isoformat() in calendar["working_weekends"]
    return day.isoformat() not in calendar["holidays"]


def offset_minutes(calendar, instant):
    in_force = [o for o in calendar["utc_offsets"] if datetime.fromisoformat(o["from"]) <= instant]
    return in_force[-1]["minutes"]


def weekday_but_not(closed):
    return lambda day: day.weekday() < 5 and day not in closed


def country(code, last, **chosen):
    return weekday_but_not(holidays.country_holidays(code, years=range(2025, last + 1), **chosen))


def financial(code, last):
    return weekday_but_not(holidays.financial_holidays(code, years=range(2025, last + 1)))


def by_workalendar(calendar, last):
    days = [day for year in range(2025, last + 1) for day in calendar.holidays(year)]
    # On the Friday before a Saturday the Board of Governors is closed, and the Reserve Banks are open.
    return weekday_but_not(
        {day for day, name in days if not (day.weekday() == 4 and name.endswith("(Observed)"))}
    )


def by_jpholiday(day):
    bank_holiday = (day.month, day.day) in [(1, 2), (1, 3), (12, 31)]
    return day.weekday() < 5 and not bank_holiday and not jpholiday.is_holiday(day)


# The general holidays of Hong Kong are the category `optional`, not `public`, which employment law gives.
INDEPENDENT = {
    ("cn.json", 2026): {"chinesecalendar": chinese_calendar.is_workday, "holidays": CN.is_working_day},
    ("hk.json", 2027): {
        "holidays": country("HK", 2027, categories="optional"),
        "workalendar": by_workalendar(workalendar.asia.HongKongBank(), 2027),
    },
    ("jp.json", 2027): {
        "holidays": country("JP", 2027, categories=("public", "bank")),
        "jpholiday": by_jpholiday,
    },
    ("chaps.json", 2035): {
        "holidays": country("GB", 2035, subdiv="ENG"),
        "workalendar": by_workalendar(workalendar.europe.UnitedKingdom(), 2035),
    },
    ("fedwire.json", 2027): {
        "holidays": financial("XFED", 2027),
        "workalendar": by_workalendar(workalendar.usa.FederalReserveSystem(), 2027),
    },
    ("target.json", 2035): {
        "holidays": financial("ECB", 2035),
        "workalendar": by_workalendar(workalendar.europe.EuropeanCentralBank(), 2035),
    },
}

ZONES = {
    "chaps.json": "Europe/London",
    "cn.json": "Asia/Shanghai",
    "fedwire.json": "America/New_York",
    "hk.json": "Asia/Hong_Kong",
    "jp.json": "Asia/Tokyo",
    "target.json": "Europe/Berlin",
}


def test_every_file_is_compared():
    files = sorted(file.name for file in CALENDARS.glob("*.json"))
    assert files == sorted(ZONES) == sorted(name for name, _ in INDEPENDENT)


@pytest.mark.parametrize(
    ("name", "last", "is_open"),
    [
        pytest.param(name, last, is_open, id=f"{load(name)['id']}-{package}")
        for (name, last), packages in INDEPENDENT.items()
        for package, is_open in packages.items()
    ],
)
def test_every_published_day_agrees_with_an_independent_package(name, last, is_open):
    calendar = load(name)
    assert (calendar["first"], calendar["last"]) == ("2025-01-01", f"{last}-12-31")
    differing = [str(day) for day in days(calendar) if is_banking_day(calendar, day) != is_open(day)]
    assert differing == []


@pytest.mark.parametrize(("name", "zone"), ZONES.items())
def test_every_published_hour_has_the_offset_of_the_time_zone_database(name, zone):
    calendar, clock = load(name), ZoneInfo(zone)
    start = datetime.combine(date.fromisoformat(calendar["first"]), datetime.min.time(), clock)
    end = datetime.combine(
        date.fromisoformat(calendar["last"]) + timedelta(days=1), datetime.min.time(), clock
    )
    instant, end = start.astimezone(UTC), end.astimezone(UTC)
    differing = []
    while instant < end:
        expected = instant.astimezone(clock).utcoffset() // timedelta(minutes=1)
        if offset_minutes(calendar, instant) != expected:
            differing.append(instant.isoformat())
        instant += timedelta(hours=1)
    assert differing == []


def test_make_up_saturdays_and_sundays_are_worked():
    calendar = load("cn.json")
    worked = [day for day in days(calendar) if day.weekday() >= 5 and is_banking_day(calendar, day)]
    assert [day.isoformat() for day in worked] == calendar["working_weekends"]
    assert len(worked) == 5 + 6
