"""Whole dialogues through the whole bot: tickets, reporters, who was answered and who was left in peace."""

import json
from pathlib import Path

import pytest

from bot.evaluation.stage import play_all
from understanding.dialogues import Dialogue, dialogue_of
from understanding.engine import Understander

pytestmark = pytest.mark.timeout(120)  # dozens of evenings, each on a database of its own
DATA = Path(__file__).parents[1] / "data"


def dialogues(file: str) -> list[Dialogue]:
    return [dialogue_of(json.loads(line)) for line in (DATA / file).read_text(encoding="utf8").splitlines()]


@pytest.mark.parametrize("file", [f"dialogues{name}.jsonl" for name in ("", "_own", "_more", "_talk")])
async def test_nearly_all_outcomes_are_those_of_a_careful_reader(file: str):
    played = [evening async for evening in play_all(dialogues(file), Understander())]
    outcomes = [outcome for evening in played for outcome in evening.outcomes]
    wrong = [outcome.difference for outcome in outcomes if not outcome.right]
    assert len(outcomes) > 500
    assert len(wrong) <= 0.05 * len(outcomes), wrong
