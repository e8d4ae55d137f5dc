"""Trains understanding/weights.json from understanding/training/*.jsonl (needs the dev extra)."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from understanding.fitting import fit, rows, save, training_lines, version_of
from understanding.model import WEIGHTS

STRENGTH = 1.0
"""scikit-learn's C: the smaller, the closer to zero the weights are held."""


def regress(table: Sequence[Mapping[str, float]], answers: Sequence[bool]) -> Mapping[str, float]:
    vectors = DictVectorizer()
    model = LogisticRegression(C=STRENGTH, max_iter=2000, fit_intercept=False)
    model.fit(vectors.fit_transform(table), answers)
    return dict(zip(vectors.feature_names_, map(float, model.coef_[0]), strict=True))


def main() -> None:
    examples = training_lines()
    model = fit(rows(examples), regress, version_of(examples))
    save(model, WEIGHTS)
    print(f"{WEIGHTS}: version {model.version}, {len(model.rules)} features of the rules, {len(model.grams)} sequences")


if __name__ == "__main__":
    main()
