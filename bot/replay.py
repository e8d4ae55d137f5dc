"""The whole bot on a transcript, on a virtual clock: the same input gives the same bytes."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from bot.app import App, Setting, open_app
from bot.clocks import ManualClock
from bot.config import Config
from bot.identifiers import SeededIds
from bot.roster import CONSOLE, community_of
from bot.sources.recorded import recorded
from bot.sources.source import Source
from bot.stage import Stage
from bot.summary import summary_of
from bot.transcript import Happening
from domain.messages import Chat, Incoming, Json, MediaHandle, Person, Quote
from domain.ports import Understanding
from domain.vocabulary import MessageKind

MOST_ROUNDS = 100_000
"""Between two events: more rounds than this mean that something feeds itself."""


@dataclass(slots=True)
class Player:
    """Steps the machine's parts one after the other; nothing runs beside it."""

    app: App
    stage: Stage
    clock: ManualClock
    _looks: dict[str, datetime] = field(default_factory=dict)
    """when each source of warnings is read next; at once, the first time"""

    async def play(self, happenings: Sequence[Happening]) -> None:
        for happening in happenings:
            await self.pass_time(happening.at)
            if happening.until is not None:
                await self.pass_time(happening.until)
            elif happening.feed is None:
                await self.app.machine.ingest.inbox.put(
                    [incoming(happening, self.stage.name, self.clock.now())], self.clock.now()
                )
                await self.settle()

    async def pass_time(self, to: datetime) -> None:
        """Everything that falls due on the way happens at its own time."""
        for _ in range(MOST_ROUNDS):
            if await self._read_sources():
                await self.settle()
            due = await self._next_due()
            if due is None or due > to:
                break
            self.clock.set(due)
            await self.app.machine.timekeeper.fire_what_is_due()
            await self.settle()
        self.clock.set(to)

    async def _read_sources(self) -> bool:
        """Whether one was to be read now."""
        now = self.clock.now()
        due = [feed for feed in self.app.machine.feeds if self._looks.get(feed.name, now) <= now]
        for feed in due:
            await feed.step()
            self._looks[feed.name] = now + timedelta(seconds=feed.pause())
        return bool(due)

    async def settle(self) -> None:
        """Until nothing more happens at this moment."""
        machine = self.app.machine
        for _ in range(MOST_ROUNDS):
            handled = await machine.dispatcher.step()
            fetched = await machine.fetcher.step()
            sent = [await delivery.step() for delivery in machine.deliveries.values()]
            advised = await machine.adviser.step() if machine.adviser else 0
            if not (handled or fetched or any(sent) or advised):
                return

    async def _next_due(self) -> datetime | None:
        database = self.app.database
        found = [await delivery.next_due() for delivery in self.app.machine.deliveries.values()]
        found += [self._looks.get(feed.name, self.clock.now()) for feed in self.app.machine.feeds]
        dues = [due for due in (*found, await database.read_models.next_due()) if due is not None]
        return max(min(dues), self.clock.now() + timedelta(milliseconds=1)) if dues else None


def incoming(happening: Happening, channel: str, now: datetime) -> Incoming:
    person = Person(channel, happening.sender)
    chat = Chat(channel, happening.group) if happening.group is not None else Chat.with_person(person)
    media = (MediaHandle(str(happening.file), happening.file.name),) if happening.file else ()
    return Incoming(
        channel=channel,
        external_id=happening.id,
        chat=chat,
        sender=person,
        at=now,
        kind=happening.kind,
        sender_name=happening.name,
        text="" if happening.kind in {MessageKind.RECALL, MessageKind.JOIN} else happening.text,
        media=media,
        mentions_bot=happening.mentions_bot,
        quote=Quote(happening.quote) if happening.quote else None,
        recalls=happening.recalls,
    )


@asynccontextmanager
async def on_stage(
    config: Config,
    start: datetime,
    media_folder: Path | None = None,
    *,
    understanding: Understanding | None = None,
    sources: Sequence[Source] = (),
) -> AsyncIterator[Player]:
    """A fresh embedded database; gone afterwards."""
    community = community_of(config, everything_on=CONSOLE)
    zone = ZoneInfo(community.timezone)
    clock = ManualClock(start, zone)
    stage = Stage(clock, media_folder)
    with tempfile.TemporaryDirectory(prefix="louqun-replay-") as folder:
        setting = Setting(
            community, clock, {stage.name: stage}, ":memory:", Path(folder), SeededIds(),
            sources=sources,
            understanding=understanding,
            chance=Random(1),  # noqa: S311  a replay must be the same twice
        )  # fmt: skip
        async with open_app(config, setting) as app:
            yield Player(app, stage, clock)


async def replay(
    config: Config, happenings: Sequence[Happening], media_folder: Path | None
) -> tuple[list[dict[str, Json]], dict[str, Json]]:
    """What the bot sent, in order, and the summary."""
    start = happenings[0].at if happenings else datetime.now(UTC)
    sources = recorded(happenings, config.community.area_codes, ZoneInfo(config.community.timezone))
    async with on_stage(config, start, media_folder, sources=sources) as player:
        await player.play(happenings)
        summary = await summary_of(player.app.machine.read_models)
        return player.stage.lines, summary
