"""Who may come in, and from where."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.client import Client, Part, visiting
from tests.web.town import G3, Town, town

ROOM = "/as/r-301/group/g3"


@pytest.fixture
async def client(here: Town) -> AsyncIterator[Client]:
    async with visiting(here) as client:
        await client.get(ROOM)
        yield client


@pytest.mark.parametrize("path", ["/", "/as/r-301", ROOM, "/as/nobody", "/no-such-page", "/as/r-301/events"])
async def test_every_page_forbids_inline_scripts_and_foreign_hosts(client: Client, path: str):
    async with client.session.get(client._here.url(path)) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/", "/as/r-301", ROOM])
async def test_pages_obey_their_own_policy(client: Client, path: str):
    _, page = await client.get(path)
    assert not re.search(r"<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=|javascript:|<style", page)
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*', page) == []


async def test_static_files_may_be_kept_for_ever_since_their_address_changes_with_them(client: Client):
    _, page = await client.get(ROOM)
    paths = re.findall(r'(?:src|href)="(/static/[^"]+)', page)
    assert {path.rpartition("/")[2] for path in paths} == {"icon.svg", "chat.css", "chat.js"}
    for path in paths:
        answer, _ = await client.get(path)
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "0" * 40},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=lambda headers: " ".join(f"{k}={v}" for k, v in headers.items()),
)
@pytest.mark.parametrize("what", ["say", "recall"])
async def test_a_request_from_elsewhere_is_refused(here: Town, client: Client, what: str, headers: dict[str, str]):
    parts = Part("text", "冒充的".encode()), Part("line", b"x")
    answer, told = await client.post(f"{ROOM}/{what}", *parts, **headers)
    assert answer.status == 403
    assert "没有执行" in told["error"]
    assert here.room.history("r-301", G3) == []


async def test_somebody_elses_token_is_refused(here: Town, client: Client):
    async with visiting(here) as other:
        await other.get(ROOM)
        client.token = other.token
    answer, _ = await client.say(ROOM, "喂")
    assert answer.status == 403


async def test_a_form_without_script_carries_its_token_itself(here: Town, client: Client):
    token, client.token = client.token, ""
    parts = Part("token", token.encode()), Part("text", "没有脚本".encode())
    answer, _ = await client.post(f"{ROOM}/say", *parts, Accept="text/html")
    assert (answer.status, answer.headers["Location"]) == (303, ROOM)
    assert [line.text for line in here.room.history("r-301", G3)] == ["没有脚本"]


@pytest.mark.parametrize("path", ["/", "/as/r-301", ROOM, "/as/r-301/events", "/media/x"])
async def test_picking_a_person_is_refused_outside_the_demo_with_the_reason(tmp_path: Path, path: str):
    async with town(tmp_path, demo=False) as here, visiting(here) as client:
        answer, page = await client.get(path)
        posted, told = await client.say(ROOM, "喂")
        assert (await client.get("/healthz"))[0].status == 200
    assert answer.status == 403
    assert "只用于演示" in page
    assert "demo: true" in page
    assert (posted.status, "只用于演示" in told["error"]) == (403, True)


async def test_a_name_that_points_at_this_machine_is_refused(here: Town, client: Client):
    answer, page = await client.get("/", Host="rebound.example")
    assert answer.status == 403
    assert "127.0.0.1" in page


@pytest.mark.parametrize(
    "path",
    ["/as/nobody", "/as/r-301/group/g5", "/as/r-301/group/gstaff", "/as/r-301/group/none", "/as/r-301/group/g3/text/x"],
)
async def test_what_is_not_there_for_this_person_is_not_found(client: Client, path: str):
    answer, page = await client.get(path)
    assert answer.status == 404
    assert "没有" in page


async def test_health_is_what_the_root_says(client: Client):
    async with client.session.get(client._here.url("/healthz")) as answer:
        assert (answer.status, await answer.json()) == (200, {"ok": True, "link": "up"})
    async with client.session.get(client._here.url("/readyz")) as answer:
        assert (answer.status, await answer.json()) == (503, {"ok": False, "database": "starting"})
