"""What was sent to many groups at once, and what became of it in the outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, tuple_

from domain.mailings import Fate, Mailing, Post, Sort
from domain.messages import Chat
from storage.columns import padded, storable
from storage.moments import Moments, stored
from storage.reply_json import DEAD, EXPIRED, OUTDATED, QUEUED, SENT, UNKNOWN, outbox_row_of
from storage.shelf import Shelf
from storage.statements import Record, Statements
from storage.storm_tables import mailings
from storage.tables import outbox
from storage.transaction import Transaction

AT_ONCE = 1024
"""Chats of one query: SQLite takes no more than some ten thousand values."""
_FATES: Mapping[str, Fate] = {
    SENT: Fate.SENT,
    QUEUED: Fate.WAITING,
    UNKNOWN: Fate.UNSURE,
    DEAD: Fate.FAILED,
    EXPIRED: Fate.DROPPED,
    OUTDATED: Fate.DROPPED,
}


class SqlMailings:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        moments = transaction.moments
        self._shelf: Shelf[Mailing] = Shelf(transaction, mailings, _row, lambda row: _mailing(row, moments))

    async def put(self, mailing: Mailing) -> Mailing:
        mailing = replace(mailing, number=mailing.number or self._transaction.counters.next("last_storm"))
        self._shelf.put(mailing.number, mailing)
        return mailing

    async def due(self, now: datetime) -> Sequence[Mailing]:
        def is_due(mailing: Mailing) -> bool:
            return mailing.due_at is not None and mailing.due_at <= now

        c = mailings.c
        return await self._shelf.which(c.due_at.is_not(None) & (c.due_at <= stored(now)), is_due)

    async def since(self, at: datetime) -> Sequence[Mailing]:
        return await self._shelf.which(mailings.c.made_at > stored(at), lambda mailing: mailing.made_at > at)

    async def posts(self, mailing: Mailing) -> Sequence[Post]:
        """By the index of the keys, chat by chat: the outbox may be long."""
        keys, o = [storable(key) for key in mailing.keys], outbox.c
        found: list[Post] = []
        for start in range(0, len(mailing.chats), AT_ONCE):
            theirs = [(c.channel, c.id, c.private, key) for c in mailing.chats[start : start + AT_ONCE] for key in keys]
            which = tuple_(o.channel, o.chat, o.private, o.dedupe_key).in_(padded(theirs))
            query = select(outbox).where(o.community == self._transaction.community, which).order_by(o.id)
            rows = await self._transaction.rows(query)
            found += [Post(outbox_row_of(row, self._transaction.moments).reply, _FATES[row.state]) for row in rows]
        return found

    def flush(self, statements: Statements) -> None:
        self._shelf.flush(statements)


def _row(mailing: Mailing) -> dict[str, object]:
    return {
        "sort": mailing.sort.value, "title": mailing.title, "keys": list(mailing.keys),
        "chats": [[chat.channel, chat.id, chat.private] for chat in mailing.chats],
        "made_at": stored(mailing.made_at), "due_at": stored(mailing.due_at), "told": mailing.told,
    }  # fmt: skip


def _mailing(row: Record, moments: Moments) -> Mailing:
    return Mailing(
        Sort(row.sort), row.title, tuple(row.keys), tuple(Chat(*chat) for chat in row.chats), moments.at(row.made_at),
        moments.maybe(row.due_at), row.told, row.number,
    )  # fmt: skip
