"""A database that is locked, full, away or broken is said so, takes nothing half, and works again afterwards."""

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.errors import StoreError
from storage.database import open_database
from tests.postgres import Postgres
from tests.storage.values import NOW, ZONE, community, message, opened, reply, ticket

LONG = "水" * 100_000


@pytest.fixture
def file(sqlite_template, tmp_path):
    path = tmp_path / "louqun.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    return path


async def report(database, words="漏水"):
    """A ticket, its history and its answer in one commit."""
    async with database.store.begin(NOW) as work:
        number = await work.tickets.next_number()
        await work.tickets.save(ticket(number), opened(number))
        await work.outbox.put([reply(params={"words": words})], NOW)
    return number


async def counts(database):
    tables = ("inbox", "tickets", "ticket_reporters", "ticket_events", "outbox", "queues")
    query = text("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in tables))
    return await database.store._connections.read(lambda work: tuple(work.rows(query)[0]))


async def each_refused(database, sign):
    """Everything that writes says what is wrong."""
    for attempt in (
        lambda: database.inbox.put([message("m9", LONG)], NOW),
        lambda: report(database, LONG),
        lambda: report(database, LONG),
    ):
        with pytest.raises(StoreError, match=sign):
            await attempt()


async def works(database):
    """Nothing of what was refused is there, and life goes on."""
    before = await counts(database)
    assert await report(database) == before[1] + 1
    assert await database.inbox.put([message("m9", LONG)], NOW) == 1
    assert await counts(database) == (before[0] + 1, *(n + 1 for n in before[1:5]), 1)


async def test_a_file_that_another_program_writes_to(file):
    async with open_database(f"sqlite:///{file}?timeout=0.05", community(), ZONE) as database:
        await report(database)
        before = await counts(database)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await each_refused(database, "another process is writing")
            assert await counts(database) == before, "reading goes on"
            other.execute("ROLLBACK")
        assert await counts(database) == before
        await works(database)


async def test_a_full_disk(file):
    async with open_database(f"sqlite:///{file}", community(), ZONE) as database:
        await report(database)
        before = await counts(database)

        async def limit(pages):
            await database.store._connections.write(lambda work: work.run(text(f"PRAGMA max_page_count = {pages}")))

        await limit(1)  # as small as it is
        await each_refused(database, "full; free some space, nothing was lost")
        assert await counts(database) == before
        await limit(100_000)
        await works(database)


async def test_what_another_process_commits_meanwhile_refuses_the_unit_of_work(file):
    """The file is not locked while a unit of work thinks: whoever commits second begins again."""
    url = f"sqlite:///{file}"

    async def both(first, second):
        async with first.store.begin(NOW) as work:
            await rename(work, "first")
            async with second.store.begin(NOW) as meanwhile:
                await rename(meanwhile, "second")

    async def rename(work, words):
        [known] = await work.tickets.all_open()
        await work.tickets.save(replace(known, words=f"{known.words} {words}"))

    async with open_database(url, community(), ZONE) as first, open_database(url, community(), ZONE) as second:
        await report(first)
        with pytest.raises(StoreError, match="another process wrote meanwhile"):
            await both(first, second)
        async with first.store.begin(NOW) as work:
            await rename(work, "again")
        for process in (first, second):
            async with process.store.begin(NOW) as work:
                assert [t.words for t in await work.tickets.all_open()] == ["卧室漏水 second again"]


@pytest.mark.parametrize(
    "content", [b"this is no database, but long enough to look like one" * 40, b"\x89PNG\r\n\x1a\n" * 99]
)
async def test_a_file_that_is_no_database(tmp_path, content):
    path = tmp_path / "louqun.sqlite3"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="not an SQLite database"):
        async with open_database(f"sqlite:///{path}", community(), ZONE):
            pass
    assert path.read_bytes() == content


async def test_a_folder_in_the_place_of_the_file(tmp_path):
    with pytest.raises(StoreError, match="cannot be opened"):
        async with open_database(f"sqlite:///{tmp_path}", community(), ZONE):
            pass


async def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match="folder of the database cannot be made"):
        async with open_database(f"sqlite:///{tmp_path}/file/louqun.sqlite3", community(), ZONE):
            pass


async def test_an_error_does_not_repeat_what_residents_wrote(file):
    async with open_database(f"sqlite:///{file}", community(), ZONE) as database:
        await database.store._connections.write(lambda work: work.run(text("PRAGMA max_page_count = 1")))
        with pytest.raises(StoreError) as refused:
            await database.inbox.put([message("m1", LONG)], NOW)
        assert "水" not in str(refused.value)


async def test_a_server_that_stops_and_starts_again():
    with tempfile.TemporaryDirectory(prefix="louqun-pg-") as folder:
        server = Postgres(Path(folder))
        server.start()
        server.create("louqun")
        url = server.url("louqun")
        async with open_database(url, community(), ZONE) as database:
            await report(database)
            before = await counts(database)
            server.stop("immediate")
            await each_refused(database, "away or refused")
            with pytest.raises(StoreError):
                async with open_database(url, community("late"), ZONE):
                    pass
            server.start()
            assert await counts(database) == before
            await works(database)
        server.stop("immediate")


async def test_a_connection_that_is_cut_in_the_middle_of_a_unit_of_work(postgres):
    postgres.create("cut", template="template")
    cut = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'cut' AND pid <> pg_backend_pid()"
    )

    async def report_and_be_cut(database, other):
        async with database.store.begin(NOW) as work:
            number = await work.tickets.next_number()
            await work.tickets.save(ticket(number), opened(number))
            await other.store._connections.write(lambda statements: statements.rows(cut))

    url = postgres.url("cut")
    async with open_database(url, community(), ZONE) as database, open_database(url, community(), ZONE) as other:
        with pytest.raises(StoreError, match="away or refused"):
            await report_and_be_cut(database, other)
        assert await counts(other) == (0, 0, 0, 0, 0, 0)
        await works(database)
