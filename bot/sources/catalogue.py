"""The sources that a configuration names."""

import os
from datetime import timedelta, tzinfo

from bot.config import Config
from bot.sources.folder import Folder
from bot.sources.settings import FolderSettings, PushSettings, QWeatherSettings, WebFeedSettings
from bot.sources.source import Source
from bot.sources.web_feed import WebFeed
from domain.errors import ConfigError

KEY_VARIABLE = "LOUQUN_QWEATHER_KEY"


def sources_of(config: Config, zone: tzinfo) -> list[Source]:
    """Those that are read; what is pushed comes by itself. Raises ConfigError where the environment has no key."""
    parts = [part for part in config.warnings.sources if not isinstance(part, PushSettings)]
    return [_source(part, config.community.area_codes, zone) for part in parts]


def _source(part: FolderSettings | QWeatherSettings | WebFeedSettings, areas: tuple[str, ...], zone: tzinfo) -> Source:
    if isinstance(part, FolderSettings):
        return Folder(part.folder, areas, zone, timedelta(seconds=part.every_seconds), part.name)
    if isinstance(part, WebFeedSettings):
        return WebFeed(part.feed, areas, zone, timedelta(minutes=part.every_minutes), part.name)
    return _qweather(part, zone)


def _qweather(part: QWeatherSettings, zone: tzinfo) -> Source:
    from bot.sources.qweather import QWeather, check_key  # noqa: PLC0415  its cryptography is slow to import

    key = os.environ.get(KEY_VARIABLE, "").replace("\\n", "\n")  # in one line its breaks are written out
    try:
        check_key(key)
    except ValueError as error:
        raise ConfigError(f"{KEY_VARIABLE}: {error}; it is set in the environment") from error
    every = timedelta(minutes=part.every_minutes)
    return QWeather(
        f"https://{part.host}", part.project, part.credential, key, part.latitude, part.longitude, zone, every,
        part.name or "qweather",
    )  # fmt: skip
