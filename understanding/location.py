"""Where: building, unit, floor, room. The group's building is context only; docs/understanding.md has the shapes."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from domain.numerals import number
from domain.understanding import Location
from understanding.figures import without_figures
from understanding.normalise import normalise
from understanding.rooms import RoomSpoken, rooms_in

_CN = "零〇一二三四五六七八九十两"
_ID = rf"[A-Z]?\d{{1,3}}|[A-Z](?![A-Z])|[{_CN}]{{1,3}}"
_N = rf"\d{{1,2}}|[{_CN}]{{1,3}}"
_UNIT_WORD = rf"(?:{_N}|[甲乙丙丁戊东西南北中A-Z])"
_TRIPLE = re.compile(r"(?<![\dA-Z.-])([A-Z]?\d{1,3}|[A-Z])-(\d{1,2})-(\d{3,4}|\d{1,2}[A-Z]\d{2})(?![\d-])")
_BUILDING_PAIR = re.compile(rf"(?<![A-Z\d])({_ID})(?:#楼?|号楼?|栋|幢|座)[ -]?(\d{{1,2}})-(\d{{3,4}})(?![\d-])")
_LETTER_PAIR = re.compile(r"(?<![\dA-Z.-])([AC-Z]\d{0,2}|B)-(\d{3,4})(?![\d-]|号?车?位|停车|[车地]库|故障|充电|桩)")
"""A3-2104: a lettered building without units. B1-104 may be a parking space below ground."""
_PAIR = re.compile(r"(?<![\dA-Z.-])(\d{1,2})[-/](\d{3,4}|\d{1,2}[A-Z]\d{2})(?![\d-])")
_OLD_STYLE = re.compile(
    rf"(?<![{_CN}\dA-Z负])({_N})楼\s?({_UNIT_WORD})(?:单元|(?<=[{_CN}\d])门(?![口禁诊店卫外面市票锁框缝槛厅洞上]))"
)
_BUILDING = re.compile(
    rf"(?<![{_CN}\dA-Z这那整每哪几])({_ID})(?:号楼|#楼|栋|幢|(?<=[A-Z\d])座|(?<=\d)#(?!\d+#)|号(?=\d{{3,4}}室?|[{_CN}\d]+单元))(?!楼?[都全]?高)"
)
_BUILDING_UNIT = re.compile(rf"(?<![{_CN}\dA-Z])([A-Z]?\d{{1,3}})[-#](?=(?:{_N})单元)")
_UNIT = re.compile(rf"(?<![{_CN}\dA-Z])(?:(?<!个)|(?<=[那这]个))({_UNIT_WORD})\s?单元")
_DOOR = re.compile(rf"(?<![{_CN}\dA-Z号])({_N})(?:门|梯)\s?(?=\d{{3,4}})")
_SIDE_UNIT = re.compile(r"([东西南北中])单元")
_CELLAR = re.compile(
    r"(?:负|地下第?)\s?([1-4一二三四])(?:层|楼|F)?|(?<![\dA-Z])-([1-4])(?=层|楼|F|车库|地库)|(?<![A-Z\d])B([1-4])(?![\d#栋座幢号]|-\d+-)"
)
_FLOOR = re.compile(
    rf"(?<![\d{_CN}A-Z号负下#-])(?<![了着有厚薄一]一)(?<!从)(\d{{1,2}}|[二三四五六七八九]?十[一二三四五六七八九]?|(?<![了着有薄厚])[一二三四五六七八九])"
    rf"(?:层(?!层|水(?![表井管箱])|[厚薄冰灰油皮漆膜白防沙土布雾泥锈碱渍黑黄绿])(?!楼高)|"
    rf"楼(?![道梯板顶盘栋群长]|管(?![井道子]))(?!上[^面来])(?!下[^面来大雨])|F(?![A-Z]))"
)
_TOP = re.compile(r"顶[楼层]|最[顶上]层|最上头那层")
_SOMEBODY_ELSES = re.compile(r"(?:那家|那户|的?邻居|的?空调|业主家?的?)")
_OF_THEM = re.compile(r"(?:就|肯定|估计|八成)是$")
_OF_THAT_FLOOR = re.compile(r"的(?:[,。!? ]|$)")
"""那就是16楼的: who it comes from."""
_LIKE = re.compile(r"(?:那[家户边]|[^,。!? ]{0,3}一样)")
_NOT_THIS = re.compile(r"(?:不是|并非|而非)\s?$")
_WRONG = re.compile(r"\s?(?:说错|写错|打错|作废|错了)")
_PUT_RIGHT = re.compile(
    r"(?:说|写|打|发|搞|弄|报|记)错了?[,。!~ ]*(?:了|应该)?[,。!~ ]*是|更正[::,]?|(?:不对|不是)[,。! ]+(?:应该)?是"
)
_MANY = re.compile(
    r"好几户|几户|多户|户户|家家|每户|各户|多家|好几家|[以往]下都|以上都|每层|各层|层层|各楼层|整栋|整个单元|全楼|一整列|\d+户"
)
_SIDE = re.compile(r"[东西南北]{1,2}(?:户|侧|门|边|头)")
_HANDS_OUT = ("自取", "自提", "取货", "送上门")
_HANDED_OUT = re.compile(rf"[^,。!?;\n]{{0,40}}(?:{'|'.join(_HANDS_OUT)})")
"""A group purchase names doors too."""
_MAY_HOLD = re.compile(
    rf"\d|[{_CN}幺壹贰叁肆伍陆柒捌玖]{{3}}|[{_CN}十百](?:[层楼单号栋幢门梯室户]|百|十|零)|单元|[A-Z][座栋]|顶[楼层]|最[上顶]|"
    rf"[负几多每各]|户户|家家|层层|以[上下]都|整[栋个列]|全楼|[东西南北][户侧门]"
)
_MAY_SAY_WHERE = re.compile(
    rf"\d|[{_CN}幺壹贰叁肆伍陆柒捌玖]{{3}}|[{_CN}十百](?:[层楼单号栋幢门梯室户#F]|百|十|零)|单元|[A-Z][座栋幢号#]|"
    r"顶[楼层]|最[上顶]|负|地下|[东西南北][户侧门边头]"
)
"""Without one of these a message that may hold something tells at most of many homes."""
_OF_BUILDINGS = frozenset("号#栋幢座")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """location has no place yet: that is told by places.py. ambiguous: questions in words."""

    location: Location = field(default_factory=Location)
    source_room: str | None = None
    top_floor: bool = False
    side: str | None = None
    many_homes: bool = False
    ambiguous: tuple[str, ...] = ()


NOWHERE = Whereabouts()


def locate(text: str, building: str | None = None) -> Whereabouts:
    """Expects normalised text. building: the group's own; without it a bare number or a pair is ambiguous."""
    if not _MAY_HOLD.search(text):
        return NOWHERE
    if any(word in text for word in _HANDS_OUT):
        text = _HANDED_OUT.sub(" ", text)
    plain = without_figures(text) if _MAY_SAY_WHERE.search(text) else ""
    if plain is not text and not _MAY_SAY_WHERE.search(plain):
        return Whereabouts(many_homes=True) if _MANY.search(text) else NOWHERE
    named, unit, pair = _building_and_unit(plain)
    rooms = rooms_in(plain)
    room, source = _own_room(rooms)
    floor = _cellar(plain)
    if floor is None:
        floor = room.floor if room else _floor(plain)
    return Whereabouts(
        Location(named, unit, room.room if room else None, floor),
        source.room if source else None,
        bool(_TOP.search(plain)),
        side.group() if (side := _SIDE.search(plain)) else None,
        bool(_MANY.search(text)),
        _doubts(pair, room, named or building, unit),
    )


