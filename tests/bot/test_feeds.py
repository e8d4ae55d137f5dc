"""Sources of warnings: what is passed on by itself, what waits for a person, silence, misses, a folder of files."""

import os
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.clocks import Bell, ManualClock
from bot.config import load_config
from bot.feeds import Feed
from bot.intake import AT_ONCE, Intake
from bot.roster import community_of
from bot.sources.folder import Folder
from bot.sources.source import Batch, Source, SourceError
from bot.texts import TextFile, compose
from domain.editions import Why
from domain.errors import StoreError
from domain.messages import Receipt
from domain.ports import Store
from domain.records import Delivered, DeliveryState
from domain.warnings import Action, OfficialWarning, made_key
from storage.database import open_database
from tests.bot.cap_files import OLDER, TEXT, cap
from tests.moments import CHINA

CONFIG = Path(__file__).parent.parent.parent / "config.yaml"
START = datetime(2021, 8, 23, 18, 5, tzinfo=CHINA)
TEXTS = TextFile()
GROUPS = {"g1", "g3", "g5", "g8", "gB"}
MINUTE = timedelta(minutes=1)


def warning(level: str, action: Action = Action.ALERT, minutes: int = 0, **more) -> OfficialWarning:
    at = START + minutes * MINUTE
    verb = "解除" if action is Action.CANCEL else "发布"
    title = f"朝阳区气象台{at:%H时%M分}{verb}暴雨{level}预警信号"
    key = made_key("朝阳区气象台", "暴雨", level, action, at)
    return replace(OfficialWarning(key, "朝阳区气象台", "暴雨", level, action, at, title, f"{title}。"), **more)


@dataclass
class Script:
    """A source that has what the test says, or is away."""

    has: list[OfficialWarning] = field(default_factory=list)
    away: bool = False
    stops: bool = False
    name: str = "script"
    every: timedelta = timedelta(seconds=10)

    async def fetch(self, now: datetime) -> Batch:
        if self.away:
            raise SourceError("no answer", stop=self.stops)
        return Batch(list(self.has))

    async def dealt_with(self, batch: Batch) -> None:
        """Nothing to put away."""


def said_by(claims) -> list[tuple[str, str]]:
    rows = [(claim.chat.id, row) for claim in claims for row in claim.rows]
    return [(chat, compose([row], TEXTS).text) for chat, row in sorted(rows, key=lambda pair: pair[1].id)]


@pytest.fixture
async def database():
    async with open_database(":memory:", community_of(load_config(CONFIG), everything_on="console"), CHINA) as opened:
        yield opened


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START, CHINA)


def feed_of(source: Source, database, clock: ManualClock, levels=("橙色", "红色")) -> Feed:
    community = community_of(load_config(CONFIG), everything_on="console")
    intake = Intake(levels, database.store, community, Bell())
    return Feed(source, intake, database.hearing, clock, Random(1))


async def told(database, clock: ManualClock) -> list[tuple[str, str]]:
    """What lies in the outbox and is due; it counts as sent."""
    now = clock.now()
    claims = await database.deliveries.claim("console", now, MINUTE, 100)
    receipt = Receipt(("r",), now)
    await database.deliveries.finish(
        [Delivered(c, DeliveryState.SENT, tuple(row.id for row in c.rows), now, receipt) for c in claims], now
    )
    return said_by(claims)


async def look(feed: Feed, source: Script, database, clock: ManualClock, *warnings: OfficialWarning) -> set[str]:
    """The groups that hear of it."""
    source.has = list(warnings)
    clock.set(clock.now() + MINUTE)
    await feed.step()
    return {chat for chat, _ in await told(database, clock)}


@pytest.fixture
def source() -> Script:
    return Script()


@pytest.fixture
async def feed(source: Script, database, clock: ManualClock) -> Feed:
    """Heard before: what comes now is news."""
    await database.hearing.note("warnings:script", clock.now())
    return feed_of(source, database, clock)


async def editions(database, clock: ManualClock) -> list[Why]:
    async with database.store.begin(clock.now()) as work:
        return [e.why for e in await work.storms.editions(START - timedelta(days=1))]


