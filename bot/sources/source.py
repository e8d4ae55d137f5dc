"""What every source of warnings is to the loop that reads it (bot/feeds.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.errors import LouQunError
from domain.warnings import OfficialWarning


class SourceError(LouQunError):
    """It could not be read: away, refused, or not in its form. Nothing is known of what stands meanwhile.

    stop: only a person can mend it; trying on makes it worse.
    """

    def __init__(self, message: str, *, stop: bool = False) -> None:
        super().__init__(message)
        self.stop = stop


@dataclass(frozen=True, slots=True)
class Refused:
    """Something a source sent that cannot be read, and why."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What a source had. items: its own names of what it gave, to be told that they were dealt with."""

    warnings: Sequence[OfficialWarning]
    refused: Sequence[Refused] = ()
    items: Sequence[str] = ()


class Source(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def every(self) -> timedelta: ...

    async def fetch(self, now: datetime) -> Batch:
        """Raises SourceError."""
        ...

    async def dealt_with(self, batch: Batch) -> None:
        """The batch is in the database."""
        ...
