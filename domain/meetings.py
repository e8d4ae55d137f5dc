"""A meeting of residents, property and community (议事): who was invited, who comes, when people are reminded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from domain.messages import Chat, Json, Person
from domain.roster import QuietHours
from domain.vocabulary import StaffId

DAY_BEFORE = timedelta(hours=24)
HOUR_BEFORE = timedelta(hours=1)
JUST_TOLD = timedelta(hours=2)
"""Who was invited so shortly before a reminder needs none."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who said that they come. chat: where they said it, and are reminded."""

    person: Person
    name: str
    chat: Chat


@dataclass(frozen=True, slots=True)
class Meeting:
    """chats: the groups that were invited. told_at: when its time was last said. due_at: of the next reminder.

    minutes: what was posted as its minutes, whole, the first first. number: 0 while it is new.
    """

    at: datetime
    place: str
    topic: str
    chats: tuple[Chat, ...]
    by: StaffId
    told_at: datetime
    due_at: datetime | None = None
    guests: tuple[Guest, ...] = ()
    minutes: tuple[str, ...] = ()
    called_off_at: datetime | None = None
    number: int = 0

    @property
    def params(self) -> dict[str, Json]:
        """What every text about it knows."""
        return {"at_time": self.at.isoformat(), "place": self.place, "topic": self.topic}

    def coming(self, now: datetime) -> bool:
        return self.called_off_at is None and self.at > now

    def held(self, now: datetime) -> bool:
        """With whoever came; nobody is enough."""
        return self.called_off_at is None and self.at <= now

    def guest(self, person: Person) -> Guest | None:
        return next((guest for guest in self.guests if guest.person == person), None)

    def signed_up(self, guest: Guest) -> "Meeting":
        return replace(self, guests=(*(g for g in self.guests if g.person != guest.person), guest))

    def without(self, person: Person) -> "Meeting":
        return replace(self, guests=tuple(g for g in self.guests if g.person != person))


def next_reminder(meeting: Meeting, after: datetime, quiet: QuietHours) -> datetime | None:
    """The day before and an hour before, never at night: what falls into the quiet hours is said at their end."""
    wanted = (quiet.awake(meeting.at - before) for before in (DAY_BEFORE, HOUR_BEFORE))
    times = [at for at in wanted if after < at < meeting.at and at - meeting.told_at >= JUST_TOLD]
    return min(times, default=None)


class Meetings(Protocol):
    async def put(self, meeting: Meeting) -> Meeting:
        """New or changed; a new one gets its number."""
        ...

    async def since(self, at: datetime) -> Sequence[Meeting]:
        """Those that begin after that moment, the earliest first, also what was called off."""
        ...

    async def due(self, now: datetime) -> Sequence[Meeting]:
        """Those of which people are to be reminded."""
        ...


class MeetingWork(Protocol):
    """The part of a unit of work that is about meetings."""

    @property
    def meetings(self) -> Meetings: ...
