"""一房一案: the plan of one home as a paper to sign; and what that home had before. For staff, never in a building's
group.
"""

from collections.abc import Sequence
from dataclasses import replace

from domain.announcements import answer
from domain.commands import tidy
from domain.exports import TITLES, Export
from domain.handling import OFFICE, WORKERS, Arguments, Command, Context, Needs, Router, source_of
from domain.home_plans import NOTHING, current_of, earlier, home_plan, notes, told
from domain.messages import Document, Incoming, Json, Reply
from domain.privacy import full_place
from domain.records import Access, MediaRecord, MediaState
from domain.statistics import Case
from domain.tickets import Ticket
from domain.understanding import Location
from domain.vocabulary import MessageKind, ReplyKind, Role, Scope
from handlers import exporting, places
from handlers.telling import answering

USAGE = "一房一案 #12，或一房一案 3-2-502；全部的登记表：一房一案 全部"
EVERYTHING = frozenset({"全部", "所有", "登记表", "全部登记表", "表格", "汇总"})
MOST_PHOTOS = 6


async def before(ctx: Context, ticket: Ticket) -> list[Json]:
    """What this home had earlier, for whoever is called to it."""
    if ticket.scope is not Scope.HOUSEHOLD:
        return []
    return earlier(await ctx.work.tickets.of_home(ticket.location), ticket)


async def plan(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    said = tidy(args.text)
    if said in EVERYTHING:
        return await _register(message, ctx)
    where = ctx.understanding.judge(said, None).location if said else Location()
    if where.room is not None:
        return await _of_address(message, ctx, where)
    if len(args.tickets) != 1 or said:
        return [answer("usage", answering(message, ctx), usage=USAGE)]
    [ticket] = args.tickets
    if ticket.scope is Scope.PUBLIC:
        return [answer("home_plan_of_a_place", answering(message, ctx), [ticket], number=ticket.number)]
    home = [t for t in await ctx.work.tickets.of_home(ticket.location) if t.status not in NOTHING]
    return [await _paper(message, ctx, ticket.location, home or [ticket])]


async def _of_address(message: Incoming, ctx: Context, where: Location) -> list[Reply]:
    checked = places.check(ctx, replace(where, floor=None, place=None), Scope.HOUSEHOLD)
    if checked.fault is not None:
        return [answer("refused", answering(message, ctx), reason=checked.fault, several=False)]
    home = [t for t in await ctx.work.tickets.of_home(checked.location) if t.status not in NOTHING]
    if not home:
        address = full_place(ctx.community, checked.location)
        return [answer("home_without_tickets", answering(message, ctx), kind=ReplyKind.STATUS, home=address)]
    return [await _paper(message, ctx, checked.location, home)]


async def _paper(message: Incoming, ctx: Context, where: Location, home: Sequence[Ticket]) -> Reply:
    histories = await ctx.work.tickets.histories([ticket.number for ticket in home])
    cases = [Case(ticket, histories[ticket.number]) for ticket in home]
    where = replace(where, unit=where.unit or home[-1].location.unit, place=None, floor=None)
    params = home_plan(ctx.community, where, cases, ctx.now)
    current = [case.ticket for case in current_of(cases)]
    photos = await _photos(ctx, current)
    shown: list[Json] = [
        {"kind": "work" if photo.by_staff else "before", "at": photo.at.astimezone(ctx.now.tzinfo).isoformat()}
        for photo in photos
    ]
    paper = Document(
        "plan", "home_plan", {**params, "shown": shown}, f"一房一案{params['home']}", photos=tuple(p.id for p in photos)
    )
    about = f"一房一案 {params['home']}"
    by = ctx.staff.id if ctx.staff else None
    await ctx.work.accesses.note(Access(ctx.now, ctx.actor.name, "一房一案", about, source_of(message), by))
    numbers: list[Json] = [ticket.number for ticket in current]
    reply = answer(
        "home_plan_made", answering(message, ctx), current, kind=ReplyKind.DOCUMENT, home=params["home"],
        numbers=numbers, before=params["before"], notes=told(cases, notes),
    )  # fmt: skip
    return replace(reply, documents=(paper,))


async def _photos(ctx: Context, tickets: Sequence[Ticket]) -> list[MediaRecord]:
    """The first and the last of them: how it was, and what was done."""
    ids = [id for ticket in tickets for id in ticket.media]
    found = [
        r for r in await ctx.work.media.get(ids) if r.kind is MessageKind.IMAGE and r.state is not MediaState.FAILED
    ]
    found.sort(key=lambda record: (record.at, record.id))
    half = MOST_PHOTOS // 2
    return found if len(found) <= MOST_PHOTOS else [*found[:half], *found[-half:]]


async def _register(message: Incoming, ctx: Context) -> list[Reply]:
    """All of them as a table, for whoever may take tables out."""
    if ctx.staff is None or ctx.staff.role not in OFFICE:
        roles: list[Json] = [role for role in Role if role in OFFICE]
        return [answer("not_allowed", answering(message, ctx), staff=True, roles=roles)]
    return await exporting.export(message, ctx, Arguments(text=TITLES[Export.PLANS]))


router = Router(
    (
        Command(
            ("一房一案", "一户一案", "一房一策"), USAGE, "一家一份方案，可以打印签字", plan, WORKERS, Needs.MAYBE,
            private=True,
        ),
    )
)  # fmt: skip
