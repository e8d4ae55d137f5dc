"""Which spot is meant: a word of words/places.txt, beside the water if there is one there."""

from collections.abc import Sequence
from functools import cache

from domain.vocabulary import Place
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


@cache
def lexicon() -> Lexicon:
    return Lexicon("places")


def places_in(text: str) -> list[Hit]:
    return list(lexicon().longest(text))


def place_meant(spoken: Spoken, places: Sequence[Hit], floor: int | None) -> Place | None:
    """The spot beside water that is said to be there, else beside any water, else anywhere."""
    if not places:
        if floor is not None and floor < 0:
            return Place.GARAGE  # what else is down there is called by its name
        return Place.CEILING if _from_above(spoken.text) else None
    wet = [clause for clause in spoken.clauses if clause.asserted]
    near = _best(wet, places) or _best([clause for clause in spoken.clauses if clause.events], places)
    return near or min((Place(hit.name) for hit in places), key=_RANK.__getitem__)


def _best(clauses: Sequence[Clause], places: Sequence[Hit]) -> Place | None:
    here = [Place(hit.name) for clause in clauses for hit in places if clause.start <= hit.start < clause.end]
    return min(here, key=_RANK.__getitem__) if here else None


def _from_above(text: str) -> bool:
    return any(word in text for word in ("楼上", "上面漏", "上面滴", "顶", "头上", "上头"))
