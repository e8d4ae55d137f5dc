"""Photos that are none, or too much: the report stands, its sender hears what was wrong, and nothing stops."""

from pathlib import Path

import pytest
from PIL import Image

from tests.scenarios.town import Town


def no_picture(path: Path) -> None:
    path.write_bytes(b"this is no picture")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def truncated(path: Path) -> None:
    Image.effect_noise((800, 600), 50).convert("RGB").save(path, "JPEG")
    path.write_bytes(path.read_bytes()[:5000])


def sixty_megapixels(path: Path) -> None:
    Image.new("L", (10_000, 6_100), 128).save(path, "JPEG")


@pytest.mark.parametrize("spoil", [no_picture, empty, truncated])
async def test_an_unusable_photo_is_said_once_and_the_report_stands(town: Town, tmp_path: Path, spoil):
    spoil(tmp_path / "bad.jpg")
    await town.says("r1", "2单元502卧室漏水", photo="bad.jpg")
    texts = town.heard("g3")
    assert sum("已登记 #1" in text for text in texts) == 1
    assert sum("bad.jpg" in text for text in texts) == 1
    await town.says("r2", "2单元门口积水了", photo=True)
    assert (await town.ticket(2))["media"] == 1


async def test_sixty_megapixels_are_made_smaller_or_refused_with_words(town: Town, tmp_path: Path):
    sixty_megapixels(tmp_path / "huge.jpg")
    await town.says("r1", "2单元502卧室漏水", photo="huge.jpg")
    texts = town.heard("g3")
    assert sum("已登记 #1" in text for text in texts) == 1
    assert len(texts) <= 2


async def test_a_photo_that_the_network_does_not_have_any_more_harms_nothing(town: Town):
    await town.says("r1", "2单元门口积水了", photo="gone.jpg")
    await town.says("sw-limin", "完成 #1 扫干净了", photo="gone.jpg")
    await town.passes(minutes=1)
    [_, closing] = town.lines("g3")
    assert closing["kind"] == "closing"
    assert closing["media"] == []
    assert "没能取到" in str(closing["text"])


async def test_an_unusable_photo_of_chatter_is_nobodys_business(town: Town, tmp_path: Path):
    no_picture(tmp_path / "bad.jpg")
    await town.says("r1", photo="bad.jpg")
    assert town.heard() == []
