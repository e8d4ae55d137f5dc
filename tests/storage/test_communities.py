"""Two communities in one database never see each other: the same numbers, ids and names mean different things."""

import pytest

from domain.records import ChatRecord, Code, Handled, MediaRecord, Outcome, PersonRecord
from domain.vocabulary import MediaId, MessageKind, Role, StaffId, TicketNumber
from storage.database import open_database
from tests.storage.values import (
    ANN,
    CHAT,
    LONG_AGO,
    MINUTE,
    NOW,
    OTHER_CHAT,
    ZONE,
    claim,
    community,
    message,
    opened,
    reply,
    sent,
    ticket,
)


@pytest.fixture
async def neighbours(database_url, database):
    async with open_database(database_url, community("neighbours"), ZONE) as opened_too:
        yield opened_too


async def live(database, name):
    """The same things with the same ids in every community."""
    assert await database.inbox.put([message("m1", name)], NOW) == 1
    async with database.store.begin(NOW) as work:
        number = await work.tickets.next_number()
        await work.tickets.save(ticket(number), opened(number))
        await work.people.save(PersonRecord(ANN, name))
        await work.people.save_code(Code("d1", StaffId(name), name, Role.STEWARD, (), NOW, NOW + MINUTE, NOW))
        await work.chats.save(ChatRecord(OTHER_CHAT, asked_to_bind=True))
        await work.media.add(MediaRecord(MediaId("p1"), CHAT, ANN, "m1", name, MessageKind.IMAGE, NOW, ticket=number))
        await work.outbox.put([reply(name, dedupe_key="k")], NOW)
        [row] = await work.inbox.waiting(10)
        await work.look.add(row, name)
        await work.inbox.finish(Handled(row, Outcome.LOOK), NOW)
    return number


async def seen(database):
    async with database.store.begin(NOW) as work:
        return (
            [t.number for t in await work.tickets.of_building("3", LONG_AGO)],
            len(await work.tickets.events(TicketNumber(1))),
            (await work.people.get(ANN)).name,
            [code.name for code in await work.people.authorised()],
            (await work.chats.get(OTHER_CHAT)).asked_to_bind,
            [one.handle for one in await work.media.of_ticket(TicketNumber(1))],
            [item.reason for item in await work.look.undecided()],
            [s.text for s in await work.conversations.said(CHAT, LONG_AGO)],
        )


async def test_nothing_of_one_is_seen_by_the_other(database, neighbours):
    empty = await seen(neighbours)
    assert await live(database, "gdl") == 1
    assert await seen(neighbours) == empty
    assert await neighbours.inbox.depth() == 0
    assert await claim(neighbours) == []
    assert await neighbours.deliveries.next_due("console") is None
    assert list(await neighbours.read_models.summaries()) == list(await neighbours.read_models.look_list()) == []


async def test_both_live_the_same_life_side_by_side(database, neighbours):
    for one, name in ((database, "gdl"), (neighbours, "neighbours")):
        assert await live(one, name) == 1
    for one, name in ((database, "gdl"), (neighbours, "neighbours")):
        assert await seen(one) == ([1], 1, name, [name], True, [name], [name], [name])
        [held] = await claim(one)
        assert held.rows[0].reply.template == name
        await one.deliveries.finish([sent(held, ids=("r1",))], NOW)


async def test_what_one_does_to_everything_leaves_the_other_alone(database, neighbours):
    for one, name in ((database, "gdl"), (neighbours, "neighbours")):
        await live(one, name)
    [held] = await claim(neighbours)
    assert await database.deliveries.recover("console", NOW) == 0
    assert await database.deliveries.sweep(NOW) == 0
    await database.housekeeping.erase_chatter(NOW + 30 * 24 * 60 * MINUTE)
    assert (await seen(neighbours))[-1] == ["neighbours"]
    await neighbours.deliveries.finish([sent(held)], NOW)
    assert await claim(neighbours, NOW + 2 * MINUTE) == []
    assert await database.leases.acquire("a", "x", NOW, MINUTE) == await neighbours.leases.acquire(
        "a", "y", NOW, MINUTE
    )
    assert await database.housekeeping.fired("digest", NOW)
    assert await neighbours.housekeeping.fired("digest", NOW)
