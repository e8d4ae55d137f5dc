"""``understand --explain``: every reason has words, and what is told is what was weighed."""

import json
import re
from math import exp
from pathlib import Path

import pytest

from bot.explain import explained
from domain.understanding import Cue
from understanding.engine import Understander
from understanding.explaining import explain
from understanding.lexicon import read_lists
from understanding.model import load
from understanding.reasons import cue_in_words, in_words

MODEL = load()
FOLDER = Path(__file__).parent.parent.parent / "understanding"
LINES = [
    json.loads(line)["text"]
    for path in sorted(FOLDER.glob("regression/*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]
TERM = re.compile(r"(?<![0-9A-Z“])[a-z_]{3,}|[:&+](?![0-9.])")
"""A word of the code that slipped through."""


@pytest.mark.parametrize("name", sorted(MODEL.rules))
def test_every_reason_that_carries_weight_has_words(name: str):
    said = in_words(name)
    assert said
    assert name.startswith("w:") or TERM.findall(said) == []


def test_every_list_of_words_has_words():
    lists = {name for file in ("water", "signs", "context") for name, _ in read_lists(file)}
    known = {name for name in lists if re.fullmatch(r"[a-z_]+", name)}
    assert len(known) > 40
    for name in known - {"figure"}:  # figures of speech are left out before anything is weighed
        assert in_words(name)


@pytest.mark.parametrize("cue", list(Cue))
def test_every_cue_has_words(cue: Cue):
    assert cue_in_words(cue)


def test_a_reason_without_words_is_an_error_and_no_silence():
    with pytest.raises(KeyError):
        in_words("s:something new")


@pytest.mark.parametrize("text", LINES[::7])
def test_any_line_can_be_explained_and_the_sum_is_the_confidence(text: str):
    it = explain(text, "3", MODEL)
    assert it.verdict == Understander(MODEL).judge(text, "3")
    assert "\n".join(explained(it))
    if it.weighed is not None:
        score = sum(weight for _, weight in it.weighed.rules) + it.weighed.letters
        assert it.verdict.confidence == pytest.approx(1 / (1 + exp(-(MODEL.slope * score + MODEL.shift))), abs=1e-3)
    assert [field for field, value, words in it.where if words and words not in it.text] == []


def told(text: str, building: str | None = "3") -> str:
    return "\n".join(explained(explain(text, building, MODEL)))


@pytest.mark.parametrize(
    "text, words",
    [
        (
            "2单元502卧室漏水，插座边上也在滴",
            ["是报修（漏水，家里，紧急）", "单元 2，来自“2单元”", "房号 502，来自“502”", "地点 卧室，来自“卧室”"],
        ),
        ("2单元502卧室漏水，插座边上也在滴", ["紧急，因为说到“插座", "水碰到电"]),
        ("楼上602往我家漏，我是502", ["房号 502", "602 只当作水的来处"]),
        ("我家没有漏水", ["不是报修", "“漏水” 漏水，说没有"]),
        ("谁家漏水了吗", ["只是问或假设"]),
        ("卫生间漏谁了", ["漏水了"]),
        ("今天黄瓜两块五", ["说到水的词：没有", "不往下算"]),
        ("3-502漏水", ["单元 3，来自“3-502”"]),
        ("", ["不是报修", "位置：没有说"]),
    ],
)  # fmt: skip
def test_what_is_told(text: str, words: list[str]):
    said = told(text)
    assert [word for word in words if word not in said] == []


def test_a_pair_without_a_building_is_told_as_a_question():
    assert "要问清" in told("12-404漏水", None)


@pytest.mark.parametrize("text", ["水" * 5000, "漏\ud800\x00水", "502-" * 300, "[" * 400])
def test_odd_text_is_explained_too(text: str):
    assert told(text)
