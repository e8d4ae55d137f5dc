"""QWeather's weatheralert v1, against a local server that plays what its documentation says: gzip, tokens, errors."""

import gzip
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from bot.config import load_config
from bot.sources.catalogue import KEY_VARIABLE, sources_of
from bot.sources.qweather import LARGEST, QWeather
from bot.sources.source import SourceError
from domain.errors import ConfigError
from domain.warnings import Action
from tests.moments import CHINA

NOW = datetime(2021, 8, 23, 18, 10, tzinfo=CHINA)
SECRET = Ed25519PrivateKey.from_private_bytes(b"7" * 32)
KEY = SECRET.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PUBLIC = SECRET.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
DISCLAIMER = "当前预警数据可能存在延迟或信息过时，以官方数据发布为准。"
TEXT = "朝阳区气象台23日18时00分发布暴雨橙色预警信号：预计未来3小时有特大暴雨，请注意防范。"


def alert(**changes: object) -> dict:
    return {
        "id": "202108231800105837988676", "senderName": "朝阳区气象台", "issuedTime": "2021-08-23T18:00+08:00",
        "messageType": {"code": "alert", "supersedes": None}, "eventType": {"name": "暴雨", "code": "1003"},
        "urgency": None, "severity": "severe", "certainty": None, "icon": "1003",
        "color": {"code": "orange", "red": 255, "green": 170, "blue": 0, "alpha": None},
        "effectiveTime": "2021-08-23T18:00+08:00", "onsetTime": None, "expireTime": "2021-08-24T18:00+08:00",
        "headline": "朝阳区气象台发布暴雨橙色预警信号", "description": TEXT, "criteria": None, "responseTypes": [],
        "instruction": "1. 关好门窗", **changes,
    }  # fmt: skip


def answer(*alerts: object, tag: str = "t1") -> dict:
    metadata = {"tag": tag, "zeroResult": not alerts, "attributions": [DISCLAIMER]}
    return {"metadata": metadata, "alerts": list(alerts)}


