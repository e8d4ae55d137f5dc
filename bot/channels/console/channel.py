"""The embedded chat network: the bot's channel on one side, the browsers' chat room on the other."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path

from bot.channels.console.cast import CHANNEL, Cast
from bot.channels.console.drafts import Enclosed, Injected, of_bot, of_person, of_transcript, quoted, sayable
from bot.channels.console.journal import Journal, mime_of
from bot.channels.console.post import PostOffice
from bot.channels.console.settings import ConsoleSettings
from domain.chatroom import ChatRefused, Line, Member, NoSuchRoom, NotYetHeard, Room, Saying
from domain.errors import ChannelError, SaidBefore
from domain.messages import Chat, File, MediaHandle, Outgoing, Receipt
from domain.ports import ChannelHealth, Clock, Link, Pace, Sink
from domain.roster import Community, Staff

_PATIENCE_SECONDS = 15.0
_MOST_ONCE = 1000
LONGEST_TEXT = 1_048_576
Newcomers = Callable[[], Awaitable[Sequence[tuple[Staff, str]]]]
"""Everybody who is staff just now, each with an account here."""


class Console:
    """Implements domain.ports.Channel and domain.chatroom.ChatRoom."""

    name = CHANNEL
    pace = Pace(same_chat_seconds=0.3)
    replays = True

    def __init__(self, cast: Cast, journal: Journal, clock: Clock) -> None:
        self.bot_name = cast.bot_name
        self.newcomers: Newcomers | None = None
        self._cast = cast
        self._journal = journal
        self._clock = clock
        self._post = PostOffice(journal, clock, cast.bot_name)
        self._once: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._health = ChannelHealth(Link.DOWN, clock.now())

    # -- the channel --------------------------------------------------------------------------------------------

    async def run(self, sink: Sink) -> None:
        self._health = ChannelHealth(Link.UP, self._clock.now())
        try:
            while True:
                batch = await self._post.next_batch()
                await sink.accept(batch)
                await self._post.accepted(batch)
        finally:
            self._health = ChannelHealth(Link.DOWN, self._clock.now())

    async def send(self, message: Outgoing) -> Receipt:
        if self._health.link is not Link.UP:
            raise ChannelError("the web chat is not running")
        if not self._is_there(message.chat):
            raise ChannelError(f"the web chat has no {_named(message.chat)}", retry=False)
        self._check_unsaid(message)
        try:
            enclosed = await self._enclosed(message.files, message.reply_to, message.chat)
            line = await self._post.put(of_bot(message, self.bot_name, self._clock.now(), enclosed), message.keys)
        except OSError as error:
            raise ChannelError(f"the web chat cannot write to its folder: {error.strerror}") from error
        return Receipt((line.id,), line.at)

    def _check_unsaid(self, message: Outgoing) -> None:
        """A bot that was killed after it spoke, and before it noted that, speaks again."""
        before = {
            id: line for id, key in zip(message.ids, message.keys, strict=False) if (line := self._post.said_with(key))
        }
        if before:
            first = next(iter(before.values()))
            together = tuple(id for id, line in before.items() if line.id == first.id)
            raise SaidBefore(together, (first.id,), first.at)

    async def fetch(self, handle: MediaHandle) -> File:
        path = self._journal.stored(handle.handle)
        if path is None:
            raise ChannelError(f"the web chat has no file {handle.handle!r}", retry=False)
        try:
            data = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise ChannelError(f"the web chat cannot read {handle.handle}: {error.strerror}") from error
        return File(handle.name, mime_of(handle.handle), data)

    def health(self) -> ChannelHealth:
        return self._health

    # -- the chat room ------------------------------------------------------------------------------------------

    async def look_around(self) -> None:
        if self.newcomers is not None:
            for staff, account in await self.newcomers():
                self._cast.admit(staff, account)

    def people(self) -> Sequence[Member]:
        return list(self._cast.members.values())

    def rooms(self, viewer: str) -> Sequence[Room]:
        self._member(viewer)
        alone = Chat(CHANNEL, viewer, private=True)
        groups = [Chat(CHANNEL, group.id) for group in self._cast.groups_of(viewer)]
        opened = [chat for chat in self._post.history.chats() if not chat.private and not self._cast.has_group(chat.id)]
        rooms = [self._room(viewer, chat) for chat in [*groups, *opened, alone]]
        return sorted(rooms, key=lambda room: -(room.last.order if room.last else 0))

    def history(self, viewer: str, chat: Chat) -> Sequence[Line]:
        self._check_sees(viewer, chat)
        return self._post.history.of(chat)

    async def say(self, saying: Saying) -> Line:
        self._check_sees(saying.sender, saying.chat)
        text = sayable(saying.text)
        if not text and not saying.files:
            raise ChatRefused("写点什么，或者选一张照片再发。")
        if len(text) > LONGEST_TEXT:
            raise ChatRefused(f"太长了：一条消息最多 {LONGEST_TEXT // 10_000} 万字。")
        line = self._said_before(saying) or await self._post_saying(saying)
        await self._until_heard(line.id)
        return line

    async def recall(self, viewer: str, line: str) -> Line:
        mine = self._post.history.line(line)
        if mine is None or mine.sender != viewer:
            raise NoSuchRoom("只能撤回自己发的消息。")
        if not mine.recalled:
            try:
                event = await self._post.take_back(mine, self._clock.now())
            except OSError as error:
                raise ChatRefused("服务器存不下了，没有撤回，请稍后再试。") from error
            await self._until_heard(event)
        return self._post.history.line(line) or mine

    def latest(self) -> int:
        return self._post.history.latest

    def changed(self, viewer: str, since: int) -> Sequence[Line]:
        self._member(viewer)
        return self._post.history.changed(since, lambda chat: self._sees(viewer, chat))

    async def wait(self, since: int) -> None:
        await self._post.until(lambda: self._post.history.latest > since)

    def stored(self, key: str) -> Path | None:
        return self._journal.stored(key)

    # -- drills and replays ----------------------------------------------------------------------------------------

    async def inject(self, injected: Injected) -> None:
        """Does not wait for the bot. Raises OSError."""
        if self._post.history.line(injected.id) is not None:
            return
        member = self._cast.members.get(injected.sender)
        name = injected.name or (member.name if member else injected.sender)
        enclosed = await self._enclosed(injected.files, injected.quote, injected.chat)
        await self._post.put(of_transcript(injected, name, self.bot_name, enclosed))

    async def inject_recall(self, line: str, at: datetime) -> None:
        """Its author takes back what is known under this id; nothing happens when it is not known any more."""
        said = self._post.history.line(line)
        if said is not None and not said.recalled:
            await self._post.take_back(said, at)

    # -- inside -------------------------------------------------------------------------------------------------

    def _member(self, viewer: str) -> Member:
        member = self._cast.members.get(viewer)
        if member is None:
            raise NoSuchRoom("这里没有这个人，请重新选一位。")
        return member

    def _sees(self, viewer: str, chat: Chat) -> bool:
        if chat.private:
            return chat.id == viewer
        return self._is_there(chat) and self._cast.in_group(viewer, chat.id)

    def _check_sees(self, viewer: str, chat: Chat) -> None:
        self._member(viewer)
        if not self._sees(viewer, chat):
            raise NoSuchRoom("没有这个群，或者您不在群里。")

    def _is_there(self, chat: Chat) -> bool:
        """A private chat is there for everybody who can be played and for who wrote to the bot in a replay."""
        if chat in self._post.history:
            return True
        return chat.id in self._cast.members if chat.private else self._cast.has_group(chat.id)

    def _room(self, viewer: str, chat: Chat) -> Room:
        lines = self._post.history.of(chat)
        addressed = max((line.sequence for line in lines if viewer in line.mentions), default=0)
        size = 2 if chat.private else self._cast.size(chat)
        return Room(chat, self._cast.room_name(chat), size, lines[-1] if lines else None, addressed)

    async def _enclosed(self, files: Sequence[File], quote: str | None, chat: Chat) -> Enclosed:
        attachments = [await asyncio.to_thread(self._journal.keep, file) for file in files]
        line = self._post.history.line(quote) if quote else None
        shown = line is not None and line.chat == chat and not line.recalled
        return Enclosed(tuple(attachments), quoted(line) if line is not None and shown else None)

    def _said_before(self, saying: Saying) -> Line | None:
        said = self._once.get((saying.sender, saying.once)) if saying.once else None
        return self._post.history.line(said) if said else None

    async def _post_saying(self, saying: Saying) -> Line:
        who = self._member(saying.sender)
        try:
            enclosed = await self._enclosed(saying.files, saying.quote, saying.chat)
            line = await self._post.put(of_person(saying, who, self._clock.now(), enclosed))
        except OSError as error:
            raise ChatRefused("服务器存不下了，这条没有发出去，请稍后再试。") from error
        if saying.once:
            self._once[saying.sender, saying.once] = line.id
            if len(self._once) > _MOST_ONCE:
                self._once.popitem(last=False)
        return line

    async def _until_heard(self, event: str) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._post.until_accepted(event)
        except TimeoutError as error:
            raise NotYetHeard(event) from error


def _named(chat: Chat) -> str:
    return f"chat with {chat.id!r}" if chat.private else f"group {chat.id!r}"


def connect(settings: ConsoleSettings, community: Community, clock: Clock) -> Console:
    """Reads what was said before. Raises OSError when the folder cannot be used."""
    return Console(Cast(community, settings), Journal(settings.folder), clock)
