"""What pages and summaries show: read beside the work, never in its way."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from domain.records import Access, Correction, Counts, HotlineOrder, LookItem, Outcome, TicketSummary, Watched
from domain.statistics import Case
from domain.storms import StormSummary
from domain.tickets import ENDED, TicketEvent
from domain.vocabulary import Status, TicketNumber, Urgency
from storage.accesses import access_of, accesses_between
from storage.columns import literally
from storage.connections import Connections
from storage.corrections import correction_of, standing
from storage.desk_tables import hotline_orders
from storage.hotline import order_of
from storage.looks import item_of, items_of
from storage.meeting_tables import meetings
from storage.message_rows import WAITING
from storage.moments import Moments, stored
from storage.statements import Record, Statements
from storage.storm_tables import mailings, plans, rains, storm_dues
from storage.storms import summaries as storm_summaries
from storage.tables import inbox, looks, ticket_events, tickets
from storage.ticket_loading import load
from storage.ticket_rows import clocks_of, event_of, promise_of

_ENDED = sorted(status.value for status in ENDED)
_CLOCKS = ("reported_at", "acknowledged_at", "accepted_at", "arrived_at", "cleared_at", "confirmed_at", "reopened_at")
_DUE = ("due_awaits", "due_step", "due_since", "due_origin", "due_at")
_WATCHED = ("number", "status", "urgency", "building", "since", "told_at", "next_at", *_CLOCKS, *_DUE)


class SqlReadModels:
    def __init__(self, connections: Connections, community: str, moments: Moments) -> None:
        self._connections = connections
        self._community = community
        self._moments = moments

    async def summaries(self) -> Sequence[TicketSummary]:
        """Every ticket, by number."""
        e = ticket_events.c
        counted = select(e.ticket, func.count().label("events")).where(e.community == self._community)

        def summarise(statements: Statements) -> list[TicketSummary]:
            counts = {row.ticket: row.events for row in statements.rows(counted.group_by(e.ticket))}
            tickets = load(statements, self._community, self._moments)
            return [TicketSummary(t, len(t.media), counts.get(t.number, 0)) for t in tickets]

        return await self._connections.read(summarise)

    async def counts(self) -> Counts:
        return await self._connections.read(self._counts)

    def _counts(self, statements: Statements) -> Counts:
        """Each figure of the inbox has an index of its own."""
        i, t = inbox.c, tickets.c
        waits = (i.community == self._community, literally(i.state, WAITING))
        parked = select(func.count()).where(i.community == self._community, literally(i.state, Outcome.PARKED.value))
        states = select(t.status, func.count()).where(t.community == self._community).group_by(t.status)
        return Counts(
            statements.number(select(func.count()).where(*waits)) or 0,
            self._moments.maybe(statements.number(select(func.min(i.arrived_at)).where(*waits))),
            statements.number(parked) or 0,
            {Status(row[0]): row[1] for row in statements.rows(states)},
        )

    async def hotline_orders(self) -> int:
        counted = select(func.count()).where(hotline_orders.c.community == self._community)
        return await self._connections.read(lambda statements: statements.number(counted)) or 0

    async def next_due(self) -> datetime | None:
        return self._moments.maybe(await self._connections.read(self._first_due))

    def _first_due(self, statements: Statements) -> int | None:
        firsts = [
            statements.number(
                select(func.min(t.c.due_at)).where(t.c.community == self._community, t.c.due_at.is_not(None))
            )
            for t in (tickets, plans, meetings, rains, storm_dues, mailings)
        ]
        return min((due for due in firsts if due is not None), default=None)

    async def watched(self, after: TicketNumber, limit: int) -> Sequence[Watched]:
        c = tickets.c
        waits = c.status.not_in(_ENDED)
        query = select(*(c[name] for name in _WATCHED)).where(c.community == self._community, c.number > after, waits)
        rows = await self._connections.read(lambda statements: statements.rows(query.order_by(c.number).limit(limit)))
        return [self._watched(row) for row in rows]

    def _watched(self, row: Record) -> Watched:
        at = self._moments
        return Watched(
            TicketNumber(row.number), Status(row.status), Urgency(row.urgency), row.building, clocks_of(row, at),
            at.at(row.since), at.maybe(row.told_at), at.maybe(row.next_at), promise_of(row, at),
        )  # fmt: skip

    async def cases(self, after: TicketNumber, limit: int, since: datetime, until: datetime) -> Sequence[Case]:
        c, e = tickets.c, ticket_events.c
        theirs = (c.number > after, c.reported_at >= stored(since), c.reported_at < stored(until))
        page = select(c.number).where(c.community == self._community, *theirs).order_by(c.number).limit(limit)

        def read(statements: Statements) -> list[Case]:
            numbers = [row.number for row in statements.rows(page)]
            if not numbers:
                return []
            within = (c.number.between(numbers[0], numbers[-1]), *theirs)
            histories: dict[int, list[TicketEvent]] = {number: [] for number in numbers}
            of_them = e.community == self._community, e.ticket.between(numbers[0], numbers[-1])
            for row in statements.rows(select(ticket_events).where(*of_them).order_by(e.ticket, e.id)):
                if row.ticket in histories:
                    histories[row.ticket].append(event_of(row, self._moments))
            found = load(statements, self._community, self._moments, *within)
            return [Case(ticket, histories[ticket.number]) for ticket in found]

        return await self._connections.read(read)

    async def reported(self, since: datetime, until: datetime) -> int:
        c = tickets.c
        theirs = (c.community == self._community, c.reported_at >= stored(since), c.reported_at < stored(until))
        counted = select(func.count()).where(*theirs)
        return await self._connections.read(lambda statements: statements.number(counted)) or 0

    async def ledger(self, since: datetime, until: datetime) -> Sequence[HotlineOrder]:
        c = hotline_orders.c
        theirs = (c.community == self._community, c.at >= stored(since), c.at < stored(until))
        query = select(hotline_orders).where(*theirs).order_by(c.at, c.order_number)
        rows = await self._connections.read(lambda statements: statements.rows(query))
        return [order_of(row, self._moments) for row in rows]

    async def accesses(self, since: datetime, until: datetime) -> Sequence[Access]:
        query = accesses_between(self._community, since, until)
        rows = await self._connections.read(lambda statements: statements.rows(query))
        return [access_of(row, self._moments) for row in rows]

    async def look_list(self) -> Sequence[LookItem]:
        """What is undecided, by id."""
        query = items_of(self._community, looks.c.decided_at.is_(None))
        rows = await self._connections.read(lambda statements: statements.rows(query))
        return [item_of(row, self._moments) for row in rows]

    async def corrections(self) -> Sequence[Correction]:
        """What staff put right and did not take back, oldest first."""
        query = standing(self._community)
        rows = await self._connections.read(lambda statements: statements.rows(query))
        return [correction_of(row, self._moments) for row in rows]

    async def storms(self) -> Sequence[StormSummary]:
        return await self._connections.read(
            lambda statements: storm_summaries(statements, self._community, self._moments)
        )
