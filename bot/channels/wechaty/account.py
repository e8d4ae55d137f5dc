"""What the parts of the channel share: one account on one service."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from bot.channels.wechaty.failures import BROKEN, plain
from bot.channels.wechaty.names import Names
from bot.channels.wechaty.puppet import Event, Puppet
from bot.channels.wechaty.settings import WechatySettings
from bot.channels.wechaty.state import State
from domain.ports import Clock

MOST_WAITING = 2000
"""Announced messages that are not fetched yet. Beyond that nothing more is read from the service."""


@dataclass(frozen=True, slots=True)
class Announced:
    event: Event
    at: datetime


@dataclass(slots=True)
class Account:
    """open: the event stream is there, so that calls make sense. id: empty until the first login."""

    settings: WechatySettings
    token: str
    clock: Clock
    puppet: Puppet
    names: Names
    state: State
    id: str = ""
    open: asyncio.Event = field(default_factory=asyncio.Event)
    announced: asyncio.Queue[Announced] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))

    def plain(self, error: Exception) -> str:
        return plain(error, self.token)

    async def name_of(self, contact: str, room: str = "") -> str:
        """Empty when the service does not tell it in time: a message does not wait for a name."""
        for place in dict.fromkeys((room, "")):
            try:
                async with asyncio.timeout(self.settings.name_seconds):
                    name = await self.names.name(contact, place)
            except TimeoutError:
                return ""
            except BROKEN:
                continue  # not a member any more: the person's own name will do
            if name:
                return name
        return ""


def account(settings: WechatySettings, token: str, clock: Clock) -> Account:
    puppet = Puppet(settings, token)
    return Account(settings, token, clock, puppet, Names(puppet.shown_name), State(clock))
