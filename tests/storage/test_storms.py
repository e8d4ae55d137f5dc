"""Storms, warnings, supplies, patrols, drafts and plans: kept as given, seen by other processes, gone with a step."""

from contextlib import suppress
from dataclasses import replace

import pytest

from domain.drafts import Draft, DraftKind
from domain.editions import Edition, Relay, Why
from domain.errors import RuleBroken
from domain.mailings import Fate, Mailing, Sort
from domain.plans import Every, Plan
from domain.standby import Answer, Due, Watch
from domain.storms import Check, Storm, SupplyMove, stock
from domain.vocabulary import BuildingId, StaffId, TicketNumber
from domain.warnings import Action, OfficialWarning, Standing
from storage.database import open_database
from tests.storage.values import ANN, BEN, CHAT, LONG_AGO, MINUTE, NOW, OTHER_CHAT, SECOND, ZONE, claim, community, put
from tests.storage.values import reply as said

ZHAO = StaffId("zhao")
STORM = Storm(NOW, "蓝色", "暴雨蓝色", "赵强")
WARNING = OfficialWarning(
    "11000041600000_20210823180512", "北京市气象台", "暴雨", "蓝色", Action.UPDATE, NOW, "题目［Ⅳ级］", "原文\n第二行",
    Standing.EXERCISE, NOW + SECOND, NOW + MINUTE, ("a", "b"), "关窗", "cap",
)  # fmt: skip
EDITION = Edition(WARNING, NOW, Relay.STAFF, Why.EXERCISE, "赵强")
DRAFT = Draft(CHAT, ANN, DraftKind.BROADCAST, {"text": "停水，请备水", "buildings": ["3"]}, NOW)
PLAN = Plan("关窗", (BuildingId("3"),), Every.DAY, NOW, NOW + MINUTE, ZHAO, NOW)


async def test_a_storm_opens_rises_and_closes(database, other_process):
    async with database.store.begin(NOW) as work:
        assert await work.storms.current() is None
        opened = await work.storms.put(STORM)
        assert await work.storms.current() == opened
    async with other_process.store.begin(NOW) as work:
        risen = await work.storms.put(opened.risen("橙色"))
        assert (await work.storms.current()) == risen
    async with database.store.begin(NOW) as work:
        assert await work.storms.current() == replace(opened, level="橙色")
        await work.storms.put(replace(risen, closed_at=NOW + MINUTE, closed_by="陈向红"))
        assert await work.storms.current() is None
    [summary] = await other_process.read_models.storms()
    assert (summary.storm.closed_at, summary.storm.level, summary.warnings) == (NOW + MINUTE, "橙色", 0)


async def test_the_latest_storm_is_the_open_one_else_the_last_that_was_closed(database, other_process):
    async with database.store.begin(NOW) as work:
        assert await work.storms.latest() is None
        first = await work.storms.put(STORM)
        closed = await work.storms.put(replace(first, closed_at=NOW + MINUTE))
        assert await work.storms.latest() == closed
    async with other_process.store.begin(NOW) as work:
        assert await work.storms.latest() == closed
        second = await work.storms.put(replace(STORM, reason="暴雨黄色"))
        assert await work.storms.latest() == second


async def test_every_field_of_a_warning_comes_back(database, other_process):
    async with database.store.begin(NOW) as work:
        storm = await work.storms.put(STORM)
        one = await work.storms.add_edition(replace(EDITION, storm=storm.id))
        cleared = replace(WARNING, action=Action.CANCEL)
        two = await work.storms.add_edition(replace(EDITION, warning=cleared, storm=storm.id, seen_at=NOW + SECOND))
        assert await work.storms.editions(LONG_AGO) == [one, two]
    async with other_process.store.begin(NOW) as work:
        assert await work.storms.editions(LONG_AGO) == [one, two]
        assert await work.storms.editions(NOW) == [two]
    [summary] = await other_process.read_models.storms()
    assert summary.warnings == 1  # what clears is none


