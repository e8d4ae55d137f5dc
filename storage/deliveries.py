"""The outbox as the sender sees it. Each chat has one head: who holds it holds the chat."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, exists, func, or_, select, update

from domain.messages import Chat
from domain.pace import BURST_WINDOW, MOST_IN_ONE
from domain.records import Backlog, Claim, Delivered, OutboxRow, SentPost
from domain.roster import Community
from domain.vocabulary import Priority
from storage.columns import literally
from storage.connections import Connections
from storage.delivery_ends import Acknowledged, acknowledges, record_ends
from storage.heads import Settled, chat_keys, of_these_chats, settle
from storage.memory import Memory
from storage.moments import Moments, stored
from storage.reply_json import DEAD, EXPIRED, QUEUED, SENT, UNKNOWN, outbox_row_of
from storage.statements import Record, Statements, Values
from storage.tables import communities, outbox, queues

MOST_ROWS = 40
"""Rows of one claim that may be held, and as many that may not: what is held never crowds out an answer."""
MOST_IN_A_BURST = 20
"""Messages of a chat in a minute: no network bears more, so that pacing need not look at more."""
_OF_CHANNEL = (queues.c.community == bindparam("of_community"), queues.c.channel == bindparam("of_channel"))
_FIRST = select(func.min(queues.c.ready_at)).where(*_OF_CHANNEL)
_READY = (
    select(queues)
    .where(*_OF_CHANNEL, queues.c.ready_at <= bindparam("at"))
    .order_by(queues.c.top_priority, queues.c.ready_at, queues.c.chat, queues.c.private)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_NEWEST = select(communities.c.last_outbox).where(communities.c.community == bindparam("of_community"))
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
_RENEW = (
    update(queues)
    .where(
        queues.c.community == bindparam("of_community"),
        queues.c.channel == bindparam("of_channel"),
        queues.c.chat == bindparam("of_chat"),
        queues.c.private == bindparam("of_private"),
        queues.c.lease_token == bindparam("of_token"),
    )
    .values(ready_at=bindparam("until"), blocked_until=bindparam("until"))
)

_OF_CHAT = (
    outbox.c.community == bindparam("of_community"),
    outbox.c.channel == bindparam("of_channel"),
    outbox.c.chat == bindparam("of_chat"),
    outbox.c.private == bindparam("of_private"),
)
_EXPIRE = (
    update(outbox)
    .where(outbox.c.community == bindparam("of_community"), of_these_chats(outbox), literally(outbox.c.state, QUEUED))
    .where(outbox.c.expires_at <= bindparam("at"))
    .values(state=EXPIRED, ended_at=bindparam("at"))
)
_DUE = (
    select(outbox)
    .where(*_OF_CHAT, literally(outbox.c.state, QUEUED), outbox.c.due <= bindparam("at"))
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(MOST_ROWS)
)
_DUE_AT_ONCE = _DUE.where(~or_(outbox.c.own_accord, outbox.c.may_wait))
_RECENT = (
    select(outbox.c.ended_at, outbox.c.id, outbox.c.own_accord, outbox.c.merge, outbox.c.priority)
    .where(
        *_OF_CHAT,
        literally(outbox.c.state, SENT),
        outbox.c.ended_at > bindparam("at"),
        or_(outbox.c.own_accord, outbox.c.ended_at > bindparam("burst_at")),
    )
    .order_by(outbox.c.ended_at.desc(), outbox.c.id)
    .limit(bindparam("most", type_=Integer))
)


class SqlDeliveries:
    def __init__(self, connections: Connections, community: Community, moments: Moments, memory: Memory) -> None:
        self._connections = connections
        self._community = community.id
        self._looked_back = max(community.budget.per, BURST_WINDOW)
        self._most_sent = (community.budget.posts + MOST_IN_A_BURST) * MOST_IN_ONE
        self._moments = moments
        self._memory = memory

    async def claim(self, channel: str, now: datetime, lease: timedelta, limit: int) -> Sequence[Claim]:
        return await self._connections.write(lambda statements: self._claim(statements, (channel, limit), now, lease))

    async def renew(self, claims: Sequence[Claim], until: datetime) -> None:
        rows = [
            {**_key(self._community, claim.chat), "of_token": claim.token, "until": stored(until)}
            for claim in sorted(claims, key=lambda claim: claim.chat)
        ]
        await self._connections.write(lambda statements: statements.run_many(_RENEW, rows))

    async def finish(self, ends: Sequence[Delivered], now: datetime) -> None:
        if not ends:
            return
        write = self._connections.write_alone if acknowledges(ends) else self._connections.write
        self._remember(await write(lambda statements: record_ends(statements, self._community, ends, now)))

    async def next_due(self, channel: str) -> datetime | None:
        which = {"of_community": self._community, "of_channel": channel}
        due = await self._connections.read(lambda statements: statements.number(_FIRST, which))
        return self._moments.maybe(due)

    async def backlog(self) -> Sequence[Backlog]:
        return await self._connections.read(self._backlog)

    async def sweep(self, now: datetime) -> int:
        q, o = queues.c, outbox.c
        same = (o.community == q.community, o.channel == q.channel, o.chat == q.chat, o.private == q.private)
        stranded = select(queues).where(
            q.community == self._community, q.ready_at.is_(None), exists().where(*same, literally(o.state, QUEUED))
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

    async def set_back(self, channel: str, now: datetime, before: datetime) -> int:
        """Every chat is looked at once: what is for later is held again, by the new clock."""
        o, q, at = outbox.c, queues.c, stored(now)
        were_due = (o.due > at, o.due <= stored(before), literally(o.state, QUEUED))
        rows = update(outbox).where(o.community == self._community, o.channel == channel, *were_due).values(due=at)
        heads = update(queues).where(q.community == self._community, q.channel == channel, q.ready_at > at)

        def rewind(statements: Statements) -> int:
            statements.run(heads.values(ready_at=at))
            return statements.run(rows)

        return await self._connections.write(rewind)

    def _backlog(self, statements: Statements) -> Sequence[Backlog]:
        """State by state, since each has an index of its own."""
        o = outbox.c
        found: list[Backlog] = []
        for state in (QUEUED, DEAD, UNKNOWN):
            these = (o.community == self._community, literally(o.state, state))
            counted = select(o.channel, o.priority, func.count()).where(*these).group_by(o.channel, o.priority)
            found += [Backlog(row[0], state, Priority(row[1]), row[2]) for row in statements.rows(counted)]
        return sorted(found, key=lambda one: (one.channel, one.state, one.priority))

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
        values = {"of_community": self._community, "of_channel": channel, "at": stored(now), "most": limit}
        return {_chat(row): row for row in statements.rows(_READY, values)}

    def _drop_expired(self, statements: Statements, chats: Collection[Chat], now: datetime) -> None:
        values = {"of_community": self._community, "chats": chat_keys(chats), "at": stored(now)}
        statements.run(_EXPIRE, values)

    def _due_rows(self, statements: Statements, chats: Collection[Chat], now: datetime) -> dict[Chat, list[OutboxRow]]:
        """Chat by chat, since a backlog of thousands in one must not be sorted for each of its messages."""
        found = {chat: self._due_of(statements, self._in_chat(chat, stored(now))) for chat in chats}
        return {chat: [outbox_row_of(row, self._moments) for row in rows] for chat, rows in found.items() if rows}

    def _due_of(self, statements: Statements, chat: Values) -> list[Record]:
        """Where all that comes first may be held, what may not be held is looked at as well."""
        first = list(statements.rows(_DUE, chat))
        if len(first) < MOST_ROWS or not all(row.own_accord or row.may_wait for row in first):
            return first
        known = {row.id for row in first}
        rest = [row for row in statements.rows(_DUE_AT_ONCE, chat) if row.id not in known]
        return sorted([*first, *rest], key=lambda row: (row.priority, row.id))

    def _recent(self, statements: Statements, chats: Collection[Chat], now: datetime) -> dict[Chat, list[SentPost]]:
        return {chat: self._recent_of(statements, chat, now) for chat in chats}

    def _recent_of(self, statements: Statements, chat: Chat, now: datetime) -> list[SentPost]:
        """One post for each message that went out, however many rows it carried; the last ones of the chat."""
        posts: dict[tuple[object, ...], SentPost] = {}
        back = {"burst_at": stored(now - BURST_WINDOW), "most": self._most_sent}
        for row in statements.rows(_RECENT, {**self._in_chat(chat, stored(now - self._looked_back)), **back}):
            emergency = row.priority == Priority.EMERGENCY
            said = SentPost(self._moments.at(row.ended_at), row.id, row.own_accord, row.merge, emergency)
            posts.setdefault((row.ended_at, row.own_accord, row.merge), said)
        return sorted(posts.values(), key=lambda post: (post.at, post.row))

    def _in_chat(self, chat: Chat, at: int) -> Values:
        return {**_key(self._community, chat), "at": at}

    def _lease(self, statements: Statements, claims: Sequence[Claim], until: datetime) -> None:
        """Notes how far each chat was seen: what is put from now on, and so has a higher id, must wake it whatever the
        claim ends with."""
        if not claims:
            return
        seen = statements.number(_NEWEST, {"of_community": self._community}) or 0
        statements.run_many(_LEASE, [
            {
                "of_community": self._community,
                "of_channel": claim.chat.channel,
                "of_chat": claim.chat.id,
                "of_private": claim.chat.private,
                "token": claim.token,
                "until": stored(until),
                "newest": seen,
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


def _key(community: str, chat: Chat) -> Values:
    return {
        "of_community": community, "of_channel": chat.channel, "of_chat": chat.id, "of_private": chat.private
    }  # fmt: skip
