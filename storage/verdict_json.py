"""Verdicts as JSON: only what differs from silence, since nearly every message is chatter."""

from typing import TypedDict

from domain.understanding import Advice, Cue, Location, Verdict
from domain.vocabulary import Kind, Place, Scope, Urgency


class StoredLocation(TypedDict, total=False):
    building: str
    unit: str
    room: str
    floor: int
    place: str


class StoredVerdict(TypedDict, total=False):
    report: bool
    confidence: float
    kind: str
    scope: str
    urgency: str
    location: StoredLocation
    source_room: str
    many_homes: bool
    cues: list[str]
    ambiguous: list[str]
    reasons: list[str]
    unsure: bool
    advice: str


def verdict_json(verdict: Verdict) -> StoredVerdict:
    stored: StoredVerdict = {"report": verdict.report, "confidence": verdict.confidence}
    _add_meaning(stored, verdict)
    if verdict.cues:
        stored["cues"] = sorted(verdict.cues)
    if verdict.many_homes:
        stored["many_homes"] = True
    if verdict.ambiguous:
        stored["ambiguous"] = list(verdict.ambiguous)
    if verdict.reasons:
        stored["reasons"] = list(verdict.reasons)
    if verdict.unsure:
        stored["unsure"] = True
    if verdict.advice is not None:
        stored["advice"] = verdict.advice
    return stored


def _add_meaning(stored: StoredVerdict, verdict: Verdict) -> None:
    if verdict.kind is not None:
        stored["kind"] = verdict.kind
    if verdict.scope is not None:
        stored["scope"] = verdict.scope
    if verdict.urgency is not None:
        stored["urgency"] = verdict.urgency
    if not verdict.location.empty:
        stored["location"] = _location_json(verdict.location)
    if verdict.source_room is not None:
        stored["source_room"] = verdict.source_room


def _location_json(location: Location) -> StoredLocation:
    stored: StoredLocation = {}
    if location.building is not None:
        stored["building"] = location.building
    if location.unit is not None:
        stored["unit"] = location.unit
    if location.room is not None:
        stored["room"] = location.room
    if location.floor is not None:
        stored["floor"] = location.floor
    if location.place is not None:
        stored["place"] = location.place
    return stored


def verdict_of(stored: StoredVerdict | None) -> Verdict | None:
    if stored is None:
        return None
    return Verdict(
        report=stored["report"],
        confidence=stored["confidence"],
        kind=Kind(stored["kind"]) if "kind" in stored else None,
        scope=Scope(stored["scope"]) if "scope" in stored else None,
        urgency=Urgency(stored["urgency"]) if "urgency" in stored else None,
        location=_location_of(stored.get("location", {})),
        source_room=stored.get("source_room"),
        many_homes=stored.get("many_homes", False),
        cues=frozenset(Cue(cue) for cue in stored.get("cues", ())),
        ambiguous=tuple(stored.get("ambiguous", ())),
        reasons=tuple(stored.get("reasons", ())),
        unsure=stored.get("unsure", False),
        advice=Advice(stored["advice"]) if "advice" in stored else None,
    )


def _location_of(stored: StoredLocation) -> Location:
    place = Place(stored["place"]) if "place" in stored else None
    return Location(stored.get("building"), stored.get("unit"), stored.get("room"), stored.get("floor"), place)
