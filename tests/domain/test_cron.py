"""Times as crontab writes them: month and year ends, leap days, clock changes, wrong ones."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cron import Cron, CronError, next_after, parse

CHINA = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2000, 1, 1, tzinfo=CHINA)


def times(text: str, start: str, count: int = 3, zone: ZoneInfo = CHINA) -> list[str]:
    at: datetime | None = datetime.fromisoformat(start).replace(tzinfo=zone)
    found: list[str] = []
    for _ in range(count):
        at = next_after(parse(text), at) if at else None
        found.append(f"{at:%Y-%m-%d %H:%M}" if at else "never")
    return found


@pytest.mark.parametrize(
    "text, start, expected",
    [
        ("0 18 * * *", "2021-08-23 17:59", ["2021-08-23 18:00", "2021-08-24 18:00", "2021-08-25 18:00"]),
        ("0 18 * * *", "2021-08-23 18:00", ["2021-08-24 18:00", "2021-08-25 18:00", "2021-08-26 18:00"]),
        ("0 18 * 6-9 *", "2021-09-29 19:00", ["2021-09-30 18:00", "2022-06-01 18:00", "2022-06-02 18:00"]),
        ("*/30 8-9 * * *", "2021-12-31 09:15", ["2021-12-31 09:30", "2022-01-01 08:00", "2022-01-01 08:30"]),
        ("0 9 31 * *", "2021-12-31 10:00", ["2022-01-31 09:00", "2022-03-31 09:00", "2022-05-31 09:00"]),
        ("0 9 L * *", "2021-12-30 10:00", ["2021-12-31 09:00", "2022-01-31 09:00", "2022-02-28 09:00"]),
        ("0 9 L 2 *", "2023-01-01 00:00", ["2023-02-28 09:00", "2024-02-29 09:00", "2025-02-28 09:00"]),
        ("0 9 29 2 *", "2021-01-01 00:00", ["2024-02-29 09:00", "2028-02-29 09:00", "2032-02-29 09:00"]),
        ("0 9 29 2 *", "2096-03-01 00:00", ["2104-02-29 09:00", "2108-02-29 09:00", "2112-02-29 09:00"]),
        ("0 9 * * 1-5", "2021-08-27 09:00", ["2021-08-30 09:00", "2021-08-31 09:00", "2021-09-01 09:00"]),
        ("0 9 * * 0", "2021-08-23 09:00", ["2021-08-29 09:00", "2021-09-05 09:00", "2021-09-12 09:00"]),
        ("0 9 * * 7", "2021-08-23 09:00", ["2021-08-29 09:00", "2021-09-05 09:00", "2021-09-12 09:00"]),
        ("0 9 1,15 * 1", "2021-08-23 08:00", ["2021-08-23 09:00", "2021-08-30 09:00", "2021-09-01 09:00"]),
        ("0 9 1,L * *", "2021-08-23 08:00", ["2021-08-31 09:00", "2021-09-01 09:00", "2021-09-30 09:00"]),
        ("0 9 30 2 *", "2021-08-23 08:00", ["never", "never", "never"]),
    ],
)
def test_the_next_times(text: str, start: str, expected: list[str]):
    assert times(text, start) == expected


def test_a_time_that_the_clock_skips_is_said_when_it_has_skipped_it_and_one_that_comes_twice_once():
    assert times("30 2 * * *", "2021-03-27 12:00", 2, BERLIN) == ["2021-03-28 03:30", "2021-03-29 02:30"]
    assert times("30 2 * * *", "2021-10-30 12:00", 2, BERLIN) == ["2021-10-31 02:30", "2021-11-01 02:30"]


def test_only_days_that_are_allowed():
    now = datetime(2021, 8, 23, 12, tzinfo=CHINA)
    at = next_after(parse("0 9 * * *"), now, lambda day: day >= date(2021, 9, 3))
    assert at == datetime(2021, 9, 3, 9, tzinfo=CHINA)


@pytest.mark.parametrize(
    "text",
    ["", "0 18 * *", "0 18 * * * *", "60 18 * * *", "0 24 * * *", "0 9 0 * *", "0 9 32 * *", "0 9 * 13 *", "0 9 * * 8",
     "5-1 * * * *", "*/0 * * * *", "a * * * *", "-1 * * * *", "1- * * * *", "0 9 ٣ * *", "@daily", "1,,2 * * * *"],
)  # fmt: skip
def test_what_is_none_is_refused_with_what_was_expected(text: str):
    with pytest.raises(CronError, match="expected"):
        parse(text)


@given(
    st.integers(0, 90 * 366 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes)),
    st.integers(0, 59), st.integers(0, 23), st.integers(1, 28), st.integers(1, 12),
)  # fmt: skip
def test_it_is_always_later_within_a_year_and_at_the_minute(
    now: datetime, minute: int, hour: int, day: int, month: int
):
    at = next_after(parse(f"{minute} {hour} {day} {month} *"), now)
    assert at is not None
    assert timedelta(0) < at - now <= timedelta(days=367)


@given(st.text("0123456789*/,- L", max_size=20))
def test_anything_is_read_or_refused(text: str):
    try:
        assert isinstance(parse(text), Cron)
    except CronError:
        return
