"""What a resident means: the rules in the order in which they are tried."""

import re
from datetime import timedelta

from domain.commands import numbers_in
from domain.conversation import Action, Asks, Reading, TicketView
from domain.tickets import OPEN
from domain.understanding import Cue, Location
from domain.vocabulary import Scope, Status
from understanding.answers import answered
from understanding.facts import adding, changes, opening
from understanding.incidents import home_match, is_indoors, is_public, is_vague, public_match, same_building, same_spot
from understanding.me_too import join, me_too, survey_default
from understanding.scene import FRESH, JUST_NOW, SHORTLY, Scene

Readings = tuple[Reading, ...]
_WRONG_GROUP = re.compile(r"[发走进]错了?[群地]|群发错|不是这个群|错群了")
_SECOND_MATTER = re.compile(r"再一个|另外|还有(?:一|个|就是|楼|地)|第二|两件事|顺便|此外|其次|二来")
_FLOWS_OUT = re.compile(r"[流漫淌冲灌漏滴渗]到|都到|也到")
_AFFECTED = re.compile(r"踩|臭|滑|淹|流|冒|堵|咕噜|出不去|过不去|没法走|走不了|湿|深|漫|摔|蹚|趟水")
_AT_FAULT = re.compile(r"抱歉|对不起|不好意思|我关|我家的?问题|已经关|赔")
_APOLOGY = re.compile(r"抱歉|不好意思|对不起|久等|来晚")
_CLEARLY_OFF = re.compile(r"看错|弄错|搞错|不用来|不用了|误会|误报|虚惊|取消|不需要|撤")
_NONE_HERE = re.compile(r"(?:^|[\s,，:：-])无(?:$|[\s。!])|没有|没漏|不漏|正常|一切都?好")
_FAMILY = re.compile(
    r"我[爸妈爹娘哥姐弟妹]|[爸妈]家|老人|父母|爷爷|奶奶|姥[姥爷]|外公|外婆|岳[父母]|公公|婆婆|老公|老婆|媳妇"
)
_STILL_LOOKING = timedelta(hours=1)
_SAME_DAYS = timedelta(days=3)
_MINUTES_FOR_A_CHASE = timedelta(minutes=10)
_ALERT_AGAIN = timedelta(minutes=15)
_ANGRY = (Cue.HOTLINE, Cue.ANGER, Cue.WANTS_HUMAN)


def read_resident(scene: Scene) -> Readings:
    if _WRONG_GROUP.search(scene.text) and not scene.verdict.report:
        return ()
    readings = _about_water(scene)
    return (*readings, *_alert(scene, readings))


def _about_water(scene: Scene) -> Readings:
    for rule in (answered, _ended, _corrected, _me_too, _told, _chased, _facts):
        readings = rule(scene)
        if readings is not None:
            return readings
    return ()


# -- how it ended ----------------------------------------------------------------------------------------------


def _ended(scene: Scene) -> Readings | None:
    """Fixed, back again, or never there: only for the sender's own tickets."""
    if scene.says(Cue.NOT_FIXED) or (scene.says(Cue.STILL) and not scene.says(Cue.FIXED)):
        return _back_again(scene)
    if scene.verdict.report or not scene.says(Cue.FIXED, Cue.WITHDRAW):
        return None
    if scene.says(Cue.FIXED):
        return _confirmed(scene)
    return _withdrawn(scene)


def _back_again(scene: Scene) -> Readings | None:
    done = chosen(scene, scene.own_done)
    if done is None or not _may_be(scene, done):
        return None
    newer = [t for t in scene.own_open if t.last_words_at > done.since and _may_be(scene, t)]
    return None if newer else (Reading(Action.REOPEN, "报修人说又漏了、没修好", done.number),)


def _confirmed(scene: Scene) -> Readings:
    waiting = tuple(t for t in scene.own_done if t.status is Status.RESOLVED)
    ticket = chosen(scene, waiting) or chosen(scene, scene.own_open)
    return (Reading(Action.CONFIRM, "报修人说好了", ticket.number),) if ticket else ()


def _withdrawn(scene: Scene) -> Readings | None:
    ticket = chosen(scene, scene.own_open)
    if ticket is None or not (_CLEARLY_OFF.search(scene.text) or not _answers_apology(scene)):
        return ()
    return (Reading(Action.WITHDRAW, "报修人收回", ticket.number),)


def _answers_apology(scene: Scene) -> bool:
    """没事 to somebody who begs pardon takes nothing back."""
    others = [s for s in scene.said if s.sender != scene.sender and scene.since(s.at) <= SHORTLY]
    return bool(others) and bool(_APOLOGY.search(others[-1].text))


