"""Reads the sources of official warnings and passes on what is new, without a person where the configuration says so.

A source that cannot be read says nothing: what stood before still stands, and staff are told after a few misses.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

import structlog

from bot.clocks import Bell, RunningClock
from bot.roster import as_it_is
from bot.sources.source import Batch, Refused, Source, SourceError
from domain.announcements import all_staff_chats
from domain.errors import StoreError
from domain.messages import Json, Reply
from domain.ports import Store, UnitOfWork
from domain.relaying import decide, without_a_person
from domain.roster import Community
from domain.vocabulary import Priority, ReplyKind
from domain.warnings import OfficialWarning
from handlers.passing_on import LOOK_BACK, pass_on
from handlers.storm_keeping import Keeping

AWAY = timedelta(hours=6)
"""After so long what a feed says is loaded silently."""
NOTED_EVERY = timedelta(minutes=1)
MISSES = 3
STOPPED = timedelta(hours=1)
"""Until the next look, where only a person can mend it."""
LONGEST_BACKOFF = 10
"""Powers of two, in seconds."""
log = structlog.get_logger("feeds")


class Hearing(Protocol):
    async def until(self, channel: str) -> datetime | None: ...

    async def note(self, channel: str, until: datetime) -> None: ...


@dataclass(slots=True)
class Feed:
    """One source. levels: those that are passed on without a person. spoken: rung when something was put."""

    source: Source
    levels: Collection[str]
    hearing: Hearing
    store: Store
    community: Community
    clock: RunningClock
    spoken: Bell
    chance: Random = field(default_factory=Random)
    misses: int = 0
    stopped: bool = False

    async def run(self) -> None:
        while True:
            try:
                await self.step()
            except StoreError as error:  # nothing was committed: the same is read again
                log.warning("feed.store_unavailable", source=self.source.name, error=str(error))
            await asyncio.sleep(self.pause())

    def pause(self) -> float:
        """Seconds until the next look: after an error 2^c with jitter, and never sooner than usual."""
        if self.stopped:
            return STOPPED.total_seconds()
        usual = self.source.every.total_seconds()
        if not self.misses:
            return usual
        seconds = 2.0 ** min(self.misses, LONGEST_BACKOFF)
        return max(usual, seconds + self.chance.uniform(0, seconds - 1))

    async def step(self) -> None:
        """One look at the source, in one commit with what is said."""
        now = self.clock.now()
        try:
            batch = await self.source.fetch(now)
            await self._take(batch, now)
            await self.source.dealt_with(batch)
        except SourceError as error:
            await self._missed(error, now)

    async def _take(self, batch: Batch, now: datetime) -> None:
        key = f"warnings:{self.source.name}"
        last = await self.hearing.until(key)
        silent = last is None or now - last > AWAY
        back = self.stopped or self.misses >= MISSES
        if batch.warnings or batch.refused or back:
            async with self.store.begin(now) as work:
                replies = [*self._back(back=back), *self._refused(batch.refused)]
                replies += await self._pass_on(work, batch.warnings, now, silent=silent)
                await work.outbox.put(replies, now)
            if replies:
                self.spoken.ring()
        if last is None or now - last >= NOTED_EVERY:
            await self.hearing.note(key, now)
        self.misses, self.stopped = 0, False

    async def _pass_on(
        self, work: UnitOfWork, warnings: Sequence[OfficialWarning], now: datetime, *, silent: bool
    ) -> list[Reply]:
        """In the order in which they were issued, whatever the order in the feed; each once."""
        community = await as_it_is(self.community, work, now)
        keeping, replies = Keeping(work, community, now, ""), list[Reply]()
        for warning in sorted(warnings, key=lambda w: (w.issued_at, w.action.order, w.key)):
            known = await work.storms.editions(now - LOOK_BACK)
            if any((e.warning.key, e.warning.level, e.warning.action) == _same(warning) for e in known):
                continue
            found = decide(warning, known, now, community.preparation.again_after)
            decision = without_a_person(found, warning, levels=self.levels, silent=silent)
            log.info(
                "warning", source=self.source.name, key=warning.key, warning=warning.name, relay=decision.relay.value,
                why=decision.why.value, delay_seconds=round((now - warning.issued_at).total_seconds()),
            )  # fmt: skip
            replies += await pass_on(keeping, warning, decision)
        return replies

    async def _missed(self, error: SourceError, now: datetime) -> None:
        """What only a person can mend is told at once, the rest after a few misses."""
        reason, told = str(error), self.stopped or self.misses >= MISSES
        self.misses, self.stopped = self.misses + 1, error.stop
        log.warning("feed.missed", source=self.source.name, misses=self.misses, error=reason)
        if not told and (self.stopped or self.misses >= MISSES):
            await self._tell([self._say("feed_lost", misses=self.misses, reason=reason)], now)

    async def _tell(self, posts: Sequence[Sequence[Reply]], now: datetime) -> None:
        async with self.store.begin(now) as work:
            await work.outbox.put([reply for post in posts for reply in post], now)
        self.spoken.ring()

    def _back(self, *, back: bool) -> list[Reply]:
        return self._say("feed_back") if back else []

    def _refused(self, refused: Sequence[Refused]) -> list[Reply]:
        return [
            reply for one in refused for reply in self._say("feed_refused", one.item, item=one.item, reason=one.reason)
        ]  # fmt: skip

    def _say(self, template: str, once: str = "", **params: Json) -> list[Reply]:
        """To staff. once: said under this word a single time."""
        key = f"{template}:{self.source.name}:{once}" if once else None
        return [
            Reply(
                chat, template, {"source": self.source.name, **params}, ReplyKind.ALERT, Priority.ANSWER,
                dedupe_key=key,
            )
            for chat in all_staff_chats(self.community)
        ]  # fmt: skip


def _same(warning: OfficialWarning) -> tuple[str, str, object]:
    return warning.key, warning.level, warning.action
