"""What a person does in the web chat: say something, take it back."""

from aiohttp import web

from domain.chatroom import ChatRoom, Line, Saying
from web.chat import chat_of
from web.guard import check_token
from web.photos import Darkroom
from web.rendering import room_path
from web.signing import Signer
from web.uploads import read_form


class ChatPosts:
    def __init__(self, room: ChatRoom, darkroom: Darkroom, signer: Signer) -> None:
        self._room = room
        self._darkroom = darkroom
        self._signer = signer

    def routes(self) -> list[web.RouteDef]:
        rooms = ("/as/{person}/group/{group}", "/as/{person}/bot")
        says = [web.post(room + "/say", self.say) for room in rooms]
        return [*says, *(web.post(room + "/recall", self.recall) for room in rooms)]

    async def say(self, request: web.Request) -> web.Response:
        form = await read_form(request, self._darkroom)
        check_token(request, self._signer, form.fields.get("token", ""))
        saying = Saying(
            sender=request.match_info["person"],
            chat=chat_of(request, self._room),
            text=form.fields.get("text", ""),
            files=form.photos,
            quote=form.fields.get("quote") or None,
            once=form.fields.get("once", "")[:64],
        )
        return _done(request, await self._room.say(saying))

    async def recall(self, request: web.Request) -> web.Response:
        form = await read_form(request, self._darkroom)
        check_token(request, self._signer, form.fields.get("token", ""))
        return _done(request, await self._room.recall(request.match_info["person"], form.fields.get("line", "")))


def _done(request: web.Request, line: Line) -> web.Response:
    """The script shows the line when the stream brings it; a browser without script loads the room again."""
    if "application/json" in request.headers.get("Accept", ""):
        return web.json_response({"line": line.id})
    raise web.HTTPSeeOther(room_path(request.match_info["person"], line.chat))
