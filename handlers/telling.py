"""Saying a step aloud: the live post to the ticket's group, and a word to the person who gave the command."""

from collections.abc import Sequence
from dataclasses import replace

from domain.announcements import Answering, about, answer, progress
from domain.handling import Context
from domain.messages import Chat, Incoming, Json, Reply
from domain.privacy import for_group
from domain.tickets import Ticket
from domain.vocabulary import MediaId


def answering(message: Incoming, ctx: Context) -> Answering:
    return Answering(message.chat, message.sender, ctx.sender.name or message.sender.id, message.external_id)


def post(
    message: Incoming, ctx: Context, ticket: Ticket, step: str, *, media: Sequence[MediaId] = (), **params: Json
) -> list[Reply]:
    """The live post of a step. Where it stands in the chat of the command it is the answer to it as well."""
    posts = progress(ctx.community, ticket, step, ctx.now, media=media, **params)
    return [_as_answer(p, message) if p.chat == message.chat else p for p in posts]


def _as_answer(reply: Reply, message: Incoming) -> Reply:
    """What a person here just asked for is not of the bot's own accord, and is not held back."""
    return replace(reply, reply_to=message.external_id, own_accord=False, may_wait=False, merge=None)


def confirm(message: Incoming, ctx: Context, template: str, tickets: Sequence[Ticket], **params: Json) -> list[Reply]:
    """A short answer to a command, where the live post does not already stand in the same chat."""
    elsewhere = [t for t in tickets if t.chat != message.chat]
    if not elsewhere:
        return []
    lines: list[Json] = [about(ctx.community, t, full=ctx.for_staff_only) for t in elsewhere]
    groups: list[Json] = [name for t in elsewhere if (name := group_name(ctx, t.chat))]
    return [
        answer(
            template, answering(message, ctx), elsewhere, tickets=lines, groups=list(dict.fromkeys(groups)), **params
        )
    ]


def group_name(ctx: Context, chat: Chat) -> str:
    return next((g.name for g in ctx.community.groups if g.channel == chat.channel and g.id == chat.id), "")


def words(ctx: Context, ticket: Ticket, text: str) -> str:
    """Staff's words as the group may read them."""
    return for_group(text, ctx.community, ticket).strip()
