"""广播 and 定时广播, as chats: shown, confirmed, said at their time; late, wrong and called-off ones."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.moments import CHINA
from tests.scenarios.town import STAFF, Town
from tests.scenarios.town import town as open_town


def said(town: Town) -> list[tuple[str, str, str]]:
    lines = [line for line in town.lines() if line["kind"] == "broadcast"]
    return [(line["at"][5:16].replace("T", " "), line["group"], line["text"]) for line in lines]


async def confirmed(town: Town, text: str, group: str | None = STAFF) -> list[str]:
    await town.says("sw-limin", text, group)
    await town.says("sw-limin", "确认", group)
    return [line["text"] for line in town.lines() if line["kind"] == "command"]


async def test_it_goes_to_the_buildings_named_word_for_word(town: Town):
    await town.says("sw-limin", "广播 3号楼、5号楼：今晚８点—１０点停水，请提前备水！", STAFF)
    [shown] = town.heard()
    assert "3号楼邻里群、5号楼邻里群" in shown
    assert "今晚８点—１０点停水，请提前备水！" in shown
    await town.says("sw-limin", "确认", STAFF)
    text = "【社区通知】今晚８点—１０点停水，请提前备水！"
    assert [(group, words) for _, group, words in said(town)] == [("g3", text), ("g5", text)]


@pytest.mark.parametrize(
    "command, groups, text",
    [
        ("广播 电梯检修，请走楼梯", ["g1", "g3", "g5", "g8", "gB"], "电梯检修，请走楼梯"),
        ("广播 B座 电梯检修", ["gB"], "电梯检修"),
        ("广播 三号楼 电梯检修", ["g3"], "电梯检修"),
        ("广播 1、3、5号楼 电梯检修", ["g1", "g3", "g5"], "电梯检修"),
        ("广播 3号楼电梯检修", ["g1", "g3", "g5", "g8", "gB"], "3号楼电梯检修"),
        ("广播 各楼：电梯检修", ["g1", "g3", "g5", "g8", "gB"], "电梯检修"),
        ("广播：电梯检修", ["g1", "g3", "g5", "g8", "gB"], "电梯检修"),
    ],
)
async def test_which_groups_are_meant(town: Town, command: str, groups: list[str], text: str):
    await confirmed(town, command)
    town._read = 0
    assert [(group, words) for _, group, words in said(town)] == [(group, f"【社区通知】{text}") for group in groups]


async def test_a_late_word_sends_nothing(town: Town):
    await town.says("sw-limin", "广播 今晚停水", STAFF)
    await town.passes(minutes=10, seconds=1)
    town.heard()
    await town.says("sw-limin", "确认", STAFF)
    assert ["没有发出去" in text for text in town.heard()] == [True]


@pytest.mark.parametrize(
    "command, told",
    [
        ("广播", "请这样说：广播"),
        ("广播 9号楼 停水", "没有9号楼"),
        ("广播 3号楼：", "请这样说：广播"),
        ("广播 " + "水" * 1600, "太长了"),
    ],
)
async def test_a_wrong_one_is_answered(town: Town, command: str, told: str):
    await town.says("sw-limin", command, STAFF, mention=True)
    [answer] = town.heard()
    assert told in answer


async def test_residents_and_repairers_may_not(town: Town):
    for who, group in (("r3-zhang", "g3"), ("rp-wang", STAFF)):
        await town.says(who, "广播 大家好", group)
        await town.says(who, "确认", group)
    assert said(town) == []


async def test_the_newest_draft_is_meant(town: Town):
    await town.says("sw-limin", "广播 3号楼 一", STAFF)
    await town.says("sw-limin", "广播 5号楼 二", STAFF)
    await town.says("sw-limin", "取消", STAFF)
    await town.says("sw-limin", "确认", STAFF)
    assert [(group, text) for _, group, text in said(town)] == [("g3", "【社区通知】一")]


async def test_a_telephone_number_is_pointed_out(town: Town):
    await town.says("sw-limin", "广播 请找王师傅 13812345678", STAFF)
    assert ["请再看一眼" in text for text in town.heard()] == [True]


# -- 定时广播 -----------------------------------------------------------------------------------------------------


async def test_it_is_said_at_its_time_once(town: Town):
    [shown, kept] = await confirmed(town, "定时广播 明天8点 3号楼 今天清洗水箱，上午停水")
    assert "8月24日（周二）8:00，将发到3号楼邻里群" in shown
    assert "存好了，第1条" in kept
    await town.passes(days=3)
    assert said(town) == [("08-24 08:00", "g3", "【社区通知】今天清洗水箱，上午停水")]


async def test_every_day_until_it_is_called_off(town: Town):
    await confirmed(town, "定时广播 每天18:00 请关好窗")
    await town.passes(days=2)
    assert [at for at, group, _ in said(town) if group == "g3"] == ["08-24 18:00", "08-25 18:00"]
    await town.says("sw-limin", "定时广播", STAFF)
    [listed] = town.heard()
    assert "1. 每天，下次8月26日（周四）18:00 全部楼群（李敏）：请关好窗" in listed
    await town.says("st-sunjie", "取消定时 1", STAFF)
    assert town.heard() == ["@孙洁 好，第1条定时广播取消了。"]
    await town.passes(days=2)
    assert said(town) == []


@pytest.mark.parametrize(
    "command, told",
    [
        ("定时广播 明天 停水", "请这样说：定时广播"),
        ("定时广播 大家明天8点停水", "请这样说：定时广播"),
        ("定时广播 今天8点 停水", "请这样说：定时广播"),
        ("定时广播 明天8点", "请这样说：定时广播"),
        ("定时广播 明天8点 9号楼 停水", "没有9号楼"),
        ("定时广播 取消 7", "没有第7条定时广播，现在一条也没有"),
        ("取消定时 7", "没有第7条定时广播，现在一条也没有"),
    ],
)
async def test_a_wrong_time_or_number_is_answered(town: Town, command: str, told: str):
    await town.says("sw-limin", command, STAFF, mention=True)
    [answer] = town.heard()
    assert told in answer


async def test_confirmed_after_its_time_it_is_not_kept(town: Town):
    await town.says("sw-limin", "定时广播 22:00 停水", STAFF)  # it is 21:58
    await town.passes(minutes=5)
    town.heard()
    await town.says("sw-limin", "确认", STAFF)
    assert ["时间已经过了" in text for text in town.heard()] == [True]


async def test_a_short_standstill_is_made_up_for_a_long_one_is_told_to_staff(town: Town):
    await confirmed(town, "定时广播 每天22:00 请关好窗")
    await town.is_away(minutes=30)
    assert [group for _, group, _ in said(town)] == ["g1", "g3", "g5", "g8", "gB"]
    await town.is_away(days=3)
    lines = town.lines()
    assert [(line["group"], line["kind"]) for line in lines] == [(STAFF, "reminder")]
    assert "过了太久没有补发" in lines[0]["text"]
    await town.passes(days=1)
    assert [at for at, group, _ in said(town) if group == "g3"] == ["08-27 22:00"]


async def test_month_and_year_ends(tmp_path: Path):
    async with open_town(tmp_path, start=datetime(2021, 12, 30, 9, tzinfo=CHINA)) as town:
        await confirmed(town, "定时广播 每月31号9点 3号楼 该交物业费了")
        await town.passes(days=95)
        assert [at for at, _, _ in said(town)] == ["12-31 09:00", "01-31 09:00", "02-28 09:00", "03-31 09:00"]
