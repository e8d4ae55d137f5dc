"""What the model sees of a message: names of things that are true of it. The same names train and judge."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from domain.understanding import Location
from domain.vocabulary import PUBLIC_PLACES, Place
from understanding.clauses import Clause, Spoken

LONGEST_GRAM = 4
GRAM_TEXT = 90
"""A text up to this length gives all its character sequences, a longer one only those around water."""
_AROUND = 24
_DIGITS = re.compile(r"\d+")
_STRONG = frozenset({"leak", "burst", "ponding", "blockage", "damp"})
_DOUBTS = frozenset(
    {"elsewhere", "notice", "ad", "sale", "policy", "forward", "asks", "hypothesis", "fixed", "past", "not_leak"}
    | {"joke", "thanks", "watercut", "water_other", "thing", "stay", "letters", "feeling", "staffvoice"}
    | {"car", "review", "region"}
)
_FRAMES = _DOUBTS | {"mine"}
_CLAIMS = (
    "mine",
    "community",
    "complaint",
    "now",
    "help",
    "broken_again",
    "block_way",
    "electric",
    "old",
    "rain",
    "pipe",
)


def features(spoken: Spoken, location: Location) -> Iterator[str]:
    """Names of what is true; each at most twice, which does no harm."""
    yield "one"
    yield from (f"s:{name}" for name in spoken.names)
    yield from _of_events(spoken)
    yield from _of_clauses(spoken)
    yield from _of_location(location)
    yield from _of_pairs(spoken, location)
    yield from _of_company(spoken)
    yield from _of_spots(spoken)
    yield from _of_length(spoken.text)


def grams(spoken: Spoken) -> set[str]:
    """Character sequences, numbers as one 0, ``^`` and ``$`` for the ends; again with words of a kind as one."""
    text = "^" + _DIGITS.sub("0", _near_water(spoken)) + "$"
    found: set[str] = set()
    for size in range(1, LONGEST_GRAM + 1):
        found.update([text[i : i + size] for i in range(len(text) - size + 1)])
    outline = "^" + "".join(_outline(spoken)) + "$"
    for size in range(2, LONGEST_GRAM + 2):
        found.update([outline[i : i + size] for i in range(len(outline) - size + 1)])
    return found


def _outline(spoken: Spoken) -> Iterator[str]:
    """The text with each known word as one sign: 我家客厅又漏水了 is IH又W了."""
    text, position = spoken.text, 0
    for start, end, sign in spoken.marks:
        if start >= position:
            yield _DIGITS.sub("0", text[position:start])
            yield sign
            position = end
    yield _DIGITS.sub("0", text[position:])


def _near_water(spoken: Spoken) -> str:
    text = spoken.text
    if len(text) <= GRAM_TEXT:
        return text
    pieces: list[tuple[int, int]] = []
    for event in spoken.events:
        if event.name == "weak" and len(pieces) > 3:
            continue
        start, end = max(0, event.start - _AROUND), event.end + _AROUND
        if pieces and start <= pieces[-1][1]:
            pieces[-1] = (pieces[-1][0], end)
        elif len(pieces) < 8:
            pieces.append((start, end))
    return "\n".join(text[start:end] for start, end in pieces)


def _of_events(spoken: Spoken) -> Iterator[str]:
    events = spoken.events
    said = [event for event in events if event.asserted]
    strong = [event for event in said if event.name in _STRONG]
    for event in events:
        how = "denied" if event.denied else "asked" if event.asked else "said"
        yield f"e:{event.name}:{how}"
        if event.name in _STRONG:
            yield f"w:{event.word}:{how}"
    yield f"strong:{min(3, len(strong))}"
    yield f"said:{min(3, len(said))}"
    if events and not said:
        yield "none said"
    if strong and any(event.denied for event in events):
        yield (
            "said after denied" if strong[-1].start > max(e.start for e in events if e.denied) else "denied after said"
        )
    fixed = spoken.last("fixed")
    if fixed and strong:
        yield "said after fixed" if strong[-1].start > fixed.start else "fixed after said"
    past = spoken.last("past")
    if past and strong:
        yield "said after past" if strong[-1].start > past.start else "past after said"


def _of_clauses(spoken: Spoken) -> Iterator[str]:
    before: set[str] = set()
    framed: set[str] = set()
    plain: list[Clause] = []
    for clause in spoken.clauses:
        names = {event.name for event in clause.events if event.asserted}
        for name in names:
            yield from (f"c:{name}+{other}" for other in clause.names)
            if clause.question:
                yield f"c:{name}?"
        if not names.isdisjoint(_STRONG):
            framed |= before
            if clause.names.isdisjoint(_DOUBTS):
                plain.append(clause)
        before = clause.names
    yield from (f"after:{name}" for name in framed & _FRAMES)
    if plain:
        yield from _of_plain_clauses(spoken, plain)
    yield from _of_first_and_last(spoken.clauses)


def _of_plain_clauses(spoken: Spoken, plain: Sequence[Clause]) -> Iterator[str]:
    """Water said to be there in a breath that casts no doubt on it: whether it tells where, what is doubted beside."""
    yield "plainly"
    if any(clause.start <= hit.start < clause.end for clause in plain for hit in spoken.places):
        yield "plainly at a place"
    yield from (f"plainly despite {name}" for name in spoken.names & _DOUBTS)


def _of_first_and_last(clauses: Sequence[Clause]) -> Iterator[str]:
    yield from (f"first:{name}" for name in clauses[0].names)
    yield from (f"last:{name}" for name in clauses[-1].names)
    if clauses[-1].asserted:
        yield "last clause wet"
    if clauses[0].asserted:
        yield "first clause wet"


def _of_location(location: Location) -> Iterator[str]:
    if location.room:
        yield "room"
    elif location.floor:
        yield "below" if location.floor < 0 else "floor"
    if location.unit:
        yield "unit"
    if location.building:
        yield "building"
    if location.place:
        yield f"p:{location.place}"
        yield "public place" if location.place in PUBLIC_PLACES else "place at home"
    else:
        yield "no place"


def _of_pairs(spoken: Spoken, location: Location) -> Iterator[str]:
    names = spoken.names
    wet = any(event.asserted and event.name in _STRONG for event in spoken.events)
    placed = location.place is not None and location.place != Place.OTHER
    if wet:
        yield "wet"
        yield from (f"wet+{name}" for name in names)
        if placed:
            yield "wet+place"
    for doubt in names & _DOUBTS:
        yield from (f"{doubt}&{claim}" for claim in _CLAIMS if claim in names)
        if location.room:
            yield f"{doubt}&room"
        if placed:
            yield f"{doubt}&place"
    if names.isdisjoint(_DOUBTS):
        yield "no doubt"
        if wet:
            yield "wet, no doubt"


def _of_company(spoken: Spoken) -> Iterator[str]:
    """What else is spoken of: a hotel's room is no home, a fixed leak of last year none that drips now."""
    yield from (f"{one}*{other}" for one, other in combinations(sorted(spoken.names), 2))


def _of_spots(spoken: Spoken) -> Iterator[str]:
    """How water is spoken of beside a spot of this kind in the same breath, and the character that follows it."""
    for clause in spoken.clauses:
        if not clause.events:
            continue
        here = [hit.name for hit in spoken.places if clause.start <= hit.start < clause.end]
        spots = {"public spot" if name in PUBLIC_PLACES else "spot at home" for name in here}
        if "mine" in clause.names:
            spots.add("mine")
        for event in clause.events:
            how = "denied" if event.denied else "asked" if event.asked else "said"
            yield from (f"{event.name}:{how}@{spot}" for spot in spots or {"no spot"})
            yield f"{event.name}>{spoken.text[event.end] if event.end < clause.end else '$'}"


def _of_length(text: str) -> Iterator[str]:
    size = len(text)
    yield f"length:{sum(size > limit for limit in (4, 8, 15, 30, 60, 120))}"
    if text.rstrip().endswith("?"):
        yield "asks at the end"
    if text[:1] in "【[#「(":
        yield "opens with a bracket"
