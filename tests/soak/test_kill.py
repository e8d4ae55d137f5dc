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
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from benchmarks.community import community
from benchmarks.messages import messages
from bot.config import Config
from bot.roster import community_of
from domain.tickets import Ticket
from storage.database import open_database
from tests.soak.network import NAME, said, write_messages

ROOT = Path(__file__).parent.parent.parent
ROUNDS = int(os.environ.get("LOUQUN_SOAK_ROUNDS", "3"))
MESSAGES, SHARE, GROUPS = 2000, 0.05, 50
KILLS = 2
pytestmark = [pytest.mark.soak, pytest.mark.timeout(300)]


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_kill_in_a_storm_loses_nothing_and_doubles_nothing(database_url: str, tmp_path: Path, seed: int):
    lines = messages(MESSAGES, SHARE, groups=GROUPS, seed=seed)
    write_messages(tmp_path, [
        {"id": m.external_id, "group": m.chat.id, "sender": m.sender.id, "name": m.sender_name, "text": m.text,
         "at": m.at.isoformat()}
        for m in (line.message for line in lines)
    ])  # fmt: skip
    chance = random.Random(seed)
    kills = 0
    for _ in range(KILLS):
        kills += run_and_kill(tmp_path, database_url, chance.uniform(0.8, 4.0))
    assert kills, "the bot was done before it could be killed: the storm is too small"
    run_to_the_end(tmp_path, database_url)
    tickets = asyncio.run(all_tickets(database_url))
    check_tickets(tickets)
    check_said(tmp_path, tickets, kills)


def start(folder: Path, url: str) -> subprocess.Popen:
    log = (folder / "log").open("ab")
    return subprocess.Popen([sys.executable, "-m", "tests.soak.bot", str(folder), url], cwd=ROOT, stderr=log)


def run_and_kill(folder: Path, url: str, seconds: float) -> int:
    """Whether there was still something to do."""
    bot = start(folder, url)
    try:
        bot.wait(seconds)
    except subprocess.TimeoutExpired:
        bot.kill()
    bot.wait()
    return int(accepted(folder) < MESSAGES or not settled(folder, url))


def run_to_the_end(folder: Path, url: str) -> None:
    bot = start(folder, url)
    deadline = time.monotonic() + 200
    try:
        while accepted(folder) < MESSAGES or not settled(folder, url):
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


def settled(folder: Path, url: str) -> bool:
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


def check_tickets(tickets: list[Ticket]) -> None:
    """The same messages without any kill give the same tickets."""
    origins = Counter(reporter.message for ticket in tickets for reporter in ticket.reporters)
    assert [message for message, count in origins.items() if count > 1] == []
    assert sorted(ticket.number for ticket in tickets) == list(range(1, len(tickets) + 1))


def check_said(folder: Path, tickets: list[Ticket], kills: int) -> None:
    sent = Counter(row for line in said(folder) for row in line["rows"])
    twice = {row for row, count in sent.items() if count > 1}
    messages_twice = [line for line in said(folder) if twice & set(line["rows"])]
    assert len(messages_twice) <= 2 * kills
    assert all(count <= 2 for count in sent.values())
    acknowledged = {n for line in said(folder) if line["kind"] == "ack" for n in line["tickets"]}
    assert {ticket.number for ticket in tickets} <= acknowledged
