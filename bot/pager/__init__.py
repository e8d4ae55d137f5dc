"""Calling staff by SMS or phone through an HTTP gateway when they do not react in the chat. Off by default."""

from bot.pager.pager import Book, Pager, connected
from bot.pager.settings import GatewaySettings, PagerSettings

__all__ = ["Book", "GatewaySettings", "Pager", "PagerSettings", "connected"]
