"""Trains the model from labelled lines. The regression itself is handed in (regressing.py): judging needs none."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from understanding.analysis import Analysis, analyse
from understanding.examples import Example, read_examples
from understanding.model import COLUMNS, GRAM_SHARE, Model

LINES = Path(__file__).with_name("training")
REGRESSION = Path(__file__).with_name("regression")
RAREST = 3
"""Seen in fewer lines, a feature is left out: it would learn one line by heart."""
ACT, ASK = 0.5, 0.2

Regress = Callable[[Sequence[Mapping[str, float]], Sequence[bool]], Mapping[str, float]]
"""Figures by feature for each line, and whether it is one of those to be told apart → a weight for each feature."""


@dataclass(frozen=True, slots=True)
class Row:
    example: Example
    analysis: Analysis
    rules: frozenset[str]
    grams: frozenset[str]


def training_lines(folder: Path = LINES) -> list[Example]:
    """What ships to learn from."""
    return _lines(folder)


def regression_lines(folder: Path = REGRESSION) -> list[Example]:
    """What ships to be measured on; nothing is ever trained on it."""
    return _lines(folder)


def _lines(folder: Path) -> list[Example]:
    return [
        example
        for file in sorted(folder.glob("*.jsonl"))
        for example in read_examples(file.read_text(encoding="utf8").splitlines())
    ]


def rows(examples: Iterable[Example]) -> list[Row]:
    """Lines without a word of water teach nothing: they are never weighed."""
    found = []
    for example in examples:
        analysis = analyse(example.text)
        if analysis.spoken:
            found.append(Row(example, analysis, frozenset(analysis.features()), frozenset(analysis.grams())))
    return found


def fit(training: Sequence[Row], regress: Regress, version: str = "") -> Model:
    clear = [row for row in training if not row.example.ambiguous]
    answers = ["report" if row.example.report else "" for row in clear]
    columns = {"report": _column(clear, answers, "report", regress)}
    reports = [row for row in training if row.example.report]
    for field in ("kind", "scope", "urgency"):
        labelled = [row for row in reports if row.example.labels.get(field)]
        values = [str(row.example.labels[field]) for row in labelled]
        for value in sorted(set(values).intersection(COLUMNS)):
            columns[value] = _column(labelled, values, value, regress)
    names = sorted(set().union(*columns.values()))
    table = {name: [round(columns.get(column, {}).get(name, 0.0), 3) for column in COLUMNS] for name in names}
    return Model(
        version,
        {name[1:]: row for name, row in table.items() if name[0] == "r" and any(row)},
        {name[1:]: row for name, row in table.items() if name[0] == "g" and any(row)},
        slope=1.0,
        shift=0.0,
        act=ACT,
        ask=ASK,
    )


def save(model: Model, path: Path) -> None:
    data = {name: getattr(model, name) for name in ("version", "slope", "shift", "act", "ask", "rules", "grams")}
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf8")


def version_of(examples: Sequence[Example]) -> str:
    """Names the data that a model was trained on."""
    digest = hashlib.sha256("\n".join(sorted(example.text for example in examples)).encode())
    return f"{len(examples)}-{digest.hexdigest()[:8]}"


def _column(training: Sequence[Row], values: Sequence[str], value: str, regress: Regress) -> Mapping[str, float]:
    """The weights that tell lines of this value from the others, by feature."""
    seen = Counter(name for row in training for name in _weighed(row))
    table = [{name: figure for name, figure in _weighed(row).items() if seen[name] >= RAREST} for row in training]
    return regress(table, [each == value for each in values])


def _weighed(row: Row) -> dict[str, float]:
    share = GRAM_SHARE / sqrt(len(row.grams))
    return {**{f"r{name}": 1.0 for name in row.rules}, **{f"g{gram}": share for gram in row.grams}}
