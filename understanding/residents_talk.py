"""What a resident means: the rules in the order in which they are tried."""

import re
from dataclasses import replace
from datetime import timedelta

from domain.conversation import Action, Asks, Reading, TicketView
from domain.tickets import OPEN, UNTAKEN
from domain.understanding import Advice, Cue, Location
from domain.vocabulary import Scope
from understanding.answers import answered, is_share
from understanding.endings import ended
from understanding.facts import adding, changes, kind_meant, opening, raised, reopening
from understanding.incidents import is_vague
from understanding.matching import another_home, chosen, may_be, tells_where
from understanding.me_too import like_others, me_too
from understanding.neighbours import bystander, for_others, is_from_above, is_remark, of_others
from understanding.scene import FRESH, JUST_NOW, SHORTLY, Scene
from understanding.waiting import alert, chase, chased

Readings = tuple[Reading, ...]

_WRONG_GROUP = re.compile(r"[发走进]错了?[群地]|群发错|不是这个群|错群了")
_NOT_OURS = re.compile(r"公司|单位|办公|学校|店里|厂里|老家|别的小区|另一个小区|不是[咱我]们?小区")
_WORTH_ASKING = 0.45
"""Below, a question would be an answer to chatter more often than not."""
_SAME_DAYS = timedelta(days=3)
_MINUTES_FOR_A_CHASE = timedelta(minutes=10)


def read_resident(scene: Scene) -> Readings:
    if _WRONG_GROUP.search(scene.text) and not scene.verdict.report:
        return _meant_for_others(scene)
    readings = _about_water(scene)
    return (*readings, *alert(scene, readings))


def _meant_for_others(scene: Scene) -> Readings:
    """发错群了，是公司的: what was just reported is not ours. The words alone leave it: the water may be real."""
    just = next((t for t in scene.own_open if t.status in UNTAKEN and scene.since(t.reported_at) <= SHORTLY), None)
    elsewhere = just is not None and _NOT_OURS.search(scene.text)
    return (Reading(Action.WITHDRAW, "发错群了，不是这里的", just.number),) if just and elsewhere else ()


def _about_water(scene: Scene) -> Readings:
    for rule in (answered, ended, _corrected, _me_too, _told, for_others, chased, _facts):
        readings = rule(scene)
        if readings is not None:
            return readings
    return ()


def _corrected(scene: Scene) -> Readings | None:
    if not scene.says(Cue.CORRECTION):
        return None
    ticket = chosen(scene, tuple(t for t in scene.own_open if scene.since(t.last_words_at) <= FRESH))
    if ticket is None:
        ticket = next((t for t in scene.own_open if scene.since(t.last_words_at) <= FRESH), None)
    if ticket is None:
        return None
    reading, kind = adding(scene, ticket, "更正", replaces=True), kind_meant(scene.text)
    reading = replace(reading, kind=kind if kind is not ticket.kind else None)
    return (reading,) if changes(reading) or not scene.telling else None


def _me_too(scene: Scene) -> Readings | None:
    """With a place of its own it is a report first; who it is like comes second."""
    if not scene.says(Cue.ME_TOO) or scene.says(Cue.NOT_ME):
        return None
    if not scene.verdict.report:
        return me_too(scene)
    if is_vague(scene.where) or scene.quoted:
        return me_too(scene) or None
    return tuple(like_others(scene, r) for r in _told(scene) or ()) or None


def _told(scene: Scene) -> Readings | None:
    """A report, or what may be one."""
    if not scene.telling:
        return None
    if is_from_above(scene):
        return ()
    if is_remark(scene):
        return (Reading(Action.LOOK, "像是议论别人家的事"),)
    mine = _my_matter(scene)
    if mine is not None:
        return _more_of_mine(scene, mine)
    other = of_others(scene)
    if other is not None:
        return (other,)
    if scene.verdict.unsure:
        return _in_doubt(scene)
    closed = next((t for t in scene.own_done if _came_back(scene, t)), None)
    if closed is not None:
        return (reopening(scene, closed, "同一处刚处理过又有水"),)
    return (opening(scene, "报修"),)


def _my_matter(scene: Scene) -> TicketView | None:
    named = [t for t in scene.quoted if t in scene.own_open]
    fitting = [t for t in scene.own_open if may_be(scene, t) and not another_home(scene, t)]
    return next(iter([*named, *fitting]), None)


def _more_of_mine(scene: Scene, ticket: TicketView) -> Readings:
    reading = adding(scene, ticket, "同一件事的补充", replaces=_just_corrected(scene))
    if not changes(reading) and (_urges(scene, ticket) or _says_it_again(scene, ticket)):
        return chase(scene, ticket)
    return (reading,)


