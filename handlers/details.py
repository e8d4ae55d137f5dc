"""What only staff read of a ticket: notes, visits, rulings, what the home had before. Part of 进度 among staff."""

from domain.handling import Context
from domain.home_plans import notes, rulings, told, visits
from domain.messages import Json
from domain.statistics import Case
from domain.tickets import Ticket
from handlers import home_plans


async def of(ctx: Context, ticket: Ticket) -> dict[str, Json]:
    """Parameters of the text "ticket_details"."""
    case = [Case(ticket, await ctx.work.tickets.events(ticket.number))]
    reporters = "、".join(reporter.name for reporter in ticket.reporters)
    return {
        "words": ticket.words, "reporters": reporters, "photos": len(ticket.media),
        "notes": told(case, notes), "visits": told(case, visits), "rulings": told(case, rulings),
        "before": await home_plans.before(ctx, ticket),
    }  # fmt: skip
