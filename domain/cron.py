"""Times as crontab writes them: minute, hour, day of the month, month, day of the week. Pure.

A field is "*", a number, a range "1-5", a step "*/15" or "8-18/2", or several with commas. L is the last day of the
month. Where both the day of the month and that of the week are given, either of them is enough, as ever in crontab.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LOOKED_AHEAD = 9 * 366
"""Days: 29 February comes after eight years at the latest."""
LAST = -1


class CronError(ValueError):
    """What was expected, and what was found."""


@dataclass(frozen=True, slots=True)
class Cron:
    """days may hold LAST. either: both kinds of day were given."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool

    def falls_on(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        last = LAST in self.days and day.day == monthrange(day.year, day.month)[1]
        of_month, of_week = last or day.day in self.days, day.isoweekday() in self.weekdays
        return of_month or of_week if self.either else of_month and of_week


def parse(text: str) -> Cron:
    """Raises CronError."""
    fields = text.split()
    if len(fields) != 5:
        raise CronError(
            f"expected five fields (minute hour day month weekday), for example “0 18 * 6-9 *”, found {text!r}"
        )
    minute, hour, day, month, weekday = fields
    days = [LAST if part == "L" else part for part in day.split(",")]
    numbered = ",".join(part for part in days if isinstance(part, str))
    of_month = _field("day", numbered, 1, 31) if numbered else frozenset()
    return Cron(
        tuple(sorted(_field("minute", minute, 0, 59))),
        tuple(sorted(_field("hour", hour, 0, 23))),
        of_month | {part for part in days if isinstance(part, int)},
        _field("month", month, 1, 12),
        frozenset(n or 7 for n in _field("weekday", weekday, 0, 7)),
        either=day != "*" and weekday != "*",
    )


def _field(name: str, text: str, least: int, most: int) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        if span == "*":
            first, last = str(least), str(most)
        elif not dash:
            last = str(most) if step else first
        if not all(n.isascii() and n.isdecimal() for n in (first, last, step or "1")) or step == "0":
            raise CronError(f"expected {name}s from {least} to {most}, “*”, a range or a step, found {part!r}")
        if not least <= int(first) <= int(last) <= most:
            raise CronError(f"expected {name}s from {least} to {most}, ranges in order, found {part!r}")
        found.update(range(int(first), int(last) + 1, int(step or 1)))
    return frozenset(found)


def next_after(cron: Cron, now: datetime, allows: Callable[[date], bool] = lambda _: True) -> datetime | None:
    """The first time after ``now``, in its zone, on a day that is allowed; None where there is none in nine years.

    A time that the clock skips in spring comes when it has skipped it; of one that comes twice in autumn, the first.
    """
    for ahead in range(LOOKED_AHEAD):
        day = now.date() + timedelta(days=ahead)
        if not cron.falls_on(day) or not allows(day):
            continue
        for hour in cron.hours:
            for minute in cron.minutes:
                at = _existing(datetime(day.year, day.month, day.day, hour, minute, tzinfo=now.tzinfo))
                if at > now:
                    return at
    return None


def _existing(at: datetime) -> datetime:
    return at.astimezone(UTC).astimezone(at.tzinfo)
