"""A warning for many groups on a network that takes one message after the other: who hears first, and of what."""

from datetime import timedelta
from pathlib import Path

from domain.ports import Pace
from tests.scenarios.test_warnings import BLUE, ORANGE, YELLOW
from tests.scenarios.town import STAFF, Town
from tests.scenarios.town import town as open_town

RED_WIND = "北京市气象台2021年8月23日21时59分发布大风红色预警信号：阵风可达12级。"
ORANGE_NOW = ORANGE.replace("23时30分", "21时58分")


async def confirmed(town: Town, text: str) -> None:
    await town.says("sec-chen", f"转发预警 {text}", None)
    await town.says("sec-chen", "确认", None)


def slow(town: Town) -> None:
    """One message in ten seconds, whoever it is for."""
    [delivery] = town.player.app.machine.deliveries.values()
    delivery.pacer.pace = Pace(same_chat_seconds=0, any_chat_seconds=10)


def posts(town: Town, words: str) -> list[str]:
    return [line["group"] for line in town.all_lines if line["kind"] == "broadcast" and words in line["text"]]


async def test_buildings_that_leaked_before_are_told_first(town: Town):
    for n, building in enumerate(["8", "8", "5"]):
        await town.says(f"r{n}", f"{building}号楼地库积水了", f"g{building}")
        await town.says("sw-limin", f"完成 #{n + 1} 抽干了", STAFF)
    await confirmed(town, BLUE)
    assert posts(town, "暴雨蓝色")[:3] == [STAFF, "g8", "g5"]


async def test_red_overtakes_an_orange_that_still_waits(tmp_path: Path):
    async with open_town(tmp_path) as town:
        slow(town)
        await confirmed(town, ORANGE_NOW)
        await confirmed(town, RED_WIND)
        await town.passes(minutes=5)
        red = [line["at"] for line in town.all_lines if "大风红色预警信号：" in line["text"]]
        orange = [line["at"] for line in town.all_lines if "暴雨橙色预警信号：" in line["text"] and line["group"]]
        assert (len(red), len(orange)) == (6, 6)
        assert sorted([*red, *orange]).index(red[-1]) <= 7  # one or two orange ones had gone out before


async def test_an_emergency_is_answered_in_between(tmp_path: Path):
    async with open_town(tmp_path) as town:
        slow(town)
        await confirmed(town, ORANGE_NOW)
        await town.says("r8", "8号楼地库进水很深，有人困在车里了", "g8")
        begun = town.now
        await town.passes(minutes=3)
        [answered] = [line for line in town.all_lines if line["kind"] == "ack"]
        told_after = [line for line in town.all_lines if line["kind"] == "broadcast" and line["at"] > answered["at"]]
        assert town.now - begun > timedelta(minutes=2)
        assert len(told_after) >= 4


async def test_no_late_post_carries_an_old_level(tmp_path: Path):
    async with open_town(tmp_path) as town:
        slow(town)
        await confirmed(town, BLUE)
        await confirmed(town, YELLOW)
        risen_at = town.now
        await town.passes(minutes=5)
        late = [line for line in town.all_lines if line["at"] > risen_at.isoformat() and "暴雨蓝色" in line["text"]]
        assert [line["text"] for line in late if line["kind"] == "broadcast"] == []
        assert sorted(posts(town, "暴雨黄色")) == sorted([STAFF, "g1", "g3", "g5", "g8", "gB"])


async def test_the_card_goes_along_where_the_whole_text_is_said(town: Town):
    await confirmed(town, BLUE)
    said = [line for line in town.all_lines if line["kind"] == "broadcast"]
    assert {len(line["media"]) for line in said} == {1}
    assert len({line["media"][0] for line in said}) == 1
