"""Takes warnings that a platform pushes to us: through the same door into the database as what we read ourselves."""

import asyncio
import hashlib
import os
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

import structlog

from bot.clocks import RunningClock
from bot.feeds import AWAY, NOTED_EVERY, Failure, Hearing, Teller
from bot.intake import Intake
from bot.sources.cap import read_cap
from bot.sources.safe_xml import Unreadable
from bot.sources.source import Fault, Refused
from domain.errors import ConfigError, StoreError
from domain.storm_ports import SOURCE_KEY
from domain.warnings import OfficialWarning
from web.push import Unusable

VARIABLE = "LOUQUN_PUSH_SECRET"
SHORTEST_SECRET = 16
log = structlog.get_logger("push")


@dataclass(slots=True)
class Receiver:
    """One for all that is pushed. It is heard as long as this process listens: what was issued before, while nobody
    listened for hours, is loaded silently like what a feed had. areas: as of a feed.
    """

    name: str
    intake: Intake
    hearing: Hearing
    clock: RunningClock
    areas: Collection[str]
    zone: tzinfo
    misses: int = 0
    heard_at: datetime | None = None
    failure: Failure | None = None
    _old_until: datetime | None = None
    _begun: bool = False
    _beginning: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self) -> None:
        while True:
            try:
                await self.listen()
            except StoreError as error:
                log.warning("push.store_unavailable", error=str(error))
            await asyncio.sleep(NOTED_EVERY.total_seconds() / self.clock.speed)

    async def listen(self) -> None:
        """Notes that somebody listens."""
        await self._begin()
        await self.hearing.note(f"{SOURCE_KEY}{self.name}", self.clock.now())

    async def take(self, data: bytes) -> str:
        """In the database when it returns. Raises Unusable, StoreError."""
        await self._begin()
        now = self.clock.now()
        try:
            alert = await asyncio.to_thread(read_cap, data, self.zone)
        except Unreadable as error:
            await self._refuse(data, str(error), now)
            raise Unusable(str(error)) from error
        self.heard_at = now
        if self.areas and not alert.areas & set(self.areas):
            return "elsewhere"
        news = await self.intake.take(self.name, [alert.warning], now, self._silent)
        return "accepted" if news else "known"

    async def _begin(self) -> None:
        async with self._beginning:
            if self._begun:
                return
            now, last = self.clock.now(), await self.hearing.until(f"{SOURCE_KEY}{self.name}")
            self._old_until = now if last is None or now - last > AWAY else None
            self._begun = True

    def _silent(self, warning: OfficialWarning) -> bool:
        return self._old_until is not None and warning.issued_at < self._old_until - timedelta(minutes=15)

    async def _refuse(self, data: bytes, reason: str, now: datetime) -> None:
        """Staff are told once of each file; the platform is told each time, and keeps it."""
        self.failure = Failure(now, Fault.NOT_IN_FORM, reason)
        item = hashlib.sha256(data).hexdigest()[:12]
        log.warning("push.refused", item=item, reason=reason)
        told = Teller(self.name, self.intake.community).refused([Refused(item, reason)])
        await self.intake.take(self.name, (), now, self._silent, told)


def secret_of_environment() -> bytes:
    """Raises ConfigError."""
    secret = os.environ.get(VARIABLE, "").strip()
    if len(secret) < SHORTEST_SECRET:
        raise ConfigError(
            f"{VARIABLE}: expected at least {SHORTEST_SECRET} characters in the environment, such as "
            "`openssl rand -hex 32` gives; warnings.sources has a {push: …}"
        )
    return secret.encode()
