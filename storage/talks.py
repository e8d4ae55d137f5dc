"""What was said in a chat and which tickets it belongs to, inside a unit of work."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, func, select, tuple_, update

from domain.conversation import Said
from domain.messages import Chat, Person
from domain.records import Handled, Outcome
from domain.vocabulary import TicketNumber
from storage.columns import padded
from storage.message_rows import ERASED, FRESH, KEPT, WAITING, said_of
from storage.people import SqlPeople
from storage.staging import Staged, StagedList
from storage.statements import Record, Statements
from storage.tables import inbox, message_tickets, people, sent_ids
from storage.talk_memory import SAID_KEPT, MessageKey, Talk
from storage.transaction import Transaction

Numbers = tuple[TicketNumber, ...]
UNREAD = (WAITING, Outcome.OPTED_OUT.value)
ERASE: dict[str, object] = {"text": "", "sender_name": "", "media": None, "quote_text": None, "trace": ERASED}
_THE_MESSAGE = (
    inbox.c.community == bindparam("of_community"),
    inbox.c.channel == bindparam("of_channel"),
    inbox.c.external_id == bindparam("of_id"),
)
KEEP_TEXT = update(inbox).where(*_THE_MESSAGE, inbox.c.trace == FRESH).values(trace=KEPT)
ERASE_TEXT = update(inbox).where(*_THE_MESSAGE).values(**ERASE, recalled=True)


class SqlTalks:
    def __init__(self, transaction: Transaction, people: SqlPeople) -> None:
        self._transaction = transaction
        self._people = people
        self._memory = transaction.memory.talks
        self._loaded: dict[MessageKey, Said] = {}
        self._said = Staged(transaction.journal, self._loaded)
        self._new: dict[Chat, StagedList[MessageKey]] = {}
        self._known_links: dict[MessageKey, Numbers] = {}
        self._links: Staged[MessageKey, Numbers] = Staged(transaction.journal, {})
        self._recalled: StagedList[MessageKey] = StagedList(transaction.journal)

    async def said(self, chat: Chat, since: datetime) -> Sequence[Said]:
        talk = await self._talk(chat)
        changed = self._said.changed
        committed: Iterable[Said] = talk.values()
        if not changed.keys().isdisjoint(talk.keys()):
            committed = [changed.get(key, said) for key, said in talk.items()]
        new = [changed[key] for key in self._new.get(chat, ())]
        return [said for said in (*committed, *new)[-SAID_KEPT:] if said.at >= since]

    async def message(self, channel: str, external_id: str) -> Said | None:
        key = (channel, external_id)
        found = self._said.get(key) or self._memory.message(key)
        if found is None:
            for row in await self._rows(inbox.c.channel == channel, inbox.c.external_id == external_id):
                self._loaded[key] = self._to_said(row)
                self._bring_up_to_date([key])
        return self._said.get(key) or found

    async def tickets_of(self, channel: str, external_id: str) -> Numbers:
        key = (channel, external_id)
        await self.preload([key])
        return tuple(dict.fromkeys((*self._known_links[key], *(self._links.get(key) or ()))))

    async def preload(self, quoted: Collection[MessageKey]) -> None:
        """The tickets that messages and the bot's own posts are about."""
        missing = list(dict.fromkeys(key for key in quoted if key not in self._known_links))
        if not missing:
            return
        self._known_links.update(dict.fromkeys(missing, ()))
        rows, m, s = self._transaction.rows, message_tickets.c, sent_ids.c
        theirs = m.community == self._transaction.community, tuple_(m.channel, m.external_id).in_(padded(missing))
        for row in await rows(select(m.channel, m.external_id, m.ticket).where(*theirs).order_by(m.ticket)):
            self._known_links[row.channel, row.external_id] += (TicketNumber(row.ticket),)
        ours = s.community == self._transaction.community, tuple_(s.channel, s.remote_id).in_(padded(missing))
        for row in await rows(select(s.channel, s.remote_id, s.tickets).where(*ours)):
            self._known_links[row.channel, row.remote_id] += tuple(TicketNumber(number) for number in row.tickets)

    async def assign(self, channel: str, external_ids: Iterable[str], ticket: TicketNumber) -> None:
        for external_id in external_ids:
            key = (channel, external_id)
            self._link(key, (ticket,))
            said = self._said.get(key) or self._memory.message(key)
            if said is not None and said.ticket is None:
                self._said.put(key, replace(said, ticket=ticket))

    async def recall(self, channel: str, external_id: str) -> None:
        key = (channel, external_id)
        self._recalled.add(key)
        said = self._said.get(key) or self._memory.message(key)
        if said is not None:
            self._said.put(key, replace(said, text="", sender_name="", recalled=True))

    async def hear(self, handled: Handled) -> str:
        """A message was handled: it is part of the talk from now on. What becomes of its text."""
        message = handled.row.incoming
        if handled.outcome is Outcome.OPTED_OUT:
            return ERASED
        key = (message.channel, message.external_id)
        self._link(key, handled.tickets)
        links = self._links.get(key) or ()
        sender = await self._people.get(message.sender)
        quotes = message.quote.external_id if message.quote else None
        self._said.put(key, Said(
            message.external_id, message.sender, message.sender_name, sender.staff is not None, message.at,
            message.kind, message.text, handled.verdict, links[0] if links else None, quotes,
        ))  # fmt: skip
        if message.chat not in self._new:
            self._new[message.chat] = StagedList(self._transaction.journal)
        self._new[message.chat].add(key)
        return KEPT if links else FRESH

    def flush(self, statements: Statements) -> None:
        """After the inbox: a message may be handled and taken back in one commit."""
        community = self._transaction.community
        links = [
            {"community": community, "channel": channel, "external_id": external_id, "ticket": ticket}
            for (channel, external_id), numbers in self._links.changed.items()
            for ticket in numbers
        ]
        statements.run_many(statements.dialect.added(message_tickets), links)
        handled_now = {key for keys in self._new.values() for key in keys}
        statements.run_many(KEEP_TEXT, [self._values(key) for key in self._links.changed if key not in handled_now])
        statements.run_many(ERASE_TEXT, [self._values(key) for key in self._recalled])

    def keep(self) -> None:
        new = {key: chat for chat, keys in self._new.items() for key in keys}
        for key, said in self._said.changed.items():
            if key in new:
                self._memory.hear(new[key], key, said)
            else:
                self._memory.change(key, said)

    def _values(self, key: MessageKey) -> dict[str, object]:
        return {"of_community": self._transaction.community, "of_channel": key[0], "of_id": key[1]}

    def _link(self, key: MessageKey, numbers: Numbers) -> None:
        before = self._links.get(key) or ()
        if not set(numbers) <= set(before):
            self._links.put(key, tuple(dict.fromkeys((*before, *numbers))))

    async def _talk(self, chat: Chat) -> Talk:
        talk = self._memory.of(chat)
        if talk is None:
            i = inbox.c
            rows = await self._rows(i.channel == chat.channel, i.chat == chat.id, i.private == chat.private)
            talk = {(row.channel, row.external_id): self._to_said(row) for row in reversed(rows)}
            self._memory.learn(chat, talk)
            self._bring_up_to_date([key for key in talk if key in self._links.changed or key in self._recalled])
        return talk

    def _bring_up_to_date(self, keys: Collection[MessageKey]) -> None:
        """Loaded after this unit of work had assigned or erased it."""
        for key in keys:
            said = self._said.get(key) or self._memory.message(key)
            links = self._links.get(key)
            if said is not None and links and said.ticket is None:
                said = replace(said, ticket=links[0])
            if said is not None and key in self._recalled:
                said = replace(said, text="", sender_name="", recalled=True)
            if said is not None:
                self._said.put(key, said)

    async def _rows(self, *which: ColumnElement[bool]) -> Sequence[Record]:
        """The newest handled messages first, with the sender's binding and the first ticket."""
        i, p, m = inbox.c, people.c, message_tickets.c
        same_message = m.community == i.community, m.channel == i.channel, m.external_id == i.external_id
        ticket = select(func.min(m.ticket)).where(*same_message).scalar_subquery().label("ticket")
        sender = and_(p.community == i.community, p.channel == i.channel, p.person == i.sender)
        said = select(inbox, p.staff, ticket).select_from(inbox.outerjoin(people, sender))
        of_us = i.community == self._transaction.community, i.state.not_in(UNREAD), *which
        return await self._transaction.rows(said.where(*of_us).order_by(i.id.desc()).limit(SAID_KEPT))

    def _to_said(self, row: Record) -> Said:
        sender = Person(row.channel, row.sender)
        is_staff = row.staff is not None or sender in self._transaction.configured.staff
        return said_of(row, is_staff, self._transaction.moments)
