"""How a verdict came about: what was read, found and weighed. For people; nothing decides by it."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.understanding import Location, Verdict
from understanding.analysis import Analysis, analyse
from understanding.clauses import Event
from understanding.engine import Understander
from understanding.gate import may_report
from understanding.location import locate
from understanding.model import COLUMNS, Model, load
from understanding.places import places_in
from understanding.roll_call import own_line
from understanding.urgency import danger_words

LONGEST_ADDRESS = 14
_FIELDS = ("building", "unit", "room", "floor")


@dataclass(frozen=True, slots=True)
class Weighed:
    """rules: reasons with their weights for a report, the heaviest first. letters: all character sequences together.

    scores: of each thing the model decides.
    """

    rules: tuple[tuple[str, float], ...]
    letters: float
    scores: dict[str, float]


@dataclass(frozen=True, slots=True)
class Explanation:
    """text: as it was read. words: (word, list it is on). where: (field, value, words it came from; "" for all of it).

    weighed: None where the message does not hold enough to be a report at all.
    """

    text: str
    verdict: Verdict
    events: tuple[Event, ...]
    words: tuple[tuple[str, str], ...]
    where: tuple[tuple[str, str, str], ...]
    weighed: Weighed | None
    danger: str | None
    act: float
    ask: float


def explain(text: str, building: str | None, model: Model | None = None) -> Explanation:
    model = model or load()
    analysis = analyse(own_line(text), building)
    spoken = analysis.spoken
    hits = spoken.hits if spoken else ()
    return Explanation(
        text=analysis.text,
        verdict=Understander(model).judge(text, building),
        events=spoken.events if spoken else (),
        words=tuple(dict.fromkeys((analysis.text[hit.start : hit.end], hit.name) for hit in hits)),
        where=tuple(_where(analysis, building)),
        weighed=_weighed(analysis, model) if spoken and may_report(spoken, analysis.location) else None,
        danger=danger_words(analysis.text),
        act=model.act,
        ask=model.ask,
    )


def _weighed(analysis: Analysis, model: Model) -> Weighed:
    rules, grams = set(analysis.features()), analysis.grams()
    weights = [(name, model.rules[name][0]) for name in rules if name in model.rules]
    return Weighed(
        tuple(sorted(weights, key=lambda pair: (-abs(pair[1]), pair[0]))),
        model.report((), grams),
        dict(zip(COLUMNS, model.scores(rules, grams), strict=True)),
    )


def _where(analysis: Analysis, building: str | None) -> Iterator[tuple[str, str, str]]:
    location = analysis.location
    for field in _FIELDS:
        value = getattr(location, field)
        if value is not None:
            yield field, str(value), _shortest(analysis.text, field, location, building)
    if location.place is not None:
        named = (analysis.text[h.start : h.end] for h in places_in(analysis.text) if h.name == location.place)
        yield "place", location.place, next(named, "")


def _shortest(text: str, field: str, location: Location, building: str | None) -> str:
    """The fewest characters in a row that say the same by themselves."""
    value = getattr(location, field)
    for size in range(1, LONGEST_ADDRESS + 1):
        for start in range(len(text) - size + 1):
            part = text[start : start + size]
            if getattr(locate(part, building).location, field) == value:
                return part
    return ""
