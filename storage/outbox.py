"""Putting replies into the outbox, in the commit that changes the ticket."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import BigInteger, and_, bindparam, case, func, insert, select, tuple_, update

from domain.messages import Chat, Reply
from domain.vocabulary import ReplyKind
from storage.columns import literally, padded, storable
from storage.dialects import Dialect, Insert
from storage.moments import stored
from storage.reply_json import OUTDATED, QUEUED, SENT, UNKNOWN, reply_row
from storage.staging import Staged, StagedList
from storage.statements import Statements, Values
from storage.tables import outbox, queues
from storage.transaction import Transaction

_INSERT = insert(outbox)
_WITHDRAW = (
    update(outbox)
    .where(outbox.c.community == bindparam("of_community"), outbox.c.id == bindparam("of_id"))
    .where(literally(outbox.c.state, QUEUED))
    .values(state=OUTDATED, ended_at=bindparam("at"))
)
_KEY = (outbox.c.channel, outbox.c.chat, outbox.c.private, outbox.c.dedupe_key)
_USED = select(*_KEY).where(
    outbox.c.community == bindparam("of_community"), tuple_(*_KEY).in_(bindparam("keys", expanding=True))
)
DedupeKey = tuple[str, str, bool, str]


class SqlOutbox:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._replies: StagedList[tuple[Reply, datetime]] = StagedList(transaction.journal)
        self._withdrawn: StagedList[Values] = StagedList(transaction.journal)
        self._unsaid: Staged[int, datetime] = Staged(transaction.journal, {})
        """places in the replies of what was withdrawn before it was written, and when"""

    async def put(self, replies: Sequence[Reply], now: datetime) -> None:
        for reply in replies:
            self._replies.add((reply, now))

    async def sent(self, chats: Collection[Chat], since: datetime, until: datetime) -> Mapping[ReplyKind, int]:
        o = outbox.c
        where = tuple_(o.channel, o.chat, o.private).in_([(c.channel, c.id, c.private) for c in sorted(chats)])
        span = (literally(o.state, SENT), o.ended_at >= stored(since), o.ended_at < stored(until))
        ours = (o.community == self._transaction.community, *span, where)
        rows = await self._transaction.rows(
            select(o.kind, func.count().label("messages")).where(*ours).group_by(o.kind)
        )
        return {ReplyKind(row.kind): row.messages for row in rows}

    async def withdraw(self, dedupe_keys: Collection[str], now: datetime) -> Collection[Chat]:
        if not dedupe_keys:
            return ()
        o, keys = outbox.c, sorted({storable(key) for key in dedupe_keys})
        queued = (o.community == self._transaction.community, literally(o.state, QUEUED))
        query = select(o.id, o.channel, o.chat, o.private).where(*queued, o.dedupe_key.in_(padded(keys)))
        rows = await self._transaction.rows(query.order_by(o.id))
        for row in rows:
            self._withdrawn.add({"of_community": self._transaction.community, "of_id": row.id, "at": stored(now)})
        chats = {Chat(row.channel, row.chat, row.private) for row in rows}
        for index, (reply, _) in enumerate(self._replies):
            if reply.dedupe_key in dedupe_keys:
                self._unsaid.put(index, now)
                chats.add(reply.chat)
        return chats

    async def said(self, dedupe_keys: Collection[str]) -> Collection[Chat]:
        if not dedupe_keys:
            return ()
        o, keys = outbox.c, sorted({storable(key) for key in dedupe_keys})
        ours = (o.community == self._transaction.community, o.state.in_([SENT, UNKNOWN, QUEUED]))
        query = select(o.id, o.channel, o.chat, o.private).where(*ours, o.dedupe_key.in_(padded(keys)))
        gone = {withdrawn["of_id"] for withdrawn in self._withdrawn}
        rows = [row for row in await self._transaction.rows(query) if row.id not in gone]
        staged = {r.chat for index, (r, _) in enumerate(self._replies) if index not in self._unsaid.changed
                  and r.dedupe_key in dedupe_keys}  # fmt: skip
        return {Chat(row.channel, row.chat, row.private) for row in rows} | staged

    def flush(self, statements: Statements) -> None:
        """The rows first, then the chats' heads: whoever finishes a send meanwhile sees both or neither."""
        counters, community = self._transaction.counters, self._transaction.community
        fresh = self._fresh(statements)
        statements.run_many(_WITHDRAW, self._withdrawn)
        rows = [{"community": community, **reply_row(r, counters.next("last_outbox"), at)} for r, at in fresh]
        statements.run_many(_INSERT, rows)
        self._wake(statements, fresh)

    def _fresh(self, statements: Statements) -> list[tuple[Reply, datetime]]:
        """Without those whose key was used in their chat before. The lock keeps others from using it now."""
        said = [staged for index, staged in enumerate(self._replies) if index not in self._unsaid.changed]
        keyed = {key for reply, _ in said if (key := _key(reply))}
        if not keyed:
            return said
        used = {"of_community": self._transaction.community, "keys": padded(sorted(keyed))}
        seen: set[DedupeKey | None] = {(row[0], row[1], row[2], row[3]) for row in statements.rows(_USED, used)}
        fresh: list[tuple[Reply, datetime]] = []
        for reply, at in said:
            if _key(reply) not in seen:
                fresh.append((reply, at))
                seen |= {_key(reply)} - {None}
        return fresh

    def _wake(self, statements: Statements, replies: Sequence[tuple[Reply, datetime]]) -> None:
        """In the order of the keys, as everybody locks heads."""
        dues: dict[Chat, list[tuple[int, int]]] = {}
        for reply, at in replies:
            dues.setdefault(reply.chat, []).append((stored(reply.not_before or at), int(reply.priority)))
        heads = [self._head(chat, dues[chat]) for chat in sorted(dues)]
        statements.run_many(_waking(statements.dialect), heads)

    def _head(self, chat: Chat, dues: Sequence[tuple[int, int]]) -> Values:
        """Of a chat that had none: ready when its first row is due, as urgent as what is due then."""
        ready_at = min(due for due, _ in dues)
        return {
            "community": self._transaction.community,
            "channel": chat.channel,
            "chat": chat.id,
            "private": chat.private,
            "top_priority": min(
                priority for due, priority in dues if due <= max(ready_at, stored(self._transaction.now))
            ),
            "ready_at": ready_at,
            "blocked_until": 0,
            "lease_token": 0,
            "seen": 0,
            "fails": 0,
            "put_at": stored(self._transaction.now),
        }


@cache
def _waking(dialect: Dialect) -> Insert:
    """Pulls a wake-up forward, never shortens a lease, a back-off or the rate gap. A gap that is over holds nothing:
    a chat that was spoken to before must not come behind the others of a broadcast."""
    head = dialect.insert(queues)
    new, old = head.excluded, queues.c
    holds = and_(old.blocked_until > bindparam("put_at", type_=BigInteger), old.blocked_until > new.ready_at)
    wake = case((holds, old.blocked_until), else_=new.ready_at)
    urgent = case(
        (old.ready_at.is_(None), new.top_priority),
        (old.ready_at < new.ready_at, old.top_priority),
        (old.top_priority < new.top_priority, old.top_priority),
        else_=new.top_priority,
    )
    sooner = case((old.ready_at <= wake, old.ready_at), else_=wake)
    key = list(queues.primary_key)
    return head.on_conflict_do_update(index_elements=key, set_={"ready_at": sooner, "top_priority": urgent})


def _key(reply: Reply) -> DedupeKey | None:
    if reply.dedupe_key is None:
        return None
    chat = reply.chat
    return storable(chat.channel), storable(chat.id), chat.private, storable(reply.dedupe_key)
