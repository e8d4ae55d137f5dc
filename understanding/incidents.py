"""The same water or another: whether a place that was told is that of a ticket."""

from datetime import timedelta

from domain.conversation import TicketView
from domain.tickets import OPEN
from domain.understanding import Cue, Location
from domain.vocabulary import PUBLIC_PLACES, Kind, Place, Scope, Status
from understanding.scene import FRESH, Scene

P = Place
SURFACES = frozenset({P.CEILING, P.WALL, P.WINDOW, P.OTHER})
"""Named when the room is not: a room said later is the better word."""
ROOMS = frozenset({P.BALCONY, P.BATHROOM, P.KITCHEN, P.BEDROOM, P.LIVING_ROOM})
INDOORS = SURFACES | ROOMS
_ON_ONE_FLOOR = frozenset({P.CORRIDOR, P.STAIRWELL, P.ELEVATOR})
"""Every floor has one: without the floor the same word may be another spot."""
_NEIGHBOURS = (
    frozenset({P.UNIT_DOOR, P.ROAD, P.DRAIN}),
    frozenset({P.GARAGE, P.BASEMENT, P.ELEVATOR, P.DRAIN}),
    frozenset({P.CORRIDOR, P.STAIRWELL, P.ELEVATOR}),
    frozenset({P.UNIT_DOOR, P.CORRIDOR, P.ELEVATOR}),
    frozenset({P.ROOF, P.FACADE}),
)
"""Spots that people name differently, or that one water reaches within the hour."""
_WITHIN_THE_HOUR = timedelta(hours=1)


def agree(one: str | int | None, other: str | int | None) -> bool:
    return one is None or other is None or one == other


def is_public(where: Location) -> bool:
    """Names a public spot, or a floor under ground, and no home."""
    below = where.place is None and where.floor is not None and where.floor < 0
    return where.room is None and (below or where.place in PUBLIC_PLACES)


def is_indoors(where: Location) -> bool:
    return where.room is not None or where.place in INDOORS


def is_vague(where: Location) -> bool:
    """Says nothing finer than the building."""
    return (where.unit, where.room, where.floor, where.place) == (None, None, None, None)


def same_building(scene: Scene, where: Location, ticket: TicketView) -> bool:
    return agree(where.building or scene.snapshot.building, ticket.location.building)


def same_spot(scene: Scene, ticket: TicketView, where: Location) -> bool:
    """A public spot, told again: same or neighbouring place, nothing that contradicts."""
    there = ticket.location
    if not same_building(scene, where, ticket) or not agree(where.unit, there.unit):
        return False
    if not agree(_level(where), _level(there)):
        return False
    soon = scene.since(ticket.last_words_at) <= _WITHIN_THE_HOUR
    if where.place == there.place and where.place is not None:
        known = where.floor is not None and there.floor is not None
        return soon or where.place not in _ON_ONE_FLOOR or known or scene.says(Cue.CHASE, Cue.STILL)
    if where.place is None or there.place is None:
        return soon or (where.unit is not None and where.unit == there.unit)
    return soon and any({where.place, there.place} <= near for near in _NEIGHBOURS)


def _level(where: Location) -> int | None:
    """The floor, where it tells spots apart: a door is on the ground whatever is said, a garage may be any -1."""
    if where.floor is not None:
        return where.floor
    return 1 if where.place in {P.UNIT_DOOR, P.ROAD} else None


def same_water(scene: Scene, ticket: TicketView, where: Location) -> bool:
    """Whether water that is told of there is this ticket's public water, reported within some hours."""
    if ticket.scope is not Scope.PUBLIC or ticket.status not in OPEN or scene.since(ticket.last_words_at) > FRESH:
        return False
    if is_indoors(where) and not is_public(where):
        return False
    if where.unit is None and ticket.location.unit is not None and not agree(scene.address.unit, ticket.location.unit):
        return False
    return same_spot(scene, ticket, where)


def public_match(scene: Scene, where: Location | None = None) -> TicketView | None:
    """The open ticket of the same public water, the latest first; the best known spot before a vague one."""
    where = where or scene.where
    found = [t for t in scene.snapshot.tickets if same_water(scene, t, where)]
    exact = [t for t in found if t.location.place == where.place]
    return max(exact or found, key=lambda t: (t.last_words_at, t.number), default=None)


def same_home(scene: Scene, ticket: TicketView, where: Location) -> bool:
    there = ticket.location
    return (
        ticket.scope is Scope.HOUSEHOLD
        and where.room is not None
        and where.room == there.room
        and agree(where.unit, there.unit)
        and same_building(scene, where, ticket)
    )


def home_match(scene: Scene, where: Location) -> TicketView | None:
    """The open ticket of the very same home, whoever reported it."""
    return next((t for t in reversed(scene.snapshot.tickets) if t.status in OPEN and same_home(scene, t, where)), None)


def same_stack(scene: Scene, where: Location) -> TicketView | None:
    """A home above or below that reported within some hours: probably one cause."""
    if where.room is None:
        return None
    for ticket in reversed(scene.snapshot.tickets):
        there = ticket.location
        above = there.room is not None and there.room[-2:] == where.room[-2:] and there.room != where.room
        known = ticket.scope is Scope.HOUSEHOLD and ticket.status is not Status.CANCELLED and ticket.kind is not None
        recent = scene.since(ticket.reported_at) <= FRESH
        if above and known and recent and agree(where.unit, there.unit) and same_building(scene, where, ticket):
            return ticket
    return None


def alike(one: Kind | None, other: Kind) -> bool:
    """Standing water and a blocked drain are told as each other."""
    return one is None or one is other or Kind.LEAK not in {one, other}
