"""What happens because of the time: a job is a handler whose message is the clock."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.messages import Reply
from domain.ports import UnitOfWork
from domain.queues import Housekeeping
from domain.roster import Community


@dataclass(frozen=True, slots=True)
class Tick:
    """fire_at: the time the job stands for, a whole number of its periods; now: when it really runs.

    late_after: what is found due for longer was not done in time, since the bot was away.
    """

    fire_at: datetime
    now: datetime
    community: Community
    housekeeping: Housekeeping
    late_after: timedelta


Run = Callable[[Tick], Awaitable[None]]
Say = Callable[[Tick, UnitOfWork], Awaitable[Sequence[Reply]]]


@dataclass(frozen=True, slots=True)
class Job:
    """run: may be done twice without harm. say: in one unit of work with what it gives put into the outbox, once for a
    fire time, however many processes there are; whatever is said carries a dedupe key with the fire time.
    by_rows: the say goes by rows with a due time, which it moves on in the same commit: it may run at any moment.
    """

    name: str
    every: timedelta
    run: Run | None = None
    say: Say | None = None
    by_rows: bool = False

    def fire_time(self, now: datetime) -> datetime:
        """The last whole period that is over."""
        seconds = int(self.every.total_seconds())
        return now - timedelta(seconds=now.timestamp() % seconds)
