"""The pages: the web chat, its live stream, health. Knows the chat through domain.chatroom only."""

from web.app import make_app
from web.options import Health, WebOptions
from web.server import serving
from web.signing import kept_secret

__all__ = ["Health", "WebOptions", "kept_secret", "make_app", "serving"]
