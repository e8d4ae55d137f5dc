"""The inbox as ingest sees it: durable before anything else happens, and each message once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from domain.messages import Incoming
from storage import arrivals
from storage.columns import literally
from storage.connections import Connections
from storage.message_rows import WAITING, message_row, recalled_row
from storage.statements import Statements
from storage.tables import inbox


class SqlInbox:
    def __init__(self, connections: Connections, community: str) -> None:
        self._connections = connections
        self._community = community

    async def put(self, messages: Sequence[Incoming], now: datetime) -> int:
        if not messages:
            return 0
        return await self._connections.write(lambda statements: self._put(statements, messages, now))

    async def depth(self) -> int:
        waiting = inbox.c.community == self._community, literally(inbox.c.state, WAITING)
        counted = select(func.count()).select_from(inbox).where(*waiting)
        return await self._connections.read(lambda statements: statements.number(counted)) or 0

    def _put(self, statements: Statements, messages: Sequence[Incoming], now: datetime) -> int:
        last = arrivals.last_id(statements, self._community)
        new = arrivals.new(statements, self._community, messages)
        rows = [
            {"community": self._community, **(message_row(one, id, now) if fresh else recalled_row(one, id, now))}
            for id, (one, fresh) in enumerate(new, last + 1)
        ]
        arrivals.add(statements, self._community, rows, last)
        return sum(fresh for _, fresh in new)
