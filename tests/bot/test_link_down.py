"""While an account's link is down its delivery waits, uses nothing up, and goes on at once when the link is back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.breaker import LONGEST_PROBE, OPENS_AFTER
from domain.errors import ChannelError, UnknownOutcome
from domain.messages import Chat, Outgoing
from domain.ports import Link
from tests.bot.sending import NAME, Office, answer, group, office, warning
from tests.channels.rig import until
from tests.moments import NOON

DOWN = ChannelError("connection refused")


@pytest.fixture
async def post(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with office(database_url, tmp_path) as opened:
        yield opened


def all_fail(_: Outgoing) -> ChannelError:
    return DOWN


async def test_a_link_that_the_channel_calls_down_is_left_alone_and_nothing_is_used_up(post: Office):
    post.network.link = Link.CONNECTING
    await post.put(*(answer(group(n)) for n in range(1, 11)))
    await post.passes(hours=5)
    assert post.network.tries == []
    assert await post.left() == {"queued": 10}
    post.network.link = Link.UP
    await post.passes(seconds=0)
    assert len(post.network.said) == 10


async def test_sends_that_fail_longer_than_all_tries_take_kill_nothing(post: Office):
    """The channel believes that it is connected; nothing goes out all the same."""
    post.network.broken = all_fail
    await post.put(*(answer(group(n)) for n in range(1, 11)))
    await post.passes(minutes=30)
    assert await post.left() == {"queued": 10}
    assert post.delivery.pause is not None
    assert "connection refused" in post.delivery.pause.why
    post.network.broken = lambda _: None
    await post.passes(seconds=30)
    assert sorted(post.network.rows) == list(range(1, 11))
    assert post.delivery.pause is None


async def test_one_message_to_one_chat_outlives_a_link_that_reaches_nobody(post: Office):
    """One chat alone may be at fault, so it is tried ever more seldom; but nothing shows that it is."""
    post.network.broken = all_fail
    await post.put(answer(group(1)))
    await post.passes(hours=5)
    assert await post.left() == {"queued": 1}
    post.network.broken = lambda _: None
    await post.passes(minutes=5)
    assert post.network.rows == [1]


async def test_a_chat_that_is_at_fault_itself_is_given_up_and_holds_nobody_up(post: Office):
    post.network.broken = lambda message: DOWN if message.chat == group(1) else None
    await post.put(answer(group(1)))
    for _ in range(60):
        await post.put(answer(group(2)))
        await post.passes(minutes=1)
    assert await post.left() == {"dead": 1}
    assert post.delivery.pause is None


async def test_the_next_in_a_chat_shows_whether_the_message_is_to_blame(post: Office):
    """Nothing else to say all night, and the first of two messages is one that the network cannot take."""
    post.network.broken = lambda message: DOWN if 1 in message.ids else None
    await post.put(answer(group(1)), answer(group(1)))
    await post.passes(hours=1)
    assert post.network.rows == [2, 3]
    assert post.network.said[1][1].chat == Chat(NAME, "gstaff")
    assert "dead" in await post.left()


async def test_a_pause_by_failures_is_probed_gently_and_not_by_all(post: Office):
    post.network.broken = all_fail
    await post.put(*(answer(group(n)) for n in range(1, 11)))
    await post.passes(minutes=10)
    spent = len(post.network.tries)
    assert spent <= 10 + timedelta(minutes=10) / LONGEST_PROBE + OPENS_AFTER


async def test_after_a_pause_the_urgent_goes_first_and_what_ran_out_is_not_said(post: Office):
    post.network.link = Link.DOWN
    late = NOON + timedelta(hours=1)
    await post.put(answer(group(1)), answer(group(2), expires_at=late), warning(group(3)), answer(group(4)))
    await post.passes(hours=2)
    post.network.link = Link.UP
    await post.passes(seconds=1)
    assert post.network.rows[0] == 3
    assert sorted(post.network.rows) == [1, 3, 4]


async def test_what_failed_just_before_the_cut_does_not_wait_out_its_back_off(post: Office):
    post.network.broken = all_fail
    await post.put(answer(group(1)))
    await post.passes(minutes=12)
    post.network.link = Link.CONNECTING
    await post.passes(seconds=1)
    post.network.link, post.network.broken = Link.UP, lambda _: None
    await post.passes(seconds=0)
    assert post.network.rows == [1]


async def test_a_frozen_network_swallows_no_more_than_what_shows_that_it_is_frozen(post: Office):
    """No answer to any send: each post may have gone out, so each is left to a person; the others wait."""
    post.network.broken = lambda _: UnknownOutcome("no answer in time")
    await post.put(*(answer(group(n)) for n in range(1, 21)))
    await post.passes(seconds=0)
    assert (await post.left())["unknown"] <= 16
    assert post.delivery.pause is not None


async def test_the_running_delivery_notices_by_itself_that_the_link_is_back(database_url: str, tmp_path: Path):
    async with office(database_url, tmp_path) as post:
        post.network.link = Link.DOWN
        await post.put(answer(group(1)))
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(post.delivery.run())
            await asyncio.sleep(0)
            assert post.network.said == []
            post.network.link = Link.UP
            await until(lambda: bool(post.network.said), "it is said")
            running.cancel()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    outages=st.lists(
        st.tuples(st.sampled_from(["cut", "refuses", "works"]), st.integers(1, 6), st.integers(0, 8)), max_size=5
    )
)
async def test_whatever_the_link_does_each_message_goes_out_once_and_in_order(
    outages: list[tuple[str, int, int]], tmp_path_factory: pytest.TempPathFactory
):
    """Moods of the network, minutes long, with messages to up to four chats put meanwhile."""
    async with office(":memory:", tmp_path_factory.mktemp("media")) as post:
        put = 0
        for mood, minutes, count in outages:
            post.network.link = Link.DOWN if mood == "cut" else Link.UP
            post.network.broken = all_fail if mood == "refuses" else lambda _: None
            for _ in range(count):
                put += 1
                await post.put(answer(group(put % 4 + 1)))
            await post.passes(minutes=minutes)
        post.network.link, post.network.broken = Link.UP, lambda _: None
        await post.passes(minutes=6)
        assert sorted(post.network.rows) == list(range(1, put + 1))
        for n in range(1, 5):
            said = [id for _, message in post.network.said if message.chat == group(n) for id in message.ids]
            assert said == sorted(said)
        assert await post.left() == {}
