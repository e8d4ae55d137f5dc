"""The wechaty channel with people who speak through a real puppet server."""

import base64
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.channels.wechaty import WechatySettings, connect
from domain.messages import Chat, File
from domain.ports import Channel
from domain.roster import Group
from domain.vocabulary import BuildingId, GroupRole
from tests.channels.console_rig import SystemClock, community
from tests.channels.puppet_process import TOKEN, Control, PuppetProcess, control_of
from tests.channels.rig import ANN, BEN, BOT_NAME, Heard, Says

ROOM = "g3@chatroom"
IDS = {ANN: "wxid_ann", BEN: "wxid_ben", BOT_NAME: "wxid_bot"}
UNKNOWN, INTERNAL, UNAVAILABLE = 2, 13, 14
"""gRPC's status codes; UNKNOWN is how the service passes on what the puppet throws."""


def wechaty(endpoint: str, **settings: object) -> Channel:
    """Impatient, so that no test has to wait."""
    patience = {
        "call_seconds": 3,
        "keepalive_seconds": 0.5,
        "keepalive_timeout_seconds": 0.5,
        "longest_wait_seconds": 0.3,
        "refused_wait_seconds": 0.3,
    }
    group = Group("wechaty", ROOM, "3号楼邻里群", BuildingId("3"), GroupRole.BUILDING)
    configured = WechatySettings.model_validate({"endpoint": endpoint, **patience, **settings})
    return connect(configured, replace(community(), groups=(group,)), SystemClock())


class WechatyRig:
    secrets: Sequence[str] = (TOKEN,)
    cannot: Mapping[str, str] = {}

    def __init__(self, puppet: PuppetProcess, control: Control, channel: Channel) -> None:
        self.puppet = puppet
        self.control = control
        self.channel = channel
        self.group = Chat("wechaty", ROOM)
        self._said: dict[str, Says] = {}

    async def furnish(self) -> None:
        """The cast, on a server that may have seen other tests."""
        await self.control.post("/reset")
        await self.control.post("/contacts", [{"id": id, "name": name} for name, id in IDS.items()])
        await self.control.post(
            "/rooms", {"id": ROOM, "topic": "3号楼邻里群", "memberIdList": list(IDS.values()), "ownerId": IDS[ANN]}
        )
        await self.control.post("/login", {"id": IDS[BOT_NAME]})

    def id_of(self, name: str) -> str:
        return IDS[name]

    async def says(self, what: Says) -> str:
        message: dict[str, object] = {"talkerId": IDS[what.by], "text": what.text}
        if not what.private:
            message["roomId"] = ROOM
        if what.mentions_bot:
            message |= {"text": f"@{BOT_NAME}\u2005{what.text}", "mentionIdList": [IDS[BOT_NAME]]}
        if what.quotes:
            quoted = self._said[what.quotes]
            message["text"] = f"「{quoted.by}：{quoted.text}」\n- - - - - - - - - - - - - - -\n{what.text}"
        if what.photo:
            message["image"] = {"name": "photo.jpg", "base64": base64.b64encode(what.photo).decode()}
        [external_id] = (await self.control.post("/messages", message))["ids"]
        self._said[external_id] = what
        return str(external_id)

    async def recalls(self, external_id: str) -> None:
        await self.control.post("/recall", {"messageId": external_id})

    async def repeats(self, external_id: str) -> None:
        await self.control.post("/repeat", {"id": external_id})

    async def echoes(self) -> None:
        """The service tells a client what its account said, on whatever device."""
        last = (await self.control.sent(1))[-1]
        await self.repeats(last["id"])

    async def renames(self, name: str, new: str) -> None:
        await self.control.post("/contacts", {"id": IDS[name], "name": new})
        await self.control.post("/rooms", {"id": ROOM})  # a real puppet tells of a member's new name by the room

    async def brings_bot_into_new_group(self) -> Chat:
        await self.control.post("/rooms", {"id": "new@chatroom", "topic": "9号楼", "memberIdList": [IDS[ANN]]})
        joined = {"roomId": "new@chatroom", "inviterId": IDS[ANN], "inviteeIds": [IDS[BOT_NAME]]}
        await self.control.post("/room-join", joined)
        return Chat("wechaty", "new@chatroom")

    async def heard(self, count: int) -> Sequence[Heard]:
        return [_heard(entry) for entry in await self.control.sent(count)]

    async def refuses_next_send(self) -> None:
        """The puppet throws, which reaches us as UNKNOWN."""
        fault = {"method": "messageSendText", "mode": "fail", "code": UNKNOWN, "message": "the phone says no"}
        await self.control.post("/faults", fault)

    async def loses_next_answer(self) -> None:
        await self.control.post("/faults", {"method": "messageSendText", "mode": "cut-after"})

    async def cuts(self) -> None:
        await self.control.post("/gate", {"mode": "refuse"})
        await self.control.post("/drop")

    async def restores(self) -> None:
        await self.control.post("/gate", {"mode": "open"})


def _heard(entry: dict) -> Heard:
    text, mentions = entry.get("text", ""), tuple(entry.get("mentionIds", ()))
    if "file" not in entry:
        return Heard((entry["id"],), entry["conversationId"], text, mentions)
    file = entry["file"]
    data = File(file["name"], file["mediaType"], base64.b64decode(file["base64"]))
    return Heard((entry["id"],), entry["conversationId"], text, mentions, (data,))


@asynccontextmanager
async def wechaty_rig(puppet: PuppetProcess, **settings: object) -> AsyncIterator[WechatyRig]:
    async with control_of(puppet) as control:
        rig = WechatyRig(puppet, control, wechaty(puppet.endpoint, **settings))
        await rig.furnish()
        yield rig
