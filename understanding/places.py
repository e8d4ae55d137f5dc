"""Which spot is meant: a word of words/places.txt, beside the water if there is one there."""

import re
from collections.abc import Sequence
from functools import cache

from domain.vocabulary import PUBLIC_PLACES, Place
from understanding.clauses import Clause, Spoken
from understanding.lexicon import Hit, Lexicon

_RANK = {
    place: rank
    for rank, place in enumerate(
        (
            Place.BATHROOM,
            Place.KITCHEN,
            Place.BEDROOM,
            Place.LIVING_ROOM,
            Place.BALCONY,
            Place.ELEVATOR,
            Place.STAIRWELL,
            Place.GARAGE,
            Place.BASEMENT,
            Place.UNIT_DOOR,
            Place.CORRIDOR,
            Place.OTHER,
            Place.ROAD,
            Place.FACADE,
            Place.WINDOW,
            Place.ROOF,
            Place.WALL,
            Place.DRAIN,
            Place.CEILING,
        )
    )
}
"""Of two words in one breath the earlier here is the spot: 主卧天花板 is the bedroom."""
_NAMES_END = frozenset({"花园", "广场"})
_NAME_GOES_ON = re.compile(r"小区|的?(?:业主|居民|住户)|[A-Z]?\d|[一二三四五六七八九十]+(?:号楼|栋|幢|期|单元)|[A-Z]座")
_INSIDE = frozenset({Place.BATHROOM, Place.KITCHEN, Place.BEDROOM, Place.LIVING_ROOM, Place.BALCONY})
_WITH_WINDOWS = frozenset({Place.BEDROOM, Place.LIVING_ROOM})
_AROUND = re.compile(r"那|旁|下[面边]?的?墙|对面")
_SURFACES = frozenset({Place.CEILING, Place.WALL})
_FEW = 4
_THERE = re.compile(r"(?:里?面|里|内|那[里儿块边]?|这[里儿块边]?|处)?")
_NOT_WET = re.compile(r"没|不|好|干|旁|下面|楼下")
_TOP_FLOOR = frozenset({"顶楼", "顶层"})
_DOWNSTAIRS = re.compile(
    r"(?<![到往给从])楼下(?!的?(?:邻居|住户|业主|阿姨|大[爷姐哥叔妈]|那?家|那户|人家)|[也都又]?(?:说|找|敲|来|顶|反映|漏|渗))"
)
"""In front of the house, not the neighbour below: 楼下成河了."""
_CAUSE_BEFORE = re.compile(r"(?:是不是|会不会是|应该是|可能是|估计是|怀疑是?|不知道是不是)$")
_NOT_THERE = re.compile(r"(?:不是|不在|并非|挨着|靠着|靠近|对着|(?:快|要)(?:漫|流|淌|灌|进|到)[进到]?)$")
_CAUSE_AFTER = re.compile(r"的?(?:事|问题|原因|责任)")


@cache
def lexicon() -> Lexicon:
    return Lexicon("places")


def places_in(text: str) -> list[Hit]:
    """Without the words that only hold one: 用洗脸盆接 is no bathroom."""
    return [hit for hit in lexicon().longest(text) if hit.name != "mask" and not _part_of_a_name(text, hit)]


def _part_of_a_name(text: str, hit: Hit) -> bool:
    """翠湖花园3栋 and 阳光花园小区 are communities; 楼下花园 is a garden."""
    return text[hit.start : hit.end] in _NAMES_END and bool(_NAME_GOES_ON.match(text, hit.end))


def place_meant(spoken: Spoken, places: Sequence[Hit], floor: int | None) -> Place | None:
    """The spot beside water that is said to be there, else beside any water, else anywhere."""
    if not places:
        if floor is not None and floor < 0:
            return Place.GARAGE  # what else is down there is called by its name
        if _DOWNSTAIRS.search(spoken.text) and any(
            event.name == "ponding" and event.asserted for event in spoken.events
        ):
            return Place.ROAD
        return Place.CEILING if _from_above(spoken.text) else None
    places = _meant(spoken.text, places)
    wet = [clause for clause in spoken.clauses if clause.asserted]
    near = _best(wet, places) or _best([clause for clause in spoken.clauses if clause.events], places)
    if near in _SURFACES and floor is not None and floor < 0:
        return Place.GARAGE
    if near in _SURFACES:
        spot = _spot_before(spoken, places) if near is Place.CEILING else None
        near = spot or _room_beside(spoken, places) or near
    own = any("mine" in clause.names for clause in wet)
    elsewhere = [Place(hit.name) for hit in places if not own or hit.name not in PUBLIC_PLACES]
    return near or min(elsewhere, key=_RANK.__getitem__, default=None)


def _spot_before(spoken: Spoken, places: Sequence[Hit]) -> Place | None:
    """2单元电梯里面 顶上往下滴水: where the ceiling is, named in front of it and nothing more said there."""
    before: Clause | None = None
    for clause in spoken.clauses:
        if clause.asserted:
            break
        before = clause
    if before is None or before.events or before.question:
        return None
    last = [hit for hit in places if before.start <= hit.start < before.end][-1:]
    named = bool(last) and _THERE.fullmatch(spoken.text, last[0].end, before.end) is not None
    return Place(last[0].name) if named else None


def _room_beside(spoken: Spoken, places: Sequence[Hit]) -> Place | None:
    """顶又漏了 北卧: the room, told in a few words by themselves."""
    short = [
        clause for clause in spoken.clauses
        if not clause.events and not clause.question and 0 < clause.end - clause.start <= _FEW
        and not _NOT_WET.search(spoken.text, clause.start, clause.end)
    ]  # fmt: skip
    here = {Place(hit.name) for clause in short for hit in places if clause.start <= hit.start < clause.end}
    return next(iter(here)) if len(here) == 1 and here <= _INSIDE else None


def _meant(text: str, places: Sequence[Hit]) -> Sequence[Hit]:
    """Without 外墙 in 飘窗渗水是不是外墙的事, without the top floor as a roof where a room in it is named, and without
    the bedroom of 北卧窗."""
    top = _TOP_FLOOR if any(hit.name in _INSIDE for hit in places) else frozenset[str]()
    windows = {hit.start for hit in places if hit.name == Place.WINDOW and not _AROUND.match(text, hit.end)}
    kept = [
        hit
        for hit in places
        if text[hit.start : hit.end] not in top
        and not _set_aside(text, hit)
        and not (hit.name in _WITH_WINDOWS and windows & {hit.end, hit.end + 1})
    ]
    return kept or places


def _set_aside(text: str, hit: Hit) -> bool:
    before = text[max(0, hit.start - 6) : hit.start]
    if _NOT_THERE.search(before):
        return True
    return bool(_CAUSE_BEFORE.search(before) and _CAUSE_AFTER.match(text, hit.end))


def _best(clauses: Sequence[Clause], places: Sequence[Hit]) -> Place | None:
    here = [Place(hit.name) for clause in clauses for hit in places if clause.start <= hit.start < clause.end]
    return min(here, key=_RANK.__getitem__) if here else None


def _from_above(text: str) -> bool:
    return any(word in text for word in ("楼上", "上面漏", "上面滴", "顶", "头上", "上头"))
