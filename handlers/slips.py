"""The slip for the door of a home where nobody was met: for whoever stood there, never in a building's group."""

from dataclasses import replace
from datetime import datetime

from domain.handling import Context
from domain.messages import Chat, Document, Incoming, Reply
from domain.privacy import full_place
from domain.tickets import Ticket
from domain.vocabulary import Priority, ReplyKind, Scope
from handlers.places import group_of

BLANK = "＿＿＿＿＿＿"
"""To be written in by hand."""


def slip(message: Incoming, ctx: Context, ticket: Ticket, until: datetime) -> list[Reply]:
    """As PDF for the printer and as a picture for the phone. A public place has no door to stick it on."""
    if ticket.scope is Scope.PUBLIC:
        return []
    paper = Document(
        "slip",
        "slip_words",
        {
            "community": ctx.community.name,
            "number": ticket.number,
            "home": _home(ctx, ticket),
            "worker": ctx.actor.name,
            "came": ctx.now.isoformat(),
            "next_at": until.isoformat(),
            "phone": ctx.community.duty_phone,
            "blank": BLANK,
        },
        f"联系单{ticket.number}",
        ("pdf", "png"),
        _live_page(ctx, ticket),
    )
    chat = message.chat if ctx.for_staff_only else Chat.with_person(ctx.person)
    answers = message.external_id if chat == message.chat else None
    told = {"number": ticket.number, "home": paper.params["home"]}
    return [
        Reply(
            chat, "slip", told, ReplyKind.DOCUMENT, Priority.ANSWER, (), (ticket.number,),
            reply_to=answers, documents=(paper,),
        )
    ]  # fmt: skip


def _home(ctx: Context, ticket: Ticket) -> str:
    """Its address and nothing else of it."""
    where = replace(ticket.location, place=None, floor=None)
    return full_place(ctx.community, where) + ("" if where.room else BLANK)


def _live_page(ctx: Context, ticket: Ticket) -> str:
    chat, groups = group_of(ctx, ticket.location.building), ctx.community.groups
    return next((g.live_page for g in groups if chat == Chat(g.channel, g.id)), "")
