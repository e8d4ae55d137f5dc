"""A linear model as it ships: weights by name of feature, one column for each thing it decides."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from pathlib import Path

WEIGHTS = Path(__file__).with_name("weights.json")
COLUMNS = ("report", "leak", "ponding", "blockage", "public", "emergency", "urgent", "normal")
GRAM_SHARE = 6.0
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

    def scores(self, rules: Iterable[str], grams: Collection[str]) -> list[float]:
        """One figure for each of COLUMNS."""
        total = _sum(self.rules[name] for name in set(rules) if name in self.rules)
        share = GRAM_SHARE / sqrt(len(grams)) if grams else 0.0
        from_grams = _sum(self.grams[gram] for gram in grams if gram in self.grams)
        return [rule + share * gram for rule, gram in zip(total, from_grams, strict=True)]

    def confidence(self, score: float) -> float:
        """That it is a report, 0 to 1."""
        return 1 / (1 + exp(-max(-30.0, min(30.0, self.slope * score + self.shift))))


def load(path: Path = WEIGHTS) -> Model:
    data = json.loads(path.read_text(encoding="utf8"))
    return Model(**data)


def _sum(rows: Iterable[Sequence[float]]) -> list[float]:
    columns = list(zip(*rows, strict=True))
    return [sum(column) for column in columns] if columns else [0.0] * len(COLUMNS)
