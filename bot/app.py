"""The composition root: builds every part from a configuration. The only file that sees every wing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from bot.adviser import Adviser
from bot.auditor import Auditor, audit
from bot.clocks import Bell, RunningClock, SystemClock
from bot.config import Config
from bot.delivery import Delivery
from bot.dispatcher import Dispatcher
from bot.enclosing import Enclosing, Fetcher
from bot.exports import Exporter
from bot.feeds import Feed
from bot.forgetting import WithFiles
from bot.health import Doctor
from bot.identifiers import random_id
from bot.ingest import Ingest
from bot.intake import Intake
from bot.lease import Tenancy, only_process, this_process
from bot.machine import Machine, Wrapped
from bot.metrics import Ledger, Metrics
from bot.pacer import Pacer
from bot.pager import Book, Pager
from bot.pager import connected as calling
from bot.push import Receiver
from bot.roster import as_it_is, community_of
from bot.second_opinion import connected
from bot.sources.catalogue import sources_of
from bot.sources.source import Source
from bot.texts import TextFile, shipped
from bot.timekeeper import Timekeeper
from bot.watch import Watch
from bot.weather import Weather
from documents.intake import normalise
from documents.press import draw
from domain.audit import Report
from domain.ports import Channel, ReadModels, SecondOpinion, Store, Understanding
from domain.records import Code, Correction
from domain.roster import Community
from domain.vocabulary import GroupRole, IdSource, Role, StaffId
from handlers.binding import digest_of
from handlers.catalogue import TOPICS
from handlers.routing import Routing
from schedules import broadcasts, forgetting, mailings, meetings, promises, rains, storms
from storage.database import Database, open_database
from storage.dialects import sqlite_file
from storage.media_files import MediaFiles
from storage.schema import upgrade
from understanding.engine import Understander
from understanding.weights_file import read_weights

JOBS = (forgetting.job, promises.job, broadcasts.job, meetings.job, rains.job, storms.job, mailings.job)
CODE_LASTS = timedelta(days=2)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Setting:
    """What differs between the running bot, a replay and a test. url: of the database; media: the files' folder.

    drill: every text says that it is one. chance: for pauses between messages.
    """

    community: Community
    clock: RunningClock
    channels: Mapping[str, Channel]
    url: str
    media: Path
    new_id: IdSource = random_id
    drill: bool = False
    sources: Sequence[Source] | None = None
    """of warnings; None: those that the configuration names"""
    understanding: Understanding | None = None
    """None: the one that the configuration names"""
    chance: Random = field(default_factory=Random)


@dataclass(frozen=True, slots=True)
class App:
    machine: Machine
    database: Database
    code: str | None
    """the first administrator's one-time code, at the first start on a database"""


@asynccontextmanager
async def open_app(config: Config, setting: Setting) -> AsyncIterator[App]:
    """Raises ConfigError, NewerDatabase, StoreError. On the way out everything is closed in reverse."""
    async with AsyncExitStack() as stack:
        file = sqlite_file(setting.url)
        if file is not None:
            stack.enter_context(only_process(file))
        zone = ZoneInfo(setting.community.timezone)
        database = await stack.enter_async_context(open_database(setting.url, setting.community, zone))
        opinion = None
        if config.language_model is not None:
            opinion = await stack.enter_async_context(connected(config.language_model, setting.clock))
        setting = replace(setting, channels={**setting.channels, **await _pagers(config, setting, database, stack)})
        machine = _build(config, setting, database, opinion, shared=file is None and setting.url != ":memory:")
        await _adopt(database, setting)
        yield App(machine, database, await _first_code(database, setting))


async def _pagers(config: Config, setting: Setting, database: Database, stack: AsyncExitStack) -> dict[str, Channel]:
    """None where nobody may be called, as in a replay."""
    if config.pager is None or not setting.community.pagers:
        return {}
    session = await stack.enter_async_context(calling())

    async def phone_of(id: StaffId) -> str:
        now = setting.clock.now()
        async with database.store.begin(now) as work:
            person = (await as_it_is(setting.community, work, now)).staff.get(id)
        return person.phone if person is not None else ""

    async def begins(id: str) -> bool:
        return await database.housekeeping.fired(f"page {id}", EPOCH)

    book = Book(phone_of, begins)
    return {name: Pager(name, way, session, setting.clock, book) for name, way in config.pager.ways.items()}


