"""The ``channels: {console: …}`` section of the configuration."""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class PersonSettings(BaseModel):
    """A resident of the demo who can be picked in the web chat."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[\w.-]{1,40}$", examples=["r-301"])]
    name: Annotated[str, Field(min_length=1, max_length=20, examples=["张阿姨"])]
    building: Annotated[str | None, Field(examples=["3"])] = None
    home: Annotated[str, Field(max_length=30, examples=["2单元1801"])] = ""


class ConsoleSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    bind: Annotated[str, Field(examples=["127.0.0.1:8765"])] = "127.0.0.1:8765"
    """address:port of the web pages"""
    demo: bool = False
    """let people pick who they are even when another channel runs or the address is not loopback"""
    people: Annotated[tuple[PersonSettings, ...] | None, Field(max_length=40)] = None
    """residents to play; without it a few are made up from the buildings"""
    folder: Path = Path("data/console")
    """where the conversation and its photos are kept"""
    bot_name: Annotated[str, Field(min_length=1, max_length=20)] = "楼群小助手"

    @field_validator("bind")
    @classmethod
    def _has_a_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65535:
            raise ValueError("expected address:port, for example 127.0.0.1:8765")
        return value

    @property
    def host(self) -> str:
        return self.bind.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.bind.rpartition(":")[2])

    @property
    def loopback(self) -> bool:
        if self.host in LOOPBACK_NAMES:
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    def may_pick_a_person(self, *, alone: bool) -> bool:
        """alone: no other channel is configured."""
        return self.demo or (alone and self.loopback)

    def hosts(self) -> frozenset[str]:
        """Names the pages may be asked for by; empty: any.

        A demo that is open only because it listens on loopback must not be reached through a proxy or a name that
        somebody points at 127.0.0.1.
        """
        return frozenset() if self.demo else LOOPBACK_NAMES | {self.host}
