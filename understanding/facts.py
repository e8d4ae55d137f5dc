"""What a ticket gets from words: all that is known for a new one, only what is better for one that exists."""

import re
from dataclasses import replace
from datetime import timedelta

from domain.conversation import Action, Reading, Said, TicketView
from domain.understanding import Cue, Location, Verdict
from domain.vocabulary import PUBLIC_PLACES, Kind, MessageKind, Place, Scope, Urgency
from understanding.incidents import ROOMS, SURFACES, agree, alike, is_indoors, is_public, is_vague, same_stack
from understanding.normalise import normalise
from understanding.scene import JUST_NOW, PICTURES, SHORTLY, Scene
from understanding.urgency import in_danger

_BEFORE = timedelta(minutes=5)
_BULGE = re.compile(r"鼓|塌|垮|掉下来|裂开")
_FLICKERS = re.compile(r"灯.{0,6}(?:闪|灭了|不亮)|闪.{0,4}灯|跳闸|冒烟|冒火|滋啦|焦味|糊味")
"""Of a ticket's own home, where it is known that water drips: it has met electricity."""
_POURS_OUT = re.compile(r"门缝|往外[流冒涌淌]|[流淌涌漫]出来|没人开门|敲门")
"""Out of a flat whose people do not see it: 1305门缝往外流水, as far as the lift."""
_STAFF_ASK = re.compile(r"几单元|几号|哪户|哪里|哪家|房号|门牌|几零几|几楼|哪个位置|什么位置")
_NOT_THAT = re.compile(r"不是[^,，。!！\s]{0,6}?(?:漏|渗|滴|堵|[返反]水|积水|积)(?:水|了|的)*")
_KINDS = (
    (Kind.BLOCKAGE, re.compile(r"[返反]水|倒灌|堵|冒脏|下水道?往[上外]")),
    (Kind.PONDING, re.compile(r"积水|存水|一摊水|水洼")),
    (Kind.LEAK, re.compile(r"漏|渗|滴")),
)
_SPOKEN_OF = re.compile(r"发的|说的|语音")
_BLANK = Reading(Action.OPEN, "")
_OUT_OF_DOORS = PUBLIC_PLACES - {Place.ROOF, Place.FACADE, Place.DRAIN}
"""我在门口, by who has a wet bedroom."""
ASK_HOME = "请问是几单元几号？"
ASK_UNIT = "请问是几单元？"
ASK_BUILDING = "请问是几号楼几单元几号？"
ASK_SPOT = "请问具体在哪个位置？"


def opening(scene: Scene, reason: str, otherwise: Reading = _BLANK) -> Reading:
    """A new ticket: what this message tells, what the sender said just before, their home, then ``otherwise``."""
    before = _before(scene)
    told = [v for v in (scene.verdict, *(s.verdict for s in reversed(before))) if v is not None]
    where = at_home(scene, _where(told, otherwise.location))
    pours_out = where.room is not None and bool(_POURS_OUT.search(scene.text))
    if pours_out and where.place in PUBLIC_PLACES:
        where = replace(where, place=None)
    public = is_public(where) and (scene.verdict.scope is None or scene.where.place is None)
    reading = Reading(
        Action.OPEN,
        reason,
        kind=_first_kind(told) or otherwise.kind,
        scope=_scope(told, otherwise, public=public, home=pours_out),
        urgency=_most_urgent(told) or otherwise.urgency,
        location=where,
        source_room=scene.verdict.source_room,
        earlier=tuple(s.external_id for s in (*before, *_of_family(scene))),
        like=otherwise.like,
    )
    if reading.like is None and reading.scope is not Scope.PUBLIC:
        neighbour = same_stack(scene, where)
        reading = replace(reading, like=neighbour.number if neighbour else None)
    return replace(reading, question=_question(scene, reading))


def _before(scene: Scene) -> list[Said]:
    """The sender's messages just before that belong to no ticket yet: photos, an address, half a report."""
    found: list[Said] = []
    for said in scene.mine:
        age = scene.since(said.at)
        if age > SHORTLY or said.ticket is not None:
            break
        picture = said.kind in PICTURES or (said.kind is MessageKind.VOICE and not said.text)
        if picture or (_tells(said.verdict) and (age <= _BEFORE or _unsure(said.verdict))):
            found.append(said)
    return found[::-1]


