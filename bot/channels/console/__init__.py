"""The web chat as a channel: an embedded chat network whose pages are in web/."""

from bot.channels.console.channel import Console, connect
from bot.channels.console.drafts import Injected
from bot.channels.console.settings import ConsoleSettings, PersonSettings

__all__ = ["Console", "ConsoleSettings", "Injected", "PersonSettings", "connect"]
