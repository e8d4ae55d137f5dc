"""The database goes away at any moment of delivery: between claim and send, between send and note, while it rests."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from domain.errors import ChannelError, StoreError
from domain.messages import Outgoing
from domain.queues import Deliveries
from domain.records import Backlog, Claim, Delivered
from tests.bot.sending import Office, answer, group, office
from tests.channels.rig import until


class Falters:
    """The real queue of a database that is away for about every third call."""

    def __init__(self, inner: Deliveries, chance: Random) -> None:
        self._inner = inner
        self._chance = chance
        self.failed = 0

    def _maybe(self) -> None:
        if self._chance.random() < 1 / 3:
            self.failed += 1
            raise StoreError("the database is away")

    async def claim(self, channel: str, now: datetime, lease: timedelta, limit: int) -> Sequence[Claim]:
        self._maybe()
        return await self._inner.claim(channel, now, lease, limit)

    async def renew(self, claims: Sequence[Claim], until: datetime) -> None:
        self._maybe()
        await self._inner.renew(claims, until)

    async def finish(self, ends: Sequence[Delivered], now: datetime) -> None:
        self._maybe()
        await self._inner.finish(ends, now)

    async def next_due(self, channel: str) -> datetime | None:
        self._maybe()
        return await self._inner.next_due(channel)

    async def recover(self, channel: str, now: datetime) -> int:
        self._maybe()
        return await self._inner.recover(channel, now)

    async def set_back(self, channel: str, now: datetime, before: datetime) -> int:
        return await self._inner.set_back(channel, now, before)

    async def backlog(self) -> Sequence[Backlog]:
        return await self._inner.backlog()

    async def sweep(self, now: datetime) -> int:
        self._maybe()
        return await self._inner.sweep(now)


@pytest.fixture
async def post(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    monkeypatch.setattr("bot.delivery.STORE_AWAY_SECONDS", 0.005)
    async with office(database_url, tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("seed", range(3))
async def test_each_message_goes_out_once(post: Office, seed: int):
    faults = Falters(post.database.deliveries, Random(seed))
    post.delivery.deliveries = faults
    await post.put(*(answer(group(n % 20 + 1)) for n in range(40)))
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(post.delivery.run())
        await until(lambda: len(post.network.said) >= 40, "all is said")
        running.cancel()
    assert sorted(post.network.rows) == list(range(1, 41))
    assert faults.failed > 0


async def test_a_message_that_dies_then_makes_one_task_among_staff(post: Office):
    faults = Falters(post.database.deliveries, Random(1))
    post.delivery.deliveries = faults
    post.network.broken = lambda sent: ChannelError("no such group", retry=False) if refused(sent) else None
    await post.put(*(answer(group(n)) for n in range(1, 11)))
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(post.delivery.run())
        await until(lambda: len(post.network.said) >= 10, "the others and five tasks are said")
        running.cancel()
    assert sum("没送到" in text for text in post.network.texts) == 5


def refused(sent: Outgoing) -> bool:
    return sent.chat in {group(n) for n in range(1, 6)}
