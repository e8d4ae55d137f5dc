"""What tickets and their histories add up to: counts, times, who answered, the three rates of 接诉即办. Pure.

接诉即办 asks, of each matter: was somebody in touch in time (响应), did the person who reported say that it is solved
(解决), were they content (满意). Only what people said counts as solved; silence does not.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import TypeVar

from domain.roster import Community
from domain.tickets import Ticket, TicketEvent, What
from domain.vocabulary import Kind, Role, StaffId, Status

PROPERTY = frozenset({Role.STEWARD, Role.REPAIRER})
LEFT_OUT = frozenset({Status.CANCELLED, Status.MERGED})
"""Counted among the states; of no time and no rate."""
ANSWERS = frozenset({What.MOVED, What.PROGRESS, What.VISITED})


Member = TypeVar("Member", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Case:
    ticket: Ticket
    events: Sequence[TicketEvent]

    @property
    def first_answer(self) -> TicketEvent | None:
        """The first thing that a member of staff did about it."""
        return next((e for e in self.events if e.by.staff is not None and e.what in ANSWERS), None)

    @property
    def asked(self) -> bool:
        return self.said or any(e.what is What.ASKED for e in self.events)

    @property
    def said(self) -> bool:
        """Whether a reporter said how it turned out."""
        return self.ticket.clocks.confirmed is not None or self.unhappy

    @property
    def opened_again(self) -> bool:
        """It was said to be done, and was not."""
        return any(e.what is What.MOVED and e.details.get("to") == Status.REOPENED for e in self.events)

    @property
    def unhappy(self) -> bool:
        return self.opened_again or any(e.what is What.DISSATISFIED for e in self.events)


@dataclass(frozen=True, slots=True)
class Rate:
    hits: int
    of: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.hits / self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class Figures:
    """Times are medians in minutes since the report; None where there is none. by_property: first answers."""

    count: int
    still_open: int
    states: Mapping[Status, int]
    kinds: Mapping[Kind, int]
    accept: int | None
    arrive: int | None
    clear: int | None
    by_property: Rate
    responded: Rate
    solved: Rate
    satisfied: Rate


@dataclass(frozen=True, slots=True)
class PersonFigures:
    """answers: tickets that this person answered first; minutes: the median until then; came: where they arrived."""

    staff: StaffId
    answers: int
    minutes: int | None
    came: int


def figures(cases: Sequence[Case], community: Community, now: datetime) -> Figures:
    counted = [case for case in cases if case.ticket.status not in LEFT_OUT]
    answered = [(case, first) for case in counted if (first := case.first_answer) is not None]
    judged = [case for case in counted if case.said]
    return Figures(
        count=len(cases),
        still_open=sum(case.ticket.open for case in cases),
        states=_sorted_counts(Status, (case.ticket.status for case in cases)),
        kinds=_sorted_counts(Kind, (case.ticket.kind for case in cases)),
        accept=_median(counted, lambda t: t.clocks.accepted),
        arrive=_median(counted, lambda t: t.clocks.arrived),
        clear=_median(counted, lambda t: t.clocks.cleared),
        by_property=Rate(sum(_of_property(first, community) for _, first in answered), len(answered)),
        responded=_responded(counted, community, now),
        solved=Rate(sum(_is_solved(case) for case in counted), sum(case.asked for case in counted)),
        satisfied=Rate(sum(_is_solved(case) and not case.unhappy for case in judged), len(judged)),
    )


def by_building(cases: Iterable[Case]) -> dict[str | None, list[Case]]:
    found: dict[str | None, list[Case]] = {}
    for case in cases:
        found.setdefault(case.ticket.location.building, []).append(case)
    return found


def by_person(cases: Sequence[Case]) -> list[PersonFigures]:
    """Most answers first."""
    waits: dict[StaffId, list[float]] = {}
    came: Counter[StaffId] = Counter()
    for case in cases:
        first = case.first_answer
        if first is not None and first.by.staff is not None:
            waits.setdefault(first.by.staff, []).append(_minutes(first.at - case.ticket.clocks.reported))
        came.update(
            {e.by.staff for e in case.events if e.by.staff is not None and e.details.get("to") == Status.ON_SITE}
        )
    people = [
        PersonFigures(who, len(waits.get(who, ())), round(median(waits[who])) if who in waits else None, came[who])
        for who in {*waits, *came}
    ]
    return sorted(people, key=lambda person: (-person.answers, -person.came, person.staff))


def _sorted_counts(order: Iterable[Member], found: Iterable[Member]) -> dict[Member, int]:
    counts = Counter(found)
    return {value: counts[value] for value in order if counts[value]}


def _minutes(span: timedelta) -> float:
    return max(0.0, span.total_seconds() / 60)


def _median(cases: Sequence[Case], clock: Callable[[Ticket], datetime | None]) -> int | None:
    """Counted from the report, or from when it was opened again."""
    spans = [_minutes(at - c.ticket.clocks.begun) for c in cases if (at := clock(c.ticket)) is not None]
    return round(median(spans)) if spans else None


def _of_property(event: TicketEvent, community: Community) -> bool:
    staff = community.staff.get(event.by.staff) if event.by.staff is not None else None
    return staff is not None and staff.role in PROPERTY


def _responded(cases: Sequence[Case], community: Community, now: datetime) -> Rate:
    """Of those that were answered or whose time to be accepted is over."""
    in_time = late = 0
    for case in cases:
        limits = community.service_times.get(case.ticket.urgency)
        limit = timedelta(minutes=limits.accept_minutes if limits else 0)
        first = case.first_answer
        if first is not None and first.at - case.ticket.clocks.reported <= limit:
            in_time += 1
        elif first is not None or now - case.ticket.clocks.reported > limit:
            late += 1
    return Rate(in_time, in_time + late)


def _is_solved(case: Case) -> bool:
    """By the word of who reported. What had to be opened again was not solved when it was said to be."""
    confirmed = case.ticket.status is Status.CLOSED and case.ticket.clocks.confirmed is not None
    return confirmed and not case.opened_again
