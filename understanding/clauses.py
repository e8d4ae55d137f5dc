"""A message in pieces, and what stands in each: where water is spoken of, and whether it is said to be there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from domain.vocabulary import PUBLIC_PLACES
from understanding.lexicon import Hit

_SIGNS = {
    "leak": "W", "burst": "B", "ponding": "P", "blockage": "D", "damp": "M",
    "break": "K", "trace": "S", "mine": "I", "pipe": "J", "elsewhere": "E", "thing": "T", "electric": "L",
}  # fmt: skip

_BREAKS = re.compile(
    r"[,。!?;\n…~]+|(?<![0-9A-Z]) | (?![0-9A-Z])|(?:但是?|可是|不过|另外|还有|对了|顺便|而且|结果)(?=.{3})"
)
_NO = (
    r"(?:没有?|木有|冇|不再?|未|无|从未|从没有?|并没有?|没再|不会再?|没见|没看见|没看到|没发现|不存在|不是|并非|不叫|哪里?是|"
    r"不算|停止|免于|甭|(?<!特)别|勿|不怎么)"
)
_DENIED_BEFORE = re.compile(rf"{_NO}\s?(?:再|有|出现|发生|过|发现|什么|任何|明显|被|因为|说|往下|往里|继续)*$")
_NOT_DENIED = re.compile(
    r"(?:是不是|有没有|能不能|会不会|要不是|可不是|谁说不|不得不|还没|不是不|没人说.{0,4}不|谁说没|无不)\s?$"
)
_DENIED_AFTER = re.compile(
    r"(?:的?(?:情况|现象|问题)?(?:已经?)?(?:没有了|没了|消失|排除|解决|好了|不存在)|是假的|是误会)"
)
_WHETHER = re.compile(
    r"^(?:水|雨)?(?:了|过|着|的|得)?(?:吗|么(?!多|大|久|办|还|又|厉害)|嘛(?=[?？\s]|$)|没(?=$|[?]|有?[?]|呢)|没有(?=$|[?])|不(?=$|[?])|否)"
)
_WHETHER_BEFORE = re.compile(
    r"(?:谁家?(?:们)?(?:也|还|里|家里)?(?:有|在)?|有没有(?:谁|人|哪家|邻居|住户)?(?:家|家里)?(?:也|还)?|哪家|哪户|哪位|"
    r"会不会|是否|有无|有几家|几家|多少户|多少家|容易|怕|担心|万一|如果|要是|防止?|避免|预防|以防|免得|假如|一旦|倘若|"
    r"怎么判断|如何判断)(?:还|也|会|在|有|再|又|家里|出现|发生|被|房子|房屋|卫生间|厨房|阳台|楼顶|车库|地库|管道|水管)*$"
)
_SUPPOSED = re.compile(
    r"(?:如果|要是|万一|假如|假设|假使|一旦|倘若|若(?![干无])|以免|免得|避免|防止|谨防|预防|提防|不然|否则|"
    r"(?:早晚|迟早)[得要会]|(?<![就都总老又也还才])(?:将会|可能会|必定|必将|肯定[会要]|估计[会要]|恐怕|就怕|生怕|怕|担心))[^,。!?;\n]{0,12}$"
)


_WET = re.compile(r"[水污粪尿屎臭漏渗滴流淌涌灌雨湿💦💧🌊]")
_DRAINING = frozenset({"drain", "bathroom", "kitchen"})


@dataclass(frozen=True, slots=True)
class Event:
    """Water spoken of. denied: said not to be there; asked: only asked about, feared or supposed."""

    name: str
    word: str
    start: int
    end: int
    denied: bool
    asked: bool

    @property
    def asserted(self) -> bool:
        return not self.denied and not self.asked


@dataclass(slots=True)
class Clause:
    start: int
    end: int
    question: bool
    events: list[Event] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    """lists whose words stand in it"""

    @property
    def asserted(self) -> bool:
        return any(event.asserted for event in self.events)


@dataclass(frozen=True)
class Spoken:
    """The text and everything found in it."""

    text: str
    clauses: tuple[Clause, ...]
    hits: tuple[Hit, ...]
    places: tuple[Hit, ...] = ()

    @cached_property
    def marks(self) -> list[tuple[int, int, str]]:
        """Known words as one sign each, for the outline of the message."""
        marks = [(event.start, event.end, _SIGNS[event.name]) for event in self.events if event.name in _SIGNS]
        marks += [(hit.start, hit.end, "G" if hit.name in PUBLIC_PLACES else "H") for hit in self.places]
        marks += [(hit.start, hit.end, _SIGNS[hit.name]) for hit in self.hits if hit.name in _SIGNS]
        return sorted(marks, key=lambda mark: (mark[0], -mark[1]))

    @cached_property
    def events(self) -> tuple[Event, ...]:
        return tuple(event for clause in self.clauses for event in clause.events)

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(hit.name for hit in self.hits)

    def first(self, name: str) -> Hit | None:
        return next((hit for hit in self.hits if hit.name == name), None)

    def last(self, name: str) -> Hit | None:
        return next((hit for hit in reversed(self.hits) if hit.name == name), None)


def spoken(text: str, water: list[Hit], hits: list[Hit], places: list[Hit]) -> Spoken:
    """water: words of water.txt that do not hide each other, without the figurative ones. hits: all other words."""
    clauses = tuple(_clauses(text))
    for hit in hits:
        _holding(clauses, hit.start).names.add(hit.name)
    objects = [hit for hit in hits if hit.name == "pipe"] + places
    for hit in water:
        if hit.name == "weak" and any(each.start <= hit.start < each.end for each in objects):
            hit = hit._replace(name="fixture")  # the water of 水管 and 下水道 is no water
        clause = _holding(clauses, hit.start)
        clause.events.append(_event(text, clause, _named(hit, text, clause, places)))
    return Spoken(text, clauses, tuple(sorted(hits, key=lambda hit: hit.start)), tuple(places))


def _named(hit: Hit, text: str, clause: Clause, places: list[Hit]) -> Hit:
    """软管断了 is a burst and 地漏堵了 a blockage; 电梯卡断了 and 路口堵了 are neither."""
    if hit.name == "break" and "pipe" in clause.names:
        return hit._replace(name="burst")
    if hit.name == "blockage" and not _WET.search(text, clause.start, clause.end) and not _drains(clause, places):
        return hit._replace(name="break")
    return hit


def _drains(clause: Clause, places: list[Hit]) -> bool:
    return "pipe" in clause.names or any(
        hit.name in _DRAINING and clause.start <= hit.start < clause.end for hit in places
    )


def _clauses(text: str) -> Iterator[Clause]:
    start = 0
    for gap in _BREAKS.finditer(text):
        if gap.start() > start:
            yield Clause(start, gap.start(), "?" in gap.group())
            start = gap.end() if gap.group()[0] in ",。!?;\n…~ " else gap.start()
    yield Clause(start, max(len(text), start + 1), question=False)


def _holding(clauses: tuple[Clause, ...], position: int) -> Clause:
    low, high = 0, len(clauses) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if clauses[middle].start <= position:
            low = middle
        else:
            high = middle - 1
    return clauses[low]


def _event(text: str, clause: Clause, hit: Hit) -> Event:
    before = text[max(clause.start, hit.start - 16) : hit.start]
    after = text[hit.end : min(clause.end, hit.end + 8)]
    denied = bool(_DENIED_BEFORE.search(before)) and not _NOT_DENIED.search(before)
    denied = denied or bool(_DENIED_AFTER.match(after))
    asked = bool(_WHETHER.match(after) or _WHETHER_BEFORE.search(before) or _SUPPOSED.search(before))
    asked = asked or (
        before.endswith("是不是") and text[hit.start] in "也都"
    )  # 是不是漏了 fears it, 是不是也漏 asks others
    return Event(hit.name, text[hit.start : hit.end], hit.start, hit.end, denied, asked)
