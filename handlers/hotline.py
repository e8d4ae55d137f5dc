"""12345: each order that the hotline sent us is written down and laid beside what the groups told us before.

By place and time, never by person: who called is nobody's business here.
"""

import re
from collections.abc import Sequence
from datetime import timedelta

from domain.announcements import about, answer
from domain.commands import numbers_in
from domain.handling import OFFICE, Arguments, Command, Context, Router, source_of
from domain.hotline import LOOKED_BACK, Likeness, alike
from domain.messages import Incoming, Json, Reply
from domain.records import HotlineOrder
from domain.tickets import Ticket, TicketEvent, What
from handlers.finding import load
from handlers.telling import answering, with_params

USAGE = "12345 工单号 [#12] 地点和诉求，例如：12345 20210824031 3号楼2单元502 漏水没人管（只写12345看台账）"
_ORDER = r"[A-Za-z]{0,6}\d[0-9A-Za-z-]{3,29}"
LISTED = timedelta(days=30)
MOST_LINES = 20


async def hotline(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    text = args.text.strip()
    if text in {"", "台账", "列表"}:
        return [await _list(message, ctx)]
    first, *words = text.split(maxsplit=1)
    if not re.fullmatch(_ORDER, first):
        return [answer("usage", answering(message, ctx), usage=USAGE)]
    return await _record(message, ctx, first, "".join(words))


async def _record(message: Incoming, ctx: Context, order: str, words: str) -> list[Reply]:
    named, missing = await load(ctx, numbers_in(message.text))
    if missing:
        return [answer("no_such_ticket", answering(message, ctx), numbers=[*missing])]
    before = await ctx.work.hotline.get(order)
    words = words or (before.words if before else "")
    likeness, found = (Likeness.NAMED, named) if named else await _found(ctx, words)
    known = tuple(ticket.number for ticket in found) if likeness is not Likeness.PERHAPS else ()
    by = ctx.staff.id if ctx.staff else None
    at = before.at if before else ctx.now
    await ctx.work.hotline.save(HotlineOrder(order, at, by, words, known))
    for ticket in found if known else ():
        event = TicketEvent(ticket.number, ctx.now, What.HOTLINE, ctx.actor, source_of(message), {"order": order})
        await ctx.work.tickets.save(ticket, event)
    lines: list[Json] = [await _line(ctx, ticket) for ticket in found]
    reply = answer("hotline_kept", answering(message, ctx), found, order=order, again=before is not None)
    return [with_params(reply, {"lines": lines, "likeness": likeness.value, "words": words})]


async def _found(ctx: Context, words: str) -> tuple[Likeness, Sequence[Ticket]]:
    verdict = ctx.understanding.judge(words, None)
    building = verdict.location.building
    if building is None or ctx.community.building(building) is None:
        return Likeness.NOWHERE, ()
    near = await ctx.work.tickets.of_building(building, ctx.now - LOOKED_BACK)
    return alike(verdict.location, near, ctx.now)


async def _line(ctx: Context, ticket: Ticket) -> Json:
    """When we heard of it, what was done, and where it stuck."""
    clocks = ticket.clocks
    events = await ctx.work.tickets.events(ticket.number)

    def after(what: str) -> int | None:
        at = getattr(clocks, what)
        return None if at is None else max(0, int((at - clocks.reported).total_seconds() // 60))

    return {
        **about(ctx.community, ticket, full=True),
        "at": clocks.reported.isoformat(),
        "accepted": after("accepted"),
        "arrived": after("arrived"),
        "cleared": after("cleared"),
        "chased": sum(e.what in {What.CHASED, What.ALERTED} for e in events),
        "unhappy": any(e.what is What.DISSATISFIED for e in events),
        "reopened": clocks.reopened is not None,
    }


async def _list(message: Incoming, ctx: Context) -> Reply:
    orders = await ctx.work.hotline.since(ctx.now - LISTED)
    lines: list[Json] = [
        {"order": o.order, "at": o.at.isoformat(), "words": o.words, "numbers": [*o.tickets]}
        for o in orders[-MOST_LINES:]
    ]
    reply = answer("hotline_list", answering(message, ctx), count=len(orders))
    return with_params(reply, {"lines": lines})


router = Router(
    (
        Command(
            ("12345",), USAGE, "登记热线工单，对一对群里早不早知道", hotline, OFFICE, private=True,
            unasked=rf"(?:台账|列表)?|{_ORDER}(?s:\s.*)?",
        ),
    )
)  # fmt: skip
