"""A browser without a screen: keeps its cookie, knows its token, reads the stream."""

import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO

from aiohttp import ClientResponse, ClientSession, CookieJar

from tests.web.town import Town


@dataclass(frozen=True, slots=True)
class Event:
    name: str
    id: int | None
    data: dict


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    data: bytes
    file_name: str | None = None


BOUNDARY = "----tests"


def encoded(parts: Sequence[Part]) -> bytes:
    """As a browser writes it: file names as they are, in UTF-8."""
    body = b""
    for part in parts:
        file = f'; filename="{part.file_name}"\r\nContent-Type: image/jpeg' if part.file_name is not None else ""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{part.name}"{file}\r\n\r\n'
        body += head.encode() + part.data + b"\r\n"
    return body + f"--{BOUNDARY}--\r\n".encode()


class Client:
    def __init__(self, here: Town, session: ClientSession) -> None:
        self._here = here
        self.session = session
        self.token = ""

    async def get(self, path: str, **headers: str) -> tuple[ClientResponse, str]:
        async with self.session.get(self._here.url(path), headers=headers, allow_redirects=False) as answer:
            text = await answer.text(errors="replace")
        found = re.search(r'data-token="(\w+)"', text)
        self.token = found[1] if found else self.token
        return answer, text

    async def post(self, path: str, *parts: Part, **headers: str) -> tuple[ClientResponse, dict]:
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        told = {"Accept": "application/json", "X-CSRF-Token": self.token, "Origin": self._here.address, **headers}
        told = {"Content-Type": kind, **told}
        async with self.session.post(
            self._here.url(path), data=BytesIO(encoded(parts)), headers=told, allow_redirects=False
        ) as answer:
            return answer, await answer.json() if answer.content_type == "application/json" else {}

    async def say(self, room: str, text: str = "", *photos: bytes, **fields: str) -> tuple[ClientResponse, dict]:
        words = [Part(name, value.encode(errors="replace")) for name, value in {"text": text, **fields}.items()]
        files = [Part("photos", photo, f"{n}.jpg") for n, photo in enumerate(photos)]
        return await self.post(f"{room}/say", *words, *files)

    @asynccontextmanager
    async def stream(self, person: str, since: int, **headers: str) -> AsyncIterator[AsyncIterator[Event]]:
        url = self._here.url(f"/as/{person}/events?since={since}")
        async with self.session.get(url, headers=headers) as answer:
            assert answer.content_type == "text/event-stream"
            yield _events(answer)


async def _events(answer: ClientResponse) -> AsyncIterator[Event]:
    fields: dict[str, str] = {}
    async for raw in answer.content:
        name, _, value = raw.decode().rstrip("\n").partition(": ")
        if name:
            fields[name] = value
        elif "event" in fields:
            number = int(fields["id"]) if "id" in fields else None
            yield Event(fields["event"], number, json.loads(fields["data"]))
            fields = {}
        else:
            fields = {}


@asynccontextmanager
async def visiting(here: Town) -> AsyncIterator[Client]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:  # unsafe: cookies of an address, no name
        yield Client(here, session)
