"""Whether an account's link is believed to work. While it is not, delivery pauses: nothing uses up its tries."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from domain.errors import ChannelError
from domain.messages import Chat
from domain.ports import Channel, Link

OPENS_AFTER = 5
"""So many sends in a row that failed, in more than one chat, mean the link and not a message or a group."""
FIRST_PROBE = timedelta(seconds=1)
LONGEST_PROBE = timedelta(seconds=5)
"""Short enough that an acknowledgement is not late because of a link that only seemed to be down."""
PROBED_AGAIN = timedelta(seconds=30)
"""A chat whose head was the probe lets the other chats have theirs first."""
log = structlog.get_logger("delivery")


@dataclass(frozen=True, slots=True)
class Pause:
    since: datetime
    why: str


@dataclass(slots=True)
class Breaker:
    """Closed: everything goes. Open, after failures in a row: the head message is tried once in a while. Cut, as the
    channel says itself: nothing is tried.
    """

    channel: Channel
    _streak: int = 0
    _chats: set[Chat] = field(default_factory=set)
    _worked: bool = False
    _pause: Pause | None = None
    _probe: timedelta = FIRST_PROBE
    _probe_at: datetime | None = None

    @property
    def pause(self) -> Pause | None:
        """For the health page."""
        health = self.channel.health()
        return self._pause if health.link is Link.UP else Pause(health.since, f"{health.link.value}: {health.detail}")

    @property
    def cut(self) -> bool:
        return self.channel.health().link is not Link.UP

    @property
    def open(self) -> bool:
        return self._pause is not None

    def may_send(self, now: datetime) -> bool:
        """A probe that is due further ahead than any wait is of a clock that was set back."""
        if self.cut:
            return False
        return self._probe_at is None or not now < self._probe_at <= now + LONGEST_PROBE

    def worked(self) -> bool:
        """Something went out. Whether that ends a pause."""
        ended = self._pause is not None
        if self._pause is not None:
            log.info("delivery.resumed", channel=self.channel.name, paused_since=self._pause.since.isoformat())
        self._streak, self._worked, self._pause = 0, True, None
        self._chats.clear()
        self._probe, self._probe_at = FIRST_PROBE, None
        return ended

    def failed(self, chat: Chat, error: ChannelError, now: datetime) -> None:
        """A network that says when to come again is there."""
        if error.after_seconds is not None or self.cut:
            return
        self._streak += 1
        self._chats.add(chat)
        if self._pause is None and (self._streak < OPENS_AFTER or len(self._chats) < 2):
            return
        if self._pause is None:
            self._pause = Pause(now, f"{self._streak} sends in a row failed: {error}")
            log.error("delivery.paused", channel=self.channel.name, why=self._pause.why)
        self._probe_at, self._probe = now + self._probe, min(self._probe * 2, LONGEST_PROBE)

    def reachable(self, attempts: int) -> bool:
        """Whether anything else of the account went out during the last ``attempts`` tries of a message: then it is
        the message or its chat that is at fault."""
        return self._worked and self._streak < attempts
