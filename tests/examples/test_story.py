"""The night of the story, through the whole bot: what became of each report, and what the groups were shown."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from bot.config import load_config
from bot.replay import replay
from bot.transcript import read_transcript
from domain.messages import Json

ROOT = Path(__file__).parent.parent.parent
BUILDING_GROUPS = {"g1", "g3", "g5", "g8", "gB"}
ENDS = {
    1: ("3", "2", None, "unit_door", "closed"),
    2: ("3", "2", "1801", "living_room", "closed"),
    3: ("3", "2", "1802", "bedroom", "closed"),
    4: ("5", "3", "602", "balcony", "waiting"),
    5: ("5", "1", "601", "bathroom", "closed"),
    6: ("B", "1", "2305", "living_room", "closed"),
    7: ("3", "1", "1203", "kitchen", "resolved"),
    8: ("5", None, None, None, "cancelled"),
    9: ("8", "东", None, "elevator", "cancelled"),
    10: ("5", "2", None, "unit_door", "cancelled"),
    11: ("5", "6", "603", "bedroom", "waiting"),
    12: ("8", None, None, "garage", "closed"),
    13: ("B", None, None, "garage", "merged"),
    14: ("1", "1", "1102", "bedroom", "resolved"),
    15: ("B", "1", "2407", "balcony", "closed"),
}


@pytest.fixture(scope="module")
def night() -> tuple[list[dict[str, Any]], dict[str, Any]]:
    happenings = read_transcript(ROOT / "examples" / "2021-08-23" / "transcript.jsonl")
    lines, summary = asyncio.run(replay(load_config(ROOT / "config.yaml"), happenings, None))
    return lines, summary


def said(lines: list[dict[str, Any]], number: int, *kinds: str) -> list[dict[str, Any]]:
    return [line for line in lines if number in line["tickets"] and line["kind"] in kinds]


def test_what_became_of_each_report(night):
    tickets = night[1]["tickets"]
    found = {t["number"]: tuple(t[k] for k in ("building", "unit", "room", "place", "status")) for t in tickets}
    assert found == ENDS


def test_the_counts(night):
    counts = night[1]["counts"]
    assert (counts["public_repaired"], counts["homes_repaired"], counts["open"], counts["hotline"]) == (2, 7, 2, 0)


def test_the_eight_minutes_are_named(night):
    [closing] = said(night[0], 1, "closing")
    assert "8分钟" in closing["text"]
    assert len(closing["media"]) == 1


def test_every_report_was_acknowledged_at_once(night):
    for ticket in night[1]["tickets"]:
        assert ticket["acknowledged_at"] == ticket["reported_at"]


def test_one_cause_is_one_incident(night):
    by_number = {ticket["number"]: ticket["incident"] for ticket in night[1]["tickets"]}
    assert by_number[2] == by_number[3] == 2
    assert {by_number[n] for n in by_number if n not in {2, 3}} == {None}


def test_chatter_was_not_answered(night):
    answered = {line["reply_to"] for line in night[0]}
    assert answered.isdisjoint({"e002", "e003", "e004", "e005", "e006", "e007", "e011", "e012", "e013", "e018", "e033"})
    assert answered.isdisjoint({"e036", "e049", "e092", "e097", "e108", "e137"})


def test_no_room_and_no_phone_is_in_a_groups_post_but_the_own_answer(night):
    posts = [line for line in night[0] if line["group"] in BUILDING_GROUPS and line["kind"] in {"progress", "closing"}]
    assert len(posts) > 30
    assert [post["text"] for post in posts if re.search(r"(?<!\d)\d{3,4}(?!\d)(?!年)|1\d{10}", post["text"])] == []


def test_the_threat_to_call_the_hotline_reached_staff(night):
    assert any(line["group"] == "gstaff" and "12345" in line["text"] for line in night[0])


def test_every_text_about_a_ticket_names_it(night):
    lines: list[Json] = [line for line in night[0] if line["tickets"]]
    assert lines
    for line in night[0]:
        assert all(f"#{number}" in line["text"] for number in line["tickets"]), line["text"]


def test_the_flood_offices_warning_went_to_every_group_once_word_for_word(night):
    lines, summary = night
    said = [line for line in lines if line["kind"] == "broadcast"]
    assert [line["group"] for line in said] == [*sorted(BUILDING_GROUPS), "gstaff"]
    official = "市防汛办2021年8月23日20时00分发布暴雨蓝色预警：预计今天夜间至明天上午，我市有大到暴雨，局地大暴雨。"
    assert {official in line["text"] and "市防汛办 8月23日（周一）20:00" in line["text"] for line in said} == {True}
    [storm] = summary["storms"]
    assert storm == {
        "opened_at": "2021-08-23T20:10:30+08:00", "closed_at": None, "level": "blue", "warnings": 1, "tickets": 15,
    }  # fmt: skip
    assert any("进入应急状态" in line["text"] and "沙袋" in line["text"] for line in lines if line["group"] == "gstaff")
