"""Before beside after: one picture with the minutes in the closing post, only of what its group may see."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.scenarios.town import STAFF, Town, town


@pytest.fixture
async def street(tmp_path: Path):
    """A town with a red photo of before and a blue one of after."""
    for name, colour in (("before.jpg", "red"), ("after.jpg", "blue"), ("third.jpg", "green")):
        Image.new("RGB", (320, 240), colour).save(tmp_path / name)
    (tmp_path / "torn.jpg").write_bytes((tmp_path / "after.jpg").read_bytes()[:300])
    async with town(tmp_path) as opened:
        opened.player.stage.media_folder = tmp_path / "sent"
        yield opened


def colours(town: Town, line: dict[str, Any]) -> list[set[str]]:
    """Of each picture of a message, which of the photos it shows."""
    folder = town.player.stage.media_folder
    assert folder is not None
    return [_shown(Image.open(folder / name).convert("RGB")) for name in line["media"]]


def _shown(image: Image.Image) -> set[str]:
    names = {"red": (250, 0, 0), "blue": (0, 0, 250), "green": (0, 128, 0)}
    counted: dict[str, int] = {}
    for count, pixel in image.getcolors(1 << 24) or ():
        assert isinstance(pixel, tuple)
        for name, wanted in names.items():
            if sum(abs(a - b) for a, b in zip(pixel, wanted, strict=True)) < 60:
                counted[name] = counted.get(name, 0) + count
    return {name for name, count in counted.items() if count > image.width * image.height // 10}


def closing(town: Town, group: str = "g3") -> dict[str, Any]:
    [line] = [line for line in town.lines(group) if line["kind"] == "closing"]
    return line


async def test_the_closing_post_shows_both_in_one_picture(street: Town):
    await street.says("r3-zhang", "2单元门口积水了", photo="before.jpg")
    await street.says("sw-limin", "到场 #1")
    await street.passes(minutes=8)
    await street.says("sw-limin", "完成 #1 水抽干了", photo="after.jpg")
    line = closing(street)
    assert colours(street, line) == [{"red", "blue"}]
    assert "8分钟" in line["text"]


async def test_more_photos_of_after_go_along(street: Town):
    await street.says("r3-zhang", "2单元门口积水了", photo="before.jpg")
    await street.passes(minutes=5)
    await street.says("sw-limin", photo="third.jpg")
    await street.says("sw-limin", "完成 #1 水抽干了", photo="after.jpg")
    assert sorted(map(sorted, colours(street, closing(street)))) == [["blue", "red"], ["green"]]


async def test_a_photo_that_follows_the_command_is_paired_once(street: Town):
    await street.says("r3-zhang", "2单元门口积水了", photo="before.jpg")
    await street.passes(minutes=5)
    await street.says("sw-limin", "完成 #1 水抽干了")
    assert closing(street)["media"] == []
    await street.says("sw-limin", photo="after.jpg")
    await street.passes(seconds=20)
    [line] = street.lines("g3")
    assert colours(street, line) == [{"red", "blue"}]
    await street.says("sw-limin", photo="third.jpg")
    await street.passes(seconds=20)
    [line] = street.lines("g3")
    assert colours(street, line) == [{"green"}]


async def test_without_a_photo_of_before_the_photo_stands_alone(street: Town):
    await street.says("r3-zhang", "2单元门口积水了")
    await street.passes(minutes=5)
    await street.says("sw-limin", "完成 #1 水抽干了", photo="after.jpg")
    assert colours(street, closing(street)) == [{"blue"}]


async def test_what_was_sent_to_the_bot_in_private_is_no_picture_for_the_group(street: Town):
    await street.says("r3-zhang", "3号楼2单元门口积水了", group=None, photo="before.jpg")
    await street.passes(minutes=5)
    await street.says("sw-limin", "完成 #1 水抽干了", photo="after.jpg")
    assert colours(street, closing(street)) == [{"blue"}]


async def test_a_photo_of_a_private_note_is_none_either(street: Town):
    await street.says("r3-zhang", "2单元门口积水了")
    await street.says("sw-limin", "备注 #1 井盖是上次那家装修压坏的", STAFF, photo="before.jpg")
    await street.passes(minutes=5)
    await street.says("sw-limin", "完成 #1 水抽干了", photo="after.jpg")
    assert colours(street, closing(street)) == [{"blue"}]


async def test_a_photo_of_a_step_given_elsewhere_counts_as_seen(street: Town):
    await street.says("r3-zhang", "2单元门口积水了")
    await street.says("sw-limin", "进展 #1 正在抽", STAFF, photo="before.jpg")
    await street.passes(minutes=5)
    await street.says("sw-limin", "完成 #1 水抽干了", STAFF, photo="after.jpg")
    assert colours(street, closing(street)) == [{"red", "blue"}]


async def test_a_home_is_shown_only_after_it_agreed(street: Town):
    await street.says("r3-zhang", "2单元502卧室漏水", photo="before.jpg")
    await street.passes(minutes=5)
    await street.says("rp-wang", "完成 #1 管子换了", photo="after.jpg")
    assert closing(street)["media"] == []
    await street.says("r3-zhang", "可以")
    shown = [line for line in street.lines("g3") if line["media"]]
    assert [colours(street, line) for line in shown] == [[{"red", "blue"}]]


async def test_a_home_that_refuses_is_not_shown(street: Town):
    await street.says("r3-zhang", "2单元502卧室漏水", photo="before.jpg")
    await street.passes(minutes=5)
    await street.says("rp-wang", "完成 #1 管子换了", photo="after.jpg")
    await street.says("r3-zhang", "不要发")
    await street.says("rp-wang", "进展 #1 再看了一次", photo="third.jpg")
    assert all(line["media"] == [] for line in street.all_lines)


async def test_one_photo_of_several_homes_is_of_no_single_one(street: Town):
    await street.says("r3-zhang", "2单元门口积水了", photo="before.jpg")
    await street.says("r3-li", "1单元电梯口积水了")
    await street.passes(minutes=5)
    await street.says("sw-limin", "完成 #1 #2 都抽干了", photo="after.jpg")
    shown = [colours(street, line) for line in street.lines("g3") if line["media"]]
    assert shown == [[{"blue"}], [{"blue"}]]


async def test_a_torn_photo_of_before_leaves_the_other_one(street: Town):
    await street.says("r3-zhang", "2单元门口积水了", photo="torn.jpg")
    await street.passes(minutes=5)
    await street.says("sw-limin", "完成 #1 水抽干了", photo="after.jpg")
    assert colours(street, closing(street)) == [{"blue"}]


async def test_opened_again_the_first_photo_is_still_the_one_of_before(street: Town):
    await street.says("r3-zhang", "2单元门口积水了", photo="before.jpg")
    await street.passes(minutes=5)
    await street.says("sw-limin", "完成 #1 水抽干了", photo="third.jpg")
    await street.says("r3-zhang", "没修好 #1")
    street.lines()
    await street.passes(minutes=5)
    await street.says("sw-limin", "完成 #1 换了水泵", photo="after.jpg")
    assert colours(street, closing(street)) == [{"red", "blue"}]
