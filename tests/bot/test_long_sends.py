"""A send may outlast its lease, and the database may be away longer than it: nothing is said twice by that."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from random import Random

import pytest

from bot.delivery import LEASE
from domain.errors import StoreError
from domain.messages import Outgoing, Receipt
from tests.bot.sending import Network, Office, answer, group, office
from tests.bot.test_database_comes_and_goes import Falters
from tests.channels.rig import until


def _tried(network: Network, count: int) -> bool:
    return len(network.tries) == count


class Slow(Network):
    """Takes its time with the first message, until it is let go; the others go at once."""

    go = asyncio.Event()

    async def send(self, message: Outgoing) -> Receipt:
        receipt = await super().send(message)
        if len(self.tries) == 1:
            await self.go.wait()
        return receipt


@pytest.fixture
async def post(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    monkeypatch.setattr("bot.delivery.STORE_AWAY_SECONDS", 0.005)
    monkeypatch.setattr("bot.delivery.POLL_SECONDS", 0.005)
    async with office(database_url, tmp_path) as opened:
        slow = Slow(opened.clock)
        slow.go = asyncio.Event()
        opened.network = opened.delivery.channel = slow
        yield opened


async def test_a_send_that_outlasts_its_lease_goes_out_once(post: Office):
    slow = post.network
    assert isinstance(slow, Slow)
    await post.put(answer(group(1)))
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(post.delivery.run())
        await until(lambda: len(slow.tries) == 1, "the first is being sent")
        for n in range(2, 8):  # each shows that the loop went round at the new time
            post.clock.set(post.clock.now() + LEASE / 3)
            await post.put(answer(group(n)))
            await until(partial(_tried, slow, n), "the others are sent meanwhile")
        slow.go.set()
        await until(lambda: len(slow.said) == 7, "all are said")
        await post.put(answer(group(1)))
        await until(lambda: len(slow.said) == 8, "its chat is free again")
        running.cancel()
    assert sorted(slow.rows) == list(range(1, 9))


class Away(Falters):
    """A database that is away as long as it is told."""

    away = False

    def _maybe(self) -> None:
        if self.away:
            self.failed += 1
            raise StoreError("the database is away")


async def test_what_was_sent_while_the_database_was_away_is_not_sent_again_when_it_is_back(post: Office):
    slow, faults = post.network, Away(post.database.deliveries, Random(1))
    assert isinstance(slow, Slow)
    post.delivery.deliveries = faults
    await post.put(answer(group(1)))
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(post.delivery.run())
        await until(lambda: len(slow.tries) == 1, "it is being sent")
        faults.away = True
        slow.go.set()
        await until(lambda: faults.failed > 2, "the loop finds the database away")
        post.clock.set(post.clock.now() + 3 * LEASE)
        faults.away = False
        await post.put(answer(group(2)))
        await until(lambda: len(slow.said) >= 2, "the next is said")
        running.cancel()
    assert slow.rows == [1, 2]
    assert await post.left() == {}
