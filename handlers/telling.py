"""Saying a step aloud: the live post to the ticket's group, and a word to the person who gave the command."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.announcements import Answering, about, answer, progress, reporters_by_chat
from domain.handling import Context
from domain.messages import Chat, Incoming, Json, Mention, Person, Reply
from domain.privacy import for_group
from domain.raw_words import widened
from domain.roster import Community
from domain.tickets import Ticket
from domain.vocabulary import MediaId

MOST_OF_A_NAME = 30
_UNSAID: Mapping[str, Json] = {"worker": "", "words": "", "filed": 0, "next_at": None, "into": None}


def answering(message: Incoming, ctx: Context) -> Answering:
    return Answering(message.chat, message.sender, one_line(ctx.sender.name) or message.sender.id, message.external_id)


def one_line(name: str) -> str:
    """A nickname may hold anything; a line of ours holds one line of it."""
    return " ".join(name.split())[:MOST_OF_A_NAME]


def post(
    message: Incoming, ctx: Context, ticket: Ticket, step: str, *, media: Sequence[MediaId] = (), **params: Json
) -> list[Reply]:
    """The live post of a step. Where it stands in the chat of the command it is the answer to it as well; where staff
    reported among themselves the confirmation says it all."""
    posts = progress(ctx.community, ticket, step, ctx.now, media=media, **{**_UNSAID, **params})
    if ctx.for_staff_only and ticket.chat != message.chat:
        posts = [p for p in posts if p.chat != message.chat]
    return [_as_answer(p, message) if p.chat == message.chat else p for p in posts]


def _as_answer(reply: Reply, message: Incoming) -> Reply:
    """What a person here just asked for is not of the bot's own accord, and is not held back."""
    return replace(reply, reply_to=message.external_id, own_accord=False, may_wait=False)


def confirm(message: Incoming, ctx: Context, template: str, tickets: Sequence[Ticket], **params: Json) -> list[Reply]:
    """A short answer to a command, where the live post does not already stand in the same chat."""
    elsewhere = [t for t in tickets if t.chat != message.chat]
    if not elsewhere:
        return []
    lines: list[Json] = [about(ctx.community, t, full=sees_all(ctx)) for t in elsewhere]
    groups: list[Json] = list(dict.fromkeys(name for t in elsewhere if (name := group_name(ctx, t.chat))))
    reply = answer(template, answering(message, ctx), elsewhere)
    return [with_params(reply, {"next_at": None, **params, "lines": lines, "groups": groups})]


def sees_all(ctx: Context) -> bool:
    """Rooms and names: for staff, where only staff listen."""
    return ctx.staff is not None and ctx.for_staff_only


def with_params(reply: Reply, params: Mapping[str, Json]) -> Reply:
    return replace(reply, params={**reply.params, **params})


def listeners(community: Community, tickets: Sequence[Ticket]) -> dict[Chat, tuple[Mention, ...]]:
    """The groups of these tickets, and wherever their reporters hear; in a group the reporters are called by name."""
    chats: dict[Chat, dict[Person, Mention]] = {ticket.chat: {} for ticket in tickets}
    for ticket in tickets:
        for chat, reporters in reporters_by_chat(community, ticket).items():
            chats.setdefault(chat, {}).update((r.person, Mention(r.person, r.name)) for r in reporters)
    return {chat: () if chat.private else tuple(people.values()) for chat, people in chats.items()}


def group_name(ctx: Context, chat: Chat) -> str:
    return next((g.name for g in ctx.community.groups if g.channel == chat.channel and g.id == chat.id), "")


def words(ctx: Context, tickets: Sequence[Ticket], text: str) -> str:
    """Staff's words about these tickets as a group may read them, without the stop at their end."""
    text = widened(text)
    for ticket in tickets:
        text = for_group(text, ctx.community, ticket)
    return text.strip().rstrip("。.")
