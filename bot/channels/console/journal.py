"""What the web chat keeps on disk: one file of JSON lines per chat, only added to, and files named by their content."""

import hashlib
import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import get_ident
from typing import Literal, TypeAlias
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError

from domain.chatroom import Attachment, Line
from domain.messages import Chat, File

_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "video/mp4": "mp4",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "application/pdf": "pdf",
}
_TYPES = {ending: mime for mime, ending in _ENDINGS.items()}
_KEY = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,5}")
_LONGEST_NAME = 100
_UNUSED_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Said:
    """rows: the keys of what the bot said with it (``Outgoing.keys``)."""

    line: Line
    rows: tuple[str, ...] = ()
    type: Literal["said"] = "said"


@dataclass(frozen=True, slots=True)
class Recalled:
    """event: the id of the taking back itself, as the bot hears of it."""

    event: str
    sequence: int
    at: datetime
    line: str
    type: Literal["recalled"] = "recalled"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The bot has these durably."""

    events: tuple[str, ...]
    type: Literal["accepted"] = "accepted"


Record: TypeAlias = Said | Recalled | Accepted
_RECORD: TypeAdapter[Record] = TypeAdapter(Record)


def mime_of(key: str) -> str:
    return _TYPES.get(key.rpartition(".")[2], "application/octet-stream")


class Journal:
    """Survives kill -9 at any moment. A power cut may take the last lines off the shown history; the bot's own
    inbox, which answers for promises, is synced to disk.
    """

    def __init__(self, folder: Path) -> None:
        self._chats = folder / "chats"
        self._files = folder / "files"
        for part in (self._chats, self._files):
            part.mkdir(parents=True, exist_ok=True)

    def append(self, chat: Chat, record: Record) -> None:
        """Raises OSError. A record begins with its newline: one that a crash tore is closed off by the next."""
        with self._path(chat).open("ab") as file:
            file.write(b"\n" + _RECORD.dump_json(record))

    def read(self) -> Iterator[Sequence[Record]]:
        """The records of each chat; torn lines are left out."""
        for path in sorted(self._chats.glob("*.jsonl")):
            lines = path.read_bytes().split(b"\n")
            yield [record for line in lines if line and (record := _parsed(line)) is not None]

    def rewrite(self, chat: Chat, records: Sequence[Record]) -> None:
        path = self._path(chat)
        _replace(path, b"".join(b"\n" + _RECORD.dump_json(record) for record in records))

    def keep(self, file: File) -> Attachment:
        """Blocks: call it in a thread."""
        key = f"{hashlib.sha256(file.data).hexdigest()}.{_ENDINGS.get(file.mime, 'bin')}"
        if not (self._files / key).exists():
            _replace(self._files / key, file.data)
        return Attachment(key, mime_of(key), file.name, len(file.data))

    def stored(self, key: str) -> Path | None:
        path = self._files / key
        return path if _KEY.fullmatch(key) and path.is_file() else None

    def drop_unused(self, used: Collection[str], now: datetime) -> None:
        """Young ones stay: the bot may not have fetched them yet."""
        before = (now - _UNUSED_AFTER).timestamp()
        for path in self._files.iterdir():
            if path.name not in used and path.stat().st_mtime < before:
                path.unlink()

    def _path(self, chat: Chat) -> Path:
        name = quote(chat.id, safe="")
        if len(name) > _LONGEST_NAME:
            name = hashlib.sha256(chat.id.encode()).hexdigest()
        return self._chats / f"{'private' if chat.private else 'group'}~{name}.jsonl"


def _parsed(line: bytes) -> Record | None:
    try:
        return _RECORD.validate_json(line)
    except ValidationError:
        return None


def _replace(path: Path, data: bytes) -> None:
    """Several threads may write the same picture at once: one warning's card goes to all groups."""
    half = path.with_name(f".{path.name}.{get_ident()}.half")
    with half.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