def _urges(scene: Scene, ticket: TicketView) -> bool:
    waited = scene.since(ticket.reported_at) >= _MINUTES_FOR_A_CHASE
    return waited and scene.says(Cue.CHASE, Cue.STILL, Cue.NOT_FIXED)


def _says_it_again(scene: Scene, ticket: TicketView) -> bool:
    """Reported once more after a while: somebody waits for a word."""
    return scene.verdict.report and scene.since(ticket.last_words_at) >= _MINUTES_FOR_A_CHASE


def _just_corrected(scene: Scene) -> bool:
    """打错了, and then what it should have been."""
    last = next(iter(scene.mine), None)
    told = last is not None and last.verdict is not None and Cue.CORRECTION in last.verdict.cues
    return told and last is not None and scene.since(last.at) <= SHORTLY


def _came_back(scene: Scene, ticket: TicketView) -> bool:
    if scene.since(ticket.since) > _SAME_DAYS or not may_be(scene, ticket) or another_home(scene, ticket):
        return False
    return ticket.location.place is None or scene.where.place in {None, ticket.location.place}


def _in_doubt(scene: Scene) -> Readings:
    """Asked once; whoever was asked already, or is only half likely to mean it, goes onto the list instead."""
    asked = scene.asked(Asks.IS_IT_A_REPORT) or any(s.verdict is not None and s.verdict.unsure for s in scene.mine)
    likely = scene.verdict.confidence >= _WORTH_ASKING or scene.verdict.advice is Advice.MAYBE
    if asked or not likely or scene.says(Cue.THANKS, Cue.NOT_ME):
        return (Reading(Action.LOOK, "可能是报修"),)
    question = scene.verdict.ambiguous[0] if scene.verdict.ambiguous else "是需要报修吗？回“是”并说下位置就登记。"
    return (Reading(Action.ASK, "可能是报修，问一次", location=scene.where, question=question),)


def _facts(scene: Scene) -> Readings | None:
    mine = _own_facts(scene)
    if mine is not None:
        return mine
    if scene.says(Cue.NOT_ME):
        return ()
    reading = _like_said_before(scene) or same_breath(scene) or bystander(scene)
    return (reading,) if reading else None


def _own_facts(scene: Scene) -> Readings | None:
    """An address or more water from somebody who just reported, or who still owes the address."""
    where: Location = scene.where
    more = scene.says(Cue.WORSE, Cue.MORE_WATER, Cue.ELECTRIC, Cue.STILL)
    if (is_vague(where) and where.building is None and not more) or is_share(scene.text):
        return None
    for ticket in scene.own_open:
        age = scene.since(ticket.last_words_at)
        lacks = ticket.scope is Scope.HOUSEHOLD and (ticket.location.room is None or ticket.location.unit is None)
        soon = age <= (FRESH if lacks or more else SHORTLY) and (may_be(scene, ticket) or age <= SHORTLY)
        if soon and (more or _just_corrected(scene) or tells_where(scene, ticket)):
            return (adding(scene, ticket, "补充情况", replaces=_replaces(scene, ticket)),)
    return None


def _replaces(scene: Scene, ticket: TicketView) -> bool:
    """A bare address soon after another address is what was meant."""
    bare = scene.says(Cue.LOCATION_ONLY) and scene.since(ticket.last_words_at) <= SHORTLY
    return bare or _just_corrected(scene)


def _like_said_before(scene: Scene) -> Reading | None:
    """俺也一样, and then 2-1601 客厅: now it is known whose home."""
    last = next(iter(scene.mine), None)
    agreed = last is not None and last.ticket is None and last.verdict is not None and Cue.ME_TOO in last.verdict.cues
    if last is None or not agreed or scene.since(last.at) > SHORTLY or scene.where.room is None:
        return None
    readings = me_too(scene) if not is_share(scene.text) else ()
    return next((r for r in readings if r.action in {Action.OPEN, Action.JOIN}), None)


def same_breath(scene: Scene) -> Reading | None:
    """The reporter goes on talking: kept with the ticket, nothing to answer."""
    last = scene.said[-1] if scene.said else None
    if last is None or last.sender != scene.sender or scene.since(last.at) > JUST_NOW:
        return None
    ticket = scene.ticket(last.ticket)
    if ticket is None or ticket.status not in OPEN or scene.says(Cue.THANKS, Cue.CONSENT, Cue.REFUSE):
        return None
    if scene.sender not in ticket.reporters:
        return None
    return Reading(Action.ADD, "接着说的话", ticket.number, urgency=raised(scene, ticket))
