"""How claims end: what becomes of the rows, which posts can be quoted, when a ticket was acknowledged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import bindparam, select, update

from domain.messages import Chat
from domain.records import Delivered, DeliveryState, OutboxRow
from domain.tickets import BOT, Ticket, TicketEvent, What
from domain.vocabulary import ReplyKind, TicketNumber
from storage.columns import padded
from storage.heads import Settled, chat_keys, of_these_chats, settle
from storage.moments import stored
from storage.reply_json import DEAD, OUTDATED, QUEUED, SENT, UNKNOWN
from storage.staging import Journal
from storage.statements import Statements, Values
from storage.tables import outbox, queues, sent_ids, tickets
from storage.ticket_rows import ADD_EVENT, event_row
from storage.transaction import Counters, lock_community

_STATES: Mapping[DeliveryState, str] = {
    DeliveryState.SENT: SENT,
    DeliveryState.RETRY: QUEUED,
    DeliveryState.DEAD: DEAD,
    DeliveryState.OUTDATED: OUTDATED,
    DeliveryState.UNKNOWN: UNKNOWN,
}
_END_ROW = (
    update(outbox)
    .where(outbox.c.community == bindparam("of_community"), outbox.c.id == bindparam("of_id"), outbox.c.state == QUEUED)
    .values(
        state=bindparam("end"),
        attempts=outbox.c.attempts + 1,
        ended_at=bindparam("at"),
        error=bindparam("why"),
    )
)
_TOKENS = (
    select(queues.c.channel, queues.c.chat, queues.c.private, queues.c.lease_token)
    .where(queues.c.community == bindparam("of_community"), of_these_chats(queues))
    .order_by(queues.c.channel, queues.c.chat, queues.c.private)
    .with_for_update()
)
_UNSET = (
    select(tickets.c.number)
    .where(tickets.c.community == bindparam("of_community"), tickets.c.acknowledged_at.is_(None))
    .where(tickets.c.number.in_(bindparam("numbers", expanding=True)))
    .order_by(tickets.c.number)
)
_ACKNOWLEDGE = (
    update(tickets)
    .where(tickets.c.community == bindparam("of_community"), tickets.c.number == bindparam("of_number"))
    .values(acknowledged_at=bindparam("at"), version=bindparam("now_version"))
)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Tickets whose acknowledgement went out just now, and the community's versions around it."""

    tickets: Mapping[TicketNumber, datetime] = field(default_factory=dict)
    version_before: int = 0
    version: int = 0

    def in_tickets(self, known: Mapping[TicketNumber, Ticket]) -> Iterator[Ticket]:
        for number, at in self.tickets.items():
            if (ticket := known.get(number)) is not None:
                yield replace(ticket, clocks=replace(ticket.clocks, acknowledged=at))


def record_ends(statements: Statements, community: str, ends: Sequence[Delivered], now: datetime) -> Acknowledged:
    """Takes the community's lock first where tickets change, then the heads, in the order of everybody."""
    counters = lock_community(statements, community, Journal()) if acknowledges(ends) else None
    valid = _still_ours(statements, community, ends)
    statements.run_many(_END_ROW, [row for end in valid for row in _row_ends(community, end, now)])
    posts = [post for end in valid for post in _posts(community, end)]
    statements.run_many(statements.dialect.replaced(sent_ids), posts)
    acknowledged = _acknowledge(statements, community, valid, counters) if counters else Acknowledged()
    settle(statements, community, list(_settled(valid, now)))
    return acknowledged


def _still_ours(statements: Statements, community: str, ends: Sequence[Delivered]) -> list[Delivered]:
    """Locks the heads. Fencing: who lost the lease to somebody else changes nothing."""
    chats = chat_keys(sorted({end.claim.chat for end in ends}))
    rows = statements.rows(_TOKENS, {"of_community": community, "chats": chats})
    tokens = {Chat(row.channel, row.chat, row.private): row.lease_token for row in rows}
    return [end for end in ends if tokens.get(end.claim.chat) == end.claim.token]


