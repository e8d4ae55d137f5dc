"""Cross-validation: nothing of a held-out group is seen, every line is judged once."""

from understanding.examples import Example
from understanding.folding import folds, left_out
from understanding.model import load

GROUPS = {"a": [0, 1, 2], "b": [3, 4], "c": [5], "d": [6, 7]}


def test_whole_groups_are_spread_over_parts_of_about_the_same_size():
    parts = folds(GROUPS, 2)
    assert sorted(name for part in parts for name in part) == ["a", "b", "c", "d"]
    assert sorted(sum(len(GROUPS[name]) for name in part) for part in parts) == [4, 4]
    assert parts == folds(dict(reversed(GROUPS.items())), 2)


def test_there_are_no_more_parts_than_groups():
    assert folds(GROUPS, 10) == [("a",), ("b",), ("d",), ("c",)]


def test_the_held_out_lines_are_judged_and_not_trained_on():
    examples = [Example(f"{room}漏水了", report=True, source=f"s{room}") for room in (501, 502, 503)]
    seen: list[list[str]] = []

    def learn(training):
        seen.append([example.text for example in training])
        return load()

    found = left_out(examples, [1], learn)
    assert seen == [["501漏水了", "503漏水了"]]
    assert [(each.example.text, each.verdict.report) for each in found] == [("502漏水了", True)]
