"""Who is at work: by the shifts of the configuration, and by their own word, which holds until their next shift begins
or ends. Pure. Of somebody without shifts who said nothing nobody knows; such a person is called as ever."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.vocabulary import StaffId

WORD_HOLDS = timedelta(hours=16)
"""At the longest: who forgets to sign off does not stay on duty for ever, and the other way round."""
EVERY_DAY = frozenset(range(1, 8))


@dataclass(frozen=True, slots=True)
class Shift:
    """days: 1 is Monday, those on which it begins; end before start: it goes on past midnight."""

    name: str
    start: time
    end: time
    staff: tuple[StaffId, ...]
    days: frozenset[int] = EVERY_DAY

    def spans(self, around: datetime) -> Sequence[tuple[datetime, datetime]]:
        """Those that begin the day before, on the day, or the day after. In the zone of ``around``."""
        days = [around.date() + timedelta(days=n) for n in (-1, 0, 1)]
        return [self._span(day, around) for day in days if day.isoweekday() in self.days]

    def _span(self, day: date, around: datetime) -> tuple[datetime, datetime]:
        ends_on = day if self.end > self.start else day + timedelta(days=1)
        zone = around.tzinfo
        return datetime.combine(day, self.start, zone), datetime.combine(ends_on, self.end, zone)


@dataclass(frozen=True, slots=True)
class DutyWord:
    """我在岗 or 离岗, the latest of this person."""

    staff: StaffId
    on: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Duty:
    """Who surely is on duty, and who surely is not."""

    on: frozenset[StaffId] = frozenset()
    off: frozenset[StaffId] = frozenset()


UNKNOWN = Duty()


def duty_at(shifts: Sequence[Shift], words: Iterable[DutyWord], now: datetime) -> Duty:
    """now: in the community's zone."""
    on, off = set[StaffId](), set[StaffId]()
    spans = [(who, span) for shift in shifts for who in shift.staff for span in shift.spans(now)]
    for who in {who for who, _ in spans} | {who for shift in shifts for who in shift.staff}:
        here = any(start <= now < end for whose, (start, end) in spans if whose == who)
        (on if here else off).add(who)
    for word in words:
        turns = [at for who, span in spans if who == word.staff for at in span]
        if now - word.at < WORD_HOLDS and not any(word.at < at <= now for at in turns):
            (on if word.on else off).add(word.staff)
            (off if word.on else on).discard(word.staff)
    return Duty(frozenset(on), frozenset(off)) if on or off else UNKNOWN


def shift_of(shifts: Sequence[Shift], who: StaffId, now: datetime) -> tuple[Shift, datetime] | None:
    """The shift that this person has now, and when it ends."""
    for shift in shifts:
        if who in shift.staff:
            end = next((end for start, end in shift.spans(now) if start <= now < end), None)
            if end is not None:
                return shift, end
    return None
