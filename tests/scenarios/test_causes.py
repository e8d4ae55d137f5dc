"""Tickets of one cause, as chats: joined and taken apart by staff, and every reporter told."""

import pytest

from tests.scenarios.town import STAFF, Town

HOMES = (("r1", "1单元1701卧室顶漏水"), ("r2", "2单元1702卧室顶漏水"), ("r3", "3单元1703客厅顶漏水"))


@pytest.fixture
async def three(town: Town) -> Town:
    for who, words in HOMES:
        await town.says(who, words)
    town.heard()
    return town


async def incidents(town: Town) -> list[object]:
    return [ticket["incident"] for ticket in await town.tickets()]


@pytest.mark.parametrize("words", ["同因 #2 #1", "同因 2、1", "#1 #2 同一个原因", "同因＃１和＃２"])
async def test_joined_and_everybody_who_reported_is_told_once(three: Town, words: str):
    await three.says("rp-wang", words, group=STAFF)
    [posted] = three.lines("g3")
    assert sorted(posted["mentions"]) == ["r1", "r2"]
    assert "同一个原因" in posted["text"]
    assert "170" not in posted["text"]
    assert await incidents(three) == [1, 1, None]
    three.heard()
    await three.says("rp-wang", "进展 事件 #2 楼顶正在补防水", group=STAFF)
    await three.passes(minutes=1)
    [news] = three.lines("g3")
    assert sorted(news["mentions"]) == ["r1", "r2"]
    assert news["tickets"] == [1, 2]
    assert "楼顶正在补防水" in news["text"]


async def test_a_third_comes_along_with_its_own(three: Town):
    await three.says("rp-wang", "同因 #2 #3", group=STAFF)
    await three.says("rp-wang", "同因 #1 #3", group=STAFF)
    assert await incidents(three) == [2, 2, 2]
    three.heard()
    await three.says("rp-wang", "同因 #1 #2", group=STAFF)
    assert "本来就" in three.heard(STAFF)[0]


async def test_taken_apart_and_told(three: Town):
    await three.says("rp-wang", "同因 #1 #2 #3", group=STAFF)
    three.heard()
    await three.says("rp-wang", "拆分 #1", group=STAFF)
    [posted] = three.lines("g3")
    assert (posted["mentions"], posted["tickets"]) == (["r1"], [1])
    assert await incidents(three) == [None, 2, 2]
    await three.says("rp-wang", "拆分 #2", group=STAFF)
    assert await incidents(three) == [None, None, None]
    three.heard()
    await three.says("rp-wang", "拆分 #2", group=STAFF)
    assert "不用拆" in three.heard(STAFF)[0]


async def test_one_is_not_enough_and_residents_may_not(three: Town):
    await three.says("rp-wang", "同因 #1", group=STAFF)
    assert "请这样说：同因 #12 #15" in three.heard(STAFF)[0]
    await three.says("r1", "同因 #1 #2", mention=True)
    assert await incidents(three) == [None, None, None]
    await three.says("r1", "看错了 #1")
    three.heard()
    await three.says("rp-wang", "同因 #1 #2", group=STAFF)
    assert "已撤销" in three.heard(STAFF)[0]


async def test_it_stands_in_the_help_of_staff(town: Town):
    await town.says("rp-wang", "帮助 办单", group=STAFF)
    [help] = town.heard(STAFF)
    assert "同因 #12 #15" in help
    assert "拆分 #15" in help
