"""What happens because of the time: a job is a handler whose message is the clock."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.messages import Reply
from domain.ports import Housekeeping, UnitOfWork
from domain.roster import Community


@dataclass(frozen=True, slots=True)
class Tick:
    """fire_at: the time the job stands for, a whole number of its periods; now: when it really runs."""

    fire_at: datetime
    now: datetime
    community: Community
    housekeeping: Housekeeping


Run = Callable[[Tick], Awaitable[None]]
Say = Callable[[Tick, UnitOfWork], Awaitable[Sequence[Reply]]]


@dataclass(frozen=True, slots=True)
class Job:
    """run: may be done twice without harm. say: once for a fire time, however many processes there are, in one unit of
    work with what it gives put into the outbox; whatever is said carries a dedupe key with the fire time.
    """

    name: str
    every: timedelta
    run: Run | None = None
    say: Say | None = None

    def fire_time(self, now: datetime) -> datetime:
        """The last whole period that is over."""
        seconds = int(self.every.total_seconds())
        return now - timedelta(seconds=now.timestamp() % seconds)