async def _adopt(database: Database, setting: Setting) -> None:
    """The broadcasts of the configuration as it is now."""
    now = setting.clock.now()
    async with database.store.begin(now) as work:
        await work.outbox.put(await broadcasts.adopt(work, setting.community, now), now)


def _build(
    config: Config, setting: Setting, database: Database, opinion: SecondOpinion | None, *, shared: bool
) -> Machine:
    clock, community, store = setting.clock, setting.community, database.store
    texts = TextFile(config.texts.file) if config.texts.file else shipped()
    media = MediaFiles(setting.media, normalise)
    arrived, spoken, heard = Bell(), {name: Bell() for name in setting.channels}, Bell()
    everybody, held = _Choir(spoken), {name: asyncio.Event() for name in setting.channels}
    ingest = Ingest(database.inbox, store, clock, arrived, everybody)
    enclosing = Enclosing(store, media, clock, draw, texts, Exporter(database.read_models, store, community).file)
    timekeeper = Timekeeper(JOBS, WithFiles(database.housekeeping, media), store, community, clock, everybody)
    auditor = Auditor(database.read_models, store, community, clock, everybody, timekeeper.fire_what_is_due)
    understanding = setting.understanding or understander_of(config)
    adviser = Adviser(opinion, store, clock, arrived) if opinion is not None else None
    answering = {name: channel for name, channel in setting.channels.items() if not isinstance(channel, Pager)}
    deliveries, ledger = _sending(setting, database, enclosing, spoken, held)
    fetcher = Fetcher(store, media, setting.channels, clock, heard, everybody)
    troubles = partial(_troubles, ingest, fetcher, deliveries)
    weather = _weather(config, setting, database, everybody)
    doctor = Doctor(
        answering, deliveries, database.inbox, clock, ingest.gaps, auditor, opinion, troubles, weather
    )  # fmt: skip
    dispatcher = Dispatcher(
        store, understanding, Routing(TOPICS), community, clock, setting.new_id, arrived, everybody, heard, adviser,
        doctor.state,
    )  # fmt: skip
    ingest.at_once = dispatcher.take_in
    return Machine(
        channels=setting.channels,
        ingest=ingest,
        dispatcher=dispatcher,
        fetcher=fetcher,
        deliveries=deliveries,
        timekeeper=timekeeper,
        auditor=auditor,
        store=store,
        read_models=database.read_models,
        doctor=doctor,
        watch=Watch(answering, database.hearing, ingest, clock),
        adviser=adviser,
        metrics=Metrics(
            ledger, setting.channels, deliveries, database.read_models, database.deliveries, clock, weather
        ),
        alone=_with_lease(database, clock, held) if shared else _at_once(held),
        feeds=weather.feeds,
        receiver=weather.receiver,
    )  # fmt: skip


def _troubles(ingest: Ingest, fetcher: Fetcher, deliveries: Mapping[str, Delivery]) -> Mapping[str, str]:
    sending = {f"delivery {name}": delivery.trouble for name, delivery in deliveries.items()}
    return {"inbox": ingest.trouble, "media": fetcher.trouble, **sending}


def _sending(
    setting: Setting,
    database: Database,
    enclosing: Enclosing,
    spoken: Mapping[str, Bell],
    held: Mapping[str, asyncio.Event],
) -> tuple[Mapping[str, Delivery], Ledger]:
    """A delivery for each channel, and the ledger in which they all note how their messages ended."""
    community, ledger = setting.community, Ledger()
    drills = frozenset(group.id for group in community.groups if group.role is GroupRole.DRILL)
    deliveries = {
        name: Delivery(
            channel, database.deliveries, database.store, enclosing.texts, enclosing, community, setting.clock,
            Pacer(channel.pace, setting.chance), spoken[name], held[name], setting.drill, drills, ledger.note,
        )
        for name, channel in setting.channels.items()
    }  # fmt: skip
    return deliveries, ledger