def chosen(scene: Scene, tickets: tuple[TicketView, ...]) -> TicketView | None:
    """Which of the sender's tickets is meant: by number, quote or place, else the one spoken of last."""
    numbers = numbers_in(scene.text)
    named = [t for t in tickets if t.number in numbers] or [t for t in tickets if t in scene.quoted]
    if named or numbers:
        return named[0] if named else None
    placed = [t for t in tickets if not is_vague(scene.where) and _may_be(scene, t)]
    return next(iter(placed or tickets), None)


def _may_be(scene: Scene, ticket: TicketView) -> bool:
    """Whether the words can be about this ticket of the sender: nothing that they say contradicts it."""
    where, there = scene.where, ticket.location
    if where.building is not None and not same_building(scene, where, ticket):
        return _still_vague(scene, ticket)
    if ticket.scope is Scope.PUBLIC:
        if is_indoors(where) and not is_public(where):
            return is_vague(there) and _still_vague(scene, ticket)
        return is_vague(where) or same_spot(scene, ticket, where)
    if is_public(where):
        return _public_words_about_home(scene, ticket)
    return where.room in {None, there.room} or there.room is None


def _public_words_about_home(scene: Scene, ticket: TicketView) -> bool:
    """From the roof, or out onto the landing: still the water of that home. Else it is a second matter."""
    if _SECOND_MATTER.search(scene.text):
        return False
    cause = scene.where.place is not None and scene.where.place.value in {"roof", "facade"}
    flows = bool(_FLOWS_OUT.search(scene.text)) and scene.since(ticket.last_words_at) <= _STILL_LOOKING
    return cause or flows or (is_vague(ticket.location) and _still_vague(scene, ticket))


def _still_vague(scene: Scene, ticket: TicketView) -> bool:
    """Just said "漏水了": what comes next tells where."""
    told = ticket.location.room is not None or (ticket.scope is Scope.PUBLIC and ticket.location.place is not None)
    return not told and scene.since(ticket.last_words_at) <= SHORTLY


# -- facts -----------------------------------------------------------------------------------------------------


def _corrected(scene: Scene) -> Readings | None:
    if not scene.says(Cue.CORRECTION):
        return None
    ticket = chosen(scene, tuple(t for t in scene.own_open if scene.since(t.last_words_at) <= FRESH))
    if ticket is None:
        ticket = next((t for t in scene.own_open if scene.since(t.last_words_at) <= FRESH), None)
    if ticket is None:
        return None
    return (adding(scene, ticket, "更正", replaces=True),)


def _me_too(scene: Scene) -> Readings | None:
    if not scene.says(Cue.ME_TOO) or scene.says(Cue.NOT_ME):
        return None
    if scene.verdict.report and public_match(scene) is not None:
        return None
    return me_too(scene) or (None if scene.verdict.report else ())


def _told(scene: Scene) -> Readings | None:
    """A report, or what may be one."""
    if not scene.telling:
        return None
    if _is_the_one_above(scene):
        return ()
    mine = _my_matter(scene)
    if mine is not None:
        return _more_of_mine(scene, mine)
    other = _of_others(scene)
    if other is not None:
        return (other,)
    if scene.verdict.unsure:
        return _in_doubt(scene)
    closed = next((t for t in scene.own_done if _came_back(scene, t)), None)
    if closed is not None:
        return (Reading(Action.REOPEN, "同一处刚处理过又有水", closed.number),)
    return (opening(scene, "报修"),)


def _my_matter(scene: Scene) -> TicketView | None:
    named = [t for t in scene.quoted if t in scene.own_open]
    fitting = [t for t in scene.own_open if _may_be(scene, t) and not _another_home(scene, t)]
    return next(iter([*named, *fitting]), None)


def _another_home(scene: Scene, ticket: TicketView) -> bool:
    """帮我妈报: not the matter of one's own home."""
    first = scene.says(Cue.FOR_OTHER) and ticket.location.room is not None
    return first and scene.where.room != ticket.location.room


def _more_of_mine(scene: Scene, ticket: TicketView) -> Readings:
    reading = adding(scene, ticket, "同一件事的补充", replaces=_just_corrected(scene))
    waited = scene.since(ticket.reported_at) >= _MINUTES_FOR_A_CHASE
    if waited and not changes(reading) and scene.says(Cue.CHASE, Cue.STILL, Cue.NOT_FIXED):
        return _chase(scene, ticket)
    return (reading,)


def _just_corrected(scene: Scene) -> bool:
    """打错了, and then what it should have been."""
    last = next(iter(scene.mine), None)
    told = last is not None and last.verdict is not None and Cue.CORRECTION in last.verdict.cues
    return told and last is not None and scene.since(last.at) <= SHORTLY


