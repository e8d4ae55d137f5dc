"""What is watched over while a storm is open: who answered, what is ready, who walked where, what is shown when. Pure.

Each of it is due at a time of its own, which is a row: a restart forgets none, and nothing is said twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from domain.duty import DutyWord
from domain.messages import Json
from domain.roster import Community, Staff
from domain.storms import Check, Preparation, Storm, SupplyMove
from domain.vocabulary import Role, StaffId

MOST_REMINDERS = 3
"""Of those who did not answer: then somebody has to telephone."""


class Watch(StrEnum):
    ANSWERS = "answers"
    PATROL = "patrol"
    PICTURE = "picture"
    """to staff"""
    CARD = "card"
    """to the buildings' groups"""


@dataclass(frozen=True, slots=True)
class Due:
    """step: how often it was said. said: what was told last, by chat, so that only what changed is told again."""

    storm: int
    what: Watch
    due_at: datetime | None
    step: int = 0
    said: Mapping[str, Json] = field(default_factory=dict)
    id: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Of somebody on the storm's footing. item: of the checklist; "" for 收到. words: what is missing, if not done."""

    storm: int
    staff: StaffId
    at: datetime
    item: str = ""
    words: str = ""
    done: bool = True
    id: int = 0


class Standby(Protocol):
    async def put(self, due: Due) -> Due:
        """New or changed; a new one gets its id."""
        ...

    async def dues(self) -> Sequence[Due]:
        """Those that are still to come."""
        ...

    async def answer(self, answer: Answer) -> None: ...

    async def answers(self, storm: int) -> Sequence[Answer]:
        """Oldest first."""
        ...


class StandbyWork(Protocol):
    """The part of a unit of work that is about what is watched over."""

    @property
    def standby(self) -> Standby: ...


def begun(preparation: Preparation, storm: Storm, now: datetime) -> list[Due]:
    """What is watched over from now on: what the configuration asks for, nothing else."""
    times = {
        Watch.ANSWERS: _after(now, preparation.answer_within),
        Watch.PATROL: _after(now, preparation.patrol_within(storm.level)),
        Watch.PICTURE: _after(now, preparation.picture_every),
        Watch.CARD: next_of(preparation.card_at, now),
    }
    return [Due(storm.id, what, at) for what, at in times.items() if at is not None]


def risen(dues: Sequence[Due], preparation: Preparation, storm: Storm, now: datetime) -> list[Due]:
    """At a higher level: answers about what was added, and patrols as often as it asks. Those that change."""
    kept = {due.what: due for due in dues}
    times = {
        Watch.ANSWERS: _after(now, preparation.answer_within),
        Watch.PATROL: _after(now, preparation.patrol_within(storm.level)),
    }
    return [
        replace(kept.get(what, Due(storm.id, what, at)), due_at=at, step=0)
        for what, at in times.items()
        if at is not None and (what is Watch.ANSWERS or _sooner(at, kept.get(what)))
    ]


def _sooner(at: datetime, before: Due | None) -> bool:
    return before is None or before.due_at is None or at < before.due_at


def _after(now: datetime, span: timedelta | None) -> datetime | None:
    return None if span is None else now + span


def next_of(times: Sequence[time], now: datetime) -> datetime | None:
    """The next of some times of the day. now: in the community's zone."""
    days = [(now + timedelta(days=n)).date() for n in (0, 1)]
    coming = [at for day in days for t in times if (at := datetime.combine(day, t, now.tzinfo)) > now]
    return min(coming, default=None)


# -- answers -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Signs:
    """By what people show that they are there: an answer, a patrol, supplies taken, 我在岗."""

    answers: Sequence[Answer] = ()
    checks: Sequence[Check] = ()
    moves: Sequence[SupplyMove] = ()
    words: Iterable[DutyWord] = ()


def there(storm: Storm, signs: Signs) -> frozenset[StaffId]:
    since = storm.opened_at
    seen = {answer.staff for answer in signs.answers}
    seen |= {check.by for check in signs.checks if check.at >= since}
    seen |= {move.by for move in signs.moves if move.at >= since}
    return frozenset(seen | {word.staff for word in signs.words if word.on and word.at >= since})


def expected(community: Community, storm: Storm) -> list[Staff]:
    """Who has to say 收到: everybody who works, but who is off just now, who opened it, or only runs the bot."""
    working = (s for s in community.staff.values() if s.role is not Role.ADMINISTRATOR and s.name != storm.by)
    return [s for s in working if s.id not in community.duty.off]


def latest(answers: Sequence[Answer]) -> dict[str, Answer]:
    """By item, the last word on it."""
    return {answer.item: answer for answer in answers if answer.item}


def not_ready(steps: Sequence[str], answers: Sequence[Answer]) -> list[tuple[int, str]]:
    """With their numbers on the list, which stay the same when a higher level adds to it."""
    last = latest(answers)
    return [(n, step) for n, step in enumerate(steps, 1) if not (step in last and last[step].done)]


# -- patrols -------------------------------------------------------------------------------------------------------


def last_looks(checks: Sequence[Check]) -> dict[str, Check]:
    return {check.spot: check for check in checks}


def unwalked(spots: Sequence[str], checks: Sequence[Check], since: datetime) -> list[str]:
    """Spots that nobody looked at since."""
    last = last_looks(checks)
    return [spot for spot in spots if spot not in last or last[spot].at < since]
