"""What of a late post still holds when it can go out: quiet hours and cuts outlast many a state. Pure.

A post about a state says nothing false when its ticket is still in that state, and in the chat it is for. Words about
the work hold while it goes on. Acknowledgements, answers and alerts always go out, with the time they are from.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from domain.messages import Reply
from domain.promises import AWAITED
from domain.records import OutboxRow
from domain.tickets import ENDED, OPEN, Awaited, Ticket
from domain.vocabulary import ReplyKind, Status, TicketNumber

LATE_AFTER = timedelta(minutes=10)
"""What goes out later says what time it is from, and is looked at again first."""
_SAME_STEP = timedelta(seconds=2)
"""A move and the post about it are of one step, which reads the clock more than once."""
_STATES: Mapping[str, Status] = {
    "progress_accepted": Status.ACCEPTED,
    "progress_arrived": Status.ON_SITE,
    "progress_waiting": Status.WAITING,
    "progress_cancelled": Status.CANCELLED,
}
_WORDS = frozenset({"progress_news", "progress_photos"})
_WAITS: Mapping[str, Awaited] = {
    "remind_untaken": Awaited.ACCEPTANCE,
    "remind_lapsed": Awaited.ACCEPTANCE,
    "remind_news": Awaited.NEWS,
    "remind_next_date": Awaited.NEXT_DATE,
    "remind_unhappy": Awaited.ANSWER,
    "survey": Awaited.ANSWER,
    "page": Awaited.ACCEPTANCE,
}
"""What somebody was reminded of or asked: no longer so once it was done."""
_ASKING = frozenset({ReplyKind.QUESTION, ReplyKind.REMINDER, ReplyKind.SURVEY})


def late(row: OutboxRow, now: datetime) -> bool:
    return now - _from(row) >= LATE_AFTER


def _from(row: OutboxRow) -> datetime:
    """What is for later is of its own time, not of when it was planned."""
    return max(row.created_at, row.reply.not_before or row.created_at)


def time_of(row: OutboxRow, now: datetime) -> str:
    return spoken(_from(row), now)


def spoken(at: datetime, now: datetime) -> str:
    """As a person says it: 21:58, 昨天23:30, 8月21日9:15."""
    at = at.astimezone(now.tzinfo)
    days = (now.date() - at.date()).days
    day = "" if days == 0 else "昨天" if days == 1 else f"{at.month}月{at.day}日"
    return f"{day}{at.hour}:{at:%M}"


def about(row: OutboxRow) -> TicketNumber | None:
    """The ticket whose state decides whether a late row still holds; None: it holds anyway."""
    reply = row.reply
    depends = reply.template in {*_STATES, *_WORDS, *_WAITS, "progress_done"} or reply.kind in _ASKING
    return reply.tickets[0] if depends and len(reply.tickets) == 1 else None


def as_it_holds(row: OutboxRow, ticket: Ticket, now: datetime) -> Reply | None:
    """What may still be said of a late row about this ticket; None: nothing."""
    reply = row.reply
    if reply.template in _WAITS:
        return reply if AWAITED.get(ticket.status) is _WAITS[reply.template] else None
    if reply.kind in _ASKING:
        answered = reply.template == "ask_consent" and ticket.photo_consent is not None
        return None if ticket.status in ENDED or answered else reply
    if reply.chat not in {ticket.chat, *(reporter.chat for reporter in ticket.reporters)}:
        return None  # it went to another building's group meanwhile
    if reply.template == "progress_done":
        return _done(row, ticket)
    if reply.template in _WORDS:
        return reply if ticket.status in OPEN else None
    passed = ticket.next_at is not None and ticket.next_at <= now
    same = ticket.status is _STATES[reply.template] and ticket.since <= row.created_at + _SAME_STEP
    return reply if same and not passed else None


def _done(row: OutboxRow, ticket: Ticket) -> Reply | None:
    """Whoever confirmed it meanwhile is not asked again."""
    cleared = ticket.clocks.cleared
    if cleared is None or cleared > row.created_at + _SAME_STEP:
        return None
    if ticket.status is Status.CLOSED:
        return replace(row.reply, params={**row.reply.params, "confirmed": True})
    return row.reply if ticket.status is Status.RESOLVED else None
