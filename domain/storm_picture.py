"""How things stand in a storm, as one picture: for staff, and for the group of a building. Pure, without names."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.messages import Document, Json
from domain.privacy import public_title
from domain.roster import Community
from domain.standby import Answer, not_ready, unwalked
from domain.storms import Check, Storm, SupplyMove, stock
from domain.tickets import ENDED, STATUS_NAMES, Ticket
from domain.trouble import NOTHING
from domain.vocabulary import BuildingId, Status
from domain.warnings import OfficialWarning

MOST_LINES = 12
_MOVING = ("now", "minutes")
"""What is different each time and is no news."""


@dataclass(frozen=True, slots=True)
class Scene:
    """tickets: those of the storm. standing: official warnings in force. checks and answers: since it began."""

    community: Community
    storm: Storm
    now: datetime
    tickets: Sequence[Ticket]
    standing: Sequence[OfficialWarning]
    checks: Sequence[Check] = ()
    moves: Sequence[SupplyMove] = ()
    answers: Sequence[Answer] = ()


def for_staff(scene: Scene) -> dict[str, Json]:
    prepared = scene.community.preparation
    left = not_ready(prepared.steps(scene.storm.level), scene.answers)
    todo: list[Json] = [f"{n}. {step}" for n, step in left]
    spots: list[Json] = list(unwalked(prepared.patrol, scene.checks, scene.storm.opened_at))
    buildings: list[Json] = _by_building(scene)
    return {
        **_common(scene, scene.tickets), "where": scene.community.name, "level": scene.storm.level,
        "low": list[Json](low(scene.community, scene.moves)), "unwalked": spots, "todo": todo, "buildings": buildings,
    }  # fmt: skip


def for_group(scene: Scene, building: BuildingId) -> dict[str, Json]:
    """Of one building, as its residents may see it: no level of the staff's own footing, no stock."""
    theirs = [ticket for ticket in scene.tickets if ticket.location.building == building]
    return {
        **_common(scene, theirs), "where": scene.community.building_name(building), "level": "", "low": [],
        "unwalked": [], "todo": [], "buildings": [],
    }  # fmt: skip


def _common(scene: Scene, tickets: Sequence[Ticket]) -> dict[str, Json]:
    counted = [t for t in tickets if t.status not in NOTHING]
    ongoing = sorted((t for t in counted if t.open), key=lambda t: (t.urgency.rank, t.number))
    warnings: list[Json] = [
        {"headline": w.headline, "issuer": w.issuer, "issued_at": w.issued_at.isoformat()} for w in scene.standing
    ]
    lines: list[Json] = [
        {
            "number": t.number,
            "title": public_title(scene.community, t),
            "status": STATUS_NAMES[t.status],
            "urgency": t.urgency.value,
        }
        for t in ongoing[:MOST_LINES]
    ]
    return {
        "now": scene.now.isoformat(), "minutes": int((scene.now - scene.storm.opened_at).total_seconds() // 60),
        "warnings": warnings, "count": len(counted), "still_open": len(ongoing),
        "done": sum(t.status in ENDED or t.status is Status.RESOLVED for t in counted), "lines": lines,
        "more": max(0, len(ongoing) - MOST_LINES),
    }  # fmt: skip


def _by_building(scene: Scene) -> list[Json]:
    counted = Counter(t.location.building for t in scene.tickets if t.status not in NOTHING)
    still = Counter(t.location.building for t in scene.tickets if t.open)
    most = max(counted.values(), default=1)
    ranked = sorted(counted.items(), key=lambda pair: (pair[0] is None, -pair[1], pair[0] or ""))
    return [
        {
            "where": scene.community.building_name(id) or "楼外公共区域", "count": count, "still_open": still[id],
            "share": round(100 * count / most),
        }
        for id, count in ranked
    ]  # fmt: skip


def low(community: Community, moves: Sequence[SupplyMove]) -> list[str]:
    """What there is less of than is enough: 沙袋30."""
    left = stock(moves)
    least = community.preparation.low
    return [f"{thing}{left[thing]}" for thing, enough in least.items() if left.get(thing, enough) < enough]


def fingerprint(params: Mapping[str, Json]) -> str:
    """The same as long as nothing changed that is worth telling."""
    return json.dumps({k: v for k, v in params.items() if k not in _MOVING}, ensure_ascii=False, sort_keys=True)


def paper(params: Mapping[str, Json]) -> Document:
    return Document("figures", "storm_picture_words", params, "实况", ("png",))
