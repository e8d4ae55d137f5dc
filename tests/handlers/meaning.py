"""An understanding that reads what the test says, for tests of what is done about a reading."""

from collections.abc import Mapping

from domain.conversation import Action, Reading, Said, Snapshot
from domain.understanding import Cue, Location, Verdict
from domain.vocabulary import Kind, Place, Scope, TicketNumber, Urgency


class Meaning:
    """readings: by text; every other text means nothing. snapshots: what was loaded for each text that was read."""

    def __init__(self, readings: Mapping[str, tuple[Reading, ...]], cues: Mapping[str, set[Cue]] | None = None) -> None:
        self.readings = dict(readings)
        self.cues = cues or {}
        self.snapshots: dict[str, Snapshot] = {}

    def judge(self, text: str, building: str | None) -> Verdict:
        return Verdict(text in self.readings, 1.0, cues=frozenset(self.cues.get(text, ())))

    def read(self, message: Said, verdict: Verdict, snapshot: Snapshot) -> tuple[Reading, ...]:
        self.snapshots[message.text] = snapshot
        return self.readings.get(message.text, ())

    def matters(self, verdict: Verdict, *, by_staff: bool) -> bool:
        return verdict.report or bool(verdict.cues)


def home(action: Action = Action.OPEN, **more) -> Reading:
    """A leak in 3号楼2单元502, unless told otherwise."""
    where = more.pop("location", Location("3", "2", "502", 5, Place.BEDROOM))
    known = {"kind": Kind.LEAK, "scope": Scope.HOUSEHOLD, "urgency": Urgency.URGENT, **more}
    return Reading(action, "the test says so", location=where, **known)


def door(**more) -> Reading:
    """Standing water at the door of 3号楼2单元."""
    where = Location("3", "2", place=Place.UNIT_DOOR)
    return home(**{"location": where, "kind": Kind.PONDING, "scope": Scope.PUBLIC, **more})


def about(action: Action, ticket: int | None = 1, **more) -> Reading:
    return Reading(action, "the test says so", None if ticket is None else TicketNumber(ticket), **more)
