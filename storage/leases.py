"""Who may run something that only one process may run."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from storage.connections import Connections
from storage.moments import stored
from storage.statements import Statements
from storage.tables import leases


class SqlLeases:
    def __init__(self, connections: Connections, community: str) -> None:
        self._connections = connections
        self._community = community

    async def acquire(self, name: str, holder: str, now: datetime, lasts: timedelta) -> int | None:
        """The token grows whenever the lease was free in between, so that a late holder can be told apart."""
        at, until = stored(now), stored(now + lasts)
        key = (leases.c.community == self._community, leases.c.name == name)

        def take(statements: Statements) -> int | None:
            free = {"community": self._community, "name": name, "holder": "", "token": 0, "until": 0}
            statements.run(statements.dialect.added(leases).values(**free))
            row = statements.row(select(leases).where(*key).with_for_update())
            assert row is not None, "inserted above"
            runs = row.until > at
            if runs and row.holder != holder:
                return None
            token = int(row.token) if runs else int(row.token) + 1
            statements.run(update(leases).where(*key).values(holder=holder, token=token, until=until))
            return token

        return await self._connections.write(take)

    async def release(self, name: str, holder: str) -> None:
        ours = (leases.c.community == self._community, leases.c.name == name, leases.c.holder == holder)
        await self._connections.write(lambda statements: statements.run(update(leases).where(*ours).values(until=0)))

    async def holder(self, name: str) -> str | None:
        mine = select(leases.c.holder).where(leases.c.community == self._community, leases.c.name == name)
        row = await self._connections.read(lambda statements: statements.row(mine))
        return (row.holder or None) if row is not None else None
