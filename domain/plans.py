"""Broadcasts for later: once, or every day, week or month at the same time. When they are due is a row."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.spoken_time import find_time
from domain.timetable import Timetable
from domain.vocabulary import BuildingId, StaffId

LONGEST_TIME = 24
"""Characters that a time may take at the beginning of the words."""
_EVERY = re.compile(r"^每(?:个)?(?P<unit>天|日|晚|早|周|星期|礼拜|月)(?:的)?\s*")
_RANGE = re.compile(r"^\s*[-~—到至]\s*\d")


class Every(StrEnum):
    ONCE = "once"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TABLE = "table"
    """by a schedule of the configuration"""


@dataclass(frozen=True, slots=True)
class Plan:
    """buildings: whose groups; none: all. first_at: the anchor of what repeats. due_at: the next time; None: over.

    number: as it is listed; 0 while it is new. by: who asked for it. schedule: its name in the configuration, with what
    that said when the next time was worked out (spec); "" for what a person planned.
    """

    text: str
    buildings: tuple[BuildingId, ...]
    every: Every
    first_at: datetime
    due_at: datetime | None
    by: StaffId
    made_at: datetime
    number: int = 0
    schedule: str = ""
    spec: str = ""

    def moved_on(self, now: datetime, timetable: Timetable) -> "Plan":
        """To its next time after ``now``: what was missed meanwhile is not caught up one by one."""
        return replace(self, due_at=self.next_after(now, timetable))

    def next_after(self, now: datetime, timetable: Timetable) -> datetime | None:
        if not self.schedule:
            return next_after(self.first_at, self.every, now)
        schedule = timetable.named(self.schedule)
        return schedule.after(now, timetable.calendar) if schedule is not None else None

    def too_far(self, now: datetime, timetable: Timetable) -> bool:
        """Whether its next time was worked out by a clock that was wrong: it repeats, and comes sooner than that."""
        soonest = self.next_after(now, timetable)
        return soonest is not None and self.due_at is not None and self.due_at > soonest


def next_after(first: datetime, every: Every, now: datetime) -> datetime | None:
    """None for what happens once. A month without that day has its last day instead."""
    if every is Every.ONCE:
        return None
    if first > now:
        return first
    if every is Every.MONTH:
        months = range((now.year - first.year) * 12 + now.month - first.month, 10**6)
        return next(at for n in months if (at := _months_after(first, n)) > now)
    step = timedelta(days=1 if every is Every.DAY else 7)
    return first + ((now - first) // step + 1) * step


def _months_after(first: datetime, months: int) -> datetime:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return first.replace(year=year, month=month + 1, day=min(first.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class When:
    """length: how many characters of the text named it."""

    at: datetime
    every: Every
    length: int


def leading_time(text: str, now: datetime) -> When | None:
    """The time that a text begins with: 明天8点 …, 每天18:00 …, 每周一9点 …, 每月1号9点 …, 8月24日9:00 ….

    None when it begins with none, with one that is over, or with a span (8点到9点). ``text``: with narrow signs.
    """
    match = _EVERY.match(text)
    every, begin, said = Every.ONCE, 0, ""
    if match is not None:
        unit = match["unit"]
        every = {"月": Every.MONTH, "天": Every.DAY, "日": Every.DAY, "晚": Every.DAY, "早": Every.DAY}.get(
            unit, Every.WEEK
        )
        begin = match.end()
        said = {"晚": "晚上", "早": "早上", "周": "周", "星期": "周", "礼拜": "周"}.get(unit, "")
    for end in range(min(len(text), begin + LONGEST_TIME), begin, -1):
        words = said + text[begin:end]
        found = find_time(words, now)
        if found is not None and not found.rest and _has_hour(words) and not re.search(r"[-~—到至]", words):
            return None if _RANGE.match(text[end:]) else When(found.at, every, end)
    return None


def _has_hour(words: str) -> bool:
    """A day alone is no time to post at; neither are commas and spaces at its end part of it."""
    return re.search(r"[点时钟刻半]|\d:\d\d|后$", words) is not None and not re.search(r"[\s,。、:;]$", words)
