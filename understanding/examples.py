"""Labelled lines: what training and evaluation read. The form of ``training/*.jsonl``, one JSON object a line."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from domain.vocabulary import Kind, Place, Scope, Urgency

Label = str | int | None
FIELDS = ("kind", "scope", "urgency", "building", "unit", "room", "floor", "place")
CLOSED: Mapping[str, type[StrEnum]] = {"kind": Kind, "scope": Scope, "urgency": Urgency, "place": Place}
"""Fields with a closed set of values; ``floor`` is a whole number, the others are text."""
PLACED_ONLY = "n_location_answer"
"""The slice of lines that are no reports but tell where: their place is scored, nobody else's."""


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled line. labels: the fields above. also: further values that count as right, by field.

    source: ``authored/<slice>`` or where else it comes from. ambiguous: two careful readers could differ on ``report``.
    """

    text: str
    report: bool
    labels: Mapping[str, Label] = field(default_factory=dict)
    also: Mapping[str, Sequence[Label]] = field(default_factory=dict)
    ambiguous: bool = False
    source: str = ""
    id: str = ""

    @property
    def slice(self) -> str:
        return self.source.removeprefix("authored/")

    @property
    def placed(self) -> bool:
        return self.report or self.slice == PLACED_ONLY


def read_examples(lines: Iterable[str]) -> list[Example]:
    """Raises ValueError with the number of the line that cannot be read, and what was expected there."""
    examples = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                examples.append(example_of(json.loads(line)))
            except (ValueError, RecursionError) as error:
                raise ValueError(f"line {number}: {error}") from error
    return examples


def example_of(data: object) -> Example:
    """Raises ValueError with what was expected."""
    if not isinstance(data, dict):
        raise ValueError('expected an object such as {"text": "…", "report": true, "kind": "leak"}')  # noqa: TRY004  one error for all bad lines
    text, report, also = data.get("text"), data.get("report"), data.get("also") or {}
    if not isinstance(text, str):
        raise ValueError(f'"text": expected text, found {_shown(text)}')  # noqa: TRY004  same
    if not isinstance(report, bool):
        raise ValueError(f'"report": expected true or false, found {_shown(report)}')  # noqa: TRY004  same
    if not isinstance(also, dict) or not all(isinstance(values, list) for values in also.values()):
        raise ValueError('"also": expected further right values by field, such as {"place": ["ceiling"]}')
    return Example(
        text,
        report,
        {name: _label(name, data.get(name)) for name in FIELDS},
        {name: tuple(_label(name, value) for value in values) for name, values in also.items() if name in FIELDS},
        data.get("ambiguous") is True,
        str(data.get("source") or ""),
        str(data.get("id") or ""),
    )


def _label(name: str, value: object) -> Label:
    if value is None:
        return None
    if name == "floor":
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise ValueError(f'"floor": expected a whole number or null, found {_shown(value)}')
    if not isinstance(value, str):
        raise ValueError(f'"{name}": expected text or null, found {_shown(value)}')  # noqa: TRY004  same
    closed = CLOSED.get(name)
    if closed is not None and value not in {member.value for member in closed}:
        raise ValueError(f'"{name}": expected one of {", ".join(closed)}, or null, found {_shown(value)}')
    return value


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=repr)[:60]
