"""A ticket, the moves it may make, and its history. Every change gives a new value and an event."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from domain.errors import IllegalMove
from domain.messages import Chat, Json, Person, check_aware
from domain.understanding import Location
from domain.vocabulary import Kind, MediaId, Ruling, Scope, StaffId, Status, TicketNumber, Urgency

S = Status
MOVES: Mapping[Status, frozenset[Status]] = {
    # 到场 and 完成 imply the steps before them, so that the working states may be skipped forward.
    S.REGISTERED: frozenset(
        {S.ACCEPTED, S.ON_SITE, S.ASSESSED, S.REPAIRING, S.WAITING, S.RESOLVED, S.CLOSED, S.CANCELLED, S.MERGED}
    ),
    S.ACCEPTED: frozenset(
        {S.REGISTERED, S.ON_SITE, S.ASSESSED, S.REPAIRING, S.WAITING, S.RESOLVED, S.CLOSED, S.CANCELLED, S.MERGED}
    ),
    S.ON_SITE: frozenset({S.ASSESSED, S.REPAIRING, S.WAITING, S.RESOLVED, S.CLOSED, S.CANCELLED, S.MERGED}),
    S.ASSESSED: frozenset({S.ON_SITE, S.REPAIRING, S.WAITING, S.RESOLVED, S.CLOSED, S.CANCELLED, S.MERGED}),
    S.REPAIRING: frozenset({S.ON_SITE, S.ASSESSED, S.WAITING, S.RESOLVED, S.CLOSED, S.CANCELLED, S.MERGED}),
    S.WAITING: frozenset({S.ACCEPTED, S.ON_SITE, S.ASSESSED, S.REPAIRING, S.RESOLVED, S.CLOSED, S.CANCELLED, S.MERGED}),
    S.RESOLVED: frozenset({S.CLOSED, S.REOPENED}),
    S.CLOSED: frozenset({S.REOPENED}),
    S.REOPENED: frozenset(
        {S.ACCEPTED, S.ON_SITE, S.ASSESSED, S.REPAIRING, S.WAITING, S.RESOLVED, S.CLOSED, S.CANCELLED, S.MERGED}
    ),
    S.CANCELLED: frozenset({S.REOPENED}),
    S.MERGED: frozenset(),
}
"""accepted -> registered: an acceptance lapses. cancelled -> reopened: a wrong 误报 or 看错了 can be taken back."""

ENDED = frozenset({S.CLOSED, S.CANCELLED, S.MERGED})
OPEN = frozenset(Status) - ENDED - {S.RESOLVED}
UNTAKEN = frozenset({S.REGISTERED, S.REOPENED})
TAKEN = frozenset({S.ACCEPTED, S.ON_SITE, S.ASSESSED, S.REPAIRING, S.WAITING, S.RESOLVED})
"""Somebody has it in hand: to come here accepts it, if nobody had."""
STATUS_NAMES: Mapping[Status, str] = {
    S.REGISTERED: "已登记",
    S.ACCEPTED: "已接单",
    S.ON_SITE: "已到场",
    S.ASSESSED: "已查勘",
    S.REPAIRING: "维修中",
    S.WAITING: "待续",
    S.RESOLVED: "已处理",
    S.CLOSED: "已办结",
    S.REOPENED: "重新处理",
    S.CANCELLED: "已撤销",
    S.MERGED: "已并入",
}


@dataclass(frozen=True, slots=True)
class Reporter:
    """chat and message: where and with which message (external id) this person reported."""

    person: Person
    name: str
    chat: Chat
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Clocks:
    """reopened: when it last was; the limits count from there again."""

    reported: datetime
    acknowledged: datetime | None = None
    accepted: datetime | None = None
    arrived: datetime | None = None
    cleared: datetime | None = None
    confirmed: datetime | None = None
    reopened: datetime | None = None

    @property
    def begun(self) -> datetime:
        return self.reopened or self.reported


class Awaited(StrEnum):
    """What a ticket waits for; in each state for one thing at most."""

    ACCEPTANCE = "acceptance"
    ARRIVAL = "arrival"
    NEWS = "news"
    """a word to the residents"""
    NEXT_DATE = "next_date"
    ANSWER = "answer"
    """the reporter's, whether it is fixed"""


