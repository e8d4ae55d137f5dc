"""Residents who lend a hand: 当志愿者, asked in emergencies of their building, thanked at the end.

Asked in the building's group, by day, a few at a time, and only for what is safe: nobody is sent into water, to
electricity or into a neighbour's home.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from domain.announcements import answer, in_task_group
from domain.commands import numbers_in
from domain.errors import RuleBroken
from domain.handling import OFFICE, Arguments, Command, Context, Router, source_of
from domain.messages import Incoming, Json, Mention, Reply
from domain.privacy import public_title
from domain.records import PersonRecord
from domain.tickets import Ticket, TicketEvent, What
from domain.understanding import Location
from domain.vocabulary import BuildingId, Priority, ReplyKind, Urgency
from handlers.binding import find_building
from handlers.calling import call, names, responsible
from handlers.finding import LOOK_BACK, quoted
from handlers.places import group_of
from handlers.telling import answering, one_line

USAGE = "当志愿者（私聊请带上楼号：当志愿者 3号楼）"
LIST_USAGE = "志愿者 [3号楼]"
MOST_ASKED = 5
ASKED_WITHIN = timedelta(minutes=20)
MOST_LISTED = 60
_JUST_THAT = r"(?:\S{1,8}[楼座栋])?[了啦!。~]*"


async def sign_up(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    if ctx.staff is not None:
        raise RuleBroken("您是工作人员，有急事本来就会叫您")
    said = find_building(ctx, args.text, USAGE).id if args.text else None
    home = ctx.sender.home
    building = said or home.building or ctx.building
    if building is None:
        return [answer("usage", answering(message, ctx), usage=USAGE)]
    lives = home if home.building == building else Location(building)
    await ctx.work.people.save(replace(ctx.sender, volunteer=True, home=lives))
    where = ctx.community.building_name(building)
    return [answer("volunteer_welcome", answering(message, ctx), where=where, again=ctx.sender.volunteer)]


async def sign_off(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    await ctx.work.people.save(replace(ctx.sender, volunteer=False))
    return [answer("volunteer_goodbye", answering(message, ctx), was=ctx.sender.volunteer)]


async def ask(ctx: Context, ticket: Ticket) -> list[Reply]:
    """Once an hour in a building at most, in its own group; who reported it has enough to do. Nobody is woken up."""
    building, chat = ticket.location.building, group_of(ctx, ticket.location.building)
    asleep = ctx.community.quiet_hours.holds(ctx.now.timetz().replace(tzinfo=None))
    if ticket.urgency is not Urgency.EMERGENCY or building is None or chat is None or asleep:
        return []
    near = [
        v
        for v in await ctx.work.people.volunteers(BuildingId(building))
        if v.person.channel == chat.channel and not v.opted_out and not ticket.reported_by(v.person)
    ]
    if not near or in_task_group(ctx.community, ticket):
        return []
    near.sort(key=lambda v: (v.home.unit != ticket.location.unit, v.person))
    told: list[Json] = [*names(responsible(ctx, ticket))]
    return [
        Reply(
            chat, "volunteers_asked",
            {"number": ticket.number, "title": public_title(ctx.community, ticket), "keepers": told},
            ReplyKind.OTHER, Priority.PROGRESS, _mentions(near[:MOST_ASKED]), (ticket.number,),
            dedupe_key=f"volunteers:{building}:{ctx.now:%Y-%m-%dT%H}", expires_at=ctx.now + ASKED_WITHIN,
            own_accord=True, may_wait=True,
        )
    ]  # fmt: skip


def _mentions(people: Sequence[PersonRecord]) -> tuple[Mention, ...]:
    return tuple(Mention(v.person, one_line(v.name) or v.person.id) for v in people)


async def offer(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """我能来: staff hear who; between neighbours it is talk, unless a volunteer says it or a number goes with it."""
    ticket = await _meant(message, ctx)
    if ticket is None:
        return [answer("volunteer_no_need", answering(message, ctx))] if message.addressed else []
    name = one_line(ctx.sender.name) or ctx.person.id
    if ctx.person not in {helper.person for helper in await _helpers(ctx, ticket)}:
        event = TicketEvent(ticket.number, ctx.now, What.OFFERED, ctx.actor, source_of(message), {"name": name})
        await ctx.work.tickets.save(replace(ticket, updated=ctx.now), event)
    people = responsible(ctx, ticket)
    told: list[Json] = [*names(people)]
    reply = answer("volunteer_thanks", answering(message, ctx), [ticket], number=ticket.number, keepers=told)
    return [reply, *await call(ctx, ticket, people, "call_volunteer", besides=ctx.person, who=name)]


async def _meant(message: Incoming, ctx: Context) -> Ticket | None:
    numbers = numbers_in(message.text) or await quoted(message, ctx)
    if numbers:
        named = await ctx.work.tickets.get(numbers[0])
        return named if named is not None and named.open else None
    if not ctx.sender.volunteer and not message.addressed:
        return None
    building = ctx.building or ctx.sender.home.building
    found = await ctx.work.tickets.of_building(building, ctx.now - LOOK_BACK) if building else []
    urgent = [ticket for ticket in found if ticket.open and ticket.urgency is Urgency.EMERGENCY]
    return urgent[-1] if urgent else None


async def _helpers(ctx: Context, ticket: Ticket) -> list[Mention]:
    events = await ctx.work.tickets.events(ticket.number)
    offered = {e.by.person: e.details for e in events if e.what is What.OFFERED and e.by.person is not None}
    return [Mention(person, str(details.get("name") or person.id)) for person, details in offered.items()]


async def thank(ctx: Context, ticket: Ticket) -> list[Reply]:
    """Once, when the work is done; in the building's group, where they were asked."""
    helpers = await _helpers(ctx, ticket)
    chat = group_of(ctx, ticket.location.building)
    if not helpers or chat is None:
        return []
    return [
        Reply(
            chat, "volunteers_thanked", {"number": ticket.number}, ReplyKind.OTHER, Priority.BROADCAST,
            tuple(helpers), (ticket.number,), dedupe_key=f"thanks:{ticket.number}", own_accord=True, may_wait=True,
        )
    ]  # fmt: skip


async def listed(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    of = find_building(ctx, args.text, LIST_USAGE).id if args.text and args.text not in {"名单", "列表"} else None
    people = [v for v in await ctx.work.people.volunteers(of) if not v.opted_out]
    people.sort(key=lambda v: (v.home.building or "", v.name, v.person))
    lines: list[Json] = [
        {"name": one_line(v.name) or v.person.id, "where": ctx.community.building_name(v.home.building)}
        for v in people[:MOST_LISTED]
    ]
    return [answer("volunteer_list", answering(message, ctx), lines=lines, count=len(people))]


router = Router(
    (
        Command(
            ("当志愿者", "我当志愿者", "我要当志愿者", "报名志愿者"),
            USAGE,
            "楼里有急事时搭把手",
            sign_up,
            unasked=_JUST_THAT,
        ),
        Command(("不当志愿者", "退出志愿者"), "不当志愿者", "不再叫您帮忙", sign_off, unasked=_JUST_THAT),
        Command(("我能来", "我能帮忙", "我能帮"), "我能来 #12", "急事里能搭把手", offer, unasked=r"[了的啦!。~]*"),
        Command(
            ("志愿者",),
            LIST_USAGE,
            "志愿者名单",
            listed,
            OFFICE,
            private=True,
            unasked=r"(?:名单|列表|\S{1,8}[楼座栋])?",
        ),
    )
)
