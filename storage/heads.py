"""The heads of the chats' queues: when somebody may look at a chat again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Table,
    Update,
    bindparam,
    case,
    exists,
    func,
    select,
    tuple_,
    update,
)

from domain.messages import Chat
from storage.columns import literally, padded
from storage.reply_json import QUEUED
from storage.statements import Statements, Values
from storage.tables import outbox, queues

_NO_ROW_SO_YOUNG = 2**62


@dataclass(frozen=True, slots=True)
class Settled:
    """Where a claim leaves its chat: nothing before ``blocked_until``; what waits there is looked at ``next_at``.

    held_only: the rows were looked at and held. Then what came in since (a row younger than the claim) or falls due
    later keeps its own time; otherwise ``next_at`` holds for all.
    """

    chat: Chat
    token: int
    blocked_until: int
    next_at: int
    now: int
    held_only: bool
    fails: int
    last_sent_at: int | None


def of_these_chats(table: Table) -> ColumnElement[bool]:
    """For a statement that is made once; ``chats`` is given with it."""
    c = table.c
    return tuple_(c.channel, c.chat, c.private).in_(bindparam("chats", expanding=True))


def chat_keys(chats: Collection[Chat]) -> list[tuple[str, str, bool]]:
    return padded([(chat.channel, chat.id, chat.private) for chat in chats])


_LATER = 2**62
"""After every time that is asked for."""


def _settling() -> Update:
    """Three looks at the queue that an index answers at once, however long it is: is there a row that waits with the
    head; the first that is younger than the claim; the first that falls due later."""
    q, o = queues.c, outbox.c
    next_at, edge, beyond, sent_at = (bindparam(n, type_=BigInteger) for n in ("next_at", "edge", "beyond", "sent_at"))
    of_chat = (o.community == q.community, o.channel == q.channel, o.chat == q.chat, o.private == q.private)
    queued = (*of_chat, literally(o.state, QUEUED))
    held = exists().where(*queued, o.due <= edge, o.id <= q.seen + beyond)
    fresh = select(func.min(o.due)).where(*queued, o.id > q.seen + beyond, o.due <= edge).scalar_subquery()
    younger = case((beyond < _NO_ROW_SO_YOUNG, fresh))  # not asked where no row can be
    later = select(func.min(o.due)).where(*queued, o.due > edge).scalar_subquery()
    times = [case((held, next_at), else_=_LATER), func.coalesce(younger, _LATER), func.coalesce(later, _LATER)]
    by_urgency = select(o.priority).where(*queued).order_by(o.priority, o.id).limit(1)
    due_then = by_urgency.where(o.due <= next_at).scalar_subquery()
    return (
        update(queues)
        .where(
            q.community == bindparam("of_community"),
            q.channel == bindparam("of_channel"),
            q.chat == bindparam("of_chat"),
            q.private == bindparam("of_private"),
            q.lease_token == bindparam("of_token"),
        )
        .values(
            ready_at=func.nullif(_least(times), _LATER),
            top_priority=func.coalesce(due_then, by_urgency.scalar_subquery(), 0),
            blocked_until=bindparam("blocked"),
            fails=bindparam("failed"),
            last_sent_at=func.coalesce(sent_at, q.last_sent_at),
        )
    )


def _least(times: Sequence[ColumnElement[int]]) -> ColumnElement[int]:
    """The databases have different names for it."""
    least = times[0]
    for time in times[1:]:
        least = case((time < least, time), else_=least)
    return least


_SETTLE = _settling()


def settle(statements: Statements, community: str, heads: Sequence[Settled]) -> None:
    """The heads must be locked by an earlier statement: this one must see every row that is queued by now."""
    statements.run_many(_SETTLE, [_values(community, head) for head in heads])


def _values(community: str, head: Settled) -> Values:
    """A row due after ``edge``, or more than ``beyond`` younger than the claim, wakes the chat at its own time."""
    return {
        "of_community": community,
        "of_channel": head.chat.channel,
        "of_chat": head.chat.id,
        "of_private": head.chat.private,
        "of_token": head.token,
        "next_at": head.next_at,
        "edge": head.now if head.held_only else head.next_at,
        "beyond": 0 if head.held_only else _NO_ROW_SO_YOUNG,
        "blocked": head.blocked_until,
        "failed": head.fails,
        "sent_at": head.last_sent_at,
    }
