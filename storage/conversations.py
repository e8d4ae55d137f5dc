"""The port Conversations: talks and questions under one name."""

from collections.abc import Collection, Sequence
from datetime import datetime

from domain.conversation import Said
from domain.messages import Chat, Person
from domain.records import PhotoWindow, Question
from domain.vocabulary import TicketNumber
from storage.questions import SqlQuestions
from storage.talks import SqlTalks


class SqlConversations:
    def __init__(self, talks: SqlTalks, questions: SqlQuestions) -> None:
        self._talks = talks
        self._questions = questions

    async def said(self, chat: Chat, since: datetime) -> Sequence[Said]:
        return await self._talks.said(chat, since)

    async def message(self, channel: str, external_id: str) -> Said | None:
        return await self._talks.message(channel, external_id)

    async def tickets_of(self, channel: str, external_id: str) -> tuple[TicketNumber, ...]:
        return await self._talks.tickets_of(channel, external_id)

    async def assign(self, channel: str, external_ids: Collection[str], ticket: TicketNumber) -> None:
        await self._talks.assign(channel, external_ids, ticket)

    async def recall(self, channel: str, external_id: str) -> None:
        await self._talks.recall(channel, external_id)

    async def question(self, chat: Chat, person: Person, now: datetime) -> Question | None:
        return await self._questions.question(chat, person, now)

    async def ask(self, question: Question) -> None:
        await self._questions.ask(question)

    async def answered(self, chat: Chat, person: Person) -> None:
        await self._questions.answered(chat, person)

    async def photo_window(self, chat: Chat, person: Person, now: datetime) -> PhotoWindow | None:
        return await self._questions.photo_window(chat, person, now)

    async def expect_photos(self, window: PhotoWindow) -> None:
        await self._questions.expect_photos(window)
