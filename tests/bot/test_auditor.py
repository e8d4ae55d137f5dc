"""The auditor: what the scheduler forgot is said, once, by whoever finds it; its own pulse is on the health page."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.auditor import Auditor
from bot.clocks import Bell, ManualClock
from bot.config import load_config
from bot.roster import community_of
from bot.timekeeper import Timekeeper
from domain.audit import Promised
from domain.tickets import Clocks
from domain.understanding import Location
from domain.vocabulary import TicketNumber
from schedules import promises
from storage.database import open_database
from tests.handlers.town import CONFIG
from tests.moments import CHINA
from tests.storage.values import NOW, claim, ticket

MINUTE = timedelta(minutes=1)
COMMUNITY = community_of(load_config(CONFIG), everything_on="console")
REPORTED = replace(ticket(1), clocks=Clocks(NOW, acknowledged=NOW))


@pytest.fixture
async def database(database_url):
    async with open_database(database_url, COMMUNITY, CHINA) as opened:
        yield opened


def auditing(database, clock: ManualClock, remind=None) -> Auditor:
    keeper = Timekeeper((promises.job,), database.housekeeping, database.store, COMMUNITY, clock, Bell())
    reminder = remind or keeper.fire_what_is_due
    return Auditor(database.read_models, database.store, COMMUNITY, clock, Bell(), reminder)


async def save(database, *tickets):
    async with database.store.begin(NOW) as work:
        for one in tickets:
            while await work.tickets.next_number() < one.number:
                pass
            await work.tickets.save(one)


async def said(database, at) -> list[str]:
    """Templates that lie in the staff group's outbox."""
    return [r.reply.template for c in await claim(database, at) if c.chat.id == "gstaff" for r in c.rows]


async def nothing() -> None:
    """A scheduler that stands still."""


async def test_a_scheduler_that_stood_still_is_made_up_for(database):
    await save(database, REPORTED)
    clock = ManualClock(NOW + 15 * MINUTE, CHINA)
    report = await auditing(database, clock).look()
    assert [(one.what, one.raised) for one in report.missed] == [(Promised.ACCEPTED, True)]
    assert await said(database, clock.now()) == ["was_away", "remind_untaken"]


async def test_where_it_cannot_be_said_either_staff_hear_of_it_once(database):
    await save(database, REPORTED)
    clock = ManualClock(NOW + 15 * MINUTE, CHINA)
    first = auditing(database, clock, nothing)
    for _ in range(3):
        await first.look()
        clock.set(clock.now() + MINUTE)
    another = auditing(database, clock, nothing)  # after a restart, or in another process
    assert [one.what for one in (await another.look()).unraised] == [Promised.ACCEPTED]
    assert await said(database, clock.now()) == ["not_reminded"]


async def test_a_ticket_without_a_due_time_gets_one(database):
    await save(database, REPORTED)
    await database.store._connections.write(
        lambda work: work.run(text("UPDATE tickets SET due_at = NULL, due_awaits = NULL"))
    )
    database.store.memory.tickets.forget()
    assert await database.read_models.next_due() is None
    report = await auditing(database, ManualClock(NOW + MINUTE, CHINA)).look()
    assert report.missed == ()
    assert await database.read_models.next_due() == NOW + 10 * MINUTE


async def test_an_acknowledgement_that_did_not_go_out_is_told_to_staff(database):
    await save(database, replace(REPORTED, clocks=Clocks(NOW)))
    auditor = auditing(database, ManualClock(NOW + 4 * MINUTE, CHINA))
    for _ in range(2):
        assert [one.what for one in (await auditor.look()).unraised] == [Promised.ACKNOWLEDGED]
    assert await said(database, NOW + 4 * MINUTE) == ["never_acknowledged"]


async def test_nothing_is_said_where_all_is_well(database):
    await save(database, REPORTED)
    auditor = auditing(database, ManualClock(NOW + 9 * MINUTE, CHINA))
    assert (await auditor.look()).missed == ()
    assert await said(database, NOW + 9 * MINUTE) == []


async def test_its_pulse(database):
    clock = ManualClock(NOW, CHINA)
    auditor = auditing(database, clock)
    assert auditor.heartbeat() is None
    assert auditor.beats()
    await save(database, REPORTED, replace(REPORTED, number=TicketNumber(2)))
    await auditor.look()
    assert auditor.heartbeat() == {"at": NOW.isoformat(), "tickets": 2, "missed": 0, "unraised": 0}
    clock.set(NOW + 4 * MINUTE)
    assert auditor.beats()
    clock.set(NOW + 6 * MINUTE)
    assert not auditor.beats()


class HalfDeaf:
    """Looking up one colleague fails, as when a row is broken in a way that nobody thought of."""

    def __init__(self, people) -> None:
        self._people = people

    async def accounts(self, staff):
        if staff == "st-sunjie":
            raise ValueError("broken")
        return await self._people.accounts(staff)

    def __getattr__(self, name):
        return getattr(self._people, name)


class HalfDeafStore:
    def __init__(self, store) -> None:
        self._store = store

    @asynccontextmanager
    async def begin(self, now):
        async with self._store.begin(now) as work:
            work.people = HalfDeaf(work.people)
            yield work


async def test_one_ticket_that_fails_holds_up_no_other(database):
    elsewhere = replace(REPORTED, number=TicketNumber(2), location=Location("8"))
    await save(database, REPORTED, elsewhere)
    clock = ManualClock(NOW + 15 * MINUTE, CHINA)
    keeper = Timekeeper((promises.job,), database.housekeeping, HalfDeafStore(database.store), COMMUNITY, clock, Bell())
    report = await auditing(database, clock, keeper.fire_what_is_due).look()
    assert [one.ticket for one in report.unraised] == [1]
    assert await said(database, clock.now()) == ["was_away", "remind_untaken", "not_reminded"]
