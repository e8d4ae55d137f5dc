"""While a storm is open, as chats: who answered, what is ready, who walked where, how things stand."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from bot.config import load_config
from tests.moments import CHINA
from tests.scenarios.test_storm import asks
from tests.scenarios.test_warnings import BLUE, CLEAR, ORANGE, relay
from tests.scenarios.town import CONFIG, STAFF, Town
from tests.scenarios.town import town as open_town

EVERYBODY = ["sw-limin", "sw-zhaolei", "st-sunjie", "st-hedong", "rp-wang", "rp-liu"]
"""Whom a storm that the secretary opens waits for."""


def reminders(town: Town, words: str) -> list[dict]:
    return [line for line in town.lines() if line["kind"] == "reminder" and words in line["text"]]


async def opened(town: Town, level: str = "四级") -> None:
    await asks(town, f"应急响应 启动 {level}", "sec-chen")


# -- 收到 and 备汛 -------------------------------------------------------------------------------------------------


async def test_when_all_answered_and_all_is_ready_nobody_is_reminded(town: Town):
    await opened(town)
    for who in EVERYBODY:
        assert await asks(town, "收到", who) == ""
    assert "都备好了" in await asks(town, "备汛 1、2、3、4 好了")
    await town.passes(hours=1)
    assert reminders(town, "收到") == []
    assert reminders(town, "还没备好") == []


async def test_who_does_not_answer_is_named_three_times_and_no_more(town: Town):
    await opened(town)
    for who in EVERYBODY[:-1]:
        await town.says(who, "收到！", STAFF)
    town.heard()
    await town.passes(hours=3)
    said = reminders(town, "请回一声“收到”")
    assert [(line["group"], line["mentions"]) for line in said] == [(STAFF, ["rp-liu"])] * 3
    assert ["打电话问一下" in line["text"] for line in said] == [False, False, True]


@pytest.mark.parametrize("words", ["我在岗", "巡查 B座地库 正常", "备汛 1 好了", "好的，收到", "领用 沙袋 1 3号楼"])
async def test_whoever_shows_that_they_are_there_has_answered(town: Town, words: str):
    await asks(town, "物资 沙袋 200", "st-sunjie")
    await opened(town)
    await town.says("sw-zhaolei", words, STAFF)
    town.heard()
    await town.passes(minutes=16)
    [line] = reminders(town, "请回一声“收到”")
    assert "sw-zhaolei" not in line["mentions"]
    assert "sw-limin" in line["mentions"]


async def test_what_is_not_ready_is_said_with_what_is_missing(town: Town):
    await opened(town)
    told = await asks(town, "备汛 第4项 缺钥匙", "st-hedong")
    assert "4. 户外灯箱和喷泉断电，有困难：缺钥匙" in told
    assert "1. 项目负责人到岗值守：还没回" in await asks(town, "备汛")
    await town.passes(minutes=16)
    [line] = reminders(town, "还没备好")
    assert "4. 户外灯箱和喷泉断电（何东：缺钥匙）" in line["text"]


async def test_a_higher_level_keeps_the_numbers_and_asks_for_what_it_adds(town: Town):
    await opened(town)
    await asks(town, "备汛 1 2 3 4 好了")
    risen = await asks(town, "应急响应 启动 三级", "sec-chen")
    assert "5. 地库坡道摆好挡水板和沙袋" in risen
    assert "备汛 5 好了" in risen
    await town.passes(minutes=16)
    [line] = reminders(town, "还没备好")
    assert "5. 地库坡道" in line["text"]
    assert "沙袋、抽水泵、工具" not in line["text"]


@pytest.mark.parametrize(
    "text, told",
    [("备汛 9 好了", "没有第9项，一共4项"), ("备汛 好了", "请这样说：备汛"), ("备汛 0 好了", "没有第0项")],
)
async def test_a_wrong_item_is_answered(town: Town, text: str, told: str):
    await opened(town)
    town.heard()
    await town.says("sw-limin", text, STAFF, mention=True)
    assert told in town.heard()[0]


async def test_without_a_storm_there_is_nothing_to_make_ready_and_nothing_to_answer(town: Town):
    assert "没有要备的清单" in await asks(town, "备汛 1 好了")
    assert await asks(town, "收到") == ""
    await opened(town)
    await town.passes(minutes=16)
    [line] = reminders(town, "请回一声“收到”")
    assert "sw-limin" in line["mentions"]  # what was said before counts for nothing


async def test_words_about_a_ticket_are_no_answer_to_the_storm(town: Town):
    await opened(town)
    await town.says("r8", "地库积水了", "g8")
    [call] = [line["id"] for line in town.all_lines if line["kind"] == "alert" and line["group"] == STAFF][-1:]
    await town.says("sw-zhaolei", "收到", STAFF, quote=call)
    await town.says("st-sunjie", "收到，我马上过去", STAFF)
    town.heard()
    await town.passes(minutes=16)
    [line] = reminders(town, "请回一声“收到”")
    assert {"sw-zhaolei", "st-sunjie"} <= set(line["mentions"])


async def test_who_is_off_duty_is_not_called(town: Town):
    await asks(town, "离岗", "rp-liu")
    await opened(town)
    await town.passes(minutes=16)
    [line] = reminders(town, "请回一声“收到”")
    assert "rp-liu" not in line["mentions"]


async def test_holes_in_the_roster_are_told_when_a_storm_opens(tmp_path: Path):
    config = load_config(CONFIG)
    without = [s for s in config.staff if s.id != "sw-zhaolei"]
    async with open_town(tmp_path, config=config.model_copy(update={"staff": tuple(without)})) as town:
        told = await asks(town, "应急响应 启动 四级", "sec-chen")
        assert "8号楼" in told
        assert "没有社工" in told


# -- patrols -------------------------------------------------------------------------------------------------------


async def test_what_was_not_walked_in_time_is_named_with_the_last_look(town: Town):
    await opened(town)
    await town.passes(minutes=90)
    await asks(town, "巡查 B座地库 正常", "st-sunjie")
    await town.passes(minutes=31)
    [line] = reminders(town, "该巡查了")
    assert line["group"] == STAFF
    assert "8号楼地库（还没走过）" in line["text"]
    assert "B座地库" not in line["text"]
    await town.passes(hours=2)
    [line] = reminders(town, "该巡查了")
    assert "B座地库（上次8月23日（周一）23:28 孙洁）" in line["text"]  # in the quiet hours as well


async def test_a_higher_level_patrols_more_often(town: Town):
    await opened(town)
    await asks(town, "应急响应 启动 二级", "sec-chen")
    await town.passes(minutes=91)
    assert len(reminders(town, "该巡查了（30分钟一次）")) == 3


async def test_after_the_end_nobody_is_reminded(town: Town):
    await opened(town)
    await asks(town, "应急响应 解除", "sec-chen")
    await town.passes(hours=12)
    assert town.heard() == []


async def test_a_standstill_says_each_thing_once(town: Town):
    await opened(town)
    town.heard()
    await town.is_away(hours=7)
    said = [line["text"][:9] for line in town.lines() if line["kind"] == "reminder"]
    assert len([text for text in said if "该巡查了" in text]) == 1


@pytest.mark.parametrize("first", [True, False])
async def test_a_photo_before_or_after_the_words_belongs_to_the_look(town: Town, first: bool):
    await opened(town)
    if first:
        await town.says("st-sunjie", "", STAFF, photo=True)
    await town.says("st-sunjie", "巡查 B座地库 正常", STAFF)
    if not first:
        await town.says("st-sunjie", "", STAFF, photo=True)
    assert "孙洁 正常（照片1张）" in await asks(town, "巡查")


async def test_a_photo_of_what_is_bad_goes_to_its_ticket(town: Town):
    await opened(town)
    await town.says("st-sunjie", "巡查 8号楼地库 积水到脚面了", STAFF)
    await town.says("st-sunjie", "", STAFF, photo=True)
    await town.passes(seconds=20)
    assert (await town.ticket())["media"] == 1


# -- how things stand ----------------------------------------------------------------------------------------------


async def test_staff_are_shown_how_things_stand_only_when_something_changed(tmp_path: Path):
    async with open_town(tmp_path, start=datetime(2021, 8, 23, 19, 5, tzinfo=CHINA)) as town:
        await opened(town)
        for who in EVERYBODY:
            await town.says(who, "收到", STAFF)
        await town.says("r8", "地库积水了", "g8")
        town.heard()
        await town.passes(hours=3)
        shown = [line for line in town.lines(STAFF) if line["kind"] == "digest"]
        assert [line["at"][11:16] for line in shown] == ["20:05"]
        assert len(shown[0]["media"]) == 1
        await town.says("st-hedong", "到场 #1", STAFF)
        await town.passes(hours=1)
        assert [line["at"][11:16] for line in town.lines(STAFF) if line["kind"] == "digest"] == ["23:05"]


async def test_a_group_gets_a_card_at_set_times_only_where_something_changed(tmp_path: Path):
    async with open_town(tmp_path, start=datetime(2021, 8, 23, 11, 5, tzinfo=CHINA)) as town:
        await opened(town)
        await town.says("r8", "地库积水了", "g8")
        await town.passes(hours=14)
        cards = [line for line in town.lines() if line["kind"] == "digest" and line["group"] != STAFF]
        assert [(line["at"][11:16], line["group"]) for line in cards] == [("12:00", "g8")]
        assert "8号楼，共1单" in cards[0]["text"]
        assert "应急状态" not in cards[0]["text"]


async def test_a_card_that_slept_through_the_night_is_not_shown_any_more(tmp_path: Path):
    config = load_config(CONFIG)
    night = config.storm.model_copy(update={"card_at": (time(23, 30),)})
    async with open_town(tmp_path, config=config.model_copy(update={"storm": night})) as town:
        await opened(town)
        await town.says("r8", "地库积水了", "g8")
        await town.passes(hours=12)
        assert [line for line in town.lines("g8") if line["kind"] == "digest"] == []


async def test_staff_ask_for_the_picture_and_a_group_sees_its_building_only(town: Town):
    assert "没有启动应急响应" in await asks(town, "实况")
    await relay(town, BLUE)
    await town.says("r8", "地库积水了", "g8")
    await town.says("r3", "2单元1801客厅漏水", "g3")
    await asks(town, "实况")
    shown = [line for line in town.all_lines if line["kind"] == "status"][-1]
    assert "广达路社区，应急状态蓝色，共2单" in shown["text"]
    assert "北京市气象台2021年8月23日18时00分发布暴雨蓝色预警信号" in shown["text"]
    told = await asks(town, "实况", group="g3")
    assert "3号楼，共1单，还有1单没办完" in told
    assert "1801" not in told
    assert await asks(town, "实况", "r3", "g3") == ""


async def test_emergencies_pass_the_night_while_the_rest_waits(tmp_path: Path):
    async with open_town(tmp_path, start=datetime(2021, 8, 24, 0, 30, tzinfo=CHINA)) as town:
        await town.says("r8", "地库进水很深，有人困在车里", "g8")
        assert "值班电话 010-00000000" in town.heard("g8")[0]
        assert town.now - datetime(2021, 8, 24, 0, 30, tzinfo=CHINA) < timedelta(seconds=5)


async def test_the_whole_storm_from_blue_to_the_account(town: Town):
    await relay(town, BLUE)
    await relay(town, ORANGE.replace("23时30分", "21时57分"))
    await town.passes(hours=9)
    await relay(town, CLEAR.replace("蓝色", "橙色"))
    assert "应急响应解除" in await asks(town, "应急响应 解除", "sec-chen")
    town.heard()
    await town.passes(days=1)
    assert [line for line in town.lines() if line["kind"] == "reminder"] == []


def test_the_demo_asks_for_all_of_it():
    storm = load_config(CONFIG).storm
    assert all((storm.patrol_minutes, storm.answer_minutes, storm.picture_minutes, storm.card_at))
