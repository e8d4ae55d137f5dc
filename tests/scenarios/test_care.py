"""Homes that come first: marked by staff, seen by staff only, before the others in every list."""

from tests.scenarios.town import STAFF, Town


async def test_a_marked_home_stands_first_and_is_named_among_staff_only(town: Town):
    await town.says("r1", "1单元501卧室漏水")
    await town.says("r2", "2单元602卧室漏水")
    await town.says("sw-limin", "重点 #2 独居老人", STAFF)
    assert town.heard(STAFF)[-1] == (
        "@李敏 好，#2 3号楼2单元602卧室漏水，标为重点户（独居老人），排在前面，只有同事看得到。这家下次报修也算。"
    )
    await town.says("sw-limin", "待办", STAFF)
    lines = town.heard(STAFF)[-1].splitlines()
    assert lines[1].startswith("【重点户：独居老人】#2 ")
    await town.passes(minutes=10)
    assert any(words.startswith("@孙洁 【重点户：独居老人】#2") for words in town.heard(STAFF)[-1].splitlines())
    assert not any("独居" in str(line["text"]) for line in town.all_lines if line["group"] == "g3")


async def test_the_next_report_of_the_home_has_it_from_the_start_and_is_urgent(town: Town):
    await town.says("r2", "2单元602卧室漏水")
    await town.says("sw-limin", "重点 #1 卧床病人", STAFF)
    await town.says("rp-wang", "完成 #1 补好了", STAFF)
    await town.says("r2", "修好了")
    await town.passes(days=40)
    town.heard()
    await town.says("r2", "2单元602厨房水管有点渗水")
    assert (await town.ticket(2))["urgency"] == "urgent"
    assert any("【重点户：卧床病人】新报修 #2" in words for words in town.heard(STAFF))


async def test_a_room_that_is_said_later_is_recognised(town: Town):
    await town.says("r2", "2单元602卧室漏水")
    await town.says("sw-limin", "重点 #1 婴儿", STAFF)
    await town.says("rp-wang", "完成 #1 补好了", STAFF)
    await town.says("r2", "修好了")
    await town.passes(days=2)
    await town.says("r8", "我家厨房水管有点渗水")
    await town.says("r8", "2-602")
    await town.says("sw-limin", "待办", STAFF)
    assert "【重点户：婴儿】#2" in town.heard(STAFF)[-1]


async def test_it_can_be_taken_back_and_is_no_matter_of_public_places_or_groups(town: Town):
    await town.says("r1", "2单元602卧室漏水")
    await town.says("r2", "2单元门口积水了")
    await town.says("sw-limin", "重点 #1 独居老人", STAFF)
    await town.says("sw-limin", "重点 #1 取消", STAFF)
    await town.says("sw-limin", "待办", STAFF)
    assert "重点户" not in town.heard(STAFF)[-1]
    await town.says("sw-limin", "重点 #2 老人多", STAFF)
    assert town.heard(STAFF) == ["@李敏 #2 是公共区域，只有住户家能标重点。"]
    await town.says("sw-limin", "重点 #1 独居老人")
    assert "独居" not in town.heard("g3")[0]
    await town.says("r1", "重点 #1 独居老人")
    assert town.heard() == []
