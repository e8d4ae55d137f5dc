"""How the channel is, since when, and what it may have missed meanwhile."""

from datetime import datetime

import structlog

from domain.ports import ChannelHealth, Clock, Link

log = structlog.get_logger("wechaty")

_SAID_LOUDLY = frozenset({Link.EVICTED, Link.DOWN})


class State:
    """``missing_since``: from when on nothing was surely heard; None while nothing is missing."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._health = ChannelHealth(Link.DOWN, clock.now(), "not running")
        self.missing_since: datetime | None = None

    def health(self) -> ChannelHealth:
        return self._health

    @property
    def up(self) -> bool:
        return self._health.link is Link.UP

    def turn(self, link: Link, detail: str = "") -> None:
        """Logged when it changes, not when it repeats."""
        before = self._health
        if (before.link, before.detail) == (link, detail):
            return
        since = before.since if before.link is link else self._clock.now()
        self._health = ChannelHealth(link, since, detail)
        write = log.error if link in _SAID_LOUDLY else log.warning if before.link is Link.UP else log.info
        write("wechaty.link", link=link.value, before=before.link.value, detail=detail)

    def stop_hearing(self, since: datetime) -> None:
        """From ``since`` on messages may be missed, until ``hear_again``."""
        if self.up and self.missing_since is None:
            self.missing_since = max(since, self._health.since)

    def hear_again(self) -> datetime | None:
        """The start of what may be missing, once."""
        since, self.missing_since = self.missing_since, None
        return since
