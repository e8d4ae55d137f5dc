"""One commit carries everything or nothing; whoever looks sees what is staged, and what others committed."""

from dataclasses import replace

import pytest

from domain.messages import Chat
from domain.records import ChatRecord, Code, Handled, Outcome, PersonRecord
from domain.vocabulary import Role, StaffId, Status, TicketNumber
from tests.storage.values import ANN, CHAT, LONG_AGO, MINUTE, NOW, claim, community, message, opened, reply, ticket

PRIVATE = Chat.with_person(ANN)


class Stop(Exception):
    pass


async def write_everything(work, number=None):
    """One of each kind of thing."""
    number = number or await work.tickets.next_number()
    await work.tickets.save(ticket(number), opened(number))
    await work.people.save(PersonRecord(ANN, "安"))
    await work.people.save_code(Code("d1", StaffId("qian"), "钱", Role.REPAIRER, (), NOW, NOW + MINUTE))
    await work.chats.save(ChatRecord(PRIVATE, asked_to_bind=True))
    await work.outbox.put([reply(dedupe_key="k")], NOW)
    for row in await work.inbox.waiting(10):
        await work.look.add(row, "maybe")
        await work.inbox.finish(Handled(row, Outcome.LOOK, None, (number,)), NOW)
    return number


async def everything(work):
    return (
        [t.number for t in await work.tickets.all_open()],
        len(await work.tickets.events(TicketNumber(1))),
        (await work.people.get(ANN)).name,
        await work.people.code("d1") is not None,
        (await work.chats.get(PRIVATE)).asked_to_bind,
        len(await work.inbox.waiting(10)),
        len(await work.look.undecided()),
        len(await work.conversations.said(CHAT, LONG_AGO)),
        await work.conversations.tickets_of("console", "m1"),
    )


NOTHING: tuple = ([], 0, "", False, False, 1, 0, 0, ())
ALL: tuple = ([1], 1, "安", True, True, 0, 1, 1, (1,))


async def test_reads_see_what_is_staged_and_others_see_it_after_the_commit(database, other_process):
    await database.inbox.put([message("m1")], NOW)
    async with database.store.begin(NOW) as work:
        assert await everything(work) == NOTHING
        await write_everything(work)
        assert await everything(work) == ALL
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            assert await everything(work) == ALL
    assert len(await claim(other_process)) == 1


@pytest.mark.parametrize("looked_before", [False, True])
async def test_an_error_rolls_back_all_of_it(database, other_process, looked_before):
    await database.inbox.put([message("m1")], NOW)

    async def fail():
        async with database.store.begin(NOW) as work:
            if looked_before:
                await everything(work)
            await write_everything(work)
            raise Stop

    with pytest.raises(Stop):
        await fail()
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            assert await everything(work) == NOTHING
    assert await claim(database) == []


@pytest.mark.parametrize("looked_before", [False, True])
async def test_a_failed_step_drops_only_its_part(database, other_process, looked_before):
    await database.inbox.put([message("m1")], NOW)

    async def fail(work):
        async with work.step():
            await write_everything(work)
            raise Stop

    async with database.store.begin(NOW) as work:
        if looked_before:
            await everything(work)
        await work.people.save(PersonRecord(ANN, "before"))
        with pytest.raises(Stop):
            await fail(work)
        assert await everything(work) == (*NOTHING[:2], "before", *NOTHING[3:])
        async with work.step():
            await write_everything(work)
        assert await everything(work) == ALL
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            assert await everything(work) == ALL
    [one] = await claim(database)
    assert len(one.rows) == 1


async def test_a_failed_step_brings_back_what_the_steps_before_it_staged(database, other_process):
    async def fail(work):
        async with work.step():
            await work.tickets.save(replace(known, words="second", status=Status.CANCELLED))
            raise Stop

    async with database.store.begin(NOW) as work:
        number = await work.tickets.next_number()
        known = replace(ticket(number), words="first")
        async with work.step():
            await work.tickets.save(known, opened(number))
        with pytest.raises(Stop):
            await fail(work)
        assert await work.tickets.get(number) == known
    async with other_process.store.begin(NOW) as work:
        assert await work.tickets.get(number) == known
        assert len(await work.tickets.events(number)) == 1


async def test_an_outer_step_takes_an_inner_one_with_it(database):
    async def fail(work):
        async with work.step():
            async with work.step():
                await work.people.save(PersonRecord(ANN, "inner"))
            raise Stop

    async with database.store.begin(NOW) as work:
        with pytest.raises(Stop):
            await fail(work)
        assert (await work.people.get(ANN)).name == ""


async def test_each_process_sees_what_the_other_committed(database, other_process):
    for turn, (writer, reader) in enumerate([(database, other_process), (other_process, database)] * 3, 1):
        async with reader.store.begin(NOW) as work:  # remembers what it sees
            before = await everything(work)
        async with writer.store.begin(NOW) as work:
            number = await work.tickets.next_number()
            await work.tickets.save(ticket(number), opened(number))
            await work.people.save(PersonRecord(ANN, f"name {turn}"))
            await work.chats.save(ChatRecord(PRIVATE, asked_to_bind=bool(turn % 2)))
        async with reader.store.begin(NOW) as work:
            after = await everything(work)
        assert before[0] == list(range(1, turn))
        assert after[0] == list(range(1, turn + 1))
        assert (after[2], after[4]) == (f"name {turn}", bool(turn % 2))


async def test_a_change_to_a_remembered_ticket_by_another_process_is_seen(database, other_process):
    async with database.store.begin(NOW) as work:
        await work.tickets.save(ticket(await work.tickets.next_number()))
    async with other_process.store.begin(NOW) as work:
        [known] = await work.tickets.all_open()
        await work.tickets.save(replace(known, status=Status.CLOSED, since=NOW + MINUTE))
    async with database.store.begin(NOW + MINUTE) as work:
        assert await work.tickets.all_open() == []
        [found] = await work.tickets.of_reporter(ANN, NOW)
        assert found.status is Status.CLOSED


async def test_what_only_reads_leaves_the_version_alone(database):
    async with database.store.begin(NOW) as work:
        await everything(work)
    before = database.store.memory.version
    async with database.store.begin(NOW) as work:
        await everything(work)
        await work.tickets.next_number()
    after = database.store.memory.version
    assert before == 0
    assert after == 1


async def test_times_come_back_to_the_microsecond_in_the_zone_of_the_community(database, other_process):
    moment = NOW.replace(microsecond=999_999)
    async with database.store.begin(NOW) as work:
        await work.chats.save(ChatRecord(PRIVATE, muted_until=moment))
    async with other_process.store.begin(NOW) as work:
        muted = (await work.chats.get(PRIVATE)).muted_until
    assert muted == moment
    assert muted is not None
    assert str(muted.tzinfo) == community().timezone
