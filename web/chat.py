"""The pages of the web chat: pick a person, the list of rooms, one room."""

from aiohttp import web

from domain.chatroom import ChatRoom, Line, Member, NoSuchRoom
from domain.messages import Chat
from web.guard import keep_session, session
from web.rendering import Renderer
from web.signing import Signer


class ChatPages:
    def __init__(self, room: ChatRoom, renderer: Renderer, signer: Signer) -> None:
        self._room = room
        self._renderer = renderer
        self._signer = signer

    def routes(self) -> list[web.RouteDef]:
        rooms = ("/as/{person}/group/{group}", "/as/{person}/bot")
        return [
            web.get("/", self.people),
            web.get("/as/{person}", self.rooms),
            *(web.get(room, self.talk) for room in rooms),
            *(web.get(room + "/text/{line}", self.text) for room in rooms),
        ]

    async def people(self, request: web.Request) -> web.Response:
        await self._room.look_around()
        return self._page(request, "people.html", people=self._room.people())

    async def rooms(self, request: web.Request) -> web.Response:
        return self._page(request, "chat.html", **self._sides(self._person(request), None))

    async def talk(self, request: web.Request) -> web.Response:
        me, chat = self._person(request), chat_of(request, self._room)
        return self._page(request, "chat.html", **self._sides(me, chat))

    async def text(self, request: web.Request) -> web.Response:
        """A very long message, whole."""
        lines = self._room.history(request.match_info["person"], chat_of(request, self._room))
        line = next((line for line in lines if line.id == request.match_info["line"]), None)
        if line is None:
            raise NoSuchRoom("这条消息已经不在了。")
        return web.Response(text=line.text, content_type="text/plain")

    def _sides(self, me: Member, chat: Chat | None) -> dict[str, object]:
        sequence = self._room.latest()  # before the history is read: rather told twice than not at all
        rooms = self._room.rooms(me.id)
        here = next((room for room in rooms if room.chat == chat), None)
        lines: list[Line] = list(self._room.history(me.id, chat)) if chat else []
        if chat is not None and here is None:
            raise NoSuchRoom("没有这个群，或者您不在群里。")
        return {
            "me": me,
            "people": self._room.people(),
            "paths_of_people": {p.id: self._same_room(p, chat) for p in self._room.people()},
            "rooms": rooms,
            "here": here,
            "lines": lines,
            "sequence": sequence,
        }

    def _same_room(self, person: Member, chat: Chat | None) -> Chat | None:
        """Where a switch of person leads: the same group when that person is in it, the bot when it was private."""
        if chat is None or person.id == chat.id:
            return chat
        wanted = Chat(chat.channel, person.id, private=True) if chat.private else chat
        return wanted if any(room.chat == wanted for room in self._room.rooms(person.id)) else None

    def _person(self, request: web.Request) -> Member:
        wanted = request.match_info["person"]
        member = next((member for member in self._room.people() if member.id == wanted), None)
        if member is None:
            raise NoSuchRoom("这里没有这个人，请重新选一位。")
        return member

    def _page(self, request: web.Request, template: str, **values: object) -> web.Response:
        browser = session(request)
        page = self._renderer.page(template, token=self._signer.sign("form", browser), **values)
        response = web.Response(text=page, content_type="text/html")
        keep_session(request, response, browser)
        return response


def chat_of(request: web.Request, room: ChatRoom) -> Chat:
    group = request.match_info.get("group")
    return Chat(room.name, group) if group else Chat(room.name, request.match_info["person"], private=True)
