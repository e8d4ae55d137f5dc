"""One gateway as a channel of the outbox: its queue keeps what waits, this only makes one request of one message.

Nothing of a request or an answer is logged or kept but the status and a code: both hold a phone number.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from bot.pager.settings import GatewaySettings
from domain.errors import ChannelError, StoreError, UnknownOutcome
from domain.messages import File, MediaHandle, Outgoing, Receipt
from domain.ports import ChannelHealth, Clock, Link, Pace, Sink
from domain.vocabulary import StaffId

LARGEST_ANSWER = 64 * 1024
LONGEST_TEXT = 500
FIRST_REFUSAL, TOO_MANY, UNAVAILABLE, FIRST_FAULT = 300, 429, 503, 500
_NUMBER = re.compile(r"\+?\d{5,20}")
_NOT_DIALLED = re.compile(r"[\s\-()（）.]")


@dataclass(frozen=True, slots=True)
class Book:
    """phone_of: the number of a member of staff as the roster has it now; "" for none. begins: notes durably that a
    request is about to be made; False where it was noted before. Both raise StoreError.
    """

    phone_of: Callable[[StaffId], Awaitable[str]]
    begins: Callable[[str], Awaitable[bool]]


class Pager:
    """chat.id is a member of staff, never a number and never a resident: whom the roster does not know is not called.

    What a gateway without memory may have taken is not asked for a second time, also not by the next process: before
    each request it is noted, and only a request that surely failed may be made again.
    """

    replays = True  # nothing comes in

    def __init__(
        self, name: str, settings: GatewaySettings, session: aiohttp.ClientSession, clock: Clock, book: Book
    ) -> None:
        self.name = name
        self.pace = Pace(same_chat_seconds=30)  # what falls due together comes as one message
        self._settings = settings
        self._token = settings.token(f"pager.{name}")
        self._session = session
        self._clock = clock
        self._book = book
        self._surely_not: set[str] = set()

    async def run(self, _sink: Sink) -> None:
        await asyncio.get_running_loop().create_future()

    async def fetch(self, _handle: MediaHandle) -> File:
        raise ChannelError("nothing comes in here", retry=False)

    def health(self) -> ChannelHealth:
        return ChannelHealth(Link.UP, self._clock.now())

    async def send(self, message: Outgoing) -> Receipt:
        id = hashlib.sha256("|".join(message.keys).encode()).hexdigest()[:32]
        phone = await self._prepare(message, id)
        try:
            await self._ask(self._filled(phone, message.text[:LONGEST_TEXT], id), id)
        except UnknownOutcome as unknown:
            if self._settings.remembers_ids:
                raise ChannelError(f"{unknown}; asked again with the same id") from None
            raise
        except ChannelError:
            self._surely_not.add(id)
            raise
        return Receipt((f"{self.name}:{id}",), self._clock.now())

    async def _prepare(self, message: Outgoing, id: str) -> str:
        """The number, once it is sure that this request was not made before."""
        try:
            phone = _NOT_DIALLED.sub("", await self._book.phone_of(StaffId(message.chat.id)))
            if not message.chat.private or not _NUMBER.fullmatch(phone):
                raise ChannelError(f"{message.chat.id} has no phone number in the roster", retry=False)
            if not (self._settings.remembers_ids or id in self._surely_not or await self._book.begins(id)):
                raise UnknownOutcome("asked for before, and the answer was not noted")
        except StoreError as error:
            raise ChannelError(f"the database is away: {error}") from error
        self._surely_not.discard(id)
        return phone

    def _filled(self, phone: str, text: str, id: str) -> dict[str, str]:
        values = {"phone": phone, "text": text, "id": id, "token": self._token or ""}
        return {k: re.sub(r"\{(\w+)\}", lambda m: values[m[1]], v) for k, v in self._settings.body.items()}

    async def _ask(self, body: Mapping[str, str], id: str) -> None:
        """Raises ChannelError where it surely does not go out, UnknownOutcome where it may."""
        settings = self._settings
        headers = {"Idempotency-Key": id}
        if self._token and not settings.token_in_body:
            headers["Authorization"] = f"Bearer {self._token}"
        limit = aiohttp.ClientTimeout(total=settings.timeout_seconds)
        json_body = dict(body) if settings.form == "json" else None
        form_body = dict(body) if settings.form != "json" else None
        try:
            async with self._session.post(
                settings.url, headers=headers, timeout=limit, allow_redirects=False, json=json_body, data=form_body
            ) as response:
                _check_status(response)
                self._check_answer(await _read(response))
        except aiohttp.ClientConnectorError as error:
            raise ChannelError(f"cannot be reached ({type(error).__name__})") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise UnknownOutcome(f"no answer ({type(error).__name__})") from None

    def _check_answer(self, body: bytes) -> None:
        """An answer that cannot be read may have followed a message that went out."""
        if not self._settings.accepted:
            return
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            raise UnknownOutcome("the answer is not JSON") from None
        for path, wanted in self._settings.accepted.items():
            found = _at(answer, path)
            if found is None:
                raise UnknownOutcome(f"the answer has no {path}")
            if found != wanted:
                raise ChannelError(f"refused: {path} is {_harmless(found)}", retry=False)


def _check_status(response: aiohttp.ClientResponse) -> None:
    status = response.status
    if status in {TOO_MANY, UNAVAILABLE}:
        raise ChannelError(f"status {status}", after_seconds=_seconds(response.headers.get("Retry-After", "")))
    if status >= FIRST_FAULT:
        raise UnknownOutcome(f"status {status}")
    if status >= FIRST_REFUSAL:
        raise ChannelError(f"refused: status {status}", retry=False)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = await response.content.read(LARGEST_ANSWER)
    return body if response.content.at_eof() or len(body) < LARGEST_ANSWER else b""


def _at(answer: object, path: str) -> str | None:
    for name in path.split("."):
        answer = answer.get(name) if isinstance(answer, dict) else None
    if answer is None or isinstance(answer, dict | list):
        return None
    return str(answer).lower() if isinstance(answer, bool) else str(answer)


def _seconds(word: str) -> float | None:
    return float(word) if word.isdecimal() and len(word) <= len("99999") else None


def _harmless(code: str) -> str:
    """A code is a word or a few digits; whatever else a gateway puts there may hold a phone number."""
    return code if re.fullmatch(r"-?\d{1,6}|[A-Za-z_.]{1,40}", code) else "something else"


@asynccontextmanager
async def connected() -> AsyncIterator[aiohttp.ClientSession]:
    """One session for all gateways. Nothing is sent yet."""
    async with aiohttp.ClientSession(
        headers={"Accept": "application/json"}, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        yield session
