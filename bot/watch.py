"""Notes until when each channel was heard, so that a restart can say what a network does not deliver again."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from bot.clocks import RunningClock
from bot.ingest import Ingest
from domain.errors import StoreError
from domain.ports import Channel, Link
from domain.queues import Hearing

LOOK_SECONDS = 10.0
LAST_NOTE_SECONDS = 5.0
log = structlog.get_logger("watch")


@dataclass(slots=True)
class Watch:
    """For channels whose network replays nothing. What they miss while this process runs they say themselves."""

    channels: Mapping[str, Channel]
    hearing: Hearing
    ingest: Ingest
    clock: RunningClock
    _begun: set[str] = field(default_factory=set)

    async def run(self) -> None:
        """Until cancelled; then it notes once more until when they were heard."""
        try:
            while True:
                await self.step()
                await asyncio.sleep(LOOK_SECONDS)
        except asyncio.CancelledError:
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_NOTE_SECONDS):
                    await self.step()
            raise

    async def step(self) -> None:
        """A store that is away is no reason to stop: the old note says more is missing, never less."""
        for name, channel in self.channels.items():
            if channel.replays or channel.health().link is not Link.UP:
                continue
            try:
                await self._heard(name)
            except StoreError as error:
                log.warning("watch.store_unavailable", channel=name, error=str(error))

    async def _heard(self, name: str) -> None:
        now = self.clock.now()
        if name not in self._begun:
            before = await self.hearing.until(name)
            self._begun.add(name)
            if before is not None and before < now:
                await self.ingest.gap(name, before, now)
        if await self.ingest.say_gaps():
            await self.hearing.note(name, now)
