"""Where, as people write it. Made-up lines; each row says what may be read, and no more."""

import pytest

from understanding.location import home_from_nickname, locate
from understanding.normalise import normalise

SHAPES = [
    ("3-2-502厨房滴水", ("3", "2", "502", 5)),
    ("３－２－５０２漏水", ("3", "2", "502", 5)),
    ("3号楼2单元502卫生间漏", ("3", "2", "502", 5)),
    ("三号楼二单元五楼楼道滴水", ("3", "2", None, 5)),
    ("2-502漏水", (None, "2", "502", 5)),
    ("5楼3门502漏水", ("5", "3", "502", 5)),
    ("B座1203漏水", ("B", None, "1203", 12)),
    ("三单元八零三漏水", (None, "3", "803", 8)),
    ("西单元三楼漏水", (None, "西", None, 3)),
    ("12A05阳台漏水", (None, None, "12A05", None)),
    ("负二层积水", (None, None, None, -2)),
    ("B1车库积水", (None, None, None, -1)),
    ("十八楼漏水", (None, None, None, 18)),
    ("打错了 不是703是803", (None, None, "803", 8)),
]


@pytest.mark.parametrize("text,expected", SHAPES, ids=[text for text, _ in SHAPES])
def test_a_place_is_read(text, expected):
    found = locate(normalise(text), "3").location
    assert (found.building, found.unit, found.room, found.floor) == expected


@pytest.mark.parametrize(
    "text",
    [
        "电话13812345678",
        "座机010-84321234",
        "8:30-17:30停水",
        "7月21日-23日",
        "2026-07-21",
        "10-20分钟到",
        "300-500块一次",
        "雨量50-100毫米",
        "积水30公分",
        "打12345",
        "好几户都有",
        "水深1.5米",
    ],
)
def test_figures_are_no_address(text):
    assert locate(normalise(text), "3").location.empty


def test_the_victim_is_the_home_and_the_source_is_kept_apart():
    found = locate(normalise("楼上602往我家漏，我是502"), "4")
    assert (found.location.room, found.source_room) == ("502", "602")


@pytest.mark.parametrize("text", ["502漏水", "12-404漏水"])
def test_a_bare_number_is_asked_about_where_no_building_is_known(text):
    assert locate(normalise(text), None).ambiguous
    assert not locate(normalise(text), "3").ambiguous


@pytest.mark.parametrize(
    "name,expected",
    [
        ("5-2-1402 韩", ("5", "2", "1402")),
        ("三单元401", (None, "3", "401")),
        ("1306小方", (None, None, "1306")),
        ("momo", (None, None, None)),
    ],
)
def test_a_nickname_may_tell_the_home(name, expected):
    found = home_from_nickname(name)
    assert (found.building, found.unit, found.room) == expected
