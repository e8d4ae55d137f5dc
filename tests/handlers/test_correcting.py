"""误报, 改, 合并."""

from dataclasses import replace

import pytest

from domain.understanding import Location
from domain.vocabulary import Kind, Place, Scope, Status, Urgency
from tests.handlers.meaning import Meaning, door, home
from tests.handlers.town import STAFF, UNDERSTANDER, Town, in_group, open_town, to

SAYS = {
    "门口有水": (door(),),
    "那边也是水": (door(location=Location("8", "东", place=Place.UNIT_DOOR), urgency=Urgency.EMERGENCY),),
    "漏了": (home(),),
}


class Places(Meaning):
    """Reads places as the real understanding does."""

    def judge(self, text, building):
        return replace(super().judge(text, building), location=UNDERSTANDER.judge(text, building).location)


@pytest.fixture
async def town():
    async with open_town(Places(SAYS)) as opened:
        yield opened


async def test_a_false_alarm_is_cancelled_with_its_reason(town: Town):
    await town.says("r3-zhang", "门口有水")
    [post] = await town.says("sw-limin", "误报 #1 是收伞甩的水，已经擦干了")
    assert post.text == "#1 3号楼2单元门口积水：看过了，不用修，是收伞甩的水，已经擦干了，这一单撤销（李敏）。"
    assert (await town.ticket()).status is Status.CANCELLED
    [again] = await town.says("sw-limin", "误报 #1")
    assert again.text == "@李敏 #1 已经撤销了。"


@pytest.mark.parametrize(
    "words, field, value",
    [
        ("加急", "urgency", Urgency.URGENT),
        ("紧急", "urgency", Urgency.EMERGENCY),
        ("不紧急", "urgency", Urgency.NORMAL),
        ("积水", "kind", Kind.PONDING),
        ("公共", "scope", Scope.PUBLIC),
        ("1单元602", "location", Location("3", "1", "602", 6, Place.BEDROOM)),
    ],
)
async def test_what_staff_say_replaces_what_was_understood(town: Town, words: str, field: str, value):
    await town.says("r3-zhao", "漏了")
    await town.says("sw-limin", f"改 #1 {words}", STAFF)
    assert getattr(await town.ticket(), field) == value


async def test_the_register_has_the_last_word(town: Town):
    await town.says("r3-zhao", "漏了")
    [refusal] = await town.says("sw-limin", "改 #1 2单元2901", STAFF)
    assert "3号楼只有18层，没有改" in refusal
    assert (await town.ticket()).location.room == "502"


async def test_another_building_means_another_group(town: Town):
    await town.says("r3-zhao", "漏了")
    await town.says("sw-limin", "改 #1 5号楼1单元601", STAFF)
    heard = await town.says("sw-limin", "接单 #1", STAFF)
    assert len(in_group(heard, "g5")) == 1


async def test_merging_tells_the_reporters_of_both_once(town: Town):
    await town.says("r3-zhang", "门口有水", name="张阿姨")
    await town.says("r8-luo", "那边也是水", "g8", name="罗敏", photo=1)
    heard = await town.says("sw-zhaolei", "合并 #1 #2", STAFF)
    told = "#2 和 #1 是同一处，并成 #1（3号楼2单元门口积水）一起处理，后面的进展看 #1。"
    assert in_group(heard) == [f"@张阿姨 {told}"]
    assert in_group(heard, "g8") == [f"@罗敏 {told}"]
    assert in_group(heard, STAFF) == ["@赵蕾 好，并入 #1 3号楼2单元门口积水。已同步到3号楼邻里群。"]
    first, second = await town.tickets()
    assert (second.status, second.merged_into) == (Status.MERGED, 1)
    assert [r.name for r in first.reporters] == ["张阿姨", "罗敏"]
    assert (first.urgency, len(first.media)) == (Urgency.EMERGENCY, 1)


async def test_after_merging_everybody_hears_of_the_work(town: Town):
    await town.says("r3-zhang", "门口有水")
    await town.says("r8-luo", "那边也是水", "g8", name="罗敏")
    await town.says("sw-zhaolei", "合并 #1 #2", STAFF)
    heard = await town.says("sw-zhaolei", "到场 #2", STAFF)
    assert in_group(heard) == ["#1 3号楼2单元门口积水：赵蕾到现场了（报修后不到1分钟）。"]
    assert in_group(heard, "g8") == ["@罗敏 #1 3号楼2单元门口积水：赵蕾到现场了（报修后不到1分钟）。"]


async def test_nothing_is_merged_into_what_has_ended(town: Town):
    await town.says("r3-zhang", "门口有水")
    await town.says("r3-zhao", "漏了")
    await town.says("sw-limin", "误报 #1")
    [refusal] = await town.says("sw-limin", "合并 #1 #2", STAFF)
    assert "#1 已撤销了，不能再并入别的单" in refusal
    assert (await town.ticket(2)).status is Status.REGISTERED


async def test_a_ticket_is_not_merged_with_itself(town: Town):
    await town.says("r3-zhang", "门口有水")
    [usage] = await town.says("sw-limin", "合并 #1 #1", STAFF)
    assert "请这样说：合并 #12 #15" in usage
    assert to([usage], "sw-limin") == []
