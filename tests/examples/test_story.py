"""The four days of the story, through the whole bot: what became of each report, and what the groups were shown."""

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
    4: ("5", "3", "602", "balcony", "closed"),
    5: ("5", "1", "601", "bathroom", "closed"),
    6: ("B", "1", "2305", "living_room", "closed"),
    7: ("3", "1", "1203", "kitchen", "closed"),
    8: ("5", None, None, None, "cancelled"),
    9: ("8", "东", None, "elevator", "cancelled"),
    10: ("5", "2", None, "unit_door", "cancelled"),
    11: ("5", "6", "603", "bedroom", "closed"),
    12: ("8", None, None, "garage", "closed"),
    13: ("B", None, None, "garage", "merged"),
    14: ("1", "1", "1102", "bedroom", "resolved"),
    15: ("B", "1", "2407", "balcony", "closed"),
}
"""Of the first night and the next morning; what came after is counted (test_twelve_and_twenty_eight)."""


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
    assert {number: found[number] for number in ENDS} == ENDS
    assert set(found) == set(range(1, 45))


def test_twelve_and_twenty_eight(night):
    """Twelve public areas and twenty-eight homes repaired, nobody called the hotline: each by a ticket of its own."""
    counts = night[1]["counts"]
    assert (counts["public_repaired"], counts["homes_repaired"], counts["open"], counts["hotline"]) == (12, 28, 0, 0)
    done = [t for t in night[1]["tickets"] if t["status"] in {"resolved", "closed"}]
    homes = {(t["building"], t["unit"], t["room"]) for t in done if t["scope"] == "household"}
    assert (len(homes), all(all(home) for home in homes)) == (28, True)
    assert len([t for t in done if t["scope"] == "public"]) == 12
    assert all(t["cleared_at"] and t["arrived_at"] and t["accepted_at"] for t in done)


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
    assert {by_number[n] for n in ENDS if n not in {2, 3}} == {None}


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
    said = [line for line in lines if line["kind"] == "broadcast" and line["at"] < "2021-08-23T21"]
    assert [line["group"] for line in said] == [*sorted(BUILDING_GROUPS), "gstaff"]
    official = "市防汛办2021年8月23日20时00分发布暴雨蓝色预警：预计今天夜间至明天上午，我市有大到暴雨，局地大暴雨。"
    assert {official in line["text"] and "市防汛办 8月23日（周一）20:00" in line["text"] for line in said} == {True}
    [storm] = summary["storms"]
    assert storm == {
        "opened_at": "2021-08-23T20:10:30+08:00", "closed_at": "2021-08-25T06:10:00+08:00", "level": "blue",
        "warnings": 2, "tickets": 44,
    }  # fmt: skip
    assert any("进入应急状态" in line["text"] and "沙袋" in line["text"] for line in lines if line["group"] == "gstaff")


def test_who_was_mended_before_the_second_rain_was_asked_once_after_it(night):
    asked = [line for line in night[0] if line["kind"] == "survey" and "这场雨过去了" in line["text"]]
    assert {line["at"] for line in asked} == {"2021-08-25T09:00:30+08:00"}
    assert sorted(n for line in asked for n in line["tickets"]) == [2, 3, 5, 6, 7, 14, 15]
    [again] = [line for line in night[0] if "#14 重新打开了" in line["text"]]
    assert again["at"] > asked[0]["at"]


def test_at_the_door_a_slip_where_nobody_was_at_home(night):
    [slip] = [line for line in night[0] if "的联系单做好了" in line["text"]]
    assert (slip["group"], len(slip["media"])) == ("gstaff", 2)


def test_the_meeting_was_held_with_nobody_and_its_minutes_kept_the_home_out_of_the_groups(night):
    lines = night[0]
    assert any("还没有人报名，到时候照开" in line["text"] for line in lines if line["group"] == "gstaff")
    minutes = [line for line in lines if line["text"].startswith("【议事纪要】")]
    assert {line["group"] for line in minutes} == BUILDING_GROUPS
    assert not any("602" in line["text"] for line in minutes)
    assert [line["to"] for line in lines if "议事会上关于您家 #4" in line["text"]] == ["r5-li"]


def test_who_pays_was_told_in_private_only(night):
    told = [line for line in night[0] if "的责任定下来了" in line["text"]]
    assert {line["to"] for line in told} == {"r5-li", "r5-geng", "r3-shu", "r3-guo", "r8-yao"}
    rulings = {t["number"]: t["ruling"] for t in night[1]["tickets"] if t["ruling"]}
    assert (rulings[4], sorted(set(rulings.values()))) == ("altered", ["altered", "public", "unaltered"])


def test_nothing_was_put_in_doubt_that_people_said(night):
    """Only the order for peaches (+1) and the voice message without words wait for a person to look."""
    assert night[1]["unanswered"] == ["e004", "e052"]


def test_the_same_words_are_not_said_line_by_line(night):
    """Several tickets that wait for the same are told in one line."""
    for line in night[0]:
        if line["kind"] == "progress":
            said = [re.sub(r"^.*?：", "", words) for words in line["text"].splitlines()]
            assert len(said) == len(set(said)), line["text"]


def test_it_ends_with_the_account_and_an_article_that_a_person_released(night):
    account, draft, final = [line for line in night[0] if line["kind"] == "document"][-3:]
    assert "公共区域修好12处，住户家修好28户，都办完了；12345工单0件" in account["text"]
    assert "没写进去的" in draft["text"]
    assert "定稿了" in final["text"]
