"""What storage alone costs for each message, with nothing around it: no understanding, no handlers, no network.

python -m benchmarks.storage [--messages 5000] [--batch 500] [--url sqlite:///…]

Each message is stored, claimed and finished as the bot does it. A report also looks at what a report looks at, makes
a ticket with its event and reporter, and queues two replies, which are then claimed and finished.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from benchmarks.messages import CHANNEL, GROUPS, Line, messages
from domain.messages import Chat, Incoming, Receipt, Reply
from domain.ports import UnitOfWork
from domain.records import Delivered, DeliveryState, Handled, InboxRow, Outcome
from domain.roster import Budget, Closing, Community, Group, QuietHours
from domain.tickets import BOT, Clocks, Reporter, Ticket, TicketEvent, What
from domain.understanding import SILENT, Location, Verdict
from domain.vocabulary import BuildingId, GroupRole, Kind, ReplyKind, Scope, StaffId, Status, Urgency
from storage.database import Database, open_database

REPORT = Verdict(
    report=True,
    confidence=0.97,
    kind=Kind.LEAK,
    scope=Scope.HOUSEHOLD,
    urgency=Urgency.URGENT,
    location=Location(room="502"),
    reasons=("lexicon",),
)
LOOKED_BACK = timedelta(days=30)


@dataclass
class Spent:
    """Seconds by what they were spent on."""

    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, what: str, since: float) -> float:
        now = perf_counter()
        self.seconds[what] = self.seconds.get(what, 0.0) + now - since
        return now


def community() -> Community:
    groups = (Group(CHANNEL, f"g{n}", f"{n}号楼", BuildingId(str(n)), GroupRole.BUILDING) for n in range(1, GROUPS + 1))
    return Community(
        "bench", "测试社区", "Asia/Shanghai", {}, tuple(groups), {}, {},
        Closing(timedelta(hours=24), timedelta(hours=48), timedelta(days=3)),
        QuietHours(time(23), time(7)), Budget(6, timedelta(minutes=10)),
    )  # fmt: skip


async def handle(work: UnitOfWork, row: InboxRow, now: datetime, *, report: bool) -> None:
    if report:
        await open_ticket(work, row.incoming, now)
    outcome = Outcome.HANDLED if report else Outcome.SILENT
    await work.inbox.finish(Handled(row, outcome, REPORT if report else SILENT), now)


async def open_ticket(work: UnitOfWork, message: Incoming, now: datetime) -> None:
    building = message.chat.id[1:]
    await look_around(work, message, building, now)
    number = await work.tickets.next_number()
    reporter = Reporter(message.sender, message.sender_name, message.chat, message.external_id, message.at)
    ticket = Ticket(
        number, Status.REGISTERED, Kind.LEAK, Scope.HOUSEHOLD, Urgency.URGENT, Location(building, "2", "502", 5),
        message.chat, message.text, Clocks(message.at), now, now, (reporter,),
    )  # fmt: skip
    event = TicketEvent(number, now, What.OPENED, BOT, "bench", {"words": message.text})
    await work.tickets.save(ticket, event)
    await work.conversations.assign(CHANNEL, [message.external_id], number)
    acknowledged = Reply(
        message.chat, "acknowledged", {"number": number}, ReplyKind.ACK, tickets=(number,), merge="ack"
    )
    called = Reply(
        Chat(CHANNEL, "gstaff"), "call_report", {"number": number}, ReplyKind.ALERT, tickets=(number,), merge="c"
    )
    await work.outbox.put([acknowledged, called], now)


async def look_around(work: UnitOfWork, message: Incoming, building: str, now: datetime) -> None:
    """What a snapshot is made of."""
    await work.chats.get(message.chat)
    await work.people.get(message.sender)
    await work.people.accounts(StaffId("worker"))
    await work.tickets.of_building(building, now - LOOKED_BACK)
    await work.tickets.of_reporter(message.sender, now - LOOKED_BACK)
    await work.conversations.said(message.chat, now - timedelta(minutes=30))
    await work.conversations.question(message.chat, message.sender, now)
    await work.media.of_messages(CHANNEL, [message.external_id])


async def work_off(database: Database, reports: frozenset[str], now: datetime, batch: int) -> None:
    async with database.store.begin(now) as work:
        rows = await work.inbox.waiting(batch)
        await work.inbox.preload(rows)
        for row in rows:
            async with work.step():
                await handle(work, row, now, report=row.incoming.external_id in reports)


async def deliver(database: Database, now: datetime) -> int:
    """Everything that is ready, as merged messages. How many rows went out."""
    sent = 0
    while claims := await database.deliveries.claim(CHANNEL, now, timedelta(minutes=1), 100):
        ends = []
        for claim in claims:
            rows = tuple(row.id for row in claim.rows[:15])
            receipt = Receipt((f"r{claim.chat.id}-{rows[0]}",), now)
            ends.append(Delivered(claim, DeliveryState.SENT, rows, now, receipt))
            sent += len(rows)
        await database.deliveries.finish(ends, now)
    return sent


async def run(url: str, lines: Sequence[Line], batch: int) -> Spent:
    spent = Spent()
    reports = frozenset(line.message.external_id for line in lines if line.report)
    waiting = iter(lines)
    async with open_database(url, community(), ZoneInfo("Asia/Shanghai")) as database:
        while arrived := list(islice(waiting, batch)):
            now = arrived[-1].message.at
            at = perf_counter()
            await database.inbox.put([line.message for line in arrived], now)
            at = spent.add("ingest", at)
            await work_off(database, reports, now, batch)
            at = spent.add("unit of work", at)
            await deliver(database, now)
            spent.add("delivery", at)
    return spent


def row(name: str, count: int, spent: Spent) -> str:
    parts = " | ".join(f"{seconds / count * 1e6:,.0f}" for seconds in spent.seconds.values())
    return f"| {name} | {count:,} | {parts} | {sum(spent.seconds.values()) / count * 1e6:,.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description="What storage alone costs for each message.")
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--url", help="an empty database; a new SQLite file for each run when left out")
    chosen = parser.parse_args()
    print("| reports | messages | ingest µs | unit of work µs | delivery µs | together µs a message |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for share in (0.0, 0.05, 1.0):
        with tempfile.TemporaryDirectory() as folder:
            url = chosen.url or f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
            spent = asyncio.run(run(url, messages(chosen.messages, share), chosen.batch))
            print(row(f"{share:.0%}", chosen.messages, spent))


if __name__ == "__main__":
    main()
