"""Two models on the same lines: what changed, and whether the new one may be used. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from understanding.evaluation import Evaluation, Judged, Share, weigh

FIELDS = ("kind", "scope", "urgency")
"""What the model decides; places are read by rules."""
MAY_LOSE = 0.01
"""Of a field's accuracy: one line in a hundred."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One set of lines under both models."""

    name: str
    before: Evaluation
    after: Evaluation
    flipped: Sequence[tuple[Judged, Judged]]
    """(before, after) where ``report`` changed"""

    def worse(self) -> Iterator[str]:
        """Why the new model is refused; nothing where it is not.

        F1 or precision is lower, there are more false alarms, or one of kind, scope and urgency loses more than one
        line in a hundred.
        """
        old, new = self.before, self.after
        if new.f1 < old.f1:
            yield f"{self.name}: F1 {new.f1:.4f} is lower than {old.f1:.4f}"
        if new.precision.value < old.precision.value:
            yield f"{self.name}: precision {new.precision.value:.4f} is lower than {old.precision.value:.4f}"
        if new.counts.alarms > old.counts.alarms:
            yield f"{self.name}: {new.counts.alarms} false alarms are more than {old.counts.alarms}"
        for name in FIELDS:
            if _lost(old.fields[name], new.fields[name]):
                yield f"{self.name}: {name} {new.fields[name].value:.4f} is lower than {old.fields[name].value:.4f}"


def compared(name: str, before: Sequence[Judged], after: Sequence[Judged]) -> Compared:
    """The same lines in the same order."""
    pairs = zip(before, after, strict=True)
    flipped = [(old, new) for old, new in pairs if old.verdict.report != new.verdict.report]
    return Compared(name, weigh(before), weigh(after), flipped)


def _lost(old: Share, new: Share) -> bool:
    return new.value < old.value - MAY_LOSE
