"""What may be seen where. A group sees building, unit, floor band or public place; staff see everything."""

import re

from domain.roster import PLACE_NAMES, Community, floor_band
from domain.tickets import Ticket
from domain.understanding import Location
from domain.vocabulary import PUBLIC_PLACES, Kind, Place, Scope

KIND_WORDS = {Kind.LEAK: "漏水", Kind.PONDING: "积水", Kind.BLOCKAGE: "堵塞返水"}
_UNDERGROUND = {-1: "地下一层", -2: "地下二层", -3: "地下三层"}


def public_place(community: Community, ticket: Ticket) -> str:
    """For a group post: "3号楼2单元中层" for a home, "3号楼2单元5层楼道" for a public spot. Never a room."""
    where = ticket.location
    parts = [community.building_name(where.building), _unit(where)]
    if ticket.scope is Scope.PUBLIC:
        parts += [_floor(where), PLACE_NAMES[where.place] if where.place else ""]
    else:
        parts += [floor_band(community.building(where.building), where.floor)]
    return "".join(parts)


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


_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3}[- ]?)\d{3,4}(\d{4})(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{9}[\dXx](?!\d)")
_PLATE = re.compile(r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新][A-Z][·• ]?[A-Z0-9]{5,6}")


def mask(text: str) -> str:
    """Phones, identity numbers and plates made unreadable; ticket numbers, dates, 12345 and 12379 stay."""
    text = _IDENTITY.sub("[证件号]", text)
    text = _MOBILE.sub(r"\1****\2", text)
    text = _LANDLINE.sub(r"\1****\2", text)
    return _PLATE.sub("[车牌]", text)


_COUNTED = "元块米毫公分厘年点时:：次户个台袋升方度%斤吨条根片人小天月"
_ROOM_LIKE = re.compile(rf"(?<![\d.#])(?:\d{{1,2}}[-—]){{0,2}}(\d{{3,4}})(?:室|房间|房|号房)?(?![\d.{_COUNTED}-])")


def for_group(text: str, community: Community, ticket: Ticket) -> str:
    """Staff's own words made fit for a group: phones masked, rooms and reporters' names taken out."""
    building = community.building(ticket.location.building)
    rooms = {ticket.location.room, ticket.source_room} - {None}

    def hide(match: re.Match[str]) -> str:
        room = match.group(1)
        known = room in rooms or building is None or building.fault(Location(room=room)) is None
        return "住户家" if known else match.group(0)

    masked = _ROOM_LIKE.sub(hide, mask(text))
    for name in sorted({r.name for r in ticket.reporters if len(r.name) >= 2}, key=len, reverse=True):
        masked = masked.replace(name, "住户")
    return re.sub(r"住户家(?:的)?(?:家|住户)", "住户家", masked)
