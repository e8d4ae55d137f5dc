"""Cross-validation that leaves whole groups of lines out: lines of one slice, or of one file, resemble each other."""

from collections.abc import Callable, Mapping, Sequence

from understanding.engine import Understander
from understanding.evaluation import Judged, judged
from understanding.examples import Example
from understanding.model import Model

Learn = Callable[[Sequence[Example]], Model]


def folds(groups: Mapping[str, Sequence[int]], count: int) -> list[tuple[str, ...]]:
    """Names of groups in ``count`` parts of about the same number of lines; the same for the same groups."""
    parts: list[list[str]] = [[] for _ in range(min(count, len(groups)))]
    sizes = [0] * len(parts)
    for name in sorted(groups, key=lambda name: (-len(groups[name]), name)):
        smallest = sizes.index(min(sizes))
        parts[smallest].append(name)
        sizes[smallest] += len(groups[name])
    return [tuple(sorted(part)) for part in parts]


def left_out(examples: Sequence[Example], held: Sequence[int], learn: Learn) -> list[Judged]:
    """The held-out lines, judged by a model that was trained on all the others."""
    holding = frozenset(held)
    understander = Understander(learn([example for at, example in enumerate(examples) if at not in holding]))
    return judged([examples[at] for at in held], understander.judge)
