"""Staff from a spreadsheet and words of duty: one row each, whole or not at all, seen by every process."""

from contextlib import suppress
from dataclasses import replace

import pytest

from domain.duty import DutyWord
from domain.roster import Staff
from domain.vocabulary import BuildingId, Role, StaffId
from tests.storage.values import MINUTE, NOW

LI = Staff(StaffId("li"), "李敏 🌊", Role.SOCIAL_WORKER, (BuildingId("3"), BuildingId("B")), "13900000001")
WANG = Staff(StaffId("wang"), "王建国", Role.REPAIRER)


async def put(database, *people):
    async with database.store.begin(NOW) as work:
        for person in people:
            await work.roster.put(person)


async def stumbles(database):
    async with database.store.begin(NOW) as work:
        await work.roster.put(LI)
        raise ZeroDivisionError


async def imported(database):
    async with database.store.begin(NOW) as work:
        return sorted(await work.roster.imported(), key=lambda staff: staff.id)


async def test_a_person_comes_back_as_written(database, other_process):
    await put(database, LI, WANG)
    assert await imported(database) == await imported(other_process) == [LI, WANG]


async def test_a_person_is_changed_and_dropped(database, other_process):
    await put(database, LI, WANG)
    assert await imported(other_process) == [LI, WANG]
    changed = replace(LI, role=Role.STEWARD, buildings=())
    async with database.store.begin(NOW) as work:
        await work.roster.put(changed)
        await work.roster.drop(WANG.id)
        assert list(await work.roster.imported()) == [changed]
    assert await imported(database) == await imported(other_process) == [changed]
    await put(other_process, WANG)
    assert await imported(database) == [changed, WANG]


async def test_nothing_half_done(database, other_process):
    with pytest.raises(ZeroDivisionError):
        await stumbles(database)
    assert await imported(database) == await imported(other_process) == []


async def test_a_step_that_fails_takes_its_part_back(database):
    async with database.store.begin(NOW) as work:
        await work.roster.put(LI)
        with suppress(ZeroDivisionError):
            async with work.step():
                await work.roster.drop(LI.id)
                raise ZeroDivisionError
    assert await imported(database) == [LI]


async def test_the_latest_word_counts(database, other_process):
    words = [DutyWord(LI.id, True, NOW), DutyWord(LI.id, False, NOW + MINUTE), DutyWord(WANG.id, True, NOW)]
    for word in words:
        async with database.store.begin(NOW) as work:
            await work.roster.say(word)
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            assert sorted(await work.roster.duty_words(), key=lambda w: w.staff) == words[1:]
