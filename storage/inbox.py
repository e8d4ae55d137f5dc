"""The inbox as ingest sees it: durable before anything else happens, and each message once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, tuple_, update

from domain.messages import Incoming
from storage.columns import literally, padded, storable
from storage.connections import Connections
from storage.message_rows import WAITING, message_row
from storage.statements import Statements
from storage.tables import arrivals, inbox
from storage.talk_memory import MessageKey

_INSERT = insert(inbox)
_MINE = arrivals.c.community == bindparam("of_community")
_LAST = select(arrivals.c.last_inbox).where(_MINE).with_for_update()
_ARRIVED = update(arrivals).where(_MINE).values(last_inbox=bindparam("last"))
_KNOWN = select(inbox.c.channel, inbox.c.external_id).where(
    inbox.c.community == bindparam("of_community"),
    tuple_(inbox.c.channel, inbox.c.external_id).in_(bindparam("keys", expanding=True)),
)


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
        last = self._last_id(statements)
        new = self._new(statements, messages)
        rows = [
            {"community": self._community, **message_row(message, id, now)} for id, message in enumerate(new, last + 1)
        ]
        statements.run_many(_INSERT, rows)
        if rows:
            statements.run_many(_ARRIVED, [{"of_community": self._community, "last": last + len(rows)}])
        return len(rows)

    def _last_id(self, statements: Statements) -> int:
        """Locks the arrivals: ids grow in the order in which messages become durable."""
        return statements.number(_LAST, {"of_community": self._community}) or 0

    def _new(self, statements: Statements, messages: Sequence[Incoming]) -> list[Incoming]:
        """Without duplicates of what is there, and of each other."""
        unique: dict[MessageKey, Incoming] = {}
        for message in messages:
            unique.setdefault((storable(message.channel), storable(message.external_id)), message)
        for row in statements.rows(_KNOWN, {"of_community": self._community, "keys": padded(list(unique))}):
            del unique[row.channel, row.external_id]
        return list(unique.values())
