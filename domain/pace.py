"""How much a group can bear: which of the waiting replies go now, as one message, and which wait. Pure.

The rules, in order:
* in a muted group nothing is said of the bot's own accord, emergencies excepted (``unmuted``);
* what may wait for the morning waits through the quiet hours, unless it is an emergency;
* acknowledgements go at once while the group is calm; in a burst they are merged into few messages, each within a
  minute of its report; those of an emergency never wait longer than a breath;
* what the bot says of its own accord stays within the group's budget. What is too much waits and becomes one digest,
  in order; the last post of a budget is kept for work that is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import dropwhile, takewhile

from domain.records import OutboxRow, SentPost
from domain.roster import Budget, QuietHours
from domain.vocabulary import Priority, ReplyKind

BURST_WINDOW = timedelta(seconds=60)
CALM = 3
"""So many acknowledgements in the burst window still go one by one, at once; twice as many for emergencies."""
MERGE_EVERY = timedelta(seconds=20)
"""In a burst, one merged acknowledgement each so often: all leave well within the minute that was promised."""
LONGEST_HOLD = timedelta(seconds=50)
"""No acknowledgement waits longer for others; the rest of the minute is for the network's own pace."""
BREATH = timedelta(seconds=4)
"""The same for emergencies: an acknowledgement leaves within five seconds, whatever else goes on."""
MOST_IN_ONE = 15
"""Lines of one merged message: more cannot be read on a phone."""
MOST_FILES = 9
"""Photos of one message, as a phone shows them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """send: the rows that become one message now. Empty: look again at ``wait_until``."""

    send: tuple[OutboxRow, ...]
    wait_until: datetime
    reason: str


def plan(
    rows: Sequence[OutboxRow], recent: Sequence[SentPost], now: datetime, budget: Budget, quiet: QuietHours
) -> Plan:
    """``rows``: due rows of one chat by (priority, id); ``recent``: what went out there, as far back as rules ask."""
    recent = [post for post in recent if post.at <= now]  # others are of a clock that was set back since
    rows = sorted(rows, key=_place)
    asleep = [row for row in rows if _sleeps(row, now, quiet)]
    awake = [row for row in rows if not _sleeps(row, now, quiet)] if asleep else rows
    waits = [quiet.awake(now)] if asleep else []
    group = _Group(awake, recent, now, budget)
    for row in awake:
        until, reason = group.held_until(row)
        if until <= now:
            return Plan(group.message(row), now, reason)
        waits.append(until)
    return Plan((), min(waits, default=now), "held" if awake else "quiet hours")


def unmuted(rows: Sequence[OutboxRow]) -> Sequence[OutboxRow]:
    """What goes out even where somebody asked for silence: answers to people, emergencies, orange and red warnings."""
    return [row for row in rows if not _unasked(row)]


def _sleeps(row: OutboxRow, now: datetime, quiet: QuietHours) -> bool:
    urgent = row.reply.priority is Priority.EMERGENCY
    return row.reply.may_wait and not urgent and quiet.holds(now.timetz().replace(tzinfo=None))


def _place(row: OutboxRow) -> tuple[int, datetime, int]:
    """By priority and in order; of what is most urgent the first to fall due: red goes before orange."""
    urgent = row.reply.priority is Priority.EMERGENCY
    due = row.reply.not_before or row.created_at
    return (row.reply.priority, due if urgent else datetime.min.replace(tzinfo=due.tzinfo), row.id)


def _unasked(row: OutboxRow) -> bool:
    return row.reply.own_accord and row.reply.priority is not Priority.EMERGENCY


def _answers(row: OutboxRow) -> bool:
    return row.reply.merge is not None and row.reply.kind in {ReplyKind.ACK, ReplyKind.ALERT}


def _stands_alone(row: OutboxRow) -> bool:
    """Photos belong under their own words, and the end of a job deserves its own message, while there is room."""
    return bool(row.reply.media or row.reply.documents) or row.reply.kind is ReplyKind.CLOSING


@dataclass(frozen=True, slots=True)
class _Group:
    """One chat at one moment. rows: what may go at this hour."""

    rows: Sequence[OutboxRow]
    recent: Sequence[SentPost]
    now: datetime
    budget: Budget

    def held_until(self, row: OutboxRow) -> tuple[datetime, str]:
        if _answers(row):
            return self._burst(row)
        if _unasked(row):
            return self._within_budget(row)
        return self.now, "due"

    def message(self, head: OutboxRow) -> tuple[OutboxRow, ...]:
        """What goes out with the head. The order of the rows is kept."""
        together = self._alike(head)
        if _answers(head):
            return tuple(together[:MOST_IN_ONE])
        if _unasked(head) and len(together) > self._free():
            return _digest(together)
        if _stands_alone(head):
            return (head,)
        following = dropwhile(lambda row: row.id != head.id, together)
        return tuple(takewhile(lambda row: not _stands_alone(row), following))[:MOST_IN_ONE]

    def _alike(self, row: OutboxRow) -> list[OutboxRow]:
        if row.reply.merge is None:
            return [row]
        return [other for other in self.rows if other.reply.merge == row.reply.merge]

    def _burst(self, row: OutboxRow) -> tuple[datetime, str]:
        """Calm: at once. Burst: together with the others, a while after the last merged message."""
        urgent = row.reply.priority is Priority.EMERGENCY
        said = (post.at for post in self.recent if post.merge == row.reply.merge)
        messages = sorted({at for at in said if at > self.now - BURST_WINDOW})
        limit = 2 * CALM if urgent else CALM
        if len(messages) < limit:
            return self.now, "calm"
        waiting = self._alike(row)
        if len(waiting) >= MOST_IN_ONE:
            return self.now, "full"
        pause, longest = (BREATH, BREATH) if urgent else (MERGE_EVERY, LONGEST_HOLD)
        oldest = min(other.created_at for other in waiting if other.reply.priority <= row.reply.priority)
        return min(messages[-1] + pause, oldest + longest, messages[-limit] + BURST_WINDOW), "burst"

    def _within_budget(self, row: OutboxRow) -> tuple[datetime, str]:
        closes = any(other.reply.kind is ReplyKind.CLOSING for other in self._alike(row))
        kept = 0 if closes or self.budget.posts == 1 else 1
        if self._free() > kept:
            return self.now, "within budget"
        return self._spent()[kept - self.budget.posts] + self.budget.per, "budget"

    def _spent(self) -> list[datetime]:
        since = self.now - self.budget.per
        return sorted({post.at for post in self.recent if post.own_accord and post.at > since})

    def _free(self) -> int:
        return self.budget.posts - len(self._spent())


def _digest(rows: Sequence[OutboxRow]) -> tuple[OutboxRow, ...]:
    """As many as one message bears, the first in any case."""
    taken: list[OutboxRow] = []
    for row in rows[:MOST_IN_ONE]:
        files = sum(len(other.reply.media) for other in taken) + len(row.reply.media)
        if taken and files > MOST_FILES:
            break
        taken.append(row)
    return tuple(taken)
