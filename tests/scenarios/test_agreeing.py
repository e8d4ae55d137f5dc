"""Who said yes: what a home answers in private to what the meeting proposed for it."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.moments import CHINA
from tests.scenarios.town import STAFF, Town
from tests.scenarios.town import town as open_town

SUNDAY = datetime(2021, 8, 22, 10, 0, tzinfo=CHINA)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A meeting about 3号楼 was held, and its minutes hold a line for one home."""
    async with open_town(tmp_path, start=SUNDAY) as opened:
        await opened.says("r1", "2单元502阳台漏水")
        await opened.says("sw-limin", "议事 8月22日14:00 活动室 阳台渗水 3号楼", group=STAFF)
        await opened.passes(hours=5)
        await opened.says(
            "sw-limin", "纪要 公共区域由物业免费修\n3号楼2-502：阳台封过，材料自费，物业帮忙找人", group=STAFF
        )
        proposal = opened.heard(to="r1")[-1]
        assert "同意请回“同意”，不同意请回“不同意”" in proposal
        yield opened


# -- good --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["同意", "我家同意", "没意见", "可以的", "行"])
async def test_a_yes_is_kept_with_the_ticket_and_told_to_staff(town: Town, words: str):
    await town.says("r1", words, group=None)
    lines = town.lines()
    assert any("您家同意 #1" in line["text"] for line in lines if line["to"] == "r1")
    assert any("说同意" in line["text"] for line in lines if line["group"] == STAFF)
    assert not any(line["group"] == "g3" for line in lines)
    await town.says("sw-limin", "进度 #1", group=STAFF)
    assert words in town.heard(STAFF)[0]


async def test_a_no_is_passed_on_in_the_household_s_own_words(town: Town):
    await town.says("r1", "不同意，买的时候就是封好的", group=None)
    lines = town.lines()
    assert any("会再跟您商量" in line["text"] for line in lines if line["to"] == "r1")
    assert any("买的时候就是封好的" in line["text"] for line in lines if line["group"] == STAFF)


# -- late --------------------------------------------------------------------------------------------------------


async def test_after_a_week_a_yes_means_nothing_any_more(town: Town):
    await town.passes(hours=24 * 8)
    town.lines()
    await town.says("r1", "同意", group=None)
    assert not any("说同意" in line["text"] for line in town.lines())


# -- wrong -------------------------------------------------------------------------------------------------------


async def test_a_yes_with_a_condition_counts_as_neither(town: Town):
    await town.says("r1", "同意，但是材料费得物业出一半", group=None)
    told = [line["text"] for line in town.lines() if line["group"] == STAFF]
    assert any("材料费得物业出一半" in text and "说同意" not in text for text in told)


async def test_other_words_leave_the_question_open(town: Town):
    await town.says("r1", "几点上门", group=None)
    town.lines()
    await town.says("r1", "同意", group=None)
    assert any("您家同意 #1" in line["text"] for line in town.lines() if line["to"] == "r1")


async def test_a_yes_in_the_group_is_none_to_this_question(town: Town):
    await town.says("r1", "同意", group="g3")
    assert not any("说同意" in line["text"] for line in town.lines())
