"""Hop 2: what a channel hears becomes durable before anything else happens with it."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.clocks import Bell, RunningClock
from domain.errors import StoreError
from domain.holding import spoken
from domain.messages import Chat, Incoming, Reply
from domain.ports import Store
from domain.queues import Inbox
from domain.records import ChatRecord
from domain.vocabulary import GroupRole, Priority, ReplyKind

MOST_AT_ONCE = 500
LONGEST_WAIT_SECONDS = 5.0
LAST_COMMIT_SECONDS = 10.0
GAP_WORTH_SAYING = timedelta(seconds=20)
"""Shorter cuts are on the health page and in the log; the groups are not disturbed for them."""
log = structlog.get_logger("ingest")


@dataclass(slots=True)
class _Waiting:
    messages: Sequence[Incoming]
    durable: asyncio.Future[None]


@dataclass(slots=True)
class Ingest:
    """The sink of every channel. Whoever hands over while a commit runs shares the next one (group commit).

    ``rung``: wakes the dispatcher. When the database is away, ``accept`` simply takes longer: a channel that cannot
    hand over takes nothing more from its network.
    """

    inbox: Inbox
    store: Store
    clock: RunningClock
    rung: Bell
    spoken: Bell
    """wakes delivery"""
    at_once: Callable[[Sequence[Incoming]], Awaitable[int | None]] | None = None
    """makes messages durable and handles in the same commit what needs nothing; None: it cannot just now"""
    gaps: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    """the last span of each channel in which messages may have been lost, for the health page"""
    trouble: str = ""
    """why what comes in cannot be kept just now, for the health page"""
    _unsaid: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    _waiting: deque[_Waiting] = field(default_factory=deque)
    _arrived: Bell = field(default_factory=Bell)

    async def accept(self, messages: Sequence[Incoming]) -> None:
        waiting = _Waiting(messages, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._arrived.ring()
        await waiting.durable

    async def run(self) -> None:
        """Until cancelled; then what was handed over already is made durable first, if the database lets us."""
        try:
            while True:
                await self._arrived.wait(60)
                while self._waiting:
                    await self._commit(self._take())
        except asyncio.CancelledError:
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_COMMIT_SECONDS):
                    while self._waiting:
                        await self._commit(self._take())
            raise
        finally:
            for waiting in self._waiting:
                waiting.durable.cancel()

    def _take(self) -> list[_Waiting]:
        taken: list[_Waiting] = []
        while self._waiting and sum(len(w.messages) for w in taken) < MOST_AT_ONCE:
            taken.append(self._waiting.popleft())
        return taken

    async def _commit(self, taken: Sequence[_Waiting]) -> None:
        messages = [message for waiting in taken for message in waiting.messages]
        try:
            await self._put(messages)
        except BaseException:
            for waiting in taken:
                waiting.durable.cancel()
            raise
        for waiting in taken:
            if not waiting.durable.done():
                waiting.durable.set_result(None)

    async def _put(self, messages: Sequence[Incoming]) -> None:
        """Again and again while the database is away: the messages wait here, and their channels with them."""
        wait = 0.2
        while True:
            try:
                new = await self._put_once(messages)
            except StoreError as error:
                if str(error) != self.trouble:
                    log.warning("inbox.unavailable", error=str(error), waiting=len(messages))
                self.trouble = str(error)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)
                continue
            if self.trouble:
                log.info("inbox.back", waiting=len(messages))
            self.trouble = ""
            if new < len(messages):
                log.info("inbox.duplicates", dropped=len(messages) - new)
            return

    async def _put_once(self, messages: Sequence[Incoming]) -> int:
        """The shorter way where it is open; else by the one that needs nothing but the inbox."""
        if self.at_once is not None:
            with suppress(StoreError):  # whatever it was, the other way shows whether the database is away
                new = await self.at_once(messages)
                if new is not None:
                    return new
        new = await self.inbox.put(messages, self.clock.now())
        self.rung.ring()
        return new

    async def gap(self, channel: str, since: datetime, until: datetime) -> None:
        """Said in the log and on the health page, and in the groups concerned once the gap is worth it."""
        self.gaps[channel] = (since, until)
        log.warning("channel.gap", channel=channel, since=since.isoformat(), until=until.isoformat())
        if until - since >= GAP_WORTH_SAYING:
            self._unsaid.append((channel, since, until))
            await self.say_gaps()

    async def say_gaps(self) -> bool:
        """Whether all are said, or at least in the outbox; the others are said later."""
        unsaid = list(self._unsaid)
        if not unsaid:
            return True
        now = self.clock.now()
        try:
            async with self.store.begin(now) as work:
                bound = await work.chats.bound()
                await work.outbox.put([notice for gap in unsaid for notice in _notices(bound, *gap)], now)
        except StoreError as error:
            log.warning("channel.gap_not_said_yet", gaps=len(unsaid), error=str(error))
            return False
        self._unsaid = [gap for gap in self._unsaid if gap not in unsaid]
        self.spoken.ring()
        return not self._unsaid


def _notices(bound: Sequence[ChatRecord], channel: str, since: datetime, until: datetime) -> list[Reply]:
    spoken_to = {GroupRole.BUILDING, GroupRole.TASK, GroupRole.STAFF}
    groups = [r.chat for r in bound if r.chat.channel == channel and r.group and r.group.role in spoken_to]
    return [_gap_notice(chat, since, until) for chat in groups]


def _gap_notice(chat: Chat, since: datetime, until: datetime) -> Reply:
    """A link that comes and goes does not flood a group: the budget holds, and several gaps are one message."""
    return Reply(
        chat,
        "gap_notice",
        {"since": spoken(since, until), "until": f"{until.hour}:{until:%M}"},
        ReplyKind.OTHER,
        Priority.ANSWER,
        merge="gap",
        dedupe_key=f"gap:{since.isoformat()}",
        own_accord=True,
    )
