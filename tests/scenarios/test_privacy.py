"""Promises 4, 5, 8, 9 and 10: who may do what, and what is shown where."""

import re

import pytest

from tests.scenarios.town import STAFF, Town


async def test_no_group_post_but_the_own_answer_names_a_room_or_a_reporter(town: Town):
    await town.says("r1", "2单元502卧室漏水", name="李秀英")
    [ack] = town.heard("g3")
    assert "502" in ack
    for word in ("接单 #1", "到场 #1", "进展 #1 502李秀英家的水管裂了，13800138000", "完成 #1 502修好了"):
        await town.passes(minutes=5)
        await town.says("sw-limin", word, group=STAFF)
    await town.passes(minutes=20)
    posts = [str(line["text"]) for line in town.all_lines if line["group"] == "g3"][1:]
    assert len(posts) >= 4
    assert [post for post in posts if re.search(r"502|李秀英|138001", post)] == []
    assert all("#1" in post for post in posts)


async def test_asked_about_somebody_elses_ticket_it_tells_number_place_and_state_only(town: Town):
    await town.says("r1", "2单元502卧室漏水", name="李秀英")
    await town.says("rp-wang", "接单 #1", group=None)
    town.heard()
    await town.says("r2", "进度 #1", mention=True)
    [status] = town.heard("g3")
    assert "#1" in status
    assert "已接单" in status
    assert [word for word in ("502", "李秀英", "王建国") if word in status] == []


@pytest.mark.parametrize("word", ["修好了 #1", "没修好 #1", "看错了 #1"])
async def test_only_its_reporters_confirm_reopen_or_withdraw(town: Town, word: str):
    await town.says("r1", "2单元502卧室漏水")
    await town.says("sw-limin", "完成 #1 修好了", group=STAFF)
    await town.says("r2", word, mention=True)
    assert (await town.ticket())["status"] == "resolved"


@pytest.mark.parametrize(
    "word", ["接单 #1", "到场 #1", "完成 #1 好了", "误报 #1", "合并 #1 #2", "派单 #1 王师傅", "改 #1 紧急"]
)
async def test_a_resident_with_a_staff_members_name_is_no_staff(town: Town, word: str):
    await town.says("r1", "2单元502卧室漏水")
    await town.says("r2", word, name="李敏", mention=True)
    ticket = await town.ticket()
    assert (ticket["status"], ticket["urgency"]) == ("registered", "urgent")


async def test_a_one_time_code_binds_once(town: Town):
    await town.says("sec-chen", "授权 维修 赵大勇", group=STAFF)
    [private] = [line for line in town.lines() if line["to"] == "sec-chen"]
    code = re.search(r"\d{8}", str(private["text"]))
    assert code is not None
    await town.says("wx-1", f"我是 赵大勇 {code.group()}", group=None)
    await town.says("wx-2", f"我是 赵大勇 {code.group()}", group=None)
    await town.says("r1", "2单元门口积水了")
    town.heard()
    await town.says("wx-2", "到场 #1", group=None)
    assert (await town.ticket())["status"] == "registered"
    await town.says("wx-1", "到场 #1", group=None)
    assert (await town.ticket())["status"] == "on_site"


async def test_repairers_may_not_do_what_is_the_offices(town: Town):
    await town.says("r1", "2单元502卧室漏水")
    await town.says("r2", "2单元602卧室漏水")
    town.heard()
    await town.says("rp-wang", "合并 #1 #2", group=STAFF)
    assert [(await town.ticket(n))["status"] for n in (1, 2)] == ["registered", "registered"]


async def test_a_home_is_shown_only_after_it_agreed(town: Town):
    await town.says("r1", "2单元502卧室漏水")
    await town.says("rp-wang", "进展 #1 在换管子", photo=True, group=None)
    await town.passes(seconds=30)
    before = town.lines("g3")
    assert all(line["media"] == [] for line in before)
    assert sum("可以" in str(line["text"]) for line in before) == 1
    await town.says("r1", "可以")
    await town.passes(minutes=11)
    assert [len(line["media"]) for line in town.lines("g3") if line["media"]] == [1]


async def test_a_home_that_refused_is_not_shown_nor_asked_again(town: Town):
    await town.says("r1", "2单元502卧室漏水")
    await town.says("rp-wang", "进展 #1 在换管子", photo=True, group=None)
    await town.says("r1", "不可以")
    await town.passes(minutes=15)
    await town.says("rp-wang", "完成 #1 好了", photo=True, group=None)
    await town.passes(minutes=15)
    lines = [line for line in town.all_lines if line["group"] == "g3"]
    assert all(line["media"] == [] for line in lines)
    assert sum("可以发群里" in str(line["text"]) for line in lines) == 1


async def test_who_opted_out_is_not_read_only_answered(town: Town):
    await town.says("r1", "不要记录我", mention=True)
    town.heard()
    await town.says("r1", "2单元502卧室漏水")
    assert town.heard() == []
    assert await town.tickets() == []
    await town.says("r1", "2单元502卧室漏水", mention=True)
    assert len(town.lines("g3")) == 1


async def test_the_joining_notice_is_posted_once(town: Town):
    await town.joins("g5")
    [notice] = town.heard("g5")
    assert [word for word in ("广达路社区", "30分钟", "不要记录我") if word not in notice] == []
    await town.joins("g5")
    assert town.heard("g5") == []


async def test_staff_are_asked_once_which_building_an_unknown_group_is(town: Town):
    await town.says("r1", "2单元502漏水", group="new")
    await town.says("r2", "漏水了", group="new")
    lines = town.lines()
    assert [line["group"] for line in lines] == [STAFF]
    await town.says("adm-zhou", "绑定 8号楼", group="new", mention=True)
    town.heard()
    await town.says("r1", "东单元502漏水", group="new")
    assert len(town.lines("new")) == 1
    assert (await town.ticket())["building"] == "8"


async def test_a_recalled_message_is_forgotten_and_its_ticket_ends(town: Town):
    message = await town.says("r1", "2单元502卧室漏水")
    town.heard()
    await town.recalls("r1", message)
    assert (await town.ticket())["status"] == "cancelled"


async def test_anger_and_the_hotline_reach_staff_at_once_and_nobody_is_talked_out_of_it(town: Town):
    await town.says("r1", "2单元502卧室漏水")
    await town.passes(minutes=40)
    town.heard()
    await town.says("r1", "怎么还没人来，再不来我打12345了")
    lines = town.lines()
    assert any(line["group"] == STAFF and "12345" in str(line["text"]) for line in lines)
    [answer] = [line for line in lines if line["group"] == "g3"]
    assert not re.search(r"不要打|别打|不用打|不必打|先别", str(answer["text"]))