def _is_the_one_above(scene: Scene) -> bool:
    """The neighbour upstairs who begs pardon: their water is on the ticket of the home below."""
    room = scene.address.room
    if room is None or not _AT_FAULT.search(scene.text):
        return False
    return any(t.location.room is not None and t.location.room[-2:] == room[-2:] for t in scene.fresh_here)


def _of_others(scene: Scene) -> Reading | None:
    """Somebody reported the same already: one ticket for public water, and for one home."""
    quoted = next((t for t in scene.quoted if t.status in OPEN and t.scope is Scope.PUBLIC), None)
    if quoted is not None and not _says_own_home(scene):
        return join(scene, quoted, "引用了这件事")
    home = home_match(scene, scene.where)
    if home is not None:
        return join(scene, home, "同一户已经登记")
    if scene.verdict.scope is Scope.HOUSEHOLD and not is_public(scene.where) and not _echoes(scene):
        return None
    same = public_match(scene)
    return join(scene, same, "同一处公共积水漏水") if same else None


def _says_own_home(scene: Scene) -> bool:
    return is_indoors(scene.where) and not is_public(scene.where)


def _echoes(scene: Scene) -> bool:
    """真的, 都流到我家门口了: about the water that was just reported."""
    indoors = is_indoors(scene.where) and not is_public(scene.where)
    return bool(_FLOWS_OUT.search(scene.text)) and "门口" in scene.text and not indoors


def _came_back(scene: Scene, ticket: TicketView) -> bool:
    if scene.since(ticket.since) > _SAME_DAYS or not _may_be(scene, ticket) or _another_home(scene, ticket):
        return False
    return ticket.location.place is None or scene.where.place in {None, ticket.location.place}


def _in_doubt(scene: Scene) -> Readings:
    """Asked once; whoever was asked already, or is only half likely to mean it, goes onto the list instead."""
    asked = scene.asked(Asks.IS_IT_A_REPORT) or any(s.verdict is not None and s.verdict.unsure for s in scene.mine)
    if asked or not scene.verdict.report or scene.says(Cue.THANKS, Cue.NOT_ME):
        return (Reading(Action.LOOK, "可能是报修"),)
    question = scene.verdict.ambiguous[0] if scene.verdict.ambiguous else "是需要报修吗？回“是”并说下位置就登记。"
    return (Reading(Action.ASK, "可能是报修，问一次", location=scene.where, question=question),)


# -- waiting ---------------------------------------------------------------------------------------------------


def _chased(scene: Scene) -> Readings | None:
    if not scene.says(Cue.CHASE, Cue.STILL):
        return None
    ticket = _chased_ticket(scene)
    if ticket is None:
        return None
    if scene.sender in ticket.reporters:
        reading = adding(scene, ticket, "催办时的补充")
        if changes(reading):
            return (reading,)
    return _chase(scene, ticket)


def _chased_ticket(scene: Scene) -> TicketView | None:
    """Own, quoted or numbered; else the only fresh one of the chat."""
    named = [t for n in numbers_in(scene.text) if (t := scene.ticket(n))] or list(scene.quoted)
    if named:
        return named[0] if len(named) == 1 else None
    mine = chosen(scene, scene.own_open)
    if mine is not None:
        return mine
    return scene.fresh_here[0] if len(scene.fresh_here) == 1 and not scene.own_done else None


def _chase(scene: Scene, ticket: TicketView) -> Readings:
    """A second word in the same breath is kept, not answered again."""
    last = next(iter(scene.mine), None)
    same_breath = last is not None and last.ticket == ticket.number and scene.since(last.at) <= JUST_NOW
    chased = last is not None and last.verdict is not None and not last.verdict.cues.isdisjoint({Cue.CHASE, Cue.STILL})
    if same_breath and chased:
        return (Reading(Action.ADD, "接着催，已经答过", ticket.number),)
    return (Reading(Action.CHASE, "催办", ticket.number),)


def _alert(scene: Scene, readings: Readings) -> Readings:
    """Told to staff at once where somebody has a matter of their own; a bystander's remark is only put on the list."""
    if not scene.says(*_ANGRY):
        return ()
    recent = [s for s in scene.mine if scene.since(s.at) <= _ALERT_AGAIN and s.verdict is not None]
    repeats = any(not s.verdict.cues.isdisjoint(_ANGRY) for s in recent if s.verdict) and not scene.says(*_ANGRY[2:])
    ticket = _own_matter(scene, readings)
    opens = any(r.action is Action.OPEN for r in readings)
    if ticket is None and not opens:
        return () if readings or not scene.says(Cue.HOTLINE, Cue.WANTS_HUMAN) else _listed()
    if repeats:
        return () if readings or ticket is None else (Reading(Action.ADD, "又说了气话，已报告过", ticket.number),)
    return (Reading(Action.ALERT, _why(scene), ticket.number if ticket else None),)


