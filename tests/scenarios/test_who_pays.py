"""定责 for those who pay, and the maintenance fund when much is broken: good, late, wrong."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import RepairsPart, load_config
from tests.scenarios.town import CONFIG, STAFF, Town
from tests.scenarios.town import town as open_town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A crew is known; three places are wide."""
    repairs = RepairsPart.model_validate(
        {
            "contractors": [
                {"name": "京安防水", "phone": "010-12345678", "does": "阳台、窗户"},
                {"name": "老韩门窗"},
            ],
            "fund_places": 3,
            "fund_within_days": 10,
        }
    )
    config = load_config(CONFIG).model_copy(update={"repairs": repairs})
    async with open_town(tmp_path, config=config) as opened:
        yield opened


async def report(town: Town, *rooms: str) -> None:
    for n, room in enumerate(rooms):
        await town.says(f"r{room}", f"2单元{room}卧室漏水了", name=f"住户{n}")
    town.heard()


# -- an altered home ---------------------------------------------------------------------------------------------


async def test_an_altered_home_hears_in_private_whom_it_may_call(town: Town):
    await report(town, "502")
    await town.says("sw-limin", "定责 #1 已改动 阳台自己封过", group=STAFF)
    lines = town.lines()
    [told] = [line["text"] for line in lines if line["to"] == "r502"]
    assert "维修由住户承担，物业帮您找施工的师傅" in told
    assert "京安防水（阳台、窗户） 010-12345678、老韩门窗。" in told
    assert "自己选、自己谈价" in told
    assert not [line for line in lines if line["group"] == "g3"]


@pytest.mark.parametrize("ruling", ["公共 楼顶裂了", "未改动 管子老化", "质保 去年交的房"])
async def test_who_pays_nothing_hears_of_no_crew(town: Town, ruling: str):
    await report(town, "502")
    await town.says("sw-limin", f"定责 #1 {ruling}", group=STAFF)
    assert "京安防水" not in "".join(line["text"] for line in town.lines())


async def test_what_the_property_proposes_sends_nobody_to_a_crew(town: Town):
    await report(town, "502")
    await town.says("st-sunjie", "定责 #1 已改动 阳台自己封过", group=STAFF)
    assert not [line for line in town.lines() if line["to"] == "r502"]


async def test_a_ruling_that_changes_later_is_told_again(town: Town):
    await report(town, "502")
    await town.says("sw-limin", "定责 #1 已改动 阳台自己封过", group=STAFF)
    town.heard()
    await town.passes(hours=40)
    town.heard()
    await town.says("sec-chen", "定责 #1 公共 挖开看是楼顶的水", group=STAFF)
    [told] = [line["text"] for line in town.lines() if line["to"] == "r502"]
    assert "不用您出钱" in told
    assert "京安防水" not in told


async def test_nobody_in_the_groups_told_it_is_said_so_without_a_reporter(town: Town):
    await town.says("sw-limin", "代报 3号楼2单元801 客厅漏水 渠道电话", group=None)
    town.heard()
    await town.says("sw-limin", "定责 #1 已改动 阳台自己封过", group=None)
    assert "请当面或打电话告诉住户" in town.heard(to="sw-limin")[0]


# -- wide public damage ------------------------------------------------------------------------------------------


async def rule(town: Town, *numbers: int, ruling: str = "公共 楼顶防水开裂") -> None:
    for number in numbers:
        await town.says("sw-limin", f"定责 #{number} {ruling}", group=STAFF)


async def test_when_it_is_wide_the_secretary_hears_the_count_and_the_steps_once(town: Town):
    await report(town, "502", "602", "702", "802")
    await rule(town, 1, 2)
    assert not [text for text in town.heard() if "维修资金" in text]
    await rule(town, 3)
    [line] = [line for line in town.lines() if "维修资金" in line["text"]]
    assert line["to"] == "sec-chen"
    assert "到3处了" in line["text"]
    assert "3号楼3处" in line["text"]
    assert "7. 向区住建部门申请" in line["text"]
    await rule(town, 4)
    assert not [text for text in town.heard() if "维修资金" in text]


async def test_a_home_counts_once_and_other_rulings_do_not_count(town: Town):
    await report(town, "502", "602", "702")
    await town.says("sw-limin", "代报 3号楼2单元502 厨房漏水 渠道电话", group=None)
    town.heard()
    assert (await town.ticket(4))["room"] == "502"
    await rule(town, 1, 2, 4)
    await rule(town, 3, ruling="已改动 阳台自己封过")
    assert not [text for text in town.heard() if "维修资金" in text]


async def test_what_was_long_ago_does_not_add_up(town: Town):
    await report(town, "502", "602")
    await rule(town, 1, 2)
    await town.passes(days=11)
    await report(town, "702", "802")
    numbers = [ticket["number"] for ticket in await town.tickets() if ticket["status"] == "registered"]
    await rule(town, *numbers[-2:])
    assert not [text for text in town.heard() if "维修资金" in text]


async def test_a_proposal_of_the_property_does_not_count(town: Town):
    await report(town, "502", "602", "702")
    for number in (1, 2, 3):
        await town.says("st-sunjie", f"定责 #{number} 公共 楼顶防水开裂", group=STAFF)
    assert not [text for text in town.heard() if "维修资金" in text]
