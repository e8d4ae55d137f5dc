"""What is around a message: the sender's own tickets, who spoke last, what was said shortly before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from domain.conversation import Asks, OpenQuestion, Said, Snapshot, TicketView
from domain.messages import Person
from domain.tickets import OPEN
from domain.understanding import Cue, Location, Verdict
from domain.vocabulary import MessageKind, Scope, Status, TicketNumber
from understanding.location import home_from_nickname
from understanding.roll_call import own_line

PICTURES = frozenset({MessageKind.IMAGE, MessageKind.VIDEO})
JUST_NOW = timedelta(minutes=2)
SHORTLY = timedelta(minutes=10)
"""Facts of one matter come this close together."""
FRESH = timedelta(hours=12)
"""A ticket that the group still has in mind."""
REOPENABLE = timedelta(days=30)
_READ = 1000
"""Characters of a message that the rules of talk look at."""
_DONE = frozenset({Status.RESOLVED, Status.CLOSED})


@dataclass(frozen=True)
class Scene:
    """A message with its verdict and everything that the rules look up about it."""

    message: Said
    verdict: Verdict
    snapshot: Snapshot

    @property
    def now(self) -> datetime:
        return self.message.at

    @property
    def sender(self) -> Person:
        return self.message.sender

    @cached_property
    def text(self) -> str:
        return own_line(self.message.text[:_READ])

    @property
    def where(self) -> Location:
        """Nowhere, where the place is one of other talk."""
        return Location() if self.says(Cue.OFF_TOPIC) and not self.telling else self.verdict.location

    def says(self, *cues: Cue) -> bool:
        return not self.verdict.cues.isdisjoint(cues)

    @cached_property
    def telling(self) -> bool:
        """Whether the words tell of water, surely or perhaps."""
        return self.verdict.report or self.verdict.unsure

    @cached_property
    def home(self) -> Location:
        """Where the sender lives: as told before, else as the nickname tells; nothing for another building's."""
        here = self.snapshot.building
        for home in (self.snapshot.home, home_from_nickname(self.message.sender_name)):
            if home.room is not None and (here is None or home.building in {None, here}):
                return home
        return Location()

    @cached_property
    def address(self) -> Location:
        """As home, but a nickname that tells only unit or floor counts too: enough to compare, not to write down."""
        return self.home if self.home.room else home_from_nickname(self.message.sender_name)

    @cached_property
    def said(self) -> tuple[Said, ...]:
        return tuple(s for s in self.snapshot.said if not s.recalled and s.at <= self.now)

    @cached_property
    def mine(self) -> tuple[Said, ...]:
        """The sender's own messages, the latest first."""
        return tuple(s for s in reversed(self.said) if s.sender == self.sender)

    def since(self, at: datetime) -> timedelta:
        return self.now - at

    @cached_property
    def own(self) -> tuple[TicketView, ...]:
        """Tickets that the sender reported, the one spoken of last first."""
        gone = {Status.MERGED, Status.CANCELLED}
        mine = [t for t in self.snapshot.tickets if self.sender in t.reporters and t.status not in gone]
        return tuple(sorted(mine, key=lambda t: (t.last_words_at, t.number), reverse=True))

    @cached_property
    def own_open(self) -> tuple[TicketView, ...]:
        return tuple(t for t in self.own if t.status in OPEN)

    @cached_property
    def own_done(self) -> tuple[TicketView, ...]:
        """Fixed, as staff or the sender said, and not so long ago that it cannot come back; the latest first."""
        done = [t for t in self.own if t.status in _DONE and self.since(t.since) <= REOPENABLE]
        return tuple(sorted(done, key=lambda t: (t.since, t.number), reverse=True))

    @cached_property
    def open_here(self) -> tuple[TicketView, ...]:
        """Open tickets whose progress this chat hears, oldest first."""
        return tuple(t for t in self.snapshot.tickets if t.status in OPEN and t.in_this_chat)

    @cached_property
    def fresh_here(self) -> tuple[TicketView, ...]:
        return tuple(t for t in self.open_here if self.since(t.last_words_at) <= FRESH)

    @cached_property
    def quoted(self) -> tuple[TicketView, ...]:
        """Tickets of the quoted message that are known and not gone."""
        numbers = dict.fromkeys(self.snapshot.quoted_tickets)
        if self.snapshot.quoted is not None and self.snapshot.quoted.ticket is not None:
            numbers.setdefault(self.snapshot.quoted.ticket)
        return tuple(t for n in numbers if (t := self.ticket(n)) and t.status is not Status.MERGED)

    def ticket(self, number: TicketNumber | None) -> TicketView | None:
        return next((t for t in self.snapshot.tickets if t.number == number), None)

    def asked(self, *asks: Asks) -> OpenQuestion | None:
        question = self.snapshot.question
        return question if question is not None and question.asks in asks else None

    @cached_property
    def surveyed(self) -> bool:
        """Whether staff asked homes shortly before, or in the quoted message, to write down their leaks."""
        asked: Iterable[Said] = [s for s in self.said if s.is_staff]
        if self.snapshot.quoted is not None and self.snapshot.quoted.is_staff:
            asked = [*asked, self.snapshot.quoted]
        return any(s.verdict is not None and Cue.SURVEY in s.verdict.cues for s in asked)

    @cached_property
    def last_own_words(self) -> datetime | None:
        """When the sender last wrote something that belongs to a ticket."""
        return next((s.at for s in self.mine if s.ticket is not None), None)

    def is_public(self, ticket: TicketView) -> bool:
        return ticket.scope is Scope.PUBLIC
