"""A transcript played into the web chat, at a chosen speed: the demo of the story, and drills (防汛演练)."""

import asyncio
import mimetypes
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot.app import Setting
from bot.channels.console import Console, Injected
from bot.clocks import ScaledClock
from bot.config import Config
from bot.roster import CONSOLE, community_of
from bot.running import Say, bind_of, console, served, until_signal
from bot.sources.recorded import recorded
from bot.transcript import Happening
from domain.messages import Chat, File
from domain.vocabulary import MessageKind

LONGEST_PAUSE_SECONDS = 5.0
"""Of this machine: a night has long silences, and nobody wants to look at them."""
SHORT_PAUSE_SECONDS = 1.0
"""Before and after a reminder."""
log = structlog.get_logger("drill")


async def drill(config: Config, happenings: Sequence[Happening], speed: float, say: Say) -> None:
    """Until the watcher stops it. In a database and a chat of its own, gone afterwards."""
    community = community_of(config, everything_on=CONSOLE)
    zone = ZoneInfo(community.timezone)
    clock = ScaledClock(happenings[0].at, zone, speed)
    with tempfile.TemporaryDirectory(prefix="louqun-drill-") as name:
        folder = Path(name)
        settings = bind_of(config).model_copy(update={"folder": folder / "console"})
        room = console(settings, community, clock)
        setting = Setting(
            community,
            clock,
            {CONSOLE: room},
            f"sqlite:///{folder}/louqun.sqlite3",
            folder / "media",
            drill=True,
            sources=recorded(happenings, config.community.area_codes, zone),
        )
        async with served(config, setting, b"of this drill only, and thrown away with it") as it:
            say(f"演练：打开 {it.address} ，{len(happenings)} 条消息，{speed:g} 倍速。按 Ctrl+C 停止。")
            async with asyncio.TaskGroup() as group:
                stop = until_signal()
                next_due = it.app.database.read_models.next_due
                playing = group.create_task(_play(room, Pace(clock, next_due), happenings, say))
                await it.app.machine.run(stop)
                playing.cancel()


@dataclass(frozen=True, slots=True)
class Pace:
    """Skips the long silences, but for what the bot says in them by itself."""

    clock: ScaledClock
    next_due: Callable[[], Awaitable[datetime | None]]

    async def until(self, at: datetime) -> None:
        while self.clock.seconds_until(at) > LONGEST_PAUSE_SECONDS:
            await asyncio.sleep(SHORT_PAUSE_SECONDS)  # so that what was just said or due is dealt with
            due = await self.next_due()
            speaks = due is not None and due < at
            pause = SHORT_PAUSE_SECONDS if speaks else LONGEST_PAUSE_SECONDS
            ahead = self.clock.seconds_until(due if due is not None and speaks else at)
            self.clock.skip(max(0.0, ahead - pause))
            await asyncio.sleep(min(ahead, pause))
        await asyncio.sleep(self.clock.seconds_until(at))


async def _play(room: Console, pace: Pace, happenings: Sequence[Happening], say: Say) -> None:
    for happening in happenings:
        await pace.until(happening.until or happening.at)
        with suppress(OSError):
            await _inject(room, happening)
    say("演练放完了，页面还开着，可以接着玩。")


async def _inject(room: Console, happening: Happening) -> None:
    if happening.until is not None or happening.feed is not None:
        return
    if happening.recalls:
        await room.inject_recall(happening.recalls, happening.at)
        return
    chat = (
        Chat(CONSOLE, happening.group) if happening.group is not None else Chat(CONSOLE, happening.sender, private=True)
    )
    kind = MessageKind.JOIN if happening.kind is MessageKind.JOIN else None
    files = (_file(happening.file),) if happening.file is not None else ()
    await room.inject(
        Injected(
            happening.id, chat, happening.sender, happening.at, happening.name, happening.text, kind, files,
            happening.quote, happening.mentions_bot,
        )
    )  # fmt: skip


def _file(path: Path) -> File:
    return File(path.name, mimetypes.guess_type(path.name)[0] or "application/octet-stream", path.read_bytes())
