"""The inbox as ingest sees it: durable before anything else happens, and each message once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, tuple_, update

from domain.messages import Incoming
from storage.columns import literally, padded, storable
from storage.connections import Connections
from storage.message_rows import WAITING, message_row, recalled_row
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
            {"community": self._community, **(message_row(one, id, now) if fresh else recalled_row(one, id, now))}
            for id, (one, fresh) in enumerate(new, last + 1)
        ]
        statements.run_many(_INSERT, rows)
        if rows:
            statements.run_many(_ARRIVED, [{"of_community": self._community, "last": last + len(rows)}])
        return sum(fresh for _, fresh in new)

    def _last_id(self, statements: Statements) -> int:
        """Locks the arrivals: ids grow in the order in which messages become durable."""
        return statements.number(_LAST, {"of_community": self._community}) or 0

    def _new(self, statements: Statements, messages: Sequence[Incoming]) -> list[tuple[Incoming, bool]]:
        """Without duplicates of what is there, and of each other. False: not a message, but the place of one that was
        taken back before it came; when it comes it dies there."""
        keys = [_key(message.channel, message.external_id) for message in messages]
        recalls = [_key(message.channel, message.recalls) for message in messages if message.recalls]
        wanted = {"of_community": self._community, "keys": padded([*dict.fromkeys([*keys, *recalls])])}
        known = {(row.channel, row.external_id) for row in statements.rows(_KNOWN, wanted)}
        new: list[tuple[Incoming, bool]] = []
        for key, message in zip(keys, messages, strict=True):
            if key in known:
                continue
            gone = _key(message.channel, message.recalls) if message.recalls else key
            if gone not in {*known, key}:
                new.append((message, False))
            new.append((message, True))
            known |= {key, gone}
        return new


def _key(channel: str, id: str) -> MessageKey:
    return storable(channel), storable(id)
