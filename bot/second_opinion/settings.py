"""The ``language_model:`` section of config.yaml."""

import os
import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator

from bot.urls import checked
from domain.errors import ConfigError

_NAME_OF_A_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OURS = frozenset({"model", "messages", "response_format", "stream", "n", "tools", "functions"})
"""Fields of a request that ``extra`` may not change."""


class LanguageModelSettings(BaseModel):
    """Which model is asked, and how often. Without this section none is, and the bot works the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: Annotated[str, Field(min_length=2, max_length=60, examples=["深度求索"])]
    """Who runs the model: residents are told this name before the first question."""
    base_url: Annotated[str, Field(max_length=300, examples=["https://api.deepseek.com/v1"])]
    """``/chat/completions`` is put behind it."""
    model: Annotated[str, Field(min_length=1, max_length=120, examples=["deepseek-chat"])]
    key_env: Annotated[str | None, Field(examples=["LOUQUN_MODEL_KEY"])] = None
    """Name of the environment variable with the key; none for a server of your own that asks for no key."""
    timeout_seconds: Annotated[float, Field(gt=0, le=10, examples=[2.5])] = 2.5
    """A message waits at most so long for the answer, and what is said behind it in its group at most twice so long."""
    calls_per_hour: Annotated[int, Field(ge=1, le=10_000, examples=[60])] = 60
    calls_at_once: Annotated[int, Field(ge=1, le=32, examples=[4])] = 4
    extra: dict[str, JsonValue] = Field(default_factory=dict, examples=["{enable_thinking: false}"])
    """More fields for the request, as a provider wants them; null takes one of ours (temperature, max_tokens) out."""

    @field_validator("base_url")
    @classmethod
    def _safe(cls, value: str) -> str:
        return checked(value, "https://api.deepseek.com/v1", "key_env").rstrip("/")

    @field_validator("key_env")
    @classmethod
    def _a_name(cls, value: str | None) -> str | None:
        if value is not None and not _NAME_OF_A_VARIABLE.fullmatch(value):
            raise ValueError("expected the name of an environment variable, never the key (a password) itself")
        return value

    @field_validator("extra")
    @classmethod
    def _not_ours(cls, value: dict[str, JsonValue]) -> dict[str, JsonValue]:
        taken = sorted(_OURS & set(value))
        if taken:
            raise ValueError(f"expected other fields than {', '.join(taken)}: those are not yours to set")
        return value

    def key(self) -> str | None:
        """From the environment. Raises ConfigError, without the key, where there is none to use."""
        if self.key_env is None:
            return None
        key = os.environ.get(self.key_env, "").strip()
        if not key or not key.isascii() or not key.isprintable():
            raise ConfigError(f"language_model.key_env: expected the key in the environment variable {self.key_env}")
        return key
