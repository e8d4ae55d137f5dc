"""The counts of the story: what was repaired, what is open, how many people reported. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.tickets import ENDED, Ticket
from domain.vocabulary import Scope, Status

REPAIRED = frozenset({Status.RESOLVED, Status.CLOSED})


@dataclass(frozen=True, slots=True)
class Counted:
    public_repaired: int
    homes_repaired: int
    open: int
    reporters: int


def counted(tickets: Sequence[Ticket]) -> Counted:
    repaired = [t for t in tickets if t.status in REPAIRED]
    return Counted(
        public_repaired=sum(t.scope is Scope.PUBLIC for t in repaired),
        homes_repaired=homes(repaired),
        open=sum(t.status not in ENDED and t.status is not Status.RESOLVED for t in tickets),
        reporters=len({reporter.person for t in tickets for reporter in t.reporters}),
    )


def homes(tickets: Sequence[Ticket]) -> int:
    """A home counts once, however often it had water; without a room each ticket is a home of its own."""
    return len({_home(t) for t in tickets if t.scope is Scope.HOUSEHOLD})


def _home(ticket: Ticket) -> tuple[object, ...]:
    where = ticket.location
    return (where.building, where.unit, where.room) if where.room else ("ticket", ticket.number)
