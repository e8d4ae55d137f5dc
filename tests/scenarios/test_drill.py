"""In a group that config keeps for drills every text says that it is one; elsewhere none does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PIL import Image

from bot.config import Config, load_config
from bot.replay import on_stage
from domain.messages import File
from domain.vocabulary import GroupRole
from tests.scenarios.town import CONFIG, EVENING, STAFF, Town, town


def with_drill_group() -> Config:
    config = load_config(CONFIG)
    groups = [g.model_copy(update={"role": GroupRole.DRILL}) if g.id == "g5" else g for g in config.groups]
    return config.model_copy(update={"groups": tuple(groups)})


async def test_every_text_of_a_drill_says_so(tmp_path: Path):
    async with town(tmp_path, config=with_drill_group()) as here:
        await here.says("r1", "2单元门口积水了", "g5")
        [said] = here.heard("g5")
        assert said.startswith("【演练】@r1 收到，已登记 #1")
        await here.says("r2", "2单元门口积水了", "g3")
        [said] = here.heard("g3")
        assert "演练" not in said


@asynccontextmanager
async def drill_town(folder: Path) -> AsyncIterator[Town]:
    """g5 is kept for drills; what is sent is written into the folder."""
    async with on_stage(with_drill_group(), EVENING, folder) as player:
        yield Town(player, folder)


async def test_what_staff_are_told_of_a_drill_says_so_wherever_it_is_said(tmp_path: Path):
    async with drill_town(tmp_path) as here:
        await here.says("r1", "2单元门口积水了", "g5")
        await here.says("r2", "2单元门口积水了", "g3")
        told = {line["tickets"][0]: line["text"] for line in here.lines(STAFF) if line["kind"] == "alert"}
        assert told[1].startswith("【演练】")
        assert "演练" not in told[2]
        await here.says("rp-wang", "接单 #1", None)
        assert all(text.startswith("【演练】") for text in here.heard())


async def test_a_message_about_both_says_which_is_the_drill(tmp_path: Path):
    async with drill_town(tmp_path) as here:
        await here.says("r1", "2单元门口积水了", "g5")
        await here.says("r2", "2单元门口积水了", "g3")
        here.heard()
        await here.says("sw-limin", "待办", STAFF)
        [text] = here.heard()
        assert text.startswith("【其中 #1 是演练】")


async def test_what_was_played_counts_neither_in_figures_nor_as_past_trouble(tmp_path: Path):
    async with drill_town(tmp_path) as here:
        await here.says("r1", "2单元门口积水了", "g5")
        await here.says("r2", "3单元门口积水了", "g3")
        here.heard()
        await here.says("sec-chen", "应急响应 启动 四级", STAFF)
        [footing] = [text for text in here.heard() if "进入应急状态" in text]
        assert "先去看：3号楼3单元门口。" in footing
        await here.says("sec-chen", "统计 今天", STAFF)
        assert "共1单" in here.heard()[0]
        await here.says("r1", "1单元门口积水了", "g5")
        here.heard()
        await here.says("sec-chen", "实况", STAFF)
        assert "共1单" in here.heard()[0]


async def test_papers_and_photos_of_a_drill_are_marked(tmp_path: Path):
    Image.new("RGB", (640, 480), (30, 60, 200)).save(tmp_path / "photo.jpg")
    async with drill_town(tmp_path) as here:
        await here.says("r1", "2单元502客厅漏水", "g5")
        await here.says("r3", "2单元502客厅漏水", "g3")
        await here.says("rp-wang", "无人 #1", None)
        await here.says("rp-wang", "无人 #2", None)
        papers = [line["media"] for line in here.lines() if line["kind"] == "document"]
        drill, real = [_pictures(tmp_path, media)[0] for media in papers]
        assert (_redness(drill), _redness(real)) == (True, False)
        await here.says("r4", "2单元门口积水了", "g5")
        await here.says("rp-wang", "进展 #3 清淤", "g5", photo=True)
        await here.passes(seconds=30)
        [photo] = [line["media"] for line in here.lines("g5") if line["media"]]
        assert _is_red(_pictures(tmp_path, photo)[0], 3, 3)


async def test_tables_of_a_drill_are_marked_by_their_name(tmp_path: Path):
    async with drill_town(tmp_path) as here:
        [delivery] = here.player.app.machine.deliveries.values()
        files = await delivery.enclosing.stamped([File("工单.xlsx", "application/vnd.ms-excel", b"x")], "演练")
        assert [(file.name, file.data) for file in files] == [("演练-工单.xlsx", b"x")]


def _pictures(folder: Path, media: list[str]) -> list[Image.Image]:
    return [Image.open(folder / name).convert("RGB") for name in media if not name.endswith("pdf")]


def _redness(picture: Image.Image) -> bool:
    """Whether a strong red stands anywhere on it."""
    small = picture.resize((200, 200))
    return any(_is_red(small, x, y) for x in range(200) for y in range(200))


def _is_red(picture: Image.Image, x: int, y: int) -> bool:
    pixel = picture.getpixel((x, y))
    assert isinstance(pixel, tuple)
    red, green, blue = pixel
    return red > 160 and green < 140 and blue < 140
