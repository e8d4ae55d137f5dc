"""Broadcasts of the configuration: when they are said, also by workdays and days off. Pure.

Days off and make-up workdays are announced year by year; for a year that nobody entered, weekends are days off.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.cron import Cron, next_after
from domain.vocabulary import BuildingId

LATE = timedelta(hours=2)
"""What could not be said for so long (the machine stood still) is not said any more: 今晚六点停水, at nine."""


class Days(StrEnum):
    ALL = "all"
    WORKDAYS = "workdays"
    DAYS_OFF = "days_off"


@dataclass(frozen=True, slots=True)
class Calendar:
    """years: those whose days were entered. off: holidays; work: weekends on which people work for them."""

    years: frozenset[int] = frozenset()
    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        if day in self.work or day in self.off:
            return day in self.work
        return day.isoweekday() <= 5


@dataclass(frozen=True, slots=True)
class Schedule:
    """cron: as written. late: so long after its time it is still said, else its missing is told."""

    name: str
    cron: str
    times: Cron
    text: str
    days: Days = Days.ALL
    buildings: tuple[BuildingId, ...] = ()
    late: timedelta = LATE

    @property
    def spec(self) -> str:
        """What it was when its next time was worked out."""
        return json.dumps([self.cron, self.days, self.text, self.buildings], ensure_ascii=False)

    def after(self, now: datetime, calendar: Calendar) -> datetime | None:
        def allowed(day: date) -> bool:
            return self.days is Days.ALL or calendar.is_workday(day) == (self.days is Days.WORKDAYS)

        return next_after(self.times, now, allowed)


@dataclass(frozen=True, slots=True)
class Timetable:
    schedules: Sequence[Schedule] = ()
    calendar: Calendar = field(default_factory=Calendar)

    def named(self, name: str) -> Schedule | None:
        return next((schedule for schedule in self.schedules if schedule.name == name), None)

    def guessed(self, schedule: Schedule, at: datetime | None) -> int | None:
        """The year whose days off nobody entered, where the time was worked out by them."""
        unknown = at is not None and schedule.days is not Days.ALL and at.year not in self.calendar.years
        return at.year if unknown and at is not None else None
