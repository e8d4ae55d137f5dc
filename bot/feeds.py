"""Reads the sources of official warnings and passes on what is new, without a person where the configuration says so.

A source that cannot be read says nothing: what stood before still stands, and staff are told after a few misses.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

import structlog

from bot.clocks import RunningClock
from bot.intake import Intake
from bot.sources.source import Batch, Fault, Refused, Source, SourceError
from domain.announcements import all_staff_chats
from domain.errors import StoreError
from domain.messages import Json, Reply
from domain.roster import Community
from domain.storm_ports import SOURCE_KEY
from domain.vocabulary import Priority, ReplyKind

AWAY = timedelta(hours=6)
"""After so long what a feed says is loaded silently."""
NOTED_EVERY = timedelta(minutes=1)
MISSES = 3
STOPPED = timedelta(hours=1)
"""Until the next look, where only a person can mend it."""
LONGEST_BACKOFF = 8
ASKED_TOO_MUCH = 10
"""Powers of two, in seconds; the longer one where they say that we ask too often."""
log = structlog.get_logger("feeds")


class Hearing(Protocol):
    async def until(self, channel: str) -> datetime | None: ...

    async def note(self, channel: str, until: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Failure:
    at: datetime
    fault: Fault
    reason: str


@dataclass(frozen=True, slots=True)
class Teller:
    """What staff are told about a source."""

    name: str
    community: Community

    def lost(self, fault: Fault, last: datetime | None) -> list[Reply]:
        return self._say("feed_lost", fault=fault.value, since=last.isoformat() if last else None)

    def back(self, last: datetime | None, now: datetime, *, silent: bool) -> list[Reply]:
        minutes = int((now - last).total_seconds() // 60) if last else 0
        return self._say("feed_back", minutes=minutes, silent=silent and last is not None)

    def refused(self, refused: Sequence[Refused]) -> list[Reply]:
        said = (self._say("feed_refused", one.item, item=one.item, reason=one.reason) for one in refused)
        return [reply for replies in said for reply in replies]

    def _say(self, template: str, once: str = "", **params: Json) -> list[Reply]:
        """once: said under this word a single time."""
        key = f"{template}:{self.name}:{once}" if once else None
        told = {"source": self.name, **params}
        chats = all_staff_chats(self.community)
        return [Reply(chat, template, told, ReplyKind.ALERT, Priority.ANSWER, dedupe_key=key) for chat in chats]


@dataclass(slots=True)
class Feed:
    """One source. heard_at, failure: the last good look and the last bad one, for the health page."""

    source: Source
    intake: Intake
    hearing: Hearing
    clock: RunningClock
    chance: Random = field(default_factory=Random)
    misses: int = 0
    stopped: bool = False
    heard_at: datetime | None = None
    failure: Failure | None = None
    _again: timedelta = timedelta()

    @property
    def name(self) -> str:
        return self.source.name

    async def run(self) -> None:
        while True:
            try:
                await self.step()
            except StoreError as error:  # nothing was committed: the same is read again
                log.warning("feed.store_unavailable", source=self.name, error=str(error))
            await asyncio.sleep(self.pause() / self.clock.speed)

    def pause(self) -> float:
        """Seconds until the next look: after an error 2^c with jitter, and never sooner than usual or than asked."""
        usual = self.source.every.total_seconds()
        if self.stopped:
            return STOPPED.total_seconds()
        if not self.misses:
            return usual
        too_much = self.failure is not None and self.failure.fault is Fault.TOO_MANY
        seconds = 2.0 ** min(self.misses, ASKED_TOO_MUCH if too_much else LONGEST_BACKOFF)
        asked = min(self._again, STOPPED).total_seconds()
        return max(usual, asked, seconds + self.chance.uniform(0, seconds - 1))

    async def step(self) -> None:
        """One look at the source, in one commit with what is said."""
        now = self.clock.now()
        try:
            batch = await self._fetch(now)
            await self._take(batch, self.clock.now())
            await self.source.dealt_with(batch)
            if batch.missing is not None:
                raise batch.missing
        except SourceError as error:
            await self._missed(error, now)

    async def _fetch(self, now: datetime) -> Batch:
        try:
            return await self.source.fetch(now)
        except (SourceError, StoreError):
            raise
        except Exception as error:  # whatever a stranger sends, the other sources and the bot go on
            log.exception("feed.unforeseen", source=self.name)
            raise SourceError(f"{type(error).__name__}; see the log") from error

    async def _take(self, batch: Batch, now: datetime) -> None:
        last = await self.hearing.until(f"{SOURCE_KEY}{self.name}")
        silent = last is None or now - last > AWAY
        whole = batch.missing is None
        lost = whole and await self._lost_since(last)
        if batch.warnings or batch.refused or lost:
            more = [
                *(self._teller.back(last, now, silent=silent) if lost else ()),
                *self._teller.refused(batch.refused),
            ]
            await self.intake.take(self.name, batch.warnings, now, lambda _: silent, more)
        if whole and (last is None or lost or now - last >= NOTED_EVERY):
            await self.hearing.note(f"{SOURCE_KEY}{self.name}", now)
        if whole:
            self.misses, self.stopped, self.heard_at = 0, False, now

    async def _lost_since(self, last: datetime | None) -> bool:
        """Whether staff were told that it is away, by this process or an earlier one, and not yet that it is back."""
        lost_at = await self.hearing.until(self._lost)
        return lost_at is not None and (last is None or lost_at > last)

    @property
    def _lost(self) -> str:
        return f"lost:{self.name}"

    @property
    def _teller(self) -> "Teller":
        return Teller(self.name, self.intake.community)

    async def _missed(self, error: SourceError, now: datetime) -> None:
        """What only a person can mend is told at once, the rest after a few misses; once, also over restarts."""
        self.misses, self.stopped, self._again = self.misses + 1, error.stop, error.again or timedelta()
        self.failure = Failure(now, error.fault, str(error))
        log.warning("feed.missed", source=self.name, misses=self.misses, error=str(error))
        if not (self.stopped or self.misses >= MISSES):
            return
        last = await self.hearing.until(f"{SOURCE_KEY}{self.name}")
        if await self._lost_since(last):
            return
        told = self._teller.lost(error.fault, last)
        await self.intake.take(self.name, (), now, lambda _: True, told)
        await self.hearing.note(self._lost, now)
