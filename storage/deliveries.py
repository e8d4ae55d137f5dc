"""The outbox as the sender sees it. Each chat has one head: who holds it holds the chat."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, func, or_, select, update

from domain.messages import Chat
from domain.records import Claim, Delivered, OutboxRow, SentPost
from domain.vocabulary import Priority
from storage.connections import Connections
from storage.delivery_ends import Acknowledged, record_ends
from storage.heads import Settled, of_chat, settle
from storage.memory import Memory
from storage.moments import Moments, stored
from storage.reply_json import EXPIRED, QUEUED, SENT, outbox_row_of
from storage.statements import Record, Statements, Values
from storage.tables import outbox, queues

MOST_ROWS = 40
"""Rows of one claim that may be held, and as many that may not: what is held never crowds out an answer."""
MOST_POSTS = 50
"""What pacing looks back at: no group can bear so many messages in ten minutes."""
LOOKED_BACK = timedelta(minutes=10)
_LEASE = (
    update(queues)
    .where(
        queues.c.community == bindparam("of_community"),
        queues.c.channel == bindparam("of_channel"),
        queues.c.chat == bindparam("of_chat"),
        queues.c.private == bindparam("of_private"),
    )
    .values(
        lease_token=bindparam("token"),
        ready_at=bindparam("until"),
        blocked_until=bindparam("until"),
        seen=bindparam("newest"),
    )
)


class SqlDeliveries:
    def __init__(self, connections: Connections, community: str, moments: Moments, memory: Memory) -> None:
        self._connections = connections
        self._community = community
        self._moments = moments
        self._memory = memory

    async def claim(self, channel: str, now: datetime, lease: timedelta, limit: int) -> Sequence[Claim]:
        return await self._connections.write(lambda statements: self._claim(statements, (channel, limit), now, lease))

    async def finish(self, ends: Sequence[Delivered], now: datetime) -> None:
        if not ends:
            return
        self._remember(
            await self._connections.write(lambda statements: record_ends(statements, self._community, ends, now))
        )

    async def next_due(self, channel: str) -> datetime | None:
        q = queues.c
        first = select(func.min(q.ready_at)).where(q.community == self._community, q.channel == channel)
        return self._moments.maybe(await self._connections.read(lambda statements: statements.number(first)))

    async def sweep(self, now: datetime) -> int:
        q, o = queues.c, outbox.c
        same = (o.community == q.community, o.channel == q.channel, o.chat == q.chat, o.private == q.private)
        stranded = select(queues).where(
            q.community == self._community, q.ready_at.is_(None), exists().where(*same, o.state == QUEUED)
        )

        def wake(statements: Statements) -> int:
            rows = statements.rows(stranded.with_for_update(skip_locked=True))
            settle(statements, self._community, [_idle(_chat(row), row, now) for row in rows])
            return len(rows)

        return await self._connections.write(wake)

    async def recover(self, channel: str, now: datetime) -> int:
        q = queues.c
        held = select(queues).where(q.community == self._community, q.channel == channel, q.blocked_until > stored(now))

        def free(statements: Statements) -> int:
            rows = statements.rows(held.order_by(q.chat, q.private).with_for_update())
            statements.run_many(_LEASE, [_freed(row, stored(now)) for row in rows])
            return len(rows)

        return await self._connections.write(free)

    def _claim(
        self, statements: Statements, which: tuple[str, int], now: datetime, lease: timedelta
    ) -> Sequence[Claim]:
        heads = self._lock_ready(statements, which, now)
        if not heads:
            return []
        self._drop_expired(statements, list(heads), now)
        rows = self._due_rows(statements, list(heads), now)
        recent = self._recent(statements, list(heads), now)
        claims = [
            Claim(chat, head.lease_token + 1, tuple(rows[chat]), tuple(recent.get(chat, ())), head.fails)
            for chat, head in heads.items()
            if chat in rows
        ]
        self._lease(statements, claims, now + lease)
        settle(statements, self._community, [_idle(c, h, now) for c, h in heads.items() if c not in rows])
        return claims

    def _lock_ready(self, statements: Statements, which: tuple[str, int], now: datetime) -> dict[Chat, Record]:
        """Those that another sender is just claiming are left to it."""
        channel, limit = which
        q = queues.c
        ready = select(queues).where(q.community == self._community, q.channel == channel, q.ready_at <= stored(now))
        first = ready.order_by(q.top_priority, q.ready_at, q.chat, q.private).limit(limit)
        return {_chat(row): row for row in statements.rows(first.with_for_update(skip_locked=True))}

    def _drop_expired(self, statements: Statements, chats: Collection[Chat], now: datetime) -> None:
        o, at = outbox.c, stored(now)
        gone = (o.community == self._community, of_chat(outbox, chats), o.state == QUEUED, o.expires_at <= at)
        statements.run(update(outbox).where(*gone).values(state=EXPIRED, ended_at=at))

    def _due_rows(self, statements: Statements, chats: Collection[Chat], now: datetime) -> dict[Chat, list[OutboxRow]]:
        o = outbox.c
        queue = (o.chat, o.private, or_(o.own_accord, o.may_wait))
        place = func.row_number().over(partition_by=queue, order_by=(o.priority, o.id)).label("place")
        due = (o.community == self._community, of_chat(outbox, chats), o.state == QUEUED, o.due <= stored(now))
        ranked = select(outbox, place).where(*due).subquery()
        wanted = select(ranked).where(ranked.c.place <= MOST_ROWS).order_by(ranked.c.priority, ranked.c.id)
        rows: dict[Chat, list[OutboxRow]] = {}
        for row in statements.rows(wanted):
            rows.setdefault(_chat(row), []).append(outbox_row_of(row, self._moments))
        return rows

    def _recent(self, statements: Statements, chats: Collection[Chat], now: datetime) -> dict[Chat, list[SentPost]]:
        """One post for each message that went out, however many rows it carried; the last ones of each chat."""
        o = outbox.c
        since = stored(now - LOOKED_BACK)
        sent = (o.community == self._community, of_chat(outbox, chats), o.state == SENT, o.ended_at > since)
        post = (o.channel, o.chat, o.private, o.ended_at, o.own_accord, o.merge)
        newest = func.row_number().over(partition_by=(o.chat, o.private), order_by=o.ended_at.desc()).label("place")
        posts = select(*post, func.min(o.id).label("id"), func.min(o.priority).label("priority"), newest)
        ranked = posts.where(*sent).group_by(*post).subquery()
        wanted = select(ranked).where(ranked.c.place <= MOST_POSTS).order_by(ranked.c.ended_at, ranked.c.id)
        recent: dict[Chat, list[SentPost]] = {}
        for row in statements.rows(wanted):
            emergency = row.priority == Priority.EMERGENCY
            said = SentPost(self._moments.at(row.ended_at), row.id, row.own_accord, row.merge, emergency)
            recent.setdefault(_chat(row), []).append(said)
        return recent

    def _lease(self, statements: Statements, claims: Sequence[Claim], until: datetime) -> None:
        """Notes how far each chat was seen: what is put from now on must wake it whatever the claim ends with."""
        if not claims:
            return
        o = outbox.c
        queued = (o.community == self._community, of_chat(outbox, [c.chat for c in claims]), o.state == QUEUED)
        newest = select(o.channel, o.chat, o.private, func.max(o.id).label("id")).where(*queued)
        rows = statements.rows(newest.group_by(o.channel, o.chat, o.private))
        seen = {_chat(row): row.id for row in rows}
        statements.run_many(_LEASE, [
            {
                "of_community": self._community,
                "of_channel": claim.chat.channel,
                "of_chat": claim.chat.id,
                "of_private": claim.chat.private,
                "token": claim.token,
                "until": stored(until),
                "newest": seen[claim.chat],
            }
            for claim in claims
        ])  # fmt: skip

    def _remember(self, acknowledged: Acknowledged) -> None:
        """Where our own unit of work has not seen a newer version meanwhile; else it loads the tickets itself."""
        if acknowledged.tickets and self._memory.version == acknowledged.version_before:
            for ticket in acknowledged.in_tickets(self._memory.tickets.tickets):
                self._memory.tickets.learn(ticket)
            self._memory.version = acknowledged.version


def _chat(row: Record) -> Chat:
    return Chat(row.channel, row.chat, row.private)


def _freed(head: Record, now: int) -> Values:
    """Ready at once; whoever held it before changes nothing any more."""
    key = {"of_community": head.community, "of_channel": head.channel, "of_chat": head.chat, "of_private": head.private}
    return {**key, "token": head.lease_token + 1, "until": now, "newest": head.seen}


def _idle(chat: Chat, head: Record, now: datetime) -> Settled:
    """Nothing is due: it wakes when the next row falls due, or not at all."""
    at = max(stored(now), head.blocked_until)
    return Settled(
        chat, head.lease_token, head.blocked_until, at, at, held_only=False, fails=head.fails, last_sent_at=None
    )
