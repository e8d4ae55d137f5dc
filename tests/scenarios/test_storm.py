"""A storm, as chats: opened by a warning or by the secretary, supplies, patrols, 雨情, and its end."""

from typing import Any

import pytest

from bot.summary import summary_of
from tests.scenarios.test_warnings import BLUE, CLEAR, ORANGE, YELLOW, relay
from tests.scenarios.town import STAFF, Town


async def storms(town: Town) -> Any:
    return (await summary_of(town._player.app.machine.read_models))["storms"]


async def asks(town: Town, text: str, who: str = "sw-limin", group: str | None = STAFF) -> str:
    town.heard()
    await town.says(who, text, group)
    return "\n".join(town.heard())


async def test_from_the_warning_to_the_all_clear(town: Town):
    await relay(town, BLUE)
    await town.says("r3-zhang", "2单元门口积水了，都漫过台阶了", "g3")
    await relay(town, YELLOW)
    assert "北京市气象台暴雨黄色还在生效" in await asks(town, "应急响应 解除", "sec-chen")
    await town.passes(hours=9)
    await relay(town, CLEAR.replace("蓝色", "黄色"))
    ended = await asks(town, "应急响应 解除", "sec-chen", None)
    assert "共1单，还有1单没办完" in ended
    [storm] = await storms(town)
    assert storm == {
        "opened_at": "2021-08-23T21:58:00+08:00",
        "closed_at": town.now.isoformat(),
        "level": "yellow",
        "warnings": 2,
        "tickets": 1,
    }


async def test_each_level_adds_its_list_once(town: Town):
    await town.says("sec-chen", f"转发预警 {BLUE}", STAFF)
    assert "试水泵" not in await asks(town, "确认", "sec-chen")
    await town.says("sec-chen", f"转发预警 {YELLOW}", STAFF)
    risen = await asks(town, "确认", "sec-chen")
    assert "应急状态升级" in risen
    assert "试水泵" in risen
    assert "清点" not in risen


async def test_the_secretary_declares_and_ends_it(town: Town):
    declared = await asks(town, "应急响应 启动 四级", "sec-chen")
    assert "应急响应四级，进入应急状态" in declared
    assert "没有变化" in await asks(town, "应急响应 启动 Ⅳ级", "sec-chen")
    assert "应急响应二级，应急状态升级" in await asks(town, "应急响应启动二级", "adm-zhou")
    await town.passes(hours=2)
    assert "2小时" in await asks(town, "应急响应 解除", "sec-chen")
    assert "不用解除" in await asks(town, "应急响应 解除", "sec-chen")
    [storm] = await storms(town)
    assert (storm["level"], storm["warnings"]) == ("orange", 0)


async def test_where_water_came_in_before_is_named_to_staff_only(town: Town):
    await town.says("r3-zhang", "2单元1801客厅漏水", "g3")
    await town.says("r3-li", "2单元门口积水了", "g3")
    await town.says("sw-limin", "误报 #2", "g3")
    await town.says("sw-limin", "完成 #1 补好了", "g3")
    await town.passes(days=20)
    await asks(town, "应急响应 启动 四级", "sec-chen")
    await asks(town, "应急响应 解除", "sec-chen")
    await town.says("sec-chen", "应急响应 启动 四级", STAFF)
    lines = town.lines()
    named = [line["group"] for line in lines if "以前进过水的，先去看：3号楼2单元1801。" in line["text"]]
    assert named == [STAFF]


@pytest.mark.parametrize(
    "who, group", [("sw-limin", STAFF), ("st-sunjie", STAFF), ("rp-wang", STAFF), ("r3-zhang", "g3")]
)
async def test_nobody_else_declares_it(town: Town, who: str, group: str):
    await asks(town, "应急响应 启动 四级", who, group)
    assert await storms(town) == []


@pytest.mark.parametrize("text", ["应急响应", "应急响应 启动", "应急响应 启动 九级"])
async def test_a_wrong_level_is_asked_for(town: Town, text: str):
    assert "请这样说：应急响应 启动 四级" in await asks(town, text, "sec-chen")
    assert await storms(town) == []


