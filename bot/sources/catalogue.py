"""The sources that a configuration names."""

import os
from datetime import timedelta, tzinfo

from bot.config import Config, FolderPart, QWeatherPart
from bot.sources.folder import Folder
from bot.sources.source import Source
from domain.errors import ConfigError

KEY_VARIABLE = "LOUQUN_QWEATHER_KEY"


def sources_of(config: Config, zone: tzinfo) -> list[Source]:
    """Raises ConfigError where the environment has no key."""
    areas = config.community.area_codes
    return [
        Folder(part.folder, areas, zone, timedelta(seconds=part.every_seconds))
        if isinstance(part, FolderPart)
        else _qweather(part, zone)
        for part in config.warnings.sources
    ]


def _qweather(part: QWeatherPart, zone: tzinfo) -> Source:
    from bot.sources.qweather import QWeather, check_key  # noqa: PLC0415  its cryptography is slow to import

    key = os.environ.get(KEY_VARIABLE, "").replace("\\n", "\n")  # in one line its breaks are written out
    try:
        check_key(key)
    except ValueError as error:
        raise ConfigError(f"{KEY_VARIABLE}: {error}; it is set in the environment") from error
    every = timedelta(minutes=part.every_minutes)
    return QWeather(
        f"https://{part.host}", part.project, part.credential, key, part.latitude, part.longitude, zone, every
    )  # fmt: skip
