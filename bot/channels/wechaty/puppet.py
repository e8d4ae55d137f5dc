"""The wechaty package's puppet, with what it lacks against a puppet service of today (npm wechaty-puppet-service 1.19).

Knows the wire and nothing of the house's messages. Raises what grpclib raises; ``wechaty_errors`` sorts that out.
Import ``wechaty_compat`` and call ``prepare()`` first.

What differs from the stock ``PuppetService``: a keepalive and a deadline on every call; an event stream that survives
odd events and is read in order; files of any size both ways; several connections one after the other.
"""

import asyncio
import base64
import binascii
import json
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import dataclass

import aiohttp
import betterproto
from grpclib.client import Channel as GrpcChannel
from grpclib.config import Configuration
from grpclib.const import Cardinality
from wechaty_grpc.wechaty import PuppetStub
from wechaty_grpc.wechaty.puppet import EventResponse, MessagePayloadResponse
from wechaty_puppet import PuppetOptions
from wechaty_puppet_service import PuppetService

from bot.channels.wechaty.settings import WechatySettings
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


# Messages that wechaty-grpc 0.20.19 (February 2021) lacks and the service of today has.
@dataclass(eq=False, repr=False)
class DownloadRequest(betterproto.Message):
    id: str = betterproto.string_field(1)


@dataclass(eq=False, repr=False)
class Chunk(betterproto.Message):
    chunk: bytes = betterproto.bytes_field(1)


@dataclass(eq=False, repr=False)
class UploadResponse(betterproto.Message):
    id: str = betterproto.string_field(1)


@dataclass(eq=False, repr=False)
class RoomTopicRequest(betterproto.Message):
    id: str = betterproto.string_field(1)
    topic: str = betterproto.string_field(3)  # field 2, which wechaty-grpc fills in, is no longer read


@dataclass(eq=False, repr=False)
class RoomTopicResponse(betterproto.Message):
    pass


class FileTooLarge(Exception):
    """It passed the configured limit while it was being read."""


class OddFile(Exception):
    """The service describes a file in a way that nobody here can read."""


@dataclass(frozen=True, slots=True)
class Event:
    """``type`` is a number of wechaty's EventType; newer services have types that the package does not know."""

    type: int
    payload: dict[str, Json]


class Stub(PuppetStub):
    """The generated calls, each with a deadline."""

    def __init__(self, channel: GrpcChannel, call_seconds: float) -> None:
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
        """Makes ready for calls; the first call opens the connection. Replaces PuppetService._init_puppet, which pings
        the endpoint with a blocking socket."""
        self.disconnect()
        host, _, port = self._settings.endpoint.rpartition(":")
        self.channel = GrpcChannel(host.strip("[]"), int(port), ssl=self._tls, config=_configuration(self._settings))
        self.channel._authority = self.options.token  # noqa: SLF001  how the service wants to be shown the token
        self._puppet_stub = Stub(self.channel, self._settings.call_seconds)

    def disconnect(self) -> None:
        if self.channel is not None:
            self.channel.close()
            self.channel = None
        self.login_user_id = None

    async def begin(self) -> None:
        """Starts the account on the service; nothing happens when it runs already."""
        await self.puppet_stub.start()

    async def take_over(self) -> None:
        """Ends whatever stream the service still has: our own dead one, or that of another client."""
        await self.puppet_stub.stop()
        await self.puppet_stub.start()

    async def events(self) -> AsyncIterator[Event]:
        """In order; ends when the service ends the stream. Read it slowly and the service waits."""
        async with aclosing(self.puppet_stub.event()) as stream:
            async for response in stream:
                yield _event(response)

    # -- files --------------------------------------------------------------------------------------------------

    async def read_file(self, message_id: str, *, image: bool) -> File:
        if image:
            answer = await self.puppet_stub.message_image(id=message_id, type=ORIGINAL_SIZE)
        else:
            answer = await self.puppet_stub.message_file(id=message_id)
        async with asyncio.timeout(self._settings.transfer_seconds):
            return await self._unpack(answer.filebox)

    async def send_file(self, conversation_id: str, file: File) -> str:
        box: dict[str, Json] = {"name": file.name, "metadata": {}, "mediaType": file.mime}
        if len(file.data) < UPLOAD_FROM:
            box |= {"boxType": BASE64_BOX, "base64": base64.b64encode(file.data).decode()}
        else:
            box |= {"boxType": UUID_BOX, "uuid": await self.upload(file.data)}
        box["type"] = box["boxType"]  # what services before 1.0 read
        answer = await self.puppet_stub.message_send_file(conversation_id=conversation_id, filebox=json.dumps(box))
        return str(answer.id)

    async def upload(self, data: bytes) -> str:
        """Nothing is sent to anybody yet; returns the id by which a message can name the file."""
        async with asyncio.timeout(self._settings.transfer_seconds):
            method = self.channel.request("/wechaty.Puppet/Upload", Cardinality.STREAM_UNARY, Chunk, UploadResponse)
            async with method as stream:
                for chunk in _chunks(data):
                    await stream.send_message(chunk)
                await stream.end()
                return str((await stream.recv_message()).id)

    async def room_topic(self, room_id: str, new_topic: str) -> None:
        async with asyncio.timeout(self._settings.call_seconds):
            request = RoomTopicRequest(id=room_id, topic=new_topic)
            method = self.channel.request(
                "/wechaty.Puppet/RoomTopic", Cardinality.UNARY_UNARY, RoomTopicRequest, RoomTopicResponse
            )
            async with method as stream:
                await stream.send_message(request, end=True)
                await stream.recv_message()

    async def _unpack(self, text: str) -> File:
        box = _json_object(text)
        name = str(box.get("name") or "")
        mime = str(box.get("mediaType") or "")
        match box:
            case {"base64": str(encoded)}:
                return File(name, mime, self._within_limit(_decoded(encoded)))
            case {"uuid": str(uuid)}:
                return File(name, mime, await self._download(uuid))
            case {"url": str(url)} | {"remoteUrl": str(url)}:
                return File(name, mime, await self._get(url))
        raise OddFile(f"expected base64, uuid or url, got {sorted(box)}")

    async def _download(self, uuid: str) -> bytes:
        data = bytearray()
        method = self.channel.request("/wechaty.Puppet/Download", Cardinality.UNARY_STREAM, DownloadRequest, Chunk)
        async with method as stream:
            await stream.send_message(DownloadRequest(id=uuid), end=True)
            async for part in stream:
                data += part.chunk
                self._within_limit(data)
        return bytes(data)

    async def _get(self, url: str) -> bytes:
        data = bytearray()
        async with aiohttp.ClientSession(raise_for_status=True) as session, session.get(url) as answer:
            async for part in answer.content.iter_chunked(CHUNK):
                data += part
                self._within_limit(data)
        return bytes(data)

    def _within_limit[Data](self, data: Data) -> Data:
        return data


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
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError(f"expected a JSON object, got {type(value).__name__}")
    return value


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise OddFile("expected base64") from error


def _chunks(data: bytes) -> Iterator[Chunk]:
    for start in range(0, len(data), CHUNK):
        yield Chunk(chunk=data[start : start + CHUNK])
