"""Hop 4's network: messages in the middle band wait, outside of every transaction, for somebody else's opinion.

Only their own chat waits, for the time that the configuration allows; the verdict is then kept with the message, so
that whoever handles it, now or after a crash, decides the same.
"""

import asyncio
import time
from dataclasses import dataclass, field

import structlog

from bot.clocks import Bell, RunningClock
from domain.asking import Opinion, weighed
from domain.errors import StoreError
from domain.handling import Context
from domain.masking import for_model
from domain.messages import Chat
from domain.ports import SecondOpinion, Store
from domain.records import InboxRow
from domain.roster import Community
from domain.understanding import Verdict
from domain.vocabulary import GroupRole, MessageKind

_WORDS = frozenset({MessageKind.TEXT, MessageKind.VOICE, MessageKind.IMAGE, MessageKind.VIDEO})
log = structlog.get_logger("second_opinion")


@dataclass(frozen=True, slots=True)
class _Waiting:
    row: InboxRow
    verdict: Verdict
    community: Community


@dataclass(slots=True)
class Adviser:
    """rung: when a verdict is there and its chat may go on."""

    opinion: SecondOpinion
    store: Store
    clock: RunningClock
    rung: Bell
    _chats: dict[int, Chat] = field(default_factory=dict)
    """of the rows that wait, by their ids"""
    _queue: asyncio.Queue[_Waiting] = field(default_factory=asyncio.Queue)

    @property
    def chats(self) -> frozenset[Chat]:
        """In which something waits: what comes after it waits too."""
        return frozenset(self._chats.values())

    def may_help(self, row: InboxRow, ctx: Context) -> bool:
        """A resident's words in a building's group, in the middle band, and nobody was asked yet."""
        message, group = row.incoming, ctx.group
        if row.verdict is not None or not ctx.verdict.unsure or message.kind not in _WORDS:
            return False
        if ctx.staff is not None or ctx.sender.opted_out or group is None or group.role is not GroupRole.BUILDING:
            return False
        return self.opinion.available()

    def ask(self, row: InboxRow, ctx: Context) -> None:
        """Returns at once; the asking itself is done in ``run`` or ``step``."""
        if row.id not in self._chats:
            self._chats[row.id] = row.incoming.chat
            self._queue.put_nowait(_Waiting(row, ctx.verdict, ctx.community))

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                waiting = await self._queue.get()
                group.create_task(self._advise(waiting))

    async def step(self) -> int:
        """All that wait, to their ends; how many."""
        waiting = [self._queue.get_nowait() for _ in range(self._queue.qsize())]
        async with asyncio.TaskGroup() as group:
            for each in waiting:
                group.create_task(self._advise(each))
        return len(waiting)

    async def _advise(self, waiting: _Waiting) -> None:
        row, began = waiting.row, time.perf_counter()
        verdict = weighed(waiting.verdict, await self._opinion_on(waiting))
        log.info(
            "second_opinion", message=row.id, chat=row.incoming.chat.id, advice=verdict.advice,
            confidence=verdict.confidence, milliseconds=round((time.perf_counter() - began) * 1000, 1),
        )  # fmt: skip
        try:
            async with self.store.begin(self.clock.now()) as work:
                await work.inbox.judged(row, verdict)
        except StoreError as error:  # asked again when the store is back: the answer is still in the client's memory
            log.warning("second_opinion.not_kept", message=row.id, error=str(error))
        finally:
            del self._chats[row.id]
            self.rung.ring()

    async def _opinion_on(self, waiting: _Waiting) -> Opinion | None:
        try:
            return await self.opinion.ask(for_model(waiting.row.incoming.text, waiting.community))
        except Exception:  # a fault of ours here must not stop the bot, nor come back with the same message
            log.exception("second_opinion.broken", message=waiting.row.id)
            return None
