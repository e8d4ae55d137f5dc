"""The three stories of examples/weather, replayed: exactly the right posts, to everybody once."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from bot.config import load_config
from bot.replay import replay
from bot.transcript import read_transcript

ROOT = Path(__file__).parent.parent.parent
WEATHER = ROOT / "examples" / "weather"
GROUPS = ["g1", "g3", "g5", "g8", "gB"]
Line = dict[str, object]


def replayed(story: str) -> list[Line]:
    happenings = read_transcript(WEATHER / story / "transcript.jsonl")
    lines, _ = asyncio.run(replay(load_config(ROOT / "config.yaml"), happenings, None))
    return [dict(line) for line in lines]


@pytest.fixture(scope="module", params=["rises", "disagree", "outage"])
def told(request: pytest.FixtureRequest) -> tuple[str, list[Line]]:
    return request.param, replayed(request.param)


def minute(line: Line) -> str:
    return f"{datetime.fromisoformat(str(line['at'])):%H:%M}"


def broadcasts(lines: Sequence[Line], group: str) -> list[tuple[str, str]]:
    """(minute, the official words) of the warnings that a group was sent, in order."""
    posts = [line for line in lines if line["kind"] == "broadcast" and line["group"] == group]
    return [(minute(line), str(line["text"]).split("\n")[1]) for line in posts]


def to_staff(lines: Sequence[Line], word: str) -> list[str]:
    """Minutes at which the staff group heard it."""
    return [minute(line) for line in lines if line["group"] == "gstaff" and word in str(line["text"])]


def words(story: str, name: str) -> str:
    """The official text of a document."""
    data = (WEATHER / story / name).read_text(encoding="utf-8")
    if name.endswith(".json"):
        return str(json.loads(data)["alerts"][0]["description"])
    return data.partition("<description>")[2].partition("</description>")[0]


THUNDER = "朝阳区气象台2021年08月27日16时20分发布雷电黄色预警信号：预计未来6小时我区有雷电活动，请注意防范。"
HEARD = {
    "rises": [("16:41", "1-blue.xml"), ("18:47", "3-orange.xml"), ("22:14", "5-cleared.xml")],
    "disagree": [
        ("15:21", "1-rain-blue.xml"),
        ("17:45", "2-gale-orange.xml"),
        ("17:52", "2-gale-red.json"),
        ("19:36", "3-rain-cleared.xml"),
        ("21:36", "4-gale-cleared.json"),
    ],
    "outage": [
        ("11:20", "1-rain-blue.xml"),
        ("16:24", THUNDER),
        ("18:45", "4-rain-orange.xml"),
        ("21:45", "5-rain-cleared.xml"),
    ],
}
"""What every building hears, when, and from which document."""
STAFF = {
    "rises": {
        "演练，不是真的预警": ["16:08"],
        "没有自动转发": ["16:38", "17:56"],
        "同级别的预警刚转发过": ["20:41"],
        "来源": [],
    },
    "disagree": {"没有自动转发": ["15:06"], "预警待核对": ["15:09", "17:48"], "以这一份为准": ["15:20", "17:52"]},
    "outage": {
        "读不到了：对方没有应答": ["12:36"],
        "恢复了，中断了6小时18分钟": ["18:45"],
        "@陈向红 现在生效的官方预警": ["19:10"],
    },
}


def test_every_building_hears_what_it_should_and_nothing_else(told: tuple[str, list[Line]]):
    story, lines = told
    expected = [(at, words(story, name) if "." in name else name) for at, name in HEARD[story]]
    assert {group: broadcasts(lines, group) for group in GROUPS} == dict.fromkeys(GROUPS, expected)


def test_staff_are_shown_what_residents_are_not(told: tuple[str, list[Line]]):
    story, lines = told
    assert {word: to_staff(lines, word) for word in STAFF[story]} == STAFF[story]


def test_staff_see_both_texts_where_sources_disagree(told: tuple[str, list[Line]]):
    story, lines = told
    if story != "disagree":
        assert not [line for line in lines if "待核对" in str(line["text"])]
        return
    [rain, gale] = [str(line["text"]) for line in lines if "预警待核对" in str(line["text"])]
    assert words(story, "1-rain-blue.xml") in rain
    assert words(story, "1-rain-orange.json") in rain
    assert words(story, "2-gale-orange.xml") in gale
    assert words(story, "2-gale-red.json") in gale
    assert not any(words(story, "1-rain-orange.json") in text for g in GROUPS for _, text in broadcasts(lines, g))


@pytest.mark.timeout(60)
def test_a_story_is_the_same_twice():
    assert replayed("rises") == replayed("rises")
