"""重点: homes that come first, since somebody old, ill or very young lives there. Marked by staff, seen by staff only.

A mark stands with the home's tickets: the next report of the same home has it from the start.
"""

from dataclasses import replace

from domain.announcements import about, answer
from domain.errors import RuleBroken
from domain.handling import OFFICE, Arguments, Command, Context, Needs, Router, source_of
from domain.messages import Incoming, Json, Reply
from domain.tickets import OPEN, Ticket, TicketEvent, What
from domain.vocabulary import Scope, Urgency
from handlers.telling import answering

USAGE = "重点 #12 独居老人（同一家下次报修也算；不算了就说：重点 #12 取消）"
LONGEST = 40
_OFF = frozenset({"取消", "解除", "不算", "去掉", "撤销"})


async def inherited(ctx: Context, ticket: Ticket) -> Ticket:
    """With what was last said of its home, once it is known which home it is."""
    if ticket.care is not None or ticket.scope is not Scope.HOUSEHOLD or ticket.location.room is None:
        return ticket
    home = [t for t in await ctx.work.tickets.of_home(ticket.location) if t.number != ticket.number]
    said = [t.care for t in home if t.care is not None]
    return first(ticket, said[-1]) if said else ticket


def first(ticket: Ticket, why: str) -> Ticket:
    """It waits for nobody's morning: what is normal elsewhere is urgent here."""
    urgent = Urgency.URGENT if why and ticket.urgency is Urgency.NORMAL else ticket.urgency
    return replace(ticket, care=why, urgency=urgent)


async def mark(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    why = "" if args.text in _OFF else args.text[:LONGEST]
    marked: list[Ticket] = []
    for ticket in args.tickets:
        if ticket.scope is not Scope.HOUSEHOLD:
            raise RuleBroken(f"#{ticket.number} 是公共区域，只有住户家能标重点")
        changed = first(ticket, why)
        details: dict[str, Json] = {"care": why}
        event = TicketEvent(ticket.number, ctx.now, What.CHANGED, ctx.actor, source_of(message), details)
        await ctx.work.tickets.save(replace(changed, updated=ctx.now), event)
        marked.append(changed)
    lines: list[Json] = [about(ctx.community, ticket, full=True) for ticket in marked]
    return [answer("care_kept", answering(message, ctx), marked, lines=lines, care=why)]


router = Router(
    (
        Command(
            ("重点", "重点户"), USAGE, "家里有老人、病人、小孩，排在前面，只给同事看", mark, OFFICE, Needs.SOME,
            private=True, wants_text=True, fits=OPEN, unasked=r".{2,40}",
        ),
    )
)  # fmt: skip
