"""What a transcript may look like, and what is said when it does not."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from bot.transcript import read_transcript
from domain.errors import ConfigError
from domain.vocabulary import MessageKind

AT = "2021-08-23T21:58:00+08:00"


def read(tmp_path: Path, *events: object):
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(e if isinstance(e, str) else json.dumps(e) for e in events) + "\n", encoding="utf-8")
    return read_transcript(path)


@pytest.mark.parametrize(
    "event, field, value",
    [
        ({"text": "漏水"}, "kind", MessageKind.TEXT),
        ({"image": "p.jpg"}, "kind", MessageKind.IMAGE),
        ({"image": "p.jpg", "text": "看"}, "kind", MessageKind.TEXT),
        ({"video": "v.mp4"}, "kind", MessageKind.VIDEO),
        ({"voice": "v.amr"}, "kind", MessageKind.VOICE),
        ({"file": "a.pdf"}, "kind", MessageKind.FILE),
        ({"join": True}, "kind", MessageKind.JOIN),
        ({"recall": "a1"}, "kind", MessageKind.RECALL),
        ({"recall": "a1"}, "recalls", "a1"),
        ({"text": "进度", "to_bot": True}, "group", None),
        ({"text": "@楼群 进度", "mention_bot": True}, "mentions_bot", True),
        ({"text": "x", "quote": "m3"}, "quote", "m3"),
        ({"until": "2021-08-23T22:00:00+08:00"}, "until", datetime.fromisoformat("2021-08-23T22:00:00+08:00")),
        ({"text": "x"}, "id", "L1"),
        ({"text": "x", "id": "a9"}, "id", "a9"),
        ({"text": None, "image": None, "quote": None, "name": None}, "text", ""),
    ],
)
def test_an_event(tmp_path, event: dict, field: str, value: object):
    base = {"at": AT, "group": "g3", "sender": "u1"}
    filled = {key: v for key, v in {**base, **event}.items() if v is not None or key == "group"}
    [happening] = read(tmp_path, filled)
    assert getattr(happening, field) == value


def test_a_file_lies_beside_the_transcript(tmp_path):
    [happening] = read(tmp_path, {"at": AT, "group": "g3", "sender": "u1", "image": "photos/p.jpg"})
    assert happening.file == tmp_path / "photos" / "p.jpg"


@pytest.mark.parametrize(
    "line, words",
    [
        ("{", "line 1"),
        ("[1]", "expected an object"),
        ('{"group": "g3", "sender": "u"}', '"at": expected a time with offset'),
        ('{"at": "2021-08-23T21:58:00", "sender": "u"}', '"at": expected a time with offset'),
        ('{"at": "yesterday", "sender": "u"}', "got 'yesterday'"),
        (f'{{"at": "{AT}", "group": 3, "sender": "u"}}', '"group": expected'),
        (f'{{"at": "{AT}", "group": "g3", "sender": 5}}', '"sender": expected text'),
        (f'{{"at": "{AT}", "group": "g3", "sender": "u", "text": ["a"]}}', '"text": expected text'),
        ("[" * 100_000, "line 1"),
    ],
)
def test_a_bad_line_is_named_with_what_was_expected(tmp_path, line: str, words: str):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, line)
    assert words in str(caught.value)


def test_empty_lines_count_but_say_nothing(tmp_path):
    [happening] = read(tmp_path, "", {"at": AT, "group": "g3", "sender": "u1", "text": "x"})
    assert happening.id == "L2"


def test_a_file_that_is_not_there_or_no_text_is_said(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_transcript(tmp_path / "nowhere.jsonl")
    (tmp_path / "odd.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="expected UTF-8"):
        read_transcript(tmp_path / "odd.jsonl")


def test_events_out_of_order_are_named_and_played_in_the_order_of_their_times(tmp_path):
    times = ("21:58", "22:05", "22:00", "22:06")
    events = [{"at": f"2021-08-23T{at}:00+08:00", "group": "g3", "sender": "u1", "text": at} for at in times]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, events)), encoding="utf-8")
    told: list[str] = []
    happenings = read_transcript(tmp_path / "t.jsonl", told.append)
    assert [h.text for h in happenings] == ["21:58", "22:00", "22:05", "22:06"]
    assert [h.id for h in happenings] == ["L1", "L3", "L2", "L4"]
    [words] = told
    assert "line 3: 2021-08-23T22:00:00+08:00 is before 2021-08-23T22:05:00+08:00 of line 2" in words


def test_events_of_one_moment_keep_their_order(tmp_path):
    events = [{"at": AT, "group": "g3", "sender": "u1", "text": str(n)} for n in range(5)]
    assert [h.text for h in read(tmp_path, *events)] == ["0", "1", "2", "3", "4"]
