"""The chats that the bot is in, inside a unit of work. There are few: they are loaded all at once."""

from collections.abc import Sequence

from sqlalchemy import select

from domain.messages import Chat
from domain.records import ChatRecord
from domain.roster import Group
from domain.vocabulary import GroupRole
from storage.moments import stored
from storage.staging import Staged
from storage.statements import Record, Statements
from storage.tables import chats
from storage.transaction import Transaction


class SqlChats:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._staged: Staged[Chat, ChatRecord] | None = None

    async def get(self, chat: Chat) -> ChatRecord:
        return (await self._all()).get(chat) or self._transaction.configured.chat(chat)

    async def save(self, record: ChatRecord) -> None:
        (await self._all()).put(record.chat, record)

    async def bound(self) -> Sequence[ChatRecord]:
        known = await self._all()
        configured = self._transaction.configured
        of_config = [known.get(chat) or configured.chat(chat) for chat in configured.groups]
        others = (r for r in known.values() if r.group is not None and r.chat not in configured.groups)
        return [*of_config, *sorted(others, key=lambda record: record.chat)]

    def flush(self, statements: Statements) -> None:
        if self._staged is not None:
            rows = [self._row(record) for record in self._staged.changed.values()]
            statements.run_many(statements.dialect.replaced(chats), rows)

    def keep(self) -> None:
        if self._staged is not None:
            self._staged.keep()

    async def _all(self) -> Staged[Chat, ChatRecord]:
        memory = self._transaction.memory
        if memory.all_chats is None:
            query = select(chats).where(chats.c.community == self._transaction.community)
            rows = await self._transaction.rows(query.order_by(chats.c.channel, chats.c.chat))
            memory.all_chats = {record.chat: record for record in map(self._record, rows)}
        if self._staged is None:
            self._staged = Staged(self._transaction.journal, memory.all_chats)
        return self._staged

    def _record(self, row: Record) -> ChatRecord:
        chat = Chat(row.channel, row.chat, row.private)
        group = self._transaction.configured.groups.get(chat) or _group(row)
        muted = self._transaction.moments.maybe(row.muted_until)
        return ChatRecord(chat, group, row.asked_to_bind, row.notice_posted, muted, row.told_of)

    def _row(self, record: ChatRecord) -> dict[str, object]:
        """A group that the configuration gives is not written down: there it may change."""
        chat = record.chat
        group = None if record.group == self._transaction.configured.groups.get(chat) else record.group
        return {
            "community": self._transaction.community,
            "channel": chat.channel,
            "chat": chat.id,
            "private": chat.private,
            "group_name": group.name if group else None,
            "group_building": group.building if group else None,
            "group_role": group.role.value if group else None,
            "asked_to_bind": record.asked_to_bind,
            "notice_posted": record.notice_posted,
            "muted_until": stored(record.muted_until),
            "told_of": record.told_of,
        }


def _group(row: Record) -> Group | None:
    if row.group_role is None:
        return None
    return Group(row.channel, row.chat, row.group_name, row.group_building, GroupRole(row.group_role))
