"""What only staff read about a ticket: 备注."""

from dataclasses import replace

from domain.announcements import about, answer
from domain.handling import WORKERS, Arguments, Command, Context, Needs, Router, source_of
from domain.messages import Incoming, Json, Reply
from domain.tickets import TicketEvent, What
from handlers import photos
from handlers.telling import answering
from handlers.work import own_photos

NOTE_USAGE = "备注 #12 只给同事看的话，例如：备注 #12 老人独居，上门前先打电话"


async def note(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    sent = await own_photos(message, ctx)
    for ticket in args.tickets:
        event = TicketEvent(ticket.number, ctx.now, What.NOTE, ctx.actor, source_of(message), {"words": args.text})
        noted = replace(ticket, updated=ctx.now)
        await ctx.work.tickets.save(noted, event)
        await photos.attach(ctx, noted, sent, message)
    lines: list[Json] = [about(ctx.community, ticket, full=True) for ticket in args.tickets]
    return [answer("noted_privately", answering(message, ctx), args.tickets, lines=lines)]


router = Router(
    (
        Command(
            ("备注",), NOTE_USAGE, "记一句只给同事看的话", note, WORKERS, Needs.SOME, private=True, wants_text=True,
        ),
    )
)  # fmt: skip
