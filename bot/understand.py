"""``understand``: JSON lines in, JSON lines out, in the same order. A contract that outside programs rely on."""

import json
from collections.abc import Iterable, Iterator

from domain.messages import Json
from domain.ports import Understanding
from domain.understanding import Verdict

_EXPECTED = 'expected a JSON object like {"id": "1", "text": "…", "building": "3"}'


def answers(lines: Iterable[bytes], understanding: Understanding) -> Iterator[str]:
    """One answer a line; empty lines are left out."""
    for line in lines:
        if line.strip():
            yield json.dumps(_answer(line, understanding), ensure_ascii=False)


def _answer(line: bytes, understanding: Understanding) -> dict[str, Json]:
    try:
        question = json.loads(line.decode("utf-8", errors="strict"))
    except (ValueError, RecursionError) as error:
        return {
            "id": None,
            "error": f'expected a JSON object like {{"id": "1", "text": "…", "building": "3"}}: {error}',
        }
    if not isinstance(question, dict):
        return {"id": None, "error": _EXPECTED}
    fault = _fault(question)
    if fault:
        return {"id": question.get("id"), "error": fault}
    building = question.get("building")
    return {"id": question.get("id"), **as_json(understanding.judge(question["text"], building), building)}


def _fault(question: dict[str, Json]) -> str | None:
    if not isinstance(question.get("text"), str):
        return '"text": expected text'
    if not isinstance(question.get("building"), str | None):
        return '"building": expected text such as "3", or null'
    return None


def as_json(verdict: Verdict, building: str | None) -> dict[str, Json]:
    where = verdict.location
    return {
        "report": verdict.report,
        "confidence": round(min(1.0, max(0.0, verdict.confidence)), 4),
        "kind": verdict.kind.value if verdict.kind else None,
        "scope": verdict.scope.value if verdict.scope else None,
        "urgency": verdict.urgency.value if verdict.urgency else None,
        "building": where.building or building,
        "unit": where.unit,
        "room": where.room,
        "floor": where.floor,
        "place": where.place.value if where.place else None,
    }
