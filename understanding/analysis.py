"""A message taken apart: what the model is trained on and what it judges by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from domain.understanding import Location
from understanding.clauses import Spoken, spoken
from understanding.features import features, grams
from understanding.lexicon import Hit, Lexicon, unmasked
from understanding.location import Whereabouts, locate
from understanding.normalise import normalise
from understanding.places import place_meant, places_in

_HOW_MUCH = re.compile(r"[漏滴渗淌流冒喷灌积洇湿]得[就都]?[跟像和如].{1,8}?(?:似的|一样)")


@dataclass(frozen=True, slots=True)
class Analysis:
    """spoken is None where nothing of water is said."""

    text: str
    where: Whereabouts
    spoken: Spoken | None
    places: tuple[str, ...] = ()
    """The words that name a spot."""

    @property
    def location(self) -> Location:
        return self.where.location

    def features(self) -> Iterator[str]:
        assert self.spoken
        return features(self.spoken, self.location)

    def grams(self) -> set[str]:
        assert self.spoken
        return grams(self.spoken)


@cache
def _water() -> Lexicon:
    return Lexicon("water")


@cache
def _signs() -> Lexicon:
    return Lexicon("signs", "context")


def load_words() -> None:
    """Builds the automatons now instead of at the first message."""
    _water()
    _signs()
    places_in("")


def _told(plain: str) -> list[Hit]:
    """What stands beside the water. 漏得跟水帘洞似的 tells how much, not what might be."""
    hits = unmasked(list(_signs().every(plain)))
    match = _HOW_MUCH.search(plain) if "得" in plain else None
    return hits if match is None else [h for h in hits if not (match.start() <= h.start and h.end <= match.end())]


def analyse(text: str, building: str | None = None) -> Analysis:
    plain = normalise(text)
    where = locate(plain, building)
    places = places_in(plain)
    words = tuple(plain[hit.start : hit.end] for hit in places)
    water = [hit for hit in _water().longest(plain) if hit.name != "figure"]
    if not water and not places and (where.location.floor or 0) >= 0:
        return Analysis(plain, where, None)
    found = spoken(plain, water, _told(plain) if water else [], places)
    location = replace(where.location, place=place_meant(found, places, where.location.floor))
    return Analysis(plain, replace(where, location=location), found if water else None, words)
