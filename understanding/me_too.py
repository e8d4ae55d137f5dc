"""我家也是, 同, +1: a home of its own, or the same public water. Needs something to refer to."""

import re
from dataclasses import replace
from datetime import timedelta

from domain.commands import tidy
from domain.conversation import Action, Reading, Said, TicketView
from domain.tickets import OPEN
from domain.understanding import Cue, Location
from domain.vocabulary import Kind, MessageKind, Scope, Urgency
from understanding.facts import adding, better, opening, raised
from understanding.incidents import agree, home_match, is_indoors, is_public, same_spot
from understanding.scene import SHORTLY, Scene

Readings = tuple[Reading, ...]
_BARE = re.compile(
    r"^[\s+＋]*(?:1|同|一样|同样|同问|同求|加一|也是|俺也一样|me ?too|同上)[\s!！。~+1同]*$", re.IGNORECASE
)
_ABOUT_MY_HOME = re.compile(r"[我咱俺].{0,2}家")
_GOODS = re.compile(r"报名|接龙|团购?|拼单|下单|谁要|要的|统计人数|投票|求购|有没有人|一起吗|\d+元|[份斤箱]")
_REACH = timedelta(minutes=30)
_TALK_BETWEEN = 2
"""So many remarks of others (心疼, 我去) may stand between the report and 我家也是."""


def me_too(scene: Scene) -> Readings:
    if scene.surveyed and not scene.quoted:
        return (opening(scene, "登记渗漏时说自家也有", survey_default()),)
    reference = scene.quoted[0] if len(scene.quoted) == 1 else topic(scene) or _named_home(scene)
    if reference is None:
        if scene.verdict.report:
            return ()  # it stands by itself
        water = scene.verdict.unsure or _explicit(scene)
        return (Reading(Action.LOOK, "说自家也是，但不清楚指什么"),) if water else ()
    if scene.sender in reference.reporters:
        return (adding(scene, reference, "本人的补充"),)
    if reference.scope is Scope.PUBLIC and not _at_my_home(scene):
        there = reference.location
        echo = bool(scene.quoted) and (scene.where.unit, scene.where.floor) == (None, None)
        elsewhere = is_public(scene.where) and not echo and not same_spot(scene, reference, scene.where)
        if elsewhere or not agree(scene.where.unit, there.unit):
            known = Location(place=there.place)
            like = Reading(
                Action.OPEN, "", kind=reference.kind, scope=Scope.PUBLIC, urgency=reference.urgency, location=known
            )
            return (opening(scene, "别处也有", like),)
        return (join(scene, reference, "同一处公共积水漏水"),)
    return _own_home(scene, reference)


def _named_home(scene: Scene) -> TicketView | None:
    """楼上2103那个弄好了没 我家顶也潮"""
    room = scene.verdict.source_room
    return next((t for t in scene.fresh_here if room is not None and t.location.room == room), None)


def like_others(scene: Scene, reading: Reading) -> Reading:
    """我家1602也漏: a report by itself, of one cause with the home that is being talked about."""
    reference = topic(scene) if reading.action is Action.OPEN and reading.scope is not Scope.PUBLIC else None
    if reference is None or scene.sender in reference.reporters:
        return reading
    there = reference.location.place if reference.scope is Scope.HOUSEHOLD else None
    where = replace(reading.location, place=reading.location.place or there)
    return replace(reading, like=reading.like or reference.number, location=where)


def survey_default() -> Reading:
    """A line under the staff's question who has leaks: no hurry, as far as is told."""
    return Reading(Action.OPEN, "", kind=Kind.LEAK, scope=Scope.HOUSEHOLD, urgency=Urgency.NORMAL)


def join(scene: Scene, ticket: TicketView, reason: str) -> Reading:
    where = better(ticket, scene.where, replaces=False)
    worse, pictures = raised(scene, ticket), _pictures_before(scene)
    return Reading(Action.JOIN, reason, ticket.number, urgency=worse, location=where, earlier=pictures)


def _pictures_before(scene: Scene) -> tuple[str, ...]:
    kinds = {MessageKind.IMAGE, MessageKind.VIDEO}
    recent = [s for s in scene.mine if scene.since(s.at) <= SHORTLY and s.kind in kinds and s.ticket is None]
    return tuple(s.external_id for s in reversed(recent))


def _at_my_home(scene: Scene) -> bool:
    indoors = is_indoors(scene.where) and not is_public(scene.where)
    return indoors or scene.verdict.scope is Scope.HOUSEHOLD or bool(_ABOUT_MY_HOME.search(scene.text))


def _own_home(scene: Scene, reference: TicketView) -> Readings:
    mine = next((t for t in scene.own_open if t.scope is Scope.HOUSEHOLD), None)
    if mine is not None and scene.where.room in {None, mine.location.room}:
        return (adding(scene, mine, "自家已经登记过"),)
    same = home_match(scene, scene.where if scene.where.room else scene.home)
    if same is not None:
        return (join(scene, same, "同一户已经登记"),)
    household = reference.scope is Scope.HOUSEHOLD
    like = Reading(
        Action.OPEN,
        "",
        kind=reference.kind,
        scope=Scope.HOUSEHOLD,
        urgency=reference.urgency if household else None,
        location=Location(place=reference.location.place if household else None),
        like=reference.number,
    )
    return (opening(scene, f"自家也是，同 #{reference.number}", like),)


def _explicit(scene: Scene) -> bool:
    return not _BARE.match(tidy(scene.text))


def topic(scene: Scene) -> TicketView | None:
    """The ticket that is being talked about: the last words about one, with little other talk since."""
    between: list[Said] = []
    for said in reversed(scene.said):
        ticket = scene.ticket(said.ticket)
        if ticket is not None and ticket.status in OPEN and scene.since(said.at) <= _REACH:
            return ticket if _still_the_topic(scene, between) else None
        if said.sender != scene.sender and not said.is_staff and said.kind is MessageKind.TEXT and not _passes(said):
            between.append(said)
    return None


def _passes(said: Said) -> bool:
    """我家也是 of others, 我家没有: answers to the same report."""
    cues = {Cue.ME_TOO, Cue.NOT_ME, Cue.MORE_WATER, Cue.THANKS}
    return said.verdict is not None and not said.verdict.cues.isdisjoint(cues)


def _still_the_topic(scene: Scene, between: list[Said]) -> bool:
    if any(_GOODS.search(s.text) for s in between):
        return False
    if not _explicit(scene):
        return not between
    if scene.telling:
        return True
    return len(between) <= _TALK_BETWEEN and not (between and _ABOUT_MY_HOME.search(between[0].text))
