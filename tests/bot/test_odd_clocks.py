"""A clock that is set back an hour, or forward a day: nothing that was due waits for the clock to come round again."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clocks import ManualClock
from domain.errors import ChannelError
from domain.messages import Outgoing, Receipt
from domain.ports import Pace
from domain.vocabulary import ReplyKind
from tests.bot.sending import Network, Office, answer, group, office, warning
from tests.moments import NOON

HOUR = timedelta(hours=1)


class Unsteady(ManualClock):
    """The system's clock of a machine that somebody sets."""

    def jump(self, by: timedelta) -> datetime:
        self._now += by
        return self._now


@pytest.fixture
async def post(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with office(database_url, tmp_path) as opened:
        clock = Unsteady(NOON, ZoneInfo("Asia/Shanghai"))
        opened.clock = opened.network.clock = opened.delivery.clock = clock
        opened.delivery.pacer.pace = Pace(same_chat_seconds=1.0)
        yield opened


def jump(post: Office, by: timedelta) -> None:
    assert isinstance(post.clock, Unsteady)
    post.clock.jump(by)


async def test_a_chat_that_was_just_spoken_in_is_not_mute_for_an_hour(post: Office):
    await post.put(answer(group(1)))
    await post.settle()
    jump(post, -HOUR)
    await post.put(answer(group(1)))
    await post.settle()
    assert post.network.rows == [1, 2]


async def test_what_lay_in_the_queue_is_still_due(post: Office):
    await post.put(answer(group(1)), warning(group(2)))
    jump(post, timedelta(seconds=1))
    await post.delivery._heed_clock()
    jump(post, -HOUR)
    await post.settle()
    assert sorted(post.network.rows) == [1, 2]


async def test_what_is_for_later_stays_for_later(post: Office):
    await post.settle()
    await post.put(answer(group(1), not_before=NOON + timedelta(minutes=30)))
    jump(post, timedelta(minutes=10))
    await post.settle()
    jump(post, -HOUR)
    await post.settle()
    assert post.network.rows == []


async def test_a_back_off_does_not_grow_by_an_hour(post: Office):
    post.network.broken = lambda _: ChannelError("busy")
    await post.put(answer(group(1)))
    await post.settle()
    post.network.broken = lambda _: None
    jump(post, -HOUR)
    await post.settle()
    assert post.network.rows == [1]


async def test_the_budget_of_an_hour_that_has_not_been_is_not_spent(post: Office):
    news = replace(answer(group(1)), kind=ReplyKind.PROGRESS, own_accord=True)
    for _ in range(6):
        await post.put(news)
        await post.passes(seconds=2)
    jump(post, -HOUR)
    await post.put(news)
    await post.passes(seconds=5)
    assert 7 in post.network.rows


async def test_a_day_that_was_skipped_delivers_what_waits_and_drops_what_ran_out(post: Office):
    await post.put(answer(group(1), not_before=NOON + HOUR), answer(group(2), not_before=NOON + HOUR))
    await post.put(answer(group(3), not_before=NOON + HOUR, expires_at=NOON + 2 * HOUR))
    jump(post, timedelta(days=1))
    await post.settle()
    assert sorted(post.network.rows) == [1, 2]


class WrongClock(Network):
    """Says that it took each message an hour from now."""

    async def send(self, message: Outgoing) -> Receipt:
        receipt = await super().send(message)
        return Receipt(receipt.remote_ids, receipt.at + HOUR)


async def test_a_network_whose_clock_is_wrong_sets_none_of_ours(post: Office):
    post.delivery.channel = WrongClock(post.clock)
    post.delivery.pacer.pace = Pace(any_chat_seconds=1.0)
    await post.put(answer(group(1)), answer(group(2)))
    await post.passes(seconds=5)
    assert post.delivery.sent == 2