def _row_ends(community: str, end: Delivered, now: datetime) -> Iterator[Values]:
    if end.state is DeliveryState.WAIT:
        return
    at = end.receipt.at if end.receipt else now
    for id in end.rows:
        key = {"of_community": community, "of_id": id}
        yield {**key, "end": _STATES[end.state], "at": stored(at), "why": end.error}


def _posts(community: str, end: Delivered) -> Iterator[Values]:
    """All of a post's messages on the network are about all of its tickets."""
    about = list(dict.fromkeys(ticket for row in _rows(end) for ticket in row.reply.tickets))
    for remote_id in end.receipt.remote_ids if end.receipt else ():
        key = {"community": community, "channel": end.claim.chat.channel, "remote_id": remote_id}
        yield {**key, "outbox": end.rows[0] if end.rows else 0, "tickets": about}


def _rows(end: Delivered) -> list[OutboxRow]:
    return [row for row in end.claim.rows if row.id in end.rows]


def acknowledges(ends: Sequence[Delivered]) -> bool:
    """Whether tickets may change."""
    return any(map(_acks, ends))


def _acks(end: Delivered) -> dict[TicketNumber, datetime]:
    """The tickets that this end acknowledges."""
    if end.state is not DeliveryState.SENT or end.receipt is None:
        return {}
    rows = (row for row in _rows(end) if row.reply.kind is ReplyKind.ACK)
    return {number: end.receipt.at for row in rows for number in row.reply.tickets}


def _acknowledge(statements: Statements, community: str, ends: Sequence[Delivered], counters: Counters) -> Acknowledged:
    """The first acknowledgement sets the clock and is history."""
    sources = {number: _source(end) for end in reversed(ends) for number in _acks(end)}
    times = {number: at for end in reversed(ends) for number, at in _acks(end).items()}
    unset = {"of_community": community, "numbers": padded(sorted(times) or [0])}
    numbers = [TicketNumber(row.number) for row in statements.rows(_UNSET, unset)]
    if not numbers:
        return Acknowledged()
    before, version = counters.version, counters.next("version")
    statements.run_many(_ACKNOWLEDGE, [
        {"of_community": community, "of_number": n, "at": stored(times[n]), "now_version": version} for n in numbers
    ])  # fmt: skip
    events = [TicketEvent(n, times[n], What.ACKNOWLEDGED, BOT, sources[n]) for n in numbers]
    rows = [{"community": community, "id": counters.next("last_event"), **event_row(event)} for event in events]
    statements.run_many(ADD_EVENT, rows)
    counters.write(statements, community)
    return Acknowledged({n: times[n] for n in numbers}, before, version)


def _source(end: Delivered) -> str:
    remote_id = end.receipt.remote_ids[0] if end.receipt and end.receipt.remote_ids else ""
    return f"{end.claim.chat.channel}:{end.claim.chat.id}:{remote_id}"


def _settled(ends: Sequence[Delivered], now: datetime) -> Iterator[Settled]:
    """One end of a claim is the rule; of several the one that blocks longest counts. A hold blocks nothing."""
    by_chat: dict[Chat, list[Delivered]] = {}
    for end in ends:
        by_chat.setdefault(end.claim.chat, []).append(end)
    for chat in sorted(by_chat):
        blocking = [end for end in by_chat[chat] if end.state is not DeliveryState.WAIT]
        last = max(blocking or by_chat[chat], key=lambda end: end.next_at)
        claim, next_at = last.claim, stored(last.next_at)
        sent_at = stored(last.receipt.at) if last.receipt else None
        blocked = next_at if blocking else stored(now)
        fails = {DeliveryState.RETRY: claim.fails + 1, DeliveryState.WAIT: claim.fails}.get(last.state, 0)
        yield Settled(chat, claim.token, blocked, next_at, stored(now), not blocking, fails, sent_at)
