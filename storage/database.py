"""Opens a database, brings it up to date, and gives out everything that is kept in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import tzinfo

from domain.roster import Community
from storage.addresses import connections
from storage.connections import Connections
from storage.deliveries import SqlDeliveries
from storage.hearing import SqlHearing
from storage.housekeeping import SqlHousekeeping
from storage.inbox import SqlInbox
from storage.leases import SqlLeases
from storage.moments import Moments
from storage.read_models import SqlReadModels
from storage.schema import prepare
from storage.statements import Statements
from storage.store import SqlStore
from storage.tables import arrivals, communities
from storage.transaction import COUNTED, Configured


@dataclass(frozen=True, slots=True)
class Database:
    """One community's share of a database."""

    store: SqlStore
    inbox: SqlInbox
    deliveries: SqlDeliveries
    leases: SqlLeases
    hearing: SqlHearing
    housekeeping: SqlHousekeeping
    read_models: SqlReadModels


@asynccontextmanager
async def open_database(url: str, community: Community, zone: tzinfo) -> AsyncIterator[Database]:
    """``url``: sqlite:///var/louqun.sqlite3, postgresql://user@host/name, or :memory: (gone when it is closed).

    Raises ConfigError for another address, NewerDatabase, and StoreError when it is away or not ours.
    """
    opened = connections(url)
    try:
        await prepare(opened)
        await opened.write(lambda statements: _register(statements, community.id))
        yield _database(opened, community, Moments(zone))
    finally:
        await opened.close()


def _database(opened: Connections, community: Community, moments: Moments) -> Database:
    store = SqlStore(opened, community.id, Configured(community), moments)
    return Database(
        store=store,
        inbox=SqlInbox(opened, community.id),
        deliveries=SqlDeliveries(opened, community, moments, store.memory),
        leases=SqlLeases(opened, community.id),
        hearing=SqlHearing(opened, community.id, moments),
        housekeeping=SqlHousekeeping(opened, community.id, store.memory),
        read_models=SqlReadModels(opened, community.id, moments),
    )


def _register(statements: Statements, community: str) -> None:
    """The rows that are locked and counted in."""
    numbers = dict.fromkeys(COUNTED, 0)
    statements.run(statements.dialect.added(communities).values(community=community, **numbers))
    statements.run(statements.dialect.added(arrivals).values(community=community, last_inbox=0))
