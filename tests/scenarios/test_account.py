"""After the storm, as chats: the all-clear, the account for staff, the article for the official account."""

import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.scenarios.test_warnings import BLUE, CLEAR, relay
from tests.scenarios.town import STAFF, Town, town

PHONE = "13912345678"


@pytest.fixture
async def street(tmp_path: Path):
    for name, colour in (("before.jpg", "red"), ("after.jpg", "blue")):
        Image.new("RGB", (320, 240), colour).save(tmp_path / name)
    async with town(tmp_path) as opened:
        opened.player.stage.media_folder = tmp_path / "sent"
        yield opened


async def a_storm(street: Town) -> None:
    """A blue warning, public water that is gone after eight minutes, two homes, supplies and a patrol."""
    await relay(street, BLUE)
    await street.says("sw-limin", "物资 沙袋 200", STAFF)
    await street.says("sw-limin", "领用 沙袋 20 3号楼", STAFF)
    await street.says("sw-limin", "巡查 B座地库 正常", STAFF)
    await street.says("r3-zhang", "2单元门口积水了，下不了楼", photo="before.jpg", name="张桂芬")
    await street.passes(minutes=2)
    await street.says("sw-limin", "到场 #1")
    await street.passes(minutes=6)
    await street.says("sw-limin", "完成 #1 水抽干了", photo="after.jpg")
    await street.says("r3-li", f"2单元502卧室漏水，电话{PHONE}", name="李秀珍", photo="before.jpg")
    await street.says("r5-wang", "1单元601卫生间漏水", "g5", name="王勇")
    await street.passes(minutes=3)
    await street.says("rp-wang", "接单 #2")
    await street.passes(minutes=30)
    await street.says("rp-wang", "完成 #2 换了管子")


async def over(street: Town) -> None:
    await street.passes(hours=10)
    await relay(street, CLEAR)
    street.lines()
    await street.says("sec-chen", "应急响应 解除", STAFF)


def content(street: Town, line: dict[str, Any], ending: str) -> str:
    """Of the one file with this ending."""
    folder = street.player.stage.media_folder
    assert folder is not None
    [name] = [name for name in line["media"] if name.endswith(ending)]
    data: bytes = (folder / str(name)).read_bytes()
    return data.decode("utf-8", "replace")


async def test_the_groups_hear_that_it_is_over_and_staff_get_the_account(street: Town):
    await a_storm(street)
    await over(street)
    lines = street.lines()
    said = {line["group"]: line["text"] for line in lines if "社区的应急响应解除了" in line["text"]}
    assert "本楼报修2件，都处理好了" in said["g3"]
    assert "本楼报修1件，还有1件没办完" in said["g5"]
    assert "本楼" not in said["g1"]
    [ended] = [line for line in lines if line["group"] == STAFF]
    assert "共3单，还有1单没办完" in ended["text"]
    assert sorted(name.rpartition(".")[2] for name in ended["media"]) == ["html", "pdf"]


async def test_at_night_nobody_is_waked_up_to_hear_it(street: Town):
    await street.says("sec-chen", "应急响应 启动 四级", STAFF)
    await street.passes(hours=4)
    street.lines()
    await street.says("sec-chen", "应急响应 解除", STAFF)
    assert {line["group"] for line in street.lines()} == {STAFF}
    await street.passes(hours=6)
    assert sum("社区的应急响应解除了" in text for text in street.heard()) == 5


async def test_the_account_tells_what_happened_when(street: Town):
    await a_storm(street)
    await over(street)
    street.lines()
    await street.says("sw-limin", "复盘", STAFF)
    [told] = street.lines()
    assert "报修3单，3位居民；公共区域修好1处，住户家修好1户，还有1单没办完；12345工单0件" in told["text"]
    assert "到场：一般2分钟，最慢2分钟（#1）" in told["text"]
    assert "处理好：一般20分钟，最慢33分钟（#2）" in told["text"]
    assert "#3接单还没做到" in told["text"]
    page = content(street, told, "html")
    marks = ["转发 北京市气象台", "盘点 沙袋 200", "领用 沙袋 20，送3号楼", "巡查 B座地库", "#1 3号楼2单元门口积水"]
    assert [mark for mark in marks if mark not in page] == []
    assert page.count("data:image/jpeg") == 1
    assert page.index("启动应急响应") < page.index("#1 3号楼2单元门口积水") < page.index("解除应急响应")
    assert PHONE not in page


