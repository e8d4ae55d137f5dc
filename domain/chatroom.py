"""What the web chat needs of the network behind it. The console channel implements it, the web wing asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from domain.errors import LouQunError, RuleBroken
from domain.messages import Chat, File, check_aware
from domain.vocabulary import MessageKind

BOT = "bot"
"""The bot's sender id in a line."""


class ChatRefused(RuleBroken):
    """Somebody asked the chat for what it does not do; the text says why, in words for that person."""


class NoSuchRoom(ChatRefused):
    """The person, the room or the message is not there, or not there for this person."""


class NotYetHeard(LouQunError):
    """The message is kept and will be handed over, but the bot does not take messages at the moment."""


class TooLongAgo(LouQunError):
    """What changed since then is no longer known: read the history anew."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person who can be played. about: the home or the office. tries: what a newcomer may say as this person."""

    id: str
    name: str
    about: str
    resident: bool
    building: str | None = None
    tries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A kept file. key: names the content, and nothing else."""

    key: str
    mime: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Quoted:
    id: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One message as a chat shows it. The chat gives it id, sequence and order when it is said.

    sequence: of its last change; grows with every change anywhere, so that a browser can ask for what it missed.
    order: where it stands in its chat; never changes.
    mentions, called: ids of the people spoken to, and their names as they stand behind the "@" in the text.
    after_pause: whether the chat was silent for a while before; the time is shown there.
    """

    chat: Chat
    at: datetime
    sender: str
    name: str
    id: str = ""
    sequence: int = 0
    order: int = 0
    text: str = ""
    kind: MessageKind = MessageKind.TEXT
    attachments: tuple[Attachment, ...] = ()
    quote: Quoted | None = None
    mentions: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    after_pause: bool = False
    recalled: bool = False

    def __post_init__(self) -> None:
        check_aware("Line.at", self.at)


@dataclass(frozen=True, slots=True)
class Room:
    """A chat as one person sees it in the list. size: people in it, the bot among them.

    addressed: the sequence of the last line that @s this person, 0 when there is none.
    """

    chat: Chat
    name: str
    size: int
    last: Line | None
    addressed: int = 0


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody sends. once: chosen by the sender's browser, so that a repeated request says nothing twice."""

    sender: str
    chat: Chat
    text: str = ""
    files: tuple[File, ...] = ()
    quote: str | None = None
    once: str = ""


class ChatRoom(Protocol):
    bot_name: str
    name: str
    """of the channel: the first half of every Chat here"""

    async def look_around(self) -> None:
        """Who became a colleague meanwhile is among the people as well."""
        ...

    def people(self) -> Sequence[Member]: ...

    def rooms(self, viewer: str) -> Sequence[Room]:
        """The latest talk first. Raises NoSuchRoom for an unknown person."""
        ...

    def history(self, viewer: str, chat: Chat) -> Sequence[Line]:
        """Oldest first. Raises NoSuchRoom."""
        ...

    async def say(self, saying: Saying) -> Line:
        """Returns when the bot has it durably. Raises ChatRefused, NotYetHeard."""
        ...

    async def recall(self, viewer: str, line: str) -> Line:
        """Takes one's own message back, likewise."""
        ...

    def latest(self) -> int:
        """The sequence of the newest change."""
        ...

    def changed(self, viewer: str, since: int) -> Sequence[Line]:
        """Lines this person may see that are new or changed after ``since``, in that order. Raises TooLongAgo."""
        ...

    async def wait(self, since: int) -> None:
        """Until something has changed after ``since``."""
        ...

    def stored(self, key: str) -> Path | None:
        """Where the content of an attachment lies."""
        ...
