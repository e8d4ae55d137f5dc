"""Rains: kept as given, the one that nobody was asked about yet, due by their time; and what was mended before them."""

from dataclasses import replace

from domain.rains import Rain, Told, named
from domain.vocabulary import Status, TicketNumber
from tests.storage.values import MINUTE, NOW, ticket

RAIN = Rain(NOW, Told.WARNING, NOW + 5 * MINUTE, NOW + 9 * MINUTE)


async def test_a_rain_is_kept_until_it_was_asked_about(database, other_process):
    async with database.store.begin(NOW) as work:
        rain = await work.rains.put(RAIN)
        assert await work.rains.current() == rain
    async with other_process.store.begin(NOW) as work:
        assert await work.rains.current() == rain
        await work.rains.put(rain.asked(NOW + 9 * MINUTE))
        assert await work.rains.current() is None
    async with database.store.begin(NOW) as work:
        assert await work.rains.current() is None
        again = await work.rains.put(Rain(NOW, Told.STORM))
        assert (await work.rains.current(), again.id > rain.id) == (again, True)


async def test_what_staff_ask_for_is_no_rain_that_goes_on(database):
    async with database.store.begin(NOW) as work:
        rain = await work.rains.put(named([TicketNumber(3)], NOW))
        assert await work.rains.current() is None
        assert await work.rains.due(NOW) == [rain]
    assert await database.read_models.next_due() == NOW
    async with database.store.begin(NOW) as work:
        assert await work.rains.due(NOW) == [rain]
        await work.rains.put(rain.asked(NOW))
    assert await database.read_models.next_due() is None


async def test_it_is_due_at_its_time(database):
    async with database.store.begin(NOW) as work:
        await work.rains.put(RAIN)
    assert await database.read_models.next_due() == NOW + 9 * MINUTE
    async with database.store.begin(NOW) as work:
        assert await work.rains.due(NOW + 8 * MINUTE) == []
        assert len(await work.rains.due(NOW + 9 * MINUTE)) == 1


async def test_what_was_mended_in_a_span_and_still_is(database, other_process):
    def mended(number, status, minutes):
        one = ticket(number)
        return replace(one, status=status, clocks=replace(one.clocks, cleared=NOW + minutes * MINUTE))

    async with database.store.begin(NOW) as work:
        for one in (
            mended(await work.tickets.next_number(), Status.RESOLVED, 1),
            mended(await work.tickets.next_number(), Status.CLOSED, 5),
            mended(await work.tickets.next_number(), Status.REOPENED, 1),
            ticket(await work.tickets.next_number()),
        ):
            await work.tickets.save(one)
        assert [t.number for t in await work.tickets.mended(NOW, NOW + 5 * MINUTE)] == [1]
    async with other_process.store.begin(NOW) as work:
        assert [t.number for t in await work.tickets.mended(NOW, NOW + 6 * MINUTE)] == [1, 2]
        assert await work.tickets.mended(NOW + 2 * MINUTE, NOW + 5 * MINUTE) == []
        asked = replace(await work.tickets.get(TicketNumber(1)), asked_after_rain=NOW)
        await work.tickets.save(replace(asked, status=Status.REOPENED))
        assert [t.number for t in await work.tickets.mended(NOW, NOW + 6 * MINUTE)] == [2]
    async with database.store.begin(NOW) as work:
        assert (await work.tickets.get(TicketNumber(1))).asked_after_rain == NOW
