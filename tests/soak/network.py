"""A chat network in files, for tests that kill the bot: it remembers what it handed over and what the bot said.

The bot's side of it runs as a program of its own (``python -m tests.soak.bot FOLDER URL``).
"""

import asyncio
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from domain.errors import ChannelError
from domain.messages import Chat, File, Incoming, MediaHandle, Outgoing, Person, Receipt
from domain.ports import ChannelHealth, Link, Pace, Sink

NAME = "console"
BATCH = 20


def write_messages(folder: Path, messages: list[dict]) -> None:
    (folder / "given.jsonl").write_text("".join(json.dumps(m, ensure_ascii=False) + "\n" for m in messages))


def said(folder: Path) -> list[dict]:
    """All that the bot said and the network took, oldest first; a line torn by the kill was not taken."""
    path = folder / "said.jsonl"
    lines = path.read_bytes().split(b"\n") if path.exists() else []
    return [json.loads(line) for line in lines[:-1]]


class FileNetwork:
    """Offers a message again until the bot has it durably: ``accepted`` counts those."""

    name = NAME
    replays = True
    pace = Pace(same_chat_seconds=0, any_chat_seconds=1e-6)  # one message at a time, as real networks want it

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._said = os.open(folder / "said.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._count = len(said(folder))

    async def run(self, sink: Sink) -> None:
        lines = (self._folder / "given.jsonl").read_text().splitlines()
        for start in range(self._accepted(), len(lines), BATCH):
            batch = [_incoming(json.loads(line)) for line in lines[start : start + BATCH]]
            await sink.accept(batch)
            self._accept(start + len(batch))
        await asyncio.get_running_loop().create_future()

    async def send(self, message: Outgoing) -> Receipt:
        """What is in the file has been said, whatever becomes of the bot in the next moment."""
        self._count += 1
        line = {
            "chat": message.chat.id, "private": message.chat.private, "kind": message.kind.value, "text": message.text,
            "mentions": [m.person.id for m in message.mentions], "tickets": list(message.tickets),
            "rows": list(message.ids),
        }  # fmt: skip
        os.write(self._said, json.dumps(line, ensure_ascii=False).encode() + b"\n")
        return Receipt((f"f{self._count}",), datetime.now(UTC))

    async def fetch(self, handle: MediaHandle) -> File:
        raise ChannelError(f"no file {handle.handle}", retry=False)

    def health(self) -> ChannelHealth:
        return ChannelHealth(Link.UP, datetime.now(UTC))

    def _accepted(self) -> int:
        path = self._folder / "accepted"
        return int(path.read_text() or 0) if path.exists() else 0

    def _accept(self, count: int) -> None:
        half = self._folder / "accepted.half"
        half.write_text(str(count))
        half.replace(self._folder / "accepted")


def _incoming(line: dict) -> Incoming:
    person = Person(NAME, line["sender"])
    at = datetime.fromisoformat(line["at"])
    return Incoming(
        NAME, line["id"], Chat(NAME, line["group"]), person, at, sender_name=line["name"], text=line["text"]
    )
