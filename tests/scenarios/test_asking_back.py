"""After the work: asked on the next day, again the day after, and after the next rain; what each answer does."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.moments import CHINA
from tests.scenarios.town import STAFF, Town
from tests.scenarios.town import town as open_town

TEN = datetime(2021, 8, 24, 10, 0, tzinfo=CHINA)
BLUE = "转发预警 北京市气象台{at}发布暴雨蓝色预警信号：预计今天夜间有大到暴雨，请注意防范。"
CLEAR = "转发预警 北京市气象台{at}解除暴雨蓝色预警信号。"


@pytest.fixture
async def morning(tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(tmp_path, start=TEN) as opened:
        yield opened


def surveys(town: Town, group: str | None = None) -> list[tuple[str, str, list[str]]]:
    """(when, the words, whom) of each question since the last look."""
    lines = [line for line in town.lines(group) if line["kind"] == "survey"]
    return [(f"{line['at'][8:16]}".replace("T", " "), str(line["text"]), line["mentions"]) for line in lines]


async def relays(town: Town, words: str) -> None:
    await town.says("sec-chen", words.format(at=f"{town.now:%Y年%m月%d日%H时%M分}"), STAFF)
    await town.says("sec-chen", "确认", STAFF)


async def mended(town: Town, who: str, words: str, group: str, number: int) -> None:
    await town.says(who, words, group)
    await town.says("rp-wang", f"完成 #{number} 补好了", STAFF)


async def rains(town: Town, **lasts: float) -> None:
    await relays(town, BLUE)
    await town.passes(**lasts)
    await relays(town, CLEAR)


async def test_who_said_that_it_is_mended_is_asked_once_after_the_next_rain(morning: Town):
    await mended(morning, "r1", "2单元1801客厅漏水", "g3", 1)
    await morning.says("r1", "修好了")
    await morning.passes(days=10)
    morning.heard()
    await rains(morning, hours=3)
    await morning.passes(hours=2)
    assert surveys(morning) == []
    await morning.passes(hours=2)
    [(at, words, whom)] = surveys(morning)
    assert (at, whom) == ("03 16:00", ["r1"])
    assert words.startswith("@r1 这场雨过去了，想问问之前修过的这处：#1 3号楼2单元高层住户漏水。还漏吗？")
    await morning.passes(days=2)
    await rains(morning, hours=3)
    await morning.passes(days=2)
    assert surveys(morning) == []


async def test_it_held_counts_as_their_own_word(morning: Town):
    await mended(morning, "r1", "2单元1801客厅漏水", "g3", 1)
    await morning.passes(days=10)
    assert (await morning.ticket())["confirmed_at"] is None
    await rains(morning, hours=3)
    await morning.passes(hours=4)
    morning.heard()
    await morning.says("r1", "这次没漏，修好了")
    assert morning.heard("g3") == ["@r1 太好了，#1 记下了，没再漏。再有问题随时说。"]
    ticket = await morning.ticket()
    assert (ticket["status"], ticket["confirmed_at"]) == ("closed", morning.now.isoformat())
    await morning.says("r1", "好了好了")
    assert morning.heard("g3") == []


@pytest.mark.parametrize("words", ["没修好", "还漏", "不行，又漏了", "没修好 #1"])
async def test_it_leaks_again_opens_it_and_tells_who_closed_it(morning: Town, words: str):
    await mended(morning, "r1", "2单元1801客厅漏水", "g3", 1)
    await morning.says("r1", "修好了")
    await morning.passes(days=60)
    await rains(morning, hours=3)
    await morning.passes(hours=4)
    morning.heard()
    await morning.says("r1", words)
    assert (await morning.ticket())["status"] == "reopened"
    lines = morning.lines()
    assert [line["kind"] for line in lines if line["group"] == "g3"] == ["ack"]
    assert {line["to"] for line in lines} == {None, "rp-wang"}


async def test_not_content_after_the_rain_is_asked_what_is_missing(morning: Town):
    await mended(morning, "r1", "2单元1801客厅漏水", "g3", 1)
    await morning.says("r1", "修好了")
    await morning.passes(days=20)
    await rains(morning, hours=3)
    await morning.passes(hours=4)
    morning.heard()
    await morning.says("r1", "不满意")
    assert morning.heard("g3") == ["@r1 #1 没让您满意，对不住。哪里没做好？您说一句，我转给他们。"]
    assert (await morning.ticket())["status"] == "closed"


async def test_several_homes_of_a_group_are_asked_in_one_message(morning: Town):
    for number, room in enumerate((1801, 1702, 1603), 1):
        await mended(morning, f"r{number}", f"2单元{room}客厅漏水", "g3", number)
        await morning.says(f"r{number}", "修好了")
    await mended(morning, "r9", "6单元603北屋漏水", "g5", 4)
    await morning.passes(days=5)
    morning.heard()
    await rains(morning, hours=3)
    await morning.passes(hours=4)
    asked = [line for line in morning.lines() if line["kind"] == "survey"]
    assert [(line["group"], line["tickets"], line["mentions"]) for line in asked] == [
        ("g3", [1, 2, 3], ["r1", "r2", "r3"]), ("g5", [4], ["r9"]),
    ]  # fmt: skip
    assert "#1、#2、#3 3号楼2单元高层住户漏水" in asked[0]["text"]
    assert not any(room in asked[0]["text"] for room in ("1801", "1702", "1603"))
    await morning.says("r2", "还是漏")
    assert [t["status"] for t in await morning.tickets()] == ["closed", "reopened", "closed", "closed"]


async def test_a_rain_of_the_night_is_asked_about_in_the_morning(morning: Town):
    await mended(morning, "r1", "2单元1801客厅漏水", "g3", 1)
    await morning.says("r1", "修好了")
    await morning.passes(days=3, hours=11)
    await rains(morning, hours=2)
    morning.heard()
    await morning.passes(hours=10)
    assert [at for at, _, _ in surveys(morning)] == ["28 07:00"]


async def test_a_warning_that_runs_out_was_a_rain_as_well(morning: Town):
    await mended(morning, "r1", "2单元1801客厅漏水", "g3", 1)
    await morning.says("r1", "修好了")
    await morning.passes(days=3)
    await relays(morning, BLUE)
    morning.heard()
    await morning.passes(days=3)
    assert [at for at, _, _ in surveys(morning)] == ["28 13:00"]


async def test_the_end_of_a_storm_is_the_end_of_its_rain(morning: Town):
    await mended(morning, "r1", "2单元1801客厅漏水", "g3", 1)
    await morning.says("r1", "修好了")
    await morning.passes(days=1)
    await morning.says("sec-chen", "应急响应 启动 四级", STAFF)
    await morning.says("r2", "2单元1702客厅漏水")
    await morning.says("rp-wang", "完成 #2 补好了", STAFF)
    await morning.says("r2", "修好了")
    await morning.passes(hours=5)
    await morning.says("sec-chen", "应急响应 解除", STAFF)
    morning.heard()
    await morning.passes(hours=4)
    [(at, words, whom)] = surveys(morning)
    assert (at, whom) == ("25 18:00", ["r1"])
    assert "#2" not in words  # mended while it rained: the next rain will show


async def test_heat_is_no_rain(morning: Town):
    await mended(morning, "r1", "2单元1801客厅漏水", "g3", 1)
    await morning.says("r1", "修好了")
    await morning.passes(days=1)
    await relays(morning, BLUE.replace("暴雨", "高温"))
    await morning.passes(days=3)
    assert surveys(morning) == []


async def test_what_was_not_answered_yet_is_asked_by_the_rain_and_not_again_the_next_morning(morning: Town):
    await mended(morning, "r1", "2单元1801客厅漏水", "g3", 1)
    await morning.passes(hours=5)
    morning.heard()
    await rains(morning, hours=2)
    await morning.passes(days=5)
    assert [at for at, _, _ in surveys(morning)] == ["24 20:00", "26 10:00"]
    assert (await morning.ticket())["status"] == "closed"


async def test_staff_have_all_asked_by_one_word(morning: Town):
    for number, (room, group) in enumerate((("2单元1801", "g3"), ("2单元1702", "g3"), ("6单元603", "g5")), 1):
        await mended(morning, f"r{number}", f"{room}客厅漏水", group, number)
        await morning.says(f"r{number}", "修好了", group)
    await morning.passes(days=1)
    morning.heard()
    await morning.says("sw-limin", "回访 3号楼", STAFF)
    assert morning.heard(STAFF) == ["@李敏 好，去问2单的报修人现在还漏不漏：#1、#2。谁说还漏，那一单就重新打开。"]
    await morning.passes(minutes=1)
    assert [whom for _, _, whom in surveys(morning)] == [["r1", "r2"]]
    await morning.says("sw-limin", "回访", STAFF)
    await morning.passes(minutes=1)
    asked = [line for line in morning.lines() if line["kind"] == "survey"]
    assert [line["tickets"] for line in asked] == [[3]]
    assert asked[0]["text"].startswith("@r3 想问问之前修过的这处：#3")
    await morning.says("sw-limin", "回访", STAFF)
    assert morning.heard(STAFF) == ["@李敏 没有要回访的：修好的都在上一场雨后问过了。想再问哪一单，请说：回访 #12"]
    await morning.says("sw-limin", "回访 #1", STAFF)
    await morning.passes(minutes=1)
    assert [words for _, words, _ in surveys(morning)] == [
        "@r1 想问问之前修过的这处：#1 3号楼2单元高层住户漏水。后来还漏吗？不漏就回“修好了”，还漏就回“没修好”。"
    ]


@pytest.mark.parametrize(
    "words, answer",
    [
        ("回访 #99", "没有 #99 这一单"),
        ("@楼群小助手 回访 隔壁小区", "请这样说：回访"),
    ],
)
async def test_a_wrong_word_is_told_how_to_say_it(morning: Town, words: str, answer: str):
    await morning.says("sw-limin", words, STAFF, mention=words.startswith("@"))
    assert answer in morning.heard(STAFF)[0]


async def test_talk_about_calling_back_is_no_command_and_residents_have_none(morning: Town):
    await morning.says("sw-limin", "回访做得不错，继续", STAFF)
    await morning.says("r1", "回访")
    assert morning.heard() == []


async def test_who_opted_out_is_not_asked_and_nothing_is_said_to_nobody(morning: Town):
    await mended(morning, "r1", "2单元1801客厅漏水", "g3", 1)
    await morning.says("r1", "修好了")
    await morning.says("r1", "不要记录我", mention=True)
    await morning.passes(days=1)
    await rains(morning, hours=2)
    await morning.passes(days=2)
    assert surveys(morning) == []


async def test_a_bot_that_was_away_asks_once_when_it_is_back(morning: Town):
    await mended(morning, "r1", "2单元1801客厅漏水", "g3", 1)
    await morning.says("r1", "修好了")
    await morning.passes(days=1)
    await rains(morning, hours=2)
    morning.heard()
    await morning.is_away(hours=20)
    assert [at for at, _, _ in surveys(morning)] == ["26 08:00"]
    await morning.passes(days=2)
    assert surveys(morning) == []
    assert morning.now - TEN > timedelta(days=3)
