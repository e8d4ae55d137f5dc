"""The bot's open questions and photo windows inside a unit of work. Few are open: they are loaded all at once."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select

from domain.messages import Chat, Person
from domain.records import PhotoWindow, Question
from domain.vocabulary import TicketNumber
from storage.memory import InChat
from storage.moments import stored
from storage.staging import Staged
from storage.statements import Statements, Values
from storage.tables import photo_windows, questions
from storage.transaction import Transaction

_ANSWERED = delete(questions).where(*(c == bindparam(f"of_{c.name}") for c in questions.primary_key))


class SqlQuestions:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._questions: Staged[InChat, Question | None] | None = None
        self._windows: Staged[InChat, PhotoWindow] | None = None

    async def question(self, chat: Chat, person: Person, now: datetime) -> Question | None:
        found = (await self._all_questions()).get((chat, person))
        return found if found is not None and found.expires_at > now else None

    async def ask(self, question: Question) -> None:
        (await self._all_questions()).put((question.chat, question.person), question)

    async def answered(self, chat: Chat, person: Person) -> None:
        known = await self._all_questions()
        if known.get((chat, person)) is not None:
            known.put((chat, person), None)

    async def photo_window(self, chat: Chat, person: Person, now: datetime) -> PhotoWindow | None:
        found = (await self._all_windows()).get((chat, person))
        return found if found is not None and found.until > now else None

    async def expect_photos(self, window: PhotoWindow) -> None:
        (await self._all_windows()).put((window.chat, window.person), window)

    def flush(self, statements: Statements) -> None:
        if self._questions is not None:
            changed = self._questions.changed
            statements.run_many(statements.dialect.replaced(questions), [self._row(q) for q in changed.values() if q])
            gone = [self._key(key) for key, question in changed.items() if question is None]
            statements.run_many(_ANSWERED, [{f"of_{name}": value for name, value in key.items()} for key in gone])
        if self._windows is not None:
            rows = [self._window_row(window) for window in self._windows.changed.values()]
            statements.run_many(statements.dialect.replaced(photo_windows), rows)

    def keep(self) -> None:
        for staged in (self._questions, self._windows):
            if staged is not None:
                staged.keep()

    async def _all_questions(self) -> Staged[InChat, Question | None]:
        memory, transaction = self._transaction.memory, self._transaction
        if memory.all_questions is None:
            q, at = questions.c, transaction.moments.at
            still_open = q.community == transaction.community, q.expires_at > stored(transaction.now)
            memory.all_questions = {}
            for row in await transaction.rows(select(questions).where(*still_open)):
                chat, person = Chat(row.channel, row.chat, row.private), Person(row.channel, row.person)
                memory.all_questions[chat, person] = Question(
                    chat, person, row.asks, row.ticket, at(row.asked_at), at(row.expires_at)
                )
        if self._questions is None:
            self._questions = Staged(transaction.journal, memory.all_questions)
        return self._questions

    async def _all_windows(self) -> Staged[InChat, PhotoWindow]:
        memory, transaction = self._transaction.memory, self._transaction
        if memory.all_windows is None:
            w, at = photo_windows.c, transaction.moments.at
            still_open = w.community == transaction.community, w.until > stored(transaction.now)
            memory.all_windows = {}
            for row in await transaction.rows(select(photo_windows).where(*still_open)):
                chat, person = Chat(row.channel, row.chat, row.private), Person(row.channel, row.person)
                tickets = tuple(TicketNumber(number) for number in row.tickets)
                memory.all_windows[chat, person] = PhotoWindow(chat, person, tickets, row.purpose, at(row.until))
        if self._windows is None:
            self._windows = Staged(transaction.journal, memory.all_windows)
        return self._windows

    def _key(self, key: InChat) -> Values:
        chat, person = key
        in_chat = {"channel": chat.channel, "chat": chat.id, "private": chat.private, "person": person.id}
        return {"community": self._transaction.community, **in_chat}

    def _row(self, question: Question) -> Values:
        return {
            **self._key((question.chat, question.person)),
            "asks": question.asks,
            "ticket": question.ticket,
            "asked_at": stored(question.asked_at),
            "expires_at": stored(question.expires_at),
        }

    def _window_row(self, window: PhotoWindow) -> Values:
        return {
            **self._key((window.chat, window.person)),
            "tickets": list(window.tickets),
            "purpose": window.purpose,
            "until": stored(window.until),
        }
