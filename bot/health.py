"""What /healthz and /readyz say: links of the channels, gaps, what waits. No secrets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.auditor import Auditor
from bot.breaker import Pause
from bot.weather import Weather, in_words
from domain.errors import StoreError
from domain.messages import Json
from domain.ports import Channel, Clock, Link, SecondOpinion
from domain.queues import Inbox
from web.options import Health

BEHIND = 1000
"""Waiting messages that mean: it does not keep up."""
GAP_SHOWN = timedelta(hours=24)


class Sender(Protocol):
    @property
    def pause(self) -> Pause | None: ...


@dataclass(frozen=True, slots=True)
class Doctor:
    channels: Mapping[str, Channel]
    senders: Mapping[str, Sender]
    inbox: Inbox
    clock: Clock
    gaps: Mapping[str, tuple[datetime, datetime]]
    auditor: Auditor
    opinion: SecondOpinion | None = None
    troubles: Callable[[], Mapping[str, str]] = dict
    """parts that cannot write to their disk or database just now, and why; "" where they can"""
    weather: Weather | None = None

    async def alive(self) -> Health:
        """The process does its work: a loop that dies takes the process with it."""
        return Health(ok=True, details=self.state())

    async def ready(self) -> Health:
        """Messages come in and are kept up with."""
        details = self.state()
        try:
            depth = await self.inbox.depth()
            standing = await self.weather.in_force(self.clock.now()) if self.weather else []
        except StoreError as error:
            return Health(ok=False, details={**details, "database": str(error)})
        in_force: list[Json] = [in_words(warning) for warning in standing]
        links = all(channel.health().link is Link.UP for channel in self.channels.values())
        up = links and not any(self.senders[name].pause for name in self.channels)
        well = up and depth < BEHIND and self.auditor.beats() and not details["troubles"]
        return Health(ok=well, details={**details, "database": "up", "waiting": depth, "in_force": in_force})

    def state(self) -> dict[str, Json]:
        """A language model that does not answer is told here, but the bot does its work without it."""
        opinion: dict[str, Json] = {"second_opinion": self.opinion.health()} if self.opinion is not None else {}
        weather: dict[str, Json] = {"sources": self.weather.state()} if self.weather else {}
        audit = self.auditor.heartbeat()
        troubles: dict[str, Json] = {part: why for part, why in self.troubles().items() if why}
        return {
            "troubles": troubles,
            "channels": self._links(),
            "paused": self._pauses(),
            "gaps": self._gaps(),
            "audit": audit,
            **opinion,
            **weather,
        }

    def _pauses(self) -> dict[str, Json]:
        """Accounts whose messages wait for the link, since when and why."""
        paused = {name: sender.pause for name, sender in self.senders.items()}
        return {n: {"since": p.since.isoformat(), "why": p.why} for n, p in paused.items() if p is not None}

    def _links(self) -> dict[str, Json]:
        return {name: self._link(channel) for name, channel in self.channels.items()}

    def _link(self, channel: Channel) -> Json:
        health = channel.health()
        return {"link": health.link.value, "since": health.since.isoformat(), "detail": health.detail}

    def _gaps(self) -> list[Json]:
        recent = [(n, since, until) for n, (since, until) in self.gaps.items() if until > self.clock.now() - GAP_SHOWN]
        return [{"channel": n, "since": s.isoformat(), "until": u.isoformat()} for n, s, u in recent]
