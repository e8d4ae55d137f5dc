"""Complaint risk of a ticket: written down when it rises and falls; staff hear of each rise once, with the reasons."""

from collections.abc import Sequence

from domain.handling import Context, source_of
from domain.messages import Incoming, Json, Reply
from domain.risk import Assessed, Risk, alarmed, assess, changed
from domain.roster import Staff
from domain.tickets import Ticket, TicketEvent, What
from handlers.calling import call


async def of(ctx: Context, ticket: Ticket) -> Assessed:
    limits = ctx.community.service_times.get(ticket.urgency)
    if limits is None:
        return Assessed(Risk.LOW)
    return assess(ticket, await ctx.work.tickets.events(ticket.number), limits, ctx.now)


async def rise(message: Incoming, ctx: Context, ticket: Ticket) -> list[Json]:
    """The reasons, when these words have just made it high."""
    assessed = await of(ctx, ticket)
    if not changed(assessed, await ctx.work.tickets.events(ticket.number)):
        return []
    details: dict[str, Json] = {"level": assessed.level, "points": assessed.points, "reasons": [*assessed.reasons]}
    event = TicketEvent(ticket.number, ctx.now, What.RISK, ctx.actor, source_of(message), details)
    await ctx.work.tickets.save(ticket, event)
    return [*assessed.reasons] if assessed.level is Risk.HIGH else []


def besides(ctx: Context, ticket: Ticket, people: Sequence[Staff], risk: Sequence[Json]) -> tuple[Staff, ...]:
    """Whoever is called anyway; at a high risk everybody who has to know."""
    more = alarmed(ctx.community, ticket) if risk else ()
    return tuple({p.id: p for p in (*people, *more)}.values())


async def warn(message: Incoming, ctx: Context, ticket: Ticket) -> list[Reply]:
    """Where nothing else is said to staff."""
    risk = await rise(message, ctx, ticket)
    return await call(ctx, ticket, alarmed(ctx.community, ticket), "call_risk", risk=risk) if risk else []
