"""The ``pager:`` section of config.yaml."""

import os
import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.urls import checked
from domain.errors import ConfigError
from domain.vocabulary import Urgency

_NAME_OF_A_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLACE = re.compile(r"\{([^{}]*)\}")
PLACES = ("phone", "text", "id", "token")
"""What may stand in braces in a value of the body."""


class GatewaySettings(BaseModel):
    """One way to reach a phone: where the request goes and how it looks.

    token_env: name of the environment variable with the secret; sent as ``Authorization: Bearer`` unless the body has a
    place for it. body: fields of the request; {phone}, {text}, {id} and {token} are filled in. accepted: what the
    answer's JSON has to say, by its field ("data.code: OK"); empty: any status 2xx means that it was taken.
    remembers_ids: whether the gateway sends a second request with the same id no second time. Only then is it asked
    again when it did not answer; else a person is told.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, Field(max_length=500, examples=["https://sms.example.com/v1/send"])]
    token_env: Annotated[str | None, Field(examples=["LOUQUN_SMS_TOKEN"])] = None
    form: Literal["json", "urlencoded"] = "json"
    body: dict[str, str] = Field(
        default_factory=lambda: {"to": "{phone}", "text": "{text}", "id": "{id}"},
        examples=['{mobile: "{phone}", content: "{text}"}'],
    )
    accepted: dict[str, str] = Field(default_factory=dict, max_length=4, examples=['{code: "0"}'])
    remembers_ids: bool = False
    timeout_seconds: Annotated[float, Field(gt=0, le=60, examples=[10])] = 10

    @field_validator("url")
    @classmethod
    def _safe(cls, value: str) -> str:
        return checked(value, "https://sms.example.com/v1/send, without ? and #", "token_env")

    @field_validator("token_env")
    @classmethod
    def _a_name(cls, value: str | None) -> str | None:
        if value is not None and not _NAME_OF_A_VARIABLE.fullmatch(value):
            raise ValueError("expected the name of an environment variable, never the secret (a password) itself")
        return value

    @model_validator(mode="after")
    def _has_places(self) -> "GatewaySettings":
        places = {name for value in self.body.values() for name in _PLACE.findall(value)}
        if unknown := sorted(places - set(PLACES)):
            raise ValueError(f"body: {{{unknown[0]}}} is not known; expected {', '.join(f'{{{p}}}' for p in PLACES)}")
        if missing := sorted({"phone", "text"} - places):
            raise ValueError(f"body: expected a place for {{{missing[0]}}}, for example to: '{{phone}}'")
        if "token" in places and self.token_env is None:
            raise ValueError("body: has a place for {token}; expected its variable's name as token_env")
        return self

    @property
    def token_in_body(self) -> bool:
        return any("{token}" in value for value in self.body.values())

    def token(self, path: str) -> str | None:
        """From the environment. Raises ConfigError, without the secret, where there is none to use."""
        if self.token_env is None:
            return None
        token = os.environ.get(self.token_env, "").strip()
        if not token or not token.isascii() or not token.isprintable():
            raise ConfigError(f"{path}.token_env: expected the secret in the environment variable {self.token_env}")
        return token


class PagerSettings(BaseModel):
    """sms, voice: at least one. An emergency goes by all of them, what is urgent by SMS. urgencies: which are paged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sms: GatewaySettings | None = None
    voice: GatewaySettings | None = None
    urgencies: tuple[Literal[Urgency.EMERGENCY, Urgency.URGENT], ...] = Field(
        default=(Urgency.EMERGENCY, Urgency.URGENT), examples=["[emergency]"]
    )

    @model_validator(mode="after")
    def _at_least_one(self) -> "PagerSettings":
        if not self.ways:
            raise ValueError('expected sms, voice or both, for example sms: {url: "https://sms.example.com/v1/send"}')
        return self

    @property
    def ways(self) -> dict[str, GatewaySettings]:
        return {name: way for name, way in (("sms", self.sms), ("voice", self.voice)) if way is not None}

    def by_urgency(self) -> dict[Urgency, tuple[str, ...]]:
        wanted = {Urgency.EMERGENCY: tuple(self.ways), Urgency.URGENT: tuple(w for w in self.ways if w == "sms")}
        return {urgency: ways for urgency, ways in wanted.items() if urgency in self.urgencies and ways}
