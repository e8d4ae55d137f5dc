"""Which tickets a person means: by number, by quoting, or because only one fits."""

from collections.abc import Sequence
from datetime import timedelta

from domain.commands import numbers_in
from domain.handling import Context
from domain.messages import Incoming
from domain.tickets import ENDED, Ticket
from domain.vocabulary import Status, TicketNumber

LOOK_BACK = timedelta(days=30)


async def load(ctx: Context, numbers: Sequence[TicketNumber]) -> tuple[list[Ticket], list[TicketNumber]]:
    """The tickets (a merged one stands for the one it went into), and the numbers that do not exist."""
    found: dict[TicketNumber, Ticket] = {}
    missing: list[TicketNumber] = []
    for number in numbers:
        ticket = await ctx.work.tickets.get(number)
        while ticket is not None and ticket.merged_into is not None:
            ticket = await ctx.work.tickets.get(ticket.merged_into)
        if ticket is None:
            missing.append(number)
        else:
            found[ticket.number] = ticket
    return list(found.values()), missing


async def quoted(message: Incoming, ctx: Context) -> tuple[TicketNumber, ...]:
    """The tickets of the quoted message: by its id, else by the #numbers in the quoted words."""
    if message.quote is None:
        return ()
    if message.quote.external_id is not None:
        found = await ctx.work.conversations.tickets_of(message.channel, message.quote.external_id)
        if found:
            return found
    return numbers_in(message.quote.text)


async def fitting(ctx: Context) -> list[Ticket]:
    """Those that the speaker can mean without naming them."""
    since = ctx.now - LOOK_BACK
    if ctx.staff is None:
        return [t for t in await ctx.work.tickets.of_reporter(ctx.person, since) if t.status not in _GONE]
    mine = [t for t in await ctx.work.tickets.all_open() if t.assignee == ctx.staff.id]
    here = [] if ctx.for_staff_only else [t for t in await ctx.work.tickets.in_chat(ctx.chat.chat, since) if t.open]
    both = [t for t in mine if t in here]
    return both or mine or here


_GONE = frozenset({Status.CANCELLED, Status.MERGED})


def still_on(tickets: Sequence[Ticket]) -> list[Ticket]:
    return [t for t in tickets if t.status not in ENDED]
