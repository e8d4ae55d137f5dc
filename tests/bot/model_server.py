"""A language model's server on this machine that answers as the test says, and remembers what it was asked."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
YES = {"report": True, "sure": True, "kind": "ponding", "scope": "public", "urgency": "urgent"}
MAYBE = {**YES, "sure": False}
NO = {"report": False, "sure": True, "kind": None, "scope": None, "urgency": None}
OPEN = {**NO, "sure": False}


def completion(content: object, **more: object) -> dict[str, Any]:
    """As servers send it: with much that nobody asked for."""
    text = content if isinstance(content, str) or content is None else json.dumps(content)
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop", "logprobs": None}
    usage = {"prompt_tokens": 300, "completion_tokens": 40, "total_tokens": 340}
    return {"id": "chatcmpl-1", "object": "chat.completion", "choices": [{**choice, **more}], "usage": usage}


def says(content: object, **more: object) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(completion(content, **more))

    return answer


def sends(body: bytes | str = b"", status: int = 200, kind: str = "application/json", **headers: str) -> Answer:
    data = body.encode() if isinstance(body, str) else body

    async def answer(_: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, body=data, content_type=kind, headers=named)

    return answer


@dataclass
class ModelServer:
    """by_words: answers to questions that hold the words; the others get ``answer``."""

    answer: Answer = field(default_factory=lambda: says(NO))
    by_words: dict[str, Answer] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    base_url: str = ""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def words(self) -> list[str]:
        """What the questions quoted."""
        return [json.loads(asked["messages"][-1]["content"])["words"] for asked in self.asked]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.json())
        self.headers.append(dict(request.headers))
        self.arrived.set()
        found = next((answer for words, answer in self.by_words.items() if words in self.words[-1]), self.answer)
        return await found(request)


@asynccontextmanager
async def model_server() -> AsyncIterator[ModelServer]:
    server = ModelServer()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", server.handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1)  # whoever hangs up ends the answer
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        [(host, port)] = runner.addresses
        server.base_url = f"http://{host}:{port}/v1"
        yield server
    finally:
        await runner.cleanup()
