"""What concerns somebody else's ticket: the same water, a remark, a parent's address, a line of the roll call."""

import re
from dataclasses import replace
from datetime import timedelta

from domain.conversation import Asks, Reading, TicketView
from domain.tickets import OPEN
from domain.understanding import Cue
from domain.vocabulary import Place, Scope, Urgency
from understanding.answers import is_share
from understanding.facts import at_home, opening
from understanding.incidents import agree, alike, home_match, is_indoors, is_public, public_match, same_building
from understanding.matching import a_second_spot, may_be
from understanding.me_too import join, survey_default
from understanding.scene import JUST_NOW, SHORTLY, Scene

Readings = tuple[Reading, ...]

_AFFECTED = re.compile(r"踩|臭|滑|淹|流|冒|堵|咕噜|出不去|过不去|没法走|走不了|湿|深|漫|摔|蹚|趟水|滩|看[见到]了")
_AT_FAULT = re.compile(r"抱歉|对不起|不好意思|我关|我家的?问题|已经关|赔")
_OWN = re.compile(r"[我俺咱].{0,3}[家屋房楼单元层]|家[里中]|我[这住们]|屋里|咱们")
_HOME = re.compile(r"[我俺咱](?:们)?家|家[里中]|屋里")
_NONE_HERE = re.compile(r"(?:^|[\s,，:：-])无(?:$|[\s。!])|没有|没漏|不漏|正常|一切都?好")
_WONDERS = re.compile(r"是不是|会不会|吧[?？。!！~]*$|[吗么?？]$|怎么回事")
_ONCE = re.compile(r"也[^,，。!！?？]{0,4}(?:漏|渗|滴|堵|返水|淹|进水)水?过(?![来去])")
_AGAIN = re.compile(r"又|还|现在|今[天晚早年]|刚")
"""我家也漏过, 后来换了窗: of another year, to comfort somebody."""
_THAT = re.compile(r"^(?:就是|对[对啊]?|是啊?)?[,， ]*[那这](?:根|个|块|里|儿|边|水|处|条|一片)")
"""那根管子漏了一个礼拜了: the one that was just spoken of."""
_REMARK = 16
_A_REMARK = 24
_WATER = re.compile(r"水|雨|漏|滴|流|涨|漫|淹|冒|湿")
_GUESSES = re.compile(r"呗|^那就?是|^(?:应该|估计|八成|多半)是|(?:你|您)家?楼上|你[家得去快先]|找(?:楼上|物业)")
"""Said to somebody else about what they just showed or asked."""
_FAMILY = re.compile(
    r"我[爸妈爹娘哥姐弟妹]|[爸妈]家|老人|父母|爷爷|奶奶|姥[姥爷]|外公|外婆|岳[父母]|公公|婆婆|老公|老婆|媳妇"
)
_SPOKEN_OF = re.compile(r"(?:说|发|报)的|语音|上面那|刚才那")
_STILL_LOOKING = timedelta(hours=1)
_BY_ANOTHER_PHONE = timedelta(minutes=5)
_FLOWS_OUT = re.compile(r"[流漫淌冲灌漏滴渗]到|都到|也到")


def is_from_above(scene: Scene) -> bool:
    """The neighbour upstairs who begs pardon: their water is on the ticket of the home below."""
    room = scene.address.room
    if room is None or not _AT_FAULT.search(scene.text):
        return False
    return any(t.location.room is not None and t.location.room[-2:] == room[-2:] for t in scene.fresh_here)


def is_remark(scene: Scene) -> bool:
    """我去这么多水, 楼上是不是没关水: about the home that was just reported by somebody else."""
    where, text = scene.where, scene.text
    if not scene.own_open and (_of_a_named_neighbour(scene) or (_ONCE.search(text) and not _AGAIN.search(text))):
        return True
    own = bool(_OWN.search(text)) or bool(scene.own_open) or scene.asked(*Asks) is not None
    if own or where.room or where.unit or where.floor is not None or where.place not in {None, Place.CEILING}:
        return False
    about = [t for t in scene.fresh_here if scene.since(t.last_words_at) <= SHORTLY and t.scope is Scope.HOUSEHOLD]
    idle = scene.says(Cue.MORE_WATER) or bool(_WONDERS.search(text)) or scene.verdict.unsure
    return (bool(about) and idle and len(text) <= _REMARK) or _guesses(scene)


