"""Where it is: what is lacking is asked for once, in words that fit, and heard from whoever was asked."""

from tests.scenarios.town import STAFF, Town

GARAGE = "巡查 地库 积水到脚面"


async def test_of_public_water_only_the_building_is_asked_for(town: Town):
    await town.says("st-sunjie", GARAGE, group=STAFF)
    [asked] = [line for line in town.heard(STAFF) if "已登记 #1" in line and "收到" in line]
    assert asked.endswith("请问是哪栋楼？")


async def test_a_steward_answers_and_the_building_s_group_hears_of_it(town: Town):
    await town.says("st-sunjie", GARAGE, group=STAFF)
    town.heard(STAFF)
    await town.says("st-sunjie", "5号楼", group=STAFF)
    assert any("#1：5号楼地库积水" in line for line in town.heard(STAFF))
    await town.says("st-sunjie", "到场 #1", group=STAFF)
    assert [line["group"] for line in town.lines()] == [STAFF, "g5"]


async def test_other_words_of_the_steward_are_no_answer(town: Town):
    await town.says("st-sunjie", GARAGE, group=STAFF)
    town.heard(STAFF)
    await town.says("st-sunjie", "5号楼的快递到了", group=STAFF)
    assert town.heard(STAFF) == []


async def test_of_a_home_the_whole_address_is_asked_for(town: Town):
    await town.says("r1", "我家漏水了", group=None)
    assert town.heard(to="r1")[0].endswith("请问是哪栋楼、几单元几零几？")
