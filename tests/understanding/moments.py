"""Hand-made moments of a chat: messages, tickets and what is known, for tables of cases."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.conversation import Asks, OpenQuestion, Reading, Said, Snapshot, TicketView
from domain.messages import Person
from domain.understanding import SILENT, Cue, Location, Verdict
from domain.vocabulary import Kind, MessageKind, Place, Scope, Status, TicketNumber, Urgency
from understanding.conversation import read

NOW = datetime(2026, 7, 20, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ANNA, BEN, KIM = (Person("console", name) for name in ("anna", "ben", "kim"))
GARAGE = Location(building="3", place=Place.GARAGE, floor=-1)
DOOR = Location(building="3", unit="2", place=Place.UNIT_DOOR)
HOME = Location(building="3", unit="2", room="502", floor=5, place=Place.KITCHEN)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def said(text: str, by: Person = ANNA, minutes: float = 0, **fields: Any) -> Said:
    values = {"sender_name": by.id, "is_staff": by == KIM, "kind": MessageKind.TEXT, **fields}
    return Said(f"{by.id}-{minutes}-{len(text)}", by, at=ago(minutes), text=text, **values)


def photo(by: Person = ANNA, minutes: float = 0, **fields: Any) -> Said:
    return said("", by, minutes, kind=MessageKind.IMAGE, **fields)


def report(**where: Any) -> Verdict:
    return Verdict(True, 0.97, Kind.LEAK, Scope.HOUSEHOLD, Urgency.URGENT, Location(**where))


def public(**where: Any) -> Verdict:
    return Verdict(True, 0.97, Kind.PONDING, Scope.PUBLIC, Urgency.URGENT, Location(**where))


def talk(*cues: Cue, **where: Any) -> Verdict:
    return replace(SILENT, cues=frozenset(cues), location=Location(**where))


def unsure(confidence: float = 0.6, *cues: Cue) -> Verdict:
    return replace(SILENT, confidence=confidence, unsure=True, cues=frozenset(cues))


def ticket(number: int, by: Person = ANNA, where: Location = HOME, minutes: float = 5, **fields: Any) -> TicketView:
    public_spot = where.room is None and where.place in {Place.GARAGE, Place.UNIT_DOOR, Place.CORRIDOR}
    values: dict[str, Any] = {
        "status": Status.REGISTERED,
        "kind": Kind.PONDING if public_spot else Kind.LEAK,
        "scope": Scope.PUBLIC if public_spot else Scope.HOUSEHOLD,
        "urgency": Urgency.URGENT,
        "reporters": (by,),
        "in_this_chat": True,
        "reported_at": ago(minutes),
        "since": ago(minutes),
        "last_words_at": ago(minutes),
        **fields,
    }
    return TicketView(TicketNumber(number), location=where, **values)


def around(*tickets: TicketView, talked: tuple[Said, ...] = (), asks: Asks | None = None, **fields: Any) -> Snapshot:
    """asks: an open question about the first ticket, put three minutes ago."""
    number = tickets[0].number if tickets else None
    question = OpenQuestion(asks, number, ago(3)) if asks else None
    return Snapshot("3", is_staff=False, tickets=tickets, said=talked, question=question, **fields)


def means(message: Said, verdict: Verdict, known: Snapshot) -> list[tuple[str, int | None]]:
    """The actions and their tickets, as a table can hold them."""
    return [(reading.action.value, reading.ticket) for reading in read(message, verdict, known)]


def first(message: Said, verdict: Verdict, known: Snapshot) -> Reading:
    return read(message, verdict, known)[0]
