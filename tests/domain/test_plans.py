"""When a planned broadcast is said: how people name it, and its next time after any pause."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plans import Every, leading_time, next_after
from tests.moments import CHINA

NOW = datetime(2021, 8, 23, 21, tzinfo=CHINA)  # a Monday


@pytest.mark.parametrize(
    "text, at, every, rest",
    [
        ("明天8点 停水", "08-24 08:00", Every.ONCE, " 停水"),
        ("明天8点半请大家关窗", "08-24 08:30", Every.ONCE, "请大家关窗"),
        ("8月24日9:00 停水", "08-24 09:00", Every.ONCE, " 停水"),
        ("8月24日 9:00 停水", "08-24 09:00", Every.ONCE, " 停水"),
        ("24日上午9点,停电", "08-24 09:00", Every.ONCE, ",停电"),
        ("半小时后 集合", "08-23 21:30", Every.ONCE, " 集合"),
        ("每天18:00 关窗", "08-24 18:00", Every.DAY, " 关窗"),
        ("每晚10点关窗", "08-23 22:00", Every.DAY, "关窗"),
        ("每周一9点 例会", "08-30 09:00", Every.WEEK, " 例会"),
        ("每星期三9点 例会", "08-25 09:00", Every.WEEK, " 例会"),
        ("每月31号9点 缴费", "08-31 09:00", Every.MONTH, " 缴费"),
        ("明天8点 后天下午3点停水", "08-24 08:00", Every.ONCE, " 后天下午3点停水"),
    ],
)
def test_a_text_begins_with_its_time(text: str, at: str, every: Every, rest: str):
    found = leading_time(text, NOW)
    assert found is not None
    assert (f"{found.at:%m-%d %H:%M}", found.every, text[found.length :]) == (at, every, rest)


@pytest.mark.parametrize(
    "text",
    [
        "大家好,明天8点停水",
        "9:00到10:00停水",
        "明天8点到9点停水",
        "今天下午停水",
        "今天8点 停水",
        "2月30日9点 x",
        "",
        "每天",
    ],
)
def test_what_begins_with_no_time_is_not_guessed(text: str):
    assert leading_time(text, NOW) is None


def at(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=CHINA)


@pytest.mark.parametrize(
    "first, every, now, then",
    [
        (at(2021, 8, 31, 9), Every.MONTH, at(2021, 8, 31, 9), at(2021, 9, 30, 9)),
        (at(2021, 8, 31, 9), Every.MONTH, at(2021, 9, 30, 9), at(2021, 10, 31, 9)),
        (at(2021, 12, 31, 9), Every.MONTH, at(2022, 2, 1), at(2022, 2, 28, 9)),
        (at(2021, 12, 31, 9), Every.DAY, at(2021, 12, 31, 9), at(2022, 1, 1, 9)),
        (at(2021, 12, 27, 9), Every.WEEK, at(2021, 12, 27, 9), at(2022, 1, 3, 9)),
        (at(2021, 8, 1, 18), Every.DAY, at(2021, 8, 20, 19), at(2021, 8, 21, 18)),
        (at(2021, 8, 31, 9), Every.MONTH, at(2024, 2, 1), at(2024, 2, 29, 9)),
    ],
)
def test_month_and_year_ends(first: datetime, every: Every, now: datetime, then: datetime):
    assert next_after(first, every, now) == then


def test_once_is_once():
    assert next_after(NOW, Every.ONCE, NOW) is None


@given(
    st.sampled_from([Every.DAY, Every.WEEK, Every.MONTH]),
    st.integers(0, 400),
    st.integers(0, 60 * 24 * 800),
)
def test_the_next_time_lies_ahead_at_the_same_clock_and_none_is_passed_over(every: Every, day: int, pause: int):
    first = NOW + timedelta(days=day)
    now = first + timedelta(minutes=pause)
    then = next_after(first, every, now)
    assert then is not None
    assert then > now
    assert then.timetz() == first.timetz()
    longest = {Every.DAY: 1, Every.WEEK: 7}.get(every, 31)
    assert then - now <= timedelta(days=longest)
