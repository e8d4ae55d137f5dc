"""A linear model as it ships: weights by name of feature, one column for each thing it decides."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from math import exp, sqrt
from pathlib import Path

WEIGHTS = Path(__file__).with_name("weights.json")
COLUMNS = ("report", "leak", "ponding", "blockage", "public", "emergency", "urgent", "normal")
GRAM_SHARE = 10.0
"""How much all character sequences of a message weigh together, beside 1 for each feature of the rules."""


@dataclass(frozen=True, slots=True)
class Model:
    """weights: feature → a figure for each of COLUMNS. act, ask: the least confidence to act on, and to ask about.

    slope, shift: make the score of ``report`` a probability.
    """

    version: str
    rules: Mapping[str, Sequence[float]]
    grams: Mapping[str, Sequence[float]]
    slope: float
    shift: float
    act: float
    ask: float
    _report_of_rules: Mapping[str, float] = field(init=False, repr=False, compare=False)
    _report_of_grams: Mapping[str, float] = field(init=False, repr=False, compare=False)
    """The first column by itself: it is asked for hundreds of times where the others are not."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_report_of_rules", {name: row[0] for name, row in self.rules.items()})
        object.__setattr__(self, "_report_of_grams", {gram: row[0] for gram, row in self.grams.items()})

    def report(self, rules: Collection[str], grams: Collection[str]) -> float:
        """The score of the first column alone: most messages need no other."""
        from_rules = sum(map(self._report_of_rules.get, rules, repeat(0.0)))
        return from_rules + _share(grams) * sum(map(self._report_of_grams.get, grams, repeat(0.0)))

    def scores(self, rules: Collection[str], grams: Collection[str]) -> list[float]:
        """One figure for each of COLUMNS."""
        from_rules = _sum(filter(None, map(self.rules.get, rules)))
        from_grams = _sum(filter(None, map(self.grams.get, grams)))
        share = _share(grams)
        return [rule + share * gram for rule, gram in zip(from_rules, from_grams, strict=True)]

    def confidence(self, score: float) -> float:
        """That it is a report, 0 to 1."""
        return 1 / (1 + exp(-max(-30.0, min(30.0, self.slope * score + self.shift))))


def load(path: Path = WEIGHTS) -> Model:
    data = json.loads(path.read_text(encoding="utf8"))
    return Model(**data)


def _share(grams: Collection[str]) -> float:
    return GRAM_SHARE / sqrt(len(grams)) if grams else 0.0


def _sum(rows: Iterable[Sequence[float]]) -> list[float]:
    columns = list(zip(*rows, strict=True))
    return [sum(column) for column in columns] if columns else [0.0] * len(COLUMNS)
