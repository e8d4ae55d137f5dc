"""Meetings: kept as given, by number, seen by other processes, gone with a step that failed; due by their time."""

from contextlib import suppress
from dataclasses import replace

from domain.errors import RuleBroken
from domain.meetings import Guest, Meeting
from domain.vocabulary import StaffId
from tests.storage.values import ANN, BEN, CHAT, MINUTE, NOW, OTHER_CHAT

MEETING = Meeting(NOW + 9 * MINUTE, "活动室", "二期漏水\0", (CHAT, OTHER_CHAT), StaffId("zhao"), NOW, NOW + MINUTE)


async def test_a_meeting_is_kept_with_who_comes_and_what_was_agreed(database, other_process):
    async with database.store.begin(NOW) as work:
        first = await work.meetings.put(replace(MEETING, topic="二期漏水"))
        second = await work.meetings.put(replace(MEETING, at=NOW + 5 * MINUTE))
        assert (first.number, second.number) == (1, 2)
    async with other_process.store.begin(NOW) as work:
        changed = first.signed_up(Guest(ANN, "安", CHAT)).signed_up(Guest(BEN, "本", OTHER_CHAT))
        changed = replace(changed, minutes=("楼顶免费", "补一条"), due_at=None)
        await work.meetings.put(changed)
        assert [m.number for m in await work.meetings.since(NOW)] == [2, 1]
    async with database.store.begin(NOW) as work:
        assert (await work.meetings.since(NOW))[1] == changed
        assert await work.meetings.since(NOW + 9 * MINUTE) == []


async def test_the_next_reminder_is_due_and_no_other(database):
    async with database.store.begin(NOW) as work:
        await work.meetings.put(MEETING)
        await work.meetings.put(replace(MEETING, due_at=None))
    assert await database.read_models.next_due() == NOW + MINUTE
    async with database.store.begin(NOW) as work:
        assert await work.meetings.due(NOW) == []
        assert [m.number for m in await work.meetings.due(NOW + MINUTE)] == [1]


async def test_a_step_that_fails_takes_its_meeting_along(database):
    async with database.store.begin(NOW) as work:
        with suppress(RuleBroken):
            async with work.step():
                await work.meetings.put(MEETING)
                raise RuleBroken("no")
        assert await work.meetings.since(NOW) == []