async def test_heat_and_exercises_make_no_storm(town: Town):
    await relay(town, BLUE.replace("暴雨蓝色", "高温黄色"))
    await relay(town, f"【演练】{ORANGE.replace('23时30分', '21时30分')}")
    assert await storms(town) == []


async def test_how_things_stand(town: Town):
    assert "没有启动应急响应" in await asks(town, "雨情")
    await relay(town, BLUE)
    await asks(town, "物资 沙袋 30")
    await asks(town, "巡查 B座地库 正常")
    told = await asks(town, "雨情")
    assert "北京市气象台2021年8月23日18时00分发布暴雨蓝色预警信号（北京市气象台 8月23日（周一）18:00）" in told
    assert "不多了：沙袋30" in told
    assert "还没巡查：8号楼地库、5号楼门口、小区东门路面" in told
    assert "沙袋" not in await asks(town, "雨情", group="g3")
    assert await asks(town, "雨情", "r3-zhang", "g3") == ""


async def test_supplies_are_counted_taken_and_run_low_once(town: Town):
    assert "还没盘点" in await asks(town, "物资")
    assert "沙袋 200\n抽水泵 3" in await asks(town, "物资 沙袋200袋、抽水泵 3台")
    assert "李敏领用沙袋 20，送3号楼，还剩180" in await asks(town, "领用 沙袋 20 3号楼")
    low = await asks(town, "领用沙袋100", "st-sunjie")
    assert "沙袋只剩80了（少于100）" in low
    assert "只剩" not in await asks(town, "领用 沙袋 十个 地库", "st-sunjie")
    assert "沙袋 120" in await asks(town, "物资 沙袋 +50")


@pytest.mark.parametrize(
    "text, told",
    [
        ("领用 沙袋 500", "沙袋只剩50，不够500"),
        ("领用 雨衣 5", "库存里没有雨衣（沙袋）"),
        ("领用 沙袋", "请这样说：领用"),
        ("领用 沙袋 0", "请这样说：领用"),
        ("物资 沙袋 好多", "请这样说：物资"),
        ("物资 沙袋 -80", "沙袋只有50，不够"),
    ],
)
async def test_wrong_amounts_change_nothing(town: Town, text: str, told: str):
    await asks(town, "物资 沙袋 50")
    town.heard()
    await town.says("sw-limin", text, STAFF, mention=True)
    assert told in town.heard()[0]
    assert "沙袋 50" in await asks(town, "物资")


async def test_a_patrol_is_walked_and_what_is_bad_becomes_a_ticket(town: Town):
    assert "8号楼地库：还没走" in await asks(town, "巡查")
    assert "还没走：8号楼地库、5号楼门口、小区东门路面" in await asks(town, "巡查 B座地库 正常")
    assert "B座地库" not in (await asks(town, "巡查 5号楼门口 没有积水")).partition("还没走")[2]
    bad = await asks(town, "巡查 8号楼地库 积水到脚面了")
    assert "已登记 #1：8号楼地库积水" in bad
    ticket = await town.ticket()
    assert (ticket["scope"], ticket["building"], ticket["place"], ticket["kind"]) == (
        "public",
        "8",
        "garage",
        "ponding",
    )
    listed = await asks(town, "巡查")
    assert "8号楼地库：8月23日（周一）21:58 李敏 积水到脚面了 #1" in listed
    assert "小区东门路面：还没走" in listed


async def test_residents_have_no_part_in_it(town: Town):
    for words in ("物资", "物资 沙袋 200", "领用 沙袋 20", "巡查 地库 积水", "雨情"):
        assert "记下" not in await asks(town, words, "r3-zhang", "g3")
    assert "还没盘点" in await asks(town, "物资")


@pytest.mark.parametrize(
    "words",
    ["物资放一楼值班室了", "物资够吗", "巡查的人到了没", "巡查完了", "应急响应群里说", "雨情怎么样", "领用登记在哪"],
)
async def test_talk_among_staff_is_no_command(town: Town, words: str):
    assert await asks(town, words) == ""
