"""Warnings from sources, as chats: passed on by number, doubted where no source knows them, settled by staff."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from domain.warnings import Action
from tests.bot.test_feeds import Script, warning
from tests.scenarios.town import STAFF, Town
from tests.scenarios.town import town as open_town

GROUPS = ["g1", "g3", "g5", "g8", "gB"]
START = warning("蓝色").issued_at
BLUE = warning("蓝色", minutes=5)
PASTED = "朝阳区气象台2021年8月23日18时10分发布大风黄色预警信号：预计阵风9级，请注意防范。"


@pytest.fixture
def source() -> Script:
    return Script(every=timedelta(minutes=3), name="和风天气")


@pytest.fixture
def other() -> Script:
    return Script(every=timedelta(minutes=3), name="预警发布中心")


@pytest.fixture
async def town(tmp_path: Path, source: Script, other: Script) -> AsyncIterator[Town]:
    """Both sources were read, and had nothing."""
    async with open_town(tmp_path, start=START, sources=[source, other]) as opened:
        await opened.passes(minutes=4)
        yield opened


def broadcasts(town: Town) -> list[tuple[str, str]]:
    return [(line["group"], line["text"]) for line in town.lines() if line["kind"] == "broadcast"]


async def number_of(town: Town, source: Script) -> str:
    """Of a blue that a source brings: staff are told, residents are not."""
    source.has = [BLUE]
    await town.passes(minutes=4)
    [(group, text)] = broadcasts(town)
    assert group == STAFF
    return text.partition("请回复：转发预警 ")[2].removesuffix("）")


async def test_what_a_source_brought_is_passed_on_by_its_number(town: Town, source: Script):
    number = await number_of(town, source)
    await town.says("sec-chen", f"转发预警 {number}", STAFF)
    [shown] = town.heard()
    assert "暴雨蓝色" in shown
    assert "注意" not in shown
    await town.says("sec-chen", "确认", STAFF)
    said = broadcasts(town)
    assert [group for group, _ in said] == [*GROUPS, STAFF]
    assert {text.split("\n")[1] for _, text in said} == {BLUE.text}


async def test_a_number_that_is_none_is_said_so(town: Town):
    await town.says("sec-chen", "转发预警 99", STAFF)
    assert ["没有这个编号的预警" in text for text in town.heard()] == [True]
    await town.says("sec-chen", "确认", STAFF)
    assert town.heard() == []


async def preview(town: Town, text: str = PASTED) -> str:
    await town.says("sec-chen", f"转发预警 {text}", STAFF)
    [shown] = [line["text"] for line in town.lines() if line["kind"] == "command"]
    return str(shown)


async def test_a_pasted_warning_that_no_source_knows_is_doubted_and_a_person_decides(town: Town):
    await town.passes(minutes=25)
    assert "预警来源和风天气、预警发布中心现在读得到，但里面没有这一份" in await preview(town)
    await town.says("sec-chen", "确认", STAFF)
    assert [group for group, _ in broadcasts(town)] == [*GROUPS, STAFF]


async def test_one_that_was_issued_just_now_is_not_doubted(town: Town):
    await town.passes(minutes=8)
    assert "注意" not in await preview(town)


async def test_one_that_a_source_has_is_not_doubted(town: Town, source: Script):
    at = START.replace(hour=18, minute=10)
    source.has = [replace(BLUE, key="gale", event="大风", level="黄色", issued_at=at, text=PASTED)]
    await town.passes(minutes=25)
    town.heard()
    assert "注意" not in await preview(town)


async def test_while_the_sources_are_away_nothing_is_doubted(town: Town, source: Script, other: Script):
    source.away = other.away = True
    await town.passes(minutes=40)
    town.heard()
    assert "注意" not in await preview(town)


async def test_what_another_office_issues_is_not_doubted(town: Town):
    await town.passes(minutes=25)
    flood = "北京市防汛办2021年8月23日18时10分启动全市防汛四级应急响应。"
    assert "没有这一份" not in await preview(town, flood)


async def disagree(town: Town, source: Script, other: Script) -> str:
    """An orange that everybody heard of; then another source says red. The number of the dispute."""
    orange = warning("橙色", minutes=5)
    source.has = [orange]
    await town.passes(minutes=4)
    assert [group for group, _ in broadcasts(town)] == [STAFF, *GROUPS]
    red = replace(warning("红色", minutes=5), key="77")
    other.has = [red]
    await town.passes(minutes=4)
    [asked] = town.heard(STAFF)
    assert orange.text in asked
    assert red.text in asked
    return asked.partition("【预警待核对 ")[2].partition("】")[0]


@pytest.mark.parametrize("side", ["乙", " 乙 "])
async def test_staff_say_which_of_two_sources_is_right(town: Town, source: Script, other: Script, side: str):
    code = await disagree(town, source, other)
    await town.says("sw-limin", f"核对预警 {code}{side}", STAFF)
    [shown] = town.heard()
    assert "暴雨红色" in shown
    assert "来源和风天气说的是暴雨橙色，已经往居民群转发了" in shown
    await town.says("sw-limin", "确认", STAFF)
    said = broadcasts(town)
    assert sorted(group for group, _ in said) == sorted([*GROUPS, STAFF])
    assert all("暴雨红色" in text for _, text in said)
    await town.says("sec-chen", f"核对预警 {code} 甲", STAFF)
    assert ["没有编号" in text for text in town.heard()] == [True]


async def test_the_first_was_right_and_everybody_has_it(town: Town, source: Script, other: Script):
    code = await disagree(town, source, other)
    await town.says("sw-limin", f"核对预警 {code} 甲", STAFF)
    assert ["已经转发过了" in text for text in town.heard()] == [True]
    other.has = [replace(warning("橙色", Action.CANCEL, 60), key="88", references=("77",))]
    await town.passes(minutes=70)
    assert {group for group, text in broadcasts(town) if "解除" in text} == {*GROUPS, STAFF}


async def test_who_pastes_the_right_text_settles_it_as_well(town: Town, source: Script, other: Script):
    await disagree(town, source, other)
    red = "朝阳区气象台2021年8月23日18时10分发布暴雨红色预警信号：请立即避险。"
    assert "两边不一样" in await preview(town, red)
    await town.says("sec-chen", "确认", STAFF)
    assert {text.split("\n")[1] for group, text in broadcasts(town) if group != STAFF} == {red}


@pytest.mark.parametrize("who, group", [("r3-zhang", "g3"), ("rp-wang", STAFF), ("sw-limin", "g3")])
async def test_who_may_not_settles_nothing(town: Town, source: Script, other: Script, who: str, group: str):
    code = await disagree(town, source, other)
    await town.says(who, f"核对预警 {code} 乙", group, mention=True)
    town.heard()
    await town.says(who, "确认", group, mention=True)
    assert broadcasts(town) == []
