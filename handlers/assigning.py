"""Who does it: 派单, 转派."""

from dataclasses import replace

from domain.announcements import about, answer
from domain.errors import RuleBroken
from domain.handling import OFFICE, WORKERS, Arguments, Command, Context, Needs, Router, source_of
from domain.messages import Incoming, Json, Reply
from domain.roster import Staff
from domain.tickets import UNTAKEN, Ticket, TicketEvent, What, move
from domain.vocabulary import Role, Status
from handlers.calling import call
from handlers.telling import answering, sees_all

USAGE = "派单 #12 王师傅"


def find_staff(ctx: Context, text: str) -> Staff:
    """The one person a name means: 王师傅, 王强, 小王. Raises RuleBroken when nobody or several fit."""
    everybody = list(ctx.community.staff.values())
    exact = [s for s in everybody if s.name and s.name in text]
    found = exact or [s for s in everybody if _nickname_fits(s, text)]
    if not found:
        raise RuleBroken(f"没找到这个人。值班人员：{'、'.join(s.name for s in everybody)}。请说：{USAGE}")
    if len(found) > 1:
        raise RuleBroken(f"是{'还是'.join(s.name for s in found)}？请写全名：{USAGE}")
    return found[0]


def _nickname_fits(staff: Staff, text: str) -> bool:
    surname = staff.name[:1]
    titles = {Role.REPAIRER: ("师傅", "工"), Role.SECRETARY: ("书记",), Role.STEWARD: ("管家",)}.get(
        staff.role, ("社工",)
    )
    return any(f"{surname}{title}" in text for title in titles) or f"小{surname}" in text


async def assign(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    staff = find_staff(ctx, args.text)
    replies: list[Reply] = []
    for ticket in args.tickets:
        given = await _give(message, ctx, ticket, staff)
        replies += await call(ctx, given, [staff], "call_assigned", besides=ctx.person, by=ctx.actor.name)
    if any(reply.chat == message.chat for reply in replies):  # the call stands here and answers the command as well
        return [replace(r, reply_to=message.external_id) if r.chat == message.chat else r for r in replies]
    lines: list[Json] = [about(ctx.community, t, full=sees_all(ctx)) for t in args.tickets]
    return [answer("assigned", answering(message, ctx), args.tickets, worker=staff.name, lines=lines), *replies]


async def _give(message: Incoming, ctx: Context, ticket: Ticket, staff: Staff) -> Ticket:
    """The ticket is theirs to accept: an acceptance of somebody else lapses, and they have their time to answer."""
    if not ticket.open:
        raise RuleBroken(f"#{ticket.number} 已经结束，不用再派")
    if ticket.status is Status.ACCEPTED and ticket.assignee != staff.id:
        ticket = move(ticket, Status.REGISTERED, at=ctx.now)
    given = replace(ticket, assignee=staff.id, updated=ctx.now)
    if given.due is not None and given.status in UNTAKEN:
        given = replace(given, due=replace(given.due, origin=ctx.now))
    details: dict[str, Json] = {"to": staff.id, "untaken": given.status in UNTAKEN}
    event = TicketEvent(ticket.number, ctx.now, What.ASSIGNED, ctx.actor, source_of(message), details)
    await ctx.work.tickets.save(given, event)
    return given


router = Router(
    (
        Command(("派单",), USAGE, "派给一位同事", assign, OFFICE, Needs.SOME, wants_text=True, whole=True),
        Command(
            ("转派", "转单"), "转派 #12 王师傅", "转给别人做", assign, WORKERS, Needs.SOME, wants_text=True, whole=True
        ),
    )
)