def _own_matter(scene: Scene, readings: Readings) -> TicketView | None:
    named = [t for r in readings if (t := scene.ticket(r.ticket))]
    return next(iter([*named, *scene.own_open, *scene.own_done[:1]]), None)


def _listed() -> Readings:
    return (Reading(Action.LOOK, "说到投诉或要找人，但没有自己的报修"),)


def _why(scene: Scene) -> str:
    if scene.says(Cue.HOTLINE):
        return "说要打12345或找媒体"
    return "要求人工答复" if scene.says(Cue.WANTS_HUMAN) else "情绪激动"


# -- the rest --------------------------------------------------------------------------------------------------


def _facts(scene: Scene) -> Readings | None:
    mine = _own_facts(scene)
    if mine is not None:
        return mine
    if scene.says(Cue.NOT_ME):
        return ()
    for rule in (_survey_line, _family, _same_breath, _bystander):
        reading = rule(scene)
        if reading is not None:
            return (reading,)
    return None


def _own_facts(scene: Scene) -> Readings | None:
    """An address or more water from somebody who just reported, or who still owes the address."""
    where: Location = scene.where
    more = scene.says(Cue.WORSE, Cue.MORE_WATER, Cue.ELECTRIC, Cue.STILL)
    if is_vague(where) and where.building is None and not more:
        return None
    for ticket in scene.own_open:
        age = scene.since(ticket.last_words_at)
        lacks = ticket.scope is Scope.HOUSEHOLD and (ticket.location.room is None or ticket.location.unit is None)
        if age <= (FRESH if lacks or more else SHORTLY) and (_may_be(scene, ticket) or age <= SHORTLY):
            return (adding(scene, ticket, "补充情况", replaces=_replaces(scene, ticket)),)
    return None


def _replaces(scene: Scene, ticket: TicketView) -> bool:
    """A bare address soon after another address is what was meant."""
    bare = scene.says(Cue.LOCATION_ONLY) and scene.since(ticket.last_words_at) <= SHORTLY
    return bare or _just_corrected(scene)


def _survey_line(scene: Scene) -> Reading | None:
    """接龙: 1-1201 北卧窗."""
    if not scene.surveyed or scene.where.room is None or _NONE_HERE.search(scene.text):
        return None
    return opening(scene, "按工作人员的登记要求回复", survey_default())


def _family(scene: Scene) -> Reading | None:
    """我爸住1单元201: the address for somebody who could not give it."""
    if scene.where.room is None or not (scene.says(Cue.FOR_OTHER) or _FAMILY.search(scene.text)):
        return None
    waiting = [
        t
        for t in scene.fresh_here
        if t.scope is Scope.HOUSEHOLD and t.location.room is None and scene.since(t.reported_at) <= _STILL_LOOKING
    ]
    return join(scene, waiting[0], "家人补充了地址") if len(waiting) == 1 and not scene.own_open else None


def _same_breath(scene: Scene) -> Reading | None:
    """The reporter goes on talking: kept with the ticket, nothing to answer."""
    last = scene.said[-1] if scene.said else None
    if last is None or last.sender != scene.sender or scene.since(last.at) > JUST_NOW:
        return None
    ticket = scene.ticket(last.ticket)
    if ticket is None or ticket.status not in OPEN or scene.says(Cue.THANKS, Cue.CONSENT, Cue.REFUSE):
        return None
    return Reading(Action.ADD, "接着说的话", ticket.number) if scene.sender in ticket.reporters else None


def _bystander(scene: Scene) -> Reading | None:
    """Somebody standing in the same public water."""
    quoted = [t for t in scene.quoted if t.status in OPEN and t.scope is Scope.PUBLIC and t not in scene.own]
    if quoted and (_AFFECTED.search(scene.text) or scene.says(Cue.MORE_WATER)):
        return join(scene, quoted[0], "引用并说自己也遇到")
    if not scene.says(Cue.MORE_WATER, Cue.WORSE, Cue.STILL):
        return None
    near = [t for t in scene.fresh_here if t.scope is Scope.PUBLIC and scene.since(t.last_words_at) <= SHORTLY]
    fitting = [t for t in near if scene.sender not in t.reporters and _may_be(scene, t)]
    return join(scene, fitting[-1], "说的是同一处水") if len(fitting) == 1 and len(near) == 1 else None
