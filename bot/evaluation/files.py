"""What ``evaluate`` reads: JSON lines, each a labelled line, a line of chatter or a dialogue. Bad ones are named."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import ConfigError
from domain.messages import Json
from understanding.dialogues import Dialogue, dialogue_of
from understanding.examples import FIELDS, Example, example_of

EXPECTED = (
    'expected an object with "text" and "report" (a labelled line), with "text" alone (chatter: no report), or with '
    '"messages" and "gold" (a dialogue)'
)


@dataclass(frozen=True, slots=True)
class Chatter:
    """A line that is no report."""

    text: str
    id: str = ""
    source: str = ""


@dataclass(slots=True)
class Read:
    """What one file holds. faults: of the lines that were left out, in words."""

    path: Path
    examples: list[Example] = field(default_factory=list)
    chatter: list[Chatter] = field(default_factory=list)
    dialogues: list[Dialogue] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.examples or self.chatter or self.dialogues)


def read_file(path: Path) -> Read:
    """Raises ConfigError where the file cannot be read at all."""
    read = Read(path)
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    try:
                        _sort(read, _parsed(line))
                    except (ValueError, RecursionError) as error:
                        read.faults.append(f"{path}, line {number}: {error}")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    return read


def _parsed(line: bytes) -> dict[str, Json]:
    try:
        data = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError(f"expected UTF-8, found something else at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"{EXPECTED}; not JSON: {error}") from error
    if not isinstance(data, dict):
        raise ValueError(EXPECTED)  # noqa: TRY004  one error for all bad lines
    return data


def _sort(read: Read, data: dict[str, Json]) -> None:
    text = data.get("text")
    if "messages" in data or "gold" in data:
        read.dialogues.append(dialogue_of(data))
    elif "report" in data or any(name in data for name in FIELDS):
        read.examples.append(example_of(data))
    elif isinstance(text, str):
        read.chatter.append(Chatter(text, str(data.get("id") or ""), str(data.get("source") or "")))
    else:
        raise ValueError(EXPECTED)
