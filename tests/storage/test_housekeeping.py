"""Chatter leaves no text behind; a job runs once at each of its times."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.messages import Incoming, MediaHandle
from domain.records import Handled, MediaRecord, Outcome
from domain.vocabulary import MediaId, MessageKind, StaffId, TicketNumber
from storage.housekeeping import UNDECIDED_KEPT
from tests.storage.values import ANN, CHAT, LONG_AGO, MINUTE, NOW, SECOND, handle_all, message, ticket

HALF_AN_HOUR = 30 * MINUTE


async def stored(database):
    query = text("SELECT text, sender_name, media FROM inbox ORDER BY id")
    return await database.store._connections.read(lambda work: [tuple(row) for row in work.rows(query)])


async def texts(database):
    return [row[0] for row in await stored(database)]


async def test_chatter_is_blank_after_half_an_hour(database, other_process):
    await database.inbox.put([message("m1", "chatter")], NOW)
    await handle_all(database)
    async with database.store.begin(NOW) as work:  # is remembered
        assert [s.text for s in await work.conversations.said(CHAT, LONG_AGO)] == ["chatter"]
    assert await other_process.housekeeping.erase_chatter(NOW) == 0
    assert await other_process.housekeeping.erase_chatter(NOW + SECOND) == 1
    assert await other_process.housekeeping.erase_chatter(NOW + SECOND) == 0
    assert await stored(database) == [("", "", None)]
    async with database.store.begin(NOW) as work:
        assert [(s.text, s.sender_name) for s in await work.conversations.said(CHAT, LONG_AGO)] == [("", "")]


async def test_who_erases_goes_on_remembering_that_something_was_said(database):
    await database.inbox.put([message("m1", "chatter"), message("m2", "later")], NOW)
    async with database.store.begin(NOW) as work:
        first, second = await work.inbox.waiting(2)
        await work.inbox.finish(Handled(first, Outcome.SILENT), NOW)
        await work.inbox.finish(Handled(second, Outcome.SILENT), NOW + MINUTE)
        await work.conversations.said(CHAT, LONG_AGO)
    assert await database.housekeeping.erase_chatter(NOW + SECOND) == 1
    remembered = database.store.memory.talks.of(CHAT)
    assert remembered is not None
    assert [(s.external_id, s.text) for s in remembered.values()] == [("m1", ""), ("m2", "later")]
    async with database.store.begin(NOW) as work:
        assert [s.text for s in await work.conversations.said(CHAT, LONG_AGO)] == ["", "later"]
    assert database.store.memory.talks.of(CHAT) is remembered  # nothing was loaded again


async def test_what_waits_is_never_erased(database):
    await database.inbox.put([message("m1", "waiting")], LONG_AGO)
    async with database.store.begin(LONG_AGO) as work:
        await work.inbox.fail((await work.inbox.waiting(1))[0], "Traceback", park=False, now=LONG_AGO)
    assert await database.housekeeping.erase_chatter(NOW) == 0
    assert await texts(database) == ["waiting"]


async def test_the_words_of_a_ticket_stay(database):
    await database.inbox.put([message("m1", "report"), message("m2", "chatter")], NOW)
    async with database.store.begin(NOW) as work:
        number = await work.tickets.next_number()
        await work.tickets.save(ticket(number))
        report, chatter = await work.inbox.waiting(2)
        await work.inbox.finish(Handled(report, Outcome.HANDLED, None, (number,)), NOW)
        await work.inbox.finish(Handled(chatter, Outcome.SILENT), NOW)
    assert await database.housekeeping.erase_chatter(NOW + timedelta(days=365)) == 1
    assert await texts(database) == ["report", ""]


@pytest.mark.parametrize("kind", ["parked", "undecided"])
async def test_what_a_person_must_look_at_stays_a_week(database, kind):
    await database.inbox.put([message("m1", "perhaps")], NOW)
    async with database.store.begin(NOW) as work:
        [row] = await work.inbox.waiting(1)
        if kind == "parked":
            await work.inbox.fail(row, "Traceback", park=True, now=NOW)
        else:
            await work.look.add(row, "maybe")
            await work.inbox.finish(Handled(row, Outcome.LOOK), NOW)
    a_week = UNDECIDED_KEPT + HALF_AN_HOUR
    assert a_week <= timedelta(days=7)
    for age in (HALF_AN_HOUR, timedelta(days=6), UNDECIDED_KEPT):
        assert await database.housekeeping.erase_chatter(NOW + age) == 0
    assert await database.housekeeping.erase_chatter(NOW + a_week) == 1
    assert await texts(database) == [""]


async def test_what_was_decided_is_chatter_again(database):
    await database.inbox.put([message("m1", "perhaps")], NOW)
    async with database.store.begin(NOW) as work:
        [row] = await work.inbox.waiting(1)
        await work.look.add(row, "maybe")
        await work.inbox.finish(Handled(row, Outcome.LOOK), NOW)
        [item] = await work.look.undecided()
        await work.look.decide(item.id, "no", StaffId("zhao"), NOW)
    assert await database.housekeeping.erase_chatter(NOW + HALF_AN_HOUR) == 1


async def test_where_to_fetch_an_erased_photo_is_forgotten_too(database):
    photo = MediaHandle("file/1", "IMG_1.jpg")
    with_photo = Incoming("console", "m1", CHAT, ANN, NOW, MessageKind.IMAGE, "安", "", (photo,))
    await database.inbox.put([with_photo, message("m2")], NOW)
    await handle_all(database)

    def record(id, message, number):
        return MediaRecord(MediaId(id), CHAT, ANN, message, "file/1", MessageKind.IMAGE, NOW, name="a", ticket=number)

    async with database.store.begin(NOW) as work:
        await work.tickets.save(ticket(1))
        await work.media.add(record("p1", "m1", None))
        await work.media.add(record("p2", "m2", TicketNumber(1)))
    assert await database.housekeeping.erase_chatter(NOW + SECOND) == 2
    assert (await stored(database))[0] == ("", "", None)
    async with database.store.begin(NOW) as work:
        first, second = await work.media.get([MediaId("p1"), MediaId("p2")])
    assert (first.handle, first.name) == ("", "")
    assert (second.handle, second.name) == ("file/1", "a")


async def test_a_job_fires_once_at_each_time(database, other_process):
    assert await database.housekeeping.fired("digest", NOW)
    assert not await other_process.housekeeping.fired("digest", NOW)
    assert await other_process.housekeeping.fired("digest", NOW + MINUTE)
    assert await other_process.housekeeping.fired("reminder", NOW)


async def test_of_many_that_fire_at_once_one_may(database, other_process):
    callers = [database, other_process] * 5
    fired = await asyncio.gather(*(caller.housekeeping.fired("digest", NOW) for caller in callers))
    assert fired.count(True) == 1
