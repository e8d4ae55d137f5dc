"""From what staff put right to lines that a model can be trained on."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from domain.records import Correction
from understanding.examples import CLOSED, Example, Label


@dataclass(frozen=True, slots=True)
class Lessons:
    """examples: with the source ``correction/…``. left_out: (words, why), of those that cannot be learnt from."""

    examples: tuple[Example, ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def version(self) -> str:
        """Names what was taught: the number of lines, and what they say."""
        said = "\n".join(f"{e.text}\t{e.report}\t{sorted(e.labels.items())}" for e in self.examples)
        return f"{len(self.examples)}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def lessons(corrections: Sequence[Correction], training: Sequence[Example], kept_back: Collection[str]) -> Lessons:
    """corrections: oldest first; the newest word on the same message counts.

    A line of the set that models are measured on is not learnt from, nor one that contradicts a line we ship.
    kept_back: the texts of the former.
    """
    shipped = {example.text.strip(): example.report for example in training if not example.ambiguous}
    merged: dict[str, dict[str, object]] = {}
    for correction in corrections:
        merged.setdefault(correction.text.strip(), {}).update(correction.after)
    examples: list[Example] = []
    left_out: list[tuple[str, str]] = []
    for text, after in merged.items():
        report = after.get("report")
        if not isinstance(report, bool):
            left_out.append((text, "it does not say whether this is a report"))
        elif text in kept_back:
            left_out.append((text, "it is a line that models are measured on"))
        elif shipped.get(text, report) is not report:
            left_out.append((text, "the lines we ship say the opposite"))
        else:
            labels = _labels(after) if report else {}
            examples.append(Example(text, report, labels, source="correction/staff", id=f"c{len(examples) + 1}"))
    return Lessons(tuple(examples), tuple(left_out))


def _labels(after: Mapping[str, object]) -> dict[str, Label]:
    """Only what the model decides: places are read by rules."""
    found: dict[str, Label] = {}
    for name in ("kind", "scope", "urgency"):
        value = after.get(name)
        if isinstance(value, str) and value in {member.value for member in CLOSED[name]}:
            found[name] = value
    return found
