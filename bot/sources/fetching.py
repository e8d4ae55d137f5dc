"""One answer over HTTP, bounded in size and time, and what a status means."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import aiohttp

from bot.sources.source import Fault, SourceError

LONGEST_WAIT = timedelta(hours=1)
_FAULTS = {401: Fault.REFUSED, 403: Fault.REFUSED, 404: Fault.NOT_FOUND, 410: Fault.NOT_FOUND, 429: Fault.TOO_MANY}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


async def get(
    session: aiohttp.ClientSession, url: str, largest: int, headers: Mapping[str, str], *, redirects: int = 0
) -> Answer:
    """Raises SourceError: there was no whole answer. The session has the time limits."""
    try:
        async with session.get(
            url, headers=headers, allow_redirects=redirects > 0, max_redirects=max(redirects, 1)
        ) as response:
            return Answer(response.status, response.headers, await _body(response, largest))
    except TimeoutError as error:
        raise SourceError("no whole answer in time", Fault.TOO_SLOW) from error
    except (aiohttp.ClientPayloadError, asyncio.IncompleteReadError) as error:
        raise SourceError(f"no whole answer ({type(error).__name__})", Fault.BROKEN_OFF) from error
    except (aiohttp.ClientError, ConnectionError, ValueError) as error:
        raise SourceError(f"no answer ({type(error).__name__})", Fault.NO_ANSWER) from error


async def _body(response: aiohttp.ClientResponse, largest: int) -> bytes:
    """Counted as it is unpacked: a small answer may hold a large one."""
    data = bytearray()
    while len(data) <= largest and not response.content.at_eof():
        data += await response.content.read(largest + 1 - len(data))
    if len(data) > largest:
        raise SourceError(f"an answer of more than {largest} bytes", Fault.TOO_LARGE)
    return bytes(data)


def refusal(answer: Answer, *, why: str = "", stop: bool = False) -> SourceError:
    """The error that a status other than 200 means. why: what they say about it."""
    fault = _FAULTS.get(answer.status, Fault.THEIR_FAULT if answer.status >= 500 else Fault.NOT_IN_FORM)
    return SourceError(f"HTTP {answer.status}{why}", fault, stop=stop, again=_asked_pause(answer))


def _asked_pause(answer: Answer) -> timedelta | None:
    """Retry-After in seconds; as a date it is of their clock, and left alone."""
    said = answer.headers.get("Retry-After", "").strip()
    return min(timedelta(seconds=int(said)), LONGEST_WAIT) if said.isdecimal() and len(said) < 7 else None
