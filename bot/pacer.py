"""How fast one account may speak: pauses between chats, so many messages a minute, with room kept for answers."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from domain.ports import Pace
from domain.vocabulary import Priority

_MINUTE = timedelta(minutes=1)
KEPT_FOR_ANSWERS = 0.25
"""Share of the minute that progress and broadcasts may not use: emergencies and acknowledgements always find room."""


@dataclass(slots=True)
class Pacer:
    """One account's clock of sends. Pure but for chance, which makes the pauses look like a person's."""

    pace: Pace
    chance: Random
    _sent: deque[datetime] = field(default_factory=deque)
    _free_at: datetime | None = None

    @property
    def one_at_a_time(self) -> bool:
        return self.pace.any_chat_seconds > 0 or self.pace.per_minute is not None

    def may_send_at(self, priority: Priority, now: datetime) -> datetime:
        """The earliest moment for a message of this priority."""
        while self._sent and self._sent[0] <= now - _MINUTE:
            self._sent.popleft()
        earliest = max(now, self._free_at or now)
        most = self._most(priority)
        if most is not None and len(self._sent) >= most:
            earliest = max(earliest, self._sent[-most] + _MINUTE)
        return earliest

    def forget(self) -> None:
        """The clock was set back: what it said of the last minute is of no use."""
        self._sent.clear()
        self._free_at = None

    def sent(self, at: datetime) -> None:
        self._sent.append(at)
        self._free_at = at + self._pause(self.pace.any_chat_seconds)

    def next_in_chat(self, at: datetime) -> datetime:
        return at + self._pause(self.pace.same_chat_seconds)

    def _most(self, priority: Priority) -> int | None:
        if self.pace.per_minute is None:
            return None
        if priority <= Priority.ANSWER:
            return self.pace.per_minute
        return max(1, int(self.pace.per_minute * (1 - KEPT_FOR_ANSWERS)))

    def _pause(self, seconds: float) -> timedelta:
        return timedelta(seconds=seconds * (1 + self.pace.jitter * self.chance.random()))