@pytest.mark.parametrize("text", ["导出 本场雨", "导出 复盘"])
async def test_it_can_be_asked_for_as_an_export(street: Town, text: str):
    await street.says("sec-chen", text, STAFF)
    assert [line["media"] for line in street.lines()] == [[]]  # there was none yet
    await street.says("sec-chen", "应急响应 启动 四级", STAFF)
    street.lines()
    await street.says("sec-chen", text, STAFF)
    [told] = street.lines()
    assert sorted(name.rpartition(".")[2] for name in told["media"]) == ["html", "pdf"]


async def test_the_article_is_shown_first_and_released_by_a_person(street: Town):
    await a_storm(street)
    await over(street)
    street.lines()
    await street.says("sec-chen", "公示", STAFF)
    [draft] = street.lines()
    assert "住户家的照片1张" in draft["text"]
    assert "草稿，还没有定稿" in content(street, draft, "html")
    assert "没写进去的" in content(street, draft, "md")
    await street.says("sec-chen", "确认", STAFF)
    [article] = street.lines()
    page, words = content(street, article, "html"), content(street, article, "md")
    assert "草稿" not in page + words
    assert "没写进去的" not in page + words
    assert "3号楼2单元门口积水" in words
    assert "- 3号楼：1户，修好1户\n- 5号楼：1户，修好0户" in words
    assert re.search(r"!\[.*\]\(公示20210823-图1\.jpg\)", words)
    assert page.count("data:image/jpeg") == 1
    assert len([name for name in article["media"] if name.endswith("jpg")]) == 1
    for private in ("张桂芬", "李秀珍", "王勇", "502", "601", PHONE, "李敏", "王建国", "下不了楼"):
        assert private not in page + words


@pytest.mark.parametrize("word, told", [("取消", "没有发"), ("确认", "过了10分钟")])
async def test_dropped_or_late_nothing_is_released(street: Town, word: str, told: str):
    await street.says("sec-chen", "应急响应 启动 四级", STAFF)
    await street.says("sec-chen", "公示", STAFF)
    if word == "确认":
        await street.passes(minutes=11)
    street.lines()
    await street.says("sec-chen", word, STAFF)
    [answer] = street.lines()
    assert answer["media"] == []
    assert told in answer["text"]


async def test_of_some_days_without_a_storm(street: Town):
    await street.says("r3-zhang", "2单元门口积水了")
    await street.says("sw-limin", "完成 #1 扫干净了")
    await street.passes(days=1)
    street.lines()
    await street.says("sw-limin", "复盘 8月23日", STAFF)
    await street.says("sw-limin", "公示 8月20日到8月22日", STAFF)
    review, article = street.lines()
    assert "8月23日的账：报修1单" in review["text"]
    assert "没有收到漏水、积水的报修" in content(street, article, "md")


@pytest.mark.parametrize("text", ["复盘 明年", "公示 那天的"])
async def test_a_time_that_is_none_is_asked_for(street: Town, text: str):
    await street.says("sw-limin", text, STAFF, mention=True)
    assert "请这样说" in street.heard()[0]


@pytest.mark.parametrize("text", ["复盘", "公示"])
async def test_neither_is_for_a_building_s_group_or_for_residents(street: Town, text: str):
    await street.says("sw-limin", text, "g3", mention=True)
    [line] = street.lines()
    assert line["media"] == []
    await street.says("r3-zhang", text, None)
    assert all(line["media"] == [] for line in street.lines())


@pytest.mark.parametrize("text", ["公示栏贴好了吗", "公示了没", "复盘会几点开", "公示期到哪天", "明天复盘一下"])
async def test_talk_among_staff_is_no_command(street: Town, text: str):
    await street.says("sw-limin", text, STAFF)
    assert street.heard() == []
