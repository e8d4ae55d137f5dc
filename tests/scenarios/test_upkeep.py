"""静音 and 健康 as chats."""

import pytest

from tests.scenarios.town import STAFF, Town

# -- good --------------------------------------------------------------------------------------------------------


async def test_in_a_muted_group_posts_wait_and_answers_do_not(town: Town):
    await town.says("r1", "3号楼1单元门口积水了")
    await town.says("sec-chen", "静音 30分钟", mention=True)
    assert "这个群安静到8月23日（周一）22:28（30分钟）" in town.heard("g3")[-1]
    await town.says("sw-limin", "到场 #1", group=STAFF)
    await town.says("r2", "我家2单元502卧室漏水")
    said = town.heard("g3")
    assert any("已登记 #2" in line for line in said)
    assert not any("到现场了" in line for line in said)
    await town.passes(minutes=31)
    assert any("到现场了" in line for line in town.heard("g3"))


async def test_an_emergency_is_posted_in_a_muted_group(town: Town):
    await town.says("r1", "2单元502水管爆了，水喷出来了")
    await town.says("sec-chen", "静音 1小时", mention=True)
    town.heard("g3")
    await town.says("sw-limin", "到场 #1", group=STAFF)
    assert any("到现场了" in line for line in town.heard("g3"))


async def test_what_waited_is_posted_when_the_silence_is_ended(town: Town):
    await town.says("r1", "3号楼1单元门口积水了")
    await town.says("sec-chen", "静音 半小时", mention=True)
    await town.says("sw-limin", "到场 #1", group=STAFF)
    assert not any("到现场了" in line for line in town.heard("g3"))
    await town.says("sec-chen", "静音 解除", mention=True)
    said = town.heard("g3")
    assert "恢复正常" in said[0]
    assert any("到现场了" in line for line in said)


async def test_health_in_words(town: Town):
    await town.says("adm-zhou", "健康", group=None)
    [said] = town.heard(to="adm-zhou")
    assert "连着" in said
    assert "一切正常" in said


# -- late --------------------------------------------------------------------------------------------------------


async def test_what_no_longer_holds_after_the_silence_is_not_posted(town: Town):
    await town.says("r1", "3号楼1单元门口积水了")
    await town.says("sec-chen", "静音 30分钟", mention=True)
    await town.says("sw-limin", "到场 #1", group=STAFF)
    await town.passes(minutes=5)
    await town.says("sw-limin", "完成 #1 水清了", group=STAFF)
    await town.passes(minutes=30)
    said = "\n".join(town.heard("g3"))
    assert "处理好了" in said
    assert "到现场了" not in said


async def test_a_silence_ends_by_itself(town: Town):
    await town.says("sec-chen", "静音 10分钟", mention=True)
    await town.passes(minutes=11)
    await town.says("r1", "3号楼1单元门口积水了")
    await town.says("sw-limin", "到场 #1", group=STAFF)
    assert any("到现场了" in line for line in town.heard("g3"))


# -- wrong -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text,answer",
    [
        ("静音", "请这样说：静音 30分钟"),
        ("静音 很久", "没看懂要安静多久"),
        ("静音 3天", "最长静音12小时"),
    ],
)
async def test_a_silence_without_a_sensible_end_is_refused(town: Town, text: str, answer: str):
    await town.says("sec-chen", text, mention=True)
    assert answer in town.heard("g3")[0]


async def test_silence_is_of_one_group(town: Town):
    await town.says("sec-chen", "静音 30分钟", group=None)
    assert "请在要安静的那个群里" in town.heard(to="sec-chen")[0]


@pytest.mark.parametrize("who,answers", [("sw-limin", 1), ("r1", 1)])
async def test_only_secretary_and_administrator_may(town: Town, who: str, answers: int):
    await town.says(who, "静音 30分钟", mention=True)
    said = town.heard("g3")
    assert len(said) == answers
    assert "安静到" not in said[0]


async def test_health_is_nothing_for_a_building_group(town: Town):
    await town.says("adm-zhou", "健康", mention=True)
    assert "请私聊我，或者到工作群里说" in town.heard("g3")[0]
