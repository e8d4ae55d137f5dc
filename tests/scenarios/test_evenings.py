"""Whole dialogues through the whole bot: tickets, reporters, who was answered and who was left in peace."""

from pathlib import Path

import pytest
from PIL import Image

from tests.scenarios.evenings import compare, dialogues, play

pytestmark = pytest.mark.timeout(120)  # dozens of evenings, each on a database of its own


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Image.new("RGB", (64, 64), "grey").save(tmp_path / "photo.jpg")
    (tmp_path / "sound.mp3").write_bytes(b"ID3" + bytes(200))
    return tmp_path


@pytest.mark.parametrize("file", ["dialogues.jsonl", "dialogues_own.jsonl", "dialogues_more.jsonl"])
async def test_nearly_all_outcomes_are_those_of_a_careful_reader(file: str, folder: Path):
    compared = [compare(await play(dialogue, folder)) for dialogue in dialogues(file)]
    wrong = [line for c in compared for line in c.wrong]
    assert len(wrong) <= 0.05 * sum(c.outcomes for c in compared), wrong


async def test_the_comparison_sees_what_is_wrong(folder: Path):
    """A reader who wants something else is not content with what happened."""
    [dialogue] = [d for d in dialogues("dialogues.jsonl") if d["id"] == "g01"]
    assert compare(await play(dialogue, folder)).wrong == ()
    gold = dialogue["gold"]
    [ticket] = gold["tickets"]
    other = {**ticket, "room": "503", "status": "resolved", "co_reporters": ["阿峰"], "media": 4}
    wanted = {"tickets": [other], "must_answer": [[3]], "must_not_answer": [0]}
    wrong = " ".join(compare(await play({**dialogue, "gold": wanted}, folder)).wrong)
    faults = ["room", "status", "co-reporters", "media", "no answer", "answered 0"]
    assert [fault for fault in faults if fault not in wrong] == []
