"""Staff's steps on a ticket: who is told what, where."""

import pytest

from domain.conversation import Action
from domain.understanding import Location
from domain.vocabulary import Place, ReplyKind, Status
from tests.handlers.meaning import Meaning, door, home
from tests.handlers.town import STAFF, Town, in_group, open_town, to

MEANING = {
    "门口有水": (door(),),
    "漏了": (home(),),
    "我家也漏": (home(location=Location("3", "2", "602", 6, Place.BEDROOM), like=1),),
    "五号楼漏": (home(location=Location("5", "1", "601", 6, Place.BATHROOM)),),
}


@pytest.fixture
async def town():
    async with open_town(Meaning(MEANING)) as opened:
        yield opened


async def test_the_night_of_the_story_in_short(town: Town):
    await town.says("r3-zhang", "门口有水", name="张阿姨")
    await town.passes(minutes=1)
    assert in_group(await town.says("sw-limin", "接单 #1")) == ["#1 3号楼2单元门口积水：李敏接单了（报修后1分钟）。"]
    await town.passes(minutes=1)
    assert in_group(await town.says("sw-limin", "到场")) == ["#1 3号楼2单元门口积水：李敏到现场了（报修后2分钟）。"]
    heard = await town.says("sw-limin", "进展 #1 树叶把箅子堵死了，正在掏", photo=1)
    assert in_group(heard) == ["#1 3号楼2单元门口积水：树叶把箅子堵死了，正在掏（李敏，报修后2分钟）。"]
    assert len(heard[0].media) == 1
    await town.passes(minutes=6)
    [closing] = await town.says("sw-limin", "完成 #1 水抽完了", photo=1)
    assert closing.kind is ReplyKind.CLOSING
    assert "21:58报修，22:00到场，22:06处理好，从报修到处理好用了8分钟" in closing
    assert in_group(await town.says("r3-zhang", "修好了", name="张阿姨")) == [
        "@张阿姨 太好了，#1 办结。再有问题随时在群里说一声。"
    ]
    clocks = (await town.ticket()).clocks
    assert [getattr(clocks, c).strftime("%H:%M") for c in ("accepted", "arrived", "cleared", "confirmed")] == [
        "21:59", "22:00", "22:06", "22:06",
    ]  # fmt: skip


@pytest.mark.parametrize("group", [STAFF, "g5", None], ids=["the staff group", "another building's group", "private"])
async def test_the_post_goes_to_the_group_of_the_ticket(town: Town, group: str | None):
    await town.says("r3-zhang", "门口有水")
    heard = await town.says("sw-limin", "到场 #1", group)
    assert in_group(heard) == ["#1 3号楼2单元门口积水：李敏到现场了（报修后不到1分钟）。"]
    [answer] = [h for h in heard if h.chat != "g3"]
    assert "#1 3号楼2单元门口积水，记下到场。已同步到3号楼邻里群。" in answer


async def test_arriving_and_finishing_imply_the_steps_before(town: Town):
    await town.says("r3-zhang", "门口有水")
    await town.says("rp-liu", "完成 #1 通了", None)
    ticket = await town.ticket()
    assert ticket.status is Status.RESOLVED
    assert ticket.clocks.accepted is not None
    assert ticket.clocks.arrived is None


@pytest.mark.parametrize("words", ["#1 #2", "1、2", "＃1 ＃2", "#一 #二", "1 2", "#1，#2", "3号楼"])
async def test_several_tickets_at_once(town: Town, words: str):
    await town.says("r3-zhao", "漏了")
    await town.says("r3-zhang", "门口有水")
    await town.says("r5-li", "五号楼漏", "g5")
    heard = await town.says("sw-limin", f"接单 {words}", STAFF)
    assert [t.status for t in await town.tickets()] == [Status.ACCEPTED, Status.ACCEPTED, Status.REGISTERED]
    assert [h.tickets for h in heard if h.chat == "g3"] == [(1,), (2,)]


async def test_a_whole_building_means_what_fits_there(town: Town):
    await town.says("r3-zhao", "漏了")
    await town.says("sw-limin", "接单 #1")
    await town.says("r3-zhang", "门口有水")
    await town.says("sw-limin", "到场 3号楼", STAFF)
    assert [t.status for t in await town.tickets()] == [Status.ON_SITE, Status.ON_SITE]
    [heard] = await town.says("sw-limin", "接单 8号楼", STAFF)
    assert "请这样说：接单 #12" in heard


async def test_progress_of_an_incident_reaches_all_its_tickets(town: Town):
    await town.says("r3-zhao", "漏了")
    await town.says("r3-ma", "我家也漏")
    heard = await town.says("rp-wang", "进展 事件 #1 楼顶裂了一道，正在补", STAFF)
    [posted] = [h for h in heard if h.chat == "g3"]
    assert (posted.tickets, posted.mentions) == ((1, 2), ("r3-zhao", "r3-ma"))
    assert "#1、#2 是同一个原因，一起说：王建国在处理。楼顶裂了一道，正在补" in posted
    assert {t.status for t in await town.tickets()} == {Status.REPAIRING}


