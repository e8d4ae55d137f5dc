"""Whole evenings, judged, read and applied, and compared with what a careful reader would have done."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.understanding.playing import differences, play
from understanding.engine import Understander

DATA = Path(__file__).parents[1] / "data"


def dialogues(file: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / file).read_text(encoding="utf8").splitlines()]


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander()


@pytest.mark.parametrize("file", ["dialogues.jsonl", "dialogues_own.jsonl"])
def test_nearly_all_outcomes_are_those_of_a_careful_reader(file, understander):
    compared = [differences(dialogue, play(dialogue, understander.judge)) for dialogue in dialogues(file)]
    outcomes, wrong = sum(outcomes for outcomes, _ in compared), [w for _, missed in compared for w in missed]
    assert len(wrong) <= 0.05 * outcomes, wrong


@pytest.mark.parametrize("file", ["dialogues.jsonl", "dialogues_own.jsonl"])
def test_no_report_is_lost(file, understander):
    for dialogue in dialogues(file):
        _, wrong = differences(dialogue, play(dialogue, understander.judge))
        assert not [w for w in wrong if w.startswith("no ticket")], dialogue["id"]


@pytest.mark.parametrize("file", ["dialogues.jsonl", "dialogues_own.jsonl"])
def test_the_same_dialogue_is_read_the_same(file, understander):
    for dialogue in dialogues(file):
        assert play(dialogue, understander.judge).readings == play(dialogue, understander.judge).readings
