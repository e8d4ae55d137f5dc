"""What a rig has to offer to the contract (contract.py), and the two helpers that every rig shares."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.messages import Chat, File, Incoming
from domain.ports import Channel

ANN = "安女士"
BEN = "老本"
BOT_NAME = "楼群小助手"
"""The cast by shown name; ids are the rig's business (``id_of``). Both are members of the rig's group."""


@dataclass(frozen=True, slots=True)
class Says:
    """Somebody says something: words, or a photo, in the group or to the bot alone.

    mentions_bot: the network carries a real @ of the bot, in the way its phone app writes it before ``text``.
    quotes: the external id of an earlier message of this rig.
    """

    by: str
    text: str = ""
    photo: bytes | None = None
    private: bool = False
    mentions_bot: bool = False
    quotes: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of the bot as the people see it. ids: the network's own, one for each of its messages."""

    ids: tuple[str, ...]
    chat: str
    text: str = ""
    mentions: tuple[str, ...] = ()
    files: tuple[File, ...] = ()

    @property
    def id(self) -> str:
        return self.ids[0]

    @property
    def file(self) -> File | None:
        return self.files[0] if self.files else None


class ChannelRig(Protocol):
    channel: Channel
    """Fresh and not running; the contract runs it."""
    group: Chat
    secrets: Sequence[str]
    """What must never be seen in an error or a log."""
    cannot: Mapping[str, str]
    """Names of contract tests that make no sense on this network, with the reason."""

    def id_of(self, name: str) -> str:
        """The network's id of ANN or BEN, stable over renames."""
        ...

    async def says(self, what: Says) -> str:
        """Returns the external id that the bot will see."""
        ...

    async def recalls(self, external_id: str) -> None:
        """Its author takes a message back."""
        ...

    async def repeats(self, external_id: str) -> None:
        """The network delivers a message once more."""
        ...

    async def echoes(self) -> None:
        """The network shows the bot what the bot said last, where it does such a thing."""
        ...

    async def renames(self, name: str, new: str) -> None: ...

    async def brings_bot_into_new_group(self) -> Chat: ...

    async def heard(self, count: int) -> Sequence[Heard]:
        """All that the bot said so far, oldest first, once there are ``count``; fails after a few seconds."""
        ...

    async def refuses_next_send(self) -> None:
        """The network will refuse the bot's next message and say so."""
        ...

    async def loses_next_answer(self) -> None:
        """The network will take the bot's next message, and the answer will be lost."""
        ...

    async def cuts(self) -> None:
        """The link between bot and network breaks and stays broken."""
        ...

    async def restores(self) -> None: ...


class ListeningSink:
    """Remembers what a channel hands over, and lets a test wait for it."""

    def __init__(self, error: Exception | None = None) -> None:
        self.messages: list[Incoming] = []
        self.batches: list[int] = []
        self.gaps: list[tuple[str, datetime, datetime]] = []
        self.most_at_once = 0
        self._error = error
        self._now = 0
        self._changed = asyncio.Condition()
        self._open = asyncio.Event()
        self._open.set()

    async def accept(self, messages: Sequence[Incoming]) -> None:
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        await self._notify()
        if self._error:
            raise self._error
        await self._open.wait()
        self.messages += messages
        self.batches.append(len(messages))
        self._now -= 1
        await self._notify()

    async def gap(self, channel: str, since: datetime, until: datetime) -> None:
        self.gaps.append((channel, since, until))
        await self._notify()

    def pause(self) -> None:
        """The inbox is slow: accept does not return until resume()."""
        self._open.clear()

    def resume(self) -> None:
        self._open.set()

    async def wait(self, count: int, seconds: float = 10) -> list[Incoming]:
        """The messages, once there are ``count``."""
        return await self._until(lambda: len(self.messages) >= count, seconds)

    async def wait_for_id(self, external_id: str, seconds: float = 10) -> list[Incoming]:
        return await self._until(lambda: any(m.external_id == external_id for m in self.messages), seconds)

    async def wait_until_called(self, seconds: float = 10) -> None:
        await self._until(lambda: self._now > 0, seconds)

    async def wait_for_gap(self, seconds: float = 10) -> list[tuple[str, datetime, datetime]]:
        await self._until(lambda: bool(self.gaps), seconds)
        return self.gaps

    async def _until(self, ready: Callable[[], bool], seconds: float) -> list[Incoming]:
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(ready)
        return self.messages

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


async def until(ready: Callable[[], bool], what: str, seconds: float = 10) -> None:
    """Waits for what another process or a timer of the network does: there is no event to wait on."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not ready():
        assert asyncio.get_running_loop().time() < deadline, f"expected within {seconds} s: {what}"
        await asyncio.sleep(0.01)
