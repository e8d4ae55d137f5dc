"""专班: tickets of a few homes get a group of their own, as chats."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.moments import CHINA
from tests.scenarios.town import STAFF, Town
from tests.scenarios.town import town as open_town

MORNING = datetime(2021, 8, 24, 10, 0, tzinfo=CHINA)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(tmp_path, start=MORNING) as opened:
        await opened.says("r1", "2单元502卧室漏水", name="老周")
        await opened.says("r2", "2单元402客厅顶上漏水", name="小李")
        await opened.says("sec-chen", "绑定 专班 二单元漏水专班", group="gtask", mention=True)
        opened.heard()
        yield opened


def texts(lines: list, group: str) -> list[str]:
    return [line["text"] for line in lines if line["group"] == group]


async def test_the_building_hears_once_and_the_task_group_from_then_on(town: Town):
    await town.says("sw-limin", "专班 #1 #2 二单元漏水", group=STAFF)
    lines = town.lines()
    [told] = texts(lines, "g3")
    assert "#1、#2 转到专班群“二单元漏水专班”" in told
    assert not any(private in told for private in ("502", "402", "卧室"))
    [begun] = texts(lines, "gtask")
    assert "#1 3号楼2单元低层住户漏水" in begun
    assert "502" not in begun
    assert "二单元漏水专班" in texts(lines, STAFF)[0]

    await town.says("rp-wang", "到场 #1", group=None)
    await town.says("rp-wang", "完成 #1 换了接头", group=None)
    lines = town.lines()
    assert texts(lines, "g3") == []
    arrived, done = texts(lines, "gtask")
    assert "王建国到现场了" in arrived
    assert "处理好了" in done


async def test_the_question_whether_it_is_fixed_comes_in_the_task_group_and_counts_wherever_it_is_answered(town: Town):
    await town.says("sw-limin", "专班 #1 二单元漏水", group=STAFF)
    await town.says("rp-wang", "完成 #1 换了接头", group=None)
    town.heard()
    await town.passes(hours=25)
    lines = town.lines()
    assert texts(lines, "g3") == []
    assert ["@老周 " in text for text in texts(lines, "gtask")] == [True]
    await town.says("r1", "修好了", group="gtask", name="老周")
    assert (await town.ticket(1))["status"] == "closed"


async def test_who_reported_in_private_goes_on_hearing_in_private(town: Town):
    await town.says("r3", "3号楼2单元602厨房漏水", group=None, name="老赵")
    town.heard()
    await town.says("sw-limin", "专班 #3 二单元漏水", group=STAFF)
    lines = town.lines()
    assert any("转到专班群" in line["text"] for line in lines if line["to"] == "r3")
    await town.says("rp-wang", "到场 #3", group=None)
    lines = town.lines()
    assert [bool(texts(lines, group)) for group in ("g3", "gtask")] == [False, True]
    assert any("到现场了" in line["text"] for line in lines if line["to"] == "r3")


async def test_a_neighbour_who_joins_later_is_answered_where_they_spoke_and_told_in_the_task_group(town: Town):
    await town.says("r4", "2单元门口积水了", name="老钱")
    await town.says("sw-limin", "专班 #3 二单元漏水", group=STAFF)
    town.heard()
    await town.says("r5", "2单元门口积水好深", name="老孙")
    assert any("#3" in text for text in town.heard("g3"))
    await town.says("rp-wang", "到场 #3", group=None)
    assert texts(town.lines(), "g3") == []


async def test_a_second_thought_brings_it_back(town: Town):
    await town.says("sw-limin", "专班 #1 二单元漏水", group=STAFF)
    town.heard()
    await town.says("sw-limin", "专班 #1 解散", group=STAFF)
    lines = town.lines()
    assert any("#1 从专班转回" in text for text in texts(lines, "g3"))
    await town.says("rp-wang", "到场 #1", group=None)
    assert any("到现场了" in text for text in town.heard("g3"))


async def test_the_only_task_group_needs_no_name(town: Town):
    await town.says("sw-limin", "专班 #1", group=STAFF)
    assert any("#1" in text for text in town.heard("gtask"))


async def test_a_name_that_no_group_has_says_which_there_are_and_moves_nothing(town: Town):
    await town.says("sw-limin", "专班 #1 五单元积水", group=STAFF)
    [refused] = town.heard()
    assert "没有叫这个名字的专班群" in refused
    assert "“二单元漏水专班”" in refused
    assert "绑定 专班" in refused
    await town.says("rp-wang", "到场 #1", group=None)
    assert any("到现场了" in text for text in town.heard("g3"))


async def test_without_any_task_group_staff_hear_how_to_make_one(tmp_path: Path):
    async with open_town(tmp_path, start=MORNING) as town:
        await town.says("r1", "2单元502卧室漏水")
        town.heard()
        await town.says("sw-limin", "专班 #1 二单元漏水", group=STAFF)
        [refused] = town.heard()
        assert "还没有专班群" in refused
        assert "绑定 专班 名称" in refused


async def test_what_is_closed_needs_no_task_group_and_said_twice_changes_nothing(town: Town):
    await town.says("r1", "修好了 #1", name="老周")
    town.heard()
    await town.says("sw-limin", "专班 #1 #2 二单元漏水", group=STAFF)
    assert any("#1 已办结了，不用转专班" in text for text in town.heard())
    await town.says("sw-limin", "专班 #2 二单元漏水", group=STAFF)
    town.heard()
    await town.says("sw-limin", "专班 #2 二单元漏水", group=STAFF)
    assert any("已经在“二单元漏水专班”里跟进了" in text for text in town.heard())


async def test_repairers_and_residents_may_not(town: Town):
    await town.says("rp-wang", "专班 #1 二单元漏水", group=STAFF)
    assert any("这个要由" in text for text in town.heard())
    await town.says("r1", "专班 #1 二单元漏水", group=None)
    assert any("社区工作人员" in text for text in town.heard())
    assert (await town.ticket(1))["status"] == "registered"


async def test_a_task_group_of_one_building_knows_where_its_people_live(tmp_path: Path):
    async with open_town(tmp_path, start=MORNING) as town:
        await town.says("sec-chen", "绑定 专班 3号楼二单元漏水", group="gtask", mention=True)
        assert "3号楼二单元漏水" in town.heard("gtask")[0]
        await town.says("r9", "2单元402厨房漏了", group="gtask", name="小孙")
        assert "3号楼2单元402厨房漏水" in town.heard("gtask")[0]
        await town.says("rp-wang", "到场 #1", group=None)
        lines = town.lines()
        assert [bool(texts(lines, group)) for group in ("g3", "gtask")] == [False, True]
