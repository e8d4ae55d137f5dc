"""The client: one question, one answer or none, within the time. Nothing of words, keys or addresses is logged."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from math import isfinite

import aiohttp
import structlog

from bot.clocks import RunningClock
from bot.second_opinion.limits import Limits
from bot.second_opinion.settings import LanguageModelSettings
from bot.second_opinion.wire import LARGEST_BODY, Unusable, opinion_of, request
from domain.asking import Masked, Opinion
from domain.messages import Json

MOST_KEPT = 1_000
KEPT_FOR = timedelta(hours=1)
TOO_MANY, FIRST_REDIRECT, FIRST_ERROR = 429, 300, 400
REST_WITHOUT_A_WORD = 60.0
"""Seconds, after a 429 that does not say for how long."""
_BUSY = frozenset({TOO_MANY, 503})
log = structlog.get_logger("second_opinion")


@dataclass(slots=True)
class _Question:
    words: Masked
    key: bytes
    sent: bool = False


class LanguageModel:
    """The port SecondOpinion. Answers are kept for an hour by the words' hash: what is forwarded into a hundred groups
    is asked about once.
    """

    def __init__(
        self, settings: LanguageModelSettings, key: str | None, session: aiohttp.ClientSession, clock: RunningClock
    ) -> None:
        self._settings = settings
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._session = session
        self._clock = clock
        self._limits = Limits(settings.calls_per_hour)
        self._at_once = asyncio.Semaphore(settings.calls_at_once)
        self._kept: OrderedDict[bytes, tuple[datetime, Opinion]] = OrderedDict()
        self._turns: dict[bytes, asyncio.Lock] = {}
        self._answers = 0

    def available(self) -> bool:
        return self._limits.open(self._clock.now())

    async def ask(self, words: Masked) -> Opinion | None:
        question = _Question(words, hashlib.sha256(words.encode(errors="replace")).digest())
        try:
            async with asyncio.timeout(self._settings.timeout_seconds):
                return await self._in_turn(question)
        except TimeoutError:
            if question.sent:  # and not while it waited for its turn
                self._failed(Unusable("timeout"))
            return None

    def health(self) -> dict[str, Json]:
        now, limits = self._clock.now(), self._limits
        rests = limits.rests_until if limits.rests_until is not None and limits.rests_until > now else None
        spent = limits.calls(now)
        state = "resting" if rests else "budget spent" if spent >= limits.per_hour else "ready"
        return {
            "state": state,
            "rests_until": rests.isoformat() if rests else None,
            "calls_last_hour": spent,
            "calls_per_hour": limits.per_hour,
            "answers": self._answers,
            "failures_in_a_row": limits.failures,
            "last_fault": limits.fault,
        }

    async def _in_turn(self, question: _Question) -> Opinion | None:
        """The same words are asked about once, however many ask at the same time."""
        key = question.key
        turn = self._turns.setdefault(key, asyncio.Lock())
        try:
            async with turn:
                known = self._known(key)
                if known is not None:
                    return known
                async with self._at_once:
                    return await self._asked(question)
        finally:
            if not turn.locked():
                self._turns.pop(key, None)

    def _known(self, key: bytes) -> Opinion | None:
        at, opinion = self._kept.get(key, (None, None))
        return opinion if at is not None and self._clock.now() - at < KEPT_FOR else None

    async def _asked(self, question: _Question) -> Opinion | None:
        if not self._limits.take(self._clock.now()):
            return None
        question.sent = True
        try:
            opinion = opinion_of(await self._call(question.words))
        except Unusable as error:
            self._failed(error)
            return None
        except (aiohttp.ClientError, OSError) as error:
            self._failed(Unusable(type(error).__name__))
            return None
        except asyncio.CancelledError:  # the time is up, or the bot stops
            self._limits.dropped()
            raise
        self._limits.succeeded()
        self._answers += 1
        self._keep(question.key, opinion)
        return opinion

    def _keep(self, key: bytes, opinion: Opinion) -> None:
        self._kept[key] = (self._clock.now(), opinion)
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def _failed(self, error: Unusable) -> None:
        self._limits.failed(self._clock.now(), error.word, error.rest)
        until = self._limits.rests_until
        log.warning("second_opinion.failed", fault=error.word, rests_until=until.isoformat() if until else None)

    async def _call(self, words: Masked) -> bytes:
        """Raises Unusable, aiohttp.ClientError, OSError."""
        url, body = f"{self._settings.base_url}/chat/completions", request(self._settings, words)
        async with self._session.post(url, json=body, headers=self._headers, allow_redirects=False) as response:
            if response.status in _BUSY:
                raise Unusable(f"status {response.status}", self._rest(response))
            if response.status >= FIRST_ERROR:
                raise Unusable(f"status {response.status}")
            if response.status >= FIRST_REDIRECT:
                raise Unusable("redirect")
            if response.content_type != "application/json":
                raise Unusable("not JSON")
            return await _read(response)

    def _rest(self, response: aiohttp.ClientResponse) -> float | None:
        """Retry-After in seconds or as a date; without it, a busy server that does not limit us is any failure."""
        given = response.headers.get("Retry-After", "")
        try:
            seconds = float(given)
        except ValueError:
            seconds = self._until(given)
        if isfinite(seconds):
            return seconds
        return REST_WITHOUT_A_WORD if response.status == TOO_MANY else None

    def _until(self, date: str) -> float:
        try:
            at = parsedate_to_datetime(date)
        except ValueError:
            return float("nan")
        at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        return (at - self._clock.now()).total_seconds()


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Raises Unusable for a body that is too long: the rest of it is not even received."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Unusable("too long")
    return bytes(body)


@asynccontextmanager
async def connected(settings: LanguageModelSettings, clock: RunningClock) -> AsyncIterator[LanguageModel]:
    """Raises ConfigError when the key is not in the environment. Nothing is sent yet."""
    key = settings.key()
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    async with aiohttp.ClientSession(
        headers=headers,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,  # a few bytes may unpack to a gigabyte
        timeout=aiohttp.ClientTimeout(total=None),
    ) as session:
        yield LanguageModel(settings, key, session, clock)
