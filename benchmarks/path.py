"""The whole path: message in, ticket in SQLite, acknowledgement out, over a channel in memory.

    python -m benchmarks.path --messages 5000 --share 0.05

The real app: inbox, dispatcher, understanding, handlers, outbox, delivery. The house's clock runs ``--speed`` times as
fast as the world, so that what waits on purpose (a burst's acknowledgements are merged over a minute) does not count;
latencies are those of the world's clock, from the hand-over of a message to its acknowledgement.
"""

import argparse
import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from zoneinfo import ZoneInfo

from benchmarks.community import community
from benchmarks.measuring import HEADER, Figures, figures
from benchmarks.messages import CHANNEL, START, Line, messages
from bot import logs
from bot.app import App, Setting, open_app
from bot.clocks import Bell, ScaledClock
from bot.config import Config
from bot.roster import community_of
from domain.errors import ChannelError
from domain.messages import File, MediaHandle, Outgoing, Receipt
from domain.ports import ChannelHealth, Link, Pace, Sink
from domain.vocabulary import ReplyKind

IN_FLIGHT = 50
"""Messages handed over and not yet handled, at most: as many as the peer gets at the same time."""
SPEED = 1000.0
PATIENCE_SECONDS = 600.0


class MemoryNetwork:
    """Hands over what it is given, some at a time, and notes when each report is answered."""

    name = CHANNEL
    pace = Pace(same_chat_seconds=0)
    replays = True

    def __init__(self, clock: ScaledClock, lines: Sequence[Line]) -> None:
        self._clock = clock
        self._lines = lines
        self._open: defaultdict[str, dict[str, float]] = defaultdict(dict)
        """person to the unanswered messages of that person and when each was handed over"""
        self.latencies: list[float] = []
        self.last_answer = 0.0
        self._sent = 0
        self.handled: Callable[[], int] = lambda: 0

    async def run(self, sink: Sink) -> None:
        timer = Bell()
        for start in range(0, len(self._lines), IN_FLIGHT // 2):
            batch = self._lines[start : start + IN_FLIGHT // 2]
            while start + len(batch) - self.handled() > IN_FLIGHT:
                await timer.wait(0.0005)
            for line in batch:
                if line.report:
                    self._open[line.message.sender.id][line.message.external_id] = perf_counter()
            await sink.accept([line.message for line in batch])
        await asyncio.get_running_loop().create_future()

    async def send(self, message: Outgoing) -> Receipt:
        self._sent += 1
        if message.kind is ReplyKind.ACK:
            self._note(message)
        return Receipt((f"b{self._sent}",), self._clock.now())

    def _note(self, message: Outgoing) -> None:
        """A merged acknowledgement answers everybody it names."""
        now = perf_counter()
        for person in {mention.person.id for mention in message.mentions}:
            waiting = self._open.pop(person, {})
            self.latencies += [now - began for began in waiting.values()]
        self.last_answer = now

    async def fetch(self, handle: MediaHandle) -> File:
        raise ChannelError(f"nothing was sent as {handle.handle}", retry=False)

    def health(self) -> ChannelHealth:
        return ChannelHealth(Link.UP, self._clock.now())


async def measure(lines: Sequence[Line], share: float, speed: float, folder: Path) -> Figures:
    config = Config.model_validate(community())
    town = community_of(config, everything_on=CHANNEL)
    clock = ScaledClock(START, ZoneInfo(town.timezone), speed)
    network = MemoryNetwork(clock, lines)
    setting = Setting(town, clock, {CHANNEL: network}, f"sqlite:///{folder}/bench.sqlite3", folder / "media")
    async with open_app(config, setting) as app, asyncio.timeout(PATIENCE_SECONDS):
        network.handled = lambda: app.machine.dispatcher.handled
        stop, began = asyncio.Event(), perf_counter()
        async with asyncio.TaskGroup() as group:
            group.create_task(app.machine.run(stop))
            handled = await _over(lambda: _handled(app, len(lines)))
            await _over(lambda: _said(app))
            stop.set()
    seconds = max(handled, network.last_answer) - began
    return figures("LouQun", share, len(lines), seconds, network.latencies)


async def _over(done: Callable[[], Awaitable[bool]]) -> float:
    """When it was over; looked at often enough for a figure of seconds."""
    timer = Bell()
    while not await done():
        await timer.wait(0.01)
    return perf_counter()


async def _handled(app: App, count: int) -> bool:
    return app.machine.dispatcher.handled >= count


async def _said(app: App) -> bool:
    return await app.database.deliveries.next_due(CHANNEL) is None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--share", type=float, default=0.05, help="of the messages that are reports")
    parser.add_argument("--speed", type=float, default=SPEED, help="of the house's clock")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    logs.set_up("text", level=logging.ERROR)
    lines = messages(options.messages, options.share)
    with TemporaryDirectory(prefix="louqun-bench-") as folder:
        result = asyncio.run(measure(lines, options.share, options.speed, Path(folder)))
    print(result.as_json() if options.json else f"{HEADER}\n{result.as_row()}")


if __name__ == "__main__":
    main()
