"""PostgreSQL: a pool of connections, as many transactions at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

from sqlalchemy import URL
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from domain.errors import ConfigError, StoreError
from storage.columns import to_json
from storage.connections import Work
from storage.dialects import Dialect
from storage.failures import translated
from storage.statements import Statements

T = TypeVar("T")
POSTGRESQL = Dialect("postgresql", insert=postgresql.insert, upgrade_lock="SELECT pg_advisory_xact_lock(7108257421)")


class PostgresqlSession:
    def __init__(self, connection: AsyncConnection, errors: tuple[type[Exception], ...]) -> None:
        self._connection = connection
        self._errors = errors

    async def visit(self, work: Work[T]) -> T:
        with translated(self._errors):
            return await _visit(self._connection, work)

    async def glance(self, work: Work[T]) -> T:
        return await self.visit(work)

    async def commit(self, work: Work[None]) -> None:
        with translated(self._errors):
            await _visit(self._connection, work)
            await self._connection.commit()


class PostgresqlConnections:
    def __init__(self, url: URL) -> None:
        try:
            import asyncpg  # noqa: PLC0415  an extra: only who uses PostgreSQL has it
        except ImportError as error:
            raise ConfigError('a postgresql:// database needs asyncpg: pip install "louqun[postgres]"') from error
        self.dialect = POSTGRESQL
        self._errors = (asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)
        settings = {"application_name": "louqun", "jit": "off"}
        self._engine = create_async_engine(
            url,
            json_serializer=to_json,
            pool_size=5,
            max_overflow=5,
            pool_pre_ping=True,  # the server may have been restarted since
            connect_args={"timeout": 10, "command_timeout": 60, "server_settings": settings},
        )

    async def write(self, work: Work[T]) -> T:
        with translated(self._errors):
            async with self._engine.begin() as connection:
                return await _visit(connection, work)

    async def write_alone(self, work: Work[T]) -> T:
        """The community's row is the lock."""
        return await self.write(work)

    async def read(self, work: Work[T]) -> T:
        return await self.write(work)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[PostgresqlSession]:
        with translated(self._errors):
            connection = await self._engine.connect()
        try:
            with translated(self._errors):
                _ = await connection.begin()
            yield PostgresqlSession(connection, self._errors)
        finally:  # what was not committed is rolled back
            with suppress(StoreError), translated(self._errors):
                await connection.close()

    async def settle_in(self) -> None:
        """Nothing to do."""

    async def close(self) -> None:
        with suppress(StoreError), translated(self._errors):
            await self._engine.dispose()


async def _visit(connection: AsyncConnection, work: Work[T]) -> T:
    return await connection.run_sync(lambda inner: work(Statements(inner, POSTGRESQL)))
