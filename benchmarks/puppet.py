"""How fast replies are through the real npm puppet server: its own clock, from telling a message to taking the reply.

    python -m benchmarks.puppet [--messages 1500] [--rate 50] [--groups 50]

Every message is from a person of its own, and a reply counts for whoever it mentions. Behind the channel runs first an
echo, which shows the adapter's own time, then the whole bot with its database: one message of 21 is a report then (so
that every group has some), and the time is that of its acknowledgement. The channel's pauses are off.
"""

import argparse
import asyncio
import logging
import os
import resource
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import structlog

from benchmarks.community import community
from benchmarks.lines import CHATTER
from bot.app import Setting, open_app
from bot.channels.wechaty import WechatySettings, connect
from bot.clocks import SystemClock
from bot.config import Config
from bot.roster import community_of
from domain.messages import Incoming, Mention, Outgoing
from domain.ports import Channel, Link, Pace
from domain.roster import Budget, Closing, Community, QuietHours
from tests.channels.puppet_process import TOKEN, Control, PuppetProcess, control_of, puppet_process

BOT = "wxid_bot"
ROOMS = "g{}@chatroom"
WARM_UP = 100
"""Replies to the first messages are left out: every name is new."""
PATIENCE_SECONDS = 60
SENDERS = 8

Behind = Callable[[Channel], Awaitable[None]]
"""Runs the channel and whatever answers, until it is cancelled."""


@dataclass(frozen=True, slots=True)
class Load:
    messages: int = 1500
    rate: float = 50
    groups: int = 50
    reports_every: int = 1
    """The others are chatter, which must stay unanswered."""

    def expected(self) -> list[int]:
        return list(range(0, self.messages, self.reports_every))

    def text(self, number: int) -> str:
        report = number % self.reports_every == 0
        return f"2单元{number % 18 + 1}01卧室漏水了" if report else CHATTER[number % len(CHATTER)]

    def group(self, number: int) -> str:
        return ROOMS.format(number % self.groups + 1)

    def person(self, number: int) -> str:
        return f"wxid_{number}"


@dataclass(frozen=True, slots=True)
class Row:
    """Milliseconds; replies: distinct people who were answered."""

    name: str
    rate: float
    replies: int
    messages: int
    p50: float
    p95: float
    longest: float
    peak_memory_mib: float

    def __str__(self) -> str:
        return (
            f"| {self.name} | {self.rate:g}/s | {self.replies:,} of {self.messages:,} "
            f"| {self.p50:.1f} / {self.p95:.1f} ms | {self.longest:.1f} ms | {self.peak_memory_mib:.0f} |"
        )


HEADER = (
    "| through the real puppet server | messages | replies | p50 / p95 | longest | peak MiB |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: |"
)


class UtcClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class Echo:
    """A sink that answers every message to its sender."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._heard: asyncio.Queue[Incoming] = asyncio.Queue()

    async def accept(self, messages: Sequence[Incoming]) -> None:
        for message in messages:
            self._heard.put_nowait(message)

    async def gap(self, channel: str, since: datetime, until: datetime) -> None:
        raise AssertionError(f"the link was lost from {since} to {until}: the figures are worth nothing")

    async def answer(self) -> None:
        while True:
            message = await self._heard.get()
            text = f"@{message.sender_name} {message.text}"
            mention = Mention(message.sender, message.sender_name)
            await self._channel.send(Outgoing((1,), message.chat, text, mentions=(mention,)))


async def echo(channel: Channel) -> None:
    sink = Echo(channel)
    async with asyncio.TaskGroup() as group:
        group.create_task(channel.run(sink))
        for _ in range(SENDERS):
            group.create_task(sink.answer())


async def whole_bot(channel: Channel) -> None:
    """As ``bot run`` does, with a database of its own."""
    config = Config.model_validate(community(ids=ROOMS))
    town = community_of(config, everything_on="wechaty")
    with TemporaryDirectory(prefix="louqun-bench-") as folder:
        setting = Setting(
            town, SystemClock(ZoneInfo(town.timezone)), {"wechaty": channel},
            f"sqlite:///{folder}/bench.sqlite3", Path(folder) / "media",
        )  # fmt: skip
        async with open_app(config, setting) as app:
            await app.machine.run(asyncio.Event())


async def measure(name: str, behind: Behind, load: Load) -> Row:
    """``behind`` is given a fresh channel; it is cancelled when every message was answered."""
    with puppet_process() as puppet:
        async with control_of(puppet) as control, asyncio.TaskGroup() as group:
            await _furnish(control, load)
            channel = _channel(puppet)
            running = group.create_task(_until_cancelled(behind, channel))
            await _up(channel)
            told = (await control.post("/paced", {"messages": _messages(load), "perSecond": load.rate}))["told"]
            took = await _answered(control, load)
            running.cancel()
    return _row(name, load, [entry["at"] for entry in told], took)


async def _until_cancelled(behind: Behind, channel: Channel) -> None:
    await behind(channel)


def _channel(puppet: PuppetProcess) -> Channel:
    os.environ["LOUQUN_WECHATY_TOKEN"] = TOKEN
    channel = connect(WechatySettings(endpoint=puppet.direct), _community(), UtcClock())
    channel.pace = Pace(same_chat_seconds=0)
    return channel


def _community() -> Community:
    hours = QuietHours(time(23), time(7))
    closing = Closing(timedelta(days=1), timedelta(days=2), timedelta(days=3))
    return Community(
        "bench", "测试社区", "Asia/Shanghai", {}, (), {}, {}, closing, hours, Budget(6, timedelta(minutes=10))
    )


async def _furnish(control: Control, load: Load) -> None:
    people = [{"id": load.person(n), "name": f"住户{n}"} for n in range(load.messages)]
    await control.post("/contacts", [{"id": BOT, "name": "楼群小助手"}, *people])
    members: dict[str, list[str]] = {}
    for number in range(load.messages):
        members.setdefault(load.group(number), [BOT]).append(load.person(number))
    await control.post("/rooms", [{"id": id, "topic": id, "memberIdList": list(who)} for id, who in members.items()])
    await control.post("/login", {"id": BOT})


def _messages(load: Load) -> list[dict[str, str]]:
    return [{"talkerId": load.person(n), "roomId": load.group(n), "text": load.text(n)} for n in range(load.messages)]


async def _up(channel: Channel) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while channel.health().link is not Link.UP:  # noqa: ASYNC110  a channel has no event for it
            await asyncio.sleep(0.01)


async def _answered(control: Control, load: Load) -> dict[str, float]:
    """When each person was first mentioned, milliseconds by the server's clock."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_SECONDS
    first: dict[str, float] = {}
    while len(first) < len(load.expected()) and loop.time() < deadline:
        for entry in await control.sent(0):
            for person in entry.get("mentionIds", ()):
                first.setdefault(person, entry["at"])
        await asyncio.sleep(0.2)
    return first


def _row(name: str, load: Load, told: Sequence[float], answered: dict[str, float]) -> Row:
    known = {n: answered[load.person(n)] - told[n] for n in load.expected() if load.person(n) in answered}
    waits = [wait for n, wait in known.items() if n >= WARM_UP]
    cuts = quantiles(waits, n=100, method="inclusive")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Row(name, load.rate, len(answered), len(load.expected()), cuts[49], cuts[94], max(waits), memory)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--messages", type=int, default=Load().messages)
    parser.add_argument("--rate", type=float, default=Load().rate)
    parser.add_argument("--groups", type=int, default=Load().groups)
    load = Load(**vars(parser.parse_args()))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(HEADER)
    print(asyncio.run(measure("the adapter alone, echoing", echo, load)), flush=True)
    print(asyncio.run(measure("the whole bot, 5% reports", whole_bot, replace(load, reports_every=21))))


if __name__ == "__main__":
    main()
