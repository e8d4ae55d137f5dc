"""Trains the shipped weights, understanding/weights.json, from understanding/training/*.jsonl (needs the dev extra)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from understanding.fitting import fit, rows, save, training_lines, version_of
from understanding.model import WEIGHTS
from understanding.regressing import regress


def main() -> None:
    examples = training_lines()
    model = fit(rows(examples), regress, version_of(examples))
    save(model, WEIGHTS)
    print(f"{WEIGHTS}: version {model.version}, {len(model.rules)} features of the rules, {len(model.grams)} sequences")


if __name__ == "__main__":
    main()
