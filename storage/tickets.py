"""Tickets and their history inside a unit of work."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, bindparam, delete, insert, select

from domain.messages import Chat, Person
from domain.promises import renewed
from domain.tickets import Ticket, TicketEvent, of_home
from domain.understanding import Location
from domain.vocabulary import Status, TicketNumber
from storage.columns import padded
from storage.memory import TICKETS_KEPT
from storage.moments import stored
from storage.staging import Staged, StagedList
from storage.statements import Statements
from storage.tables import ticket_events, ticket_reporters, tickets
from storage.ticket_loading import load, open_or_ended_after
from storage.ticket_rows import ADD_EVENT, event_of, event_row, reporter_rows, ticket_row
from storage.transaction import Transaction

Key = TypeVar("Key")


_OF_HOME = select(tickets.c.number).where(
    tickets.c.community == bindparam("of_community"),
    tickets.c.building == bindparam("home"),
    tickets.c.room == bindparam("door"),
)
_ADD_REPORTER = insert(ticket_reporters)
AT_ONCE = 1024
_ENDED_WELL = frozenset({Status.RESOLVED, Status.CLOSED})


class SqlTickets:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._memory = transaction.memory.tickets
        self._staged = Staged(transaction.journal, self._memory.tickets)
        self._events: StagedList[TicketEvent] = StagedList(transaction.journal)
        self._last_stored = transaction.counters.last_ticket

    async def next_number(self) -> TicketNumber:
        return TicketNumber(self._transaction.counters.next("last_ticket"))

    async def get(self, number: TicketNumber) -> Ticket | None:
        if number not in self._staged and 0 < number <= self._last_stored:
            for ticket in await self._load(tickets.c.number == number):
                self._memory.learn(ticket)
        return self._staged.get(number)

    async def save(self, ticket: Ticket, *events: TicketEvent) -> None:
        """What is due next follows from what it is now; nobody who changes a ticket has to think of it."""
        ticket = renewed(ticket, self._transaction.configured.community)
        self._staged.put(ticket.number, ticket)
        self._memory.index(ticket)
        for event in events:
            self._events.add(event)

    async def of_building(self, building: str | None, since: datetime) -> Sequence[Ticket]:
        found = await self._among(self._memory.of_building, building, since)
        return [t for t in found if t.location.building == building]

    async def of_reporter(self, person: Person, since: datetime) -> Sequence[Ticket]:
        return [t for t in await self._among(self._memory.of_reporter, person, since) if t.reported_by(person)]

    async def in_chat(self, chat: Chat, since: datetime) -> Sequence[Ticket]:
        return [t for t in await self._among(self._memory.in_chat, chat, since) if t.chat == chat]

    async def of_home(self, home: Location) -> Sequence[Ticket]:
        if home.building is None or home.room is None:
            return []
        which = {"of_community": self._transaction.community, "home": home.building, "door": home.room}
        numbers = [TicketNumber(row.number) for row in await self._transaction.rows(_OF_HOME, which)]
        found = [await self.get(number) for number in dict.fromkeys((*numbers, *self._staged.changed))]
        return sorted((t for t in found if t is not None and of_home(t, home)), key=_number)

    async def all_open(self) -> Sequence[Ticket]:
        await self._reach(self._transaction.now)
        return sorted((t for t in self._staged.values() if t.open), key=_number)

    async def reported(self, since: datetime, until: datetime) -> Sequence[Ticket]:
        c = tickets.c
        found = {t.number: t for t in await self._load(c.reported_at.between(stored(since), stored(until)))}
        found |= self._staged.changed
        return sorted((t for t in found.values() if since <= t.clocks.reported < until), key=_number)

    async def mended(self, since: datetime, until: datetime) -> Sequence[Ticket]:
        def holds(ticket: Ticket) -> bool:
            cleared = ticket.clocks.cleared
            return ticket.status in _ENDED_WELL and cleared is not None and since <= cleared < until

        c = tickets.c
        states = c.status.in_(sorted(status.value for status in _ENDED_WELL))
        found = {t.number: t for t in await self._load(states & c.cleared_at.between(stored(since), stored(until)))}
        found |= self._staged.changed
        return sorted((t for t in found.values() if holds(t)), key=_number)

    async def histories(self, numbers: Sequence[TicketNumber]) -> Mapping[TicketNumber, Sequence[TicketEvent]]:
        found: dict[TicketNumber, list[TicketEvent]] = {number: [] for number in numbers}
        c, moments = ticket_events.c, self._transaction.moments
        for start in range(0, len(numbers), AT_ONCE):
            of_these = c.ticket.in_(padded(numbers[start : start + AT_ONCE]))
            query = select(ticket_events).where(c.community == self._transaction.community, of_these).order_by(c.id)
            for row in await self._transaction.rows(query):
                found[TicketNumber(row.ticket)].append(event_of(row, moments))
        for event in self._events:
            if event.ticket in found:
                found[event.ticket].append(event)
        return found

    async def due(self, now: datetime, limit: int) -> Sequence[Ticket]:
        c = tickets.c
        mature = (c.community == self._transaction.community) & (c.due_at <= stored(now))
        rows = await self._transaction.rows(select(c.number).where(mature).order_by(c.due_at, c.number).limit(limit))
        found = [await self.get(TicketNumber(row.number)) for row in rows]
        return [t for t in found if t is not None and t.due is not None and t.due.at <= now]

    async def events(self, number: TicketNumber) -> Sequence[TicketEvent]:
        c = ticket_events.c
        of_it = (c.community == self._transaction.community) & (c.ticket == number)
        rows = await self._transaction.rows(select(ticket_events).where(of_it).order_by(c.id))
        stored_ones = [event_of(row, self._transaction.moments) for row in rows]
        return [*stored_ones, *(e for e in self._events if e.ticket == number)]

    async def catch_up(self, version: int) -> None:
        """Loads again what others wrote after ``version``."""
        if self._memory.tickets or self._memory.since is not None:
            for ticket in await self._load(tickets.c.version > version):
                self._memory.learn(ticket)

    def flush(self, statements: Statements) -> None:
        changed = list(self._staged.changed.values())
        self._write_tickets(statements, changed)
        self._write_reporters(statements, changed)
        self._write_events(statements)

    def keep(self) -> None:
        self._staged.keep()

    def _write_tickets(self, statements: Statements, changed: Sequence[Ticket]) -> None:
        common = {"community": self._transaction.community, "version": self._transaction.counters.version}
        rows = [{**common, **ticket_row(ticket)} for ticket in changed]
        statements.run_many(statements.dialect.replaced(tickets), rows)

    def _write_reporters(self, statements: Statements, changed: Sequence[Ticket]) -> None:
        """Mostly one more; where one went, all of the ticket are written again."""
        community = self._transaction.community
        added: list[dict[str, object]] = []
        for ticket in changed:
            before = self._staged.below.get(ticket.number)
            known = before.reporters if before else ()
            if (before is None and ticket.number <= self._last_stored) or ticket.reporters[: len(known)] != known:
                r = ticket_reporters.c
                statements.run(delete(ticket_reporters).where((r.community == community) & (r.ticket == ticket.number)))
                known = ()
            added += [{"community": community, **row} for row in list(reporter_rows(ticket))[len(known) :]]
        statements.run_many(_ADD_REPORTER, added)

    def _write_events(self, statements: Statements) -> None:
        community, counters = self._transaction.community, self._transaction.counters
        rows = [{"community": community, "id": counters.next("last_event"), **event_row(e)} for e in self._events]
        statements.run_many(ADD_EVENT, rows)

    async def _among(self, index: Callable[[Key], Iterable[TicketNumber]], key: Key, since: datetime) -> list[Ticket]:
        """Open ones and those that ended after ``since``, oldest first. The index may name too many."""
        await self._reach(since)
        found = (self._staged.get(number) for number in sorted(index(key)))
        return [t for t in found if t is not None and (t.open or t.since > since)]

    async def _reach(self, since: datetime) -> None:
        """Makes sure that memory goes back this far."""
        if self._memory.since is not None and self._memory.since <= since:
            return
        back = min(since, self._transaction.now - TICKETS_KEPT)
        for ticket in await self._load(open_or_ended_after(back)):
            self._memory.learn(ticket)
        self._memory.since = back

    async def _load(self, which: ColumnElement[bool]) -> list[Ticket]:
        transaction = self._transaction
        return await transaction.session.visit(
            lambda statements: load(statements, transaction.community, transaction.moments, which)
        )


def _number(ticket: Ticket) -> TicketNumber:
    return ticket.number
