"""Who said yes: a home answers in private to what a meeting proposed for it; staff hear it, and the ticket keeps it."""

import re
from dataclasses import replace
from datetime import timedelta

from domain.announcements import about, answer
from domain.conversation import Asks
from domain.handling import Context, source_of
from domain.messages import Chat, Incoming, Reply
from domain.records import Question
from domain.tickets import Reporter, Ticket, TicketEvent, What
from domain.vocabulary import Priority, ReplyKind
from handlers.calling import staff_groups
from handlers.telling import answering, with_params

ANSWER_WITHIN = timedelta(days=7)
_NO = re.compile(r"^(?:我们?|我家)?(?:不同意|不接受|不行|不可以|反对|没同意|不愿意|不能同意)")
_YES = re.compile(
    r"^(?:我们?|我家)?(?:都|全家|也)?(?:同意|没意见|没问题|可以|接受|行|好的?|赞成|认可)(?![不没吗么?？])"
)
_BUT = re.compile(r"但|不过|可是|就是|只是|除了|前提")


async def ask(ctx: Context, ticket: Ticket, reporter: Reporter) -> None:
    """The question stands in the same message as the proposal."""
    until = ctx.now + ANSWER_WITHIN
    chat = Chat.with_person(reporter.person)
    await ctx.work.conversations.ask(
        Question(chat, reporter.person, Asks.AGREES, ticket.number, ctx.now, until)
    )  # fmt: skip


async def decided(message: Incoming, ctx: Context, ticket: Ticket) -> list[Reply] | None:
    """None: it was about something else, and the question stays open. A yes with a condition is passed on as it was
    said; it counts as neither."""
    text = message.text.strip()
    no, yes = _NO.match(text) is not None, _YES.match(text) is not None
    if not no and not yes:
        return None
    verdict = "no" if no else "perhaps" if _BUT.search(text) else "yes"
    noted = replace(ticket, updated=ctx.now)
    details = {"words": text, "agrees": verdict}
    await ctx.work.tickets.save(
        noted, TicketEvent(ticket.number, ctx.now, What.NOTE, ctx.actor, source_of(message), details)
    )  # fmt: skip
    await ctx.work.conversations.answered(message.chat, message.sender)
    told = {**about(ctx.community, noted, full=True), "verdict": verdict, "said": text}
    to_staff = [
        Reply(chat, "agreed_for_staff", told, ReplyKind.ALERT, Priority.ANSWER, (), (ticket.number,))
        for chat in staff_groups(ctx)
    ]
    return [
        with_params(answer("agreed", answering(message, ctx), [noted]), {"number": ticket.number, "verdict": verdict}),
        *to_staff,
    ]
