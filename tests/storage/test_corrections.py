"""What staff put right: kept as it was given, and out of the lesson when a false alarm is taken back."""

from contextlib import suppress
from dataclasses import replace

from domain.errors import RuleBroken
from domain.records import Corrected, Correction
from domain.tickets import move
from domain.vocabulary import StaffId, Status, TicketNumber
from storage.database import open_database
from tests.storage.values import MINUTE, NOW, ZONE, community, opened, ticket

ZHAO = StaffId("zhao")
ALARM = Correction(
    NOW, Corrected.FALSE_ALARM, ZHAO, "卧室漏水", {"report": True, "kind": "leak"}, {"report": False}, TicketNumber(1)
)
LOOKED = Correction(
    NOW + MINUTE, Corrected.LOOKED, ZHAO, "墙上有水印", {"report": False, "confidence": 0.31}, {"report": True}, look=4
)


async def keep(database, *corrections):
    async with database.store.begin(NOW) as work:
        for correction in corrections:
            await work.corrections.add(correction)


async def put(database, status):
    async with database.store.begin(NOW) as work:
        if await work.tickets.get(TicketNumber(1)) is None:
            await work.tickets.next_number()
            await work.tickets.save(ticket(1), opened(1))
        moved = move(await work.tickets.get(TicketNumber(1)), status, at=NOW)
        await work.tickets.save(moved, replace(opened(1), details={"to": status}))


async def test_every_field_comes_back_oldest_first(database, other_process):
    await keep(database, ALARM, LOOKED)
    assert await database.read_models.corrections() == [ALARM, LOOKED]
    assert await other_process.read_models.corrections() == [ALARM, LOOKED]


async def test_both_processes_add_to_one_list(database, other_process):
    await keep(database, ALARM)
    await keep(other_process, LOOKED)
    assert [c.what for c in await database.read_models.corrections()] == [Corrected.FALSE_ALARM, Corrected.LOOKED]


async def test_a_false_alarm_that_was_taken_back_teaches_nothing(database):
    await put(database, Status.CANCELLED)
    await keep(database, ALARM, LOOKED)
    assert len(await database.read_models.corrections()) == 2
    await put(database, Status.REOPENED)
    assert await database.read_models.corrections() == [LOOKED]


async def test_a_step_that_fails_leaves_none(database):
    async with database.store.begin(NOW) as work:
        with suppress(RuleBroken):
            async with work.step():
                await work.corrections.add(ALARM)
                raise RuleBroken("no")
        await work.corrections.add(LOOKED)
    assert await database.read_models.corrections() == [LOOKED]


async def test_each_community_has_its_own(database, database_url):
    await keep(database, ALARM)
    async with open_database(database_url, community("other"), ZONE) as theirs:
        assert await theirs.read_models.corrections() == []
