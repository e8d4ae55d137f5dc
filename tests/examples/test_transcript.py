"""The story's transcript is sound: in order, complete, and about the demo community of config.yaml."""

import json
import re
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from PIL import Image

from documents.intake import normalise

ROOT = Path(__file__).parent.parent.parent
STORY = ROOT / "examples" / "2021-08-23"
EVENTS: list[dict] = [
    json.loads(line) for line in (STORY / "transcript.jsonl").read_text(encoding="utf-8").splitlines()
]
CONFIG: dict = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
STAFF = {person["id"] for person in CONFIG["staff"]}
GROUPS = {group["id"]: group for group in CONFIG["groups"]}
FILES = ("image", "video", "voice", "file")
KEYS = {
    "at", "group", "sender", "name", "id", "text", *FILES, "quote", "mention_bot", "recall", "join", "to_bot", "until",
}  # fmt: skip
COMMANDS = (
    "接单", "派单", "转派", "到场", "进展", "完成", "待续", "误报", "合并", "改", "待办", "进度", "帮助",
    "转发预警", "物资", "巡查", "应急响应", "代报", "入户", "无人", "查勘", "定责", "备注", "议事", "纪要",
    "统计", "导出",
)  # fmt: skip


def said(word: str) -> list[dict]:
    return [event for event in EVENTS if event.get("text", "").startswith(word)]


def test_it_is_as_long_as_four_days():
    first, last = (datetime.fromisoformat(EVENTS[i]["at"]) for i in (0, -1))
    assert 300 <= len(EVENTS) <= 400
    assert (last.date() - first.date()).days == 3


def test_times_have_an_offset_and_are_in_order():
    times = [datetime.fromisoformat(event["at"]) for event in EVENTS]
    assert all(at.utcoffset() is not None for at in times)
    assert times == sorted(times)
    assert all(
        datetime.fromisoformat(event["until"]) >= at
        for event, at in zip(EVENTS, times, strict=True)
        if "until" in event
    )


def test_keys_are_those_of_the_format():
    assert {key for event in EVENTS for key in event} <= KEYS


def test_every_event_says_something():
    content = {"text", "recall", "join", "until", *FILES}
    assert [event for event in EVENTS if not content & event.keys()] == []


def test_ids_are_unique():
    counts = Counter(event["id"] for event in EVENTS if "id" in event)
    assert counts.most_common(1)[0][1] == 1


@pytest.mark.parametrize("key", ["quote", "recall"])
def test_what_is_quoted_or_recalled_was_said_before_in_the_same_group(key: str):
    known: dict[str, str | None] = {}
    for event in EVENTS:
        if key in event:
            assert known[event[key]] == event["group"]
        known[event.get("id", "")] = event["group"]


def test_who_recalls_said_it():
    senders = {event["id"]: event["sender"] for event in EVENTS if "id" in event}
    assert all(senders[event["recall"]] == event["sender"] for event in EVENTS if "recall" in event)


def test_groups_are_those_of_the_configuration():
    assert {event["group"] for event in EVENTS} - {None} <= GROUPS.keys()
    assert all(event.get("to_bot") or "until" in event for event in EVENTS if event["group"] is None)


def test_staff_are_those_of_the_configuration():
    """Ids of staff begin with their trade, those of residents with r and their building."""
    staff = {event["sender"] for event in EVENTS if re.match(r"(sw|st|rp|sec|adm)-", event["sender"])}
    assert staff <= STAFF
    assert len(staff) >= 6


def test_residents_speak_in_the_group_of_their_building():
    for event in EVENTS:
        home = re.match(r"r([1358B])-", event["sender"])
        if home and event["group"]:
            assert GROUPS[event["group"]]["building"] == home.group(1)


def test_only_staff_speak_in_the_staff_group():
    assert {event["sender"] for event in EVENTS if event["group"] == "gstaff"} <= STAFF


def test_the_bot_is_named_where_it_is_spoken_to_in_a_group():
    assert all(event["text"].startswith("@") for event in EVENTS if event.get("mention_bot"))


PATHS = sorted({event[kind] for event in EVENTS for kind in FILES if kind in event})


@pytest.mark.parametrize("path", PATHS)
def test_files_are_there_small_and_can_be_kept(path: str):
    data = (STORY / path).read_bytes()
    kind = next(kind for event in EVENTS for kind in FILES if event.get(kind) == path)
    assert len(data) < 60_000
    assert normalise(data, kind, path).mime == {"image": "image/jpeg", "voice": "audio/amr"}[kind]


def test_every_drawing_is_used():
    assert {str(path.relative_to(STORY)) for path in STORY.glob("photos/*")} <= set(PATHS)


@pytest.mark.parametrize("path", [path for path in PATHS if path.endswith(".jpg")])
def test_drawings_hold_nothing_but_the_picture(path: str):
    with Image.open(STORY / path) as image:
        assert image.size == (720, 960)
        assert dict(image.getexif()) == {}


def test_the_eight_minutes():
    """21:58 reported, 22:00 there, 22:06 dry."""
    by_text = {event.get("text", ""): datetime.fromisoformat(event["at"]) for event in EVENTS}
    reported = next(at for text, at in by_text.items() if text.startswith("2单元门口积水了，都漫过"))
    assert (by_text["到场 #1"] - reported).total_seconds() == 120
    assert (next(at for text, at in by_text.items() if text.startswith("完成 #1 ")) - reported).total_seconds() == 480


@pytest.mark.parametrize("word", COMMANDS)
def test_the_commands_of_the_issue_are_played(word: str):
    assert said(word) or said(f"@楼群小助手 {word}")


@pytest.mark.parametrize("word", ["修好了", "没修好", "看错了", "满意", "可以", "怎么还没人来", "我家也是"])
def test_residents_say_what_residents_say(word: str):
    assert all(event["sender"].startswith("r") for event in said(word))
    assert said(word)


def test_nobody_works_on_a_ticket_before_it_was_reported():
    """Numbers are given in the order of the reports, whose events have names instead of running ids."""
    reports = [event["id"] for event in EVENTS if "id" in event and not re.fullmatch(r"e\d+", event["id"])]
    seen = 0
    for event in EVENTS:
        seen += event.get("id") in reports
        assert all(int(number) <= seen for number in re.findall(r"#(\d+)", event.get("text", "")))
    assert seen == 44


def test_homes_that_are_named_exist():
    shapes = {b["id"]: (b["floors"], b["rooms_per_floor"]) for b in CONFIG["buildings"]}
    for event in EVENTS:
        home = re.match(r"r([1358B])-", event["sender"])
        room = re.search(r"(?<!\d)(\d{1,2})(0\d)(?!\d)", event.get("text", ""))
        if home and room and "5号楼" not in event["text"]:
            floors, doors = shapes[home.group(1)]
            assert int(room.group(1)) <= floors
            assert int(room.group(2)) <= doors
