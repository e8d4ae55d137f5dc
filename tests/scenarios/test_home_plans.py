"""一房一案 as chats: a plan of one home, by number and by address; what the home had before; who may not."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from bot.config import load_config
from bot.replay import on_stage
from documents.press import draw
from domain.messages import Chat, Document, File
from domain.tickets import BOT, Clocks, Ticket, TicketEvent, What
from domain.understanding import Location
from domain.vocabulary import Kind, Place, Scope, Status, Urgency
from tests.scenarios.town import CONFIG, EVENING, STAFF, Town

HOME = Location("3", "2", "502", 5, Place.BEDROOM)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """3号楼2单元502 leaked two summers ago as well."""
    Image.new("RGB", (320, 240), "grey").save(tmp_path / "photo.jpg")
    async with on_stage(load_config(CONFIG), EVENING, tmp_path) as player:
        async with player.app.machine.store.begin(EVENING) as work:
            then = EVENING - timedelta(days=760)
            number = await work.tickets.next_number()
            old = Ticket(
                number, Status.CLOSED, Kind.LEAK, Scope.HOUSEHOLD, Urgency.NORMAL, HOME, Chat("console", "g3"),
                "卧室顶漏", Clocks(then), then, then,
            )  # fmt: skip
            await work.tickets.save(old, TicketEvent(number, then, What.OPENED, BOT))
        town = Town(player, tmp_path)
        await town.says("r1", "2单元502卧室漏水了", group="g3", name="老张")
        yield town


async def worked_on(town: Town) -> None:
    await town.says("rp-wang", "无人 #2 明天下午3点", group=STAFF)
    await town.says("rp-wang", "入户 #2 次卧顶角湿了一平米", group=STAFF, photo=True)
    await town.says("rp-wang", "查勘 #2 楼顶防水裂了，天晴补卷材", group=STAFF)
    await town.says("sw-limin", "备注 #2 老人独居，上门前先打电话", group=STAFF)
    await town.says("sw-limin", "定责 #2 公共 楼顶防水层开裂", group=STAFF)
    await town.says("rp-wang", "进展 #2 卷材铺好一半", group=STAFF)
    town.heard()


async def test_whoever_is_called_hears_that_the_home_leaked_before(town: Town):
    [called] = [line["text"] for line in town.lines() if line["group"] == STAFF]
    assert "以前也报过：2019年7月卧室漏水（#1，已办结）。" in called
    assert "2019" not in "".join(text for text in town.heard("g3"))


async def test_a_plan_by_number_and_by_address_is_the_same_paper(town: Town):
    await worked_on(town)
    papers = []
    for said in ("一房一案 #2", "一房一案 3-2-502", "一户一案 3号楼2单元502", "#2 一房一案"):
        await town.says("sw-limin", said, group=None)
        [line] = town.lines(to="sw-limin")
        assert line["kind"] == "document"
        assert line["text"].startswith("3号楼2单元502的一房一案做好了（#2）")
        assert "老人独居" in line["text"]
        [paper] = line["media"]
        papers.append(paper)
    assert len(set(papers)) == 1


def printed(town: Town) -> list[tuple[str, int]]:
    """The words of each paper from now on, and how many photos it shows."""
    said: list[tuple[str, int]] = []
    [delivery] = town.player.app.machine.deliveries.values()

    def noting(document: Document, words: str, pictures: Sequence[bytes | None] = ()) -> tuple[File, ...]:
        said.append((words, len([photo for photo in pictures if photo])))
        return draw(document, words, pictures)

    delivery.enclosing.press = noting
    return said


async def test_what_is_on_the_paper_and_that_a_note_of_colleagues_is_not(town: Town):
    await worked_on(town)
    papers = printed(town)
    await town.says("sw-limin", "一房一案 #2", group=STAFF)
    [(words, photos)] = papers
    assert photos == 1
    assert "老人独居" not in words
    for said in (
        "3号楼2单元502", "老张", "家里没人（第1次），约8月24日（周二）15:00再来", "次卧顶角湿了一平米", "楼顶防水裂了",
        "天晴补卷材", "卷材铺好一半", "认定：公共部位。依据：楼顶防水层开裂", "由物业负责维修，住户不出钱",
        "2019年7月卧室漏水（#1，已办结）", "* 住户", "^ 维修 8月23日",
    ):  # fmt: skip
        assert said in words, said


async def test_a_plan_before_anybody_looked_says_what_is_still_missing(town: Town):
    papers = printed(town)
    await town.says("sec-chen", "一房一案", group=None)  # nothing of hers
    assert "请这样说：一房一案 #12" in town.heard(to="sec-chen")[0]
    await town.says("sec-chen", "一房一案 #2", group=None)
    [(words, _)] = papers
    assert "待查勘" in words
    assert "还没有认定" in words


async def test_after_it_is_closed_the_plan_is_of_what_was_last(town: Town):
    await worked_on(town)
    await town.says("rp-wang", "完成 #2 卷材铺好了", group=STAFF)
    await town.says("r1", "修好了", group="g3", mention=True)
    papers = printed(town)
    await town.passes(days=30)
    town.heard()
    await town.says("sw-limin", "一房一案 3-2-502", group=None)
    assert "（#2）" in town.heard(to="sw-limin")[0]
    assert "卷材铺好了" in papers[0][0]


async def test_the_detail_of_one_ticket_shows_notes_to_staff_only(town: Town):
    await worked_on(town)
    await town.says("st-sunjie", "进度 #2", group=None)
    said = town.heard(to="st-sunjie")[0]
    for words in ("备注：老人独居", "定责：公共部位", "家里没人（第1次）", "以前也报过：2019年7月"):
        assert words in said
    for who, group in (("r1", "g3"), ("r1", None), ("sw-limin", "g3")):
        await town.says(who, "进度 #2", group=group, mention=True)
        [shown] = town.heard()
        assert not [word for word in ("老人", "定责", "没人", "2019", "楼顶防水") if word in shown]


@pytest.mark.parametrize(
    "said, told",
    [
        ("一房一案 3-2-2502", "3号楼没有2502这个房号"),
        ("一房一案 9-1-101", "没找到9号楼"),
        ("一房一案 3-1-101", "3号楼1单元101没有报修记录"),
        ("一房一案 #99", "没有 #99"),
        ("一房一案 王阿姨家", "请这样说"),
        ("一房一案 #3", "#3 是公共部位，不做一房一案"),
    ],
)
async def test_what_has_no_plan(town: Town, said: str, told: str):
    await town.says("r2", "2单元门口积水了", group="g3")
    town.heard()
    await town.says("sw-limin", said, group=None)
    [line] = town.lines(to="sw-limin")
    assert told in line["text"]
    assert line["media"] == []


async def test_not_in_a_buildings_group_nor_for_residents(town: Town):
    town.heard()
    for who, group in (("sw-limin", "g3"), ("r1", "g3"), ("r1", None)):
        await town.says(who, "一房一案 #2", group=group, mention=True)
        [line] = town.lines()
        assert line["media"] == []
        assert "502" not in line["text"]


async def test_the_register_of_all_is_for_the_office(town: Town):
    await town.says("rp-wang", "一房一案 全部", group=None)
    assert "由社工" in town.heard(to="rp-wang")[-1]
    await town.says("sw-limin", "一房一案 全部", group=None)
    [line] = [line for line in town.lines(to="sw-limin") if line["media"]]
    assert line["text"].startswith("一房一案导出好了")


async def test_it_is_in_the_access_log(town: Town):
    await town.says("sw-limin", "一房一案 #2", group=None)
    models = town.player.app.machine.read_models
    [access] = await models.accesses(EVENING, EVENING + timedelta(days=1))
    assert (access.who, access.what, access.about) == ("李敏", "一房一案", "一房一案 3号楼2单元502")
