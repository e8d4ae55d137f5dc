"""What pages and summaries show: read beside the work, never in its way."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from domain.records import Correction, Counts, LookItem, Outcome, TicketSummary, Watched
from domain.storms import StormSummary
from domain.tickets import ENDED
from domain.vocabulary import Status, TicketNumber, Urgency
from storage.columns import literally
from storage.connections import Connections
from storage.corrections import correction_of, standing
from storage.looks import item_of, items_of
from storage.meeting_tables import meetings
from storage.message_rows import WAITING
from storage.moments import Moments
from storage.statements import Record, Statements
from storage.storm_tables import plans
from storage.storms import summaries as storm_summaries
from storage.tables import hotline_orders, inbox, looks, ticket_events, tickets
from storage.ticket_loading import load
from storage.ticket_rows import clocks_of, promise_of

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
            for t in (tickets, plans, meetings)
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
