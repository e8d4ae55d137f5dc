"""Which tickets a hotline order may be about: by place and time. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from domain.tickets import Ticket
from domain.understanding import Location
from domain.vocabulary import Status

LOOKED_BACK = timedelta(days=30)
LATELY = timedelta(days=3)
"""Where only the building is known, older tickets are no likeness."""


class Likeness(StrEnum):
    NAMED = "named"
    """somebody said which"""
    SAME = "same"
    PERHAPS = "perhaps"
    NONE = "none"
    NOWHERE = "nowhere"
    """the order names no place of ours"""


def alike(where: Location, tickets: Iterable[Ticket], now: datetime) -> tuple[Likeness, Sequence[Ticket]]:
    """``tickets``: of the order's building. The same home, else the same spot; else what may be meant."""
    heard = [t for t in tickets if t.status is not Status.MERGED]
    near = [t for t in heard if where.unit is None or t.location.unit in {None, where.unit}]
    if where.room is not None:
        same = [t for t in near if t.location.room == where.room]
    elif where.place is not None:
        same = [t for t in near if t.location.place is where.place]
    else:
        same = []
    if same:
        return Likeness.SAME, same
    lately = [t for t in near if where.room is None and t.clocks.reported > now - LATELY]
    return (Likeness.PERHAPS, lately) if lately else (Likeness.NONE, ())
