"""Transactions, and the only calls that reach a database. What fails here leaves as StoreError."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from typing import TypeAlias

from sqlalchemy import Executable, Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlalchemy.util.typing import TupleAny, Unpack

from domain.errors import StoreError
from storage.dialects import Dialect, Engines
from storage.failures import translated

Record: TypeAlias = Row[Unpack[TupleAny]]
Values: TypeAlias = Mapping[str, object]


class Connection:
    """One transaction's statements."""

    def __init__(self, inner: AsyncConnection, dialect: Dialect) -> None:
        self._inner = inner
        self.dialect = dialect

    async def rows(self, statement: TypedReturnsRows[Unpack[TupleAny]]) -> Sequence[Record]:
        with translated(self.dialect.errors):
            return (await self._inner.execute(statement)).all()

    async def row(self, statement: TypedReturnsRows[Unpack[TupleAny]]) -> Record | None:
        with translated(self.dialect.errors):
            return (await self._inner.execute(statement)).first()

    async def number(self, statement: TypedReturnsRows[Unpack[TupleAny]]) -> int | None:
        """The first column of the first row."""
        row = await self.row(statement)
        return None if row is None or row[0] is None else int(row[0])

    async def run(self, statement: Executable) -> int:
        """How many rows it changed."""
        with translated(self.dialect.errors):
            return (await self._inner.execute(statement)).rowcount

    async def run_many(self, statement: Executable, values: Sequence[Values]) -> None:
        if values:
            with translated(self.dialect.errors):
                await self._inner.execute(statement, values)


class Connections:
    """Where transactions come from. On SQLite writers queue here, in one process, instead of at the file's lock."""

    def __init__(self, engines: Engines) -> None:
        self.dialect = engines.dialect
        self._writer = engines.writer
        self._reader = engines.reader
        self._writing: AbstractAsyncContextManager[object] = (
            asyncio.Lock() if engines.dialect.one_writer else nullcontext()
        )

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Connection]:
        """Commits on a clean exit, rolls back on an error. The writer's turn ends after the commit."""
        async with self._writing, self._transaction(self._writer) as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        turn = self._writing if self._reader is self._writer else nullcontext()
        async with turn, self._transaction(self._reader) as connection:
            yield connection

    async def close(self) -> None:
        with suppress(StoreError), translated(self.dialect.errors):
            await self._writer.dispose()
            await self._reader.dispose()

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncIterator[Connection]:
        with translated(self.dialect.errors):
            inner = await engine.connect()
        try:
            with translated(self.dialect.errors):
                _ = await inner.begin()
            yield Connection(inner, self.dialect)
            with translated(self.dialect.errors):
                await inner.commit()
        finally:  # what was not committed is rolled back
            with suppress(StoreError), translated(self.dialect.errors):
                await inner.close()
