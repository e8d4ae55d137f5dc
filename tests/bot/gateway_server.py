"""An SMS gateway on this machine that answers as the test says, and remembers what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def says(status: int = 200, body: object = None, text: str | None = None, **headers: str) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if text is not None:
            return web.Response(status=status, text=text, headers=named)
        return web.json_response({"code": 0, "message": "OK"} if body is None else body, status=status, headers=named)

    return answer


async def hangs_up(request: web.Request) -> web.Response:
    """After it took the request: it may have gone out."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def never_answers(_: web.Request) -> web.Response:
    await asyncio.get_running_loop().create_future()
    return web.Response()


@dataclass
class Gateway:
    """asked: the bodies; sent: those that a phone rang for, which a gateway with memory does once for an id."""

    answer: Answer = field(default_factory=says)
    remembers: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    sent: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        json = request.content_type == "application/json"
        body = await request.json() if json else {key: str(value) for key, value in (await request.post()).items()}
        known = self.remembers and body.get("id") in {one.get("id") for one in self.asked}
        self.asked.append(body)
        self.headers.append(dict(request.headers))
        if not known:
            self.sent.append(body)
        return await self.answer(request)

    @property
    def phones(self) -> list[str]:
        return [body["to"] for body in self.sent]


@asynccontextmanager
async def gateway() -> AsyncIterator[Gateway]:
    server = Gateway()
    app = web.Application()
    app.router.add_post("/send", server.handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        [(host, port)] = runner.addresses
        server.url = f"http://{host}:{port}/send"
        yield server
    finally:
        await runner.cleanup()
