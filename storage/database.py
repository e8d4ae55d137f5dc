"""Opens a database, brings it up to date, and gives out everything that is kept in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import tzinfo

from domain.roster import Community
from storage.connections import Connections
from storage.deliveries import SqlDeliveries
from storage.dialects import engines
from storage.housekeeping import SqlHousekeeping
from storage.inbox import SqlInbox
from storage.leases import SqlLeases
from storage.moments import Moments
from storage.read_models import SqlReadModels
from storage.schema import prepare
from storage.store import SqlStore
from storage.tables import arrivals, communities
from storage.transaction import Configured


@dataclass(frozen=True, slots=True)
class Database:
    """One community's share of a database."""

    store: SqlStore
    inbox: SqlInbox
    deliveries: SqlDeliveries
    leases: SqlLeases
    housekeeping: SqlHousekeeping
    read_models: SqlReadModels


@asynccontextmanager
async def open_database(url: str, community: Community, zone: tzinfo) -> AsyncIterator[Database]:
    """``url``: sqlite:///var/louqun.sqlite3, postgresql://user@host/name, or :memory: (gone when it is closed).

    Raises ConfigError for another address, NewerDatabase, and StoreError when it is away or not ours.
    """
    opened = engines(url)
    connections = Connections(opened)
    try:
        await prepare(opened)
        await _register(connections, community.id)
        yield _database(connections, community, Moments(zone))
    finally:
        await connections.close()


def _database(connections: Connections, community: Community, moments: Moments) -> Database:
    store = SqlStore(connections, community.id, Configured(community), moments)
    return Database(
        store=store,
        inbox=SqlInbox(connections, community.id),
        deliveries=SqlDeliveries(connections, community.id, moments, store.memory),
        leases=SqlLeases(connections, community.id),
        housekeeping=SqlHousekeeping(connections, community.id),
        read_models=SqlReadModels(connections, community.id, moments),
    )


async def _register(connections: Connections, community: str) -> None:
    """The rows that are locked and counted in."""
    numbers = {"version": 0, "last_ticket": 0, "last_event": 0, "last_outbox": 0, "last_look": 0}
    async with connections.write() as connection:
        await connection.run(connection.dialect.added(communities).values(community=community, **numbers))
        await connection.run(connection.dialect.added(arrivals).values(community=community, last_inbox=0))
