"""Photos, videos, voices and files inside a unit of work."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select

from domain.messages import Chat, Person
from domain.records import MediaRecord, MediaState
from domain.vocabulary import MediaId, MessageKind, TicketNumber
from storage.columns import literally, padded
from storage.moments import stored
from storage.staging import Staged
from storage.statements import Record, Statements, Values
from storage.tables import media
from storage.talk_memory import MessageKey
from storage.transaction import Transaction

_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=5)


class SqlMedia:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._loaded: dict[MediaId, MediaRecord] = {}
        self._staged = Staged(transaction.journal, self._loaded)
        self._complete: set[MessageKey] = set()

    async def add(self, record: MediaRecord) -> None:
        self._staged.put(record.id, record)

    async def save(self, record: MediaRecord) -> None:
        self._staged.put(record.id, record)

    async def get(self, ids: Collection[MediaId]) -> Sequence[MediaRecord]:
        """In the order of ``ids``; unknown ones are left out."""
        missing = [id for id in ids if id not in self._staged]
        if missing:
            await self._load(media.c.id.in_(padded(missing)))
        return [record for id in ids if (record := self._staged.get(id)) is not None]

    async def of_messages(self, channel: str, external_ids: Collection[str]) -> Sequence[MediaRecord]:
        missing = [id for id in external_ids if (channel, id) not in self._complete]
        if missing:
            await self._load((media.c.channel == channel) & media.c.message.in_(padded(missing)))
            self._complete.update((channel, id) for id in missing)
        wanted = set(external_ids)
        return _in_order(r for r in self._staged.values() if r.message in wanted and r.chat.channel == channel)

    async def of_ticket(self, number: TicketNumber) -> Sequence[MediaRecord]:
        await self._load(media.c.ticket == number)
        return _in_order(record for record in self._staged.values() if record.ticket == number)

    async def waiting(self, now: datetime, limit: int) -> Sequence[MediaRecord]:
        """Those whose next try is due, the longest due first."""
        c = media.c
        due = (
            c.community == self._transaction.community,
            literally(c.state, MediaState.WAITING.value),
            or_(c.next_at <= stored(now), c.next_at > stored(now + 2 * _LONGEST_WAIT)),  # a clock was set back
        )
        query = select(media).where(*due).order_by(c.next_at, c.id).limit(limit)
        rows = await self._transaction.rows(query)
        records = (self._staged.get(MediaId(row.id)) or self._learn(row) for row in rows)
        return [record for record in records if record.state is MediaState.WAITING]

    def expect_none(self, keys: Collection[MessageKey]) -> None:
        """Messages that nobody has handled yet: they have no records in the database."""
        self._complete.update(keys)

    def flush(self, statements: Statements) -> None:
        rows = [self._row(record) for record in self._staged.changed.values()]
        statements.run_many(statements.dialect.replaced(media), rows)

    async def _load(self, which: ColumnElement[bool]) -> None:
        query = select(media).where(media.c.community == self._transaction.community, which).order_by(media.c.id)
        for row in await self._transaction.rows(query):
            self._learn(row)

    def _learn(self, row: Record) -> MediaRecord:
        record = MediaRecord(
            MediaId(row.id), Chat(row.channel, row.chat, row.private), Person(row.channel, row.sender), row.message,
            row.handle, MessageKind(row.kind), self._transaction.moments.at(row.at), MediaState(row.state), row.name,
            row.mime, row.digest, row.size, row.ticket, row.by_staff, row.attempts, row.error,
        )  # fmt: skip
        self._loaded[record.id] = record
        return record

    def _row(self, record: MediaRecord) -> Values:
        wait = min(_FIRST_WAIT * 2 ** min(record.attempts, 10), _LONGEST_WAIT) if record.attempts else timedelta()
        return {
            "community": self._transaction.community,
            "id": record.id,
            "channel": record.chat.channel,
            "chat": record.chat.id,
            "private": record.chat.private,
            "sender": record.sender.id,
            "message": record.message,
            "handle": record.handle,
            "kind": record.kind.value,
            "at": stored(record.at),
            "state": record.state.value,
            "name": record.name,
            "mime": record.mime,
            "digest": record.digest,
            "size": record.size,
            "ticket": record.ticket,
            "by_staff": record.by_staff,
            "attempts": record.attempts,
            "error": record.error,
            "next_at": stored(self._transaction.now + wait),
        }


def _in_order(records: Iterable[MediaRecord]) -> list[MediaRecord]:
    return sorted(records, key=lambda record: (record.at, record.message, record.id))
