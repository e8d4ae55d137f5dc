"""``python -m bot train``: learns from what staff put right, shows what changes, refuses a model that got worse."""

import asyncio
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.app import corrections_of, understander_of
from bot.config import Config
from bot.evaluation.files import read_file
from bot.evaluation.report import shortened
from bot.running import database_url
from domain.errors import ConfigError
from understanding.comparing import FIELDS, Compared, compared
from understanding.engine import Understander
from understanding.evaluation import Judged, judged
from understanding.examples import Example
from understanding.fitting import fit, regression_lines, rows, save, training_lines, version_of
from understanding.lessons import Lessons, lessons
from understanding.model import Model
from understanding.regressing import regress

DEFAULT_OUT = Path("data/weights.json")
MOST_FLIPPED = 40
Say = Callable[[str], None]
Sets = dict[str, list[Example]]
Learn = Callable[[Sequence[Example], Lessons], Model]
"""The shipped lines, and what staff taught → a model."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """out: None is where the configuration reads weights from. against: further files that must not get worse."""

    out: Path | None = None
    dry_run: bool = False
    against: tuple[Path, ...] = ()


def fitted(training: Sequence[Example], taught: Lessons) -> Model:
    """Trained on both, named after both. Raises ConfigError where scikit-learn is not installed."""
    return fit(rows([*training, *taught.examples]), regress, f"{version_of(training)}+{taught.version}")


def train(config: Config, wanted: Wanted, say: Say, learn: Learn = fitted) -> bool:
    """False: the model got worse and nothing was written. Raises ConfigError, StoreError."""
    out = wanted.out or config.understanding.weights or DEFAULT_OUT
    corrections = asyncio.run(corrections_of(config, database_url(config)))
    training, sets = training_lines(), _measured_on(wanted.against)
    taught = lessons(corrections, training, {example.text for lines in sets.values() for example in lines})
    for line in _taught(len(corrections), taught):
        say(line)
    if not taught.examples:
        say("nothing to learn from yet: the weights stay as they are")
        return True
    before, model = understander_of(config), learn(training, taught)
    after, worse = Understander(model), []
    for name, lines in sets.items():
        found = compared(name, judged(lines, before.judge), judged(lines, after.judge))
        worse += list(found.worse())
        for line in _changes(found):
            say(line)
    say(_learnt(taught, before, after))
    if worse:
        say("\n".join(["refused, nothing was written: the model got worse", *(f"  {reason}" for reason in worse)]))
        return False
    for line in [f"not written (--dry-run): {out}"] if wanted.dry_run else _written(model, out, config):
        say(line)
    return True


def _measured_on(files: Sequence[Path]) -> Sets:
    """The regression set, and the operator's own lines: chatter counts as lines that are no report."""
    sets: Sets = {"regression set": regression_lines()}
    for path in files:
        read = read_file(path)
        if read.faults:
            raise ConfigError("\n".join(read.faults[:20]))
        chatter = [Example(line.text, report=False, source=line.source, id=line.id) for line in read.chatter]
        sets[str(path)] = [*read.examples, *chatter]
        if not sets[str(path)]:
            raise ConfigError(f"{path}: expected labelled lines or chatter")
    return sets


def _taught(count: int, taught: Lessons) -> Iterator[str]:
    yes = sum(example.report for example in taught.examples)
    yield (
        f"{count} corrections give {len(taught.examples)} lines: {yes} reports, {len(taught.examples) - yes} others; "
        f"{len(taught.left_out)} left out"
    )
    for text, why in taught.left_out:
        yield f"  left out: {shortened(text)} ({why})"


def _changes(found: Compared) -> Iterator[str]:
    old, new = found.before, found.after
    yield f"\n{found.name} ({old.counts.lines} lines)      before     after"
    figures = [("F1", old.f1, new.f1), ("precision", old.precision.value, new.precision.value)]
    figures += [("recall", old.recall.value, new.recall.value)]
    figures += [(name, old.fields[name].value, new.fields[name].value) for name in FIELDS]
    figures += [("calibration error", old.calibration_error, new.calibration_error)]
    yield from (f"  {name:<22}{was:>10.4f}{now:>10.4f}" for name, was, now in figures)
    yield f"  {'false alarms':<22}{old.counts.alarms:>10}{new.counts.alarms:>10}"
    if found.flipped:
        yield f"  lines that flipped ({len(found.flipped)}):"
    for was, now in found.flipped[:MOST_FLIPPED]:
        yield f"    {_flip(was, now)}"


def _flip(was: Judged, now: Judged) -> str:
    example = now.example
    right = "open " if example.ambiguous else "right" if now.verdict.report == example.report else "WRONG"
    to = "report" if now.verdict.report else "none"
    confidence = f"{was.verdict.confidence:.2f} to {now.verdict.confidence:.2f}"
    return f"now {right}  {to:<6}  {confidence}  {example.id}  {shortened(example.text)}"


def _learnt(taught: Lessons, before: Understander, after: Understander) -> str:
    was, now = (
        sum(understander.judge(e.text, None).report == e.report for e in taught.examples)
        for understander in (before, after)
    )
    return f"\nof the {len(taught.examples)} corrected lines {was} were right before, {now} are now"


def _written(model: Model, out: Path, config: Config) -> Iterator[str]:
    """At once or not at all; the weights before stay beside them."""
    fresh = out.with_name(f"{out.name}.new")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        save(model, fresh)
        if out.exists():
            shutil.copy2(out, out.with_name(f"{out.name}.previous"))
        fresh.replace(out)
    except OSError as error:
        raise ConfigError(f"{out}: cannot be written ({error.strerror})") from error
    yield f"written: {out}, version {model.version}"
    if config.understanding.weights != out:
        yield f"to use it, put into the configuration:  understanding: {{weights: {out}}}"
    yield "the bot reads it when it is started the next time"
