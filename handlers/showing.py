"""Photos that staff send without a command: in the two minutes after one, or with words about a ticket."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.commands import numbers_in, tidy, without_numbers
from domain.handling import Arguments, Context
from domain.messages import Incoming, Reply
from domain.records import MediaRecord
from domain.tickets import Ticket
from domain.vocabulary import Status, TicketNumber
from handlers import consent, finding, pairing, patrols, photos
from handlers.commanding import Done
from handlers.telling import post, words
from handlers.work import NEWS, take_step

TOGETHER = timedelta(seconds=10)
"""Photos sent one after the other go out in one post."""
_GONE = frozenset({Status.CANCELLED, Status.MERGED})


async def after_command(message: Incoming, ctx: Context) -> Done | None:
    """The photo belongs to the tickets of the command this person gave here shortly before."""
    if not photos.shows(message):
        return None
    window = await ctx.work.conversations.photo_window(message.chat, message.sender, ctx.now)
    if window is None:
        return None
    if await patrols.photographed(message, ctx, window) and not window.tickets:
        return Done()
    records = await ctx.work.media.of_messages(message.channel, [message.external_id])
    tickets, _ = await finding.load(ctx, window.tickets)
    return await _show(message, ctx, tickets, records)


async def _show(message: Incoming, ctx: Context, tickets: Sequence[Ticket], records: Sequence[MediaRecord]) -> Done:
    replies: list[Reply] = []
    shown = photos.showable(tickets, records)
    for ticket in tickets:
        first = len(tickets) == 1 and not pairing.released_after(await ctx.work.tickets.events(ticket.number))
        ticket = await photos.attach(ctx, ticket, records, message)
        if shown:
            said = words(ctx, tickets, message.text)
            live = post(message, ctx, ticket, "progress_photos", media=shown, worker=ctx.actor.name, words=said)
            live = await pairing.paired(ctx, ticket, live, shown) if first else live
            replies += [replace(reply, not_before=_soon(ctx.now)) for reply in live]
        elif photos.needs_consent(ticket):
            replies += await consent.ask(ctx, ticket)
    return Done(tuple(replies), tuple(t.number for t in tickets))


def _soon(now: datetime) -> datetime:
    """The end of the current ten seconds: the same moment for everything that is sent within them."""
    since = timedelta(seconds=now.second % int(TOGETHER.total_seconds()), microseconds=now.microsecond)
    return now - since + TOGETHER


async def with_words(message: Incoming, ctx: Context) -> Done | None:
    """A staff member's photo that quotes a post of ours or names its ticket is progress on it."""
    if ctx.staff is None or not photos.shows(message):
        return None
    numbers: tuple[TicketNumber, ...] = numbers_in(message.text) or await finding.quoted(message, ctx)
    tickets = [t for t in (await finding.load(ctx, numbers))[0] if t.status not in _GONE]
    if not tickets:
        return None
    replies = await take_step(message, ctx, Arguments(tuple(tickets), without_numbers(tidy(message.text))), NEWS)
    return Done(tuple(replies), tuple(t.number for t in tickets))
