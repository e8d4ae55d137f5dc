"""The tables are what the migrations make; what is not ours or is newer is left exactly as it was."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from domain.errors import ConfigError, NewerDatabase, StoreError
from storage.addresses import connections
from storage.database import open_database
from storage.migrations import REVISIONS, VERSION_TABLE
from storage.schema import upgrade
from storage.tables import metadata
from tests.storage.values import ZONE, community


async def execute(url, *statements):
    opened = connections(url)
    try:
        await opened.write(lambda work: [work.run(text(statement)) for statement in statements])
    finally:
        await opened.close()


async def tables(url):
    opened = connections(url)
    try:
        return await opened.read(lambda work: set(work.inner.dialect.get_table_names(work.inner)))
    finally:
        await opened.close()


async def test_migrations_make_the_tables_of_the_metadata(database_url):
    opened = connections(database_url)
    options = {"version_table": VERSION_TABLE, "compare_type": True}

    def differences(statements):
        return compare_metadata(MigrationContext.configure(statements.inner, opts=options), metadata)

    try:
        assert await opened.read(differences) == []
    finally:
        await opened.close()


def test_every_key_begins_with_the_community():
    for table in metadata.tables.values():
        assert next(iter(table.primary_key)).name == "community", table.name
        for index in table.indexes:
            assert list(index.columns)[0].name == "community", index.name  # noqa: RUF015  reads as what it checks


async def test_opening_twice_changes_nothing(database_url):
    before = await tables(database_url)
    for _ in range(2):
        async with open_database(database_url, community(), ZONE):
            pass
    assert await tables(database_url) == before == {*metadata.tables, VERSION_TABLE}


async def test_a_newer_database_is_said_and_left_alone(database_url, database_kind):
    await execute(database_url, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    before = _content(database_url) if database_kind == "sqlite" else await tables(database_url)
    with pytest.raises(NewerDatabase, match=f"9999.*{REVISIONS[-1]}.*upgrade the program"):
        await upgrade(database_url)
    after = _content(database_url) if database_kind == "sqlite" else await tables(database_url)
    assert after == before


@pytest.mark.parametrize("database_kind", ["sqlite"])
async def test_another_programs_file_is_left_alone(tmp_path, database_kind):
    path = tmp_path / "photos.sqlite3"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE albums (id INTEGER)")
    theirs.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"another program's database.*albums"):
        await upgrade(f"sqlite:///{path}")
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


async def test_a_server_database_with_a_table_of_our_name_is_left_alone(postgres):
    postgres.create("theirs")
    url = postgres.url("theirs")
    await execute(url, "CREATE TABLE tickets (id INTEGER)", "CREATE TABLE albums (id INTEGER)")
    with pytest.raises(StoreError, match=r"another program's database.*tickets"):
        await upgrade(url)
    assert await tables(url) == {"tickets", "albums"}


@pytest.mark.parametrize("url", ["mysql://root@localhost/louqun", "louqun.sqlite3", "", "http://localhost"])
async def test_an_address_of_another_kind_is_refused(url):
    with pytest.raises(ConfigError, match=r"expected .*sqlite:///"):
        await upgrade(url)


def _content(url):
    return Path(url.removeprefix("sqlite:///")).read_bytes()
