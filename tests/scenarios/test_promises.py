"""Nobody is forgotten: what the bot says by itself when nobody says anything, as chats."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config, load_config
from tests.moments import CHINA
from tests.scenarios.town import CONFIG, STAFF, Town
from tests.scenarios.town import town as open_town

TEN_IN_THE_MORNING = datetime(2021, 8, 24, 10, 0, tzinfo=CHINA)


@pytest.fixture
async def morning(tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(tmp_path, start=TEN_IN_THE_MORNING) as opened:
        yield opened


def reminders(town: Town) -> list[tuple[str, str, list[str]]]:
    """(when, chat, whom) of each reminder since the last look."""
    lines = [line for line in town.lines() if line["kind"] == "reminder"]
    return [(str(line["at"])[11:16], str(line["group"] or line["to"]), line["mentions"]) for line in lines]


def in_group(found: list[tuple[str, str, list[str]]]) -> list[tuple[str, list[str]]]:
    return [(at, whom) for at, chat, whom in found if chat == STAFF]


def in_private(found: list[tuple[str, str, list[str]]]) -> list[tuple[str, str]]:
    return [(at, chat) for at, chat, _ in found if chat != STAFF]


ALL = ["sw-limin", "st-sunjie", "sec-chen"]


async def test_nobody_accepts_for_two_hours_by_day(morning: Town):
    await morning.says("r1", "2单元502卧室漏水")
    assert [line["mentions"] for line in morning.lines(STAFF)] == [["sw-limin"]]
    await morning.passes(hours=2)
    found = reminders(morning)
    assert in_group(found) == [
        ("10:10", ["st-sunjie"]), ("10:20", ["sec-chen"]), ("10:30", ALL), ("11:00", ALL), ("12:00", ALL),
    ]  # fmt: skip
    assert in_private(found) == [("10:10", "st-sunjie"), ("10:20", "sec-chen"), *(("10:30", p) for p in sorted(ALL))]


async def test_a_reminder_says_which_where_how_long_and_what_to_do(morning: Town):
    await morning.says("r1", "2单元502卧室漏水", name="老周")
    morning.heard()
    await morning.passes(minutes=10)
    assert morning.heard(STAFF) == ["@孙洁 #1 3号楼2单元502卧室漏水，报修10分钟还没人接单。能去请回：接单 #1"]
    await morning.passes(minutes=20)
    assert [line for line in morning.lines("g3") if line["kind"] != "ack"] == []


async def test_an_emergency_climbs_on_through_the_night(town: Town):
    await town.passes(hours=2)
    await town.says("r1", "2单元1801客厅顶上漏水，水滴到灯上了")
    assert (await town.ticket())["urgency"] == "emergency"
    town.heard()
    await town.passes(hours=2)
    found = reminders(town)
    assert [at for at, _ in in_group(found)] == ["00:03", "00:08", "00:13", "00:30", "01:00"]
    assert len(in_private(found)) == 2 + 3 * 3


async def test_a_normal_one_of_half_past_eleven_waits_for_the_morning(tmp_path: Path):
    start = datetime(2021, 8, 23, 23, 30, tzinfo=CHINA)
    async with open_town(tmp_path, start=start) as town:
        await town.says("r1", "2单元502厨房水管有点渗水")
        await town.says("sw-limin", "改 #1 普通", group=STAFF)
        assert len(town.lines("g3")) == 1
        await town.passes(hours=8, minutes=40)
        assert in_group(reminders(town)) == [("07:30", ["st-sunjie"]), ("08:00", ["sec-chen"])]


async def test_accepted_but_never_there(morning: Town):
    await morning.says("r1", "2单元502卧室漏水")
    await morning.passes(minutes=3)
    await morning.says("rp-wang", "接单 #1", group=STAFF)
    morning.heard()
    await morning.passes(minutes=43)
    lines = [line for line in morning.lines() if line["kind"] == "reminder"]
    assert [(line["group"], line["to"], line["at"][11:16]) for line in lines] == [
        (STAFF, None, "10:45"), (None, "rp-wang", "10:45"), (None, "st-sunjie", "10:45"),
    ]  # fmt: skip
    assert lines[0]["mentions"] == ["rp-wang", "st-sunjie"]
    assert "王建国接单42分钟还没到场" in lines[0]["text"]
    ticket = await morning.ticket()
    assert (ticket["status"], ticket["accepted_at"]) == ("registered", None)
    await morning.passes(minutes=10)
    assert in_group(reminders(morning)) == [("10:55", ["sec-chen"])]
    await morning.says("rp-liu", "接单 #1", group=STAFF)
    assert (await morning.ticket())["status"] == "accepted"


async def test_there_in_time_is_left_in_peace(morning: Town):
    await morning.says("r1", "2单元502卧室漏水")
    await morning.passes(minutes=5)
    await morning.says("rp-wang", "接单 #1", group=STAFF)
    await morning.passes(minutes=30)
    await morning.says("rp-wang", "到场 #1", group=None)
    await morning.passes(minutes=90)
    await morning.says("rp-wang", "完成 #1 换了接头", group=None)
    await morning.passes(hours=5)
    assert reminders(morning) == []


@pytest.mark.parametrize("word", ["到场 #1", "误报 #1", "合并 #2 #1", "待续 #1 等料 明天9点", "完成 #1 好了"])
async def test_these_stop_the_ladder(morning: Town, word: str):
    await morning.says("r1", "2单元502卧室漏水")
    await morning.says("r2", "1号楼1单元302厨房漏水", group="g1")
    await morning.says("sw-limin", "到场 #2", group=STAFF)
    await morning.passes(minutes=11)
    morning.heard()
    await morning.says("sw-limin", word, group=STAFF)
    await morning.passes(minutes=100)
    assert reminders(morning) == []


async def test_a_withdrawal_stops_it_too(morning: Town):
    await morning.says("r1", "2单元门口积水了")
    await morning.says("r1", "看错了，是影子")
    await morning.passes(hours=3)
    assert reminders(morning) == []


async def test_no_word_for_two_hours_is_asked_of_the_worker_alone_then_of_others(morning: Town):
    await morning.says("r1", "2单元502卧室漏水")
    await morning.says("rp-wang", "到场 #1", group=None)
    await morning.passes(minutes=60)
    await morning.says("rp-wang", "进展 #1 在找漏点", group=None)
    morning.heard()
    await morning.passes(minutes=119)
    assert reminders(morning) == []
    await morning.passes(minutes=1)
    assert [(chat, whom) for _, chat, whom in reminders(morning)] == [("rp-wang", [])]
    await morning.passes(minutes=120)
    assert in_group(reminders(morning)) == [("15:00", ["rp-wang", "sw-limin"])]


async def test_the_date_that_was_named_is_kept(morning: Town):
    await morning.says("r1", "2单元502卧室漏水")
    await morning.says("rp-wang", "待续 #1 等墙干 明天9点", group=None)
    morning.heard()
    await morning.passes(hours=23)
    [line] = [line for line in morning.lines() if line["kind"] == "reminder"]
    assert (line["to"], line["at"][:16]) == ("rp-wang", "2021-08-25T09:00")
    assert "到场 #1" in line["text"]


def without(*ids: str) -> Config:
    """The demo without these people."""
    config = load_config(CONFIG)
    return config.model_copy(update={"staff": [s for s in config.staff if s.id not in ids]})


async def test_a_building_without_a_social_worker_climbs_all_the_same(tmp_path: Path):
    async with open_town(tmp_path, config=without("sw-limin"), start=TEN_IN_THE_MORNING) as town:
        await town.says("r1", "2单元502卧室漏水")
        assert [line["mentions"] for line in town.lines(STAFF)] == [["st-sunjie"]]
        await town.passes(minutes=30)
        both = ["st-sunjie", "sec-chen"]
        assert in_group(reminders(town)) == [("10:10", ["sec-chen"]), ("10:20", both), ("10:30", both)]


async def test_two_who_are_absent_do_not_stop_it(morning: Town):
    """Nobody of the building answers; the secretary does, and goes herself."""
    await morning.says("r1", "2单元502卧室漏水")
    await morning.passes(minutes=25)
    assert in_group(reminders(morning))[-1] == ("10:20", ["sec-chen"])
    await morning.says("sec-chen", "接单 #1", group=None)
    await morning.passes(minutes=10)
    await morning.says("sec-chen", "到场 #1", group=None)
    morning.heard()
    await morning.passes(minutes=90)
    assert reminders(morning) == []
    assert (await morning.ticket())["status"] == "on_site"


async def resolved(town: Town) -> None:
    await town.says("r1", "2单元502卧室漏水", name="老周")
    await town.passes(minutes=20)
    await town.says("rp-wang", "完成 #1 换了接头", group=None)
    town.heard()


def surveys(town: Town) -> list[dict[str, Any]]:
    return [line for line in town.lines() if line["kind"] == "survey"]


async def test_the_reporter_is_asked_twice_and_silence_closes(morning: Town):
    await resolved(morning)
    await morning.passes(hours=24)
    [first] = surveys(morning)
    assert (first["group"], first["mentions"], first["at"][:16]) == ("g3", ["r1"], "2021-08-25T10:20")
    assert "#1 3号楼2单元低层住户漏水处理过了" in first["text"]
    assert "502" not in first["text"]
    await morning.passes(hours=24)
    [second] = surveys(morning)
    assert second["text"].startswith("@老周 再问一句")
    await morning.passes(hours=24)
    [end] = morning.lines("g3")
    assert (end["kind"], end["mentions"]) == ("status", [])
    assert "没修好 #1" in end["text"]
    ticket = await morning.ticket()
    assert (ticket["status"], ticket["confirmed_at"]) == ("closed", None)
    await morning.passes(days=5)
    assert morning.lines() == []


@pytest.mark.parametrize("word", ["修好了", "满意", "好了，谢谢", "都好了"])
async def test_a_yes_to_the_question_closes(morning: Town, word: str):
    await resolved(morning)
    await morning.passes(hours=24)
    morning.heard()
    await morning.says("r1", word)
    ticket = await morning.ticket()
    assert (ticket["status"], ticket["confirmed_at"] is not None) == ("closed", True)
    await morning.passes(days=5)
    assert surveys(morning) == []


@pytest.mark.parametrize("word", ["没修好", "没好，还在滴", "又漏了", "还是漏"])
async def test_a_no_reopens_tells_who_closed_it_and_climbs_anew(morning: Town, word: str):
    await resolved(morning)
    await morning.passes(hours=24)
    morning.heard()
    await morning.says("r1", word)
    assert (await morning.ticket())["status"] == "reopened"
    assert any(line["to"] == "rp-wang" for line in morning.lines())
    await morning.passes(minutes=10)
    [line] = [line for line in morning.lines(STAFF) if line["kind"] == "reminder"]
    assert "重新打开10分钟还没人接单" in line["text"]


async def test_who_is_not_satisfied_is_not_closed_over_their_head(morning: Town):
    await resolved(morning)
    await morning.passes(hours=24)
    await morning.says("r1", "不满意 墙没补")
    morning.heard()
    await morning.passes(days=3)
    assert (await morning.ticket())["status"] == "resolved"
    assert any("住户说过不满意" in text for text in morning.heard(to="rp-wang"))


async def test_questions_wait_for_the_morning(tmp_path: Path):
    start = datetime(2021, 8, 23, 23, 20, tzinfo=CHINA)
    async with open_town(tmp_path, start=start) as town:
        await resolved(town)
        await town.passes(hours=48)
        assert [line["at"][:16] for line in surveys(town)] == ["2021-08-25T07:00"]


async def test_several_who_reported_the_same_water_are_asked_in_one_message(morning: Town):
    await morning.says("r1", "2单元门口积水了")
    await morning.says("r2", "2单元门口全是水，出不去了")
    await morning.says("sw-limin", "完成 #1 扫干净了")
    await morning.passes(hours=24)
    assert [line["mentions"] for line in surveys(morning)] == [["r1", "r2"]]


async def test_an_hour_away_in_the_middle_of_a_ladder_is_made_up_for_in_one_message(morning: Town):
    await morning.says("r1", "2单元502卧室漏水")
    await morning.says("r2", "1号楼1单元302厨房漏水", group="g1")
    await morning.passes(minutes=12)
    morning.heard()
    await morning.is_away(hours=1)
    [post] = morning.lines(STAFF)
    assert post["text"].splitlines()[0] == "8月24日（周二）10:20起我停了一阵，该提醒的没按时说，现在一起补上："
    assert {"#1", "#2"} <= set(post["text"].replace("，", " ").split())
    assert sorted(post["mentions"]) == sorted(ALL)
    await morning.passes(minutes=60)
    assert [at for at, _ in in_group(reminders(morning))] == ["12:00"]


async def test_nothing_is_said_about_an_absence_in_which_nothing_was_due(morning: Town):
    await morning.says("r1", "2单元502卧室漏水")
    await morning.says("sw-limin", "到场 #1")
    morning.heard()
    await morning.is_away(minutes=50)
    assert morning.lines() == []


def test_the_demo_town_has_what_these_chats_rely_on():
    config = load_config(CONFIG)
    assert config.closing.close_after_days * 24 > config.closing.second_question_hours
    assert timedelta(minutes=config.service_times.urgent.accept_minutes) == timedelta(minutes=10)


async def test_who_is_sent_has_time_to_answer(morning: Town):
    await morning.says("r1", "2单元502卧室漏水")
    await morning.passes(minutes=9)
    await morning.says("sw-limin", "派单 #1 王师傅", group=STAFF)
    morning.heard()
    await morning.passes(minutes=9)
    assert reminders(morning) == []
    await morning.passes(minutes=1)
    assert in_group(reminders(morning)) == [("10:19", ["rp-wang", "st-sunjie"])]


async def test_sending_somebody_to_what_waits_brings_back_nothing_that_was_said(morning: Town):
    await morning.says("r1", "2单元502卧室漏水")
    await morning.says("rp-wang", "待续 #1 等墙干 明天9点", group=None)
    await morning.passes(hours=23, minutes=1)
    morning.heard()
    await morning.says("sw-limin", "派单 #1 刘师傅", group=STAFF)
    await morning.passes(minutes=30)
    assert reminders(morning) == []


async def test_homes_that_were_done_together_are_asked_in_one_message(morning: Town):
    for number, room in enumerate(("502", "602", "702"), 1):
        await morning.says(f"r{number}", f"2单元{room}卧室漏水")
    await morning.says("rp-wang", "完成 #1 #2 #3 楼顶补好了", group=None)
    await morning.passes(hours=24)
    [survey] = surveys(morning)
    assert (survey["mentions"], survey["tickets"]) == (["r1", "r2", "r3"], [1, 2, 3])
    assert len(survey["text"].splitlines()) == 3


async def test_who_does_not_want_to_be_heard_is_not_asked(morning: Town):
    await resolved(morning)
    await morning.says("r1", "不要记录我", mention=True)
    await morning.passes(days=3, minutes=5)
    assert surveys(morning) == []
    assert (await morning.ticket())["status"] == "closed"
