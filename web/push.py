"""POST /push/warnings: the warning platform sends one CAP file. The answer says whether it is in the database."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address

from aiohttp import web

from domain.errors import StoreError

PATH = "/push/warnings"
LARGEST = 2_000_000
READ_SECONDS = 30.0
AGAIN_SECONDS = "30"


class Unusable(Exception):
    """What was expected of the file, in words; the same again does not help."""


Take = Callable[[bytes], Awaitable[str]]
"""One file to what became of it: accepted, known, elsewhere. Raises Unusable, and StoreError where it is not kept."""


@dataclass(frozen=True, slots=True)
class Door:
    """Who may send. secret: shared with the platform, from the environment. allow: networks; none: any."""

    secret: bytes
    take: Take
    allow: Sequence[IPv4Network | IPv6Network] = ()
    read_seconds: float = READ_SECONDS
    busy: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))
    """so many files are held in memory at the same time"""

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self.receive)]

    async def receive(self, request: web.Request) -> web.Response:
        if not self._from_there(request.remote):
            return _refused(403, "this address may not send warnings here")
        if not self._knows_the_secret(request.headers.get("Authorization", "")):
            return _refused(401, "expected Authorization: Bearer and the secret", {"WWW-Authenticate": "Bearer"})
        if (request.content_length or 0) > LARGEST:
            return _refused(413, f"expected at most {LARGEST} bytes")
        async with self.busy:
            return await self._received(request)

    async def _received(self, request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(self.read_seconds):
                data = await _body(request)
        except TimeoutError:
            return _refused(408, "the file did not come to its end in time")
        if len(data) > LARGEST:
            return _refused(413, f"expected at most {LARGEST} bytes")
        try:
            result = await self.take(data)
        except Unusable as error:
            return _refused(400, str(error))
        except StoreError:
            return _refused(503, "not kept; send it again", {"Retry-After": AGAIN_SECONDS})
        return web.json_response({"ok": True, "result": result})

    def _from_there(self, remote: str | None) -> bool:
        if not self.allow:
            return True
        try:
            address = ip_address((remote or "").partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None) or address
        return any(mapped in network for network in self.allow)

    def _knows_the_secret(self, said: str) -> bool:
        scheme, _, given = said.partition(" ")
        same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), self.secret)
        return same and scheme.lower() == "bearer"


async def _body(request: web.Request) -> bytes:
    data = bytearray()
    while len(data) <= LARGEST and not request.content.at_eof():
        data += await request.content.read(LARGEST + 1 - len(data))
    return bytes(data)


def _refused(status: int, error: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=status, headers=headers)
