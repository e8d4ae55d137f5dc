"""A storm, from the warning that opens it to the word that closes it, and what is made ready for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from domain.vocabulary import StaffId, TicketNumber
from domain.warnings import rank_of

CODES = {1: "blue", 2: "yellow", 3: "orange", 4: "red"}


@dataclass(frozen=True, slots=True)
class Storm:
    """level: the highest so far, as it was said. by: who relayed or declared. id: 0 while it is new."""

    opened_at: datetime
    level: str
    reason: str
    by: str
    closed_at: datetime | None = None
    closed_by: str = ""
    id: int = 0

    @property
    def open(self) -> bool:
        return self.closed_at is None

    def risen(self, level: str) -> "Storm":
        return replace(self, level=level) if rank_of(level) > rank_of(self.level) else self

    @property
    def code(self) -> str | None:
        """blue to red, one scale for colours and grades; None for a level that is not known."""
        return CODES.get(rank_of(self.level))


@dataclass(frozen=True, slots=True)
class StormSummary:
    storm: Storm
    warnings: int


@dataclass(frozen=True, slots=True)
class Preparation:
    """As configured. open_at: the lowest level of a warning that opens a storm. again_after: a warning of the same
    level is not told again sooner. checklist: by level, what is made ready from it on. low: below what stock staff are
    told. patrol: spots to walk. patrol_every: by level, how long a spot may go without a look. answer_within: whoever
    did not answer the footing by then is named. picture_every, card_at: when staff and the groups are shown how things
    stand, if something changed. None, or empty: not at all.
    """

    open_at: str = "蓝色"
    again_after: timedelta = timedelta(hours=6)
    checklist: Mapping[str, Sequence[str]] = field(default_factory=dict)
    low: Mapping[str, int] = field(default_factory=dict)
    patrol: tuple[str, ...] = ()
    patrol_every: Mapping[str, timedelta] = field(default_factory=dict)
    answer_within: timedelta | None = None
    picture_every: timedelta | None = None
    card_at: tuple[time, ...] = ()

    def opens(self, level: str) -> bool:
        return rank_of(level) >= max(1, rank_of(self.open_at))

    def patrol_within(self, level: str) -> timedelta | None:
        """That of the highest level that is reached; None where nothing is to be walked."""
        reached = [name for name in self.patrol_every if rank_of(name) <= rank_of(level)]
        return self.patrol_every[max(reached, key=rank_of)] if reached and self.patrol else None

    def steps(self, level: str) -> list[str]:
        """What to do at a level: its own list and those of the levels below."""
        levels = sorted(self.checklist, key=rank_of)
        return [step for name in levels if rank_of(name) <= rank_of(level) for step in self.checklist[name]]


@dataclass(frozen=True, slots=True)
class SupplyMove:
    """amount: positive when counted in, negative when taken. counted: the stock was counted anew, to this amount."""

    thing: str
    amount: int
    counted: bool
    at: datetime
    by: StaffId
    where: str = ""
    id: int = 0


def stock(moves: Sequence[SupplyMove]) -> dict[str, int]:
    """What there is of each thing, in the order in which they were first counted. Moves: oldest first."""
    left: dict[str, int] = {}
    for move in moves:
        left[move.thing] = move.amount if move.counted else left.get(move.thing, 0) + move.amount
    return left


@dataclass(frozen=True, slots=True)
class Check:
    """Somebody looked at a spot on the patrol. ticket: what was made of it when it was bad. photos: how many came."""

    spot: str
    words: str
    at: datetime
    by: StaffId
    ticket: TicketNumber | None = None
    photos: int = 0
    id: int = 0
