"""What happens next to a ticket when nobody does anything, and who is told. Pure.

Nobody accepts: the building's social worker was called with the report, then the steward, then the secretary, then all
of them again, less and less often. Accepted and nobody comes: the acceptance lapses and the ladder goes on. No word to
the residents, a date that passes, work that is done: somebody is asked. Quiet hours stop all of it but the ladders of
what is urgent and the news about emergencies.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from domain.roster import Community, ServiceTimes, Staff
from domain.tickets import Awaited, Clocks, Promise, Ticket
from domain.vocabulary import Role, StaffId, Status, Urgency

AWAITED: Mapping[Status, Awaited] = {
    Status.REGISTERED: Awaited.ACCEPTANCE,
    Status.REOPENED: Awaited.ACCEPTANCE,
    Status.ACCEPTED: Awaited.ARRIVAL,
    Status.ON_SITE: Awaited.NEWS,
    Status.ASSESSED: Awaited.NEWS,
    Status.REPAIRING: Awaited.NEWS,
    Status.WAITING: Awaited.NEXT_DATE,
    Status.RESOLVED: Awaited.ANSWER,
}
LADDER = frozenset({Awaited.ACCEPTANCE, Awaited.ARRIVAL})
FIRST_QUESTION, SECOND_QUESTION, CLOSING = 1, 2, 3
"""Steps of waiting for the reporter's answer; what is not closed then is looked at each day."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONGEST_PAUSE: Mapping[Urgency, timedelta] = {Urgency.EMERGENCY: HOUR, Urgency.URGENT: 4 * HOUR, Urgency.NORMAL: DAY}
"""Once all were told the pauses double up to this: who is called every ten minutes all night stops listening."""
SHORTEST_PAUSE = timedelta(minutes=1)
TOLD_ALL = 3
"""The step of the ladder that calls everybody again."""
TOGETHER = timedelta(minutes=30)
"""What is said once more after that waits for the half hour, so that one message says all of it."""


class Standing(Protocol):
    """As much of a ticket as its promise depends on."""

    @property
    def status(self) -> Status: ...

    @property
    def urgency(self) -> Urgency: ...

    @property
    def clocks(self) -> Clocks: ...

    @property
    def since(self) -> datetime: ...

    @property
    def told_at(self) -> datetime | None: ...

    @property
    def next_at(self) -> datetime | None: ...

    @property
    def due(self) -> Promise | None: ...


def renewed(ticket: Ticket, community: Community) -> Ticket:
    """With the promise that its state asks for: the one it has, or a new one where something happened."""
    due = _promise(ticket, community)
    return ticket if due == ticket.due else replace(ticket, due=due)


def _promise(ticket: Ticket, community: Community) -> Promise | None:
    awaits, limits = AWAITED.get(ticket.status), community.service_times.get(ticket.urgency)
    if awaits is None or limits is None:
        return None
    since, before = _since(ticket, awaits), ticket.due
    if before is None or before.awaits is not awaits or before.since != since:
        before = Promise(awaits, _climbed(ticket, awaits), since, since, since)
    return replace(before, at=due_at(ticket, before, community))


def first_due(ticket: Standing, awaits: Awaited, community: Community) -> datetime:
    """When the first step of what it waits for is due, or was."""
    since = _since(ticket, awaits)
    return due_at(ticket, Promise(awaits, 1, since, since, since), community)


def _since(ticket: Standing, awaits: Awaited) -> datetime:
    """What a promise counts from. Another word to the residents, another date: another promise."""
    if awaits is Awaited.NEWS:
        return max(ticket.since, ticket.told_at or ticket.since)
    if awaits is Awaited.NEXT_DATE:
        return ticket.next_at or ticket.since
    return ticket.since


def _climbed(ticket: Standing, awaits: Awaited) -> int:
    """An acceptance that lapses does not bring the ladder down; being opened again does."""
    goes_on = ticket.due is not None and {ticket.due.awaits, awaits} <= LADDER
    return min(ticket.due.step, TOLD_ALL) if ticket.due and goes_on and ticket.status is not Status.REOPENED else 1


def due_at(ticket: Standing, promise: Promise, community: Community) -> datetime:
    """When its step is due."""
    limits, quiet = community.service_times[ticket.urgency], community.quiet_hours
    origin = promise.origin.astimezone(ZoneInfo(community.timezone))
    match promise.awaits:
        case Awaited.ACCEPTANCE:
            pause, pauses = _rung_pause(ticket.urgency, limits, promise.step), ticket.urgency is Urgency.NORMAL
            at = quiet.later(origin, pause) if pauses else origin + pause
            at = _with_others(at) if promise.step > TOLD_ALL else at
            return quiet.awake(at) if pauses else at
        case Awaited.ARRIVAL:
            at = arrival_due(ticket.clocks, promise.origin, limits).astimezone(origin.tzinfo)
            if ticket.next_at is not None:  # somebody named the time at which they come
                at = max(at, ticket.next_at.astimezone(origin.tzinfo) + _minutes(limits.accept_minutes))
            return quiet.awake(at) if ticket.urgency is Urgency.NORMAL else at
        case Awaited.NEWS:
            at = origin + _doubled(_minutes(limits.update_minutes), promise.step - 2, DAY)
            return at if ticket.urgency is Urgency.EMERGENCY else quiet.awake(at)
        case Awaited.NEXT_DATE:
            if promise.step == 1:
                return origin  # somebody named this very time
            return quiet.awake(origin + _doubled(HOUR, promise.step - 2, DAY))
        case Awaited.ANSWER:
            return quiet.awake(origin + _answer_after(community, promise.step))