def _tells(verdict: Verdict | None) -> bool:
    return verdict is not None and (verdict.report or verdict.unsure or not is_vague(verdict.location))


def _unsure(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.unsure


def _of_family(scene: Scene) -> list[Said]:
    """ "我妈发的是…": the voice messages and photos of somebody who cannot type."""
    if not _SPOKEN_OF.search(scene.text) or not scene.says(Cue.FOR_OTHER):
        return []
    spoken = [s for s in scene.said if s.kind is MessageKind.VOICE and not s.text and s.ticket is None]
    if not spoken:
        return []
    speaker = spoken[-1].sender
    kinds = {MessageKind.VOICE, *PICTURES}
    return [s for s in scene.said if s.sender == speaker and s.kind in kinds and s.ticket is None]


def _where(told: list[Verdict], otherwise: Location) -> Location:
    """The newest word on each point; a room of the home beats the surface it was seen on."""
    places = [v.location.place for v in told if v.location.place is not None]
    rooms = [p for p in places if p in ROOMS]
    place = rooms[0] if rooms and places[0] in SURFACES else next(iter(places), otherwise.place)
    room_of = next((v.location for v in told if v.location.room is not None), None)
    floor_of = room_of or next((v.location for v in told if v.location.floor is not None), otherwise)
    return Location(
        next((v.location.building for v in told if v.location.building is not None), otherwise.building),
        next((v.location.unit for v in told if v.location.unit is not None), otherwise.unit),
        room_of.room if room_of else otherwise.room,
        floor_of.floor,
        place,
    )


def at_home(scene: Scene, where: Location) -> Location:
    """The sender's own home where the words leave it open, and speak of no other and of no public spot."""
    home = scene.home
    if home.room is None:
        return _in_the_unit_of_the_nickname(scene, where)
    if scene.says(Cue.FOR_OTHER) or is_public(where):
        return where
    if scene.verdict.scope is Scope.PUBLIC or where.building not in {None, home.building, scene.snapshot.building}:
        return where
    if where.room not in {None, home.room} or not agree(where.unit, home.unit):
        return where
    if where.room is None and where.floor not in {None, home.floor}:
        return where
    here = scene.snapshot.building is not None
    building = where.building or (None if here else home.building)
    return replace(where, building=building, unit=where.unit or home.unit, room=home.room, floor=home.floor)


def _in_the_unit_of_the_nickname(scene: Scene, where: Location) -> Location:
    """三单元小郭 says 801: that of unit 3."""
    told, here = scene.address, {None, scene.snapshot.building}
    mine = told.unit is not None and told.room is None and told.building in here
    fits = where.room is not None and where.unit is None and where.building in here
    return replace(where, unit=told.unit) if mine and fits and not scene.says(Cue.FOR_OTHER) else where


def _first_kind(told: list[Verdict]) -> Kind | None:
    return next((v.kind for v in told if v.kind is not None), None)


def _scope(told: list[Verdict], otherwise: Reading, *, public: bool, home: bool) -> Scope | None:
    if public or home:
        return Scope.PUBLIC if public else Scope.HOUSEHOLD
    return next((v.scope for v in told if v.scope is not None), otherwise.scope)


def _most_urgent(told: list[Verdict]) -> Urgency | None:
    return min((v.urgency for v in told if v.urgency is not None), key=lambda u: u.rank, default=None)


def _question(scene: Scene, reading: Reading) -> str | None:
    """The one thing that is missing; none while staff are already asking."""
    if any(s.is_staff and _STAFF_ASK.search(s.text) and scene.since(s.at) <= JUST_NOW for s in scene.said):
        return None
    if scene.verdict.ambiguous:
        return scene.verdict.ambiguous[0]
    where = reading.location
    if reading.scope is Scope.PUBLIC:
        return None if where.place or where.unit or where.floor is not None else ASK_SPOT
    if where.room is None:
        return ASK_BUILDING if scene.says(Cue.FOR_OTHER) and where.building is None else ASK_HOME
    return ASK_UNIT if where.unit is None else None


def adding(scene: Scene, ticket: TicketView, reason: str, *, replaces: bool = False) -> Reading:
    """What these words change on a ticket of the sender; perhaps nothing. replaces: what was said is corrected."""
    verdict, vague = scene.verdict, is_vague(ticket.location)
    said, known = scene.where, ticket.location
    if known.unit is None:
        said = _in_the_unit_of_the_nickname(scene, said)
    elif known.room is not None and said.room is None and not scene.says(Cue.CORRECTION):
        said = replace(said, unit=None)
    nowhere = (known.unit, known.room, known.floor) == (None, None, None) and known.place in {None, *SURFACES}
    turns_public = nowhere and is_public(scene.where) and ticket.scope is Scope.HOUSEHOLD
    where = better(ticket, said, replaces=replaces or turns_public)
    turns_private = vague and is_indoors(scene.where) and ticket.scope is Scope.PUBLIC
    scope = Scope.PUBLIC if turns_public else Scope.HOUSEHOLD if turns_private else None
    kind = verdict.kind if verdict.kind is not ticket.kind and (turns_public or _names_drain(scene, ticket)) else None
    return Reading(
        Action.ADD,
        reason,
        ticket.number,
        kind=kind,
        scope=scope,
        urgency=raised(scene, ticket),
        location=where,
        earlier=tuple(s.external_id for s in _before(scene)),
    )


def reopening(scene: Scene, ticket: TicketView, reason: str) -> Reading:
    """As urgent as it was, or more so where the words say so."""
    return Reading(Action.REOPEN, reason, ticket.number, urgency=raised(scene, ticket))


def _names_drain(scene: Scene, ticket: TicketView) -> bool:
    """家里漏水, then 地漏返水: the second is what it is. Water on the floor by a leak stays a leak."""
    blocked = scene.verdict.kind is Kind.BLOCKAGE
    return blocked and ticket.location.place is None and not alike(Kind.BLOCKAGE, ticket.kind)


def better(ticket: TicketView, said: Location, *, replaces: bool) -> Location:
    """Only what is to be set: missing facts, or all that was said when it replaces."""
    old = ticket.location
    room = said.room if said.room and (replaces or old.room is None) and said.room != old.room else None
    unit = said.unit if said.unit and (replaces or old.unit is None) and said.unit != old.unit else None
    building = said.building if said.building != old.building and (replaces or old.room is None or unit) else None
    floor = (
        said.floor
        if room or (old.room is None and said.floor != old.floor and (replaces or old.floor is None))
        else None
    )
    coarser = old.place in ROOMS and said.place in SURFACES
    upgrades = old.place is None or (replaces and not coarser) or (old.place in SURFACES and said.place in ROOMS)
    inside = ticket.scope is Scope.HOUSEHOLD and old.place is not None and (old.room is not None or old.place in ROOMS)
    outside = inside and said.place in _OUT_OF_DOORS
    place = said.place if upgrades and not outside and said.place is not old.place else None
    return Location(building, unit, room, floor, place)


def raised(scene: Scene, ticket: TicketView) -> Urgency | None:
    """Only ever more urgent: what gets worse is said, what gets better is seen by whoever comes.

    Half a sentence is too little for the model to see danger in; it takes words that leave no doubt.
    """
    said = scene.verdict.urgency
    if (
        scene.says(Cue.ELECTRIC)
        or _FLICKERS.search(scene.text)
        or (scene.says(Cue.WORSE) and _BULGE.search(scene.text))
    ):
        said = Urgency.EMERGENCY
    elif (said is None and scene.says(Cue.WORSE)) or (said is Urgency.EMERGENCY and not _danger(scene)):
        said = Urgency.URGENT
    return said if said is not None and said.rank < ticket.urgency.rank else None


def _danger(scene: Scene) -> bool:
    return in_danger(normalise(scene.text))


def kind_meant(text: str) -> Kind | None:
    """Of a correction: 不对，是下水返水，不是漏."""
    said = _NOT_THAT.sub("", text)
    return next((kind for kind, words in _KINDS if words.search(said)), None)


def changes(reading: Reading) -> bool:
    """Whether an ADD sets anything, beside keeping the words."""
    return not reading.location.empty or any((reading.kind, reading.scope, reading.urgency))
