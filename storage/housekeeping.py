"""What is forgotten, and what ran already."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from domain.records import Outcome
from storage.columns import literally
from storage.connections import Connections
from storage.message_rows import ERASED, FRESH
from storage.moments import stored
from storage.staging import Journal
from storage.statements import Statements
from storage.tables import fired_jobs, inbox, looks, media
from storage.talks import ERASE
from storage.transaction import lock_community

UNDECIDED_KEPT = timedelta(days=6, hours=23)
"""How much longer than chatter the text of what a person has yet to look at is kept: seven days at most in all."""


class SqlHousekeeping:
    def __init__(self, connections: Connections, community: str) -> None:
        self._connections = connections
        self._community = community

    async def erase_chatter(self, before: datetime) -> int:
        """Under the community's lock, and as a new version: nobody goes on reading it from memory."""
        return await self._connections.write_alone(lambda statements: self._erase(statements, before))

    async def fired(self, name: str, fire_at: datetime) -> bool:
        row = {"community": self._community, "name": name, "fire_at": stored(fire_at)}
        return await self._connections.write(
            lambda statements: statements.run(statements.dialect.added(fired_jobs).values(**row)) == 1
        )

    def _erase(self, statements: Statements, before: datetime) -> int:
        counters = lock_community(statements, self._community, Journal())
        erased = statements.run(update(inbox).where(self._forgettable(before)).values(**ERASE))
        if erased:
            self._erase_media(statements)
            counters.next("version")
            counters.write(statements, self._community)
        return erased

    def _forgettable(self, before: datetime) -> ColumnElement[bool]:
        """Handled before, of no ticket; what waits for a person's decision stays a week."""
        i, look = inbox.c, looks.c
        undecided = exists().where(look.community == i.community, look.inbox == i.id, look.decided_at.is_(None))
        waits = or_(i.state == Outcome.PARKED.value, undecided)
        old = i.handled_at < stored(before - UNDECIDED_KEPT)
        return and_(
            i.community == self._community, literally(i.trace, FRESH), i.handled_at < stored(before), or_(~waits, old)
        )

    def _erase_media(self, statements: Statements) -> None:
        """The records of files that came with erased messages no longer say where to fetch them."""
        i, m = inbox.c, media.c
        gone = select(i.id).where(
            i.community == m.community, i.channel == m.channel, i.external_id == m.message, i.trace == ERASED
        )
        orphans = (m.community == self._community, m.ticket.is_(None), m.handle != "", exists(gone))
        statements.run(update(media).where(*orphans).values(handle="", name=""))
