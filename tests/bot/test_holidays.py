"""The operator's file of days off: read, or refused with what was expected; and what a schedule makes of it."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.holidays import read_holidays
from domain.cron import parse
from domain.errors import ConfigError
from domain.timetable import Calendar, Days, Schedule, Timetable
from tests.moments import CHINA

FILE = '2031: {holidays: ["01-01", "02-03~02-09"], workdays: ["02-01", "02-15"]}\n'


def read(tmp_path: Path, text: str) -> Calendar:
    path = tmp_path / "holidays.yaml"
    path.write_text(text, encoding="utf-8")
    return read_holidays(path)


def test_it_is_read(tmp_path: Path):
    calendar = read(tmp_path, FILE)
    assert calendar.years == {2031}
    assert len(calendar.off) == 8
    assert not calendar.is_workday(date(2031, 2, 5))  # a Wednesday in the holidays
    assert calendar.is_workday(date(2031, 2, 15))  # a Saturday that is worked
    assert calendar.is_workday(date(2031, 2, 10))
    assert not calendar.is_workday(date(2031, 2, 16))


@pytest.mark.parametrize(
    "text, told",
    [
        ("[1]", "expected years"),
        ("甲: {holidays: []}", "expected a year"),
        ("2031: [1]", "expected holidays and workdays"),
        ("2031: {holidays: [], rest: []}", "expected holidays and workdays"),
        ('2031: {holidays: ["02-30"]}', "found '02-30'"),
        ('2031: {holidays: ["13-01"]}', "found '13-01'"),
        ('2031: {holidays: ["02-09~02-03"]}', "the first day before the last"),
        ('2031: {holidays: ["元旦"]}', "found '元旦'"),
        ('2031: {holidays: ["01-01"], workdays: ["01-01"]}', "both a holiday and a workday"),
        ("2031: {holidays: [", "expected YAML"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, text: str, told: str):
    with pytest.raises(ConfigError, match=r"expected|both") as refusal:
        read(tmp_path, text)
    assert told in str(refusal.value)


def test_without_a_file_weekends_are_off_and_every_year_is_unknown(tmp_path: Path):
    calendar = read_holidays(None)
    assert (calendar.is_workday(date(2031, 2, 7)), calendar.is_workday(date(2031, 2, 8))) == (True, False)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_holidays(tmp_path / "nothing.yaml")


def schedule(days: Days) -> Schedule:
    return Schedule("a", "0 9 * * *", parse("0 9 * * *"), "停水", days)


@pytest.mark.parametrize(
    "days, expected",
    [
        (Days.ALL, ["01-31", "02-01", "02-02"]),
        (Days.WORKDAYS, ["01-31", "02-01", "02-10"]),
        (Days.DAYS_OFF, ["02-02", "02-03", "02-04"]),
    ],
)
def test_by_workdays_and_days_off(tmp_path: Path, days: Days, expected: list[str]):
    calendar, at, found = read(tmp_path, FILE), datetime(2031, 1, 30, 10, tzinfo=CHINA), []
    for _ in range(3):
        at = schedule(days).after(at, calendar) or at
        found.append(f"{at:%m-%d}")
    assert found == expected


def test_a_year_that_nobody_entered_is_pointed_out(tmp_path: Path):
    table = Timetable((schedule(Days.WORKDAYS),), read(tmp_path, FILE))
    at = datetime(2031, 12, 31, 9, tzinfo=CHINA)
    assert table.guessed(table.schedules[0], at) is None
    assert table.guessed(table.schedules[0], at + timedelta(days=1)) == 2032
    assert table.guessed(schedule(Days.ALL), at + timedelta(days=1)) is None
