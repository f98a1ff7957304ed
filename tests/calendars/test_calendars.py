"""Every published day of the calendars that ship, against independent packages.

Run: pip install -r requirements.txt && pytest
"""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays
import pytest

CALENDARS = Path(__file__).parents[2] / "core" / "client" / "calendars"
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

CN = holidays.country_holidays("CN", years=range(2025, 2028))
ECB = holidays.financial_holidays("ECB", years=range(2025, 2031))


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


@pytest.mark.parametrize(
    ("name", "first", "last", "is_open"),
    [
        pytest.param(
            "cn.json", "2025-01-01", "2026-12-31", chinese_calendar.is_workday, id="CN-chinesecalendar"
        ),
        pytest.param("cn.json", "2025-01-01", "2026-12-31", CN.is_working_day, id="CN-holidays"),
        pytest.param("target.json", "2025-01-01", "2030-12-31", ECB.is_working_day, id="TARGET-holidays"),
    ],
)
def test_every_published_day_agrees_with_an_independent_package(name, first, last, is_open):
    calendar = load(name)
    assert (calendar["first"], calendar["last"]) == (first, last)
    differing = [str(day) for day in days(calendar) if is_banking_day(calendar, day) != is_open(day)]
    assert differing == []


@pytest.mark.parametrize(("name", "zone"), [("cn.json", "Asia/Shanghai"), ("target.json", "Europe/Berlin")])
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
