"""Dialogues with what a careful reader would have done: how they are read, and how an outcome is compared. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.vocabulary import Status
from understanding.examples import Label

FIELDS = ("kind", "scope", "building", "unit", "room", "floor", "place", "urgency", "status")
KINDS = ("text", "image", "voice", "video", "file", "quote", "recall")
_STATUS = {
    Status.REGISTERED: "open",
    Status.REOPENED: "reopened",
    Status.RESOLVED: "resolved",
    Status.CLOSED: "resolved",
    Status.CANCELLED: "cancelled",
}


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody's message. at: local time of the community. ref: index of the message it quotes or takes back, or the id
    of a post of the bot ("m1", "m2", … in the order of sending)."""

    index: int
    sender: str
    staff: bool
    at: datetime
    kind: str
    text: str
    ref: int | str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A ticket that should be there at the end. optional: it may be missing. also: further right values, by field."""

    reporter: str
    fields: Mapping[str, Label]
    also: Mapping[str, Sequence[Label]] = field(default_factory=dict)
    co_reporters: frozenset[str] = frozenset()
    optional: bool = False

    def right(self, name: str) -> Sequence[Label]:
        return [self.fields.get(name), *self.also.get(name, ())]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """building: the group's. must_answer: in each group of indexes one answer is enough."""

    id: str
    building: str
    lines: tuple[Line, ...]
    tickets: tuple[Wanted, ...]
    must_answer: tuple[tuple[int, ...], ...]
    must_not_answer: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A ticket that is there at the end: building None is the group's, status as in ``status_name``."""

    number: int
    reporters: frozenset[str]
    fields: Mapping[str, Label]
    gone: bool = False
    """cancelled or merged: no ticket too many"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that was looked at. about: ticket, a field, co_reporters, extra, must_answer or must_not_answer."""

    about: str
    right: bool
    difference: str = ""


def dialogue_of(data: Mapping[str, object]) -> Dialogue:
    """Raises ValueError with what was expected."""
    gold, messages = data.get("gold"), data.get("messages")
    if not isinstance(gold, dict) or not isinstance(messages, list) or not isinstance(data.get("building"), str):
        raise ValueError('expected "building": text, "messages": a list, and "gold": an object')  # noqa: TRY004  one error for all bad lines
    try:
        return Dialogue(
            str(data.get("id") or ""),
            str(data["building"]),
            tuple(_line(line) for line in messages),
            tuple(_wanted(ticket) for ticket in gold["tickets"]),
            tuple(tuple(int(index) for index in group) for group in gold["must_answer"]),
            tuple(int(index) for index in gold["must_not_answer"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"expected the shape of tests/data/dialogues.jsonl: {error!r}") from error


def _line(data: Mapping[str, Any]) -> Line:
    at, ref, kind = datetime.fromisoformat(data["at"]).replace(tzinfo=None), data.get("ref"), data["kind"]
    if kind not in KINDS:
        raise ValueError(f'message {data["i"]}, "kind": expected one of {", ".join(KINDS)}, found {kind!r}')
    staff = data["role"] == "staff"
    return Line(int(data["i"]), str(data["sender"]), staff, at, kind, data.get("text") or "", ref)


def _wanted(data: Mapping[str, Any]) -> Wanted:
    also = {name: tuple(values) for name, values in (data.get("also") or {}).items()}
    fields = {name: data.get(name) for name in FIELDS}
    co_reporters = frozenset(data.get("co_reporters") or ())
    return Wanted(str(data["reporter"]), fields, also, co_reporters, data.get("optional") is True)


def status_name(status: Status) -> str:
    return _STATUS.get(status, "in_progress")


def compare(dialogue: Dialogue, found: Sequence[Found], answered: Collection[int]) -> list[Outcome]:
    """answered: indexes of the messages that got an answer in the group."""
    outcomes, left = [], {ticket.number: ticket for ticket in found}
    for wanted in dialogue.tickets:
        ticket = _closest(wanted, left.values())
        if ticket is not None:
            left.pop(ticket.number)
            outcomes += [Outcome("ticket", right=True), *_fields(wanted, ticket), *_co_reporters(wanted, ticket)]
        elif not wanted.optional:
            outcomes.append(Outcome("ticket", right=False, difference=f"no ticket of {wanted.reporter}"))
    extra = [ticket for ticket in left.values() if not ticket.gone]
    outcomes += [Outcome("extra", right=False, difference=f"extra ticket {_shown(ticket)}") for ticket in extra]
    outcomes += [] if extra else [Outcome("extra", right=True)]
    for group in dialogue.must_answer:
        right = any(index in answered for index in group)
        outcomes.append(Outcome("must_answer", right, "" if right else f"no answer to {list(group)}"))
    for index in dialogue.must_not_answer:
        right = index not in answered
        outcomes.append(Outcome("must_not_answer", right, "" if right else f"answered {index}"))
    return outcomes


def _closest(wanted: Wanted, left: Collection[Found]) -> Found | None:
    """A cancelled ticket only stands for one that should be."""
    mine = [ticket for ticket in left if wanted.reporter in ticket.reporters]
    mine = [t for t in mine if t.fields["status"] != "cancelled" or "cancelled" in wanted.right("status")]
    return min(mine, key=lambda ticket: sum(not each.right for each in _fields(wanted, ticket)), default=None)


def _fields(wanted: Wanted, found: Found) -> list[Outcome]:
    outcomes = []
    for name in FIELDS:
        got = found.fields.get(name)
        right = got in wanted.right(name)
        outcomes.append(Outcome(name, right, "" if right else f"{name} {got} for {wanted.fields.get(name)}"))
    return outcomes


def _co_reporters(wanted: Wanted, found: Found) -> list[Outcome]:
    if not wanted.co_reporters:
        return []
    missing = sorted(wanted.co_reporters - found.reporters)
    return [Outcome("co_reporters", not missing, f"co-reporters missing: {', '.join(missing)}" if missing else "")]


def _shown(ticket: Found) -> str:
    return f"#{ticket.number} " + " ".join(f"{k}={v}" for k, v in ticket.fields.items() if v is not None)
