"""Plays a dialogue through the understanding and keeps its tickets, as the handlers would: a minimal town of values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.conversation import Action, Asks, OpenQuestion, Reading, Said, Snapshot, TicketView
from domain.messages import Person
from domain.privacy import is_public_spot
from domain.tickets import MOVES
from domain.understanding import SILENT, Cue, Location, Verdict
from domain.vocabulary import Kind, MessageKind, Scope, Status, TicketNumber, Urgency
from understanding.conversation import read
from understanding.dialogues import Found, compare, dialogue_of, status_name
from understanding.examples import Label

Judge = Callable[[str, str | None], Verdict]
ZONE = ZoneInfo("Asia/Shanghai")
REMEMBERED = timedelta(minutes=30)
KINDS = {"image": MessageKind.IMAGE, "video": MessageKind.VIDEO, "voice": MessageKind.VOICE, "file": MessageKind.FILE}
_STAFF_MOVES = {
    Action.STAFF_TAKEN: Status.ACCEPTED,
    Action.STAFF_ARRIVED: Status.ON_SITE,
    Action.STAFF_NEWS: Status.REPAIRING,
    Action.STAFF_DONE: Status.RESOLVED,
}
_MOVES = {Action.CONFIRM: Status.CLOSED, Action.WITHDRAW: Status.CANCELLED, Action.REOPEN: Status.REOPENED}
_SILENT = {Action.NONE, Action.LOOK, Action.ADD, *_STAFF_MOVES}


def person(name: str) -> Person:
    return Person("console", name)


@dataclass
class Town:
    """tickets by number; answered: indexes of messages that got an answer."""

    building: str
    judge: Judge
    tickets: dict[TicketNumber, TicketView] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    belongs: dict[str, TicketNumber] = field(default_factory=dict)
    questions: dict[Person, OpenQuestion] = field(default_factory=dict)
    homes: dict[Person, Location] = field(default_factory=dict)
    answered: list[int] = field(default_factory=list)
    looked: list[int] = field(default_factory=list)
    readings: dict[int, tuple[Reading, ...]] = field(default_factory=dict)
    now: datetime = datetime(2026, 1, 1, tzinfo=ZONE)

    def hear(self, line: Mapping[str, Any]) -> None:
        self._pass(datetime.fromisoformat(line["at"]).replace(tzinfo=ZONE))
        if line["kind"] == "recall":
            self._recall(str(line["ref"]))
            return
        message, verdict = self._message(line)
        readings = read(message, verdict, self._snapshot(message, line.get("ref")))
        self.readings[line["i"]] = readings
        for reading in readings:
            self._apply(message, reading, line["i"])
        mark = self.belongs.get(message.external_id)
        self.said.append(replace(message, verdict=verdict, ticket=mark))

    def _pass(self, at: datetime) -> None:
        """A transcript may go on at ten the next morning: time only goes forward."""
        while at < self.now:
            at += timedelta(days=1)
        self.now = at

    def _message(self, line: Mapping[str, Any]) -> tuple[Said, Verdict]:
        sender, staff = line["sender"], line["role"] == "staff"
        kind = KINDS.get(line["kind"], MessageKind.TEXT)
        quotes = str(line["ref"]) if "ref" in line else None
        message = Said(str(line["i"]), person(sender), sender, staff, self.now, kind, line["text"], quotes=quotes)
        return message, self.judge(line["text"], self.building) if line["text"] else SILENT

    def _snapshot(self, message: Said, ref: int | None) -> Snapshot:
        said = [self._marked(s) for s in self.said]
        recent = tuple(s for s in said if s.at > self.now - REMEMBERED)
        quoted = next((s for s in said if s.external_id == str(ref)), None) if ref is not None else None
        mine = [
            t for t in self.tickets.values() if t.location.building == self.building or message.sender in t.reporters
        ]
        return Snapshot(
            self.building,
            message.is_staff,
            tuple(mine),
            recent,
            quoted,
            (quoted.ticket,) if quoted and quoted.ticket else (),
            self.questions.get(message.sender),
            self.homes.get(message.sender, Location()),
            frozenset(str(n) for n in range(1, 21)),
        )

    def _marked(self, said: Said) -> Said:
        return replace(said, ticket=self.belongs.get(said.external_id, said.ticket))

    def _recall(self, id: str) -> None:
        """What was opened by it alone is withdrawn, without a word."""
        self.said = [replace(s, recalled=True, text="") if s.external_id == id else s for s in self.said]
        number = self.belongs.get(id)
        ticket = self.tickets.get(number) if number else None
        kept = [s for s in self.said if self.belongs.get(s.external_id) == number and not s.recalled]
        if ticket is not None and not kept and ticket.status is Status.REGISTERED:
            self._move(ticket, Status.CANCELLED)
            self.questions.pop(ticket.reporters[0], None)

    def _apply(self, message: Said, reading: Reading, index: int) -> None:
        before = dict(self.tickets)
        match reading.action:
            case Action.OPEN:
                self._open(message, reading)
            case Action.ADD | Action.JOIN:
                self._add(message, reading)
            case Action.ASK:
                self._ask(message.sender, Asks.IS_IT_A_REPORT, None)
            case Action.LOOK:
                self.looked.append(index)
            case Action.NONE:
                self.questions.pop(message.sender, None)
            case _:
                self._step(message, reading)
        if reading.action not in _SILENT or self._told(before, reading):
            self.answered.append(index)

    def _told(self, before: Mapping[TicketNumber, TicketView], reading: Reading) -> bool:
        if reading.action is not Action.ADD or reading.ticket is None:
            return False
        old, new = before[reading.ticket], self.tickets[reading.ticket]
        return replace(old, last_words_at=self.now) != replace(new, last_words_at=self.now)

    def _open(self, message: Said, reading: Reading) -> None:
        assert reading.like is None or reading.like in self.tickets
        number = TicketNumber(len(self.tickets) + 1)
        where = replace(reading.location, building=reading.location.building or self.building)
        scope = reading.scope or (Scope.PUBLIC if is_public_spot(where.place) else Scope.HOUSEHOLD)
        self.tickets[number] = TicketView(
            number, Status.REGISTERED, reading.kind or Kind.LEAK, scope, reading.urgency or Urgency.URGENT, where,
            (message.sender,), in_this_chat=where.building == self.building, reported_at=self.now, since=self.now,
            last_words_at=self.now,
        )  # fmt: skip
        self._keep(message, reading, number)
        self.questions.pop(message.sender, None)
        if reading.question is not None:
            self._ask(message.sender, Asks.LOCATION, number)
        self._remember(message, number)

    def _add(self, message: Said, reading: Reading) -> None:
        assert reading.ticket is not None
        old = self.tickets[reading.ticket]
        assert old.status not in {Status.MERGED, Status.CANCELLED}
        joins = reading.action is Action.JOIN and message.sender not in old.reporters
        where = filled(old.location, reading.location) if joins else replaced(old.location, reading.location)
        self.tickets[reading.ticket] = replace(
            old,
            reporters=(*old.reporters, message.sender) if joins else old.reporters,
            kind=reading.kind or old.kind,
            scope=reading.scope or old.scope,
            urgency=reading.urgency or old.urgency,
            location=where,
            in_this_chat=where.building == self.building,
            last_words_at=self.now,
        )
        self._keep(message, reading, reading.ticket)
        if where.room and where.unit:
            self.questions.pop(message.sender, None)
        self._remember(message, reading.ticket)

    def _keep(self, message: Said, reading: Reading, number: TicketNumber) -> None:
        for id in (message.external_id, *reading.earlier):
            self.belongs[id] = number

    def _remember(self, message: Said, number: TicketNumber) -> None:
        where = self.tickets[number].location
        other = Cue.FOR_OTHER in self.judge(message.text, self.building).cues if message.text else False
        household = self.tickets[number].scope is Scope.HOUSEHOLD
        if household and where.room and not other and where.building == self.building:
            self.homes[message.sender] = Location(where.building, where.unit, where.room, where.floor)

    def _ask(self, sender: Person, asks: Asks, number: TicketNumber | None) -> None:
        self.questions[sender] = OpenQuestion(asks, number, self.now)

    def _step(self, message: Said, reading: Reading) -> None:
        if reading.ticket is None:
            assert reading.action in {Action.ALERT, Action.ASK_TO_TYPE}
            return
        ticket = self.tickets[reading.ticket]
        self.belongs[message.external_id] = reading.ticket
        to = _STAFF_MOVES.get(reading.action) or _MOVES.get(reading.action)
        own = reading.action not in _MOVES or message.sender in ticket.reporters
        assert own, "only a reporter ends a ticket or opens it again"
        if (
            to is not None
            and to is not ticket.status
            and (reading.action not in _STAFF_MOVES or to in MOVES[ticket.status])
        ):
            self._move(ticket, to)
            ticket = self.tickets[reading.ticket]
        if message.sender in ticket.reporters:
            self.tickets[reading.ticket] = replace(ticket, last_words_at=self.now)

    def _move(self, ticket: TicketView, to: Status) -> None:
        assert to in MOVES[ticket.status], f"{ticket.status} -> {to}"
        self.tickets[ticket.number] = replace(ticket, status=to, since=self.now)


def replaced(old: Location, new: Location) -> Location:
    floor = new.floor if new.floor is not None else None if new.room else old.floor
    return Location(
        new.building or old.building, new.unit or old.unit, new.room or old.room, floor, new.place or old.place
    )


def filled(old: Location, new: Location) -> Location:
    floor = old.floor if old.floor is not None else new.floor
    return Location(old.building, old.unit or new.unit, old.room or new.room, floor, old.place or new.place)


def play(dialogue: Mapping[str, Any], judge: Judge) -> Town:
    town = Town(dialogue["building"], judge)
    for line in dialogue["messages"]:
        town.hear(line)
    return town


# -- comparing with the gold -----------------------------------------------------------------------------------


def differences(dialogue: Mapping[str, Any], town: Town) -> tuple[int, list[str]]:
    """How many outcomes were looked at, and each missed one in words."""
    found = [_found(ticket, town.building) for ticket in town.tickets.values()]
    outcomes = compare(dialogue_of(dialogue), found, town.answered)
    return len(outcomes), [outcome.difference for outcome in outcomes if not outcome.right]


def _found(ticket: TicketView, building: str) -> Found:
    where = ticket.location
    fields: dict[str, Label] = {
        "kind": ticket.kind.value,
        "scope": ticket.scope.value,
        "building": None if where.building == building else where.building,
        "unit": where.unit,
        "room": where.room,
        "floor": where.floor,
        "place": where.place.value if where.place else None,
        "urgency": ticket.urgency.value,
        "status": status_name(ticket.status),
    }
    gone = ticket.status in {Status.CANCELLED, Status.MERGED}
    return Found(ticket.number, frozenset(p.id for p in ticket.reporters), fields, gone)
