"""Two processes on one server lose nothing and do nothing twice."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from domain.records import Handled, Outcome
from domain.vocabulary import TicketNumber
from tests.storage.values import BEN, CHAT, LONG_AGO, MINUTE, NOW, ack, claim, message, opened, put, reply, sent, ticket

CHATS = [replace(CHAT, id=f"g{n}") for n in range(20)]


@pytest.fixture
def database_kind():
    return "postgresql"


async def test_messages_that_both_hear_are_kept_once_and_in_order(database, other_process):
    def batches(seed):
        return [[message(f"m{n}") for n in range(start, start + 30 + seed)] for start in range(0, 300, 25)]

    async def hear(process, seed):
        return [await process.inbox.put(batch, NOW) for batch in batches(seed)]

    heard = await asyncio.gather(hear(database, 0), hear(other_process, 5))
    distinct = {m.external_id for seed in (0, 5) for batch in batches(seed) for m in batch}
    assert sum(map(sum, heard)) == len(distinct)
    async with database.store.begin(NOW) as work:
        rows = await work.inbox.waiting(1000)
    assert [row.id for row in rows] == list(range(1, len(distinct) + 1))
    assert {row.incoming.external_id for row in rows} == distinct


async def test_each_message_becomes_one_ticket_with_a_number_of_its_own(database, other_process):
    await database.inbox.put([message(f"m{n}") for n in range(120)], NOW)

    async def handle(process):
        while True:
            async with process.store.begin(NOW) as work:
                rows = await work.inbox.waiting(7)
                for row in rows:
                    number = await work.tickets.next_number()
                    words = replace(ticket(number), words=row.incoming.external_id)
                    await work.tickets.save(words, opened(number))
                    await work.inbox.finish(Handled(row, Outcome.HANDLED, None, (number,)), NOW)
            if not rows:
                return

    await asyncio.gather(handle(database), handle(other_process))
    for process in (database, other_process):
        async with process.store.begin(NOW) as work:
            tickets = await work.tickets.all_open()
            assert [t.number for t in tickets] == list(range(1, 121))
            assert Counter(t.words for t in tickets) == Counter(f"m{n}" for n in range(120))
            assert len(await work.conversations.said(CHAT, LONG_AGO)) == 120


async def test_no_update_of_one_ticket_is_lost(database, other_process):
    async with database.store.begin(NOW) as work:
        await work.tickets.save(ticket(await work.tickets.next_number()), opened(1))

    async def join(process, name):
        for n in range(20):
            async with process.store.begin(NOW) as work:
                known = await work.tickets.get(TicketNumber(1))
                assert known is not None
                joined = replace(known.reporters[0], person=replace(BEN, id=f"{name}{n}"))
                await work.tickets.save(replace(known, reporters=(*known.reporters, joined)), opened(1))

    await asyncio.gather(join(database, "a"), join(other_process, "b"))
    async with database.store.begin(NOW) as work:
        known = await work.tickets.get(TicketNumber(1))
        assert known is not None
        assert len({r.person for r in known.reporters}) == len(known.reporters) == 41
        assert len(await work.tickets.events(TicketNumber(1))) == 41


async def test_each_reply_goes_out_once_and_each_chat_keeps_its_order(database, other_process):
    went_out: dict[str, list[int]] = {chat.id: [] for chat in CHATS}

    async def write(process, own):
        for n in range(10):
            await put(process, *(reply(params={"n": n}, chat=chat, dedupe_key=f"{own}{n}") for chat in CHATS))

    async def send(process):
        idle = 0
        while idle < 50:
            claims = await claim(process, limit=4)
            idle = 0 if claims else idle + 1
            for one in claims:
                went_out[one.chat.id] += [row.id for row in one.rows]
            await process.deliveries.finish([sent(one, ids=(f"{one.chat.id}/{one.token}",)) for one in claims], NOW)

    await asyncio.gather(write(database, "a"), write(other_process, "b"), send(database), send(other_process))
    await send(database)  # what was put after the senders had gone idle
    for ids in went_out.values():
        assert len(ids) == len(set(ids)) == 20
        assert ids == sorted(ids)


async def test_the_same_key_put_by_both_at_once_goes_out_once(database, other_process):
    async def write(process):
        for n in range(30):
            await put(process, reply(dedupe_key=f"digest{n}"))

    await asyncio.gather(write(database), write(other_process))
    [one] = await claim(database)
    assert len(one.rows) == 30


async def test_acknowledging_while_the_other_changes_the_ticket_loses_neither(database, other_process):
    async with database.store.begin(NOW) as work:
        for n in range(1, 21):
            await work.tickets.save(ticket(await work.tickets.next_number()), opened(n))
            await work.outbox.put([ack(n, CHATS[n - 1])], NOW)

    async def change(process):
        for n in range(1, 21):
            async with process.store.begin(NOW) as work:
                known = await work.tickets.get(TicketNumber(n))
                assert known is not None
                await work.tickets.save(replace(known, words="changed"), opened(n))

    async def acknowledge(process):
        while claims := await claim(process, limit=2):
            await process.deliveries.finish([sent(c, ids=(c.chat.id,), at=NOW + MINUTE) for c in claims], NOW)

    await asyncio.gather(change(database), acknowledge(other_process), acknowledge(database))
    for process in (database, other_process):
        async with process.store.begin(NOW) as work:
            for known in await work.tickets.all_open():
                assert (known.words, known.clocks.acknowledged) == ("changed", NOW + MINUTE)
                assert len(await work.tickets.events(known.number)) == 3
