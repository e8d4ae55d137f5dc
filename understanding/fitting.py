"""Trains the model from labelled lines. Needs scikit-learn, which the running bot does not."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from understanding.analysis import Analysis, analyse
from understanding.evaluation import Example, read_examples
from understanding.model import COLUMNS, GRAM_SHARE, Model

LINES = Path(__file__).with_name("training")
RAREST_GRAM = 3
RAREST_RULE = 2
"""Seen in fewer lines, a feature is left out: it would learn one line by heart."""
STRENGTH = 1.0
"""scikit-learn's C: the smaller, the closer to zero the weights are held."""
ACT, ASK = 0.55, 0.25


@dataclass(frozen=True, slots=True)
class Row:
    example: Example
    analysis: Analysis
    rules: frozenset[str]
    grams: frozenset[str]


def training_lines(folder: Path = LINES) -> list[Example]:
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


def fit(training: Sequence[Row], version: str = "", *, strength: float = STRENGTH) -> Model:
    names = _vocabulary(training)
    reports = [row for row in training if row.example.report]
    clear = [row for row in training if not row.example.ambiguous]
    columns = {
        "report": _column(names, clear, ["yes" if row.example.report else "no" for row in clear], "yes", strength)
    }
    for field in ("kind", "scope", "urgency"):
        labelled = [row for row in reports if row.example.labels.get(field)]
        values = [str(row.example.labels[field]) for row in labelled]
        for value in sorted(set(values)):
            if value in COLUMNS:
                columns[value] = _column(names, labelled, values, value, strength)
    table = {name: [round(columns[column][index], 3) for column in COLUMNS] for index, name in enumerate(names)}
    rules = {name[1:]: row for name, row in table.items() if name[0] == "r" and any(row)}
    grams = {name[1:]: row for name, row in table.items() if name[0] == "g" and any(row)}
    return Model(version, rules, grams, 1.0, 0.0, ACT, ASK)


def save(model: Model, path: Path) -> None:
    data = {name: getattr(model, name) for name in ("version", "slope", "shift", "act", "ask", "rules", "grams")}
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf8")


def version_of(examples: Sequence[Example]) -> str:
    """Names the data that a model was trained on."""
    digest = hashlib.sha256("\n".join(sorted(example.text for example in examples)).encode())
    return f"{len(examples)}-{digest.hexdigest()[:8]}"


def _vocabulary(training: Sequence[Row]) -> list[str]:
    rules = Counter(name for row in training for name in row.rules)
    grams = Counter(gram for row in training for gram in row.grams)
    return sorted(
        [f"r{name}" for name, count in rules.items() if count >= RAREST_RULE]
        + [f"g{gram}" for gram, count in grams.items() if count >= RAREST_GRAM]
    )


def _column(
    names: Sequence[str], training: Sequence[Row], values: Sequence[str], value: str, strength: float
) -> list[float]:
    """The weights that tell lines of this value from the others."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only training needs it

    model = LogisticRegression(C=strength, max_iter=2000, class_weight=None, fit_intercept=False)
    model.fit(_matrix(names, training), [each == value for each in values])
    return [float(weight) for weight in model.coef_[0]]


def _matrix(names: Sequence[str], training: Sequence[Row]) -> object:
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - same

    index = {name: position for position, name in enumerate(names)}
    data, columns, starts = [], [], [0]
    for row in training:
        share = GRAM_SHARE / sqrt(len(row.grams))
        for name in row.rules:
            if (position := index.get(f"r{name}")) is not None:
                data.append(1.0)
                columns.append(position)
        for gram in row.grams:
            if (position := index.get(f"g{gram}")) is not None:
                data.append(share)
                columns.append(position)
        starts.append(len(data))
    return csr_matrix((data, columns, starts), shape=(len(training), len(names)))
