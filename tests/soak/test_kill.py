"""Killed at a random moment of a storm and started again: no report is lost, none becomes two tickets, and at most the
one message that was being sent is said twice. ``make soak`` does it 20 times on each database.
"""

import asyncio
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from benchmarks.community import community
from benchmarks.messages import Line, messages
from bot.config import Config
from bot.replay import on_stage
from bot.roster import community_of
from domain.messages import Chat, Person
from domain.tickets import Ticket
from storage.database import open_database
from tests.soak.network import NAME, said, write_messages

ROOT = Path(__file__).parent.parent.parent
ROUNDS = int(os.environ.get("LOUQUN_SOAK_ROUNDS", "3"))
MESSAGES, SHARE, GROUPS = 2000, 0.05, 50
pytestmark = [pytest.mark.soak, pytest.mark.timeout(300)]


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_kill_in_a_storm_loses_nothing_and_doubles_nothing(database_url: str, tmp_path: Path, seed: int):
    lines = messages(MESSAGES, SHARE, groups=GROUPS, seed=seed)
    shift = datetime.now(UTC) - lines[-1].message.at
    write_messages(tmp_path, [
        {"id": m.external_id, "group": m.chat.id, "sender": m.sender.id, "name": m.sender_name, "text": m.text,
         "at": (m.at + shift).isoformat()}
        for m in (line.message for line in lines)
    ])  # fmt: skip
    chance = random.Random(seed)
    taken, told = chance.randrange(MESSAGES), chance.randrange(60)
    moments = [lambda: accepted(tmp_path) > taken, lambda: count(tmp_path) > told]
    chance.shuffle(moments)
    for moment in moments:
        run_and_kill(tmp_path, database_url, moment)
    run_to_the_end(tmp_path, database_url)
    tickets = asyncio.run(all_tickets(database_url))
    check_tickets(tickets, asyncio.run(undisturbed(lines)))
    check_said(tmp_path, tickets, kills=len(moments))


def start(folder: Path, url: str) -> subprocess.Popen:
    with (folder / "log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", "tests.soak.bot", str(folder), url], cwd=ROOT, stderr=log)


def run_and_kill(folder: Path, url: str, moment: Callable[[], bool]) -> None:
    """As soon as so much was taken, or said."""
    bot = start(folder, url)
    deadline = time.monotonic() + 60
    while not moment():
        assert bot.poll() is None, (folder / "log").read_text()
        assert time.monotonic() < deadline, (folder / "log").read_text()
        time.sleep(0.002)  # another process works
    bot.kill()
    bot.wait()


def run_to_the_end(folder: Path, url: str) -> None:
    bot = start(folder, url)
    deadline = time.monotonic() + 200
    try:
        while accepted(folder) < MESSAGES or not settled(url):
            assert bot.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.5)  # another process works
    finally:
        bot.terminate()
        bot.wait(30)
    assert bot.returncode == 0, (folder / "log").read_text()


def accepted(folder: Path) -> int:
    path = folder / "accepted"
    return int(path.read_text() or 0) if path.exists() else 0


def count(folder: Path) -> int:
    return len(said(folder))


def settled(url: str) -> bool:
    """Everything was handled and every ticket acknowledged."""
    return asyncio.run(_settled(url))


async def _settled(url: str) -> bool:
    town = community_of(Config.model_validate(community()), everything_on=NAME)
    async with open_database(url, town, ZoneInfo(town.timezone)) as database:
        summaries = await database.read_models.summaries()
        return not await database.inbox.depth() and all(s.ticket.clocks.acknowledged for s in summaries)


async def all_tickets(url: str) -> list[Ticket]:
    town = community_of(Config.model_validate(community()), everything_on=NAME)
    async with open_database(url, town, ZoneInfo(town.timezone)) as database:
        return [summary.ticket for summary in await database.read_models.summaries()]


async def undisturbed(lines: Sequence[Line]) -> list[str]:
    """The messages that become reports when nobody kills anything."""
    config = Config.model_validate(community())
    async with on_stage(config, lines[0].message.at) as player:
        for start in range(0, len(lines), 50):
            batch = [
                replace(
                    line.message,
                    channel=NAME,
                    chat=Chat(NAME, line.message.chat.id),
                    sender=Person(NAME, line.message.sender.id),
                )
                for line in lines[start : start + 50]
            ]
            player.clock.set(batch[-1].at)
            await player.app.database.inbox.put(batch, player.clock.now())
            await player.settle()
        return reports_of([s.ticket for s in await player.app.database.read_models.summaries()])


def reports_of(tickets: Sequence[Ticket]) -> list[str]:
    return sorted(reporter.message for ticket in tickets for reporter in ticket.reporters)


def check_tickets(tickets: list[Ticket], expected: list[str]) -> None:
    """The same messages without any kill give the same reports, each once."""
    assert reports_of(tickets) == expected
    assert len(expected) > MESSAGES * SHARE * 0.8
    assert sorted(ticket.number for ticket in tickets) == list(range(1, len(tickets) + 1))


def check_said(folder: Path, tickets: list[Ticket], kills: int) -> None:
    """What was said twice had been in the one message that each kill caught; the second time its rows may have gone
    out in other company."""
    lines = said(folder)
    times = Counter(row for line in lines for row in line["rows"])
    twice = {row for row, count in times.items() if count > 1}
    caught = {next(n for n, line in enumerate(lines) if row in line["rows"]) for row in twice}
    assert len(caught) <= kills
    assert all(count <= 1 + kills for count in times.values())
    acknowledged = {n for line in lines if line["kind"] == "ack" for n in line["tickets"]}
    assert {ticket.number for ticket in tickets} <= acknowledged