@dataclass(frozen=True, slots=True)
class Promise:
    """What happens next if nobody does anything (domain/promises.py says what).

    step: how far it has climbed, from 1. since: the moment that it began with; another one begins a new promise.
    origin: what the present step counts from. at: when the step is due.
    """

    awaits: Awaited
    step: int
    since: datetime
    origin: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    """location.building is always known. chat: the group whose residents see the progress.

    photo_consent: None not asked, else the household's answer; asked marks that the question went out.
    next_at: when it goes on (waiting), or when somebody said that they come (accepted). since: when it came into its
    state. words: the report as it was said.
    told_at: when the residents last heard of the work. asked_after_rain: when they were asked whether it held.
    due: kept up to date by the store with every save.
    """

    number: TicketNumber
    status: Status
    kind: Kind
    scope: Scope
    urgency: Urgency
    location: Location
    chat: Chat
    words: str
    clocks: Clocks
    since: datetime
    updated: datetime
    reporters: tuple[Reporter, ...] = ()
    assignee: StaffId | None = None
    incident: int | None = None
    merged_into: TicketNumber | None = None
    source_room: str | None = None
    next_at: datetime | None = None
    photo_consent: bool | None = None
    photo_asked: bool = False
    ruling: Ruling | None = None
    media: tuple[MediaId, ...] = ()
    last_words_at: datetime | None = None
    told_at: datetime | None = None
    asked_after_rain: datetime | None = None
    care: str | None = None
    """why the home comes first, for staff only; "": it does no more"""
    due: Promise | None = None

    @property
    def open(self) -> bool:
        return self.status in OPEN

    def reported_by(self, person: Person) -> bool:
        return any(r.person == person for r in self.reporters)

    def minutes(self, at: datetime) -> int:
        """Whole minutes since the report, as the group is told."""
        return max(0, int((at - self.clocks.reported).total_seconds() // 60))


def of_home(ticket: Ticket, home: Location) -> bool:
    """Whether it is about this home; a unit that was not said fits any."""
    where = ticket.location
    same = (where.building, where.room) == (home.building, home.room)
    return same and ticket.scope is Scope.HOUSEHOLD and (where.unit == home.unit or None in {where.unit, home.unit})


class What(StrEnum):
    """The names of events; history is only ever added to."""

    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    FACTS = "facts"
    JOINED = "joined"
    PHOTO = "photo"
    ASSIGNED = "assigned"
    MOVED = "moved"
    PROGRESS = "progress"
    NOTE = "note"
    CHANGED = "changed"
    MERGED = "merged"
    CHASED = "chased"
    ALERTED = "alerted"
    CONSENT = "consent"
    ASKED = "asked"
    REMINDED = "reminded"
    VISITED = "visited"
    RULED = "ruled"
    HOTLINE = "hotline"
    DISSATISFIED = "dissatisfied"
    RISK = "risk"
    CONFIRMED = "confirmed"
    """a reporter was asked again, and says that it holds"""
    OFFERED = "offered"
    """a volunteer can come"""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a person on a channel, a staff member, or the bot itself (both None); without a name: somebody who
    had their data erased."""

    name: str
    person: Person | None = None
    staff: StaffId | None = None


BOT = Actor("楼群")


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """One line of a ticket's history. source: "channel:chat:message", where it came from; "" for the clock."""

    ticket: TicketNumber
    at: datetime
    what: What
    by: Actor
    source: str = ""
    details: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_aware("TicketEvent.at", self.at)


def check_move(ticket: Ticket, to: Status) -> None:
    """May it? Raises IllegalMove with words for the person who asked."""
    if to not in MOVES[ticket.status]:
        raise IllegalMove(f"#{ticket.number} 现在是“{STATUS_NAMES[ticket.status]}”，不能改成“{STATUS_NAMES[to]}”")


def move(ticket: Ticket, to: Status, *, at: datetime) -> Ticket:
    """The ticket in its new state, clocks set. A clock once set stays, but for a reopened ticket's end."""
    check_move(ticket, to)
    return replace(ticket, status=to, since=at, updated=at, clocks=_clocks(ticket, to, at), next_at=None)


def _clocks(ticket: Ticket, to: Status, at: datetime) -> Clocks:
    clocks = ticket.clocks
    if to is S.REGISTERED:
        return replace(clocks, accepted=None)
    if to is S.REOPENED:
        return replace(clocks, accepted=None, arrived=None, cleared=None, confirmed=None, reopened=at)
    if to in TAKEN and clocks.accepted is None:
        clocks = replace(clocks, accepted=at)
    if to is S.ON_SITE and clocks.arrived is None:
        clocks = replace(clocks, arrived=at)
    if to is S.RESOLVED and clocks.cleared is None:
        clocks = replace(clocks, cleared=at)
    return clocks


def confirm(ticket: Ticket, *, at: datetime) -> Ticket:
    """Closed by the word of a reporter."""
    closed = move(ticket, S.CLOSED, at=at)
    return replace(closed, clocks=replace(closed.clocks, confirmed=at, cleared=closed.clocks.cleared or at))
