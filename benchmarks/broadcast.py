"""How long a broadcast to very many groups takes until it is in the outbox, and a warning's card until it is drawn.

python -m benchmarks.broadcast [--groups 10000]

On a new SQLite file. "unequal": a text of its own for each group, put at once. "warning": an official warning passed on
to all of them, as after 确认: decided, kept, put in order by past leaks (10,000 tickets), with its card.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

from benchmarks.community import community
from bot.config import Config
from bot.roster import community_of
from bot.texts import shipped
from documents.press import draw
from domain.editions import Relay, Why
from domain.messages import Chat, Document, Json, Reply
from domain.ports import UnitOfWork
from domain.relaying import Decision
from domain.roster import Community
from domain.spreading import in_turn
from domain.tickets import Clocks, Ticket
from domain.understanding import Location
from domain.vocabulary import Kind, Priority, ReplyKind, Scope, Status, TicketNumber, Urgency
from domain.warnings import Action, OfficialWarning
from handlers.passing_on import pass_on
from handlers.storm_keeping import Keeping
from storage.database import Database, open_database

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2021, 8, 23, 18, tzinfo=ZONE)
TEXT = "北京市气象台2021年8月23日18时00分发布暴雨橙色预警信号：预计当前至20时大部分地区小时雨量超过70毫米，请注意防范。"
WARNING = OfficialWarning("k", "北京市气象台", "暴雨", "橙色", Action.ALERT, NOW, TEXT[:35], TEXT)
PAST_TICKETS = 10_000
CARDS = 20


def unequal(town: Community) -> list[Reply]:
    """A text of its own for each group."""
    return [
        Reply(
            Chat(group.channel, group.id), "broadcast", {"text": f"{group.name}：{n}号车位一侧今晚冲洗，请挪车。"},
            ReplyKind.BROADCAST, Priority.BROADCAST, dedupe_key=f"broadcast:{n}",
        )
        for n, group in enumerate(town.groups)
    ]  # fmt: skip


async def leaked_before(work: UnitOfWork, groups: int) -> None:
    for n in range(1, PAST_TICKETS + 1):
        where = Location(building=str(1 + n * n % groups), unit="1", room="502")
        at = NOW - timedelta(days=1 + n % 600)
        ticket = Ticket(
            TicketNumber(n), Status.REGISTERED, Kind.LEAK, Scope.HOUSEHOLD, Urgency.NORMAL, where,
            Chat("console", "g1"), "漏水", Clocks(at), at, at,
        )  # fmt: skip
        await work.tickets.save(replace(ticket, number=await work.tickets.next_number()))


async def timed(database: Database, step: Callable[[UnitOfWork], Awaitable[int]]) -> tuple[int, float, float]:
    """How many posts; seconds on the clock and on a core until they were committed."""
    began, spent = perf_counter(), process_time()
    async with database.store.begin(NOW) as work:
        count = await step(work)
    return count, perf_counter() - began, process_time() - spent


async def measure(groups: int, folder: Path) -> list[tuple[str, int, float, float]]:
    town = community_of(Config.model_validate(community(groups)))

    async def put(work: UnitOfWork) -> int:
        replies = in_turn(unequal(town), NOW)
        await work.outbox.put(replies, NOW)
        return len(replies)

    async def warn(work: UnitOfWork) -> int:
        replies = await pass_on(Keeping(work, town, NOW, "周红"), WARNING, Decision(Relay.EVERYBODY, Why.FIRST))
        await work.outbox.put(replies, NOW)
        return len(replies)

    async with open_database(f"sqlite:///{folder / 'bench.sqlite3'}", town, ZONE) as database:
        async with database.store.begin(NOW) as work:
            await leaked_before(work, groups)
        return [("unequal", *await timed(database, put)), ("warning", *await timed(database, warn))]


def cards() -> tuple[float, float]:
    """Milliseconds on a core for a card with a text of its own: the first, with the fonts to load; then the median."""
    spent: list[float] = []
    texts = shipped()
    for n in range(CARDS + 1):
        params: dict[str, Json] = {
            "name": "暴雨橙色", "colour": "orange", "over": False, "issuer": "北京市气象台", "text": f"{TEXT}{n}",
            "issued_at": NOW.isoformat(), "credit": "",
        }  # fmt: skip
        began = process_time()
        draw(Document("warning", "warning_card", params, "官方预警", ("png",)), texts.render("warning_card", params))
        spent.append((process_time() - began) * 1000)
    return spent[0], median(spent[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description="A broadcast to very many groups, and a warning's card.")
    parser.add_argument("--groups", type=int, default=10_000)
    chosen = parser.parse_args()
    print("| what | posts | wall s | on a core s |")
    print("| --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for name, count, wall, core in asyncio.run(measure(chosen.groups, Path(folder))):
            print(f"| {name} | {count:,} | {wall:.2f} | {core:.2f} |")
    first, then = cards()
    print(f"card: the first {first:.0f} ms on a core, then {then:.0f} ms")


if __name__ == "__main__":
    main()
