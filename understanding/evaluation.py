"""How good the judgements are: figures over labelled lines. Pure; ``python -m bot evaluate`` prints them."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.understanding import Verdict

Judge = Callable[[str, str | None], Verdict]
FIELDS = ("kind", "scope", "urgency", "building", "unit", "room", "floor", "place")
PLACED_ONLY = "n_location_answer"
"""The slice of lines that are no reports but tell where: their place is scored, nobody else's."""


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled line. labels: the fields above. also: further values that count as right, by field."""

    text: str
    report: bool
    labels: Mapping[str, str | int | None] = field(default_factory=dict)
    also: Mapping[str, Sequence[str | int | None]] = field(default_factory=dict)
    ambiguous: bool = False
    source: str = ""
    id: str = ""

    @property
    def slice(self) -> str:
        return self.source.removeprefix("authored/")

    @property
    def placed(self) -> bool:
        return self.report or self.slice == PLACED_ONLY


@dataclass(frozen=True, slots=True)
class Judged:
    example: Example
    verdict: Verdict

    def said(self, name: str) -> str | int | None:
        holder = self.verdict if name in {"kind", "scope", "urgency"} else self.verdict.location
        value: str | int | None = getattr(holder, name)
        return value

    def right(self, name: str) -> bool:
        value, label = self.said(name), self.example.labels.get(name)
        return value == label or value in self.example.also.get(name, ())


@dataclass(frozen=True, slots=True)
class Share:
    """right of all."""

    right: int
    all: int

    @property
    def value(self) -> float:
        return self.right / self.all if self.all else 1.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """precision, recall: of report, ambiguous lines left out. fields: over reports that were recognised."""

    precision: Share
    recall: Share
    fields: Mapping[str, Share]
    invented: Sequence[tuple[str, Judged]]
    """(field, line): a building, unit, room or floor that the line does not hold."""
    unsure: Share
    calibration: Sequence[tuple[float, float, int]]
    """For each tenth of confidence: mean confidence, share of reports, lines."""
    confusion: Mapping[str, Mapping[tuple[str, str], int]]
    """By field: (label, said) and how often."""
    wrong: Sequence[Judged]
    """Wrong about ``report``, the most confident first."""

    @property
    def f1(self) -> float:
        both = self.precision.value + self.recall.value
        return 2 * self.precision.value * self.recall.value / both if both else 0.0


def read_examples(lines: Iterable[str]) -> list[Example]:
    """Labelled lines as JSON; raises ValueError with the number of the line that cannot be read."""
    examples = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                examples.append(_example(json.loads(line)))
            except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
                raise ValueError(f"line {number}: expected an object with text and report: {error!r}") from error
    return examples


def evaluate(examples: Iterable[Example], judge: Judge) -> Evaluation:
    judged = [Judged(example, judge(example.text, None)) for example in examples]
    clear = [each for each in judged if not each.example.ambiguous]
    found = [each for each in clear if each.verdict.report]
    reports = [each for each in clear if each.example.report]
    hits = sum(each.example.report for each in found)
    read = [each for each in judged if each.example.report and each.verdict.report]
    return Evaluation(
        Share(hits, len(found)),
        Share(hits, len(reports)),
        {name: _field(name, judged, read) for name in FIELDS},
        _invented(judged),
        Share(sum(each.verdict.unsure for each in judged), len(judged)),
        _calibration(clear),
        {name: _confusion(name, read) for name in ("kind", "scope", "urgency", "place")},
        sorted((each for each in clear if each.verdict.report != each.example.report), key=_doubt),
    )


def false_alarms(lines: Iterable[str], judge: Judge) -> tuple[int, list[tuple[str, Verdict]]]:
    """How many lines there are, and those of them that were taken for reports though none is one."""
    count, alarms = 0, []
    for text in lines:
        count += 1
        verdict = judge(text, None)
        if verdict.report:
            alarms.append((text, verdict))
    return count, alarms


def _example(data: Mapping[str, object]) -> Example:
    text, report, also = data["text"], data["report"], data.get("also") or {}
    if not isinstance(text, str) or not isinstance(report, bool) or not isinstance(also, Mapping):
        raise TypeError("text is a string, report true or false, also an object")
    return Example(
        text,
        report,
        {name: _label(data.get(name)) for name in FIELDS},
        also,
        bool(data.get("ambiguous", False)),
        str(data.get("source", "")),
        str(data.get("id", "")),
    )


def _label(value: object) -> str | int | None:
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"a label is a string, a whole number or null, not {value!r}")


def _field(name: str, judged: Sequence[Judged], read: Sequence[Judged]) -> Share:
    scored = read if name in {"kind", "scope", "urgency"} else [each for each in judged if _scored_for_place(each)]
    return Share(sum(_right_or_excused(each, name) for each in scored), len(scored))


def _scored_for_place(each: Judged) -> bool:
    return each.example.placed and (each.verdict.report or not each.example.report)


def _right_or_excused(each: Judged, name: str) -> bool:
    """From upstairs with no place named is the ceiling; saying nothing there is no mistake."""
    excused = name == "place" and each.example.labels.get(name) == "ceiling" and each.said(name) is None
    return excused or each.right(name)


def _invented(judged: Sequence[Judged]) -> list[tuple[str, Judged]]:
    return [
        (name, each)
        for each in judged
        if each.example.placed
        for name in ("building", "unit", "room", "floor")
        if each.said(name) is not None and each.example.labels.get(name) is None and not each.right(name)
    ]


def _calibration(judged: Sequence[Judged]) -> list[tuple[float, float, int]]:
    tenths: dict[int, list[Judged]] = {}
    for each in judged:
        tenths.setdefault(min(9, int(each.verdict.confidence * 10)), []).append(each)
    return [
        (
            sum(each.verdict.confidence for each in group) / len(group),
            sum(each.example.report for each in group) / len(group),
            len(group),
        )
        for _, group in sorted(tenths.items())
    ]


def _confusion(name: str, read: Sequence[Judged]) -> Counter[tuple[str, str]]:
    return Counter(
        (
            str(each.example.labels.get(name)),
            str(each.example.labels.get(name) if each.right(name) else each.said(name)),
        )
        for each in read
    )


def _doubt(each: Judged) -> float:
    return -each.verdict.confidence if each.verdict.report else each.verdict.confidence - 1
