"""The stream of what happens, as server-sent events. Each event's id is the sequence of a change, so that a browser
that comes back says where it stopped, and gets the rest, once.
"""

import asyncio
import json
from collections.abc import Sequence

from aiohttp import web

from domain.chatroom import ChatRoom, Line, TooLongAgo
from web.rendering import Renderer, preview, room_path

_BEAT_SECONDS = 15.0
_RETRY = b"retry: 2000\n\n"


class Live:
    def __init__(self, room: ChatRoom, renderer: Renderer) -> None:
        self._room = room
        self._renderer = renderer
        self._streams: set[asyncio.Task[object]] = set()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/as/{person}/events", self.events)]

    async def close(self, _: web.Application) -> None:
        """Browsers come back by themselves; a stop does not wait for them."""
        for stream in self._streams:
            stream.cancel()

    async def events(self, request: web.Request) -> web.StreamResponse:
        viewer = request.match_info["person"]
        self._room.rooms(viewer)  # refuses who is not there before anything is sent
        headers = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        stream = asyncio.current_task()
        assert stream is not None
        self._streams.add(stream)
        try:
            await response.write(_RETRY)
            await self._follow(response, viewer, _asked_since(request))
        except ConnectionResetError:
            pass  # the browser is gone
        finally:
            self._streams.discard(stream)
        return response

    async def _follow(self, response: web.StreamResponse, viewer: str, since: int | None) -> None:
        reached = self._room.latest() if since is None else since
        await response.write(event("hello", {}, reached))
        while True:
            try:
                latest = self._room.latest()
                lines = self._room.changed(viewer, reached)
            except TooLongAgo:
                await response.write(event("reload", {}))
                return
            await response.write(self._lines(lines, viewer))
            reached = latest
            await self._next(response, reached)

    async def _next(self, response: web.StreamResponse, reached: int) -> None:
        """Until there is more; a beat now and then shows the browser that the line is up."""
        while True:
            try:
                async with asyncio.timeout(_BEAT_SECONDS):
                    return await self._room.wait(reached)
            except TimeoutError:
                await response.write(event("beat", {}, reached))

    def _lines(self, lines: Sequence[Line], viewer: str) -> bytes:
        return b"".join(event("line", self._told(line, viewer), line.sequence) for line in lines)

    def _told(self, line: Line, viewer: str) -> dict[str, str | int | bool]:
        return {
            "id": line.id,
            "sequence": line.sequence,
            "order": line.order,
            "room": room_path(viewer, line.chat),
            "html": self._renderer.line(line, viewer),
            "preview": preview(line, viewer),
            "time": self._renderer.list_time(line.at),
            "mine": line.sender == viewer,
            "addressed": viewer in line.mentions and not line.chat.private,
            "changed": line.sequence != line.order,
        }


def event(name: str, data: dict[str, str | int | bool], id: int | None = None) -> bytes:
    number = f"id: {id}\n" if id is not None else ""
    return f"{number}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def _asked_since(request: web.Request) -> int | None:
    """The browser's own word at a reconnect goes before what the page said when it was loaded."""
    asked = request.headers.get("Last-Event-ID") or request.query.get("since", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 20 else None
