"""The unit of work: everything that one commit carries."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from storage.accesses import SqlAccesses
from storage.chats import SqlChats
from storage.connections import Connections, Session
from storage.conversations import SqlConversations
from storage.corrections import SqlCorrections
from storage.drafts import SqlDrafts, SqlPlans
from storage.hotline import SqlHotline
from storage.inbox_work import SqlInboxWork
from storage.looks import SqlLookList
from storage.mailings import SqlMailings
from storage.media import SqlMedia
from storage.meetings import SqlMeetings
from storage.memory import Memory
from storage.moments import Moments
from storage.outbox import SqlOutbox
from storage.people import SqlPeople
from storage.questions import SqlQuestions
from storage.rains import SqlRains
from storage.roster import SqlRoster
from storage.staging import Journal
from storage.standby import SqlStandby
from storage.statements import Statements
from storage.storms import SqlStorms
from storage.talks import SqlTalks
from storage.tickets import SqlTickets
from storage.traces import SqlTraces
from storage.transaction import Configured, Transaction, lock_community


class SqlUnitOfWork:
    """Reads see what is staged. Steps run one after the other, never at the same time."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._talks = SqlTalks(transaction, people := SqlPeople(transaction))
        self._questions = SqlQuestions(transaction)
        self.tickets = SqlTickets(transaction)
        self.people = people
        self.roster = SqlRoster(transaction)
        self.chats = SqlChats(transaction)
        self.conversations = SqlConversations(self._talks, self._questions)
        self.media = SqlMedia(transaction)
        self.look = SqlLookList(transaction)
        self.corrections = SqlCorrections(transaction)
        self.hotline = SqlHotline(transaction)
        self.drafts = SqlDrafts(transaction)
        self.plans = SqlPlans(transaction)
        self.storms = SqlStorms(transaction)
        self.rains = SqlRains(transaction)
        self.standby = SqlStandby(transaction)
        self.mailings = SqlMailings(transaction)
        self.meetings = SqlMeetings(transaction)
        self.accesses = SqlAccesses(transaction)
        self.traces = SqlTraces(transaction)
        self.outbox = SqlOutbox(transaction)
        self.inbox = SqlInboxWork(transaction, people, self._talks, self.media)

    @asynccontextmanager
    async def step(self) -> AsyncIterator[None]:
        with self._transaction.journal.step():
            yield

    def flush(self, statements: Statements) -> None:
        """In one order for everybody. The community's row is written last and holds the lock until the commit."""
        counters = self._transaction.counters
        if not self._transaction.journal.written:
            return
        if statements.dialect.optimistic:
            counters.check_current(statements, self._transaction.community)
        counters.next("version")
        for part in (self.tickets, self.people, self.roster, self.chats, self.media, self._questions):
            part.flush(statements)
        rare_ones = (self.accesses, self.traces, self.drafts, self.plans, self.storms, self.rains, self.meetings)
        for rare in (*rare_ones, self.standby, self.mailings):
            rare.flush(statements)
        for part_of_queue in (self.inbox, self._talks, self.look, self.corrections, self.hotline, self.outbox):
            part_of_queue.flush(statements)
        counters.write(statements, self._transaction.community)

    def keep(self) -> None:
        """After the commit: the next unit of work need not load it again."""
        for part in (self.tickets, self.people, self.roster, self.chats, self._questions, self._talks, self.traces):
            part.keep()
        self._transaction.memory.version = self._transaction.counters.version


class SqlStore:
    """Units of work of one process take turns; those of several processes meet at the community's row."""

    def __init__(self, connections: Connections, community: str, configured: Configured, moments: Moments) -> None:
        self._connections = connections
        self._community = community
        self._configured = configured
        self._moments = moments
        self.memory = Memory()
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def begin(self, now: datetime) -> AsyncIterator[SqlUnitOfWork]:
        async with self._turn:
            async with self._connections.session() as session:
                work = await self._open(session, now)
                yield work
                await session.commit(work.flush)
            work.keep()

    async def _open(self, session: Session, now: datetime) -> SqlUnitOfWork:
        journal, memory = Journal(), self.memory
        counters = await session.glance(lambda statements: lock_community(statements, self._community, journal))
        transaction = Transaction(
            session, self._community, self._configured, self._moments, memory, journal, counters, now
        )
        memory.tidy(now)
        work = SqlUnitOfWork(transaction)
        if memory.version is not None and memory.version != counters.version:
            memory.forget_all_but_tickets()
            await work.tickets.catch_up(memory.version)
        memory.version = counters.version
        return work
