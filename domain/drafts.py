"""Something a person asked to be sent, shown to them first: it goes out on their 确认, within ten minutes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.messages import Chat, Json, Person

LASTS = timedelta(minutes=10)
REMEMBERED = timedelta(hours=12)
"""So long somebody who confirms too late is told that nothing was sent."""


class DraftKind(StrEnum):
    WARNING = "warning"
    BROADCAST = "broadcast"
    PLAN = "plan"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Draft:
    """content: what the command needs to carry it out. ended_at: sent, dropped or set aside. id: 0 while it is new."""

    chat: Chat
    person: Person
    kind: DraftKind
    content: Mapping[str, Json]
    made_at: datetime
    ended_at: datetime | None = None
    id: int = 0

    def open_at(self, now: datetime) -> bool:
        return self.ended_at is None and now - self.made_at <= LASTS