async def test_orange_goes_to_everybody_blue_waits_for_a_person(feed, source, database, clock):
    blue, orange = warning("蓝色"), warning("橙色", Action.UPDATE, 1)
    assert await look(feed, source, database, clock, blue) == {"gstaff"}
    assert await look(feed, source, database, clock, blue, orange) == {*GROUPS, "gstaff"}
    assert await look(feed, source, database, clock, orange, blue) == set()
    assert await editions(database, clock) == [Why.BY_HAND, Why.FIRST]


async def test_the_all_clear_of_what_residents_heard_needs_no_person(feed, source, database, clock):
    await look(feed, source, database, clock, warning("橙色"))
    assert await look(feed, source, database, clock, warning("橙色", Action.CANCEL, 2)) == {*GROUPS, "gstaff"}


async def test_what_vanishes_from_the_feed_is_not_cleared(feed, source, database, clock):
    await look(feed, source, database, clock, warning("橙色"))
    assert await look(feed, source, database, clock) == set()


@pytest.mark.parametrize("hours", [None, 7])
async def test_after_a_silence_what_stands_is_loaded_silently_but_orange_and_red(source, database, clock, hours):
    if hours is not None:
        await database.hearing.note("warnings:script", clock.now() - timedelta(hours=hours))
    feed = feed_of(source, database, clock, ("蓝色", "橙色"))
    gale = replace(warning("蓝色"), event="大风", key="gale")
    assert await look(feed, source, database, clock, gale) == set()
    assert await editions(database, clock) == [Why.SILENT]
    later = replace(warning("蓝色", minutes=1), event="雷电", key="thunder")
    assert await look(feed, source, database, clock, gale, later) == {*GROUPS, "gstaff"}


async def test_the_first_look_passes_orange_on(source, database, clock):
    assert await look(feed_of(source, database, clock), source, database, clock, warning("橙色")) == {*GROUPS, "gstaff"}


async def test_a_feed_in_disorder_is_put_in_order(feed, source, database, clock):
    red, orange = warning("红色", Action.UPDATE, 1), warning("橙色")
    assert await look(feed, source, database, clock, red, orange) == {*GROUPS, "gstaff"}
    assert await editions(database, clock) == [Why.FIRST, Why.RISE]


async def test_two_sources_that_disagree_are_told_to_staff_only(feed, source, database, clock):
    orange = warning("橙色")
    await look(feed, source, database, clock, orange)
    red = replace(warning("红色"), key=orange.key)
    assert await look(feed, source, database, clock, red) == {"gstaff"}
    assert await look(feed, source, database, clock, red) == set()
    clear = warning("橙色", Action.CANCEL, 2)
    assert await look(feed, source, database, clock, clear) == {*GROUPS, "gstaff"}


async def test_a_group_that_still_waits_for_the_older_edition_hears_the_newer_one_only(feed, source, database, clock):
    feed.intake.levels = ("黄色", "橙色")
    yellow, orange = warning("黄色"), warning("橙色", Action.UPDATE, 1)
    source.has = [yellow]
    await feed.step()  # queued everywhere, and sent nowhere yet
    source.has = [yellow, orange]
    clock.set(clock.now() + MINUTE)
    await feed.step()
    said = [(chat, text) for chat, text in await told(database, clock) if "官方预警" in text]
    assert {chat for chat, _ in said} == {*GROUPS, "gstaff"}
    assert {orange.text in text for _, text in said} == {True}
    assert len(said) == 6


async def test_misses_are_told_once_and_backed_off_and_so_is_the_return(feed, source, database, clock):
    await look(feed, source, database, clock, warning("橙色"))
    source.away = True
    heard = [await look(feed, source, database, clock) for _ in range(5)]
    assert heard == [set(), set(), {"gstaff"}, set(), set()]
    assert 32 <= feed.pause() < 64
    source.away = False
    assert await look(feed, source, database, clock, warning("橙色")) == {"gstaff"}
    assert feed.pause() == 10


