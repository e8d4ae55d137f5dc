"""What may be seen where. A group sees building, unit, floor band or public place; staff see everything."""

from domain.masking import for_group, mask
from domain.roster import FEWEST_HOMES_IN_A_BAND, PLACE_NAMES, Community, floor_band
from domain.tickets import Ticket
from domain.understanding import Location
from domain.vocabulary import PUBLIC_PLACES, Kind, Place, Scope

KIND_WORDS = {Kind.LEAK: "漏水", Kind.PONDING: "积水", Kind.BLOCKAGE: "堵塞返水"}
_UNDERGROUND = {-1: "地下一层", -2: "地下二层", -3: "地下三层"}


def public_place(community: Community, ticket: Ticket) -> str:
    """For a group post: "3号楼2单元中层" for a home, "3号楼2单元5层楼道" for a public spot. Never a room."""
    where = ticket.location
    if ticket.scope is Scope.PUBLIC:
        spot = [_unit(where), _floor(where), PLACE_NAMES[where.place] if where.place else ""]
    else:
        spot = _band(community, where)
    return "".join([community.building_name(where.building), *spot])


def _band(community: Community, where: Location) -> list[str]:
    """Unit and floor band, as far as four homes or more remain."""
    building = community.building(where.building)
    if building is None:
        return [_unit(where)]
    homes = building.floors * building.rooms_per_floor
    unit = _unit(where) if homes >= FEWEST_HOMES_IN_A_BAND else ""
    return [unit, floor_band(building, where.floor)]


def public_title(community: Community, ticket: Ticket) -> str:
    """As public_place, with what it is: "3号楼2单元中层住户漏水", "3号楼2单元门口积水"."""
    home = "住户" if ticket.scope is Scope.HOUSEHOLD else ""
    return f"{public_place(community, ticket)}{home}{KIND_WORDS[ticket.kind]}"


def full_title(community: Community, ticket: Ticket) -> str:
    """For staff, and for the person whose own words it repeats: "3号楼2单元502卧室漏水"."""
    return f"{full_place(community, ticket.location)}{KIND_WORDS[ticket.kind]}"


def full_place(community: Community, where: Location) -> str:
    room = where.room or ""
    floor = "" if room else _floor(where)
    place = PLACE_NAMES[where.place] if where.place else ""
    return "".join([community.building_name(where.building), _unit(where), floor, room, place])


def _unit(where: Location) -> str:
    if where.unit is None or where.place is Place.GARAGE:
        return ""
    return f"{where.unit}单元"


def _floor(where: Location) -> str:
    if where.floor is None:
        return ""
    return _UNDERGROUND.get(where.floor) or f"{where.floor}层"


def is_public_spot(place: Place | None) -> bool:
    return place in PUBLIC_PLACES


__all__ = [
    "KIND_WORDS",
    "for_group",
    "full_place",
    "full_title",
    "is_public_spot",
    "mask",
    "public_place",
    "public_title",
]
