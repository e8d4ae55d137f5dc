"""What becomes of messages that could not be delivered: a person is asked to do it, by name, among staff."""

from collections.abc import Iterator, Sequence

from domain.messages import Chat, Json, Reply
from domain.records import Delivered, DeliveryState, OutboxRow
from domain.roster import Community
from domain.vocabulary import GroupRole, Priority, ReplyKind


def tasks_for_staff(ends: Sequence[Delivered], community: Community) -> list[Reply]:
    """For each message that is dead or may not have gone out. Never to a building's group: it may be private."""
    staff = [Chat(g.channel, g.id) for g in community.groups if g.role is GroupRole.STAFF]
    rows = [(end, row) for end in ends for row in _lost(end) if row.reply.chat not in staff]
    return [_task(chat, end, row, community) for end, row in rows for chat in staff]


def _lost(end: Delivered) -> Iterator[OutboxRow]:
    if end.state in {DeliveryState.DEAD, DeliveryState.UNKNOWN}:
        yield from (row for row in end.claim.rows if row.id in end.rows)


def _task(chat: Chat, end: Delivered, row: OutboxRow, community: Community) -> Reply:
    reply = row.reply
    numbers: list[Json] = list(reply.tickets)
    where = next((g.name for g in community.groups if (g.channel, g.id) == (reply.chat.channel, reply.chat.id)), "")
    names: list[Json] = [mention.name for mention in reply.mentions]
    return Reply(
        chat,
        "undelivered",
        {
            "numbers": numbers,
            "private": reply.chat.private,
            "group": where,
            "names": names,
            "perhaps": end.state is DeliveryState.UNKNOWN,
        },
        ReplyKind.ALERT,
        Priority.ANSWER,
        tickets=reply.tickets,
        dedupe_key=f"undelivered:{row.id}",
    )