@lru_cache(2048)  # the same people speak again and again
def home_from_nickname(name: str) -> Location:
    """The home that a group nickname tells ("5-2-1402 韩", "三单元401", "1306小方"); empty where it tells none."""
    found = locate(normalise(name[:64]), None).location
    return Location(found.building, found.unit, found.room, found.floor)


def _building_and_unit(text: str) -> tuple[str | None, str | None, str | None]:
    """Building, unit, and the pair ("12-404") that the unit was read from, if any."""
    for pattern in (_TRIPLE, _BUILDING_PAIR) if "-" in text else ():
        if match := pattern.search(text):
            return _plain(match[1]), _plain(match[2]), None
    if "-" in text and (match := _LETTER_PAIR.search(text)):
        return _plain(match[1]), None, None
    building, unit = _old_style(text) or (_named_building(text), _named_unit(text))
    if unit is None and (match := _PAIR.search(text)):
        return building, str(int(match[1])), match.group()
    return building, unit, None


def _old_style(text: str) -> tuple[str, str] | None:
    match = _OLD_STYLE.search(text) if "楼" in text else None
    return (_plain(match[1]), _plain(match[2])) if match else None


def _named_building(text: str) -> str | None:
    match = None if _OF_BUILDINGS.isdisjoint(text) else _first_meant(_BUILDING, text)
    if match is None and "单元" in text:
        match = _BUILDING_UNIT.search(text)
    return _plain(match[1]) if match else None


