"""The channel of a replay: the network is a list. What the bot sends is written down, with ids m1, m2, …"""

import asyncio
import hashlib
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.clocks import RunningClock
from domain.errors import ChannelError
from domain.messages import File, Json, MediaHandle, Outgoing, Receipt
from domain.ports import ChannelHealth, Link, Pace, Sink

LARGEST_FILE = 200 * 1024 * 1024


@dataclass(slots=True)
class Stage:
    """media_folder: where sent files are written, named by content; None: nowhere."""

    clock: RunningClock
    media_folder: Path | None = None
    name: str = "console"
    pace: Pace = field(default_factory=lambda: Pace(same_chat_seconds=0))
    replays: bool = True
    lines: list[dict[str, Json]] = field(default_factory=list)

    async def run(self, _sink: Sink) -> None:
        """The player hands messages over itself."""
        await asyncio.get_running_loop().create_future()

    async def send(self, message: Outgoing) -> Receipt:
        media: list[Json] = [self._write(file) for file in message.files]
        id, at, chat = f"m{len(self.lines) + 1}", self.clock.now(), message.chat
        mentions: list[Json] = [mention.person.id for mention in message.mentions]
        tickets: list[Json] = list(message.tickets)
        self.lines.append(
            {
                "at": at.isoformat(),
                "group": None if chat.private else chat.id,
                "to": chat.id if chat.private else None,
                "id": id,
                "kind": message.kind.value,
                "text": message.text,
                "mentions": mentions,
                "media": media,
                "tickets": tickets,
                "reply_to": message.reply_to,
            }
        )
        return Receipt((id,), at)

    async def fetch(self, handle: MediaHandle) -> File:
        return _read(Path(handle.handle), handle.name)

    def health(self) -> ChannelHealth:
        return ChannelHealth(Link.UP, self.clock.now())

    def new_lines(self, since: int) -> Sequence[dict[str, Json]]:
        return self.lines[since:]

    def _write(self, file: File) -> str:
        ending = file.name.rpartition(".")[2] or "bin"
        name = f"media/{hashlib.sha256(file.data).hexdigest()[:16]}.{ending}"
        if self.media_folder is not None:
            path = self.media_folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.write_bytes(file.data)
        return name


def _read(path: Path, name: str) -> File:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ChannelError(f"{path.name} is larger than {LARGEST_FILE} bytes", retry=False)
        data = path.read_bytes()
    except OSError as error:
        raise ChannelError(f"{path}: cannot be read ({error.strerror})", retry=False) from error
    return File(name, mimetypes.guess_type(path.name)[0] or "application/octet-stream", data)
