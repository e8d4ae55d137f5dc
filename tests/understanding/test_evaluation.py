"""The figures about the judgements, on judgements made up for them."""

import pytest

from domain.understanding import Location, Verdict
from domain.vocabulary import Kind, Scope, Urgency
from understanding.evaluation import evaluate, false_alarms
from understanding.examples import read_examples

LINES = [
    '{"text": "a", "report": true, "kind": "leak", "scope": "household", "urgency": "urgent", "room": "502"}',
    '{"text": "b", "report": true, "kind": "leak", "also": {"kind": ["ponding"]}}',
    '{"text": "c", "report": false}',
    '{"text": "d", "report": false, "ambiguous": true}',
    '{"text": "e", "report": true, "kind": "leak"}',
]
SAID = {
    "a": Verdict(True, 0.9, Kind.LEAK, Scope.HOUSEHOLD, Urgency.NORMAL, Location(room="502")),
    "b": Verdict(True, 0.8, Kind.PONDING, Scope.HOUSEHOLD, Urgency.URGENT, Location(room="101")),
    "c": Verdict(True, 0.7, Kind.LEAK, Scope.HOUSEHOLD, Urgency.URGENT),
    "d": Verdict(True, 0.7, Kind.LEAK, Scope.HOUSEHOLD, Urgency.URGENT),
    "e": Verdict(False, 0.4, unsure=True),
}


def judge(text: str, building: str | None) -> Verdict:
    return SAID[text]


def test_precision_and_recall_leave_out_ambiguous_lines():
    found = evaluate(read_examples(LINES), judge)
    assert (found.precision.right, found.precision.all) == (2, 3)
    assert (found.recall.right, found.recall.all) == (2, 3)
    assert found.f1 == pytest.approx(2 / 3)


def test_fields_are_scored_over_recognised_reports_and_also_counts():
    found = evaluate(read_examples(LINES), judge)
    assert found.fields["kind"].value == 1
    assert found.fields["urgency"].value == 0
    assert [(name, each.example.text) for name, each in found.invented] == [("room", "b")]


def test_the_worst_errors_come_first():
    assert [each.example.text for each in evaluate(read_examples(LINES), judge).wrong] == ["c", "e"]


def test_false_alarms_are_counted():
    count, alarms = false_alarms(["c", "e"], judge)
    assert (count, [text for text, _ in alarms]) == (2, ["c"])


def test_a_line_that_is_no_example_is_named():
    with pytest.raises(ValueError, match="line 2"):
        read_examples([LINES[0], '{"text": 5}'])


def test_confidence_is_compared_with_what_came_true():
    found = evaluate(read_examples(LINES), judge)
    assert [(each.lines, each.observed) for each in found.calibration] == [(1, 1.0), (1, 0.0), (1, 1.0), (1, 1.0)]
    assert found.calibration_error == pytest.approx((0.6 + 0.7 + 0.2 + 0.1) / 4)
    assert found.brier == pytest.approx((0.1**2 + 0.2**2 + 0.7**2 + 0.6**2) / 4)


def test_a_missed_report_and_a_false_alarm_stand_in_the_matrix_of_kinds():
    found = evaluate(read_examples(LINES), judge)
    assert found.confusion["kind"] == {("leak", "leak"): 2, ("none", "leak"): 1, ("leak", "none"): 1}
    assert found.confusion["report"] == {("report", "report"): 2, ("none", "report"): 1, ("report", "none"): 1}


def test_every_source_has_its_own_counts():
    lines = [line.replace("{", f'{{"source": "{source}", ', 1) for line, source in zip(LINES, "xxyyx", strict=True)]
    found = evaluate(read_examples(lines), judge)
    assert {name: (c.lines, c.hits, c.missed, c.alarms) for name, c in found.sources.items()} == {
        "x": (3, 2, 1, 0),
        "y": (1, 0, 0, 1),
    }
