"""A message taken apart: what the model is trained on and what it judges by."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from domain.understanding import Location
from understanding.clauses import Spoken, spoken
from understanding.features import features, grams
from understanding.lexicon import Lexicon, unmasked
from understanding.location import Whereabouts, locate
from understanding.normalise import normalise
from understanding.places import place_meant, places_in


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


def analyse(text: str, building: str | None = None) -> Analysis:
    plain = normalise(text)
    where = locate(plain, building)
    places = places_in(plain)
    words = tuple(plain[hit.start : hit.end] for hit in places)
    water = [hit for hit in _water().longest(plain) if hit.name != "figure"]
    if not water and not places and (where.location.floor or 0) >= 0:
        return Analysis(plain, where, None)
    found = spoken(plain, water, unmasked(list(_signs().every(plain))) if water else [], places)
    location = replace(where.location, place=place_meant(found, places, where.location.floor))
    return Analysis(plain, replace(where, location=location), found if water else None, words)
