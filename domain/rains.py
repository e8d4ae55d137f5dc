"""A rain, and whom it lets us ask: whose leak was mended before it began, and held or did not. Pure.

A mend is asked about after the next rain, once: a repair of a leak proves itself when it rains, not on the day after.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.roster import QuietHours
from domain.tickets import Ticket
from domain.vocabulary import Kind, Status, TicketNumber
from domain.warnings import OfficialWarning

AFTERWARDS = timedelta(hours=3)
"""Water takes its time through a roof: so long after the rain people are asked."""
LOOKED_BACK = timedelta(days=366)
"""What was mended before has seen other rains."""
ENDED_WELL = frozenset({Status.RESOLVED, Status.CLOSED})
_RAINY = ("雨", "强对流", "台风", "冰雹", "汛")


class Told(StrEnum):
    """How we know of it."""

    WARNING = "warning"
    STORM = "storm"
    """应急响应"""
    PERSON = "person"
    """staff said 回访"""


@dataclass(frozen=True, slots=True)
class Rain:
    """over_at: when it ended, or will as far as the warnings say; None: not known. due_at: when people are asked; None:
    not known, or they were asked. only: the tickets that a person named, whatever was asked before. id: 0 while new.
    """

    began_at: datetime
    told: Told
    over_at: datetime | None = None
    due_at: datetime | None = None
    asked_at: datetime | None = None
    only: tuple[TicketNumber, ...] = ()
    id: int = 0

    def ends(self, at: datetime, quiet: QuietHours) -> "Rain":
        """Who slept through it is asked in the morning."""
        return replace(self, over_at=at, due_at=quiet.awake(at + AFTERWARDS))

    def asked(self, at: datetime) -> "Rain":
        return replace(self, asked_at=at, due_at=None)


def rainy(warning: OfficialWarning) -> bool:
    """防汛 and 强对流 bring rain as well; wind alone does not."""
    return any(word in warning.event for word in _RAINY)


def to_ask(tickets: Iterable[Ticket], rain: Rain) -> list[Ticket]:
    """Leaks that were mended before it began and were not asked about after a rain since; what a person named: all."""
    return [t for t in tickets if _mended(t) and (t.number in rain.only if rain.only else _waits_for(t, rain))]


def _mended(ticket: Ticket) -> bool:
    return ticket.status in ENDED_WELL and bool(ticket.reporters)


def _waits_for(ticket: Ticket, rain: Rain) -> bool:
    cleared, asked = ticket.clocks.cleared, ticket.asked_after_rain
    if ticket.kind is not Kind.LEAK or cleared is None or cleared >= rain.began_at:
        return False
    return asked is None or asked < cleared


class Rains(Protocol):
    async def put(self, rain: Rain) -> Rain:
        """New or changed; a new one gets its id."""
        ...

    async def current(self) -> Rain | None:
        """The one that nobody was asked about yet, as far as warnings or storms told of it."""
        ...

    async def due(self, now: datetime) -> Sequence[Rain]:
        """Those that people are to be asked about."""
        ...


class RainWork(Protocol):
    """The part of a unit of work that is about rains."""

    @property
    def rains(self) -> Rains: ...


def named(numbers: Collection[TicketNumber], now: datetime) -> Rain:
    """What 回访 makes: no rain need have been told of; numbers: none for everybody who waits to be asked."""
    return Rain(now, Told.PERSON, now, now, only=tuple(numbers))
