"""The running parts and how they start and stop. Built in app.py."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from bot.adviser import Adviser
from bot.auditor import Auditor
from bot.delivery import Delivery
from bot.dispatcher import Dispatcher
from bot.enclosing import Fetcher
from bot.feeds import Feed
from bot.health import Doctor
from bot.ingest import Ingest
from bot.metrics import Metrics
from bot.push import Receiver
from bot.timekeeper import Timekeeper
from bot.watch import Watch
from domain.ports import Channel, ReadModels, Store

log = structlog.get_logger("machine")
Loop = Callable[[], Coroutine[Any, Any, None]]
Wrapped = Callable[[str, Callable[[], Awaitable[None]]], Coroutine[Any, Any, None]]
"""(channel's name, its run) to what is run instead: only while this process has the account."""


@dataclass(frozen=True, slots=True)
class Machine:
    channels: Mapping[str, Channel]
    ingest: Ingest
    dispatcher: Dispatcher
    fetcher: Fetcher
    deliveries: Mapping[str, Delivery]
    timekeeper: Timekeeper
    auditor: Auditor
    store: Store
    read_models: ReadModels
    doctor: Doctor
    watch: Watch
    metrics: Metrics
    alone: Wrapped
    feeds: Sequence[Feed] = ()
    receiver: Receiver | None = None
    adviser: Adviser | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop``; then one part after the other, in the direction that messages take: what was heard is made
        durable, what is being handled is committed or left in the inbox, what is being sent is recorded.

        A loop that dies takes the others with it: half a bot is worse than one that is started again.
        """
        async with asyncio.TaskGroup() as group:
            phases = [[group.create_task(loop(), name=name) for name, loop in phase] for phase in self._phases()]
            await stop.wait()
            log.info("machine.stopping")
            for phase in phases:
                for task in phase:
                    task.cancel()
                await asyncio.wait(phase)
        log.info("machine.stopped")

    def _workers(self) -> list[tuple[str, Loop]]:
        parts: list[tuple[str, Loop]] = [("dispatcher", self.dispatcher.run)]
        parts += [("adviser", self.adviser.run)] if self.adviser else []
        parts += [("fetcher", self.fetcher.run), ("timekeeper", self.timekeeper.run), ("auditor", self.auditor.run)]
        parts += [(f"feed {feed.source.name}", feed.run) for feed in self.feeds]
        parts += [("push", self.receiver.run)] if self.receiver else []
        return parts

    def _phases(self) -> Sequence[Sequence[tuple[str, Loop]]]:
        return (
            [("watch", self.watch.run), *self._channels()],
            [("ingest", self.ingest.run)],
            self._workers(),
            [(f"delivery {name}", delivery.run) for name, delivery in self.deliveries.items()],
        )

    def _channels(self) -> Sequence[tuple[str, Loop]]:
        """The watch is stopped just before them: it sees whether they were heard to the end."""
        return [(f"channel {name}", self._listening(name, channel)) for name, channel in self.channels.items()]

    def _listening(self, name: str, channel: Channel) -> Loop:
        return lambda: self.alone(name, lambda: channel.run(self.ingest))
