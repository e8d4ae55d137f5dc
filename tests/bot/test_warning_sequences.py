"""Properties over sequences of weather: two sources that come and go, a network that is cut, restarts at any moment.

No resident sees a level that was not in force as far as we could know, none is told twice, none misses what stands.
"""

import asyncio
import re
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.community import community
from bot.clocks import Bell
from bot.config import Config
from bot.feeds import Feed
from bot.intake import Intake
from domain.editions import Why
from domain.ports import Link
from domain.warnings import Action, OfficialWarning
from tests.bot.sending import Office, office, sender
from tests.bot.test_feeds import Script
from tests.moments import NOON

LEVELS = ("", "蓝色", "黄色", "橙色", "红色")
KINDS = ("暴雨", "大风")
GROUP = "g1"
LOOK = timedelta(minutes=5)
LASTS = timedelta(hours=24)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("issue"), st.sampled_from(KINDS), st.integers(0, 4)),
        st.tuples(st.just("pass"), st.sampled_from([5, 40, 200])),
        st.tuples(st.just("source"), st.integers(0, 1)),
        st.tuples(st.just("link")),
        st.tuples(st.just("restart")),
    ),
    max_size=12,
)


@dataclass
class Weather:
    """What the station issues: each kind has one level at a time, "" for none."""

    issued: list[OfficialWarning] = field(default_factory=list)

    def issue(self, kind: str, level: str, at: datetime) -> None:
        before = next((w for w in reversed(self.issued) if w.event == kind), None)
        standing = self.level(kind, at)
        if (not level and not standing) or (before is not None and before.issued_at >= at):
            return
        action = Action.UPDATE if standing else Action.ALERT
        action, level = (action, level) if level else (Action.CANCEL, standing)
        verb = "解除" if action is Action.CANCEL else "发布"
        title = f"朝阳区气象台{at:%d日%H时%M分}{verb}{kind}{level}预警信号"
        key = f"11010541600000_{at:%Y%m%d%H%M%S}_{KINDS.index(kind)}"
        refs = (before.key,) if before is not None and standing else ()
        self.issued.append(
            OfficialWarning(
                key, "朝阳区气象台", kind, level, action, at, title, f"{title}：请注意防范。",
                expires_at=at + LASTS, references=refs,
            )
        )  # fmt: skip

    def level(self, kind: str, at: datetime, until: datetime | None = None) -> str:
        """At a moment, of what was issued until then (or until an earlier one)."""
        known = [w for w in self.issued if w.event == kind and w.issued_at <= (until or at)]
        last = known[-1] if known else None
        return "" if last is None or last.action is Action.CANCEL or last.ends_at() <= at else last.level


def as_told_by(index: int, warning: OfficialWarning) -> OfficialWarning:
    """The second source has keys of its own."""
    if index == 0:
        return warning
    own = {name: getattr(warning, name) for name in warning.__slots__}
    own["key"], own["references"] = f"q{warning.key}", tuple(f"q{key}" for key in warning.references)
    return OfficialWarning(**own)


