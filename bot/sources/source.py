"""What every source of warnings is to the loop that reads it (bot/feeds.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.errors import LouQunError
from domain.warnings import OfficialWarning


class Fault(StrEnum):
    """Why a source could not be read, for staff (texts/zh.yaml, feed_fault)."""

    NO_ANSWER = "no_answer"
    TOO_SLOW = "too_slow"
    BROKEN_OFF = "broken_off"
    REFUSED = "refused"
    TOO_MANY = "too_many"
    THEIR_FAULT = "their_fault"
    NOT_FOUND = "not_found"
    NOT_IN_FORM = "not_in_form"
    TOO_LARGE = "too_large"
    FOLDER = "folder"


class SourceError(LouQunError):
    """It could not be read: away, refused, or not in its form. Nothing is known of what stands meanwhile.

    stop: only a person can mend it; trying on makes it worse. again: not to be asked sooner, as it said itself.
    """

    def __init__(
        self, message: str, fault: Fault = Fault.NOT_IN_FORM, *, stop: bool = False, again: timedelta | None = None
    ) -> None:
        super().__init__(message)
        self.fault = fault
        self.stop = stop
        self.again = again


@dataclass(frozen=True, slots=True)
class Refused:
    """Something a source sent that cannot be read, and why."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What a source had. items: its own names of what it gave, to be told that they were dealt with. missing: why
    some of it could not be had just now: as for the rest, the source could not be read."""

    warnings: Sequence[OfficialWarning]
    refused: Sequence[Refused] = ()
    items: Sequence[str] = ()
    missing: SourceError | None = None


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
