"""The wechaty channel's link: cuts, kills, freezes, logins, and who has the account. Against the real npm server."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from domain.errors import ChannelError, UnknownOutcome
from domain.messages import Chat, Outgoing
from domain.ports import Channel, Link
from tests.channels.contract import assert_no_secret, listening, to_group
from tests.channels.puppet_process import FOLDER, TOKEN, PuppetProcess, puppet_process
from tests.channels.rig import ANN, BOT_NAME, ListeningSink, Says, until
from tests.channels.wechaty_rig import IDS, ROOM, WechatyRig, wechaty, wechaty_rig

pytestmark = pytest.mark.puppet


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOUQUN_WECHATY_TOKEN", TOKEN)


@pytest.fixture(scope="module")
def puppet() -> Iterator[PuppetProcess]:
    with puppet_process() as puppet:
        yield puppet


@pytest.fixture
async def rig(puppet: PuppetProcess) -> AsyncIterator[WechatyRig]:
    async with wechaty_rig(puppet) as rig:
        yield rig


def port(address: str) -> str:
    return address.rpartition(":")[2]


async def turns(rig: WechatyRig, link: Link) -> None:
    await until(lambda: rig.channel.health().link is link, f"the link is {link.value}")


async def test_a_killed_server_is_noticed_and_its_successor_found():
    with puppet_process() as first:
        async with wechaty_rig(first) as rig, listening(rig) as sink:
            before = await rig.says(Says(ANN, "一"))
            await sink.wait(1)
            first.kill()
            killed_at = datetime.now(UTC)
            await until(lambda: rig.channel.health().link is not Link.UP, "the kill is noticed")
            with pytest.raises(ChannelError) as caught:
                await rig.channel.send(to_group(rig, "听得到吗"))
            assert not isinstance(caught.value, UnknownOutcome)
            assert "Connect" in rig.channel.health().detail or "lost" in rig.channel.health().detail
            with puppet_process("--grpc-port", port(first.direct), "--gate-port", port(first.endpoint)) as second:
                async with wechaty_rig(second) as there:
                    await turns(rig, Link.UP)
                    after = await there.says(Says(ANN, "二"))
                    heard = await sink.wait(2)
                    await rig.channel.send(to_group(rig, "听得到"))
                    assert [entry.text for entry in await there.heard(1)] == ["听得到"]
    assert [message.external_id for message in heard] == [before, after]
    [(channel, since, up_to)] = sink.gaps
    assert channel == "wechaty"
    assert since <= killed_at <= up_to


async def test_a_frozen_server_is_noticed_by_the_keepalive_and_taken_back_when_it_thaws(rig: WechatyRig):
    async with listening(rig) as sink:
        rig.puppet.freeze()
        try:
            frozen_at = datetime.now(UTC)
            with pytest.raises(UnknownOutcome):  # it was on its way when the server stopped answering
                await rig.channel.send(to_group(rig, "听得到吗"))
            await until(lambda: rig.channel.health().link is not Link.UP, "the freeze is noticed", 3)
        finally:
            rig.puppet.thaw()
        await turns(rig, Link.UP)
        last = await rig.says(Says(ANN, "三"))
        await sink.wait_for_id(last)
    assert any(since <= frozen_at <= up_to for _, since, up_to in sink.gaps)


async def test_a_frozen_network_is_noticed_too(rig: WechatyRig):
    async with listening(rig) as sink:
        await rig.control.post("/gate", {"mode": "frozen"})
        await until(lambda: rig.channel.health().link is not Link.UP, "the freeze is noticed", 3)
        await rig.restores()
        await turns(rig, Link.UP)
        await sink.wait_for_id(await rig.says(Says(ANN, "三")))
    assert len(sink.gaps) == 1


async def test_an_orderly_restart_is_survived(rig: WechatyRig):
    async with listening(rig) as sink:
        await rig.control.post("/restart", {"downMs": 50})
        await until(lambda: bool(sink.gaps), "the gap is owned up to")
        await turns(rig, Link.UP)
        await sink.wait_for_id(await rig.says(Says(ANN, "三")))
        await rig.channel.send(to_group(rig, "在"))
        assert [entry.text for entry in await rig.heard(1)] == ["在"]


def _more_than(things: list, count: int) -> bool:
    return len(things) > count


async def test_ten_cuts_in_a_row(rig: WechatyRig):
    async with listening(rig) as sink:
        for n in range(10):
            await rig.control.post("/drop")
            await until(partial(_more_than, sink.gaps, n), f"cut {n} is over")
        await sink.wait_for_id(await rig.says(Says(ANN, "还在")))


async def test_what_was_announced_before_a_cut_is_fetched_after_it(rig: WechatyRig):
    async with listening(rig) as sink:
        await rig.control.post("/faults", {"method": "messagePayload", "mode": "delay", "ms": 5000})
        said = [await rig.says(Says(ANN, f"{n}")) for n in range(3)]
        await rig.control.until_called("messagePayload", 1)
        await rig.control.post("/drop")
        heard = await sink.wait(3)
    assert [message.external_id for message in heard] == said


async def test_a_wrong_token_is_said_without_saying_the_token(
    rig: WechatyRig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("LOUQUN_WECHATY_TOKEN", "not-the-token-at-all")
    channel = wechaty(rig.puppet.endpoint)
    with capture_logs() as logs:
        async with asyncio.TaskGroup() as group:
            running = group.create_task(channel.run(ListeningSink()))
            await until(lambda: "refuses the token" in channel.health().detail, "the refusal is seen")
            with pytest.raises(ChannelError) as caught:
                await channel.send(to_group(rig, "喂"))
            assert not running.done()
            running.cancel()
    assert [(entry["event"], entry["link"]) for entry in logs if entry["log_level"] == "error"] == [
        ("wechaty.link", "down")
    ]
    assert "LOUQUN_WECHATY_TOKEN" in str(caught.value)
    assert_no_secret(["not-the-token-at-all"], str(caught.value), repr(logs), caplog.text)


async def test_a_service_that_is_not_there_yet_is_waited_for(puppet: PuppetProcess):
    with puppet_process() as gone:
        pass
    channel, sink = wechaty(gone.endpoint), ListeningSink()
    async with asyncio.TaskGroup() as group:
        running = group.create_task(channel.run(sink))
        await until(lambda: gone.endpoint in channel.health().detail, "it is said")
        assert channel.health().link is Link.DOWN
        with pytest.raises(ChannelError, match=gone.endpoint):
            await channel.send(Outgoing((1,), Chat("wechaty", ROOM), "喂"))
        with puppet_process("--grpc-port", port(gone.direct), "--gate-port", port(gone.endpoint)) as there:
            async with wechaty_rig(there):
                await until(lambda: channel.health().link is Link.UP, "it is found")
        running.cancel()
    assert sink.gaps == []


async def test_a_logout_is_seen_and_the_next_login_says_what_was_missed(rig: WechatyRig):
    async with listening(rig) as sink:
        await rig.control.post("/logout", {"reason": "logged in elsewhere"})
        await turns(rig, Link.LOGGED_OUT)
        assert "logged in elsewhere" in rig.channel.health().detail
        with pytest.raises(ChannelError) as caught:
            await rig.channel.send(to_group(rig, "喂"))
        assert caught.value.retry
        away = datetime.now(UTC)
        await rig.control.post("/drop")
        await turns(rig, Link.CONNECTING)
        await turns(rig, Link.LOGGED_OUT)
        await rig.control.post("/login", {"id": IDS[BOT_NAME]})
        await turns(rig, Link.UP)
        await sink.wait_for_gap()
    [(_, since, up_to)] = sink.gaps
    assert since <= away <= up_to


async def test_the_code_to_scan_is_shown(rig: WechatyRig):
    async with listening(rig):
        await rig.control.post("/logout")
        with capture_logs() as logs:
            code = "https://login.example.org/l/abc"
            await rig.control.post("/event", {"name": "scan", "payload": {"qrcode": code, "status": 2}})
            await until(lambda: "scan the code" in rig.channel.health().detail, "the code is shown")
            assert [entry["code"] for entry in logs if entry["event"] == "wechaty.scan_to_log_in"] == [code]
        await rig.control.post("/login", {"id": IDS[BOT_NAME]})
        await turns(rig, Link.UP)


async def test_the_second_bot_of_an_account_evicts_the_first_which_waits_until_the_account_is_free(rig: WechatyRig):
    second, heard_by_second = wechaty(rig.puppet.direct), ListeningSink()
    with capture_logs() as logs:
        async with listening(rig) as sink:
            async with asyncio.TaskGroup() as group:
                running = group.create_task(second.run(heard_by_second))
                await turns(rig, Link.EVICTED)
                assert second.health().link is Link.UP
                assert "another client has the account" in rig.channel.health().detail
                with pytest.raises(ChannelError, match="evicted"):
                    await rig.channel.send(to_group(rig, "喂"))
                await second.send(to_group(rig, "我是第二个"))
                await rig.echoes()
                missed = await rig.says(Says(ANN, "二"))
                missed_at = datetime.now(UTC)
                await heard_by_second.wait_for_id(missed)
                running.cancel()
            await turns(rig, Link.UP)
            await sink.wait_for_gap()
            last = await rig.says(Says(ANN, "三"))
            await sink.wait_for_id(last)
    assert [message.external_id for message in heard_by_second.messages] == [missed]
    assert [message.external_id for message in sink.messages] == [last]
    assert any(since <= missed_at <= up_to for _, since, up_to in sink.gaps)
    assert [entry["link"] for entry in logs if entry["log_level"] == "error"] == [Link.EVICTED.value]


def _up_since(channel: Channel, moment: datetime) -> bool:
    health = channel.health()
    return health.link is Link.UP and health.since >= moment


async def test_two_bots_do_not_fight_over_an_account_when_the_service_restarts(rig: WechatyRig):
    second = wechaty(rig.puppet.endpoint)
    async with listening(rig) as sink, asyncio.TaskGroup() as group:
        running = group.create_task(second.run(ListeningSink()))
        await turns(rig, Link.EVICTED)
        both = (rig.channel, second)
        dropped_at = datetime.now(UTC)
        await rig.control.post("/drop")
        await until(lambda: any(_up_since(one, dropped_at) for one in both), "one of them is back")
        await until(lambda: any(one.health().link is Link.EVICTED for one in both), "the other has given way")
        [up] = [one for one in both if one.health().link is Link.UP]
        await up.send(to_group(rig, "在"))
        running.cancel()
    assert len(sink.messages) == 0


async def test_it_speaks_tls_with_a_service_whose_authority_it_knows(tmp_path: Path):
    ours = FOLDER / "node_modules/wechaty-puppet-service/dist/esm/src/auth/ca.js"
    found = re.search(r"TLS_CA_CERT = `(.*?)`", ours.read_text(), re.DOTALL)
    assert found
    authority = tmp_path / "authority.pem"
    authority.write_text(found[1])
    with puppet_process("--tls") as puppet:
        tls = {"tls": True, "tls_server_name": "insecure"}
        async with wechaty_rig(puppet, **tls, tls_ca_file=authority) as rig, listening(rig) as sink:
            await sink.wait_for_id(await rig.says(Says(ANN, "漏水")))
            await rig.channel.send(to_group(rig, "在"))
        async with wechaty_rig(puppet, **tls) as rig, asyncio.TaskGroup() as group:
            running = group.create_task(rig.channel.run(ListeningSink()))
            await until(lambda: "certificate" in rig.channel.health().detail, "a stranger's certificate is refused")
            running.cancel()
