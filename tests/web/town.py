"""The web chat with the real console channel behind it and a bot that answers like a parrot."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from bot.channels.console import Console, ConsoleSettings, PersonSettings, connect
from domain.messages import Chat, File, Incoming, Mention, Outgoing
from domain.ports import Link
from domain.vocabulary import MessageKind
from tests.channels.console_rig import community
from tests.channels.rig import ListeningSink, until
from web import Health, WebOptions, make_app, serving
from web.options import Page, Probes

CHINA = timezone(timedelta(hours=8))
G3 = Chat("console", "g3")
PEOPLE = (
    PersonSettings(id="r-301", name="张阿姨", building="3", home="2单元1801"),
    PersonSettings(id="r-302", name="老周", building="3", home="3单元602"),
    PersonSettings(id="r-501", name="小陈", building="5", home="1单元601"),
)


class ChinaClock:
    def now(self) -> datetime:
        return datetime.now(UTC).astimezone(CHINA)


class Parrot(ListeningSink):
    """A fake bot: says back what it hears, to whom and with the photos, when it is addressed or hears of water."""

    def __init__(self) -> None:
        super().__init__()
        self.room: Console

    async def accept(self, messages: Sequence[Incoming]) -> None:
        await super().accept(messages)
        for message in messages:
            if message.kind is not MessageKind.RECALL and (message.addressed or "水" in message.text or message.media):
                await self.room.send(await self._answer(message))

    async def _answer(self, message: Incoming) -> Outgoing:
        files = [await self.room.fetch(handle) for handle in message.media]
        again = tuple(File(f"回{file.name}", file.mime, file.data) for file in files)
        who = Mention(message.sender, message.sender_name)
        text = f"@{message.sender_name} 听到了:{message.text}"
        return Outgoing((1,), message.chat, text, mentions=(who,), files=again, reply_to=message.external_id)


class Town:
    def __init__(self, address: str, room: Console, bot: Parrot, server: AsyncExitStack) -> None:
        self.address = address.rstrip("/")
        self.room = room
        self.bot = bot
        self._server = server

    async def stop(self) -> None:
        """The pages go down, the bot stays."""
        await self._server.aclose()

    def url(self, path: str) -> str:
        return self.address + path


async def _figures() -> Page:
    return Page(b"louqun_channel_up 1\n", "text/plain; version=1.0.0; charset=utf-8")


async def _well() -> Health:
    return Health(ok=True, details={"link": "up"})


async def _starting() -> Health:
    return Health(ok=False, details={"database": "starting"})


@asynccontextmanager
async def town(folder: Path, port: int = 0, demo: bool = True) -> AsyncIterator[Town]:
    room = connect(ConsoleSettings(folder=folder, people=PEOPLE), community(), ChinaClock())
    bot = Parrot()
    bot.room = room
    hosts = ConsoleSettings(folder=folder).hosts()
    options = WebOptions("广达路社区", b"a secret of the tests", ChinaClock(), demo=demo, hosts=hosts)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(room.run(bot))
        await until(lambda: room.health().link is Link.UP, "the channel is up")
        app = make_app(room, options, Probes(_well, _starting, _figures))
        async with AsyncExitStack() as server:
            address = await server.enter_async_context(serving(app, "127.0.0.1", port))
            yield Town(address, room, bot, server)
        running.cancel()
