"""Staff who talk plainly: "收到", "我到了", "修好了" move the ticket as the commands do.

Where the residents read the words themselves the bot adds none; said elsewhere, their group gets the live post.
"""

from dataclasses import replace

from domain.conversation import Reading
from domain.handling import Context, source_of
from domain.messages import Incoming, Json, Reply
from domain.spoken_time import SpokenTime, find_time
from domain.tickets import MOVES, UNTAKEN, Ticket, TicketEvent, What
from domain.vocabulary import Status, Urgency
from handlers import photos
from handlers.telling import confirm, post
from handlers.work import change, own_photos


async def taken(message: Incoming, ctx: Context, reading: Reading) -> list[Reply]:
    """Taken on; a time that was named with it (师傅明天上午去) is when somebody is waited for."""
    ticket = await _theirs(ctx, reading)
    if ticket is None or ctx.staff is None or ticket.status not in {*UNTAKEN, Status.ACCEPTED}:
        return []
    spoken = find_time(message.text, ctx.now) if ticket.urgency is not Urgency.EMERGENCY else None
    if ticket.status is Status.ACCEPTED:
        return await _dated(message, ctx, ticket, spoken)
    mine = replace(ticket, assignee=ctx.staff.id)
    replies = await _moved(message, ctx, mine, Status.ACCEPTED, ("progress_accepted", "accepted"))
    accepted = await ctx.work.tickets.get(ticket.number)
    if accepted is not None and spoken is not None:
        await ctx.work.tickets.save(replace(accepted, next_at=spoken.at))
    return replies


async def _dated(message: Incoming, ctx: Context, ticket: Ticket, spoken: SpokenTime | None) -> list[Reply]:
    if spoken is None:
        return []
    ticket = replace(ticket, next_at=spoken.at, updated=ctx.now)
    details: dict[str, Json] = {"words": message.text, "next_at": spoken.at.isoformat(), "plain": True}
    event = TicketEvent(ticket.number, ctx.now, What.PROGRESS, ctx.actor, source_of(message), details)
    await ctx.work.tickets.save(ticket, event)
    return []


async def arrived(message: Incoming, ctx: Context, reading: Reading) -> list[Reply]:
    ticket = await _theirs(ctx, reading)
    if ticket is None or Status.ON_SITE not in MOVES[ticket.status] or ticket.clocks.arrived is not None:
        return []
    return await _moved(message, ctx, ticket, Status.ON_SITE, ("progress_arrived", "noted_arrived"))


async def news(message: Incoming, ctx: Context, reading: Reading) -> list[Reply]:
    """Written down; words said among staff are not carried into a group without a command."""
    ticket = await _theirs(ctx, reading)
    if ticket is None or not ticket.open:
        return []
    to = Status.REPAIRING if Status.REPAIRING in MOVES[ticket.status] else ticket.status
    ticket = await change(message, ctx, ticket, to, What.PROGRESS, words=message.text, plain=True)
    await _file_photos(message, ctx, ticket)
    return []


async def done(message: Incoming, ctx: Context, reading: Reading) -> list[Reply]:
    ticket = await _theirs(ctx, reading)
    if ticket is None or Status.RESOLVED not in MOVES[ticket.status]:
        return []
    return await _moved(message, ctx, ticket, Status.RESOLVED, ("progress_done", "noted_done"))


async def _theirs(ctx: Context, reading: Reading) -> Ticket | None:
    if ctx.staff is None or reading.ticket is None:
        return None
    return await ctx.work.tickets.get(reading.ticket)


async def _moved(
    message: Incoming, ctx: Context, ticket: Ticket, to: Status, templates: tuple[str, str]
) -> list[Reply]:
    """templates: the live post, and the answer to the person who spoke elsewhere."""
    live, told = templates
    ticket = await change(message, ctx, ticket, to, words=message.text, plain=True)
    await _file_photos(message, ctx, ticket)
    await ctx.work.conversations.assign(message.channel, [message.external_id], ticket.number)
    posts = post(message, ctx, ticket, live, worker=ctx.actor.name)
    return [*confirm(message, ctx, told, [ticket]), *(reply for reply in posts if reply.chat != message.chat)]


async def _file_photos(message: Incoming, ctx: Context, ticket: Ticket) -> None:
    await photos.attach(ctx, ticket, await own_photos(message, ctx), message)
