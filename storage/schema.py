"""Brings a database to the form that this version knows, or says why it will not touch it."""

from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table, text

from domain.errors import NewerDatabase, StoreError
from storage.addresses import connections
from storage.connections import Connections
from storage.migrations import REVISIONS, VERSION_TABLE
from storage.statements import Statements
from storage.tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"


async def upgrade(url: str) -> None:
    """To the newest form. NewerDatabase: left as it is. StoreError: away, broken or somebody else's."""
    opened = connections(url)
    try:
        await prepare(opened)
    finally:
        await opened.close()


async def prepare(opened: Connections) -> None:
    revision = await opened.write(lambda statements: _revision(statements.inner))
    if revision != REVISIONS[-1]:
        await opened.write(_migrate)
    await opened.settle_in()


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


def _migrate(statements: Statements) -> None:
    if statements.dialect.upgrade_lock:
        statements.run(text(statements.dialect.upgrade_lock))
    from alembic import command  # noqa: PLC0415  slow to import, and seldom needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = statements.inner
    command.upgrade(config, "head")
