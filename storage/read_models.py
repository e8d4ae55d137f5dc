"""What pages and summaries show: read beside the work, never in its way."""

from collections.abc import Sequence

from sqlalchemy import func, select

from domain.records import Correction, LookItem, TicketSummary
from storage.connections import Connections
from storage.corrections import correction_of, standing
from storage.looks import item_of, items_of
from storage.moments import Moments
from storage.statements import Statements
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

        def summarise(statements: Statements) -> list[TicketSummary]:
            counts = {row.ticket: row.events for row in statements.rows(counted.group_by(e.ticket))}
            tickets = load(statements, self._community, self._moments)
            return [TicketSummary(t, len(t.media), counts.get(t.number, 0)) for t in tickets]

        return await self._connections.read(summarise)

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
