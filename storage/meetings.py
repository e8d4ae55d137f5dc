"""Meetings, inside a unit of work."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.meetings import Guest, Meeting
from domain.messages import Chat, Person
from domain.vocabulary import StaffId
from storage.meeting_tables import meetings
from storage.moments import Moments, stored
from storage.shelf import Shelf
from storage.statements import Record, Statements
from storage.transaction import Transaction


class SqlMeetings:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._shelf: Shelf[Meeting] = Shelf(
            transaction, meetings, _row, lambda row: _meeting(row, transaction.moments)
        )  # fmt: skip

    async def put(self, meeting: Meeting) -> Meeting:
        meeting = replace(meeting, number=meeting.number or self._transaction.counters.next("last_meeting"))
        self._shelf.put(meeting.number, meeting)
        return meeting

    async def since(self, at: datetime) -> Sequence[Meeting]:
        found = await self._shelf.which(meetings.c.at > stored(at), lambda meeting: meeting.at > at)
        return sorted(found, key=lambda meeting: (meeting.at, meeting.number))

    async def due(self, now: datetime) -> Sequence[Meeting]:
        def is_due(meeting: Meeting) -> bool:
            return meeting.due_at is not None and meeting.due_at <= now

        c = meetings.c
        return await self._shelf.which(c.due_at.is_not(None) & (c.due_at <= stored(now)), is_due)

    def flush(self, statements: Statements) -> None:
        self._shelf.flush(statements)


def _row(meeting: Meeting) -> dict[str, object]:
    return {
        "at": stored(meeting.at),
        "place": meeting.place,
        "topic": meeting.topic,
        "chats": [_chat_row(chat) for chat in meeting.chats],
        "by_staff": meeting.by,
        "told_at": stored(meeting.told_at),
        "due_at": stored(meeting.due_at),
        "guests": [[g.person.channel, g.person.id, g.name, *_chat_row(g.chat)] for g in meeting.guests],
        "minutes": list(meeting.minutes),
        "called_off_at": stored(meeting.called_off_at),
    }


def _chat_row(chat: Chat) -> list[str | bool]:
    return [chat.channel, chat.id, chat.private]


def _meeting(row: Record, moments: Moments) -> Meeting:
    guests = [Guest(Person(channel, id), name, Chat(*chat)) for channel, id, name, *chat in row.guests]
    return Meeting(
        moments.at(row.at), row.place, row.topic, tuple(Chat(*chat) for chat in row.chats), StaffId(row.by_staff),
        moments.at(row.told_at), moments.maybe(row.due_at), tuple(guests), tuple(row.minutes),
        moments.maybe(row.called_off_at), row.number,
    )  # fmt: skip