@dataclass
class World:
    post: Office
    folder: Path
    weather: Weather = field(default_factory=Weather)
    sources: list[Script] = field(default_factory=lambda: [Script(name="a"), Script(name="b")])
    chance: Random = field(default_factory=lambda: Random(1))
    looked: list[datetime] = field(default_factory=list)
    feeds: list[Feed] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.post.clock.now()

    def restart(self) -> None:
        """Nothing that was in memory is left."""
        town, database = self.post.delivery.community, self.post.database
        intake = Intake(LEVELS[1:], database.store, town, Bell())
        self.feeds = [Feed(s, intake, database.hearing, self.post.clock, Random(1)) for s in self.sources]
        self.post.delivery = sender(database, town, self.post.network, self.folder)

    async def passes(self, minutes: int, every: timedelta = LOOK) -> None:
        until = self.now + timedelta(minutes=minutes)
        while self.now < until:
            for index, feed in enumerate(self.feeds):
                source = self.sources[index]
                source.has = [as_told_by(index, w) for w in self.weather.issued if w.issued_at <= self.now]
                self.chance.shuffle(source.has)
                if not source.away:
                    self.looked.append(self.now)
                await feed.step()
            await self.post.passes(seconds=every.total_seconds())

    async def play(self, steps) -> None:
        self.restart()
        await self.passes(5)
        for what, *how in steps:
            if what == "issue":
                self.weather.issue(how[0], LEVELS[how[1]], self.now)
            elif what == "source":
                self.sources[how[0]].away = not self.sources[how[0]].away
            elif what == "link":
                up = self.post.network.link is Link.UP
                self.post.network.link = Link.DOWN if up else Link.UP
            elif what == "restart":
                self.restart()
            await self.passes(how[0] if what == "pass" else 5)

    async def settle(self) -> None:
        """All is well again, and the morning comes."""
        self.post.network.link = Link.UP
        for source in self.sources:
            source.away = False
        await self.passes(10)
        if not 7 <= self.now.hour < 23:
            await self.passes(9 * 60, timedelta(minutes=45))

    def told(self) -> list[tuple[datetime, str, str, bool]]:
        """(when, kind, level, whether it is over) of the official posts in a resident's group."""
        found = []
        for at, message in self.post.network.said:
            if message.chat.id == GROUP and "官方预警" in message.text:
                said = re.search(r"(发布|解除)(暴雨|大风)(.色)预警", message.text)
                assert said is not None
                found.append((at, said[2], said[3], said[1] == "解除"))
        return found

    def titles(self) -> list[str]:
        found = [re.search(r"朝阳区气象台\d\d日.*?预警信号", m.text) for _, m in self.post.network.said
                 if m.chat.id == GROUP and "官方预警" in m.text]  # fmt: skip
        return [match[0] for match in found if match]

    def check_levels(self) -> None:
        for at, kind, level, over in self.told():
            looked = max(moment for moment in self.looked if moment <= at)
            assert self.weather.level(kind, at, looked) == ("" if over else level)

    async def check_what_stands(self) -> None:
        async with self.post.database.store.begin(self.now) as work:
            whys = {e.why for e in await work.storms.editions(NOON - timedelta(days=1))}
        if Why.SILENT in whys:
            return
        for kind in KINDS:
            heard = [(level, over) for _, of, level, over in self.told() if of == kind]
            level = self.weather.level(kind, self.now)
            if level:
                assert heard[-1:] == [(level, False)]
            elif heard and self.weather.issued and self._cleared(kind):
                assert heard[-1][1]

    def _cleared(self, kind: str) -> bool:
        return next(w for w in reversed(self.weather.issued) if w.event == kind).action is Action.CANCEL


async def played(steps) -> None:
    with tempfile.TemporaryDirectory() as name:
        config = Config.model_validate(community(2))
        async with office(":memory:", Path(name), config=config) as post:
            world = World(post, Path(name))
            await world.play(steps)
            world.check_levels()
            await world.settle()
            world.check_levels()
            assert len(world.titles()) == len(set(world.titles()))
            await world.check_what_stands()


@pytest.mark.timeout(240)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_whatever_the_weather_and_the_faults_residents_hear_what_stands_once(steps):
    asyncio.run(played(steps))


HARD = {
    "it rises while the link is down": [
        ("issue", "暴雨", 1), ("link",), ("issue", "暴雨", 3), ("pass", 20), ("restart",), ("link",),
    ],
    "it falls and ends while both sources are away": [
        ("issue", "暴雨", 4), ("source", 0), ("source", 1), ("issue", "暴雨", 1), ("pass", 90), ("issue", "暴雨", 0),
        ("pass", 60), ("source", 1),
    ],
    "an all-clear by one source, the next warning by the other": [
        ("issue", "暴雨", 2), ("source", 0), ("issue", "暴雨", 0), ("source", 1), ("source", 0), ("pass", 30),
        ("issue", "暴雨", 3), ("restart",),
    ],
    "both kinds, a night, a cut": [
        ("issue", "暴雨", 3), ("issue", "大风", 1), ("pass", 200), ("pass", 200), ("pass", 200), ("link",),
        ("issue", "大风", 2), ("issue", "暴雨", 0), ("pass", 150), ("link",),
    ],
}  # fmt: skip


@pytest.mark.timeout(120)
@pytest.mark.parametrize("what", HARD)
def test_hard_evenings(what: str):
    asyncio.run(played(HARD[what]))
