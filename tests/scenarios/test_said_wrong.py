"""What people say that is nearly a command, or no longer one, and what they hear."""

import pytest

from domain.vocabulary import MessageKind
from tests.scenarios.town import STAFF, Town


async def door(town: Town, *, done: bool = False) -> None:
    """Ticket 1: water at a door of building 3, reported by r1; finished on request."""
    await town.says("r1", "2单元门口积水了")
    if done:
        await town.says("rp-wang", "完成 #1 水抽完了")
    town.heard()


@pytest.mark.parametrize(
    "words", ["修好了，但是又漏了", "修好了，没两天又漏", "修好了？还漏着呢", "@bot 修好了，过了一晚又开始滴"]
)
async def test_fixed_but_back_again_is_not_a_confirmation(town: Town, words: str):
    await door(town, done=True)
    await town.says("r1", words.removeprefix("@bot "), mention=words.startswith("@bot"))
    assert (await town.ticket())["status"] == "reopened"
    assert "重新打开" in town.heard("g3")[0]


@pytest.mark.parametrize(
    "words", ["修好了", "修好了，又快又好", "修好了，再也不漏了", "满意，没再漏", "修好了，谢谢师傅"]
)
async def test_fixed_with_praise_is_a_confirmation(town: Town, words: str):
    await door(town, done=True)
    await town.says("r1", words)
    assert (await town.ticket())["status"] == "closed"


async def test_nothing_but_the_bots_name_is_asked_what_it_is_about(town: Town):
    await town.says("r1", "家里漏水了")
    town.heard()
    await town.says("r1", "", mention=True, kind=MessageKind.TEXT)
    [answer] = town.heard("g3")
    assert "语音" not in answer
    assert "帮助" in answer


async def test_a_colleague_who_may_not_is_told_who_may_and_not_how_to_report(town: Town):
    await door(town)
    await town.says("rp-wang", "派单 #1 刘海")
    [answer] = town.heard("g3")
    assert "社工、物业管家、书记或管理员" in answer
    assert "漏水" not in answer
    await town.says("sw-limin", "授权 社工 李静")
    assert "书记或管理员" in town.heard("g3")[0]


async def test_a_colleague_answers_which_ticket_with_the_number_alone(town: Town):
    await town.says("r1", "2单元门口积水了")
    await town.says("r2", "3单元门口积水了")
    town.heard()
    await town.says("rp-wang", "接单")
    assert "回复单号就行" in town.heard("g3")[0]
    await town.says("rp-wang", "2")
    assert "#2" in town.heard("g3")[0]
    assert (await town.ticket(2))["status"] == "accepted"


async def test_words_of_progress_are_not_lost_behind_a_number_alone(town: Town):
    await town.says("r1", "2单元门口积水了")
    await town.says("r2", "3单元门口积水了")
    town.heard()
    await town.says("rp-wang", "进展 树叶堵了，正在清")
    [asked] = town.heard("g3")
    assert "回复单号就行" not in asked
    assert "带上单号再说一次" in asked


@pytest.mark.parametrize("words", ["接单 3号楼", "到场 3号楼"])
async def test_where_nothing_fits_it_is_said(town: Town, words: str):
    await town.says("sw-limin", words, group=STAFF)
    [answer] = town.heard(STAFF)
    assert "现在没有" in answer


async def test_several_at_once_are_all_left_as_they_were_and_that_is_said(town: Town):
    await door(town, done=True)
    await town.says("r1", "修好了")
    await town.says("r2", "3单元门口积水了")
    town.heard()
    await town.says("rp-wang", "完成 #1 #2 都好了")
    [answer] = town.heard("g3")
    assert "这几单都没有动" in answer
    assert (await town.ticket(2))["status"] == "registered"


@pytest.mark.parametrize(
    "words,field,value",
    [("改 #1 单元 3", "unit", "3"), ("改 #1 单元：3", "unit", "3"), ("改 #1 房号 502", "room", "502"),
     ("改 #1 类别 堵", "kind", "blockage"), ("改 #1 房号：2-502", "room", "502"), ("改 #1 3单元", "unit", "3"),
     ("改 #1 楼层 5", "floor", 5), ("改 #1 楼层 十二", "floor", 12), ("改 #1 楼层5层", "floor", 5)],
)  # fmt: skip
async def test_a_correction_names_the_field_first_or_not(town: Town, words: str, field: str, value: object):
    await door(town)
    await town.says("sw-limin", words)
    assert (await town.ticket())[field] == value
    assert "改好了" in town.heard("g3")[0]


async def test_a_correction_that_changes_nothing_says_so(town: Town):
    await door(town)
    await town.says("sw-limin", "改 #1 加急")
    assert "#1" in (answer := town.heard("g3")[0])
    assert "本来就是" in answer


async def test_opting_out_says_how_to_come_back(town: Town):
    await town.says("r1", "不要记录我")
    assert "@我说“可以记录我”" in town.heard("g3")[0]
    await town.says("r1", "可以记录我", mention=True)
    assert "恢复" in town.heard("g3")[0]


async def test_help_for_staff_is_a_menu_and_each_word_of_it_tells_how_it_is_said(town: Town):
    await town.says("sw-limin", "帮助", group=None)
    [menu] = town.heard(to="sw-limin")
    assert len(menu.splitlines()) < 15
    assert "防汛：转发预警 · " in menu
    await town.says("sw-limin", "帮助 无人", group=STAFF)
    [how] = town.heard(STAFF)
    assert "无人 #12 下次时间" in how
    await town.says("sw-limin", "帮助 防汛", group=None)
    assert "领用 沙袋 20 3号楼" in town.heard(to="sw-limin")[0]
    await town.says("sw-limin", "帮助 飞天", group=None)
    assert "没有“飞天”" in town.heard(to="sw-limin")[0]


async def test_help_for_staff_in_full_begins_with_their_work(town: Town):
    await town.says("sw-limin", "帮助 全部", group=None)
    [told] = town.heard(to="sw-limin")
    work, everybody = told.split("\n\n居民也能用的：\n")
    assert "进展 #12 干到哪了：" in work
    assert "例如" not in told
    assert "修好了 #12" in everybody
    await town.says("r1", "帮助")
    assert "居民也能用的" not in town.heard("g3")[0]
