"""The ports of the two queues as the loops see them; each call of Inbox and Deliveries is a transaction of its own."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from domain.messages import Chat, Incoming
from domain.records import Arrived, Backlog, Claim, Delivered, Handled, InboxRow
from domain.understanding import Verdict


class Inbox(Protocol):
    async def put(self, messages: Sequence[Incoming], now: datetime) -> int:
        """One commit for all of them; how many were new. A duplicate (channel, external id) dies here."""
        ...

    async def depth(self) -> int: ...


class InboxWork(Protocol):
    """The inbox inside a unit of work: rows stay waiting unless the work commits."""

    async def waiting(self, limit: int, besides: Collection[Chat] = ()) -> Sequence[InboxRow]:
        """The oldest waiting rows, in order of arrival; at most ``limit``, none of the chats ``besides``."""
        ...

    async def arrive(self, messages: Sequence[Incoming], now: datetime) -> Arrived: ...

    async def judged(self, row: InboxRow, verdict: Verdict) -> None:
        """Keeps the verdict with a row that is still waiting: whoever handles it goes by that one."""
        ...

    async def preload(self, rows: Sequence[InboxRow]) -> None:
        """Loads what handling these rows will ask for, in a handful of queries. Optional: without it, one by one."""
        ...

    async def finish(self, handled: Handled, now: datetime) -> None: ...

    async def fail(self, row: InboxRow, error: str, *, park: bool, now: datetime) -> None:
        """One attempt more; park: after the last one, kept with its traceback for a person to look at."""
        ...


class Deliveries(Protocol):
    """The outbox as the sender sees it; each call is a transaction of its own."""

    async def claim(self, channel: str, now: datetime, lease: timedelta, limit: int) -> Sequence[Claim]:
        """Ready chats of one channel, the most urgent first; their due rows; expired ones are dropped."""
        ...

    async def renew(self, claims: Sequence[Claim], until: datetime) -> None:
        """Their leases last until then; of a lost token nothing changes."""
        ...

    async def finish(self, ends: Sequence[Delivered], now: datetime) -> None:
        """Records receipts and acknowledgement times; ends with a lost token change nothing."""
        ...

    async def next_due(self, channel: str) -> datetime | None: ...

    async def recover(self, channel: str, now: datetime) -> int:
        """The account is ours alone now: whatever an earlier process held is free; how many chats. What it was sending
        when it died is sent again."""
        ...

    async def set_back(self, channel: str, now: datetime, before: datetime) -> int:
        """The clock went back from ``before`` to ``now``: what was due stays due; how many rows."""
        ...

    async def backlog(self) -> Sequence[Backlog]:
        """What has not gone out, by channel, state and priority."""
        ...

    async def sweep(self, now: datetime) -> int:
        """Wakes chats that have queued rows but no wake-up; how many."""
        ...


class Leases(Protocol):
    async def acquire(self, name: str, holder: str, now: datetime, lasts: timedelta) -> int | None:
        """A fencing token when free, run out or already ours; None while somebody else holds it."""
        ...

    async def release(self, name: str, holder: str) -> None: ...

    async def holder(self, name: str) -> str | None:
        """Who had it last; None when nobody has it."""
        ...


class Hearing(Protocol):
    async def until(self, channel: str) -> datetime | None:
        """Until when the channel was surely heard, by any process; None when it never was."""
        ...

    async def note(self, channel: str, until: datetime) -> None: ...


class Housekeeping(Protocol):
    async def erase_chatter(self, before: datetime) -> int:
        """Blank what belongs to no ticket and was handled before; how many rows."""
        ...

    async def fired(self, name: str, fire_at: datetime) -> bool:
        """True for the one caller who may run this job at this fire time."""
        ...