def _of_a_named_neighbour(scene: Scene) -> bool:
    """果果家又漏啦, when 果果 just reported it."""
    reporters = {person for t in scene.fresh_here for person in t.reporters}
    names = {s.sender_name for s in scene.said if s.sender in reporters and len(s.sender_name) > 1}
    return any(name + "家" in scene.text for name in names)


def _guesses(scene: Scene) -> bool:
    """漏水了呗, 找楼上: what somebody else has, in this person's opinion."""
    last = scene.said[-1] if scene.said else None
    if last is None or last.sender == scene.sender or last.is_staff or scene.since(last.at) > JUST_NOW:
        return False
    return len(scene.text) <= _REMARK and bool(_GUESSES.search(scene.text))


def of_others(scene: Scene) -> Reading | None:
    """Somebody reported the same already: one ticket for public water, and for one home."""
    quoted = next((t for t in scene.quoted if t.status in OPEN and t.scope is Scope.PUBLIC), None)
    if quoted is not None and not says_own_home(scene):
        return join(scene, quoted, "引用了这件事")
    home = home_match(scene, at_home(scene, scene.where)) or _told_by_family(scene)
    if home is not None:
        return join(scene, home, "同一户已经登记")
    same = _same_public(scene)
    if same is not None and scene.sender in same.reporters and a_second_spot(scene, same):
        return None
    return join(scene, same, "同一处公共积水漏水") if same else _still_vague(scene)


def _same_public(scene: Scene) -> TicketView | None:
    if _echoes(scene):  # the speaker's own door is no other place
        return public_match(scene, replace(scene.where, place=None, floor=None))
    if scene.verdict.scope is Scope.HOUSEHOLD and not is_public(scene.where) and not _stands_in_it(scene):
        return _flood(scene)
    return public_match(scene) or _flood(scene)


def _stands_in_it(scene: Scene) -> bool:
    """1单元进门那块好滑: no home is spoken of."""
    told = scene.says(Cue.MORE_WATER) or bool(_AFFECTED.search(scene.text)) or bool(_THAT.search(scene.text))
    return told and not says_own_home(scene) and not _HOME.search(scene.text)


def _flood(scene: Scene) -> TicketView | None:
    """我在4楼，水已经下来了: what bursts on the fifth is the same water on every floor below."""
    if says_own_home(scene) or _HOME.search(scene.text) or scene.where.place not in {None, *_ON_THE_WAY}:
        return None
    bursts = [
        t
        for t in scene.fresh_here
        if t.scope is Scope.PUBLIC and t.urgency is Urgency.EMERGENCY and t.location.place in _ON_THE_WAY
        and scene.since(t.last_words_at) <= SHORTLY and agree(scene.where.unit, t.location.unit)
    ]  # fmt: skip
    return bursts[0] if len(bursts) == 1 and scene.sender not in bursts[0].reporters else None


_ASKED = re.compile(r"(?:[吗么]|[?？])[\s?？。!！~～]*$")
_NOT_NOW_OR_HERE = re.compile(
    r"前两天|前几天|昨[天晚]|上次|上回|去年|以前|高架|隧道|立交|地铁|新闻|洒水|正常|无异常|放个牌子"
)
_ON_THE_WAY = frozenset({Place.CORRIDOR, Place.STAIRWELL, Place.ELEVATOR})


def _still_vague(scene: Scene) -> Reading | None:
    """3单元水管爆了, and then by somebody else where in that unit: one public matter."""
    unit = scene.where.unit
    if unit is None or not is_public(scene.where) or scene.verdict.kind is None:
        return None
    for ticket in scene.fresh_here:
        there = ticket.location
        nothing = (there.room, there.place, there.floor) == (None, None, None) and there.unit == unit
        soon = scene.since(ticket.reported_at) <= SHORTLY and same_building(scene, scene.where, ticket)
        if nothing and soon and alike(scene.verdict.kind, ticket.kind) and not _of_a_home(scene, ticket):
            return replace(join(scene, ticket, "说清了是哪里"), scope=Scope.PUBLIC)
    return None


def _of_a_home(scene: Scene, ticket: TicketView) -> bool:
    return any(s.ticket == ticket.number and _OWN.search(s.text) for s in scene.said)


