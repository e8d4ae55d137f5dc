"""查岗 as chats: before the storm, when somebody left, and who may ask."""

from dataclasses import replace

from domain.messages import Person
from domain.vocabulary import StaffId
from tests.scenarios.town import STAFF, Town


async def test_where_everybody_can_be_reached_it_says_so(town: Town):
    await town.says("sec-chen", "查岗", group=STAFF)
    assert town.heard(STAFF) == ["@陈向红 名册没有缺口：每栋楼都有群和社工，每个人都叫得到。"]


async def test_holes_are_named_one_by_one(town: Town):
    async with town.player.app.machine.store.begin(town.now) as work:
        record = await work.people.get(Person("console", "somebody"))
        await work.people.save(replace(record, staff=StaffId("rp-liu")))
    await town.says("sw-zhaolei", "离岗", group=None)
    await town.says("sw-limin", "授权 维修 马强", group=None)
    town.heard()
    await town.says("sec-chen", "查岗", group=None)
    said = town.heard(to="sec-chen")[0].splitlines()
    assert said[0] == "名册有3处要补："
    assert said[1:] == [
        "- 8号楼的赵蕾不在岗",
        "- B座的赵蕾不在岗",
        "- 刘海名下有2个账号，是不是两个人用了一个码",
    ]


async def test_not_in_a_buildings_group_and_not_for_residents(town: Town):
    await town.says("sw-limin", "查岗", group="g3", mention=True)
    await town.says("r1", "查岗", group=None)
    said = town.heard()
    assert "私聊我" in said[0]
    assert "社区工作人员" in said[1]


async def test_talk_about_it_is_talk(town: Town):
    await town.says("sw-limin", "查岗的人来了没", group=STAFF)
    assert town.heard() == []
