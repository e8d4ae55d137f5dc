"""Cards: the official words under a band in the level's own colour, whatever these words hold."""

from datetime import datetime
from io import BytesIO

import pytest
from PIL import Image

from bot.texts import TextFile
from documents.press import draw
from domain.messages import Document, Json
from tests.moments import CHINA

TEXT = "北京市气象台23日18时00分发布暴雨蓝色预警信号：预计20时起有大到暴雨。\n# 防御指南：\n~ red\n1. 关好门窗。"


def params(**more: Json) -> dict[str, Json]:
    return {
        "name": "暴雨蓝色", "colour": "blue", "over": False, "issuer": "北京市气象台",
        "issued_at": datetime(2021, 8, 23, 18, tzinfo=CHINA).isoformat(), "text": TEXT, "credit": "", **more,
    }  # fmt: skip


def drawn(**more: Json) -> Image.Image:
    card = Document("warning", "warning_card", params(**more), "官方预警", ("png",))
    [file] = draw(card, TextFile().render("warning_card", card.params))
    return Image.open(BytesIO(file.data)).convert("RGB")


@pytest.mark.parametrize(
    "colour, channels",
    [("blue", "b"), ("yellow", "rg"), ("orange", "r"), ("red", "r"), ("over", "g"), ("", ""), ("mauve", "")],
)
def test_the_band_has_the_colour_of_the_level_and_no_other(colour: str, channels: str):
    ground = drawn(colour=colour).getpixel((5, 5))
    assert isinstance(ground, tuple)
    bright = {name for name, value in zip("rgb", ground, strict=True) if value > 120}
    assert bright == set(channels)


def test_the_five_colours_differ():
    grounds = {drawn(colour=colour).getpixel((5, 5)) for colour in ("blue", "yellow", "orange", "red", "over", "")}
    assert len(grounds) == 6


def test_every_line_of_the_official_text_is_on_it_word_for_word():
    words = TextFile().render("warning_card", params()).splitlines()
    assert [line.removeprefix("> ") for line in words if line.startswith("> ")] == TEXT.splitlines()
    assert drawn().getpixel((5, 5)) == drawn(text="一").getpixel((5, 5))  # its signs change nothing
    assert drawn().height > drawn(text="一").height


def test_a_long_text_is_still_one_picture():
    assert drawn(text="预计未来三小时雨势增强，请注意防范。" * 100).width == drawn().width
