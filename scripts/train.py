"""Trains understanding/weights.json from understanding/training/*.jsonl (needs the dev extra)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from understanding.fitting import fit, rows, save, training_lines, version_of
from understanding.model import WEIGHTS

examples = training_lines()
model = fit(rows(examples), version_of(examples))
save(model, WEIGHTS)
print(f"{WEIGHTS}: version {model.version}, {len(model.rules)} features of the rules, {len(model.grams)} sequences")
