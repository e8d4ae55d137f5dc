"""SQLite: the file, its one writer and its reader, each a connection with a thread of its own."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from domain.errors import StoreError
from storage.columns import to_json
from storage.connections import Work
from storage.dialects import Dialect
from storage.failures import translated
from storage.statements import Statements

T = TypeVar("T")
BUSY_SECONDS = 5
SQLITE = Dialect("sqlite", insert=sqlite.insert, optimistic=True, by_position=True)


class Lane:
    """One connection and its thread: visits happen one after the other, in the order in which they were asked for."""

    def __init__(self, engine: Engine, name: str, begin: str) -> None:
        self._engine = engine
        self._begin = begin
        self._connection: Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def visit(self, call: Callable[[], T]) -> T:
        """Once asked for it happens, even if nobody waits for it any more."""
        with translated((sqlite3.Error,)):
            return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, call))

    async def transaction(self, work: Work[T]) -> T:
        return await self.visit(lambda: self._transaction(work))

    def at_once(self, work: Work[T]) -> T:
        """In the caller's thread; not for a lane that is visited as well."""
        with translated((sqlite3.Error,)):
            return self._transaction(work)

    async def close(self) -> None:
        with suppress(StoreError):
            await self.visit(self._dispose)
        self._thread.shutdown()

    def keep_readers_free(self) -> None:
        """The journal that lets readers read while somebody writes; it stays with the file."""
        raw = self._engine.raw_connection()  # past SQLAlchemy: it may not happen in a transaction
        try:
            raw.cursor().execute("PRAGMA journal_mode = WAL")
        finally:
            raw.close()

    def _transaction(self, work: Work[T]) -> T:
        """Begun and ended past SQLAlchemy, which takes longer for it than SQLite; it notices only where it is used."""
        connection = self._connection = self._connection or self._engine.connect()
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.execute(self._begin)
        try:
            found = work(Statements(connection, SQLITE))
            if connection.in_transaction():
                connection.commit()
            driver.commit()
        except BaseException:
            connection.rollback()
            driver.rollback()
            raise
        return found

    def _dispose(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._engine.dispose()


class SqliteSession:
    def __init__(self, connections: "SqliteConnections") -> None:
        self._connections = connections

    async def visit(self, work: Work[T]) -> T:
        return await self._connections.read(work)

    async def glance(self, work: Work[T]) -> T:
        return await self._connections.glance(work)

    async def commit(self, work: Work[None]) -> None:
        await self._connections.write(work)


class SqliteConnections:
    def __init__(self, url: URL) -> None:
        in_memory = url.database in {None, "", ":memory:"}
        if not in_memory:
            _make_folder(Path(url.database or ""))
        self.dialect = SQLITE
        self._in_memory = in_memory
        self._writer = Lane(_engine(url), "louqun-write", "BEGIN IMMEDIATE")
        self._reader = self._writer if in_memory else Lane(_engine(url), "louqun-read", "BEGIN")
        self._glancer = self._writer if in_memory else Lane(_engine(url), "louqun-glance", "BEGIN")
        self._turn = asyncio.Lock()
        self._session = asyncio.Lock()

    async def write(self, work: Work[T]) -> T:
        async with self._turn:
            return await self._writer.transaction(work)

    async def write_alone(self, work: Work[T]) -> T:
        async with self._session:
            return await self.write(work)

    async def read(self, work: Work[T]) -> T:
        if self._in_memory:
            return await self.write(work)
        return await self._reader.transaction(work)

    async def glance(self, work: Work[T]) -> T:
        return await self.read(work) if self._in_memory else self._glancer.at_once(work)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[SqliteSession]:
        async with self._session:
            yield SqliteSession(self)

    async def settle_in(self) -> None:
        if not self._in_memory:
            await self._writer.visit(self._writer.keep_readers_free)

    async def close(self) -> None:
        await self._writer.close()
        if not self._in_memory:
            await self._reader.close()
            await self._glancer.close()


def _make_folder(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the folder of the database cannot be made: {error}") from error


def _engine(url: URL) -> Engine:
    arguments: dict[str, object] = {} if "timeout" in url.query else {"timeout": BUSY_SECONDS}
    arguments["cached_statements"] = 512
    arguments["check_same_thread"] = False  # closed by whoever closes the pool
    # One connection, in the one thread of its lane.
    engine = create_engine(url, json_serializer=to_json, poolclass=StaticPool, connect_args=arguments)
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """The driver must not begin transactions by itself: it would take the write lock too late."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
