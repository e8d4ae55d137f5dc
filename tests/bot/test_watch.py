"""A network that replays nothing: what was missed while no process ran is said after the next start."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clocks import Bell
from bot.ingest import Ingest
from bot.texts import TextFile, compose
from bot.watch import Watch
from domain.ports import Link
from tests.bot.sending import NAME, Office, office
from tests.moments import NOON


@pytest.fixture
async def post(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with office(database_url, tmp_path) as opened:
        yield opened


def started(post: Office) -> Watch:
    """A process that knows nothing but what the database holds."""
    ingest = Ingest(post.database.inbox, post.database.store, post.clock, Bell(), Bell())
    return Watch({NAME: post.network}, post.database.hearing, ingest, post.clock)


async def said(post: Office) -> list[str]:
    claims = await post.database.deliveries.claim(NAME, post.clock.now(), timedelta(minutes=1), 100)
    return [compose([row], TextFile(), post.clock.now()).text for claim in claims for row in claim.rows]


async def test_the_first_start_ever_has_missed_nothing(post: Office):
    await started(post).step()
    assert await said(post) == []


async def test_a_kill_and_a_late_restart_are_said_in_every_group(post: Office):
    await started(post).step()
    post.clock.set(NOON + timedelta(minutes=20))
    watch = started(post)
    await watch.step()
    assert watch.ingest.gaps == {NAME: (NOON, NOON + timedelta(minutes=20))}
    texts = await said(post)
    assert len(texts) == 21
    assert set(texts) == {"12:00到12:20之间我断线了，这段时间的话可能没看到。报过修还没收到回复的邻居，麻烦再说一次。"}


async def test_a_night_away_is_said_with_its_day(post: Office):
    await started(post).step()
    post.clock.set(NOON + timedelta(hours=20))
    await started(post).step()
    assert (await said(post))[0].startswith("昨天12:00到8:00之间")


async def test_a_quick_restart_disturbs_nobody_but_is_on_the_health_page(post: Office):
    await started(post).step()
    post.clock.set(NOON + timedelta(seconds=12))
    watch = started(post)
    await watch.step()
    assert NAME in watch.ingest.gaps
    assert await said(post) == []


async def test_as_long_as_the_link_is_down_nothing_counts_as_heard(post: Office):
    watch = started(post)
    await watch.step()
    post.network.link = Link.LOGGED_OUT
    post.clock.set(NOON + timedelta(hours=1))
    await watch.step()
    assert await post.database.hearing.until(NAME) == NOON


async def test_a_network_that_replays_needs_no_watch(post: Office):
    post.network.replays = True
    await started(post).step()
    assert await post.database.hearing.until(NAME) is None


async def test_a_gap_is_said_once_however_often_the_bot_starts_after_it(post: Office):
    await started(post).step()
    post.clock.set(NOON + timedelta(minutes=20))
    for _ in range(3):
        await started(post).step()
    assert len(await said(post)) == 21
