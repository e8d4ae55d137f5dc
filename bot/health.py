"""What /healthz and /readyz say: links of the channels, gaps, what waits. No secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import StoreError
from domain.messages import Json
from domain.ports import Channel, Clock, Inbox, Link
from web.options import Health

BEHIND = 1000
"""Waiting messages that mean: it does not keep up."""
GAP_SHOWN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Doctor:
    channels: Mapping[str, Channel]
    inbox: Inbox
    clock: Clock
    gaps: Mapping[str, tuple[datetime, datetime]]

    async def alive(self) -> Health:
        """The process does its work: a loop that dies takes the process with it."""
        return Health(ok=True, details={"channels": self._links(), "gaps": self._gaps()})

    async def ready(self) -> Health:
        """Messages come in and are kept up with."""
        details: dict[str, Json] = {"channels": self._links(), "gaps": self._gaps()}
        try:
            depth = await self.inbox.depth()
        except StoreError as error:
            return Health(ok=False, details={**details, "database": str(error)})
        up = all(channel.health().link is Link.UP for channel in self.channels.values())
        return Health(ok=up and depth < BEHIND, details={**details, "database": "up", "waiting": depth})

    def _links(self) -> dict[str, Json]:
        return {name: self._link(channel) for name, channel in self.channels.items()}

    def _link(self, channel: Channel) -> Json:
        health = channel.health()
        return {"link": health.link.value, "since": health.since.isoformat(), "detail": health.detail}

    def _gaps(self) -> list[Json]:
        recent = [(n, since, until) for n, (since, until) in self.gaps.items() if until > self.clock.now() - GAP_SHOWN]
        return [{"channel": n, "since": s.isoformat(), "until": u.isoformat()} for n, s, u in recent]
