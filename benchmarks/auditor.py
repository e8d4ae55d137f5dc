"""How long one look of the auditor takes over many open tickets.

python -m benchmarks.auditor [--tickets 100000] [--url sqlite:///…]

All of them are open, in all states, over three weeks, and no scheduler has ever run: the worst case, in which nearly
every promise was missed. Every hundredth was never acknowledged. Both times are printed: of the clock on the wall and
of this process on a core.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

from benchmarks import community as town
from bot.auditor import audit
from bot.config import Config
from bot.roster import community_of
from domain.messages import Chat, Person
from domain.tickets import Clocks, Reporter, Ticket
from domain.understanding import Location
from domain.vocabulary import Kind, Scope, Status, TicketNumber, Urgency
from storage.database import Database, open_database

NOW = datetime(2021, 8, 23, 22, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
STATES = (
    Status.REGISTERED, Status.ACCEPTED, Status.ON_SITE, Status.REPAIRING, Status.WAITING, Status.RESOLVED,
    Status.REOPENED,
)  # fmt: skip
AT_ONCE = 2000


def ticket(number: int) -> Ticket:
    at = NOW - timedelta(minutes=number * 37 % (21 * 1440))
    building = str(number % 50 + 1)
    chat = Chat("console", f"g{building}")
    status, urgency = STATES[number % len(STATES)], tuple(Urgency)[number % 3]
    acknowledged = None if number % 100 == 0 else at
    reporter = Reporter(Person("console", f"r{number}"), "邻居", chat, f"m{number}", at)
    return Ticket(
        TicketNumber(number), status, Kind.LEAK, Scope.HOUSEHOLD, urgency, Location(building, "2", "502", 5), chat,
        "卧室漏水", Clocks(at, acknowledged), at, at, (reporter,), next_at=at + timedelta(days=2),
    )  # fmt: skip


async def fill(database: Database, tickets: Sequence[Ticket]) -> None:
    for start in range(0, len(tickets), AT_ONCE):
        async with database.store.begin(NOW) as work:
            for one in tickets[start : start + AT_ONCE]:
                await work.tickets.save(replace(one, number=await work.tickets.next_number()))


async def run(url: str, count: int) -> str:
    community = community_of(Config.model_validate(town.community()), everything_on="console")
    async with open_database(url, community, ZoneInfo("Asia/Shanghai")) as database:
        await fill(database, [ticket(number) for number in range(1, count + 1)])
    async with open_database(url, community, ZoneInfo("Asia/Shanghai")) as database:
        wall, core = perf_counter(), process_time()
        report = await audit(database.read_models, community, NOW)
        wall, core = perf_counter() - wall, process_time() - core
    return f"| {report.tickets:,} | {len(report.missed):,} | {len(report.unraised):,} | {wall:.2f} s | {core:.2f} s |"


def main() -> None:
    parser = argparse.ArgumentParser(description="One look of the auditor over many open tickets.")
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--url", help="an empty database; a new SQLite file when left out")
    chosen = parser.parse_args()
    print("| open tickets | promises missed | of these not raised | wall | core |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        print(asyncio.run(run(chosen.url or f"sqlite:///{Path(folder) / 'bench.sqlite3'}", chosen.tickets)))


if __name__ == "__main__":
    main()
