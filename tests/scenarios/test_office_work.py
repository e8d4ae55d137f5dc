"""What staff write down besides the repair: visits, causes, notes, who pays, and what was told by phone."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.moments import CHINA
from tests.scenarios.town import STAFF, Town
from tests.scenarios.town import town as open_town

BUILDING_GROUPS = {"g1", "g3", "g5", "g8", "gB"}


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(tmp_path, start=datetime(2021, 8, 24, 10, 0, tzinfo=CHINA)) as opened:
        await opened.says("r1", "2单元502卧室漏水", name="老周")
        opened.heard()
        yield opened


def in_groups(town: Town) -> list[str]:
    return [str(line["text"]) for line in town.lines() if line["group"] in BUILDING_GROUPS]


# -- 查勘 ---------------------------------------------------------------------------------------------------------


async def test_what_was_found_is_shown_without_the_home(town: Town):
    await town.says("rp-wang", "查勘 #1 楼顶防水裂了，502正上方，天晴补卷材", group=None)
    [post] = in_groups(town)
    assert "王建国查勘过了，楼顶防水裂了" in post
    assert "502" not in post
    assert (await town.ticket())["status"] == "assessed"


async def test_a_cause_wants_words(town: Town):
    await town.says("rp-wang", "查勘 #1", group=None)
    assert any("请这样说：查勘 #12" in text for text in town.heard(to="rp-wang"))
    assert (await town.ticket())["status"] == "registered"


async def test_a_cause_after_the_end_is_refused(town: Town):
    await town.says("rp-wang", "完成 #1 换了接头", group=None)
    town.heard()
    await town.says("rp-wang", "查勘 #1 楼顶防水裂了", group=None)
    assert any("不能改成" in text for text in town.heard(to="rp-wang"))


# -- 入户, 无人 ---------------------------------------------------------------------------------------------------


async def test_what_was_seen_in_a_home_stays_with_staff(town: Town):
    await town.says("sw-limin", "入户 #1 次卧顶角湿了一平米，老人一个人住", group="g3")
    [post] = in_groups(town)
    assert "李敏上门看过了" in post
    assert "老人" not in post
    ticket = await town.ticket()
    assert (ticket["status"], ticket["arrived_at"] is not None) == ("on_site", True)


async def test_nobody_at_home_is_told_to_the_reporter_alone(town: Town):
    await town.says("sw-limin", "无人 #1", group="g3")
    lines = town.lines()
    [told] = [line for line in lines if line["to"] == "r1"]
    assert "约8月25日（周三）9:00再来" in told["text"]
    [answer] = [line["text"] for line in lines if line["group"] == "g3"]
    assert "没人" not in answer
    assert (await town.ticket())["status"] == "waiting"
    await town.passes(hours=23)
    assert any("说好这时候继续" in text for text in town.heard(to="sw-limin"))


async def test_the_next_visit_may_be_named(town: Town):
    await town.says("rp-wang", "无人 #1 后天下午3点", group=None)
    assert any("8月26日（周四）15:00" in text for text in town.heard(to="r1"))


async def test_nobody_at_home_after_the_end_is_refused(town: Town):
    await town.says("rp-wang", "完成 #1 换了接头", group=None)
    town.heard()
    await town.says("rp-wang", "无人 #1", group=None)
    assert any("不能改成“待续”" in text for text in town.heard(to="rp-wang"))
    assert town.heard(to="r1") == []


async def test_a_resident_does_not_command(town: Town):
    for word in ("无人 #1", "入户 #1 看过了", "查勘 #1 看过了", "定责 #1 公共 看过了", "备注 #1 随便"):
        await town.says("r9", word)
    assert in_groups(town) == []
    assert (await town.ticket())["status"] == "registered"


# -- 备注 ---------------------------------------------------------------------------------------------------------


async def test_a_note_is_kept_and_said_nowhere(town: Town):
    before = (await town.ticket())["events"]
    await town.says("sw-limin", "备注 #1 老人独居，先打电话", group=None)
    [answer] = town.lines()
    assert (answer["to"], "独居" in answer["text"]) == ("sw-limin", False)
    assert (await town.ticket())["events"] == before + 1


@pytest.mark.parametrize(
    "word", ["备注 #1 老人独居", "定责 #1 公共 楼顶裂了", "代报 3号楼2单元601 卧室漏水", "@楼群小助手 备注 #1 老人独居"]
)
async def test_private_commands_are_not_carried_out_in_a_building_group(town: Town, word: str):
    before = await town.tickets()
    await town.says("sw-limin", word, group="g3", mention=word.startswith("@"))
    [answer] = in_groups(town)
    assert "请私聊我" in answer
    assert not {"老人", "楼顶", "601"} & {w for w in ("老人", "楼顶", "601") if w in answer}
    after = await town.tickets()
    assert [(t["number"], t["ruling"], t["events"]) for t in after] == [
        (t["number"], t["ruling"], t["events"]) for t in before
    ]


# -- 定责 ---------------------------------------------------------------------------------------------------------


async def test_a_ruling_is_told_to_the_household_and_staff_and_to_no_group(town: Town):
    await town.says("sw-limin", "定责 #1 公共 楼顶防水层开裂，602也受影响", group=None)
    lines = town.lines()
    assert {line["group"] for line in lines if line["group"]} == {STAFF}
    [told] = [line["text"] for line in lines if line["to"] == "r1"]
    assert "公共部位" in told
    assert "以现场勘查和书面认定为准" in told
    assert "602" not in told
    assert [line for line in lines if line["to"] == "st-sunjie"] != []
    assert (await town.ticket())["ruling"] == "public"


async def test_the_property_proposes_and_a_social_worker_rules(town: Town):
    await town.says("rp-wang", "定责 #1 已改动 阳台封过", group=None)
    lines = town.lines()
    assert [line for line in lines if line["to"] == "r1"] == []
    assert any(line["to"] == "sw-limin" and "建议" in line["text"] for line in lines)
    assert (await town.ticket())["ruling"] is None
    await town.says("st-sunjie", "定责 #1 已改动 阳台封过", group=STAFF)
    assert (await town.ticket())["ruling"] is None
    await town.says("sw-limin", "定责 #1 已改动 阳台封过", group=STAFF)
    assert (await town.ticket())["ruling"] == "altered"
    assert any("物业帮您找施工的师傅" in text for text in town.heard(to="r1"))


@pytest.mark.parametrize(
    "words, ruling",
    [
        ("公共部位 外墙裂缝", "public"),
        ("外墙裂缝，公共", "public"),
        ("未改动 楼上下水管老化", "unaltered"),
        ("没有改动 楼上下水管老化", "unaltered"),
        ("已改动 封了阳台", "altered"),
        ("质保 交房才两年", "warranty"),
    ],
)
async def test_rulings_in_the_words_of_people(town: Town, words: str, ruling: str):
    await town.says("sec-chen", f"定责 #1 {words}", group=None)
    assert (await town.ticket())["ruling"] == ruling


@pytest.mark.parametrize("word", ["定责 #1", "定责 #1 公共", "定责 #1 楼顶裂了", "定责 公共 裂了 #99"])
async def test_a_ruling_without_its_parts_gets_the_usage(town: Town, word: str):
    await town.says("sw-limin", word, group=None)
    [answer] = town.heard(to="sw-limin")
    assert "定责 #12" in answer or "没有 #99" in answer
    assert (await town.ticket())["ruling"] is None


# -- 代报 ---------------------------------------------------------------------------------------------------------


async def test_a_report_by_phone_is_followed_in_the_buildings_group(town: Town):
    await town.says("sw-limin", "代报 5号楼2单元502 卧室漏水 渠道电话", group=STAFF)
    lines = town.lines()
    [ack] = [line for line in lines if line["kind"] == "ack"]
    assert (ack["group"], "5号楼2单元502卧室漏水（电话）" in ack["text"]) == (STAFF, True)
    assert [line for line in lines if line["group"] in BUILDING_GROUPS] == []
    ticket = await town.ticket(2)
    assert (ticket["building"], ticket["unit"], ticket["room"], ticket["reporters"]) == ("5", "2", "502", [])
    assert ticket["acknowledged_at"] == ticket["reported_at"]
    await town.says("rp-wang", "到场 #2", group=None)
    [post] = in_groups(town)
    assert "电话" not in post
    await town.says("rp-wang", "完成 #2 换了接头", group=None)
    await town.passes(days=3, minutes=1)
    assert (await town.ticket(2))["status"] == "closed"
    assert [line for line in town.lines() if line["kind"] == "survey"] == []


async def test_a_report_by_phone_of_public_water_is_told_there_and_climbs(town: Town):
    await town.says("sec-chen", "代报 1号楼2单元门口积水，来访", group=None)
    assert any("已登记 #2" in text for text in in_groups(town))
    await town.passes(minutes=10)
    assert any("#2" in str(line["text"]) for line in town.lines(STAFF) if line["kind"] == "reminder")


@pytest.mark.parametrize("word", ["代报", "代报 卧室漏水", "代报 99号楼2单元502 漏水"])
async def test_a_report_by_phone_without_a_building_gets_the_usage(town: Town, word: str):
    await town.says("sw-limin", word, group=None)
    [answer] = town.heard(to="sw-limin")
    assert "代报 3号楼2单元502 卧室漏水 渠道电话" in answer
    assert len(await town.tickets()) == 1


async def test_the_same_home_is_pointed_out(town: Town):
    await town.says("sw-limin", "代报 3号楼2单元502 卧室漏水 渠道电话", group=None)
    [ack] = [line for line in town.lines() if line["kind"] == "ack"]
    assert "合并 #1 #2" in ack["text"]


async def test_a_repairer_does_not_register(town: Town):
    await town.says("rp-wang", "代报 3号楼2单元601 卧室漏水", group=None)
    assert len(await town.tickets()) == 1


# -- 转派 ---------------------------------------------------------------------------------------------------------


async def test_handing_over_names_the_colleague_and_the_ladder_goes_on(town: Town):
    await town.says("rp-wang", "接单 #1", group=STAFF)
    await town.passes(minutes=5)
    town.heard()
    await town.says("rp-wang", "转派 #1 刘师傅", group=STAFF)
    assert any("派给您" in text for text in town.heard(to="rp-liu"))
    await town.passes(minutes=10)
    [line] = [line for line in town.lines(STAFF) if line["kind"] == "reminder"]
    assert line["mentions"] == ["rp-liu", "st-sunjie"]


async def test_help_shows_the_new_commands_to_those_who_may(town: Town):
    await town.says("sw-limin", "帮助", group=None)
    shown = "\n".join(town.heard(to="sw-limin"))
    assert [w for w in ("查勘", "入户", "无人", "备注", "定责", "代报") if w not in shown] == []
    await town.says("r1", "帮助", mention=True)
    assert [w for w in ("查勘", "备注", "定责", "代报") if w in "\n".join(in_groups(town))] == []


# -- 12345 --------------------------------------------------------------------------------------------------------


async def hotline(town: Town, words: str, who: str = "sec-chen") -> str:
    town.heard()
    await town.says(who, words, group=None)
    [answer] = town.heard(to=who)
    return answer


async def test_an_order_is_laid_beside_what_the_group_said(town: Town):
    await town.passes(minutes=8)
    await town.says("rp-wang", "接单 #1", group=None)
    await town.passes(minutes=20)
    await town.says("r1", "怎么还没人来")
    said = await hotline(town, "12345 20210824031 3号楼2单元502 卧室漏水没人管")
    assert "#1 3号楼2单元502卧室漏水：8月24日（周二）10:00报修，8分钟接单，没记到场，还没处理好，住户催过1次" in said
    assert "20210824031" in said
    listed = await hotline(town, "12345")
    assert "30天里记了1件" in listed
    assert "对上 #1" in listed
    assert (await town.counts())["hotline"] == 1


@pytest.mark.parametrize(
    "words, said",
    [
        ("12345 20210824031 5号楼1单元302 漏水", "群里没听说过这件事"),
        ("12345 20210824031 3号楼 漏水没人管", "可能是这些"),
        ("12345 20210824031 漏水没人管", "没写是哪栋楼"),
        ("12345 20210824031 #1", "我们之前知道"),
        ("12345 20210824031 #99", "没有 #99"),
        ("12345 3号楼漏水", "请这样说：12345 工单号"),
        ("12345 台账", "30天里没有12345工单"),
    ],
)
async def test_orders_good_unclear_and_wrong(town: Town, words: str, said: str):
    assert said in await hotline(town, words)


async def test_the_same_order_again_is_the_same_order(town: Town):
    await hotline(town, "12345 20210824031 漏水没人管")
    assert "补上了" in await hotline(town, "12345 20210824031 #1")
    listed = await hotline(town, "12345 台账")
    assert "记了1件" in listed
    assert "对上 #1：漏水没人管" in listed


async def test_nobody_is_kept_from_calling_by_a_refusal(town: Town):
    """A resident who speaks of 12345 is not told that this is for staff."""
    for group in ("g3", None):
        await town.says("r9", "12345 到底管不管，再没人来我就打了", group=group, mention=True)
    assert [text for text in town.heard() if "社区工作人员来做" in text or "不在群里办" in text] == []


async def test_staff_who_speak_of_12345_in_a_building_group_are_left_alone(town: Town):
    await town.says("sw-limin", "12345 来电话了，大家有什么需要跟我说")
    assert in_groups(town) == []
    await town.says("sw-limin", "12345 20210824031 3号楼2单元502 漏水")
    [answer] = in_groups(town)
    assert "请私聊我" in answer
    assert (await town.counts())["hotline"] == 0
