"""A warning as it was dealt with: who was told of it, and why so. Kept for ever, only ever added to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.warnings import OfficialWarning


class Relay(StrEnum):
    """Who is told, and how."""

    EVERYBODY = "everybody"
    """the whole text, to every building's group and to staff"""
    SHORT = "short"
    """it falls: its title, in one line"""
    ALL_CLEAR = "all_clear"
    STAFF = "staff"
    """to the staff group only"""
    NOBODY = "nobody"


class Why(StrEnum):
    FIRST = "first"
    RISE = "rise"
    AGAIN = "again"
    FALL = "fall"
    CLEARED = "cleared"
    SAME_LEVEL = "same_level"
    HIGHER_STANDS = "higher_stands"
    STILL_STANDS = "still_stands"
    NEVER_TOLD = "never_told"
    EXERCISE = "exercise"
    EXPIRED = "expired"
    OUTDATED = "outdated"
    ALREADY = "already"
    DISAGREES = "disagrees"
    AHEAD = "ahead"
    """its time has not come: somebody's clock is wrong"""
    BY_HAND = "by_hand"
    """from a feed, at a level that a person passes on"""
    SILENT = "silent"
    """it stood already when the feed was read for the first time, or again after hours"""


LOOK_BACK = timedelta(days=7)
"""What was dealt with longer ago has no say in what is told now."""
TO_RESIDENTS = frozenset({Relay.EVERYBODY, Relay.SHORT, Relay.ALL_CLEAR})


@dataclass(frozen=True, slots=True)
class Edition:
    """A warning as it was dealt with. by: who passed it on; "" for a feed, whose posts may wait for the morning unless
    they are urgent. storm: the storm that it belongs to. id: 0 while it is new.
    """

    warning: OfficialWarning
    seen_at: datetime
    relay: Relay
    why: Why
    by: str = ""
    storm: int | None = None
    id: int = 0
