"""The account of a storm: how fast, what was promised and kept or not, from the tickets and their histories. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from domain.audit import Promised
from domain.promises import arrival_due, due_at
from domain.roster import Community, ServiceTimes
from domain.statistics import LEFT_OUT, Case
from domain.tickets import Awaited, Promise, What
from domain.vocabulary import Status, TicketNumber, Urgency


@dataclass(frozen=True, slots=True)
class Span:
    """How long it took, in whole minutes since the report. slowest: whose was the longest. of: how many it is about."""

    median: int
    longest: int
    slowest: TicketNumber
    of: int


@dataclass(frozen=True, slots=True)
class Missed:
    """minutes: so much later than promised; None: not done yet."""

    ticket: TicketNumber
    what: Promised
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Record:
    """What was promised about tickets. of, kept: how many of each kind. reminded: how often somebody had to be, about
    news and dates. reopened: tickets that were said to be done and were not."""

    of: Mapping[Promised, int]
    kept: Mapping[Promised, int]
    missed: Sequence[Missed]
    reminded: int
    reopened: int


Clock = Callable[[Case], datetime | None]


def answered_at(case: Case) -> datetime | None:
    return case.first_answer.at if case.first_answer else None


def arrived_at(case: Case) -> datetime | None:
    return case.ticket.clocks.arrived


def cleared_at(case: Case) -> datetime | None:
    return case.ticket.clocks.cleared


def acknowledged_at(case: Case) -> datetime | None:
    return case.ticket.clocks.acknowledged


def span(cases: Sequence[Case], clock: Clock) -> Span | None:
    """None where it happened to none of them. Reports that led to nothing do not count."""
    found = [
        (_minutes(at - case.ticket.clocks.reported), case.ticket.number)
        for case in cases
        if case.ticket.status not in LEFT_OUT and (at := clock(case)) is not None
    ]
    if not found:
        return None
    longest, slowest = max(found, key=lambda one: (one[0], -one[1]))
    return Span(round(median(minutes for minutes, _ in found)), longest, slowest, len(found))


def record(cases: Sequence[Case], community: Community, now: datetime) -> Record:
    of: dict[Promised, int] = {}
    kept: dict[Promised, int] = {}
    late: list[Missed] = []
    for case in cases:
        for what, due, at in _promised(case, community):
            if at is None and now <= due:
                continue  # there is time yet
            of[what] = of.get(what, 0) + 1
            if at is not None and at <= due:
                kept[what] = kept.get(what, 0) + 1
            else:
                late.append(Missed(case.ticket.number, what, None if at is None else max(1, _minutes(at - due))))
    events = [event for case in cases for event in case.events]
    return Record(
        of,
        kept,
        late,
        reminded=sum(e.what is What.REMINDED and e.details.get("awaits") in _OF_NEWS for e in events),
        reopened=sum(any(e.details.get("to") == Status.REOPENED for e in case.events) for case in cases),
    )


_OF_NEWS = frozenset({Awaited.NEWS.value, Awaited.NEXT_DATE.value})


def _promised(case: Case, community: Community) -> Iterator[tuple[Promised, datetime, datetime | None]]:
    """What was promised, until when, and when it was done. Of the last time, where a ticket was opened again."""
    ticket, limits = case.ticket, community.service_times.get(case.ticket.urgency)
    if limits is None or ticket.status in LEFT_OUT:
        return
    clocks = ticket.clocks
    if ticket.reporters:
        due = clocks.reported + timedelta(minutes=limits.acknowledge_minutes)
        yield Promised.ACKNOWLEDGED, due, clocks.acknowledged
    taken = [at for at in (clocks.accepted, clocks.arrived, clocks.cleared) if at is not None]
    promise = Promise(Awaited.ACCEPTANCE, 1, clocks.begun, clocks.begun, clocks.begun)
    yield Promised.ACCEPTED, due_at(ticket, promise, community), min(taken, default=None)
    came = [at for at in (clocks.arrived, clocks.cleared) if at is not None]
    yield Promised.ARRIVED, _arrival_due(case, community, limits), min(came, default=None)


def _arrival_due(case: Case, community: Community, limits: ServiceTimes) -> datetime:
    """A time that a person named stands in the place of the table's."""
    ticket, zone = case.ticket, ZoneInfo(community.timezone)
    accepted = ticket.clocks.accepted or ticket.clocks.begun + timedelta(minutes=limits.accept_minutes)
    due = arrival_due(ticket.clocks, accepted, limits).astimezone(zone)
    named = [datetime.fromisoformat(str(e.details["next_at"])) for e in case.events if e.details.get("next_at")]
    if named:
        due = max(due, max(named).astimezone(zone) + timedelta(minutes=limits.accept_minutes))
    return community.quiet_hours.awake(due) if ticket.urgency is Urgency.NORMAL else due


def _minutes(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))
