"""What is open, and what one may say: 待办, 帮助, 进度."""

from collections.abc import Sequence

from domain.announcements import about, answer
from domain.handling import WORKERS, Arguments, Command, Context, Needs, Router
from domain.messages import Incoming, Json, Reply
from domain.risk import Assessed, Risk
from domain.tickets import Ticket
from domain.vocabulary import GroupRole, ReplyKind, Role
from handlers import risks
from handlers.details import of as details_of
from handlers.telling import answering, sees_all, with_params

MOST_LINES = 20


async def todo(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """Among staff: all open tickets, in full; in a building group: that building's, as the group may see them."""
    tickets = list(await ctx.work.tickets.all_open())
    if not ctx.for_staff_only:
        ours = ctx.building if ctx.group and ctx.group.role is not GroupRole.TASK else None
        tickets = [t for t in tickets if t.chat == message.chat or (ours and t.location.building == ours)]
    elif ctx.staff and ctx.staff.role is Role.REPAIRER:
        tickets = [t for t in tickets if t.assignee in {None, ctx.staff.id}]
    risk = {t.number: await risks.of(ctx, t) for t in tickets} if sees_all(ctx) else {}
    tickets.sort(key=lambda t: (t.urgency.rank, not (t.care and risk), -risk[t.number].level if risk else 0, t.number))
    shown = tickets[:MOST_LINES]
    lines = [{**_line(ctx, t, full=sees_all(ctx)), "risk": _risk(risk.get(t.number))} for t in shown]
    reply = answer("todo", answering(message, ctx), shown, count=len(tickets))
    return [with_params(reply, {"lines": list[Json](lines)})]


def _risk(assessed: Assessed | None) -> str:
    """高（催了3次、有情绪）; nothing where it is low."""
    if assessed is None or assessed.level is Risk.LOW:
        return ""
    return f"{'高' if assessed.level is Risk.HIGH else '升高'}（{'、'.join(assessed.reasons)}）"


def _line(ctx: Context, ticket: Ticket, *, full: bool) -> dict[str, Json]:
    worker = ctx.community.staff.get(ticket.assignee) if ticket.assignee else None
    return {
        **about(ctx.community, ticket, full=full),
        "minutes": ticket.minutes(ctx.now),
        "worker": worker.name if worker else "",
        "next_at": ticket.next_at.isoformat() if ticket.next_at else None,
    }


async def status(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """How far it is. Somebody else's ticket: number, public place and state only."""
    if not args.tickets:
        return [answer("no_ticket_of_yours", answering(message, ctx), kind=ReplyKind.STATUS)]
    return [await _status_of(message, ctx, args.tickets)]


async def _status_of(message: Incoming, ctx: Context, tickets: Sequence[Ticket]) -> Reply:
    lines: list[Json] = []
    for ticket in tickets:
        own = ticket.reported_by(ctx.person)
        line = _line(ctx, ticket, full=sees_all(ctx) or (own and message.chat.private))
        masked: dict[str, Json] = {"worker": "", "next_at": None, "minutes": None}
        line["risk"] = _risk(await risks.of(ctx, ticket)) if sees_all(ctx) else ""
        lines.append(line if own or ctx.staff else {**line, **masked})
    details: Json = await details_of(ctx, tickets[0]) if len(tickets) == 1 and sees_all(ctx) else None
    told: dict[str, Json] = {"lines": lines, "details": details}
    return with_params(answer("status", answering(message, ctx), tickets, kind=ReplyKind.STATUS), told)


router = Router(
    (
        Command(("待办", "未完成"), "待办", "还没办完的单", todo, WORKERS, unasked=""),
        Command(("进度", "查进度", "进展如何"), "进度 #12", "看看办到哪一步了", status, needs=Needs.MAYBE),
    )
)
