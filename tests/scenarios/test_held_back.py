"""A night in quiet hours: in the morning only what still holds is said, and from when it is."""

from datetime import datetime

import pytest

from tests.moments import CHINA
from tests.scenarios.town import STAFF, Town, town

NIGHT = datetime(2021, 8, 23, 23, 10, tzinfo=CHINA)
QUIET_REPORT = "2单元502卧室墙上有点渗水，不急"


@pytest.fixture
async def night(tmp_path):
    async with town(tmp_path, start=NIGHT) as opened:
        yield opened


async def reported(town: Town) -> None:
    await town.says("r1", QUIET_REPORT, name="老周")
    assert (await town.ticket())["urgency"] == "normal"
    town.heard()


async def test_what_holds_in_the_morning_is_said_with_its_time(night: Town):
    await reported(night)
    await night.passes(minutes=20)
    await night.says("sw-limin", "接单 #1", group=STAFF)
    assert night.heard("g3") == []
    await night.passes(hours=8)
    [post] = night.heard("g3")
    assert post.startswith("【昨天23:30】#1")


@pytest.mark.parametrize("then", ["误报 #1 看过是旧痕", "完成 #1 擦干了"])
async def test_an_acceptance_that_is_history_by_morning_is_not_posted(night: Town, then: str):
    await reported(night)
    await night.says("sw-limin", "接单 #1", group=STAFF)
    await night.passes(minutes=30)
    await night.says("sw-limin", then, group=STAFF)
    await night.passes(hours=8)
    posts = [text for text in night.heard("g3") if "#1" in text]
    assert len(posts) == 1
    assert "接单" not in posts[0]


async def test_work_that_was_confirmed_at_night_asks_nobody_in_the_morning(night: Town):
    await reported(night)
    await night.says("sw-limin", "完成 #1 胶条换了", group=STAFF)
    await night.passes(minutes=30)
    await night.says("r1", "修好了")
    night.heard()
    await night.passes(hours=8)
    [post] = night.heard("g3")
    assert "胶条换了" in post
    assert "没修好" not in post


async def test_a_ticket_that_was_merged_at_night_is_spoken_of_as_merged_only(night: Town):
    await reported(night)
    await night.says("r2", "1单元301阳台墙上也有点渗水，不急")
    await night.says("sw-limin", "接单 #2", group=STAFF)
    await night.passes(minutes=5)
    await night.says("sw-limin", "合并 #1 #2", group=STAFF)
    night.heard()
    await night.passes(hours=8)
    posts = night.heard("g3")
    assert len(posts) == 1
    assert "并成 #1" in posts[0]
