"""A transcript for ``replay``: one event a line, ordered by ``at``. Read completely before anything is played."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from domain.errors import ConfigError
from domain.messages import Json
from domain.vocabulary import MessageKind

FILES: Mapping[str, MessageKind] = {
    "image": MessageKind.IMAGE,
    "video": MessageKind.VIDEO,
    "voice": MessageKind.VOICE,
    "file": MessageKind.FILE,
}
_WORDS = ("sender", "text", "quote", "recall", "name", "feed", "document", *FILES)


@dataclass(frozen=True, slots=True)
class Happening:
    """group None: the private chat with the sender. file: beside the transcript. until: nothing but time passes."""

    id: str
    at: datetime
    sender: str
    group: str | None
    name: str = ""
    text: str = ""
    kind: MessageKind = MessageKind.TEXT
    file: Path | None = None
    quote: str | None = None
    recalls: str | None = None
    mentions_bot: bool = False
    until: datetime | None = None
    line: int = 0
    feed: str | None = None
    """a source of warnings: it has one more document, or is away, or back"""
    document: Path | None = None
    away: bool | None = None


def read_transcript(path: Path, warn: Callable[[str], None] = lambda _: None) -> list[Happening]:
    """In the order of ``at``; of what is not, warn is told. Raises ConfigError with the line and what was expected."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: expected UTF-8, found something else at byte {error.start}") from error
    happenings = list(_happenings(path, text))
    for before, late in pairwise(happenings):
        if late.at < before.at:
            warn(
                f"{path}, line {late.line}: {late.at.isoformat()} is before {before.at.isoformat()} of line "
                f'{before.line}; expected events in the order of "at", and they are played in that order'
            )
    return sorted(happenings, key=lambda happening: happening.at)


def _happenings(path: Path, text: str) -> Iterator[Happening]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield replace(_happening(json.loads(line), f"L{number}", path.parent), line=number)
        except (TypeError, ValueError, RecursionError) as error:
            raise ConfigError(f"{path}, line {number}: {error}") from error


def _happening(event: Json, line: str, folder: Path) -> Happening:
    if not isinstance(event, dict):
        raise TypeError('expected an object like {"at": …, "group": …, "sender": …, "text": …}')
    for key in _WORDS:
        if not isinstance(event.get(key, ""), str):
            raise TypeError(f'"{key}": expected text')
    group = event.get("group")
    if group is not None and not isinstance(group, str):
        raise ValueError('"group": expected a group\'s id or null')
    file_key = next((key for key in FILES if event.get(key)), None)
    recalls = _word(event, "recall")
    kind = MessageKind.RECALL if recalls else MessageKind.JOIN if event.get("join") is True else None
    if kind is None:
        kind = FILES[file_key] if file_key and not event.get("text") else MessageKind.TEXT
    at = _time(event, "at")
    feed, document, away = _feed(event, folder)
    return Happening(
        id=_word(event, "id") or line,
        at=at,
        sender=_word(event, "sender") or "",
        group=None if event.get("to_bot") is True else group,
        name=_word(event, "name") or "",
        text=_word(event, "text") or "",
        kind=kind,
        file=folder / str(event[file_key]) if file_key else None,
        quote=_word(event, "quote"),
        recalls=recalls,
        mentions_bot=event.get("mention_bot") is True,
        until=_time(event, "until") if "until" in event else None,
        feed=feed,
        document=document,
        away=away,
    )


def _feed(event: dict[str, Json], folder: Path) -> tuple[str | None, Path | None, bool | None]:
    feed, named, away = _word(event, "feed"), _word(event, "document"), event.get("away")
    if feed is None:
        if named or away is not None:
            raise ValueError('"feed": expected the source\'s name beside "document" or "away"')
        return None, None, None
    document = folder / named if named else None
    if document is not None and not document.is_file():
        raise ValueError(f'"document": {document} is not there; expected a CAP file or an answer of QWeather')
    if away is not None and not isinstance(away, bool):
        raise ValueError('"away": expected true or false')
    return feed, document, away


def _word(event: dict[str, Json], key: str) -> str | None:
    value = event.get(key)
    return value if isinstance(value, str) and value else None


def _time(event: dict[str, Json], key: str) -> datetime:
    value = event.get(key)
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None or at.utcoffset() is None:
        raise ValueError(f'"{key}": expected a time with offset such as "2021-08-23T21:58:00+08:00", got {value!r}')
    return at
