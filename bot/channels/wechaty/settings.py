"""The ``channels: {wechaty: …}`` section of config.yaml. Nothing here imports wechaty."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from domain.ports import Pace

CHANNEL = "wechaty"
Seconds = Annotated[float, Field(gt=0, le=3600)]


class PaceSettings(BaseModel):
    """Like a person: faster than this and the account is soon warned or banned."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    same_chat_seconds: Annotated[float, Field(ge=1, le=60)] = 1.5
    """Between two messages to one chat."""
    any_chat_seconds: Annotated[float, Field(ge=0, le=60)] = 3.0
    """Between messages to different chats."""
    per_minute: Annotated[int, Field(ge=1, le=60)] = 40
    jitter: Annotated[float, Field(ge=0, le=1)] = 0.3
    """Share of each pause that is left to chance."""

    def pace(self) -> Pace:
        return Pace(self.same_chat_seconds, self.any_chat_seconds, self.per_minute, self.jitter)


class WechatySettings(BaseModel):
    """Where the puppet service is, and how patient we are with it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    endpoint: str = Field(examples=["127.0.0.1:8788"])
    """``host:port`` of the puppet service."""
    token_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", examples=["LOUQUN_WECHATY_TOKEN"])] = (
        "LOUQUN_WECHATY_TOKEN"  # noqa: S105  the name of the variable, not the token
    )
    """Name of the environment variable with the service's token."""
    tls: bool = False
    """Speak TLS. Off: the token and all messages travel in the clear; then keep the service on this machine or in a
    private network."""
    tls_ca_file: Path | None = None
    """PEM file with the authority that signed the service's certificate, when the system does not know it."""
    tls_server_name: str | None = None
    """The name in the certificate, when it is not the endpoint's host."""
    call_seconds: Seconds = 15
    """Deadline of a call."""
    name_seconds: Seconds = 3
    """Deadline of looking up a name: a message does not wait longer for it."""
    transfer_seconds: Seconds = 120
    """Deadline of a file, up or down."""
    largest_file_mb: Annotated[int, Field(ge=1, le=1024)] = 64
    keepalive_seconds: Seconds = 10
    """An HTTP/2 ping each so often."""
    keepalive_timeout_seconds: Seconds = 5
    """A ping without an answer for so long means that the link is dead."""
    longest_wait_seconds: Seconds = 10
    """Between attempts to connect; the first one follows at once."""
    refused_wait_seconds: Seconds = 60
    """Between attempts when the service refuses the token, or another client has the account."""
    fetches_ahead: Annotated[int, Field(ge=1, le=256)] = 32
    """Messages whose content is fetched at the same time."""
    pace: PaceSettings = PaceSettings()

    @field_validator("endpoint")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        found = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^\s:/@]+):(\d{1,5})", value)
        if found is None or not 0 < int(found[2]) < 65536:
            raise ValueError("expected host:port, for example 127.0.0.1:8788")
        return value