def _told_by_family(scene: Scene) -> TicketView | None:
    """我老公刚说的906: the home that somebody of the family just reported."""
    if not (_FAMILY.search(scene.text) and _SPOKEN_OF.search(scene.text)):
        return None
    recent = [t for t in scene.fresh_here if t.scope is Scope.HOUSEHOLD and scene.since(t.reported_at) <= SHORTLY]
    named = [t for t in recent if t.location.room is not None and t.location.room in scene.text]
    open_to_all = recent if scene.where.room is None else []
    return named[0] if named else open_to_all[0] if len(open_to_all) == 1 else None


def says_own_home(scene: Scene) -> bool:
    return is_indoors(scene.where) and not is_public(scene.where)


def _echoes(scene: Scene) -> bool:
    """真的, 都流到我家门口了: about the water that was just reported."""
    indoors = is_indoors(scene.where) and not is_public(scene.where)
    return bool(_FLOWS_OUT.search(scene.text)) and "门口" in scene.text and not indoors


def for_others(scene: Scene) -> Readings | None:
    """Lines under the staff's question, and a family that gives the address."""
    reading = None if scene.says(Cue.NOT_ME) else _survey_line(scene) or _family(scene)
    return (reading,) if reading else None


def _survey_line(scene: Scene) -> Reading | None:
    """接龙: 1-1201 北卧窗."""
    if not scene.surveyed or scene.where.room is None or _NONE_HERE.search(scene.text):
        return None
    return opening(scene, "按工作人员的登记要求回复", survey_default())


def _family(scene: Scene) -> Reading | None:
    """我爸住1单元201: the address for somebody who could not give it."""
    of_family = scene.says(Cue.FOR_OTHER) or bool(_FAMILY.search(scene.text))
    if scene.where.room is None or not (of_family or _answers_for_them(scene)):
        return None
    waiting = [
        t
        for t in scene.fresh_here
        if t.scope is Scope.HOUSEHOLD and t.location.room is None and scene.since(t.reported_at) <= _STILL_LOOKING
    ]
    return join(scene, waiting[0], "家人补充了地址") if len(waiting) == 1 and not scene.own_open else None


def _answers_for_them(scene: Scene) -> bool:
    """Nothing but an address, behind a report without one, and nobody else has spoken: the wife, by another phone."""
    bare = scene.says(Cue.LOCATION_ONLY) and scene.where.unit is not None and not is_share(scene.text)
    if not bare or scene.where.room != (scene.address.room or scene.where.room):
        return False
    told = [t.reporters for t in scene.fresh_here if scene.since(t.reported_at) <= _BY_ANOTHER_PHONE]
    family = {scene.sender, *(person for people in told for person in people)}
    recent = [s for s in scene.said if scene.since(s.at) <= _BY_ANOTHER_PHONE]
    return len(told) == 1 and all(s.sender in family for s in recent)


def asks(scene: Scene) -> bool:
    """顶楼的业主现在还漏吗: to neighbours, about what the speaker has not seen."""
    return bool(_ASKED.search(scene.text))


def bystander(scene: Scene) -> Reading | None:
    """Somebody standing in the same public water."""
    quoted = [t for t in scene.quoted if t.status in OPEN and t.scope is Scope.PUBLIC and t not in scene.own]
    if quoted and (_AFFECTED.search(scene.text) or scene.says(Cue.MORE_WATER)):
        return join(scene, quoted[0], "引用并说自己也遇到")
    if not scene.says(Cue.MORE_WATER, Cue.WORSE, Cue.STILL) or asks(scene) or _NOT_NOW_OR_HERE.search(scene.text):
        return None
    if not scene.says(Cue.MORE_WATER, Cue.STILL) and not _WATER.search(scene.text):
        return None  # 更大, of something
    if len(scene.text) > _A_REMARK and scene.where.place is None and scene.where.unit is None:
        return None
    near = [t for t in scene.fresh_here if t.scope is Scope.PUBLIC and scene.since(t.last_words_at) <= SHORTLY]
    fitting = [t for t in near if scene.sender not in t.reporters and may_be(scene, t)]
    return join(scene, fitting[-1], "说的是同一处水") if len(fitting) == 1 and len(near) == 1 else None
