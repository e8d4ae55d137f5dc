"""The figures in words, for a terminal."""

from collections.abc import Iterator, Mapping, Sequence

from bot.evaluation.measure import Measured, Quiet, outcomes_by_kind
from understanding.evaluation import Counts, Evaluation, Judged, Share, sum_of, wrong_fields

SHORTEN = 70
_COLUMNS = (("lines", 6), ("reports", 9), ("missed", 8), ("false", 7), ("precision", 11), ("recall", 8), ("F1", 8))


def in_words(measured: Measured, worst: int) -> Iterator[str]:
    """worst: at most so many lines of each kind of error."""
    yield f"== {measured.name}"
    if measured.labelled is not None:
        yield from _labelled(measured.labelled, len(measured.judged), worst)
    if measured.chatter is not None:
        yield from _chatter(measured.chatter, worst)
    if measured.played:
        yield from _dialogues(measured, worst)


def _labelled(found: Evaluation, lines: int, worst: int) -> Iterator[str]:
    c = found.counts
    yield f"{lines} labelled lines, {lines - c.lines} of them ambiguous and left out below"
    yield (
        f"report      precision {_share(c.precision)}   recall {_share(c.recall)}   F1 {c.f1:.4f}   "
        f"asked about or listed {_share(found.unsure)}"
    )
    yield "\nfields (kind, scope, urgency: of reports that were heard; places: also of bare addresses)"
    for name, share in found.fields.items():
        yield f"  {name:<10}{_share(share)}"
    yield f"  invented building, unit, room or floor: {len(found.invented)}"
    yield from _sources(found.sources)
    yield from _calibration(found)
    yield from _errors(found, worst)


def _sources(sources: Mapping[str, Counts]) -> Iterator[str]:
    figures = "".join(f"{name:>{wide}}" for name, wide in _COLUMNS)
    yield f"\n{'by source':<34}{figures}"
    families: dict[str, list[Counts]] = {}
    for source, counts in sources.items():
        yield _source(source or "(none)", counts)
        families.setdefault(source.partition("/")[0], []).append(counts)
    for family, parts in families.items():
        if 1 < len(parts) < len(sources):
            yield _source(f"{family}: all", sum_of(parts))


def _source(name: str, c: Counts) -> str:
    reports = c.hits + c.missed
    figures = (
        f"{c.precision.value:>11.3f}{c.recall.value:>8.3f}{c.f1:>8.3f}" if reports else f"{'-':>11}{'-':>8}{'-':>8}"
    )
    return f"  {name:<32}{c.lines:>6}{reports:>9}{c.missed:>8}{c.alarms:>7}{figures}"


def _calibration(found: Evaluation) -> Iterator[str]:
    yield f"\n{'calibration: confidence':<26}{'lines':>7}{'mean':>8}{'are reports':>13}"
    for each in found.calibration:
        low = min(9, int(each.confidence * 10)) / 10
        yield f"  {low:.1f} to {low + 0.1:.1f}{each.lines:>21}{each.confidence:>8.3f}{each.observed:>13.3f}"
    yield f"  expected calibration error {found.calibration_error:.4f}, Brier score {found.brier:.4f}"


def _errors(found: Evaluation, worst: int) -> Iterator[str]:
    yield from _listed("wrong about report, the most confident first", [_wrong(e) for e in found.wrong], worst)
    yield from _listed("heard, but with a wrong field", [_misread(e) for e in found.misread], worst)
    invented = [f"{name} {each.said(name)}   {_line(each)}" for name, each in found.invented]
    yield from _listed("invented places", invented, worst)


def _chatter(quiet: Quiet, worst: int) -> Iterator[str]:
    yield (
        f"{quiet.lines} lines of chatter: {len(quiet.alarms)} false alarms = {quiet.per_ten_thousand:.2f} per 10,000; "
        f"{quiet.unsure} would be asked about or listed"
    )
    lines = [f"{v.confidence:.2f}  {c.id or '-'}  {c.source}  {shortened(c.text)}" for c, v in quiet.alarms]
    yield from _listed("false alarms, the most confident first", lines, worst)


def _dialogues(measured: Measured, worst: int) -> Iterator[str]:
    perfect = sum(all(outcome.right for outcome in each.outcomes) for each in measured.played)
    yield (
        f"{len(measured.played)} dialogues through the whole bot: {_share(measured.outcomes)} of the outcomes as "
        f"wanted, {perfect} dialogues without any difference"
    )
    for about, share in outcomes_by_kind(measured.played).items():
        yield f"  {about:<16}{_share(share)}"
    differences = [
        f"{each.dialogue.id}  {outcome.difference}"
        for each in measured.played
        for outcome in each.outcomes
        if not outcome.right
    ]
    yield from _listed("what differed", differences, worst)


def _listed(title: str, lines: Sequence[str], worst: int) -> Iterator[str]:
    if not lines or not worst:
        return
    yield f"\n{title} ({len(lines)})"
    yield from (f"  {line}" for line in lines[:worst])
    if len(lines) > worst:
        yield f"  … and {len(lines) - worst} more; --worst {len(lines)} shows all"


def _wrong(each: Judged) -> str:
    kind = "false alarm" if each.verdict.report else "missed     "
    return f"{each.verdict.confidence:.2f}  {kind}  {_line(each)}"


def _misread(each: Judged) -> str:
    fields = [f"{name} {each.said(name)} for {each.example.labels.get(name)}" for name in wrong_fields(each)]
    return f"{each.verdict.confidence:.2f}  {', '.join(fields)}   {_line(each)}"


def _line(each: Judged) -> str:
    return f"{each.example.id or '-'}  {each.example.source}  {shortened(each.example.text)}"


def shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHORTEN else f"{text[: SHORTEN - 1]}…"


def _share(share: Share) -> str:
    return f"{share.value:.4f} ({share.right}/{share.all})"
