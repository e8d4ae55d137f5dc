"""A message that was taken back: its words are forgotten at once, and a report that stood on them goes with them."""

from dataclasses import replace

from domain.handling import Context, source_of
from domain.messages import Incoming, Reply
from domain.tickets import Ticket, TicketEvent, What, move
from domain.understanding import Location, Verdict
from domain.vocabulary import Status
from handlers.calling import call, responsible
from handlers.commanding import Done

NOT_BEGUN = frozenset({Status.REGISTERED, Status.ACCEPTED, Status.REOPENED})


async def recall(message: Incoming, ctx: Context) -> Done:
    """Silent in the group: who takes a message back wants no word about it. Staff are told of a ticket that goes."""
    if message.recalls is None:
        return Done()
    talk = ctx.work.conversations
    said = await talk.message(message.channel, message.recalls)
    numbers = await talk.tickets_of(message.channel, message.recalls)
    await talk.recall(message.channel, message.recalls)
    replies: list[Reply] = []
    for number in numbers:
        ticket = await ctx.work.tickets.get(number)
        if ticket is not None:
            replies += await _forget(message, ctx, ticket, said.verdict if said else None)
    await _drop_photos(message, ctx)
    return Done(tuple(replies), numbers)


async def _forget(message: Incoming, ctx: Context, ticket: Ticket, meant: Verdict | None) -> list[Reply]:
    reported = [r for r in ticket.reporters if r.message == message.recalls and r.chat == message.chat]
    if not reported:
        await _forget_room(message, ctx, ticket, meant)
        return []
    own = ticket.reporters[0] in reported
    ticket = replace(ticket, words="") if own else ticket
    others = tuple(r for r in ticket.reporters if r not in reported)
    if others or ticket.status not in NOT_BEGUN:
        left = replace(ticket, reporters=others or ticket.reporters, updated=ctx.now)
        await ctx.work.tickets.save(left, _event(message, ctx, ticket, What.CHANGED))
        return []
    gone = move(replace(ticket, location=Location(ticket.location.building)), Status.CANCELLED, at=ctx.now)
    await ctx.work.tickets.save(gone, _event(message, ctx, ticket, What.MOVED))
    await ctx.work.conversations.answered(message.chat, message.sender)
    return await call(ctx, gone, responsible(ctx, gone), "call_withdrawn")


async def _forget_room(message: Incoming, ctx: Context, ticket: Ticket, meant: Verdict | None) -> None:
    """A room that was told in the recalled message only is no longer known."""
    told = meant.location.room if meant else None
    if told is None or told != ticket.location.room:
        return
    where = replace(ticket.location, room=None, floor=None)
    event = _event(message, ctx, ticket, What.CHANGED)
    await ctx.work.tickets.save(replace(ticket, location=where, updated=ctx.now), event)


def _event(message: Incoming, ctx: Context, ticket: Ticket, what: What) -> TicketEvent:
    return TicketEvent(ticket.number, ctx.now, what, ctx.actor, source_of(message), {"recalled": True})


async def _drop_photos(message: Incoming, ctx: Context) -> None:
    for photo in await ctx.work.media.of_messages(message.channel, [message.recalls or ""]):
        ticket = await ctx.work.tickets.get(photo.ticket) if photo.ticket is not None else None
        if ticket is not None:
            kept = tuple(id for id in ticket.media if id != photo.id)
            event = _event(message, ctx, ticket, What.CHANGED)
            await ctx.work.tickets.save(replace(ticket, media=kept, updated=ctx.now), event)
        await ctx.work.media.save(replace(photo, ticket=None, handle="", name=""))
