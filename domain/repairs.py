"""Who repairs what a household pays for itself; and when public damage is so wide that the fund is the way."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.tickets import Ticket
from domain.vocabulary import Ruling, Scope, Status

_NOTHING = frozenset({Status.CANCELLED, Status.MERGED})


@dataclass(frozen=True, slots=True)
class Contractor:
    """A crew that the property knows. does: what for, in words; may be empty."""

    name: str
    phone: str = ""
    does: str = ""


@dataclass(frozen=True, slots=True)
class Repairs:
    """contractors: named to the household of an altered home. fund_places: so many homes and spots whose public damage
    was ruled within fund_within bring up the maintenance fund; 0: never.
    """

    contractors: tuple[Contractor, ...] = ()
    fund_places: int = 10
    fund_within: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Damage:
    """buildings: how many places of each (None: outside every building). since: the first of them was reported."""

    places: int
    buildings: Mapping[str | None, int]
    since: datetime


def public_damage(tickets: Iterable[Ticket], since: datetime) -> Damage | None:
    """What people ruled to be public and was reported since then. A home counts once, however often it reported."""
    counted = [
        t for t in tickets
        if t.ruling is Ruling.PUBLIC and t.status not in _NOTHING and t.clocks.reported >= since
    ]  # fmt: skip
    if not counted:
        return None
    places = {_place(ticket) for ticket in counted}
    return Damage(len(places), Counter(place[0] for place in places), min(t.clocks.reported for t in counted))


def _place(ticket: Ticket) -> tuple[str | None, str | int | None, str | None]:
    where = ticket.location
    if ticket.scope is Scope.HOUSEHOLD and where.room is not None:
        return where.building, where.unit, where.room
    return where.building, int(ticket.number), None
