"""What pages and summaries show: read beside the work, never in its way."""

from collections.abc import Sequence

from sqlalchemy import func, select

from domain.records import LookItem, TicketSummary
from storage.connections import Connections
from storage.looks import load_items
from storage.moments import Moments
from storage.tables import looks, ticket_events
from storage.ticket_loading import load


class SqlReadModels:
    def __init__(self, connections: Connections, community: str, moments: Moments) -> None:
        self._connections = connections
        self._community = community
        self._moments = moments

    async def summaries(self) -> Sequence[TicketSummary]:
        """Every ticket, by number."""
        e = ticket_events.c
        counted = select(e.ticket, func.count().label("events")).where(e.community == self._community)
        async with self._connections.read() as connection:
            tickets = await load(connection, self._community, self._moments)
            counts = {row.ticket: row.events for row in await connection.rows(counted.group_by(e.ticket))}
        return [TicketSummary(t, len(t.media), counts.get(t.number, 0)) for t in tickets]

    async def look_list(self) -> Sequence[LookItem]:
        """What is undecided, by id."""
        async with self._connections.read() as connection:
            return await load_items(connection, self._community, self._moments, looks.c.decided_at.is_(None))