def arrival_due(clocks: Clocks, accepted: datetime, limits: ServiceTimes) -> datetime:
    """Counted from the report; who accepts late has as long to come as who accepted at the last moment."""
    counted = max(clocks.begun, accepted - _minutes(limits.accept_minutes))
    return counted + _minutes(limits.arrive_minutes)


def _with_others(at: datetime) -> datetime:
    """The next half hour of the clock."""
    past = timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond) % TOGETHER
    return at + (TOGETHER - past if past else timedelta())


def _minutes(number: int) -> timedelta:
    return max(SHORTEST_PAUSE, timedelta(minutes=number))


def _doubled(pause: timedelta, times: int, longest: timedelta) -> timedelta:
    """Never shorter than it was, never longer than ``longest`` by doubling."""
    return max(pause, min(pause * (1 << min(max(times, 0), 16)), longest))


def _rung_pause(urgency: Urgency, limits: ServiceTimes, step: int) -> timedelta:
    """Before a rung: until it had to be accepted; then evenly to the steward, the secretary, all; then doubling."""
    if step == 1:
        return _minutes(limits.accept_minutes)
    return _doubled(_minutes(limits.escalate_every_minutes), step - TOLD_ALL, LONGEST_PAUSE[urgency])


def _answer_after(community: Community, step: int) -> timedelta:
    """From resolved. Nothing is closed before it was asked about twice, with an hour to answer."""
    closing = community.closing
    first = max(closing.first_question, SHORTEST_PAUSE)
    second = max(closing.second_question, first + HOUR)
    close = max(closing.close_after, second + HOUR)
    return (first, second)[step - 1] if step < CLOSING else close + (step - CLOSING) * DAY


def climbed(ticket: Ticket, promise: Promise, community: Community, now: datetime) -> tuple[Promise, Sequence[int]]:
    """The promise once what is due was said, and the steps that this was: several after a downtime.

    Questions to residents are never skipped: a late one puts off what follows it.
    """
    if promise.awaits is Awaited.ANSWER:
        late = max(now - promise.at, timedelta())
        following = replace(promise, step=promise.step + 1, origin=promise.origin + late)
        return replace(following, at=due_at(ticket, following, community)), (promise.step,)
    steps = []
    while promise.at <= now:
        steps.append(promise.step)
        promise = replace(promise, step=promise.step + 1, origin=promise.at)
        promise = replace(promise, at=due_at(ticket, promise, community))
    return promise, steps


def asked_early(ticket: Ticket, community: Community, now: datetime) -> Promise | None:
    """The promise of a ticket whose reporters were asked now, for a reason of its own: the next question is not put
    right after it. What waits to be closed is closed a day later at least, so that there is time to answer."""
    promise = ticket.due
    if promise is None or promise.awaits is not Awaited.ANSWER:
        return promise
    if promise.step < CLOSING:
        promise = replace(promise, step=promise.step + 1)
    late = max(now + DAY - due_at(ticket, promise, community), timedelta())
    promise = replace(promise, origin=promise.origin + late)
    return replace(promise, at=due_at(ticket, promise, community))


def rungs(community: Community, building: str | None) -> tuple[tuple[Staff, ...], ...]:
    """Who climbs: social workers, stewards, secretaries of the building, as far as there are any; else whoever runs it
    all."""
    ladder = community.ladder(building)
    administrators = community.in_charge(building, Role.ADMINISTRATOR)
    return ladder or ((administrators,) if administrators else ())


def called(ticket: Ticket, promise: Promise, steps: Iterable[int], community: Community) -> tuple[Staff, ...]:
    """Who is told, each once. Whoever has the ticket comes first."""
    ladder = rungs(community, ticket.location.building)
    worker = community.staff.get(ticket.assignee) if ticket.assignee else None
    people: dict[StaffId, Staff] = {worker.id: worker} if worker else {}
    for step in steps:
        people |= {s.id: s for s in _told(ladder, promise.awaits, step, alone=worker is not None)}
    return tuple(people.values())


def paged(ticket: Ticket, promise: Promise, steps: Sequence[int], community: Community) -> tuple[Staff, ...]:
    """Who was called in the chat and did nothing: by phone now, each rung once. Who accepted and did not come: too."""
    if not community.pagers.get(ticket.urgency) or promise.awaits not in LADDER:
        return ()
    if promise.awaits is Awaited.ARRIVAL:
        worker = community.staff.get(ticket.assignee) if ticket.assignee else None
        return (worker,) if worker is not None else ()
    ladder, silent = rungs(community, ticket.location.building), steps[0]
    return tuple(ladder[silent - 1]) if silent <= len(ladder) else ()


def _told(ladder: Sequence[Sequence[Staff]], awaits: Awaited, step: int, *, alone: bool) -> list[Staff]:
    """Besides the worker. alone: that there is one, who is reminded by name before anybody else."""
    besides = ladder[: step - 1 if alone else step]
    which = (ladder[step : step + 1] or ladder) if awaits in LADDER else besides
    return [person for rung in which for person in rung]
