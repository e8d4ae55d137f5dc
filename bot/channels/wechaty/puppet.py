"""The wechaty package's puppet, with what it lacks against a puppet service of today (npm wechaty-puppet-service 1.19).

Knows the wire and nothing of the house's messages. Raises what ``failures.BROKEN`` names; ``failures`` sorts it.
Call ``compat.prepare()`` before importing this.

What differs from the stock ``PuppetService``: a keepalive and a deadline on every call; an event stream that survives
odd events and is read in order; files of any size both ways; several connections one after the other.
"""

import asyncio
import base64
import binascii
import json
import ssl
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

import aiohttp
from grpclib.client import Channel as GrpcChannel
from grpclib.config import Configuration
from grpclib.const import Cardinality
from grpclib.protocol import H2Protocol
from wechaty_grpc.wechaty import PuppetStub
from wechaty_grpc.wechaty.puppet import EventResponse, MessagePayloadResponse
from wechaty_puppet import PuppetOptions
from wechaty_puppet_service import PuppetService

from bot.channels.wechaty.failures import FileTooLarge, NotConnected, OddFile
from bot.channels.wechaty.settings import WechatySettings
from bot.channels.wechaty.wire import Chunk, DownloadRequest, Empty, RoomTopicRequest, UploadResponse
from domain.messages import File, Json

UPLOAD_FROM = 2 * 2**20
"""Bytes; base64 in one message would pass gRPC's limit of 4 MiB at 3 MiB."""
CHUNK = 256 * 1024
LAST_KNOWN_TYPE = 15
ORIGINAL_SIZE = 3
STREAM_WINDOW = 2**20
CONNECTION_WINDOW = 16 * 2**20
"""Unread events fill their own window only: the answers that the reader waits for still come through."""
BASE64_BOX, UUID_BOX = 1, 7


@dataclass(frozen=True, slots=True)
class Event:
    """``type`` is a number of wechaty's EventType; newer services have types that the package does not know."""

    type: int
    payload: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Payload:
    """One message. type: wechaty's name for it, "unspecified" for what it has none for. room: "" in a private chat."""

    id: str
    type: str
    talker: str
    room: str
    text: str
    filename: str
    timestamp: float
    mentions: tuple[str, ...]


class Line(GrpcChannel):
    """One connection: lost is lost. grpclib's own would silently open another, on which nobody listens for events."""

    _closed = False

    async def open(self) -> None:
        await super().__connect__()
        if self._closed:  # while it was being opened
            self.close()
            raise NotConnected

    async def __connect__(self) -> H2Protocol:
        if self._protocol is None or not self._connected:
            raise NotConnected
        return self._protocol

    def close(self) -> None:
        self._closed = True
        super().close()


class Stub(PuppetStub):
    """The generated calls, each with a deadline."""

    def __init__(self, channel: Line, call_seconds: float) -> None:
        super().__init__(channel)
        self._call_seconds = call_seconds

    async def _unary_unary(self, *args: object, **options: object) -> object:
        async with asyncio.timeout(self._call_seconds):
            return await super()._unary_unary(*args, **options)

    async def message_payload(self, *, id: str = "") -> MessagePayloadResponse:
        payload = await super().message_payload(id=id)
        if payload.type > LAST_KNOWN_TYPE:
            payload.type = 0  # PuppetService would fall over it
        return payload


