"""无人: the slip for the door, as chats."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.config import Config, load_config
from tests.moments import CHINA
from tests.scenarios.town import CONFIG, STAFF, Town
from tests.scenarios.town import town as open_town

MORNING = datetime(2021, 8, 24, 10, 0, tzinfo=CHINA)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(tmp_path, start=MORNING) as opened:
        await opened.says("r1", "2单元502卧室漏水", name="老周")
        opened.heard()
        yield opened


def papers(lines: list) -> list:
    return [line for line in lines if line["kind"] == "document"]


async def test_who_stood_at_the_door_gets_the_slip_as_pdf_and_picture(town: Town):
    await town.says("sw-limin", "无人 #1 明天下午3点", group=None)
    [slip] = papers(town.lines())
    assert (slip["to"], slip["tickets"]) == ("sw-limin", [1])
    assert [path.rpartition(".")[2] for path in slip["media"]] == ["pdf", "png"]
    assert "#1 3号楼2单元502的联系单" in slip["text"]


async def test_a_command_in_the_staff_group_gets_it_there(town: Town):
    await town.says("rp-wang", "无人 #1", group=STAFF)
    [slip] = papers(town.lines())
    assert (slip["group"], slip["reply_to"] is not None) == (STAFF, True)


async def test_a_building_group_hears_nothing_of_the_home(town: Town):
    await town.says("sw-limin", "无人 #1", group="g3")
    lines = town.lines()
    [slip] = papers(lines)
    assert (slip["group"], slip["to"]) == (None, "sw-limin")
    assert not any("502" in line["text"] or line["media"] for line in lines if line["group"] == "g3")


async def test_the_second_visit_in_vain_gets_a_slip_with_its_own_time(town: Town):
    await town.says("sw-limin", "无人 #1", group=None)
    [first] = papers(town.lines())
    await town.passes(hours=24)
    await town.says("sw-limin", "没人在家 #1 周五上午10点", group=None)
    [second] = papers(town.lines())
    assert set(first["media"]).isdisjoint(second["media"])


async def test_a_public_place_has_no_door(town: Town):
    await town.says("r2", "2单元门口积水了", name="小李")
    town.heard()
    await town.says("sw-limin", "无人 #2", group=None)
    assert papers(town.lines()) == []


async def test_a_ticket_that_is_done_needs_no_slip(town: Town):
    await town.says("sw-limin", "完成 #1 换了接头", group=None)
    town.heard()
    await town.says("sw-limin", "无人 #1", group=None)
    lines = town.lines()
    assert papers(lines) == []
    assert any("不能改成" in line["text"] for line in lines)


def with_page(address: str) -> Config:
    config = load_config(CONFIG)
    groups = tuple(g.model_copy(update={"live_page": address}) if g.id == "g3" else g for g in config.groups)
    return config.model_copy(update={"groups": groups})


async def test_the_slip_leads_to_the_live_page_of_the_building(tmp_path: Path):
    drawn = []
    for address in ("", "https://louqun.example.org/live/3"):
        async with open_town(tmp_path, config=with_page(address), start=MORNING) as town:
            await town.says("r1", "2单元502卧室漏水", name="老周")
            await town.says("sw-limin", "无人 #1", group=None)
            [slip] = papers(town.lines())
            drawn.append(slip["media"])
    assert drawn[0] != drawn[1]
