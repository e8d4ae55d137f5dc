"""Warnings that the platform pushes: who may, what is refused and in which words, kept before it is answered, once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from io import BytesIO
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import BaseTestServer, TestServer

from bot.clocks import Bell, ManualClock
from bot.config import load_config
from bot.intake import Intake
from bot.push import VARIABLE, Receiver, secret_of_environment
from bot.roster import community_of
from domain.errors import ConfigError, StoreError
from storage.database import open_database
from tests.bot.cap_files import IDENTIFIER, OLDER, TEXT, cap, national
from tests.bot.test_feeds import CONFIG, GROUPS, said_by
from tests.moments import CHINA
from web.app import make_health_app
from web.options import Health, Page, Probes
from web.push import LARGEST, PATH, Door

NOW = datetime(2021, 8, 23, 18, 6, tzinfo=CHINA)
SECRET = "a-shared-secret-of-the-platform"
RIGHT = {"Authorization": f"Bearer {SECRET}"}
HEARD = "warnings:预警发布中心"


async def health() -> Health:
    return Health(ok=True, details={})


async def page() -> Page:
    return Page(b"", "text/plain")


class Platform:
    """Somebody who pushes. door: what they push to."""

    def __init__(self, database, clock: ManualClock) -> None:
        self.database, self.clock = database, clock
        community = community_of(load_config(CONFIG), everything_on="console")
        self.intake = Intake(("橙色", "红色"), database.store, community, Bell())
        self.receiver = self.started()
        self.door = Door(SECRET.encode(), self.take)

    async def take(self, data: bytes) -> str:
        return await self.receiver.take(data)

    def started(self) -> Receiver:
        areas = ("110105", "110000")
        return Receiver("预警发布中心", self.intake, self.database.hearing, self.clock, areas, CHINA)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[BaseTestServer]:
        async with TestServer(make_health_app(Probes(health, health, page), self.door)) as server:
            yield server

    async def push(self, data: bytes, headers: dict[str, str] | None = None) -> tuple[int, dict]:
        async with self.connected() as server, ClientSession() as session:
            answer = await session.post(server.make_url(PATH), data=BytesIO(data), headers=headers or RIGHT)
            return answer.status, await answer.json()

    async def told(self) -> list[tuple[str, str]]:
        claims = await self.database.deliveries.claim("console", self.clock.now(), timedelta(minutes=1), 100)
        return said_by(claims)


@pytest.fixture
async def platform(database_url: str) -> AsyncIterator[Platform]:
    community = community_of(load_config(CONFIG), everything_on="console")
    async with open_database(database_url, community, CHINA) as database:
        clock = ManualClock(NOW, CHINA)
        await database.hearing.note(HEARD, NOW - timedelta(minutes=1))
        yield Platform(database, clock)


async def test_what_is_pushed_is_told_to_everybody_once(platform: Platform):
    assert await platform.push(national()) == (200, {"ok": True, "result": "accepted"})
    assert {chat for chat, text in await platform.told() if TEXT in text} == {*GROUPS, "gstaff"}
    assert await platform.push(national()) == (200, {"ok": True, "result": "known"})
    platform.receiver = platform.started()
    assert await platform.push(cap()) == (200, {"ok": True, "result": "known"})
    assert await platform.told() == []


async def test_many_at_once_are_one(platform: Platform):
    async with platform.connected() as server, ClientSession() as session:

        async def push() -> str:
            async with session.post(server.make_url(PATH), data=national(), headers=RIGHT) as answer:
                return str((await answer.json())["result"])

        results = await asyncio.gather(*(push() for _ in range(8)))
    assert sorted(results) == ["accepted", *["known"] * 7]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Nothing": ""},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {SECRET}x"},
        {"Authorization": f"Basic {SECRET}"},
        {"Authorization": "Bearer 密码"},
    ],
    ids=str,
)
async def test_without_the_secret_nothing_is_taken(platform: Platform, headers: dict[str, str]):
    status, said = await platform.push(national(), headers)
    assert (status, said["ok"]) == (401, False)
    assert SECRET not in str(said)
    assert await platform.told() == []


@pytest.mark.parametrize("allowed, status", [("10.0.0.0/8", 403), ("127.0.0.0/8", 200), ("127.0.0.1/32", 200)])
async def test_only_the_networks_that_are_named_may_send(platform: Platform, allowed: str, status: int):
    platform.door = Door(SECRET.encode(), platform.receiver.take, (ip_network(allowed),))
    assert (await platform.push(national()))[0] == status


@pytest.mark.parametrize(
    "data, status, word",
    [
        (national()[:-200], 400, "a whole XML file"),
        (b"", 400, "a whole XML file"),
        (national(severity="Red"), 400, "severity"),
        (national().replace(b"<alert>", b"<!DOCTYPE a [<!ENTITY x 'y'>]><alert>"), 400, "document types"),
        (b" " * (LARGEST + 1), 413, "at most"),
    ],
    ids=["half", "nothing", "contradicts itself", "a bomb", "too large"],
)
async def test_what_cannot_be_used_is_refused_in_words(platform: Platform, data: bytes, status: int, word: str):
    for _ in range(2):
        found, said = await platform.push(data)
        assert (found, said["ok"]) == (status, False)
        assert word in said["error"]
    told = await platform.told()
    assert [chat for chat, text in told if "读不懂" in text] == (["gstaff"] if status == 400 else [])
    assert {chat for chat, _ in told} <= {"gstaff"}


async def test_what_is_for_others_is_accepted_and_told_to_nobody(platform: Platform):
    other = national(identifier="32010041600000_20210823180512", area="320100000000")
    assert await platform.push(other) == (200, {"ok": True, "result": "elsewhere"})
    assert await platform.told() == []


async def test_what_could_not_be_kept_is_asked_for_again(platform: Platform):
    async def away(_: bytes) -> str:
        raise StoreError("away")

    kept, platform.door = platform.door, Door(SECRET.encode(), away)
    status, said = await platform.push(national())
    assert (status, said["ok"]) == (503, False)
    platform.door = kept
    assert await platform.push(national()) == (200, {"ok": True, "result": "accepted"})


async def test_a_sender_that_stops_in_the_middle_is_not_waited_for(platform: Platform):
    platform.door = Door(SECRET.encode(), platform.receiver.take, read_seconds=0.05)
    never = asyncio.Event()

    async def half():
        yield national()[:100]
        await never.wait()

    async with platform.connected() as server, ClientSession() as session:
        async with session.post(server.make_url(PATH), data=half(), headers=RIGHT) as answer:
            assert answer.status == 408
        never.set()


async def test_exercises_stay_among_staff(platform: Platform):
    assert (await platform.push(national(status="Exercise")))[0] == 200
    assert {chat for chat, _ in await platform.told()} == {"gstaff"}


async def test_after_hours_without_a_listener_the_backlog_is_loaded_silently_and_news_is_told(platform: Platform):
    platform.clock.set(NOW + timedelta(hours=8))
    platform.intake.levels = ("蓝色", "黄色")
    blue = {
        "headline": "朝阳区气象台发布暴雨蓝色预警信号",
        "text": "朝阳区气象台发布暴雨蓝色预警信号",
        "severity": "Blue",
    }
    assert (await platform.push(national(identifier=OLDER, references="", **blue)))[0] == 200
    assert await platform.told() == []
    gale = {name: words.replace("暴雨", "大风") for name, words in blue.items()}
    fresh = national(identifier=IDENTIFIER, sendTime="2021-08-24 02:05:00+08:00", references="", **gale)
    assert (await platform.push(fresh))[0] == 200
    assert {chat for chat, text in await platform.told() if "大风" in text} == {*GROUPS, "gstaff"}


async def test_a_listener_is_noted_so_that_a_short_stop_is_no_silence(platform: Platform):
    await platform.receiver.listen()
    assert await platform.database.hearing.until(HEARD) == NOW


@pytest.mark.parametrize("secret", ["", "short", " " * 40])
def test_the_secret_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, secret: str):
    monkeypatch.setenv(VARIABLE, secret)
    with pytest.raises(ConfigError, match=VARIABLE):
        secret_of_environment()
    monkeypatch.setenv(VARIABLE, SECRET)
    assert secret_of_environment() == SECRET.encode()


def test_only_the_one_address_is_open(tmp_path: Path):
    app = make_health_app(Probes(health, health, page))
    assert PATH not in {route.resource.canonical for route in app.router.routes() if route.resource}
    assert isinstance(app, web.Application)
