"""One cause for several tickets: 同因 joins them into an incident, 拆分 takes one out. All their reporters are told."""

from collections.abc import Sequence
from dataclasses import replace

from domain.announcements import priority_of
from domain.errors import RuleBroken
from domain.handling import WORKERS, Arguments, Command, Context, Needs, Router, source_of
from domain.messages import Incoming, Json, Reply
from domain.tickets import STATUS_NAMES, Ticket, TicketEvent, What
from domain.vocabulary import Priority, ReplyKind, Status
from handlers.finding import of_incident
from handlers.telling import confirm, listeners

_GONE = frozenset({Status.CANCELLED, Status.MERGED})


async def join(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """All that shared a cause with any of them come along; the incident keeps its oldest number."""
    for ticket in args.tickets:
        if ticket.status in _GONE:
            raise RuleBroken(f"#{ticket.number} {STATUS_NAMES[ticket.status]}了，不能再和别的单归在一起")
    tickets = await of_incident(ctx, args.tickets)
    known = [ticket.incident for ticket in tickets if ticket.incident is not None]
    incident = min([*known, *([] if known else [ticket.number for ticket in tickets])])
    moved = [ticket for ticket in tickets if ticket.incident != incident]
    if not moved:
        raise RuleBroken(f"{_numbers(tickets)} 本来就记作同一个原因")
    for ticket in moved:
        await _set(message, ctx, ticket, incident)
    return [*confirm(message, ctx, "noted_one_cause", tickets), *_tell(message, ctx, tickets, "progress_one_cause")]


async def split(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """Alone again; so is the last one that is left."""
    for ticket in args.tickets:
        if ticket.incident is None:
            raise RuleBroken(f"#{ticket.number} 没有和别的单归在一起，不用拆")
    everybody = await of_incident(ctx, args.tickets)
    for ticket in args.tickets:
        await _set(message, ctx, ticket, None)
    gone = {ticket.number for ticket in args.tickets}
    for incident in {ticket.incident for ticket in args.tickets}:
        left = [t for t in everybody if t.incident == incident and t.number not in gone]
        first = min((t.number for t in left), default=None)
        for ticket in left:
            await _set(message, ctx, ticket, first if len(left) > 1 else None)
    return [
        *confirm(message, ctx, "noted_own_cause", args.tickets),
        *_tell(message, ctx, args.tickets, "progress_own_cause"),
    ]


async def _set(message: Incoming, ctx: Context, ticket: Ticket, incident: int | None) -> None:
    if ticket.incident == incident:
        return
    event = TicketEvent(
        ticket.number, ctx.now, What.CHANGED, ctx.actor, source_of(message), {"incident": incident}
    )  # fmt: skip
    await ctx.work.tickets.save(replace(ticket, incident=incident, updated=ctx.now), event)


def _tell(message: Incoming, ctx: Context, tickets: Sequence[Ticket], template: str) -> list[Reply]:
    """Numbers only: what is at somebody else's home stays theirs."""
    numbers: list[Json] = [ticket.number for ticket in tickets]
    told = tuple(ticket.number for ticket in tickets)
    priority = min(priority_of(ticket, Priority.PROGRESS) for ticket in tickets)
    return [
        Reply(
            chat, template, {"numbers": numbers}, ReplyKind.PROGRESS, priority, people, told,
            reply_to=message.external_id if chat == message.chat else None, own_accord=chat != message.chat,
        )
        for chat, people in listeners(ctx.community, tickets).items()
    ]  # fmt: skip


def _numbers(tickets: Sequence[Ticket]) -> str:
    return "、".join(f"#{ticket.number}" for ticket in tickets)


router = Router(
    (
        Command(
            ("同因", "同一原因", "同一个原因"), "同因 #12 #15", "几单是同一个原因，进展一起说", join, WORKERS, Needs.TWO
        ),
        Command(("拆分", "不同因"), "拆分 #15", "这一单另有原因，单独处理", split, WORKERS, Needs.SOME),
    )
)
