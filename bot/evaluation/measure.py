"""Files measured: every kind of line with its own figures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.evaluation.files import Chatter, Read
from bot.evaluation.stage import Played, play_all
from domain.ports import Understanding
from domain.understanding import Verdict
from understanding.dialogues import Outcome
from understanding.evaluation import Evaluation, Judged, Share, judged, weigh


@dataclass(frozen=True, slots=True)
class Quiet:
    """Chatter. alarms: the lines that were taken for reports; unsure: how many would be asked about or listed."""

    lines: int
    alarms: Sequence[tuple[Chatter, Verdict]]
    unsure: int

    @property
    def per_ten_thousand(self) -> float:
        return 10_000 * len(self.alarms) / max(1, self.lines)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one file gave; None for what it does not hold."""

    name: str
    judged: Sequence[Judged]
    labelled: Evaluation | None
    chatter: Quiet | None
    played: Sequence[Played]

    @property
    def outcomes(self) -> Share:
        return share([outcome for each in self.played for outcome in each.outcomes])


async def measure(read: Read, understanding: Understanding) -> Measured:
    lines = judged(read.examples, understanding.judge)
    return Measured(
        str(read.path),
        lines,
        weigh(lines) if lines else None,
        _quiet(read.chatter, understanding) if read.chatter else None,
        [played async for played in play_all(read.dialogues, understanding)],
    )


def together(parts: Sequence[Measured]) -> Measured:
    """Labelled lines and dialogues of all files as if they were one."""
    lines = [each for part in parts for each in part.judged]
    played = [each for part in parts for each in part.played]
    return Measured("all files", lines, weigh(lines) if lines else None, None, played)


def share(outcomes: Sequence[Outcome]) -> Share:
    return Share(sum(outcome.right for outcome in outcomes), len(outcomes))


def outcomes_by_kind(played: Sequence[Played]) -> Mapping[str, Share]:
    outcomes = [outcome for each in played for outcome in each.outcomes]
    every, right = Counter(o.about for o in outcomes), Counter(o.about for o in outcomes if o.right)
    return {about: Share(right[about], count) for about, count in every.items()}


def _quiet(lines: Sequence[Chatter], understanding: Understanding) -> Quiet:
    alarms, unsure = [], 0
    for line in lines:
        verdict = understanding.judge(line.text, None)
        unsure += verdict.unsure
        if verdict.report:
            alarms.append((line, verdict))
    return Quiet(len(lines), sorted(alarms, key=lambda alarm: -alarm[1].confidence), unsure)
