"""当志愿者: residents who lend a hand, as chats."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.moments import CHINA
from tests.scenarios.town import STAFF, Town
from tests.scenarios.town import town as open_town

FLOOD = "地库进水了，水到小腿了，快来人！"


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(tmp_path, start=datetime(2021, 8, 24, 10, 0, tzinfo=CHINA)) as opened:
        yield opened


def asking(lines: list) -> list:
    return [
        line for line in lines if "搭把手" in line["text"] and line["kind"] == "other" and "能来回复" in line["text"]
    ]


async def test_a_volunteer_is_asked_by_name_comes_and_is_thanked(town: Town):
    await town.says("v1", "当志愿者", group="g3", name="老周")
    welcome = town.heard("g3")[0]
    assert "您是3号楼的志愿者" in welcome
    assert "不下水、不碰电" in welcome
    await town.says("r1", FLOOD, group="g3", name="小李")
    lines = town.lines()
    [asked] = asking(lines)
    assert (asked["group"], asked["mentions"], asked["tickets"]) == ("g3", ["v1"], [1])
    assert "不下水、不碰电、不进别人家" in asked["text"]

    await town.says("v1", "我能来 #1", group="g3", name="老周")
    lines = town.lines()
    assert any("到了听安排" in line["text"] for line in lines if line["group"] == "g3")
    assert any("志愿者老周能来帮忙：#1" in line["text"] for line in lines if line["group"] == STAFF)
    await town.says("rp-wang", "完成 #1 抽干了", group=None)
    thanks = [line for line in town.lines() if "谢谢您搭把手" in line["text"]]
    assert [(line["group"], line["mentions"]) for line in thanks] == [("g3", ["v1"])]
    await town.says("r1", "修好了", group="g3", name="小李")
    assert not any("搭把手" in text for text in town.heard())  # thanked once


async def test_in_private_the_building_is_asked_for(town: Town):
    await town.says("v1", "当志愿者", group=None, name="老周")
    assert "当志愿者 3号楼" in town.heard(to="v1")[0]
    await town.says("v1", "当志愿者 9号楼", group=None, name="老周")
    assert "没有这栋楼" in town.heard(to="v1")[0]
    await town.says("v1", "当志愿者 3号楼", group=None, name="老周")
    assert "您是3号楼的志愿者" in town.heard(to="v1")[0]
    await town.says("r1", FLOOD, group="g3", name="小李")
    assert [line["mentions"] for line in asking(town.lines())] == [["v1"]]


async def test_neighbours_of_other_buildings_and_who_reports_are_not_asked(town: Town):
    await town.says("v1", "当志愿者", group="g5", name="老赵")
    await town.says("r1", "当志愿者", group="g3", name="小李")
    town.heard()
    await town.says("r1", FLOOD, group="g3", name="小李")
    assert asking(town.lines()) == []


async def test_what_is_no_emergency_disturbs_nobody(town: Town):
    await town.says("v1", "当志愿者", group="g3", name="老周")
    await town.says("r1", "2单元502卧室漏水", group="g3", name="小李")
    assert asking(town.lines()) == []


async def test_nobody_is_woken_up(town: Town):
    await town.says("v1", "当志愿者", group="g3", name="老周")
    await town.passes(hours=14)
    await town.says("r1", FLOOD, group="g3", name="小李")
    assert asking(town.lines()) == []


async def test_several_emergencies_of_an_hour_are_one_question_to_a_few(town: Town):
    for n in range(8):
        await town.says(f"v{n}", "当志愿者", group="g3", name=f"邻居{n}")
    town.heard()
    await town.says("r1", FLOOD, group="g3", name="小李")
    await town.says("r2", "3号楼电梯里往下淌水，冒火花了！", group="g3", name="老钱")
    assert [len(line["mentions"]) for line in asking(town.lines())] == [5]


async def test_who_stepped_back_is_left_alone(town: Town):
    await town.says("v1", "当志愿者", group="g3", name="老周")
    await town.says("v1", "不当志愿者", group="g3", name="老周")
    assert "以后不再叫您" in town.heard("g3")[-1]
    await town.says("r1", FLOOD, group="g3", name="小李")
    assert asking(town.lines()) == []


async def test_an_offer_among_neighbours_is_talk(town: Town):
    await town.says("r2", "我能来", group="g3", name="老钱")
    await town.says("r2", "当志愿者的人真好", group="g3", name="老钱")
    assert town.heard() == []
    await town.says("r2", "我能来", group=None, name="老钱")
    assert "没有要搭把手的急事" in town.heard(to="r2")[0]


async def test_staff_see_who_there_is_and_a_building_group_does_not(town: Town):
    await town.says("v1", "当志愿者", group="g3", name="老周")
    await town.says("v2", "当志愿者", group="g5", name="老赵")
    town.heard()
    await town.says("sw-limin", "志愿者", group=STAFF)
    listed = town.heard(STAFF)[0]
    assert "志愿者2人" in listed
    assert "3号楼 老周" in listed
    await town.says("sw-limin", "志愿者 5号楼", group=STAFF)
    assert "老周" not in town.heard(STAFF)[0]
    await town.says("sw-limin", "志愿者", group="g3")
    assert not any("老周" in text for text in town.heard("g3"))
