"""值班, 我在岗 and 离岗 as chats; and that the ladder calls who is on duty."""

from collections.abc import AsyncIterator
from datetime import datetime, time
from pathlib import Path

import pytest

from bot.config import ShiftPart, load_config
from tests.moments import CHINA
from tests.scenarios.town import CONFIG, STAFF, Town
from tests.scenarios.town import town as open_town

EVENING = datetime(2021, 8, 23, 19, 30, tzinfo=CHINA)


def shift(name: str, start: str, end: str, *staff: str) -> ShiftPart:
    return ShiftPart.model_validate({"name": name, "from": start, "to": end, "staff": list(staff)})


@pytest.fixture
async def shifts(tmp_path: Path) -> AsyncIterator[Town]:
    """By day 李敏 and 王建国, by night 赵蕾 and 刘海."""
    day = shift("白班", "08:00", "20:00", "sw-limin", "rp-wang")
    night = shift("夜班", "20:00", "08:00", "sw-zhaolei", "rp-liu")
    config = load_config(CONFIG).model_copy(update={"shifts": (day, night)})
    async with open_town(tmp_path, config=config, start=EVENING) as opened:
        yield opened


def test_a_shift_is_read_with_its_times():
    assert (shift("夜班", "20:00", "08:00", "a").start, shift("夜班", "20:00", "08:00", "a").end) == (time(20), time(8))


# -- good --------------------------------------------------------------------------------------------------------


async def test_who_is_on_duty_now(shifts: Town):
    await shifts.says("sec-chen", "值班", group=STAFF)
    [said] = shifts.heard(STAFF)
    assert "3号楼：社工李敏（在岗，到8月23日（周一）20:00） 13900000001；物业管家孙洁" in said
    assert "8号楼：社工李敏" in said  # 赵蕾 is off until the evening: who is there stands in
    assert "维修师傅王建国（在岗" in said
    assert "刘海" not in said


async def test_the_night_shift_is_called_for_what_happens_at_night(shifts: Town):
    await shifts.passes(hours=3)
    await shifts.says("r1", "我家502卧室漏水了", group="g3")
    lines = shifts.lines()
    assert any(line["to"] == "sw-zhaolei" for line in lines)
    assert not any(line["to"] == "sw-limin" for line in lines)


async def test_who_says_so_is_called_although_it_is_not_their_turn(shifts: Town):
    await shifts.passes(hours=3)
    await shifts.says("sw-limin", "我在岗", group=None)
    assert "在岗了" in shifts.heard(to="sw-limin")[0]
    await shifts.says("r1", "我家502卧室漏水了", group="g3")
    lines = shifts.lines()
    assert any(line["to"] == "sw-limin" for line in lines)
    assert not any(line["to"] == "sw-zhaolei" for line in lines)


async def test_who_leaves_hands_over_with_a_name(town: Town):
    await town.says("r1", "我家502卧室漏水了", group="g3")
    await town.says("rp-wang", "接单 #1", group=STAFF)
    town.heard()
    await town.says("rp-wang", "离岗", group=STAFF)
    [asked] = town.lines(STAFF)
    assert asked["kind"] == "question"
    assert "#1" in asked["text"]
    assert "比如“刘海”" in asked["text"]
    await town.says("rp-wang", "转给刘海吧", group=STAFF)
    assert any("派给您" in text for text in town.heard(to="rp-liu"))


# -- late --------------------------------------------------------------------------------------------------------


async def test_a_name_said_an_hour_later_is_no_answer(town: Town):
    await town.says("r1", "我家502卧室漏水了", group="g3")
    await town.says("rp-wang", "接单 #1", group=STAFF)
    await town.says("rp-wang", "离岗", group=STAFF)
    await town.passes(minutes=31)
    town.heard()
    await town.says("rp-wang", "刘海", group=STAFF)
    assert town.lines() == []


async def test_the_command_does_it_too_and_nothing_in_hand_asks_nothing(town: Town):
    await town.says("r1", "我家502卧室漏水了", group="g3")
    await town.says("rp-wang", "接单 #1", group=STAFF)
    await town.says("rp-wang", "离岗", group=STAFF)
    await town.says("rp-wang", "转派 #1 刘海", group=STAFF)
    town.heard()
    await town.says("rp-wang", "离岗", group=STAFF)
    assert "没有没办完的单" in town.heard(STAFF)[0]


async def test_the_ladder_goes_past_who_left(town: Town):
    """李敏 has left and nobody else of her building is a social worker: who is at work elsewhere stands in."""
    await town.says("sw-limin", "离岗", group=None)
    await town.says("sw-zhaolei", "我在岗", group=None)
    town.heard()
    await town.says("r1", "我家502卧室漏水了", group="g3")
    assert [line["to"] for line in town.lines() if line["to"]] == ["sw-zhaolei"]


# -- wrong -------------------------------------------------------------------------------------------------------


async def test_an_unknown_name_is_asked_again_and_the_ticket_stays(town: Town):
    await town.says("r1", "我家502卧室漏水了", group="g3")
    await town.says("rp-wang", "接单 #1", group=STAFF)
    await town.says("rp-wang", "离岗", group=STAFF)
    town.heard()
    await town.says("rp-wang", "老李头", group=STAFF)
    assert "没找到这个人" in town.heard(STAFF)[0]
    await town.says("rp-wang", "刘师傅", group=STAFF)
    assert any("派给您" in text for text in town.heard(to="rp-liu"))


@pytest.mark.parametrize("word", ["值班", "我在岗", "离岗"])
async def test_it_is_for_staff(town: Town, word: str):
    await town.says("r1", word, mention=True)
    assert "社区工作人员" in town.heard("g3")[0]


@pytest.mark.parametrize("word", ["我在岗亭这边看见水了", "值班的人呢，门口积水了", "离岗亭不远那边漏水"])
async def test_talk_that_begins_alike_is_no_command(town: Town, word: str):
    await town.says("sw-limin", word, group=STAFF)
    assert [text for text in town.heard(STAFF) if "在岗了" in text or "离岗" in text or "现在值班" in text] == []


async def test_numbers_of_colleagues_stay_among_staff(town: Town):
    await town.says("sw-limin", "值班", mention=True, group="g3")
    assert "1390000" not in "".join(town.heard("g3"))


async def test_help_names_them(town: Town):
    await town.says("sw-limin", "帮助", group=None)
    shown = "".join(town.heard(to="sw-limin"))
    assert [word for word in ("值班", "我在岗", "离岗") if word not in shown] == []
