"""Where a report is: what was said, checked against the register; what cannot be is asked about, not guessed."""

from dataclasses import dataclass, replace

from domain.handling import Context
from domain.messages import Chat
from domain.roster import Building
from domain.understanding import Location
from domain.vocabulary import GroupRole, Scope


@dataclass(frozen=True, slots=True)
class Checked:
    """location: what can be believed; fault: what cannot, in words for the person who said it."""

    location: Location
    fault: str | None = None


def check(ctx: Context, said: Location, scope: Scope | None) -> Checked:
    """The building stated, else the group's; unit, floor and room only as far as the register knows them."""
    building_id = said.building or ctx.building or ctx.sender.home.building
    building = ctx.community.building(building_id)
    if said.building is not None and building is None:
        fallback = ctx.building or ctx.sender.home.building
        return Checked(replace(said, building=fallback, unit=None, room=None), f"没找到{said.building}号楼")
    where = replace(said, building=building_id)
    if building is None:
        return Checked(where)
    where = _only_unit(building, where)
    fault = building.fault(where)
    if fault is None:
        return Checked(where)
    return Checked(_believable(building, where), fault)


def _only_unit(building: Building, where: Location) -> Location:
    """A building with one unit needs no asking; "2-502" there is read by the register's light."""
    if where.room is not None and where.unit is None and len(building.units) == 1:
        return replace(where, unit=building.units[0])
    return where


def _believable(building: Building, where: Location) -> Location:
    for kept in (
        replace(where, room=None, floor=None),
        replace(where, unit=None),
        Location(where.building, place=where.place),
    ):
        if building.fault(kept) is None:
            return kept
    return Location(building.id)


def group_of(ctx: Context, building: str | None) -> Chat | None:
    """The group of a building, on the channel of this conversation if it has one there."""
    groups = [g for g in ctx.community.groups if g.building == building and g.role is GroupRole.BUILDING]
    groups.sort(key=lambda g: g.channel != ctx.chat.chat.channel)
    return Chat(groups[0].channel, groups[0].id) if groups and building is not None else None


def lacks(ctx: Context, location: Location, scope: Scope) -> str | None:
    """The one thing to ask for, if any: "room", "unit", "spot", "home" (all of it), "building" (of a known spot)."""
    building = ctx.community.building(location.building)
    spot = location.place or location.unit or location.floor is not None
    if building is None:
        return "building" if scope is Scope.PUBLIC and spot else "home"
    if scope is Scope.PUBLIC:
        return None if spot else "spot"
    if location.room is None:
        return "room" if location.unit or len(building.units) == 1 else "unit_room"
    return "unit" if location.unit is None and len(building.units) > 1 else None
