"""Tickets and their history."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.errors import StoreError
from domain.messages import Chat, Json, Person
from domain.promises import renewed
from domain.tickets import OPEN, Actor, Awaited, Clocks, Promise, Reporter, Ticket, TicketEvent, What
from domain.understanding import Location
from domain.vocabulary import Kind, MediaId, Place, Ruling, Scope, StaffId, Status, TicketNumber, Urgency
from storage.database import open_database
from tests.storage.values import (
    ANN,
    BEN,
    CHAT,
    LIMITS,
    LONG_AGO,
    MINUTE,
    NOW,
    OTHER_CHAT,
    SECOND,
    ZONE,
    community,
    opened,
    ticket,
)

PROMISING = community(limits=LIMITS)
FULL = Ticket(
    TicketNumber(1), Status.RESOLVED, Kind.PONDING, Scope.PUBLIC, Urgency.EMERGENCY,
    Location("3", "2", "502", -2, Place.GARAGE), Chat("console", "u-ann", private=True), "车库\n进水了 🌊",
    Clocks(NOW, *(NOW + n * SECOND for n in range(1, 7))), NOW + MINUTE, NOW + 2 * MINUTE,
    (Reporter(ANN, "安", CHAT, "m1", NOW), Reporter(BEN, "本", OTHER_CHAT, "m2", NOW + SECOND)),
    StaffId("zhao"), 7, TicketNumber(12), "602", NOW + 3 * MINUTE, False, True, Ruling.ALTERED,
    (MediaId("p2"), MediaId("p1")), NOW + 4 * MINUTE, NOW + 5 * MINUTE, NOW + 6 * MINUTE, "独居老人",
    Promise(Awaited.ANSWER, 2, NOW + MINUTE, NOW + 3 * SECOND, NOW + 3 * SECOND + timedelta(hours=48)),
)  # fmt: skip


async def save(database, *tickets, events=()):
    async with database.store.begin(NOW) as work:
        for one in tickets:
            while await work.tickets.next_number() < one.number:
                pass
            await work.tickets.save(one, *events)


async def test_every_field_of_a_ticket_comes_back(database_url):
    plain = renewed(ticket(2, building=None, reporters=()), PROMISING)
    assert all(getattr(FULL, f.name) not in {f.default, None} for f in fields(FULL)), "each field holds something"
    async with open_database(database_url, PROMISING, ZONE) as database:
        await save(database, FULL, plain)
    async with open_database(database_url, PROMISING, ZONE) as later, later.store.begin(NOW) as work:
        assert await work.tickets.get(FULL.number) == FULL
        assert await work.tickets.get(plain.number) == plain


@pytest.mark.parametrize("status", list(Status))
async def test_open_is_what_the_domain_calls_open(database, other_process, status):
    await save(database, replace(ticket(1), status=status))
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            assert len(await work.tickets.all_open()) == (status in OPEN)


async def test_every_kind_of_event_comes_back_in_order(database, other_process):
    actors = [Actor("楼群"), Actor("安", ANN), Actor("赵强", Person("wechaty", "x"), StaffId("zhao"))]
    details: dict[str, Json] = {
        "words": "漏\ud83d\0水",
        "n": 1,
        "f": 0.5,
        "list": ["a", None, True],
        "deep": {"a": {"b": []}},
    }
    history = [
        TicketEvent(TicketNumber(1), NOW - n * SECOND, what, actors[n % 3], f"console:g3:m{n}", {**details, "n": n})
        for n, what in enumerate(What)
    ]
    await save(database, ticket(1), events=history)
    async with other_process.store.begin(NOW) as work:
        events = await work.tickets.events(TicketNumber(1))
    assert [(e.ticket, e.at, e.what, e.by, e.source) for e in events] == [
        (e.ticket, e.at, e.what, e.by, e.source) for e in history
    ]
    assert [e.details["n"] for e in events] == list(range(len(history)))
    assert events[0].details == {**details, "words": "漏?\0水", "n": 0}


@pytest.mark.parametrize("change", ["UPDATE ticket_events SET what = 'note'", "DELETE FROM ticket_events"])
async def test_history_refuses_to_be_changed(database, change):
    await save(database, ticket(1), events=[opened(1)])
    with pytest.raises(StoreError, match="only ever added to"):
        await database.store._connections.write(lambda statements: statements.run(text(change)))
    async with database.store.begin(NOW) as work:
        assert await work.tickets.events(TicketNumber(1)) == [opened(1)]


async def test_events_of_one_ticket_are_not_those_of_another(database):
    async with database.store.begin(NOW) as work:
        for _ in range(2):
            number = await work.tickets.next_number()
            await work.tickets.save(ticket(number), opened(number))
            assert await work.tickets.events(number) == [opened(number)]


async def test_numbers_grow_and_are_never_reused(database, other_process):
    class Stop(Exception):
        pass

    async def fail():
        async with database.store.begin(NOW) as work:
            assert [await work.tickets.next_number() for _ in range(2)] == [2, 3]
            raise Stop

    await save(database, ticket(1))
    with pytest.raises(Stop):
        await fail()
    # What was rolled back was never said aloud: its numbers are free.
    async with other_process.store.begin(NOW) as work:
        assert await work.tickets.next_number() == 2
        await work.tickets.save(replace(ticket(2), status=Status.CANCELLED))
    async with database.store.begin(NOW) as work:
        assert await work.tickets.next_number() == 3


async def test_numbers_taken_in_a_failed_step_may_be_taken_again_in_the_same_commit(database):
    async def fail(work):
        async with work.step():
            number = await work.tickets.next_number()
            await work.tickets.save(ticket(number), opened(number))
            raise RuntimeError

    async with database.store.begin(NOW) as work:
        with pytest.raises(RuntimeError):
            await fail(work)
        number = await work.tickets.next_number()
        await work.tickets.save(replace(ticket(number), words="the second"), opened(number))
    async with database.store.begin(NOW) as work:
        assert (number, await work.tickets.get(TicketNumber(2))) == (1, None)
        assert len(await work.tickets.events(number)) == 1


@pytest.mark.parametrize("number", [0, -1, 99, 2**62])
async def test_an_unknown_number_is_none(database, number):
    await save(database, ticket(1))
    async with database.store.begin(NOW) as work:
        assert await work.tickets.get(TicketNumber(number)) is None
        assert await work.tickets.events(TicketNumber(number)) == []


def ended(number, since, **more):
    return replace(ticket(number, **more), status=Status.CLOSED, since=since)


async def test_of_building_of_reporter_and_in_chat_find_open_ones_and_lately_ended_ones(database, other_process):
    await save(
        database,
        replace(ticket(1), since=LONG_AGO, clocks=Clocks(LONG_AGO)),
        ended(2, NOW - MINUTE),
        ended(3, NOW),
        ticket(4, building="5", reporters=(BEN,), chat=OTHER_CHAT),
        ticket(5, building=None, reporters=(BEN, ANN)),
    )
    for seen_by in (other_process, database):
        async with seen_by.store.begin(NOW) as work:

            async def numbers(found):
                return [t.number for t in await found]

            of = work.tickets
            assert await numbers(of.of_building("3", NOW - MINUTE)) == [1, 3]
            assert await numbers(of.of_building("3", LONG_AGO)) == [1, 2, 3]
            assert await numbers(of.of_building(None, NOW)) == [5]
            assert await numbers(of.of_building("6", LONG_AGO)) == []
            assert await numbers(of.of_reporter(ANN, NOW)) == [1, 5]
            assert await numbers(of.of_reporter(BEN, LONG_AGO)) == [4, 5]
            assert await numbers(of.in_chat(OTHER_CHAT, LONG_AGO)) == [4]
            assert await numbers(of.in_chat(CHAT, LONG_AGO)) == [1, 2, 3, 5]
            assert await numbers(of.in_chat(Chat("console", "g3", private=True), LONG_AGO)) == []
            assert await numbers(of.all_open()) == [1, 4, 5]


async def test_a_look_back_beyond_memory_reads_the_database(database, other_process):
    years_ago = NOW - 400 * 24 * 60 * MINUTE
    await save(database, ended(1, years_ago + MINUTE), ticket(2))
    async with other_process.store.begin(NOW) as work:
        assert [t.number for t in await work.tickets.of_building("3", LONG_AGO)] == [2]
        assert [t.number for t in await work.tickets.of_building("3", years_ago)] == [1, 2]


async def test_a_ticket_that_moved_is_found_where_it_is_now_only(database, other_process):
    await save(database, ticket(1))
    async with database.store.begin(NOW) as work:
        moved = replace(
            ticket(1), location=Location("5"), chat=OTHER_CHAT, reporters=ticket(1, reporters=(BEN,)).reporters
        )
        await work.tickets.save(moved)
        assert await work.tickets.of_building("3", LONG_AGO) == []
        assert await work.tickets.of_building("5", LONG_AGO) == [moved]
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            assert await work.tickets.of_reporter(ANN, LONG_AGO) == []
            assert await work.tickets.in_chat(CHAT, LONG_AGO) == []
            for found in (
                await work.tickets.of_reporter(BEN, LONG_AGO),
                await work.tickets.in_chat(OTHER_CHAT, LONG_AGO),
                await work.tickets.of_building("5", LONG_AGO),
            ):
                assert found == [moved]


@pytest.mark.parametrize("loaded_before", [False, True])
@pytest.mark.parametrize("reporters", [(), (ANN,), (BEN,), (BEN, ANN), (ANN, BEN), (ANN, BEN, ANN)])
async def test_reporters_may_join_leave_and_change_order(database, other_process, loaded_before, reporters):
    await save(database, ticket(1, reporters=(ANN, BEN)))
    changed = ticket(1, reporters=reporters)
    async with other_process.store.begin(NOW) as work:
        if loaded_before:
            await work.tickets.get(TicketNumber(1))
        await work.tickets.save(changed)
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            assert await work.tickets.get(TicketNumber(1)) == changed


async def test_of_home_finds_all_that_a_home_ever_had(database, other_process):
    """However long ago; of a unit that nobody said as well; not its public places, nor the neighbours."""
    home = Location("3", "2", "502", 5, Place.BEDROOM)
    at = {
        1: (home, Scope.HOUSEHOLD), 2: (replace(home, unit=None, place=None), Scope.HOUSEHOLD),
        3: (replace(home, unit="1"), Scope.HOUSEHOLD), 4: (replace(home, room="501"), Scope.HOUSEHOLD),
        5: (replace(home, place=Place.CORRIDOR), Scope.PUBLIC), 6: (replace(home, building="5"), Scope.HOUSEHOLD),
        7: (home, Scope.HOUSEHOLD),
    }  # fmt: skip
    tickets = [replace(ticket(n), location=where, scope=scope) for n, (where, scope) in at.items()]
    old = replace(tickets[0], status=Status.CLOSED, since=LONG_AGO, clocks=Clocks(LONG_AGO))
    await save(database, old, *tickets[1:])
    for each in (database, other_process):
        async with each.store.begin(NOW) as work:
            assert [t.number for t in await work.tickets.of_home(home)] == [1, 2, 7]
            assert [t.number for t in await work.tickets.of_home(replace(home, unit=None))] == [1, 2, 3, 7]
            assert list(await work.tickets.of_home(replace(home, room=None))) == []
    async with database.store.begin(NOW) as work:
        await work.tickets.save(replace(tickets[6], location=replace(home, room="401")))
        assert [t.number for t in await work.tickets.of_home(home)] == [1, 2]
