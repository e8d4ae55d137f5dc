"""Staff who do not react in the chat are called by SMS or phone, whatever the gateway's mood; nobody else is."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from bot.app import Setting, open_app
from bot.clocks import ManualClock
from bot.config import Config
from bot.delivery import LEASE
from bot.identifiers import SeededIds
from bot.pager import PagerSettings
from bot.replay import Player
from bot.roster import community_of
from bot.stage import Stage
from domain.errors import ConfigError
from domain.vocabulary import Urgency
from tests.bot.gateway_server import Answer, Gateway, gateway, hangs_up, never_answers, says
from tests.moments import CHINA
from tests.scenarios.town import CONFIG, STAFF, Town
from tests.scenarios.town import town as replayed
from understanding.engine import Understander

TEN = datetime(2021, 8, 24, 10, 0, tzinfo=CHINA)
UNDERSTANDER = Understander()
LIMIN, SUNJIE, CHEN, WANG = "13900000001", "13900000003", "13900000007", "13900000005"
LEAK, FLOOD = "2单元502卧室漏水", "2单元1801客厅顶上漏水，水滴到灯上了"


def settings(url: str, **more: Any) -> dict[str, Any]:
    return {"url": url, "timeout_seconds": 0.2, "accepted": {"code": "0"}, **more}


def configured(**ways: Any) -> Config:
    return Config.model_validate({**yaml.safe_load(CONFIG.read_text(encoding="utf-8")), "pager": ways})


@asynccontextmanager
async def town(
    folder: Path, config: Config, clock: ManualClock | None = None, stage: Stage | None = None
) -> AsyncIterator[Town]:
    """As `run` would have it: on a database that outlives the process."""
    clock = clock or ManualClock(TEN, CHINA)
    stage = stage or Stage(clock)
    setting = Setting(
        community_of(config), clock, {stage.name: stage}, f"sqlite:///{folder}/it.sqlite3", folder, SeededIds(),
        understanding=UNDERSTANDER, chance=Random(1),
    )  # fmt: skip
    async with open_app(config, setting) as app:
        yield Town(Player(app, stage, clock), folder)


@pytest.fixture
async def sms() -> AsyncIterator[Gateway]:
    async with gateway() as server:
        yield server


@pytest.fixture
async def place(sms: Gateway, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path, configured(sms=settings(sms.url))) as opened:
        yield opened


def failures(town: Town) -> list[str]:
    return [words for words in town.heard(STAFF) if "请直接打给他" in words]


async def test_who_does_not_react_in_the_chat_gets_a_message_and_colleagues_know_of_it(place: Town, sms: Gateway):
    await place.says("r1", LEAK)
    await place.passes(minutes=9)
    assert sms.asked == []
    place.heard()
    await place.passes(minutes=1)
    assert sms.phones == [LIMIN]
    words = sms.asked[0]["text"]
    assert words.startswith("【广达路社区】#1 3号楼2单元低层住户漏水，报修10分钟没人接单，请马上看工作群。值班电话 ")
    [line] = place.heard(STAFF)
    assert line.startswith("@孙洁 #1 3号楼2单元502卧室漏水，报修10分钟还没人接单。能去请回：接单 #1")
    assert line.endswith("（聊天里没回音，正在打电话或发短信找李敏）")
    await place.passes(minutes=20)
    assert sms.phones == [LIMIN, SUNJIE, CHEN]
    await place.passes(hours=10)
    assert len(sms.asked) == 3


async def test_who_reacts_in_time_is_left_alone(place: Town, sms: Gateway):
    await place.says("r1", LEAK)
    await place.passes(minutes=8)
    await place.says("sw-limin", "接单 #1", STAFF)
    await place.passes(minutes=20)
    assert sms.asked == []


async def test_who_accepted_and_does_not_come_gets_a_message(place: Town, sms: Gateway):
    await place.says("r1", LEAK)
    await place.says("rp-wang", "接单 #1", STAFF)
    await place.passes(minutes=46)
    assert [(body["to"], "您接单后还没到场" in body["text"]) for body in sms.asked] == [(WANG, True)]


async def test_what_is_normal_waits_in_the_chat(place: Town, sms: Gateway):
    await place.says("r1", "2单元502厨房水管有点渗水")
    await place.says("sw-limin", "改 #1 普通", STAFF)
    await place.passes(days=2)
    assert sms.asked == []


async def test_an_emergency_rings_as_well(sms: Gateway, tmp_path: Path):
    async with (
        gateway() as voice,
        town(tmp_path, configured(sms=settings(sms.url), voice=settings(voice.url))) as place,
    ):
        await place.says("r1", FLOOD)
        await place.says("r2", "2单元502卧室漏水")
        await place.passes(minutes=5)
        assert (sms.phones, voice.phones) == ([LIMIN], [LIMIN])
        await place.passes(minutes=60)
        assert voice.phones == [LIMIN, SUNJIE, CHEN]
        assert all("#1" in body["text"] for body in voice.asked)
        assert all("紧急" in body["text"] for body in voice.asked)


async def test_residents_and_people_without_a_number_are_never_called(sms: Gateway, tmp_path: Path):
    config = configured(sms=settings(sms.url))
    staff = [p.model_copy(update={"phone": ""}) if p.id == "sw-limin" else p for p in config.staff]
    async with town(tmp_path, config.model_copy(update={"staff": tuple(staff)})) as place:
        await place.says("r1", LEAK + "，我电话13811112222")
        await place.passes(hours=3)
        assert sms.phones == [SUNJIE, CHEN]
        assert not any("13811112222" in str(body) for body in sms.asked)


@pytest.mark.parametrize(
    "answer",
    [
        says(400),
        says(401),
        says(404),
        says(302, Location="/elsewhere"),
        says(body={"code": 1004, "message": "13900000001"}),
    ],
    ids=["400", "401", "404", "redirect", "refused"],
)
async def test_a_refusal_is_told_at_once_with_the_number_for_colleagues(place: Town, sms: Gateway, answer: Answer):
    sms.answer = answer
    await place.says("r1", LEAK)
    await place.passes(minutes=11)
    assert failures(place) == ["#1 3号楼2单元低层住户漏水：给李敏的短信没发出去，请直接打给他：13900000001。"]
    assert len(sms.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [says(500), hangs_up, never_answers, says(text="gateway ok"), says(body={"status": "fine"}), says(body=[1])],
    ids=["500", "hangs up", "never answers", "no JSON", "another answer", "a list"],
)
async def test_what_may_have_gone_out_is_not_sent_again_but_told(place: Town, sms: Gateway, answer: Answer):
    sms.answer = answer
    await place.says("r1", LEAK)
    await place.passes(minutes=11)
    assert failures(place) == ["#1 3号楼2单元低层住户漏水：给李敏的短信不知道通没通，请直接打给他：13900000001。"]
    await place.passes(hours=5)
    assert [body["to"] for body in sms.asked].count(LIMIN) == 1


async def test_a_gateway_with_a_memory_is_asked_again_with_the_same_id(sms: Gateway, tmp_path: Path):
    sms.remembers, sms.answer = True, never_answers
    async with town(tmp_path, configured(sms=settings(sms.url, remembers_ids=True))) as place:
        await place.says("r1", LEAK)
        await place.passes(minutes=10, seconds=20)
        sms.answer = says()
        await place.passes(minutes=2)
        assert (sms.phones, failures(place)) == ([LIMIN], [])
        assert len(sms.asked) > 1
        assert len({body["id"] for body in sms.asked}) == 1


async def test_a_busy_gateway_is_asked_again_when_it_says_so(place: Town, sms: Gateway):
    sms.answer = says(503, Retry_After="60")
    await place.says("r1", LEAK)
    await place.passes(minutes=10, seconds=30)
    sms.answer = says()
    await place.passes(minutes=2)
    assert ([body["to"] for body in sms.asked], failures(place)) == ([LIMIN, LIMIN], [])


async def test_a_gateway_that_is_not_there_is_tried_until_it_is(tmp_path: Path):
    async with gateway() as gone:
        url = gone.url
    async with town(tmp_path, configured(sms=settings(url))) as place:
        await place.says("r1", LEAK)
        await place.passes(minutes=11)
        assert await place.player.app.machine.deliveries["sms"].deliveries.next_due("sms") is not None
        assert (await place.ticket())["status"] == "registered"
        assert len(place.heard(STAFF)) == 2  # the chat does not suffer


async def test_killed_between_the_request_and_its_note_nobody_is_called_twice(sms: Gateway, tmp_path: Path):
    config, clock = configured(sms=settings(sms.url)), ManualClock(TEN, CHINA)
    stage = Stage(clock)
    async with town(tmp_path, config, clock, stage) as place:
        await place.says("r1", LEAK)
        await place.passes(minutes=9, seconds=59)
        clock.set(datetime(2021, 8, 24, 10, 10, 1, tzinfo=CHINA))
        machine = place.player.app.machine
        await machine.timekeeper.fire_what_is_due()
        delivery = machine.deliveries["sms"]
        [claim] = await delivery.deliveries.claim("sms", clock.now(), LEASE, 4)
        await delivery._end(claim)  # the gateway took it, and the process dies
        assert sms.phones == [LIMIN]
    async with town(tmp_path, config, clock, stage) as place:
        await place.passes(minutes=8)
        assert [body["to"] for body in sms.asked].count(LIMIN) == 1
        assert any("不知道通没通" in str(line["text"]) for line in place.all_lines)


async def test_several_tickets_of_a_moment_come_as_one_message(place: Town, sms: Gateway):
    for number in range(1, 6):
        await place.says(f"r{number}", f"2单元{number}02卧室漏水")
    await place.passes(minutes=11)
    of_limin = [body["text"] for body in sms.asked if body["to"] == LIMIN]
    assert len(of_limin) <= 2
    assert all(f"#{number} " in "".join(of_limin) for number in range(1, 6))


async def test_whoever_accepts_meanwhile_is_not_called_by_what_was_late(place: Town, sms: Gateway):
    sms.answer = says(503, Retry_After="1200")
    await place.says("r1", LEAK)
    await place.passes(minutes=10, seconds=5)
    await place.says("sw-limin", "接单 #1", STAFF)
    sms.answer = says()
    await place.passes(minutes=30)
    assert [body["to"] for body in sms.asked] == [LIMIN]


async def test_no_number_and_no_secret_is_logged_or_kept(
    sms: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
):  # fmt: skip
    monkeypatch.setenv("TEST_TOKEN", "s3cret-token")
    caplog.set_level(logging.DEBUG)
    async with town(tmp_path, configured(sms=settings(sms.url, token_env="TEST_TOKEN"))) as place:
        moods: Sequence[Answer] = (
            says(), says(body={"code": LIMIN}), says(400, text=LIMIN), hangs_up, says(text=LIMIN), never_answers,
        )  # fmt: skip
        for number, mood in enumerate(moods, 1):
            sms.answer = mood
            await place.says(f"r{number}", f"2单元{number}02卧室漏水")
            await place.passes(hours=1)
        assert sms.headers[0]["Authorization"] == "Bearer s3cret-token"
    said = capsys.readouterr()
    for text in (said.out, said.err, caplog.text):
        assert not any(word in text for word in (LIMIN, SUNJIE, CHEN, "s3cret-token"))
    database = (tmp_path / "it.sqlite3").read_bytes()
    assert b"s3cret-token" not in database


async def test_the_request_looks_as_the_gateway_wants_it(sms: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TEST_TOKEN", "s3cret")
    body = {"to": "{phone}", "content": "您有工单：{text}", "key": "{token}", "type": "notice", "id": "n-{id}"}
    way = settings(sms.url, form="urlencoded", body=body, token_env="TEST_TOKEN", accepted={})
    async with town(tmp_path, configured(sms=way)) as place:
        await place.says("r1", LEAK)
        await place.passes(minutes=11)
    [asked] = sms.asked
    assert (asked["key"], asked["type"], asked["content"][:6]) == ("s3cret", "notice", "您有工单：【")
    assert "Authorization" not in sms.headers[0]
    assert sms.headers[0]["Idempotency-Key"] == asked["id"].removeprefix("n-")


async def test_nobody_is_called_by_a_replay(sms: Gateway, tmp_path: Path):
    async with replayed(tmp_path, config=configured(sms=settings(sms.url)), start=TEN) as place:
        await place.says("r1", LEAK)
        await place.passes(hours=2)
        assert sms.asked == []
        assert not any("短信" in words for words in place.heard())


async def test_the_secret_must_be_in_the_environment(sms: Gateway, tmp_path: Path):
    config = configured(sms=settings(sms.url, token_env="LOUQUN_NOT_THERE"))
    with pytest.raises(ConfigError, match=r"pager\.sms\.token_env: .*LOUQUN_NOT_THERE"):
        async with town(tmp_path, config):
            pass


@pytest.mark.parametrize(
    "ways, expected",
    [
        ({}, "expected sms, voice or both"),
        ({"sms": {"url": "http://sms.example.com/send"}}, "expected https"),
        ({"sms": {"url": "https://me:pw@sms.example.com/send"}}, "without a password"),
        ({"sms": {"url": "https://sms.example.com/send?to={phone}"}}, r"without \? and #"),
        ({"sms": {"url": "https://a.cn/s", "body": {"to": "{phone}"}}}, r"a place for \{text\}"),
        ({"sms": {"url": "https://a.cn/s", "body": {"to": "{phone} {text} {name}"}}}, r"\{name\} is not known"),
        ({"sms": {"url": "https://a.cn/s", "body": {"to": "{phone}{text}{token}"}}}, "as token_env"),
        ({"sms": {"url": "https://a.cn/s", "token_env": "hunter2!"}}, "name of an environment variable"),
        ({"sms": {"url": "https://a.cn/s"}, "urgencies": ["normal"]}, "urgencies"),
    ],
)
def test_a_wrong_section_says_what_was_expected(ways: dict[str, Any], expected: str):
    with pytest.raises(ValidationError, match=expected):
        PagerSettings.model_validate(ways)


def test_who_is_called_how():
    way = {"url": "https://a.cn/s"}
    both = PagerSettings.model_validate({"sms": way, "voice": way})
    assert both.by_urgency() == {Urgency.EMERGENCY: ("sms", "voice"), Urgency.URGENT: ("sms",)}
    assert PagerSettings.model_validate({"voice": way}).by_urgency() == {Urgency.EMERGENCY: ("voice",)}
    only = PagerSettings.model_validate({"sms": way, "urgencies": ["emergency"]})
    assert only.by_urgency() == {Urgency.EMERGENCY: ("sms",)}
