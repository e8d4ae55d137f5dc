"""Two bots on one account, two programs on one database."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from benchmarks.community import community
from bot.clocks import ManualClock
from bot.config import Config
from bot.lease import LASTS, Tenancy, only_process
from bot.roster import community_of
from domain.errors import ConfigError
from storage.database import Database, open_database
from tests.moments import NOON

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with open_database(database_url, community_of(Config.model_validate(community(1))), ZONE) as opened:
        yield opened


class Account:
    """One process' claim to the account."""

    def __init__(self, database: Database, holder: str, clock: ManualClock) -> None:
        self.works = asyncio.Event()
        self.tenancy = Tenancy(database.leases, "channel:wechaty", holder, clock, asyncio.Event())

    async def work(self) -> None:
        self.works.set()
        await asyncio.get_running_loop().create_future()


async def test_the_second_process_waits_and_takes_over_when_the_first_lets_go(database: Database):
    clock = ManualClock(NOON, ZONE)
    first, second = Account(database, "a/1", clock), Account(database, "b/2", clock)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(first.tenancy.run(first.work))
        await asyncio.wait_for(first.works.wait(), 5)
        assert await database.leases.acquire("channel:wechaty", "b/2", clock.now(), LASTS) is None
        assert first.tenancy.held.is_set()
        running.cancel()
        await asyncio.wait([running])
        assert not first.tenancy.held.is_set()
        taking = group.create_task(second.tenancy.run(second.work))
        await asyncio.wait_for(second.works.wait(), 5)
        taking.cancel()


async def test_a_lease_that_ran_out_is_free(database: Database):
    assert await database.leases.acquire("channel:wechaty", "a/1", NOON, LASTS) is not None
    later = ManualClock(NOON + LASTS + timedelta(seconds=1), ZONE)
    other = Account(database, "b/2", later)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(other.tenancy.run(other.work))
        await asyncio.wait_for(other.works.wait(), 5)
        running.cancel()


async def test_nobody_waits_for_a_process_of_this_machine_that_was_killed(database: Database):
    gone = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await gone.wait()
    dead = f"{socket.gethostname()}/{gone.pid}"
    assert await database.leases.acquire("channel:wechaty", dead, NOON, LASTS) is not None
    other = Account(database, "b/2", ManualClock(NOON, ZONE))
    async with asyncio.TaskGroup() as group:
        running = group.create_task(other.tenancy.run(other.work))
        await asyncio.wait_for(other.works.wait(), 5)
        running.cancel()


def test_an_embedded_database_belongs_to_one_process(tmp_path: Path):
    path = tmp_path / "louqun.sqlite3"
    expected = f"in use by another LouQun .process {os.getpid()}"
    with only_process(path), pytest.raises(ConfigError, match=expected), only_process(path):
        pass
    with only_process(path):
        pass
