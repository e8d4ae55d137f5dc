"""The staff's please-look list."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, insert, select, update

from domain.messages import Chat, Person
from domain.records import InboxRow, LookItem
from domain.vocabulary import StaffId
from storage.moments import Moments, stored
from storage.staging import Staged, StagedList
from storage.statements import Query, Record, Statements, Values
from storage.tables import inbox, looks
from storage.transaction import Transaction

_INSERT = insert(looks)
_DECIDE = (
    update(looks)
    .where(looks.c.community == bindparam("of_community"), looks.c.id == bindparam("of_id"))
    .values(decided_at=bindparam("at"), decision=bindparam("how"), decided_by=bindparam("by"))
)


def items_of(community: str, *which: ColumnElement[bool]) -> Query:
    """By id. The words are the message's own, so that they are erased in one place."""
    row_of = and_(inbox.c.community == looks.c.community, inbox.c.id == looks.c.inbox)
    i, columns = inbox.c, (looks.c.id, looks.c.reason, looks.c.decided_at)
    items = select(*columns, i.channel, i.external_id, i.chat, i.private, i.sender, i.sender_name, i.text, i.at)
    of_us = items.join_from(looks, inbox, row_of).where(looks.c.community == community, *which)
    return of_us.order_by(looks.c.id)


class SqlLookList:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._items: Staged[int, LookItem] = Staged(transaction.journal, {})
        self._added: StagedList[Values] = StagedList(transaction.journal)
        self._decided: StagedList[Values] = StagedList(transaction.journal)

    async def add(self, row: InboxRow, reason: str) -> None:
        message, id = row.incoming, self._transaction.counters.next("last_look")
        self._items.put(id, LookItem(
            id, message.external_id, message.chat, message.sender, message.sender_name, message.text, reason, message.at
        ))  # fmt: skip
        self._added.add({"community": self._transaction.community, "id": id, "inbox": row.id, "reason": reason})

    async def undecided(self) -> Sequence[LookItem]:
        items = {item.id: item for item in await self._load(looks.c.decided_at.is_(None))}
        items.update(self._items.changed)
        return [item for _, item in sorted(items.items()) if item.decided_at is None]

    async def decide(self, id: int, decision: str, by: StaffId, now: datetime) -> LookItem | None:
        """None: unknown, or decided already."""
        item = self._items.get(id) or next(iter(await self._load(looks.c.id == id)), None)
        if item is None or item.decided_at is not None:
            return None
        item = replace(item, decided_at=now)
        self._items.put(id, item)
        key = {"of_community": self._transaction.community, "of_id": id}
        self._decided.add({**key, "at": stored(now), "how": decision, "by": by})
        return item

    def flush(self, statements: Statements) -> None:
        statements.run_many(_INSERT, self._added)
        statements.run_many(_DECIDE, self._decided)

    async def _load(self, which: ColumnElement[bool]) -> list[LookItem]:
        rows = await self._transaction.rows(items_of(self._transaction.community, which))
        return [item_of(row, self._transaction.moments) for row in rows]


def item_of(row: Record, moments: Moments) -> LookItem:
    chat, sender = Chat(row.channel, row.chat, row.private), Person(row.channel, row.sender)
    decided = moments.maybe(row.decided_at)
    return LookItem(
        row.id, row.external_id, chat, sender, row.sender_name, row.text, row.reason, moments.at(row.at), decided
    )
