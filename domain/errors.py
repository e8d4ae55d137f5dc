"""The errors of the house, grouped by who catches them."""

from datetime import datetime


class LouQunError(Exception):
    """Anything the house raises on purpose."""


class ConfigError(LouQunError):
    """The command line prints it and exits with 2."""


class StoreError(LouQunError):
    """The database is away, full or not ours; the loops wait and try again."""


class NewerDatabase(ConfigError):
    """The database was written by a later version: it is left untouched."""


class RuleBroken(LouQunError):
    """Somebody asked for what the rules do not allow; the person is told why."""


class IllegalMove(RuleBroken):
    """A ticket cannot go from one state to the other."""


class NaiveTime(LouQunError):
    """A time without an offset: a fault in our own code or in a channel."""

    def __init__(self, name: str, value: datetime) -> None:
        super().__init__(f"{name} must carry a UTC offset, got {value!r}")


class ChannelError(LouQunError):
    """A send or fetch that surely did not happen.

    retry: whether trying again makes sense; after_seconds: when, if the network told us.
    """

    def __init__(self, message: str, *, retry: bool = True, after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry = retry
        self.after_seconds = after_seconds


class UnknownOutcome(ChannelError):
    """The network did not say whether the message went out; it may have."""


class SaidBefore(ChannelError):
    """The network remembers that it took these outbox rows already, as which messages and when; nothing was sent."""

    def __init__(self, rows: tuple[int, ...], remote_ids: tuple[str, ...], at: datetime) -> None:
        super().__init__(f"said before: {rows}", retry=False)
        self.rows = rows
        self.remote_ids = remote_ids
        self.at = at


class MediaRefused(LouQunError):
    """A file that is not a usable picture, video, voice or document; the text says what was expected."""


class DocumentFailed(LouQunError):
    """A paper could not be drawn: a fault in its layout or in the installation; what it says is lost to nobody."""


class MediaMissing(LouQunError):
    """A stored file is gone or damaged: trying again does not help, a backup may."""
