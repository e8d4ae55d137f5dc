"""The wechaty channel: one account on one puppet service. Here its parts meet; compat.prepare() comes first."""

import asyncio
import mimetypes
from dataclasses import replace

from bot.channels.wechaty.account import account
from bot.channels.wechaty.failures import UNREADABLE, not_fetched
from bot.channels.wechaty.hearing import Hearing
from bot.channels.wechaty.listening import Listening
from bot.channels.wechaty.sending import Sending
from bot.channels.wechaty.settings import CHANNEL, WechatySettings
from bot.channels.wechaty.translation import media_of
from domain.errors import ChannelError
from domain.messages import File, MediaHandle, Outgoing, Receipt
from domain.ports import ChannelHealth, Clock, Link, Sink


class WechatyChannel:
    """Implements domain.ports.Channel."""

    name = CHANNEL
    replays = False

    def __init__(self, settings: WechatySettings, token: str, groups: frozenset[str], clock: Clock) -> None:
        self.pace = settings.pace.pace()
        self._groups = groups
        self._account = account(settings, token, clock)
        self._sending = Sending(self._account)

    async def run(self, sink: Sink) -> None:
        account = self._account
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(Listening(account, self._groups, sink).run())
                group.create_task(Hearing(account, sink).run())
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None  # the sink's own error, as it raised it
        finally:
            account.puppet.disconnect()
            account.open.clear()
            account.state.stop()

    async def send(self, message: Outgoing) -> Receipt:
        self._check_link(Link.UP)
        return Receipt(await self._sending.send(message), self._account.clock.now())

    async def fetch(self, handle: MediaHandle) -> File:
        found = media_of(handle.handle)
        if found is None:
            raise ChannelError(f"wechaty has no file {handle.handle!r}", retry=False)
        self._check_link(Link.UP, Link.LOGGED_OUT)
        message, image = found
        try:
            file = await self._account.puppet.read_file(message, image=image)
        except UNREADABLE as error:
            raise not_fetched(error, self._account.token) from None
        return _named(file, handle)

    def health(self) -> ChannelHealth:
        return self._account.state.health()

    def _check_link(self, *good: Link) -> None:
        health = self.health()
        if health.link not in good:
            raise ChannelError(f"wechaty is {health.link.value}: {health.detail}")


def _named(file: File, handle: MediaHandle) -> File:
    """Services leave out name or type, or say that everything is an octet stream."""
    name = handle.name or file.name
    guessed = mimetypes.guess_type(name)[0] or mimetypes.guess_type(file.name)[0]
    known = file.mime if file.mime != "application/octet-stream" else ""
    return replace(file, name=name, mime=known or guessed or "application/octet-stream")
