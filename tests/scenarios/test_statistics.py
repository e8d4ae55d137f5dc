"""统计 as chats: good, late, wrong."""

import pytest

from tests.scenarios.town import STAFF, Town


@pytest.fixture
async def evening(town: Town) -> Town:
    """Two in 3号楼, answered by a repairer and by a social worker; one in 5号楼 that nobody answered."""
    await town.says("r1", "我家502卧室漏水了，2单元", group="g3")
    await town.passes(minutes=4)
    await town.says("rp-wang", "到场 #1", group=STAFF)
    await town.passes(minutes=6)
    await town.says("rp-wang", "完成 #1 换了接头", group=STAFF)
    await town.says("r1", "修好了", group="g3", mention=True)
    await town.says("r2", "2单元门口积水了", group="g3")
    await town.passes(minutes=2)
    await town.says("sw-limin", "接单 #2", group=STAFF)
    await town.says("r5", "我家301厨房漏水，1单元", group="g5")
    await town.passes(minutes=30)
    town.heard()
    return town


async def test_the_figures_of_the_day_in_words_and_as_a_picture(evening: Town):
    await evening.says("sw-limin", "统计 今天", group=STAFF)
    [line] = evening.lines(STAFF)
    text = line["text"]
    assert text.startswith("@李敏 今天（8月23日）：共3单，还有2单没办完。")
    assert "状态：已登记1、已接单1、已办结1" in text
    assert "类别：漏水2、积水1" in text
    assert "接单3分钟，到场4分钟，处理好10分钟（中位数）" in text
    assert "物业先回应：50%（1/2）" in text
    assert "响应率67%（2/3），解决率100%（1/1），满意率100%（1/1）" in text
    assert "3号楼：2单，没办完1" in text
    assert [name.rpartition(".")[2] for name in line["media"]] == ["png"]


async def test_only_the_secretary_in_private_sees_how_each_did(evening: Town):
    await evening.says("sec-chen", "统计 本周", group=None)
    assert "王建国：先回应1单，一般4分钟回，到场1次" in evening.heard(to="sec-chen")[0]
    now = evening.now
    [seen] = await evening.player.app.machine.read_models.accesses(now.replace(day=1), now.replace(day=30))
    assert (seen.who, seen.what, seen.about) == ("陈向红", "统计到人", "本周（8月23日）")
    for who, where in (("sec-chen", STAFF), ("sw-limin", None)):
        await evening.says(who, "统计 本周", group=where)
        assert "王建国" not in evening.heard()[0]


async def test_a_buildings_group_hears_of_its_building_only(evening: Town):
    await evening.says("sw-limin", "统计 今天", group="g3", mention=True)
    [text] = evening.heard("g3")
    assert "共2单" in text
    assert "5号楼" not in text
    assert "12345" not in text


# -- late --------------------------------------------------------------------------------------------------------


async def test_the_next_week_the_week_is_new_and_two_dates_find_the_old_one(evening: Town):
    await evening.passes(days=8)
    evening.heard()
    await evening.says("sw-limin", "统计", group=None)
    assert "没有报修" in evening.heard(to="sw-limin")[0]
    await evening.says("sw-limin", "统计 8月20日到8月24日", group=None)
    assert "8月20日至8月24日：共3单" in evening.heard(to="sw-limin")[0]
    await evening.says("sw-limin", "统计 上周", group=None)
    assert "共3单" in evening.heard(to="sw-limin")[0]


async def test_this_rain_is_the_storm_that_is_open(evening: Town):
    await evening.says("sw-limin", "统计 本场雨", group=None)
    assert "没有记录到这场雨" in evening.heard(to="sw-limin")[0]
    await evening.says("sec-chen", "应急响应 启动 四级", group=None)
    await evening.passes(minutes=1)
    await evening.says("r5", "1单元门口积水了", group="g5")
    evening.heard()
    await evening.says("sw-limin", "统计", group=None)
    assert "本场雨（8月23日）：共1单" in evening.heard(to="sw-limin")[0]


# -- wrong -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["下周", "2月30日", "漏水", "今天 明天"])
async def test_a_time_that_is_none_gets_the_usage(town: Town, words: str):
    await town.says("sw-limin", f"统计 {words}", group=None)
    assert "统计 今天/本周/本月" in town.heard(to="sw-limin")[0]


async def test_residents_and_repairers_do_not_ask(town: Town):
    for who in ("r1", "rp-wang"):
        await town.says(who, "统计 今天", group="g3", mention=True)
        assert "共" not in town.heard("g3")[0]


async def test_talk_about_figures_is_talk(town: Town):
    await town.says("sw-limin", "统计局的人明天来", group=STAFF)
    assert town.lines(STAFF) == []
