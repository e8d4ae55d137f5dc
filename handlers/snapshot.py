"""What is around a message when its meaning is read: loaded only for messages that can mean something."""

from collections.abc import Iterable
from datetime import timedelta

from domain.commands import numbers_in
from domain.conversation import Asks, OpenQuestion, Said, Snapshot, TicketView
from domain.handling import Context
from domain.messages import Incoming
from domain.records import Question
from domain.tickets import Ticket
from domain.vocabulary import TicketNumber
from handlers import finding

TALK = timedelta(minutes=30)


async def take(message: Incoming, ctx: Context) -> Snapshot:
    quoted_tickets = await finding.quoted(message, ctx)
    question = await ctx.work.conversations.question(message.chat, message.sender, ctx.now)
    asked = [question.ticket] if question and question.ticket is not None else []
    tickets = await _tickets(message, ctx, [*quoted_tickets, *asked])
    return Snapshot(
        building=ctx.building,
        is_staff=ctx.staff is not None,
        tickets=tuple(view(ticket, message) for ticket in tickets),
        said=tuple(await ctx.work.conversations.said(message.chat, ctx.now - TALK)),
        quoted=await _quoted(message, ctx),
        quoted_tickets=quoted_tickets,
        question=_open(question),
        home=ctx.sender.home,
        buildings=frozenset(ctx.community.buildings),
    )


def said(message: Incoming, ctx: Context) -> Said:
    """The message itself, as a part of the talk."""
    quotes = message.quote.external_id if message.quote else None
    return Said(
        message.external_id, message.sender, message.sender_name or ctx.sender.name, ctx.staff is not None,
        message.at, message.kind, message.text, ctx.verdict, quotes=quotes,
    )  # fmt: skip


async def _tickets(message: Incoming, ctx: Context, quoted: Iterable[TicketNumber]) -> list[Ticket]:
    """The building's, the sender's own, those quoted or asked about; for staff all that is open; and what they name."""
    since = ctx.now - finding.LOOK_BACK
    store = ctx.work.tickets
    found = [*await store.of_reporter(message.sender, since)]
    if ctx.building is not None:
        found += await store.of_building(ctx.building, since)
        found += await store.in_chat(message.chat, since)
    elif ctx.staff is not None:
        found += await store.all_open()
    named = numbers_in(message.text) if ctx.staff is not None else ()
    found += (await finding.load(ctx, [*quoted, *named]))[0]
    return sorted({t.number: t for t in found}.values(), key=lambda t: t.number)


async def _quoted(message: Incoming, ctx: Context) -> Said | None:
    if message.quote is None or message.quote.external_id is None:
        return None
    return await ctx.work.conversations.message(message.channel, message.quote.external_id)


def _open(question: Question | None) -> OpenQuestion | None:
    if question is None:
        return None
    asks = Asks(question.asks.partition(":")[0])
    return OpenQuestion(asks, question.ticket, question.asked_at)


def view(ticket: Ticket, message: Incoming) -> TicketView:
    here = ticket.chat == message.chat or any(r.chat == message.chat for r in ticket.reporters)
    return TicketView(
        ticket.number, ticket.status, ticket.kind, ticket.scope, ticket.urgency, ticket.location,
        tuple(r.person for r in ticket.reporters), here, ticket.clocks.reported, ticket.since,
        ticket.last_words_at or ticket.clocks.reported,
    )  # fmt: skip