def _weather(config: Config, setting: Setting, database: Database, spoken: Bell) -> Weather:
    intake = Intake(config.warnings.auto_relay, database.store, setting.community, spoken)
    return Weather(
        intake, _feeds(config, setting, database, intake), _receiver(config, setting, database, intake)
    )  # fmt: skip


def _feeds(config: Config, setting: Setting, database: Database, intake: Intake) -> list[Feed]:
    sources = setting.sources
    if sources is None:
        sources = sources_of(config, ZoneInfo(setting.community.timezone))
    chance = Random(setting.chance.getrandbits(64))  # noqa: S311  its own: what others draw does not change when it looks
    return [Feed(source, intake, database.hearing, setting.clock, chance) for source in sources]


def _receiver(config: Config, setting: Setting, database: Database, intake: Intake) -> Receiver | None:
    """None where nobody may push: what a transcript plays is not the weather of today."""
    if config.warnings.push is None or setting.sources is not None:
        return None
    zone = ZoneInfo(setting.community.timezone)
    areas = config.community.area_codes
    return Receiver(config.warnings.push.push, intake, database.hearing, setting.clock, areas, zone)


class _Choir(Bell):
    """Rings at every channel's delivery."""

    def __init__(self, bells: Mapping[str, Bell]) -> None:
        super().__init__()
        self._bells = bells

    def ring(self) -> None:
        for bell in self._bells.values():
            bell.ring()


def _at_once(held: Mapping[str, asyncio.Event]) -> Wrapped:
    """The database belongs to this process, so do the accounts."""

    async def alone(name: str, work: Callable[[], Awaitable[None]]) -> None:
        held[name].set()
        await work()

    return alone


def _with_lease(database: Database, clock: RunningClock, held: Mapping[str, asyncio.Event]) -> Wrapped:
    async def alone(name: str, work: Callable[[], Awaitable[None]]) -> None:
        await Tenancy(database.leases, f"channel:{name}", this_process(), clock, held[name]).run(work)

    return alone


async def _first_code(database: Database, setting: Setting) -> str | None:
    """Once in a database's life."""
    first = setting.clock.now().replace(year=2000, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    if not await database.housekeeping.fired("first administrator", first):
        return None
    return await new_code(database, setting)


async def new_code(database: Database, setting: Setting) -> str:
    """A one-time code by which whoever says it becomes an administrator, under the name they give."""
    secret, now = setting.new_id("code"), setting.clock.now()
    staff = StaffId(setting.new_id("staff"))
    code = Code(digest_of(secret), staff, "", Role.ADMINISTRATOR, (), now, now + CODE_LASTS)
    async with database.store.begin(now) as work:
        await work.people.save_code(code)
    return secret


async def audit_database(community: Community, clock: RunningClock, url: str) -> Report:
    """Beside a bot that runs or without one. Raises ConfigError, NewerDatabase, StoreError."""
    async with open_database(url, community, ZoneInfo(community.timezone)) as database:
        return await audit(database.read_models, community, clock.now())


def understander_of(config: Config) -> Understander:
    """With the weights of the configuration. Raises ConfigError."""
    weights = config.understanding.weights
    return Understander(read_weights(weights) if weights is not None else None)


def database_file(url: str) -> Path | None:
    """Of an embedded database. Raises ConfigError."""
    return sqlite_file(url)


@dataclass(frozen=True, slots=True)
class Beside:
    """A configuration's share of its database, for commands that work beside a running bot."""

    community: Community
    store: Store
    read_models: ReadModels
    clock: RunningClock


@asynccontextmanager
async def beside(config: Config, url: str) -> AsyncIterator[Beside]:
    """Raises ConfigError, NewerDatabase, StoreError."""
    community = community_of(config)
    zone = ZoneInfo(community.timezone)
    async with open_database(url, community, zone) as database:
        yield Beside(community, database.store, database.read_models, SystemClock(zone))


async def corrections_of(config: Config, url: str) -> Sequence[Correction]:
    """What staff put right, oldest first; beside a running bot. Raises NewerDatabase, StoreError."""
    community = community_of(config)
    async with open_database(url, community, ZoneInfo(community.timezone)) as database:
        return await database.read_models.corrections()


async def upgrade_database(url: str) -> None:
    """Brings the database to this version's form. Raises NewerDatabase, StoreError."""
    await upgrade(url)
