"""What is forgotten, and what ran already."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select, update

from domain.records import MediaState, Outcome
from storage.columns import literally
from storage.connections import Connections
from storage.memory import Memory
from storage.message_rows import ERASED, FRESH
from storage.moments import stored
from storage.staging import Journal
from storage.statements import Statements
from storage.tables import fired_jobs, inbox, looks, media
from storage.talk_memory import MessageKey
from storage.talks import ERASE
from storage.transaction import lock_community

FILES_AT_ONCE = 100
UNDECIDED_KEPT = timedelta(days=6, hours=23)
"""How much longer than chatter the text of what a person has yet to look at is kept: seven days at most in all."""


def _forgettable() -> ColumnElement[bool]:
    """Handled before, of no ticket; what waits for a person's decision stays a week."""
    i, look = inbox.c, looks.c
    undecided = exists().where(look.community == i.community, look.inbox == i.id, look.decided_at.is_(None))
    waits = or_(literally(i.state, Outcome.PARKED.value), undecided)
    handled_before = i.handled_at < bindparam("before")
    old = i.handled_at < bindparam("long_before")
    return and_(i.community == bindparam("of_community"), literally(i.trace, FRESH), handled_before, or_(~waits, old))


_ERASE = update(inbox).where(_forgettable()).values(**ERASE).returning(inbox.c.channel, inbox.c.external_id)


@dataclass(frozen=True, slots=True)
class _Erased:
    """Messages without words now, and the community's versions around it."""

    keys: Sequence[MessageKey]
    version_before: int
    version: int


class SqlHousekeeping:
    def __init__(self, connections: Connections, community: str, memory: Memory) -> None:
        self._connections = connections
        self._community = community
        self._memory = memory

    async def erase_chatter(self, before: datetime) -> int:
        """Under the community's lock, and as a new version: nobody goes on reading it from memory."""
        erased = await self._connections.write_alone(lambda statements: self._erase(statements, before))
        if erased.keys and self._memory.version == erased.version_before:  # else our own memory is loaded anew
            self._memory.talks.erase(erased.keys)
            self._memory.version = erased.version
        return len(erased.keys)

    async def drop_files(self, drop: Callable[[str], Awaitable[None]]) -> int:
        """A file is named by what is in it: where somebody else sent the same, it stays."""
        gone = await self._connections.read(self._erased_files)
        for id, digest, held in gone:
            if not held:
                await drop(digest)
            await self._connections.write(partial(self._file_dropped, id))
        return len(gone)

    def _erased_files(self, statements: Statements) -> list[tuple[str, str, bool]]:
        c, others = media.c, media.alias().c
        theirs = (c.community == self._community, literally(c.state, MediaState.ERASED.value), c.digest != "")
        held = exists().where(others.digest == c.digest, others.state != MediaState.ERASED.value)
        query = select(c.id, c.digest, held.label("held")).where(*theirs).limit(FILES_AT_ONCE)
        return [(row.id, row.digest, bool(row.held)) for row in statements.rows(query)]

    def _file_dropped(self, id: str, statements: Statements) -> int:
        which = (media.c.community == self._community, media.c.id == id)
        return statements.run(update(media).where(*which).values(digest="", size=0))

    async def fired(self, name: str, fire_at: datetime) -> bool:
        row = {"community": self._community, "name": name, "fire_at": stored(fire_at)}
        return await self._connections.write(
            lambda statements: statements.run(statements.dialect.added(fired_jobs).values(**row)) == 1
        )

    def _erase(self, statements: Statements, before: datetime) -> _Erased:
        counters = lock_community(statements, self._community, Journal())
        times = {"before": stored(before), "long_before": stored(before - UNDECIDED_KEPT)}
        rows = statements.rows(_ERASE, {"of_community": self._community, **times})
        version = counters.version
        if rows:
            self._erase_media(statements)
            counters.next("version")
            counters.write(statements, self._community)
        return _Erased([(row.channel, row.external_id) for row in rows], version, counters.version)

    def _erase_media(self, statements: Statements) -> None:
        """The records of files that came with erased messages no longer say where to fetch them."""
        i, m = inbox.c, media.c
        gone = select(i.id).where(
            i.community == m.community, i.channel == m.channel, i.external_id == m.message, i.trace == ERASED
        )
        orphans = (m.community == self._community, m.ticket.is_(None), m.handle != "", exists(gone))
        statements.run(update(media).where(*orphans).values(handle="", name=""))
