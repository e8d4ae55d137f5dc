"""议事, 报名, 纪要: the three-party meeting, as chats."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.moments import CHINA
from tests.scenarios.town import STAFF, Town
from tests.scenarios.town import town as open_town

SUNDAY = datetime(2021, 8, 22, 10, 0, tzinfo=CHINA)
CALL = "议事 8月24日14:00 活动室 二期漏水怎么修"


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(tmp_path, start=SUNDAY) as opened:
        yield opened


def texts(lines: list, group: str) -> list[str]:
    return [line["text"] for line in lines if line["group"] == group]


def groups(lines: list, words: str) -> set:
    return {line["group"] for line in lines if words in line["text"]}


# -- 议事 ---------------------------------------------------------------------------------------------------------


async def test_an_invitation_goes_to_the_groups_of_the_phase_at_once(town: Town):
    await town.says("sw-zhaolei", CALL, group=STAFF)
    lines = town.lines()
    assert groups(lines, "【议事邀请】") == {"g8", "gB"}
    [invitation] = texts(lines, "g8")
    assert "8月24日（周二）14:00，活动室" in invitation
    assert "二期漏水怎么修" in invitation
    assert "报名" in invitation
    assert "赵蕾" in invitation


@pytest.mark.parametrize(
    "said, invited",
    [
        ("议事 8月24日14:00 活动室 楼顶防水 3号楼 5号楼", {"g3", "g5"}),
        ("议事 8月24日下午两点 活动室 楼顶防水 [3、5号楼]", {"g3", "g5"}),
        ("议事 活动室 楼顶防水 后天14：00 B座", {"gB"}),
        ("议事：8月24日14点，3号楼楼顶防水，居委会", {"g3"}),
        ("议事8月24日14:00社区活动室二期漏水", {"g8", "gB"}),
        ("议事 8月24日14:00 活动室 楼顶防水", {"g1", "g3", "g5", "g8", "gB"}),  # nothing is open: everybody
    ],
)
async def test_who_is_invited(town: Town, said: str, invited: set):
    await town.says("sw-limin", said, group=STAFF)
    lines = town.lines()
    assert groups(lines, "【议事邀请】") == invited
    assert all("8月24日（周二）14:00" in text for group in invited for text in texts(lines, group))


async def test_without_buildings_those_are_invited_where_something_is_open(town: Town):
    await town.says("r1", "2单元502卧室漏水", name="老周")
    town.heard()
    await town.says("sw-limin", "议事 8月24日14:00 活动室 漏水怎么修", group=STAFF)
    assert groups(town.lines(), "【议事邀请】") == {"g3"}


async def test_the_topic_names_nobody_in_the_groups(town: Town):
    await town.says("sw-limin", "议事 8月24日14:00 活动室 3号楼502漏到402，王阿姨电话13900000009 3号楼", group=STAFF)
    [invitation] = texts(town.lines(), "g3")
    assert not any(private in invitation for private in ("502", "402", "王阿姨", "13900000009"))


@pytest.mark.parametrize(
    "said, why",
    [
        ("议事", "没有要开的议事会"),
        ("议事 明天 活动室 漏水", "请这样说：议事 8月24日14:00"),  # no hour was named
        ("议事 8月24日14:00", "请这样说：议事 8月24日14:00"),
        ("议事 8月24日14:00 活动室", "请这样说：议事 8月24日14:00"),
        ("议事 8月21日14:00 活动室 漏水", "太远了"),  # the day before yesterday
        ("议事 8月24日14:00 活动室 漏水 9号楼", "没有9号楼"),
    ],
)
async def test_what_is_missing_is_asked_for_and_nobody_is_invited(town: Town, said: str, why: str):
    await town.says("sw-limin", said, group=STAFF)
    lines = town.lines()
    assert any(why in text for text in texts(lines, STAFF))
    assert groups(lines, "【议事邀请】") == set()


async def test_said_twice_it_is_one_meeting(town: Town):
    await town.says("sw-zhaolei", CALL, group=STAFF)
    town.heard()
    await town.says("sw-zhaolei", CALL, group=STAFF)
    lines = town.lines()
    assert groups(lines, "【议事邀请】") == set()
    assert "已经发过邀请了" in texts(lines, STAFF)[0]


async def test_residents_and_repairers_call_no_meetings(town: Town):
    await town.says("r1", CALL, group="g8", mention=True)
    await town.says("rp-wang", CALL, group=STAFF)
    assert groups(town.lines(), "【议事邀请】") == set()


async def test_talk_about_the_meeting_hall_is_talk(town: Town):
    await town.says("sw-limin", "议事厅的灯坏了谁管", group=STAFF)
    await town.says("r1", "报名", group="g3")  # a class, a group purchase: no meeting is to come
    await town.says("r2", "报名参加合唱团的在这里接龙", group="g3")
    assert town.heard() == []


# -- 报名 ---------------------------------------------------------------------------------------------------------


async def test_who_signs_up_is_on_the_list_and_reminded_by_name(town: Town):
    await town.says("sw-zhaolei", CALL, group=STAFF)
    await town.says("r1", "报名", group="g8", name="老周")
    await town.says("r2", "我报名", group=None, name="小李")
    lines = town.lines()
    assert any("@老周 好，给您报上名了：8月24日（周二）14:00，活动室" in text for text in texts(lines, "g8"))
    await town.says("sw-zhaolei", "议事 名单", group=STAFF)
    assert "2人报名：老周、小李" in town.heard(STAFF)[0]

    await town.passes(hours=28)  # Monday 14:00
    lines = town.lines()
    assert groups(lines, "在活动室商量") == {"g8", "gB", None}
    assert texts(lines, "g8")[0].startswith("@老周 8月24日")
    assert [line["to"] for line in lines if line["to"]] == ["r2"]
    await town.passes(hours=23)  # Tuesday 13:00
    lines = town.lines()
    assert "今天8月24日（周二）14:00" in texts(lines, "g8")[0]
    assert "2人报名" in texts(lines, STAFF)[0]
    await town.passes(hours=30)
    assert town.heard() == []


@pytest.mark.parametrize("said", ["报名！", "我报名参加", "报名 2人", "我要报名", "报名参加议事会"])
async def test_however_somebody_signs_up(town: Town, said: str):
    await town.says("sw-zhaolei", CALL, group=STAFF)
    town.heard()
    await town.says("r1", said, group="g8", name="老周")
    assert "给您报上名了" in town.heard("g8")[0]


@pytest.mark.parametrize("said", ["报名的人多吗", "怎么报名", "报名费多少", "孩子报名书法班的看过来"])
async def test_talk_about_signing_up_signs_nobody_up(town: Town, said: str):
    await town.says("sw-zhaolei", CALL, group=STAFF)
    town.heard()
    await town.says("r1", said, group="g8", name="老周")
    assert town.heard() == []


async def test_names_stay_among_staff(town: Town):
    await town.says("sw-zhaolei", CALL, group=STAFF)
    await town.says("r1", "报名", group="g8", name="老周")
    town.heard()
    await town.says("sw-zhaolei", "议事 名单", group="g8")
    [listed] = texts(town.lines(), "g8")
    assert "1人报名" in listed
    assert "老周" not in listed


async def test_who_cannot_come_after_all_says_so(town: Town):
    await town.says("sw-zhaolei", CALL, group=STAFF)
    await town.says("r1", "报名", group="g8", name="老周")
    await town.says("r1", "报名", group="g8", name="老周")
    assert any("已经给您报过名了" in text for text in town.heard("g8"))
    await town.says("r1", "取消报名", group="g8", name="老周")
    assert any("好，取消了" in text for text in town.heard("g8"))
    await town.says("r1", "取消报名", group="g8", name="老周")
    assert any("不用取消" in text for text in town.heard("g8"))
    await town.says("sw-zhaolei", "议事 名单", group=STAFF)
    assert "还没有人报名，到时候照开" in town.heard(STAFF)[0]


async def test_too_late_or_in_a_group_that_was_not_invited(town: Town):
    await town.says("sw-zhaolei", CALL, group=STAFF)
    town.heard()
    await town.says("r1", "报名", group="g3")
    assert town.heard() == []
    await town.passes(hours=53)
    town.heard()
    await town.says("r1", "报名", group=None)
    assert "没有可以报名的议事会" in town.heard(to="r1")[0]


async def test_a_new_time_is_told_and_reminded_of_and_guests_stay(town: Town):
    await town.says("sw-zhaolei", CALL, group=STAFF)
    await town.says("r1", "报名", group="g8", name="老周")
    town.heard()
    await town.says("sw-zhaolei", "议事 改期 8月25日10点", group=STAFF)
    lines = town.lines()
    assert groups(lines, "【议事改期】") == {"g8", "gB"}
    await town.passes(hours=40)  # Tuesday 2:00: nothing about the old time
    assert all("8月25日" in text for text in town.heard("g8"))
    await town.passes(hours=31)  # Wednesday 9:00
    assert any("@老周 今天8月25日（周三）10:00" in text for text in town.heard("g8"))


async def test_a_meeting_that_is_called_off_reminds_nobody(town: Town):
    await town.says("sw-zhaolei", CALL, group=STAFF)
    await town.says("r1", "报名", group=None, name="老周")
    town.heard()
    await town.says("sw-zhaolei", "议事 取消", group=STAFF)
    lines = town.lines()
    assert groups(lines, "【议事取消】") == {"g8", "gB", None}
    await town.passes(hours=60)
    assert town.heard() == []
    await town.says("sw-zhaolei", "议事 取消", group=STAFF)
    assert "没有要开的议事会" in town.heard(STAFF)[0]


async def test_two_meetings_are_told_apart_by_their_day(town: Town):
    await town.says("sw-zhaolei", CALL, group=STAFF)
    await town.says("sw-zhaolei", "议事 8月26日14:00 活动室 停车 8号楼", group=STAFF)
    town.heard()
    await town.says("sw-zhaolei", "议事 取消", group=STAFF)
    assert "有几场议事会" in town.heard(STAFF)[0]
    await town.says("sw-zhaolei", "议事 取消 8月26日", group=STAFF)
    assert groups(town.lines(), "【议事取消】") == {"g8"}


async def test_a_bot_that_was_away_reminds_once_and_not_of_what_has_begun(town: Town):
    await town.says("sw-zhaolei", CALL, group=STAFF)
    town.heard()
    await town.is_away(hours=51, minutes=30)  # both reminders fell due meanwhile
    assert len(town.heard("g8")) == 1
    await town.passes(hours=10)
    assert town.heard() == []


async def test_after_the_beginning_nobody_is_reminded(town: Town):
    await town.says("sw-zhaolei", CALL, group=STAFF)
    town.heard()
    await town.is_away(hours=53)
    assert town.heard() == []


# -- 纪要 ---------------------------------------------------------------------------------------------------------

MINUTES = """纪要 1. 楼顶防水由物业免费修
2. 没改动的户内免费修；改动过的自费，物业帮找师傅
3. 2-502：阳台封过，自费。老人独居，先上门说
4. 402免费修"""


@pytest.fixture
async def held(tmp_path: Path) -> AsyncIterator[Town]:
    """Held on Sunday at 11:00 for 3号楼; nobody had signed up."""
    async with open_town(tmp_path, start=SUNDAY) as town:
        await town.says("r1", "2单元502卧室漏水", name="老周")
        await town.says("sw-limin", "议事 今天11:00 活动室 楼顶漏水 3号楼", group=STAFF)
        await town.passes(hours=2)
        town.heard()
        yield town


async def test_minutes_say_to_all_what_is_for_all_and_to_each_home_its_own(held: Town):
    await held.says("sw-limin", MINUTES, group=STAFF)
    lines = held.lines()
    [post] = [line for line in lines if line["group"] == "g3"]
    assert "【议事纪要】8月22日（周日）11:00，活动室" in post["text"]
    assert "楼顶防水由物业免费修" in post["text"]
    assert "改动过的自费，物业帮找师傅" in post["text"]
    assert not any(private in post["text"] for private in ("502", "402", "阳台", "老人"))
    assert [path.rpartition(".")[2] for path in post["media"]] == ["pdf"]
    [home] = [line["text"] for line in lines if line["to"] == "r1"]
    assert "您家 #1 的意见：阳台封过，自费" in home
    assert "老人独居" in home
    [kept] = texts(lines, STAFF)
    assert "3号楼2单元502：已私下告诉 #1 的报修人" in kept
    assert "3号楼402：没有在网上报修的人，请当面告诉" in kept


@pytest.mark.parametrize(
    "said",
    [
        "5楼西户自费",
        "三单元五楼那家自己修",
        "2单元5层阳台自费",
        "王阿姨家免费修",
        "2单元402、502免费修",
        "老周的502自费",
        "同意五零二自己修",
        "那一户不同意开门",
    ],
)
async def test_one_home_however_it_is_said_is_not_posted(held: Town, said: str):
    await held.says("sw-limin", f"纪要 楼顶免费修\n{said}", group=STAFF)
    [post] = texts(held.lines(), "g3")
    assert "1. 楼顶免费修" in post
    assert "2." not in post


@pytest.mark.parametrize(
    "said",
    ["5层楼道由物业修", "18层以上外墙统一做防水", "地下一层由物业抽水", "顶楼住户的户内由物业免费修", "一户一案登记"],
)
async def test_public_areas_and_principles_are_posted(held: Town, said: str):
    await held.says("sw-limin", f"纪要 {said}", group=STAFF)
    assert said in texts(held.lines(), "g3")[0]


async def test_an_item_about_two_homes_reaches_both(held: Town):
    await held.says("r2", "2单元402客厅漏水", name="小李")
    held.heard()
    await held.says("sw-limin", "纪要 2单元402、502：由物业免费修", group=STAFF)
    lines = held.lines()
    for who in ("r1", "r2"):
        assert [line["text"] for line in lines if line["to"] == who and "由物业免费修" in line["text"]]
    kept = texts(lines, STAFF)[0]
    assert "已私下告诉 #1" in kept
    assert "已私下告诉 #2" in kept


async def test_minutes_go_to_the_meeting_that_waits_for_them_or_whose_day_is_named(held: Town):
    await held.says("sw-zhaolei", "议事 明天11:00 活动室 停车 8号楼", group=STAFF)
    await held.passes(hours=24)
    held.heard()
    await held.says("sw-limin", "纪要 楼顶免费修", group=STAFF)  # her own, of yesterday
    assert groups(held.lines(), "楼顶免费修") == {"g3"}
    await held.says("sw-limin", "纪要 8月22日：楼道也修", group=STAFF)
    lines = held.lines()
    assert groups(lines, "【议事纪要】8月22日") == {"g3"}
    assert "1. 楼道也修" in texts(lines, "g3")[0]
    await held.says("sw-limin", "纪要 车位线重画", group=STAFF)
    assert groups(held.lines(), "车位线重画") == {"g8"}


async def test_what_is_said_of_homes_alone_is_posted_nowhere(held: Town):
    await held.says("sw-limin", "纪要 2-502：自费；老王家免费", group=None)
    lines = held.lines()
    assert texts(lines, "g3") == []
    assert any("自费" in line["text"] for line in lines if line["to"] == "r1")
    [staff] = texts(lines, STAFF)
    assert "老王家免费" in staff


async def test_minutes_given_in_the_building_group_repeat_nothing_there(held: Town):
    await held.says("sw-limin", "纪要 楼顶免费修\n2-502：自费", group="g3")
    lines = held.lines()
    assert not any("502" in text or "自费" in text for text in texts(lines, "g3"))
    assert any("楼顶免费修" in text for text in texts(lines, "g3"))
    assert any("3号楼2单元502：2-502：自费" in text for text in texts(lines, STAFF))


async def test_more_minutes_of_the_same_meeting_are_posted_as_well(held: Town):
    await held.says("sw-limin", "纪要 楼顶免费修", group=STAFF)
    [first] = [line for line in held.lines() if line["group"] == "g3"]
    await held.says("sw-limin", "会议纪要：9月底前开工", group=STAFF)
    [second] = [line for line in held.lines() if line["group"] == "g3"]
    assert "9月底前开工" in second["text"]
    assert first["media"] != second["media"]


async def test_a_house_decision_finds_the_home_among_all_invited(town: Town):
    await town.says("r8", "东单元302漏水", group="g8", name="老吴")
    await town.says("sw-zhaolei", "议事 今天11:00 活动室 漏水 8号楼 B座", group=STAFF)
    await town.passes(hours=2)
    town.heard()
    await town.says("sw-zhaolei", "纪要 8号楼东单元302：免费修\n302的墙也补", group=STAFF)
    home = [line["text"] for line in town.lines() if line["to"] == "r8"]
    assert any("免费修" in text for text in home)


@pytest.mark.parametrize("said, why", [("纪要", "请这样说：纪要"), ("纪要 。；", "请这样说：纪要")])
async def test_minutes_want_words(held: Town, said: str, why: str):
    await held.says("sw-limin", said, group=STAFF)
    assert why in held.heard(STAFF)[0]


async def test_minutes_before_the_meeting_or_without_one_are_refused(town: Town):
    await town.says("sw-limin", "纪要 楼顶免费修", group=STAFF)
    assert "没有开过的议事会" in town.heard(STAFF)[0]
    await town.says("sw-zhaolei", CALL, group=STAFF)
    town.heard()
    await town.says("sw-zhaolei", "纪要 楼顶免费修", group=STAFF)
    lines = town.lines()
    assert "议事会还没开" in texts(lines, STAFF)[0]
    assert groups(lines, "【议事纪要】") == set()


async def test_long_minutes_are_cut_in_the_post_and_whole_on_paper(held: Town):
    await held.says(
        "sw-limin",
        "纪要 " + "\n".join(f"{n}. 楼顶第{n}处由物业免费修，雨停后三天内开工" + "，" * 30 for n in range(1, 60)),
        group=STAFF,
    )
    [post] = [line for line in held.lines() if line["group"] == "g3"]
    assert "后面还有，都在附件里" in post["text"]
    assert len(post["text"]) < 2000
