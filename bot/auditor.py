"""Looks each minute whether every promise of every ticket is kept, and sees to it that what was missed is said.

It trusts no clock but the tickets' own state: a scheduler that stood still, or a row without a due time, is found here.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.clocks import Bell, RunningClock
from bot.roster import as_it_is
from domain.announcements import about
from domain.audit import GRACE, Missed, Promised, Report, missed
from domain.errors import StoreError
from domain.messages import Chat, Json, Reply
from domain.ports import ReadModels, Store, UnitOfWork
from domain.roster import Community
from domain.tickets import Ticket
from domain.vocabulary import GroupRole, ReplyKind, TicketNumber

EVERY_SECONDS = 60.0
SHORTEST_SECONDS = 1.0
PAGE = 1000
"""Tickets between two breaths of the event loop."""
STALE = timedelta(minutes=5)
log = structlog.get_logger("auditor")


async def audit(read_models: ReadModels, community: Community, now: datetime, grace: timedelta = GRACE) -> Report:
    """One look at everything that did not end."""
    found: list[Missed] = []
    count, after = 0, TicketNumber(0)
    while page := await read_models.watched(after, PAGE):
        for ticket in page:
            found.extend(missed(ticket, community, now, grace))
        count, after = count + len(page), page[-1].number
        await asyncio.sleep(0)
    return Report(now, count, tuple(found))


@dataclass(slots=True)
class Auditor:
    """remind: says what is due (the scheduler's own job), to be called where the scheduler did not."""

    read_models: ReadModels
    store: Store
    community: Community
    clock: RunningClock
    spoken: Bell
    remind: Callable[[], Awaitable[None]]
    last: Report | None = None
    _began: datetime | None = None
    _raised: set[tuple[TicketNumber, Promised]] = field(default_factory=set)

    async def run(self) -> None:
        self._began = self.clock.now()
        while True:
            await asyncio.sleep(max(SHORTEST_SECONDS, EVERY_SECONDS / self.clock.speed))
            try:
                await self.look()
            except StoreError as error:
                log.warning("auditor.store_unavailable", error=str(error))

    async def look(self) -> Report:
        """Raises StoreError. What was not raised before is raised now, once."""
        report = await self._audit()
        if forgotten := [one for one in report.unraised if one.what is not Promised.ACKNOWLEDGED]:
            log.error("auditor.forgotten", tickets=[one.ticket for one in forgotten])
            await self._renew(forgotten)
            await self.remind()
            report = await self._audit()
        self._raised &= {(one.ticket, one.what) for one in report.unraised}
        await self._raise([one for one in report.unraised if (one.ticket, one.what) not in self._raised])
        self.last = report
        return report

    def beats(self) -> bool:
        """Whether it looked lately; right after the start it has not yet, and need not have."""
        last = self.last.at if self.last else self._began
        return last is None or self.clock.now() - last < STALE * self.clock.speed

    def heartbeat(self) -> Json:
        if self.last is None:
            return None
        unraised = len(self.last.unraised)
        counts: dict[str, Json] = {"tickets": self.last.tickets, "missed": len(self.last.missed), "unraised": unraised}
        return {"at": self.last.at.isoformat(), **counts}

    async def _audit(self) -> Report:
        now = self.clock.now()
        return await audit(self.read_models, self.community, now, GRACE * self.clock.speed)

    async def _renew(self, forgotten: list[Missed]) -> None:
        """Each save gives a ticket the promise of its state, where it had none."""
        async with self.store.begin(self.clock.now()) as work:
            for one in forgotten:
                ticket = await work.tickets.get(one.ticket)
                if ticket is not None and ticket.due is None:
                    await work.tickets.save(ticket)

    async def _raise(self, unraised: list[Missed]) -> None:
        if not unraised:
            return
        now = self.clock.now()
        async with self.store.begin(now) as work:
            await work.outbox.put([reply for one in unraised for reply in await self._alerts(work, one, now)], now)
        self._raised |= {(one.ticket, one.what) for one in unraised}
        self.spoken.ring()

    async def _alerts(self, work: UnitOfWork, one: Missed, now: datetime) -> list[Reply]:
        """To the staff group, once for each promise and its time, whoever looks and however often."""
        ticket = await work.tickets.get(one.ticket)
        community = await as_it_is(self.community, work, now)
        groups = [Chat(g.channel, g.id) for g in community.groups if g.role is GroupRole.STAFF]
        return [self._alert(chat, ticket, one, now) for chat in groups if ticket is not None]

    def _alert(self, chat: Chat, ticket: Ticket, one: Missed, now: datetime) -> Reply:
        template = "never_acknowledged" if one.what is Promised.ACKNOWLEDGED else "not_reminded"
        params: dict[str, Json] = {**about(self.community, ticket, full=True), "minutes": ticket.minutes(now)}
        key = f"audit:{one.ticket}:{one.what}:{one.due.timestamp():.6f}"
        tickets = (ticket.number,)
        return Reply(
            chat, template, params, ReplyKind.ALERT, tickets=tickets, merge="reminder", dedupe_key=key,
        )  # fmt: skip
