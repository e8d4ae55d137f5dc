"""``run`` and drills: the machine with its channels and pages, until a signal."""

import asyncio
import os
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import App, Setting, new_code, open_app
from bot.channels.console import Console
from bot.channels.console import connect as connect_console
from bot.channels.console.settings import ConsoleSettings
from bot.clocks import RunningClock, SystemClock
from bot.config import Config
from bot.push import Receiver, secret_of_environment
from bot.roster import as_it_is, community_of
from domain.errors import ConfigError, StoreError
from domain.ports import Channel, Store
from domain.roster import Community, Staff
from web import WebOptions, make_app, serving
from web.app import make_health_app
from web.options import Probes
from web.push import Door

BIND_VARIABLE = "LOUQUN_BIND"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Served:
    app: App
    address: str
    demo: bool
    """whether people may pick who they are"""


def connect_all(config: Config, community: Community, clock: RunningClock) -> dict[str, Channel]:
    """Raises ConfigError where a channel cannot be made ready; a network that is away is no error."""
    channels: dict[str, Channel] = {}
    if config.channels.console is not None:
        channels["console"] = console(config.channels.console, community, clock)
    if config.channels.wechaty is not None:
        from bot.channels.wechaty import connect  # noqa: PLC0415  an extra, and slow to import

        channels["wechaty"] = connect(config.channels.wechaty, community, clock)
    return channels


def console(settings: ConsoleSettings, community: Community, clock: RunningClock) -> Console:
    try:
        return connect_console(settings, community, clock)
    except OSError as error:
        raise ConfigError(
            f"channels.console.folder: {settings.folder} cannot be used ({error.strerror}); expected a folder that may "
            "be written"
        ) from error


@asynccontextmanager
async def served(config: Config, setting: Setting, secret: bytes) -> AsyncIterator[Served]:
    """The app with its pages; nothing runs yet."""
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_app(config, setting))
        settings = bind_of(config)
        room = setting.channels.get("console")
        probes = Probes(app.machine.doctor.alive, app.machine.doctor.ready, app.machine.metrics.page)
        door = door_of(config, app.machine.receiver)
        demo = settings.may_pick_a_person(alone=set(setting.channels) == {"console"})
        if isinstance(room, Console):
            room.newcomers = partial(bound_accounts, app.machine.store, setting) if demo else None
            options = WebOptions(setting.community.name, secret, setting.clock, demo, settings.hosts())
            pages = make_app(room, options, probes, door)
        else:
            pages = make_health_app(probes, door)
        address = await stack.enter_async_context(serving(pages, settings.host, settings.port))
        yield Served(app, address, demo)


async def bound_accounts(store: Store, setting: Setting) -> list[tuple[Staff, str]]:
    """Who is staff in the web chat, imported and bound at run time as well; nobody while the store is away."""
    try:
        async with store.begin(now := setting.clock.now()) as work:
            community = await as_it_is(setting.community, work, now)
            return [
                (staff, person.id)
                for staff in community.staff.values()
                for person in await work.people.accounts(staff.id)
                if person.channel == "console"
            ]
    except StoreError:
        return []


def door_of(config: Config, receiver: Receiver | None) -> Door | None:
    """Where the warning platform may push to. Raises ConfigError without the secret."""
    settings = config.warnings.push
    if settings is None or receiver is None:
        return None
    return Door(secret_of_environment(), receiver.take, tuple(ip_network(n, strict=False) for n in settings.allow))


def bind_of(config: Config) -> ConsoleSettings:
    """The environment's LOUQUN_BIND wins, so that a container need not change the file."""
    settings = config.channels.console or ConsoleSettings()
    bind = os.environ.get(BIND_VARIABLE)
    return ConsoleSettings.model_validate({**settings.model_dump(), "bind": bind}) if bind else settings


async def run(config: Config, say: Say) -> None:
    """Until SIGTERM or SIGINT. Raises ConfigError, NewerDatabase, StoreError."""
    community = community_of(config)
    clock = SystemClock(ZoneInfo(community.timezone))
    channels = connect_all(config, community, clock)
    setting = Setting(community, clock, channels, database_url(config), config.media.folder)
    async with served(config, setting, kept_secret(config.media.folder.parent)) as it:
        for line in greeting(it, community, channels):
            say(line)
        await it.app.machine.run(until_signal())


def until_signal() -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


def greeting(it: Served, community: Community, channels: Mapping[str, Channel]) -> list[str]:
    lines = []
    if it.app.code is not None:
        lines.append(f"第一位管理员的一次性授权码（48小时内有效）：私聊机器人说“我是 姓名 {it.app.code}”")
    if "console" in channels and it.demo:
        lines += [
            f"楼群 LouQun：{community.name}，打开 {it.address}",
            f"试一试：选一位居民，在楼群里说“{_example(community)}”；再选社工，说“到场 #1”。按 Ctrl+C 停止。",
        ]
    elif "console" in channels:
        lines.append(
            f"LouQun: {it.address} (nobody may pick a person here; set channels.console.demo: true for a demo)"
        )
    else:
        lines.append(f"LouQun: channels {', '.join(channels)}; health on {it.address}healthz")
    return lines


def _example(community: Community) -> str:
    building = next(iter(community.buildings.values()))
    return f"{building.units[-1]}单元门口积水了"


def database_url(config: Config) -> str:
    """The environment wins: it may hold a password, the file must not."""
    return os.environ.get("LOUQUN_DATABASE_URL") or config.database.url


async def issue_code(config: Config) -> str:
    """On the database of the configuration; an embedded one must not be in use."""
    community = community_of(config)
    clock = SystemClock(ZoneInfo(community.timezone))
    setting = Setting(community, clock, {}, database_url(config), config.media.folder)
    async with open_app(config, setting) as app:
        return app.code or await new_code(app.database, setting)


def kept_secret(folder: Path) -> bytes:
    """Signs links and forms; the same after a restart, so that open pages stay usable."""
    given = os.environ.get("LOUQUN_SECRET")
    if given:
        return given.encode()
    path = folder / "secret"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read or made ({error.strerror}); expected a folder to write in") from error
