"""What is kept of one person, and how it is forgotten, inside a unit of work."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, func, select, update

from domain.messages import Person
from domain.records import CONTACT, KeptText
from domain.vocabulary import TicketNumber
from storage.message_rows import ERASED
from storage.staging import StagedList
from storage.statements import Statements, Values
from storage.tables import inbox, media, message_tickets, ticket_events, ticket_reporters
from storage.transaction import Transaction
from storage.wiping import Wipe, carry_out

PERSONAL = frozenset({"words", "said", "basis"})
"""Details of an event that hold what somebody said."""
_FORGET = (
    update(ticket_events)
    .where(ticket_events.c.community == bindparam("of_community"), ticket_events.c.id == bindparam("of_id"))
    .values(by_name="", by_channel=None, by_person=None, source="", details=bindparam("left"))
)


class SqlTraces:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._forgotten: StagedList[Values] = StagedList(transaction.journal)
        self._wipes: StagedList[Wipe] = StagedList(transaction.journal)

    async def texts(self, person: Person) -> Sequence[KeptText]:
        i, m, us = inbox.c, message_tickets.c, self._transaction.community
        theirs = (i.community == us, i.channel == person.channel, i.sender == person.id)
        kept = select(i.external_id).where(*theirs, i.trace != ERASED, i.text != "").order_by(i.id)
        ids = [row.external_id for row in await self._transaction.rows(kept)]
        same = (m.community == i.community, m.channel == i.channel, m.external_id == i.external_id)
        linked = select(m.external_id, m.ticket).join(inbox, same[0] & same[1] & same[2]).where(*theirs)
        numbers: dict[str, list[TicketNumber]] = {}
        for row in await self._transaction.rows(linked):
            numbers.setdefault(row.external_id, []).append(TicketNumber(row.ticket))
        return [KeptText(id, tuple(numbers.get(id, ()))) for id in ids]

    async def photos(self, person: Person) -> int:
        m = media.c
        theirs = (m.community == self._transaction.community, m.channel == person.channel, m.sender == person.id)
        [row] = await self._transaction.rows(select(func.count()).where(*theirs, m.digest != ""))
        return int(row[0])

    async def tickets(self, person: Person) -> Sequence[TicketNumber]:
        r = ticket_reporters.c
        theirs = (r.community == self._transaction.community, r.channel == person.channel, r.person == person.id)
        rows = await self._transaction.rows(select(r.ticket).where(*theirs).order_by(r.ticket))
        return [TicketNumber(row.ticket) for row in rows]

    async def forget(self, person: Person, tickets: Collection[TicketNumber]) -> None:
        e, us = ticket_events.c, self._transaction.community
        for number in tickets:
            theirs = (e.community == us, e.ticket == number, e.by_channel == person.channel, e.by_person == person.id)
            rows = await self._transaction.rows(select(e.id, e.details).where(*theirs, e.by_staff.is_(None)))
            for row in rows:
                left = {name: value for name, value in row.details.items() if name not in PERSONAL}
                self._forgotten.add({"of_community": us, "of_id": row.id, "left": left})

    async def forget_contacts(self, tickets: Collection[TicketNumber]) -> None:
        e, us = ticket_events.c, self._transaction.community
        for number in tickets:
            rows = await self._transaction.rows(select(e.id, e.details).where(e.community == us, e.ticket == number))
            for row in rows:
                if CONTACT in row.details:
                    self._forgotten.add({"of_community": us, "of_id": row.id, "left": {}})

    async def wipe(self, person: Person, name: str, words: Collection[str], needed: Collection[TicketNumber]) -> None:
        i = inbox.c
        theirs = (i.community == self._transaction.community, i.channel == person.channel, i.sender == person.id)
        said = [row.text for row in await self._transaction.rows(select(i.text).where(*theirs, i.text != ""))]
        self._wipes.add(Wipe(person, name, frozenset(needed), (*words, *said)))

    def flush(self, statements: Statements) -> None:
        statements.run_many(_FORGET, self._forgotten)
        for wipe in self._wipes:
            carry_out(statements, self._transaction.community, wipe)

    def keep(self) -> None:
        """What was remembered of it is loaded again when somebody asks."""
        if self._wipes:
            memory = self._transaction.memory
            memory.talks.forget()
            memory.all_questions = memory.all_windows = None
