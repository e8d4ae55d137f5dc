"""The same figures as JSON and as a picture."""

from collections.abc import Mapping

from bot.evaluation.measure import Measured, Quiet, outcomes_by_kind
from documents.matrices import Matrix, draw_matrices
from domain.messages import Json
from domain.vocabulary import Kind, Scope, Urgency
from understanding.evaluation import NO_REPORT, Counts, Evaluation, Judged, Share, wrong_fields

_ROWS: Mapping[str, tuple[str, ...]] = {
    "report": ("report", NO_REPORT),
    "kind": (*Kind, NO_REPORT),
    "scope": (*Scope,),
    "urgency": (*Urgency,),
}
_TITLES = {
    "report": "report or not",
    "kind": "kind (clear lines; none: no report)",
    "scope": "scope (reports heard)",
    "urgency": "urgency (reports heard)",
}


def picture_of(found: Evaluation) -> bytes:
    """PNG with the matrices of report, kind, scope and urgency."""
    return draw_matrices([Matrix(_TITLES[name], rows, found.confusion[name]) for name, rows in _ROWS.items()])


def as_json(measured: Measured) -> dict[str, Json]:
    """Of one file. Shares are {"value", "right", "of"}."""
    data: dict[str, Json] = {"file": measured.name}
    if measured.labelled is not None:
        data["labelled"] = _evaluation(measured.labelled)
    if measured.chatter is not None:
        data["chatter"] = _quiet(measured.chatter)
    if measured.played:
        data["dialogues"] = _dialogues(measured)
    return data


def _evaluation(found: Evaluation) -> dict[str, Json]:
    return {
        **_counts(found.counts),
        "fields": {name: _share(share) for name, share in found.fields.items()},
        "unsure": _share(found.unsure),
        "sources": {source: _counts(counts) for source, counts in found.sources.items()},
        "calibration": [
            {"lines": b.lines, "confidence": round(b.confidence, 4), "observed": round(b.observed, 4)}
            for b in found.calibration
        ],
        "calibration_error": round(found.calibration_error, 5),
        "brier": round(found.brier, 5),
        "confusion": {
            name: [{"labelled": label, "said": said, "lines": n} for (label, said), n in sorted(table.items())]
            for name, table in found.confusion.items()
        },
        "wrong": [_judged(each) for each in found.wrong],
        "misread": [{**_judged(each), "fields": list(wrong_fields(each))} for each in found.misread],
        "invented": [{**_judged(each), "field": name, "said": each.said(name)} for name, each in found.invented],
    }


def _counts(counts: Counts) -> dict[str, Json]:
    return {
        "lines": counts.lines,
        "reports": counts.hits + counts.missed,
        "missed": counts.missed,
        "false_alarms": counts.alarms,
        "precision": _share(counts.precision),
        "recall": _share(counts.recall),
        "f1": round(counts.f1, 5),
    }


def _quiet(quiet: Quiet) -> dict[str, Json]:
    return {
        "lines": quiet.lines,
        "false_alarms": len(quiet.alarms),
        "per_10000": round(quiet.per_ten_thousand, 3),
        "unsure": quiet.unsure,
        "alarms": [
            {"id": c.id, "source": c.source, "text": c.text, "confidence": v.confidence} for c, v in quiet.alarms
        ],
    }


def _dialogues(measured: Measured) -> dict[str, Json]:
    return {
        "dialogues": len(measured.played),
        "outcomes": _share(measured.outcomes),
        "by_kind": {about: _share(share) for about, share in outcomes_by_kind(measured.played).items()},
        "differences": [
            {"id": each.dialogue.id, "about": outcome.about, "difference": outcome.difference}
            for each in measured.played
            for outcome in each.outcomes
            if not outcome.right
        ],
    }


def _judged(each: Judged) -> dict[str, Json]:
    example = each.example
    return {
        "id": example.id,
        "source": example.source,
        "text": example.text,
        "report": example.report,
        "confidence": each.verdict.confidence,
    }


def _share(share: Share) -> Json:
    return {"value": round(share.value, 5), "right": share.right, "of": share.all}
