"""Until when a channel was surely heard: what a restart has to know to tell what it missed."""

from datetime import datetime

from sqlalchemy import select, update

from storage.connections import Connections
from storage.moments import Moments, stored
from storage.statements import Statements
from storage.tables import heard


class SqlHearing:
    def __init__(self, connections: Connections, community: str, moments: Moments) -> None:
        self._connections = connections
        self._community = community
        self._moments = moments

    async def until(self, channel: str) -> datetime | None:
        mine = select(heard.c.until).where(heard.c.community == self._community, heard.c.channel == channel)
        return self._moments.maybe(await self._connections.read(lambda statements: statements.number(mine)))

    async def note(self, channel: str, until: datetime) -> None:
        await self._connections.write(lambda statements: self._note(statements, channel, stored(until)))

    def _note(self, statements: Statements, channel: str, until: int | None) -> None:
        row = {"community": self._community, "channel": channel, "until": until}
        if not statements.run(statements.dialect.added(heard).values(**row)):
            mine = (heard.c.community == self._community, heard.c.channel == channel)
            statements.run(update(heard).where(*mine).values(until=until))
