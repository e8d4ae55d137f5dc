"""A task that is cancelled, as at a stop, leaves whole commits or none, and a database that goes on."""

import asyncio

import pytest

from tests.storage.values import LONG_AGO, NOW, message, opened, ticket


async def test_a_unit_of_work_that_is_cancelled_while_it_thinks_leaves_nothing(database, other_process):
    begun = asyncio.Event()

    async def think():
        async with database.store.begin(NOW) as work:
            number = await work.tickets.next_number()
            await work.tickets.save(ticket(number), opened(number))
            begun.set()
            await asyncio.Event().wait()

    async with asyncio.TaskGroup() as group:
        thinking = group.create_task(think())
        await begun.wait()
        thinking.cancel()
    for process in (database, other_process):
        async with process.store.begin(NOW) as work:
            assert await work.tickets.of_building("3", LONG_AGO) == []


@pytest.mark.parametrize("turns", range(12))
async def test_cancelled_at_any_moment_it_is_all_there_or_not_at_all(database, other_process, turns):
    async def write():
        async with database.store.begin(NOW) as work:
            number = await work.tickets.next_number()
            await work.tickets.save(ticket(number), opened(number))
        await database.inbox.put([message("m1")], NOW)

    async with asyncio.TaskGroup() as group:
        writing = group.create_task(write())
        for _ in range(turns):
            await asyncio.sleep(0)
        writing.cancel()
    assert await database.inbox.put([message("m2")], NOW) == 1
    async with database.store.begin(NOW) as work:
        before = len(await work.tickets.all_open())
        assert await work.tickets.next_number() == before + 1
        await work.tickets.save(ticket(before + 1), opened(before + 1))
    async with other_process.store.begin(NOW) as work:
        tickets = await work.tickets.all_open()
        assert [len(await work.tickets.events(one.number)) for one in tickets] == [1] * (before + 1)
