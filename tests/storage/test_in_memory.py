"""The database of a replay: in memory, gone when it is closed, and else like any other."""

from storage.database import open_database
from tests.storage.values import NOW, ZONE, ack, claim, community, handle_all, message, opened, put, sent, ticket


async def test_it_does_all_that_a_file_does_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        async with open_database(":memory:", community(), ZONE) as database:
            assert await database.inbox.put([message("m1")], NOW) == 1
            async with database.store.begin(NOW) as work:
                assert await work.tickets.next_number() == 1
                await work.tickets.save(ticket(1), opened(1))
                assert await database.inbox.put([message("m2")], NOW) == 1, "ingest does not wait"
                assert list(await database.read_models.summaries()) == []
            await put(database, ack(1))
            [one] = await claim(database)
            await database.deliveries.finish([sent(one)], NOW)
            await handle_all(database)
            [summary] = await database.read_models.summaries()
            assert (summary.ticket.clocks.acknowledged, summary.events) == (NOW, 2)
            assert await database.inbox.depth() == 0
    assert list(tmp_path.iterdir()) == []


async def test_two_of_them_are_two():
    async with (
        open_database(":memory:", community(), ZONE) as one,
        open_database(":memory:", community(), ZONE) as other,
    ):
        assert await one.inbox.put([message("m1")], NOW) == await other.inbox.put([message("m1")], NOW) == 1
