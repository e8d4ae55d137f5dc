"""Brings a database to the form that this version knows, or says why it will not touch it."""

from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table, text
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.errors import NewerDatabase, StoreError
from storage.dialects import Engines, engines, keep_sqlite_readers_free
from storage.failures import translated
from storage.migrations import REVISIONS, VERSION_TABLE
from storage.tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"


async def upgrade(url: str) -> None:
    """To the newest form. NewerDatabase: left as it is. StoreError: away, broken or somebody else's."""
    opened = engines(url)
    try:
        await prepare(opened)
    finally:
        await opened.writer.dispose()
        await opened.reader.dispose()


async def prepare(opened: Engines) -> None:
    with translated(opened.dialect.errors):
        async with opened.writer.connect() as connection:
            revision = await connection.run_sync(_revision)
        if revision != REVISIONS[-1]:
            await _migrate(opened.writer, opened.dialect.upgrade_lock)
        if opened.dialect.one_writer and opened.reader is not opened.writer:
            await keep_sqlite_readers_free(opened.writer)


def _revision(connection: Connection) -> str | None:
    """The database's own; None when it is empty."""
    names = set(inspect(connection).get_table_names())
    if VERSION_TABLE in names:
        revision: str | None = connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))
        if revision not in {None, *REVISIONS}:
            raise NewerDatabase(
                f"the database has form {revision}, this version knows up to {REVISIONS[-1]}: upgrade the program"
            )
        return revision
    foreign = names if connection.dialect.name == "sqlite" else names & set(metadata.tables)
    if foreign:
        raise StoreError(
            f"this is another program's database (it has the tables {', '.join(sorted(foreign)[:3])} …): not touched"
        )
    return None


async def _migrate(engine: AsyncEngine, lock: str | None) -> None:
    async with engine.begin() as connection:
        if lock:
            await connection.execute(text(lock))
        await connection.run_sync(_run_alembic)


def _run_alembic(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  slow to import, and seldom needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
