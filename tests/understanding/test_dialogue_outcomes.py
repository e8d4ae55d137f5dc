"""How the end of a dialogue is compared with what was wanted."""

from typing import Any

import pytest

from understanding.dialogues import Found, compare, dialogue_of

TICKET: dict[str, Any] = {
    "reporter": "a", "kind": "leak", "scope": "household", "building": None, "unit": "2", "room": "502", "floor": 5,
    "place": "kitchen", "urgency": "urgent", "status": "open", "co_reporters": ["b"], "also": {"place": ["ceiling"]},
}  # fmt: skip
DIALOGUE: dict[str, Any] = {
    "id": "x", "building": "3", "messages": [],
    "gold": {"tickets": [TICKET], "must_answer": [[0, 1], [2]], "must_not_answer": [3]},
}  # fmt: skip
FIELDS = {name: TICKET[name] for name in TICKET if name not in {"reporter", "co_reporters", "also"}}


def differences(found, answered, dialogue=DIALOGUE):
    return [outcome.difference for outcome in compare(dialogue_of(dialogue), found, answered) if not outcome.right]


def test_nothing_differs_where_all_is_as_wanted():
    assert differences([Found(1, frozenset("ab"), {**FIELDS, "place": "ceiling"})], {1, 2}) == []


def test_fields_reporters_and_answers_are_each_compared():
    missed = ["unit 3 for 2", "co-reporters missing: b", "no answer to [0, 1]", "answered 3"]
    assert differences([Found(1, frozenset("a"), {**FIELDS, "unit": "3"})], {2, 3}) == missed


def test_a_missing_ticket_and_one_too_many():
    other = Found(1, frozenset("c"), dict(FIELDS))
    assert [d.partition(" #")[0] for d in differences([other], {0, 2})] == ["no ticket of a", "extra ticket"]


def test_a_cancelled_ticket_stands_for_none_that_is_wanted_open():
    gone = Found(1, frozenset("a"), {**FIELDS, "status": "cancelled"}, gone=True)
    assert differences([gone], {0, 2}) == ["no ticket of a"]


def test_an_optional_ticket_may_be_missing():
    optional = {**DIALOGUE, "gold": {**DIALOGUE["gold"], "tickets": [{**TICKET, "optional": True}]}}
    assert differences([], {0, 2}, optional) == []


@pytest.mark.parametrize(
    "broken", [{"gold": {}}, {"messages": [{"i": 0}]}, {"gold": {**DIALOGUE["gold"], "must_answer": [1]}}]
)
def test_another_shape_is_refused(broken):
    with pytest.raises(ValueError, match="expected the shape"):
        dialogue_of({**DIALOGUE, **broken})
