"""Word lists, and what a word means by its company."""

import pytest

from understanding.analysis import analyse
from understanding.lexicon import read_lists


def events(text: str) -> dict[str, str]:
    found = analyse(text).spoken
    assert found
    return {event.word: event.name for event in found.events}


@pytest.mark.parametrize("word", ["[链接]", "[聊天记录]", "【转】", "转载"])
def test_a_line_that_opens_with_a_word_in_brackets_opens_no_list(word: str):
    assert ("forward", word) in set(read_lists("signs"))


def test_what_is_broken_is_a_burst_only_beside_a_pipe():
    assert events("软管昨天断了") == {"断了": "burst"}
    assert events("电梯卡断了,下水道还好")["断了"] == "break"


def test_what_is_blocked_is_a_blockage_only_beside_a_drain_or_water():
    assert events("地漏又堵了")["又堵"] == "blockage"
    assert events("楼道又堵了,漏水")["又堵"] == "break"


def test_the_water_of_a_name_is_no_water():
    assert events("一楼下水道井盖是个塑料板") == {"水": "fixture"}


@pytest.mark.parametrize("text", ["翠湖花园3栋顶楼漏水", "阳光花园小区漏水了", "锦绣广场的业主家里漏水"])
def test_a_community_named_after_a_garden_is_no_garden(text: str):
    assert all(word not in {"花园", "广场"} for word in analyse(text).places)


def test_a_garden_is_a_place():
    assert "花园" in analyse("楼下花园积水").places
