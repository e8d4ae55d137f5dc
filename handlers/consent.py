"""Whether photos of a home may be shown in the group: the household is asked once, and its word is kept."""

from dataclasses import replace
from datetime import timedelta

from domain.announcements import Answering, answer
from domain.conversation import Asks
from domain.handling import Context, source_of
from domain.messages import Incoming, Reply
from domain.records import Question
from domain.tickets import Ticket, TicketEvent, What
from domain.vocabulary import ReplyKind
from handlers import photos
from handlers.telling import answering, post

ANSWER_WITHIN = timedelta(days=3)


async def ask(ctx: Context, ticket: Ticket) -> list[Reply]:
    """To the first reporter, as a reply to their own report. Nothing when it was asked before, or nobody is there."""
    if ticket.photo_asked or ticket.photo_consent is not None or not ticket.reporters:
        return []
    reporter = ticket.reporters[0]
    asked = replace(ticket, photo_asked=True)
    event = TicketEvent(ticket.number, ctx.now, What.ASKED, ctx.actor, details={"asks": Asks.PHOTO_CONSENT})
    await ctx.work.tickets.save(asked, event)
    await ctx.work.conversations.ask(
        Question(reporter.chat, reporter.person, Asks.PHOTO_CONSENT, ticket.number, ctx.now, ctx.now + ANSWER_WITHIN)
    )
    to = Answering(reporter.chat, reporter.person, reporter.name, reporter.message)
    question = answer("ask_consent", to, [ticket], kind=ReplyKind.QUESTION, number=ticket.number)
    return [replace(question, may_wait=True)]


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
    if agreed:
        filed = [p for p in await ctx.work.media.of_ticket(ticket.number) if p.by_staff]
        shown = photos.showable(settled, filed)
        replies += post(message, ctx, settled, "progress_photos", media=shown, worker="") if shown else []
    return replies
