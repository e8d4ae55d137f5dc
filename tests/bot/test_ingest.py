"""Hop 2: durable before anything else, many at once, and patient while the database is away."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from benchmarks.community import community
from bot.clocks import Bell, ManualClock
from bot.config import Config
from bot.ingest import Ingest
from bot.roster import community_of
from domain.errors import StoreError
from domain.messages import Chat, Incoming, Person
from domain.ports import Store
from domain.queues import Inbox
from storage.database import Database, open_database
from tests.moments import NOON

ZONE = ZoneInfo("Asia/Shanghai")


def message(id: str, text: str = "漏水") -> Incoming:
    return Incoming("console", id, Chat("console", "g1"), Person("console", "u1"), NOON, text=text)


class Falters:
    """The real inbox of a database that is away for the first calls."""

    def __init__(self, inner: Inbox, failures: int = 0) -> None:
        self._inner = inner
        self._failures = failures
        self.sizes: list[int] = []
        self.told: list[str] = []
        self.trouble: Callable[[], str] = str

    async def put(self, messages: Sequence[Incoming], now: datetime) -> int:
        self.sizes.append(len(messages))
        self.told.append(self.trouble())
        if self._failures:
            self._failures -= 1
            raise StoreError("the database is away")
        return await self._inner.put(messages, now)

    async def depth(self) -> int:
        return await self._inner.depth()


@asynccontextmanager
async def ingesting(database: Database, inbox) -> AsyncIterator[Ingest]:
    ingest = Ingest(inbox, database.store, ManualClock(NOON, ZONE), Bell(), Bell())
    async with asyncio.TaskGroup() as group:
        running = group.create_task(ingest.run())
        yield ingest
        running.cancel()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    town = community_of(Config.model_validate(community(3)))
    async with open_database(database_url, town, ZONE) as opened:
        yield opened


async def test_who_hands_over_while_a_commit_runs_shares_the_next_one(database: Database):
    inbox = Falters(database.inbox)
    async with ingesting(database, inbox) as ingest:
        await asyncio.gather(*(ingest.accept([message(f"m{n}")]) for n in range(50)))
    assert await database.inbox.depth() == 50
    assert len(inbox.sizes) < 10


async def test_a_duplicate_dies(database: Database):
    async with ingesting(database, database.inbox) as ingest:
        await ingest.accept([message("m1"), message("m1")])
        await ingest.accept([message("m1")])
    assert await database.inbox.depth() == 1


async def test_a_database_that_is_away_is_waited_for(database: Database):
    inbox = Falters(database.inbox, failures=2)
    async with ingesting(database, inbox) as ingest:
        inbox.trouble = lambda: ingest.trouble
        async with asyncio.timeout(10):
            await ingest.accept([message("m1")])
        assert ingest.trouble == ""
    assert await database.inbox.depth() == 1
    assert inbox.sizes == [1, 1, 1]
    assert inbox.told == ["", "the database is away", "the database is away"], "for the health page"


async def test_what_was_handed_over_is_made_durable_before_it_stops(database: Database):
    async with asyncio.TaskGroup() as group, ingesting(database, database.inbox) as ingest:
        handing = [group.create_task(ingest.accept([message(f"m{n}")])) for n in range(5)]
        await asyncio.sleep(0)
    assert [task.cancelled() for task in handing] == [False] * 5
    assert await database.inbox.depth() == 5


@pytest.mark.parametrize("seconds, said", [(5, False), (60, True)])
async def test_a_gap_is_kept_for_the_health_page_and_said_when_it_was_long(
    database: Database, seconds: int, said: bool
):
    async with ingesting(database, database.inbox) as ingest:
        until = NOON + timedelta(seconds=seconds)
        await ingest.gap("console", NOON, until)
    assert ingest.gaps == {"console": (NOON, until)}
    claims = await database.deliveries.claim("console", NOON, timedelta(minutes=1), 10)
    assert {claim.chat.id for claim in claims} == ({"g1", "g2", "g3", "gstaff"} if said else set())
    assert {row.reply.template for claim in claims for row in claim.rows} == ({"gap_notice"} if said else set())


async def test_a_gap_that_cannot_be_said_just_then_is_said_later(database: Database):
    store = Away(database.store)
    ingest = Ingest(database.inbox, store, ManualClock(NOON, ZONE), Bell(), Bell())
    await ingest.gap("console", NOON - timedelta(minutes=5), NOON)
    assert not await ingest.say_gaps()
    store.away = False
    assert await ingest.say_gaps()
    claims = await database.deliveries.claim("console", NOON, timedelta(minutes=1), 10)
    assert len(claims) == 4


class Away:
    """The real store of a database that is away."""

    def __init__(self, inner: Store) -> None:
        self._inner = inner
        self.away = True

    def begin(self, now: datetime):
        if self.away:
            raise StoreError("the database is away")
        return self._inner.begin(now)
