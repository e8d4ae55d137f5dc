"""A feed of CAP files, against a local server that plays what such servers do: list much, be late, break off."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sources.source import Fault, SourceError
from bot.sources.web_feed import TRIES, WebFeed
from tests.bot.cap_files import IDENTIFIER, OLDER, TEXT, cap
from tests.moments import CHINA

NOW = datetime(2021, 8, 23, 18, 10, tzinfo=CHINA)
ELSEWHERE = "32010041600000_20210823180512"


def rss(*identifiers: str, link: str = "/files/{}.xml") -> str:
    items = "".join(
        f"<item><title>t</title><guid isPermaLink='false'>{id}</guid><link>{link.format(id)}</link>"
        "<pubDate>Mon, 23 Aug 2021 10:05:12 +0000</pubDate>"
        "<cap:event xmlns:cap='urn:oasis:names:tc:emergency:cap:1.1'>暴雨</cap:event></item>"
        for id in identifiers
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>f</title>{items}</channel></rss>'


def atom(id: str) -> str:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>f</title><entry>'
        f"<id>urn:{id}</id><updated>2021-08-23T18:05:12+08:00</updated><link href='/page/{id}'/>"
        f"<link type='application/cap+xml' href='/files/{id}.xml'/></entry></feed>"
    )


@dataclass
class Office:
    """feed, files: what is answered; a callable answers by itself. asked: paths in order."""

    feed: "str | bytes | Callable[[web.Request], web.StreamResponse]" = ""
    files: dict[str, "bytes | int"] = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    requests: list[web.Request] = field(default_factory=list)

    async def list(self, request: web.Request) -> web.StreamResponse:
        self.asked.append("feed")
        self.requests.append(request)
        if self.status != 200:
            return web.Response(status=self.status, headers=self.headers)
        if callable(self.feed):
            return self.feed(request)
        data = self.feed.encode() if isinstance(self.feed, str) else self.feed
        return web.Response(body=data, headers=self.headers)

    async def file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        self.asked.append(name)
        found = self.files.get(name, 404)
        return web.Response(status=found) if isinstance(found, int) else web.Response(body=found)


@pytest.fixture
async def office() -> AsyncIterator[tuple[Office, WebFeed]]:
    played = Office(rss(IDENTIFIER), {f"{IDENTIFIER}.xml": cap()})
    app = web.Application()
    app.router.add_get("/rss.xml", played.list)
    app.router.add_get("/files/{name}", played.file)
    async with TestServer(app) as server:
        yield played, WebFeed(f"http://127.0.0.1:{server.port}/rss.xml", ("110105", "110000"), CHINA)


async def look(source: WebFeed):
    batch = await source.fetch(NOW)
    await source.dealt_with(batch)
    return batch


@pytest.mark.parametrize("feed", [rss(IDENTIFIER), atom(IDENTIFIER)], ids=["RSS", "Atom"])
async def test_a_listed_file_is_fetched_once_and_read(office, feed: str):
    played, source = office
    played.feed = feed
    [found] = (await look(source)).warnings
    assert (found.key, found.text) == (IDENTIFIER, TEXT)
    assert list((await look(source)).warnings) == []
    assert played.asked == ["feed", f"{IDENTIFIER}.xml", "feed"]


async def test_of_ten_thousand_items_only_those_of_our_divisions_are_fetched(office):
    played, source = office
    others = [f"{320000 + n % 900}41600000_2021082318{n // 60 % 60:02}{n % 60:02}" for n in range(10_000)]
    played.feed = rss(*others[:5000], IDENTIFIER, *others[5000:])
    assert [w.key for w in (await look(source)).warnings] == [IDENTIFIER]
    assert played.asked == ["feed", f"{IDENTIFIER}.xml"]


async def test_the_newest_comes_first_and_what_is_not_of_ours_is_left_out(office):
    played, source = office
    played.feed = rss(OLDER, "urn:something", IDENTIFIER, ELSEWHERE)
    played.files = {
        f"{OLDER}.xml": cap(identifier=OLDER, sent="2021-08-22T18:00:00+08:00"),
        f"{IDENTIFIER}.xml": cap(),
        "urn:something.xml": cap(identifier=ELSEWHERE, area="320100000000"),
    }
    assert [w.key for w in (await look(source)).warnings] == [IDENTIFIER, OLDER]
    assert f"{ELSEWHERE}.xml" not in played.asked


async def test_an_alert_inside_the_feed_needs_no_file(office):
    played, source = office
    inside = cap().decode().partition("?>")[2]
    played.feed = rss(IDENTIFIER).replace("<title>t</title>", inside)
    assert [w.key for w in (await look(source)).warnings] == [IDENTIFIER]
    assert played.asked == ["feed"]


async def test_what_did_not_change_is_not_sent_again(office):
    played, source = office
    played.headers = {"ETag": '"1"', "Last-Modified": "Mon, 23 Aug 2021 10:05:12 GMT"}
    await look(source)
    played.status = 304
    assert list((await look(source)).warnings) == []
    asked = played.requests[1].headers
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"1"', "Mon, 23 Aug 2021 10:05:12 GMT")


async def test_what_was_not_committed_is_read_again(office):
    played, source = office
    played.headers = {"ETag": '"1"'}
    for _ in range(2):
        assert len((await source.fetch(NOW)).warnings) == 1
    assert "If-None-Match" not in played.requests[1].headers


async def test_while_a_file_is_missing_the_feed_is_asked_for_in_full(office):
    played, source = office
    played.headers = {"ETag": '"1"'}
    played.files = {f"{IDENTIFIER}.xml": 503}
    batch = await look(source)
    assert batch.missing is not None
    assert batch.missing.fault is Fault.THEIR_FAULT
    played.files = {f"{IDENTIFIER}.xml": cap()}
    batch = await look(source)
    assert ([w.key for w in batch.warnings], batch.missing) == ([IDENTIFIER], None)
    assert "If-None-Match" not in played.requests[1].headers


@pytest.mark.parametrize(
    "file, reason",
    [
        (cap()[:-300], "a whole XML file"),
        (404, "HTTP 404"),
        (cap(head='<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha">]>', text="&x;"), "document types"),
    ],
    ids=["half a file", "gone", "a bomb"],
)
async def test_a_file_that_stays_unreadable_is_refused_and_the_others_are_read(office, file, reason: str):
    played, source = office
    played.feed = rss(OLDER, IDENTIFIER)
    played.files = {f"{OLDER}.xml": file, f"{IDENTIFIER}.xml": cap()}
    batches = [await look(source) for _ in range(TRIES + 1)]
    assert [len(batch.warnings) for batch in batches] == [1, 0, 0, 0]
    assert [[reason in one.reason for one in batch.refused] for batch in batches] == [[], [], [True], []]
    assert played.asked.count(f"{OLDER}.xml") == TRIES


async def test_half_a_file_that_is_whole_later_is_read(office):
    played, source = office
    played.files = {f"{IDENTIFIER}.xml": cap()[:-300]}
    assert list((await look(source)).warnings) == []
    played.files = {f"{IDENTIFIER}.xml": cap()}
    assert len((await look(source)).warnings) == 1


@pytest.mark.parametrize("link", ["http://elsewhere.example/{}.xml", "file:///etc/{}", "http://127.0.0.1:1/{}.xml"])
async def test_a_feed_that_sends_us_elsewhere_is_not_followed(office, link: str):
    played, source = office
    played.feed = rss(IDENTIFIER, link=link)
    batches = [await look(source) for _ in range(TRIES)]
    assert ["expected a file on" in one.reason for one in batches[-1].refused] == [True]
    assert set(played.asked) == {"feed"}


@pytest.mark.parametrize(
    "status, fault", [(429, Fault.TOO_MANY), (500, Fault.THEIR_FAULT), (403, Fault.REFUSED), (404, Fault.NOT_FOUND)]
)
async def test_a_refusal_is_a_miss_with_the_pause_that_it_asks_for(office, status: int, fault: Fault):
    played, source = office
    played.status, played.headers = status, {"Retry-After": "120"}
    with pytest.raises(SourceError) as refusal:
        await source.fetch(NOW)
    assert (refusal.value.fault, refusal.value.again) == (fault, timedelta(seconds=120))


BOMB = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><rss><channel>&y;</channel></rss>'


@pytest.mark.parametrize("feed", ["<html></html>", "", rss(IDENTIFIER)[:-40], BOMB, b"\xff\xfe\x00nothing"], ids=str)
async def test_an_answer_that_is_no_feed_is_a_miss(office, feed):
    played, source = office
    played.feed = feed
    with pytest.raises(SourceError):
        await source.fetch(NOW)


async def test_an_answer_in_gzip_is_read_and_one_that_breaks_off_is_a_miss(office):
    played, source = office
    packed = gzip.compress(rss(IDENTIFIER).encode())
    played.feed, played.headers = packed, {"Content-Encoding": "gzip"}
    assert len((await source.fetch(NOW)).warnings) == 1
    played.feed = packed[:-20]
    with pytest.raises(SourceError):
        await source.fetch(NOW)


async def test_a_server_that_does_not_answer_in_time_is_a_miss():
    never = asyncio.Event()

    async def waits(_: web.Request) -> web.Response:
        await never.wait()
        return web.Response()

    app = web.Application()
    app.router.add_get("/rss.xml", waits)
    async with TestServer(app) as server:
        source = WebFeed(f"http://127.0.0.1:{server.port}/rss.xml", (), CHINA, slowest_seconds=0.05)
        with pytest.raises(SourceError) as refusal:
            await source.fetch(NOW)
        never.set()
    assert refusal.value.fault is Fault.TOO_SLOW


async def test_a_server_that_is_away_is_a_miss():
    with pytest.raises(SourceError) as refusal:
        await WebFeed("http://127.0.0.1:9/rss.xml", (), CHINA).fetch(NOW)
    assert refusal.value.fault is Fault.NO_ANSWER


async def test_a_feed_that_goes_back_in_time_brings_nothing_twice(office):
    played, source = office
    played.feed = rss(OLDER, IDENTIFIER)
    played.files[f"{OLDER}.xml"] = cap(identifier=OLDER, sent="2021-08-22T18:00:00+08:00")
    assert len((await look(source)).warnings) == 2
    played.feed = rss(OLDER)
    assert list((await look(source)).warnings) == []
    played.feed = rss(OLDER, IDENTIFIER)
    assert list((await look(source)).warnings) == []
