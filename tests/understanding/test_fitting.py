"""Training: the shipped weights belong to the shipped lines, and a fit learns what its regression says."""

from understanding.engine import Understander
from understanding.examples import read_examples
from understanding.fitting import fit, regression_lines, rows, save, training_lines, version_of
from understanding.model import COLUMNS, load

LINES = read_examples(
    [
        '{"text": "厨房漏水了", "report": true, "kind": "leak", "scope": "household", "urgency": "urgent"}',
        '{"text": "卧室漏水了", "report": true, "kind": "leak", "scope": "household", "urgency": "normal"}',
        '{"text": "客厅漏水了", "report": true, "kind": "leak", "scope": "household", "urgency": "normal"}',
        '{"text": "谁家漏水了", "report": false}',
    ]
)


def every_feature_counts_for_yes(table, answers):
    return {name: 1.0 for line, yes in zip(table, answers, strict=True) if yes for name in line}


def test_the_shipped_weights_were_trained_on_the_shipped_lines():
    assert load().version == version_of(training_lines())


def test_the_training_lines_hold_no_line_of_the_regression_set():
    known = {example.text for example in regression_lines()}
    assert [example.text for example in training_lines() if example.text in known] == []


def test_a_fit_can_be_saved_loaded_and_judged_by(tmp_path):
    model = fit(rows(LINES), every_feature_counts_for_yes, "v1")
    save(model, tmp_path / "weights.json")
    again = load(tmp_path / "weights.json")
    assert again.version == "v1"
    assert all(len(row) == len(COLUMNS) for row in again.rules.values())
    assert Understander(again).judge("厨房漏水了", None).report


def test_rare_features_are_left_out():
    model = fit(rows(LINES), every_feature_counts_for_yes)
    assert "漏水" in model.grams
    assert "厨房" not in model.grams
