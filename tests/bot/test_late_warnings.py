"""A warning that waited is sent only if it is still in force: after a cut, a night, a failed try, a restart."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clocks import Bell
from bot.intake import Intake
from domain.errors import ChannelError
from domain.ports import Link
from domain.warnings import Action, OfficialWarning, Standing
from tests.bot.sending import Office, office, sender
from tests.bot.test_feeds import warning as of
from tests.moments import NOON

HOUR = timedelta(hours=1)


def warning(level: str, action: Action = Action.ALERT, hours: float = 0, **more) -> OfficialWarning:
    made = of(level, action)
    at = NOON + hours * HOUR
    title = f"朝阳区气象台{at:%H时%M分}{'解除' if action is Action.CANCEL else '发布'}暴雨{level}预警信号"
    return replace(made, key=f"{level}{action}{hours}", issued_at=at, headline=title, text=f"{title}。", **more)


@pytest.fixture
async def post(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with office(database_url, tmp_path) as opened:
        yield opened


async def brings(post: Office, *warnings: OfficialWarning, silent: bool = False, source: str = "script") -> None:
    levels = ("蓝色", "黄色", "橙色", "红色")
    intake = Intake(levels, post.database.store, post.delivery.community, Bell())
    await intake.take(source, warnings, post.clock.now(), lambda _: silent)


def to_residents(post: Office) -> list[str]:
    return [m.text for _, m in post.network.said if m.chat.id == "g3"]


ORANGE = warning("橙色")
LATER: dict[str, tuple[list[OfficialWarning], dict[str, Any]]] = {
    "it ran out": ([], {}),
    "it was cleared": ([warning("橙色", Action.CANCEL, 2)], {}),
    "a higher one of another office stands": ([warning("红色", hours=2, issuer="北京市气象台")], {}),
    "another source contradicts it": ([replace(ORANGE, key="77", level="黄色")], {"source": "other"}),
    "it fell while nobody listened": ([warning("蓝色", Action.UPDATE, 2)], {"silent": True}),
}


@pytest.mark.parametrize("what", LATER)
@pytest.mark.parametrize("restarted", [False, True])
async def test_what_is_in_force_no_more_is_not_sent(post: Office, tmp_path: Path, what: str, restarted: bool):
    post.network.link = Link.DOWN
    await brings(post, replace(ORANGE, expires_at=NOON + 3 * HOUR) if what == "it ran out" else ORANGE)
    await post.passes(hours=3, minutes=1)
    later, how = LATER[what]
    await brings(post, *later, **how)
    if restarted:
        post.delivery = sender(post.database, post.delivery.community, post.network, tmp_path)
    post.network.link = Link.UP
    await post.passes(minutes=30)
    assert [text for text in to_residents(post) if "橙色" in text and "解除" not in text] == []


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_is_still_in_force_is_sent_late(post: Office, tmp_path: Path, restarted: bool):
    post.network.link = Link.DOWN
    await brings(post, ORANGE)
    await post.passes(hours=3)
    if restarted:
        post.delivery = sender(post.database, post.delivery.community, post.network, tmp_path)
    post.network.link = Link.UP
    await post.passes(minutes=30)
    assert [ORANGE.text in text for text in to_residents(post)] == [True]


async def test_a_try_that_fails_while_it_falls_is_not_made_again(post: Office):
    post.network.broken = lambda sent: ChannelError("busy") if sent.chat.id == "g3" and "黄色" in sent.text else None
    await brings(post, warning("黄色"))
    await post.passes(seconds=5)
    post.clock.set(NOON + HOUR)
    await brings(post, fell := warning("蓝色", Action.UPDATE, 1))
    await post.passes(minutes=30)
    assert [fell.text in text for text in to_residents(post)] == [True]


async def test_an_all_clear_that_waited_for_the_morning_is_not_sent_over_a_new_warning(post: Office):
    post.clock.set(NOON + 10 * HOUR)
    await brings(post, yellow := warning("黄色", hours=10))
    await post.passes(minutes=30)
    post.clock.set(NOON + 14 * HOUR)
    await brings(post, warning("黄色", Action.CANCEL, 14))
    await post.passes(hours=1)
    red = warning("红色", hours=15, issuer="北京市气象台")
    await brings(post, red)
    await post.passes(hours=6)
    assert [text.split("\n")[1] for text in to_residents(post)] == [yellow.text, red.text]


async def test_exercises_reach_nobody_however_late(post: Office):
    post.network.link = Link.DOWN
    await brings(post, replace(ORANGE, standing=Standing.EXERCISE))
    await post.passes(hours=1)
    post.network.link = Link.UP
    await post.passes(minutes=10)
    assert to_residents(post) == []
