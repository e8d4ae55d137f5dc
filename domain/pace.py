"""How much a group can bear: which of the waiting replies go now, as one message, and which wait. Pure.

The rules, in order:
* what was held for later (quiet hours) waits for the morning, unless it is an emergency;
* acknowledgements go at once while the group is calm; in a burst they are merged into few messages, each within a
  minute of its report;
* what the bot says of its own accord stays within the group's budget; what is too much waits and becomes a digest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.records import OutboxRow, SentPost
from domain.roster import Budget, QuietHours
from domain.vocabulary import Priority, ReplyKind

BURST_WINDOW = timedelta(seconds=60)
CALM = 3
"""So many acknowledgements in the burst window still go one by one, at once."""
MERGE_EVERY = timedelta(seconds=20)
"""In a burst, one merged acknowledgement each so often: all leave well within the minute that was promised."""
MOST_IN_ONE = 15
"""Lines of one merged message: more cannot be read on a phone."""


@dataclass(frozen=True, slots=True)
class Plan:
    """send: the rows that become one message now. Empty: look again at ``wait_until``."""

    send: tuple[OutboxRow, ...]
    wait_until: datetime
    reason: str


def plan(
    rows: Sequence[OutboxRow], recent: Sequence[SentPost], now: datetime, budget: Budget, quiet: QuietHours
) -> Plan:
    """``rows``: due rows of one chat by (priority, id); ``recent``: what went out there in the last ten minutes."""
    waits: list[datetime] = []
    for row in rows:
        until, reason = _held_until(row, rows, recent, now, budget, quiet)
        if until <= now:
            return Plan(_mergeable(row, rows), now, reason)
        waits.append(until)
    return Plan((), min(waits, default=now), "held")


def _mergeable(head: OutboxRow, rows: Sequence[OutboxRow]) -> tuple[OutboxRow, ...]:
    if head.reply.merge is None:
        return (head,)
    same = [row for row in rows if row.reply.merge == head.reply.merge]
    return tuple(same[:MOST_IN_ONE])


def _held_until(
    row: OutboxRow,
    rows: Sequence[OutboxRow],
    recent: Sequence[SentPost],
    now: datetime,
    budget: Budget,
    quiet: QuietHours,
) -> tuple[datetime, str]:
    reply = row.reply
    if reply.may_wait and reply.priority is not Priority.EMERGENCY and quiet.holds(now.timetz().replace(tzinfo=None)):
        return _quiet_end(now, quiet), "quiet hours"
    if reply.merge is not None and reply.kind in {ReplyKind.ACK, ReplyKind.ALERT}:
        return _burst(row, rows, recent, now)
    if reply.own_accord and reply.priority is not Priority.EMERGENCY:
        return _within_budget(recent, now, budget)
    return now, "due"


def _burst(
    row: OutboxRow, rows: Sequence[OutboxRow], recent: Sequence[SentPost], now: datetime
) -> tuple[datetime, str]:
    """Calm: at once. Burst: together with the others, MERGE_EVERY after the last merged message."""
    same = [post for post in recent if post.merge == row.reply.merge and post.at > now - BURST_WINDOW]
    messages = sorted({post.at for post in same})
    limit = CALM if row.reply.priority is not Priority.EMERGENCY else 2 * CALM
    if len(messages) < limit:
        return now, "calm"
    oldest = min(r.created_at for r in rows if r.reply.merge == row.reply.merge)
    return min(messages[-1] + MERGE_EVERY, oldest + BURST_WINDOW - timedelta(seconds=5)), "burst"


def _within_budget(recent: Sequence[SentPost], now: datetime, budget: Budget) -> tuple[datetime, str]:
    posts = sorted({post.at for post in recent if post.own_accord and post.at > now - budget.per})
    if len(posts) < budget.posts:
        return now, "within budget"
    return posts[-budget.posts] + budget.per, "budget"


def _quiet_end(now: datetime, quiet: QuietHours) -> datetime:
    end = now.replace(hour=quiet.end.hour, minute=quiet.end.minute, second=0, microsecond=0)
    return end if end > now else end + timedelta(days=1)
