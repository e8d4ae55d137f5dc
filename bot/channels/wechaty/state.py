"""How the channel is, since when, and what it may have missed meanwhile."""

import logging
from datetime import datetime

import structlog

from domain.ports import ChannelHealth, Clock, Link

log = structlog.get_logger("wechaty")

NOT_RUNNING = "not running"


class State:
    """``missing_since``: from when on nothing was surely heard; None while nothing is missing."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._health = ChannelHealth(Link.DOWN, clock.now(), NOT_RUNNING)
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
        level = _level(link, before.link)
        log.log(level, "wechaty.link", link=link.value, before=before.link.value, detail=detail)

    def stop(self) -> None:
        """The channel does not run any more, as somebody wanted it."""
        self.stop_hearing(self._clock.now())
        self._health = ChannelHealth(Link.DOWN, self._clock.now(), NOT_RUNNING)

    def stop_hearing(self, since: datetime) -> None:
        """From ``since`` on messages may be missed, until ``hear_again``."""
        if self.up and self.missing_since is None:
            self.missing_since = max(since, self._health.since)

    def hear_again(self) -> datetime | None:
        """The start of what may be missing, once."""
        since, self.missing_since = self.missing_since, None
        return since


def _level(link: Link, before: Link) -> int:
    if link in {Link.EVICTED, Link.DOWN}:
        return logging.ERROR
    return logging.WARNING if before is Link.UP else logging.INFO