async def test_what_only_a_person_can_mend_is_told_at_once_and_left_for_an_hour(feed, source, database, clock):
    source.away = source.stops = True
    assert [await look(feed, source, database, clock) for _ in range(4)] == [{"gstaff"}, set(), set(), set()]
    assert feed.pause() == 3600
    source.away = False
    assert await look(feed, source, database, clock) == {"gstaff"}
    assert feed.pause() == 10


async def test_at_night_an_automatic_blue_waits_and_an_automatic_red_does_not(source, database):
    clock = ManualClock(START.replace(hour=23, minute=30), CHINA)
    await database.hearing.note("warnings:script", clock.now())
    feed = feed_of(source, database, clock, ("蓝色", "红色"))
    source.has = [warning("蓝色", minutes=320), replace(warning("红色", minutes=321), event="大风", key="gale")]
    await feed.step()
    rows = [row.reply for c in await database.deliveries.claim("console", clock.now(), MINUTE, 100) for row in c.rows]
    night = {(row.params["headline"], row.may_wait, int(row.priority)) for row in rows if row.template == "warning"}
    assert {(waits, priority) for _, waits, priority in night} == {(True, 5), (True, 0)}


def beside(feed: Feed, source: Script) -> Feed:
    """Another source of the same process, heard before."""
    return Feed(source, feed.intake, feed.hearing, feed.clock, Random(2))


async def test_the_same_warning_from_another_source_under_another_key_is_told_once(feed, source, database, clock):
    other = Script(name="other")
    await database.hearing.note("warnings:other", clock.now())
    second = beside(feed, other)
    orange = warning("橙色")
    assert await look(feed, source, database, clock, orange) == {*GROUPS, "gstaff"}
    assert await look(second, other, database, clock, replace(orange, key="202108231805000001")) == set()
    clear = replace(warning("橙色", Action.CANCEL, 9, issuer="预警中心"), references=("202108231805000001",))
    assert await look(second, other, database, clock, clear) == {*GROUPS, "gstaff"}
    assert await editions(database, clock) == [Why.FIRST, Why.ALREADY, Why.CLEARED]


async def test_a_post_that_still_waits_is_held_when_another_source_contradicts_it(feed, source, database, clock):
    other = Script(name="other")
    await database.hearing.note("warnings:other", clock.now())
    source.has = [orange := warning("橙色")]
    await feed.step()
    said = await look(beside(feed, other), other, database, clock, replace(orange, key="77", level="红色"))
    assert said == {"gstaff"}


async def test_an_update_of_what_was_never_heard_of_is_told_and_staff_are_told_of_the_hole(
    feed, source, database, clock
):
    source.has = [replace(warning("橙色", Action.UPDATE), references=("11010541600000_20210823150000",))]
    await feed.step()
    said = await told(database, clock)
    assert {chat for chat, _ in said} == {*GROUPS, "gstaff"}
    assert [chat for chat, text in said if "从没收到过" in text] == ["gstaff"]


async def test_what_comes_from_the_future_waits_until_then(feed, source, database, clock):
    early = warning("橙色", minutes=60)
    assert await look(feed, source, database, clock, early) == {"gstaff"}
    assert await look(feed, source, database, clock, early) == set()
    clock.set(START + 55 * MINUTE)
    assert await look(feed, source, database, clock, early) == {*GROUPS, "gstaff"}


async def test_after_hours_away_the_all_clear_is_still_told(feed, source, database, clock):
    await look(feed, source, database, clock, warning("橙色"))
    clock.set(clock.now() + timedelta(hours=7))
    clear = warning("橙色", Action.CANCEL, 300)
    assert await look(feed, source, database, clock, clear) == {*GROUPS, "gstaff"}


async def test_a_group_that_waited_through_the_absence_hears_what_stands_now(feed, source, database, clock):
    feed.intake.levels = ("黄色",)
    source.has = [warning("黄色")]
    await feed.step()  # queued everywhere, and sent nowhere
    clock.set(clock.now() + timedelta(hours=7))
    source.has = [blue := warning("蓝色", Action.UPDATE, 300)]
    await feed.step()
    said = [(chat, text) for chat, text in await told(database, clock) if "官方预警" in text]
    assert {(chat, blue.text in text) for chat, text in said} == {(chat, True) for chat in (*GROUPS, "gstaff")}


