"""The ``warnings: {sources: […]}`` section of the configuration: one kind of source for each first key."""

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator

SourceName = Annotated[str, Field(max_length=40, examples=["和风天气"])]
"""How staff are told of a source; empty: named after its place."""
Words = Annotated[str, Field(min_length=1, max_length=120)]
KINDS = ("folder", "feed", "host", "push")


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FolderSettings(Settings):
    """CAP files (CAP 1.2 or the national dialect) that another program puts into a folder."""

    folder: Annotated[Path, Field(examples=["data/warnings"])]
    every_seconds: Annotated[float, Field(ge=1, le=3600, examples=[10])] = 10
    name: SourceName = ""


class WebFeedSettings(Settings):
    """An RSS or Atom feed that lists CAP files on the same host; of those, the ones of area_codes are fetched."""

    feed: Annotated[
        str, Field(pattern=r"^https?://[\x21-\x7e]{3,480}$", examples=["https://weather.example.org/cap/rss.xml"])
    ]
    every_minutes: Annotated[float, Field(ge=1, le=60, examples=[3])] = 3
    name: SourceName = ""


class QWeatherSettings(Settings):
    """QWeather's weatheralert v1 for one point. host: the account's own, from its console. project, credential: ids of
    the console; the private key comes from the environment as LOUQUN_QWEATHER_KEY.
    """

    host: Annotated[str, Field(pattern=r"^[\w.-]+$", examples=["abc123.qweatherapi.com"])]
    project: Annotated[Words, Field(examples=["ABCDE12345"])]
    credential: Annotated[Words, Field(examples=["FGHIJ67890"])]
    latitude: Annotated[float, Field(ge=-90, le=90, examples=[39.92])]
    longitude: Annotated[float, Field(ge=-180, le=180, examples=[116.44])]
    every_minutes: Annotated[float, Field(ge=3, le=60, examples=[5])] = 5
    name: SourceName = ""


class PushSettings(Settings):
    """CAP files that the warning platform sends to us over HTTP (docs/warnings.md). push: its name, as staff know it.
    allow: networks it may come from; none: any. The secret comes from the environment as LOUQUN_PUSH_SECRET.
    """

    push: Annotated[str, Field(min_length=1, max_length=40, examples=["预警发布中心"])]
    allow: Annotated[tuple[str, ...], Field(max_length=50, examples=['["10.1.0.0/16"]'])] = ()

    @field_validator("allow")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            try:
                ip_network(network, strict=False)
            except ValueError as error:
                raise ValueError(f"expected a network such as 10.1.0.0/16, got {network!r}") from error
        return value


def _kind(value: object) -> str | None:
    keys = value if isinstance(value, dict) else value.model_fields_set if isinstance(value, Settings) else ()
    found = next((kind for kind in KINDS if kind in keys), None)
    return None if found is None else f"source-{found}"


SourceSettings = Annotated[
    Annotated[FolderSettings, Tag("source-folder")]
    | Annotated[WebFeedSettings, Tag("source-feed")]
    | Annotated[QWeatherSettings, Tag("source-host")]
    | Annotated[PushSettings, Tag("source-push")],
    Discriminator(
        _kind,
        custom_error_type="source",
        custom_error_message="expected one of the keys folder, feed, host or push, for example {folder: data/warnings}",
    ),
]
