"""Times as the tables keep them, and back."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import overload

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@overload
def stored(at: datetime) -> int: ...
@overload
def stored(at: datetime | None) -> int | None: ...
def stored(at: datetime | None) -> int | None:
    """Microseconds since 1970 in UTC: exact, short, and sorts alike on every database."""
    return None if at is None else (at - EPOCH) // _MICROSECOND


@dataclass(frozen=True, slots=True)
class Moments:
    """Brings stored times back, aware, in the community's zone."""

    zone: tzinfo

    def at(self, value: int) -> datetime:
        return (EPOCH + _MICROSECOND * value).astimezone(self.zone)

    def maybe(self, value: int | None) -> datetime | None:
        return None if value is None else self.at(value)
