"""The wechaty channel: a puppet service behind the Python package of that name.

Importing this, or the settings, does not import wechaty: it is an extra, takes 0.6 s and 50 MB.
"""

import os

from bot.channels.wechaty.settings import CHANNEL, WechatySettings
from domain.errors import ConfigError
from domain.ports import Channel, Clock
from domain.roster import Community

__all__ = ["WechatySettings", "connect"]


def connect(settings: WechatySettings, community: Community, clock: Clock) -> Channel:
    """Opens nothing yet. Raises ConfigError when the token or the package is not there."""
    from bot.channels.wechaty.compat import prepare  # noqa: PLC0415  see above

    token = _token(settings)
    prepare()
    from bot.channels.wechaty.channel import WechatyChannel  # noqa: PLC0415  needs prepare()

    groups = frozenset(group.id for group in community.groups if group.channel == CHANNEL)
    return WechatyChannel(settings, token, groups, clock)


def _token(settings: WechatySettings) -> str:
    token = os.environ.get(settings.token_env, "").strip()
    if not token:
        raise ConfigError(
            f"the wechaty channel is configured, but the environment variable {settings.token_env} is empty: "
            "set it to the token of the puppet service"
        )
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigError(f"{settings.token_env}: expected a token of ASCII letters, digits and signs without spaces")
    return token
