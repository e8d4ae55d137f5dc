"""转发预警, as chats: read, shown, confirmed, passed on word for word; late, wrong and forbidden ones."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.moments import CHINA
from tests.scenarios.town import STAFF, Town
from tests.scenarios.town import town as open_town

GROUPS = ["g1", "g3", "g5", "g8", "gB"]
BLUE = "北京市气象台2021年8月23日18时00分发布暴雨蓝色预警信号：预计23日20时至24日08时，本市有大到暴雨，请注意防范。"
YELLOW = "北京市气象台2021年8月23日21时50分升级发布暴雨黄色预警信号：预计未来3小时雨势增强。"
ORANGE = "北京市气象台2021年8月23日23时30分升级发布暴雨橙色预警信号：预计未来3小时有特大暴雨。"
CLEAR = "北京市气象台2021年8月24日06时00分解除暴雨蓝色预警信号。"


def broadcasts(town: Town) -> list[tuple[str, str]]:
    return [(line["group"], line["text"]) for line in town.lines() if line["kind"] == "broadcast"]


async def relay(town: Town, text: str, who: str = "sec-chen") -> list[tuple[str, str]]:
    await town.says(who, f"转发预警 {text}", STAFF)
    town.heard()
    await town.says(who, "确认", STAFF)
    return broadcasts(town)


async def test_it_is_shown_first_and_sent_on_the_word(town: Town):
    await town.says("sec-chen", f"转发预警 {BLUE}", STAFF)
    [shown] = town.lines()
    assert (shown["group"], shown["kind"]) == (STAFF, "command")
    assert "北京市气象台 8月23日（周一）18:00发布，暴雨蓝色" in shown["text"]
    assert "5个楼群和工作群" in shown["text"]
    await town.says("sec-chen", "确认", STAFF)
    lines = town.lines()
    said = [line for line in lines if line["kind"] == "broadcast"]
    assert [line["group"] for line in said] == [*GROUPS, STAFF]
    for line in said:
        assert BLUE in line["text"]
        assert line["text"].startswith("【官方预警】北京市气象台 8月23日（周一）18:00：")
    assert any("进入应急状态" in line["text"] and "沙袋" in line["text"] for line in lines if line["group"] == STAFF)
    await town.passes(hours=1)
    assert broadcasts(town) == []


async def test_a_confirmation_that_comes_too_late_sends_nothing(town: Town):
    await town.says("sw-limin", f"转发预警 {BLUE}", STAFF)
    await town.passes(minutes=11)
    town.heard()
    await town.says("sw-limin", "确认", STAFF)
    assert ["没有发出去" in text for text in town.heard()] == [True]
    await town.says("sw-limin", "确认", STAFF)
    assert town.heard() == []


@pytest.mark.parametrize(
    "text, told",
    [
        ("今晚有大暴雨，大家注意关好窗户", "没看出这是官方预警"),
        ("北京市气象台发布暴雨蓝色预警信号，请注意防范", "没有发布时间"),
        ("2021年8月23日18时00分发布暴雨蓝色预警信号", "没有发布单位"),
        (BLUE.replace("8月23日18时", "8月22日18时"), "过了有效期"),
    ],
)
async def test_a_wrong_text_is_not_read_as_a_warning(town: Town, text: str, told: str):
    await town.says("sec-chen", f"转发预警 {text}", STAFF)
    [answer] = town.heard()
    assert told in answer
    await town.says("sec-chen", "确认", STAFF)
    assert town.heard() == []


@pytest.mark.parametrize("group", ["g3", None])
async def test_a_resident_may_not(town: Town, group: str | None):
    await town.says("r3-zhang", f"转发预警 {BLUE}", group)
    await town.says("r3-zhang", "确认", group)
    assert broadcasts(town) == []


async def test_a_repairer_may_not(town: Town):
    await town.says("rp-wang", f"转发预警 {BLUE}", STAFF)
    assert ["社工" in text for text in town.heard()] == [True]
    await town.says("rp-wang", "确认", STAFF)
    assert town.heard() == []


async def test_only_the_same_person_in_the_same_conversation_confirms(town: Town):
    await town.says("sec-chen", f"转发预警 {BLUE}", STAFF)
    town.heard()
    await town.says("sw-limin", "确认", STAFF)
    await town.says("sec-chen", "确认", None)
    assert broadcasts(town) == []
    await town.says("sec-chen", "@楼群 确认发送！", STAFF)
    assert len(broadcasts(town)) == 6


async def test_what_is_dropped_is_not_sent(town: Town):
    await town.says("sec-chen", f"转发预警 {BLUE}", STAFF)
    town.heard()
    await town.says("sec-chen", "取消", STAFF)
    assert town.heard() == ["@陈向红 好，没有发。"]
    await town.says("sec-chen", "确认", STAFF)
    assert town.heard() == []


async def test_it_rises_falls_and_is_cleared(town: Town):
    assert len(await relay(town, BLUE)) == 6
    assert {text.split("\n")[1] for _, text in await relay(town, YELLOW)} == {YELLOW}
    fallen = await relay(town, YELLOW.replace("升级发布暴雨黄色", "降级发布暴雨蓝色").replace("21时50分", "21时55分"))
    title = "北京市气象台2021年8月23日21时55分降级发布暴雨蓝色预警信号"
    short = f"【官方预警·降级】北京市气象台 8月23日（周一）21:55：{title}。"
    assert {text for group, text in fallen if group in GROUPS} == {short}
    await town.passes(hours=9)
    cleared = await relay(town, CLEAR)
    assert [group for group, _ in cleared] == [*GROUPS, STAFF]
    assert all("【官方预警·解除】" in text and CLEAR in text for _, text in cleared)


async def test_nobody_is_told_the_same_twice(town: Town):
    await relay(town, BLUE)
    assert await relay(town, BLUE, "sw-limin") == []
    again = await relay(town, BLUE.replace("18时00分发布", "21时00分继续发布"))
    assert [group for group, _ in again] == [STAFF]


async def test_two_drafts_of_one_warning_are_sent_once(town: Town):
    await town.says("sec-chen", f"转发预警 {BLUE}", STAFF)
    await town.says("sw-limin", f"转发预警 {BLUE}", STAFF)
    town.heard()
    await town.says("sec-chen", "确认", STAFF)
    await town.says("sw-limin", "确认", STAFF)
    lines = town.lines()
    assert len([line for line in lines if line["kind"] == "broadcast"]) == 6
    assert any("已经转发过了" in line["text"] for line in lines)


async def test_an_exercise_stays_among_staff_and_says_so(town: Town):
    sent = await relay(town, f"【演练】{BLUE}")
    assert [group for group, _ in sent] == [STAFF]
    assert "演练，不是真的预警" in sent[0][1]


async def test_a_clear_of_what_residents_never_heard_of_stays_among_staff(tmp_path: Path):
    async with open_town(tmp_path, start=datetime(2021, 8, 24, 7, tzinfo=CHINA)) as town:
        assert [group for group, _ in await relay(town, CLEAR)] == [STAFF]


@pytest.mark.parametrize("text", [YELLOW, ORANGE])
async def test_a_person_decided_so_the_quiet_hours_do_not_hold_it(tmp_path: Path, text: str):
    night = datetime(2021, 8, 23, 23, 40, tzinfo=CHINA)
    async with open_town(tmp_path, start=night) as town:
        await town.says("sec-chen", f"转发预警\n{text}", None)
        town.heard()
        await town.says("sec-chen", "确认", None)
        said = [line for line in town.lines() if line["kind"] == "broadcast"]
        assert [datetime.fromisoformat(line["at"]) for line in said] == [night] * 6


async def test_words_glued_on_and_wide_signs_are_read_and_passed_on_as_typed(town: Town):
    wide = "北京市气象台２０２１年８月２３日１８时发布暴雨蓝色预警信号［Ⅳ级／一般］：预计２４小时内有暴雨，注意防范！"
    await town.says("sec-chen", f"转发预警{wide}", STAFF)
    town.heard()
    await town.says("sec-chen", "确认", STAFF)
    assert {wide in text for _, text in broadcasts(town)} == {True}


async def test_who_quotes_the_official_words_need_not_paste_them_again(town: Town):
    pasted = await town.says("st-sunjie", BLUE, STAFF)
    await town.says("sec-chen", "转发预警", STAFF, quote=pasted)
    assert ["暴雨蓝色" in text for text in town.heard()] == [True]
    await town.says("sec-chen", "确认", STAFF)
    assert {BLUE in text for _, text in broadcasts(town)} == {True}


async def test_talk_about_warnings_is_no_command(town: Town):
    for words in ("转发预警了吗", "转发预警的事谁负责", "确认", "确认一下几点到", "取消"):
        await town.says("sw-limin", words, STAFF)
    assert town.heard() == []