async def test_supplies_and_patrols_add_up(database, other_process):
    async with database.store.begin(NOW) as work:
        await work.storms.add_move(SupplyMove("沙袋", 200, counted=True, at=NOW, by=ZHAO))
        await work.storms.add_move(SupplyMove("沙袋", -20, counted=False, at=NOW, by=ZHAO, where="3号楼"))
        await work.storms.put_check(Check("地库", "正常", NOW, ZHAO))
    async with other_process.store.begin(NOW) as work:
        await work.storms.add_move(SupplyMove("沙袋", 5, counted=False, at=NOW, by=ZHAO))
        await work.storms.put_check(Check("地库", "积水", NOW + SECOND, ZHAO, TicketNumber(4)))
        assert stock(await work.storms.moves()) == {"沙袋": 185}
        found = await work.storms.checks(NOW + SECOND)
    assert [(check.spot, check.words, check.ticket) for check in found] == [("地库", "积水", 4)]


async def test_the_newest_draft_of_a_person_in_a_chat_comes_first(database, other_process):
    async with database.store.begin(NOW) as work:
        await work.drafts.put(DRAFT)
        await work.drafts.put(replace(DRAFT, kind=DraftKind.PLAN, made_at=NOW + SECOND))
        await work.drafts.put(replace(DRAFT, person=BEN))
        await work.drafts.put(replace(DRAFT, chat=OTHER_CHAT))
    async with other_process.store.begin(NOW) as work:
        newest, older = await work.drafts.of(CHAT, ANN, LONG_AGO)
        assert (newest.kind, older.content) == (DraftKind.PLAN, DRAFT.content)
        assert await work.drafts.of(CHAT, ANN, NOW) == [newest]
        await work.drafts.put(replace(newest, ended_at=NOW))
        assert await work.drafts.of(CHAT, ANN, LONG_AGO) == [older]
    async with database.store.begin(NOW) as work:
        assert await work.drafts.of(CHAT, ANN, LONG_AGO) == [older]


async def test_plans_are_numbered_and_come_soonest_first(database, other_process):
    async with database.store.begin(NOW) as work:
        late = await work.plans.put(PLAN)
        soon = await work.plans.put(replace(PLAN, due_at=NOW, buildings=()))
        assert (late.number, soon.number) == (1, 2)
        assert await work.plans.coming() == [soon, late]
    assert await other_process.read_models.next_due() == NOW
    async with other_process.store.begin(NOW) as work:
        await work.plans.put(replace(soon, due_at=None))
        assert await work.plans.coming() == [late]
    assert await database.read_models.next_due() == NOW + MINUTE


async def test_a_step_that_fails_leaves_nothing(database):
    async with database.store.begin(NOW) as work:
        with suppress(RuleBroken):
            async with work.step():
                await work.storms.put(STORM)
                await work.plans.put(PLAN)
                await work.drafts.put(DRAFT)
                raise RuleBroken("no")
        assert await work.storms.current() is None
        assert (await work.plans.put(PLAN)).number == 1
    async with database.store.begin(NOW) as work:
        assert await work.drafts.of(CHAT, ANN, LONG_AGO) == []


async def test_each_community_has_its_own(database, database_url):
    async with database.store.begin(NOW) as work:
        await work.storms.put(STORM)
        await work.plans.put(PLAN)
    async with open_database(database_url, community("other"), ZONE) as theirs:
        assert await theirs.read_models.storms() == []
        assert await theirs.read_models.next_due() is None
        async with theirs.store.begin(NOW) as work:
            assert await work.storms.current() is None
            assert (await work.plans.put(PLAN)).number == 1


# -- taking back what was not sent yet -----------------------------------------------------------------------------


async def test_what_is_queued_can_be_withdrawn_and_what_is_sent_cannot(database, other_process):
    await put(database, said("a", dedupe_key="w1"), said("b", chat=OTHER_CHAT, dedupe_key="w1"), said("c"))
    async with other_process.store.begin(NOW) as work:
        assert set(await work.outbox.withdraw(["w1", "w2"], NOW)) == {CHAT, OTHER_CHAT}
        await work.outbox.put([said("d", dedupe_key="w2")], NOW)
    assert [[row.reply.template for row in c.rows] for c in await claim(database)] == [["c", "d"]]
    async with database.store.begin(NOW) as work:
        assert await work.outbox.withdraw(["w1"], NOW) == set()
        assert await work.outbox.withdraw([], NOW) == ()


