"""``evaluate`` as somebody at a terminal sees it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.evaluation.command import Wanted, evaluate_files
from domain.errors import ConfigError

ROOT = Path(__file__).parents[2]
LABELLED = [
    {"id": "a1", "text": "2单元502厨房漏水", "report": True, "kind": "leak", "scope": "household", "urgency": "urgent",
     "unit": "2", "room": "502", "floor": 5, "place": "kitchen", "source": "authored/one"},
    {"id": "a2", "text": "你脑子进水了吧", "report": False, "source": "authored/two"},
    {"id": "a3", "text": "我家漏水了", "report": False, "source": "authored/two"},
]  # fmt: skip
CHATTER = [{"id": "c1", "text": "今天吃什么"}, {"id": "c2", "text": "我家漏水了", "source": "made/up"}]
DIALOGUE = {
    "id": "g1", "building": "3",
    "messages": [
        {"i": 0, "sender": "阿茂", "role": "resident", "at": "2026-07-18T21:03:10", "kind": "text",
         "text": "2单元502厨房漏水了"},
        {"i": 1, "sender": "阿茂", "role": "resident", "at": "2026-07-18T21:03:40", "kind": "image", "text": ""},
        {"i": 2, "sender": "周周", "role": "resident", "at": "2026-07-18T21:04:00", "kind": "text", "text": "明天见"},
    ],
    "gold": {
        "tickets": [
            {"reporter": "阿茂", "kind": "leak", "scope": "household", "building": None, "unit": "2", "room": "502",
             "floor": 5, "place": "kitchen", "urgency": "normal", "status": "open"}
        ],
        "must_answer": [[0, 1]], "must_not_answer": [2],
    },
}  # fmt: skip


def write(path: Path, lines: list) -> Path:
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf8")
    return path


def said(wanted: Wanted) -> tuple[str, list[str]]:
    lines: list[str] = []
    faults = evaluate_files(wanted, lines.append)
    return "\n".join(lines), faults


def test_labelled_lines_give_figures_a_table_by_source_and_the_errors(tmp_path):
    text, faults = said(Wanted([write(tmp_path / "l.jsonl", LABELLED)]))
    assert faults == []
    assert "precision 0.5000 (1/2)   recall 1.0000 (1/1)" in text
    assert "room      1.0000 (1/1)" in text
    assert "authored/two" in text
    assert "false alarm  a3  authored/two  我家漏水了" in text


def test_chatter_gives_false_alarms_in_ten_thousand_and_their_lines(tmp_path):
    text, _ = said(Wanted([write(tmp_path / "c.jsonl", CHATTER)]))
    assert "2 lines of chatter: 1 false alarms = 5000.00 per 10,000" in text
    assert "c2  made/up  我家漏水了" in text


def test_a_dialogue_is_played_through_the_whole_bot(tmp_path):
    text, _ = said(Wanted([write(tmp_path / "d.jsonl", [DIALOGUE])]))
    assert "1 dialogues through the whole bot" in text
    assert "must_not_answer 1.0000 (1/1)" in text
    assert "must_answer     1.0000 (1/1)" in text
    assert "g1  urgency urgent for normal" in text


def test_several_files_give_json_and_one_picture(tmp_path):
    files = [write(tmp_path / "a.jsonl", LABELLED[:1]), write(tmp_path / "b.jsonl", [*LABELLED[1:], *CHATTER])]
    said(Wanted(files, tmp_path / "m.png", tmp_path / "m.json"))
    first, second, both = json.loads((tmp_path / "m.json").read_text(encoding="utf8"))["files"]
    assert (first["labelled"]["lines"], second["labelled"]["lines"], both["labelled"]["lines"]) == (1, 2, 3)
    assert second["chatter"]["per_10000"] == 5000
    assert both["labelled"]["confusion"]["kind"] == [
        {"labelled": "leak", "said": "leak", "lines": 1},
        {"labelled": "none", "said": "leak", "lines": 1},
        {"labelled": "none", "said": "none", "lines": 1},
    ]
    assert (tmp_path / "m.png").read_bytes().startswith(b"\x89PNG")


def test_the_number_of_printed_errors_is_chosen(tmp_path):
    path = write(tmp_path / "c.jsonl", [{"text": f"{room}漏水了"} for room in (501, 502, 503)])
    text, _ = said(Wanted([path], worst=1))
    assert "… and 2 more; --worst 3 shows all" in text
    assert "501" not in said(Wanted([path], worst=0))[0]


@pytest.mark.parametrize(
    "line,expected",
    [
        ("{", "not JSON"),
        ("[1]", 'expected an object with "text"'),
        ('{"text": 5}', 'expected an object with "text"'),
        ('{"text": "漏", "report": "yes"}', '"report": expected true or false, found "yes"'),
        ('{"text": "漏", "kind": "leak"}', '"report": expected true or false, found null'),
        ('{"text": "漏", "report": true, "kind": "flood"}', '"kind": expected one of leak, ponding, blockage'),
        ('{"text": "漏", "report": true, "floor": "5"}', '"floor": expected a whole number'),
        ('{"text": "漏", "report": true, "also": ["x"]}', '"also": expected'),
        ('{"messages": [], "gold": 1, "building": "3"}', '"gold": an object'),
        ('{"messages": [{}], "gold": {}, "building": "3"}', "expected the shape"),
        ("[" * 100_000, "line 2"),
    ],
)
def test_a_bad_line_is_named_and_the_others_count(tmp_path, line, expected):
    text, [fault] = said(Wanted([write(tmp_path / "l.jsonl", [LABELLED[0], line, LABELLED[1]])]))
    assert "l.jsonl, line 2: " in fault
    assert expected in fault
    assert "2 labelled lines" in text


def test_bytes_that_are_no_text_are_named(tmp_path):
    path = tmp_path / "l.jsonl"
    path.write_bytes(b'{"text": "\xff\xfe"}\n' + json.dumps(CHATTER[0]).encode() + b"\n")
    text, [fault] = said(Wanted([path]))
    assert "line 1: expected UTF-8" in fault
    assert "1 lines of chatter" in text


def test_a_file_without_any_good_line_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match=r"(?s)line 1.*nothing to measure"):
        said(Wanted([write(tmp_path / "l.jsonl", ["{"])]))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"gone.jsonl: cannot be read"):
        said(Wanted([tmp_path / "gone.jsonl"]))


def test_a_picture_needs_labelled_lines(tmp_path):
    with pytest.raises(ConfigError, match="a picture needs labelled lines"):
        said(Wanted([write(tmp_path / "c.jsonl", CHATTER)], tmp_path / "m.png"))


def test_bad_lines_end_with_code_2_after_the_figures(tmp_path):
    path = write(tmp_path / "l.jsonl", [LABELLED[0], "{"])
    done = subprocess.run(
        [sys.executable, "-m", "bot", "evaluate", str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "1 labelled lines" in done.stdout
    assert "line 2: expected" in done.stderr
    assert "Traceback" not in done.stderr
