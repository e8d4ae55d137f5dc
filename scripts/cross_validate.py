"""Cross-validation of the model on understanding/training/*.jsonl, whole sources left out (needs the dev extra).

python scripts/cross_validate.py                 10 folds, the slices (`source`) of the lines in groups
python scripts/cross_validate.py --by file       one fold for each file: another round of writing
"""

import argparse
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from understanding.evaluation import Evaluation, Judged, weigh
from understanding.examples import Example, read_examples
from understanding.fitting import LINES, fit, rows
from understanding.folding import folds, left_out
from understanding.regressing import regress


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--by", choices=("source", "file"), default="source", help="what is left out as a whole")
    parser.add_argument("--folds", type=int, default=10, help="how many parts, at least 2 (default: 10)")
    wanted = parser.parse_args()
    if wanted.folds < 2:
        parser.error("--folds: expected at least 2")
    examples, names = lines(wanted.by)
    groups: dict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(names):
        groups[name].append(at)
    judged = run(examples, groups, wanted.folds)
    print(f"\nall {len(judged)} lines, each judged by a model that saw nothing of its {wanted.by}")
    show(weigh(judged))


def lines(by: str) -> tuple[list[Example], list[str]]:
    """All training lines, and the group of each."""
    found: list[tuple[Example, str]] = []
    for path in sorted(LINES.glob("*.jsonl")):
        examples = read_examples(path.read_text(encoding="utf8").splitlines())
        found += [(example, example.source if by == "source" else path.stem) for example in examples]
    return [example for example, _ in found], [group for _, group in found]


def run(examples: list[Example], groups: dict[str, list[int]], count: int) -> list[Judged]:
    judged: list[Judged] = []
    for number, part in enumerate(folds(groups, count), 1):
        held = sorted(at for name in part for at in groups[name])
        found = left_out(examples, held, lambda training: fit(rows(training), regress))
        judged += found
        figures = weigh(found)
        print(
            f"fold {number:>2}  {len(held):>5} lines  {figures.counts.hits + figures.counts.missed:>4} reports  "
            f"missed {figures.counts.missed:>3}  false alarms {figures.counts.alarms:>3}  {', '.join(part)}"
        )
    return judged


def show(found: Evaluation) -> None:
    print(f"precision {found.precision.value:.4f}  recall {found.recall.value:.4f}  F1 {found.f1:.4f}")
    print("  ".join(f"{name} {share.value:.4f}" for name, share in found.fields.items()))
    print(f"calibration error {found.calibration_error:.4f}  Brier {found.brier:.4f}  invented {len(found.invented)}")


if __name__ == "__main__":
    main()
