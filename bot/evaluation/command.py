"""``python -m bot evaluate``: reads, measures, prints."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation.figures import as_json, picture_of
from bot.evaluation.files import Read, read_file
from bot.evaluation.measure import Measured, measure, together
from bot.evaluation.report import in_words
from domain.errors import ConfigError
from understanding.engine import Understander
from understanding.weights_file import read_weights


@dataclass(frozen=True, slots=True)
class Wanted:
    """picture, json: where they go; None: nowhere. worst: so many lines of each kind of error are printed."""

    files: list[Path]
    picture: Path | None = None
    json: Path | None = None
    worst: int = 20
    weights: Path | None = None
    """instead of the shipped ones"""


def evaluate_files(wanted: Wanted, say: Callable[[str], None]) -> list[str]:
    """Returns the faults of lines that were left out. Raises ConfigError where nothing can be measured."""
    reads = [read_file(path) for path in wanted.files]
    faults = [fault for read in reads for fault in read.faults]
    if all(read.empty for read in reads):
        raise ConfigError("\n".join([*faults[:20], "no line could be read: nothing to measure"]))
    understanding = Understander(read_weights(wanted.weights) if wanted.weights else None)
    parts = asyncio.run(_measured(reads, understanding))
    for part in parts:
        for line in (*in_words(part, wanted.worst), ""):
            say(line)
    if wanted.json is not None:
        text = json.dumps({"files": [as_json(part) for part in parts]}, ensure_ascii=False, indent=1)
        _write(wanted.json, f"{text}\n".encode())
    if wanted.picture is not None:
        _draw(wanted.picture, parts)
    return faults


async def _measured(reads: list[Read], understanding: Understander) -> list[Measured]:
    """Several files: at the end all of their labelled lines and dialogues together."""
    parts = [await measure(read, understanding) for read in reads if not read.empty]
    counting = sum(part.labelled is not None or bool(part.played) for part in parts)
    return [*parts, together(parts)] if counting > 1 else parts


def _draw(path: Path, parts: list[Measured]) -> None:
    found = together(parts[:-1] if len(parts) > 1 and parts[-1].name == "all files" else parts).labelled
    if found is None:
        raise ConfigError(f"{path}: a picture needs labelled lines (with text and report), and there are none")
    _write(path, picture_of(found))


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror})") from error
