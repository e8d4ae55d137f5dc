"""How good the judgements are: figures over labelled lines. Pure; ``python -m bot evaluate`` prints them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.understanding import Verdict
from understanding.examples import FIELDS, Example, Label

Judge = Callable[[str, str | None], Verdict]
NO_REPORT, NOT_SAID = "none", "not said"
"""Rows and columns of the matrices: of lines that are no report, and of fields without a value."""


@dataclass(frozen=True, slots=True)
class Judged:
    example: Example
    verdict: Verdict

    def said(self, name: str) -> Label:
        holder = self.verdict if name in {"kind", "scope", "urgency"} else self.verdict.location
        value: Label = getattr(holder, name)
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
class Counts:
    """Of ``report``. hits: reports that were heard; alarms: others that were taken for one."""

    hits: int
    missed: int
    alarms: int
    quiet: int

    @property
    def lines(self) -> int:
        return self.hits + self.missed + self.alarms + self.quiet

    @property
    def precision(self) -> Share:
        return Share(self.hits, self.hits + self.alarms)

    @property
    def recall(self) -> Share:
        return Share(self.hits, self.hits + self.missed)

    @property
    def f1(self) -> float:
        return Share(2 * self.hits, 2 * self.hits + self.alarms + self.missed).value


def sum_of(parts: Sequence[Counts]) -> Counts:
    return Counts(*(sum(getattr(part, name) for part in parts) for name in ("hits", "missed", "alarms", "quiet")))


@dataclass(frozen=True, slots=True)
class Bin:
    """A tenth of confidence: lines in it, their mean confidence, and the share of them that are reports."""

    lines: int
    confidence: float
    observed: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Ambiguous lines are left out wherever ``report`` is scored. fields: over reports that were heard."""

    counts: Counts
    sources: Mapping[str, Counts]
    fields: Mapping[str, Share]
    invented: Sequence[tuple[str, Judged]]
    """(field, line): a building, unit, room or floor that the line does not hold."""
    unsure: Share
    calibration: Sequence[Bin]
    brier: float
    confusion: Mapping[str, Mapping[tuple[str, str], int]]
    """By field: (label, said) and how often. kind: of all clear lines, ``none`` for no report."""
    wrong: Sequence[Judged]
    """Wrong about ``report``, the most confident first."""
    misread: Sequence[Judged]
    """Reports that were heard with a wrong field, the most confident first."""

    @property
    def precision(self) -> Share:
        return self.counts.precision

    @property
    def recall(self) -> Share:
        return self.counts.recall

    @property
    def f1(self) -> float:
        return self.counts.f1

    @property
    def calibration_error(self) -> float:
        """Expected calibration error over the tenths."""
        gaps = sum(each.lines * abs(each.confidence - each.observed) for each in self.calibration)
        return gaps / max(1, self.counts.lines)


def judged(examples: Iterable[Example], judge: Judge) -> list[Judged]:
    return [Judged(example, judge(example.text, None)) for example in examples]


def evaluate(examples: Iterable[Example], judge: Judge) -> Evaluation:
    return weigh(judged(examples, judge))


def weigh(lines: Sequence[Judged]) -> Evaluation:
    clear = [each for each in lines if not each.example.ambiguous]
    heard = [each for each in lines if each.example.report and each.verdict.report]
    sources = sorted({each.example.source for each in clear})
    wrong = [each for each in clear if each.verdict.report != each.example.report]
    return Evaluation(
        _counts(clear),
        {source: _counts([each for each in clear if each.example.source == source]) for source in sources},
        {name: _field(name, lines, heard) for name in FIELDS},
        _invented(lines),
        Share(sum(each.verdict.unsure for each in lines), len(lines)),
        _calibration(clear),
        sum((each.verdict.confidence - each.example.report) ** 2 for each in clear) / max(1, len(clear)),
        _confusions(clear, heard),
        sorted(wrong, key=_doubt),
        sorted((each for each in heard if wrong_fields(each)), key=_doubt),
    )


def wrong_fields(each: Judged) -> tuple[str, ...]:
    return tuple(name for name in FIELDS if not _right_or_excused(each, name))


def false_alarms(lines: Iterable[str], judge: Judge) -> tuple[int, list[tuple[str, Verdict]]]:
    """How many lines there are, and those of them that were taken for reports though none is one."""
    count, alarms = 0, []
    for text in lines:
        count += 1
        verdict = judge(text, None)
        if verdict.report:
            alarms.append((text, verdict))
    return count, alarms


def _counts(clear: Sequence[Judged]) -> Counts:
    found = Counter((each.example.report, each.verdict.report) for each in clear)
    return Counts(found[True, True], found[True, False], found[False, True], found[False, False])


def _field(name: str, lines: Sequence[Judged], heard: Sequence[Judged]) -> Share:
    scored = heard if name in {"kind", "scope", "urgency"} else [each for each in lines if _scored_for_place(each)]
    return Share(sum(_right_or_excused(each, name) for each in scored), len(scored))


def _scored_for_place(each: Judged) -> bool:
    return each.example.placed and (each.verdict.report or not each.example.report)


def _right_or_excused(each: Judged, name: str) -> bool:
    """From upstairs with no place named is the ceiling; saying nothing there is no mistake."""
    excused = name == "place" and each.example.labels.get(name) == "ceiling" and each.said(name) is None
    return excused or each.right(name)


def _invented(lines: Sequence[Judged]) -> list[tuple[str, Judged]]:
    return [
        (name, each)
        for each in lines
        if each.example.placed
        for name in ("building", "unit", "room", "floor")
        if each.said(name) is not None and each.example.labels.get(name) is None and not each.right(name)
    ]


def _calibration(clear: Sequence[Judged]) -> list[Bin]:
    tenths: dict[int, list[Judged]] = {}
    for each in clear:
        tenths.setdefault(min(9, int(each.verdict.confidence * 10)), []).append(each)
    return [
        Bin(
            len(group),
            sum(each.verdict.confidence for each in group) / len(group),
            sum(each.example.report for each in group) / len(group),
        )
        for _, group in sorted(tenths.items())
    ]


def _confusions(clear: Sequence[Judged], heard: Sequence[Judged]) -> dict[str, Counter[tuple[str, str]]]:
    report = Counter((_yes(each.example.report), _yes(each.verdict.report)) for each in clear)
    kind = Counter(_kinds(each) for each in clear if not each.example.report or each.example.labels.get("kind"))
    return {"report": report, "kind": kind, **{name: _confusion(name, heard) for name in ("scope", "urgency", "place")}}


def _yes(report: bool) -> str:
    return "report" if report else NO_REPORT


def _kinds(each: Judged) -> tuple[str, str]:
    label, said = _pair("kind", each)
    return label if each.example.report else NO_REPORT, said if each.verdict.report else NO_REPORT


def _confusion(name: str, heard: Sequence[Judged]) -> Counter[tuple[str, str]]:
    return Counter(_pair(name, each) for each in heard)


def _pair(name: str, each: Judged) -> tuple[str, str]:
    label, said = _named(each.example.labels.get(name)), _named(each.said(name))
    return label, label if each.right(name) else said


def _named(value: Label) -> str:
    return NOT_SAID if value is None else str(value)


def _doubt(each: Judged) -> float:
    return -each.verdict.confidence if each.verdict.report else each.verdict.confidence - 1