async def test_a_restart_during_an_absence_tells_nobody_twice(feed, source, database, clock):
    source.away = True
    assert [await look(feed, source, database, clock) for _ in range(3)] == [set(), set(), {"gstaff"}]
    again = feed_of(source, database, clock)
    assert [await look(again, source, database, clock) for _ in range(4)] == [set()] * 4
    source.away = False
    source.has = []
    clock.set(clock.now() + MINUTE)
    await feed_of(source, database, clock).step()
    [(chat, text)] = await told(database, clock)
    assert (chat, text) == ("gstaff", "预警来源“script”恢复了，中断了8分钟。")


async def test_a_bug_in_reading_a_source_is_a_miss(feed, source, database, clock, monkeypatch):
    async def breaks(now: datetime) -> Batch:
        raise ZeroDivisionError

    monkeypatch.setattr(source, "fetch", breaks, raising=False)
    await feed.step()
    assert feed.misses == 1


async def test_the_pause_that_a_source_asks_for_is_kept(feed, source, database, clock):
    async def busy(now: datetime) -> Batch:
        raise SourceError("HTTP 429", again=timedelta(minutes=7))

    source.fetch = busy
    await feed.step()
    assert feed.pause() == 420


# -- a folder of files ---------------------------------------------------------------------------------------------


def put(folder: Path, name: str, data: bytes, age: float = 60) -> None:
    path = folder / name
    path.write_bytes(data)
    at = START.timestamp() - age
    os.utime(path, (at, at))


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.xml"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "warnings"
    path.mkdir()
    return path


async def test_files_are_read_passed_on_and_put_away(folder: Path, database, clock):
    feed = feed_of(Folder(folder, ("110105",), CHINA), database, clock)
    put(folder, "a.xml", cap())
    put(folder, "b.xml", cap(identifier="32010041600000_20210823180512", area="320100000000"))
    put(folder, "c.xml", cap()[:-40])
    put(folder, "half.xml", cap(identifier=OLDER), age=1)
    await feed.step()
    said = await told(database, clock)
    assert {chat for chat, text in said if TEXT in text} == {*GROUPS, "gstaff"}
    assert ["c.xml" in text for chat, text in said if "读不懂" in text] == [True]
    assert names(folder) == ["half.xml", "read/a.xml", "read/b.xml", "refused/c.xml"]
    await feed.step()
    assert await told(database, clock) == []


async def test_the_same_file_once_more_says_nothing(folder: Path, database, clock):
    feed = feed_of(Folder(folder, (), CHINA), database, clock)
    for name in ("a.xml", "again.xml"):
        put(folder, name, cap())
        await feed.step()
    assert len([text for chat, text in await told(database, clock) if chat == "g3"]) == 1


async def test_a_folder_that_is_not_there_is_a_miss(tmp_path: Path, database, clock):
    feed = feed_of(Folder(tmp_path / "nothing", (), CHINA), database, clock)
    for _ in range(3):
        await feed.step()
    assert ["读不到" in text for _, text in await told(database, clock)] == [True]


async def test_hundreds_at_once_leave_the_store_to_others_in_between(source, feed, database, clock):
    """What was taken before a fault stays; the next look goes on from there."""
    source.has = [warning("蓝色", minutes=-n, issuer=f"第{n}气象台", key=f"many-{n}") for n in range(45)]
    whole = feed.intake.store
    feed.intake.store = Stumbling(whole, after=1)
    with pytest.raises(StoreError):
        await feed.step()
    assert len(await editions(database, clock)) == AT_ONCE
    feed.intake.store = whole
    await feed.step()
    assert len(await editions(database, clock)) == 45


@dataclass
class Stumbling:
    """A database that is there so often and then is away."""

    store: Store
    after: int

    def begin(self, now: datetime):
        self.after -= 1
        if self.after < 0:
            raise StoreError("away")
        return self.store.begin(now)