class Puppet(PuppetService):
    """One account on one puppet service; ``connect`` starts each connection anew."""

    def __init__(self, settings: WechatySettings, token: str) -> None:
        super().__init__(PuppetOptions(end_point=settings.endpoint))  # it logs a token that it is given here
        self.options.end_point, self.options.token = settings.endpoint, token
        self._settings = settings
        self._tls = _tls_context(settings)

    def connect(self) -> None:
        """Makes ready for calls; nothing is opened yet. Replaces PuppetService._init_puppet, which pings the endpoint
        with a blocking socket."""
        self.disconnect()
        host, _, port = self._settings.endpoint.rpartition(":")
        self.channel = Line(host.strip("[]"), int(port), ssl=self._tls, config=_configuration(self._settings))
        self.channel._authority = self.options.token  # noqa: SLF001  how the service wants to be shown the token
        self._puppet_stub = Stub(self.channel, self._settings.call_seconds)

    def disconnect(self) -> None:
        if self.channel is not None:
            self.channel.close()
            self.channel = self._puppet_stub = None

    @property
    def puppet_stub(self) -> Stub:
        if not isinstance(self._puppet_stub, Stub):
            raise NotConnected
        return self._puppet_stub

    async def reach(self) -> None:
        async with asyncio.timeout(self._settings.call_seconds):
            await self._line().open()

    async def begin(self) -> None:
        """Starts the account on the service; nothing happens when it runs already."""
        await self.puppet_stub.start()

    async def take_over(self) -> None:
        """Ends whatever stream the service still has: our own dead one, or that of another client."""
        await self.puppet_stub.stop()
        await self.puppet_stub.start()

    async def events(self) -> AsyncGenerator[Event, None]:
        """In order; ends when the service ends the stream. Read it slowly and the service waits."""
        async with aclosing(self.puppet_stub.event()) as stream:
            async for response in stream:
                yield _event(response)

    # -- reading ------------------------------------------------------------------------------------------------

    async def message(self, message_id: str) -> Payload:
        raw = await self.message_payload(message_id)
        return Payload(
            id=str(raw.id or message_id),
            type=raw.type.name.removeprefix("MESSAGE_TYPE_").lower(),
            talker=str(raw.from_id),
            room=str(raw.room_id),
            text=str(raw.text),
            filename=str(raw.filename),
            timestamp=float(raw.timestamp),
            mentions=tuple(raw.mention_ids),
        )

    async def shown_name(self, contact: str, room: str) -> str:
        """What a group shows for somebody; room "": the person's own name. contact "": the room's topic."""
        if not contact:
            return str((await self.room_payload(room)).topic)
        if room:
            member = await self.room_member_payload(room, contact)
            return str(member.room_alias or member.name)
        return str((await self.contact_payload(contact)).name)

    async def rooms(self) -> Sequence[str]:
        return [str(room) for room in await self.room_list()]

    # -- files --------------------------------------------------------------------------------------------------

    async def read_file(self, message_id: str, *, image: bool) -> File:
        if image:
            answer = await self.puppet_stub.message_image(id=message_id, type=ORIGINAL_SIZE)
        else:
            answer = await self.puppet_stub.message_file(id=message_id)
        async with asyncio.timeout(self._settings.transfer_seconds):
            return await self._unpack(answer.filebox)

    async def pack(self, file: File) -> str:
        """Makes a file ready for ``send_packed``. A large one is uploaded; nothing is sent to anybody yet."""
        box: dict[str, Json] = {"name": file.name, "metadata": {}, "mediaType": file.mime}
        if len(file.data) < UPLOAD_FROM:
            box |= {"boxType": BASE64_BOX, "base64": base64.b64encode(file.data).decode()}
        else:
            box |= {"boxType": UUID_BOX, "uuid": await self._upload(file.data)}
        box["type"] = box["boxType"]  # what services before 1.0 read
        return json.dumps(box)

    async def send_packed(self, conversation_id: str, box: str) -> str:
        answer = await self.puppet_stub.message_send_file(conversation_id=conversation_id, filebox=box)
        return str(answer.id or "")

    async def send_text(self, conversation_id: str, text: str, mentions: Sequence[str]) -> str:
        return str(await self.message_send_text(conversation_id, text, list(mentions)) or "")

    async def room_topic(self, room_id: str, new_topic: str) -> None:
        async with asyncio.timeout(self._settings.call_seconds):
            method = self._line().request("/wechaty.Puppet/RoomTopic", Cardinality.UNARY_UNARY, RoomTopicRequest, Empty)
            async with method as stream:
                await stream.send_message(RoomTopicRequest(id=room_id, topic=new_topic), end=True)
                await stream.recv_message()

    async def _upload(self, data: bytes) -> str:
        """Returns the id by which a message can name the file."""
        async with asyncio.timeout(self._settings.transfer_seconds):
            method = self._line().request("/wechaty.Puppet/Upload", Cardinality.STREAM_UNARY, Chunk, UploadResponse)
            async with method as stream:
                for chunk in _chunks(data):
                    await stream.send_message(chunk)
                await stream.end()
                answer = await stream.recv_message()
                if answer is None:
                    raise OddFile("the service took a file and gave it no id")
                return str(answer.id)

    async def _unpack(self, text: str) -> File:
        try:
            box = _json_object(text)
        except ValueError as error:
            raise OddFile(str(error)) from error
        name, mime = str(box.get("name") or ""), str(box.get("mediaType") or "")
        match box:
            case {"base64": str(encoded)}:
                data = _decoded(encoded)
                self._check_size(data)
                return File(name, mime, data)
            case {"uuid": str(uuid)}:
                return File(name, mime, await self._download(uuid))
            case {"url": str(url)} | {"remoteUrl": str(url)}:
                return File(name, mime, await self._get(url))
            case _:
                raise OddFile(f"expected base64, uuid or url, got {sorted(box)}")

    async def _download(self, uuid: str) -> bytes:
        data = bytearray()
        method = self._line().request("/wechaty.Puppet/Download", Cardinality.UNARY_STREAM, DownloadRequest, Chunk)
        async with method as stream:
            await stream.send_message(DownloadRequest(id=uuid), end=True)
            async for part in stream:
                data += part.chunk
                self._check_size(data)
        return bytes(data)

    async def _get(self, url: str) -> bytes:
        data = bytearray()
        async with aiohttp.ClientSession(raise_for_status=True) as session, session.get(url) as answer:
            async for part in answer.content.iter_chunked(CHUNK):
                data += part
                self._check_size(data)
        return bytes(data)

    def _check_size(self, data: bytes | bytearray) -> None:
        limit = self._settings.largest_file_mb
        if len(data) > limit * 2**20:
            raise FileTooLarge(f"a file larger than {limit} MB (largest_file_mb)")

    def _line(self) -> Line:
        if not isinstance(self.channel, Line):
            raise NotConnected
        return self.channel


