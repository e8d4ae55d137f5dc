"""Messages of the puppet service that wechaty-grpc 0.20.19 (February 2021) lacks and the service of today has."""

from dataclasses import dataclass

import betterproto


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
class Empty(betterproto.Message):
    pass
