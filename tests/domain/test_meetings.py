"""When people are reminded of a meeting, and how minutes fall into items."""

from datetime import datetime, time, timedelta

import pytest

from domain.meetings import Meeting, next_reminder
from domain.minutes import items_of
from domain.roster import QuietHours
from domain.vocabulary import StaffId
from tests.moments import CHINA

QUIET = QuietHours(time(23), time(7))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2021, 8, day, hour, minute, tzinfo=CHINA)


def reminders(begins: datetime, told: datetime) -> list[datetime]:
    meeting, now, found = Meeting(begins, "活动室", "漏水", (), StaffId("li"), told), told, []
    while (due := next_reminder(meeting, now, QUIET)) is not None:
        found.append(due)
        now = due
    return found


@pytest.mark.parametrize(
    "begins, told, expected",
    [
        (at(24, 14), at(21, 10), [at(23, 14), at(24, 13)]),
        (at(24, 14), at(23, 15), [at(24, 13)]),  # the day before is over
        (at(24, 14), at(23, 13), [at(24, 13)]),  # the invitation has just been read
        (at(24, 14), at(24, 12, 30), []),
        (at(24, 7, 30), at(20, 10), [at(23, 7, 30), at(24, 7)]),  # never at night
        (at(24, 6, 30), at(20, 10), [at(23, 7)]),  # nobody is woken up for it
        (at(24, 23, 30), at(20, 10), [at(24, 7), at(24, 22, 30)]),
    ],
)
def test_reminders_come_the_day_before_and_an_hour_before_and_never_at_night(begins, told, expected):
    assert reminders(begins, told) == expected


def test_a_reminder_that_was_slept_through_is_not_made_up_for():
    meeting = Meeting(at(24, 14), "活动室", "漏水", (), StaffId("li"), at(20, 10))
    assert next_reminder(meeting, at(24, 13) + timedelta(minutes=1), QUIET) is None


@pytest.mark.parametrize(
    "text, expected",
    [
        ("楼顶由物业免费修", [("楼顶由物业免费修", False)]),
        ("1. 楼顶由物业免费修\n2、2-502：自费", [("楼顶由物业免费修", False), ("2-502：自费", False)]),
        ("一、楼顶免费；二、2-502自费", [("楼顶免费", False), ("2-502自费", False)]),
        ("2-502：自费。物业帮找师傅", [("2-502：自费。", False), ("物业帮找师傅", True)]),
        ("2-502：自费；公共部位免费", [("2-502：自费", False), ("公共部位免费", False)]),
        ("3、5单元的外墙由物业修", [("3、5单元的外墙由物业修", False)]),
        ("3.5米以下由物业修", [("3.5米以下由物业修", False)]),
        ("\n \n。；", []),
        ("", []),
    ],
)
def test_items_of_minutes(text: str, expected: list):
    assert [(item.words, item.follows) for item in items_of(text)] == expected