def _configuration(settings: WechatySettings) -> Configuration:
    return Configuration(
        _keepalive_time=settings.keepalive_seconds,
        _keepalive_timeout=settings.keepalive_timeout_seconds,
        _keepalive_permit_without_calls=True,
        _http2_max_pings_without_data=0,
        _http2_min_sent_ping_interval_without_data=settings.keepalive_seconds / 2,  # 300 s unless told
        http2_stream_window_size=STREAM_WINDOW,
        http2_connection_window_size=CONNECTION_WINDOW,
        ssl_target_name_override=settings.tls_server_name,
    )


def _tls_context(settings: WechatySettings) -> ssl.SSLContext | None:
    if not settings.tls:
        return None
    context = ssl.create_default_context(cafile=settings.tls_ca_file)
    context.set_alpn_protocols(["h2"])
    return context


def _event(response: EventResponse) -> Event:
    try:
        return Event(int(response.type), _json_object(response.payload))
    except ValueError:
        return Event(int(response.type), {})  # an odd event must not end the stream; the reader names what it misses


def _json_object(text: str) -> dict[str, Json]:
    match json.loads(text):
        case dict() as value:
            return value
        case value:
            raise ValueError(f"expected a JSON object, got {type(value).__name__}")


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise OddFile("expected base64") from error


def _chunks(data: bytes) -> Iterator[Chunk]:
    for start in range(0, len(data), CHUNK):
        yield Chunk(chunk=data[start : start + CHUNK])