async def test_the_work_on_an_incident_ends_with_a_closing_post_for_each(town: Town):
    await town.says("r3-zhao", "漏了")
    await town.says("r3-ma", "我家也漏")
    heard = await town.says("rp-wang", "完成 事件 #1 楼顶补好了", STAFF)
    assert [h.tickets for h in heard if h.chat == "g3"] == [(1,), (2,)]
    assert {t.status for t in await town.tickets()} == {Status.RESOLVED}


async def test_one_broken_rule_takes_all_of_a_command_back(town: Town):
    await town.says("r3-zhao", "漏了")
    await town.says("r3-zhang", "门口有水")
    await town.says("rp-wang", "接单 #2", STAFF)
    heard = await town.says("rp-liu", "接单 #1 #2", STAFF)
    assert [h.text for h in heard] == [
        "@刘海 #2 已由王建国接单；要换人请说：转派 #2 姓名。这几单都没有动，请分开再说一次。"
    ]
    assert (await town.ticket(1)).status is Status.REGISTERED


async def test_said_twice_is_not_posted_twice(town: Town):
    await town.says("r3-zhang", "门口有水")
    for word, answer in (("接单", "已经是您接的单了"), ("到场", "到场已经记上了"), ("完成", "已经记为处理好了")):
        await town.says("sw-limin", f"{word} #1")
        heard = await town.says("sw-limin", f"{word} #1")
        assert [h.text for h in heard] == [f"@李敏 #1 3号楼2单元门口积水，{answer}。"]


async def test_waiting_always_has_a_reason_and_a_next_date(town: Town):
    await town.says("r3-zhao", "漏了")
    for incomplete in ("待续 #1 等料", "待续 #1 明天9点"):
        [usage] = await town.says("rp-wang", incomplete, None)
        assert "待续 #12 原因 下次时间" in usage
    heard = await town.says("rp-wang", "待续 #1 等墙面干透 明天9点", None)
    assert in_group(heard) == ["#1 3号楼2单元低层住户漏水：等墙面干透。王建国说8月24日（周二）9:00来。"]
    ticket = await town.ticket()
    assert ticket.next_at is not None
    assert (ticket.status, ticket.next_at.isoformat()) == (Status.WAITING, "2021-08-24T09:00:00+08:00")


async def test_progress_needs_words_or_a_photo(town: Town):
    await town.says("r3-zhang", "门口有水")
    [usage] = await town.says("rp-wang", "进展 #1", None)
    assert "请这样说：进展 #12" in usage
    heard = await town.says("rp-wang", "进展 #1", None, photo=1)
    assert len(heard[-1].media) == 1


async def test_staff_words_are_made_fit_for_the_group(town: Town):
    await town.says("r3-zhao", "漏了", name="赵国强")
    heard = await town.says("rp-wang", "进展 #1 502赵国强家楼上602水管裂了，业主电话13812345678", None)
    [post] = in_group(heard)
    for secret in ("502", "602", "赵国强", "13812345678"):
        assert secret not in post


async def test_words_after_the_end_do_not_reopen(town: Town):
    await town.says("r3-zhang", "门口有水")
    await town.says("rp-wang", "完成 #1", None)
    await town.says("rp-wang", "进展 #1 又冲洗了一遍地面", None)
    assert (await town.ticket()).status is Status.RESOLVED


async def test_assigning_calls_the_colleague_and_lapses_an_acceptance(town: Town):
    await town.says("r3-zhang", "门口有水")
    await town.says("rp-wang", "接单 #1", STAFF)
    heard = await town.says("sec-chen", "派单 #1 刘师傅", STAFF)
    assert in_group(heard, STAFF) == ["@刘海 陈向红把 #1 派给您：3号楼2单元门口积水。“门口有水”。接单请回：接单 #1"]
    assert len(to(heard, "rp-liu")) == 1
    ticket = await town.ticket()
    assert (ticket.status, ticket.assignee) == (Status.REGISTERED, "rp-liu")
    [answer, *_] = await town.says("st-sunjie", "转派 #1 王师傅")
    assert answer.text == "@孙洁 好，#1 3号楼2单元门口积水，已派给王建国并通知本人。"


@pytest.mark.parametrize("name", ["王二麻子", ""])
async def test_an_unknown_colleague_is_not_guessed(town: Town, name: str):
    await town.says("r3-zhang", "门口有水")
    [refusal] = await town.says("sec-chen", f"派单 #1 {name}", STAFF)
    assert "派单 #12 王师傅" in refusal
    assert (await town.ticket()).assignee is None


async def test_the_list_of_open_tickets_is_full_among_staff_and_masked_in_a_group(town: Town):
    await town.says("r3-zhao", "漏了")
    await town.says("r5-li", "五号楼漏", "g5")
    [full] = await town.says("st-sunjie", "待办", STAFF)
    assert "#1 3号楼2单元502卧室漏水：已登记" in full
    assert "#2 5号楼1单元601卫生间漏水" in full
    [masked] = await town.says("st-sunjie", "待办")
    assert masked.text == "@孙洁 还有1单没办完：\n#1 3号楼2单元低层住户漏水：已登记（不到1分钟）"


def test_readings_of_this_file_open_tickets():
    assert {reading.action for readings in MEANING.values() for reading in readings} == {Action.OPEN}
