"""QWeather's weatheralert v1: warnings for one point, fetched with a token that we sign ourselves.

Going on through errors gets the account frozen: what only a person can mend stops the source for an hour.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

import aiohttp
import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.sources.cap import LONGEST_TEXT
from bot.sources.fetching import Answer, get, refusal
from bot.sources.source import Batch, Refused, SourceError
from domain.warning_titles import read_title, standing_of
from domain.warnings import Action, OfficialWarning, colour_name, rank_of

CREDIT = "天气服务由和风天气驱动"
TOKEN_LASTS = timedelta(minutes=15)
RENEWED_BEFORE = timedelta(minutes=2)
TIMEOUT_SECONDS = 20.0
LARGEST = 5_000_000
_ACTIONS = {"alert": Action.ALERT, "update": Action.UPDATE, "cancel": Action.CANCEL}
_STOPS = frozenset({400, 401, 403, 404, 405})
"""A wrong configuration, a key that is not theirs, no credit: trying again does not help."""


@dataclass(slots=True)
class QWeather:
    """base: https:// and the account's own host. key: the private Ed25519 key as PEM, from the environment."""

    base: str
    project: str
    credential: str
    key: str
    latitude: float
    longitude: float
    zone: tzinfo
    every: timedelta = timedelta(minutes=5)
    name: str = "qweather"
    _token: tuple[str, datetime] | None = field(default=None)
    _tag: str = ""

    async def fetch(self, now: datetime) -> Batch:
        return read_answer(await self._get(now), self.zone, self._tag)

    async def dealt_with(self, batch: Batch) -> None:
        """The same edition of the data need not be looked at again."""
        self._tag = next(iter(batch.items), "")

    async def _get(self, now: datetime) -> Mapping[str, object]:
        """Raises SourceError. A token that is refused is made anew once."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)) as session:
            answer = await self._ask(session, now)
            if answer.status == 401:
                self._token = None
                answer = await self._ask(session, now)
        if answer.status != 200:
            raise refusal(answer, why=_why(answer.body), stop=answer.status in _STOPS)
        return _json(answer.body)

    async def _ask(self, session: aiohttp.ClientSession, now: datetime) -> Answer:
        url = f"{self.base}/weatheralert/v1/current/{self.latitude:.2f}/{self.longitude:.2f}?localTime=true&lang=zh"
        return await get(session, url, LARGEST, {"Authorization": f"Bearer {self._signed(now)}"})

    def _signed(self, now: datetime) -> str:
        if self._token is None or self._token[1] - now < RENEWED_BEFORE:
            until, issued = now + TOKEN_LASTS, now - timedelta(seconds=30)
            claims = {"sub": self.project, "iat": int(issued.timestamp()), "exp": int(until.timestamp())}
            token = jwt.encode(claims, self.key, algorithm="EdDSA", headers={"kid": self.credential})
            self._token = (token, until)
        return self._token[0]


def check_key(pem: str) -> None:
    """Raises ValueError with what was expected."""
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("expected a private Ed25519 key as PEM, -----BEGIN PRIVATE KEY----- …")  # noqa: TRY004  a value of the environment


def read_answer(body: Mapping[str, object], zone: tzinfo, known_tag: str = "") -> Batch:
    """known_tag: of the edition of the data that was dealt with. Raises SourceError."""
    metadata, alerts = body.get("metadata"), body.get("alerts")
    if not isinstance(metadata, Mapping):
        raise SourceError("expected metadata in the answer")
    tag = _said(metadata.get("tag"))
    if metadata.get("zeroResult") is True or (tag and tag == known_tag):
        return Batch((), items=(tag,))
    if not isinstance(alerts, list):
        raise SourceError("expected a list of alerts in the answer")
    return _batch(alerts, zone, _credit(metadata), tag)


def _batch(alerts: Sequence[object], zone: tzinfo, credit: str, tag: str) -> Batch:
    warnings: list[OfficialWarning] = []
    refused: list[Refused] = []
    for alert in alerts:
        found = _read(alert, zone, credit) if isinstance(alert, Mapping) else "expected an object"
        if isinstance(found, OfficialWarning):
            warnings.append(found)
        else:
            item = str(alert.get("id")) if isinstance(alert, Mapping) else str(alert)[:40]
            refused.append(Refused(item, found))
    return Batch(warnings, refused, (tag,))


def _read(alert: Mapping[str, object], zone: tzinfo, credit: str) -> OfficialWarning | str:
    """Why it cannot be read, in words, if it cannot. Values are open: what is not known has a default."""
    headline, text = _said(alert.get("headline")), _said(alert.get("description"))
    title, colour = read_title(headline) or read_title(text), colour_name(_code(alert, "color"))
    issued_at = _time(alert.get("issuedTime"), zone)
    issuer = _said(alert.get("senderName")) or (title.issuer if title else "")
    event = title.event if title else _said(_part(alert, "eventType").get("name"))
    level = title.level if title else colour
    if not (_said(alert.get("id")) and issuer and event and issued_at and (headline or text)):
        return "expected id, senderName, eventType, issuedTime and a text"
    if len(text) > LONGEST_TEXT:
        return f"expected a text of at most {LONGEST_TEXT} characters"
    if rank_of(colour) and rank_of(level) != rank_of(colour):
        return f"its color says {colour}, its title {level}"
    action = _ACTIONS.get(_code(alert, "messageType"), Action.UPDATE)
    supersedes = _part(alert, "messageType").get("supersedes")
    return OfficialWarning(
        _said(alert.get("id")), issuer, event, level,
        Action.CANCEL if title and title.action is Action.CANCEL else action, issued_at, headline or text[:60],
        text or headline, standing_of(f"{headline}\n{text}"), _time(alert.get("effectiveTime"), zone),
        _time(alert.get("expireTime") or alert.get("expiredTime"), zone),
        tuple(str(id) for id in supersedes) if isinstance(supersedes, list) else (),
        _said(alert.get("instruction")), "qweather", credit,
    )  # fmt: skip


def _time(said: object, zone: tzinfo) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)


def _credit(metadata: Mapping[str, object]) -> str:
    """A duty of their terms: said with every warning, apart from its words, and unchanged."""
    given = metadata.get("attributions")
    lines = [str(line) for line in given] if isinstance(given, list) else []
    return "\n".join([f"{CREDIT} https://www.qweather.com", *lines])


def _json(data: bytes) -> Mapping[str, object]:
    try:
        body = json.loads(data)
    except ValueError as error:
        raise SourceError("expected JSON in the answer") from error
    if not isinstance(body, dict):
        raise SourceError("expected an object in the answer")
    return body


def _why(data: bytes) -> str:
    """What they say about it: application/problem+json."""
    try:
        error = json.loads(data)["error"]
        return f": {error['title']}"
    except (ValueError, KeyError, TypeError):
        return ""


def _part(alert: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = alert.get(name)
    return part if isinstance(part, Mapping) else {}


def _code(alert: Mapping[str, object], name: str) -> str:
    return _said(_part(alert, name).get("code"))


def _said(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
