"""Whether a message holds enough to be a report at all. What does not pass is never weighed."""

import re

from domain.understanding import Location
from understanding.clauses import Clause, Event, Spoken

_WET = re.compile(r"[水漏渗滴洇淌返潮霉淹污粪湿泡涝灌涌溢雨喷呲滋爆冒汪阴塌鼓💦💧🌊]")
_SURELY_WET = re.compile(r"[水漏渗洇淌返潮霉淹污粪湿涝汪阴💦💧🌊]")
_OWN_WORD = re.compile(
    r"漏水|漏雨|渗|滴水|洇|积水|返水|倒灌|进水|灌水|冒水|溢水|淌水|水管|爆管|水淹|被淹|淹了|泡水|返潮|水滴|漏得|漏下|漏到|又漏|还漏|在漏|也漏|照样漏|就漏|开始漏|一直漏|老漏|总漏|年年漏|天天漏|"
    r"漏成|水[就都也又]?(?:从|往|顺|进)|口水|个不停|摊水|流出来|灌进|往里灌|往下漏|往下流|往下滴|往下淌|往里漏|往里流|往里灌|往里进|往外冒|往外流|往外涌|地水|漏的|水帘|接水|水印|水渍|墙皮|污水|臭水|脏水|粪|水坑|滩水|片水|层水|全是水|都是水|漏了|跑水|呲水|滋水|喷水|水柱|水深|没过|在滴|又滴|还滴|好多水|直滴"
)
_ESSENCE = re.compile(
    r"[水漏渗湿潮淹洇霉返污粪阴淌💦💧🌊]|滴(?!滴)|喷淋|堵了|塌|瀑布|泳|船|威尼斯|雨|伞|斗笠|哗|漂走|通航|汪洋|池塘|淋浴|流泪|流眼泪|会哭|爱哭|就哭|鼓|墙皮|腻子|印子|渍|"
    r"爆管|管|阀|皮又泡|泡起|往里灌|灌进|灌满|被灌|浸泡|救生|包越|大包|脸盆|脏|臭|往上翻|养鸭|人工湖|游过"
)
"""One of these stands in every report; a message of mere movement (冒, 喷, 炸) is about something else."""
_NEEDS = frozenset({"pipe", "electric", "mine", "shaft", "block_way", "broken_again"})
_OF_A_HOUSE = _NEEDS | {"help", "estate", "indoors", "community", "complaint", "rain", "old", "flow", "danger"}
"""None of these in a long message, and no spot: it is about the world, a phone, a feeling."""
_MOVES = frozenset("滴冒喷泡流涌溢灌雨浸")
_VAGUE = frozenset({"weak", "fixture", "vivid", "break"})
_SIGHTS = _VAGUE | {"damp", "trace"}
_TELLING = _SIGHTS | {"blockage"}
"""Beside a spot or a home these need no word of water: 天花板一圈黄印子, 马桶往上翻."""
_ENOUGH_IN_A_CRY = frozenset({"漏", "渗", "水"})
"""漏！快来人"""
_BRIEF = 16
"""A message this short leaves out what goes without saying: 还在滴."""
_LONG = 60


def may_report(spoken: Spoken, location: Location) -> bool:
    if len(spoken.text) > _BRIEF and not _ESSENCE.search(spoken.text) and not _pictured(spoken):
        return False
    told_where = bool(location.room or location.unit or location.floor) and len(spoken.text) < _LONG
    if len(spoken.text) > 2 * _BRIEF and not spoken.places and not told_where and spoken.names.isdisjoint(_OF_A_HOUSE):
        return False
    clauses = spoken.clauses
    for index, clause in enumerate(clauses):
        beside = clauses[max(0, index - 1) : index + 2]
        for event in clause.events:
            possible = event.asserted or not spoken.names.isdisjoint(_NEEDS)
            if possible and _enough(event, clause, beside, spoken, told_where):
                return True
    return False


def _pictured(spoken: Spoken) -> bool:
    """墙壁常年冒汗, 建议改名叫洞庭湖: no word of water, but one that paints it."""
    return any(event.name in {"vivid", "damp", "trace", "ponding", "blockage"} for event in spoken.events)


def _enough(event: Event, clause: Clause, beside: tuple[Clause, ...], spoken: Spoken, told_where: bool) -> bool:
    if event.name == "fixture" and len(spoken.text) > 2 * _BRIEF:
        return False
    if event.name not in _VAGUE and (_OWN_WORD.search(event.word) or len(spoken.text) <= _BRIEF):
        return True
    if event.name not in _SIGHTS and len(spoken.text) <= _LONG and _tells_how(event.word):
        return True
    if event.word in _ENOUGH_IN_A_CRY and "help" in spoken.names and len(spoken.text) <= _BRIEF:
        return True
    if event.name != "vivid" and told_where and _WET.search(event.word):
        return True
    if event.word in _MOVES and not _water_in((clause,)) and len(spoken.text) > 2 * _BRIEF:
        return False
    if event.name in _VAGUE and len(spoken.text) > _LONG and not _has_own_word(spoken):
        return False
    around = beside if event.name not in {"weak", "fixture"} or len(spoken.text) < _LONG else (clause,)
    located = any(not each.names.isdisjoint(_NEEDS) for each in around) or any(
        each.start <= hit.start < each.end for each in around for hit in spoken.places
    )
    return located and (event.name in _TELLING or bool(_WET.search(event.word)) or _water_in(around))


def _tells_how(word: str) -> bool:
    """水喷的, 水漫屋, 漏了好: more than the bare word, which is chatter as often as not (流水, 水珠)."""
    return len(word) > 2 and bool(_SURELY_WET.search(word))


def _water_in(clauses: tuple[Clause, ...]) -> bool:
    return any(_SURELY_WET.search(event.word) for clause in clauses for event in clause.events)


def _has_own_word(spoken: Spoken) -> bool:
    return any(event.name not in _VAGUE and _OWN_WORD.search(event.word) for event in spoken.events)
