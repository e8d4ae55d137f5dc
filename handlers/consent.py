"""Whether photos of a home may be shown in the group: the household is asked once, and its word is kept."""

from dataclasses import replace
from datetime import timedelta

from domain.announcements import Answering, answer, chat_of
from domain.conversation import Asks
from domain.handling import Context, source_of
from domain.messages import Incoming, Reply
from domain.records import Question
from domain.tickets import Ticket, TicketEvent, What
from domain.vocabulary import MediaId, ReplyKind
from handlers import pairing, photos
from handlers.finding import LOOK_BACK
from handlers.telling import answering, post

ANSWER_WITHIN = timedelta(days=3)
MOST_SHOWN = 9
"""The last ones, where many were filed: as many as one post of a phone shows."""


async def ask(ctx: Context, ticket: Ticket) -> list[Reply]:
    """To the first reporter, as a reply to their own report. Nothing when it was asked before, or nobody is there."""
    if ticket.photo_asked or ticket.photo_consent is not None or not ticket.reporters:
        return []
    reporter = ticket.reporters[0]
    asked = replace(ticket, photo_asked=True)
    event = TicketEvent(ticket.number, ctx.now, What.ASKED, ctx.actor, details={"asks": Asks.PHOTO_CONSENT})
    await ctx.work.tickets.save(asked, event)
    chat = chat_of(ctx.community, ticket, reporter)
    await ctx.work.conversations.ask(
        Question(chat, reporter.person, Asks.PHOTO_CONSENT, ticket.number, ctx.now, ctx.now + ANSWER_WITHIN)
    )
    to = Answering(chat, reporter.person, reporter.name, reporter.message)
    question = answer("ask_consent", to, [ticket], kind=ReplyKind.QUESTION, number=ticket.number)
    return [replace(question, may_wait=True, reply_to=reporter.message if chat == reporter.chat else None)]


async def settle(message: Incoming, ctx: Context, ticket: Ticket, agreed: bool) -> list[Reply]:
    """The household's word; with a yes the filed photos of the work are shown."""
    settled = replace(ticket, photo_consent=agreed, photo_asked=True, updated=ctx.now)
    event = TicketEvent(ticket.number, ctx.now, What.CONSENT, ctx.actor, source_of(message), {"agreed": agreed})
    await ctx.work.tickets.save(settled, event)
    await ctx.work.conversations.answered(message.chat, message.sender)
    replies = [
        answer(
            "consent_kept",
            answering(message, ctx),
            [ticket],
            kind=ReplyKind.STATUS,
            number=ticket.number,
            agreed=agreed,
        )
    ]
    shown = await _released(ctx, settled) if agreed else ()
    if shown:
        shown = shown[-MOST_SHOWN:]
        events = await ctx.work.tickets.events(ticket.number)
        after = [id for id in pairing.released_after(events) if id in shown]
        posts = post(message, ctx, settled, "progress_photos", media=shown)
        replies += await pairing.paired(ctx, settled, posts, after)
    return replies


async def _released(ctx: Context, ticket: Ticket) -> tuple[MediaId, ...]:
    """The photos of the work, but for those that may show another home which has not agreed."""
    filed = [p for p in await photos.of_ticket(ctx, ticket) if p.by_staff]
    others = await ctx.work.tickets.of_building(ticket.location.building, ctx.now - LOOK_BACK)
    shared = {id for other in others if photos.needs_consent(other) for id in other.media}
    return photos.showable([ticket], [p for p in filed if p.id not in shared])
