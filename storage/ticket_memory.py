"""Tickets that were loaded once. Whoever looks holds the community's lock and has caught up with the version."""

from collections.abc import Iterable
from datetime import datetime

from domain.messages import Chat, Person
from domain.tickets import Ticket
from domain.vocabulary import TicketNumber

Numbers = dict[TicketNumber, None]


class TicketMemory:
    """since: everything open, and everything that ended after it, is here. None: nothing was asked for yet.

    The three indexes may hold too much (a ticket that moved, a step that failed), never too little: who reads them
    looks at the ticket itself.
    """

    def __init__(self) -> None:
        self.tickets: dict[TicketNumber, Ticket] = {}
        self.since: datetime | None = None
        self._of_building: dict[str | None, Numbers] = {}
        self._in_chat: dict[Chat, Numbers] = {}
        self._of_reporter: dict[Person, Numbers] = {}

    def learn(self, ticket: Ticket) -> None:
        self.tickets[ticket.number] = ticket
        self.index(ticket)

    def index(self, ticket: Ticket) -> None:
        number = ticket.number
        self._of_building.setdefault(ticket.location.building, {})[number] = None
        self._in_chat.setdefault(ticket.chat, {})[number] = None
        for reporter in ticket.reporters:
            self._of_reporter.setdefault(reporter.person, {})[number] = None

    def of_building(self, building: str | None) -> Iterable[TicketNumber]:
        return self._of_building.get(building, {})

    def in_chat(self, chat: Chat) -> Iterable[TicketNumber]:
        return self._in_chat.get(chat, {})

    def of_reporter(self, person: Person) -> Iterable[TicketNumber]:
        return self._of_reporter.get(person, {})

    def forget_ended(self, before: datetime) -> None:
        """Makes room: tickets that ended long ago are loaded again when somebody asks."""
        kept = [t for t in self.tickets.values() if t.open or t.since > before]
        self.forget()
        self.since = before
        for ticket in kept:
            self.learn(ticket)

    def forget(self) -> None:
        self.tickets.clear()
        self._of_building.clear()
        self._in_chat.clear()
        self._of_reporter.clear()
        self.since = None
