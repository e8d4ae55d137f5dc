"""Where SQLite and PostgreSQL differ; everything else is written once."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Table, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, StaticPool

from domain.errors import ConfigError, StoreError
from storage.columns import to_json

Insert = sqlite.Insert | postgresql.Insert
BUSY_SECONDS = 5
_EXPECTED = 'expected "sqlite:///var/louqun.sqlite3", ":memory:" or "postgresql://user@host/name"'


@dataclass(frozen=True, slots=True)
class Dialect:
    """one_writer: the database takes one writing transaction at a time, so we queue for it ourselves.

    errors: what the driver raises past SQLAlchemy. lock: statement that keeps two upgrades apart.
    """

    name: str
    one_writer: bool
    insert: Callable[[Table], Insert]
    errors: tuple[type[Exception], ...] = ()
    upgrade_lock: str | None = None

    def added(self, table: Table) -> Insert:
        """Insert; a row that is there already stays."""
        return self.insert(table).on_conflict_do_nothing()

    def replaced(self, table: Table) -> Insert:
        """Insert; a row that is there already becomes the new one."""
        insert = self.insert(table)
        changed = {c.name: insert.excluded[c.name] for c in table.columns if not c.primary_key}
        return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed)


@dataclass(frozen=True, slots=True)
class Engines:
    """writer and reader are the same where that is all there is (PostgreSQL; SQLite in memory)."""

    dialect: Dialect
    writer: AsyncEngine
    reader: AsyncEngine


SQLITE = Dialect("sqlite", one_writer=True, insert=sqlite.insert)


def _postgresql() -> Dialect:
    try:
        import asyncpg  # noqa: PLC0415  an extra: only who uses PostgreSQL has it
    except ImportError as error:
        raise ConfigError('a postgresql:// database needs asyncpg: pip install "louqun[postgres]"') from error
    errors = (asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)
    lock = "SELECT pg_advisory_xact_lock(7108257421)"
    return Dialect("postgresql", one_writer=False, insert=postgresql.insert, errors=errors, upgrade_lock=lock)


def engines(url: str) -> Engines:
    """Opens nothing yet. Raises ConfigError for an address of another kind."""
    try:
        parsed = make_url("sqlite://" if url == ":memory:" else url)
    except ArgumentError as error:
        raise ConfigError(f"database address not understood; {_EXPECTED}") from error
    if parsed.drivername.startswith("sqlite"):
        return _sqlite_engines(parsed.set(drivername="sqlite+aiosqlite"))
    if parsed.drivername.startswith("postgres"):
        return _postgresql_engines(parsed.set(drivername="postgresql+asyncpg"))
    raise ConfigError(f"no database of kind {parsed.drivername!r}; {_EXPECTED}")


def sqlite_file(url: str) -> Path | None:
    """The file of an embedded database; None for one in memory or on a server. Raises ConfigError."""
    if url == ":memory:":
        return None
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigError(f"database address not understood; {_EXPECTED}") from error
    embedded = parsed.drivername.startswith("sqlite") and parsed.database not in {None, "", ":memory:"}
    return Path(parsed.database or "") if embedded else None


# -- PostgreSQL ------------------------------------------------------------------------------------------------


def _postgresql_engines(url: URL) -> Engines:
    dialect = _postgresql()
    settings = {"application_name": "louqun", "jit": "off"}
    engine = create_async_engine(
        url,
        json_serializer=to_json,
        pool_size=5,
        max_overflow=5,
        pool_pre_ping=True,  # the server may have been restarted since
        connect_args={"timeout": 10, "command_timeout": 60, "server_settings": settings},
    )
    return Engines(dialect, engine, engine)


# -- SQLite ----------------------------------------------------------------------------------------------------


def _sqlite_engines(url: URL) -> Engines:
    if url.database in {None, "", ":memory:"}:
        memory = _sqlite_engine(url, "BEGIN IMMEDIATE", readers=None)
        return Engines(SQLITE, memory, memory)
    try:
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the folder of the database cannot be made: {error}") from error
    writer = _sqlite_engine(url, "BEGIN IMMEDIATE", readers=1)
    return Engines(SQLITE, writer, _sqlite_engine(url, "BEGIN", readers=2))


def _sqlite_engine(url: URL, begin: str, readers: int | None) -> AsyncEngine:
    """readers: connections kept; None: the one connection that a database in memory lives in."""
    connect_args = {} if "timeout" in url.query else {"timeout": BUSY_SECONDS}
    if readers is None:
        engine = create_async_engine(url, json_serializer=to_json, poolclass=StaticPool, connect_args=connect_args)
    else:
        engine = create_async_engine(
            url,
            json_serializer=to_json,
            poolclass=AsyncAdaptedQueuePool,
            pool_size=readers,
            max_overflow=0,
            connect_args=connect_args,
        )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """The driver must not begin transactions by itself: it would take the write lock too late."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


async def keep_sqlite_readers_free(engine: AsyncEngine) -> None:
    """The journal that lets readers read while somebody writes; it stays with the file."""
    async with engine.connect() as connection:
        raw = await connection.get_raw_connection()  # past SQLAlchemy: it may not happen in a transaction
        assert raw.driver_connection is not None, "it was opened a line above"
        await raw.driver_connection.execute("PRAGMA journal_mode = WAL")
