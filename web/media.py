"""Photos and files of the chat, for who has a signed link to them."""

import mimetypes

from aiohttp import web

from domain.chatroom import ChatRoom
from domain.ports import Clock
from web.photos import SHOWN_TYPES, Darkroom
from web.signing import Signer

_PLAYED_TYPES = frozenset({"video/mp4", "audio/mpeg", "audio/ogg"})
_CACHE = "private, max-age=21600"
_HEADERS = {"Cache-Control": _CACHE, "Content-Security-Policy": "default-src 'none'; sandbox"}


class Media:
    def __init__(self, room: ChatRoom, darkroom: Darkroom, signer: Signer, clock: Clock) -> None:
        self._room = room
        self._darkroom = darkroom
        self._signer = signer
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/media/{key}", self.show)]

    async def show(self, request: web.Request) -> web.StreamResponse:
        key, query = request.match_info["key"], request.query
        if not self._signer.media_allowed(key, query.get("until", ""), query.get("by", ""), self._clock.now()):
            raise web.HTTPForbidden(text="这个图片链接过期了，请回到聊天页面刷新一下。")
        path = self._room.stored(key)
        if path is None:
            raise web.HTTPNotFound
        mime = mimetypes.guess_type(key)[0] or "application/octet-stream"
        small = await self._darkroom.preview(path) if "small" in query and mime in SHOWN_TYPES else None
        if small is not None:
            return web.Response(body=small, content_type="image/jpeg", headers=_HEADERS)
        shown = mime in SHOWN_TYPES | _PLAYED_TYPES
        disposition = "inline" if shown else f'attachment; filename="{key[:12]}.{key.rpartition(".")[2]}"'
        kind = mime if shown else "application/octet-stream"
        return web.FileResponse(path, headers={**_HEADERS, "Content-Type": kind, "Content-Disposition": disposition})
