"""Whether what was promised about a ticket is kept, from its state alone. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.promises import AWAITED, first_due
from domain.records import Watched
from domain.roster import Community, ServiceTimes
from domain.tickets import UNTAKEN, Awaited
from domain.vocabulary import TicketNumber

GRACE = timedelta(minutes=2)
"""So long the sender and the scheduler may take."""


class Promised(StrEnum):
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    ARRIVED = "arrived"
    UPDATED = "updated"
    GONE_ON = "gone on"
    ASKED_BACK = "asked back"


_BY_WAIT = {
    Awaited.ACCEPTANCE: Promised.ACCEPTED,
    Awaited.ARRIVAL: Promised.ARRIVED,
    Awaited.NEWS: Promised.UPDATED,
    Awaited.NEXT_DATE: Promised.GONE_ON,
    Awaited.ANSWER: Promised.ASKED_BACK,
}


@dataclass(frozen=True, slots=True)
class Missed:
    """A promise that was not kept. raised: somebody was told of it when it was due; else we failed as well."""

    ticket: TicketNumber
    building: str | None
    what: Promised
    due: datetime
    raised: bool


@dataclass(frozen=True, slots=True)
class Report:
    """One look at everything that did not end. tickets: how many."""

    at: datetime
    tickets: int
    missed: tuple[Missed, ...]

    @property
    def unraised(self) -> tuple[Missed, ...]:
        return tuple(one for one in self.missed if not one.raised)


def missed(ticket: Watched, community: Community, now: datetime, grace: timedelta = GRACE) -> Iterator[Missed]:
    limits = community.service_times.get(ticket.urgency)
    if limits is None:
        return
    found = (
        _acknowledged(ticket, limits, now, grace),
        _promise(ticket, community, now, grace),
        _nobody_there(ticket, limits, now, grace),
    )
    for what, due, raised in filter(None, found):
        yield Missed(ticket.number, ticket.building, what, due, raised)


_Found = tuple[Promised, datetime, bool] | None


def _acknowledged(ticket: Watched, limits: ServiceTimes, now: datetime, grace: timedelta) -> _Found:
    due = ticket.clocks.reported + timedelta(minutes=limits.acknowledge_minutes)
    if ticket.clocks.acknowledged is not None or now <= due + grace:
        return None
    return Promised.ACKNOWLEDGED, due, False


def _promise(ticket: Watched, community: Community, now: datetime, grace: timedelta) -> _Found:
    """What it waits for now. A step in the past, or none at all, was forgotten by us."""
    awaits = AWAITED.get(ticket.status)
    if awaits is None:
        return None
    if _forgotten(ticket, awaits, now, grace):
        return _BY_WAIT[awaits], ticket.due.at if ticket.due else first_due(ticket, awaits, community), False
    climbs = ticket.due is not None and ticket.due.step > 1 and awaits not in {Awaited.ARRIVAL, Awaited.ANSWER}
    if not climbs or (due := first_due(ticket, awaits, community)) > now:
        return None
    return _BY_WAIT[awaits], due, True


def _forgotten(ticket: Watched, awaits: Awaited, now: datetime, grace: timedelta) -> bool:
    return ticket.due is None or ticket.due.awaits is not awaits or ticket.due.at + grace < now


def _nobody_there(ticket: Watched, limits: ServiceTimes, now: datetime, grace: timedelta) -> _Found:
    """Nobody has it, and by now somebody should have been there. The ladder says so, as long as it climbs."""
    due = ticket.clocks.begun + timedelta(minutes=limits.arrive_minutes)
    if ticket.status not in UNTAKEN or now <= due + grace:
        return None
    return Promised.ARRIVED, due, not _forgotten(ticket, Awaited.ACCEPTANCE, now, grace)