@pytest.mark.parametrize("fails", [False, True])
async def test_what_is_put_and_withdrawn_in_one_commit_is_never_sent(database, fails):
    async with database.store.begin(NOW) as work:
        await work.outbox.put([said("a", dedupe_key="w1"), said("b")], NOW)
        with suppress(RuleBroken):
            async with work.step():
                assert await work.outbox.withdraw(["w1"], NOW) == {CHAT}
                if fails:
                    raise RuleBroken("no")
    [only] = await claim(database)
    assert [row.reply.template for row in only.rows] == (["a", "b"] if fails else ["b"])


async def test_who_heard_or_will_hear_is_known_by_the_keys(database, other_process):
    await put(database, said(dedupe_key="w1"), said(chat=OTHER_CHAT, dedupe_key="w2"))
    async with other_process.store.begin(NOW) as work:
        assert set(await work.outbox.said(["w1", "w2"])) == {CHAT, OTHER_CHAT}
        await work.outbox.withdraw(["w2"], NOW)
    async with database.store.begin(NOW) as work:
        assert set(await work.outbox.said(["w1", "w2"])) == {CHAT}
        await work.outbox.put([said(chat=OTHER_CHAT, dedupe_key="w3")], NOW)
        assert set(await work.outbox.said(["w2", "w3"])) == {OTHER_CHAT}
        assert set(await work.outbox.said([])) == set()


async def test_the_sources_of_warnings_are_known_by_when_they_were_read(database, other_process):
    for channel, at in (("warnings:和风天气", NOW), ("wechaty", NOW), ("warnings:b", LONG_AGO), ("warnings:b", NOW)):
        await database.hearing.note(channel, at)
    async with other_process.store.begin(NOW) as work:
        assert await work.storms.sources_heard() == {"和风天气": NOW, "b": NOW}


# -- what is watched over ------------------------------------------------------------------------------------------


async def test_what_is_due_and_who_answered_is_seen_by_other_processes(database, other_process):
    async with database.store.begin(NOW) as work:
        due = await work.standby.put(Due(7, Watch.CARD, NOW + MINUTE, said={"g3": "{}"}))
        await work.standby.answer(Answer(7, ZHAO, NOW, "沙袋", "缺钥匙", done=False))
        await work.standby.answer(Answer(8, ZHAO, NOW))
        assert await work.standby.dues() == [due]
    assert await other_process.read_models.next_due() == NOW + MINUTE
    async with other_process.store.begin(NOW) as work:
        assert await work.standby.dues() == [due]
        [answer] = await work.standby.answers(7)
        assert (answer.staff, answer.item, answer.words, answer.done) == (ZHAO, "沙袋", "缺钥匙", False)
        await work.standby.put(replace(due, due_at=None, step=1))
    async with database.store.begin(NOW) as work:
        assert await work.standby.dues() == []
    assert await database.read_models.next_due() is None


async def test_photos_are_added_to_a_look(database, other_process):
    async with database.store.begin(NOW) as work:
        check = await work.storms.put_check(Check("地库", "正常", NOW, ZHAO, photos=1))
    async with other_process.store.begin(NOW) as work:
        await work.storms.put_check(replace(check, photos=3))
        assert [c.photos for c in await work.storms.checks(NOW)] == [3]


async def test_what_became_of_a_mailing_is_seen_by_its_keys(database, other_process):
    mailing = Mailing(Sort.BROADCAST, "停水", ("b1",), (CHAT, OTHER_CHAT), NOW, NOW + MINUTE)
    async with database.store.begin(NOW) as work:
        mailing = await work.mailings.put(mailing)
        assert await work.mailings.since(LONG_AGO) == [mailing]
        await work.outbox.put([said("a", dedupe_key="b1"), said("b", chat=OTHER_CHAT, dedupe_key="b2")], NOW)
    assert await other_process.read_models.next_due() == NOW + MINUTE
    async with other_process.store.begin(NOW) as work:
        assert await work.mailings.due(NOW) == []
        assert await work.mailings.due(NOW + MINUTE) == [mailing]
        assert [(p.reply.chat, p.fate) for p in await work.mailings.posts(mailing)] == [(CHAT, Fate.WAITING)]
        await work.outbox.withdraw(["b1"], NOW)
        await work.mailings.put(replace(mailing, keys=("b1", "b2"), due_at=None))
    async with database.store.begin(NOW) as work:
        [mailing] = await work.mailings.since(LONG_AGO)
        assert [p.fate for p in await work.mailings.posts(mailing)] == [Fate.DROPPED, Fate.WAITING]
        assert await work.mailings.due(NOW + MINUTE) == []