def _named_unit(text: str) -> str | None:
    match = _first_meant(_UNIT, text) or _SIDE_UNIT.search(text) if "单元" in text else None
    match = match or _DOOR.search(text)
    return _plain(match[1]) if match else None


def _first_meant(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match that is not taken back: 不是3单元, 3单元写错了; after 说错了，是… what follows is meant."""
    meant = [match for match in pattern.finditer(text) if _is_meant(match, text)]
    right = _PUT_RIGHT.search(text) if len(meant) > 1 else None
    return next((match for match in meant if right and match.start() >= right.end()), next(iter(meant), None))


def _is_meant(match: re.Match[str], text: str) -> bool:
    before = text[max(0, match.start() - 4) : match.start()]
    if _NOT_THIS.search(before) or _WRONG.match(text, match.end()):
        return False
    if _OF_THEM.search(before) and _OF_THAT_FLOOR.match(text, match.end()):
        return False
    return not (before.endswith(("跟", "和", "像")) and _LIKE.match(text, match.end()))


def _own_room(rooms: tuple[RoomSpoken, ...]) -> tuple[RoomSpoken | None, RoomSpoken | None]:
    """The room that is concerned, and the one named only as where the water comes from."""
    meant = [(spoken.weight, spoken) for spoken in rooms if spoken.weight is not None]
    if not meant:
        return None, None
    best_weight, best = max(meant, key=lambda pair: (pair[0], -pair[1].start))
    sources = [spoken for weight, spoken in meant if weight < 0 and spoken.room != best.room]
    if best_weight < 0:
        return None, best
    return best, sources[0] if sources else None


def _cellar(text: str) -> int | None:
    match = _first_meant(_CELLAR, text)
    if match is None:
        return None
    depth = number(match[1] or match[2] or match[3])
    return -depth if depth else None


def _floor(text: str) -> int | None:
    for match in _FLOOR.finditer(text):
        floor = number(match[1])
        if floor and _is_meant(match, text) and not _SOMEBODY_ELSES.match(text, match.end()):
            return floor
    return None


def _doubts(pair: str | None, room: RoomSpoken | None, building: str | None, unit: str | None) -> tuple[str, ...]:
    if building is not None:
        return ()
    if pair:
        first, _, second = pair.replace("/", "-").partition("-")
        return (f"{pair} 是{first}号楼{second}还是{first}单元{second}？",)
    if room and unit is None:
        return (f"{room.room} 是房号吗，哪号楼？",)
    return ()


def _plain(name: str) -> str:
    value = number(name)
    return str(value) if value is not None else name