@dataclass
class Service:
    """body: what is answered, as JSON or as it is; status: with which; refuses: so many tokens first."""

    body: object = field(default_factory=lambda: answer(alert()))
    status: int = 200
    refuses: int = 0
    asked: list[web.Request] = field(default_factory=list)
    tokens: list[dict] = field(default_factory=list)

    async def current(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        token = request.headers["Authorization"].removeprefix("Bearer ")
        assert jwt.get_unverified_header(token)["kid"] == "CRED"
        unbound = jwt.decode(
            token, PUBLIC, algorithms=["EdDSA"], options={"verify_exp": False, "verify_iat": False}
        )  # the test's clock is not today's
        self.tokens.append(unbound)
        if self.refuses:
            self.refuses -= 1
            return problem(401, "Unauthorized")
        if self.status != 200:
            return problem(self.status, "Too Many Requests" if self.status == 429 else "Forbidden")
        data = self.body if isinstance(self.body, bytes) else gzip.compress(json.dumps(self.body).encode())
        return web.Response(body=data, headers={"Content-Encoding": "gzip", "Content-Type": "application/json"})


def problem(status: int, title: str) -> web.Response:
    body = {"error": {"status": status, "type": "https://dev.qweather.com", "title": title, "detail": "…"}}
    return web.Response(status=status, text=json.dumps(body), content_type="application/problem+json")


@pytest.fixture
async def service() -> AsyncIterator[tuple[Service, QWeather]]:
    played = Service()
    app = web.Application()
    app.router.add_get("/weatheralert/v1/current/{latitude}/{longitude}", played.current)
    async with TestServer(app) as server:
        yield played, QWeather(f"http://127.0.0.1:{server.port}", "PROJECT", "CRED", KEY, 39.9219, 116.4435, CHINA)


async def test_it_asks_as_documented(service):
    played, source = service
    await source.fetch(NOW)
    [request] = played.asked
    assert request.path == "/weatheralert/v1/current/39.92/116.44"
    assert dict(request.query) == {"localTime": "true", "lang": "zh"}
    issued = int((NOW - timedelta(seconds=30)).timestamp())
    assert played.tokens == [{"sub": "PROJECT", "iat": issued, "exp": int((NOW + timedelta(minutes=15)).timestamp())}]


async def test_a_token_is_used_until_shortly_before_it_ends(service):
    played, source = service
    for minutes in (0, 5, 12, 14):
        await source.fetch(NOW + timedelta(minutes=minutes))
    assert len({token["exp"] for token in played.tokens}) == 2


async def test_an_alert_is_read_word_for_word_with_its_credit(service):
    _, source = service
    [found] = (await source.fetch(NOW)).warnings
    assert (found.key, found.issuer, found.name) == ("202108231800105837988676", "朝阳区气象台", "暴雨橙色")
    assert (found.action, found.text, found.issued_at) == (Action.ALERT, TEXT, NOW.replace(minute=0))
    assert found.expires_at == NOW.replace(day=24, minute=0)
    assert found.credit.split("\n") == ["天气服务由和风天气驱动 https://www.qweather.com", DISCLAIMER]


@pytest.mark.parametrize(
    "changes, seen",
    [
        ({"messageType": {"code": "update", "supersedes": ["1", "2"]}}, ("update", ("1", "2"))),
        ({"messageType": {"code": "cancel", "supersedes": ["1"]}}, ("cancel", ("1",))),
        ({"messageType": {"code": "something new"}}, ("update", ())),
        ({"headline": "朝阳区气象台解除暴雨橙色预警信号"}, ("cancel", ())),
    ],
)
async def test_values_are_open(service, changes: dict, seen: tuple):
    played, source = service
    played.body = answer(alert(**changes))
    [found] = (await source.fetch(NOW)).warnings
    assert (found.action.value, found.references) == seen


@pytest.mark.parametrize("spelt", ["expireTime", "expiredTime"])
async def test_both_spellings_of_the_end_are_read(service, spelt: str):
    played, source = service
    one = alert()
    del one["expireTime"]
    played.body = answer({**one, spelt: "2021-08-23T22:00Z"})
    [found] = (await source.fetch(NOW)).warnings
    assert found.expires_at == datetime(2021, 8, 24, 6, tzinfo=CHINA)


@pytest.mark.parametrize(
    "one, reason",
    [
        (alert(id=None), "expected id"),
        (alert(issuedTime="soon"), "expected id"),
        (alert(headline="", description=""), "expected id"),
        (alert(color={"code": "red"}), "its color says 红色, its title 橙色"),
        ("text", "expected an object"),
    ],
)
async def test_an_alert_that_cannot_be_trusted_is_refused_the_others_are_read(service, one: object, reason: str):
    played, source = service
    played.body = answer(one, alert())
    batch = await source.fetch(NOW)
    assert [refused.reason.startswith(reason) for refused in batch.refused] == [True]
    assert len(batch.warnings) == 1


async def test_no_alert_is_an_answer_and_no_miss(service):
    played, source = service
    played.body = answer()
    assert (await source.fetch(NOW)).warnings == ()


async def test_the_same_edition_is_looked_at_once_it_was_dealt_with(service):
    played, source = service
    assert len((await source.fetch(NOW)).warnings) == 1
    batch = await source.fetch(NOW)  # the commit failed: it is read again
    assert len(batch.warnings) == 1
    await source.dealt_with(batch)
    assert (await source.fetch(NOW)).warnings == ()
    played.body = answer(alert(id="2"), tag="t2")
    assert len((await source.fetch(NOW)).warnings) == 1


async def test_a_refused_token_is_made_anew_once(service):
    played, source = service
    played.refuses = 1
    assert len((await source.fetch(NOW)).warnings) == 1
    played.refuses = 2
    with pytest.raises(SourceError, match="HTTP 401: Unauthorized") as refusal:
        await source.fetch(NOW)
    assert refusal.value.stop
    assert len(played.asked) == 4


@pytest.mark.parametrize(
    "status, stop", [(400, True), (403, True), (404, True), (429, False), (500, False), (302, False)]
)
async def test_what_only_a_person_can_mend_stops_the_source(service, status: int, stop: bool):
    played, source = service
    played.status = status
    with pytest.raises(SourceError, match=f"HTTP {status}") as refusal:
        await source.fetch(NOW)
    assert refusal.value.stop is stop


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(json.dumps(answer(alert())).encode())[:-30],
        gzip.compress(b"<html>"),
        gzip.compress(b"[]"),
        gzip.compress(b'{"alerts": []}'),
        gzip.compress(b'{"metadata": {"zeroResult": false}}'),
        gzip.compress(b" " * (LARGEST + 10)),
        b"not gzip",
    ],
    ids=["half", "HTML", "a list", "no metadata", "no alerts", "too long", "not gzip"],
)
async def test_an_answer_that_is_none_is_a_miss(service, body: bytes):
    played, source = service
    played.body = body
    with pytest.raises(SourceError) as refusal:
        await source.fetch(NOW)
    assert not refusal.value.stop


async def test_a_server_that_is_away_is_a_miss_and_no_secret_is_said():
    source = QWeather("http://127.0.0.1:9", "PROJECT", "CRED", KEY, 39.92, 116.44, CHINA)
    with pytest.raises(SourceError) as refusal:
        await source.fetch(NOW)
    assert "CRED" not in str(refusal.value)
    assert "Bearer" not in str(refusal.value)


CONFIG = (Path(__file__).parent.parent.parent / "config.yaml").read_text(encoding="utf-8")
PART = "sources: [{host: abc123.qweatherapi.com, project: P, credential: C, latitude: 39.92, longitude: 116.44}]"


@pytest.mark.parametrize(
    "key, usable", [(KEY, True), (KEY.replace("\n", "\\n"), True), ("", False), ("secret", False)], ids=str
)
def test_the_key_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, usable: bool):
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG.replace("sources: []", PART), encoding="utf-8")
    monkeypatch.setenv(KEY_VARIABLE, key)
    config = load_config(path)
    if usable:
        [source] = sources_of(config, CHINA)
        assert source.name == "qweather"
        return
    with pytest.raises(ConfigError, match="expected a private Ed25519 key") as refusal:
        sources_of(config, CHINA)
    assert "secret" not in str(refusal.value)
