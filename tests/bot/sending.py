"""A delivery to test: the real queue, pace and texts, a network whose moods are scripted, a clock set by hand."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.community import community
from bot.clocks import Bell, ManualClock
from bot.config import Config
from bot.delivery import Delivery
from bot.enclosing import Enclosing
from bot.exports import Exporter
from bot.pacer import Pacer
from bot.roster import community_of
from bot.texts import shipped
from documents.intake import normalise
from documents.press import draw
from domain.errors import ChannelError
from domain.messages import Chat, File, MediaHandle, Outgoing, Receipt, Reply
from domain.ports import ChannelHealth, Link, Pace, Sink
from domain.roster import Community
from domain.vocabulary import Priority, ReplyKind
from storage.database import Database, open_database
from storage.media_files import MediaFiles
from tests.moments import NOON

NAME = "console"


@dataclass
class Network:
    """link: what the channel says of itself. broken: asked for the error of each send, None when it goes well."""

    clock: ManualClock
    name: str = NAME
    pace: Pace = field(default_factory=lambda: Pace(same_chat_seconds=0))
    replays: bool = False
    link: Link = Link.UP
    broken: Callable[[Outgoing], ChannelError | None] = lambda _: None
    tries: list[tuple[datetime, Outgoing]] = field(default_factory=list)
    said: list[tuple[datetime, Outgoing]] = field(default_factory=list)

    async def run(self, sink: Sink) -> None:
        del sink

    async def send(self, message: Outgoing) -> Receipt:
        now = self.clock.now()
        self.tries.append((now, message))
        error = self.broken(message)
        if error is not None:
            raise error
        self.said.append((now, message))
        return Receipt((f"n{len(self.said)}",), now)

    async def fetch(self, handle: MediaHandle) -> File:
        raise ChannelError(f"no file {handle.handle}", retry=False)

    def health(self) -> ChannelHealth:
        return ChannelHealth(self.link, NOON, "as the test wants it")

    @property
    def texts(self) -> list[str]:
        return [message.text for _, message in self.said]

    @property
    def rows(self) -> list[int]:
        """In the order in which they went out."""
        return [id for _, message in self.said for id in message.ids]


@dataclass
class Office:
    """One account's delivery, stepped by hand."""

    database: Database
    network: Network
    delivery: Delivery
    clock: ManualClock

    async def put(self, *replies: Reply) -> None:
        async with self.database.store.begin(self.clock.now()) as work:
            await work.outbox.put(replies, self.clock.now())

    async def passes(self, **span: float) -> None:
        """Time goes by; what is due on the way is tried at its own time."""
        until = self.clock.now() + timedelta(**span)
        while True:
            await self.settle()
            due = await self.delivery.next_due()
            soon = self.clock.now() + timedelta(seconds=15 if self.delivery.pause else 1)
            if due is None or self.network.link is not Link.UP or max(due, soon) >= until:
                break
            self.clock.set(max(due, soon))
        self.clock.set(until)
        await self.settle()

    async def settle(self) -> None:
        """Until nothing more happens at this moment."""
        while await self.delivery.step():
            pass

    async def left(self) -> dict[str, int]:
        """How many rows did not go out, by state."""
        counts: Counter[str] = Counter()
        for one in await self.database.deliveries.backlog():
            counts[one.state] += one.count
        return dict(counts)


@asynccontextmanager
async def office(
    url: str, folder: Path, *, config: Config | None = None, start: datetime = NOON
) -> AsyncIterator[Office]:
    """Twenty buildings with their groups g1 … g20, and the staff group."""
    town = community_of(config or Config.model_validate(community(20)))
    zone = ZoneInfo(town.timezone)
    clock = ManualClock(start, zone)
    async with open_database(url, town, zone) as database:
        network = Network(clock)
        yield Office(database, network, sender(database, town, network, folder), clock)


def sender(database: Database, town: Community, network: Network, folder: Path) -> Delivery:
    """As after a start: it remembers nothing."""
    tables = Exporter(database.read_models, database.store, town).file
    media = MediaFiles(folder, normalise)
    enclosing = Enclosing(database.store, media, network.clock, draw, shipped(), tables)
    held = asyncio.Event()
    held.set()
    return Delivery(
        network, database.deliveries, database.store, shipped(), enclosing, town, network.clock,
        Pacer(network.pace, Random(1)), Bell(), held,
    )  # fmt: skip


def group(n: int) -> Chat:
    return Chat(NAME, f"g{n}")


def answer(chat: Chat, **more) -> Reply:
    return Reply(chat, "opted_in", kind=ReplyKind.COMMAND, priority=Priority.ANSWER, **more)


def warning(chat: Chat, **more) -> Reply:
    return Reply(chat, "opted_in", kind=ReplyKind.BROADCAST, priority=Priority.EMERGENCY, **more)
