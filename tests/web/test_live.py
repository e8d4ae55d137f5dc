"""The stream: live, in order, without loss and without doubles."""

import asyncio
from pathlib import Path

import pytest

from domain.chatroom import Saying
from domain.messages import Chat, Mention, Outgoing, Person
from tests.web.client import Event, visiting
from tests.web.town import G3, Town, town


async def take(events, count: int) -> list[Event]:
    """The next lines; what only says that the stream is up is left out."""
    lines: list[Event] = []
    async with asyncio.timeout(5):
        while len(lines) < count:
            event = await anext(events)
            lines += [event] if event.name not in {"hello", "beat"} else []
    return lines


async def test_what_is_said_arrives_at_once_with_all_that_is_needed_to_show_it(here: Town):
    async with visiting(here) as client, client.stream("r-302", here.room.latest()) as events:
        line = await here.room.say(Saying("r-301", G3, "<b>早</b>"))
        [event] = await take(events, 1)
    assert (event.name, event.id, event.data["id"]) == ("line", line.sequence, line.id)
    assert (event.data["room"], event.data["mine"]) == ("/as/r-302/group/g3", False)
    assert event.data["preview"] == "张阿姨: <b>早</b>"  # the script sets it as text
    assert "&lt;b&gt;早&lt;/b&gt;" in event.data["html"]


async def test_one_hears_of_ones_own_rooms_only(here: Town):
    async with visiting(here) as client, client.stream("r-501", here.room.latest()) as events:
        await here.room.say(Saying("r-301", G3, "早"))
        await here.room.say(Saying("sw-limin", Chat("console", "gstaff"), "早"))
        await here.room.send(Outgoing((1,), Chat("console", "r-301", private=True), "私下"))
        mine = await here.room.say(Saying("r-501", Chat("console", "g5"), "早"))
        [event] = await take(events, 1)
    assert event.data["id"] == mine.id


async def test_an_at_is_told_to_whom_it_is_for(here: Town):
    zhang = Mention(Person("console", "r-301"), "张阿姨")
    async with visiting(here) as client, client.stream("r-301", here.room.latest()) as events:
        await here.room.send(Outgoing((1,), G3, "@张阿姨 #1 已登记", mentions=(zhang,)))
        [event] = await take(events, 1)
    assert event.data["addressed"]
    assert "to-me" in event.data["html"]


async def test_who_comes_back_gets_what_was_missed_once_and_in_order(here: Town):
    said = [await here.room.say(Saying("r-301", G3, f"{n}")) for n in range(5)]
    await here.room.recall("r-301", said[0].id)
    async with visiting(here) as client:
        last_seen = {"Last-Event-ID": str(said[1].sequence)}
        async with client.stream("r-302", since=0, **last_seen) as events:
            missed = await take(events, 4)
            after = await here.room.say(Saying("r-301", G3, "5"))
            [next_one] = await take(events, 1)
    assert [event.data["id"] for event in missed] == [*(line.id for line in said[2:]), said[0].id]
    assert missed[-1].data["changed"]
    assert "撤回了一条消息" in missed[-1].data["html"]
    assert next_one.data["id"] == after.id


async def test_a_restart_of_the_server_loses_nothing(tmp_path: Path):
    async with town(tmp_path) as here:
        seen = await here.room.say(Saying("r-301", G3, "一"))
        missed = await here.room.say(Saying("r-301", G3, "二"))
    async with town(tmp_path) as here, visiting(here) as client:
        after = await here.room.say(Saying("r-301", G3, "三"))
        async with client.stream("r-302", seen.sequence) as events:
            assert [event.data["id"] for event in await take(events, 2)] == [missed.id, after.id]


@pytest.mark.parametrize("since", [-1, 10**17])
async def test_who_was_away_too_long_is_told_to_load_the_page_again(here: Town, since: int):
    for n in range(301):
        await here.room.say(Saying("r-301", G3, f"{n}"))
    last_seen = 1 if since < 0 else since
    async with visiting(here) as client, client.stream("r-302", last_seen) as events:
        [event] = await take(events, 1)
    assert event.name == "reload"


async def test_a_quiet_stream_gives_a_sign_of_life(here: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("web.live._BEAT_SECONDS", 0.05)
    async with visiting(here) as client, client.stream("r-301", here.room.latest()) as events:
        names = [(await anext(events)).name for _ in range(3)]
    assert names == ["hello", "beat", "beat"]


async def test_a_stop_does_not_wait_for_open_streams(tmp_path: Path):
    async with town(tmp_path) as here, visiting(here) as client, client.stream("r-301", here.room.latest()) as events:
        await anext(events)
        started = asyncio.get_running_loop().time()
        await here.stop()
        assert asyncio.get_running_loop().time() - started < 2


async def test_the_stream_of_nobody_is_refused(here: Town):
    async with visiting(here) as client:
        answer, _ = await client.get("/as/nobody/events")
    assert answer.status == 404
